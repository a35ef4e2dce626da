using System.Diagnostics;

namespace SonLaMarket.Tests.Support;

/// <summary>What poppler reads in a PDF.</summary>
public static class Pdf
{
    /// <summary>The text as it is laid out, with plain blanks.</summary>
    public static async Task<string> TextAsync(byte[] pdf)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf);
            using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", file, "-"]) { UseShellExecute = false, RedirectStandardOutput = true, StandardOutputEncoding = System.Text.Encoding.UTF8 })!;
            return (await process.StandardOutput.ReadToEndAsync()).Replace('\u00a0', ' ');
        }
        finally
        {
            File.Delete(file);
        }
    }
}
