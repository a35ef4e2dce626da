using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts;

/// <summary>
/// What a stranger with somebody's unlocked phone must not do: whoever asks for it first proves again who they are, by
/// password, code or passkey, and is then led back. The proof counts for <see cref="Sessions.ConfirmedFor"/>, that of coming in too.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ConfirmedAttribute : Attribute, IAuthorizationFilter, IOrderedFilter
{
    public const string Path = "/tai-khoan/xac-nhan";

    /// <summary>After the token has been checked.</summary>
    public int Order => 100;

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        if (http.User.Identity?.IsAuthenticated != true || http.RequestServices.GetRequiredService<Sessions>().IsConfirmed(http.User))
            return;
        var t = http.RequestServices.GetRequiredService<Texts>();
        // Of a form that was sent too late the page before it is opened again: its fields hold secrets, which nobody keeps.
        var back = HttpMethods.IsGet(http.Request.Method) ? t.To(http.Request.Path) + http.Request.QueryString
            : Uri.TryCreate(http.Request.Headers.Referer.ToString(), UriKind.Absolute, out var from) && from.Authority == http.Request.Host.Value ? from.PathAndQuery : t.To("/tai-khoan");
        http.Response.Headers.Location = t.To(Path) + QueryString.Create("tiep", back);
        context.Result = new StatusCodeResult(StatusCodes.Status303SeeOther);
    }
}
