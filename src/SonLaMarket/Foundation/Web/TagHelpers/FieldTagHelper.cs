using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// One field of a form: label above, help, the message beside it, and what was typed.
/// <code>
/// &lt;field for="Form.Phone" name="Phone" label="@T["Điện thoại"]" hint="…" type="tel" autocomplete="tel" optional="true" /&gt;
/// &lt;field name="nhom" label="@T["Nhóm hàng"]" type="select" options="…" value="@Model.Group" /&gt;
/// </code>
/// <c>type</c>: text, email, tel, password, search, number, date (a day in any usual writing), money, quantity, weight (kg, tạ, yến, tấn), textarea, select,
/// radios, checks (several of a few), months, checkbox, file. Money, weights and days are read back in words below the field; money with <c>per</c> says "một kg".
/// The message is the first one that ModelState has under the name sent, or <c>error</c>; the value is what was sent, else <c>value</c>, else the model's.
/// </summary>
[HtmlTargetElement("field", Attributes = "for", TagStructure = TagStructure.NormalOrSelfClosing)]
[HtmlTargetElement("field", Attributes = "name", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class FieldTagHelper(Texts t, HtmlEncoder encoder, TimeProvider clock) : TagHelper
{
    private string E(string text) => encoder.Encode(text);

    [HtmlAttributeName("for")]
    public ModelExpression? For { get; set; }

    /// <summary>The name under which the form sends the value, where it is not the model's own.</summary>
    public string Name { get; set; } = "";

    public string Label { get; set; } = "";

    public string Hint { get; set; } = "";

    public string Type { get; set; } = "text";

    public object? Value { get; set; }

    /// <summary>A message that is not in ModelState, such as that of one form among many on the page.</summary>
    public string? Error { get; set; }

    /// <summary>Differs from the name where several forms of a page have the same field.</summary>
    public string? Id { get; set; }

    /// <summary>Of several forms with this field, whether this one was refused: its message and what was typed are then those of ModelState. Unsaid, a field with an id of its own is never meant.</summary>
    public bool? Refused { get; set; }

    public IEnumerable<SelectListItem>? Options { get; set; }

    /// <summary>The first choice of a select, which stands for none.</summary>
    public string? None { get; set; }

    /// <summary>True adds "(không bắt buộc)" to the label.</summary>
    public bool Optional { get; set; }

    /// <summary>When it may not stay empty, said in the place of "(không bắt buộc)": "cần khi phun thuốc", "một trong hai".</summary>
    public string Needed { get; set; } = "";

    public string Autocomplete { get; set; } = "";

    /// <summary>Which keyboard a phone shows; by the type unless said.</summary>
    public string Inputmode { get; set; } = "";

    public int? Maxlength { get; set; }

    /// <summary>For type number, in the control's own writing.</summary>
    public long? Min { get; set; }

    public long? Max { get; set; }

    /// <summary>What is typed off a label: capitals, nothing corrected.</summary>
    public bool Code { get; set; }

    public int Rows { get; set; } = 4;

    /// <summary>A word for a script that improves the field (data-enhance): "search" narrows a long select while typing, "photo" shows chosen pictures.</summary>
    public string Enhance { get; set; } = "";

    public string Accept { get; set; } = "";

    /// <summary>For type file: "environment" opens the camera of a phone instead of its pictures.</summary>
    public string Capture { get; set; } = "";

    public bool Multiple { get; set; }

    public bool Disabled { get; set; }

    /// <summary>What a plain number counts, shown beside it: "kg", "hộp".</summary>
    public string Unit { get; set; } = "";

    /// <summary>The name of the select of this form whose choice says the unit (<see cref="UnitItem"/>): without script it stands in the choices alone.</summary>
    public string UnitFrom { get; set; } = "";

    /// <summary>What the amount is for, "kg" or "hộp": said after the amount in words.</summary>
    public string Per { get; set; } = "";

    /// <summary>What one of it weighs: the price of a kilogram is said too.</summary>
    public long? Grams { get; set; }

    /// <summary>The name of the radios or the select of this form that say what the amount is for.</summary>
    public string PerFrom { get; set; } = "";

    /// <summary>The name of the field of this form in which somebody types what one of it weighs.</summary>
    public string GramsFrom { get; set; } = "";

    /// <summary>Of radios: two or three short ones that stand beside each other, also on a phone. A list of such fields is answered by one touch each.</summary>
    public bool Beside { get; set; }

    /// <summary>The label is heard and not seen, where the column or the button says the same.</summary>
    public bool LabelHidden { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("forms");
        var name = Name.Length > 0 ? Name : ViewContext.ViewData.TemplateInfo.GetFullHtmlFieldName(For!.Name);
        // Razor hands an attribute that is null over as an empty text.
        var id = string.IsNullOrEmpty(Id) ? TagBuilder.CreateSanitizedId(name, "-") : Id;
        var meant = Refused ?? string.IsNullOrEmpty(Id);
        if (Type == "textarea" && For is { } model && model.Metadata.DataTypeName is not ("MultilineText" or TypedBinder.Rows))
            throw new InvalidOperationException($"{name}: a text of several lines is [DataType(DataType.MultilineText)], or its line breaks are lost");
        ViewContext.ModelState.TryGetValue(name, out var state);
        var error = !string.IsNullOrEmpty(Error) ? Error : meant ? state?.Errors.FirstOrDefault()?.ErrorMessage : null;
        if (meant || error is not null)
            ErrorSummaryTagHelper.Seen(ViewContext.HttpContext, name, id);
        var value = Type == "password" ? "" : (meant ? state?.AttemptedValue : null) ?? Text(Value ?? For?.Model);
        var group = Type is "radios" or "checks" or "months";
        output.TagName = group ? "fieldset" : "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", (group && Type != "months" ? "field choices" + (Beside ? " choices--beside" : "") : "field") + (error is null ? "" : " field--bad"));
        var echo = Echo(value);
        var notes = new FieldNotes(id, Type == "file" && KeptFiles.NamesOf(ViewContext.HttpContext, name) is { Count: > 0 } kept ? $"{KeptWords(kept)} {Hint}" : Hint, error);
        var described = (notes.Described + (Unit.Length == 0 ? "" : $" {id}-unit") + (echo is null ? "" : $" {id}-echo")).TrimStart();
        if (group && described.Length > 0)
            output.Attributes.SetAttribute("aria-describedby", described);
        var field = new FieldControl(id, name, value, Attributes(group ? "" : described, error is not null), encoder);
        if (Type == "checkbox")
        {
            output.Content.AppendHtml(field.Checkbox(Label));
            output.Content.AppendHtml(notes.Html(t, encoder));
            return;
        }
        var optional = FieldNotes.Mark(Optional, Needed, t, encoder);
        var label = LabelHidden ? "visually-hidden" : "field__label";
        output.Content.AppendHtml(group ? $"<legend class=\"{label}\">{E(Label)}{optional}</legend>" : $"<label class=\"{label}\" for=\"{E(id)}\">{E(Label)}{optional}</label>");
        output.Content.AppendHtml(notes.Html(t, encoder));
        output.Content.AppendHtml(Type switch
        {
            "textarea" => field.Textarea(Rows),
            "select" => field.Select(Choices(), Multiple),
            "radios" => field.Choices("radio", Choices()),
            "checks" => field.Choices("checkbox", Choices()),
            "months" => $"<div class=\"months\">{field.Choices("checkbox", Enumerable.Range(1, 12).Select(m => new SelectListItem(t["Tháng {0}", m], m.ToString(CultureInfo.InvariantCulture))))}</div>",
            "file" => field.File(Accept, Multiple),
            // The script has a calendar to pick from; its place is kept from the first.
            "date" => $"<div class=\"field__with\">{field.Input("text")}<button type=\"button\" class=\"button field__pick awaits\">{E(t["Mở lịch"])}</button></div>",
            _ when Unit.Length > 0 => $"<div class=\"field__with\">{field.Input("text")}<span class=\"field__unit{(UnitFrom.Length > 0 ? " awaits" : "")}\" id=\"{E(id)}-unit\">{E(Unit)}</span></div>",
            _ => field.Input(Type is "money" or "quantity" or "weight" or "area" ? "text" : Type),
        });
        if (echo is not null)
            output.Content.AppendHtml($"<p class=\"field__echo\" id=\"{E(id)}-echo\" aria-live=\"polite\">{E(echo)}</p>");
    }

    private IEnumerable<SelectListItem> Choices() => string.IsNullOrEmpty(None) ? Options ?? [] : (Options ?? []).Prepend(new SelectListItem(None, ""));

    private string KeptWords(IReadOnlyList<string> names) => t["Đã giữ tệp {0}. Chọn tệp khác nếu muốn thay.", string.Join(", ", names.Take(5)) + (names.Count > 5 ? "…" : "")];

    /// <summary>What was typed, as understood; null where nothing is read back.</summary>
    private string? Echo(string value) => TypedEcho.Kinds.Contains(Type) ? TypedEcho.Of(Type, value, Per, Vietnamese.Today(clock), t, Grams) : null;

    private string Attributes(string described, bool invalid)
    {
        var keyboard = Inputmode.Length > 0 ? Inputmode : Type switch { "money" or "number" => "numeric", "quantity" => "decimal", "tel" => "tel", "email" => "email", _ => "" };
        var autocomplete = Autocomplete.Length > 0 ? Autocomplete : TypedEcho.Kinds.Contains(Type) || Type == "quantity" ? "off" : "";
        var longest = Maxlength ?? (Type switch { "money" or "date" => 40, "weight" or "quantity" => 20, "area" => 30, _ => null });
        return string.Concat(
            autocomplete.Length == 0 ? "" : $" autocomplete=\"{E(autocomplete)}\"",
            keyboard.Length == 0 ? "" : $" inputmode=\"{E(keyboard)}\"",
            longest is null ? "" : $" maxlength=\"{longest}\"",
            Min is null ? "" : $" min=\"{Min}\"",
            Max is null ? "" : $" max=\"{Max}\"",
            Code ? " autocapitalize=\"characters\" spellcheck=\"false\"" : "",
            Capture.Length == 0 ? "" : $" capture=\"{E(Capture)}\"",
            Enhance.Length == 0 ? "" : $" data-enhance=\"{E(Enhance)}\"",
            TypedEcho.Kinds.Contains(Type) ? $" data-echo=\"{Type}\"" : "",
            Per.Length == 0 ? "" : $" data-per=\"{E(Per)}\"",
            Grams is null ? "" : $" data-grams=\"{Grams}\"",
            PerFrom.Length == 0 ? "" : $" data-per-from=\"{E(PerFrom)}\"",
            GramsFrom.Length == 0 ? "" : $" data-grams-from=\"{E(GramsFrom)}\"",
            UnitFrom.Length == 0 ? "" : $" data-unit-from=\"{E(UnitFrom)}\"",
            Disabled ? " disabled" : "",
            described.Length == 0 ? "" : $" aria-describedby=\"{E(described)}\"",
            invalid ? " aria-invalid=\"true\"" : "");
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool b => b ? "true" : "false",
        Vnd vnd => Vietnamese.Number(vnd.Amount),
        Kilograms weight => Vietnamese.Number(weight.Value),
        decimal number => Vietnamese.Number(number),
        DateOnly day => Vietnamese.Date(day),
        System.Collections.IEnumerable many and not string => string.Join(',', many.Cast<object>()),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
