using System.Text.RegularExpressions;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>Measured tables in docs/search.md, written where SONLAMARKET_WRITE_FIGURES=1 asks for it.</summary>
internal static class Figures
{
    public static void Write(string name, string table)
    {
        if (Environment.GetEnvironmentVariable("SONLAMARKET_WRITE_FIGURES") != "1")
            return;
        var file = Path.Combine(Repository.Root, "docs", "search.md");
        var place = new Regex($"(<!-- {name} -->\n).*?(<!-- /{name} -->)", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        var text = File.ReadAllText(file);
        if (!place.IsMatch(text))
            throw new InvalidOperationException($"{file} has no place for the figures “{name}”.");
        File.WriteAllText(file, place.Replace(text, m => $"{m.Groups[1].Value}\n{SearchFixture.Listings:#,0} listings\n\n{table}\n\n{m.Groups[2].Value}"));
    }
}
