using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Accounts;

/// <summary>Somebody's data as a file to take along: JSON for programs, or one HTML page that opens anywhere and prints.</summary>
public static class DataFile
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <param name="form">"html"; anything else is JSON.</param>
    public static IActionResult Of(Controller controller, string? form, IReadOnlyList<DataSection> sections, DateTimeOffset now, Texts t)
    {
        var name = $"sonlamarket-{Vietnamese.Local(now):yyyy-MM-dd}";
        if (form != "html")
            return controller.File(JsonSerializer.SerializeToUtf8Bytes(Json(sections, now), Readable), "application/json; charset=utf-8", name + ".json");
        return controller.File(System.Text.Encoding.UTF8.GetBytes(Html(sections, now, t)), "text/html; charset=utf-8", name + ".html");
    }

    private static JsonObject Json(IReadOnlyList<DataSection> sections, DateTimeOffset now) => new()
    {
        ["source"] = "SonLaMarket",
        ["madeAt"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["sections"] = new JsonArray([.. sections.Select(s => (JsonNode)new JsonObject
        {
            ["key"] = s.Key,
            ["title"] = s.Title,
            ["purpose"] = s.Purpose,
            ["kept"] = s.Kept,
            ["records"] = new JsonArray([.. s.Records.Select(r => (JsonNode)new JsonObject(r.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)f.Value))))]),
        })]),
    };

    private static string Html(IReadOnlyList<DataSection> sections, DateTimeOffset now, Texts t)
    {
        var html = new System.Text.StringBuilder();
        string E(string? text) => Encoder.Encode(text ?? "");
        html.Append($"<!doctype html><html lang=\"{t.Lang}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{E(t["Dữ liệu của tôi"])} – SonLaMarket</title>");
        html.Append("<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}dl{display:grid;grid-template-columns:minmax(8rem,1fr) 3fr;gap:.2rem 1rem;border-top:1px solid #999;padding:.6rem 0;margin:0}dd{margin:0;overflow-wrap:anywhere}</style></head><body>");
        html.Append($"<h1>{E(t["Dữ liệu của tôi"])}</h1><p>SonLaMarket, {E(Vietnamese.DateTime(now))}</p>");
        foreach (var section in sections)
        {
            html.Append($"<h2>{E(section.Title)}</h2><p>{E(section.Purpose)}</p><p>{E(section.Kept)}</p>");
            foreach (var record in section.Records)
                html.Append("<dl>").AppendJoin("", record.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => $"<dt>{E(f.Label)}</dt><dd>{E(f.Value)}</dd>")).Append("</dl>");
        }
        return html.Append("</body></html>").ToString();
    }
}
