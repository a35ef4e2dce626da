using System.Text.Json;
using Gs1;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>What happened to a lot, as events shaped after EPCIS 2.0 that only grow in number.</summary>
public sealed class HistoryTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly string[] Needed = ["type", "eventTime", "eventTimeZoneOffset", "action", "bizStep", "readPoint", "bizLocation", "quantityList"];

    [Fact]
    public async Task Every_event_says_what_where_when_why_and_who_and_has_the_hash_of_its_content()
    {
        var goods = await LivedAsync();
        var rows = await market.Db.QueryAsync<(string Document, string Hash, string VouchedBy, long? PersonId, string BizStep)>(
            "select document::text, event_hash, vouched_by, person_id, biz_step from origin.event where lot_id = @LotId order by recorded_at, id", new { goods.LotId });
        Assert.Equal(["commissioning", "irrigation", "harvest", "holding"], rows.Select(r => r.BizStep));
        Assert.Equal(["producer", "producer", "producer", "officer"], rows.Select(r => r.VouchedBy));
        Assert.All(rows, r => Assert.NotNull(r.PersonId));
        foreach (var row in rows)
        {
            var document = JsonDocument.Parse(row.Document).RootElement;
            Assert.Superset(Needed.ToHashSet(StringComparer.Ordinal), document.EnumerateObject().Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
            Assert.Equal("+07:00", document.GetProperty("eventTimeZoneOffset").GetString());
            Assert.EndsWith("+07:00", document.GetProperty("eventTime").GetString(), StringComparison.Ordinal);
            Assert.Contains(goods.LotCode, document.GetProperty("quantityList")[0].GetProperty("epcClass").GetString(), StringComparison.Ordinal);
            Assert.Equal(row.Hash, EventHash.Compute(document, EpcisContext.ForHost("http://localhost")));
        }
    }

    [Fact]
    public async Task The_trace_page_tells_who_vouches_for_each_fact()
    {
        var goods = await LivedAsync();
        var page = await market.Site.Open().GetAsync("/lo/" + goods.LotCode);
        Assert.Contains("thu hồi", page.Page.QuerySelector("h1")!.TextContent, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Dư lượng vượt mức cho phép.", page.Text, StringComparison.Ordinal);
        Assert.Contains(goods.Seller.Name, page.Text, StringComparison.Ordinal);
        var healthy = await market.Shop.GoodsAsync(goods.Seller, 2);
        var verdict = (await market.Site.Open().GetAsync("/lo/" + healthy.LotCode)).Page.QuerySelector("h1")!.ParentElement!.TextContent;
        Assert.Contains(healthy.LotCode, verdict, StringComparison.Ordinal);
        Assert.Contains("Sở Công Thương đã kiểm tra hồ sơ cơ sở ngày", verdict, StringComparison.Ordinal);
        Assert.Contains("cơ sở khai", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Tưới buổi sáng", page.Text, StringComparison.Ordinal);
        foreach (var never in new[] { "hàng thật", "chính hãng", "đạt chuẩn", "an toàn" })
            Assert.DoesNotContain(never, page.Text, StringComparison.OrdinalIgnoreCase);
        var english = await market.Site.Open().GetAsync("/en/lo/" + goods.LotCode);
        Assert.Equal("en", english.Page.DocumentElement.GetAttribute("lang"));
        Assert.Contains("recall", english.Page.QuerySelector("h1")!.TextContent, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_register_of_recalls_is_open_to_everybody_in_both_languages()
    {
        var goods = await LivedAsync();
        foreach (var path in new[] { "/thu-hoi", "/en/thu-hoi" })
        {
            var page = await market.Site.Open().GetAsync(path);
            Assert.Contains(goods.LotCode, page.Text, StringComparison.Ordinal);
            Assert.Contains("Dư lượng vượt mức cho phép.", page.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("KHONG-CO-LO")]
    [InlineData("a b")]
    [InlineData("%3Cscript%3Ealert(1)%3C")]
    public async Task A_code_of_nobody_is_said_to_be_none_of_ours_and_can_be_reported(string code)
    {
        var browser = market.Site.Open();
        var page = await browser.GetAsync("/lo/" + code);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, page.Status);
        Assert.Contains("không do sàn cấp", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
        var machine = await browser.GetAsync("/lo/" + code, ("Accept", "application/json"));
        Assert.Equal((System.Net.HttpStatusCode.NotFound, "application/problem+json"), (machine.Status, machine.Message.Content.Headers.ContentType!.MediaType));
        var sent = await browser.SubmitAsync(page, "/lo/bao-tem-la", ("Note", "Tem dán trên hộp mận ở chợ"));
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, sent.Status);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from origin.problem_report where code = @code and note like 'Tem dán%'", new { code = Uri.UnescapeDataString(code) }));
    }

    [Fact]
    public async Task A_flood_of_reports_about_one_code_is_slowed_down()
    {
        var browser = market.Site.Open();
        var page = await browser.GetAsync("/lo/TEM-LA-NHIEU-LAN");
        Answer last = page;
        for (var i = 0; i < 21; i++)
            last = await browser.SubmitAsync(page, "/lo/bao-tem-la", ("Note", $"Lần {i}"));
        Assert.Equal(System.Net.HttpStatusCode.TooManyRequests, last.Status);
        Assert.Equal(TimeSpan.FromHours(1), last.Message.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task The_same_report_from_the_same_network_within_the_hour_is_one_and_from_where_is_forgotten()
    {
        var near = market.Site.Open("198.51.100.20");
        var page = await near.GetAsync("/lo/TEM-LA-GUI-LAI");
        for (var i = 0; i < 2; i++)
            Assert.Equal(System.Net.HttpStatusCode.SeeOther, (await near.SubmitAsync(page, "/lo/bao-tem-la", ("Note", "Tem dán ở chợ"))).Status);
        Assert.Equal(1, await CountAsync());
        await market.Site.Open("198.51.100.21").SubmitAsync(page, "/lo/bao-tem-la", ("Note", "Tem dán ở chợ"));
        Assert.Equal(2, await CountAsync());
        market.Site.Clock.Advance(TimeSpan.FromHours(1));
        await market.Site.Get<ProblemReports>().RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(repeat_mark)::int from origin.problem_report"));
        await near.SubmitAsync(page, "/lo/bao-tem-la", ("Note", "Tem dán ở chợ"));
        Assert.Equal(3, await CountAsync());

        Task<int> CountAsync() => market.Db.SingleAsync<int>("select count(*)::int from origin.problem_report where code = 'TEM-LA-GUI-LAI'");
    }

    /// <summary>A lot that was watered, harvested and recalled.</summary>
    private async Task<Goods> LivedAsync()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        var today = Vietnamese.Today(market.Site.Clock);
        await AddAsync(goods, "irrigation", today.AddDays(-9), "Tưới buổi sáng.");
        market.Site.Clock.Advance(TimeSpan.FromSeconds(1));
        await AddAsync(goods, DiaryKinds.Harvest, today.AddDays(-1), "Hái tay.");
        market.Site.Clock.Advance(TimeSpan.FromSeconds(1));
        var (_, officer, _) = await market.SignInAsync(Roles.Officer);
        await using var tx = await market.Db.BeginAsync();
        Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Dư lượng vượt mức cho phép.", "Không dùng, liên hệ người bán.", officer));
        await tx.CommitAsync();
        return goods;
    }

    private async Task AddAsync(Goods goods, string kind, DateOnly on, string note)
    {
        market.Site.Clock.Advance(TimeSpan.FromSeconds(1));
        await using var tx = await market.Db.BeginAsync();
        var draft = new DiaryDraft(null, kind, on, null, null, null, null, null, null, null, null, note, []);
        Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, goods.LotCode, goods.Seller.PersonId, draft, new Actor(goods.Seller.PersonId, Roles.Seller)));
        await tx.CommitAsync();
    }
}
