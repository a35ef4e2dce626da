using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P1, P2: the page behind a label, random codes; made anew and from the output cache.</summary>
public sealed class TracePage : IWorkload
{
    public string Name => "trace";

    public async Task RunAsync(Bench bench)
    {
        var lots = bench.Market.Lots;
        // As many as a busy minute asks for: the cache keeps a page for a minute.
        var few = lots.Take(200).ToArray();
        var cached = Target.Http("product, from the output cache", bench.Product, bench.Gets(bench.Product, r => "/lo/" + Bench.Any(r, few)));
        var figures = await bench.Comparison.RunAsync(
            Target.Http("limit", bench.Limit, bench.Gets(bench.Limit, r => "/lo/" + Bench.Any(r, lots))),
            Target.Http("limit, bare plaintext", bench.Limit, bench.Gets(bench.Limit, _ => "/plaintext")),
            Target.Http("product", bench.Product, bench.Gets(bench.Product, r => "/lo/" + Bench.Any(r, lots), Bench.Uncached)),
            cached);
        bench.Report.Table("Trace page, random codes", figures);
        var (limit, product, fromCache) = (figures[0], figures[2], figures[3]);
        bench.Report.AtLeast("P1 trace page, requests/s of the limit's", product.Ratio, 0.6);
        bench.Report.AtMost("P1 trace page, CPU of the limit's", product.Cpu / limit.Cpu, 1.6);
        bench.Report.AtMost("P1 trace page, round trips", product.Of(r => r.Commands), 1.1);
        bench.Report.AtLeast("P2 trace page from the cache, requests/s of the limit's", fromCache.Ratio, 3);
        bench.Report.AtMost("P2 trace page from the cache, commands", fromCache.Of(r => r.Commands), 0.01, 2);
        bench.Report.Line();
    }
}
