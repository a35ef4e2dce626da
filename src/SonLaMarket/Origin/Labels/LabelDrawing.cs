using SkiaSharp;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Labels;

/// <summary>One label, in millimetres: the code on the left with its quiet zone, the text in the column beside it.</summary>
internal sealed class LabelDrawing : IDisposable
{
    // Whole dots of a 203 dpi printer for each module, so that all modules come out equally wide; four dots are 0.5 mm.
    private const float Dot = 25.4f / 203;
    private const int LeastDotsPerModule = 4;
    private const int QuietModules = 4;
    private const float UsualCodeSize = 26;
    private const float Padding = 1.5f;
    private const float TextMargin = 2.5f;

    private readonly SKPath code;
    private readonly SKPaint ink = new() { Color = SKColors.Black, IsAntialias = false };
    private readonly LabelText text;
    private readonly SKPoint codeAt;
    private readonly SKPoint textAt;

    public LabelDrawing(LabelContent content, float width, float height)
    {
        var modules = Qr.Modules(content.Url);
        var across = modules.Length + 2 * QuietModules;
        var dots = Math.Max(LeastDotsPerModule, (int)(UsualCodeSize / (across * Dot)));
        var size = across * dots * Dot;
        if (size > height - 2 * Padding)
            throw new ArgumentException("The address is too long for the code of a label.", nameof(content));
        code = Path(modules, dots * Dot);
        codeAt = new(Padding, (height - size) / 2);
        textAt = new(Padding + size, TextMargin);
        text = new LabelText(content, width - textAt.X - TextMargin, height - 2 * TextMargin);
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
