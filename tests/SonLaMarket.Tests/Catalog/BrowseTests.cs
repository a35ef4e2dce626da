using System.Net;
using System.Text.Json;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Tests.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>Search and filters of the list (docs/contract.md, section 2), asked as programs ask and as people do.</summary>
public sealed class BrowseTests(BrowseTests.Shelves shelves) : IClassFixture<BrowseTests.Shelves>
{
    [Theory]
    [InlineData("xoai tron yen chau", "Xoài tròn Yên Châu")]
    [InlineData("XOÀI", "Xoài tròn Yên Châu")]
    [InlineData("duong phen", "Đường phên Phù Yên")]
    [InlineData("đường phên", "Đường phên Phù Yên")]
    [InlineData("dau tay", "Dâu tây Mai Sơn")]
    public async Task Words_are_found_with_and_without_their_marks(string typed, string title) =>
        Assert.Contains(title, await TitlesAsync("q=" + Uri.EscapeDataString(typed)), StringComparer.Ordinal);

    /// <summary>"dưa" (melon), "dứa" (pineapple), "dừa" (coconut) are one word without marks: typed with marks, the very word stands first.</summary>
    [Theory]
    [InlineData("dưa", "Dưa lưới Mộc Châu")]
    [InlineData("dứa", "Dứa mật Mộc Châu")]
    [InlineData("dừa", "Dừa xiêm Mộc Châu")]
    public async Task Exact_marks_rank_first(string typed, string title)
    {
        var found = await TitlesAsync("q=" + Uri.EscapeDataString(typed));
        Assert.Equal(title, found[0]);
        Assert.Equal(3, found.Count);
        Assert.Equal(3, (await TitlesAsync("q=dua")).Count);
    }

    [Fact]
    public async Task The_producer_and_the_place_are_found_too_also_by_its_name_of_before()
    {
        var former = await shelves.Market.Db.SingleAsync<string>("select name from foundation.former_commune where commune_code = '03646' limit 1");
        Assert.NotEmpty(await TitlesAsync("q=" + Uri.EscapeDataString(former)));
        Assert.NotEmpty(await TitlesAsync("q=" + Uri.EscapeDataString(shelves.Seller.Name)));
    }

    [Fact]
    public async Task Each_filter_keeps_its_own()
    {
        Assert.Equal(["Chè Shan tuyết Tà Xùa"], await TitlesAsync("nhom=tea"));
        Assert.Contains("Chè Shan tuyết Tà Xùa", await TitlesAsync("nhom=drink"), StringComparer.Ordinal);
        Assert.Equal(["Mận hậu có chứng nhận"], await TitlesAsync("chung-nhan=" + shelves.CertificateKind));
        Assert.Equal(["Mận hậu có chứng nhận"], await TitlesAsync("sao=4"));
        Assert.Empty(await TitlesAsync("sao=5"));
        Assert.Contains("Dâu tây Mai Sơn", await TitlesAsync("mua=2&q=dau+tay"), StringComparer.Ordinal);
        Assert.DoesNotContain("Dâu tây Mai Sơn", await TitlesAsync("mua=8&q=dau+tay"), StringComparer.Ordinal);
        Assert.Equal(["Nho Hạ Đen đắt"], await TitlesAsync("gia-tu=900000"));
        Assert.Equal(["Muối chấm rẻ"], await TitlesAsync("gia-den=20k"));
        Assert.Empty(await TitlesAsync("xa=03650&q=xoai"));
        Assert.NotEmpty(await TitlesAsync("xa=03646&q=xoai"));
    }

