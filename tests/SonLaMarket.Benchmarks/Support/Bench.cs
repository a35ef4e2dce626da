namespace SonLaMarket.Benchmarks.Support;

/// <summary>What a workload works with.</summary>
public sealed record Bench(Market Market, Measured Product, Measured Limit, Comparison Comparison, Report Report, int Rounds, double Seconds)
{
    /// <summary>With a basket's cookie a page is made anew for this reader: the output cache neither answers nor keeps it.</summary>
    public const string Uncached = "Cookie: sl_cart=none";

    public Func<Random, byte[]> Gets(Measured server, Func<Random, string> path, params string[] headers) => random => HttpConnection.Get(server.Url, path(random), headers);

    public static string Any(Random random, string[] from) => from[random.Next(from.Length)];
}

/// <summary>One kind of work with its addresses, its requests and its budgets.</summary>
public interface IWorkload
{
    /// <summary>What --workload takes.</summary>
    string Name { get; }

    /// <summary>Starts what it measures by itself, before anything else holds connections or memory.</summary>
    bool Alone => false;

    Task RunAsync(Bench bench);
}
