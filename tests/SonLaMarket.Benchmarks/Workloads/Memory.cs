using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P16: application and database together while 50 requests come each second.</summary>
public sealed class Memory : IWorkload
{
    private const int PerSecond = 50;

    public string Name => "memory";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        await using var product = bench.Market.StartProduct(Market.Large, probed: false);
        await product.AnswersAsync("/lo/" + bench.Market.Lots[0]);
        await Task.Delay(TimeSpan.FromSeconds(5));
        var rest = (Application: Proc.Resident(product.ProcessId) / 1e6, Database: bench.Market.DatabaseMemory() / 1e6);
        var (application, database) = (0.0, 0.0);
        var seconds = (int)Math.Max(20, bench.Seconds * bench.Rounds * 2);
        var slowest = TimeSpan.Zero;
        var random = new Random();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        var open = new List<Task<TimeSpan>>();
        for (var i = 0; i < seconds * PerSecond; i++)
        {
            await timer.WaitForNextTickAsync();
            open.Add(AskAsync(product.Url, Path(bench, random, i)));
            if (i % PerSecond == 0)
            {
                application = Math.Max(application, Proc.Resident(product.ProcessId) / 1e6);
                database = Math.Max(database, bench.Market.DatabaseMemory() / 1e6);
            }
        }
        var times = (await Task.WhenAll(open)).Select(t => t.TotalMilliseconds).Order().ToList();
        bench.Report.Line($"### Memory under {PerSecond} requests a second, {seconds} s: trace, product, list, search and front page, nine in ten not from the cache");
        bench.Report.Line();
        bench.Report.Line("| | application MB | database MB | together MB | p50 ms | p99 ms |");
        bench.Report.Line("|---|---|---|---|---|---|");
        bench.Report.Line($"| at rest | {Report.N(rest.Application, 0)} | {Report.N(rest.Database, 0)} | {Report.N(rest.Application + rest.Database, 0)} | | |");
        bench.Report.Line($"| most, under load | {Report.N(application, 0)} | {Report.N(database, 0)} | {Report.N(application + database, 0)} | {Report.N(Statistics.Percentile(times, 0.5), 1)} | {Report.N(Statistics.Percentile(times, 0.99), 1)} |");
        bench.Report.Line();
        bench.Report.AtMost("P16 application and database under 50 requests/s, MB", application + database, 700, 0);
        bench.Report.Line();
    }

    private static string Path(Bench bench, Random random, int i) => (i % 10) switch
    {
        0 => "/",
        < 5 => "/lo/" + Bench.Any(random, bench.Market.Lots),
        < 8 => "/san-pham/" + Bench.Any(random, bench.Market.Slugs),
        8 => "/san-pham?gia-tu=" + random.Next(1000, 90_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "/san-pham?q=man+hau&gia-tu=" + random.Next(1000, 50_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static async Task<TimeSpan> AskAsync(Uri url, string path)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        using var connection = await HttpConnection.OpenAsync(url);
        var reply = await connection.SendAsync(HttpConnection.Get(url, path));
        return reply.Status == 200 ? System.Diagnostics.Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException($"{path}: {reply.Status}");
    }
}
