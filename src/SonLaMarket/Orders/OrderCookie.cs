using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>The order last placed in this browser, for whoever looks for it there without code and phone: its code and a grant, as long as the grant holds. Nothing of the buyer.</summary>
internal static class OrderCookie
{
    public static void Remember(HttpContext context, OrderLinks links, string code) =>
        context.Response.Cookies.Append(Cookies.Name(context.Request, Cookies.Order), $"{code}.{links.Grant(code)}", Cookies.Options(context.Request, OrderLinks.GrantLifetime));

    /// <summary>Its code; null where none was placed here lately.</summary>
    public static string? Read(HttpRequest request, OrderLinks links) =>
        request.Cookies[Cookies.Name(request, Cookies.Order)]?.Split('.', 2) is [var code, var grant] && links.IsGrant(code, grant) ? code : null;

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookies.Name(context.Request, Cookies.Order), Cookies.Options(context.Request, null));
}
