using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>Lighthouse as a phone on Slow 4G (1.6 Mbit/s, 150 ms, a processor four times slower), on pages of the demonstration province.</summary>
public sealed class Lighthouse : IWorkload
{
    private const int Runs = 3;
    private static readonly string[] Browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/chromium-headless-shell"];

    public string Name => "lighthouse";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        await using var product = bench.Market.StartProduct(Market.Province, probed: false);
        await product.AnswersAsync("/health/ready");
        var listing = await bench.Market.Db.SingleAsync<string>("select l.slug from catalog.listing l join catalog.search_entry s on s.listing_id = l.id and s.sellable and s.stock_units > 0 where l.id < 1000 order by l.id limit 1");
        var lot = await bench.Market.Db.SingleAsync<string>("select o.code from origin.lot o join catalog.listing l on l.product_id = o.product_id where l.slug = @listing limit 1", new { listing });
        var producer = await bench.Market.Db.SingleAsync<string>("select r.slug from producers.producer r join catalog.listing l on l.producer_id = r.id where l.slug = @listing", new { listing });
        bench.Report.Line("### Lighthouse, mobile, Slow 4G, median of " + Runs);
        bench.Report.Line();
        bench.Report.Line("| page | performance | accessibility | best practices | SEO | first paint s | largest paint s | blocked ms | layout shift | bytes |");
        bench.Report.Line("|---|---|---|---|---|---|---|---|---|---|");
        var budgets = new List<Action>();
        foreach (var (name, path, performance, paint) in new (string, string, double, double)[]
        {
            ("trace", "/lo/" + lot, 100, 1.2), ("product", "/san-pham/" + listing, 98, 2.0), ("list", "/san-pham", 98, 2.0), ("search", "/san-pham?q=man%20hau", 98, 2.0),
            ("front page", "/", 98, 2.0), ("producer", "/co-so/" + producer, 98, 2.0), ("basket", "/gio-hang", 90, 2.5), ("sign-in", "/dang-nhap", 90, 2.5),
        })
        {
            var runs = new List<JsonElement>();
            for (var run = 0; run < Runs; run++)
                runs.Add(await RunAsync(new Uri(product.Url, path)));
            double Score(string category) => Statistics.Median(runs.Select(r => r.GetProperty("categories").GetProperty(category).GetProperty("score").GetDouble() * 100));
            double Audit(string audit) => Statistics.Median(runs.Select(r => r.GetProperty("audits").GetProperty(audit).GetProperty("numericValue").GetDouble()));
            var largest = Audit("largest-contentful-paint") / 1000;
            bench.Report.Line(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Score("performance"):N0} | {Score("accessibility"):N0} | {Score("best-practices"):N0} | {Score("seo"):N0} | {Audit("first-contentful-paint") / 1000:N2} | {largest:N2} | {Audit("total-blocking-time"):N0} | {Audit("cumulative-layout-shift"):N3} | {Audit("total-byte-weight"):N0} |"));
            budgets.Add(() => bench.Report.AtLeast($"Lighthouse, {name}: performance", Score("performance"), performance, 0));
            budgets.Add(() => bench.Report.AtLeast($"Lighthouse, {name}: accessibility", Score("accessibility"), 100, 0));
            budgets.Add(() => bench.Report.AtMost($"Lighthouse, {name}: largest paint, s", largest, paint));
        }
        bench.Report.Line();
        budgets.ForEach(b => b());
        bench.Report.Line();
    }

    private static async Task<JsonElement> RunAsync(Uri page)
    {
        var folder = Path.Combine(Repository.Root, "tests/SonLaMarket.Benchmarks/Lighthouse");
        var program = Path.Combine(folder, "node_modules/lighthouse/cli/index.js");
        if (!File.Exists(program))
            throw new FileNotFoundException($"Lighthouse is missing: ./dev bench fetches it, or run npm ci in {folder}");
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var arg in (string[])[program, page.ToString(), "--quiet", "--output=json", "--output-path=stdout", "--only-categories=performance,accessibility,best-practices,seo", "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"])
            start.ArgumentList.Add(arg);
        start.Environment["CHROME_PATH"] = Environment.GetEnvironmentVariable("SONLAMARKET_CHROMIUM") ?? Array.Find(Browsers, File.Exists) ?? throw new FileNotFoundException("Chromium was not found");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? JsonDocument.Parse(output).RootElement.Clone() : throw new InvalidOperationException($"{page}: {await error}");
    }
}
