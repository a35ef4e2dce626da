using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// Tells a browser that kept what was typed (js/keep.js) that the server has it now: a short cookie with the form's key, beside
/// the answer to a change. A refused form, or one whose answer is lost on the way, stays kept.
/// </summary>
public sealed class ReceivedForms : IAsyncActionFilter
{
    private const string Asked = "_kept";
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        var executed = await next();
        var http = context.HttpContext;
        if (executed.Exception is not null || (executed.Result ?? context.Result) is not StatusCodeResult { StatusCode: StatusCodes.Status303SeeOther }
            || !http.Request.HasFormContentType || http.Request.Form[Asked].Count == 0 || !Guid.TryParse(http.Request.Form[SentForms.Field], out var key))
            return;
        http.Response.Cookies.Append(Cookies.Name(http.Request, Cookies.Received), key.ToString(), new CookieOptions
        {
            Path = "/",
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            HttpOnly = false,
            MaxAge = Kept,
        });
    }
}
