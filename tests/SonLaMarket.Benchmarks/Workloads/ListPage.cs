using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P4: a category, 24 a page by key: its first page and its hundredth.</summary>
public sealed partial class ListPage : IWorkload
{
    private const int Deep = 100;

    public string Name => "list";

    public async Task RunAsync(Bench bench)
    {
        var category = await bench.Market.Db.SingleAsync<string>("select category_slug from catalog.listing_version group by 1 order by count(*) desc limit 1");
        var first = "/san-pham?nhom=" + category;
        var deep = await PathAsync(bench, first, Math.Min(Deep, (int)(bench.Market.Listings / 24 / 20)));
        var (seconds, id) = await bench.Market.Db.SingleAsync<(double, long)>("""
            select extract(epoch from l.published_at)::float8, l.id from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
            where v.category_slug = @category order by l.published_at desc, l.id desc offset @offset limit 1
            """, new { category, offset = Deep * 24 });
        var after = string.Create(CultureInfo.InvariantCulture, $"{first}&sau={seconds}~{id}");
        var figures = await bench.Comparison.RunAsync(
            Target.Http("limit, page 1", bench.Limit, bench.Gets(bench.Limit, _ => first)),
            Target.Http("limit, page 100", bench.Limit, bench.Gets(bench.Limit, _ => after)),
            Target.Http("product, page 1", bench.Product, bench.Gets(bench.Product, _ => first, Bench.Uncached)),
            Target.Http("product, page 100", bench.Product, bench.Gets(bench.Product, _ => deep, Bench.Uncached)),
            Target.Http("product, page 1 from the output cache", bench.Product, bench.Gets(bench.Product, _ => first)));
        bench.Report.Table("List of a category, 24 a page", figures);
        bench.Report.AtLeast("P4 list page, requests/s of the limit's", figures[2].Ratio, 0.45);
        bench.Report.AtMost("P4 page 100, median time of page 1's", figures[3].P50 / figures[2].P50, 1.2);
        bench.Report.Line();
    }

    /// <summary>Pages on as a reader would.</summary>
    private static async Task<string> PathAsync(Bench bench, string path, int pages)
    {
        using var connection = await HttpConnection.OpenAsync(bench.Product.Url);
        for (var page = 1; page < pages; page++)
        {
            var reply = await connection.SendAsync(HttpConnection.Get(bench.Product.Url, path, "Accept: application/json"), read: true);
            var next = Next().Match(reply.Body!);
            if (!next.Success)
                break;
            path = System.Text.Json.JsonSerializer.Deserialize<string>(next.Groups["url"].Value)!;
            path = path[path.IndexOf("/san-pham", StringComparison.Ordinal)..];
        }
        return path;
    }

    [GeneratedRegex("\"next\":(?<url>\"[^\"]+\")", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Next();
}