    [Theory]
    [InlineData("gia-tang")]
    [InlineData("gia-giam")]
    [InlineData("moi")]
    [InlineData("phu-hop&q=mẫu")]
    public async Task Pages_of_24_follow_each_other_without_losing_or_repeating_anything(string order)
    {
        var seen = new List<(string Slug, long Price)>();
        for (var path = "/san-pham?xep=" + order; path is not null;)
        {
            var page = await JsonAsync(path);
            var items = page.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("slug").GetString()!, i.GetProperty("priceVnd").GetInt64())).ToList();
            Assert.True(items.Count <= 24);
            seen.AddRange(items);
            path = page.GetProperty("next").GetString() is { } next ? new Uri(next).PathAndQuery : null;
            Assert.True(path is null || items.Count == 24);
        }
        Assert.Equal(await shelves.Market.Db.SingleAsync<int>("select count(*)::int from catalog.search_entry where sellable"), seen.Count);
        Assert.Equal(seen.Count, seen.Select(s => s.Slug).Distinct(StringComparer.Ordinal).Count());
        if (order.StartsWith("gia", StringComparison.Ordinal))
            Assert.Equal(order == "gia-tang" ? seen.Select(s => s.Price).Order() : seen.Select(s => s.Price).OrderDescending(), seen.Select(s => s.Price));
    }

    /// <summary>Exactly these fields: programs of others read them.</summary>
    [Fact]
    public async Task The_list_as_json_has_the_fields_of_the_contract()
    {
        var page = await JsonAsync("/san-pham?chung-nhan=" + shelves.CertificateKind);
        Assert.Equal(["items", "next"], page.EnumerateObject().Select(p => p.Name));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        var item = page.GetProperty("items").EnumerateArray().Single();
        Assert.Equal(["slug", "name", "priceVnd", "unit", "producer", "commune", "certificates", "stars", "inSeason", "stock", "gtin", "url"], item.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["slug", "name"], item.GetProperty("producer").EnumerateObject().Select(p => p.Name));
        Assert.Equal(7, item.GetProperty("stock").GetInt32());
        Assert.Equal(4, item.GetProperty("stars").GetInt32());
        Assert.True(item.GetProperty("inSeason").GetBoolean());
        Assert.Equal(shelves.CertificateKind, item.GetProperty("certificates").EnumerateArray().Single().GetString());
        Assert.Equal("http://localhost/san-pham/" + item.GetProperty("slug").GetString(), item.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Nothing_found_says_so_and_leads_on()
    {
        var page = await shelves.Market.Site.Open().GetAsync("/san-pham?q=zzqqxxw");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.NotNull(page.Page.QuerySelector("main a[href='/san-pham']"));
    }

    [Fact]
    public async Task The_english_list_stands_under_en()
    {
        var page = await shelves.Market.Site.Open().GetAsync("/en/san-pham?q=xoai");
        Assert.Equal("en", page.Page.DocumentElement.GetAttribute("lang"));
        Assert.All(page.Page.QuerySelectorAll("a.tile__link"), a => Assert.StartsWith("/en/san-pham/", a.GetAttribute("href"), StringComparison.Ordinal));
    }

    private async Task<List<string>> TitlesAsync(string query) =>
        [.. (await JsonAsync("/san-pham?" + query)).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()!)];

    private async Task<JsonElement> JsonAsync(string path)
    {
        var answer = await shelves.Market.Site.Open().GetAsync(path, ("Accept", "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Message.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    /// <summary>Some sixty listings of one seller, a few of them made to be found.</summary>
    public sealed class Shelves(PostgresFixture postgres) : IAsyncLifetime
    {
        internal MarketFixture Market { get; } = new(postgres);

        internal Seller Seller { get; private set; } = null!;

        public string CertificateKind { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            await Market.InitializeAsync();
            Seller = await Market.Shop.SellerAsync();
            foreach (var title in new[] { "Xoài tròn Yên Châu", "Đường phên Phù Yên", "Dưa lưới Mộc Châu", "Dứa mật Mộc Châu", "Dừa xiêm Mộc Châu" })
                await Market.Shop.GoodsAsync(Seller, 3, title: title);
            await Market.Shop.GoodsAsync(Seller, 3, title: "Dâu tây Mai Sơn", months: [1, 2, 3]);
            await Market.Shop.GoodsAsync(Seller, 3, title: "Chè Shan tuyết Tà Xùa", group: "tea");
            await Market.Shop.GoodsAsync(Seller, 3, 950_000, "Nho Hạ Đen đắt");
            await Market.Shop.GoodsAsync(Seller, 3, 15_000, "Muối chấm rẻ");
            var certified = await Market.Shop.GoodsAsync(Seller, 7, title: "Mận hậu có chứng nhận");
            await new Office(Market).CertifyAsync(certified, Vietnamese.Today(Market.Site.Clock).AddDays(30));
            await Market.Db.ExecuteAsync("update producers.certificate set stars = 4");
            await SonLaMarket.Catalog.SearchEntries.RebuildAsync(Market.Db, Vietnamese.Today(Market.Site.Clock));
            CertificateKind = await Market.Db.SingleAsync<string>("select kind_code from producers.certificate");
            for (var i = 0; i < 46; i++)
                await Market.Shop.GoodsAsync(Seller, 1, 100_000 + i % 7 * 1_000);
        }

        public ValueTask DisposeAsync() => Market.DisposeAsync();
    }
}
