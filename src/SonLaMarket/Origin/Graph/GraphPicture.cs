using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Graph;

/// <summary>The graph of a lot drawn by the server: what went in above, what came of it below, one row for each step away, and first the fields that the harvests come from.</summary>
public static class GraphPicture
{
    /// <summary>More than this is a table alone.</summary>
    public const int MostLots = 40;

    private const int Wide = 168, High = 58, GapX = 20, GapY = 56, Edge = 8;

    public static IHtmlContent Svg(LotGraph graph, Texts t)
    {
        var rows = graph.Lots.GroupBy(l => l.Depth).OrderBy(r => r.Key).ToList();
        var fields = graph.Harvests.GroupBy(l => l.Field).ToList();
        var across = Math.Max(rows.Max(r => r.Count()), fields.Count) * (Wide + GapX) - GapX + 2 * Edge;
        var places = new Dictionary<long, (int X, int Y)>();
        for (var row = 0; row < rows.Count; row++)
        {
            var lots = rows[row].ToList();
            var left = (across - lots.Count * (Wide + GapX) + GapX) / 2;
            for (var i = 0; i < lots.Count; i++)
                places[lots[i].Id] = (left + i * (Wide + GapX), Edge + (row + 1) * (High + GapY));
        }
        var height = (rows.Count + 1) * (High + GapY) - GapY + 2 * Edge;
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<svg role=\"group\" aria-label=\"{E(t["Sơ đồ các lô: {0}", graph.Lot.Code])}\" viewBox=\"0 0 {across} {height}\" width=\"{across}\" height=\"{height}\">"));
        for (var i = 0; i < fields.Count; i++)
            Field(svg, fields[i].Key, [.. fields[i]], ((across - fields.Count * (Wide + GapX) + GapX) / 2 + i * (Wide + GapX), Edge), places, t);
        foreach (var step in graph.Edges.GroupBy(e => e.StepId))
            Step(svg, [.. step], places, t);
        foreach (var lot in graph.Lots)
            Lot(svg, lot, lot.Id == graph.Lot.Id, places[lot.Id], t);
        return new HtmlString(svg.Append("</svg>").ToString());
    }

    private static void Field(StringBuilder svg, string name, List<GraphLot> lots, (int X, int Y) at, Dictionary<long, (int X, int Y)> places, Texts t)
    {
        foreach (var lot in lots)
            Curve(svg, "", at, places[lot.Id]);
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"graph__field\" x=\"{at.X}\" y=\"{at.Y}\" width=\"{Wide}\" height=\"{High}\" rx=\"29\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__code\" x=\"{at.X + Wide / 2}\" y=\"{at.Y + 25}\">{E(t["Thu hoạch"])}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__name\" x=\"{at.X + Wide / 2}\" y=\"{at.Y + 43}\">{E(Short(name))}</text>");
    }

    private static void Curve(StringBuilder svg, string kind, (int X, int Y) from, (int X, int Y) to)
    {
        var (x1, y1, x2, y2) = (from.X + Wide / 2, from.Y + High, to.X + Wide / 2, to.Y);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"graph__edge{kind}\" d=\"M{x1} {y1} C{x1} {y1 + GapY / 2} {x2} {y2 - GapY / 2} {x2} {y2}\"/>");
    }

    private static void Step(StringBuilder svg, List<GraphEdge> edges, Dictionary<long, (int X, int Y)> places, Texts t)
    {
        foreach (var e in edges)
            Curve(svg, e.Flagged ? " graph__edge--flagged" : "", places[e.FromId], places[e.ToId]);
        var (first, last) = (edges[0], places[edges[0].ToId]);
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"graph__step\" x=\"{last.X + Wide / 2}\" y=\"{last.Y - 8}\">{E(t[LotStepKind.Find(first.Kind)!.Label])}</text>");
    }

    private static void Lot(StringBuilder svg, GraphLot lot, bool here, (int X, int Y) at, Texts t)
    {
        var kind = lot.Recalled || lot.Blocked ? " graph__lot--bad" : here ? " graph__lot--here" : "";
        svg.Append(CultureInfo.InvariantCulture, $"<a href=\"{E(t.To("/lo/" + lot.Code))}\"><rect class=\"graph__lot{kind}\" x=\"{at.X}\" y=\"{at.Y}\" width=\"{Wide}\" height=\"{High}\" rx=\"6\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__code\" x=\"{at.X + Wide / 2}\" y=\"{at.Y + 17}\">{E(lot.Code)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__name\" x=\"{at.X + Wide / 2}\" y=\"{at.Y + 34}\">{E(Short(lot.ProductName))}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__name\" x=\"{at.X + Wide / 2}\" y=\"{at.Y + 50}\">{E(Quantity.Show(lot.QuantityBase, lot.BaseUnit, t) + (lot.Recalled ? " – " + t["thu hồi"] : lot.Blocked ? " – " + t["bị chặn"] : ""))}</text></a>");
    }

    private static string Short(string name) => name.Length <= 22 ? name : name[..21].TrimEnd() + "…";

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
