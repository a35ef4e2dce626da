using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Labels;

/// <summary>Paper that labels are printed on, in millimetres: a sheet of many, or a roll of one after the other.</summary>
/// <param name="PitchX">From one label's left edge to the next one's.</param>
/// <param name="CodeMargin">What stays white around the code beside its own quiet zone.</param>
/// <param name="TextMargin">What stays white around the text.</param>
public sealed record LabelFormat(string Word, string Label, float PageWidth, float PageHeight, int Columns, int Rows, float Width, float Height, float PitchX, float Left, float Top, float CodeMargin, float TextMargin)
{
    public static readonly LabelFormat[] All =
    [
        new("a4-24", "A4, 24 tem 70 × 37 mm", 210, 297, 3, 8, 70, 37, 70, 0, 0.5f, 1.5f, 2.5f),
        new("a4-65", "A4, 65 tem 38 × 21 mm", 210, 297, 5, 13, 38.1f, 21.2f, 40.6f, 4.75f, 10.7f, 0.3f, 1),
        new("50x30", "Cuộn nhiệt 50 × 30 mm", 50, 30, 1, 1, 50, 30, 50, 0, 0, 1, 1.2f),
        new("40x30", "Cuộn nhiệt 40 × 30 mm", 40, 30, 1, 1, 40, 30, 40, 0, 0, 1, 1.2f),
        new("60x40", "Cuộn nhiệt 60 × 40 mm", 60, 40, 1, 1, 60, 40, 60, 0, 0, 1, 1.2f),
    ];

    public static LabelFormat Usual => All[0];

    public static LabelFormat? Find(string? word) => Array.Find(All, f => f.Word == word);

    /// <summary>The papers to choose from for labels with such addresses: what needs a better printer says so, what is too small is left out.</summary>
    public static List<SelectListItem> Choices(IReadOnlyCollection<string> addresses, Texts t) =>
    [
        .. from f in All
           let code = LabelCode.Fit(addresses, f)
           where code is not null
           select new SelectListItem(code.NeedsFinePrinter ? t["{0} – cần máy in 300 dpi trở lên", t[f.Label]] : t[f.Label], f.Word),
    ];

    public int PerSheet => Columns * Rows;

    /// <summary>Upper left corner of the label at this place of a sheet, counted from nothing row by row.</summary>
    public (float X, float Y) Place(int place) => (Left + place % Columns * PitchX, Top + place / Columns * Height);
}

/// <summary>How far a printer draws beside what it is told, in millimetres: to the right and down.</summary>
public readonly record struct PrinterOffset(decimal Right = 0, decimal Down = 0)
{
    public const decimal Most = 10;

    /// <summary>"1,5", "-2", "+0,5", empty for nothing; null when it is no number or more than ten millimetres.</summary>
    public static decimal? Parse(string? typed)
    {
        var text = Vietnamese.Clean(typed);
        if (text.Length == 0)
            return 0;
        var sign = text[0] is '-' or '−' ? -1 : 1;
        return Vietnamese.ParseQuantity(text[0] is '-' or '−' or '+' ? text[1..] : text) is { } number and <= Most ? sign * number : null;
    }
}
