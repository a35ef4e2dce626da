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
    private const float LeastText = 14;

    /// <summary>Height and width with the quiet zone, in millimetres.</summary>
    public float Size => (Modules.Length + 2 * QuietModules) * Dots * Dot;

    /// <summary>The address is so long that the modules are finer than a printer of 203 dpi draws well.</summary>
    public bool NeedsFinePrinter => Dots < SureDots;

    /// <summary>Null when no readable code fits on the label.</summary>
    /// <param name="addresses">Of the same thing, the preferred one first: another one is taken where it leaves room for more error correction.</param>
    public static LabelCode? Fit(IReadOnlyCollection<string> addresses, LabelFormat format)
    {
        var wide = Math.Min(UsualSize, 0.52f * format.Width);
        foreach (var (level, least) in new[] { (ECCLevel.H, SureDots), (ECCLevel.Q, SureDots), (ECCLevel.M, SureDots), (ECCLevel.M, FineDots) })
        {
            foreach (var address in addresses)
            {
                var code = new LabelCode(address, Qr.Modules(address, level), least);
                code = code with { Dots = Math.Max(least, (int)(wide / code.Size * least)) };
                if (code.Size <= Math.Min(format.Height - 2 * format.CodeMargin, format.Width - LeastText - format.CodeMargin - format.TextMargin))
                    return code;
            }
        }
        return null;
    }

    /// <summary>
    /// An address of ours in capitals: scheme and host know no case (RFC 3986, 6.2.2.1), our paths neither, and GS1 allows HTTPS. A code of capitals alone is
    /// a third smaller, which is room for error correction.
    /// </summary>
    public static string AsPrinted(string address) => address.ToUpperInvariant();
}
