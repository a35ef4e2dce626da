using System.Diagnostics;
using System.Globalization;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>Where and when figures were taken, and the page of documentation that keeps the newest.</summary>
public static class Machine
{
    private const string Begin = "<!-- figures -->";

    /// <summary>The marketplace as an ordinary build made it, where none that was published is named.</summary>
    public static string Built => Path.Combine(Repository.Root, "src/SonLaMarket/bin/Release/net10.0/SonLaMarket.dll");

    public static string Describe(long listings, int rounds, double seconds)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, commit {Git("rev-parse --short HEAD")}, {Environment.ProcessorCount} cores of {Processor()}, {memory} GiB, .NET {Environment.Version}; {listings} listings; {rounds} rounds of {seconds} s a target.");
    }

    /// <summary>Puts what a run measured in the place of what an earlier one measured of the same; the rest of docs/performance.md stays.</summary>
    public static void Write(string text)
    {
        var file = Path.Combine(Repository.Root, "docs/performance.md");
        var before = File.ReadAllText(file);
        var end = before.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var sections = Sections(before[end..]);
        var (when, measured) = (text[..text.IndexOf('\n', StringComparison.Ordinal)], Sections(text));
        foreach (var (title, body) in measured.Where(m => m.Title != Report.Budgets))
        {
            var now = (title, $"\n{when}\n{body}");
            if (sections.FindIndex(s => s.Title == title) is >= 0 and var at)
                sections[at] = now;
            else
                sections.Add(now);
        }
        File.WriteAllText(file, $"{before[..end]}\n\n{string.Join("\n\n", sections.Select(s => $"### {s.Title}\n{s.Body.TrimEnd()}"))}\n");
    }

    private static List<(string Title, string Body)> Sections(string text) =>
        [.. text.Split("### ").Skip(1).Select(s => s.Split('\n', 2)).Select(s => (s[0], s[1]))];

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? "?" : "?";

    private static string Git(string args)
    {
        using var git = Process.Start(new ProcessStartInfo("git", args) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = Repository.Root })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
