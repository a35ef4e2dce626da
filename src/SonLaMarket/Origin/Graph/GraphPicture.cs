using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Graph;

/// <summary>Which row of the picture is open, and how far the reader went in it.</summary>
/// <param name="Row">Steps away from the lot, below nothing for what went in; the fields stand one row above the first. Null: none.</param>
/// <param name="Part">0 for the first of its lots.</param>
public sealed record OpenRow(int? Row, int Part);

/// <summary>
/// The graph of a lot drawn by the server: what went in above, what came of it below, one row for each step away, and first the fields that the harvests come from.
/// Of more than <see cref="MostLots"/> lots each row is folded: one lot and how many there are beside it, as a link that opens the row part by part. Such a picture is as narrow as a phone.
/// </summary>
public sealed class GraphPicture
{
    /// <summary>So many are all drawn.</summary>
    public const int MostLots = 40;

    /// <summary>Of an open row that many are drawn at a time.</summary>
    private const int Part = 24;

    private const int High = 58, GapY = 56, LineGap = 24;

    private readonly StringBuilder svg = new();
    private readonly Dictionary<long, (int X, int Y)> places = [];
    private readonly Dictionary<string, (int X, int Y)> fieldPlaces = new(StringComparer.Ordinal);
    private readonly LotGraph graph;
    private readonly Texts t;
    private readonly string path;
    private readonly OpenRow open;
    private readonly int wide, gapX, edge, abreast;

    private GraphPicture(LotGraph graph, string path, OpenRow open, Texts t)
    {
        (this.graph, this.path, this.open, this.t) = (graph, path, open, t);
        (wide, gapX, edge, abreast) = graph.Lots.Count > MostLots ? (148, 8, 2, 2) : (168, 20, 8, int.MaxValue);
    }

    /// <param name="path">The address of the page, for the links that open a row.</param>
    public static IHtmlContent Svg(LotGraph graph, string path, OpenRow open, Texts t) => new GraphPicture(graph, path, open, t).Draw();

