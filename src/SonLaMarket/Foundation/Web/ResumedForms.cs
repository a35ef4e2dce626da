using Microsoft.AspNetCore.Http.Features;

namespace SonLaMarket.Foundation.Web;

/// <summary>A form as it was sent.</summary>
/// <param name="Target">Path and query, without the language.</param>
public sealed record KeptForm(string Target, string ContentType, byte[] Body, DateTimeOffset KeptAt);

/// <summary>Sends a kept form through the site again, as if it had just come.</summary>
public static class ResumedForms
{
    /// <summary>Asks for the form to be sent to its target as soon as the present request, which has shown its own token, ends without an answer.</summary>
    public static void Resume(this HttpContext http, KeptForm form) => http.Features.Set(form);

    public static bool IsResumed(this HttpContext http) => http.Features.Get<KeptForm>() is not null;

    public static IApplicationBuilder UseResumedForms(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Features.Get<KeptForm>() is not { } form || http.Response.HasStarted)
            return;
        var (path, query) = form.Target.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? (form.Target[..at], form.Target[at..]) : (form.Target, "");
        http.Response.Clear();
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        http.Features.Set<IFormFeature>(null);
        http.Request.Path = path;
        http.Request.QueryString = new QueryString(query);
        http.Request.ContentType = form.ContentType;
        http.Request.ContentLength = form.Body.Length;
        http.Request.Body = new MemoryStream(form.Body);
        await next(http);
    });
}
