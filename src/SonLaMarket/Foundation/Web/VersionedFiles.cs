namespace SonLaMarket.Foundation.Web;

/// <summary>
/// Fonts carry their version in their own name, because style sheets name them and are not rewritten with fingerprints:
/// they may be kept for a year, like everything that is fingerprinted.
/// </summary>
public static class VersionedFiles
{
    public static IApplicationBuilder UseVersionedFiles(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/fonts", StringComparison.Ordinal))
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
                    context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Task.CompletedTask;
            });
        return next(context);
    });
}