    private HtmlString Draw()
    {
        var fields = graph.Harvests.GroupBy(l => l.Field, StringComparer.Ordinal).OrderByDescending(f => abreast == int.MaxValue ? 0 : f.Count()).Select(f => f.ToList()).ToList();
        var rows = graph.Lots.GroupBy(l => l.Depth).OrderBy(r => r.Key).Select(r => new Row(r.Key, [.. InOrder(r)])).ToList();
        var boxes = new List<Action>();
        var all = new List<(int Row, List<Box> Boxes)> { (rows[0].Depth - 1, Folded(rows[0].Depth - 1, fields, t["nơi thu hoạch"], FieldBox, _ => 0, (field, at) => fieldPlaces[field[0].Field] = at, n => t["+ {0} nơi", n])) };
        all.AddRange(rows.Select(r => (r.Depth, Folded(r.Depth, r.Lots, Away(r.Depth), LotBox, lots => lots.Count(IsBad), (lot, at) => places[lot.Id] = at, n => t["+ {0} lô", n]))));
        var across = all.Max(r => Math.Min(r.Boxes.Count, abreast)) * (wide + gapX) - gapX + 2 * edge;
        var y = edge;
        foreach (var row in all)
        {
            foreach (var line in row.Boxes.Chunk(abreast == int.MaxValue ? Math.Max(row.Boxes.Count, 1) : abreast))
            {
                var left = (across - line.Length * (wide + gapX) + gapX) / 2;
                for (var i = 0; i < line.Length; i++)
                {
                    var at = (left + i * (wide + gapX), y);
                    line[i].Settle(at);
                    var draw = line[i].Draw;
                    boxes.Add(() => draw(at));
                }
                y += High + LineGap;
            }
            y += (row.Boxes.Count > 0 ? -LineGap : High) + GapY;
        }
        var height = y - GapY + edge;
        svg.Append(CultureInfo.InvariantCulture, $"<svg role=\"group\" aria-label=\"{E(t["Sơ đồ các lô: {0}", graph.Lot.Code])}\" viewBox=\"0 0 {across} {height}\" width=\"{across}\" height=\"{height}\">");
        foreach (var (from, to) in fields.SelectMany(f => f.Select(lot => (From: fieldPlaces[f[0].Field], To: places[lot.Id]))).Distinct())
            Curve("", from, to);
        foreach (var way in graph.Edges.GroupBy(e => (From: places[e.FromId], To: places[e.ToId])).Where(w => w.Key.From != w.Key.To))
            Curve(way.Any(e => e.Flagged) ? " graph__edge--flagged" : "", way.Key.From, way.Key.To);
        foreach (var step in graph.Edges.GroupBy(e => e.StepId).Select(s => (At: places[s.First().ToId], s.First().Kind)).DistinctBy(s => s.At))
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"graph__step\" x=\"{step.At.X + wide / 2}\" y=\"{step.At.Y - 8}\">{E(t[LotStepKind.Find(step.Kind)!.Label])}</text>");
        foreach (var draw in boxes)
            draw();
        return new(svg.Append("</svg>").ToString());
    }

    /// <summary>What is drawn of a row: all of it, one and the number of the others, or the part of it that is open between what is before and after.</summary>
    private List<Box> Folded<T>(int row, List<T> all, string where, Action<T, (int X, int Y)> draw, Func<List<T>, int> bad, Action<T, (int X, int Y)> settle, Func<int, string> others)
    {
        var (from, take) = all.Count <= abreast ? (0, all.Count) : open.Row == row ? (Math.Clamp(open.Part, 0, (all.Count - 1) / Part) * Part, Part) : (0, 1);
        var (before, after) = (all[..from], all[Math.Min(from + take, all.Count)..]);
        var boxes = all.Skip(from).Take(take).Select(one => new Box(at => settle(one, at), at => draw(one, at))).ToList();
        if (before.Count > 0)
            boxes.Insert(0, Others(before, from / Part - 1));
        if (after.Count > 0)
            boxes.Add(Others(after, open.Row == row ? from / Part + 1 : 0));
        return boxes;

        Box Others(List<T> hidden, int part) => new(
            at => hidden.ForEach(one => settle(one, at)),
            at => Three($"{path}?mo={row}{(part > 0 ? $"&phan={part}" : "")}#so-do-lo", " graph__lot--more" + (bad(hidden) > 0 ? " graph__lot--bad" : ""), at,
                others(hidden.Count), where, bad(hidden) is > 0 and var many ? t["{0} bị chặn, thu hồi", many] : ""));
    }

    /// <summary>Of a folded row one is shown: this lot, else one that is blocked.</summary>
    private IEnumerable<GraphLot> InOrder(IEnumerable<GraphLot> row) => abreast == int.MaxValue ? row : row.OrderByDescending(l => l.Id == graph.Lot.Id).ThenByDescending(IsBad).ThenBy(l => l.Id);

    private string Away(int depth) => depth < 0 ? t["{0} bước trước", -depth] : depth > 0 ? t["{0} bước sau", depth] : "";

    private static bool IsBad(GraphLot lot) => lot.Recalled || lot.Blocked;

    private void FieldBox(List<GraphLot> lots, (int X, int Y) at) =>
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"graph__field\" x=\"{at.X}\" y=\"{at.Y}\" width=\"{wide}\" height=\"{High}\" rx=\"29\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__code\" x=\"{at.X + wide / 2}\" y=\"{at.Y + 25}\">{E(t["Thu hoạch"])}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__name\" x=\"{at.X + wide / 2}\" y=\"{at.Y + 43}\">{E(Short(lots[0].Field))}</text>");

    private void LotBox(GraphLot lot, (int X, int Y) at) => Three(
        t.To("/lo/" + lot.Code), IsBad(lot) ? " graph__lot--bad" : lot.Id == graph.Lot.Id ? " graph__lot--here" : "", at,
        lot.Code, Short(lot.ProductName), Quantity.Show(lot.QuantityBase, lot.BaseUnit, t) + (lot.Recalled ? " – " + t["thu hồi"] : lot.Blocked ? " – " + t["bị chặn"] : ""));

    private void Three(string href, string kind, (int X, int Y) at, string first, string second, string third) =>
        svg.Append(CultureInfo.InvariantCulture, $"<a href=\"{E(href)}\"><rect class=\"graph__lot{kind}\" x=\"{at.X}\" y=\"{at.Y}\" width=\"{wide}\" height=\"{High}\" rx=\"6\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__code\" x=\"{at.X + wide / 2}\" y=\"{at.Y + 17}\">{E(first)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__name\" x=\"{at.X + wide / 2}\" y=\"{at.Y + 34}\">{E(second)}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"graph__name\" x=\"{at.X + wide / 2}\" y=\"{at.Y + 50}\">{E(third)}</text></a>");

    private void Curve(string kind, (int X, int Y) from, (int X, int Y) to)
    {
        var (x1, y1, x2, y2) = (from.X + wide / 2, from.Y + High, to.X + wide / 2, to.Y);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"graph__edge{kind}\" d=\"M{x1} {y1} C{x1} {y1 + GapY / 2} {x2} {y2 - GapY / 2} {x2} {y2}\"/>");
    }

    private string Short(string name) => name.Length <= wide / 8 + 1 ? name : name[..(wide / 8)].TrimEnd() + "…";

    private static string E(string text) => WebUtility.HtmlEncode(text);

    /// <param name="Settle">Keeps where it stands, of all lots that it stands for.</param>
    private sealed record Box(Action<(int X, int Y)> Settle, Action<(int X, int Y)> Draw);

    private sealed record Row(int Depth, List<GraphLot> Lots);
}
