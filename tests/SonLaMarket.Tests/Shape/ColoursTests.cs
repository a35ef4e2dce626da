using System.Globalization;
using System.Text.RegularExpressions;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>The colours of app.css against each other (WCAG 2.2, 1.4.3 and 1.4.11), by day and in the dark; a page may choose one of the two itself.</summary>
public sealed partial class ColoursTests
{
    private const double Text = 4.5, Shape = 3;

    /// <summary>Everything that is written or drawn on something: foreground, grounds.</summary>
    private static readonly (string On, string[] Grounds, double Least)[] Pairs =
    [
        ("ink", ["paper", "surface", "sunken", "forest-tint", "plum-tint", "ok-tint", "warn-tint", "bad-tint", "info-tint"], Text),
        ("muted", ["paper", "surface", "sunken", "forest-tint", "ok-tint", "warn-tint", "bad-tint", "info-tint"], Text),
        ("forest", ["paper", "surface", "sunken", "forest-tint", "ok-tint", "warn-tint", "bad-tint", "info-tint"], Text),
        ("forest-hover", ["paper", "surface", "forest-tint"], Text),
        ("on-forest", ["forest", "forest-hover"], Text),
        ("on-deep", ["deep"], Text),
        ("deep-muted", ["deep"], Text),
        ("plum", ["paper", "surface", "sunken", "plum-tint", "ok-tint", "warn-tint", "bad-tint", "info-tint"], Text),
        ("ok", ["paper", "surface", "ok-tint"], Text),
        ("warn", ["paper", "surface", "warn-tint"], Text),
        ("bad", ["paper", "surface", "bad-tint"], Text),
        ("info", ["paper", "surface", "info-tint"], Text),
        // On a filled button or mark.
        ("paper", ["bad", "plum"], Text),
        ("line-strong", ["paper", "surface"], Shape),
        ("focus", ["paper", "surface", "sunken", "forest-tint"], Shape),
    ];

    [Fact]
    public void Words_stand_out_4_5_to_1_and_controls_3_to_1() => Assert.Empty(
        from theme in new[] { ("by day", Day), ("in the dark", Dark) }
        from pair in Pairs
        from ground in pair.Grounds
        let contrast = Contrast(theme.Item2[pair.On], theme.Item2[ground])
        where contrast < pair.Least
        select string.Create(CultureInfo.InvariantCulture, $"{pair.On} on {ground} {theme.Item1}: {contrast:0.00}, at least {pair.Least}"));

    /// <summary>Gold is the same ground in both: what is written on it is written out where it stands.</summary>
    [Fact]
    public void What_stands_on_gold_can_be_read()
    {
        var on = GoldText().Matches(App).Select(m => m.Groups["on"].Value).Distinct().ToList();
        Assert.NotEmpty(on);
        Assert.All(on, text => Assert.All([Day["gold"], Dark["gold"]], gold => Assert.True(Contrast(text, gold) >= Text, $"{text} on {gold}")));
    }

    [Fact]
    public void A_theme_that_the_page_chooses_has_the_colours_of_the_machine_s()
    {
        Assert.Equal(Shadowed(Day), Chosen("sang"));
        Assert.Equal(Dark, Chosen("toi"));
    }

    private static readonly string App = Read("app.css");

    private static Dictionary<string, string> Day => Tokens(Block(App, ":root {"));

    private static Dictionary<string, string> Dark => Tokens(Block(App, "@media (prefers-color-scheme: dark) {"));

    private static Dictionary<string, string> Chosen(string theme) => Tokens(Block(Read("supervision.css"), $"[data-theme={theme}] {{"));

    /// <summary>Of the day's tokens those that differ in the dark.</summary>
    private static Dictionary<string, string> Shadowed(Dictionary<string, string> tokens) => tokens.Where(t => Dark.ContainsKey(t.Key)).ToDictionary(StringComparer.Ordinal);

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, "wwwroot", "css", file));

    private static string Block(string css, string start)
    {
        var from = css.IndexOf(start, StringComparison.Ordinal);
        Assert.True(from >= 0, $"no {start}");
        from = css.IndexOf("--", from, StringComparison.Ordinal);
        return css[from..css.IndexOf('}', from)];
    }

    private static Dictionary<string, string> Tokens(string block) => Token().Matches(block).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim(), StringComparer.Ordinal);

    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    /// <summary>Relative luminance, WCAG 2.2.</summary>
    private static double Luminance(string hex)
    {
        double Channel(int at)
        {
            var c = int.Parse(hex.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }

    [GeneratedRegex(@"--(?<name>[\w-]+):\s*(?<value>[^;]+);", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();

    [GeneratedRegex(@"background: var\(--gold\); color: (?<on>#[0-9a-f]{6})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GoldText();
}
