using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// Where the reader is in a walk of some pages: <c>&lt;steps at="2" of="@(new[] { new Step(T["Giỏ hàng"], T.To("/gio-hang")), … })" /&gt;</c>. Steps that are done lead back.
/// A walk of many short pages has a <c>count</c> and no names.
/// </summary>
[HtmlTargetElement("steps", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class StepsTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    /// <summary>The present step, from 1.</summary>
    public required int At { get; set; }

    public IReadOnlyList<Step> Of { get; set; } = [];

    public int Count { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var words = t["Bước {0} trong {1}", At, Count > 0 ? Count : Of.Count];
        if (Of.Count == 0)
        {
            output.Become("p", "muted");
            output.Content.SetContent(words);
            return;
        }
        ViewContext.HttpContext.NeedStyle("forms");
        output.Become("ol", "steps");
        output.Attributes.SetAttribute("aria-label", words);
        for (var i = 1; i <= Of.Count; i++)
        {
            var step = Of[i - 1];
            var label = encoder.Encode(step.Label);
            output.Content.AppendHtml(i == At ? $"<li aria-current=\"step\">{label}</li>"
                : i > At ? $"<li>{label}</li>"
                : step.Path is { Length: > 0 } path ? $"<li class=\"done\"><a href=\"{encoder.Encode(path)}\">{label}</a></li>"
                : $"<li class=\"done\">{label}</li>");
        }
    }
}

public sealed record Step(string Label, string? Path = null);

/// <summary>Work in parts that can be left and taken up again; says how many of its <c>&lt;task&gt;</c>s are done.</summary>
[HtmlTargetElement("task-list")]
public sealed class TaskListTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("forms");
        var states = new List<string>();
        context.Items[typeof(TaskListTagHelper)] = states;
        await output.GetChildContentAsync();
        output.Become("ol", "task-list");
        output.PreElement.AppendHtml($"<p class=\"task-list__sum\">{encoder.Encode(t["Đã xong {0}/{1} phần", states.Count(s => s == "done"), states.Count])}</p>");
    }
}

/// <summary>A part of a task list: a link and its state, one of done, doing, todo, fix (returned with a reason), locked (an earlier part comes first).</summary>
[HtmlTargetElement("task", ParentTag = "task-list")]
public sealed class TaskTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public required string Label { get; set; }

    public required string State { get; set; }

    public string? Path { get; set; }

    /// <summary>What is in it, or why it waits.</summary>
    public string? Hint { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ((List<string>)context.Items[typeof(TaskListTagHelper)]).Add(State);
        var (kind, words) = State switch
        {
            "done" => ("ok", t["Xong"]),
            "doing" => ("info", t["Đang làm"]),
            "fix" => ("bad", t["Cần sửa"]),
            "locked" => ("quiet", t["Chưa làm được"]),
            _ => ("warn", t["Chưa bắt đầu"]),
        };
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        var label = encoder.Encode(Label);
        output.Content.SetHtmlContent("<div>" + (State == "locked" || string.IsNullOrEmpty(Path) ? $"<b>{label}</b>" : $"<a href=\"{encoder.Encode(Path)}\">{label}</a>")
            + (string.IsNullOrEmpty(Hint) ? "" : $"<p class=\"muted small\">{encoder.Encode(Hint)}</p>") + $"</div><span class=\"badge badge--{kind}\">{encoder.Encode(words)}</span>");
    }
}

/// <summary>What happened, in order: <c>&lt;happening&gt;</c>s.</summary>
[HtmlTargetElement("timeline")]
public sealed class TimelineTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("ol", "timeline");
}

/// <summary>One thing that happened: when, what, by whom; details are the content. <c>old</c>: corrected later.</summary>
[HtmlTargetElement("happening", ParentTag = "timeline")]
public sealed class HappeningTagHelper(HtmlEncoder encoder) : TagHelper
{
    public DateTimeOffset? At { get; set; }

    public DateOnly? On { get; set; }

    public required string What { get; set; }

    public string? By { get; set; }

    public bool Old { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Old)
            output.Attributes.SetAttribute("class", "timeline__old");
        output.PreContent.SetHtmlContent($"<p>{When.Html(At, On)} <strong>{encoder.Encode(What)}</strong>"
            + (string.IsNullOrEmpty(By) ? "" : $" <span class=\"muted\">· {encoder.Encode(By)}</span>") + "</p>");
    }
}

