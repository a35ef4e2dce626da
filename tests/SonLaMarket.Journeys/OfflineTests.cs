using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>What the device shows when the site cannot be reached: the program is really stopped, not only said to be.</summary>
public sealed class OfflineTests(OfflineTests.Program program, Province province, PostgresFixture postgres, Chromium chromium) : IClassFixture<OfflineTests.Program>, IAsyncLifetime
{
    private const string Good = """
        select l.code from origin.lot l join origin.lot_offer o on o.lot_id = l.id and o.available_units > 0 where not exists (select 1 from origin.lot_block b where b.lot_id = l.id) order by l.id limit 1
        """;

    private IPage page = null!;

    public async ValueTask InitializeAsync()
    {
        await province.StartAsync(postgres);
        await ConnectAsync();
        page = await chromium.OpenAsync(program.Url);
    }

    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    private Task ConnectAsync() => program.StartAsync(province);

    private Task DisconnectAsync() => program.StopAsync();

    /// <summary>Waits until the worker has taken the page over.</summary>
    private async Task<IResponse?> VisitAsync(string path)
    {
        var response = await page.GotoAsync(path);
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ?? new Promise(r => navigator.serviceWorker.addEventListener('controllerchange', r)))");
        return response;
    }

    [Theory]
    [InlineData("", "thu hồi: chưa rõ", "Mua lô này")]
    [InlineData("/en", "recall: unknown", "Buy from this lot")]
    public async Task A_trace_page_kept_on_the_device_is_never_green(string language, string unknown, string buy)
    {
        var code = await province.Database.Db.SingleAsync<string>(Good, ct: TestContext.Current.CancellationToken);
        await VisitAsync($"{language}/lo/{code}");
        var green = page.Locator(".band.ok");
        await Assertions.Expect(green).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".band.old")).ToBeHiddenAsync();
        var title = await page.TitleAsync();
        await KeptAsync(1);
        var keptAt = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(7));

        await DisconnectAsync();
        await page.ReloadAsync();
        Assert.Equal(title, await page.TitleAsync());
        await Assertions.Expect(green).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".buy")).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByText(buy)).ToBeHiddenAsync();
        var old = page.Locator(".band.old");
        await Assertions.Expect(old).ToContainTextAsync(unknown);
        var shown = DateTime.ParseExact((await old.Locator("b").TextContentAsync())!, "dd/MM/yyyy HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(shown, keptAt.DateTime.AddMinutes(-2), keptAt.DateTime.AddMinutes(1));
        await Assertions.Expect(page.Locator("h2", new() { HasText = language.Length == 0 ? "Hành trình, nhật ký" : "Journey and diary" })).ToBeVisibleAsync();
        // The colour of the band itself: neither the green nor the red of a verdict.
        var colours = await page.EvaluateAsync<string[]>("['.old', '.ok'].map(c => getComputedStyle(document.querySelector(c)).backgroundColor)");
        Assert.NotEqual(colours[1], colours[0]);

        // The label's own address leads to what is kept; everything else says that there is no network.
        var gtin = await province.Database.Db.FirstOrDefaultAsync<string>("select p.gtin from origin.lot l join producers.product p on p.id = l.product_id where l.code = @code", new { code }, TestContext.Current.CancellationToken);
        await page.GotoAsync($"{language}/01/{gtin ?? "09521234000006"}/10/{code}");
        await Assertions.Expect(page.Locator(".band.old")).ToBeVisibleAsync();
        foreach (var path in new[] { "/gio-hang", "/thanh-toan", "/san-pham", "/lo/KHAC-1234" })
        {
            await page.GotoAsync(language + path);
            await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(language.Length == 0 ? "Không có mạng" : "No network");
            await Assertions.Expect(page.Locator($"ul a[href='{language}/lo/{code}']")).ToHaveTextAsync(title);
        }

        await ConnectAsync();
        await page.GotoAsync($"{language}/lo/{code}");
        await Assertions.Expect(green).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".band.old")).ToBeHiddenAsync();
    }

    /// <summary>What was read before stays on the screen in two ways that no worker sees: a tab that stays open, and a page that Back brings up as it was left.</summary>
    [Fact]
    public async Task An_open_trace_page_is_green_no_more_when_the_line_goes_or_back_brings_it_up()
    {
        var code = await province.Database.Db.SingleAsync<string>(Good, ct: TestContext.Current.CancellationToken);
        await VisitAsync("/lo/" + code);
        var (green, old) = (page.Locator(".band.ok"), page.Locator(".band.old"));
        await Assertions.Expect(green).ToBeVisibleAsync();
        var made = await page.Locator("time").Last.TextContentAsync();

        await page.Context.SetOfflineAsync(true);
        await UnknownAsync();
        await page.Context.SetOfflineAsync(false);
        await Assertions.Expect(green).ToBeVisibleAsync();
        await Assertions.Expect(old).ToBeHiddenAsync();

        // As the browser shows it without asking anybody; with a line it is read again.
        made = await page.Locator("time").Last.TextContentAsync();
        await page.Context.SetOfflineAsync(true);
        await page.EvaluateAsync("document.documentElement.classList.remove('kept'); dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
        await UnknownAsync();
        await page.Context.SetOfflineAsync(false);
        await Assertions.Expect(green).ToBeVisibleAsync();

        await KeptAsync(1);
        await page.GotoAsync("/quet");
        await DisconnectAsync();
        await page.GoBackAsync();
        // What the worker has kept says when it was kept.
        made = await old.Locator("b").TextContentAsync();
        await UnknownAsync();
        await ConnectAsync();

        async Task UnknownAsync()
        {
            await Assertions.Expect(old).ToContainTextAsync("thu hồi: chưa rõ");
            await Assertions.Expect(old.Locator("b")).ToHaveTextAsync(made!);
            Assert.Matches(@"^\d\d/\d\d/\d{4} \d\d:\d\d$", made);
            await Assertions.Expect(green).ToBeHiddenAsync();
            await Assertions.Expect(page.Locator(".buy")).ToBeHiddenAsync();
        }
    }

    [Fact]
    public async Task A_recall_known_when_the_page_was_kept_stays_red_beside_the_question_mark()
    {
        var code = await province.Database.Db.SingleAsync<string>("select l.code from origin.lot l join origin.recall_lot r on r.lot_id = l.id order by l.id limit 1", ct: TestContext.Current.CancellationToken);
        await VisitAsync("/lo/" + code);
        await page.ReloadAsync();
        await KeptAsync(1);
        await DisconnectAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator(".band.bad")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".band.old")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Nothing_of_signed_in_pages_is_kept_and_signing_out_wipes_the_rest()
    {
        var code = await province.Database.Db.SingleAsync<string>(Good, ct: TestContext.Current.CancellationToken);
        await VisitAsync("/lo/" + code);
        await KeptAsync(1);
        var (signIn, password) = province.First.Account("seller");
        await page.SignInAsync(signIn, password);
        foreach (var path in new[] { "/quan-ly", "/tai-khoan", "/quan-ly/don-hang", "/san-pham", "/gio-hang" })
            await page.GotoAsync(path);
        var other = await province.Database.Db.SingleAsync<string>("select code from origin.lot where code <> @code order by id desc limit 1", new { code }, TestContext.Current.CancellationToken);
        await page.GotoAsync("/lo/" + other);
        var addresses = await page.EvaluateAsync<string[]>("(async () => (await Promise.all((await caches.keys()).map(async n => (await (await caches.open(n)).keys()).map(r => new URL(r.url).pathname)))).flat())()");
        Assert.Contains("/lo/" + code, addresses);
        Assert.DoesNotContain("/lo/" + other, addresses);
        Assert.All(addresses, a => Assert.Matches("^/(lo/|ngoai-tuyen|en/ngoai-tuyen|css/|js/|img/|fonts/|media/|tranh/)", a));

        await page.SignOutAsync();
        Assert.DoesNotContain("/lo/" + code, await page.EvaluateAsync<string[]>("(async () => (await Promise.all((await caches.keys()).map(async n => (await (await caches.open(n)).keys()).map(r => new URL(r.url).pathname)))).flat())()"));
    }

    /// <summary>A page opened under the old worker goes on under the new one, without a reload and without a lost file.</summary>
    [Fact]
    public async Task A_new_worker_takes_over_without_trapping_open_pages()
    {
        var version = 0;
        await using var between = new Between(province.First, "/sw.js") { Change = text => text.Replace("const VERSION = \"", $"const VERSION = \"v{version}-", StringComparison.Ordinal) };
        await page.Context.CloseAsync();
        page = await chromium.OpenAsync(between.Url);
        await VisitAsync("/san-pham");
        var before = await page.EvaluateAsync<string[]>("caches.keys()");
        Assert.Contains(before, n => n.StartsWith("shell-v0-", StringComparison.Ordinal));
        version = 1;
        await page.EvaluateAsync("""
            (async () => {
              const registration = await navigator.serviceWorker.getRegistration();
              const changed = new Promise(done => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
              await registration.update();
              await changed;
            })()
            """);
        await page.WaitForFunctionAsync("caches.keys().then(names => names.some(n => n.startsWith('shell-v1-')) && !names.some(n => n.includes('-v0-')))");
        await page.Locator(".tile__link").First.ClickAsync();
        await Assertions.Expect(page.Locator(".product h1")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("getComputedStyle(document.querySelector('.button--primary, .notice')).display !== 'inline'"), "the page lost its style");
        Assert.Equal(1, await page.EvaluateAsync<int>("navigator.serviceWorker.getRegistrations().then(r => r.length)"));
    }

    /// <summary>Chromium's own word on each manifest: which one it read, and what it cannot use of it. Whether a page can be installed says only a browser with windows; the shell without them finds no fault with anything.</summary>
    [Fact]
    public async Task The_browser_reads_the_manifests_of_the_site_and_of_its_apps_for_the_field_without_a_fault()
    {
        foreach (var (path, manifest, role) in new[] { ("/", "/manifest.webmanifest", ""), ("/quan-ly/nhat-ky", "/nhat-ky.webmanifest", "seller"), ("/so-cong-thuong/kiem-tra/tai-cho", "/kiem-tra.webmanifest", "officer") })
        {
            await page.Context.ClearCookiesAsync();
            if (role.Length > 0 && province.First.Account(role) is var (signIn, password))
                await page.SignInAsync(signIn, password);
            await page.GotoAsync(path);
            var devtools = await page.Context.NewCDPSessionAsync(page);
            var read = (await devtools.SendAsync("Page.getAppManifest"))!.Value;
            Assert.Equal(program.Url.TrimEnd('/') + manifest, read.GetProperty("url").GetString());
            Assert.Empty(read.GetProperty("errors").EnumerateArray().Select(e => e.ToString()));
        }
    }

    private async Task KeptAsync(int least) => await page.WaitForFunctionAsync("least => caches.open('kept').then(c => c.keys()).then(k => k.length >= least)", least);

    /// <summary>A third instance of the province, which is stopped and started; what one test has started serves the next.</summary>
    public sealed class Program : IAsyncDisposable
    {
        private readonly int port = RunningSite.FreePort();
        private RunningSite? site;

        public string Url => site!.Url;

        public async Task StartAsync(Province province) =>
            site ??= await RunningSite.StartAsync(new Dictionary<string, string?>(province.Database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = province.FilesFolder }, port, 0);

        public async Task StopAsync()
        {
            if (site is not null)
                await site.DisposeAsync();
            site = null;
        }

        public async ValueTask DisposeAsync() => await StopAsync();
    }
}
