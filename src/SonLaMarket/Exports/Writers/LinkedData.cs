using System.Text;
using System.Text.Json.Nodes;

namespace SonLaMarket.Exports.Writers;

/// <summary>What is said of a resource: another one, an address, or a text.</summary>
public abstract record Term;

public sealed record Link(string Address) : Term;

/// <param name="Language">"vi" or "en"; null where the text is of a <paramref name="Type"/>, as "xsd:date", or of no language.</param>
public sealed record Literal(string Text, string? Language = null, string? Type = null) : Term;

/// <param name="Address">Null of one that has no name of its own: it stands inside what speaks of it.</param>
/// <param name="Type">As "dcat:Dataset".</param>
public sealed record Resource(string? Address, string Type) : Term
{
    public List<(string Property, Term[] Values)> Said { get; } = [];

    /// <summary>Says something, unless there is nothing to say.</summary>
    public Resource Say(string property, params Term[] values)
    {
        if (values.Length > 0)
            Said.Add((property, values));
        return this;
    }
}

/// <summary>Resources in the two notations that programs read: Turtle (RDF 1.1) and JSON-LD 1.1. Both are written from the same, and say the same.</summary>
public static class LinkedData
{
    private static readonly (string Prefix, string Space)[] Spaces =
    [
        ("adms", "http://www.w3.org/ns/adms#"), ("dcat", "http://www.w3.org/ns/dcat#"), ("dct", "http://purl.org/dc/terms/"), ("foaf", "http://xmlns.com/foaf/0.1/"), ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("spdx", "http://spdx.org/rdf/terms#"), ("vcard", "http://www.w3.org/2006/vcard/ns#"), ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ];

    public static string Turtle(Resource root)
    {
        var text = new StringBuilder();
        foreach (var (prefix, space) in Spaces)
            text.Append("@prefix ").Append(prefix).Append(": <").Append(space).Append("> .\n");
        foreach (var resource in Named(root))
        {
            text.Append("\n<").Append(resource.Address).Append("> a ").Append(resource.Type).Append(" ;\n");
            foreach (var (property, values) in resource.Said)
                text.Append("  ").Append(property).Append(' ').AppendJoin(", ", values.Select(Word)).Append(" ;\n");
            text.Append(".\n");
        }
        return text.ToString();
    }

    public static string JsonLd(Resource root) => new JsonObject
    {
        ["@context"] = new JsonObject(Spaces.Select(s => KeyValuePair.Create(s.Prefix, (JsonNode?)s.Space))),
        ["@graph"] = new JsonArray([.. Named(root).Select(Node)]),
    }.ToJsonString(Payload.Readable);

    /// <summary>Those with an address, each once, in the order in which they are first spoken of.</summary>
    private static List<Resource> Named(Resource root)
    {
        var found = new List<Resource>();
        Find(root);
        return found;

        void Find(Resource resource)
        {
            if (resource.Address is not null && found.Exists(f => f.Address == resource.Address))
                return;
            if (resource.Address is not null)
                found.Add(resource);
            foreach (var inner in resource.Said.SelectMany(s => s.Values).OfType<Resource>())
                Find(inner);
        }
    }

    private static string Word(Term term) => term switch
    {
        Link link => $"<{link.Address}>",
        Resource { Address: { } address } => $"<{address}>",
        Resource inner => $"[ a {inner.Type} ; {string.Join(" ; ", inner.Said.Select(s => $"{s.Property} {string.Join(", ", s.Values.Select(Word))}"))} ]",
        Literal text => Quoted(text.Text) + (text.Language is not null ? "@" + text.Language : text.Type is not null ? "^^" + text.Type : ""),
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };

    private static string Quoted(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal) + '"';

    private static JsonObject Node(Resource resource)
    {
        var node = new JsonObject();
        if (resource.Address is { } address)
            node["@id"] = address;
        node["@type"] = resource.Type;
        foreach (var (property, values) in resource.Said)
            node[property] = values.Length == 1 ? Value(values[0]) : new JsonArray([.. values.Select(Value)]);
        return node;
    }

    private static JsonNode Value(Term term) => term switch
    {
        Link link => new JsonObject { ["@id"] = link.Address },
        Resource { Address: { } address } => new JsonObject { ["@id"] = address },
        Resource inner => Node(inner),
        Literal { Language: { } language } text => new JsonObject { ["@value"] = text.Text, ["@language"] = language },
        Literal { Type: { } type } text => new JsonObject { ["@value"] = text.Text, ["@type"] = type },
        Literal text => JsonValue.Create(text.Text)!,
        _ => throw new ArgumentOutOfRangeException(nameof(term)),
    };
}
