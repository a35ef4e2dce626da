using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>The search over all products, with suggestions where there is script: <c>&lt;search-box id="q-site" value="…" /&gt;</c>.</summary>
[HtmlTargetElement("search-box", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class SearchBoxTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    /// <summary>Of the box, one of its own each time a page has it.</summary>
    public required string Id { get; set; }

    /// <summary>What was searched for.</summary>
    public string? Value { get; set; }

    /// <summary>What the search is called to those who hear the page, where a page has it twice.</summary>
    public string? Label { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.Become("form", "search");
        output.Attributes.SetAttribute("action", t.To("/san-pham"));
        output.Attributes.SetAttribute("method", "get");
        output.Attributes.SetAttribute("role", "search");
        output.Attributes.SetAttribute("aria-label", string.IsNullOrEmpty(Label) ? t["Tìm trên sàn"] : Label);
        output.Attributes.SetAttribute("data-enhance", "suggest");
        var id = encoder.Encode(Id);
        output.Content.SetHtmlContent($"""
            <label class="visually-hidden" for="{id}">{encoder.Encode(t["Tìm sản phẩm"])}</label>
            <input id="{id}" name="q" type="search" maxlength="100" autocomplete="off" enterkeyhint="search" value="{encoder.Encode(Value ?? "")}">
            <button><svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2.4" aria-hidden="true"><circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/></svg> <span>{encoder.Encode(t["Tìm"])}</span></button>
            """);
    }
}
