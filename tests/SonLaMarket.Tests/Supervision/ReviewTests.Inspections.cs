using System.Net;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

public sealed partial class ReviewTests
{
    private const string Inspecting = "/so-cong-thuong/kiem-tra";

    private DateOnly Day => Vietnamese.Today(market.Site.Clock);

    [Fact]
    public async Task Inspection_is_planned_by_a_scanned_code_written_down_once_and_read_on_the_lots_page()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var number = await PlanAsync(browser, "https://cho.example/lo/" + goods.LotCode);
        var lot = "/lo/" + goods.LotCode;
        Assert.Equal(goods.LotId, (await InspectionSubject.FindAsync(market.Db, goods.LotCode.Replace('-', ' ').ToLowerInvariant(), TestContext.Current.CancellationToken))?.LotId);
        Assert.DoesNotContain(number, (await market.Site.Open().GetAsync(lot)).Text, StringComparison.Ordinal);

        var page = await browser.GetAsync($"{Inspecting}/{number}");
        var refused = await RecordAsync(browser, page, number, ("Checks[0]", "fault"), ("Conclusion", "clear"), ("Finding", "Nhật ký thiếu hai lần phun."), ("FollowUpOn", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("kết luận phải là có lỗi", refused.Page.QuerySelector("#Conclusion-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("Nhật ký thiếu hai lần phun.", refused.Page.QuerySelector("#Finding")!.TextContent);
        Assert.NotNull((await RecordAsync(browser, page, number, ("Conclusion", "mend"))).Page.QuerySelector("#FollowUpOn-error"));

        var again = Day.AddDays(30);
        (string, string)[] seen = [("Checks[0]", "fault"), ("Checks[2]", "met"), ("Conclusion", "mend"), ("Finding", "Nhật ký thiếu hai lần phun."), ("FollowUpOn", Vietnamese.Date(again)), ("SampleWhat", "2 kg mận")];
        Assert.Equal(HttpStatusCode.SeeOther, (await RecordAsync(browser, page, number, seen)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await RecordAsync(browser, page, number, seen)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, $"{Inspecting}/{number}/huy", ("Reason", "Không đi nữa"))).Status);

        var shown = await market.Site.Open().GetAsync(lot);
        foreach (var text in new[] { number, "Có lỗi, cơ sở phải sửa", "Nhật ký thiếu hai lần phun.", "2 kg mận", "chờ kết quả của phòng thử nghiệm", "Đã xem 3 mục, 2 mục không thấy lỗi.", $"Kiểm tra lại ngày {Vietnamese.Date(again)}." })
            Assert.Contains(text, shown.Text, StringComparison.Ordinal);
        Assert.Contains("Faults to be mended", (await market.Site.Open().GetAsync("/en" + lot)).Text, StringComparison.Ordinal);
        Assert.Equal("officer", await market.Db.SingleAsync<string>("select vouched_by from origin.event where lot_id = @LotId and biz_step = 'inspecting' and document->>'slm:inspection' = @number", new { goods.LotId, number }));
        Assert.Equal((again, true), await market.Db.SingleAsync<(DateOnly, bool)>("select i.planned_for, i.lot_id = f.lot_id from supervision.inspection i join supervision.inspection f on f.id = i.follows_id where 'KT-' || f.id = @number", new { number }));
        Assert.Equal(["inspection.plan", "inspection.record"], await market.Db.QueryAsync<string>("select action from accounts.audit where subject = @subject and actor_id = @PersonId order by id", new { subject = "inspection:" + number, officer.PersonId }));
        Assert.Equal("23001", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => market.Db.ExecuteAsync("update supervision.inspection set conclusion = 'clear', follow_up_on = null where 'KT-' || id = @number", new { number }))).SqlState);
    }

