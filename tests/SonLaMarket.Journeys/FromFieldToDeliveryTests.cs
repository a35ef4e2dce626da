using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The whole main job in a real browser, on a database that holds reference data only.</summary>
public sealed class FromFieldToDeliveryTests(PostgresFixture postgres, Chromium chromium)
{
    [Fact]
    public async Task A_guest_buys_from_two_new_sellers_pays_both_and_sees_the_goods_delivered()
    {
        await using var database = await postgres.CloneAsync();
        var files = Directory.CreateTempSubdirectory("slm-journey-");
        var settings = new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = files.FullName };
        await using var site = await RunningSite.StartAsync(settings, RunningSite.FreePort(), RunningSite.FreePort(), "--data", "reference");
        await Steps.AddOfficerAsync(database, "can-bo@thu.invalid");

        var first = await chromium.OpenAsync(site.Url);
        var second = await chromium.OpenAsync(site.Url);
        var firstListing = await OpenShopAsync(first, 1, "Mận hậu hành trình, hộp 5 kg");
        var secondListing = await OpenShopAsync(second, 2, "Chè Shan tuyết hành trình, hộp 1 kg");

        var officer = await chromium.OpenAsync(site.Url, 1280);
        await officer.SignInAsync("can-bo@thu.invalid");
        await ApproveEverythingAsync(officer);

        // A guest on a cheap phone, without script.
        var guest = await chromium.OpenAsync(site.Url, script: false);
        await BuyAsync(guest, firstListing);
        await BuyAsync(guest, secondListing);
        await guest.PlaceAsGuestAsync("vnpay");
        var orderPage = guest.Url;

        for (var payment = 0; payment < 2; payment++)
        {
            await guest.GotoAsync(orderPage);
            await guest.ClickAsync("form[action$='/thanh-toan'] .button--primary");
            await PayAsync(guest);
        }
        await Until.TrueAsync(async () =>
        {
            await guest.GotoAsync(orderPage);
            return await guest.Locator("form[action$='/thanh-toan']").CountAsync() == 0;
        }, "a payment is not heard of", seconds: 30);
        Assert.Equal(2, await database.Db.SingleAsync<long>("select count(*) from payments.payment where status = 'paid'"));

