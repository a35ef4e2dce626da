using AngleSharp.Dom;
using SonLaMarket.Catalog;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>The day a parcel arrives follows the hour of the order, the days of harvest and packing, and the way.</summary>
public sealed class DeliveryDateTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    /// <summary>Packed on Tuesdays and Fridays, orders until 15:00.</summary>
    private static readonly DeliveryTerms Terms = new(0, 1, 2, 4, 15, [2, 5], 0);

    private static readonly DeliveryTable Table = new(1, Terms, []);

    [Theory]
    // Tuesday, 1 December 2026.
    [InlineData("2026-12-01T14:59:59+07:00", "2026-12-01")]
    [InlineData("2026-12-01T15:00:00+07:00", "2026-12-04")]
    [InlineData("2026-12-02T08:00:00+07:00", "2026-12-04")]
    [InlineData("2026-12-04T15:00:00+07:00", "2026-12-08")]
    // Still Monday in Greenwich.
    [InlineData("2026-11-30T20:00:00Z", "2026-12-01")]
    public void A_parcel_is_handed_over_on_the_next_day_of_packing(string ordered, string day) =>
        Assert.Equal(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), Terms.HandedOver(DateTimeOffset.Parse(ordered, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("14", "2026-12-02")]
    [InlineData("01", "2026-12-03")]
    [InlineData("37", "2026-12-03")]
    [InlineData("38", "2026-12-05")]
    [InlineData("79", "2026-12-05")]
    public void The_way_follows_the_zone(string province, string day) =>
        Assert.Equal(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture), Table.DeliverBy(province, new DateTimeOffset(2026, 12, 1, 8, 0, 0, TimeSpan.FromHours(7))));

    [Fact]
    public async Task Every_province_lies_in_a_zone_and_the_three_are_used()
    {
        var zones = (await market.Db.QueryAsync<string>("select code from foundation.province")).GroupBy(DeliveryZone.Of).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        Assert.Equal((1, 14, 19), (zones[DeliveryZone.Province], zones[DeliveryZone.North], zones[DeliveryZone.Country]));
    }

    [Fact]
    public async Task The_seller_sets_days_of_packing_and_the_cart_promises_by_them()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 9);
        var browser = await market.SignInAsync(seller);
        var form = await browser.GetAsync("/quan-ly/giao-hang");
        var fields = Browser.Fields(form.Page.QuerySelectorAll<AngleSharp.Html.Dom.IHtmlFormElement>("form").First(f => f.GetAttribute("action") == "/quan-ly/giao-hang"));
        fields.Remove("PackDays");
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/quan-ly/giao-hang", fields)).Status);
        var today = DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7));
        // Only tomorrow's day of the week, nothing to get ready: handed over tomorrow, two days on the way.
        fields["PackDays"] = $"{(int)today.DayOfWeek + 1}";
        fields["ReadyDays"] = "0";
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await browser.PostAsync("/quan-ly/giao-hang", fields)).Status);
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/gio-hang"), "/gio-hang/noi-giao", ("address-level1", "14"));
        Assert.Contains(today.AddDays(3).ToString("dd'/'MM'/'yyyy", System.Globalization.CultureInfo.InvariantCulture), (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parcel_is_filled_from_lots_that_are_good_when_it_arrives_and_what_is_fetched_sooner_from_those_that_end_sooner()
    {
        const long box = 5_000;
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 1);
        var today = SonLaMarket.Foundation.Text.Vietnamese.Today(market.Site.Clock);
        // In three days it is there: one lot ends the day before, one on that day.
        var ends = await Catalog.ModelShelf.AddLotAsync(market, goods, 2 * box, 2);
        var arrives = await Catalog.ModelShelf.AddLotAsync(market, goods, 1 * box, 3);
        var first = await new Buyer(market.Site).WithAsync(goods, 4);
        Assert.DoesNotContain("Chỉ còn", (await first.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        await first.DetailsAsync("cod");
        Assert.Contains("Chỉ còn 2", (await first.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);

        await (await new Buyer(market.Site).WithAsync(goods, 2)).PlaceAsync("cod");
        Assert.Equal([arrives, goods.LotCode], await LotsAsync());
        Assert.Contains("Hàng còn lại hết hạn trước ngày " + SonLaMarket.Foundation.Text.Vietnamese.Date(today.AddDays(3)), (await first.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        Assert.Equal(2, await market.Db.SingleAsync<int>("select count(*)::int from catalog.reservation r join origin.lot o on o.id = r.lot_id where o.code in (@arrives, @LotCode) and r.state = 'held'", new { arrives, goods.LotCode }));

        // Somebody fetches it tomorrow.
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        var fetched = await market.Site.Get<Stock>().ReserveAsync(tx, [new("sub-order:FETCHED-1", [new(goods.ListingId, 1)], null, today.AddDays(1))]);
        Assert.Equal(ends, Assert.Single(Assert.IsType<ReserveOutcome.Reserved>(fetched).Shares).LotCode);

        Task<List<string>> LotsAsync() => market.Db.QueryAsync<string>("""
            select o.code from orders.line_lot x join origin.lot o on o.id = x.lot_id join orders.line l on l.id = x.line_id where l.listing_id = @ListingId order by o.best_before nulls last
            """, new { goods.ListingId });
    }
}
