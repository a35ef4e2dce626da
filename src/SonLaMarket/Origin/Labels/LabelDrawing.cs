using SkiaSharp;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Labels;

/// <summary>One label, in millimetres: the code on the left with its quiet zone, the text in the column beside it.</summary>
internal sealed class LabelDrawing : IDisposable
{
    // Whole dots of a 203 dpi printer for each module, so that all modules come out equally wide; four dots are 0.5 mm.
    private const float Dot = 25.4f / 203;
    private const int QuietModules = 4;
    private const float UsualCodeSize = 26;

    private readonly SKPath code;
    private readonly SKPaint ink = new() { Color = SKColors.Black, IsAntialias = false };
    private readonly LabelText text;
    private readonly SKPoint codeAt;
    private readonly SKPoint textAt;

    public LabelDrawing(LabelContent content, LabelFormat format)
    {
        var (width, height, padding, textMargin) = (format.Width, format.Height, format.Padding, format.Padding + (format.Width > 60 ? 1 : 0.2f));
        var modules = Qr.Modules(content.Url);
        var across = modules.Length + 2 * QuietModules;
        var dots = Math.Max(format.LeastDots, (int)(Math.Min(UsualCodeSize, 0.52f * width) / (across * Dot)));
        var size = across * dots * Dot;
        if (size > height - 2 * padding)
            throw new ArgumentException("The address is too long for the code of a label.", nameof(content));
        code = Path(modules, dots * Dot);
        codeAt = new(padding, (height - size) / 2);
        textAt = new(padding + size, textMargin);
        text = new LabelText(content, width - textAt.X - textMargin, height - 2 * textMargin);
    }

    public void Draw(SKCanvas canvas, float x, float y)
    {
        canvas.Save();
        canvas.Translate(OnDots(x + codeAt.X), OnDots(y + codeAt.Y));
        canvas.DrawPath(code, ink);
        canvas.Restore();
        text.Draw(canvas, x + textAt.X, y + textAt.Y);
    }

    public void Dispose()
    {
        code.Dispose();
        ink.Dispose();
        text.Dispose();
    }

    private static float OnDots(float millimetres) => MathF.Round(millimetres / Dot) * Dot;

    // Dark neighbours of a row become one rectangle: fewer shapes, and no hairlines between modules.
    private static SKPath Path(bool[][] modules, float module)
    {
        using var builder = new SKPathBuilder();
        for (var y = 0; y < modules.Length; y++)
        {
            for (var x = 0; x < modules.Length; x++)
            {
                if (!modules[y][x])
                    continue;
                var start = x;
                while (x < modules.Length && modules[y][x])
                    x++;
                builder.AddRect(new SKRect(
                    (QuietModules + start) * module, (QuietModules + y) * module, (QuietModules + x) * module, (QuietModules + y + 1) * module));
            }
        }
        return builder.Detach();
    }
}
