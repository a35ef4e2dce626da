using System.Globalization;
using System.Text.Json.Nodes;
using SonLaMarket.Catalog;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>What portals read of the open data: the catalogue (W3C DCAT 3) and the shape of each set (JSON Schema 2020-12).</summary>
public static class OpenCatalogue
{
    public const string Page = "/open-data";

    private const string Title = "Dữ liệu mở của sàn nông sản Sơn La";
    private const string Description = "Dữ liệu mà ai cũng được tải về và dùng lại: sản phẩm đã duyệt, cơ sở bán hàng, chứng nhận, giá theo tuần, lịch mùa vụ.";

    /// <summary>Of the European Union's lists, which portals know: farming and food.</summary>
    private const string Themes = "http://publications.europa.eu/resource/authority/data-theme";

    /// <summary>Of the frequencies that DCAT names.</summary>
    private const string Weekly = "http://purl.org/cld/freq/weekly";

    /// <param name="sets">Those that have been made.</param>
    public static Resource Of(IReadOnlyList<PublishedSet> sets, SiteOptions site)
    {
        var publisher = new Resource(site.Absolute(Page + "#publisher"), "foaf:Organization").Say("foaf:name", new Literal(HandedOn.ApprovedBy(site), Texts.Vi)).Say("foaf:homepage", new Link(site.Absolute("/")));
        var contact = Contact(site);
        var catalogue = new Resource(site.Absolute(Page + "#catalog"), "dcat:Catalog")
            .Say("dct:title", InBoth(Title)).Say("dct:description", InBoth(Description)).Say("dct:publisher", publisher).Say("dct:license", new Link(OpenSet.Licence)).Say("dcat:themeTaxonomy", new Link(Themes))
            .Say("foaf:homepage", new Link(site.Absolute(Page))).Say("dcat:contactPoint", contact);
        if (sets.Count > 0)
            catalogue.Say("dct:issued", Time(sets.Min(s => s.Build.IssuedAt))).Say("dct:modified", Time(sets.Max(s => s.Build.BuiltAt)));
        return catalogue.Say("dcat:dataset", [.. sets.Select(s => Dataset(s, publisher, contact, site))]);
    }

