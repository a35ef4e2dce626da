using System.Text.Json;

namespace Gs1.Tests;

public sealed class DigitalLinkVectorTests
{
    private static readonly JsonElement[] Vectors = Load();

    public static TheoryData<string> Ids => [.. Vectors.Select(vector => vector.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Vector_has_the_verdict_and_parts_of_the_reference_engine(string id)
    {
        var vector = Vectors.Single(candidate => candidate.GetProperty("id").GetString() == id);
        var accepted = DigitalLink.TryParse(vector.GetProperty("uri").GetString(), out var link, out var error);

        Assert.Equal(vector.GetProperty("valid").GetBoolean(), accepted);
        Assert.Equal(accepted, error is null);
        if (!vector.TryGetProperty("primary_key", out var key))
            return;

        Assert.Equal(Pair(key), link!.Key);
        Assert.Equal(vector.GetProperty("qualifiers").EnumerateArray().Select(Pair), link.Qualifiers);
        Assert.Equal(
            vector.GetProperty("attributes").EnumerateObject().Select(attribute => new AiValue(attribute.Name, attribute.Value.GetString()!)),
            link.Attributes);
        Assert.Equal(vector.GetProperty("canonical").GetString(), link.Canonical);
        if (vector.TryGetProperty("ignored_query", out var ignored))
            Assert.Equal(ignored.EnumerateArray().Select(part => part.GetString()), link.IgnoredQuery);
    }

    [Fact]
    public void Policy_restricted_number_is_well_formed_but_marked_for_refusal()
    {
        Assert.True(DigitalLink.TryParse(Uri("p01"), out var link, out _));
        Assert.True(link.Gtin!.Value.IsRestrictedCirculation);
        Assert.Throws<ArgumentException>(() => DigitalLink.ForGtin("id.example", link.Gtin.Value));
    }

    [Fact]
    public void Policy_one_slash_at_the_end_is_tolerated_and_a_second_is_not()
    {
        Assert.True(DigitalLink.TryParse(Uri("p02"), out var link, out _));
        Assert.Equal("https://id.gs1.org/01/08938507770015/10/L1", link.Canonical);
        Assert.False(DigitalLink.TryParse(Uri("p02") + "/", out _, out _));
    }

    [Fact]
    public void Policy_broken_percent_encoding_is_refused()
    {
        Assert.False(DigitalLink.TryParse(Uri("p03"), out _, out var error));
        Assert.Equal(DigitalLinkFault.BadPercentEncoding, error.Fault);
    }

    private static string Uri(string id) =>
        Vectors.Single(vector => vector.GetProperty("id").GetString() == id).GetProperty("uri").GetString()!;

    private static AiValue Pair(JsonElement element) => new(element.GetProperty("ai").GetString()!, element.GetProperty("value").GetString()!);

    private static JsonElement[] Load()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "gs1-digital-link-vectors.json")));
        return [.. document.RootElement.GetProperty("vectors").Clone().EnumerateArray()];
    }
}
