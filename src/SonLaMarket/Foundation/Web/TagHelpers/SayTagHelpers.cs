using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>A state in a word, with a shape as well as a colour: <c>&lt;badge kind="ok"&gt;</c>. Kinds: ok, warn, bad, info, quiet, season.</summary>
[HtmlTargetElement("badge")]
public sealed class BadgeTagHelper : TagHelper
{
    public string? Kind { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("span", Tags.Kind("badge", Kind));
}

/// <summary>A remark on the page, beside what it is about. Kinds: none, ok, warn, bad.</summary>
[HtmlTargetElement("notice")]
public sealed class NoticeTagHelper : TagHelper
{
    public string? Kind { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("div", Tags.Kind("notice", Kind));
}

/// <summary>The verdict of a page in one look: a heading, a sentence, a sign. Kinds: ok, warn, bad.</summary>
[HtmlTargetElement("band")]
public sealed class BandTagHelper : TagHelper
{
    public required string Kind { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("div", Tags.Kind("band", Kind));
}

/// <summary>What became of what the reader has just done, once, at the top of the next page. <c>bad</c>: nothing came of it.</summary>
[HtmlTargetElement("flash")]
public sealed class FlashTagHelper : TagHelper
{
    public bool Bad { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Become("p", Bad ? "flash flash--bad" : "flash");
        output.Attributes.SetAttribute("role", Bad ? "alert" : "status");
    }
}

/// <summary>One line over the whole page, for all pages: sample data, work on the site.</summary>
[HtmlTargetElement("banner")]
public sealed class BannerTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("p", "banner");
}

/// <summary>
/// A list with nothing in it: the content says why, <c>action</c> and <c>href</c> are the one next step. <c>heading</c> where
/// the page has none that says it. <c>whole</c>: nothing but this is on the page, the heading is its own, the content stands as written.
/// </summary>
[HtmlTargetElement("empty")]
public sealed class EmptyTagHelper(HtmlEncoder encoder) : TagHelper
{
    public string? Heading { get; set; }

    public string? Action { get; set; }

    public string? Href { get; set; }

    /// <summary>The next step is what the reader came for.</summary>
    public bool Primary { get; set; }

    public bool Whole { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Become(Whole ? "section" : "div", "empty");
        var level = Whole ? "h1" : "h2";
        if (!string.IsNullOrEmpty(Heading))
            output.PreContent.AppendHtml($"<{level}>{encoder.Encode(Heading)}</{level}>");
        if (!Whole)
        {
            output.PreContent.AppendHtml("<p>");
            output.PostContent.AppendHtml("</p>");
        }
        if (!string.IsNullOrEmpty(Href))
            output.PostContent.AppendHtml($"<a class=\"button{(Primary ? " button--primary" : "")}\" href=\"{encoder.Encode(Href)}\">{encoder.Encode(Action ?? "")}</a>");
    }
}

/// <summary>How far long work has come: a bar and the count in words. Without a total only that it runs.</summary>
[HtmlTargetElement("progress-bar", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ProgressBarTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public required string Label { get; set; }

    public long Done { get; set; }

    public long? Total { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Become("div", "progress");
        var words = Total is not { } total ? t["đang chạy"]
            : t["{0}/{1} ({2} %)", Vietnamese.Number(Done), Vietnamese.Number(total), total == 0 ? 100 : Math.Min(100, Done * 100 / total)];
        var range = Total is { } max ? $" value=\"{Math.Min(Done, max)}\" max=\"{Math.Max(max, 1)}\"" : "";
        output.Content.SetHtmlContent($"<progress aria-label=\"{encoder.Encode(Label)}\"{range}></progress><p class=\"progress__words\"><span>{encoder.Encode(Label)}</span> <b>{encoder.Encode(words)}</b></p>");
    }
}
