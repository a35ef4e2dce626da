using System.Globalization;
using System.Text.Json;
using CsvHelper;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>The judged queries (judged.csv, written by hand) asked of the running site, as a program asks: what the first ten are worth against the best that there is.</summary>
public sealed class SearchMeasureTests(SearchFixture market, ITestOutputHelper output) : IClassFixture<SearchFixture>
{
    private const double Least = 0.90;
    private const double MostEmpty = 0.02;

    private sealed record Result(Judgement Judgement, double Ndcg, int Shown, string? Instead, string First);

    [Fact]
    public async Task The_first_ten_results_are_worth_nine_tenths_of_the_best_ten_and_hardly_any_search_finds_nothing()
    {
        var judgements = Judgements();
        Assert.True(judgements.Count >= 200);
        var bySlug = market.Facts.ToDictionary(f => f.Slug, StringComparer.Ordinal);
        var browser = market.Site.Open();
        var results = new List<Result>();
        foreach (var judgement in judgements)
            results.Add(await AskAsync(browser, judgement, bySlug));
        var table = Table(results);
        output.WriteLine(table);
        foreach (var bad in results.Where(r => r.Ndcg < 0.9).OrderBy(r => r.Ndcg))
            output.WriteLine($"{bad.Ndcg:0.00} “{bad.Judgement.Query}” {(bad.Instead is null ? "" : $"as “{bad.Instead}” ")}{bad.Shown} shown, first: {bad.First}");
        Figures.Write("judged", table);
        Assert.True(results.Average(r => r.Ndcg) >= Least, table);
        Assert.True(results.Count(r => r.Shown == 0) <= MostEmpty * results.Count, table);
        Assert.All(results.GroupBy(r => r.Judgement.Group), g => Assert.True(g.Average(r => r.Ndcg) >= 0.8, $"{g.Key}\n{table}"));
    }

    private async Task<Result> AskAsync(Browser browser, Judgement judgement, Dictionary<string, Fact> bySlug)
    {
        var (path, text) = judgement.Query.StartsWith("/en ", StringComparison.Ordinal) ? ("/en/san-pham", judgement.Query[4..]) : ("/san-pham", judgement.Query);
        var answer = await browser.GetAsync($"{path}?q={Uri.EscapeDataString(text)}", ("Accept", "application/json"));
        using var json = JsonDocument.Parse(answer.Body);
        var shown = json.RootElement.GetProperty("items").EnumerateArray().Select(i => bySlug[i.GetProperty("slug").GetString()!]).ToList();
        var instead = json.RootElement.TryGetProperty("searchedFor", out var other) ? other.GetString() : null;
        return new(judgement, judgement.Ndcg(shown, market.Facts), shown.Count, instead, shown.Count == 0 ? "" : $"{shown[0].Title} ({shown[0].Speciality}, {shown[0].CommuneName}, {judgement.Grade(shown[0])})");
    }

    private static List<Judgement> Judgements()
    {
        using var reader = new StreamReader(Path.Combine(Repository.Root, "tests", "SonLaMarket.Tests", "Catalog", "Search", "judged.csv"));
        using var csv = new CsvReader(reader, CultureInfo.InvariantCulture);
        return [.. csv.GetRecords(new { group = "", query = "", perfect = "", good = "", fair = "" }).Select(r => new Judgement(r.group, r.query, r.perfect, r.good, r.fair))];
    }

    private static string Table(List<Result> results)
    {
        var lines = results.GroupBy(r => r.Judgement.Group).Append(results.GroupBy(_ => "**all**").Single()).Select(g => string.Create(CultureInfo.InvariantCulture,
            $"| {g.Key} | {g.Count()} | {g.Average(r => r.Ndcg):0.000} | {g.Min(r => r.Ndcg):0.00} | {g.Count(r => r.Shown == 0)} | {g.Count(r => r.Instead is not null)} |"));
        return string.Join('\n', ["| Queries | Number | nDCG@10 | Least | Found nothing | Shown for another reading |", "|---|---:|---:|---:|---:|---:|", .. lines]);
    }
}
