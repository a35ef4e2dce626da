using System.Diagnostics;
using System.Text.Json;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>Programs of Web/ with the packages that ./dev fetches into its node_modules: each reads one JSON object a line and writes one finding a line.</summary>
public static class NodeProgram
{
    /// <summary>html-validate: the HTML standard as a program; and what a page says to machines.</summary>
    public static Task<IReadOnlyList<string>> OfPagesAsync(IEnumerable<(string Path, string Html)> pages) => FindingsAsync("validate.mjs", pages.Select(p => new { path = p.Path, html = p.Html }));

    /// <summary>SHACL: the shapes of a catalogue; and whether its two notations say the same.</summary>
    public static Task<IReadOnlyList<string>> OfCataloguesAsync(IEnumerable<(string Name, string JsonLd, string Turtle)> catalogues) =>
        FindingsAsync("dcat.mjs", catalogues.Select(c => new { name = c.Name, jsonld = c.JsonLd, turtle = c.Turtle }));

    private static async Task<IReadOnlyList<string>> FindingsAsync(string program, IEnumerable<object> lines)
    {
        var folder = Path.Combine(Repository.Root, "tests", "SonLaMarket.Journeys", "Web");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules", "html-validate")), $"html-validate is missing: run npm ci in {folder}");
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(program);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        foreach (var line in lines)
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line));
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
