using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// A telephone number that can be called: <c>&lt;phone number="@p.Phone" class="button" label="@T["Gọi"]" /&gt;</c>. The number of
/// a sample is text and never a link: nobody has it.
/// </summary>
[HtmlTargetElement("phone", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PhoneTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public string? Number { get; set; }

    /// <summary>Words before the number.</summary>
    public string? Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (string.IsNullOrEmpty(Number))
        {
            output.SuppressOutput();
            return;
        }
        var sample = Vietnamese.IsSamplePhone(Number);
        output.TagName = sample ? "span" : "a";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (sample)
            output.Attributes.RemoveAll("class");
        else
            output.Attributes.SetAttribute("href", "tel:" + Number);
        var label = string.IsNullOrEmpty(Label) ? "" : sample ? t["Điện thoại"] + " " : Label + " ";
        output.Content.SetHtmlContent(encoder.Encode(label + Vietnamese.ShowPhone(Number) + (sample ? " " + t["(số mẫu, không gọi được)"] : "")));
    }
}
