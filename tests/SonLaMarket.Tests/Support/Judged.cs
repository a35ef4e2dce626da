using SonLaMarket.Checker;
using Xunit;

namespace SonLaMarket.Tests.Support;

/// <summary>What a test did, handed to the judge: one line is printed, and nothing may be broken.</summary>
public static class Judged
{
    /// <param name="what">Name, rounds and seed of the test, for the line.</param>
    /// <param name="gateway">References that the payment side calls paid, and only those; null when nobody was asked.</param>
    public static async Task<Verdict> UnbrokenAsync(string what, History history, string connectionString, IReadOnlySet<string>? gateway = null)
    {
        var verdict = await Judge.JudgeAsync(history, connectionString, gateway);
        if (verdict.Count > 0)
            Assert.Fail($"{what}: {verdict}\n{await KeptAsync(history)}");
        Console.WriteLine($"{what}: {verdict}");
        return verdict;
    }

    /// <summary>Where the history lies, for whoever looks why a test failed.</summary>
    public static async Task<string> KeptAsync(History history)
    {
        var file = Path.Combine(Path.GetTempPath(), $"slm-history-{Guid.NewGuid():N}.jsonl");
        await history.SaveAsync(file);
        return "history: " + file;
    }
}
