using System.IO.Compression;
using System.Text.RegularExpressions;
using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P13: what a first visit loads before it paints, compressed with brotli, in the demonstration province.</summary>
public sealed partial class Weights : IWorkload
{
    public string Name => "weights";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        await using var product = bench.Market.StartProduct(Market.Province, probed: false);
        await product.AnswersAsync("/health/ready");
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None, AllowAutoRedirect = false }) { BaseAddress = product.Url };
        client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        var home = await LoadAsync(client, "/");
        var list = await LoadAsync(client, "/san-pham");
        var listing = Listing().Match(list.Html).Groups["path"].Value;
        var detail = await LoadAsync(client, listing);
        var lot = Lot().Match(detail.Html).Groups["path"].Value;
        var trace = await LoadAsync(client, lot);
        using var add = new HttpRequestMessage(HttpMethod.Post, "/gio-hang") { Content = new FormUrlEncodedContent([new("listing", listing[(listing.LastIndexOf('/') + 1)..]), new("quantity", "1")]) };
        add.Headers.Add("Sec-Fetch-Site", "same-origin");
        (await client.SendAsync(add)).Dispose();
        var cart = await LoadAsync(client, "/gio-hang");
        var details = await LoadAsync(client, "/thanh-toan");
        bench.Report.Line("### Page weights, bytes compressed with brotli");
        bench.Report.Line();
        bench.Report.Line("| page | HTML | style sheets | scripts | together | fonts loaded ahead | requests before the first paint |");
        bench.Report.Line("|---|---|---|---|---|---|---|");
        foreach (var (name, p) in new[] { ("front page", home), ("list", list), ("product", detail), ("trace", trace), ("basket", cart), ("check-out, details", details) })
            bench.Report.Line($"| {name} | {p.Document:N0} | {p.Styles:N0} | {p.Scripts:N0} | {p.Document + p.Styles + p.Scripts:N0} | {p.Fonts:N0} | {p.Blocking} |");
        bench.Report.Line();
        bench.Report.AtMost("P13 trace page alone, bytes", trace.Document, 14_000, 0);
        bench.Report.AtMost("P13 trace page, requests before the first paint", trace.Blocking, 1, 0);
        bench.Report.AtMost("P13 product page, HTML + CSS + JS, bytes", detail.Document + detail.Styles + detail.Scripts, 50_000, 0);
        bench.Report.AtMost("P13 list, HTML + CSS + JS, bytes", list.Document + list.Styles + list.Scripts, 50_000, 0);
        bench.Report.AtMost("P13 check-out, everything, bytes", details.Document + details.Styles + details.Scripts + details.Fonts, 120_000, 0);
        bench.Report.Line();
    }

    private sealed record Weight(string Html, long Document, long Styles, long Scripts, long Fonts, int Blocking);

    private static async Task<Weight> LoadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        response.EnsureSuccessStatusCode();
        var bytes = await response.Content.ReadAsByteArrayAsync();
        using var reader = new StreamReader(new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress));
        var html = await reader.ReadToEndAsync();
        var styles = Style().Matches(html).Where(m => !m.Value.Contains("print", StringComparison.Ordinal)).Select(m => m.Groups["path"].Value).ToList();
        var fonts = Font().Matches(html).Select(m => m.Groups["path"].Value).ToList();
        var scripts = Script().Matches(html).ToList();
        return new Weight(html, bytes.Length, await SumAsync(client, styles), await SumAsync(client, scripts.Select(m => m.Groups["path"].Value)), await SumAsync(client, fonts),
            1 + styles.Count + scripts.Count(m => !m.Value.Contains("module", StringComparison.Ordinal)));
    }

    private static async Task<long> SumAsync(HttpClient client, IEnumerable<string> paths)
    {
        long sum = 0;
        foreach (var path in paths)
            sum += (await client.GetByteArrayAsync(path)).Length;
        return sum;
    }

    [GeneratedRegex("<link[^>]*rel=\"stylesheet\"[^>]*href=\"(?<path>[^\"]+)\"[^>]*>|<link[^>]*href=\"(?<path>[^\"]+)\"[^>]*rel=\"stylesheet\"[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Style();

    [GeneratedRegex("<link[^>]*rel=\"preload\"[^>]*href=\"(?<path>[^\"]+woff2)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Font();

    [GeneratedRegex("<script[^>]*src=\"(?<path>[^\"]+)\"[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Script();

    [GeneratedRegex("href=\"(?<path>/san-pham/[a-z0-9-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listing();

    [GeneratedRegex("href=\"(?<path>/lo/[A-Z0-9-]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Lot();
}
