using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>An instant or a day as people read it, with the machine's writing in datetime.</summary>
[HtmlTargetElement("when", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class WhenTagHelper : TagHelper
{
    public DateTimeOffset? At { get; set; }

    public DateOnly? On { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Html(At, On));
    }

    internal static string Html(DateTimeOffset? at, DateOnly? on) =>
        at is { } instant ? $"<time datetime=\"{instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{Vietnamese.DateTime(instant)}</time>"
        : on is { } day ? $"<time datetime=\"{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\">{Vietnamese.Date(day)}</time>"
        : "";
}

/// <summary>A note that a row keeps: a sentence of ours in the reader's language, or somebody's own words, which are Vietnamese.</summary>
[HtmlTargetElement("told", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ToldTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public required string Note { get; set; }

    /// <summary>The values of a sentence of ours; null for somebody's own words.</summary>
    public string[]? Args { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = null;
        output.Content.SetHtmlContent(Args is null ? $"<span lang=\"vi\">{encoder.Encode(Note)}</span>" : encoder.Encode(t[new Said(Note, Args)]));
    }
}

/// <summary>The way to the next page of a list; nothing at the end.</summary>
[HtmlTargetElement("pager", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class PagerTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    /// <summary>Address of the next page, or null.</summary>
    public string? Next { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        // Razor hands an attribute that is null over as an empty text.
        if (string.IsNullOrEmpty(Next))
        {
            output.SuppressOutput();
            return;
        }
        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "pager");
        output.Attributes.SetAttribute("aria-label", t["Trang"]);
        output.Content.SetHtmlContent($"<a class=\"button\" rel=\"next\" href=\"{encoder.Encode(Next)}\">{encoder.Encode(t["Xem tiếp"])}</a>");
    }
}
