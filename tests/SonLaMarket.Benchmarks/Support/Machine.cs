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

    /// <summary>Replaces everything after the mark in docs/performance.md.</summary>
    public static void Write(string text)
    {
        var file = Path.Combine(Repository.Root, "docs/performance.md");
        var before = File.ReadAllText(file);
        File.WriteAllText(file, before[..(before.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + "\n" + text.TrimEnd() + "\n");
    }

    private static string Processor() =>
        File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[1] ?? "?" : "?";

    private static string Git(string args)
    {
        using var git = Process.Start(new ProcessStartInfo("git", args) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = Repository.Root })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
