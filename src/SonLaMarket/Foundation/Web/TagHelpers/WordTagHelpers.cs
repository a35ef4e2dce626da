using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
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
        output.Content.SetHtmlContent(When.Html(At, On));
    }
}

/// <summary>What the word writes, for the trace page: it is made anew for each of thousands of labels, with dozens of days on it.</summary>
public static class When
{
    public static IHtmlContent At(DateTimeOffset at) => new HtmlString(Html(at, null));

    /// <summary>A time of which only the day is kept is told as a day: it is midnight in Vietnam to the last digit.</summary>
    public static IHtmlContent DayOr(DateTimeOffset? at) => at is { } instant && Vietnamese.Local(instant).TimeOfDay == TimeSpan.Zero ? On(Vietnamese.Day(instant)) : new HtmlString(Html(at, null));

    public static IHtmlContent On(DateOnly? on) => new HtmlString(Html(null, on));

    internal static string Html(DateTimeOffset? at, DateOnly? on) =>
        at is { } instant ? $"<time datetime=\"{instant.UtcDateTime.ToString("s", CultureInfo.InvariantCulture)}Z\">{Vietnamese.DateTime(instant)}</time>"
        : on is { } day ? $"<time datetime=\"{day.ToString("O", CultureInfo.InvariantCulture)}\">{Vietnamese.Date(day)}</time>"
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

/// <summary>Ways to hand a page on: a plain link to Zalo, which works inside other apps and without script, and what the browser has besides (js/share.js).</summary>
[HtmlTargetElement("share-row", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ShareRowTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    /// <summary>Whole, with scheme and host.</summary>
    public required string Address { get; set; }

    public required string Title { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Become("div", "cluster share");
        output.Attributes.SetAttribute("data-enhance", "share");
        output.Attributes.SetAttribute("data-address", Address);
        output.Attributes.SetAttribute("data-title", Title);
        output.Content.SetHtmlContent($"""
            <a class="button button--quiet" href="{encoder.Encode(Share.Zalo(Address))}" rel="noopener nofollow">{encoder.Encode(t["Gửi qua Zalo"])}</a>
            <button type="button" class="button button--quiet" data-share="copy" data-done="{encoder.Encode(t["Đã chép liên kết"])}" hidden>{encoder.Encode(t["Chép liên kết"])}</button>
            <button type="button" class="button button--quiet" data-share="send" hidden>{encoder.Encode(t["Chia sẻ"])}</button>
            <span class="visually-hidden" role="status"></span>
            """);
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
