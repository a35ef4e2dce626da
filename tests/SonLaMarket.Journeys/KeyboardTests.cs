using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The main journeys by Tab, Space and Enter alone; the focus is seen wherever it stops.</summary>
public sealed class KeyboardTests(Province province, PostgresFixture postgres, Chromium chromium)
{
    [Fact]
    public async Task A_guest_searches_buys_and_has_an_order()
    {
        await province.StartAsync(postgres);
        var page = await chromium.OpenAsync(province.First.Url, 1280);
        var keyboard = new Keyboard(page);
        await page.GotoAsync("/");
        await keyboard.ToAsync("main input[name=q], header input[name=q]");
        await page.Keyboard.TypeAsync("ca phe");
        await keyboard.EnterAsync();
        await keyboard.GoAsync("main a[href*='/san-pham/ca-phe']");
        await keyboard.GoAsync("form.buy button");
        if (!page.Url.EndsWith("/gio-hang", StringComparison.Ordinal))
            await keyboard.GoAsync("a[href$='/gio-hang']");
        await keyboard.GoAsync("main a[href$='/thanh-toan'].button--primary, main button.button--primary");
        await keyboard.FillAsync("name", "Người mua mẫu");
        await keyboard.FillAsync("tel", "0001234567");
        await keyboard.ToAsync("[name=address-level1]");
        await page.Keyboard.TypeAsync("Tỉnh Sơn La");
        await page.UntilAsync("document.querySelector('[name=address-level1]').value === '14' && document.querySelector('select[name=address-level2]').options.length > 10");
        await keyboard.FindAsync("address-level2", "to hieu");
        await keyboard.FillAsync("street-address", "Bản Áng");
        await keyboard.ToAsync("[name=payment]");
        await page.Keyboard.PressAsync("ArrowDown");
        await keyboard.GoAsync("main form button.button--primary");
        await keyboard.GoAsync("main form button.button--primary");
        Assert.Contains("/don-hang/", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_officer_signs_in_and_approves()
    {
        await province.StartAsync(postgres);
        var page = await chromium.OpenAsync(province.First.Url, 1280);
        var keyboard = new Keyboard(page);
        var (signIn, password) = province.First.Account("officer");
        await page.GotoAsync("/dang-nhap");
        await keyboard.FillAsync("SignIn", signIn);
        await keyboard.FillAsync("Password", password);
        await keyboard.GoAsync("main form button.button--primary");
        await page.GotoAsync("/so-cong-thuong/duyet");
        await keyboard.GoAsync("main table a[href*='/duyet/tin-dang/']");
        foreach (var check in await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main [name=Checks]')].map(c => c.value)"))
            await keyboard.TickAsync($"[name=Checks][value=\"{check}\"]");
        await keyboard.GoAsync("form[action$='/phe-duyet'] button.button--primary");
        await Microsoft.Playwright.Assertions.Expect(page.Locator("[role=status]").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_farmer_signs_up_and_has_the_label_of_the_first_lot()
    {
        await province.StartAsync(postgres);
        var page = await chromium.OpenAsync(province.First.Url, 1280);
        var keyboard = new Keyboard(page);
        const string phone = "0001000090", go = "main form button.button--primary";
        await page.GotoAsync("/dang-ky");
        await keyboard.FillAsync("Name", "Lò Thị Mẫu Phím");
        await keyboard.FillAsync("SignIn", phone);
        await keyboard.GoAsync(go);
        await keyboard.FillAsync("Code", await province.Database.Db.CodeAsync(phone));
        await keyboard.GoAsync(go);
        await keyboard.ChooseAsync("Kind", "household");
        await keyboard.FindAsync("CommuneCode", "to hieu");
        await keyboard.FillAsync("AddressLine", "Bản Áng");
        await keyboard.GoAsync(go);
        await keyboard.GoAsync("main a[href='/quan-ly/dang-ban/moi']");
        // Without a photo: the drawing stands for it.
        await keyboard.GoAsync(go);
        await keyboard.FindAsync("Speciality", "man hau");
        await keyboard.GoAsync(go);
        await keyboard.GoAsync(go);
        await keyboard.FillAsync("Quantity", "2 tạ");
        await keyboard.GoAsync(go);
        await keyboard.FillAsync("Price", "35k");
        await keyboard.GoAsync(go);
        await page.SaysAsync("35.000");
        await keyboard.GoAsync(go);
        Assert.EndsWith("/tem", new Uri(page.Url).AbsolutePath, StringComparison.Ordinal);
        await keyboard.ToAsync("main a[href*='/tem.pdf']");
    }

    [Fact]
    public async Task A_seller_describes_a_product_for_sale()
    {
        await province.StartAsync(postgres);
        var page = await chromium.OpenAsync(province.First.Url, 1280);
        var keyboard = new Keyboard(page);
        var (signIn, password) = province.First.Account("seller", 1);
        await page.SignInAsync(signIn, password);
        await page.GotoAsync("/quan-ly/san-pham/moi");
        await keyboard.FillAsync("Name", "Mận hậu mẫu bàn phím");
        await keyboard.PickAsync("CategorySlug", "fresh-fruit");
        await keyboard.TickAsync("[name=BaseUnit]");
        await keyboard.FillAsync("Description", "Mận hậu mẫu, chỉ có bàn phím.");
        await keyboard.GoAsync("main form button.button--primary");
        await page.SaysAsync("Mận hậu mẫu bàn phím");
    }

    [Fact]
    public async Task Filters_are_chosen_with_the_arrows_and_applied_by_their_button()
    {
        await province.StartAsync(postgres);
        var page = await chromium.OpenAsync(province.First.Url, 1280);
        var keyboard = new Keyboard(page);
        await page.GotoAsync("/san-pham");
        await keyboard.PickAsync("xep", "gia-giam");
        await keyboard.GoAsync("form.filters .button--primary");
        Assert.Equal("/san-pham?xep=gia-giam", new Uri(page.Url).PathAndQuery);
    }
}
