using SkiaSharp;

namespace SonLaMarket.Origin.Labels;

/// <summary>What stands on a label. Texts are complete lines ("Thu hoạch: 01/06/2026"), in the language of the label.</summary>
/// <param name="Url">What the code leads to.</param>
/// <param name="IsSample">Marks the label MẪU, so that a sample is never taken for goods.</param>
public sealed record LabelContent(
    string Url, string ProductName, string ProducerName, string LotCode, string HarvestText, string? BestBeforeText, string? NetWeightText, string SiteDomain, bool IsSample);

/// <summary>Labels on A4 sheets of 3 by 8 (70 x 37 mm each), as sold in every stationery shop.</summary>
public static class LabelSheet
{
    public const int Columns = 3;
    public const int Rows = 8;
    public const int PerSheet = Columns * Rows;
    public const int MaxCount = 50 * PerSheet;

    private const float PageWidth = 210;
    private const float PageHeight = 297;
    private const float LabelWidth = 70;
    private const float LabelHeight = 37;
    private const float TopMargin = (PageHeight - Rows * LabelHeight) / 2;
    private const float PointsPerMillimetre = 72f / 25.4f;

    /// <summary>Draws as many labels of one lot as asked for, on as many sheets as that takes.</summary>
    /// <param name="count">1 to <see cref="MaxCount"/>.</param>
    /// <param name="startPosition">1 to <see cref="PerSheet"/>: the first free label of a sheet that was used before, counted row by row.</param>
    /// <exception cref="ArgumentException">The address is too long for a code that printers of 203 dpi can print on such a label.</exception>
    public static byte[] A4Pdf(LabelContent content, int count, int startPosition = 1)
    {
        using var output = new MemoryStream();
        foreach (var _ in Sheets(output, content, count, startPosition))
        {
        }
        return output.ToArray();
    }

    /// <summary>The same sheet by sheet: writes as it is enumerated, and says after each sheet how many labels are drawn.</summary>
    internal static IEnumerable<int> Sheets(Stream output, LabelContent content, int count, int startPosition)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(startPosition, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startPosition, PerSheet);

        using var label = new LabelDrawing(content, LabelWidth, LabelHeight);
        using (var pdf = SKDocument.CreatePdf(output, new SKDocumentPdfMetadata { Title = $"{content.ProductName} – {content.LotCode}", Creator = content.SiteDomain }))
        {
            var first = startPosition - 1;
            for (var sheet = 0; sheet * PerSheet < first + count; sheet++)
            {
                using var canvas = pdf.BeginPage(PageWidth * PointsPerMillimetre, PageHeight * PointsPerMillimetre);
                canvas.Scale(PointsPerMillimetre);
                for (var place = Math.Max(first - sheet * PerSheet, 0); place < PerSheet && sheet * PerSheet + place < first + count; place++)
                    label.Draw(canvas, place % Columns * LabelWidth, TopMargin + place / Columns * LabelHeight);
                pdf.EndPage();
                yield return Math.Min((sheet + 1) * PerSheet - first, count);
            }
            pdf.Close();
        }
    }
}
