using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// A form that stands on a cacheable page cannot carry an antiforgery token. It is accepted only with
/// Sec-Fetch-Site: same-origin or, where the browser sends none, with our own Origin or Referer.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SameSiteFormAttribute : Attribute, IAuthorizationFilter, IAntiforgeryPolicy
{
    public void OnAuthorization(AuthorizationFilterContext context)
    {
        if (!IsSameSite(context.HttpContext.Request))
            context.Result = new BadRequestResult();
    }

    public static bool IsSameSite(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
            return site == "same-origin";
        var from = request.Headers.Origin.ToString();
        if (from.Length == 0 || from == "null")
            from = request.Headers.Referer.ToString();
        return Uri.TryCreate(from, UriKind.Absolute, out var uri)
            && uri.Scheme == request.Scheme
            && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>Every unsafe request carries a token, unless its action says how else it is safe; cross-site ones are refused first.</summary>
public sealed class TokenFilter(IAntiforgery antiforgery) : IAsyncAuthorizationFilter, IAntiforgeryPolicy
{
    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            return;
        // A form that was kept came from our own page, and the request that resumes it has shown its token.
        if (context.HttpContext.IsResumed())
            return;
        var filters = context.ActionDescriptor.FilterDescriptors.Select(f => f.Filter);
        if (filters.OfType<IAntiforgeryPolicy>().Any(f => f is SameSiteFormAttribute or IgnoreAntiforgeryTokenAttribute))
            return;
        if (request.Headers["Sec-Fetch-Site"].ToString() == "cross-site" || !await antiforgery.IsRequestValidAsync(context.HttpContext))
            context.Result = new ExpiredFormResult();
    }
}

/// <summary>The token is missing or old: 400 with a page that says how to go on.</summary>
public sealed class ExpiredFormResult() : StatusCodeResult(StatusCodes.Status400BadRequest);
