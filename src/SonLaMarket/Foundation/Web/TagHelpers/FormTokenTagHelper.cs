using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// Puts the antiforgery token, a key of its own (<see cref="SentForms"/>) and whom it was shown for (<see cref="ShownFor"/>) into every form that posts. The framework leaves the
/// token out where an action is written, taking the form for another site's; a page that may be cached must not carry them
/// (<see cref="SameSiteFormAttribute"/>).
/// </summary>
[HtmlTargetElement("form", Attributes = "[method='post']")]
public sealed class FormTokenTagHelper(IHtmlGenerator generator, ShownFor shown) : TagHelper
{
    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var written = context.AllAttributes["action"]?.Value?.ToString() is { Length: > 0 };
        var http = ViewContext.HttpContext;
        var mayBeCached = http.GetEndpoint()?.Metadata.GetMetadata<PublicPageAttribute>() is not null && http.User.Identity?.IsAuthenticated != true;
        if (!written || context.AllAttributes.ContainsName("asp-antiforgery") || mayBeCached)
            return;
        output.PostContent.AppendHtml(generator.GenerateAntiforgery(ViewContext));
        output.PostContent.AppendHtml($"<input type=\"hidden\" name=\"{SentForms.Field}\" value=\"{Guid.NewGuid()}\">");
        if (shown.Seal(http) is { } producer)
            output.PostContent.AppendHtml($"<input type=\"hidden\" name=\"{ShownFor.Field}\" value=\"{producer}\">");
    }
}
