using Microsoft.AspNetCore.Http.Features;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// A body that says it is larger than its address takes is refused before anything reads it: 413 with a page. The server
/// would break the connection off in the middle, and a person would see nothing at all.
/// </summary>
public static class BodyLimit
{
    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is null || limit.IsReadOnly || !(context.Request.ContentLength > limit.MaxRequestBodySize))
            return next(context);
        // What is sent is read away for a moment, so that the answer arrives; nobody looks at it.
        limit.MaxRequestBodySize = null;
        context.Request.Body = Stream.Null;
        context.Request.ContentLength = 0;
        context.Request.ContentType = null;
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    });
}
