using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using SonLaMarket.Exports;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>The shipped profiles beside their JSON Schema, and the schema beside the program's own words.</summary>
public sealed class ProfileFileTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "db", "seed");
    private static readonly Lazy<JsonSchema> Schema = new(() => JsonSchema.FromText(File.ReadAllText(Path.Combine(Folder, "profile.schema.json"))));

    public static TheoryData<string> Shipped => [.. Directory.EnumerateFiles(Path.Combine(Folder, "profiles")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Shipped_profile_keeps_the_schema_and_is_read(string file)
    {
        var json = File.ReadAllText(Path.Combine(Folder, "profiles", file));
        Assert.True(Schema.Value.Evaluate(JsonNode.Parse(json)).IsValid);
        Assert.Equal(Path.GetFileNameWithoutExtension(file), Profile.Read(json).Code);
    }

    [Theory]
    [InlineData("from", "\"price\"")]
    [InlineData("transforms", "[\"eval(1)\"]")]
    [InlineData("kind", "\"money\"")]
    [InlineData("check", "\"spelling\"")]
    [InlineData("lengthIn", "\"bytes\"")]
    [InlineData("colour", "\"red\"")]
    public void Schema_and_program_refuse_the_same(string property, string value)
    {
        var profile = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "profiles", "postmart.json")))!;
        profile["columns"]![0]![property] = JsonNode.Parse(value);
        Assert.False(Schema.Value.Evaluate(profile).IsValid);
        Assert.Throws<ProfileException>(() => Profile.Read(profile.ToJsonString()));
    }

    [Fact]
    public void Schema_names_every_property_transform_and_field_of_the_program()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "profile.schema.json")));
        var column = schema.RootElement.GetProperty("$defs").GetProperty("column").GetProperty("properties");
        Assert.Equal(Names(typeof(Column)), column.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Names(typeof(Profile)), schema.RootElement.GetProperty("properties").EnumerateObject().Select(p => p.Name).Where(n => n != "$schema").Order(StringComparer.Ordinal));
        var definitions = schema.RootElement.GetProperty("$defs");
        Assert.Equal($"^({string.Join('|', Transforms.Names)})(\\(.+\\))?$", definitions.GetProperty("transform").GetProperty("pattern").GetString());
        var field = string.Join('|', ExportFields.All.Keys.Select(k => k.Replace(".", "\\.", StringComparison.Ordinal)));
        Assert.Equal($"^({field})( *, *({field}))*$", definitions.GetProperty("from").GetProperty("pattern").GetString());
    }

    private static IEnumerable<string> Names(Type type) => type.GetConstructors()[0].GetParameters().Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name!)).Order(StringComparer.Ordinal);
}
