using System.Diagnostics;
using System.Globalization;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>PostgreSQL's own load generator, with a script of ours.</summary>
public static class Pgbench
{
    /// <summary>Latencies in seconds of the transactions that ended in so many seconds.</summary>
    public static async Task<double[]> RunAsync(Market market, string script, int connections, double seconds)
    {
        var folder = Directory.CreateTempSubdirectory("slm-pgbench-");
        try
        {
            var file = Path.Combine(folder.FullName, "script.sql");
            await File.WriteAllTextAsync(file, script);
            var program = PostgresBinaries.Find(null, null)!.Program("pgbench");
            var start = new ProcessStartInfo(File.Exists(program) ? program : "pgbench") { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
            foreach (var arg in (string[])["-n", "-M", "prepared", "-c", $"{connections}", "-j", "1", "-T", Math.Max(1, (int)seconds).ToString(CultureInfo.InvariantCulture), "-f", file, "-l", "--log-prefix", Path.Combine(folder.FullName, "log")])
                start.ArgumentList.Add(arg);
            foreach (var (key, value) in market.PgEnvironment())
                start.Environment[key] = value;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
                throw new InvalidOperationException("pgbench: " + await error);
            // Of each line the third field is the time of the transaction in microseconds.
            return [.. Directory.GetFiles(folder.FullName, "log*").SelectMany(File.ReadLines).Select(l => double.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture) / 1e6)];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
