namespace SonLaMarket.Foundation.Web;

/// <summary>HEAD is answered as GET without the body (RFC 9110, section 9.3.2), by every address that has a GET.</summary>
public static class HeadRequests
{
    public static IApplicationBuilder UseHeadAsGet(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
            context.Response.Body = Stream.Null;
        }
        return next(context);
    });
}
