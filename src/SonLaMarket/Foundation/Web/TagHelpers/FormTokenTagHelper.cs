using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// Puts the antiforgery token, a key of its own (<see cref="SentForms"/>), that of its files (<see cref="KeptFiles"/>) and whom it was shown for (<see cref="ShownFor"/>) into every form that posts. The framework leaves the
/// token out where an action is written, taking the form for another site's; a page that may be cached must not carry them
/// (<see cref="SameSiteFormAttribute"/>). What is typed into such a form stays in the browser until the server has it (js/keep.js, data-keep), unless it is a secret.
/// </summary>
[HtmlTargetElement("form", Attributes = "[method='post']")]
public sealed partial class FormTokenTagHelper(IHtmlGenerator generator, ShownFor shown) : TagHelper
{
    /// <summary>False for a form whose fields are not to be kept in the browser until the server has them: keys, and what is typed again in a moment.</summary>
    public bool Keep { get; set; } = true;

    /// <summary>What the form shows of what is stored (<see cref="Web.Seen"/>); null where nothing is changed by it.</summary>
    public object? Seen { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var action = context.AllAttributes["action"]?.Value?.ToString() ?? "";
        var http = ViewContext.HttpContext;
        var mayBeCached = http.GetEndpoint()?.Metadata.GetMetadata<PublicPageAttribute>() is not null && http.User.Identity?.IsAuthenticated != true;
        if (action.Length == 0 || context.AllAttributes.ContainsName("asp-antiforgery") || mayBeCached)
            return;
        output.PostContent.AppendHtml(generator.GenerateAntiforgery(ViewContext));
        Hide(output, SentForms.Field, CarriedKey(http, action) ?? Guid.NewGuid().ToString());
        if (shown.Seal(http) is { } producer)
            Hide(output, ShownFor.Field, producer);
        if (KeptFiles.KeyOf(http) is { } kept && Path(action) == Path(http.Request.Path))
            Hide(output, KeptFiles.Field, kept.ToString());
        if (Seen is not null)
            Hide(output, Web.Seen.Field, CarriedMark(http) ?? Web.Seen.Of(Seen));
        if (Keep && !context.AllAttributes.ContainsName("data-enhance") && KeptFrom((await output.GetChildContentAsync()).GetContent()) is { } first)
            output.Attributes.SetAttribute("data-keep", $"{Path(action)}#{first}{(http.User.FindId() is { } id ? " " + Convert.ToHexStringLower(Codes.Hash($"keep {id}").AsSpan(0, 6)) : "")}");
    }

    private static void Hide(TagHelperOutput output, string name, string value) => output.PostContent.AppendHtml($"<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");

    /// <summary>A page that asks once more about a form is still that form: what the browser kept of it goes with the answer.</summary>
    private static string? CarriedKey(HttpContext http, string action) =>
        HttpMethods.IsPost(http.Request.Method) && http.Response.StatusCode == StatusCodes.Status200OK && http.Request.HasFormContentType && Path(action) == http.Request.Path
            && Guid.TryParse(http.Request.Form[SentForms.Field], out var key) ? key.ToString() : null;

    /// <summary>A form that was refused is still filled in over what was seen first.</summary>
    private static string? CarriedMark(HttpContext http) =>
        http.Response.StatusCode == StatusCodes.Status422UnprocessableEntity && http.Request.HasFormContentType && http.Request.Form[Web.Seen.Field] is [{ Length: 20 } mark] && mark.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? mark : null;

    /// <summary>The same in both languages, and on whatever page of a list.</summary>
    private static string Path(string action) => (action.StartsWith(Language.Prefix + "/", StringComparison.Ordinal) ? action[Language.Prefix.Length..] : action).Split('?')[0];

    /// <summary>
    /// The id of the first field with a text or photos, which tells the forms of a page apart; null where nothing is typed, or a password, a code or a name to
    /// sign in with, which no browser is to keep for us.
    /// </summary>
    private static string? KeptFrom(string html)
    {
        string? first = null;
        foreach (Match control in Controls().Matches(html))
        {
            var tag = control.Value;
            if (Secret().IsMatch(tag))
                return null;
            if (first is null && (tag.StartsWith("<textarea", StringComparison.Ordinal) || Typed().IsMatch(tag)))
                first = Id().Match(tag) is { Success: true } id ? id.Groups["id"].Value : null;
        }
        return first;
    }

    [GeneratedRegex("<(input|textarea)\\b[^>]*>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Controls();

    [GeneratedRegex("type=\"password\"|autocomplete=\"(one-time-code|username|current-password|new-password)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();

    [GeneratedRegex("type=\"(text|tel|email|url|file)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Typed();

    [GeneratedRegex(" id=\"(?<id>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
