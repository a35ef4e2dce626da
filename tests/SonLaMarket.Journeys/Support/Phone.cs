using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace SonLaMarket.Journeys.Support;

/// <summary>A browser in a process of its own with a folder that outlives it, as on a phone; killed by its own number.</summary>
public sealed partial class Phone : IAsyncDisposable
{
    private readonly Process process;
    private readonly IBrowser browser;

    private Phone(Process process, IBrowser browser, IPage page) => (this.process, this.browser, Page) = (process, browser, page);

    public IPage Page { get; }

    public static async Task<Phone> StartAsync(Chromium chromium, string folder)
    {
        var start = new ProcessStartInfo(Chromium.Path) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var arg in (string[])[.. Chromium.Args, "--headless", "--remote-debugging-port=0", $"--user-data-dir={folder}", "--window-size=360,740", "--lang=vi", "about:blank"])
            start.ArgumentList.Add(arg);
        start.Environment["TZ"] = "Asia/Ho_Chi_Minh";
        var process = Process.Start(start)!;
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, e) =>
        {
            if (Listening().Match(e.Data ?? "") is { Success: true } match)
                address.TrySetResult(match.Groups["address"].Value);
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var browser = await chromium.ConnectAsync(await address.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        var page = browser.Contexts[0].Pages[0];
        browser.Contexts[0].SetDefaultTimeout(60_000);
        await page.SetViewportSizeAsync(360, 740);
        return new(process, browser, page);
    }

    /// <summary>As an empty battery does.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        await browser.DisposeAsync();
        process.Dispose();
    }

    [GeneratedRegex(@"DevTools listening on (?<address>ws://\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
