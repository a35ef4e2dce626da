using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Npgsql;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>The journal of each lot adds up to what is shown, whatever happens to the stock; goods go out in the order in which they expire.</summary>
public sealed class StockJournalTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const long Box = 5_000;

    [Fact]
    public async Task After_any_life_of_the_stock_the_journal_adds_up_to_it_and_both_are_what_a_plain_model_says()
    {
        var seeds = Seeds.For("stock journal");
        for (var round = 0; round < Seeds.Rounds(2, 100); round++)
        {
            var shelf = await ModelShelf.OpenAsync(market, seeds);
            for (var step = 0; step < 60; step++)
            {
                var did = await shelf.StepAsync();
                await shelf.CompareAsync($"round {round}, step {step}, {did}");
            }
        }
    }

    [Fact]
    public async Task Many_at_once_wait_for_each_other_without_a_deadlock_and_the_journal_still_adds_up()
    {
        var seeds = Seeds.For("stock journal, at once");
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 30);
        await AddLotAsync(goods, 20, null);
        await AddLotAsync(goods, 20, 9);
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var stock = market.Site.Get<Stock>();
        var workers = Enumerable.Range(0, 8).Select(w => (w, random: new Random(seeds.Seed + w))).Select(x => Task.Run(async () =>
        {
            for (var i = 0; i < 12; i++)
            {
                var holder = $"sub-order:{goods.Slug}-{x.w}-{i}";
                await using (var tx = await market.Db.BeginAsync())
                {
                    if (await stock.ReserveAsync(tx, [new(holder, [new StockWish(goods.ListingId, x.random.Next(1, 4))], null)]) is ReserveOutcome.Reserved)
                        await tx.CommitAsync();
                }
                await using var next = await market.Db.BeginAsync();
                _ = x.random.Next(4) switch
                {
                    0 => await stock.SellAsync(next, holder),
                    1 => await stock.ReleaseAsync(next, holder),
                    2 => await stock.WriteOffAsync(next, goods.LotCode, 100, "lost", "", goods.Seller.PersonId, actor),
                    _ => await stock.ReturnAsync(next, holder, x.random.Next(2) == 0),
                };
                await next.CommitAsync();
            }
        })).ToList();
        await Task.WhenAll(workers);
        Assert.Empty(await WrongAsync());
    }

    [Fact]
    public async Task A_change_that_leaves_no_movement_is_refused_and_no_movement_is_ever_changed()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => market.Db.ExecuteAsync("update catalog.lot_stock set available = available - 1, held = held + 1 where lot_id = @LotId", new { goods.LotId }));
        Assert.Equal("lot_stock_movements", refused.ConstraintName);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => market.Db.ExecuteAsync("update catalog.stock_movement set held = 0"))).SqlState);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => market.Db.ExecuteAsync("delete from catalog.stock_movement"))).SqlState);
    }

    [Fact]
    public async Task An_order_is_filled_from_the_lot_that_expires_first_and_names_each_of_its_lots()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var sooner = await AddLotAsync(goods, 2, 3);
        var placed = await (await new Buyer(market.Site).WithAsync(goods, 3)).PlaceAsync("cod");
        Assert.Equal([(sooner, 2 * Box), (goods.LotCode, Box)], await market.Db.QueryAsync<(string, long)>("""
            select o.code, x.quantity_base from orders.line_lot x join origin.lot o on o.id = x.lot_id join orders.line l on l.id = x.line_id where l.listing_id = @ListingId order by o.best_before nulls last
            """, new { goods.ListingId }));
        var order = await market.Site.Open().GetAsync(placed.Location!);
        Assert.Contains($"{sooner}: 10 kg", order.Text, StringComparison.Ordinal);
        Assert.Contains($"{goods.LotCode}: 5 kg", order.Text, StringComparison.Ordinal);
        Assert.NotNull(order.Page.QuerySelector($"a[href='/lo/{sooner}']"));
        var seller = await market.SignInAsync(goods.Seller);
        var part = placed.Location!.Split('?')[0].Split('/')[^1] + "-1";
        Assert.Contains($"{sooner}: 10 kg", (await seller.GetAsync("/quan-ly/don-hang/" + part)).Text, StringComparison.Ordinal);
        Assert.Contains($"Lô {sooner}: 10 kg, {goods.LotCode}: 5 kg", await SlipAsync(seller, part), StringComparison.Ordinal);
        var page = await seller.GetAsync("/quan-ly/ton-kho/" + sooner);
        Assert.Contains("Giữ cho đơn", page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Page.QuerySelector($"a[href='/quan-ly/don-hang/{part}']"));
    }

    [Fact]
    public async Task An_order_that_waits_for_money_shows_until_when_its_goods_are_held()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync();
        var until = await market.Db.SingleAsync<DateTimeOffset>("select expires_at from catalog.reservation where lot_id = @LotId", new { goods.LotId });
        Assert.Equal(market.Site.Clock.GetUtcNow() + SonLaMarket.Payments.PaymentWindow.Hold, until);
        Assert.Contains(SonLaMarket.Foundation.Text.Vietnamese.DateTime(until), (await (await market.SignInAsync(goods.Seller)).GetAsync("/quan-ly/ton-kho/" + goods.LotCode)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seller_writes_goods_off_once_with_a_reason_and_not_more_than_is_left()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        var seller = await market.SignInAsync(goods.Seller);
        var path = "/quan-ly/ton-kho/" + goods.LotCode;
        var page = await seller.GetAsync(path);
        var refused = await seller.SubmitAsync(page, "/hao-hut", ("Gone", "2,05 yến"), ("Reason", "spoiled"), ("Note", "Mưa đá"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "2,05 yến"), (refused.Status, refused.Page.QuerySelector<IHtmlInputElement>("[name=Gone]")!.Value));
        Assert.True(refused.Page.QuerySelector("details:has([name=Gone])")!.HasAttribute("open"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(page, "/hao-hut", ("Gone", "1"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(page, "/hao-hut", ("Gone", "0"), ("Reason", "spoiled"))).Status);
        await seller.SubmitAsync(refused, "/hao-hut", ("Gone", "12,5"));
        await seller.SubmitAsync(refused, "/hao-hut", ("Gone", "12,5"));
        Assert.Equal((7_500L, 12_500L), await market.Db.SingleAsync<(long, long)>("select available, written_off from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
        var shown = (await seller.GetAsync(path)).Text;
        foreach (var word in new[] { "Hỏng, dập, quá hạn", "Mưa đá", goods.Seller.Name, "−12,5 kg" })
            Assert.Contains(word, shown, StringComparison.Ordinal);
        Assert.Contains("12,5 kg", (await seller.GetAsync("/quan-ly/ton-kho")).Text, StringComparison.Ordinal);
        // Nobody buys what is gone.
        Assert.Equal(1, await market.Db.SingleAsync<long>("select stock_units from catalog.search_entry where listing_id = @ListingId", new { goods.ListingId }));
    }

    [Fact]
    public async Task The_journal_is_read_page_by_page_to_its_first_entry()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var stock = market.Site.Get<Stock>();
        for (var i = 0; i < 35; i++)
        {
            await using var tx = await market.Db.BeginAsync();
            await stock.ReserveAsync(tx, [new($"sub-order:PAGE{i}-1", [new StockWish(goods.ListingId, 1)], null)]);
            await stock.ReleaseAsync(tx, $"sub-order:PAGE{i}-1");
            await tx.CommitAsync();
        }
        var seller = await market.SignInAsync(goods.Seller);
        var seen = new List<int>();
        for (string? next = "/quan-ly/ton-kho/" + goods.LotCode; next is not null;)
        {
            var page = await seller.GetAsync(next);
            seen.AddRange(page.Page.QuerySelectorAll("h2#nhat-ky-kho + .table-wrap tbody tr").Select(r => int.Parse(r.QuerySelector("td")!.TextContent, System.Globalization.CultureInfo.InvariantCulture)));
            next = page.Page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        Assert.Equal(Enumerable.Range(1, 71).Reverse(), seen);
    }

    private async Task<string> AddLotAsync(Goods goods, int boxes, int? goodFor) => await ModelShelf.AddLotAsync(market, goods, boxes * Box, goodFor);

    /// <summary>Lots whose journal does not add up to what is shown, or has a gap.</summary>
    private Task<List<string>> WrongAsync() => market.Db.QueryAsync<string>("""
        select o.code from catalog.lot_stock s join origin.lot o on o.id = s.lot_id
          join lateral (select count(*) as n, sum(v.supplied) as supplied, sum(v.available) as available, sum(v.held) as held, sum(v.sold) as sold, sum(v.written_off) as written_off from catalog.stock_movement v where v.lot_id = s.lot_id) j on true
        where (j.n, j.supplied, j.available, j.held, j.sold, j.written_off) is distinct from (s.movements, s.supplied, s.available, s.held, s.sold, s.written_off)
          or s.held <> (select coalesce(sum(r.quantity_base), 0) from catalog.reservation r where r.lot_id = s.lot_id and r.state = 'held')
          or s.sold <> (select coalesce(sum(r.quantity_base), 0) from catalog.reservation r where r.lot_id = s.lot_id and r.state = 'sold')
        """);

    private static async Task<string> SlipAsync(Browser seller, string part) =>
        await Pdf.TextAsync(await (await seller.GetAsync($"/quan-ly/don-hang/{part}/phieu-dong-goi.pdf")).Message.Content.ReadAsByteArrayAsync());
}
