using System.Globalization;
using System.Text;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>Tables and budgets as Markdown: written to the console as they come, kept for docs/performance.md.</summary>
public sealed class Report(TextWriter console)
{
    public const string Budgets = "Budgets";

    private readonly StringBuilder text = new();
    private readonly List<(string Budget, string Value, bool Met)> budgets = [];

    public string Text => text.ToString();

    public void Line(string line = "")
    {
        console.WriteLine(line);
        text.Append(line).Append('\n');
    }

    public void Table(string title, IReadOnlyList<Figures> figures)
    {
        Line($"### {title}");
        Line();
        Line("| target | ratio min / median / max | requests/s | p50 ms | p99 ms | server CPU µs | database CPU µs | bytes | commands | allocated bytes |");
        Line("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var f in figures)
        {
            var ratio = f == figures[0] ? "1.00" : $"{N(f.Ratios.Min(), 2)} / {N(f.Ratio, 2)} / {N(f.Ratios.Max(), 2)}";
            Line($"| {f.Name} | {ratio} | {N(f.Of(r => r.PerSecond), 0)} | {N(f.P50 * 1000, 2)} | {N(f.P99 * 1000, 2)} | {N(f.Of(r => r.ServerMicroseconds), 0)} | {N(f.Of(r => r.DatabaseMicroseconds), 0)} | {N(f.Of(r => r.Bytes), 0)} | {N(f.Of(r => r.Commands), 2)} | {N(f.Of(r => r.Allocated), 0)} |");
        }
        Line();
    }

    public void AtLeast(string budget, double value, double least, int digits = 2) => Budget($"{budget} at least {N(least, digits)}", N(value, digits), value >= least);

    public void AtMost(string budget, double value, double most, int digits = 2) => Budget($"{budget} at most {N(most, digits)}", N(value, digits), value <= most);

    public void Budget(string budget, string value, bool met)
    {
        budgets.Add((budget, value, met));
        Line($"- {budget}: **{value}**, {(met ? "met" : "NOT MET")}");
    }

    /// <summary>All budgets in one table, those not met first.</summary>
    public void Summary()
    {
        Line($"### {Budgets}");
        Line();
        Line("| budget | measured | |");
        Line("|---|---|---|");
        foreach (var (budget, value, met) in budgets.OrderBy(b => b.Met))
            Line($"| {budget} | {value} | {(met ? "met" : "**not met**")} |");
        Line();
    }

    public static string N(double value, int digits) => double.IsNaN(value) ? "–" : value.ToString("N" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
