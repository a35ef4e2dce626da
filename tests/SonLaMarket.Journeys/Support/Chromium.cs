using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(SonLaMarket.Journeys.Support.Chromium))]

namespace SonLaMarket.Journeys.Support;

/// <summary>The machine's own Chromium, started once; a fresh context for each person.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];
    private IPlaywright playwright = null!;

    /// <summary>A page is looked at for a second: what its scripts would win by being compiled again for speed is less than that costs.</summary>
    internal static string[] Args { get; } =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--js-flags=--no-opt,--no-maglev,--min-semi-space-size=32",
    ];

    internal static string Path => Environment.GetEnvironmentVariable("SONLAMARKET_CHROMIUM") ?? Array.Find(Places, File.Exists)
        ?? throw new FileNotFoundException("Chromium was not found: install it (Debian: apt-get install chromium) or name it in SONLAMARKET_CHROMIUM.");

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Args = Args,
        });
    }

    /// <summary>A browser that runs already, by the address of its own protocol.</summary>
    public Task<IBrowser> ConnectAsync(string address) => playwright.Chromium.ConnectOverCDPAsync(address);

    public async Task<IPage> OpenAsync(string baseUrl, int width = 360, bool script = true, bool bypassCsp = false, int height = 740, float scale = 1) =>
        await (await ContextAsync(baseUrl, width, script, bypassCsp, height, scale)).NewPageAsync();

    public async Task<IBrowserContext> ContextAsync(string baseUrl, int width = 360, bool script = true, bool bypassCsp = false, int height = 740, float scale = 1)
    {
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = baseUrl,
            Locale = "vi-VN",
            TimezoneId = "Asia/Ho_Chi_Minh",
            ViewportSize = new() { Width = width, Height = height },
            DeviceScaleFactor = scale,
            JavaScriptEnabled = script,
            BypassCSP = bypassCsp,
        });
        context.SetDefaultTimeout(60_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
    }
}
