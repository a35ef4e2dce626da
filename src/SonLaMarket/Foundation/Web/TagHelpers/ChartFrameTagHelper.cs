using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// Figures as bars, drawn by the server, with the same figures in a table beside them: <c>&lt;chart-frame heading="…" unit="kg" points="@(…)" /&gt;</c>.
/// Those who cannot see the picture read the table; a chart with nothing in it says so.
/// </summary>
[HtmlTargetElement("chart-frame", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ChartFrameTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    private const int Width = 360, Height = 190, Left = 4, Right = 4, Top = 22, Bottom = 24;

    public required string Heading { get; set; }

    public required IReadOnlyList<ChartPoint> Points { get; set; }

    /// <summary>What the figures count, "₫" for money.</summary>
    public string Unit { get; set; } = "";

    /// <summary>The head of the labels in the table: month, week, group.</summary>
    public required string LabelHead { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("tables");
        output.Become("figure", "chart");
        var html = new StringBuilder($"<figcaption><b>{encoder.Encode(Heading)}</b></figcaption>");
        if (Points.All(p => p.Value == 0))
            html.Append($"<p class=\"muted\">{encoder.Encode(t["Chưa có số liệu."])}</p>");
        else
            html.Append("<div class=\"chart__parts\">").Append(Bars()).Append(Table()).Append("</div>");
        output.Content.SetHtmlContent(html.ToString());
    }

    private string Bars()
    {
        var max = Points.Max(p => p.Value);
        var step = (Width - Left - Right) / (decimal)Points.Count;
        var wide = Math.Min(step * 0.7m, 48);
        // Every label where there is room for it, else every second, third …
        var every = (int)Math.Ceiling(34 / step);
        var svg = new StringBuilder($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{encoder.Encode(t["{0}: biểu đồ cột, số liệu ở bảng bên cạnh.", Heading])}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"chart__base\" d=\"M{Left} {Height - Bottom}H{Width - Right}\"/>");
        for (var i = 0; i < Points.Count; i++)
        {
            var (label, value) = Points[i];
            var tall = (Height - Top - Bottom) * Math.Max(value, 0) / max;
            var middle = Left + step * (i + 0.5m);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{middle - wide / 2:0.#}\" y=\"{Height - Bottom - tall:0.#}\" width=\"{wide:0.#}\" height=\"{tall:0.#}\"/>");
            if (i % every == 0)
                svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{middle:0.#}\" y=\"{Height - 7}\">{encoder.Encode(label)}</text>");
            if (value == max)
                svg.Append(CultureInfo.InvariantCulture, $"<text class=\"chart__most\" x=\"{Math.Clamp(middle, 44, Width - 44):0.#}\" y=\"{Height - Bottom - tall - 6:0.#}\">{encoder.Encode(Figure(value))}</text>");
        }
        return svg.Append("</svg>").ToString();
    }

    private string Table()
    {
        var head = encoder.Encode(LabelHead);
        var html = new StringBuilder($"<table><thead><tr><th scope=\"col\">{head}</th><th scope=\"col\" class=\"num\">{encoder.Encode(Unit.Length == 0 ? t["Số lượng"] : Unit)}</th></tr></thead><tbody>");
        foreach (var (label, value) in Points)
            html.Append($"<tr><th scope=\"row\">{encoder.Encode(label)}</th><td class=\"num\">{Vietnamese.Number(value)}</td></tr>");
        return html.Append("</tbody></table>").ToString();
    }

    private string Figure(decimal value) => Unit.Length == 0 ? Vietnamese.Number(value) : $"{Vietnamese.Number(value)}\u00a0{Unit}";
}

public sealed record ChartPoint(string Label, decimal Value);
