using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary><c>&lt;table class="data"&gt;</c> brings tables.css along.</summary>
[HtmlTargetElement("table", Attributes = "[class=data]")]
public sealed class DataTableTagHelper : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output) => ViewContext.HttpContext.NeedStyle("tables");
}
