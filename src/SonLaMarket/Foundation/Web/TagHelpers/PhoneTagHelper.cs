using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
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
        output.TagName = null;
        output.Content.SetHtmlContent(Phone.Html(Number, Label, output.Attributes["class"]?.Value?.ToString(), t, encoder));
    }
}

/// <summary>What the word writes, for the trace page.</summary>
public static class Phone
{
    public static IHtmlContent Html(string? number, string? label, string? css, Texts t, HtmlEncoder encoder)
    {
        if (string.IsNullOrEmpty(number))
            return HtmlString.Empty;
        var before = string.IsNullOrEmpty(label) ? "" : label + " ";
        return new HtmlString(Vietnamese.IsSamplePhone(number)
            ? $"<span>{encoder.Encode((before.Length == 0 ? "" : t["Điện thoại"] + " ") + Vietnamese.ShowPhone(number) + " " + t["(số mẫu, không gọi được)"])}</span>"
            : $"<a{(css is null ? "" : $" class=\"{encoder.Encode(css)}\"")} href=\"{encoder.Encode("tel:" + number)}\">{encoder.Encode(before + Vietnamese.ShowPhone(number))}</a>");
    }
}