    /// <summary>The JSON file of the set; the columns of the CSV file have the same names and values.</summary>
    public static JsonObject Schema(OpenSet set, SiteOptions site) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["$id"] = site.Absolute(set.PathOf("schema.json")),
        ["title"] = set.Title,
        ["description"] = Texts.In(Texts.En, set.Description),
        ["type"] = "array",
        ["items"] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(set.Columns.Select(c => KeyValuePair.Create(c.Name, (JsonNode?)Property(c)))),
            ["required"] = new JsonArray([.. set.Columns.Where(c => c.Required).Select(c => (JsonNode?)c.Name)]),
            ["additionalProperties"] = false,
        },
    };

    private static JsonObject Property(OpenColumn column)
    {
        var property = new JsonObject { ["title"] = column.Label, ["description"] = Texts.In(Texts.En, column.Label), ["type"] = column.Kind is "integer" or "boolean" ? column.Kind : "string" };
        if (column.Kind is "date" or "url")
            property["format"] = column.Kind == "date" ? "date" : "uri";
        if (column.Allowed is { } allowed)
            property["enum"] = new JsonArray([.. allowed.Select(a => (JsonNode?)a)]);
        return property;
    }

    private static Resource Dataset(PublishedSet published, Resource publisher, Resource contact, SiteOptions site)
    {
        var (set, build, errata) = published;
        return new Resource(site.Absolute($"{Page}#{set.Code}"), "dcat:Dataset")
            .Say("dct:title", InBoth(set.Title)).Say("dct:description", InBoth(set.Description)).Say("dct:identifier", new Literal(set.Code)).Say("dct:publisher", publisher)
            .Say("dcat:theme", new Link(Themes + "/AGRI")).Say("dcat:keyword", [.. set.Keywords.SelectMany(k => InBoth(k))]).Say("dct:issued", Time(build.IssuedAt)).Say("dct:modified", Time(build.BuiltAt)).Say("dct:accrualPeriodicity", new Link(Weekly))
            .Say("dct:spatial", new Resource(null, "dct:Location").Say("skos:prefLabel", new Literal("Sơn La", Texts.Vi)).Say("dct:identifier", new Literal("14")))
            .Say("dct:temporal", new Resource(null, "dct:PeriodOfTime").Say("dcat:startDate", Day(build.CoversFrom)).Say("dcat:endDate", Day(build.CoversUntil)))
            .Say("dcat:contactPoint", contact).Say("dct:license", new Link(OpenSet.Licence)).Say("dct:conformsTo", Standard(set, site)).Say("dcat:landingPage", new Link(site.Absolute(Page)))
            .Say("adms:versionNotes", [.. errata.SelectMany(e => InBoth(Erratum.Words, e.RowId, Iso(Vietnamese.Day(e.RemovedAt))))])
            .Say("dcat:distribution", [.. build.Files.Select(f => Distribution(set, f.Extension, f.Sha256, f.Bytes, build, site))]);
    }

    private static Resource Distribution(OpenSet set, string extension, string sha256, long bytes, OpenBuild build, SiteOptions site) =>
        new Resource(site.Absolute($"{Page}#{set.Code}-{extension}"), "dcat:Distribution")
            .Say("dct:title", [.. InBoth(set.Title).Select(t => t with { Text = $"{t.Text} ({extension.ToUpperInvariant()})" })])
            .Say("dcat:accessURL", new Link(site.Absolute(Page))).Say("dcat:downloadURL", new Link(site.Absolute(set.PathOf(extension))))
            .Say("dcat:mediaType", new Link("https://www.iana.org/assignments/media-types/" + (extension == "csv" ? "text/csv" : "application/json"))).Say("dcat:byteSize", new Literal(bytes.ToString(CultureInfo.InvariantCulture), Type: "xsd:nonNegativeInteger"))
            .Say("spdx:checksum", new Resource(null, "spdx:Checksum").Say("spdx:algorithm", new Link("http://spdx.org/rdf/terms#checksumAlgorithm_sha256")).Say("spdx:checksumValue", new Literal(sha256, Type: "xsd:hexBinary")))
            .Say("dct:modified", Time(build.BuiltAt)).Say("dct:license", new Link(OpenSet.Licence)).Say("dct:conformsTo", Standard(set, site));

    private static Resource Standard(OpenSet set, SiteOptions site) => new Resource(site.Absolute(set.PathOf("schema.json")), "dct:Standard").Say("dct:title", InBoth("Cấu trúc của bộ dữ liệu (JSON Schema)"));

    private static Resource Contact(SiteOptions site)
    {
        var contact = new Resource(site.Absolute(Page + "#contact"), "vcard:Organization").Say("vcard:fn", new Literal(HandedOn.ApprovedBy(site), Texts.Vi)).Say("vcard:hasURL", new Link(site.Absolute("/")));
        if (site.HelpEmail.Length > 0)
            contact.Say("vcard:hasEmail", new Link("mailto:" + Uri.EscapeDataString(site.HelpEmail).Replace("%40", "@", StringComparison.Ordinal)));
        if (site.HelpPhone.Length > 0)
            contact.Say("vcard:hasTelephone", new Link("tel:" + string.Concat(site.HelpPhone.Where(c => char.IsAsciiDigit(c) || c == '+'))));
        return contact;
    }

    private static Literal[] InBoth(string vietnamese, params object[] values) =>
        [.. new[] { Texts.Vi, Texts.En }.Select(lang => new Literal(string.Format(CultureInfo.InvariantCulture, Texts.In(lang, vietnamese), values), lang))];

    private static Literal Time(DateTimeOffset at) => new(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), Type: "xsd:dateTime");

    private static Literal Day(DateOnly day) => new(Iso(day), Type: "xsd:date");

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
