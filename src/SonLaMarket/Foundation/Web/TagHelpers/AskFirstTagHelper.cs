using System.Text.RegularExpressions;
using System.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// <c>&lt;button class="button button--danger" ask="@T["Đóng tin đăng này?"]"&gt;</c> asks before its form does anything: in a dialog with script, on a page
/// without. The words of the button are the answer.
/// </summary>
[HtmlTargetElement("button", Attributes = "ask")]
public sealed partial class AskFirstTagHelper(AskFirst asking) : TagHelper
{
    /// <summary>Empty where there is nothing to ask, which is also what a view makes of null.</summary>
    public required string Ask { get; set; }

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        if (string.IsNullOrEmpty(Ask))
            return;
        var verb = HttpUtility.HtmlDecode(AnyTag().Replace((await output.GetChildContentAsync()).GetContent(), "")).Trim();
        output.Attributes.SetAttribute("name", AskFirst.Field);
        output.Attributes.SetAttribute("value", asking.Seal(Ask, verb));
        output.Attributes.SetAttribute("data-ask", Ask);
    }

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex AnyTag();
}
