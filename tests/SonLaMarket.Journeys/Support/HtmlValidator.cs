using System.Diagnostics;
using System.Text.Json;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>html-validate, which ./dev fetches into Web/node_modules: the HTML standard as a program.</summary>
public static class HtmlValidator
{
    /// <summary>What it has to say about the pages, one finding a line.</summary>
    public static async Task<IReadOnlyList<string>> FindingsAsync(IEnumerable<(string Path, string Html)> pages)
    {
        var folder = Path.Combine(Repository.Root, "tests", "SonLaMarket.Journeys", "Web");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "html-validate")), $"html-validate is missing: run npm ci in {folder}");
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("validate.mjs");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        foreach (var (path, html) in pages)
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { path, html }));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
