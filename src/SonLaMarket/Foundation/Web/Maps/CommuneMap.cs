using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.Maps;

/// <param name="Place">A point inside, where its name stands.</param>
public sealed record MapUnit(string Code, string Name, string FullName, string NameEn, string? FormerDistrict, Node Place)
{
    public string Label(bool english) => english ? NameEn : Name;
}

/// <summary>Where a commune lies: itself among its neighbours, and the province in a corner. A drawing of the page's own text, some 2 kB.</summary>
public sealed class CommuneMap
{
    private const int Width = 640;
    private const int Height = 420;
    private const int InsetWidth = 150;
    private const int InsetHeight = 126;
    private const int Edge = 12;
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Topology topology;
    private readonly IReadOnlyDictionary<string, MapUnit> units;
    private readonly Projection frame;
    private readonly IReadOnlyList<MapUnit> neighbours;
    private readonly HtmlString vietnamese;
    private readonly HtmlString english;
    private readonly (string Vietnamese, string English) around;

    internal CommuneMap(Topology topology, IReadOnlyDictionary<string, MapUnit> units, string code)
    {
        this.topology = topology;
        this.units = units;
        Unit = units[code];
        neighbours = [.. topology.NeighboursOf(code).Select(n => units[n]).OrderBy(n => n.Name, StringComparer.Create(Vietnamese.Culture, false))];
        around = (string.Join(", ", neighbours.Select(n => n.Name)), string.Join(", ", neighbours.Select(n => n.NameEn)));
        frame = Projection.Fit([.. topology.RingsOf(code).SelectMany(r => r)], Width, Height, 0.52);
        var drawing = Draw();
        vietnamese = new(drawing + Names(english: false) + "</svg>");
        english = new(drawing + Names(english: true) + "</svg>");
    }

    public MapUnit Unit { get; }

    /// <summary>The names of the communes around it.</summary>
    public string Around(bool inEnglish) => inEnglish ? around.English : around.Vietnamese;

    /// <summary>The drawing. It is hidden from screen readers: the caption beside it says the same in words.</summary>
    public IHtmlContent Svg(bool inEnglish) => inEnglish ? english : vietnamese;

    private string Draw()
    {
        var kept = topology.Thin(1.6 / frame.Scale);
        var land = new StringBuilder();
        foreach (var ring in topology.Outline)
            Projection.Append(land, Clip(ring.Where(kept.Contains).Select(frame.Of)), close: true);
        var here = new StringBuilder();
        foreach (var ring in topology.RingsOf(Unit.Code))
            Projection.Append(here, ring.Where(kept.Contains).Select(frame.Of), close: true);
        var borders = new StringBuilder();
        foreach (var arc in topology.Arcs.Where(a => a.Sides.Length == 2 && !a.Sides.Contains(Unit.Code)))
            AppendVisible(borders, [.. arc.Points.Where(kept.Contains).Select(frame.Of)]);
        return $"<svg class=\"map\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\" aria-hidden=\"true\">"
            + $"<path class=\"map-land\" d=\"{land}\"/><path class=\"map-line\" d=\"{borders}\"/><path class=\"map-here\" d=\"{here}\"/>{Inset()}{Ruler()}";
    }

    private string Inset()
    {
        var small = Projection.Fit([.. topology.Outline.SelectMany(r => r)], InsetWidth, InsetHeight, 0.9);
        var kept = topology.Thin(1.3 / small.Scale);
        var land = new StringBuilder();
        foreach (var ring in topology.Outline)
            Projection.Append(land, ring.Where(kept.Contains).Select(small.Of), close: true);
        var here = new StringBuilder();
        foreach (var ring in topology.RingsOf(Unit.Code))
            Projection.Append(here, ring.Where(kept.Contains).Select(small.Of), close: true);
        return $"<g transform=\"translate({Width - InsetWidth - Edge} {Height - InsetHeight - Edge})\"><path class=\"map-box\" d=\"M0 0h{InsetWidth}v{InsetHeight}H0z\"/><path class=\"map-land\" d=\"{land}\"/><path class=\"map-here\" d=\"{here}\"/></g>";
    }

