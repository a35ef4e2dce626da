using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P5: search with and without marks, 24 hits and the counts beside the filters.</summary>
public sealed class Search : IWorkload
{
    public string Name => "search";

    public async Task RunAsync(Bench bench)
    {
        var paths = (await bench.Market.Db.QueryAsync<string>("select name from producers.speciality union all select foundation.fold(name) from producers.speciality")).Select(Uri.EscapeDataString).ToArray();
        var figures = await bench.Comparison.RunAsync(
            Target.Http("limit: the bare tsvector statement", bench.Limit, bench.Gets(bench.Limit, r => "/tim?q=" + Bench.Any(r, paths))),
            Target.Http("product, rows alone (JSON)", bench.Product, bench.Gets(bench.Product, r => "/san-pham?q=" + Bench.Any(r, paths), Bench.Uncached, "Accept: application/json")),
            Target.Http("product", bench.Product, bench.Gets(bench.Product, r => "/san-pham?q=" + Bench.Any(r, paths), Bench.Uncached)));
        bench.Report.Table("Search, names of specialities with and without marks", figures);
        bench.Report.AtLeast("P5 search, requests/s of the bare statement's", figures[2].Ratio, 0.5);
        bench.Report.AtMost("P5 search, p99 of p50", figures[2].P99 / figures[2].P50, 3);
        bench.Report.Line();
    }
}
