using System.IO.Compression;
using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// Buying on a cheap phone, also inside Zalo and its like, whose browsers lack much of what others have: the powers are taken
/// away one and all, and what a person needs still works. Counts of pages, fields and taps are printed and gated.
/// </summary>
public sealed class CheckoutTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_purchase_from_one_seller_is_three_pages_and_at_most_seven_fields()
    {
        var listing = (await ListingsAsync(1))[0];
        var walk = await OpenAsync(script: true);
        await walk.Page.GotoAsync("/san-pham/" + listing);
        walk.Pages.Clear();
        await BuyAsync(walk, to: "14", commune: "03646");
        Console.WriteLine($"One seller, with script: {walk}");
        Assert.Equal(["/gio-hang", "/thanh-toan", "/thanh-toan/xac-nhan"], walk.Pages.Take(3));
        Assert.InRange(walk.Fields.Count, 1, 7);
        // The province is told once, on the first page; the note is left out.
        Assert.Equal(["address-level1", "name", "tel", "address-level2", "street-address", "payment"], walk.Fields);
        Assert.InRange(walk.Taps, 1, 10);
        Assert.StartsWith(province.First.SimulatorUrl!, walk.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bought_at_once_it_is_two_pages_after_the_product()
    {
        var listing = (await ListingsAsync(1))[0];
        var walk = await OpenAsync(script: true);
        await walk.Page.GotoAsync("/san-pham/" + listing);
        walk.Pages.Clear();
        await walk.TapAsync("form.buy button[name=mua]");
        await walk.ChooseAsync("address-level1", "14");
        await Assertions.Expect(walk.Page.Locator("select[name=address-level2] option[value='03646']")).ToHaveCountAsync(1);
        await Assertions.Expect(walk.Page.Locator("#don-cua-ban")).ToContainTextAsync("Nhận hàng chậm nhất");
        await DetailsAsync(walk, "03646");
        await walk.TapAsync("form[action$='/thanh-toan/xac-nhan'] .button--primary");
        Console.WriteLine($"At once: {walk}");
        Assert.Equal(["/thanh-toan", "/thanh-toan/xac-nhan"], walk.Pages.Where(p => p.StartsWith("/thanh-toan", StringComparison.Ordinal)));
        Assert.StartsWith(province.First.SimulatorUrl!, walk.Page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_seller_adds_a_payment_and_no_field(bool script)
    {
        var listings = await ListingsAsync(2);
        var one = await OpenAsync(script);
        await one.Page.GotoAsync("/san-pham/" + listings[0]);
        one.Pages.Clear();
        await BuyAsync(one, "01", "00004");
        var two = await OpenAsync(script);
        await two.Page.GotoAsync("/san-pham/" + listings[1]);
        await two.Page.ClickAsync("form.buy button");
        await two.Page.GotoAsync("/san-pham/" + listings[0]);
        two.Pages.Clear();
        await BuyAsync(two, "01", "00004");
        Console.WriteLine($"One seller, {(script ? "with" : "without")} script: {one}");
        Console.WriteLine($"Two sellers, {(script ? "with" : "without")} script: {two}");
        Assert.Equal(one.Fields, two.Fields);
        Assert.Equal(one.Taps, two.Taps);
        Assert.Equal(one.Pages.Take(3), two.Pages.Take(3));
        Assert.Contains("/don-hang/", two.Page.Url, StringComparison.Ordinal);
        Assert.Equal(2, await two.Page.Locator("form[action$='/thanh-toan']").CountAsync());
    }

    [Fact]
    public async Task Inside_an_app_that_lacks_every_power_the_purchase_ends_in_another_browser()
    {
        var listings = await ListingsAsync(1);
        var walk = await OpenAsync(script: true, powerless: true);
        var errors = new List<string>();
        // The app's own script fails on each page: that is not our error.
        walk.Page.PageError += (_, e) => { if (!e.Contains("zaloJSV2", StringComparison.Ordinal)) errors.Add(e); };
        walk.Page.Console += (_, m) => { if (m.Type == "error") errors.Add(m.Text); };
        await walk.Page.GotoAsync("/san-pham/" + listings[0]);
        await NeedsNoPowerAsync(walk.Page);
        await walk.TapAsync("form.buy button");
        await NeedsNoPowerAsync(walk.Page);
        await walk.ChooseAsync("address-level1", "14");
        await walk.TapAsync("aside .button--primary");
        await NeedsNoPowerAsync(walk.Page);
        await FindAsync(walk.Page, "quyet thang", "Phường Tô Hiệu");
        await DetailsAsync(walk, null);
        await NeedsNoPowerAsync(walk.Page);
        await walk.TapAsync("form[action$='/thanh-toan/xac-nhan'] .button--primary");
        await PayAsync(walk.Page);
        var back = walk.Page.Url;
        Assert.Empty(errors);

        // The bank's app came back into the phone's own browser, which has no cookie of ours.
        var other = await OpenAsync(script: false);
        await other.Page.GotoAsync(back);
        await other.Page.SaysAsync("Đã nhận thanh toán");
        await other.Page.ClickAsync("main a.button--primary");
        await other.Page.SaysAsync("Đã nhận đơn của bạn");
        await NeedsNoPowerAsync(other.Page);
        var order = other.Page.Url;
        Assert.Matches("/don-hang/[0-9A-Z]{8}\\?k=", order);

        // The order is where its secret is, and nowhere else.
        var third = await OpenAsync(script: false);
        Assert.Equal(404, (await third.Page.GotoAsync(order.Split('?')[0]))!.Status);
        Assert.Equal(200, (await third.Page.GotoAsync(order))!.Status);
    }

    [Fact]
    public async Task A_cart_begun_inside_an_app_goes_on_in_another_browser_by_its_code()
    {
        var walk = await OpenAsync(script: true, powerless: true);
        await walk.Page.GotoAsync("/san-pham/" + (await ListingsAsync(1))[0]);
        await walk.TapAsync("form.buy button");
        await walk.TapAsync("#ma-gio summary");
        await walk.TapAsync("form[action$='/gio-hang/ma'] button");
        var code = await walk.Page.InnerTextAsync("#ma-gio .order-code");
        var other = await OpenAsync(script: false);
        await other.Page.GotoAsync("/gio-hang");
        await other.Page.ClickAsync("#ma-gio summary");
        await other.Page.FillAsync("#ma", code);
        await other.Page.ClickAsync("form[action$='/gio-hang/mo'] button");
        await Assertions.Expect(other.Page.Locator(".lines .line")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_commune_is_found_by_its_old_name_with_the_keyboard_and_with_a_tap()
    {
        var walk = await ToDetailsAsync("14");
        var page = walk.Page;
        await page.FillAsync("#address-level2-find", "chieng chung");
        // Two communes had this name: their former districts tell them apart.
        await Assertions.Expect(page.Locator("#address-level2-list [role=option]")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#address-level2-list")).ToContainTextAsync("trước đây: Xã Chiềng Chung, Mai Sơn");
        await page.FillAsync("#address-level2-find", "chieng chung mai son");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("Xã Mường Chanh (Mai Sơn)", await page.InputValueAsync("#address-level2-find"));
        var byKey = await page.InputValueAsync("select[name=address-level2]");
        await FindAsync(page, "quyet thang", "Phường Tô Hiệu");
        Assert.Equal("03646", await page.InputValueAsync("select[name=address-level2]"));
        Assert.NotEqual("03646", byKey);
        await page.FillAsync("#address-level2-find", "không có nơi này");
        await page.SaysAsync("Không thấy");
        await page.FocusAsync("#name");
        // What was chosen stays chosen.
        Assert.Equal("03646", await page.InputValueAsync("select[name=address-level2]"));
        Assert.StartsWith("Phường Tô Hiệu", await page.InputValueAsync("#address-level2-find"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keyboard_of_the_phone_covers_no_field_and_no_button_sticks_over_it()
    {
        var walk = await ToDetailsAsync("14");
        var page = walk.Page;
        foreach (var path in new[] { "/gio-hang", "/thanh-toan" })
        {
            await page.SetViewportSizeAsync(360, 640);
            await page.GotoAsync(path);
            var fields = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main input:not([type=hidden]), main select:not([tabindex]), main textarea')].filter(e => e.checkVisibility()).map((e, i) => { e.dataset.n = i; return e.name || e.id; })");
            Assert.NotEmpty(fields);
            for (var n = 0; n < fields.Length; n++)
            {
                await page.SetViewportSizeAsync(360, 640);
                await page.FocusAsync($"[data-n='{n}']");
                // The keyboard takes the lower half.
                await page.SetViewportSizeAsync(360, 300);
                Assert.True(await page.EvaluateAsync<bool>("""
                    () => {
                      const field = document.activeElement;
                      field.scrollIntoView({ block: "center" });
                      const box = field.getBoundingClientRect();
                      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                      const over = [...document.querySelectorAll("body *")].filter(e => ["fixed", "sticky"].includes(getComputedStyle(e).position) && getComputedStyle(e).bottom !== "auto");
                      return over.length === 0 && (top === field || field.contains(top) || !!top?.closest("label")?.contains(field));
                    }
                    """), $"{path}: {fields[n]} is covered");
            }
        }
    }

    [Fact]
    public async Task Heights_follow_the_bars_of_the_browser()
    {
        var page = (await OpenAsync(script: true)).Page;
        await page.GotoAsync("/gio-hang");
        var sheets = await page.EvaluateAsync<string[]>("Promise.all([...document.querySelectorAll('link[rel=stylesheet]')].map(l => fetch(l.href).then(r => r.text())))");
        Assert.All(sheets, css => Assert.Equal(Count(css, "vh)") + Count(css, "vh;"), Count(css, "dvh)") * 2 + Count(css, "dvh;") * 2));
        Assert.Contains("100dvh", sheets[0], StringComparison.Ordinal);

        static int Count(string text, string part) => text.Split(part).Length - 1;
    }

    [Fact]
    public async Task The_confirmation_says_number_day_and_whom_to_call_also_on_paper()
    {
        var walk = await ToDetailsAsync("14");
        await DetailsAsync(walk, "03646", "cod");
        await walk.TapAsync("form[action$='/thanh-toan/xac-nhan'] .button--primary");
        var page = walk.Page;
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        var code = await page.InnerTextAsync("h1 .order-code");
        Assert.Matches("^[0-9A-Z]{8}$", code);
        foreach (var word in new[] { "Đã nhận đơn của bạn", "giao chậm nhất", "tiền mặt, trả khi nhận", "Cần đổi: gọi", "Phường Tô Hiệu" })
            await page.SaysAsync(word);
        await Assertions.Expect(page.Locator(".band--ok")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".button:visible")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".site-nav")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Each_page_of_the_checkout_is_at_most_120_kilobytes()
    {
        var listing = (await ListingsAsync(1))[0];
        var page = (await OpenAsync(script: true)).Page;
        await page.GotoAsync("/san-pham/" + listing);
        // What still arrives of this page is not the next one's.
        await page.NextPageAsync(() => page.ClickAsync("form.buy button"));
        var sizes = new List<(string Path, double Bytes)> { ("/gio-hang", await SizeAsync(page, "/gio-hang")), ("/thanh-toan, province unknown", await SizeAsync(page, "/thanh-toan")) };
        await page.GotoAsync("/gio-hang");
        await page.SelectOptionAsync("aside select", "79");
        await page.ClickAsync("aside .button--primary");
        sizes.Add(("/thanh-toan", await SizeAsync(page, "/thanh-toan")));
        await DetailsAsync(new Walk(page), "26704");
        sizes.Add(("/thanh-toan/xac-nhan", await SizeAsync(page, "/thanh-toan/xac-nhan")));
        foreach (var (path, bytes) in sizes)
            Console.WriteLine($"{path}: {bytes / 1000:0.0} kB compressed with styles, scripts and fonts");
        Assert.All(sizes, s => Assert.InRange(s.Bytes, 1, 120_000));
    }

    /// <summary>Bytes of a first visit, compressed with brotli as the contract says, pictures of goods left out.</summary>
    private static async Task<double> SizeAsync(IPage page, string path)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("Network.enable");
        await session.SendAsync("Network.clearBrowserCache");
        await session.DetachAsync();
        var parts = new List<IResponse>();
        void Keep(object? sender, IResponse response) => parts.Add(response);
        page.Response += Keep;
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.NetworkIdle });
        page.Response -= Keep;
        var bytes = 0.0;
        foreach (var part in parts.Where(p => p.Request.ResourceType is "document" or "stylesheet" or "script" or "font"))
        {
            // Asked again: the browser lets the bodies of a page go when it leaves it.
            var body = await (await page.APIRequest.GetAsync(part.Url)).BodyAsync();
            using var packed = new MemoryStream();
            await using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
                await brotli.WriteAsync(body);
            bytes += part.Request.ResourceType == "font" ? body.Length : packed.Length;
        }
        return bytes;
    }

    private async Task<Walk> OpenAsync(bool script, bool powerless = false)
    {
        var page = await chromium.OpenAsync(province.First.Url, script: script, height: 640);
        if (powerless)
            await page.AddInitScriptAsync(InApp.Powerless);
        return new Walk(page);
    }

    private async Task<Walk> ToDetailsAsync(string to)
    {
        var walk = await OpenAsync(script: true);
        await walk.Page.GotoAsync("/san-pham/" + (await ListingsAsync(1))[0]);
        await walk.TapAsync("form.buy button");
        await walk.ChooseAsync("address-level1", to);
        await walk.TapAsync("aside .button--primary");
        return walk;
    }

    /// <summary>From the product to VNPAY or, with several sellers, to the order.</summary>
    private static async Task BuyAsync(Walk walk, string to, string commune)
    {
        await walk.TapAsync("form.buy button");
        await walk.ChooseAsync("address-level1", to);
        await walk.TapAsync("aside .button--primary");
        await DetailsAsync(walk, commune);
        await walk.TapAsync("form[action$='/thanh-toan/xac-nhan'] .button--primary");
    }

    private static async Task DetailsAsync(Walk walk, string? commune, string payment = "vnpay")
    {
        await walk.FillAsync("name", "Nguyễn Thị Ếch");
        await walk.FillAsync("tel", "0001234567");
        if (commune is not null)
            await walk.ChooseAsync("address-level2", commune);
        await walk.FillAsync("street-address", "Bản Áng 2");
        await walk.CheckAsync("payment", payment);
        await walk.TapAsync("main form .button--primary");
        Assert.EndsWith("/thanh-toan/xac-nhan", walk.Page.Url, StringComparison.Ordinal);
    }

    private static async Task FindAsync(IPage page, string typed, string name)
    {
        await page.FillAsync("#address-level2-find", typed);
        await page.ClickAsync($"#address-level2-list [role=option]:has-text('{name}')");
    }

    private static async Task NeedsNoPowerAsync(IPage page) =>
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll("[target], a[download], [href^='blob:'], [href^='data:'], [href^='javascript:'], [href^='intent:'], form[target]")].map(e => e.outerHTML)
            """));

    /// <summary>The simulator's page: a test card, its code, back to us.</summary>
    private static async Task PayAsync(IPage guest)
    {
        await guest.CheckAsync("[name=card][value='9704198526191432198']");
        await guest.ClickAsync("form[action$='/card'] button:not(.quiet)");
        await guest.FillAsync("[name=otp]", "123456");
        await guest.ClickAsync("form[action$='/otp'] button");
        await guest.WaitForURLAsync("**/thanh-toan/vnpay/ket-qua**", new() { WaitUntil = WaitUntilState.Commit });
    }

    /// <summary>Of different sellers who take online payments, with enough on the shelf.</summary>
    private async Task<List<string>> ListingsAsync(int count) => await province.Database.Db.QueryAsync<string>("""
        select distinct on (l.producer_id) l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 20
        where l.price_vnd between 20000 and 500000 and exists (select 1 from payments.terminal t where t.producer_id = l.producer_id and t.active) order by l.producer_id limit @count
        """, new { count });
}
