using System.Net;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>Settings Checkout:PerMinute, Checkout:OpenHolds and Checkout:OpenCash.</summary>
/// <param name="PerMinute">How often one buyer may send the last form of the check-out.</param>
/// <param name="OpenHolds">How many of a buyer's orders may wait for their money at once.</param>
/// <param name="OpenCash">How many of a buyer's orders may be on their way at once that are paid in cash when they arrive.</param>
public sealed record CheckoutLimits(int PerMinute, int OpenHolds, int OpenCash)
{
    public CheckoutLimits(IConfiguration configuration)
        : this(configuration.GetValue("Checkout:PerMinute", 10), configuration.GetValue("Checkout:OpenHolds", 5), configuration.GetValue("Checkout:OpenCash", 30))
    {
    }
}

/// <summary>How often one account or browser may place orders.</summary>
public sealed class PlaceLimit(CheckoutLimits limits) : KeyLimit(limits.PerMinute, TimeSpan.FromMinutes(1));

/// <summary>Who places an order, before anybody has proved who they are: the account, the browser, and the number that was typed.</summary>
/// <param name="Browser">A hash of the cookie that goes with its forms; null of samples, which have no limit.</param>
/// <param name="NumberCounts">False on this machine itself outside of Production, where programs place orders for each other.</param>
public sealed record Placing(long? PersonId, byte[]? Browser, bool NumberCounts)
{
    /// <summary>What <see cref="PlaceLimit"/> counts by.</summary>
    public string Key => PersonId is { } person ? $"person:{person}" : Convert.ToHexString(Browser ?? []);

    public static Placing Of(HttpContext http, IHostEnvironment environment) => new(
        http.User.FindId(), Codes.Hash(http.Request.Cookies[Cookies.Name(environment, Cookies.Form)] ?? ""),
        environment.IsProduction() || http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address));
}

/// <summary>Goods that somebody keeps from everybody else, or has sent to them, without having paid for them.</summary>
public sealed class OpenHolds(CheckoutLimits limits)
{
    private const string InTurn = "select pg_advisory_xact_lock(x.k) is null from (select distinct hashtextextended('orders.open-holds:' || n, 0) as k from unnest(@names) as n order by 1) x;";

    /// <summary>Each way to know a buyer by its own index: counting costs what the buyer has, not what the market has.</summary>
    private const string Theirs = """
        select count(distinct s.purchase_id) from orders.sub_order s where s.purchase_id in (
          select u.id from orders.purchase u where u.person_id = @PersonId
          union all select u.id from orders.purchase u where u.placed_from = @Browser
          union all select u.id from orders.purchase u where @NumberCounts and u.buyer_phone = @phone)
        """;

    private const string Awaited = $"{InTurn} {Theirs} and s.status = 'awaiting_payment'";

    private const string InCash = $"{InTurn} {Theirs} and s.method = 'cod' and s.status not in ('delivered', 'cancelled', 'expired', 'on_hold')";

    /// <summary>The buyer has as many orders that wait for their money as anybody may have. Orders that one buyer places at once wait for each other, so that each counts those before it.</summary>
    public async Task<bool> AreFullAsync(Tx tx, Placing buyer, string phone) => await CountAsync(tx, Awaited, buyer, phone) >= limits.OpenHolds;

    /// <summary>The same of orders that are paid in cash and have not arrived: who orders much and takes nothing costs every seller the way.</summary>
    public async Task<bool> IsCashFullAsync(Tx tx, Placing buyer, string phone) => await CountAsync(tx, InCash, buyer, phone) >= limits.OpenCash;

    private static async Task<long> CountAsync(Tx tx, string count, Placing buyer, string phone)
    {
        if (buyer.Browser is null)
            return 0;
        string[] names = [Convert.ToHexString(buyer.Browser), .. buyer.PersonId is { } person ? new[] { $"person:{person}" } : [], .. buyer.NumberCounts ? new[] { phone } : []];
        return await tx.MultipleAsync(count, new { names, buyer.PersonId, buyer.Browser, buyer.NumberCounts, phone }, async grid =>
        {
            await grid.ReadAsync<bool>();
            return await grid.ReadSingleAsync<long>();
        });
    }
}
