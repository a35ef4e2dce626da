using System.Diagnostics;

namespace SonLaMarket.Benchmarks.Support;

/// <param name="Latencies">Seconds of each request.</param>
public sealed record Load(double[] Latencies, double Seconds, long Bytes);

/// <summary>Something that can be put under load for a while.</summary>
/// <param name="Server">The process whose CPU, allocations and commands count; null where there is none.</param>
public sealed record Target(string Name, Measured? Server, Func<double, Task<Load>> RunAsync)
{
    /// <summary>Connections of the closed loop: twice what two processors can use, as a busy browser page would.</summary>
    public const int Connections = 16;

    /// <param name="next">The next request; null when there is none left.</param>
    public static Target Http(string name, Measured server, Func<Random, byte[]?> next, int status = 200, int connections = Connections) => new(name, server, seconds => LoopAsync(connections, seconds, async (random, end) =>
    {
        using var connection = await HttpConnection.OpenAsync(server.Url);
        var seen = new List<double>();
        long bytes = 0;
        while (Stopwatch.GetTimestamp() < end && next(random) is { } request)
        {
            var start = Stopwatch.GetTimestamp();
            var reply = await connection.SendAsync(request);
            seen.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            bytes += reply.Length;
            if (reply.Status != status)
                throw new InvalidOperationException($"{name}: {reply.Status} instead of {status}");
        }
        return (seen, bytes);
    }));

    public static Target Calls(string name, Func<Random, Task> call, int connections) => new(name, null, seconds => LoopAsync(connections, seconds, async (random, end) =>
    {
        var seen = new List<double>();
        while (Stopwatch.GetTimestamp() < end)
        {
            var start = Stopwatch.GetTimestamp();
            await call(random);
            seen.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return (seen, 0);
    }));

    public static Target Sql(string name, Market market, string script, int connections = Connections) => new(name, null, async seconds =>
    {
        var clock = Stopwatch.StartNew();
        var seen = await Pgbench.RunAsync(market, script, connections, seconds);
        // pgbench connects before it counts: its own whole seconds are the time.
        return new Load(seen, Math.Min(Math.Max(1, (int)seconds), clock.Elapsed.TotalSeconds), 0);
    });

    private static async Task<Load> LoopAsync(int connections, double seconds, Func<Random, long, Task<(List<double> Seen, long Bytes)>> loop)
    {
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => loop(new Random(), end))));
        return new Load([.. all.SelectMany(a => a.Seen)], Stopwatch.GetElapsedTime(start).TotalSeconds, all.Sum(a => a.Bytes));
    }
}
