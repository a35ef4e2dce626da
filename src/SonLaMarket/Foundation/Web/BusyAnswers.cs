using System.Text.Encodings.Web;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web;

/// <summary>Waits for the database as long as it takes, where others are told that the market is busy: who asks here does not come again by hand.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PatientAttribute : Attribute;

/// <summary>
/// More people than the database serves: each waits a moment for a connection and is then told to come again (503), so that nobody
/// hangs and those who were let in are served. Who was let in and then waited in vain for what others hold is told the same.
/// The page asks nothing of the database, and a form sent again counts once.
/// </summary>
public static class BusyAnswers
{
    /// <summary>Together with the way there and back less than a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private const int RetryAfterSeconds = 3;

    public static IApplicationBuilder UseBusyAnswers(this WebApplication app) => app.Use(async (context, next) =>
    {
        Db.Patience = context.GetEndpoint()?.Metadata.GetMetadata<PatientAttribute>() is null ? Patience : null;
        try
        {
            await next(context);
        }
        catch (Exception e) when (DatabaseBusyException.Means(e) && !context.Response.HasStarted)
        {
            app.Logger.LogWarning("The database is busy: a request was told to come again ({Reason})", e.Message);
            await AnswerAsync(context, context.RequestServices.GetRequiredService<Texts>());
        }
    });

    private static async Task AnswerAsync(HttpContext context, Texts t)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        response.Headers.CacheControl = "no-store";
        var (title, advice) = (t["Sàn đang bận"], t["Nhiều người đang mua cùng lúc. Hãy đợi vài giây rồi tải lại trang này."]);
        if (Machines.IsMachine(context.Request))
        {
            await Machines.WriteProblemAsync(context, response.StatusCode, "busy", title);
            return;
        }
        response.ContentType = "text/html; charset=utf-8";
        var html = HtmlEncoder.Default;
        await response.WriteAsync($"""
            <!doctype html>
            <html lang="{t.Lang}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{html.Encode(title)}</title><link rel="stylesheet" href="/css/app.css"></head>
            <body><main class="page page--form stack"><h1>{html.Encode(title)}</h1><p class="lead">{html.Encode(advice)}</p></main></body>
            </html>
            """);
    }
}
