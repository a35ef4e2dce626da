namespace SonLaMarket.Benchmarks.Support;

/// <summary>One target in one round.</summary>
public sealed record Round(double PerSecond, double ServerMicroseconds, double DatabaseMicroseconds, double Bytes, double Commands, double Allocated);

/// <summary>What all rounds say of one target; <paramref name="Ratios"/> are against the base in the same round.</summary>
public sealed record Figures(string Name, IReadOnlyList<Round> Rounds, IReadOnlyList<double> Ratios, double P50, double P99)
{
    public double Ratio => Statistics.Median(Ratios);

    public double Of(Func<Round, double> figure) => Statistics.Median(Rounds.Select(figure));

    /// <summary>CPU of server and database together, microseconds a request.</summary>
    public double Cpu => Of(r => r.ServerMicroseconds) + Of(r => r.DatabaseMicroseconds);
}

public static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The value that this part of the sorted ones does not pass.</summary>
    public static double Percentile(IReadOnlyList<double> sorted, double part) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(part * sorted.Count))];
}

/// <summary>Puts targets under load in turn, in another random order each round, so that a slow minute of the machine is everybody's.</summary>
public sealed class Comparison(Market market, int rounds, double seconds)
{
    /// <summary>Seconds of load before the rounds: a method is compiled well only after it was called often.</summary>
    public const double WarmUp = 4;

    /// <summary>The first target is the base.</summary>
    public async Task<IReadOnlyList<Figures>> RunAsync(params Target[] targets)
    {
        foreach (var target in targets)
            await target.RunAsync(WarmUp);
        var seen = targets.ToDictionary(t => t, _ => new List<Round>());
        var latencies = targets.ToDictionary(t => t, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var order = targets.ToArray();
            Random.Shared.Shuffle(order);
            foreach (var target in order)
            {
                var (result, load) = await MeasureAsync(target);
                seen[target].Add(result);
                latencies[target].AddRange(load.Latencies);
            }
        }
        return [.. targets.Select(t => new Figures(
            t.Name, seen[t], [.. seen[t].Zip(seen[targets[0]], (mine, first) => mine.PerSecond / first.PerSecond)],
            Statistics.Percentile(latencies[t].Order().ToList(), 0.5), Statistics.Percentile(latencies[t].Order().ToList(), 0.99)))];
    }

    private async Task<(Round Round, Load Load)> MeasureAsync(Target target)
    {
        var (allocated, commands) = target.Server is null ? default : await target.Server.CountersAsync();
        var server = target.Server is null ? 0 : Proc.Cpu(target.Server.ProcessId);
        var database = market.DatabaseCpu();
        var load = await target.RunAsync(seconds);
        var databaseUsed = market.DatabaseCpu() - database;
        var serverUsed = target.Server is null ? 0 : Proc.Cpu(target.Server.ProcessId) - server;
        var (allocatedAfter, commandsAfter) = target.Server is null ? default : await target.Server.CountersAsync();
        double requests = Math.Max(1, load.Latencies.Length);
        return (new Round(
            load.Latencies.Length / load.Seconds, serverUsed * 1e6 / requests, databaseUsed * 1e6 / requests,
            load.Bytes / requests, (commandsAfter - commands) / requests, (allocatedAfter - allocated) / requests), load);
    }
}
