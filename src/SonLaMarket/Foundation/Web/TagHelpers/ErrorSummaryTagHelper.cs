using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// All messages of a refused form at its top, in the order of its fields, each a link to its field, those about the whole first; takes the focus.
/// Nothing where the form was not refused.
/// </summary>
[HtmlTargetElement("error-summary", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ErrorSummaryTagHelper(Texts t) : TagHelper
{
    private static readonly object Key = new();

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    /// <summary>A field was written, or what a page shows of it: its messages come after those of the fields before it and lead to its id.</summary>
    internal static void Seen(HttpContext context, string name, string id) => FieldsOf(context).Add((name, id));

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (ViewContext.ModelState.IsValid)
        {
            output.SuppressOutput();
            return;
        }
        ViewContext.HttpContext.NeedStyle("forms");
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "error-summary");
        output.Attributes.SetAttribute("role", "alert");
        output.Attributes.SetAttribute("tabindex", "-1");
        output.Attributes.SetAttribute("autofocus", "");
        output.Content.AppendHtml(new Messages(t["Hãy sửa các mục sau"], ViewContext.ModelState, FieldsOf(ViewContext.HttpContext)));
    }

    private static List<(string Name, string Id)> FieldsOf(HttpContext context)
    {
        if (context.Items[Key] is List<(string, string)> fields)
            return fields;
        context.Items[Key] = fields = [];
        return fields;
    }

    /// <summary>Written when the page is sent: only then have the fields below said where they stand.</summary>
    private sealed class Messages(string heading, ModelStateDictionary state, List<(string Name, string Id)> fields) : IHtmlContent
    {
        public void WriteTo(TextWriter writer, HtmlEncoder encoder)
        {
            writer.Write($"<h2>{encoder.Encode(heading)}</h2><ul>");
            foreach (var (name, entry) in state.Where(s => s.Value!.Errors.Count > 0).OrderBy(s => Place(s.Key)))
            {
                var message = encoder.Encode(entry!.Errors[0].ErrorMessage);
                // About the whole form, or about what no field of the page asks for: the row is gone, or nobody typed it.
                writer.Write(Place(name) is var at and >= 0 && at < fields.Count ? $"<li><a href=\"#{encoder.Encode(fields[at].Id)}\">{message}</a></li>" : $"<li>{message}</li>");
            }
            writer.Write("</ul>");
        }

        /// <summary>Names bind whatever their case, and so do their messages.</summary>
        private static bool IsOf((string Name, string Id) field, string name) => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase);

        private int Place(string name) => name.Length == 0 ? -1 : fields.FindIndex(f => IsOf(f, name)) is var at and >= 0 ? at : fields.Count;
    }
}
