using System.Net;
using System.Text;
using System.Text.Json;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>The diary of a lot: by form, and by programs that may send twice.</summary>
public sealed partial class DiaryTests(MarketFixture market) : IClassFixture<MarketFixture>
{
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
        // An entry carries what its page says of its event.
        Assert.Equal(0, await market.Db.SingleAsync<long>("""
            select count(*) from origin.diary_entry d join origin.event e on e.id = d.event_id
            where (d.recorded_at, d.correction_reason, d.corrected) is distinct from (e.recorded_at, e.correction_reason, exists (select 1 from origin.event x where x.corrects_id = e.id))
            """));
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
    public async Task A_crop_of_which_there_is_no_product_yet_has_its_first_entry_after_one_form()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var opened = await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/moi"), "/quan-ly/lo", ("ProductCode", "dac-san:man-hau"), ("State", "standing"), ("Quantity", "2 tạ"));
        Assert.Equal(HttpStatusCode.SeeOther, opened.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(opened.Location!), "/nhat-ky", ("Kind", "care"), ("Note", "Tỉa cành"))).Status);
        Assert.Equal(("Mận hậu", "man-hau", 1L, 0L), await market.Db.SingleAsync<(string, string, long, long)>("""
            select p.name, p.speciality_slug, (select count(*) from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.product_id = p.id), (select count(*) from catalog.listing l where l.product_id = p.id)
            from producers.product p where p.producer_id = @ProducerId
            """, new { seller.ProducerId }));

        // Now it is a product of theirs; what is in no list needs a name and a group.
        var page = await browser.GetAsync("/quan-ly/lo/moi");
        Assert.Null(page.Page.QuerySelector("option[value='dac-san:man-hau']"));
        var refused = await browser.SubmitAsync(page, "/quan-ly/lo", ("ProductCode", "khac"), ("Quantity", "50"));
        Assert.Equal(["NewName-error", "NewCategory-error"], refused.Page.QuerySelectorAll(".field__error").Select(e => e.Id));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(refused, "/quan-ly/lo", ("NewName", "Rau dớn rừng"), ("NewCategory", "vegetable"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, "/quan-ly/lo", ("ProductCode", "dac-san:khong-co"), ("Quantity", "50"))).Status);
    }

    [Fact]
    public async Task One_page_writes_the_diary_of_every_lot_also_without_script()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        Assert.NotNull((await browser.GetAsync("/quan-ly/nhat-ky")).Page.QuerySelector(".empty a[href='/quan-ly/lo/moi']"));
        var (first, second) = (await market.Shop.GoodsAsync(seller, 2), await market.Shop.GoodsAsync(seller, 2));
        var link = (await browser.GetAsync("/quan-ly")).Page.QuerySelector("main a[href='/quan-ly/nhat-ky']")!.GetAttribute("href")!;
        var page = await browser.GetAsync(link);
        // Nothing was written yet: none of several is taken for granted.
        Assert.Equal(["", second.LotCode, first.LotCode], page.Page.QuerySelectorAll("[name=Lot] option").Select(o => o.GetAttribute("value")));
        Assert.Equal("", page.Page.QuerySelector("[name=Lot] option[selected]")!.GetAttribute("value"));
        var groups = page.Page.QuerySelectorAll("[name=InputCode] optgroup").ToList();
        Assert.Equal(["Thuốc bảo vệ thực vật", "Phân bón", "Cấm dùng, không chọn được"], groups.Select(g => g.GetAttribute("label")));
        Assert.Equal([false, false, true], groups.Select(g => g.QuerySelectorAll("option").All(o => o.HasAttribute("disabled"))));
        Assert.Equal("/nhat-ky.webmanifest", page.Page.QuerySelector("link[rel=manifest]")!.GetAttribute("href"));
        var refused = await browser.SubmitAsync(page, "/nhat-ky", ("Lot", first.LotCode), ("Note", "Tỉa cành"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(("Tỉa cành", first.LotCode), (refused.Page.QuerySelector("[name=Note]")!.TextContent.Trim(), refused.Page.QuerySelector("[name=Lot] option[selected]")!.GetAttribute("value")));
        Assert.Equal("/quan-ly/lo/" + first.LotCode, (await browser.SubmitAsync(refused, "/nhat-ky", ("Kind", "care"))).Location);
        Assert.Equal(first.LotCode, (await browser.GetAsync(link)).Page.QuerySelector("[name=Lot] option[selected]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/nhat-ky", ("Lot", (await FarmerAsync()).Lot), ("Kind", "care"))).Status);
        // What the site has of a lot can be written again from here: shown for the lot that is chosen, led to where there is no script.
        foreach (var (chosen, hidden) in new[] { (second, true), (first, false) })
        {
            var copy = Assert.Single((await browser.GetAsync($"{link}?lo={chosen.LotCode}")).Page.QuerySelectorAll("[data-copies] [data-lot]"));
            Assert.Equal((first.LotCode, hidden, hidden), (copy.GetAttribute("data-lot"), copy.HasAttribute("hidden"), copy.Closest("[data-copies]")!.HasAttribute("hidden")));
            Assert.Equal(new(StringComparer.Ordinal) { ["Kind"] = "care", ["Note"] = "Tỉa cành" }, JsonSerializer.Deserialize<Dictionary<string, string>>(copy.GetAttribute("data-fill")!));
            Assert.Equal("Tỉa cành", (await browser.GetAsync(copy.QuerySelector("a")!.GetAttribute("href")!.Split('#')[0])).Page.QuerySelector("[name=Note]")!.TextContent.Trim());
        }
        Assert.Equal(["Tỉa cành"], await market.Db.QueryAsync<string>("select d.note from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.producer_id = @ProducerId", new { seller.ProducerId }));
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
        (string, string)[] entered = [("Kind", "spraying"), ("DoneOn", yesterday.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("InputName", "Thuốc mẫu"), ("IntervalDays", "14 ngày")];
        var unproven = await browser.SubmitAsync(page, $"/quan-ly/lo/{lot}/nhat-ky", entered);
        Assert.Contains("chụp nhãn thuốc", unproven.Page.QuerySelector("[name=LabelPhoto]")!.Closest("fieldset")!.TextContent, StringComparison.Ordinal);
        var blocked = await browser.SubmitAsync(page, $"/quan-ly/lo/{lot}/nhat-ky", [.. entered, ("LabelKept", $"{await LabelAsync(lot)}"), ("LabelSource", "Số đăng ký MẪU-1")]);
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

    [Fact]
    public async Task A_spraying_after_the_harvest_is_asked_about_once_and_one_before_says_when_harvest_may_begin()
    {
        var (browser, lot) = await FarmerAsync();
        await market.Db.ExecuteAsync("update origin.lot set harvested_on = @Day, harvest_until = null where code = @lot", new { Day = Today.AddDays(-3), lot });
        var page = await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying");
        (string, string)[] typed = [("InputName", "Thuốc mẫu"), ("IntervalDays", "7"), ("LabelKept", $"{await LabelAsync(lot)}")];
        var asked = await browser.SubmitAsync(page, "/nhat-ky", [.. typed, ("DoneOn", Iso(Today.AddDays(-1)))]);
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Contains($"đã thu hoạch xong ngày {Vietnamese.Date(Today.AddDays(-3))}", asked.Text, StringComparison.Ordinal);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot", new { lot }));
        Assert.Equal("/quan-ly/lo/" + lot, (await browser.SubmitAsync(asked, "/nhat-ky", ("_yes", "1"))).Location);
        Assert.Contains($"Thu hoạch sớm nhất: {Vietnamese.Date(Today.AddDays(6))}", (await browser.GetAsync("/quan-ly/lo/" + lot)).Page.QuerySelector(".flash")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot and d.label_picture_id is not null", new { lot }));
    }

    [Fact]
    public async Task A_crop_that_stands_is_opened_without_a_day_of_harvest_and_its_diary_says_that_day()
    {
        var seller = await market.Shop.SellerAsync();
        await market.Shop.GoodsAsync(seller, 2);
        var browser = await market.SignInAsync(seller);
        var form = await browser.GetAsync("/quan-ly/lo/moi");
        Assert.Equal(("standing", "kg", ""), (form.Page.QuerySelector("[name=State][checked]")!.GetAttribute("value"), form.Page.QuerySelector("[name=Quantity] + .field__unit")!.TextContent, form.Page.QuerySelector("[name=HarvestedOn]")!.GetAttribute("value")));
        foreach (var (state, typed, day, field) in new[] { ("harvested", "HarvestedOn", "", "HarvestedOn"), ("harvested", "HarvestedOn", Iso(Today.AddDays(1)), "HarvestedOn"), ("standing", "PlannedOn", Iso(Today.AddDays(-1)), "PlannedOn"), ("", "PlannedOn", "", "State") })
        {
            var refused = await browser.SubmitAsync(form, "/quan-ly/lo", ("State", state), (typed, day), ("Quantity", "100"));
            Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (refused.Status, refused.Page.QuerySelector($"#{field}-error") is not null));
        }
        // What was typed for the other choice does not count.
        var page = await browser.SubmitAndFollowAsync(form, "/quan-ly/lo", ("ProductCode", form.Page.QuerySelector("[name=ProductCode] option")!.GetAttribute("value")!), ("Quantity", "100"), ("PlannedOn", Iso(Today.AddDays(30))), ("HarvestedOn", "chưa"));
        var lot = page.Path.Split('/')[^1];
        Assert.Contains($"chưa thu hoạch, dự kiến {Vietnamese.Date(Today.AddDays(30))}", page.Text, StringComparison.Ordinal);
        Assert.Equal((null, 100_000L), await StoredAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/ton-kho/" + lot), "/quan-ly/ton-kho/" + lot, ("Supplied", "5"))).Status);
        Assert.Contains("chưa thu hoạch", (await market.Site.Open().GetAsync("/lo/" + lot)).Page.QuerySelectorAll("dt").Single(d => d.TextContent == "Thu hoạch, sản xuất").NextElementSibling!.TextContent, StringComparison.Ordinal);

        // A spraying says when harvest may begin, and so do the lot and the list until then.
        var first = $"Thu hoạch sớm nhất: {Vietnamese.Date(Today.AddDays(6))}";
        var sprayed = await browser.SubmitAndFollowAsync(await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying"), "/nhat-ky", ("DoneOn", Iso(Today.AddDays(-1))), ("InputName", "Thuốc mẫu"), ("IntervalDays", "7"), ("LabelKept", $"{await LabelAsync(lot)}"));
        Assert.Contains(first, sprayed.Page.QuerySelector(".flash:not(.flash--bad)")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(first, sprayed.Page.QuerySelector(".notice")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(first, (await browser.GetAsync("/quan-ly/lo")).Page.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(Vietnamese.Date(Today.AddDays(6)), (await browser.GetAsync("/quan-ly/nhat-ky")).Page.QuerySelector("form[data-waits]")!.GetAttribute("data-waits"), StringComparison.Ordinal);

        // A harvest before that day is asked about once, then it blocks and the message names the day.
        var asked = await browser.SubmitAsync(await browser.GetAsync($"/quan-ly/lo/{lot}?viec=harvest"), "/nhat-ky", ("Quantity", "80 kg"));
        Assert.Equal((HttpStatusCode.OK, true), (asked.Status, asked.Text.Contains($"sớm hơn thời gian cách ly 7 ngày của lần phun ngày {Vietnamese.Date(Today.AddDays(-1))}: sớm nhất là {Vietnamese.Date(Today.AddDays(6))}", StringComparison.Ordinal)));
        Assert.Equal((null, 100_000L), await StoredAsync());
        var blocked = await browser.SubmitAndFollowAsync(asked, "/nhat-ky", ("_yes", "1"));
        Assert.Contains(Vietnamese.Date(Today.AddDays(6)), blocked.Page.QuerySelector(".flash--bad")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(first, Assert.Single(blocked.Page.QuerySelectorAll(".notice--bad")).TextContent, StringComparison.Ordinal);
        Assert.Equal((Today, 80_000L), await StoredAsync());
        // The right day, written again: the lot follows.
        var again = blocked.Page.QuerySelectorAll("a[href$='/sua#ghi-nhat-ky']").First(a => a.TextContent.Contains("Thu hoạch", StringComparison.Ordinal));
        Assert.StartsWith("Ghi lại cho đúng", again.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(again.GetAttribute("href")!), "/nhat-ky", ("DoneOn", Iso(Today.AddDays(-2))), ("CorrectionReason", "Nhầm ngày"))).Status);
        Assert.Equal((Today.AddDays(-2), 80_000L), await StoredAsync());
        // All harvests of a lot together are no more than any lot holds.
        var more = await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "harvest", doneOn = Iso(Today), quantity = "1.000 tấn" }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "quantity"), (more.Status, JsonDocument.Parse(more.Body).RootElement.GetProperty("errors").EnumerateObject().Single().Name));
        Assert.Equal((Today.AddDays(-2), 80_000L), await StoredAsync());
        // What nobody could know before.
        var harvested = await browser.GetAsync("/quan-ly/lo/" + lot);
        foreach (var wrong in new[] { "", Iso(Today.AddDays(-3)) })
            Assert.NotNull((await browser.SubmitAsync(harvested, "/han-dung", ("BestBefore", wrong))).Page.QuerySelector("#BestBefore-error"));
        var complete = await browser.SubmitAndFollowAsync(harvested, "/han-dung", ("BestBefore", Iso(Today.AddDays(9))), ("PackedOn", Iso(Today)));
        Assert.Contains(Vietnamese.Date(Today.AddDays(9)), complete.Text, StringComparison.Ordinal);
        Assert.Empty(complete.Page.QuerySelectorAll("form[action$='/han-dung']"));
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(harvested, "/han-dung", ("BestBefore", Iso(Today.AddDays(90))))).Status);

        Task<(DateOnly?, long)> StoredAsync() => market.Db.SingleAsync<(DateOnly?, long)>("select harvested_on, quantity_base from origin.lot where code = @lot", new { lot });
    }

    [Fact]
    public async Task Without_a_label_the_entry_is_written_and_a_harvest_is_blocked()
    {
        var (browser, lot) = await FarmerAsync();
        var page = await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying");
        Assert.Equal("spraying", page.Page.QuerySelector("[name=Kind] option[selected]")!.GetAttribute("value"));
        var day = Today.AddDays(-40);
        var written = await browser.SubmitAsync(page, "/nhat-ky", ("DoneOn", Iso(day)), ("InputName", "Thuốc mất nhãn"), ("NoLabel", "true"), ("Volume", "5 bình"), ("Area", "3 sào"), ("Equipment", "Bình đeo vai"));
        Assert.Equal(HttpStatusCode.SeeOther, written.Status);
        var harvested = await market.Db.SingleAsync<DateOnly>("select harvested_on from origin.lot where code = @lot", new { lot });
        Assert.Contains($"Thuốc mất nhãn sprayed on {Vietnamese.Date(day)}, harvested on {Vietnamese.Date(harvested)}: the pre-harvest interval of its label was not written down.", (await browser.GetAsync($"/en/quan-ly/lo/{lot}")).Text, StringComparison.Ordinal);
        var audited = await market.Db.SingleAsync<string>("select reason from accounts.audit where action = 'lot.block' and subject = 'lot:' || @lot", new { lot });
        Assert.Equal($"Phun Thuốc mất nhãn ngày {Vietnamese.Date(day)}, thu hoạch ngày {Vietnamese.Date(harvested)}: chưa ghi thời gian cách ly theo nhãn thuốc.", audited);
        var kept = await market.Db.SingleAsync<(string Area, decimal M2, string Volume, decimal Ml, string Equipment)>("select d.area, d.area_m2, d.volume, d.volume_ml, d.details->>'equipment' from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot", new { lot });
        Assert.Equal(("3 sào", 1080m, "5 bình", 80_000m, "Bình đeo vai"), kept);
    }

    [Theory]
    [InlineData("Chlorpyrifos 500EC", "Chlorpyrifos-ethyl")]
    [InlineData("thuốc cỏ PARAQUAT 20SL", "Paraquat")]
    [InlineData("Zeta 2,4-d 720", "2,4-D")]
    [InlineData("gramoxone 20SL", "Gramoxone (Paraquat)")]
    [InlineData("Regent800WG", "Regent (Fipronil)")]
    [InlineData("Thuốc mẫu", "Paraquat", "paraquat dichloride 276 g/l")]
    public async Task A_name_of_a_forbidden_active_is_refused_by_its_name_in_the_trade_name_as_one_or_as_the_label_says_it(string typed, string active, string? label = null)
    {
        var (browser, lot) = await FarmerAsync();
        var answer = await browser.SubmitAsync(await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying"), "/nhat-ky", ("InputName", typed), ("ActiveIngredient", label ?? ""), ("IntervalDays", "14"), ("LabelKept", $"{await LabelAsync(lot)}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(active + " không được phép dùng", answer.Text, StringComparison.Ordinal);
        Assert.Equal(typed, answer.Page.QuerySelector("[name=InputName]")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("harvest", "Area", "3 con trâu")]
    [InlineData("care", "Area", "3 tạ")]
    [InlineData("irrigation", "Volume", "nhiều")]
    [InlineData("harvest", "Quantity", "-2 tạ")]
    public async Task A_measure_without_a_unit_that_we_know_is_refused_beside_its_field(string kind, string field, string typed)
    {
        var (browser, lot) = await FarmerAsync();
        var answer = await browser.SubmitAsync(await browser.GetAsync($"/quan-ly/lo/{lot}"), "/nhat-ky", ("Kind", kind), (field, typed));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.NotNull(answer.Page.QuerySelector($"#{field}-error"));
    }

    [Fact]
    public async Task The_work_of_the_last_day_and_what_is_usual_for_the_crop_fill_the_form()
    {
        var (browser, lot) = await FarmerAsync();
        await browser.SubmitAsync(await browser.GetAsync($"/quan-ly/lo/{lot}?viec=irrigation"), "/nhat-ky", ("DoneOn", Iso(Today.AddDays(-1))), ("Volume", "200 lít"), ("Method", "Tưới nhỏ giọt"), ("Note", "Sáng sớm"));
        var page = await browser.GetAsync("/quan-ly/lo/" + lot);
        var again = await browser.GetAsync(page.Page.QuerySelectorAll("a.chip").First(a => a.TextContent.Contains("Tưới nước", StringComparison.Ordinal)).GetAttribute("href")!);
        Assert.Equal(("200 lít", "Tưới nhỏ giọt", Vietnamese.Date(Today)), (again.Page.QuerySelector("[name=Volume]")!.GetAttribute("value"), again.Page.QuerySelector("[name=Method]")!.GetAttribute("value"), again.Page.QuerySelector("[name=DoneOn]")!.GetAttribute("value")));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(again, "/nhat-ky")).Status);
        Assert.Equal(2, await market.Db.SingleAsync<long>("select count(*) from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot and d.kind = 'irrigation'", new { lot }));
        var usual = await market.Db.SingleAsync<string>("select t.code from origin.diary_template t join origin.product_crop p on p.work = coalesce(t.crop, t.category_slug) join origin.lot l on l.product_id = p.product_id where l.code = @lot and t.kind = 'fertilising' limit 1", new { lot });
        var filled = await browser.GetAsync($"/quan-ly/lo/{lot}?mau={usual}");
        Assert.Equal("fertilising", filled.Page.QuerySelector("[name=Kind] option[selected]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task What_is_usual_is_known_crop_by_crop_by_speciality_or_by_name()
    {
        (string? Speciality, string Name, string Category, string Work, string Says)[] goods =
        [
            ("man-hau", "Quả đầu mùa", "fresh-fruit", "plum", "Tỉa quả non"), (null, "Xoài cát", "fresh-fruit", "mango", "Bao quả xoài"), ("nhan-song-ma", "Nhãn", "fresh-fruit", "longan", "Khoanh vỏ cành"),
            (null, "ĐÀO mèo", "fresh-fruit", "peach", "Bao quả"), (null, "Chanh leo tím", "fresh-fruit", "passion-fruit", "Làm giàn, buộc dây"), (null, "Na dai", "fresh-fruit", "custard-apple", "Thụ phấn bổ sung bằng tay"),
            (null, "Thanh long", "fresh-fruit", "dragon-fruit", "Chong đèn ra hoa"), (null, "Chuối tây", "fresh-fruit", "banana", "Bao buồng"), ("son-tra", "Táo mèo", "fresh-fruit", "docynia", "Hái, nhặt sơn tra"), (null, "Vải", "fresh-fruit", "fresh-fruit", "Hái quả"),
            ("ca-phe-son-la", "Arabica", "coffee", "arabica", "Hái chọn quả chín"), (null, "Chè Shan", "tea", "tea-leaf", "Hái búp một tôm hai lá"), (null, "Rau cải", "vegetable", "vegetable", "Làm cỏ"), (null, "Gạo nếp", "rice", "rice", "Cấy lúa"), (null, "Mật ong rừng", "honey", "honey", "Quay mật"),
        ];
        var seller = await market.Shop.SellerAsync(online: false);
        foreach (var (speciality, name, category, work, says) in goods)
        {
            const string insert = """
                insert into producers.product (code, producer_id, name, category_slug, speciality_slug, base_unit, created_at, changed_at)
                select 'MUA-' || @work, @ProducerId, @name, @category, @speciality, 'g', now(), now() returning id
                """;
            var product = await market.Db.SingleAsync<long>(insert, new { work, seller.ProducerId, name, category, speciality });
            Assert.Equal(work, await market.Db.SingleAsync<string>("select work from origin.product_crop where product_id = @product", new { product }));
            var usual = await market.Db.QueryAsync<(string Kind, string Title)>("select t.kind, t.title from origin.diary_template t where coalesce(t.crop, t.category_slug) = @work order by t.sort", new { work });
            Assert.InRange(usual.Count, 5, 10);
            Assert.Contains(usual, u => u.Title == says);
            Assert.Single(usual, u => u.Kind == "harvest");
            Assert.All(usual, u => Assert.True(SonLaMarket.Origin.DiaryKinds.Exists(u.Kind), u.Kind));
        }
        // Each speciality that a crop names is there.
        Assert.Empty(await market.Db.QueryAsync<string>("select s from origin.diary_crop c cross join unnest(c.specialities) s where not exists (select 1 from producers.speciality k where k.slug = s and k.category_slug = c.category_slug)"));
    }

    [Fact]
    public async Task The_book_has_all_that_was_typed_of_every_kind_of_work_and_the_report_of_one_step_names_whom_one_traded_with()
    {
        var (browser, lot) = await FarmerAsync();
        var typed = new List<string>();
        foreach (var (kind, _, _) in SonLaMarket.Origin.DiaryKinds.All)
        {
            var entry = new Dictionary<string, object>(StringComparer.Ordinal) { ["kind"] = kind, ["doneOn"] = Iso(Today), ["noLabel"] = true };
            Say("weather", $"trời {kind}");
            Say("note", $"ghi {kind}");
            Say("worker", $"người {kind}");
            foreach (var (column, _, _) in SonLaMarket.Origin.DiaryColumns.All.Where(c => SonLaMarket.Origin.DiaryColumns.Has(kind, c.Word)))
                Say(column, $"{column} {kind}");
            var number = Array.FindIndex(SonLaMarket.Origin.DiaryKinds.All, k => k.Word == kind) + 11;
            if (SonLaMarket.Origin.DiaryColumns.HasArea(kind))
                Say("area", $"{number} sào");
            if (SonLaMarket.Origin.DiaryColumns.HasVolume(kind))
                Say("volume", $"{number} lít");
            if (SonLaMarket.Origin.DiaryColumns.HasQuantity(kind))
                Say("quantity", $"{number} kg");
            if (SonLaMarket.Origin.DiaryKinds.UsesInput(kind))
                Say("inputName", $"vật tư {kind}");
            if (SonLaMarket.Origin.DiaryKinds.UsesInput(kind) || kind == "planting")
            {
                Say("amountUnit", $"đơn vị {kind}");
                entry["amount"] = number;
            }
            Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, entry))).Status);

            void Say(string field, string value)
            {
                entry[field] = value;
                typed.Add(value);
            }
        }
        var (book, report) = (await CellsAsync("nhat-ky"), await CellsAsync("so-do"));
        Assert.DoesNotContain(typed, said => !book.Contains(said, StringComparison.Ordinal));
        Assert.DoesNotContain(new[] { "seedSource planting", "boughtFrom purchase", "buyer harvest", "buyer shipping" }, said => !report.Contains(said, StringComparison.Ordinal));

        async Task<string> CellsAsync(string file)
        {
            using var workbook = new MemoryStream(await (await browser.GetAsync($"/quan-ly/lo/{lot}/{file}.xlsx")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            return string.Join('\n', MiniExcelLibs.MiniExcel.GetSheetNames(workbook).SelectMany(s => MiniExcelLibs.MiniExcel.Query(workbook, sheetName: s).Cast<IDictionary<string, object>>().SelectMany(r => r.Values)));
        }
    }

    [Fact]
    public async Task The_book_has_every_entry_on_paper_and_in_the_spreadsheet()
    {
        var (browser, lot) = await FarmerAsync();
        for (var i = 0; i < 60; i++)
            await PutAsync(browser, Guid.CreateVersion7(), Entry(lot));
        var pdf = await browser.GetAsync($"/quan-ly/lo/{lot}/nhat-ky.pdf");
        Assert.Equal("application/pdf", pdf.Message.Content.Headers.ContentType!.MediaType);
        var text = await Pdf.TextAsync(await pdf.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Matches("1/[2-9]", text);
        Assert.Contains("6. Tưới nước, chăm sóc", text, StringComparison.Ordinal);
        using var book = new MemoryStream(await (await browser.GetAsync($"/quan-ly/lo/{lot}/nhat-ky.xlsx")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["Thông tin chung", "6. Tưới nước, chăm sóc"], MiniExcelLibs.MiniExcel.GetSheetNames(book));
        Assert.Equal(60, MiniExcelLibs.MiniExcel.Query(book, useHeaderRow: true, sheetName: "6. Tưới nước, chăm sóc").Count());
        using var english = new MemoryStream(await (await browser.GetAsync($"/en/quan-ly/lo/{lot}/nhat-ky.xlsx")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["General", "6. Irrigation and care"], MiniExcelLibs.MiniExcel.GetSheetNames(english));
    }

    [Fact]
    public async Task A_diary_of_two_thousand_entries_is_read_to_its_end_by_its_keeper_and_by_buyers()
    {
        var (browser, lot) = await FarmerAsync();
        await EntriesAsync(lot, 1, 2000);
        var first = await browser.GetAsync("/quan-ly/lo/" + lot);
        var all = first.Page.QuerySelector($"main a[href='/quan-ly/lo/{lot}/nhat-ky']")!.GetAttribute("href")!;
        var mine = await ReadAsync(browser, all);
        Assert.Equal((2000, 2000), (mine.Count, mine.Distinct(StringComparer.Ordinal).Count()));
        // Its oldest entry can be corrected.
        var id = mine[^1].Split(' ')[1];
        Assert.Equal(mine[^1], (await browser.GetAsync($"/quan-ly/lo/{lot}/nhat-ky/{id}/sua")).Page.QuerySelector("textarea[name=Note]")!.TextContent.Trim());

        var label = await market.Site.Open().GetAsync("/lo/" + lot);
        Assert.Equal(20, label.Page.QuerySelectorAll("main ol > li").Length);
        Assert.Contains("Lần phun thuốc cuối", label.Text, StringComparison.Ordinal);
        var read = await ReadAsync(market.Site.Open(), label.Page.QuerySelector($"main a[href='/lo/{lot}/toan-bo-nhat-ky']")!.GetAttribute("href")!);
        Assert.Equal(mine, read);
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync($"/lo/{lot}/toan-bo-nhat-ky?sau=khong-phai")).Status);

        static async Task<List<string>> ReadAsync(Browser browser, string? path)
        {
            var notes = new List<string>();
            while (path is not null)
            {
                var page = await browser.GetAsync(path);
                notes.AddRange(page.Page.QuerySelectorAll(".timeline > li p").Select(p => p.TextContent.Trim()).Where(p => p.StartsWith("Việc ", StringComparison.Ordinal)));
                path = page.Page.QuerySelector(".pager a")?.GetAttribute("href");
            }
            return notes;
        }
    }

    [Fact]
    public async Task A_page_of_the_diary_costs_as_much_with_twenty_entries_behind_it_as_with_two_thousand()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(new Npgsql.NpgsqlConnectionStringBuilder(market.Database.AppConnectionString) { Options = "-c enable_seqscan=off", Pooling = false }.ConnectionString);
        await using var owner = Npgsql.NpgsqlDataSource.Create(market.Database.OwnerConnectionString);
        var plans = new SonLaMarket.Foundation.Data.Db(source);
        var blocks = new List<long[]>();
        var (browser, lot) = await FarmerAsync();
        var id = await market.Db.SingleAsync<long>("select id from origin.lot where code = @lot", new { lot });
        foreach (var (from, to) in new[] { (1, 0), (1, 20), (21, 2000) })
        {
            await EntriesAsync(lot, from, to);
            var commands = new List<int>();
            foreach (var (reader, path) in new[] { (browser, "/quan-ly/lo/" + lot), (browser, $"/quan-ly/lo/{lot}/nhat-ky"), (market.Site.Open(), "/lo/" + lot), (market.Site.Open(), $"/lo/{lot}/toan-bo-nhat-ky") })
            {
                using var trips = new RoundTrips();
                Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync($"{path}?n={to}", trips.Header)).Status);
                commands.Add(trips.OfPage.Count);
            }
            // What is kept for all readers is read by the first; what the tables hold, the server learns from time to time. Deeper indexes cost each of the twenty entries a few blocks.
            if (to > 0)
                Assert.Equal([3, 3, 1, 1], commands);
            await using (var analyze = owner.CreateCommand("analyze origin.diary_entry, origin.event"))
                await analyze.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            blocks.Add([
                await BlocksAsync(SonLaMarket.Origin.DiaryRow.Newest, new { lotId = id, DoneOn = (DateOnly?)null, EventId = (Guid?)null, take = 20 }),
                await BlocksAsync(SonLaMarket.Origin.Trace.TracePage.Statements, new { code = lot, today = Today, DoneOn = (DateOnly?)null, EventId = (Guid?)null, take = 20 }),
            ]);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("; ", blocks.Select(b => string.Join(' ', b))));
        Assert.All(blocks[1].Zip(blocks[2]), b => Assert.True(b.Second <= b.First + 100, $"{b.First} blocks of twenty, {b.Second} of two thousand"));

        async Task<long> BlocksAsync(string statements, object args)
        {
            var sum = 0L;
            foreach (var statement in statements.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                using var plan = JsonDocument.Parse(await plans.SingleAsync<string>("explain (analyze, buffers, format json) " + statement, args));
                var root = plan.RootElement[0].GetProperty("Plan");
                sum += root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
            }
            return sum;
        }
    }

    [Fact]
    public async Task A_label_that_says_less_than_the_reference_list_is_asked_about_once_and_counts()
    {
        var (browser, lot) = await FarmerAsync();
        var usual = await market.Db.SingleAsync<int>("select interval_days_default from origin.input where code = 'abamectin'");
        Assert.Contains($"\"abamectin\":{usual}", (await browser.GetAsync("/quan-ly/nhat-ky")).Page.QuerySelector("form[data-usual]")!.GetAttribute("data-usual"), StringComparison.Ordinal);
        var page = await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying");
        (string, string)[] typed = [("DoneOn", Iso(Today.AddDays(-60))), ("InputCode", "abamectin"), ("LabelKept", $"{await LabelAsync(lot)}")];
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/nhat-ky", [.. typed, ("IntervalDays", $"{usual}")])).Status);
        page = await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying");
        var asked = await browser.SubmitAsync(page, "/nhat-ky", [.. typed, ("IntervalDays", "3")]);
        Assert.Equal((HttpStatusCode.OK, true), (asked.Status, asked.Text.Contains($"Thường cách ly {usual} ngày theo danh mục; nhãn của bạn nói 3.", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(asked, "/nhat-ky", ("_yes", "1"))).Status);
        Assert.Equal([usual, 3], await market.Db.QueryAsync<int>("select d.interval_days from origin.diary_entry d join origin.lot l on l.id = d.lot_id join origin.event e on e.id = d.event_id where l.code = @lot order by d.interval_days desc", new { lot }));
        Assert.Empty(await OpenBlocksAsync(lot));
        // Two doubts are one question: the answer to one never answers another that nobody read.
        await market.Db.ExecuteAsync("update origin.lot set harvested_on = @Day, harvest_until = null where code = @lot", new { Day = Today.AddDays(-70), lot });
        asked = await browser.SubmitAsync(await browser.GetAsync($"/quan-ly/lo/{lot}?viec=spraying"), "/nhat-ky", [.. typed, ("IntervalDays", "2")]);
        Assert.Contains($"đã thu hoạch xong ngày {Vietnamese.Date(Today.AddDays(-70))}", asked.Text, StringComparison.Ordinal);
        Assert.Contains("nhãn của bạn nói 2.", asked.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(asked, "/nhat-ky", ("_yes", "1"))).Status);
    }

    [Fact]
    public async Task A_link_lets_the_household_read_until_it_is_ended()
    {
        var (browser, lot) = await FarmerAsync();
        await PutAsync(browser, Guid.CreateVersion7(), Entry(lot));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/" + lot), "/lien-ket", ("LinkName", ""))).Status);
        var page = await browser.SubmitAndFollowAsync(await browser.GetAsync("/quan-ly/lo/" + lot), "/lien-ket", ("LinkName", "Bố"));
        var path = page.Page.QuerySelector("#lien-ket a")!.GetAttribute("href")!;
        var read = await market.Site.Open().GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, "no-referrer"), (read.Status, read.Message.Headers.GetValues("Referrer-Policy").Single()));
        Assert.Contains("Tưới sáng", read.Text, StringComparison.Ordinal);
        Assert.Empty(read.Page.QuerySelectorAll("main form"));
        // What became of the lot stands before everything else, here and on the public pages behind its label.
        await market.Db.ExecuteAsync("insert into origin.lot_block (lot_id, cause, note, blocked_at) select id, 'officer', 'Chờ kết quả', now() from origin.lot where code = @lot", new { lot });
        foreach (var address in new[] { path, $"/lo/{lot}/lich-su?n=1", $"/lo/{lot}/toan-bo-nhat-ky?n=1" })
            Assert.Contains("Lô này đang bị chặn bán", (await market.Site.Open().GetAsync(address)).Page.QuerySelector("main .page > :first-child")!.TextContent, StringComparison.Ordinal);
        var (_, other) = await FarmerAsync();
        foreach (var wrong in new[] { $"/lo/{other}/nhat-ky{path[path.IndexOf('?', StringComparison.Ordinal)..]}", $"/lo/{lot}/nhat-ky", $"/lo/{lot}/nhat-ky?k=1", path + "A" })
            Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync(wrong)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/ket-thuc")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync(path)).Status);
    }

    [Fact]
    public async Task Work_of_a_day_after_the_closing_is_refused_by_its_field_and_what_is_written_late_says_so_and_still_blocks()
    {
        var (browser, lot) = await FarmerAsync();
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/" + lot), "/khep-nhat-ky")).Status);
        await market.Db.ExecuteAsync("update origin.lot set diary_closed_at = diary_closed_at - interval '2 days' where code = @lot", new { lot });
        var page = await browser.GetAsync("/quan-ly/lo/" + lot);
        var refused = await browser.SubmitAsync(page, $"/quan-ly/lo/{lot}/nhat-ky", ("Kind", "care"), ("DoneOn", Iso(Today)), ("Note", "Làm cỏ"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains($"đã khép ngày {Vietnamese.Date(Today.AddDays(-2))}", refused.Page.QuerySelector("[name=DoneOn]")!.Closest(".field")!.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        var put = await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "care", doneOn = Iso(Today) }));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (put.Status, JsonDocument.Parse(put.Body).RootElement.GetProperty("errors").TryGetProperty("doneOn", out _)));
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot", new { lot }));

        // What was done before is taken, told as late by everybody who reads it, and blocks as ever.
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "spraying", doneOn = Iso(Today.AddDays(-4)), inputName = "Thuốc mẫu", noLabel = true }))).Status);
        Assert.Contains("Lô bị chặn bán", (page = await browser.GetAsync("/quan-ly/lo/" + lot)).Text, StringComparison.Ordinal);
        Assert.Contains("Ghi sau khi khép nhật ký", page.Page.QuerySelector(".timeline")!.TextContent, StringComparison.Ordinal);
        foreach (var (path, words) in new[] { ("/lo/", "sau khi khép nhật ký"), ("/en/lo/", "after the diary was closed") })
            Assert.Contains(words, (await market.Site.Open().GetAsync(path + lot)).Page.QuerySelector("main ol > li")!.TextContent, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/khep-nhat-ky")).Status);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "care", doneOn = Iso(Today) }))).Status);
    }

    /// <summary>Entries of work, three a day.</summary>
    private Task<int> EntriesAsync(string lot, int from, int to) => market.Db.ExecuteAsync("""
        with made as (
          insert into origin.event (id, lot_id, producer_id, event_type, action, event_time, recorded_at, biz_step, document, event_hash, vouched_by)
          select gen_random_uuid(), l.id, l.producer_id, 'ObjectEvent', 'OBSERVE', @today::date - n / 3 * interval '1 day', @today::date, 'care', '{}', 'hash-' || l.code || n, 'producer'
          from origin.lot l cross join generate_series(@from, @to) n where l.code = @lot returning id, lot_id, event_time)
        insert into origin.diary_entry (event_id, lot_id, kind, done_on, note) select id, lot_id, case when event_time::date = @today::date then 'spraying' else 'care' end, event_time::date, 'Việc ' || id from made
        """, new { lot, from, to, today = Today.AddDays(-30) });

    private DateOnly Today => Vietnamese.Today(market.Site.Clock);

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Drawing()
    {
        using var qr = QRCoder.QRCodeGenerator.GenerateQrCode("nhãn mẫu", QRCoder.QRCodeGenerator.ECCLevel.M);
        using var png = new QRCoder.PngByteQRCode(qr);
        return png.GetGraphic(20);
    }

    private async Task<Guid> LabelAsync(string lot)
    {
        var owner = await market.Db.SingleAsync<long>("select producer_id from origin.lot where code = @lot", new { lot });
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        var (id, _) = await market.Site.Get<SonLaMarket.Files.Uploads>().AddPictureAsync(tx, $"producer:{owner}", "nhan.png", Drawing(), Actor.System);
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return id!.Value;
    }

    [Fact]
    public async Task Who_has_growing_areas_says_in_which_one_a_spraying_or_a_harvest_was_and_the_diaries_of_its_lots_are_read_together()
    {
        const string Told = "select count(*) from origin.lot_block b join origin.lot l on l.id = b.lot_id join origin.diary_entry d on d.event_id = b.event_id join origin.lot w on w.id = d.lot_id where l.code = @lot and w.code = @early";
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var lots = new List<string>();
        while (lots.Count < 4)
            lots.Add((await market.Shop.GoodsAsync(seller, 2)).LotCode);
        var (sprayed, lot, late, early) = (lots[0], lots[1], lots[2], lots[3]);
        // Lots that are older than the place of their producer are of none.
        await market.Db.ExecuteAsync("update origin.lot set growing_area_id = null where producer_id = @ProducerId; delete from producers.growing_area where producer_id = @ProducerId", new { seller.ProducerId });
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(early, new { kind = "spraying", doneOn = Iso(Today.AddDays(-6)), inputName = "Thuốc mẫu", noLabel = true }))).Status);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(sprayed, new { kind = "spraying", doneOn = Iso(Today.AddDays(-3)), inputName = "Thuốc mẫu", noLabel = true }))).Status);
        Assert.Equal("[]", await PlacelessAsync());
        await market.Db.ExecuteAsync("insert into producers.growing_area (id, producer_id, name, commune_code, created_at, own_place) select gen_random_uuid(), id, @OwnPlaceName, commune_code, created_at, true from producers.producer where id = @ProducerId", new { SonLaMarket.Producers.GrowingAreas.OwnPlaceName, seller.ProducerId });
        Guid area;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            area = (await market.Site.Get<SonLaMarket.Producers.GrowingAreas>().AddAsync(tx, seller.ProducerId, new("Đồi mận", null, "03646", null, null), new Actor(seller.PersonId, SonLaMarket.Foundation.Roles.Seller)))!.Value;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains(lot, await PlacelessAsync(), StringComparison.Ordinal);
        // So does who opens a harvested lot: of one of them, or of the place where the producer is, which is an area of its own.
        var form = await browser.GetAsync("/quan-ly/lo/moi");
        (string, string)[] opened = [("ProductCode", form.Page.QuerySelector("[name=ProductCode] option")!.GetAttribute("value")!), ("State", "harvested"), ("HarvestedOn", Iso(Today)), ("Quantity", "100")];
        Assert.NotNull((await browser.SubmitAsync(form, "/quan-ly/lo", opened)).Page.QuerySelector("#Place-error"));
        var own = form.Page.QuerySelectorAll("[name=Place] option")[^1];
        Assert.EndsWith(", nơi cơ sở khai báo", own.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(form, "/quan-ly/lo", [.. opened, ("Place", own.GetAttribute("value")!)])).Status);
        Assert.True(await market.Db.SingleAsync<bool>("select a.own_place from origin.lot l join producers.growing_area a on a.id = l.growing_area_id where l.producer_id = @ProducerId order by l.id desc limit 1", new { seller.ProducerId }));
        // Nobody else is told of it as of an area that somebody named.
        var home = await market.Db.SingleAsync<string>("select code from origin.lot where producer_id = @ProducerId order by id desc limit 1", new { seller.ProducerId });
        foreach (var path in new[] { "/lo/" + home, $"/lo/{home}/ho-chieu.json", "/co-so/" + seller.Slug, "/san-pham/" + await market.Db.SingleAsync<string>("select l.slug from catalog.listing l join origin.lot o on o.product_id = l.product_id where o.code = @home", new { home }) })
        {
            var told = await market.Site.Open().GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, told.Status);
            Assert.DoesNotContain(SonLaMarket.Producers.GrowingAreas.OwnPlaceName, path.EndsWith(".json", StringComparison.Ordinal) ? System.Text.RegularExpressions.Regex.Unescape(told.Body) : told.Text, StringComparison.Ordinal);
        }
        var harvest = new { kind = "harvest", doneOn = Iso(Today), quantity = "3 kg" };
        var refused = await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, harvest));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.True(JsonDocument.Parse(refused.Body).RootElement.GetProperty("errors").TryGetProperty("growingArea", out _));
        var typed = await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/" + lot), "/nhat-ky", ("Kind", "harvest"), ("DoneOn", Iso(Today)));
        Assert.NotNull(typed.Page.QuerySelector("#GrowingArea-error"));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "care", doneOn = Iso(Today) }))).Status);
        // Said once, it is the lot's; a spraying in the diary of another lot of the field is then seen.
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(sprayed, new { kind = "spraying", doneOn = Iso(Today.AddDays(-1)), inputName = "Thuốc mẫu", noLabel = true, growingArea = area }))).Status);
        var answer = await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { harvest.kind, harvest.doneOn, harvest.quantity, growingArea = area }));
        Assert.True(JsonDocument.Parse(answer.Body).RootElement.GetProperty("lotBlocked").GetBoolean());
        Assert.Contains($"nhật ký lô {sprayed}, cùng vùng trồng", (await market.Site.Open().GetAsync("/lo/" + lot)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, harvest))).Status);
        Assert.Equal((area, 6_000), await market.Db.SingleAsync<(Guid, long)>("select growing_area_id, harvested_g from origin.lot where code = @lot", new { lot }));
        // A late spraying that says of which field its lot is finds there what others sprayed, beside its own breach; also what was sprayed before its lot was of that field.
        await market.Db.ExecuteAsync("update origin.lot set harvested_on = @Today where code = @late", new { Today, late });
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(late, new { kind = "spraying", doneOn = Iso(Today.AddDays(-2)), inputName = "Thuốc mẫu", noLabel = true, growingArea = area }))).Status);
        Assert.Equal([Today.AddDays(-3), Today.AddDays(-2), Today.AddDays(-1)], await market.Db.QueryAsync<DateOnly>("select d.done_on from origin.lot_block b join origin.lot l on l.id = b.lot_id join origin.diary_entry d on d.event_id = b.event_id where l.code = @late and b.cause = 'interval' order by d.done_on", new { late }));
        Assert.Equal($"{area}", await market.Db.SingleAsync<string>("select detail->>'area' from accounts.audit where action = 'lot.area' and subject = 'lot:' || @late", new { late }));
        // What the diary of a lot says from before it was of the field counts for the field's other lots from the day on which it comes there, whatever work says so.
        Assert.Equal(0, await market.Db.SingleAsync<long>(Told, new { lot, early }));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(early, new { harvest.kind, harvest.doneOn, harvest.quantity, growingArea = area }))).Status);
        Assert.Equal(1, await market.Db.SingleAsync<long>(Told, new { lot, early }));
        Assert.Equal("[]", await PlacelessAsync());
        // The day from which one may harvest is that of the whole field, also where the last spraying was written before its lot came there.
        var standing = await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/moi"), "/quan-ly/lo", opened[0], ("State", "standing"), ("Quantity", "100"), ("Place", area.ToString()));
        await market.Db.ExecuteAsync("update origin.lot set growing_area_id = null where code <> @early and producer_id = @ProducerId and code <> @standing", new { early, seller.ProducerId, standing = standing.Location!.Split('/')[^1] });
        Assert.Contains(Vietnamese.Date(Today.AddDays(-6 + 366)), (await browser.GetAsync(standing.Location!)).Text, StringComparison.Ordinal);
        // Their own place is where the producer is.
        var other = await market.Db.SingleAsync<string>("select code from foundation.commune where province_code = '14' and code <> '03646' order by code limit 1");
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<SonLaMarket.Producers.ProducerRegister>().UpdateAsync(tx, seller.ProducerId, seller.PersonId, new("cooperative", seller.Name, null, "Lò Văn Mẫu", "0001234567", "", other, "Tổ 1", "", "", null, null, "", [], true), new Actor(seller.PersonId, SonLaMarket.Foundation.Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal([("03646", false), (other, true)], await market.Db.QueryAsync<(string, bool)>("select commune_code, own_place from producers.growing_area where producer_id = @ProducerId order by own_place", new { seller.ProducerId }));
        // The lot claims more than that: officers see it.
        var (officer, _, _) = await market.SignInAsync(SonLaMarket.Foundation.Roles.Officer);
        Assert.NotNull((await officer.GetAsync("/so-cong-thuong/can-doi")).Page.QuerySelector($"td a[href='/so-cong-thuong/lo/{lot}/so-do']"));

        async Task<string> PlacelessAsync() => (await browser.GetAsync("/quan-ly/nhat-ky")).Page.QuerySelector("form[data-placeless]")!.GetAttribute("data-placeless")!;
    }

    /// <summary>Nobody escapes a spraying by opening another lot of the same goods.</summary>
    [Fact]
    public async Task Who_named_no_growing_area_has_one_place_for_all_lots()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var lot = (await market.Shop.GoodsAsync(seller, 2)).LotCode;
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "spraying", doneOn = Iso(Today.AddDays(-1)), inputName = "Thuốc mẫu", noLabel = true }))).Status);
        var form = await browser.GetAsync("/quan-ly/lo/moi");
        Assert.Equal(["Chưa ghi vùng trồng"], form.Page.QuerySelectorAll("[name=Place] option").Select(o => o.TextContent));
        var opened = await browser.SubmitAsync(form, "/quan-ly/lo", ("ProductCode", form.Page.QuerySelector("[name=ProductCode] option")!.GetAttribute("value")!), ("State", "harvested"), ("HarvestedOn", Iso(Today)), ("Quantity", "100"));
        Assert.Contains("Lô bị chặn bán", (await browser.GetAsync(opened.Location!)).Text, StringComparison.Ordinal);
        // A crop that stands is of that place, too, when it is sprayed.
        var standing = (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/lo/moi"), "/quan-ly/lo", ("ProductCode", form.Page.QuerySelector("[name=ProductCode] option")!.GetAttribute("value")!), ("State", "standing"), ("Quantity", "100"))).Location!;
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, Guid.CreateVersion7(), Sent(standing.Split('/')[^1], new { kind = "harvest", doneOn = Iso(Today), quantity = "3 kg" }))).Status);
        Assert.Contains("Lô bị chặn bán", (await browser.GetAsync(standing)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spraying_that_says_of_which_field_its_lot_is_locks_the_lots_of_the_field_in_the_order_of_all()
    {
        var seller = await market.Shop.SellerAsync();
        var actor = new Actor(seller.PersonId, SonLaMarket.Foundation.Roles.Seller);
        var (first, second) = (await market.Shop.GoodsAsync(seller, 2), await market.Shop.GoodsAsync(seller, 2));
        Guid area;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            area = (await market.Site.Get<SonLaMarket.Producers.GrowingAreas>().AddAsync(tx, seller.ProducerId, new("Nương dưới", null, "03646", null, null), actor))!.Value;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Db.ExecuteAsync("update origin.lot set growing_area_id = case when id = @LotId then @area end where producer_id = @ProducerId", new { area, first.LotId, seller.ProducerId });
        await using var step = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        await step.ExecuteAsync("select 1 from origin.lot where id = @LotId for update", new { first.LotId });
        var writing = SprayAsync();
        while (!writing.IsCompleted && !await market.Db.SingleAsync<bool>("select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        // A step takes the second lot after the first: whoever waits for the first holds nothing of the second yet.
        await step.ExecuteAsync("select 1 from origin.lot where id = @LotId for update nowait", new { second.LotId });
        await step.CommitAsync(TestContext.Current.CancellationToken);
        Assert.IsType<SonLaMarket.Origin.DiaryOutcome.Added>(await writing);
        Assert.Equal(area, await market.Db.SingleAsync<Guid>("select growing_area_id from origin.lot where id = @LotId", new { second.LotId }));

        async Task<SonLaMarket.Origin.DiaryOutcome> SprayAsync()
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var draft = new SonLaMarket.Origin.DiaryDraft(null, "spraying", Today.AddDays(-2), null, "Thuốc mẫu", null, null, null, null, null, null, "", []) { More = new() { GrowingAreaId = area, AreaNeeded = true } };
            var done = await market.Site.Get<SonLaMarket.Origin.Diary>().AddAsync(tx, second.LotCode, seller.PersonId, draft, actor);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            return done;
        }
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
