using System.Net;
using System.Text;
using System.Text.Json;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>The diary of a lot: by form, and by programs that may send twice.</summary>
public sealed class DiaryTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task The_same_entry_put_twice_is_there_once()
    {
        var (browser, lot) = await FarmerAsync();
        var id = Guid.CreateVersion7();
        var body = Entry(lot);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, id, body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(browser, id, body)).Status);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from origin.diary_entry where event_id = @id", new { id }));
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("null", 400)]
    [InlineData("{", 400)]
    [InlineData("{}", 400)]
    [InlineData("""{"lot":null,"entry":{}}""", 400)]
    [InlineData("""{"lot":"LOT"}""", 400)]
    [InlineData("""{"lot":"LOT","entry":{"kind":"irrigation","doneOn":"hôm qua"}}""", 400)]
    [InlineData("""{"lot":"LOT","entry":{}}""", 422)]
    [InlineData("""{"lot":"LOT","entry":{"kind":"dancing","doneOn":"2026-01-02"}}""", 422)]
    [InlineData("""{"lot":"LOT","entry":{"kind":"irrigation","doneOn":"2999-01-02"}}""", 422)]
    [InlineData("""{"lot":"LOT","entry":{"kind":"spraying","doneOn":"2026-01-02","inputCode":"abamectin"}}""", 422)]
    [InlineData("""{"lot":"LOT","entry":{"kind":"fertilising","doneOn":"2026-01-02","inputCode":"khong-co"}}""", 422)]
    [InlineData("""{"lot":"KHONG-CO","entry":{"kind":"irrigation","doneOn":"2026-01-02"}}""", 404)]
    public async Task A_wrong_put_is_told_as_a_problem_and_changes_nothing(string body, int status)
    {
        var (browser, lot) = await FarmerAsync();
        var answer = await PutAsync(browser, Guid.CreateVersion7(), body.Replace("LOT", lot, StringComparison.Ordinal));
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal(status, JsonDocument.Parse(answer.Body).RootElement.GetProperty("status").GetInt32());
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot", new { lot }));
    }

    [Fact]
    public async Task An_id_of_another_kind_is_refused()
    {
        var (browser, lot) = await FarmerAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PutAsync(browser, Guid.NewGuid(), Entry(lot))).Status);
    }

    [Fact]
    public async Task A_correction_stands_beside_what_it_corrects_and_is_the_only_one()
    {
        var (browser, lot) = await FarmerAsync();
        var first = Guid.CreateVersion7();
        await PutAsync(browser, first, Entry(lot));
        var correction = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, correction, Entry(lot, first))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(browser, Guid.CreateVersion7(), Entry(lot, first))).Status);
        var told = await market.Db.SingleAsync<(string Kind, Guid Corrects)>("select d.kind, e.corrects_id from origin.event e join origin.diary_entry d on d.event_id = e.id where e.id = @correction", new { correction });
        Assert.Equal(("irrigation", first), told);
        Assert.Equal(2, await market.Db.SingleAsync<long>("select count(*) from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot", new { lot }));
        var page = await market.Site.Open().GetAsync("/lo/" + lot);
        Assert.Contains("Ghi nhầm ngày", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_form_keeps_what_was_typed_with_the_message_beside_the_field()
    {
        var (browser, lot) = await FarmerAsync();
        var page = await browser.GetAsync("/quan-ly/lo/" + lot);
        var answer = await browser.SubmitAsync(page, $"/quan-ly/lo/{lot}/nhat-ky", ("Kind", "spraying"), ("DoneOn", "2026-01-02"), ("InputName", "Thuốc lạ"), ("Note", "Phun buổi chiều"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal("Phun buổi chiều", answer.Page.QuerySelector("[name=Note]")!.TextContent.Trim());
        Assert.Equal("Thuốc lạ", answer.Page.QuerySelector("[name=InputName]")!.GetAttribute("value"));
        Assert.Contains("cách ly", answer.Page.QuerySelector("[name=IntervalDays]")!.Closest(".field")!.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_active_ingredient_that_is_forbidden_is_refused_by_name()
    {
        var forbidden = await market.Db.SingleAsync<(string Code, string Name)>("select code, name from origin.input where forbidden limit 1");
        var (browser, lot) = await FarmerAsync();
        var body = JsonSerializer.Serialize(new { lot, entry = new { kind = "spraying", doneOn = "2026-01-02", inputCode = forbidden.Code, intervalDays = 7 } });
        var answer = await PutAsync(browser, Guid.CreateVersion7(), body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(forbidden.Name, JsonDocument.Parse(answer.Body).RootElement.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_wants_to_write_the_diary_is_led_to_the_form_of_the_lot()
    {
        var seller = await market.Shop.SellerAsync();
        var first = await market.Shop.GoodsAsync(seller, 2);
        var browser = await market.SignInAsync(seller);
        var link = (await browser.GetAsync("/quan-ly")).Page.QuerySelector("main a[href='/quan-ly/lo?viec=nhat-ky']")!.GetAttribute("href")!;
        Assert.Equal($"/quan-ly/lo/{first.LotCode}#ghi-nhat-ky", (await browser.GetAsync(link)).Location);
        var form = await browser.GetAsync("/quan-ly/lo/" + first.LotCode);
        Assert.NotNull(form.Page.QuerySelector("#ghi-nhat-ky"));
        Assert.Null(form.Page.QuerySelector("details [name=IntervalDays]"));
        Assert.DoesNotContain("không bắt buộc", form.Page.QuerySelector("label[for=IntervalDays]")!.TextContent, StringComparison.Ordinal);

        var second = await market.Shop.GoodsAsync(seller, 2);
        var choose = await browser.GetAsync(link);
        Assert.Contains("Chọn lô để ghi nhật ký.", choose.Text, StringComparison.Ordinal);
        Assert.NotNull(choose.Page.QuerySelector($"a[href='/quan-ly/lo/{second.LotCode}#ghi-nhat-ky']"));
    }

    [Fact]
    public async Task A_day_that_no_calendar_has_is_called_so()
    {
        var (browser, lot) = await FarmerAsync();
        var answer = await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/" + lot), $"/quan-ly/lo/{lot}/nhat-ky", ("Kind", "care"), ("DoneOn", "31/2/2026"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("Không có ngày này trong lịch", answer.Page.QuerySelector("#DoneOn-error")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Correcting_the_entry_that_blocks_a_lot_leads_to_an_officer_who_sees_both()
    {
        var (browser, lot) = await FarmerAsync();
        var yesterday = DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7)).AddDays(-2);
        var page = await browser.GetAsync("/quan-ly/lo/" + lot);
        var blocked = await browser.SubmitAsync(page, $"/quan-ly/lo/{lot}/nhat-ky", ("Kind", "spraying"), ("DoneOn", yesterday.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("InputName", "Thuốc mẫu"), ("IntervalDays", "14"));
        Assert.Equal(HttpStatusCode.SeeOther, blocked.Status);
        var told = await browser.GetAsync("/quan-ly/lo/" + lot);
        Assert.Contains("bị chặn bán", told.Page.QuerySelector(".flash--bad[role=alert]")!.TextContent, StringComparison.Ordinal);
        var entry = told.Page.QuerySelector("a[href$='/sua#ghi-nhat-ky']")!.GetAttribute("href")!;
        var edit = await browser.GetAsync(entry);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(edit, $"/quan-ly/lo/{lot}/nhat-ky", ("IntervalDays", "0"), ("CorrectionReason", "Đọc nhầm nhãn"))).Status);

        var still = await browser.GetAsync("/quan-ly/lo/" + lot);
        Assert.Contains("Lý do sửa: Đọc nhầm nhãn", still.Text, StringComparison.Ordinal);
        Assert.Contains("Chỉ cán bộ Sở Công Thương gỡ được", still.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(still, "/xin-xem-lai", ("AskNote", new string('x', 501)))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(still, "/xin-xem-lai", ("AskNote", "Nhãn ghi 0 ngày"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(still, "/xin-xem-lai", ("AskNote", "Lần nữa"))).Status);
        Assert.Null((await browser.GetAsync("/quan-ly/lo/" + lot)).Page.QuerySelector("form[action$='/xin-xem-lai']"));
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'lot.ask' and subject = 'lot:' || @lot", new { lot }));

        var (officer, _, _) = await market.SignInAsync(SonLaMarket.Foundation.Roles.Officer);
        var card = (await officer.GetAsync("/so-cong-thuong/lo-bi-chan")).Page.QuerySelectorAll("article").Single(a => a.TextContent.Contains(lot, StringComparison.Ordinal)).TextContent;
        foreach (var words in new[] { "Người bán xin xem lại", "Nhãn ghi 0 ngày", "Cách ly 14 ngày", "Cách ly 0 ngày", "Đọc nhầm nhãn" })
            Assert.Contains(words, card, StringComparison.Ordinal);
    }

    private async Task<(Browser Browser, string Lot)> FarmerAsync()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 2);
        return (await market.SignInAsync(seller), goods.LotCode);
    }

    private static string Entry(string lot, Guid? corrects = null) =>
        JsonSerializer.Serialize(new { lot, entry = new { kind = "irrigation", doneOn = "2026-01-02", note = "Tưới sáng", corrects, correctionReason = corrects is null ? null : "Ghi nhầm ngày" } });

    private static async Task<Answer> PutAsync(Browser browser, Guid id, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await browser.PutAsync($"/quan-ly/nhat-ky/{id}", content, ("Accept", "application/json"));
    }
}