    [Fact]
    public async Task Result_of_a_sample_needs_the_laboratorys_report_and_its_producer_alone_reads_it()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var number = await PlanAsync(browser, goods.LotCode.ToLowerInvariant());
        await RecordAsync(browser, await browser.GetAsync($"{Inspecting}/{number}"), number, ("SampleWhat", "2 kg mận"));
        var page = await browser.GetAsync($"{Inspecting}/{number}");
        (string, string)[] result = [("Laboratory", "Phòng thử nghiệm mẫu"), ("Result", "Chlorpyrifos 0,05 mg/kg"), ("Exceeds", "yes")];
        var refused = await browser.SubmitAsync(page, $"{number}/ket-qua-mau", result);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotNull(refused.Page.QuerySelector("#report-error"));
        Guid file;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            file = (await market.Site.Get<Uploads>().AddPdfAsync(tx, "inspection:" + number, "phieu.pdf", "%PDF-1.4 phiếu mẫu"u8.ToArray(), officer))!.Value;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, $"{number}/ket-qua-mau", [.. result, ("FileId", file.ToString())])).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, $"{number}/ket-qua-mau", [.. result, ("FileId", file.ToString())])).Status);
        var shown = await market.Site.Open().GetAsync("/lo/" + goods.LotCode);
        Assert.Contains("vượt mức cho phép", shown.Text, StringComparison.Ordinal);
        Assert.Contains("bị chặn bán", shown.Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        var proposal = await market.Db.SingleAsync<long>("select id from supervision.recall_proposal where lot_id = @LotId and rule = 'sample' and source = @number and decided_at is null", new { goods.LotId, number });
        Assert.Contains($"Mẫu của lần kiểm tra {number}: Chlorpyrifos 0,05 mg/kg (Phòng thử nghiệm mẫu).", (await browser.GetAsync($"/so-cong-thuong/thu-hoi/de-nghi/DN-{proposal}")).Text, StringComparison.Ordinal);

        var seller = await market.SignInAsync(goods.Seller);
        var own = await seller.GetAsync("/quan-ly/kiem-tra");
        Assert.Contains("Chlorpyrifos 0,05 mg/kg", own.Text, StringComparison.Ordinal);
        var report = own.Page.QuerySelector("a[href$='/phieu-ket-qua']")!.GetAttribute("href")!;
        Assert.Equal("application/pdf", (await seller.GetAsync(report)).Message.Content.Headers.ContentType!.MediaType);
        var other = await market.SignInAsync(await market.Shop.SellerAsync(online: false));
        Assert.DoesNotContain(number, (await other.GetAsync("/quan-ly/kiem-tra")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(report)).Status);
    }

    [Fact]
    public async Task Grave_fault_blocks_the_lot_and_an_inspection_of_the_producer_stands_on_every_lot_of_it()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var second = await market.Shop.GoodsAsync(goods.Seller, 3);
        var grave = await PlanAsync(browser, goods.LotCode);
        await RecordAsync(browser, await browser.GetAsync($"{Inspecting}/{grave}"), grave, ("Conclusion", "grave"), ("Finding", "Tem dán lên hàng của nơi khác."));
        Assert.Contains("bị chặn bán", (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain(grave, (await market.Site.Open().GetAsync("/lo/" + second.LotCode)).Text, StringComparison.Ordinal);

        var whole = await PlanAsync(browser, goods.Seller.Slug);
        var before = await ShareAsync(browser);
        await RecordAsync(browser, await browser.GetAsync($"{Inspecting}/{whole}"), whole, ("Way", "paper"));
        foreach (var code in new[] { goods.LotCode, second.LotCode })
            Assert.Contains(whole, (await market.Site.Open().GetAsync("/lo/" + code)).Text, StringComparison.Ordinal);
        var after = await ShareAsync(browser);
        Assert.Equal((before.Whole + 1, before.Digital), (after.Whole, after.Digital));
    }

    [Fact]
    public async Task A_sample_of_a_growing_area_or_a_producer_that_has_too_much_proposes_a_recall_of_lots_that_an_officer_chooses()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var second = await market.Shop.GoodsAsync(goods.Seller, 3);
        var area = await market.Db.SingleAsync<Guid>("""
            with place as (insert into producers.growing_area (id, producer_id, name, commune_code, created_at) values (gen_random_uuid(), @ProducerId, 'Nương mẫu', '03646', now()) returning id)
            update origin.lot l set growing_area_id = p.id from place p where l.id = @LotId returning p.id
            """, new { goods.Seller.ProducerId, goods.LotId });
        var proposals = new List<long>();
        foreach (var place in new Guid?[] { area, null })
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var inspections = market.Site.Get<Inspections>();
            var id = await inspections.PlanAsync(tx, new(goods.Seller.ProducerId, place, null), Day, "Lấy mẫu", officer);
            Assert.True(await inspections.RecordAsync(tx, id, new(Day, "paper", new Dictionary<string, string>(StringComparer.Ordinal), "clear", "Lấy mẫu nước tưới.", null, "1 mẫu nước", []), officer));
            var file = (await market.Site.Get<Uploads>().AddPdfAsync(tx, "inspection:" + Inspections.Number(id), "phieu.pdf", "%PDF-1.4 phiếu mẫu"u8.ToArray(), officer))!.Value;
            Assert.True(await inspections.SampleAsync(tx, id, new("Phòng thử nghiệm mẫu", "E. coli 300 MPN/100 ml", Exceeds: true, file), officer));
            proposals.Add(await tx.SingleAsync<long>("select id from supervision.recall_proposal where source = @source", new { source = Inspections.Number(id) }));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from origin.lot_block where lot_id = any(@ids)", new { ids = new[] { goods.LotId, second.LotId } }));
        var pages = new List<Answer>();
        foreach (var id in proposals)
            pages.Add(await browser.GetAsync($"/so-cong-thuong/thu-hoi/de-nghi/DN-{id}"));
        string[] Offered(int at) => [.. pages[at].Page.QuerySelectorAll("input[name=Lots]").Select(i => i.GetAttribute("value")!).Order(StringComparer.Ordinal)];
        Assert.Equal([goods.LotCode], Offered(0));
        Assert.Equal(new[] { goods.LotCode, second.LotCode }.Order(StringComparer.Ordinal), Offered(1));
        var mo = $"DN-{proposals[1]}/mo";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(pages[1], mo, ("Lots", "KHONG-CO"), ("Reason", "Nước tưới nhiễm khuẩn"))).Status);
        var opened = await browser.SubmitAsync(pages[1], mo, ("Lots", second.LotCode), ("Reason", "Nước tưới nhiễm khuẩn"));
        Assert.Equal(HttpStatusCode.SeeOther, opened.Status);
        Assert.Equal([second.LotId], await market.Db.QueryAsync<long>("select x.lot_id from origin.recall r join origin.recall_lot x on x.recall_id = r.id where r.number = @number", new { number = opened.Location!.Split('/')[^1] }));
    }

    [Fact]
    public async Task What_is_named_by_nothing_or_lies_in_the_past_is_not_planned_and_a_cancelled_visit_is_over()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var page = await browser.GetAsync(Inspecting);
        var refused = await browser.SubmitAsync(page, Inspecting, ("Subject", "KHONG-CO"), ("On", Vietnamese.Date(Day.AddDays(-1))), ("Purpose", "Định kỳ"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.All(new[] { "#Subject-error", "#On-error" }, id => Assert.NotNull(refused.Page.QuerySelector(id)));
        var number = await PlanAsync(browser, goods.LotCode);
        var planned = await browser.GetAsync($"{Inspecting}/{number}");
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(planned, $"{number}/huy", ("Reason", "Cơ sở nghỉ vụ"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await RecordAsync(browser, planned, number)).Status);
        Assert.DoesNotContain(number, (await browser.GetAsync(Inspecting)).Text, StringComparison.Ordinal);
        Assert.Contains(number, (await browser.GetAsync(Inspecting + "?loai=da-xong")).Text, StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(Browser browser, string subject)
    {
        var planned = await browser.SubmitAsync(await browser.GetAsync(Inspecting), Inspecting, ("Subject", subject), ("On", Vietnamese.Date(Day)), ("Purpose", "Kiểm tra định kỳ"));
        Assert.Equal(HttpStatusCode.SeeOther, planned.Status);
        return planned.Location!.Split('/')[^1];
    }

    /// <summary>Without a word more: a visit of today without a fault.</summary>
    private Task<Answer> RecordAsync(Browser browser, Answer page, string number, params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["DoneOn"] = Vietnamese.Date(Day), ["Way"] = "digital", ["Checks[1]"] = "met", ["Conclusion"] = "clear", ["Finding"] = "Kho gọn, thuốc còn nhãn." };
        foreach (var (name, value) in changes)
            fields[name] = value;
        return browser.SubmitAsync(page, $"{Inspecting}/{number}/ghi", [.. fields.Select(f => (f.Key, f.Value))]);
    }

    private static async Task<(int Whole, int Digital)> ShareAsync(Browser browser)
    {
        var words = (await browser.GetAsync(Inspecting)).Page.QuerySelector("h1 + p")!.TextContent.Split(' ');
        return words[2] == "chưa" ? (0, 0) : (int.Parse(words[2], Vietnamese.Culture), int.Parse(words[6], Vietnamese.Culture));
    }
}
