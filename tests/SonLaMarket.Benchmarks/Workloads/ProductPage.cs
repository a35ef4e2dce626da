using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P3: a listing with its origin and what is like it, random ones.</summary>
public sealed class ProductPage : IWorkload
{
    public string Name => "product";

    public async Task RunAsync(Bench bench)
    {
        var slugs = bench.Market.Slugs;
        var figures = await bench.Comparison.RunAsync(
            Target.Http("limit", bench.Limit, bench.Gets(bench.Limit, r => "/san-pham/" + Bench.Any(r, slugs))),
            Target.Http("product", bench.Product, bench.Gets(bench.Product, r => "/san-pham/" + Bench.Any(r, slugs), Bench.Uncached)));
        bench.Report.Table("Product page, random listings", figures);
        bench.Report.AtLeast("P3 product page, requests/s of the limit's", figures[1].Ratio, 0.6);
        bench.Report.AtMost("P3 product page, CPU of the limit's", figures[1].Cpu / figures[0].Cpu, 1.6);
        bench.Report.AtMost("P3 product page, round trips", figures[1].Of(r => r.Commands), 1.1);
        bench.Report.Line();
    }
}
