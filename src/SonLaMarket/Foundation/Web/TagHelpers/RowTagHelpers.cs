using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>A list of things with something to do about each: <c>&lt;row&gt;</c>s. In a row, .row__main grows and .row__do stands at its end.</summary>
[HtmlTargetElement("rows")]
public sealed class RowsTagHelper : TagHelper
{
    /// <summary>Their order is meant: what is done one after the other.</summary>
    public bool Ordered { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become(Ordered ? "ol" : "ul", "rows");
}

[HtmlTargetElement("row", ParentTag = "rows")]
public sealed class RowTagHelper : TagHelper
{
    public override void Process(TagHelperContext context, TagHelperOutput output) => output.Become("li", "row");
}
