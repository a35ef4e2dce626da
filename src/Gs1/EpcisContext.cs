using System.Text.Json;

namespace Gs1;

/// <summary>
/// The JSON-LD context of EPCIS documents: the standard's own plus prefixes of extensions. The standard's context is known here by its
/// addresses and is never fetched.
/// </summary>
public sealed class EpcisContext
{
    /// <summary>Address of the EPCIS 2.0.0 context, which documents name first.</summary>
    public const string StandardAddress = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

    /// <summary>Our own extension prefix.</summary>
    public const string OwnPrefix = "slm";

    private static readonly Dictionary<string, string> StandardPrefixes = new(StringComparer.Ordinal)
    {
        ["epcis"] = "https://ref.gs1.org/epcis/",
        ["cbv"] = "https://ref.gs1.org/cbv/",
        ["cbvmda"] = "urn:epcglobal:cbv:mda:",
        ["gs1"] = "https://gs1.org/voc/",
    };

    private static readonly string[] StandardAddresses =
        [StandardAddress, "https://ref.gs1.org/standards/epcis/epcis-context.jsonld", "https://gs1.github.io/EPCIS/epcis-context.jsonld"];

    private readonly Dictionary<string, string> prefixes;

    private EpcisContext(Dictionary<string, string> prefixes) => this.prefixes = prefixes;

    /// <summary>Prefixes of extensions and the addresses they stand for.</summary>
    public IReadOnlyDictionary<string, string> Prefixes => prefixes;

    /// <summary>The context of documents this market writes: prefix slm for https://{host}/epcis/.</summary>
    /// <param name="host">A host name (then https is meant) or a base address.</param>
    public static EpcisContext ForHost(string host) =>
        new(new(StringComparer.Ordinal) { [OwnPrefix] = HostRoot.Of(host) + "/epcis/" });

    /// <summary>Reads the "@context" of a document or event.</summary>
    /// <param name="context">A string, an object or an array of both.</param>
    /// <exception cref="FormatException">It names a context other than the standard's, or a prefix without an address.</exception>
    public static EpcisContext Read(JsonElement context)
    {
        var prefixes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (context.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in context.EnumerateArray())
                Add(part, prefixes);
        }
        else
        {
            Add(context, prefixes);
        }
        return new EpcisContext(prefixes);
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("@context");
        json.WriteStringValue(StandardAddress);
        json.WriteStartObject();
        foreach (var (prefix, address) in prefixes)
            json.WriteString(prefix, address);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>The address a prefix stands for, or null.</summary>
    internal string? Find(ReadOnlySpan<char> prefix)
    {
        var name = prefix.ToString();
        return prefixes.GetValueOrDefault(name) ?? StandardPrefixes.GetValueOrDefault(name);
    }

    /// <summary>Only a prefix of the standard stands for an address also in values of extensions; elsewhere "a:b" is just text.</summary>
    internal static string? FindStandard(ReadOnlySpan<char> prefix) => StandardPrefixes.GetValueOrDefault(prefix.ToString());

    private static void Add(JsonElement part, Dictionary<string, string> prefixes)
    {
        if (part.ValueKind == JsonValueKind.String && StandardAddresses.Contains(part.GetString(), StringComparer.Ordinal))
            return;
        if (part.ValueKind != JsonValueKind.Object)
            throw new FormatException("Only the standard context of EPCIS and prefixes written in the document are read.");
        foreach (var property in part.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new FormatException("A prefix of the context must stand for an address.");
            prefixes[property.Name] = property.Value.GetString()!;
        }
    }
}
