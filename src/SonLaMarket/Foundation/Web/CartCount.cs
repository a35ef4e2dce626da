using System.Globalization;

namespace SonLaMarket.Foundation.Web;

/// <summary>How many kinds of goods are in the cart, as of when it was last looked at: a cookie beside the cart's own, so that every page can say it without asking the database.</summary>
public static class CartCount
{
    /// <summary>0 when there is no cart, or it is empty.</summary>
    public static int Of(HttpContext context) =>
        context.Items[typeof(CartCount)] as int? ?? (Cookies.Carries(context.Request, Cookies.Cart) && int.TryParse(context.Request.Cookies[Cookies.Name(context.Request, Cookies.CartCount)], NumberStyles.None, CultureInfo.InvariantCulture, out var lines) && lines < 1_000 ? lines : 0);

    public static void Remember(HttpContext context, int lines, TimeSpan lifetime)
    {
        if (Of(context) == lines)
            return;
        if (lines == 0)
        {
            Forget(context);
            return;
        }
        context.Items[typeof(CartCount)] = lines;
        context.Response.Cookies.Append(Cookies.Name(context.Request, Cookies.CartCount), lines.ToString(CultureInfo.InvariantCulture), Cookies.Options(context.Request, lifetime));
    }

    public static void Forget(HttpContext context)
    {
        context.Items[typeof(CartCount)] = 0;
        context.Response.Cookies.Delete(Cookies.Name(context.Request, Cookies.CartCount), Cookies.Options(context.Request, null));
    }
}
