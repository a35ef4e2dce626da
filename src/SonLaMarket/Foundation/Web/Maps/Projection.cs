using System.Globalization;
using System.Text;

namespace SonLaMarket.Foundation.Web.Maps;

/// <summary>From boundary points to the whole units of a drawing: a plain cylinder, true enough over one province.</summary>
public sealed record Projection(double West, double North, double Scale)
{
    /// <summary>How much shorter a degree of longitude is than one of latitude at 21.3° north, the middle of Sơn La.</summary>
    public static readonly double Shrink = Math.Cos(21.3 * Math.PI / 180);

    /// <summary>Kilometres in a degree of latitude.</summary>
    public const double KmPerDegree = 111.2;

    /// <summary>The points' middle in the middle of the frame, their extent within the share of it.</summary>
    public static Projection Fit(IReadOnlyCollection<Node> points, int width, int height, double share)
    {
        var (west, east, south, north) = (points.Min(p => p.Lon), points.Max(p => p.Lon), points.Min(p => p.Lat), points.Max(p => p.Lat));
        var scale = Math.Min(width * share / Math.Max(1, (east - west) * Shrink), height * share / Math.Max(1, north - south));
        return new((west + east) / 2.0 - width / (2 * scale * Shrink), (north + south) / 2.0 + height / (2 * scale), scale);
    }

    public (int X, int Y) Of(Node p) => ((int)Math.Round((p.Lon - West) * Shrink * Scale), (int)Math.Round((North - p.Lat) * Scale));

    /// <summary>SVG path data in whole units and relative steps.</summary>
    public static void Append(StringBuilder path, IEnumerable<(int X, int Y)> points, bool close)
    {
        (int X, int Y)? last = null;
        foreach (var (x, y) in points)
        {
            if (last is not { } from)
                path.Append(CultureInfo.InvariantCulture, $"M{x} {y}l");
            else if (from == (x, y))
                continue;
            else
                Step(Step(path, x - from.X), y - from.Y);
            last = (x, y);
        }
        if (path.Length > 0 && path[^1] == 'l')
            path.Append("0 0");
        if (close)
            path.Append('z');
    }

    private static StringBuilder Step(StringBuilder path, int value) =>
        (value < 0 || path[^1] == 'l' ? path : path.Append(' ')).Append(value.ToString(CultureInfo.InvariantCulture));
}
