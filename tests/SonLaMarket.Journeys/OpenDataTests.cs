using System.Text.Json.Nodes;
using SonLaMarket.Exports;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The catalogue of the open data, judged by programs of others: jsonld.js and N3.js read it, a validator of SHACL lays it beside the shapes of DCAT (Web/dcat-shapes.ttl).</summary>
public sealed class OpenDataTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    /// <summary>What every data set and every file of one has.</summary>
    private static readonly string[] Promised =
    [
        "dct:title", "dct:description", "dct:identifier", "dct:publisher", "dcat:theme", "dcat:keyword", "dct:issued", "dct:modified", "dct:accrualPeriodicity", "dct:spatial", "dct:temporal", "dcat:contactPoint", "dct:license", "dct:conformsTo",
        "dcat:distribution", "dcat:downloadURL", "dcat:mediaType", "dcat:byteSize", "spdx:checksum",
    ];

    [Fact]
    public async Task The_catalogue_keeps_the_shapes_of_dcat_in_both_notations_and_without_any_property_it_does_not()
    {
        await Stall.OpenAsync(market);
        await market.Site.Get<OpenBuilds>().BuildAsync(OpenBuilds.Weekly, CancellationToken.None);
        // A row that is gone has its note, with a letter of every kind.
        await market.Db.ExecuteAsync("""insert into exports.open_row (set_code, row_id, removed_at) values ('products', E'man-"hau"\\', now())""", ct: TestContext.Current.CancellationToken);
        var browser = market.Site.Open();
        var (json, turtle) = ((await browser.GetAsync("/open-data/catalog.jsonld")).Body, (await browser.GetAsync("/open-data/catalog.ttl")).Body);
        Assert.Contains("versionNotes", json, StringComparison.Ordinal);
        var findings = await NodeProgram.OfCataloguesAsync([("whole", json, turtle), .. Promised.Select(p => (p, Without(json, p), Without(turtle, $"  {p} ")))]);
        Assert.Equal([], findings.Where(f => f.StartsWith("whole:", StringComparison.Ordinal) || f.Contains("differ", StringComparison.Ordinal)));
        Assert.Equal([], Promised.Where(p => !findings.Any(f => f.StartsWith(p + ": turtle:", StringComparison.Ordinal) && f.Contains(p.Split(':')[1], StringComparison.Ordinal))
            || !findings.Any(f => f.StartsWith(p + ": jsonld:", StringComparison.Ordinal))));
        var different = await NodeProgram.OfCataloguesAsync([("other", json, turtle.Replace("@vi", "@en", StringComparison.Ordinal))]);
        Assert.Contains("other: JSON-LD and Turtle differ", different);

        // What it names answers, with as many bytes of that hash.
        foreach (var file in JsonNode.Parse(json)!["@graph"]!.AsArray().Where(n => (string?)n!["@type"] == "dcat:Distribution"))
        {
            var answer = await browser.GetAsync((string)file!["dcat:downloadURL"]!["@id"]!);
            Assert.Equal((string?)file["dcat:byteSize"]!["@value"], answer.Message.Content.Headers.ContentLength.ToString());
            Assert.Equal($"\"{file["spdx:checksum"]!["spdx:checksumValue"]!["@value"]}\"", answer.Message.Headers.ETag!.ToString());
            Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.GetAsync((string)file["dct:conformsTo"]!["@id"]!)).Status);
        }
    }

    /// <summary>A notation with every mention of the property taken out: JSON by its name, Turtle by its line.</summary>
    private static string Without(string text, string property)
    {
        if (property.StartsWith(' '))
            return string.Join('\n', text.Split('\n').Where(l => !l.StartsWith(property, StringComparison.Ordinal)));
        var json = JsonNode.Parse(text)!;
        foreach (var node in json["@graph"]!.AsArray())
            node!.AsObject().Remove(property);
        return json.ToJsonString();
    }
}
