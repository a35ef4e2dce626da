using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// The pictures of README.md, taken from the demonstration province. With SONLAMARKET_SCREENSHOTS=1 they are written anew to docs/images;
/// otherwise the pages must draw and the committed pictures must still have their form.
/// </summary>
public sealed class ScreenshotTests(Province province, PostgresFixture postgres, Chromium chromium)
{
    private const int MostBytes = 150_000;
    private static readonly bool Write = Environment.GetEnvironmentVariable("SONLAMARKET_SCREENSHOTS") == "1";

    [Fact]
    public async Task The_pictures_of_the_readme_show_pages_that_draw()
    {
        await province.StartAsync(postgres);
        var site = province.First;
        var db = province.Database.Db;
        var listing = await db.SingleAsync<string>("""
            select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 0 join producers.product p on p.id = l.product_id
            order by (p.category_slug = 'fresh-fruit') desc, cardinality(p.certificate_ids) desc, l.id limit 1
            """);
        var lot = await db.SingleAsync<string>("select o.code from origin.lot o join catalog.listing l on l.product_id = o.product_id where l.slug = @listing order by o.id limit 1", new { listing });

        var desk = await chromium.OpenAsync(site.Url, 1280, height: 900);
        // As whoever comes again sees it: the fonts of a first visit may come too late to be shown.
        await desk.GotoAsync("/");
        await desk.ReloadAsync();
        await TakeAsync(desk, "trang-dau", "Nông sản Sơn La, biết rõ từ vườn nào", 1280, 900);
        await desk.GotoAsync("/san-pham/" + listing);
        await TakeAsync(desk, "san-pham", await db.SingleAsync<string>("select v.title from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version where l.slug = @listing", new { listing }), 1280, 900);

        var phone = await chromium.OpenAsync(site.Url, 390, height: 844, scale: 2);
        await phone.GotoAsync("/lo/" + lot);
        await TakeAsync(phone, "truy-xuat", "Mã này do sàn cấp cho lô", 780, 1688);

        var (officer, password) = site.Account("officer");
        await desk.SignInAsync(officer, password);
        await desk.GotoAsync("/so-cong-thuong/giam-sat");
        await TakeAsync(desk, "giam-sat", "Giám sát tin đăng", 1280, 900);
    }

    private async Task TakeAsync(IPage page, string name, string heading, int width, int height)
    {
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(heading);
        await page.EvaluateAsync("document.fonts.ready.then(() => Promise.all([...document.images].filter(i => i.getBoundingClientRect().top < innerHeight).map(i => { i.loading = 'eager'; return i.decode(); })))");
        var taken = await page.ScreenshotAsync(new() { Type = ScreenshotType.Jpeg, Quality = 78 });
        await DrawsAsync(taken, name, width, height);
        var file = Path.Combine(Repository.Root, "docs", "images", name + ".jpg");
        if (Write)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, taken);
        }
        var kept = await File.ReadAllBytesAsync(file);
        await DrawsAsync(kept, name, width, height);
        Assert.True(kept.Length <= MostBytes, $"{file}: {kept.Length} bytes");
        Assert.Contains($"docs/images/{name}.jpg", await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }

    /// <summary>Of the right size, and of more than a few colours.</summary>
    private async Task DrawsAsync(byte[] picture, string name, int width, int height)
    {
        var seen = await Picture.ReadAsync(chromium, picture);
        Assert.Equal((width, height), (seen.Width, seen.Height));
        Assert.True(seen.Colours > Picture.LeastColours, $"{name}: {seen.Colours} colours");
    }
}