    /// <summary>The longest of 2, 5, 10 and 20 km that stays short beside the drawing.</summary>
    private string Ruler()
    {
        var perKm = 10_000 / Projection.KmPerDegree * frame.Scale;
        var km = ((int[])[20, 10, 5, 2]).FirstOrDefault(k => k * perKm <= 150, 2);
        var length = (int)Math.Round(km * perKm);
        return string.Create(CultureInfo.InvariantCulture, $"<path class=\"map-rule\" d=\"M{Edge + 4} {Height - 26}v8h{length}v-8\"/><text x=\"{Edge + 4}\" y=\"{Height - 34}\">{km} km</text>");
    }

    /// <summary>Its own name, then those around it and those beyond, the larger first: each only where nothing else is written. Sizes as the style sheets have them.</summary>
    private string Names(bool english)
    {
        var taken = new List<(double Left, double Top, double Right, double Bottom)> { (Width - InsetWidth - Edge, Height - InsetHeight - Edge, Width, Height), (0, Height - 64, 180, Height) };
        var names = new StringBuilder();
        foreach (var unit in units.Values.OrderBy(u => u != Unit).ThenBy(u => !neighbours.Contains(u)).ThenByDescending(u => topology.SizeOf(u.Code)).ThenBy(u => u.Code, StringComparer.Ordinal))
        {
            var (x, y) = frame.Of(unit.Place);
            var label = unit.Label(english);
            var size = unit == Unit ? 28 : 24;
            // A letter is at most two thirds as wide as it is high, on the average of a name; its outline is half a stroke more.
            var half = label.Length * size * 0.32 + 3;
            var box = (Left: x - half, Top: y - size * 1.1, Right: x + half, Bottom: y + size * 0.35);
            if (box.Left < 4 || box.Right > Width - 4 || box.Top < 4 || box.Bottom > Height - 4 || taken.Exists(t => box.Left < t.Right && t.Left < box.Right && box.Top < t.Bottom && t.Top < box.Bottom))
                continue;
            taken.Add(box);
            names.Append(CultureInfo.InvariantCulture, $"<text{(unit == Unit ? " class=\"map-name\"" : "")} x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{Encoder.Encode(label)}</text>");
        }
        return names.ToString();
    }

    /// <summary>The parts of a line that can be seen, each with the point before and after.</summary>
    private static void AppendVisible(StringBuilder path, (int X, int Y)[] points)
    {
        for (var i = 1; i < points.Length; i++)
        {
            var from = i - 1;
            while (i < points.Length && Seen(points[i - 1], points[i]))
                i++;
            if (i - from > 1)
                Projection.Append(path, points[from..i], close: false);
        }
    }

    private static bool Seen((int X, int Y) a, (int X, int Y) b) => Math.Max(a.X, b.X) >= 0 && Math.Min(a.X, b.X) <= Width && Math.Max(a.Y, b.Y) >= 0 && Math.Min(a.Y, b.Y) <= Height;

    /// <summary>Sutherland–Hodgman against a frame a little larger than the drawing, so that cut edges stay out of sight.</summary>
    private static List<(int X, int Y)> Clip(IEnumerable<(int X, int Y)> ring)
    {
        const int beyond = 8;
        List<(int X, int Y)> points = [.. ring];
        points = Cut(points, p => p.X >= -beyond, (a, b) => Cross(a, b, -beyond));
        points = Cut(points, p => p.X <= Width + beyond, (a, b) => Cross(a, b, Width + beyond));
        points = Cut(points, p => p.Y >= -beyond, (a, b) => Swap(Cross(Swap(a), Swap(b), -beyond)));
        return Cut(points, p => p.Y <= Height + beyond, (a, b) => Swap(Cross(Swap(a), Swap(b), Height + beyond)));
    }

    private static List<(int X, int Y)> Cut(List<(int X, int Y)> points, Func<(int X, int Y), bool> inside, Func<(int X, int Y), (int X, int Y), (int X, int Y)> cross)
    {
        var result = new List<(int X, int Y)>();
        for (var i = 0; i < points.Count; i++)
        {
            var (before, here) = (points[i == 0 ? ^1 : i - 1], points[i]);
            if (inside(before) != inside(here))
                result.Add(cross(before, here));
            if (inside(here))
                result.Add(here);
        }
        return result;
    }

    private static (int X, int Y) Cross((int X, int Y) a, (int X, int Y) b, int x) => (x, a.Y + (int)Math.Round((double)(x - a.X) / (b.X - a.X) * (b.Y - a.Y)));

    private static (int X, int Y) Swap((int X, int Y) p) => (p.Y, p.X);
}
