using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>axe-core on the pages that only appear when something was done: every step of a purchase, orders in every state.</summary>
public sealed class AccessibleFormsTests(Province province, PostgresFixture postgres, Chromium chromium)
{
    [Fact]
    public async Task Every_step_of_a_purchase_passes()
    {
        await province.StartAsync(postgres);
        var listings = await province.Database.Db.QueryAsync<string>("""
            select distinct on (l.producer_id) l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 20
            where l.price_vnd between 20000 and 500000 order by l.producer_id limit 2
            """);
        var page = await chromium.OpenForAxeAsync(province.First);
        foreach (var listing in listings)
        {
            await page.GotoAsync("/san-pham/" + listing);
            await page.ClickAsync("form.buy button");
        }
        await page.PassesAsync("basket with two sellers");
        await page.FillAsync("[name=quantity] >> nth=0", "nhiều");
        await page.ClickAsync("form[action$='/gio-hang/sua'] button >> nth=0");
        await page.PassesAsync("basket with a number that is none");
        await page.CheckAsync("/gio-hang", "/thanh-toan", "/en/thanh-toan");
        await page.CheckRefusedAsync("/thanh-toan", "/thanh-toan");
        await page.FillAsync("[name=name]", "Nguyễn Thị Ếch");
        await page.FillAsync("[name=tel]", "0001234567");
        await page.SelectOptionAsync("[name=address-level1]", "14");
        await page.SelectOptionAsync("[name=address-level2]", "03646", new() { Force = true });
        await page.FillAsync("[name=street-address]", "Bản Áng");
        await page.Locator("[name=payment][value=vnpay]").CheckAsync();
        await page.PressMainButtonAsync();
        await page.PassesAsync("check and pay");
        await page.PressMainButtonAsync();
        var order = page.Url;
        await page.PassesAsync("order with two payments open");
        await page.ClickAsync("form[action$='/thanh-toan'] .button--primary");
        await page.ClickAsync("form button.quiet");
        await page.WaitForURLAsync("**/thanh-toan/vnpay/ket-qua**");
        await page.PassesAsync("result of a cancelled payment");
        await page.CheckAsync(order, order.Replace("/don-hang/", "/en/don-hang/", StringComparison.Ordinal), "/thanh-toan/vnpay/ket-qua?vnp_TxnRef=1");
    }

    [Fact]
    public async Task An_order_in_every_state_passes_for_buyer_and_seller()
    {
        await province.StartAsync(postgres);
        var db = province.Database.Db;
        var orders = await db.QueryAsync<(string Status, string Purchase, string Phone)>("""
            select distinct on (s.status) s.status, p.code, p.buyer_phone from orders.sub_order s join orders.purchase p on p.id = s.purchase_id order by s.status, s.id
            """);
        Assert.True(orders.Count >= 7);
        var page = await chromium.OpenForAxeAsync(province.First);
        foreach (var (status, purchase, phone) in orders)
        {
            await page.GotoAsync("/don-hang");
            await page.FillAsync("[name=code]", purchase);
            await page.FillAsync("[name=tel]", phone);
            await page.PressMainButtonAsync();
            await page.SaysAsync(purchase);
            await page.PassesAsync("order, " + status);
        }
        var (seller, password) = province.First.Account("seller");
        await page.SignInAsync(seller, password);
        var own = await db.QueryAsync<string>("""
            select distinct on (s.status) s.code from orders.sub_order s join producers.member m on m.producer_id = s.producer_id join accounts.person o on o.id = m.person_id where o.email = @seller order by s.status, s.id
            """, new { seller });
        await page.CheckAsync([.. own.Select(code => "/quan-ly/don-hang/" + code)]);
    }
}
