using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web.TagHelpers;

namespace SonLaMarket.Catalog;

/// <summary>A certificate that the public may rely on, as a row of <c>&lt;rows&gt;</c>: its name, number and issuer, until when, and when an officer compared it.</summary>
[HtmlTargetElement("certificate", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CertificateTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public required string Name { get; set; }

    public required string Number { get; set; }

    public required string Issuer { get; set; }

    public required DateOnly Until { get; set; }

    /// <summary>Left out where the page says it elsewhere.</summary>
    public DateTimeOffset? Compared { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Become("li", "row");
        var compared = Compared is { } at ? " · " + encoder.Encode(t["cán bộ đối chiếu ngày {0}", Vietnamese.Date(at)]) : "";
        output.Content.SetHtmlContent($"<div class=\"row__main\"><b>{encoder.Encode(Name)}</b><p>{encoder.Encode($"{t["Số"]} {Number}, {Issuer}")}</p><p class=\"muted\">{encoder.Encode(t["hạn đến"])} {When.Html(null, Until)}{compared}</p></div>");
    }
}
