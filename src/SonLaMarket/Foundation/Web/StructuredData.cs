using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.Html;

namespace SonLaMarket.Foundation.Web;

/// <summary>What a page says, once more for machines (schema.org as JSON-LD). A data block, not a script: the policy does not concern it.</summary>
public static class StructuredData
{
    // Vietnamese letters stay letters; < > & ' " are escaped, so that no text can end the block.
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    public static IHtmlContent Block(params JsonObject[] things)
    {
        var all = new JsonObject { ["@context"] = "https://schema.org", ["@graph"] = new JsonArray([.. things]) };
        return new HtmlString($"<script type=\"application/ld+json\">{all.ToJsonString(Options)}</script>");
    }

    /// <summary>The way from the first page to this one, as the crumbs show it.</summary>
    public static JsonObject Crumbs(SiteOptions site, params (string Name, string Path)[] steps) => new()
    {
        ["@type"] = "BreadcrumbList",
        ["itemListElement"] = new JsonArray([.. steps.Select((s, i) => new JsonObject
        {
            ["@type"] = "ListItem",
            ["position"] = i + 1,
            ["name"] = s.Name,
            ["item"] = site.Absolute(s.Path),
        })]),
    };
}
