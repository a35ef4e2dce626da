using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P12: from the start of the process to the first trace page, and what a program holds that nobody has asked for anything else.</summary>
public sealed class ColdStart : IWorkload
{
    public string Name => "start";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        var lot = bench.Market.Lots[0];
        var (limit, product) = (new List<double>(), new List<double>());
        var (limitMemory, productMemory) = (new List<double>(), new List<double>());
        for (var round = 0; round < bench.Rounds; round++)
        {
            await StartAsync(() => bench.Market.StartLimit(probed: false), limit, limitMemory);
            await StartAsync(() => bench.Market.StartProduct(Market.Large, probed: false), product, productMemory);
        }
        bench.Report.Line("### Cold start to the first trace page");
        bench.Report.Line();
        bench.Report.Line("| program | seconds min / median / max | memory at rest MB |");
        bench.Report.Line("|---|---|---|");
        foreach (var (name, times, memory) in new[] { ("limit", limit, limitMemory), ("product", product, productMemory) })
            bench.Report.Line($"| {name} | {Report.N(times.Min(), 2)} / {Report.N(Statistics.Median(times), 2)} / {Report.N(times.Max(), 2)} | {Report.N(Statistics.Median(memory), 0)} |");
        bench.Report.Line();
        bench.Report.AtMost("P12 cold start of the limit's", Statistics.Median(product) / Statistics.Median(limit), 2.5);
        bench.Report.AtMost("P12 memory at rest of the limit's", Statistics.Median(productMemory) / Statistics.Median(limitMemory), 1.5);
        bench.Report.Line();

        async Task StartAsync(Func<Measured> start, List<double> times, List<double> memory)
        {
            await using var server = start();
            times.Add((await server.AnswersAsync("/lo/" + lot)).TotalSeconds);
            await Task.Delay(TimeSpan.FromSeconds(3));
            memory.Add(Proc.Resident(server.ProcessId) / 1e6);
        }
    }
}
