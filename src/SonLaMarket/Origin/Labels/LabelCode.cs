using SonLaMarket.Foundation.Web;
using static QRCoder.QRCodeGenerator;

namespace SonLaMarket.Origin.Labels;

/// <summary>The code of a label: as much error correction as the label has room for with modules that every label printer draws.</summary>
/// <param name="Address">What it leads to.</param>
/// <param name="Modules">Row by row, without the quiet zone.</param>
/// <param name="Dots">How wide a module is, in dots of a printer of 203 dpi (0.125 mm each): whole ones, so that all modules come out equally wide.</param>
public sealed record LabelCode(string Address, bool[][] Modules, int Dots)
{
    public const float Dot = 25.4f / 203;
    public const int QuietModules = 4;

    /// <summary>0.5 mm: read from a blurred print of 203 dpi, and above the 0.396 mm of GS1 (General Specifications 5.12.3.1).</summary>
    private const int SureDots = 4;
    private const int FineDots = 3;
    private const float UsualSize = 26;

    /// <summary>Modules of version 7, the first with several alignment patterns: a stain on one of them costs its neighbourhood, not a quarter of the code.</summary>
    private const int Several = 45;
    private const int VersionOfSeveral = 7;
    private const float LeastText = 14;

    /// <summary>Height and width with the quiet zone, in millimetres.</summary>
    public float Size => SizeOf(Modules.Length, Dots);

    /// <summary>The address is so long that the modules are finer than a printer of 203 dpi draws well.</summary>
    public bool NeedsFinePrinter => Dots < SureDots;

    /// <summary>Null when no readable code fits on the label.</summary>
    /// <param name="addresses">Of the same thing, the preferred one first: another one is taken where it leaves room for more error correction.</param>
    public static LabelCode? Fit(IReadOnlyCollection<string> addresses, LabelFormat format)
    {
        var wide = Math.Min(UsualSize, 0.52f * format.Width);
        var room = Math.Min(format.Height - 2 * format.CodeMargin, format.Width - LeastText - format.CodeMargin - format.TextMargin);
        foreach (var (level, least, several) in new[] { (ECCLevel.H, SureDots, true), (ECCLevel.H, SureDots, false), (ECCLevel.Q, SureDots, false), (ECCLevel.M, SureDots, false), (ECCLevel.M, FineDots, false) })
        {
            if (several && SizeOf(Several, least) > room)
                continue;
            foreach (var address in addresses)
            {
                var modules = Qr.Modules(address, level, several ? VersionOfSeveral : 1);
                var dots = Math.Max(least, (int)(wide / SizeOf(modules.Length, least) * least));
                if (SizeOf(modules.Length, dots) <= room)
                    return new(address, modules.Length is > 21 and < Several ? CodeMask.Best(modules) : modules, dots);
            }
        }
        return null;
    }

    private static float SizeOf(int modules, int dots) => (modules + 2 * QuietModules) * dots * Dot;

    /// <summary>
    /// An address of ours in capitals: scheme and host know no case (RFC 3986, 6.2.2.1), our paths neither, and GS1 allows HTTPS. A code of capitals alone is
    /// a third smaller, which is room for error correction.
    /// </summary>
    public static string AsPrinted(string address) => address.ToUpperInvariant();
}
