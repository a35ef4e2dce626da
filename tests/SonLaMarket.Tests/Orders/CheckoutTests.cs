using System.Net;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

public sealed class CheckoutTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private Site site = null!;
    private Shop shop = null!;

    public ValueTask InitializeAsync()
    {
        site = new Site(fixture.Database);
        shop = new Shop(site);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task One_online_payment_leads_straight_to_vnpay()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var buyer = await new Buyer(site).WithAsync(goods, 2);
        var placed = await buyer.PlaceAsync();
        Assert.Equal(HttpStatusCode.SeeOther, placed.Status);
        Assert.StartsWith("http://localhost:5081/paymentv2/vpcpay.html?vnp_Amount=", placed.Location, StringComparison.Ordinal);
    }
}
