using System.Net;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>Headers that every answer carries, and how public and private pages may be kept (docs/contract.md, sections 2 and 6).</summary>
public sealed class HeaderTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; form-action 'self' http://localhost:5081; base-uri 'none'; frame-ancestors 'none'";

    [Fact]
    public async Task Every_answer_carries_them()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        var css = (await market.Site.Open().GetAsync("/")).Page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!;
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        foreach (var path in new[] { "/", "/san-pham", "/san-pham/" + goods.Slug, "/lo/" + goods.LotCode, "/co-so/" + goods.Seller.Slug, "/khong-co", "/quan-ly", "/so-cong-thuong", "/thanh-toan", "/vnpay/ipn", "/feeds/google-merchant.xml", "/health/live", "/robots.txt", css })
        {
            var answer = await browser.GetAsync(path);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Contains(Header(answer, "Referrer-Policy"), (string[])["strict-origin-when-cross-origin", "no-referrer"]);
            Assert.Equal("same-origin", Header(answer, "Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
            Assert.Equal("camera=(self), geolocation=(self), microphone=(), payment=(), usb=()", Header(answer, "Permissions-Policy"));
            Assert.False(answer.Message.Headers.Contains("Server"));
            if (answer.Message.Content.Headers.ContentType?.MediaType == "text/html")
                Assert.Equal(Policy, System.Text.RegularExpressions.Regex.Replace(Header(answer, "Content-Security-Policy"), "style-src 'self' 'sha256-[^']*'", "style-src 'self'"));
        }
    }

    [Fact]
    public async Task Anonymous_pages_are_checked_by_their_tag_and_signed_in_ones_are_never_kept()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        foreach (var path in new[] { "/", "/san-pham", "/san-pham/" + goods.Slug, "/lo/" + goods.LotCode, "/thu-hoi", "/en/lo/" + goods.LotCode })
        {
            var first = await market.Site.Open().GetAsync(path);
            Assert.Equal("no-cache", Header(first, "Cache-Control"));
            var again = await market.Site.Open().GetAsync(path, ("If-None-Match", Header(first, "ETag")));
            Assert.Equal(HttpStatusCode.NotModified, again.Status);
            Assert.Equal("", again.Body);
            Assert.Contains("Accept", string.Join(',', first.Message.Headers.Vary), StringComparison.Ordinal);
        }
        var (browser, _, _) = await market.SignInAsync(Roles.Buyer);
        foreach (var path in new[] { "/tai-khoan", "/gio-hang", "/dang-nhap", "/don-hang" })
            Assert.Contains("no-store", Header(await browser.GetAsync(path), "Cache-Control"), StringComparison.Ordinal);
        Assert.Contains("private", Header(await browser.GetAsync("/"), "Cache-Control"), StringComparison.Ordinal);
    }

    /// <summary>What changes is seen at once, not after the minute that a page may be kept.</summary>
    [Fact]
    public async Task A_change_evicts_the_page_of_everybody()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2, 111_000);
        Assert.Contains("111.000", (await market.Site.Open().GetAsync("/san-pham/" + goods.Slug)).Text, StringComparison.Ordinal);
        await using (var tx = await market.Db.BeginAsync())
        {
            await market.Site.Get<SonLaMarket.Catalog.Listings>().UpdateAsync(tx, goods.Slug, new("Mận đổi giá", "", "box", 5_000, 99_000, [], 1), goods.Seller.PersonId, new(goods.Seller.PersonId, Roles.Seller));
            await tx.CommitAsync();
        }
        for (var tries = 0; ; tries++)
        {
            if ((await market.Site.Open().GetAsync("/san-pham/" + goods.Slug)).Text.Contains("99.000", StringComparison.Ordinal))
                break;
            Assert.True(tries < 100, "the old price stayed");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static string Header(Answer answer, string name) =>
        answer.Message.Headers.TryGetValues(name, out var values) || answer.Message.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";
}
