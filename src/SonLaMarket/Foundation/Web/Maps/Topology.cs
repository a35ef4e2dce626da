using System.Runtime.InteropServices;
using System.Text.Json;

namespace SonLaMarket.Foundation.Web.Maps;

/// <summary>A point of a boundary in ten-thousandths of a degree: whole numbers, so that the points which neighbours share compare as equal.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Node(int Lon, int Lat);

/// <summary>A stretch of boundary between two places where three units meet; on the outer border it has one side.</summary>
public sealed record Arc(Node[] Points, string[] Sides);

/// <summary>Boundaries that share their edges (GeoJSON, RFC 7946): taken apart into arcs, so that thinning out points never tears neighbours from each other.</summary>
public sealed class Topology
{
    private readonly Dictionary<string, List<Node[]>> rings = new(StringComparer.Ordinal);

    /// <param name="geometries">Polygons and multipolygons by the code of their unit.</param>
    public Topology(IEnumerable<(string Code, string GeoJson)> geometries)
    {
        foreach (var (code, json) in geometries)
            rings[code] = Read(json);
        Arcs = Cut();
        Outline = Chain([.. Arcs.Where(a => a.Sides.Length == 1).Select(a => a.Points)]);
    }

    public IReadOnlyList<Arc> Arcs { get; }

    /// <summary>The border of all units together, as closed rings.</summary>
    public IReadOnlyList<Node[]> Outline { get; }

    public IEnumerable<string> Codes => rings.Keys;

    public IReadOnlyList<Node[]> RingsOf(string code) => rings[code];

    /// <summary>The area of a unit, in no measure but the same for all: what a ring within another leaves out runs the other way round.</summary>
    public double SizeOf(string code) => Math.Abs(rings[code].Sum(r => r.Zip(r.Skip(1)).Sum(e => (double)e.First.Lon * e.Second.Lat - (double)e.Second.Lon * e.First.Lat)));

    /// <summary>Codes of the units that share a stretch of border with this one.</summary>
    public IEnumerable<string> NeighboursOf(string code) => Arcs.Where(a => a.Sides.Contains(code)).SelectMany(a => a.Sides).Where(s => s != code).Distinct();

    /// <summary>The points that matter when everything nearer than the tolerance (in ten-thousandths of a degree of latitude) to a straight line is left out: Douglas–Peucker, arc by arc.</summary>
    public HashSet<Node> Thin(double tolerance)
    {
        var kept = new HashSet<Node>();
        foreach (var arc in Arcs)
            Thin(arc.Points, 0, arc.Points.Length - 1, tolerance, kept);
        return kept;
    }

    private static void Thin(Node[] points, int from, int to, double tolerance, HashSet<Node> kept)
    {
        kept.Add(points[from]);
        kept.Add(points[to]);
        var (farthest, at) = (0.0, -1);
        for (var i = from + 1; i < to; i++)
        {
            if (Distance(points[i], points[from], points[to]) is var d && d > farthest)
                (farthest, at) = (d, i);
        }
        if (at < 0 || farthest <= tolerance)
            return;
        Thin(points, from, at, tolerance, kept);
        Thin(points, at, to, tolerance, kept);
    }

    private static double Distance(Node p, Node a, Node b)
    {
        var (x, y) = ((p.Lon - a.Lon) * Projection.Shrink, (double)(p.Lat - a.Lat));
        var (dx, dy) = ((b.Lon - a.Lon) * Projection.Shrink, (double)(b.Lat - a.Lat));
        var length = dx * dx + dy * dy;
        var t = length == 0 ? 0 : Math.Clamp((x * dx + y * dy) / length, 0, 1);
        return Math.Sqrt((x - t * dx) * (x - t * dx) + (y - t * dy) * (y - t * dy));
    }

    private static List<Node[]> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var coordinates = document.RootElement.GetProperty("coordinates");
        var polygons = document.RootElement.GetProperty("type").GetString() == "MultiPolygon" ? coordinates.EnumerateArray() : (IEnumerable<JsonElement>)[coordinates];
        return [.. polygons.SelectMany(p => p.EnumerateArray()).Select(r => r.EnumerateArray().Select(c => new Node((int)Math.Round(c[0].GetDouble() * 10_000), (int)Math.Round(c[1].GetDouble() * 10_000))).ToArray())];
    }

    private List<Arc> Cut()
    {
        var sides = new Dictionary<(Node, Node), List<string>>();
        var next = new Dictionary<Node, List<Node>>();
        foreach (var (code, ring) in rings.SelectMany(r => r.Value.Select(ring => (r.Key, ring))))
        {
            for (var i = 1; i < ring.Length; i++)
            {
                if (ring[i - 1] == ring[i])
                    continue;
                var key = Key(ring[i - 1], ring[i]);
                if (sides.TryGetValue(key, out var known))
                {
                    known.Add(code);
                    continue;
                }
                sides[key] = [code];
                Add(next, ring[i - 1], ring[i]);
                Add(next, ring[i], ring[i - 1]);
            }
        }
        var arcs = new List<Arc>();
        var done = new HashSet<(Node, Node)>();
        // Rings that meet no other have no junction: they begin anywhere.
        foreach (var start in next.Keys.OrderBy(n => next[n].Count == 2))
        {
            foreach (var first in next[start].Where(f => !done.Contains(Key(start, f))))
                arcs.Add(new Arc(Walk(start, first, next, done), [.. sides[Key(start, first)].Distinct()]));
        }
        return arcs;
    }

    private static Node[] Walk(Node start, Node first, Dictionary<Node, List<Node>> next, HashSet<(Node, Node)> done)
    {
        var points = new List<Node> { start, first };
        done.Add(Key(start, first));
        while (points[^1] != start && next[points[^1]].Count == 2)
        {
            var onward = next[points[^1]].First(n => n != points[^2]);
            if (!done.Add(Key(points[^1], onward)))
                break;
            points.Add(onward);
        }
        return [.. points];
    }

    private static List<Node[]> Chain(List<Node[]> pieces)
    {
        var closed = new List<Node[]>();
        while (pieces.Count > 0)
        {
            var ring = new List<Node>(pieces[^1]);
            pieces.RemoveAt(pieces.Count - 1);
            while (ring[0] != ring[^1] && pieces.FindIndex(p => p[0] == ring[^1] || p[^1] == ring[^1]) is var i and >= 0)
            {
                ring.AddRange((pieces[i][0] == ring[^1] ? pieces[i] : pieces[i].Reverse()).Skip(1));
                pieces.RemoveAt(i);
            }
            closed.Add([.. ring]);
        }
        return closed;
    }

    private static (Node, Node) Key(Node a, Node b) => (a.Lon, a.Lat).CompareTo((b.Lon, b.Lat)) < 0 ? (a, b) : (b, a);

    private static void Add(Dictionary<Node, List<Node>> next, Node from, Node to)
    {
        if (!next.TryGetValue(from, out var list))
            next[from] = list = [];
        list.Add(to);
    }
}
