using System.Diagnostics;

namespace SonLaMarket.Foundation.Data;

/// <summary>Runs a program of the database server to its end.</summary>
internal static class Commands
{
    /// <summary>What the program printed is read to its end: a server that it leaves behind must write elsewhere (pg_ctl -l), or this never returns.</summary>
    /// <param name="user">Whom to run as; null is ourselves. .NET honours it on Linux too.</param>
    /// <param name="environment">Variables beside our own, such as a password, which must not stand among the arguments.</param>
    public static async Task<(int Code, string Output)> RunAsync(string program, string[] args, string? user, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        if (user is not null)
            start.UserName = user;
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
