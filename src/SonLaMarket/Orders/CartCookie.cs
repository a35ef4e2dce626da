using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>The cookie that carries a cart's secret; everywhere else only its hash is known.</summary>
internal static class CartCookie
{
    public static byte[]? Read(HttpRequest request) =>
        request.Cookies[Cookies.Name(request, Cookies.Cart)] is { Length: > 0 and < 100 } secret ? Codes.Hash(secret) : null;

    /// <summary>The cart of this browser, a new one if it has none.</summary>
    public static byte[] ReadOrSet(HttpContext context)
    {
        if (Read(context.Request) is { } known)
            return known;
        var secret = Codes.Secret();
        context.Response.Cookies.Append(Cookies.Name(context.Request, Cookies.Cart), secret, Cookies.Options(context.Request, Carts.Lifetime));
        return Codes.Hash(secret);
    }

    /// <summary>The head of every page says from now on how much is in the cart.</summary>
    public static void Count(HttpContext context, PricedCart cart) => CartCount.Remember(context, cart.Lines.Count(), Carts.Lifetime);

    public static void Delete(HttpContext context)
    {
        context.Response.Cookies.Delete(Cookies.Name(context.Request, Cookies.Cart), Cookies.Options(context.Request, null));
        CartCount.Forget(context);
    }
}