        await DeliverAsync(first);
        await DeliverAsync(second);
        await guest.GotoAsync(orderPage);
        await guest.SaysAsync("Đã giao");
        Assert.Equal(2, await database.Db.SingleAsync<long>("select count(*) from orders.sub_order where status = 'delivered'"));
        Assert.Equal(0, await database.Db.SingleAsync<long>("select count(*) from catalog.lot_stock where held <> 0 or sold = 0"));
        Assert.DoesNotContain("Unhandled exception", site.Log, StringComparison.Ordinal);
        files.Delete(recursive: true);
    }

    /// <summary>From registration to a submitted listing with stock; the listing's slug.</summary>
    private static async Task<string> OpenShopAsync(IPage page, int n, string title)
    {
        var signIn = $"ban-{n}@thu.invalid";
        await page.GotoAsync("/dang-ky");
        await page.FillAsync("[name=Name]", $"Người bán thử {n}");
        await page.FillAsync("[name=SignIn]", signIn);
        await page.FillAsync("[name=Password]", Steps.Password);
        await page.PressMainButtonAsync();
        await page.FillAsync("[name=SignIn]", signIn);
        await page.FillAsync("[name=Password]", Steps.Password);
        await page.PressMainButtonAsync();

        Assert.EndsWith("/quan-ly/co-so", page.Url, StringComparison.Ordinal);
        await page.CheckAsync("[name=Kind][value=cooperative]");
        await page.FillAsync("[name=Name]", $"HTX mẫu Hành trình {n}");
        await page.FillAsync("[name=TaxCode]", $"000000000{n}");
        await page.FillAsync("[name=Representative]", $"Người đại diện {n}");
        await page.FillAsync("[name=Phone]", $"000123456{n}");
        await page.SelectOptionAsync("select[name=CommuneCode]", "03646", new() { Force = true });
        await page.FillAsync("[name=AddressLine]", "Tiểu khu 1");
        await page.PressMainButtonAsync();
        await page.PressAsync("/quan-ly/ho-so/gui-duyet");
        await page.SaysAsync("Đã gửi duyệt");

        await page.ConfirmAsync();
        await page.GotoAsync("/quan-ly/cong-thanh-toan");
        await page.FillAsync("[name=TmnCode]", $"HANHTR0{n}");
        await page.FillAsync("[name=Secret]", $"KHOATHUNGHIEMCUANGUOIBAN{n}0000000");
        await page.PressMainButtonAsync();

        await page.GotoAsync("/quan-ly/san-pham/moi");
        await page.SetInputFilesAsync("[name=Photos]", Path.Combine(AppContext.BaseDirectory, "seed", "pictures", "man-hau.webp"));
        await page.FillAsync("[name=Name]", title.Split(',')[0]);
        await page.SelectOptionAsync("select[name=CategorySlug]", n == 1 ? "fresh-fruit" : "tea", new() { Force = true });
        await page.CheckAsync("[name=BaseUnit][value=g]");
        await page.FillAsync("[name=Description]", "Hàng thử của hành trình.");
        await page.PressMainButtonAsync();
        await page.FillAsync("[name=Title]", title);
        await page.CheckAsync("[name=SaleUnit][value=box]");
        await page.FillAsync("[name=Content]", n == 1 ? "5" : "1");
        await page.FillAsync("[name=Price]", "200k");
        await page.PressMainButtonAsync();
        var listing = new Uri(page.Url).AbsolutePath.Split('/')[^1];

        await page.GotoAsync("/quan-ly/lo/moi");
        await page.FillAsync("[name=Quantity]", "500");
        await page.PressMainButtonAsync();
        var lot = new Uri(page.Url).AbsolutePath.Split('/')[^1];
        await page.SelectOptionAsync("select[name=Kind]", "harvest");
        await page.FillAsync("[name=Note]", "Hái buổi sáng.");
        await page.ClickAsync("form[action$='/nhat-ky'] .button--primary");
        await page.SaysAsync("Đã ghi nhật ký");
        await page.GotoAsync($"/quan-ly/ton-kho/{lot}");
        await page.FillAsync("[name=Supplied]", "100");
        await page.PressMainButtonAsync();
        await page.GotoAsync($"/quan-ly/tin-dang/{listing}");
        await page.PressAsync($"/{listing}/gui-duyet");
        await page.SaysAsync("Đã gửi duyệt");
        return listing;
    }

    private static async Task ApproveEverythingAsync(IPage officer)
    {
        foreach (var kind in new[] { "producer", "listing" })
        {
            for (var i = 0; i < 2; i++)
            {
                await officer.GotoAsync("/so-cong-thuong/duyet?loai=" + kind);
                await officer.ClickAsync("table.data td a");
                foreach (var box in await officer.Locator("[name=Checks]").AllAsync())
                    await box.CheckAsync();
                await officer.ClickAsync("form[action$='/phe-duyet'] .button--primary");
                await officer.SaysAsync("Đã duyệt");
            }
        }
    }

    private static async Task BuyAsync(IPage guest, string listing)
    {
        // The approval announces itself; the shelf follows within moments.
        await Until.TrueAsync(async () => (await guest.GotoAsync("/san-pham/" + listing))!.Ok && await guest.Locator("form[action$='/gio-hang'] button").CountAsync() > 0, "a listing does not come onto the shelf", seconds: 30);
        await guest.ClickAsync("form[action$='/gio-hang'] button");
        await guest.SaysAsync("Giỏ hàng");
    }

    /// <summary>The simulator's page: a test card, its code, back to us.</summary>
    private static async Task PayAsync(IPage guest)
    {
        await guest.CheckAsync("[name=card][value='9704198526191432198']");
        await guest.ClickAsync("form[action$='/card'] button:not(.quiet)");
        await guest.FillAsync("[name=otp]", "123456");
        await guest.ClickAsync("form[action$='/otp'] button");
        // A load state that has passed already is waited for in vain.
        await Assertions.Expect(guest).ToHaveURLAsync(new Regex("/thanh-toan/vnpay/ket-qua"), new() { Timeout = 30_000 });
    }

    private static async Task DeliverAsync(IPage seller)
    {
        await seller.GotoAsync("/quan-ly/don-hang");
        await seller.ClickAsync("main a[href*='/quan-ly/don-hang/']");
        await seller.PressAsync("/dong-goi");
        await seller.ClickAsync("form[action$='/gui-hang'] button");
        await seller.ClickAsync("form[action$='/da-giao'] button");
        await seller.SaysAsync("Đã giao");
    }
}
