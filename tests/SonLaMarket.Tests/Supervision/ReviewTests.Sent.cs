using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using QRCoder;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>Inspections that a device kept without signal: sent later, perhaps twice, their text before their photos.</summary>
public sealed partial class ReviewTests
{
    private const string OnTheSpot = Inspecting + "/tai-cho";

    [Fact]
    public async Task The_same_inspection_put_twice_is_there_once_and_its_id_carries_nothing_else()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var (other, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var number = await PlanAsync(browser, goods.LotCode);
        Assert.NotNull((await browser.GetAsync(OnTheSpot + "?lan=" + number)).Page.QuerySelector($"option[value={number}][selected]"));
        var (id, photo) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var body = SentBody(number, photos: [photo]);
        Assert.Equal((HttpStatusCode.Created, number), await PutInspectionAsync(browser, id, body));
        Assert.Equal((HttpStatusCode.OK, number), await PutInspectionAsync(browser, id, body));
        Assert.Equal(HttpStatusCode.Conflict, (await PutInspectionAsync(other, id, body)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PutInspectionAsync(browser, id, SentBody(number, "Đổi lời sau khi gửi."))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await PutInspectionAsync(other, Guid.CreateVersion7(), body)).Status);
        Assert.Equal(("Kho gọn, thuốc còn nhãn.", "digital", officer.PersonId), await market.Db.SingleAsync<(string, string, long?)>("select finding, way, recorded_by from supervision.inspection where sent_id = @id", new { id }));
        Assert.Contains(number, (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Text, StringComparison.Ordinal);
        Assert.Null((await browser.GetAsync(OnTheSpot)).Page.QuerySelector($"option[value={number}]"));

        var shown = await browser.GetAsync($"{Inspecting}/{number}");
        Assert.Contains("Ghi tại chỗ lúc 02/01/2026 07:00", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Còn 1 ảnh trên máy của người ghi", shown.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await PutPictureAsync(other, id, photo));
        Assert.Equal(HttpStatusCode.NotFound, await PutPictureAsync(browser, id, Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.Created, await PutPictureAsync(browser, id, photo));
        Assert.Equal(HttpStatusCode.OK, await PutPictureAsync(browser, id, photo));
        Assert.NotNull((await browser.GetAsync($"{Inspecting}/{number}")).Page.QuerySelector($"img[src*='{photo}']"));

        // Everybody sees the photos that an officer made public, once they have come.
        var (second, open) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await PutInspectionAsync(browser, second, SentBody("moi", subject: goods.LotCode, photos: [open], shown: true));
        Assert.DoesNotContain($"{open}", (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, await PutPictureAsync(browser, second, open));
        var page = (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Page;
        Assert.Equal((1, 0), (page.QuerySelectorAll($"img[src*='{open}']").Length, page.QuerySelectorAll($"img[src*='{photo}']").Length));
    }

    [Fact]
    public async Task A_visit_that_was_not_planned_is_written_down_by_what_the_label_says_with_script_and_without()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var (status, number) = await PutInspectionAsync(browser, Guid.CreateVersion7(), SentBody("moi", subject: "https://cho.example/lo/" + goods.LotCode));
        Assert.Equal(HttpStatusCode.Created, status);
        var page = await browser.GetAsync(OnTheSpot);
        (string, string)[] seen = [("Visit", "moi"), ("DoneOn", Vietnamese.Date(Day)), ("Checks[0]", "met"), ("Conclusion", "clear"), ("Finding", "Xem lại, kho vẫn gọn."), ("Subject", "KHONG-CO")];
        var refused = await browser.SubmitAsync(page, OnTheSpot, seen);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotNull(refused.Page.QuerySelector("#Subject-error"));
        Assert.Equal("Xem lại, kho vẫn gọn.", refused.Page.QuerySelector("#Finding")!.TextContent);
        seen[^1] = ("Subject", goods.LotCode);
        var second = (await browser.SubmitAsync(page, OnTheSpot, seen)).Location!.Split('/')[^1];
        Assert.NotEqual(number, second);
        var lot = (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Text;
        Assert.All(new[] { number!, second }, n => Assert.Contains(n, lot, StringComparison.Ordinal));

        // The label's photo says it, too: read before the text is sent, or with the form where there is no script. It is kept nowhere.
        const string pictures = "select count(*) from files.stored_file";
        var before = await market.Db.SingleAsync<long>(pictures);
        var address = "https://cho.example/lo/" + goods.LotCode;
        foreach (var (photo, said, value) in new[] { (Code(address), "code", address), ("không phải ảnh, chỉ là chữ"u8.ToArray(), "errors", """{"label":["Tệp này không phải ảnh JPEG, PNG hoặc WebP."]}""") })
        {
            using var sent = new ByteArrayContent(photo);
            var read = await browser.PutAsync($"{OnTheSpot}/{Guid.CreateVersion7()}/tem", sent, ("Accept", "application/json"));
            Assert.Equal((said == "code" ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, value), (read.Status, System.Text.RegularExpressions.Regex.Unescape(JsonDocument.Parse(read.Body).RootElement.GetProperty(said).ToString())));
        }
        seen[^1] = ("Subject", "");
        // With another field wrong the photo is gone, what was read from it stays.
        var half = await LabelledAsync([.. seen, ("Finding", "")]);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, address), (half.Status, half.Page.QuerySelector("#Subject")!.GetAttribute("value")));
        var third = await LabelledAsync(seen);
        Assert.Equal(HttpStatusCode.SeeOther, third.Status);
        Assert.Equal(goods.LotId, await market.Db.SingleAsync<long>("select lot_id from supervision.inspection where 'KT-' || id = @number", new { number = third.Location!.Split('/')[^1] }));
        Assert.Equal(before, await market.Db.SingleAsync<long>(pictures));

        async Task<Answer> LabelledAsync((string, string)[] fields)
        {
            using var form = new MultipartFormDataContent();
            foreach (var (name, value) in Browser.Fields((AngleSharp.Html.Dom.IHtmlFormElement)(await browser.GetAsync(OnTheSpot)).Page.QuerySelector($"form[action='{OnTheSpot}']")!, fields).Where(f => f.Key is not ("Label" or "Photos")))
                form.Add(new StringContent(value), name);
            using var label = new ByteArrayContent(Code(address));
            form.Add(label, "Label", "tem.png");
            return await browser.PostAsync(OnTheSpot, form);
        }
    }

    /// <summary>The rule is named with its field, as the device shows it beside that field.</summary>
    [Theory]
    [InlineData("""{"visit":"KT-0","entry":{"DoneOn":"2026-01-02","Checks[0]":"met","Conclusion":"clear","Finding":"Kho gọn, thuốc còn nhãn."}}""", "visit")]
    [InlineData("""{"visit":"moi","entry":{"DoneOn":"2026-01-02","Checks[0]":"met","Conclusion":"clear","Finding":"Kho gọn, thuốc còn nhãn."}}""", "subject")]
    [InlineData("""{"visit":"moi","entry":{"Subject":"KHONG-CO","DoneOn":"2999-01-02","Checks[0]":"fault","Conclusion":"clear","Finding":"Ngắn"}}""", "conclusion doneOn finding subject")]
    [InlineData("""{"visit":"moi","writtenAt":"2999-01-02T07:00:00+07:00","entry":{"Subject":"KHONG-CO","DoneOn":"2026-01-02","Conclusion":"mend","Finding":"Kho gọn, thuốc còn nhãn."}}""", "checks[0] followUpOn subject writtenAt")]
    public async Task A_wrong_inspection_is_told_as_a_problem_by_field_and_changes_nothing(string body, string fields)
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var answer = await browser.PutAsync($"{OnTheSpot}/{Guid.CreateVersion7()}", content, ("Accept", "application/json"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (answer.Status, answer.Message.Content.Headers.ContentType?.MediaType));
        Assert.Equal(fields, string.Join(' ', JsonDocument.Parse(answer.Body).RootElement.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from supervision.inspection where recorded_by = @PersonId or planned_by = @PersonId", new { officer.PersonId }));
    }

    private object SentBody(string visit, string finding = "Kho gọn, thuốc còn nhãn.", string? subject = null, Guid[]? photos = null, bool shown = false) => new
    {
        visit,
        writtenAt = "2026-01-02T07:00:00+07:00",
        photos,
        entry = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Subject"] = subject, ["DoneOn"] = Vietnamese.Date(Day), ["Checks[0]"] = "", ["Checks[1]"] = "met", ["Conclusion"] = "clear", ["Finding"] = finding, ["PicturesPublic"] = shown ? "true" : null },
    };

    private static async Task<(HttpStatusCode Status, string? Number)> PutInspectionAsync(Browser browser, Guid id, object body)
    {
        using var content = JsonContent.Create(body);
        var answer = await browser.PutAsync($"{OnTheSpot}/{id}", content, ("Accept", "application/json"));
        return (answer.Status, JsonDocument.Parse(answer.Body).RootElement.TryGetProperty("number", out var number) ? number.GetString() : null);
    }

    private static byte[] Code(string says)
    {
        using var qr = QRCodeGenerator.GenerateQrCode(says, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(qr);
        return png.GetGraphic(20);
    }

    private static async Task<HttpStatusCode> PutPictureAsync(Browser browser, Guid id, Guid photo)
    {
        using var content = new ByteArrayContent(Code("mẫu"));
        return (await browser.PutAsync($"{OnTheSpot}/{id}/anh/{photo}", content, ("Accept", "application/json"))).Status;
    }
}
