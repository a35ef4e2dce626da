using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>The seller's day on one screen.</summary>
public sealed class TodayTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private DateOnly Today => DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7));

    [Fact]
    public async Task Orders_to_pack_are_added_up_by_product()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 50);
        await (await new Buyer(market.Site).WithAsync(goods, 2)).PlaceAsync("cod");
        await (await new Buyer(market.Site).WithAsync(goods, 3)).PlaceAsync("cod");
        var other = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50);
        await (await new Buyer(market.Site).WithAsync(other, 7)).PlaceAsync("cod");

        var page = await (await market.SignInAsync(seller)).GetAsync("/quan-ly");
        var row = Assert.Single(page.Page.QuerySelectorAll("table.data tbody tr"));
        Assert.Contains("5 hộp", row.TextContent.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("25 kg", row.TextContent.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("2 đơn", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_the_seller_can_move_waits_for_them()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 50);
        var soldOut = await market.Shop.GoodsAsync(seller, 3);
        var returned = await market.Shop.GoodsAsync(seller, 50);
        await market.Db.ExecuteAsync("update catalog.listing set status = 'returned', status_reason = 'Ảnh mờ quá.', returned_parts = '{photo}' where id = @ListingId", new { returned.ListingId });
        var office = new Office(market);
        foreach (var days in new[] { 25, 55, 85, 120 })
            await office.CertifyAsync(goods, Today.AddDays(days));
        // Of one kind only the newest counts: four kinds.
        await market.Db.ExecuteAsync("update producers.certificate c set kind_code = k.code from (select id, row_number() over (order by valid_until) as n from producers.certificate where producer_id = @ProducerId) x join (select code, row_number() over (order by code) as n from producers.certificate_kind) k on k.n = x.n where x.id = c.id", new { seller.ProducerId });
        await using (var tx = await market.Db.BeginAsync())
        {
            await market.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, "interval", null, null, "Phun sát ngày thu hoạch.", Actor.System);
            await tx.CommitAsync();
        }

        var page = await (await market.SignInAsync(seller)).GetAsync("/quan-ly");
        Assert.Contains("Ảnh mờ quá.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Phun sát ngày thu hoạch.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Sắp hết", page.Text, StringComparison.Ordinal);
        Assert.Equal(["Còn 25 ngày", "Còn 55 ngày", "Còn 85 ngày"], page.Page.QuerySelectorAll(".badge").Select(b => b.TextContent).Where(b => b.StartsWith("Còn ", StringComparison.Ordinal)));
        foreach (var link in new[] { "/quan-ly/tin-dang/" + returned.Slug, "/quan-ly/lo/" + goods.LotCode, $"/quan-ly/tin-dang/{soldOut.Slug}/dang-lai", "/quan-ly/chung-nhan" })
            Assert.NotNull(page.Page.QuerySelector($"main a[href='{link}']"));
    }

    [Fact]
    public async Task The_whole_screen_is_one_round_trip()
    {
        var seller = await market.Shop.SellerAsync();
        await market.Shop.GoodsAsync(seller, 5);
        var browser = await market.SignInAsync(seller);
        using var trips = new RoundTrips();
        Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.GetAsync("/quan-ly", trips.Header)).Status);
        Assert.Single(trips.OfPage);
    }

    [Fact]
    public async Task A_quiet_day_says_so()
    {
        var seller = await market.Shop.SellerAsync();
        var page = await (await market.SignInAsync(seller)).GetAsync("/quan-ly");
        Assert.Contains("Không có đơn nào chờ đóng gói.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Không có việc gì chờ bạn.", page.Text, StringComparison.Ordinal);
    }
}
