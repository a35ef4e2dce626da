using System.Text;
using SkiaSharp;

namespace SonLaMarket.Foundation.Papers;

/// <summary>One page of a PDF, drawn in millimetres from its upper left corner. Texts wrap at measured widths.</summary>
internal sealed class Sheet(SKCanvas canvas, float width, float height)
{
    private const float MillimetresPerPoint = 25.4f / 72;
    private const float LineHeight = 1.3f;

    private static readonly SKTypeface Regular = Load("BeVietnamPro-Regular.ttf");
    private static readonly SKTypeface Bold = Load("BeVietnamPro-Bold.ttf");
    private static readonly SKPaint Ink = new() { Color = SKColors.Black, IsAntialias = true };
    private static readonly SKPaint Sharp = new() { Color = SKColors.Black, IsAntialias = false };
    private static readonly SKPaint Stroke = new() { Color = SKColors.Black, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 0.25f };

    public float Width => width;

    public float Height => height;

    /// <summary>A PDF of pages of this size.</summary>
    /// <param name="pages">Each draws one page.</param>
    public static byte[] Pdf(string title, float width, float height, IEnumerable<Action<Sheet>> pages)
    {
        using var output = new MemoryStream();
        using (var pdf = SKDocument.CreatePdf(output, new SKDocumentPdfMetadata { Title = title, Creator = "SonLaMarket" }))
        {
            foreach (var draw in pages)
            {
                using var canvas = pdf.BeginPage(width / MillimetresPerPoint, height / MillimetresPerPoint);
                canvas.Scale(1 / MillimetresPerPoint);
                draw(new Sheet(canvas, width, height));
                pdf.EndPage();
            }
            pdf.Close();
        }
        return output.ToArray();
    }

    /// <summary>Draws the text and answers where the next line stands. The last of <paramref name="most"/> lines is shortened.</summary>
    /// <param name="points">Height of the letters.</param>
    public float Text(string text, float x, float y, float across, float points, bool bold = false, int most = int.MaxValue)
    {
        using var font = Font(points, bold);
        foreach (var line in Lines(text, font, across, most))
        {
            canvas.DrawText(line, x, y + font.Size, SKTextAlign.Left, font, Ink);
            y += font.Size * LineHeight;
        }
        return y;
    }

    /// <summary>One line that ends at <paramref name="right"/>.</summary>
    public void TextToRight(string text, float right, float y, float points, bool bold = false)
    {
        using var font = Font(points, bold);
        canvas.DrawText(text.Normalize(NormalizationForm.FormC), right, y + font.Size, SKTextAlign.Right, font, Ink);
    }

    /// <summary>How high the text would be.</summary>
    public static float HeightOf(string text, float across, float points, bool bold = false, int most = int.MaxValue)
    {
        using var font = Font(points, bold);
        return Lines(text, font, across, most).Count * font.Size * LineHeight;
    }

    public void Rule(float x, float y, float across) => canvas.DrawLine(x, y, x + across, y, Stroke);

    public void Frame(float x, float y, float across, float down) => canvas.DrawRect(x, y, across, down, Stroke);

    /// <summary>A QR code with its quiet zone, in whole dots of a 203 dpi printer so that all modules come out equally wide. Its side.</summary>
    public float Qr(string text, float x, float y, float side)
    {
        const float dot = 25.4f / 203;
        const int quiet = 4;
        var modules = Web.Qr.Modules(text);
        var module = Math.Max(3, (int)(side / (modules.Length + 2 * quiet) / dot)) * dot;
        for (var row = 0; row < modules.Length; row++)
        {
            for (var column = 0; column < modules.Length; column++)
            {
                if (modules[row][column])
                    canvas.DrawRect(x + (quiet + column) * module, y + (quiet + row) * module, module, module, Sharp);
            }
        }
        return (modules.Length + 2 * quiet) * module;
    }

    private static List<string> Lines(string text, SKFont font, float across, int most)
    {
        var lines = new List<string>();
        var words = new LinkedList<string>(text.Normalize(NormalizationForm.FormC).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        while (words.First is { } first && lines.Count < most)
        {
            words.RemoveFirst();
            var line = first.Value;
            // A word that is wider than the column alone is broken where it must be.
            if (font.MeasureText(line) > across)
            {
                var fitting = Math.Max(1, font.BreakText(line, across));
                if (fitting < line.Length)
                    words.AddFirst(line[fitting..]);
                line = line[..fitting];
            }
            while (words.First is { } next && font.MeasureText($"{line} {next.Value}") <= across)
            {
                line = $"{line} {next.Value}";
                words.RemoveFirst();
            }
            lines.Add(lines.Count == most - 1 && words.Count > 0 ? Shorten(line, font, across) : line);
        }
        return lines;
    }

    private static string Shorten(string line, SKFont font, float across)
    {
        while (line.Length > 1 && font.MeasureText(line + "…") > across)
            line = line[..^1].TrimEnd();
        return line + "…";
    }

    // Widths in a PDF are those of the outlines: no hinting, no rounding to pixels.
    private static SKFont Font(float points, bool bold) =>
        new(bold ? Bold : Regular, points * MillimetresPerPoint) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(Sheet).Assembly.GetManifestResourceStream("fonts/" + file)
            ?? throw new InvalidOperationException($"The font {file} is not in the program.");
        return SKTypeface.FromStream(stream);
    }
}
