using System.Net;
using System.Net.Http.Headers;
using NetVips;
using QRCoder;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>From a label to its lot: by a photo from the camera or from the gallery, or by typing.</summary>
public sealed class ScanTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("camera", "http://localhost/lo/{0}")]
    [InlineData("gallery", "http://localhost/lo/{0}")]
    [InlineData("gallery", "{0}")]
    public async Task A_photo_of_a_label_held_askew_leads_to_its_lot(string field, string printed)
    {
        var lot = (await Stall.OpenAsync(market)).LotCode;
        var browser = market.Site.Open();
        var read = await SendAsync(browser, field, Photo(string.Format(System.Globalization.CultureInfo.InvariantCulture, printed, lot)));
        Assert.Equal(HttpStatusCode.SeeOther, read.Status);
        Assert.Equal("/lo/" + lot, (await browser.GetAsync(read.Location!)).Location);
    }

    [Fact]
    public async Task What_no_code_can_be_read_from_is_told_beside_the_field_and_the_typed_code_stays()
    {
        const string pictures = "select count(*) from files.stored_file";
        var before = await market.Db.SingleAsync<long>(pictures);
        using var blank = Image.Black(300, 300, bands: 3) + 200;
        var refused = await SendAsync(market.Site.Open(), "camera", blank.Cast(Enums.BandFormat.Uchar).JpegsaveBuffer(), "7K3Q");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Không thấy mã nào", refused.Page.GetElementById("camera-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("7K3Q", refused.Page.QuerySelector("main input[name=ma]")!.GetAttribute("value"));
        var other = await SendAsync(market.Site.Open(), "gallery", "%PDF-1.7 không phải ảnh"u8.ToArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.NotNull(other.Page.GetElementById("gallery-error"));
        Assert.Equal(before, await market.Db.SingleAsync<long>(pictures));
    }

    [Fact]
    public async Task A_code_that_nobody_was_given_is_a_lead_as_soon_as_it_is_asked_for()
    {
        var code = "FALSCH1" + Guid.NewGuid().ToString("N")[..8].ToUpperInvariant();
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/quet?ma=" + code.ToLowerInvariant())).Status);
        await market.Site.Get<SonLaMarket.Origin.Scans>().WriteAsync();
        Assert.Equal(1, await market.Db.SingleAsync<long>("select coalesce(sum(scans), 0)::bigint from origin.unknown_scan where code = @code", new { code }));
    }

    [Fact]
    public async Task What_never_pretended_to_be_a_code_of_ours_is_no_lead_and_a_recall_is_found_by_its_number_however_it_is_typed()
    {
        var stall = await Stall.OpenAsync(market);
        await market.Site.Get<SonLaMarket.Origin.Scans>().WriteAsync();
        const string counted = "select coalesce(string_agg(code, ' ' order by code), '') from origin.unknown_scan where code like 'LAMAUX-%' or code ~ '^[0-9]{13}$' or code like 'TH%'";
        Assert.Equal("", await market.Db.SingleAsync<string>(counted));
        var browser = market.Site.Open();
        foreach (var others in new[] { "https://tem.example.invalid/t/LAMAUX-1", "https://tem.example.invalid/01/09521237799995/10/LAMAUX-2", "4006381333931", "/01/04006381333931/10/LAMAUX-3", "TH-2019-0777" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quet?ma=" + Uri.EscapeDataString(others))).Status);
        foreach (var ours in new[] { "http://localhost/lo/LAMAUX-4", $"/01/{stall.Gtin}/10/LAMAUX-5" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quet?ma=" + Uri.EscapeDataString(ours))).Status);
        await market.Site.Get<SonLaMarket.Origin.Scans>().WriteAsync();
        Assert.Equal("LAMAUX-4 LAMAUX-5", await market.Db.SingleAsync<string>(counted));

        string number;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            number = (await market.Site.Get<SonLaMarket.Origin.Recalls>().OpenAsync(tx, [stall.LotCode], "Phát hiện dư lượng thuốc", "", SonLaMarket.Foundation.Web.Actor.System))!;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var (year, count) = (number.Split('-')[1], int.Parse(number.Split('-')[2], System.Globalization.CultureInfo.InvariantCulture));
        foreach (var typed in new[] { number.ToLowerInvariant(), $"th {year} {count:0000}", $"TH{year}{count:0000}", $"Th–{year} – {count}" })
        {
            Assert.Equal("/thu-hoi/" + number, (await browser.GetAsync("/quet?ma=" + Uri.EscapeDataString(typed))).Location);
            Assert.Equal("/thu-hoi/" + number, (await browser.GetAsync("/thu-hoi/" + Uri.EscapeDataString(typed))).Location);
        }
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/thu-hoi/" + number)).Status);
    }

    [Fact]
    public async Task Typing_works_without_a_photo_and_nothing_at_all_is_asked_for_again()
    {
        var lot = (await Stall.OpenAsync(market)).LotCode;
        var browser = market.Site.Open();
        var page = await browser.GetAsync("/quet");
        var read = await browser.SubmitAsync(page, "/quet", ("ma", lot.ToLowerInvariant()));
        Assert.Equal("/lo/" + lot, (await browser.GetAsync(read.Location!)).Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, "/quet", ("ma", ""))).Status);
    }

    [Fact]
    public async Task A_label_leads_everybody_to_its_lots_page_and_an_officer_on_to_an_inspection_of_the_lot()
    {
        var lot = (await Stall.OpenAsync(market)).LotCode;
        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        Assert.Equal("/lo/" + lot, (await officer.GetAsync("/quet?ma=" + lot.ToLowerInvariant())).Location);
        var found = await officer.GetAsync("/lo/" + lot);
        var site = await officer.GetAsync(found.Page.QuerySelector("main a[href*='/kiem-tra/tai-cho?']")!.GetAttribute("href")!);
        Assert.Equal(("moi", lot), (site.Page.QuerySelector("[name=Visit] option[selected]")!.GetAttribute("value"), site.Page.QuerySelector("[name=Subject]")!.GetAttribute("value")));
        Assert.Equal("/lo/" + lot, (await market.Site.Open().GetAsync("/quet?ma=" + lot)).Location);
        // What an officer was shown is nobody else's page.
        Assert.DoesNotContain("tai-cho", (await market.Site.Open().GetAsync("/lo/" + lot)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36 Zalo android/24100", "Zalo")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/470.0]", "Facebook")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/129.0 Mobile Safari/537.36", null)]
    public async Task Inside_another_app_the_page_says_how_to_open_it_in_a_browser(string agent, string? app)
    {
        var page = (await market.Site.Open().GetAsync("/quet", ("User-Agent", agent))).Page;
        Assert.Equal(app is not null, page.QuerySelector("main .notice") is not null);
        if (app is not null)
            Assert.Contains($"trong {app}", page.QuerySelector("main .notice")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("environment", page.QuerySelector("input[name=camera]")!.GetAttribute("capture"));
        Assert.False(page.QuerySelector("input[name=gallery]")!.HasAttribute("capture"));
    }

    [Fact]
    public async Task Where_files_are_fetched_another_app_is_told_of_a_browser_with_a_link_to_copy()
    {
        var seller = await market.Shop.SellerAsync();
        var lot = (await market.Shop.GoodsAsync(seller, 5)).LotCode;
        var browser = await market.SignInAsync(seller);
        foreach (var path in new[] { $"/quan-ly/lo/{lot}", $"/quan-ly/lo/{lot}/tem", "/en/quan-ly/nhap-du-lieu", "/tai-khoan/du-lieu" })
        {
            Assert.Null((await browser.GetAsync(path)).Page.QuerySelector("main .share"));
            var share = (await browser.GetAsync(path, ("User-Agent", "Mozilla/5.0 (Linux; Android 14; wv) Chrome/129.0 Mobile Safari/537.36 Zalo android/24100"))).Page.QuerySelector("main .share")!;
            Assert.EndsWith(path, share.GetAttribute("data-address"), StringComparison.Ordinal);
            Assert.Contains("Zalo", share.ParentElement!.TextContent, StringComparison.Ordinal);
        }
    }

    private static async Task<Answer> SendAsync(Browser browser, string field, byte[] photo, string typed = "")
    {
        using var content = new MultipartFormDataContent { { new StringContent(typed), "ma" } };
        using var file = new ByteArrayContent(photo);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        content.Add(file, field, "tem.jpg");
        return await browser.PostAsync("/quet", content);
    }

    /// <summary>A label on a table: grey, a little turned, not quite sharp, saved by a phone.</summary>
    private static byte[] Photo(string printed)
    {
        using var data = QRCodeGenerator.GenerateQrCode(printed, QRCodeGenerator.ECCLevel.M);
        using var code = new PngByteQRCode(data);
        using var png = Image.NewFromBuffer(code.GetGraphic(12));
        using var label = png.Colourspace(Enums.Interpretation.Srgb);
        using var turned = label.Rotate(14, background: [150, 140, 130]);
        using var table = turned.Embed(300, 220, turned.Width + 700, turned.Height + 500, extend: Enums.Extend.Background, background: [150, 140, 130]);
        using var blurred = table.Gaussblur(1.2);
        using var saved = blurred.Cast(Enums.BandFormat.Uchar);
        return saved.JpegsaveBuffer(q: 60);
    }
}
