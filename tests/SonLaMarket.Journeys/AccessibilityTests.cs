using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// axe-core finds nothing on pages with a whole province in them, nor on those that have nothing to show; nothing scrolls sideways at 320 px; the console stays
/// silent. Each page with a little in it, and each form refused, is looked at by <see cref="EveryPageTests"/>: here are those that look different full or empty.
/// </summary>
public sealed class AccessibilityTests(Province province, PostgresFixture postgres, Chromium chromium)
{
    private static readonly string[] Public = ["/", "/san-pham", "/thu-hoi", "/gio-hang", "/en/"];

    private static readonly string[] Seller = ["/quan-ly", "/quan-ly/san-pham", "/quan-ly/tin-dang", "/quan-ly/lo", "/quan-ly/chung-nhan", "/quan-ly/vung-trong", "/quan-ly/don-hang", "/quan-ly/tien"];

    private static readonly string[] SellerWithoutAnything = ["/quan-ly/lo/moi", "/quan-ly/giao-hang", "/quan-ly/xuat-du-lieu", "/quan-ly/thanh-vien", "/quan-ly/khoa-api", "/tai-khoan", "/tai-khoan/thiet-bi", "/tai-khoan/khoa"];

    private static readonly string[] Officer = ["/so-cong-thuong", "/so-cong-thuong/duyet", "/so-cong-thuong/giam-sat", "/so-cong-thuong/lo-bi-chan", "/so-cong-thuong/vung-trong", "/so-cong-thuong/thu-hoi", "/so-cong-thuong/bao-cao-tem", "/so-cong-thuong/nhat-ky-he-thong"];

    private static readonly string[] Operator = ["/quan-tri", "/quan-tri/hop-thu-di", "/quan-tri/viec-nen", "/quan-tri/nguoi-dung", "/quan-tri/giao-dien?nen=toi"];

    [Fact]
    public async Task Every_page_of_the_full_province_passes()
    {
        await province.StartAsync(postgres);
        var site = province.First;
        var db = province.Database.Db;
        var listing = await db.SingleAsync<string>("select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 0 order by l.id limit 1");
        var hidden = await db.FirstOrDefaultAsync<string>("select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and not e.sellable order by l.id limit 1");
        var producer = await db.SingleAsync<string>("select slug from producers.producer where public_version is not null order by id limit 1");
        var lots = await db.QueryAsync<string>("select distinct on (b.cause) l.code from origin.lot l left join origin.lot_block b on b.lot_id = l.id order by b.cause, l.id");
        var page = await chromium.OpenForAxeAsync(site);
        await page.CheckAsync([.. Public, "/san-pham/" + listing, "/san-pham/" + hidden, "/co-so/" + producer, .. lots.Select(l => "/lo/" + l), "/lo/KHONG-CO", "/en/lo/" + lots[0]]);

        var (seller, sellerPassword) = site.Account("seller");
        var owned = await db.SingleAsync<(string Listing, string Lot, string Product, string Order)>("""
            select (select slug from catalog.listing where producer_id = p.id order by id limit 1), (select code from origin.lot where producer_id = p.id order by id limit 1),
              (select code from producers.product where producer_id = p.id order by id limit 1), (select code from orders.sub_order where producer_id = p.id order by id limit 1)
            from producers.producer p join producers.member m on m.producer_id = p.id join accounts.person o on o.id = m.person_id where o.email = @seller order by m.joined_at limit 1
            """, new { seller });
        page = await chromium.OpenForAxeAsync(site);
        await page.SignInAsync(seller, sellerPassword);
        await page.ConfirmAsync(sellerPassword);
        await page.CheckAsync([.. Seller, "/quan-ly/tin-dang/" + owned.Listing, "/quan-ly/lo/" + owned.Lot, "/quan-ly/ton-kho/" + owned.Lot, "/quan-ly/san-pham/" + owned.Product, "/quan-ly/don-hang/" + owned.Order]);
        var (officer, officerPassword) = site.Account("officer");
        page = await chromium.OpenForAxeAsync(site);
        await page.SignInAsync(officer, officerPassword);
        await page.GotoAsync("/so-cong-thuong/duyet");
        var dossiers = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('table.data td a')].map(a => new URL(a.href).pathname).slice(0, 3)");
        await page.CheckAsync([.. Officer, .. dossiers]);

        var (@operator, operatorPassword) = site.Account("operator");
        page = await chromium.OpenForAxeAsync(site);
        await page.SignInAsync(@operator, operatorPassword);
        await page.CheckAsync(Operator);
        // The dialog that stands on the component page is the one that a script opens.
        await page.WaitForLoadStateAsync(Microsoft.Playwright.LoadState.NetworkIdle);
        await page.ClickAsync("main form [data-ask]");
        await page.Locator("dialog[open]:not(.specimen)").WaitForAsync();
        const string build = "d => [...d.querySelectorAll('*:not([type=hidden])')].map(e => `${e.localName}.${e.className} ${e.value ?? ''} ${e.textContent}`)";
        Assert.Equal(await page.Locator("dialog.specimen").EvaluateAsync<string[]>(build), await page.Locator("dialog[open]:not(.specimen)").EvaluateAsync<string[]>(build));
    }

    [Fact]
    public async Task Every_empty_page_passes()
    {
        await using var empty = new ReferenceSite(postgres);
        await empty.InitializeAsync();
        var site = empty.Site;
        var page = await chromium.OpenForAxeAsync(site);
        await page.CheckAsync([.. Public, "/san-pham?q=khongcogi", "/quet?ma=SAI", "/khong-co"]);
        await page.SignInAsync(ReferenceSite.Officer);
        await page.CheckAsync(Officer);

        page = await chromium.OpenForAxeAsync(site);
        await page.GotoAsync("/dang-ky");
        await page.FillAsync("[name=Name]", "Người bán mới");
        await page.FillAsync("[name=SignIn]", "moi@thu.invalid");
        await page.FillAsync("[name=Password]", Steps.Password);
        await page.PressMainButtonAsync();
        await page.SignInAsync("moi@thu.invalid");
        await page.ConfirmAsync();
        await page.CheckAsync("/quan-ly/co-so", "/tai-khoan/don-hang");
        await page.CheckRefusedAsync("/quan-ly/co-so", "/co-so");
        await page.Locator("[name=Kind][value=household]").CheckAsync();
        await page.FillAsync("[name=Name]", "Hộ mẫu mới");
        await page.FillAsync("[name=Representative]", "Người mẫu");
        await page.FillAsync("[name=Phone]", "0001112223");
        await page.SelectOptionAsync("select[name=CommuneCode]", "03646", new() { Force = true });
        await page.FillAsync("[name=AddressLine]", "Bản 1");
        await page.PressMainButtonAsync();
        await page.CheckAsync([.. Seller, .. SellerWithoutAnything]);
    }
}
