using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Status;

/// <summary>Pages of one order for whoever holds its secret, or bought it signed in. The address never travels on.</summary>
public abstract class BuyerController(OrderLinks links, Db db, Texts t, TimeProvider clock, SiteOptions site) : PageController(t)
{
    protected Db Db => db;

    protected OrderLinks Links => links;

    /// <summary>Null when the order is unknown or the caller may not see it.</summary>
    protected async Task<OrderPage?> LoadAsync(string code, string? token, CancellationToken ct)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers["X-Robots-Tag"] = "noindex";
        Response.Headers.CacheControl = "no-store";
        var until = links.GrantedUntil(code, token);
        var page = await OrderPage.LoadAsync(db, code, token, until is not null, User.FindId(), clock.GetUtcNow(), ct);
        return page is null ? null : page with { ShowsSamples = site.ShowsSamples, GrantedUntil = until, Url = OrderLinks.Lasts(token) ? site.Absolute(T.To(OrderLinks.Path(code, token!))) : null };
    }

    /// <summary>The order's page, as the caller reached it.</summary>
    protected static string PathOf(string code, string? token) => token is null ? "/don-hang/" + code : OrderLinks.Path(code, token);

    protected ViewResult Refused(OrderPage page, string message, int status = StatusCodes.Status409Conflict)
    {
        Response.StatusCode = status;
        if (status == StatusCodes.Status429TooManyRequests)
            Response.Headers.RetryAfter = ((int)FindLimit.Window.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return View("Order", page with { Message = message });
    }
}
