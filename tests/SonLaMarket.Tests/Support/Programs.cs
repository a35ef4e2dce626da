using System.Diagnostics;
using System.Text;
using Xunit;

namespace SonLaMarket.Tests.Support;

/// <summary>Programs of others that read what we draw: poppler prints and reads paper, zbar scans codes.</summary>
public static class Programs
{
    /// <summary>zbar says so where a picture shows no code.</summary>
    private const int NoCode = 4;

    /// <summary>What the program says; it has to end well.</summary>
    public static string Run(string program, params string[] arguments)
    {
        var (said, ended) = End(program, arguments);
        Assert.True(ended == 0, $"{program} ended with {ended}");
        return said;
    }

    /// <summary>What the codes on these pictures hold, in their order; nothing where there is none.</summary>
    public static string[] Codes(params IEnumerable<string> pictures)
    {
        var (said, ended) = End("zbarimg", ["--nodbus", "--raw", "-q", .. pictures]);
        Assert.True(ended is 0 or NoCode, $"zbarimg ended with {ended}");
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static (string Said, int Ended) End(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (said, process.ExitCode);
    }
}
