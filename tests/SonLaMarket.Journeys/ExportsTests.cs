using System.IO.Compression;
using Microsoft.Playwright;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>Listings on their way to other platforms: an operator changes a profile, a seller fills in a platform's workbook and takes one listing to several platforms.</summary>
public sealed class ExportsTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_profile_is_changed_while_looking_at_real_listings_and_a_seller_gets_filled_workbook_and_files_of_three_platforms()
    {
        var desk = await chromium.SignedInAsync(province.First, province.First.Account("operator"), 1280);
        await desk.GotoAsync("/quan-tri/xuat-du-lieu/postmart");
        await desk.ClickAsync("main a[href$='/postmart/sua']");
        await desk.ClickAsync("button[value='open:1']");
        await desk.FillAsync("[name='Column.Transforms']", "collapse\nconcat(' – MẪU')");
        await desk.Locator("#xem-thu td", new() { HasText = " – MẪU" }).First.WaitForAsync();
        await desk.FillAsync("[name='Column.Transforms']", "eval(1)");
        await desk.Locator("#xem-thu", new() { HasText = "Không có phép biến đổi “eval”." }).WaitForAsync();
        await desk.FillAsync("[name='Column.Transforms']", "collapse\nconcat(' – MẪU')");
        await desk.FillAsync("[name=Note]", "Tên ghi rõ là mẫu");
        await desk.ClickAsync("main form .button--primary");
        await desk.GetByText("Đã lưu phiên bản 2.").WaitForAsync();

        var seller = await chromium.SignedInAsync(province.First, province.First.Account("seller"), 1280);
        await seller.GotoAsync("/quan-ly/xuat-du-lieu");
        await seller.ClickAsync("main a[href$='/dien-mau']");
        await seller.SelectOptionAsync("[name=Platform]", "shopee");
        await seller.SetInputFilesAsync("main [name=file]", new FilePayload { Name = "mau-dang-ban.xlsx", MimeType = Workbook.ContentType, Buffer = BlankWorkbook.Make(BlankWorkbook.Keys) });
        await seller.ClickAsync("main form .button--primary");
        var workbook = await DownloadAsync(seller, () => seller.ClickAsync("main a.button--primary"));
        using (var reader = WorkbookReader.Open(workbook))
            Assert.Contains(reader.Rows(1), r => r.Number >= 7);

        var listing = await province.Database.Db.SingleAsync<string>("""
            select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable join producers.acting m on m.producer_id = l.producer_id
              join accounts.person p on p.id = m.person_id and @signIn in (p.email, p.phone) order by l.id limit 1
            """, new { signIn = province.First.Account("seller").SignIn });
        await seller.GotoAsync("/quan-ly/tin-dang/" + listing);
        var effort = new Effort(seller);
        await effort.TapAsync("main a[href$='/san-khac']");
        using var files = new ZipArchive(new MemoryStream(await DownloadAsync(seller, () => seller.ClickAsync("main form .button--primary"))));
        Assert.Superset(new HashSet<string> { "google-merchant.tsv", "meta.csv", "postmart.xlsx" }, files.Entries.Select(e => e.Name).ToHashSet());
        Assert.InRange(effort.Taps + 1, 1, 3);
    }

    private static async Task<byte[]> DownloadAsync(IPage page, Func<Task> act)
    {
        var download = await page.RunAndWaitForDownloadAsync(act);
        return await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
    }
}
