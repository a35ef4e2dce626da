using Microsoft.Playwright;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The province's 109 listings in one sitting: a file with fifteen mistakes, corrected on the page, saved, and taken back.</summary>
public sealed class ImportTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    private const int Listings = 109;

    // What a tap and what typing into a field cost a person who thinks about it, and what a page costs on Slow 4G.
    private static readonly TimeSpan Tap = TimeSpan.FromSeconds(4), Typing = TimeSpan.FromSeconds(12), Load = TimeSpan.FromSeconds(5);

    /// <summary>Before the sample's last spraying on this seller's land: what is harvested after it is blocked, and stays when the rest is taken back.</summary>
    private static readonly string Day = Vietnamese.Date(Vietnamese.Today(TimeProvider.System).AddDays(-3));

    /// <summary>The column that is wrong, what stands there, and what a person types who has no suggestion.</summary>
    private static readonly (int Column, string Wrong, string? Typed)[] Mistakes =
    [
        (7, "1.2", null), (7, "35.000đ/kg", null), (7, "chưa rõ", "45k"), (3, "31/02/2026", Day), (3, "", Day), (2, "Trai cay tuoi1", null), (2, "Hoa qua kho", "Trái cây sấy"), (4, "hôpp", null),
        (4, "tá", "bó"), (5, "nặng", "5 kg"), (6, "40 hộp", null), (6, "nhiều", "30"), (8, "13", "10"), (1, "Mận hậuu", null), (0, "", "Hàng mẫu quên tên"),
    ];

    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_listings_of_the_province_come_in_with_fifteen_mistakes_corrected_within_ten_minutes_and_can_be_taken_back()
    {
        var page = await chromium.SignedInAsync(province.First, province.First.Account("seller"), 1280);
        var before = await CountAsync();
        await page.GotoAsync("/quan-ly/tin-dang");
        var effort = new Effort(page);
        await effort.TapAsync(".work-nav a[href='/quan-ly/nhap-du-lieu']");
        await page.SetInputFilesAsync("main [name=file]", new FilePayload { Name = "hang-cua-tinh.xlsx", MimeType = "application/octet-stream", Buffer = Workbook() });
        await effort.TapAsync("main form .button--primary");
        await page.GetByText("15 dòng cần sửa, 94 dòng đúng").WaitForAsync();
        Assert.Equal(before, await CountAsync());
        foreach (var (at, mistake) in Mistakes.Select((m, at) => (at, m)).Where(m => m.m.Typed is not null))
            await CorrectAsync(page, effort, RowOf(at), mistake.Column, mistake.Typed!);
        await effort.TapAsync("main form[action$='/sua'] .button--primary");
        await page.GetByText($"Sẽ lưu {Listings} dòng. Không có lỗi.").WaitForAsync();
        await effort.TapAsync("main form[action$='/luu'] .button--primary");
        await page.GetByText($"Đã lưu {Listings} dòng.").WaitForAsync(new() { Timeout = 60_000 });
        effort.Ended("109 listings by file");
        Assert.Equal(before + Listings, await CountAsync());
        Assert.InRange(effort.Loads, 1, 10);
        Assert.True(effort.Taps * Tap + effort.Filled * Typing + effort.Loads * Load < TimeSpan.FromMinutes(10), $"{effort.Taps} taps, {effort.Filled} fields, {effort.Loads} pages");

        await page.ClickAsync("main form[action$='/hoan-tac'] button");
        await page.ClickAsync("dialog[open] button[value=yes]");
        await page.GetByText($"Đã hoàn tác {Listings} dòng, giữ lại 0 dòng.").WaitForAsync(new() { Timeout = 60_000 });
        Assert.Equal(before, await CountAsync());
    }

    private static int RowOf(int mistake) => 2 + mistake * 7;

    private static readonly string[] Fields = ["Name", "Speciality", "Category", "HarvestedOn", "SaleUnit", "Content", "Quantity", "Price", "Months"];

    private static async Task CorrectAsync(IPage page, Effort effort, int row, int column, string value)
    {
        var name = $"o-{row}-{Fields[column]}";
        if (await page.Locator($"main select[name={name}]").CountAsync() > 0)
            await effort.ChooseAsync(name, value);
        else
            await effort.TypeAsync(name, value);
    }

    private Task<long> CountAsync() => province.Database.Db.SingleAsync<long>("""
        select count(*) from catalog.listing l join producers.product p on p.id = l.product_id where l.taken_back_at is null and (p.name like 'Hàng mẫu của tỉnh%' or p.name = 'Hàng mẫu quên tên')
        """);

    private static byte[] Workbook()
    {
        var rows = Enumerable.Range(0, Listings).Select(n =>
        {
            string[] cells = [$"Hàng mẫu của tỉnh {n}", "", "Trái cây tươi", Day, "hộp", "5 kg", "40", "175.000", "5-7"];
            if (n % 7 == 0 && n / 7 < Mistakes.Length)
                cells[Mistakes[n / 7].Column] = Mistakes[n / 7].Wrong;
            return cells;
        }).Prepend(["Tên hàng", "Đặc sản", "Nhóm hàng", "Ngày thu hoạch", "Đơn vị bán", "Cân nặng một đơn vị", "Số lượng", "Giá bán", "Tháng có hàng"]);
        return Spreadsheet.Of([.. rows.Select(r => r.Cast<object?>().ToArray())]);
    }
}
