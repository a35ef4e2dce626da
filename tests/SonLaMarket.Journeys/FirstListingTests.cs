using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>A farmer with a shared phone of 360 x 640: from sign-up to the label in hand, then again next season; without script; with the connection cut.</summary>
public sealed class FirstListingTests(ReferenceSite reference, Chromium chromium) : IClassFixture<ReferenceSite>
{
    private const int MostFields = 12;
    private const int MostFieldsAgain = 5;
    private static readonly string Photo = Path.Combine(AppContext.BaseDirectory, "seed", "pictures", "man-hau.webp");
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_sign_up_to_the_label_in_hand_and_again_next_season(bool script)
    {
        var page = await chromium.OpenAsync(reference.Site.Url, 360, script, height: 640);
        var kind = script ? "" : " (no script)";
        var all = new Effort(page);
        await page.GotoAsync("/dang-ky");
        var phone = script ? "0001000001" : "0001000004";
        await SignUpAsync(page, all, phone);
        await SayWhoAsync(page, all);
        Assert.EndsWith("/quan-ly/ho-so", page.Url, StringComparison.Ordinal);

        var first = new Effort(page);
        await first.TapAsync("main a[href='/quan-ly/dang-ban/moi'] >> nth=0");
        await FirstListingAsync(page, first);
        await LabelInHandAsync(page);
        first.Ended("First listing" + kind);
        Assert.InRange(first.Shown, 1, MostFields);
        Assert.InRange(first.Loads, 1, 7);
        Assert.InRange(first.Taps, 1, 16);
        all.Ended("Sign-up to label" + kind);

        await page.GotoAsync("/quan-ly/ho-so");
        await page.PressAsync("/quan-ly/ho-so/gui-duyet");
        await page.SaysAsync("Đã gửi duyệt");
        await ApproveAsync();
        await page.GotoAsync("/quan-ly/tin-dang");
        await page.ClickAsync("main .row__main a");
        await page.ClickAsync("details:has(form[action$='/het-mua']) summary");
        await page.PressAsync("/het-mua");

        var again = new Effort(page);
        await again.TapAsync("main a[href$='/dang-lai']");
        await again.TypeAsync("Quantity", "3 tạ");
        await again.TypeAsync("Price", "42k");
        await again.TapAsync("main form .button--primary");
        await LabelInHandAsync(page);
        await page.SaysAsync("Tin đang bán");
        again.Ended("Again as last season" + kind);
        Assert.InRange(again.Shown, 1, MostFieldsAgain);
        Assert.InRange(again.Loads, 1, 2);
        Assert.InRange(again.Taps, 1, 4);
        Assert.Equal(2, (await LotsAsync(phone)).Count);

        await page.SignOutAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).length"));
    }

    [Fact]
    public async Task One_page_asks_no_more_than_the_six()
    {
        var page = await chromium.OpenAsync(reference.Site.Url, 360, height: 640);
        await page.GotoAsync("/dang-ky");
        await SignUpAsync(page, new Effort(page), "0001000002");
        await SayWhoAsync(page, new Effort(page));
        var effort = new Effort(page);
        await effort.TapAsync("main a[href='/quan-ly/dang-ban/moi'] >> nth=0");
        await effort.TapAsync("main a:text('Điền tất cả trong một trang')");
        await effort.PhotoAsync("Photos", Photo);
        await effort.ChooseAsync("Speciality", "mat-ong-hoa-nhan");
        await effort.TypeAsync("Quantity", "60");
        await effort.TypeAsync("Price", "180k");
        await Assertions.Expect(page.Locator("main .field:has([name=Price]) .field__echo")).ToContainTextAsync("một trăm tám mươi nghìn đồng");
        await effort.TapAsync("main form .button--primary");
        await LabelInHandAsync(page);
        effort.Ended("First listing on one page");
        Assert.InRange(effort.Shown, 1, MostFields);
        Assert.InRange(effort.Loads, 1, 3);
    }

    [Fact]
    public async Task Inside_another_app_a_photo_from_the_camera_leads_to_the_label_and_its_code_to_the_lot()
    {
        var page = await chromium.OpenAsync(reference.Site.Url, 360, height: 640);
        await page.AddInitScriptAsync(InApp.Powerless);
        await page.GotoAsync("/dang-ky");
        await SignUpAsync(page, new Effort(page), "0001000005");
        await SayWhoAsync(page, new Effort(page));
        await page.ClickAsync("main a[href='/quan-ly/dang-ban/moi'] >> nth=0");
        await FirstListingAsync(page, new Effort(page), "PhotosCamera");
        await LabelInHandAsync(page);
        Assert.Equal(1, await reference.Database.Db.SingleAsync<int>("select cardinality(p.picture_ids) from producers.product p join producers.member m on m.producer_id = p.producer_id join accounts.person o on o.id = m.person_id where o.phone = '0001000005'"));

        // What a camera makes of the label: read by the server, for no camera is opened here.
        var label = await (await page.APIRequest.GetAsync((await page.GetAttributeAsync("main a[href*='/tem.png']", "href"))!)).BodyAsync();
        await page.GotoAsync("/quet");
        await page.SetInputFilesAsync("[name=camera]", new FilePayload { Name = "tem.png", MimeType = "image/png", Buffer = label });
        await page.PressMainButtonAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/lo/[A-Z0-9-]+$", RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Nothing_typed_is_lost_when_the_connection_is_cut_or_the_phone_dies()
    {
        var page = await chromium.OpenAsync(reference.Site.Url, 360, height: 640);
        await page.GotoAsync("/dang-ky");
        const string phone = "0001000003";
        await SignUpAsync(page, new Effort(page), phone);

        // The phone dies while the first part is typed: nothing was ever sent.
        await page.CheckAsync("[name=Kind][value=household]");
        await page.FillAsync("[name=AddressLine]", "Bản Áng, nhà cuối dốc");
        await page.UntilAsync("Object.keys(localStorage).some(k => k.startsWith('sl-keep:/quan-ly/co-so#'))");
        await page.GotoAsync("about:blank");
        await page.GotoAsync("/quan-ly/co-so");
        Assert.Equal("", await page.InputValueAsync("[name=AddressLine]"));
        await page.ClickAsync(".kept button:text('Dùng lại')");
        Assert.Equal("Bản Áng, nhà cuối dốc", await page.InputValueAsync("[name=AddressLine]"));
        Assert.True(await page.IsCheckedAsync("[name=Kind][value=household]"));
        await SayWhoAsync(page, new Effort(page));
        await page.UntilAsync("!Object.keys(localStorage).some(k => k.startsWith('sl-keep:'))");

        // The connection is cut when a photo and then a price are to be sent.
        await page.ClickAsync("main a[href='/quan-ly/dang-ban/moi'] >> nth=0");
        await page.SetInputFilesAsync("[name=Photos]", Photo);
        await page.Context.SetOfflineAsync(true);
        await page.ClickAsync("main form .button--primary");
        await Assertions.Expect(page.Locator(".kept")).ToContainTextAsync("Chưa có mạng");
        await page.Context.SetOfflineAsync(false);
        await page.NextPageAsync(() => page.ClickAsync(".kept button:text('Gửi lại')"));
        await page.SelectOptionAsync("select[name=Speciality]", "man-hau", new() { Force = true });
        await page.PressMainButtonAsync();
        await page.PressMainButtonAsync();
        await page.FillAsync("[name=Quantity]", "2 tạ");
        await page.PressMainButtonAsync();
        await page.FillAsync("[name=Price]", "38k");
        await page.Context.SetOfflineAsync(true);
        await page.ClickAsync("main form .button--primary");
        await Assertions.Expect(page.Locator(".kept")).ToContainTextAsync("Chưa có mạng");
        var address = page.Url;
        await page.CloseAsync();
        // The same phone, hours later, at the same address.
        page = await page.Context.NewPageAsync();
        await page.Context.SetOfflineAsync(false);
        await page.GotoAsync(address);
        await page.ClickAsync(".kept button:text('Dùng lại')");
        Assert.Equal("38k", await page.InputValueAsync("[name=Price]"));
        await page.PressMainButtonAsync();
        await page.PressMainButtonAsync();
        await LabelInHandAsync(page);
        var lot = "/quan-ly/lo/" + Assert.Single(await LotsAsync(phone));
        Assert.Equal((38_000, 1), await reference.Database.Db.SingleAsync<(int, int)>("""
            select l.price_vnd::int, cardinality(p.picture_ids) from catalog.listing l join producers.product p on p.id = l.product_id
            join producers.member m on m.producer_id = l.producer_id join accounts.person o on o.id = m.person_id where o.phone = @phone
            """, new { phone }));
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).length"));

        // A day of the diary, typed where there is no signal.
        await page.GotoAsync(lot);
        await page.Context.SetOfflineAsync(true);
        await page.FillAsync("form[action$='/nhat-ky'] [name=Note]", "Tỉa cành sau mưa đá");
        await page.UntilAsync("Object.keys(localStorage).some(k => k.includes('/nhat-ky#'))");
        await page.GotoAsync("about:blank");
        await page.Context.SetOfflineAsync(false);
        await page.GotoAsync(lot);
        await page.ClickAsync(".kept button:text('Dùng lại')");
        Assert.Equal("Tỉa cành sau mưa đá", await page.InputValueAsync("form[action$='/nhat-ky'] [name=Note]"));

        // Whoever signs out of a shared phone leaves nothing behind.
        await page.GotoAsync("/quan-ly/co-so/anh");
        await page.FillAsync("[name=About]", "Nhà tôi trồng mận từ 1998");
        await page.UntilAsync("Object.keys(localStorage).some(k => k.includes('/co-so/anh#'))");
        await page.SignOutAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("Object.keys(localStorage).length"));
    }

    /// <summary>By the code that comes to the phone; no password.</summary>
    private async Task SignUpAsync(IPage page, Effort effort, string phone)
    {
        await effort.TypeAsync("Name", "Lò Thị Mẫu");
        await effort.TypeAsync("SignIn", phone);
        await effort.TapAsync("main form .button--primary");
        var message = await reference.Database.Db.SingleAsync<string>("select body from accounts.message where recipient = @phone order by id desc limit 1", new { phone });
        await effort.TypeAsync("Code", Regex.Match(message, "[0-9]{6}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
        await effort.TapAsync("main form .button--primary");
        Assert.EndsWith("/quan-ly/co-so", page.Url, StringComparison.Ordinal);
    }

    /// <summary>Codes of the lots of whoever has this telephone.</summary>
    private Task<List<string>> LotsAsync(string phone) => reference.Database.Db.QueryAsync<string>(
        "select l.code from origin.lot l join producers.member m on m.producer_id = l.producer_id join accounts.person p on p.id = m.person_id where p.phone = @phone", new { phone });

    /// <summary>A household: its name and telephone are known from the account.</summary>
    private static async Task SayWhoAsync(IPage page, Effort effort)
    {
        Assert.Equal("Lò Thị Mẫu", await page.InputValueAsync("[name=Representative]"));
        await effort.CheckAsync("Kind", "household");
        await effort.ChooseAsync("CommuneCode", "03646");
        await effort.TypeAsync("AddressLine", "Bản Áng");
        await effort.TapAsync("main form .button--primary");
    }

    private static async Task FirstListingAsync(IPage page, Effort effort, string photo = "Photos")
    {
        await effort.PhotoAsync(photo, Photo);
        await effort.TapAsync("main form .button--primary");
        await effort.ChooseAsync("Speciality", "man-hau");
        await effort.TapAsync("main form .button--primary");
        // Harvested today, where the household is: as it stands.
        await effort.TapAsync("main form .button--primary");
        await effort.TypeAsync("Quantity", "2 tạ");
        await effort.TapAsync("main form .button--primary");
        await effort.TypeAsync("Price", "35k");
        await effort.TapAsync("main form .button--primary");
        await page.SaysAsync("35.000");
        await effort.TapAsync("main form .button--primary");
    }

    /// <summary>The label on the screen, and its files as real downloads.</summary>
    private static async Task LabelInHandAsync(IPage page)
    {
        Assert.EndsWith("/tem", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("(i => i.decode().then(() => i.complete && i.naturalWidth > 0, () => false))(document.querySelector('img.qr-preview'))"));
        foreach (var file in new[] { "tem.svg", "tem.png", "tem.pdf" })
        {
            var answer = await page.APIRequest.GetAsync(await page.GetAttributeAsync($"main a[href*='/{file}']", "href") is { } href ? href : throw new InvalidOperationException(file));
            Assert.True(answer.Ok, file);
        }
    }

    private async Task ApproveAsync()
    {
        var officer = await chromium.OpenAsync(reference.Site.Url, 1280);
        await officer.SignInAsync(ReferenceSite.Officer);
        foreach (var kind in new[] { "producer", "listing" })
        {
            await officer.GotoAsync("/so-cong-thuong/duyet?loai=" + kind);
            await officer.ClickAsync("table.data td a");
            foreach (var box in await officer.Locator("[name=Checks]").AllAsync())
                await box.CheckAsync();
            await officer.ClickAsync("form[action$='/phe-duyet'] .button--primary");
            await officer.SaysAsync("Đã duyệt");
        }
        await officer.Context.CloseAsync();
    }
}
