using System.Net;
using System.Text.Json;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>What a phone sends later than it was written: perhaps twice, text before photos.</summary>
public sealed partial class DiaryTests
{
    [Fact]
    public async Task A_code_longer_than_any_is_refused_by_the_name_of_its_field()
    {
        var (browser, _) = await FarmerAsync();
        var answer = await PutAsync(browser, Guid.CreateVersion7(), Sent(new string('A', 41), new { kind = "care", doneOn = Iso(Today) }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(JsonDocument.Parse(answer.Body).RootElement.GetProperty("errors").TryGetProperty("lot", out _));
    }

    [Fact]
    public async Task The_same_entry_put_twice_is_there_once_and_its_id_carries_nothing_else()
    {
        var (browser, lot) = await FarmerAsync();
        var id = Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, id, Entry(lot))).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(browser, id, Entry(lot))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(browser, id, Sent(lot, new { kind = "irrigation", doneOn = "2026-01-02", note = "Tưới chiều" }))).Status);
        var (other, elsewhere) = await FarmerAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync(other, id, Entry(elsewhere))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(other, Guid.CreateVersion7(), Entry(lot))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PutAsync(browser, Guid.NewGuid(), Entry(lot))).Status);
        Assert.Equal(["Tưới sáng"], await market.Db.QueryAsync<string>("select d.note from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = any(@lots)", new { lots = new[] { lot, elsewhere } }));
    }

    /// <summary>The rule is named with its field, as the phone shows it beside that field.</summary>
    [Theory]
    [InlineData("", 400, null)]
    [InlineData("null", 400, null)]
    [InlineData("{", 400, null)]
    [InlineData("{}", 400, null)]
    [InlineData("""{"lot":null,"entry":{}}""", 400, null)]
    [InlineData("""{"lot":"LOT"}""", 400, null)]
    [InlineData("""{"lot":"LOT","entry":{"kind":["care"],"doneOn":"2026-01-02"}}""", 400, null)]
    [InlineData("""{"lot":"LOT","photos":["x"],"entry":{"kind":"care","doneOn":"2026-01-02"}}""", 400, null)]
    [InlineData("""{"lot":"LOT","entry":{}}""", 422, "kind doneOn")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"irrigation","doneOn":"31/2/2026"}}""", 422, "doneOn")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"dancing","doneOn":"2026-01-02"}}""", 422, "kind")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"irrigation","doneOn":"2999-01-02"}}""", 422, "doneOn")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"harvest","doneOn":"2026-01-02","quantity":"-3 tạ","amount":-2}}""", 422, "quantity amount")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"harvest","doneOn":"2026-01-02","quantity":"1.000.000 tấn"}}""", 422, "quantity")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"harvest","doneOn":"2026-01-02","quantity":"1.001 tấn","area":"10.001 ha"}}""", 422, "quantity area")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"irrigation","doneOn":"2026-01-02","volume":"100.001 m3"}}""", 422, "volume")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"spraying","doneOn":"2026-01-02","inputName":"Thuốc mẫu","intervalDays":7,"volume":"1.001 m3","amount":1001,"amountUnit":"m3"}}""", 422, "volume amount")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"fertilising","doneOn":"2026-01-02","amount":1000000,"amountUnit":"tấn"}}""", 422, "amount")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"fertilising","doneOn":"2026-01-02","amount":1001,"amountUnit":"tấn/ha"}}""", 422, "amount")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"spraying","doneOn":"2026-01-02","inputCode":"abamectin"}}""", 422, "intervalDays")]
    [InlineData("""{"lot":"LOT","entry":{"kind":"fertilising","doneOn":"2026-01-02","inputCode":"khong-co"}}""", 422, "inputCode")]
    [InlineData("""{"lot":"LOT","writtenAt":"2026-01-02T07:00:00","entry":{"kind":"care","doneOn":"2026-01-02"}}""", 422, "writtenAt")]
    [InlineData("""{"lot":"LOT","writtenAt":"2999-01-02T07:00:00+07:00","entry":{"kind":"care","doneOn":"2026-01-02"}}""", 422, "writtenAt")]
    [InlineData("""{"lot":"LOT","photos":["7d444840-9dc0-41d1-b245-5ffdce74fad2"],"entry":{"kind":"care","doneOn":"2026-01-02"}}""", 422, "photos")]
    [InlineData("""{"lot":"KHONG-CO","entry":{"kind":"irrigation","doneOn":"2026-01-02"}}""", 404, null)]
    [InlineData("""{"lot":"LOT","entry":{"kind":"care","doneOn":"2026-01-02","note":"LONG"}}""", 413, null)]
    public async Task A_wrong_put_is_told_as_a_problem_and_changes_nothing(string body, int status, string? fields)
    {
        var (browser, lot) = await FarmerAsync();
        var answer = await PutAsync(browser, Guid.CreateVersion7(), body.Replace("LOT", lot, StringComparison.Ordinal).Replace("LONG", new string('x', 64 << 10), StringComparison.Ordinal));
        Assert.Equal(status, (int)answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(fields, problem.TryGetProperty("errors", out var errors) ? string.Join(' ', errors.EnumerateObject().Select(e => e.Name).OrderBy(n => body.IndexOf(n, StringComparison.Ordinal)).ThenByDescending(n => n, StringComparer.Ordinal)) : null);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from origin.diary_entry d join origin.lot l on l.id = d.lot_id where l.code = @lot", new { lot }));
    }

    [Fact]
    public async Task The_time_in_the_field_and_the_time_of_receipt_are_both_kept_and_shown()
    {
        var (browser, lot) = await FarmerAsync();
        var written = market.Site.Clock.GetUtcNow().AddDays(-3);
        await PutAsync(browser, Guid.CreateVersion7(), Sent(lot, new { kind = "care", doneOn = Iso(Today.AddDays(-3)) }, writtenAt: written.ToString("O")));
        var text = (await browser.GetAsync("/quan-ly/lo/" + lot)).Page.QuerySelector(".timeline")!.TextContent;
        Assert.Contains($"Ghi ngoài ruộng lúc {Vietnamese.DateTime(written)}, nhận lúc {Vietnamese.DateTime(market.Site.Clock.GetUtcNow())}", string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_photo_follows_its_entry_once_and_is_shown_from_then_on()
    {
        var (browser, lot) = await FarmerAsync();
        var (id, photo) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        Assert.Equal(HttpStatusCode.NotFound, (await PhotoAsync(browser, id, photo)).Status);
        await PutAsync(browser, id, Sent(lot, new { kind = "care", doneOn = Iso(Today) }, photos: [photo]));
        Assert.Contains("Còn 1 ảnh chưa gửi tới", (await browser.GetAsync("/quan-ly/lo/" + lot)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{photo}", (await market.Site.Open().GetAsync("/lo/" + lot)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await PhotoAsync(browser, id, Guid.CreateVersion7())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PhotoAsync((await FarmerAsync()).Browser, id, photo)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PhotoAsync(browser, id, photo, "not a picture"u8.ToArray())).Status);
        Assert.Equal(HttpStatusCode.Created, (await PhotoAsync(browser, id, photo)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PhotoAsync(browser, id, photo)).Status);
        Assert.Contains($"/media/{photo}/", (await market.Site.Open().GetAsync("/lo/" + lot)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("chưa gửi tới", (await browser.GetAsync("/quan-ly/lo/" + lot)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_photo_is_told_by_its_field_with_the_rule_and_another_takes_its_place_under_the_same_id()
    {
        var (browser, lot) = await FarmerAsync();
        var (id, photo, label) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await PutAsync(browser, id, Sent(lot, new { kind = "spraying", doneOn = Iso(Today.AddDays(-30)), inputName = "Thuốc mẫu", intervalDays = 3 }, photos: [photo], label: label));
        foreach (var (sent, field) in new[] { (photo, "photos"), (label, "labelPhoto") })
        {
            foreach (var (bytes, status, rule) in new[] { (new byte[Images.MaxBytes + 1], 413, "lớn hơn 10 MB"), ([0, 0, 0, 24, .. "ftypheic"u8, .. new byte[40]], 422, "HEIC"), ("not a picture"u8.ToArray(), 422, "JPEG, PNG hoặc WebP") })
            {
                var refused = await PhotoAsync(browser, id, sent, bytes);
                Assert.Equal((status, "application/problem+json"), ((int)refused.Status, refused.Message.Content.Headers.ContentType?.MediaType));
                Assert.Contains(rule, JsonDocument.Parse(refused.Body).RootElement.GetProperty("errors").GetProperty(field)[0].GetString(), StringComparison.Ordinal);
            }
        }
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from files.stored_file where id = any(@ids)", new { ids = new[] { photo, label } }));
        Assert.Single(await OpenBlocksAsync(lot));
        Assert.Equal(HttpStatusCode.Created, (await PhotoAsync(browser, id, label)).Status);
        Assert.Empty(await OpenBlocksAsync(lot));
    }

    /// <summary>An interval is what the label says: without its photo it is not given, and blocks.</summary>
    [Theory]
    [InlineData(3, false, new[] { "chưa ghi thời gian cách ly theo nhãn thuốc." }, new[] { "chưa ghi thời gian cách ly theo nhãn thuốc." })]
    [InlineData(3, true, new[] { "đã ghi cách ly 3 ngày, chờ ảnh nhãn thuốc." }, new string[0])]
    [InlineData(3, true, new[] { "đã ghi cách ly 3 ngày, chờ ảnh nhãn thuốc." }, new[] { "đã ghi cách ly 3 ngày, chờ ảnh nhãn thuốc." }, 15)]
    [InlineData(60, true, new[] { "sớm hơn thời gian cách ly 60 ngày." }, new[] { "sớm hơn thời gian cách ly 60 ngày." })]
    public async Task A_spraying_sent_without_the_photo_of_its_label_blocks_until_the_photo_proves_the_interval(int days, bool announced, string[] before, string[] after, int late = 0)
    {
        var (browser, lot) = await FarmerAsync();
        var (id, label) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var answer = await PutAsync(browser, id, Sent(lot, new { kind = "spraying", doneOn = Iso(Today.AddDays(-30)), inputName = "Thuốc mẫu", intervalDays = days }, label: announced ? label : null));
        Assert.True(JsonDocument.Parse(answer.Body).RootElement.GetProperty("lotBlocked").GetBoolean());
        Assert.Equal(before, await OpenBlocksAsync(lot));
        Assert.DoesNotContain("theo nhãn</", (await market.Site.Open().GetAsync("/lo/" + lot)).Body, StringComparison.Ordinal);
        if (late > 0)
            await market.Db.ExecuteAsync("update origin.lot_block set blocked_at = blocked_at - @late * interval '1 day' where event_id = @id", new { late, id });
        var sent = await PhotoAsync(browser, id, label);
        Assert.Equal(announced ? HttpStatusCode.Created : HttpStatusCode.NotFound, sent.Status);
        if (announced)
            Assert.Equal(after.Length > 0, JsonDocument.Parse(sent.Body).RootElement.GetProperty("lotBlocked").GetBoolean());
        Assert.Equal(after, await OpenBlocksAsync(lot));
        // What is over is not hidden.
        foreach (var page in after.Length > 0 ? [] : new[] { await market.Site.Open().GetAsync("/lo/" + lot), await browser.GetAsync("/quan-ly/lo/" + lot) })
            Assert.Matches("Bị chặn từ .+ đến .+, chờ ảnh nhãn thuốc", page.Text);
    }

    [Fact]
    public async Task A_spraying_after_the_harvest_is_kept_and_is_not_told_as_the_last_before_it()
    {
        var (browser, lot) = await FarmerAsync();
        foreach (var (day, label) in new[] { (-30, Guid.CreateVersion7()), (0, Guid.CreateVersion7()) })
        {
            var id = Guid.CreateVersion7();
            await PutAsync(browser, id, Sent(lot, new { kind = "spraying", doneOn = Iso(Today.AddDays(day)), inputName = "Thuốc mẫu", intervalDays = "7 ngày" }, label: label));
            await PhotoAsync(browser, id, label);
        }
        var page = await market.Site.Open().GetAsync("/lo/" + lot);
        var last = page.Page.QuerySelectorAll("dt").Single(d => d.TextContent == "Lần phun thuốc cuối").NextElementSibling!.TextContent;
        Assert.StartsWith(Today.AddDays(-30).ToString("dd/MM/yyyy", System.Globalization.CultureInfo.InvariantCulture), last.Trim(), StringComparison.Ordinal);
        Assert.Equal(2, page.Page.QuerySelectorAll("main ol > li").Count(e => e.TextContent.Contains("Thuốc mẫu", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_officers_lift_covers_what_was_blocked_as_it_stood()
    {
        var seller = await market.Shop.SellerAsync();
        var lot = (await market.Shop.GoodsAsync(seller, 2)).LotCode;
        var label = await LabelAsync(lot);
        var first = await SprayAsync(-10, 30, null);
        await LiftAsync();
        // The same facts stay lifted, an earlier harvest is another fact.
        await HarvestAsync(-1);
        Assert.Empty(await OpenBlocksAsync(lot));
        await HarvestAsync(-5);
        Assert.Equal(["sớm hơn thời gian cách ly 30 ngày."], await OpenBlocksAsync(lot));
        await LiftAsync();
        // A correction blocks again, also one that would not have blocked; and so does the correction of that.
        var second = await SprayAsync(-10, 0, first);
        Assert.Equal(["cán bộ cần xem lại."], await OpenBlocksAsync(lot));
        await LiftAsync();
        await SprayAsync(-10, 1, second);
        Assert.Equal(["cán bộ cần xem lại."], await OpenBlocksAsync(lot));

        async Task<Guid> SprayAsync(int day, int days, Guid? corrects) => await AddAsync(new DiaryDraft(null, DiaryKinds.Spraying, Today.AddDays(day), null, "Thuốc mẫu", null, null, null, days, null, null, "", [], corrects, corrects is null ? null : "Ghi nhầm") { More = new(LabelPictureId: label) });

        Task<Guid> HarvestAsync(int day) => AddAsync(new DiaryDraft(null, DiaryKinds.Harvest, Today.AddDays(day), null, null, null, null, null, null, null, null, "", []));

        async Task<Guid> AddAsync(DiaryDraft draft)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var added = Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, lot, seller.PersonId, draft, new Actor(seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            return added.Id;
        }

        async Task LiftAsync()
        {
            var block = await market.Db.SingleAsync<long>("select b.id from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @lot and b.lifted_at is null", new { lot });
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            Assert.True(await market.Site.Get<LotBlocks>().LiftAsync(tx, block, "Đã kiểm nghiệm, không có dư lượng.", new Actor(seller.PersonId, Roles.Officer)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>What each open block says after the colon of its note, without the first day that would have been right.</summary>
    private async Task<IEnumerable<string>> OpenBlocksAsync(string lot) =>
        (await market.Db.QueryAsync<(string Note, string[] Args)>("select b.note, b.note_args from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @lot and b.lifted_at is null order by b.id", new { lot }))
            .Select(b => string.Format(System.Globalization.CultureInfo.InvariantCulture, b.Note, [.. b.Args]).Split(" Thu hoạch sớm nhất:")[0]).Select(n => n[(n.LastIndexOf(':') + 1)..].Trim());

    private static string Sent(string lot, object entry, string? writtenAt = null, Guid[]? photos = null, Guid? label = null) =>
        JsonSerializer.Serialize(new { lot, writtenAt, entry, photos, labelPhoto = label });

    private static async Task<Answer> PhotoAsync(Browser browser, Guid entry, Guid photo, byte[]? bytes = null)
    {
        using var content = new ByteArrayContent(bytes ?? Drawing());
        return await browser.PutAsync($"/quan-ly/nhat-ky/{entry}/anh/{photo}", content, ("Accept", "application/json"));
    }
}
