using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;

namespace SonLaMarket.Journeys.Support;

/// <summary>The real program in a process of its own, as a person starts it; killed or stopped by its own number.</summary>
public sealed class RunningSite : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> errors = [];

    private RunningSite(Process process) => this.process = process;

    /// <summary>Of all sites of this run; the system forgets it.</summary>
    private static readonly string Mails = Directory.CreateTempSubdirectory("slm-mail-").FullName;

    public string Url { get; private set; } = "";

    public string? SimulatorUrl { get; private set; }

    /// <summary>The lines for programs that the start printed, fields separated by tabs.</summary>
    public List<string[]> Lines { get; } = [];

    public int ProcessId => process.Id;

    /// <summary>What the program wrote to its log so far.</summary>
    public string Log
    {
        get
        {
            lock (errors)
                return string.Join('\n', errors);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="settings">Environment variables, e.g. ConnectionStrings__SonLaMarket.</param>
    /// <param name="simulatorPort">0: no simulator.</param>
    public static Task<RunningSite> StartAsync(IReadOnlyDictionary<string, string?> settings, int port, int simulatorPort, params string[] args) => StartAsync(settings, port, simulatorPort, null, args);

    /// <param name="program">Another build of the program than our own; null for our own.</param>
    public static async Task<RunningSite> StartAsync(IReadOnlyDictionary<string, string?> settings, int port, int simulatorPort, string? program, string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(program ?? Program());
        foreach (var arg in (string[])["--environment", "Demonstration", "--urls", $"http://127.0.0.1:{port}", .. args])
            start.ArgumentList.Add(arg);
        start.Environment["Vnpay__SimulatorUrl"] = simulatorPort == 0 ? "" : $"http://127.0.0.1:{simulatorPort}";
        start.Environment["Mail__Folder"] = Mails;
        start.Environment["Vnpay__IpnRetrySeconds"] = "2";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (key, value) in settings)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        var site = new RunningSite(Process.Start(start)!);
        site.process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null)
                return;
            lock (site.errors)
                site.errors.Add(e.Data);
        };
        site.process.BeginErrorReadLine();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            while (await site.process.StandardOutput.ReadLineAsync(patience.Token) is { } line && line != "ready")
                site.Lines.Add(line.Split('\t'));
        }
        catch (OperationCanceledException)
        {
            await site.KillAsync();
        }
        if (site.process.HasExited || site.Lines.Count == 0)
            throw new InvalidOperationException("The site did not start:\n" + site.Log);
        site.Url = site.Lines.First(l => l[0] == "site")[1];
        site.SimulatorUrl = site.Lines.FirstOrDefault(l => l[0] == "simulator")?[1];
        return site;
    }

    public (string SignIn, string Password) Account(string role, int index = 0)
    {
        var line = Lines.Where(l => l[0] == "account" && l[1] == role).ElementAt(index);
        return (line[2], line[3]);
    }

    /// <summary>As a power cut would: nothing is flushed, nothing says goodbye.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            const int sigterm = 15;
            _ = Signal(process.Id, sigterm);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
        process.Dispose();
    }

    /// <summary>The web project's own output, built in the same configuration as these tests.</summary>
    internal static string Program()
    {
        var configuration = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "src", "SonLaMarket", "bin", configuration, "net10.0", "SonLaMarket.dll");
            if (File.Exists(built))
                return built;
        }
        throw new FileNotFoundException("SonLaMarket.dll is not built");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
