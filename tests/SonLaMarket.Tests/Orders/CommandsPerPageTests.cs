using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>Round trips to the database for each page, exact: one more is a decision, and more lines or sellers are none.</summary>
public sealed class CommandsPerPageTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task A_page_of_the_purchase_costs_the_same_for_one_seller_and_for_three()
    {
        var costs = new List<string>();
        foreach (var sellers in new[] { 1, 3 })
        {
            var buyer = new Buyer(market.Site);
            for (var n = 0; n < sellers; n++)
            {
                var seller = await market.Shop.SellerAsync();
                await buyer.WithAsync(await market.Shop.GoodsAsync(seller, 9));
                await buyer.WithAsync(await market.Shop.GoodsAsync(seller, 9));
            }
            await buyer.DetailsAsync("cod");
            await buyer.Browser.GetAsync("/gio-hang");
            var paths = new List<string> { "/gio-hang", "/thanh-toan", "/thanh-toan/tim-xa", "/thanh-toan/xac-nhan" };
            var cost = new List<int>();
            foreach (var path in paths)
                cost.Add(await CountAsync(buyer.Browser, path));
            var confirm = await buyer.Browser.GetAsync("/thanh-toan/xac-nhan");
            Answer placed = null!;
            cost.Add(await Commands.CountAsync(market.Database, async () => placed = await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/xac-nhan")));
            cost.Add(await CountAsync(buyer.Browser, placed.Location!));
            costs.Add(string.Join(' ', cost));
        }
        // Cart, details, search for a commune, check and pay, placing it; the order.
        Assert.Equal(["3 5 3 3 12 1", "3 5 3 3 12 1"], costs);
    }

    [Fact]
    public async Task The_sellers_list_and_an_order_cost_the_same_however_many_there_are()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 100);
        var browser = await market.SignInAsync(seller);
        var costs = new List<string>();
        foreach (var orders in new[] { 1, 4 })
        {
            for (var n = 0; n < orders; n++)
                await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
            var code = await market.Db.SingleAsync<string>("select code from orders.sub_order where producer_id = @ProducerId order by id desc limit 1", new { seller.ProducerId });
            costs.Add($"{await CountAsync(browser, "/quan-ly/don-hang")} {await CountAsync(browser, "/quan-ly/don-hang/" + code)} {await CountAsync(browser, "/tai-khoan/don-hang")}");
        }
        // Two of each are for the session and for whom its person acts.
        Assert.Equal(["3 3 3", "3 3 3"], costs);
    }

    /// <summary>Placed and led to VNPAY, then VNPAY's notification of it, and the same once more.</summary>
    [Fact]
    public async Task An_order_and_its_payment_cost_few_round_trips()
    {
        var seller = await market.Shop.SellerAsync();
        await market.Db.ExecuteAsync("update producers.producer set email = 'co-so@example.invalid' where id = @ProducerId", new { seller.ProducerId });
        var buyer = await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(seller, 9));
        var confirm = await buyer.ConfirmAsync();
        Answer placed = null!;
        var placing = await Commands.CountAsync(market.Database, async () => placed = await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/xac-nhan"));
        var fields = Support.Vnpay.Fields(placed.Location);
        var paid = Support.Vnpay.Query(seller, fields["vnp_TxnRef"], long.Parse(fields["vnp_Amount"], System.Globalization.CultureInfo.InvariantCulture) / 100);
        var ipn = await Commands.CountAsync(market.Database, async () => Assert.Contains("\"00\"", (await market.Site.Open().GetAsync("/vnpay/ipn" + paid)).Body, StringComparison.Ordinal));
        var again = await Commands.CountAsync(market.Database, async () => Assert.Contains("\"02\"", (await market.Site.Open().GetAsync("/vnpay/ipn" + paid)).Body, StringComparison.Ordinal));
        Assert.Equal((12, 8, 3), (placing, ipn, again));
    }

    private Task<int> CountAsync(Browser browser, string path) =>
        Commands.CountAsync(market.Database, async () => Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.GetAsync(path)).Status));
}
