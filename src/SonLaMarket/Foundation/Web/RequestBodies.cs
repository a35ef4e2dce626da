using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace SonLaMarket.Foundation.Web;

/// <summary>What is sent too large or broken is answered with a page; no action ever sees it.</summary>
public static class RequestBodies
{
    /// <summary>
    /// A body that says it is larger than its address takes is refused before anything reads it: 413. The server would break
    /// the connection off in the middle, and a person would see nothing at all.
    /// </summary>
    public static IApplicationBuilder UseBodyLimit(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is null || limit.IsReadOnly || !(context.Request.ContentLength > limit.MaxRequestBodySize))
            return next(context);
        // What is sent is read away for a moment, so that the answer arrives; nobody looks at it.
        limit.MaxRequestBodySize = null;
        context.Forget();
        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        return Task.CompletedTask;
    });

    /// <summary>Forms are read here, once those who may not come in are turned away; one that cannot be read is a bad request. A page that tells of a failure looks at no form.</summary>
    public static IApplicationBuilder UseReadableForms(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
            context.Forget();
        else if (context.Request.HasFormContentType)
        {
            try
            {
                await context.Request.ReadFormAsync(context.RequestAborted);
            }
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                context.Forget();
                context.Response.StatusCode = (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
                return;
            }
        }
        await next(context);
    });

    private static void Forget(this HttpContext context)
    {
        context.Request.Body = Stream.Null;
        context.Request.ContentLength = 0;
        context.Request.ContentType = null;
        context.Features.Set<IFormFeature>(new FormFeature(FormCollection.Empty));
    }
}
