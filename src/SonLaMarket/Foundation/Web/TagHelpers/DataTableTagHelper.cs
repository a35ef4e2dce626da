using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace SonLaMarket.Foundation.Web.TagHelpers;

/// <summary>
/// A table, on a phone a card for each row: <c>&lt;data-table caption="…"&gt;&lt;thead&gt;…&lt;tbody&gt;…&lt;/data-table&gt;</c>. The cells of the cards get
/// their labels from the heads; a row that begins with a <c>th</c> has its card headed by it. The caption names the table for those who hear it; it is shown where <c>shown</c> is true. A table that is wider than its
/// place is moved sideways, by the keyboard too: the place takes the focus (a script takes that away where nothing moves).
/// </summary>
[HtmlTargetElement("data-table")]
public sealed partial class DataTableTagHelper(HtmlEncoder encoder) : TagHelper
{
    public required string Caption { get; set; }

    public bool Shown { get; set; }

    [HtmlAttributeNotBound]
    [ViewContext]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        ViewContext.HttpContext.NeedStyle("tables");
        var rows = (await output.GetChildContentAsync()).GetContent();
        output.Become("section", "table-wrap");
        output.Attributes.SetAttribute("aria-label", Caption);
        output.Attributes.SetAttribute("tabindex", "0");
        output.Content.SetHtmlContent($"<table class=\"data\" role=\"table\"><caption{(Shown ? "" : " class=\"visually-hidden\"")}>{encoder.Encode(Caption)}</caption>{Labelled(rows)}</table>");
    }

    /// <summary>The rows with data-label on every cell, from the heads in their order, and one box for what a cell holds. Text is encoded, so tags are only tags.</summary>
    private static string Labelled(string rows)
    {
        var heads = new List<string>();
        var result = new StringBuilder(rows.Length * 5 / 4);
        var (at, cell, inHead) = (0, 0, false);
        foreach (Match tag in Tag().Matches(rows))
        {
            result.Append(rows, at, tag.Index - at);
            at = tag.Index + tag.Length;
            var (name, attributes) = (tag.Groups["name"].Value, tag.Groups["attributes"].Value);
            if (name is "/td" or "/th")
            {
                result.Append(inHead ? "" : "</div>").Append('<').Append(name).Append('>');
                continue;
            }
            inHead = name switch { "thead" => true, "tbody" or "tfoot" => false, _ => inHead };
            if (name == "tr")
                cell = 0;
            attributes += name[0] == '/' ? "" : $" role=\"{Role(name, inHead)}\"";
            if (name == "th" && inHead)
            {
                heads.Add(AnyTag().Replace(rows[at..rows.IndexOf("</th>", at, StringComparison.Ordinal)], "").Trim());
                if (!attributes.Contains("scope=", StringComparison.Ordinal))
                    attributes += " scope=\"col\"";
            }
            else if (name is "td" or "th")
            {
                if (name == "td" && cell < heads.Count && heads[cell].Length > 0)
                    attributes += $" data-label=\"{heads[cell]}\"";
                cell++;
            }
            result.Append('<').Append(name).Append(attributes).Append(name is "td" or "th" && !inHead ? "><div class=\"cell\">" : ">");
        }
        // A cell without anything in it is none of a phone's card.
        return BlankCell().Replace(result.Append(rows, at, rows.Length - at).ToString(), "<div class=\"cell\"></div>");
    }

    /// <summary>What a phone's cards still are to those who hear them: display: block takes the roles of a table away.</summary>
    private static string Role(string name, bool inHead) => name switch { "tr" => "row", "td" => "cell", "th" => inHead ? "columnheader" : "rowheader", _ => "rowgroup" };

    [GeneratedRegex("<(?<name>thead|tbody|tfoot|tr|th|td|/td|/th)(?<attributes>(\\s[^>]*)?)>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex("<div class=\"cell\">\\s+</div>", RegexOptions.None, 1000)]
    private static partial Regex BlankCell();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex AnyTag();
}
