using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web.Maps;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>Where a commune lies, drawn, and in words below for those who do not see it: <c>&lt;commune-map of="map" /&gt;</c>. Nothing where it is not known.</summary>
[HtmlTargetElement("commune-map", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CommuneMapTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public required CommuneMap? Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Of is null)
        {
            output.SuppressOutput();
            return;
        }
        output.Become("figure", "where");
        var unit = Of.Unit;
        var former = unit.FormerDistrict is { } district ? $" ({t["trước đây thuộc {0}", district]})" : "";
        output.Content.AppendHtml(Of.Svg(t.IsEnglish));
        output.Content.AppendHtml($"<figcaption>{encoder.Encode($"{t["{0}, tỉnh Sơn La", t.Of(unit.FullName, unit.NameEn)]}{former}. {t["Giáp: {0}.", Of.Around(t.IsEnglish)]}")}</figcaption>");
    }
}
