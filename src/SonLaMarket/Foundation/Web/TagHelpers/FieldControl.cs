using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>An option that a search in a long list also finds under other names, written one after the other with semicolons between.</summary>
public sealed class FoundItem(string text, string value, string words) : SelectListItem(text, value)
{
    public string Words => words;

    /// <summary>A commune, found also under the names of before July 2025 that it was made of.</summary>
    public static FoundItem Of(Data.Commune commune, SelectListGroup? group = null) => new(commune.Label, commune.Code, commune.Former) { Group = group };
}

/// <summary>An option that says what a number in another field of the form counts.</summary>
public sealed class UnitItem(string text, string value, string unit) : SelectListItem(text, value)
{
    public string Unit => unit;
}

/// <summary>The control inside a field, as HTML. Several values are separated by commas, as forms send them back.</summary>
/// <param name="Attributes">Written as they are: encoded already.</param>
internal sealed record FieldControl(string Id, string Name, string Value, string Attributes, HtmlEncoder Encoder)
{
    private string E(string text) => Encoder.Encode(text);

    private string Named => $"id=\"{E(Id)}\" name=\"{E(Name)}\"";

    public string Input(string type) => $"<input type=\"{E(type)}\" {Named} value=\"{E(Value)}\"{Attributes}>";

    // A line break right after the tag belongs to the tag, not to the text.
    public string Textarea(int rows) => $"<textarea {Named} rows=\"{rows}\"{Attributes}>\n{E(Value)}</textarea>";

    public string File(string accept, bool multiple) => $"<input type=\"file\" {Named}{(accept.Length == 0 ? "" : $" accept=\"{E(accept)}\"")}{(multiple ? " multiple" : "")}{Attributes}>";

    /// <summary>A hidden "false" after the box says that the form had it.</summary>
    public string Checkbox(string label) =>
        $"<label class=\"check\"><input type=\"checkbox\" {Named} value=\"true\"{(Value.Split(',')[0] is "true" or "True" or "on" ? " checked" : "")}{Attributes}> <span>{E(label)}</span></label><input type=\"hidden\" name=\"{E(Name)}\" value=\"false\">";

    public string Select(IEnumerable<SelectListItem> options, bool multiple)
    {
        var html = new StringBuilder($"<select {Named}{(multiple ? " multiple" : "")}{Attributes}>");
        var chosen = multiple ? Value.Split(',') : [Value];
        string? group = null;
        foreach (var option in options)
        {
            if (option.Group?.Name != group)
            {
                html.Append(group is null ? "" : "</optgroup>").Append(option.Group is null ? "" : $"<optgroup label=\"{E(option.Group.Name)}\">");
                group = option.Group?.Name;
            }
            var words = option is FoundItem { Words.Length: > 0 } found ? $" data-words=\"{E(found.Words)}\"" : option is UnitItem counted ? $" data-unit=\"{E(counted.Unit)}\"" : "";
            html.Append($"<option value=\"{E(option.Value)}\"{(chosen.Contains(option.Value) ? " selected" : "")}{(option.Disabled ? " disabled" : "")}{words}>{E(option.Text)}</option>");
        }
        return html.Append(group is null ? "" : "</optgroup>").Append("</select>").ToString();
    }

    /// <param name="kind">radio or checkbox</param>
    public string Choices(string kind, IEnumerable<SelectListItem> options)
    {
        var chosen = kind == "checkbox" ? Value.Split(',') : [Value];
        return string.Concat(options.Select((option, i) =>
            $"<label class=\"check\"><input type=\"{kind}\" id=\"{E(i == 0 ? Id : $"{Id}-{i}")}\" name=\"{E(Name)}\" value=\"{E(option.Value)}\"{(chosen.Contains(option.Value) ? " checked" : "")}{(option.Disabled ? " disabled" : "")}{Attributes}> <span>{E(option.Text)}</span></label>"));
    }
}
