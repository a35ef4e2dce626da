using SkiaSharp;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Labels;

/// <summary>What stands on a label. Texts are complete lines ("Thu hoạch: 01/06/2026"), in the language of the label.</summary>
/// <param name="Url">What the code leads to, a GS1 Digital Link where the product has a GTIN.</param>
/// <param name="IsSample">Marks the label MẪU, so that a sample is never taken for goods.</param>
public sealed record LabelContent(
    string Url, string ProductName, string ProducerName, string LotCode, string HarvestText, string? BestBeforeText, string? NetWeightText, string SiteDomain, bool IsSample)
{
    /// <summary>A shorter address of the same thing, for labels on which the other one leaves no room for error correction.</summary>
    public string? ShortUrl { get; init; }

    /// <summary>The code of the package as people read it; null on a label of the whole lot.</summary>
    public string? ItemCode { get; init; }

    public IReadOnlyCollection<string> Addresses => ShortUrl is null || ShortUrl == Url ? [Url] : [Url, ShortUrl];
}

/// <summary>Labels of one lot on the paper of a <see cref="LabelFormat"/>.</summary>
public static class LabelSheet
{
    public const int MaxCount = 1_200;

    /// <summary>The largest file of sheets that is kept.</summary>
    public const int MostBytes = 64 << 20;

    private const float PointsPerMillimetre = 72f / 25.4f;

    /// <summary>Draws as many labels as asked for, on as many sheets as that takes.</summary>
    /// <param name="count">1 to <see cref="MaxCount"/>.</param>
    /// <param name="startPosition">1 to the labels of a sheet: the first free one of a sheet that was used before, counted row by row.</param>
    /// <exception cref="ArgumentException">The address is too long for a code that printers of 203 dpi can print on such a label.</exception>
    public static byte[] Pdf(LabelContent content, LabelFormat format, int count, int startPosition = 1, PrinterOffset offset = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxCount);
        using var output = new MemoryStream();
        foreach (var _ in Sheets(output, [.. Enumerable.Repeat(content, count)], format, startPosition, offset))
        {
        }
        return output.ToArray();
    }

    /// <summary>Labels that may each say something else, sheet by sheet: writes as it is enumerated, and says after each sheet how many labels are drawn.</summary>
    internal static IEnumerable<int> Sheets(Stream output, IReadOnlyList<LabelContent> labels, LabelFormat format, int startPosition, PrinterOffset offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(startPosition, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(startPosition, format.PerSheet);

        var (first, perSheet) = (startPosition - 1, format.PerSheet);
        LabelDrawing? drawing = null;
        using (var pdf = SKDocument.CreatePdf(output, new SKDocumentPdfMetadata { Title = $"{labels[0].ProductName} – {labels[0].LotCode}", Creator = labels[0].SiteDomain }))
        {
            for (var sheet = 0; sheet * perSheet < first + labels.Count; sheet++)
            {
                using var canvas = pdf.BeginPage(format.PageWidth * PointsPerMillimetre, format.PageHeight * PointsPerMillimetre);
                canvas.Scale(PointsPerMillimetre);
                canvas.Translate((float)offset.Right, (float)offset.Down);
                for (var place = Math.Max(first - sheet * perSheet, 0); place < perSheet && sheet * perSheet + place < first + labels.Count; place++)
                {
                    var label = labels[sheet * perSheet + place - first];
                    if (drawing is null || !ReferenceEquals(drawing.Content, label))
                    {
                        using var before = drawing;
                        drawing = new(label, format, before);
                    }
                    var (x, y) = format.Place(place);
                    drawing.Draw(canvas, x, y);
                }
                pdf.EndPage();
                yield return Math.Min((sheet + 1) * perSheet - first, labels.Count);
            }
            pdf.Close();
        }
        drawing?.Dispose();
    }

    /// <summary>Frames where the labels will be, to lay over the paper: what is beside them is the printer's offset.</summary>
    public static byte[] TestPage(LabelFormat format, PrinterOffset offset) => Sheet.Pdf($"Thử máy in – {format.Label}", format.PageWidth, format.PageHeight, [sheet =>
    {
        var (right, down) = ((float)offset.Right, (float)offset.Down);
        for (var place = 0; place < format.PerSheet; place++)
        {
            var (x, y) = (format.Place(place).X + right, format.Place(place).Y + down);
            sheet.Frame(x, y, format.Width, format.Height);
            sheet.Rule(x + format.Width / 2 - 2, y + format.Height / 2, 4);
            sheet.Frame(x + format.Width / 2, y + format.Height / 2 - 2, 0, 4);
            for (var tick = 1; tick <= 5; tick++)
                sheet.Frame(x + tick, y, 0, tick == 5 ? 2 : 1);
        }
        sheet.Text($"Lệch đã đặt: phải {Vietnamese.Number(offset.Right)} mm, xuống {Vietnamese.Number(offset.Down)} mm. Khung phải trùng mép tem. Vạch cách nhau 1 mm.", format.Left + right + 2, format.Top + down + 3, format.Width - 4, 5, most: 5);
    }]);
}
