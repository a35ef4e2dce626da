using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.StaticAssets;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// A file whose address changes with its content may be kept for a year: what is fingerprinted, and fonts, which carry
/// their version in their own name, because style sheets name them and are not rewritten with fingerprints.
/// </summary>
public static class VersionedFiles
{
    public static IApplicationBuilder UseVersionedFiles(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is { } file && context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified && Versioned(context.Request.Path, file))
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Task.CompletedTask;
        });
        return next(context);
    });

    /// <summary>Where a file of wwwroot is found by the page being made: what <c>src="~/…"</c> writes, without a tag helper.</summary>
    public static string AddressOf(this HttpContext context, string file) => "/" + (context.GetEndpoint()?.Metadata.GetMetadata<ResourceAssetCollection>()?[file] ?? file);

    private static bool Versioned(PathString path, StaticAssetDescriptor file) =>
        path.StartsWithSegments("/fonts", StringComparison.Ordinal) || file.Properties.Any(p => p.Name == "fingerprint");
}
