using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// Photographs one page of every kind of the demonstration province, 360 and 1280 px wide, in both languages, for people to look at. Runs only when asked:
/// <c>SONLAMARKET_TOUR=folder …/SonLaMarket.Journeys --explicit only --filter-class '*TourTests'</c>.
/// </summary>
public sealed class TourTests(Province province, PostgresFixture postgres, Chromium chromium)
{
    private static readonly int[] Widths = [360, 1280];

    [Fact(Explicit = true)]
    public async Task Every_kind_of_page_has_its_picture()
    {
        var folder = Environment.GetEnvironmentVariable("SONLAMARKET_TOUR") ?? Path.Combine(Path.GetTempPath(), "sonlamarket-tour");
        await province.StartAsync(postgres);
        foreach (var role in new[] { null, "seller", "officer", "operator", "buyer" })
        {
            using var web = new Web(province.First.Url);
            var page = await chromium.OpenAsync(province.First.Url);
            if (role is not null)
            {
                var (signIn, password) = province.First.Account(role);
                await web.SignInAsync(signIn, password);
                await page.SignInAsync(signIn, password);
            }
            var crawl = new Crawl(web.Http, 1, 2000, signedIn: role is not null);
            await crawl.RunAsync(role is null ? ["/"] : ["/tai-khoan"]);
            foreach (var path in crawl.Pages.Keys.Where(p => !p.StartsWith("/en", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                await PhotographAsync(page, Path.Combine(folder, role ?? "guest"), path);
            await page.Context.CloseAsync();
        }
        await BuyAsync(folder);
    }

    /// <summary>The pages that only a basket leads to.</summary>
    private async Task BuyAsync(string folder)
    {
        var listing = await province.Database.Db.SingleAsync<string>("select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 5 order by l.id limit 1");
        var page = await chromium.OpenAsync(province.First.Url);
        await page.GotoAsync("/san-pham/" + listing);
        await page.ClickAsync("form.buy button");
        foreach (var path in new[] { "/gio-hang", "/thanh-toan" })
            await PhotographAsync(page, Path.Combine(folder, "guest"), path);
        await page.GotoAsync("/thanh-toan");
        await page.PressMainButtonAsync();
        await TakeAsync(page, Path.Combine(folder, "guest"), "vi-360-thanh-toan-refused");
        await page.Context.CloseAsync();
    }

    private static async Task PhotographAsync(IPage page, string folder, string path)
    {
        foreach (var language in new[] { "vi", "en" })
        {
            await page.GotoAsync(language == "vi" ? path : "/en" + (path == "/" ? "" : path));
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, width == 360 ? 740 : 900);
                await TakeAsync(page, folder, $"{language}-{width}-{string.Join('_', path.Trim('/').Split('/', '?', '&', '=', '%'))}");
            }
        }
    }

    private static async Task TakeAsync(IPage page, string folder, string name)
    {
        await page.EvaluateAsync("document.fonts.ready.then(() => Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode().catch(() => 0); })))");
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name[..Math.Min(name.Length, 120)] + ".jpg"), Type = ScreenshotType.Jpeg, Quality = 70, FullPage = true });
    }
}
