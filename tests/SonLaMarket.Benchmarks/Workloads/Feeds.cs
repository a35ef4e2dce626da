using System.Diagnostics;
using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P11: what the application needs beyond its rest while the files of all platforms are made anew, as after every change of a listing.</summary>
public sealed class Feeds : IWorkload
{
    public string Name => "feeds";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        await using var product = bench.Market.StartProduct(Market.Large, probed: false);
        await product.AnswersAsync("/health/ready");
        bench.Report.Line($"### Files of all platforms, {bench.Market.Listings} listings");
        bench.Report.Line();
        bench.Report.Line("| round | rows in files | seconds | application before, MB | most, MB |");
        bench.Report.Line("|---|---|---|---|---|");
        var growth = 0.0;
        // The first also compiles what is called for the first time.
        for (var round = 0; round <= bench.Rounds; round++)
        {
            await WaitAsync(bench, null);
            await Task.Delay(TimeSpan.FromSeconds(2));
            var before = Proc.Resident(product.ProcessId) / 1e6;
            var last = await bench.Market.Db.SingleAsync<long>("select coalesce(max(id), 0) from exports.run");
            var clock = Stopwatch.StartNew();
            await bench.Market.Db.ExecuteAsync("""insert into jobs.job (kind, payload, run_at, created_at) values ('RebuildFeeds>Rebuilds', '{"Cause":"change"}', now(), now())""");
            var most = await WaitAsync(bench, product);
            var rows = await bench.Market.Db.SingleAsync<long>("select sum(r.exported * (select count(*) from exports.run_file f where f.run_id = r.id))::bigint from exports.run r where r.id > @last", new { last });
            bench.Report.Line($"| {round} | {rows} | {Report.N(clock.Elapsed.TotalSeconds, 1)} | {Report.N(before, 0)} | {Report.N(most, 0)} |");
            growth = round == 0 ? 0 : Math.Max(growth, most - before);
        }
        bench.Report.Line();
        bench.Report.AtMost("P11 growth while files are made, MB", growth, 64, 0);
        bench.Report.Line();
    }

    /// <summary>Until nothing is being made any more; the most memory that was seen meanwhile.</summary>
    private static async Task<double> WaitAsync(Bench bench, Measured? product)
    {
        const string open = "select count(*) from jobs.job where kind = 'RebuildFeeds>Rebuilds' and done_at is null and dead_at is null";
        var most = 0.0;
        while (await bench.Market.Db.SingleAsync<long>(open) > 0)
        {
            most = Math.Max(most, product is null ? 0 : Proc.Resident(product.ProcessId) / 1e6);
            await Task.Delay(20);
        }
        return most;
    }
}
