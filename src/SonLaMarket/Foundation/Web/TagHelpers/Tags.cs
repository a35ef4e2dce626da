using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>What the components' tag helpers share.</summary>
internal static class Tags
{
    /// <summary>Makes the output an element with the component's class before whatever the view says; other attributes stay.</summary>
    public static void Become(this TagHelperOutput output, string element, string css)
    {
        output.TagName = element;
        output.TagMode = TagMode.StartTagAndEndTag;
        var own = output.Attributes["class"]?.Value?.ToString();
        output.Attributes.SetAttribute("class", string.IsNullOrWhiteSpace(own) ? css : $"{css} {own}");
    }

    /// <summary>"badge badge--ok" for "ok", "badge" for nothing.</summary>
    public static string Kind(string css, string? kind) => string.IsNullOrEmpty(kind) ? css : $"{css} {css}--{kind}";
}
