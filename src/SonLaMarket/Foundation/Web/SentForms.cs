using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web.Errors;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// The action makes something new. A form of it that was sent once leads to its first result, even when it was changed in
/// between (the back button): otherwise there would be two. Other actions need no such care: a setting is set twice, a step that
/// is no longer possible is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CreatesOnceAttribute : Attribute;

/// <summary>
/// Every form of a page that is never cached carries a key of its own (<see cref="TagHelpers.FormTokenTagHelper"/>). Sent again
/// with the same key to an action that <see cref="CreatesOnceAttribute">creates</see>, it makes nothing and leads where the first one led. A refused form may be sent again as it likes.
/// What the first one was told is kept sealed: it may be a password link or a key that is shown once.
/// </summary>
public sealed class SentForms(Db db, TimeProvider clock, Texts t, IDataProtectionProvider protection) : IAsyncActionFilter
{
    public const string Field = "_once";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    private readonly IDataProtector protector = protection.CreateProtector("sent-forms");

    private sealed record Sent(byte[] Content, DateTimeOffset BegunAt, string? Location, string? Said);

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<CreatesOnceAttribute>() is null || !http.Request.HasFormContentType || !Guid.TryParse(http.Request.Form[Field], out var key))
        {
            await next();
            return;
        }
        var content = Content(http.Request);
        var sender = Hash($"{http.User.FindId()} {http.Request.Path}");
        var patience = clock.GetUtcNow() + Patience;
        while (await db.ExecuteAsync("insert into foundation.sent_form (key, sender, content, begun_at) values (@key, @sender, @content, @now) on conflict do nothing", new { key, sender, content, now = clock.GetUtcNow() }) == 0)
        {
            var sent = await db.FirstOrDefaultAsync<Sent>("select content, begun_at, location, said from foundation.sent_form where key = @key and sender = @sender", new { key, sender });
            if (sent is { Location: { } location })
            {
                Lead(context, location, sent.Content.AsSpan().SequenceEqual(content) ? Open(sent.Said) : t["Biểu mẫu này đã được gửi một lần, kết quả ở đây. Phần bạn vừa sửa thêm chưa được lưu."]);
                return;
            }
            if (sent is not null && clock.GetUtcNow() > patience)
            {
                context.Result = StillRunning(context);
                return;
            }
            await Task.Delay(150);
        }
        await RunAsync(context, next, key, sender);
    }

    /// <summary>Forgets what nobody sends again.</summary>
    public static Task<int> ForgetAsync(Sql sql, DateTimeOffset now) => sql.ExecuteAsync("delete from foundation.sent_form where begun_at < @before", new { before = now - Kept });

    private async Task RunAsync(ActionExecutingContext context, ActionExecutionDelegate next, Guid key, byte[] sender)
    {
        var ended = false;
        try
        {
            var executed = await next();
            var response = context.HttpContext.Response;
            // What set a cookie (a sign-in) is not the same without it: sent again, it is done again.
            if (executed is { Exception: null, Result: StatusCodeResult { StatusCode: StatusCodes.Status303SeeOther } } && response.Headers.SetCookie.Count == 0)
            {
                await db.ExecuteAsync("update foundation.sent_form set ended_at = @now, location = @location, said = @said where key = @key and sender = @sender",
                    new { key, sender, now = clock.GetUtcNow(), location = response.Headers.Location.ToString(), said = (context.Controller as Controller)?.TempData.Peek("flash") is string said ? protector.Protect(said) : null });
                ended = true;
            }
        }
        finally
        {
            if (!ended)
                await db.ExecuteAsync("delete from foundation.sent_form where key = @key and sender = @sender", new { key, sender });
        }
    }

    /// <summary>Null too where the key that sealed it is gone.</summary>
    private string? Open(string? said)
    {
        try
        {
            return said is null ? null : protector.Unprotect(said);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static void Lead(ActionExecutingContext context, string location, string? said)
    {
        if (said is not null && context.Controller is Controller controller)
            controller.TempData["flash"] = said;
        context.HttpContext.Response.Headers.Location = location;
        context.Result = new StatusCodeResult(StatusCodes.Status303SeeOther);
    }

    private ViewResult StillRunning(ActionExecutingContext context)
    {
        context.HttpContext.Response.StatusCode = StatusCodes.Status409Conflict;
        var controller = (Controller)context.Controller;
        return controller.View("/Foundation/Web/Errors/Error.cshtml", new ErrorPage(StatusCodes.Status409Conflict, t["Biểu mẫu này đang được xử lý hoặc đã bị ngắt giữa chừng"],
            t["Hãy mở lại danh sách để xem việc đã xong chưa, rồi mới gửi lại."], ""));
    }

    /// <summary>SHA-256 of everything that was typed and chosen; files by name and length.</summary>
    private static byte[] Content(HttpRequest request)
    {
        var text = new StringBuilder();
        foreach (var (name, values) in request.Form.Where(f => f.Key is not (Field or "__RequestVerificationToken")).OrderBy(f => f.Key, StringComparer.Ordinal))
            text.Append(name).Append('\0').AppendJoin('\0', values.ToArray()).Append('\0');
        foreach (var file in request.Form.Files)
            text.Append(file.FileName).Append('\0').Append(file.Length).Append('\0');
        return Hash(text.ToString());
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
