using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using SonLaMarket.Foundation.Web.Maps;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>Maps drawn from the real boundaries of all 75 units.</summary>
public sealed partial class CommuneMapTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly Topology Province = new(Boundaries());

    [Fact]
    public void Every_unit_has_neighbours_and_the_province_is_one_piece()
    {
        Assert.Equal(75, Province.Codes.Count());
        Assert.All(Province.Codes, c => Assert.NotEmpty(Province.NeighboursOf(c)));
        Assert.All(Province.Codes, c => Assert.All(Province.NeighboursOf(c), n => Assert.Contains(c, Province.NeighboursOf(n))));
        Assert.Equal(Province.Outline[0][0], Province.Outline[0][^1]);
        Assert.True(Province.Outline.Max(r => r.Length) > 500, "the outline fell apart");
    }

    /// <summary>What is left of a border is the same from both sides, so no gap opens between neighbours.</summary>
    [Fact]
    public void Thinning_keeps_every_place_where_borders_meet()
    {
        var kept = Province.Thin(300);
        Assert.All(Province.Arcs, a => Assert.True(kept.Contains(a.Points[0]) && kept.Contains(a.Points[^1])));
        Assert.True(kept.Count < Province.Thin(1).Count / 4);
    }

    [Fact]
    public async Task Every_map_is_small_stays_in_its_frame_and_names_its_commune_in_both_languages()
    {
        var maps = new CommuneMaps(fixture.Db);
        var sizes = new List<int>();
        foreach (var code in Province.Codes)
        {
            var map = (await maps.OfAsync(code, TestContext.Current.CancellationToken))!;
            foreach (var english in new[] { false, true })
            {
                using var text = new StringWriter(CultureInfo.InvariantCulture);
                map.Svg(english).WriteTo(text, HtmlEncoder.Default);
                var svg = text.ToString();
                Assert.Contains($">{map.Unit.Label(english)}</text>", svg, StringComparison.Ordinal);
                Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
                Assert.DoesNotContain("style=", svg, StringComparison.Ordinal);
                Assert.All(Here().Matches(svg).Take(1), m => Assert.All(Points(m.Groups["path"].Value), p => Assert.True(p is { X: >= 0 and <= 640, Y: >= 0 and <= 420 }, $"{map.Unit.FullName}: {p}")));
                sizes.Add(svg.Length);
            }
        }
        Assert.True(sizes.Max() < 7_000, $"the largest map has {sizes.Max()} characters");
        Assert.Null(await maps.OfAsync("00004", TestContext.Current.CancellationToken));
    }

    /// <summary>As large as the style sheets write them, with a middling letter of the house's font.</summary>
    [Fact]
    public async Task No_name_is_written_across_another()
    {
        var maps = new CommuneMaps(fixture.Db);
        var sizes = new[] { "trace.css", "listing.css" }.Select(f => File.ReadAllText(Path.Combine(Repository.Root, "wwwroot", "css", f))).Select(css => (Name: Size(css, "map-name"), Other: Size(css, "text"))).Distinct().ToList();
        var (own, other) = Assert.Single(sizes);
        var written = 0;
        foreach (var code in Province.Codes)
        {
            var map = (await maps.OfAsync(code, TestContext.Current.CancellationToken))!;
            foreach (var english in new[] { false, true })
            {
                using var text = new StringWriter(CultureInfo.InvariantCulture);
                map.Svg(english).WriteTo(text, HtmlEncoder.Default);
                var boxes = Name().Matches(text.ToString()).Select(m =>
                {
                    var size = m.Groups["own"].Success ? own : other;
                    var (x, y, half) = (Number(m, "x"), Number(m, "y"), System.Net.WebUtility.HtmlDecode(m.Groups["name"].Value).Length * size * 0.29);
                    return (Name: m.Groups["name"].Value, Left: x - half, Right: x + half, Top: y - size, Bottom: y + size * 0.25);
                }).ToList();
                written += boxes.Count;
                foreach (var (at, a) in boxes.Index())
                {
                    Assert.True(a.Left >= 0 && a.Right <= 640 && a.Top >= 0 && a.Bottom <= 420, $"{map.Unit.FullName}: {a.Name} leaves the map");
                    Assert.All(boxes[(at + 1)..], b => Assert.False(a.Left < b.Right && b.Left < a.Right && a.Top < b.Bottom && b.Top < a.Bottom, $"{map.Unit.FullName}: {a.Name} and {b.Name}"));
                }
            }
        }
        Assert.True(written > 75 * 2 * 3, $"{written} names on 150 maps");

        static double Size(string css, string of) => double.Parse(Regex.Match(css, $@"\.map ?\{{.*?{of} ?\{{ ?font-size: ?(?<px>\d+)px", RegexOptions.ExplicitCapture | RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Groups["px"].Value, CultureInfo.InvariantCulture);
        static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<(int X, int Y)> Points(string path)
    {
        foreach (var part in path.Split('M', StringSplitOptions.RemoveEmptyEntries))
        {
            var numbers = Number().Matches(part).Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)).ToList();
            var (x, y) = (numbers[0], numbers[1]);
            yield return (x, y);
            for (var i = 2; i < numbers.Count; i += 2)
                yield return (x += numbers[i], y += numbers[i + 1]);
        }
    }

    private static IEnumerable<(string Code, string GeoJson)> Boundaries()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "db", "seed", "reference", "communes.geojson")));
        return [.. file.RootElement.GetProperty("features").EnumerateArray().Select(f => (f.GetProperty("properties").GetProperty("code").GetString()!, f.GetProperty("geometry").GetRawText()))];
    }

    [GeneratedRegex("class=\"map-here\" d=\"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Here();

    [GeneratedRegex("<text(?<own> class=\"map-name\")? x=\"(?<x>-?\\d+)\" y=\"(?<y>-?\\d+)\" text-anchor=\"middle\">(?<name>[^<]+)</text>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"-?\d+", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
