using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog;

/// <summary>The twelve months in a row, those with goods filled, this month marked.</summary>
public static class SeasonCalendar
{
    private const int Cell = 40;
    private const int Height = 34;
    private const int Top = 16;

    /// <summary>"Đang mùa" and until when, or from when on.</summary>
    public static string Words(int[] months, int now, bool inStock, Texts t)
    {
        if (months.Length is 0 or 12)
            return t["Có hàng quanh năm"];
        var last = now;
        while (months.Contains(Next(last)) && Next(last) != now)
            last = Next(last);
        if (Season.Returns(months, now) is not { } first)
            return last == now ? t["Đang mùa, tháng này là tháng cuối"] : t["Đang mùa, đến hết tháng {0}", last];
        return inStock ? t["Ngoài mùa, hàng còn từ vụ trước; vụ tới từ tháng {0}", first] : t["Chưa đến mùa, có hàng từ tháng {0}", first];
    }

    /// <summary>A picture with its text: "Mùa vụ: tháng 5, 6".</summary>
    public static IHtmlContent Svg(int[] months, int now, Texts t, HtmlEncoder encoder)
    {
        bool On(int month) => months.Length == 0 || months.Contains(month);
        var text = months.Length is 0 or 12 ? t["Mùa vụ: quanh năm"] : t["Mùa vụ: tháng {0}", string.Join(", ", months.Order())];
        var svg = new StringBuilder($"<svg class=\"season\" viewBox=\"0 0 {12 * Cell} {Top + Height + 24}\" width=\"{12 * Cell}\" height=\"{Top + Height + 24}\" role=\"img\" aria-label=\"{encoder.Encode(text)}\">");
        for (var month = 1; month <= 12; month++)
        {
            var x = (month - 1) * Cell;
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{(On(month) ? "season-on" : "season-off")}\" d=\"M{x + 1} {Top}h{Cell - 2}v{Height}h-{Cell - 2}z\"/>");
            if (month == now)
                svg.Append(CultureInfo.InvariantCulture, $"<path class=\"season-now\" d=\"M{x + Cell / 2 - 8} 2h16l-8 10z\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text{(month == now ? " class=\"season-this\"" : "")} x=\"{x + Cell / 2}\" y=\"{Top + Height + 19}\" text-anchor=\"middle\">{month}</text>");
        }
        return new HtmlString(svg.Append("</svg>").ToString());
    }

    private static int Next(int month) => month % 12 + 1;
}
