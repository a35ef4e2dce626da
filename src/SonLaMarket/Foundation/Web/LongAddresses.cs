using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// Addresses longer than any of ours. The server takes them up to 64 kB, so that who sends one is told what is wrong: a code of a label is unknown or malformed however long it is,
/// anything else is 414. Nothing behind this sees more of them than a page can show.
/// </summary>
public static class LongAddresses
{
    /// <summary>What the server reads of an address at all; beyond, it answers a bare 414 by itself.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>What every page takes.</summary>
    private const int Usual = 8 << 10;

    /// <summary>Longer than any code with its address; what is left of a longer one is no code of ours either.</summary>
    private const int Shown = 320;

    private static readonly string[] Codes = ["/lo", "/vt", "/01"];

    public static IApplicationBuilder UseLongAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        // The page that tells of a failure is asked for under the same target.
        if (context.Features.Get<IHttpRequestFeature>()!.RawTarget.Length <= Usual || context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
            return next(context);
        var (path, typed) = (request.Path, request.Path == "/quet" ? request.Query["ma"].ToString() : "");
        request.Path = Cut(path.Value!);
        request.QueryString = typed.Length == 0 ? QueryString.Empty : QueryString.Create("ma", Cut(typed));
        if (typed.Length > 0 || path.Value!.Length > Shown && Array.Exists(Codes, c => path.StartsWithSegments(c, StringComparison.OrdinalIgnoreCase)))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status414UriTooLong;
        return Task.CompletedTask;
    });

    private static string Cut(string text) => text.Length <= Shown ? text : text[..(char.IsHighSurrogate(text[Shown - 1]) ? Shown - 1 : Shown)];
}
