using QRCoder;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// QR codes (ISO/IEC 18004) with the quiet zone of four modules that readers need. Text of capitals, digits and a few signs alone takes a third less room.
/// Error correction M unless said otherwise: about 15 % of the code may be unreadable; with Q 25 %, with H 30 %.
/// </summary>
public static class Qr
{
    public static string Svg(string text, QRCodeGenerator.ECCLevel level = QRCodeGenerator.ECCLevel.M)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, level);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(8, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    /// <param name="pixels">Pixels for each module.</param>
    public static byte[] Png(string text, int pixels, QRCodeGenerator.ECCLevel level = QRCodeGenerator.ECCLevel.M)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, level);
        using var code = new PngByteQRCode(data);
        return code.GetGraphic(pixels, drawQuietZones: true);
    }

    /// <summary>The modules without the quiet zone, row by row, for drawing in other units.</summary>
    /// <param name="least">The smallest version (1 to 40) that is taken, where the text needs no larger one.</param>
    public static bool[][] Modules(string text, QRCodeGenerator.ECCLevel level = QRCodeGenerator.ECCLevel.M, int least = 1)
    {
        const int quiet = 4;
        using var usual = QRCodeGenerator.GenerateQrCode(text, level);
        using var larger = usual.Version < least ? QRCodeGenerator.GenerateQrCode(text, level, requestedVersion: least) : null;
        var data = larger ?? usual;
        var size = data.ModuleMatrix.Count - 2 * quiet;
        return [.. Enumerable.Range(quiet, size).Select(y => Enumerable.Range(quiet, size).Select(x => data.ModuleMatrix[y][x]).ToArray())];
    }
}
