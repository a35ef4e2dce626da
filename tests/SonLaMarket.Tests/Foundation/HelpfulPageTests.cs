using System.Net;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>A wrong address of a cacheable page leads somewhere, as that of any other page does.</summary>
public sealed class HelpfulPageTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("/san-pham/khong-co", "Không tìm thấy trang này")]
    [InlineData("/co-so/khong-co", "Không tìm thấy trang này")]
    [InlineData("/khong-co", "Không tìm thấy trang này")]
    [InlineData("/en/san-pham/khong-co", "This page was not found")]
    public async Task An_unknown_address_gets_a_page_with_ways_onward(string path, string heading)
    {
        var page = await market.Site.Open().GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Contains(heading, page.Text, StringComparison.Ordinal);
        Assert.Contains("/san-pham\"", page.Body, StringComparison.Ordinal);
    }

    /// <summary>What a form says below a field while somebody types.</summary>
    [Theory]
    [InlineData("/doc-lai?loai=money&chu=35k&moi=kg", "ba mươi lăm nghìn đồng một kg")]
    [InlineData("/doc-lai?loai=money&chu=175.000&moi=h%E1%BB%99p&gam=5000", "một trăm bảy mươi lăm nghìn đồng một hộp (35.000 ₫/kg)")]
    [InlineData("/en/doc-lai?loai=money&chu=35k&moi=kg", "35.000 ₫ per kg")]
    [InlineData("/doc-lai?loai=weight&chu=2%20t%E1%BA%A1", "200 kg")]
    [InlineData("/doc-lai?loai=money&chu=ba%20m%C6%B0%C6%A1i", "")]
    [InlineData("/doc-lai?loai=gi&chu=35k", "")]
    public async Task What_is_typed_is_read_back_in_words(string path, string words)
    {
        var answer = await market.Site.Open().GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "text/plain", words), (answer.Status, answer.Message.Content.Headers.ContentType!.MediaType, answer.Body.Replace('\u00a0', ' ')));
    }

    [Fact]
    public async Task A_suspended_listing_is_gone_and_says_so()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3);
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<Listings>().SuspendAsync(tx, goods.Slug, "Thử", new Actor(null, Roles.Officer)));
            await tx.CommitAsync();
        }
        var page = await market.Site.Open().GetAsync("/san-pham/" + goods.Slug);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.Contains("Sản phẩm này không còn trên sàn", page.Text, StringComparison.Ordinal);
    }
}
