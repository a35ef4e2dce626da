using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>A listing over the year: rested, ended, brought back with a new lot; sent back by the Department and repaired.</summary>
public sealed class SeasonTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private DateOnly Today => DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7));

    [Theory]
    [InlineData("2026-05-20", "2,3", "2027-02-01", null)]
    [InlineData("2026-05-20", "6,7", "2026-06-01", null)]
    [InlineData("2026-12-31", "1", "2027-01-01", null)]
    [InlineData("2026-05-20", "4,5,6", null, "2026-06-30")]
    [InlineData("2026-12-31", "12,1,2", null, "2027-02-28")]
    [InlineData("2026-05-20", "", null, null)]
    [InlineData("2026-05-20", "1,2,3,4,5,6,7,8,9,10,11,12", null, null)]
    public void A_season_begins_with_its_first_month_and_ends_with_its_last(string today, string months, string? from, string? until)
    {
        var season = months.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(m => int.Parse(m, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var day = DateOnly.ParseExact(today, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((from, until), (Season.From(season, day)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), Season.Until(season, day)?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task A_rested_listing_cannot_be_bought_and_comes_back_as_it_was_approved()
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        var path = "/quan-ly/tin-dang/" + goods.Slug;
        var rested = await seller.SubmitAsync(await seller.GetAsync(path), "/tam-nghi");
        Assert.Equal(path, rested.Location);
        var page = await market.Site.Open().GetAsync("/san-pham/" + goods.Slug);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("tạm nghỉ bán", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("thu hồi hoặc bị chặn", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("form[action$='/gio-hang']"));
        Assert.Equal(0, await SellableAsync(goods));
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Buyer(market.Site).WithAsync(goods));

        await seller.SubmitAsync(await seller.GetAsync(path), "/ban-lai");
        Assert.Equal(1, await SellableAsync(goods));
        await new Buyer(market.Site).WithAsync(goods);
        Assert.Equal(("approved", 1), await market.Db.SingleAsync<(string, int)>("select status, public_version from catalog.listing where slug = @Slug", new { goods.Slug }));
    }

    [Fact]
    public async Task What_was_in_a_basket_is_not_bought_while_the_listing_rests()
    {
        var goods = await GoodsAsync();
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        await InAsync(goods, (tx, actor) => market.Site.Get<Listings>().PauseAsync(tx, goods.Slug, Pause.Break, goods.Seller.PersonId, actor));
        var confirm = await buyer.ConfirmAsync("cod");
        if (confirm.Status == HttpStatusCode.OK && confirm.Page.QuerySelector("form[action$='/thanh-toan/xac-nhan']") is not null)
            await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/xac-nhan");
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from orders.line where listing_id = @ListingId", new { goods.ListingId }));
    }

    [Fact]
    public async Task A_price_that_moves_by_more_than_half_is_asked_about_once()
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        var path = $"/quan-ly/tin-dang/{goods.Slug}/sua/gia";
        // The price of a kilogram, where a box is sold.
        var asked = await seller.SubmitAsync(await seller.GetAsync(path), path, ("Price", "32k"));
        Assert.Contains("Giá giảm 84 % so với trước: từ 200.000 ₫/hộp xuống 32.000 ₫/hộp (6.400 ₫/kg).", asked.Text, StringComparison.Ordinal);
        Assert.Equal(200_000, await PriceAsync());
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(asked, path, ("_yes", "1"))).Status);
        Assert.Equal(32_000, await PriceAsync());
        var whole = "/quan-ly/tin-dang/" + goods.Slug;
        Assert.Contains("Giá tăng 900 %", (await seller.SubmitAsync(await seller.GetAsync(whole), whole, ("Price", "320000"))).Text, StringComparison.Ordinal);
        Assert.Contains("Giá tăng 900 %", (await seller.SubmitAsync(await seller.GetAsync(whole + "/dang-lai"), "/dang-lai", ("Quantity", "3 tạ"), ("Price", "320000"))).Text, StringComparison.Ordinal);
        Assert.Equal(32_000, await PriceAsync());

        Task<long> PriceAsync() => market.Db.SingleAsync<long>("select price_vnd from catalog.listing where id = @ListingId", new { goods.ListingId });
    }

    [Fact]
    public async Task At_the_end_of_the_season_what_is_left_is_sold_no_more()
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tin-dang/" + goods.Slug), "/het-mua");
        Assert.Equal((0, 0), await market.Db.SingleAsync<(int, int)>("select available::int, supplied::int from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
        Assert.Contains("Hết mùa", (await seller.GetAsync("/quan-ly/tin-dang")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keep", 100_000, 0)]
    [InlineData("write-off", 0, 100_000)]
    [InlineData("take-off", 0, 0)]
    public async Task What_is_left_at_the_end_of_the_season_is_kept_written_off_or_taken_off_and_nobody_buys_it(string rest, long available, long writtenOff)
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tin-dang/" + goods.Slug), "/het-mua", ("rest", rest));
        Assert.Equal((available, writtenOff), await market.Db.SingleAsync<(long, long)>("select available, written_off from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
        Assert.Equal(0, await SellableAsync(goods));
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Buyer(market.Site).WithAsync(goods));
    }

    [Fact]
    public async Task Every_price_stays_in_the_history_for_the_seller_and_for_officers()
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        var path = $"/quan-ly/tin-dang/{goods.Slug}/sua/gia";
        foreach (var price in new[] { "250k", "250k", "180k" })
            await seller.SubmitAsync(await seller.GetAsync(path), path, ("Price", price));
        var listing = await seller.GetAsync("/quan-ly/tin-dang/" + goods.Slug);
        var history = await seller.GetAsync(listing.Page.QuerySelector("a[href$='/gia']:not([href*='/sua/'])")!.GetAttribute("href")!);
        Assert.Equal(["180.000 ₫", "250.000 ₫", "200.000 ₫"], Prices(history));
        Assert.Contains("−28 %", history.Text, StringComparison.Ordinal);
        var officer = (await market.SignInAsync(Roles.Officer)).Browser;
        Assert.Equal(Prices(history), Prices(await officer.GetAsync($"/so-cong-thuong/giam-sat/{goods.Slug}/gia")));
        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => market.Db.ExecuteAsync("update catalog.listing_price set price_vnd = 1"))).SqlState);

        static List<string> Prices(Answer page) => [.. page.Page.QuerySelectorAll("tbody tr").Select(r => r.QuerySelector("td.num")!.TextContent.Replace('\u00a0', ' '))];
    }

    [Fact]
    public async Task Again_as_last_season_asks_four_things_and_is_on_sale_at_once()
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        await InAsync(goods, (tx, actor) => market.Site.Get<Listings>().PauseAsync(tx, goods.Slug, Pause.Season, goods.Seller.PersonId, actor));
        var path = $"/quan-ly/tin-dang/{goods.Slug}/dang-lai";
        var form = await seller.GetAsync(path);
        Assert.Equal(["HarvestedOn", "Place", "Price", "Quantity"], Fields(form));
        (string, string)[] said = [("Quantity", "3 tạ"), ("Price", "210k")];
        var answers = await Task.WhenAll(seller.SubmitAsync(form, path, said), seller.SubmitAsync(form, path, said));
        Assert.All(answers, a => Assert.EndsWith("/tem", a.Location, StringComparison.Ordinal));
        var done = await seller.GetAsync(answers[0].Location!);
        Assert.Contains("Tin đang bán", done.Text, StringComparison.Ordinal);
        var lots = await market.Db.QueryAsync<(string Code, int Quantity, DateOnly Day)>("select o.code, o.quantity_base::int, o.harvested_on from origin.lot o join catalog.listing l on l.product_id = o.product_id where l.slug = @Slug order by o.id", new { goods.Slug });
        Assert.Equal(2, lots.Count);
        Assert.Equal((300_000, Today), (lots[1].Quantity, lots[1].Day));
        Assert.Contains(lots[1].Code + "/tem.pdf", done.Body, StringComparison.Ordinal);
        Assert.Equal((210_000, true, 1), await market.Db.SingleAsync<(int, bool, int)>("select price_vnd::int, paused_at is null, version from catalog.listing where slug = @Slug", new { goods.Slug }));
        Assert.Equal(1, await SellableAsync(goods));
    }

    [Fact]
    public async Task Last_seasons_leftovers_are_taken_off_where_the_seller_says_so()
    {
        var goods = await GoodsAsync();
        await market.Db.ExecuteAsync("update origin.lot set harvested_on = @day, best_before = null where id = @LotId", new { day = Today.AddDays(-200), goods.LotId });
        var seller = await market.SignInAsync(goods.Seller);
        var path = $"/quan-ly/tin-dang/{goods.Slug}/dang-lai";
        var form = await seller.GetAsync(path);
        Assert.Equal(5, Fields(form).Length);
        await seller.SubmitAsync(form, path, ("Quantity", "20"), ("TakeOff", "true"));
        Assert.Equal(0, await market.Db.SingleAsync<int>("select available::int from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
    }

    [Fact]
    public async Task A_listing_that_was_ended_goes_to_the_Department_again()
    {
        var goods = await GoodsAsync();
        await InAsync(goods, (tx, actor) => market.Site.Get<Listings>().CloseAsync(tx, goods.Slug, goods.Seller.PersonId, actor));
        var seller = await market.SignInAsync(goods.Seller);
        var path = $"/quan-ly/tin-dang/{goods.Slug}/dang-lai";
        await seller.SubmitAsync(await seller.GetAsync(path), path, ("Quantity", "20"));
        Assert.Equal("submitted", await market.Db.SingleAsync<string>("select status from catalog.listing where slug = @Slug", new { goods.Slug }));
    }

    [Fact]
    public async Task A_new_price_reaches_buyers_at_once_and_needs_no_approval()
    {
        var goods = await GoodsAsync();
        var seller = await market.SignInAsync(goods.Seller);
        var path = $"/quan-ly/tin-dang/{goods.Slug}/sua/gia";
        var refused = await seller.SubmitAsync(await seller.GetAsync(path), path, ("Price", "rẻ"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "rẻ"), (refused.Status, refused.Page.QuerySelector("[name=Price]")!.GetAttribute("value")));
        await seller.SubmitAsync(refused, path, ("Price", "180k"));
        Assert.Contains("180.000", (await market.Site.Open().GetAsync("/san-pham/" + goods.Slug)).Text, StringComparison.Ordinal);
        Assert.Equal("approved", await market.Db.SingleAsync<string>("select status from catalog.listing where slug = @Slug", new { goods.Slug }));
    }

    [Fact]
    public async Task A_returned_listing_says_what_why_and_how_and_leads_to_the_field()
    {
        var goods = await GoodsAsync();
        await InAsync(goods, (tx, actor) => market.Site.Get<Listings>().SubmitAsync(tx, goods.Slug, goods.Seller.PersonId, actor));
        var officer = (await market.SignInAsync(Roles.Officer)).Browser;
        var dossier = await officer.GetAsync($"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/2");
        var form = dossier.Page.QuerySelector<IHtmlFormElement>(".dossier__decide form")!;
        var returned = await officer.PostAsync($"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/2/tra-lai", Browser.Fields(form, ("Template", "Ảnh không rõ sản phẩm."), ("Reason", "Chụp thiếu sáng."), ("Parts", "text")));
        Assert.Equal(HttpStatusCode.SeeOther, returned.Status);
        Assert.Equal(["photo", "text"], await market.Db.SingleAsync<string[]>("select returned_parts from catalog.listing where slug = @Slug", new { goods.Slug }));

        var seller = await market.SignInAsync(goods.Seller);
        var page = await seller.GetAsync("/quan-ly/tin-dang/" + goods.Slug);
        Assert.Contains("Chụp thiếu sáng.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Chụp lại ngoài trời", page.Text, StringComparison.Ordinal);
        foreach (var link in page.Page.QuerySelectorAll(".notice--bad a").Select(a => a.GetAttribute("href")!))
        {
            var part = await seller.GetAsync(link.Split('#')[0]);
            Assert.NotNull(part.Page.GetElementById(link.Split('#')[1]));
            Assert.Contains("Chụp thiếu sáng.", part.Text, StringComparison.Ordinal);
        }
        var more = $"/quan-ly/tin-dang/{goods.Slug}/sua/them";
        await seller.SubmitAsync(await seller.GetAsync(more), more, ("Description", "Mận hậu hái tay."));
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tin-dang/" + goods.Slug), "/gui-duyet");
        Assert.Equal(("submitted", 0, "Mận hậu hái tay."), await market.Db.SingleAsync<(string, int, string)>("""
            select l.status, cardinality(l.returned_parts), v.description from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.version where l.slug = @Slug
            """, new { goods.Slug }));
    }

    [Theory]
    [InlineData("photo")]
    [InlineData("name")]
    [InlineData("text")]
    [InlineData("pack")]
    [InlineData("certificates")]
    [InlineData("origin")]
    public async Task Every_part_that_can_be_returned_leads_to_something_that_is_there(string part)
    {
        var goods = await GoodsAsync();
        await market.Db.ExecuteAsync("update catalog.listing set status = 'returned', status_reason = 'Sửa lại', returned_parts = array[@part] where id = @ListingId", new { part, goods.ListingId });
        var seller = await market.SignInAsync(goods.Seller);
        var page = await seller.GetAsync("/quan-ly/tin-dang/" + goods.Slug);
        var link = page.Page.QuerySelector(".notice--bad a")!.GetAttribute("href")!;
        var there = await seller.GetAsync(link.Split('#')[0]);
        Assert.Equal(HttpStatusCode.OK, there.Status);
        Assert.True(there.Page.GetElementById(link.Split('#')[1]) is not null, link);
    }

    private async Task<Goods> GoodsAsync() => await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 20);

    private Task<int> SellableAsync(Goods goods) => market.Db.SingleAsync<int>("select count(*)::int from catalog.search_entry where listing_id = @ListingId and sellable", new { goods.ListingId });

    private async Task InAsync(Goods goods, Func<SonLaMarket.Foundation.Data.Tx, Actor, Task<bool>> change)
    {
        await using var tx = await market.Db.BeginAsync();
        Assert.True(await change(tx, new Actor(goods.Seller.PersonId, Roles.Seller)));
        await tx.CommitAsync();
    }

    /// <summary>What a person has to look at: names of fields, a group of choices once.</summary>
    private static string[] Fields(Answer page) => [.. page.Page.QuerySelectorAll("main .field :is(input, select, textarea)[name]").Where(f => f.GetAttribute("type") != "hidden").Select(f => f.GetAttribute("name")!).Distinct().Order(StringComparer.Ordinal)];
}
