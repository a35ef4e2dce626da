using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// Photographs pages of the demonstration province, 360 and 1280 px wide, in both languages. A test looks at two of them; <c>./dev pictures FOLDER</c>
/// takes one page of every kind, for people to look at.
/// </summary>
public sealed class TourTests(Province province, PostgresFixture postgres, Chromium chromium)
{
    private static readonly int[] Widths = [360, 1280];
    private readonly List<(string File, byte[] Picture)> taken = [];
    private readonly string? folder = Environment.GetEnvironmentVariable("SONLAMARKET_PICTURES");

    [Fact]
    public async Task Pages_draw_in_both_languages_on_a_phone_and_on_a_desk()
    {
        await province.StartAsync(postgres);
        if (folder is { Length: > 0 })
            await EveryKindAsync();
        else
        {
            var page = await chromium.OpenAsync(province.First.Url);
            foreach (var path in new[] { "/", "/quet" })
                await PhotographAsync(page, "guest", path);
            await page.Context.CloseAsync();
        }
        Assert.True(taken.Count >= 8, $"{taken.Count} pictures");
        foreach (var (file, picture) in taken.Take(8))
        {
            var seen = await Picture.ReadAsync(chromium, picture);
            Assert.True(seen.Colours > Picture.LeastColours && Widths.Contains(seen.Width), $"{file}: {seen}");
        }
    }

    private async Task EveryKindAsync()
    {
        foreach (var role in new[] { null, "seller", "officer", "operator", "buyer" })
        {
            using var web = new Web(province.First.Url);
            var page = role is null ? await chromium.OpenAsync(province.First.Url) : await chromium.SignedInAsync(province.First, province.First.Account(role));
            if (role is not null && province.First.Account(role) is var (signIn, password))
                await web.SignInAsync(signIn, password);
            var crawl = new Crawl(web.Http, 1, 2000, signedIn: role is not null);
            await crawl.RunAsync(role is null ? ["/"] : ["/tai-khoan"]);
            // What is downloaded is no page.
            foreach (var path in crawl.Pages.Keys.Where(p => !p.StartsWith("/en", StringComparison.Ordinal) && !p.Contains("/tai-ve", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
                await PhotographAsync(page, role ?? "guest", path);
            await page.Context.CloseAsync();
        }
        await BuyAsync();
        await ComplainAsync();
        await DarkAsync();
    }

    /// <summary>The pages that only a basket leads to.</summary>
    private async Task BuyAsync()
    {
        var listing = await province.Database.Db.SingleAsync<string>("select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 5 order by l.id limit 1");
        var page = await chromium.OpenAsync(province.First.Url);
        await page.GotoAsync("/san-pham/" + listing);
        await page.ClickAsync("form.buy button");
        foreach (var path in new[] { "/gio-hang", "/thanh-toan" })
            await PhotographAsync(page, "guest", path);
        await page.GotoAsync("/thanh-toan");
        await page.PressMainButtonAsync();
        await TakeAsync(page, "guest", "vi-1280-thanh-toan-refused");
        await page.Context.CloseAsync();
    }

    /// <summary>A complaint from its form to the page where the first seller answers it, and the form for an invoice.</summary>
    private async Task ComplainAsync()
    {
        const string delivered = """
            select u.code, s.code from orders.purchase u join orders.sub_order s on s.purchase_id = u.id
            where s.status = 'delivered' and u.person_id is not null and not exists (select 1 from orders.complaint c where c.sub_order_id = s.id) order by s.producer_id, s.id desc limit 1
            """;
        var (order, part) = await province.Database.Db.SingleAsync<(string, string)>(delivered);
        var buyer = await chromium.SignedInAsync(province.First, province.First.Account("buyer"));
        await PhotographAsync(buyer, "buyer", $"/don-hang/{order}/hoa-don?phan={part}");
        await PhotographAsync(buyer, "buyer", $"/don-hang/{order}/khieu-nai?phan={part}");
        await buyer.CheckAsync("[name=Kind] >> nth=0");
        await buyer.CheckAsync("[name=Matter] >> nth=0");
        await buyer.FillAsync("[name=Wish]", "Túi bị rách, hàng bị ẩm.");
        await buyer.PressMainButtonAsync();
        await PhotographAsync(buyer, "buyer", $"/don-hang/{order}/khieu-nai?phan={part}&gui=1");
        await buyer.Context.CloseAsync();
        var seller = await chromium.SignedInAsync(province.First, province.First.Account("seller"));
        await PhotographAsync(seller, "seller", "/quan-ly/khieu-nai");
        await seller.GotoAsync("/quan-ly/khieu-nai");
        await PhotographAsync(seller, "seller", (await seller.GetAttributeAsync("main a[href^='/quan-ly/khieu-nai/']", "href"))!);
        await seller.Context.CloseAsync();
    }

    /// <summary>What is read most, as a device set to dark shows it.</summary>
    private async Task DarkAsync()
    {
        var (listing, lot) = await province.Database.Db.SingleAsync<(string, string)>("""
            select l.slug, o.code from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 0
            join catalog.lot_stock t on t.product_id = l.product_id and t.available > 0 join origin.lot o on o.id = t.lot_id order by l.id limit 1
            """);
        var page = await chromium.OpenAsync(province.First.Url);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        foreach (var path in new[] { "/", "/san-pham", "/san-pham/" + listing, "/lo/" + lot, "/thu-hoi", "/dang-nhap", "/dang-ky" })
            await PhotographAsync(page, "dark", path);
        await page.Context.CloseAsync();
    }

    private async Task PhotographAsync(IPage page, string role, string path)
    {
        foreach (var language in new[] { "vi", "en" })
        {
            await page.GotoAsync(language == "vi" ? path : "/en" + (path == "/" ? "" : path));
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, width == 360 ? 740 : 900);
                await TakeAsync(page, role, $"{language}-{width}-{string.Join('_', path.Trim('/').Split('/', '?', '&', '=', '%'))}");
            }
        }
    }

    private async Task TakeAsync(IPage page, string role, string name)
    {
        await page.EvaluateAsync("document.fonts.ready.then(() => Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode().catch(() => 0); })))");
        var file = Path.Combine(role, name[..Math.Min(name.Length, 120)] + ".jpg");
        var picture = await page.ScreenshotAsync(new() { Path = folder is { Length: > 0 } ? Path.Combine(folder, file) : null, Type = ScreenshotType.Jpeg, Quality = 70, FullPage = true });
        taken.Add((file, picture));
    }
}
