using System.Net;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>The public page of a producer: who, where, since when, what was checked, what it sells.</summary>
public sealed class ProducerPageTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("/en")]
    public async Task It_says_who_where_since_when_and_what_it_sells(string language)
    {
        var stall = await Stall.OpenAsync(market);
        var page = await market.Site.Open().GetAsync($"{language}/co-so/{stall.Seller.Slug}");
        Assert.Equal(stall.Seller.Name, page.Page.QuerySelector("h1")!.TextContent);
        Assert.Contains(Vietnamese.Date(Vietnamese.Today(market.Site.Clock)), page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Page.QuerySelector($".tile__link[href='{language}/san-pham/{stall.Slug}']"));
        Assert.NotNull(page.Page.QuerySelector($"a[href='{language}/lo/{stall.LotCode}']"));
        Assert.Contains(Stall.Certificate, page.Text, StringComparison.Ordinal);
        var organisation = page.Data()["Organization"].Single();
        Assert.Equal(stall.Seller.Name, (string)organisation["name"]!);
        Assert.Null(organisation["telephone"]);
        Assert.Contains((string)organisation["address"]!["addressLocality"]!, page.Text, StringComparison.Ordinal);
        Assert.Equal(page.Page.QuerySelectorAll(".crumbs li").Select(l => l.TextContent.Trim()), page.Data()["BreadcrumbList"].Single()["itemListElement"]!.AsArray().Select(i => (string)i!["name"]!));
    }

    [Fact]
    public async Task Its_commune_is_drawn_among_its_neighbours_and_the_caption_says_the_same()
    {
        var stall = await Stall.OpenAsync(market);
        var figure = (await market.Site.Open().GetAsync("/co-so/" + stall.Seller.Slug)).Page.QuerySelector("figure.where")!;
        Assert.Equal("Tô Hiệu", figure.QuerySelector(".map-name")!.TextContent);
        Assert.Equal(2, figure.QuerySelectorAll(".map-here").Length);
        Assert.StartsWith("Phường Tô Hiệu, tỉnh Sơn La (trước đây thuộc Thành phố Sơn La). Giáp: ", figure.QuerySelector("figcaption")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Chiềng An", figure.QuerySelector("figcaption")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_one_round_trip()
    {
        var (first, second) = (await Stall.OpenAsync(market), await Stall.OpenAsync(market));
        await market.Site.Open().GetAsync("/co-so/" + first.Seller.Slug);
        Assert.Equal(1, await market.Database.CommandsAsync(() => market.Site.Open().GetAsync("/co-so/" + second.Seller.Slug)));
    }

    [Fact]
    public async Task Unknown_is_404_and_suspended_is_410()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/co-so/khong-co")).Status);
        var stall = await Stall.OpenAsync(market);
        await market.Db.ExecuteAsync("update producers.producer set status = 'suspended', public_version = null where id = @ProducerId", new { stall.Seller.ProducerId }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync("/co-so/" + stall.Seller.Slug)).Status);
    }
}
