using System.Net;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>The officer's consoles: recalls, blocks lifted with a public reason, strange labels, the audit log.</summary>
public sealed class RecallTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Recalls = "/so-cong-thuong/thu-hoi";

    [Fact]
    public async Task Recall_is_opened_on_known_lots_reaches_orders_and_is_closed_with_a_note()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var placed = await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
        Assert.Equal(HttpStatusCode.SeeOther, placed.Status);

        var page = await browser.GetAsync(Recalls);
        var unknown = await browser.SubmitAsync(page, Recalls, ("Lots", goods.LotCode + " KHONG-CO"), ("Reason", "Phát hiện dư lượng thuốc"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.Status);
        Assert.NotNull(unknown.Page.QuerySelector("#Lots-error"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, Recalls, ("Lots", goods.LotCode), ("Reason", "ngắn"))).Status);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from origin.recall"));

        var opened = await browser.SubmitAsync(page, Recalls, ("Lots", goods.LotCode.ToLowerInvariant()), ("Reason", "Phát hiện dư lượng thuốc"), ("Advice", "Trả lại nơi bán"));
        Assert.Equal(HttpStatusCode.SeeOther, opened.Status);
        var number = await market.Db.SingleAsync<string>("select number from origin.recall");
        var card = (await browser.GetAsync(Recalls)).Page.QuerySelectorAll("article").Single(a => a.TextContent.Contains(number, StringComparison.Ordinal));
        Assert.Equal([goods.LotCode, "1", "1", "1"], card.QuerySelectorAll("dd").Take(4).Select(d => d.TextContent.Trim()));
        Assert.Contains(number, (await market.Site.Open().GetAsync("/thu-hoi")).Body, StringComparison.Ordinal);

        var close = $"{Recalls}/{number}/ket-thuc";
        var refused = await browser.SubmitAsync(await browser.GetAsync(Recalls), close, ("note", "xong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("xong", refused.Page.QuerySelector($"#note-{number}")!.TextContent);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(refused, close, ("note", "Đã thu lại và tiêu hủy 3 hộp"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(refused, close, ("note", "Đã thu lại và tiêu hủy 3 hộp"))).Status);
        Assert.Equal(["recall.open", "recall.close"], await market.Db.QueryAsync<string>("select action from accounts.audit where subject = @subject and actor_id = @PersonId order by id", new { subject = "recall:" + number, officer.PersonId }));
    }

    [Fact]
    public async Task Block_is_lifted_with_a_public_reason_but_not_a_recalls()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var recalled = await market.Shop.GoodsAsync(goods.Seller, 3);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, goods.LotCode, "interval", null, null, "Phun sát ngày thu hoạch", Actor.System));
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, recalled.LotId, recalled.LotCode, "recall", null, null, "Đang thu hồi", Actor.System));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await browser.GetAsync("/so-cong-thuong/lo-bi-chan");
        Assert.DoesNotContain(recalled.LotCode, page.Text, StringComparison.Ordinal);
        var lift = $"/so-cong-thuong/lo-bi-chan/{goods.LotCode}/go-chan";
        var refused = await browser.SubmitAsync(page, lift, ("reason", "ổn"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("ổn", refused.Page.QuerySelector($"#reason-{goods.LotCode}")!.TextContent);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, lift, ("reason", "Kết quả kiểm nghiệm đạt"), ("block", "17"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, lift, ("reason", "Kết quả kiểm nghiệm đạt"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, lift, ("reason", "Kết quả kiểm nghiệm đạt"))).Status);
        Assert.Equal("Kết quả kiểm nghiệm đạt", await market.Db.SingleAsync<string>("select lift_reason from origin.lot_block where lot_id = @LotId", goods));
    }

    [Fact]
    public async Task Report_of_a_strange_label_is_handled_once()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<ProblemReports>().AddAsync(tx, ProblemKinds.Label, "LA-0001", ProblemKinds.Unknown, "Tem in mờ <b>", "", null);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await browser.GetAsync("/so-cong-thuong/bao-cao-tem");
        Assert.Contains("Tem in mờ <b>", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/da-xem")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/da-xem")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/da-xem", ("report", "1"))).Status);
    }

    [Fact]
    public async Task Audit_log_is_filtered_by_subject_action_and_day()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var log = "/so-cong-thuong/nhat-ky-he-thong?doi-tuong=listing%3A" + goods.Slug;
        var day = SonLaMarket.Foundation.Text.Vietnamese.Today(market.Site.Clock);
        Assert.Equal(3, await RowsAsync(log));
        Assert.Equal(1, await RowsAsync(log + "&viec=listing.approve"));
        Assert.Equal(3, await RowsAsync(log + "&viec=listing"));
        Assert.Equal(0, await RowsAsync(log + "&viec=lot"));
        Assert.Equal(3, await RowsAsync($"{log}&ngay={day:yyyy-MM-dd}"));
        Assert.Equal(0, await RowsAsync($"{log}&ngay={day.AddDays(-1):yyyy-MM-dd}"));

        async Task<int> RowsAsync(string path) => (await browser.GetAsync(path)).Page.QuerySelectorAll("table.data tbody tr").Length;
    }
}
