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
            return Programs.Run("pdftotext", "-layout", file, "-").Replace('\u00a0', ' ');
        }
        finally
        {
            File.Delete(file);
        }
    }
}
