using System.Text.Json;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>Every rule of the public page alone decides between two listings that are otherwise the same, against the day of approval.</summary>
public sealed class RankingTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Plain = "called = 'Bưởi', title = 'Bưởi hồng', belongs = 'HTX mẫu Trái cây sấy', place = 'Xã Mộc Châu', category_slug = 'dried-fruit', commune_code = '03646', certificate_kinds = '{}', stock_units = 0, season_months = '{13}'";

    [Theory]
    [InlineData("other words too", "bưởi zalora", "belongs = belongs || ' Zalora'", "belongs = belongs")]
    [InlineData("all words of the goods in the name", "bưởi ruby", "title = 'Bưởi Ruby'", "belongs = belongs || ' Ruby'")]
    [InlineData("the marks that were typed", "bưởi", "called = 'Quả bưởi'", "called = 'Quả buồi', title = 'Quả bươi'")]
    [InlineData("as typed without marks", "ruby", "called = 'Quả ruby'", "called = 'Quả rủby', title = 'Quả rủby'")]
    [InlineData("the name begins with it", "bưởi", "called = 'Bưởi tím'", "called = 'Tím bưởi'")]
    [InlineData("the place of the records", "bưởi suối tọ", "place = 'Xã Suối Tọ', commune_code = (select code from foundation.commune where full_name = 'Xã Suối Tọ')", "title = 'Bưởi Suối Tọ'")]
    [InlineData("the certificate of the records", "bưởi vietgap", "belongs = 'VietGAP', certificate_kinds = '{vietgap-crop}'", "title = 'Bưởi VietGAP'")]
    [InlineData("the group of the records", "gia vị", "belongs = 'Gia vị', category_slug = 'spice'", "title = 'Bưởi làm gia vị'")]
    [InlineData("lesser words", "bưởi 7 kg", "title = 'Bưởi hồng 7 kg'", "title = 'Bưởi hồng'")]
    [InlineData("in stock", "bưởi", "stock_units = 5", "stock_units = 0")]
    [InlineData("fresh", "bưởi", "category_slug = 'fresh-fruit'", "category_slug = 'dried-fruit'")]
    [InlineData("all year", "bưởi", "season_months = '{}'", "season_months = '{13}'")]
    [InlineData("the producer's name has the words", "pơ mu", "belongs = 'HTX Pơ Mu'", "belongs = 'HTX Pò Mú'")]
    public async Task One_rule_decides(string rule, string query, string better, string worse)
    {
        var seller = await market.Shop.SellerAsync();
        var first = await market.Shop.GoodsAsync(seller, 5);
        var second = await market.Shop.GoodsAsync(seller, 5);
        await market.Db.ExecuteAsync("update catalog.search_entry set sellable = false");
        foreach (var (goods, change, day) in new[] { (first, better, "2025-01-01"), (second, worse, "2026-01-01") })
        {
            await market.Db.ExecuteAsync($"update catalog.search_entry set {Plain}, published_at = '{day}', sellable = true where listing_id = @ListingId", new { goods.ListingId });
            await market.Db.ExecuteAsync($"update catalog.search_entry set {change} where listing_id = @ListingId", new { goods.ListingId });
        }
        var answer = await market.Site.Open().GetAsync($"/san-pham?q={Uri.EscapeDataString(query)}", ("Accept", "application/json"));
        var shown = JsonDocument.Parse(answer.Body).RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString());
        Assert.Equal([first.Slug, second.Slug], shown);
        Assert.NotEmpty(rule);
    }
}