/// <summary>What is known of a thing, name and value: <c>&lt;fact&gt;</c>s.</summary>
[HtmlTargetElement("facts")]
public sealed class FactsTagHelper : TagHelper
{
    /// <summary>In one column, however wide the page.</summary>
    public bool Single { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("dl", Single ? "facts facts--one" : "facts");
}

/// <summary>Amounts that make up a sum: <c>&lt;fact&gt;</c>s, the sum last.</summary>
[HtmlTargetElement("sums")]
public sealed class SumsTagHelper : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("cart");
        output.Become("dl", "totals");
    }
}

/// <summary>One thing known: its name, and its value as content; a <c>small</c> in it says who says so, or where it is changed.</summary>
[HtmlTargetElement("fact")]
public sealed class FactTagHelper(HtmlEncoder encoder) : TagHelper
{
    public required string Label { get; set; }

    /// <summary>Of amounts, what they come to.</summary>
    public bool Sum { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Sum)
            output.Attributes.SetAttribute("class", "totals__sum");
        output.PreContent.SetHtmlContent($"<dt>{encoder.Encode(Label)}</dt><dd>");
        output.PostContent.SetHtmlContent("</dd>");
    }
}

/// <summary>The way up from a page: <c>&lt;crumb&gt;</c>s from the top down, the page itself last, where it is said.</summary>
[HtmlTargetElement("crumbs")]
public sealed class CrumbsTagHelper(Texts t) : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("aria-label", t["Đường dẫn"]);
        output.PreContent.SetHtmlContent("<ol class=\"crumbs\">");
        output.PostContent.SetHtmlContent("</ol>");
    }
}

/// <summary>A page above; without an address this page.</summary>
[HtmlTargetElement("crumb", ParentTag = "crumbs")]
public sealed class CrumbTagHelper(HtmlEncoder encoder) : TagHelper
{
    public string? Href { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.PreContent.SetHtmlContent(string.IsNullOrEmpty(Href) ? "<span aria-current=\"page\">" : $"<a href=\"{encoder.Encode(Href)}\">");
        output.PostContent.SetHtmlContent(string.IsNullOrEmpty(Href) ? "</span>" : "</a>");
    }
}

/// <summary>Ways to narrow a list, each with how much it leaves: <c>&lt;filter-chip&gt;</c>s.</summary>
[HtmlTargetElement("filter-chips")]
public sealed class FilterChipsTagHelper : TagHelper
{
    public required string Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "nav";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("aria-label", Label);
        output.PreContent.SetHtmlContent("<ul class=\"chips\">");
        output.PostContent.SetHtmlContent("</ul>");
    }
}

[HtmlTargetElement("filter-chip", ParentTag = "filter-chips")]
public sealed class FilterChipTagHelper(HtmlEncoder encoder) : TagHelper
{
    public required string Href { get; set; }

    public long? Count { get; set; }

    public bool Current { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.PreContent.SetHtmlContent($"<a class=\"chip\" href=\"{encoder.Encode(Href)}\"{(Current ? " aria-current=\"page\"" : "")}>");
        output.PostContent.SetHtmlContent((Count is { } count ? $" <span class=\"count\">{Vietnamese.Number(count)}</span>" : "") + "</a>");
    }
}

/// <summary>How much there is of each, in large figures that lead to it: <c>&lt;tally&gt;</c>s.</summary>
[HtmlTargetElement("tallies")]
public sealed class TalliesTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("ul", "counts");
}

/// <summary>One figure with its words (the content). <c>bad</c>: anything but none of it is trouble.</summary>
[HtmlTargetElement("tally", ParentTag = "tallies")]
public sealed class TallyTagHelper(HtmlEncoder encoder) : TagHelper
{
    public required long Count { get; set; }

    public required string Href { get; set; }

    public bool Bad { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "li";
        output.TagMode = TagMode.StartTagAndEndTag;
        if (Bad && Count > 0)
            output.Attributes.SetAttribute("class", "counts__bad");
        output.PreContent.SetHtmlContent($"<a href=\"{encoder.Encode(Href)}\"><strong>{Vietnamese.Number(Count)}</strong> ");
        output.PostContent.SetHtmlContent("</a>");
    }
}
