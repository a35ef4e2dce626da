using System.Net;
using System.Text;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Exports;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>Live listings with what may be wrong with them: every filter finds its own, page and CSV alike.</summary>
public sealed class MonitorTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Page = "/so-cong-thuong/giam-sat";
    private static readonly Actor Officer = new(null, Roles.Officer);
    private readonly Office office = new(market);

    [Fact]
    public async Task Each_filter_finds_its_own_listings_with_counts_and_the_csv_says_the_same()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var seller = await market.Shop.SellerAsync(online: false);
        var other = await market.Shop.SellerAsync(online: false);
        var today = Vietnamese.Today(market.Site.Clock);
        var sound = await market.Shop.GoodsAsync(seller, 3, 100_000);
        await market.Shop.GoodsAsync(seller, 3, 110_000);
        var dear = await market.Shop.GoodsAsync(other, 3, 900_000);
        var expired = await market.Shop.GoodsAsync(seller, 3, 100_000);
        await office.CertifyAsync(expired, today.AddDays(-1));
        var expiring = await market.Shop.GoodsAsync(seller, 3, 100_000);
        await office.CertifyAsync(expiring, today.AddDays(30));
        var lasting = await market.Shop.GoodsAsync(seller, 3, 100_000);
        await office.CertifyAsync(lasting, today.AddDays(31));
        var (later, latest) = (await market.Shop.GoodsAsync(seller, 3, 100_000), await market.Shop.GoodsAsync(seller, 3, 100_000));
        await office.CertifyAsync(later, today.AddDays(61));
        await office.CertifyAsync(latest, today.AddDays(91));
        var bare = await market.Shop.GoodsAsync(seller, 3, 100_000, supplied: false);
        var (blocked, recalled) = (await market.Shop.GoodsAsync(seller, 3, 100_000), await market.Shop.GoodsAsync(seller, 3, 100_000));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, blocked.LotId, "officer", null, null, "Chờ kiểm nghiệm", Officer));
            Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [recalled.LotCode], "Phát hiện dư lượng thuốc", "", Officer));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Db.ExecuteAsync("update catalog.listing set approved_at = approved_at - interval '40 days' where slug = @Slug", sound);

        await FindsAsync(browser, "?gia=xa", dear.Slug);
        await FindsAsync(browser, "?chung-nhan=het", expired.Slug);
        await FindsAsync(browser, "?chung-nhan=sap-het", expiring.Slug);
        await FindsAsync(browser, "?chung-nhan=60", lasting.Slug, expiring.Slug);
        await FindsAsync(browser, "?chung-nhan=90", later.Slug, lasting.Slug, expiring.Slug);
        await FindsAsync(browser, "?lo=khong", bare.Slug);
        await FindsAsync(browser, "?lo=chan", blocked.Slug);
        await FindsAsync(browser, "?lo=thu-hoi", recalled.Slug);
        await FindsAsync(browser, "?ngay=30", sound.Slug);
        await FindsAsync(browser, $"?co-so={other.Slug}", dear.Slug);
        await FindsAsync(browser, $"?co-so={other.Slug}&chung-nhan=het");
        await FindsAsync(browser, $"?xa=03646&gia=xa&trang-thai=approved", dear.Slug);
        await FindsAsync(browser, "?xa=03700");
        var text = (await browser.GetAsync(Page)).Text;
        foreach (var count in new[] { "1 chứng nhận hết hạn", "1 hết hạn trong 30 ngày", "2 hết hạn trong 60 ngày", "3 hết hạn trong 90 ngày", "chứng nhận còn 61 ngày", "1 không có lô bán", "1 có lô bị chặn", "1 có lô thu hồi", "1 giá xa trung vị nhóm" })
            Assert.Contains(count, text, StringComparison.Ordinal);
        Assert.Contains("Fresh fruit", (await browser.GetAsync("/en" + Page)).Page.QuerySelector("tbody")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_is_rfc_4180_with_bom_and_no_cell_is_a_formula()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var titles = new[] { "=HYPERLINK(\"x\",\"y\")", "+84 mận", "-1 mận", "@SUM(A1) mận", "Mận \"hậu\", đỏ" };
        var bytes = Array.Empty<byte>();
        foreach (var title in titles)
        {
            await market.Db.ExecuteAsync("update catalog.listing_version set title = @title where listing_id = @ListingId", new { title, goods.ListingId });
            bytes = await CsvAsync(browser, $"?co-so={goods.Seller.Slug}");
            var row = Assert.Single(LibreOffice.Rows(Encoding.UTF8.GetString(bytes.AsSpan(3))));
            Assert.Equal(title[0] is '=' or '+' or '-' or '@' ? "'" + title : title, row["tieu_de"]);
        }
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var lines = Encoding.UTF8.GetString(bytes.AsSpan(3)).Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[^1]);
        Assert.DoesNotContain('\n', string.Concat(lines));
    }

    [Fact]
    public async Task Suspension_wants_a_reason_takes_the_listing_down_at_once_and_works_once()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var anybody = market.Site.Open();
        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync("/san-pham/" + goods.Slug)).Status);
        var query = $"?co-so={goods.Seller.Slug}";
        var page = await browser.GetAsync(Page + query);
        var action = $"/{goods.Slug}/tam-ngung{query}";
        var refused = await browser.SubmitAsync(page, action, ("reason", "sai"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("sai", refused.Page.QuerySelector($"input#reason-{goods.Slug}")!.GetAttribute("value"));

        var done = await browser.SubmitAsync(refused, action, ("reason", "Ảnh không đúng sản phẩm"));
        Assert.Equal((HttpStatusCode.SeeOther, Page + query), (done.Status, done.Location));
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(refused, action, ("reason", "Ảnh không đúng sản phẩm"))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync("/san-pham/" + goods.Slug + "?")).Status);
        Assert.Equal(("suspend", officer.PersonId), await market.Db.SingleAsync<(string, long?)>("select decision, officer_id from supervision.decision where subject = @Slug", goods));
        await FindsAsync(browser, query + "&trang-thai=suspended", goods.Slug);
    }

    private static async Task FindsAsync(Browser browser, string query, params string[] slugs)
    {
        var page = await browser.GetAsync(Page + query);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        var shown = page.Page.QuerySelectorAll("table.data tbody td:first-child a").Select(a => a.GetAttribute("href")!.Split('/')[^2]);
        Assert.Equal(slugs, shown);
        var csv = LibreOffice.Rows(Encoding.UTF8.GetString((await CsvAsync(browser, query)).AsSpan(3)));
        Assert.Equal(slugs, csv.Select(r => r["slug"]));
    }

    private static async Task<byte[]> CsvAsync(Browser browser, string query)
    {
        var csv = await browser.GetAsync(Page + ".csv" + query);
        Assert.Equal("text/csv", csv.Message.Content.Headers.ContentType!.MediaType);
        return await csv.Message.Content.ReadAsByteArrayAsync();
    }
}
