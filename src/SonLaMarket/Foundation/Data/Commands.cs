using System.Diagnostics;

namespace SonLaMarket.Foundation.Data;

/// <summary>Runs a program of the database server to its end.</summary>
internal static class Commands
{
    /// <param name="user">Whom to run as; null is ourselves. .NET honours it on Linux too.</param>
    /// <param name="capture">False where the program leaves a server behind: that would inherit the pipe and reading would never end.</param>
    public static async Task<(int Code, string Output)> RunAsync(string program, string[] args, string? user, bool capture)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = capture, RedirectStandardError = capture, WorkingDirectory = Path.GetTempPath() };
        if (user is not null)
            start.UserName = user;
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var output = "";
        if (capture)
        {
            var error = process.StandardError.ReadToEndAsync();
            output = await process.StandardOutput.ReadToEndAsync() + await error;
        }
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
