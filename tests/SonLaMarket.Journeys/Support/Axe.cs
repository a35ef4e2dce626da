using Deque.AxeCore.Commons;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>What axe-core, a phone of 320 px and the console have to say about pages.</summary>
public static class Axe
{
    private const string Run = """
        async ({ address, within, rules }) => {
          if (!window.axe) await new Promise((loaded, failed) => document.head.append(Object.assign(document.createElement("script"), { src: address, onload: loaded, onerror: () => failed(new Error("axe-core is not there")) })));
          return (await axe.run(within ?? document, { ...(rules.length ? { runOnly: rules } : { rules: { "target-size": { enabled: true } } }), resultTypes: ["violations"], iframes: false, preload: false, selectors: false })).violations
            .map(v => `${v.id} – ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(" | ")}`);
        }
        """;

    private static readonly Lazy<Task<string>> Served = new(ServeAsync);

    /// <summary>axe-core's own source.</summary>
    public static string Source { get; } = Read();

    public static Task<IPage> OpenForAxeAsync(this Chromium chromium, RunningSite site) => chromium.OpenAsync(site.Url, 320, bypassCsp: true);

    /// <summary>What stands around the middle is the same on all pages of a person: it is looked at on the first. The long form looks at all of each page in both languages.</summary>
    public static async Task CheckAsync(this IPage page, params string[] paths)
    {
        var complaints = new List<string>();
        page.Console += (_, m) =>
        {
            if (m.Type == "error" && !m.Text.Contains("status of 4", StringComparison.Ordinal))
                complaints.Add($"{page.Url}: {m.Text}");
        };
        var faults = new List<string>();
        foreach (var path in Seeds.Long ? [.. paths, .. paths.Where(p => p[0] == '/' && !p.StartsWith("/en/", StringComparison.Ordinal)).Select(p => "/en" + (p == "/" ? "" : p))] : paths)
        {
            await page.GotoAsync(path);
            faults.AddRange(await FaultsAsync(page, path, Seeds.Long || path == paths[0] ? null : "main"));
        }
        Assert.True(faults.Count + complaints.Count == 0, string.Join('\n', faults.Concat(complaints)));
    }

    public static async Task PassesAsync(this IPage page, string what)
    {
        var faults = await FaultsAsync(page, what);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Empties the form with this action, sends it and looks at the page that refuses it.</summary>
    public static async Task CheckRefusedAsync(this IPage page, string path, string action)
    {
        await page.GotoAsync(path);
        await page.EvaluateAsync("""
            action => {
              const button = document.querySelector(`button[formaction$='${action}']`) ?? [...document.forms].find(f => f.method === "post" && f.getAttribute("action").endsWith(action)).querySelector("button:not([type=button], [formaction], [name]), button[data-ask]:not([formaction])");
              button.form.noValidate = true;
              for (const field of button.form.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])")) field.value = "";
              if (!button.dataset.ask) return button.click();
              // The question is answered already.
              button.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_yes", value: "1" }));
              button.form.requestSubmit(button);
            }
            """, action);
        try
        {
            await page.WaitForSelectorAsync(".error-summary, .field__error");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{path}: {action} is not refused with a message beside a field: {await page.Locator("main").InnerTextAsync()}");
        }
        await page.PassesAsync($"{path}, refused by {action}");
    }

    private static async Task<List<string>> FaultsAsync(IPage page, string what, string? within = null)
    {
        var faults = (await page.FindingsAsync(await Served.Value, within)).Select(f => $"{what}: {f}").ToList();
        if (Seeds.Long)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            faults.AddRange((await page.FindingsAsync(await Served.Value)).Select(f => $"{what}, dark: {f}"));
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        }
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
            faults.Add($"{what}: scrolls sideways at 320 px");
        return faults;
    }

    /// <summary>One finding a line.</summary>
    /// <param name="address">Where axe-core lies for pages that have it not yet.</param>
    /// <param name="within">A selector: only what it stands for is looked at. Null: the whole page.</param>
    /// <param name="rules">None: all that are no experiments, those of good practice and the size of targets (WCAG 2.2, 2.5.8; off by itself) too.</param>
    public static Task<string[]> FindingsAsync(this IPage page, string address, string? within = null, params string[] rules) => page.EvaluateAsync<string[]>(Run, new { address, within, rules });

    /// <summary>At an address of its own, so that the browser keeps it compiled from page to page.</summary>
    private static async Task<string> ServeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(SendAsync);
        await server.StartAsync();
        return server.Urls.First() + "/axe.min.js";
    }

    public static Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = "text/javascript; charset=utf-8";
        context.Response.Headers.CacheControl = "max-age=3600, immutable";
        return context.Response.WriteAsync(Source);
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(AxeResult).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!);
        return reader.ReadToEnd();
    }
}
