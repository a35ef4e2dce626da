using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// One field of a form: label above, help, the message beside it, and what was typed. <c>type</c> is text, email, tel,
/// password, number, date, textarea, select, radios, checkbox or file; select and radios take <c>options</c>.
/// <code>
/// &lt;field for="Form.Phone" name="Phone" label="@T["Điện thoại"]" hint="…" type="tel" autocomplete="tel" optional="true"&gt;&lt;/field&gt;
/// </code>
/// The message is the first one that ModelState has under the name sent; the value is what was sent, else the model's.
/// <c>enhance</c>: "search" narrows a long select while typing, "photo" shows chosen pictures (js/app.js).
/// </summary>
[HtmlTargetElement("field", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FieldTagHelper(Texts t, HtmlEncoder encoder) : TagHelper
{
    [HtmlAttributeName("for")]
    public required ModelExpression For { get; set; }

    public string Label { get; set; } = "";

    public string Hint { get; set; } = "";

    public string Type { get; set; } = "text";

    public IEnumerable<SelectListItem>? Options { get; set; }

    /// <summary>True adds "(không bắt buộc)" to the label.</summary>
    public bool Optional { get; set; }

    public string Autocomplete { get; set; } = "";

    public string Inputmode { get; set; } = "";

    public int? Maxlength { get; set; }

    public int Rows { get; set; } = 4;

    /// <summary>The name under which the form sends the value, where it is not the model's own.</summary>
    public string Name { get; set; } = "";

    /// <summary>A word for a script that improves the field (data-enhance).</summary>
    public string Enhance { get; set; } = "";

    public string Accept { get; set; } = "";

    public bool Multiple { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("forms");
        var name = Name.Length > 0 ? Name : ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For.Name);
        var id = TagBuilder.CreateSanitizedId(name, "-");
        ErrorSummaryTagHelper.Seen(ViewContext.HttpContext, name);
        ViewContext.ModelState.TryGetValue(name, out var state);
        var error = state?.Errors.FirstOrDefault()?.ErrorMessage;
        var value = Type == "password" ? "" : state?.AttemptedValue ?? Text(For.Model);
        output.TagName = Type == "radios" ? "fieldset" : "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", (Type == "radios" ? "field choices" : "field") + (error is null ? "" : " field--bad"));
        var described = string.Join(' ', new[] { Hint.Length == 0 ? null : id + "-hint", error is null ? null : id + "-error" }.Where(d => d is not null));
        var attributes = Attributes(described, error is not null);
        var html = output.Content;
        if (Type == "checkbox")
        {
            var on = value.Split(',')[0] is "true" or "True" or "on";
            html.AppendHtml($"<label class=\"check\"><input type=\"checkbox\" id=\"{id}\" name=\"{name}\" value=\"true\"{(on ? " checked" : "")}{attributes}> <span>{E(Label)}</span></label><input type=\"hidden\" name=\"{name}\" value=\"false\">");
            Notes(html, id, error);
            return;
        }
        var optional = Optional ? $" <span class=\"field__optional\">{E(t["(không bắt buộc)"])}</span>" : "";
        html.AppendHtml(Type == "radios" ? $"<legend class=\"field__label\">{E(Label)}{optional}</legend>" : $"<label class=\"field__label\" for=\"{id}\">{E(Label)}{optional}</label>");
        Notes(html, id, error);
        html.AppendHtml(Type switch
        {
            "textarea" => $"<textarea id=\"{id}\" name=\"{name}\" rows=\"{Rows}\"{attributes}>\n{E(value)}</textarea>",
            "select" => Select(id, name, value, attributes),
            "radios" => Radios(id, name, value, attributes),
            "file" => $"<input type=\"file\" id=\"{id}\" name=\"{name}\"{(Accept.Length == 0 ? "" : $" accept=\"{E(Accept)}\"")}{(Multiple ? " multiple" : "")}{attributes}>",
            _ => $"<input type=\"{Type}\" id=\"{id}\" name=\"{name}\" value=\"{E(value)}\"{attributes}>",
        });
    }

    private string E(string text) => encoder.Encode(text);

    private void Notes(TagHelperContent html, string id, string? error)
    {
        if (Hint.Length > 0)
            html.AppendHtml($"<p class=\"field__hint\" id=\"{id}-hint\">{E(Hint)}</p>");
        if (error is not null)
            html.AppendHtml($"<p class=\"field__error\" id=\"{id}-error\"><span class=\"visually-hidden\">{E(t["Lỗi:"])}</span> {E(error)}</p>");
    }

    private string Attributes(string described, bool invalid) => string.Concat(
        Autocomplete.Length == 0 ? "" : $" autocomplete=\"{E(Autocomplete)}\"",
        Inputmode.Length == 0 ? "" : $" inputmode=\"{E(Inputmode)}\"",
        Maxlength is null ? "" : $" maxlength=\"{Maxlength}\"",
        Enhance.Length == 0 ? "" : $" data-enhance=\"{E(Enhance)}\"",
        described.Length == 0 ? "" : $" aria-describedby=\"{described}\"",
        invalid ? " aria-invalid=\"true\"" : "");

    private string Select(string id, string name, string value, string attributes)
    {
        var html = new System.Text.StringBuilder($"<select id=\"{id}\" name=\"{name}\"{(Multiple ? " multiple" : "")}{attributes}>");
        var chosen = value.Split(',');
        string? group = null;
        foreach (var option in Options ?? [])
        {
            if (option.Group?.Name != group)
            {
                html.Append(group is null ? "" : "</optgroup>").Append(option.Group is null ? "" : $"<optgroup label=\"{E(option.Group.Name)}\">");
                group = option.Group?.Name;
            }
            html.Append($"<option value=\"{E(option.Value)}\"{(chosen.Contains(option.Value) ? " selected" : "")}>{E(option.Text)}</option>");
        }
        return html.Append(group is null ? "" : "</optgroup>").Append("</select>").ToString();
    }

    private string Radios(string id, string name, string value, string attributes) => string.Concat((Options ?? []).Select((option, i) =>
        $"<label class=\"check\"><input type=\"radio\" id=\"{(i == 0 ? id : $"{id}-{i}")}\" name=\"{name}\" value=\"{E(option.Value)}\"{(option.Value == value ? " checked" : "")}{attributes}> <span>{E(option.Text)}</span></label>"));

    private static string Text(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        Vnd vnd => Vietnamese.Number(vnd.Amount),
        decimal number => Vietnamese.Number(number),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        System.Collections.IEnumerable many and not string => string.Join(',', many.Cast<object>()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
