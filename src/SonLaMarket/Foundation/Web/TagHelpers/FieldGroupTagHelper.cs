using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// A field of several controls that the view writes itself (months, photos, certificates), with the legend, help and message of every field:
/// <c>&lt;field-group name="Months" label="@T["Mùa vụ"]" hint="…" optional="true"&gt;…&lt;/field-group&gt;</c>. The message is ModelState's under the name, or <c>error</c>.
/// </summary>
[HtmlTargetElement("field-group")]
public sealed class FieldGroupTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    public required string Name { get; set; }

    public required string Label { get; set; }

    public string Hint { get; set; } = "";

    public bool Optional { get; set; }

    /// <summary>When it may not stay empty, said in the place of "(không bắt buộc)": "cần khi phun thuốc".</summary>
    public string Needed { get; set; } = "";

    public string? Error { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("forms");
        var id = TagBuilder.CreateSanitizedId(Name, "-");
        var notes = new FieldNotes(id, Hint, !string.IsNullOrEmpty(Error) ? Error : ViewContext.ModelState.TryGetValue(Name, out var state) ? state.Errors.FirstOrDefault()?.ErrorMessage : null);
        ErrorSummaryTagHelper.Seen(ViewContext.HttpContext, Name, id);
        output.Become("fieldset", notes.Error is null ? "field" : "field field--bad");
        output.Attributes.SetAttribute("id", id);
        if (notes.Described.Length > 0)
            output.Attributes.SetAttribute("aria-describedby", notes.Described);
        output.PreContent.SetHtmlContent($"<legend class=\"field__label\">{encoder.Encode(Label)}{FieldNotes.Mark(Optional, Needed, t, encoder)}</legend>{notes.Html(t, encoder)}");
        output.Content.SetHtmlContent(await output.GetChildContentAsync());
    }
}

/// <summary>Help and message of a field, and what names them to those who hear the page.</summary>
internal sealed record FieldNotes(string Id, string Hint, string? Error)
{
    public string Described => string.Join(' ', new[] { Hint.Length == 0 ? null : Id + "-hint", Error is null ? null : Id + "-error" }.OfType<string>());

    /// <summary>After the label: that the field may stay empty, or when it may not; nothing of a field that every sender fills in.</summary>
    public static string Mark(bool optional, string needed, Texts t, HtmlEncoder encoder) =>
        needed.Length == 0 && !optional ? "" : $" <span class=\"field__optional\">{encoder.Encode(needed.Length == 0 ? t["(không bắt buộc)"] : $"({needed})")}</span>";

    public string Html(Texts t, HtmlEncoder encoder) =>
        (Hint.Length == 0 ? "" : $"<p class=\"field__hint\" id=\"{encoder.Encode(Id)}-hint\">{encoder.Encode(Hint)}</p>")
        + (Error is null ? "" : $"<p class=\"field__error\" id=\"{encoder.Encode(Id)}-error\"><span class=\"visually-hidden\">{encoder.Encode(t["Lỗi:"])}</span> {encoder.Encode(Error)}</p>");
}
