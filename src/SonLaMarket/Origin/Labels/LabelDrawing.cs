using SkiaSharp;

namespace SonLaMarket.Origin.Labels;

/// <summary>One label, in millimetres: the code on the left with its quiet zone, the text in the column beside it.</summary>
internal sealed class LabelDrawing : IDisposable
{
    private readonly SKPath code;
    private readonly float module;
    private readonly SKPaint ink = new() { Color = SKColors.Black, IsAntialias = false };
    private readonly LabelText text;
    private readonly SKPoint codeAt;
    private readonly SKPoint textAt;

    /// <param name="before">The label before it on the sheets, of the same lot.</param>
    public LabelDrawing(LabelContent content, LabelFormat format, LabelDrawing? before = null)
    {
        Content = content;
        var fitted = LabelCode.Fit(content.Addresses, format) ?? throw new ArgumentException("The address is too long for the code of a label.", nameof(content));
        code = Path(fitted.Modules);
        module = fitted.Dots * LabelCode.Dot;
        codeAt = new(format.CodeMargin, (format.Height - fitted.Size) / 2);
        textAt = new(format.CodeMargin + fitted.Size + 0.2f, format.TextMargin);
        text = new LabelText(content, format.Width - textAt.X - format.TextMargin, format.Height - 2 * format.TextMargin, before?.text);
    }

    public LabelContent Content { get; }

    public void Draw(SKCanvas canvas, float x, float y)
    {
        canvas.Save();
        canvas.Translate(OnDots(x + codeAt.X), OnDots(y + codeAt.Y));
        canvas.Scale(module);
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

    private static float OnDots(float millimetres) => MathF.Round(millimetres / LabelCode.Dot) * LabelCode.Dot;

    // Dark neighbours of a row become one rectangle: fewer shapes, and no hairlines between modules. In modules, whose whole numbers are short in a file.
    private static SKPath Path(bool[][] modules)
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
                    LabelCode.QuietModules + start, LabelCode.QuietModules + y, LabelCode.QuietModules + x, LabelCode.QuietModules + y + 1));
            }
        }
        return builder.Detach();
    }
}
