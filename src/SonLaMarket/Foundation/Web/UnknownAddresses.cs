using Microsoft.AspNetCore.Routing.Template;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// What no route answers: 404. It takes every method, so that routing itself never says that an address is there and only the method is not:
/// for programs it is said here (405 with Allow).
/// </summary>
public static class UnknownAddresses
{
    public static Task AnswerAsync(HttpContext context)
    {
        string[] methods = context.Request.Path.StartsWithSegments(ApiController.Root, StringComparison.Ordinal) ? [.. MethodsOf(context).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : [];
        // Where the method is there, the route did not take the address: its id has another form.
        if (methods.Contains(context.Request.Method, StringComparer.Ordinal))
            methods = [];
        if (methods.Length > 0)
            context.Response.Headers.Allow = string.Join(", ", methods);
        context.Response.StatusCode = methods.Length > 0 ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static IEnumerable<string> MethodsOf(HttpContext context) =>
        from endpoint in context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith(ApiController.Root[1..] + "/", StringComparison.Ordinal) == true
            && new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), new RouteValueDictionary()).TryMatch(context.Request.Path, new RouteValueDictionary())
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []
        select method;
}
