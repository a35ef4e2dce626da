using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>CPU and memory of processes as Linux counts them.</summary>
public static class Proc
{
    private const double TicksPerSecond = 100;

    /// <summary>Seconds of CPU that the process and its ended children used; 0 when it is gone.</summary>
    public static double Cpu(int id) => Stat(id) is { } s ? (s[11] + s[12] + s[13] + s[14]) / TicksPerSecond : 0;

    public static IEnumerable<int> Children(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(id) is { } s && s[1] == parent)
                yield return id;
        }
    }

    /// <summary>Bytes of memory, with the pages of the runtime that other processes share.</summary>
    public static long Resident(int id) => Stat(id) is { } s ? s[21] * Environment.SystemPageSize : 0;

    /// <summary>Bytes of memory, shared pages counted by halves, thirds, … among those who share them.</summary>
    public static long Memory(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").First(l => l.StartsWith("Pss:", StringComparison.Ordinal));
            return long.Parse(line.AsSpan(4, line.Length - 7), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>The numbers after the name; the third field of the file, the state, is the first here and reads as 0.</summary>
    private static long[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return [.. text[(text.LastIndexOf(')') + 2)..].Split(' ').Select(f => long.TryParse(f, CultureInfo.InvariantCulture, out var n) ? n : 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A program under measurement, in a process of its own.</summary>
public sealed class Measured : IAsyncDisposable
{
    private readonly Process process;
    private readonly int probe;

    private Measured(Process process, string url, int probe)
    {
        this.process = process;
        this.probe = probe;
        Url = new Uri(url);
    }

    public Uri Url { get; }

    public int ProcessId => process.Id;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a .NET program that takes --urls.</summary>
    /// <param name="probed">False where the start itself is measured.</param>
    public static Measured Start(string program, IReadOnlyDictionary<string, string> settings, bool probed, params string[] args)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Path.GetDirectoryName(program) };
        foreach (var arg in (string[])[program, .. args, "--urls", url])
            start.ArgumentList.Add(arg);
        var probe = FreePort();
        if (probed)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(Measured).Assembly.Location;
            start.Environment[StartupHook.PortVariable] = probe.ToString(CultureInfo.InvariantCulture);
        }
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) => { if (e.Data is { Length: > 0 } line) Console.Error.WriteLine("  " + line); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Measured(process, url, probe);
    }

    /// <summary>Waits until the address answers 200 and says how long that took.</summary>
    public async Task<TimeSpan> AnswersAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        var request = HttpConnection.Get(Url, path);
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"{Url} ended with code {process.ExitCode}");
            if (clock.Elapsed > TimeSpan.FromMinutes(3))
                throw new TimeoutException($"{Url}{path} does not answer");
            try
            {
                using var connection = await HttpConnection.OpenAsync(Url);
                if ((await connection.SendAsync(request)).Status == 200)
                    return clock.Elapsed;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // Not listening yet.
            }
            await Task.Delay(5);
        }
    }

    /// <summary>Bytes allocated and database commands sent so far.</summary>
    public async Task<(long Allocated, long Commands)> CountersAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, probe);
        using var reader = new StreamReader(client.GetStream());
        var fields = (await reader.ReadToEndAsync()).Split(' ');
        return (long.Parse(fields[0], CultureInfo.InvariantCulture), long.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
