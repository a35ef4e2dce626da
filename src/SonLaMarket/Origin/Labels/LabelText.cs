using System.Text;
using SkiaSharp;

namespace SonLaMarket.Origin.Labels;

/// <summary>The text column of a label: wrapped by measured widths, made smaller until it fits, shortened at the very last.</summary>
internal sealed class LabelText : IDisposable
{
    private const float MillimetresPerPoint = 25.4f / 72;
    private const float LineHeight = 1.2f;
    private const float Ascent = 0.95f;
    // Capitals with two marks (Ẫ) are taller than a line.
    private const float FrameHeight = 1.5f;
    private const float FrameAscent = 1.2f;
    private const float SmallestScale = 0.6f;
    private const string SampleMark = "MẪU";

    private static readonly SKTypeface Regular = Load("BeVietnamPro-Regular.ttf");
    private static readonly SKTypeface Bold = Load("BeVietnamPro-Bold.ttf");

    private readonly SKPaint ink = new() { Color = SKColors.Black, IsAntialias = true };
    private readonly SKPaint frame = new() { Color = SKColors.Black, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 0.3f };
    private readonly List<Line> lines;
    private readonly float scale;
    private readonly float top;

    /// <param name="like">The text before it on the sheet: no label of a series is larger written than the one before.</param>
    public LabelText(LabelContent content, float width, float height, LabelText? like)
    {
        scale = like?.scale ?? 1;
        lines = Lay(content, width, scale);
        for (; Height(lines) > height && scale > SmallestScale; lines = Lay(content, width, scale))
        {
            Release(lines);
            scale -= 0.05f;
        }
        top = Math.Max(0, (height - Height(lines)) / 2);
    }

    public void Draw(SKCanvas canvas, float x, float y)
    {
        y += top;
        foreach (var line in lines)
        {
            canvas.DrawText(line.Text, x + line.Indent, y + line.Font.Size * (line.Framed ? FrameAscent : Ascent), SKTextAlign.Left, line.Font, ink);
            if (line.Framed)
                canvas.DrawRect(x, y, line.Font.MeasureText(line.Text) + 2 * line.Indent, line.Font.Size * FrameHeight, frame);
            y += line.Height;
        }
    }

    public void Dispose()
    {
        Release(lines);
        ink.Dispose();
        frame.Dispose();
    }

    private static List<Line> Lay(LabelContent content, float width, float scale)
    {
        var lines = new List<Line>();
        if (content.IsSample)
        {
            var mark = Font(Bold, 11, scale);
            lines.Add(new(SampleMark, mark, mark.Size * (FrameHeight + 0.2f), Indent: 0.8f, Framed: true));
        }
        Add(lines, content.ProductName, Font(Bold, 9, scale), width, most: 3);
        Add(lines, content.ProducerName, Font(Regular, 7, scale), width, most: 2);
        Add(lines, "Lô " + content.LotCode, Font(Bold, 7, scale), width, most: 2);
        if (content.ItemCode is { } item)
            Add(lines, "Gói " + item, Font(Bold, 7, scale), width, most: 2);
        foreach (var text in new[] { content.HarvestText, content.BestBeforeText, content.NetWeightText })
            Add(lines, text, Font(Regular, 7, scale), width, most: 2);
        Add(lines, content.SiteDomain, Font(Regular, 6, scale), width, most: 2);
        return lines;
    }

    private static void Add(List<Line> lines, string? text, SKFont font, float width, int most)
    {
        var words = new Queue<string>((text ?? "").Normalize(NormalizationForm.FormC).Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        var added = 0;
        while (words.Count > 0 && added < most)
        {
            var line = Take(words, font, width);
            if (++added == most && words.Count > 0)
                line = Shorten(line, font, width);
            lines.Add(new(line, font, font.Size * LineHeight));
        }
    }

    // A word that is wider than the column alone (a code, an address) is broken where it must be.
    private static string Take(Queue<string> words, SKFont font, float width)
    {
        var line = words.Dequeue();
        if (font.MeasureText(line) > width)
        {
            var fitting = Math.Max(1, font.BreakText(line, width));
            var rest = line[fitting..];
            if (rest.Length > 0)
            {
                var others = words.ToArray();
                words.Clear();
                words.Enqueue(rest);
                foreach (var other in others)
                    words.Enqueue(other);
            }
            return line[..fitting];
        }
        while (words.TryPeek(out var next) && font.MeasureText($"{line} {next}") <= width)
            line = $"{line} {words.Dequeue()}";
        return line;
    }

    private static string Shorten(string line, SKFont font, float width)
    {
        while (line.Length > 1 && font.MeasureText(line + "…") > width)
            line = line[..^1].TrimEnd();
        return line + "…";
    }

    private static float Height(List<Line> lines) => lines.Sum(line => line.Height);

    private static void Release(List<Line> lines)
    {
        foreach (var line in lines)
            line.Font.Dispose();
    }

    // Widths in a PDF are those of the outlines: no hinting, no rounding to pixels.
    private static SKFont Font(SKTypeface typeface, float points, float scale) =>
        new(typeface, points * MillimetresPerPoint * scale) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };

    private static SKTypeface Load(string file)
    {
        using var stream = typeof(LabelText).Assembly.GetManifestResourceStream("fonts/" + file)
            ?? throw new InvalidOperationException($"The font {file} is not in the program.");
        return SKTypeface.FromStream(stream);
    }

    private sealed record Line(string Text, SKFont Font, float Height, float Indent = 0, bool Framed = false);
}
