using System.Net;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>Which lots sell, how much of them, and what stops them.</summary>
public sealed class StockTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task A_lot_past_its_best_before_is_neither_shown_nor_sold()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        var ready = await buyer.ConfirmAsync("cod");
        await market.Db.ExecuteAsync("update origin.lot set best_before = @yesterday where id = @LotId", new { goods.LotId, yesterday = Vietnamese.Today(market.Site.Clock).AddDays(-1) });
        Assert.Equal(HttpStatusCode.Conflict, (await buyer.Browser.SubmitAsync(ready, "/thanh-toan/xac-nhan")).Status);
        await using (var tx = await market.Db.BeginAsync())
        {
            await market.Site.Get<Shelf>().RefreshAsync(tx, goods.ListingId);
            await tx.CommitAsync();
        }
        var page = await market.Site.Open().GetAsync("/san-pham/" + goods.Slug);
        Assert.DoesNotContain(goods.LotCode, page.Body, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("form[action$='/gio-hang']"));
        // The lot that is good until the day on which the parcel arrives still sells.
        await market.Db.ExecuteAsync("update origin.lot set best_before = @arrives where id = @LotId", new { goods.LotId, arrives = Vietnamese.Today(market.Site.Clock).AddDays(3) });
        Assert.StartsWith("/don-hang/", (await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_for_sale_never_exceeds_what_the_lot_holds_nor_falls_below_what_is_sold()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        await (await new Buyer(market.Site).WithAsync(goods, 3)).PlaceAsync("cod");
        var holds = await market.Db.SingleAsync<long>("select quantity_base from origin.lot where id = @LotId", new { goods.LotId });
        Assert.False(await SupplyAsync(goods, holds + 1));
        Assert.False(await SupplyAsync(goods, 3 * 5_000 - 1));
        Assert.False(await SupplyAsync(goods, -1));
        Assert.True(await SupplyAsync(goods, 3 * 5_000));
        Assert.Equal(0, await AvailableAsync(goods));
        Assert.True(await SupplyAsync(goods, holds));
        Assert.Equal(holds - 3 * 5_000, await AvailableAsync(goods));
    }

    /// <summary>The constraint is the last wall: no statement of whatever kind sells what is not there.</summary>
    [Fact]
    public async Task The_database_itself_refuses_stock_below_zero()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 1);
        var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            market.Db.ExecuteAsync("update catalog.lot_stock set available = available - 10000, held = held + 10000 where lot_id = @LotId", new { goods.LotId }));
        Assert.Equal(Npgsql.PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    /// <summary>A breach of the pre-harvest interval, found by a diary entry that comes late, stops the sale at once.</summary>
    [Fact]
    public async Task A_breached_interval_blocks_the_lot_and_so_the_sale_until_an_officer_lifts_it()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        var ready = await buyer.ConfirmAsync("cod");
        await SprayAsync(goods, daysBefore: 3, interval: 7);
        await market.Site.RunDueAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await buyer.Browser.SubmitAsync(ready, "/thanh-toan/xac-nhan")).Status);
        await AssertOffTheShelfAsync(goods, "thời gian cách ly");
        var block = await market.Db.SingleAsync<long>("select id from origin.lot_block where lot_id = @LotId and cause = 'interval'", new { goods.LotId });
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<LotBlocks>().LiftAsync(tx, block, "Đã kiểm nghiệm, không có dư lượng.", new Actor(null, Roles.Officer)));
            await tx.CommitAsync();
        }
        await market.Site.RunDueAsync();
        Assert.StartsWith("/don-hang/", (await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod")).Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 7, false)]
    [InlineData(8, 7, false)]
    [InlineData(6, 7, true)]
    [InlineData(30, null, true)]
    public async Task Only_the_interval_of_the_label_clears_a_lot_and_its_last_day_is_enough(int daysBefore, int? interval, bool blocked)
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 1);
        await SprayAsync(goods, daysBefore, interval);
        Assert.Equal(blocked, await market.Db.SingleAsync<bool>("select exists (select 1 from origin.lot_block where lot_id = @LotId and lifted_at is null)", new { goods.LotId }));
    }

    [Fact]
    public async Task A_recalled_lot_is_not_sold_while_another_lot_of_the_product_is()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 4);
        var (_, officer, _) = await market.SignInAsync(Roles.Officer);
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Dư lượng thuốc vượt mức cho phép.", "Không dùng, liên hệ người bán.", officer));
            await tx.CommitAsync();
        }
        await market.Site.RunDueAsync();
        await AssertOffTheShelfAsync(goods, "thu hồi");
        var actor = new Actor(seller.PersonId, Roles.Seller);
        await using (var tx = await market.Db.BeginAsync())
        {
            var product = await tx.SingleAsync<string>("select p.code from origin.lot l join producers.product p on p.id = l.product_id where l.id = @LotId", new { goods.LotId });
            var lot = (await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, null, Vietnamese.Today(market.Site.Clock), null, null, null, 100_000), seller.PersonId, actor))!;
            Assert.True(await market.Site.Get<Stock>().SupplyAsync(tx, lot, 20_000, seller.PersonId, actor));
            await tx.CommitAsync();
        }
        await market.Site.RunDueAsync();
        var placed = await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
        Assert.StartsWith("/don-hang/", placed.Location, StringComparison.Ordinal);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from orders.line_lot where lot_id = @LotId", new { goods.LotId }));
        Assert.Contains(goods.Slug, await SearchAsync(goods), StringComparer.Ordinal);
    }

    /// <summary>The page stays with the reason, nothing can be bought, lists and feeds are without it (docs/contract.md, section 2).</summary>
    private async Task AssertOffTheShelfAsync(Goods goods, string reason)
    {
        var page = await market.Site.Open().GetAsync("/san-pham/" + goods.Slug);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var banner = page.Page.QuerySelector("main [role=alert]")!;
        Assert.Contains("tạm không bán", banner.TextContent, StringComparison.Ordinal);
        Assert.NotNull(banner.QuerySelector($"a[href='/lo/{goods.LotCode}']"));
        Assert.Null(page.Page.QuerySelector("form[action$='/gio-hang']"));
        var hopeful = await new Buyer(market.Site).WithAsync(goods);
        Assert.Contains("hết", (await hopeful.Browser.GetAsync("/gio-hang")).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Conflict, (await hopeful.PlaceAsync("cod")).Status);
        Assert.DoesNotContain(goods.Slug, await SearchAsync(goods), StringComparer.Ordinal);
        Assert.DoesNotContain("/san-pham/" + goods.Slug, (await market.Site.Open().GetAsync("/sitemap.xml")).Body, StringComparison.Ordinal);
        var label = await market.Site.Open().GetAsync("/lo/" + goods.LotCode);
        Assert.Equal(HttpStatusCode.OK, label.Status);
        Assert.Contains(reason, label.Page.QuerySelector("main [role=alert]")!.TextContent, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<List<string>> SearchAsync(Goods goods)
    {
        var title = await market.Db.SingleAsync<string>("select title from catalog.listing where id = @ListingId", new { goods.ListingId });
        var answer = await market.Site.Open().GetAsync("/san-pham?q=" + Uri.EscapeDataString(title), ("Accept", "application/json"));
        return [.. System.Text.Json.JsonDocument.Parse(answer.Body).RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()!)];
    }

    private async Task SprayAsync(Goods goods, int daysBefore, int? interval)
    {
        await using var tx = await market.Db.BeginAsync();
        var harvested = await tx.SingleAsync<DateOnly>("select harvested_on from origin.lot where id = @LotId", new { goods.LotId });
        var draft = new DiaryDraft(null, DiaryKinds.Spraying, harvested.AddDays(-daysBefore), "abamectin", null, null, null, null, interval, null, null, "", []);
        Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, goods.LotCode, goods.Seller.PersonId, draft, new Actor(goods.Seller.PersonId, Roles.Seller)));
        await tx.CommitAsync();
    }

    private async Task<bool> SupplyAsync(Goods goods, long quantity)
    {
        await using var tx = await market.Db.BeginAsync();
        var done = await market.Site.Get<Stock>().SupplyAsync(tx, goods.LotCode, quantity, goods.Seller.PersonId, new Actor(goods.Seller.PersonId, Roles.Seller));
        if (done)
            await tx.CommitAsync();
        return done;
    }

    private Task<long> AvailableAsync(Goods goods) => market.Db.SingleAsync<long>("select available from catalog.lot_stock where lot_id = @LotId", new { goods.LotId });
}
