using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SonLaMarket.Exports.Writers;

/// <summary>
/// The payload of a partner's program as JSON (RFC 8259): a list with one object for each row, members in the order of the columns. A column's
/// name is a path: "avatar.picture_url" lies within an object, "pictures[].picture_url" in a list of objects, one for each value.
/// What a listing does not have is left out.
/// </summary>
public static class Payload
{
    private const string List = "[]";

    /// <summary>How one object is written that goes over the wire.</summary>
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How one is written that people may read, too.</summary>
    public static readonly JsonSerializerOptions Readable = new(Compact) { WriteIndented = true, NewLine = "\n" };

    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(Stream output, Profile profile, IEnumerable<IReadOnlyList<string>[]> rows)
    {
        var paths = Array.ConvertAll(profile.Columns, c => c.Name.Split('.'));
        await using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartArray();
        foreach (var row in rows)
        {
            Item(profile, paths, row).WriteTo(json);
            await json.FlushAsync();
        }
        json.WriteEndArray();
    }

    /// <summary>The object of one row.</summary>
    public static string One(Profile profile, IReadOnlyList<string>[] row) => Item(profile, Array.ConvertAll(profile.Columns, c => c.Name.Split('.')), row).ToJsonString(Compact);

    /// <summary>The first column whose name is no path, or contradicts another; null where there is none.</summary>
    public static Column? FirstUnwritable(IEnumerable<Column> columns)
    {
        var shapes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var column in columns)
        {
            var path = column.Name.Split('.');
            var lists = path.Count(IsList);
            var writable = lists <= 1 && (lists == 1 || column.Many == 1) && path.All(p => Name(p).Length > 0 && Name(p).AsSpan().IndexOfAny("[]") < 0);
            for (var i = 0; i < path.Length && writable; i++)
            {
                var shape = (IsList(path[i]) ? List : "") + (i < path.Length - 1 ? "{" : column.Name);
                var place = string.Join('.', path[..(i + 1)].Select(Name));
                writable = shapes.TryAdd(place, shape) || shapes[place] == shape;
            }
            if (!writable)
                return column;
        }
        return null;
    }

    private static JsonObject Item(Profile profile, string[][] paths, IReadOnlyList<string>[] row)
    {
        var item = new JsonObject();
        for (var i = 0; i < row.Length; i++)
        {
            for (var at = 0; at < row[i].Count; at++)
                Put(item, paths[i], at, Value(profile.Columns[i].Kind, row[i][at]));
        }
        return item;
    }

    private static void Put(JsonObject into, string[] path, int at, JsonNode value)
    {
        foreach (var step in path[..^1])
            into = IsList(step) ? Item((JsonArray)(into[Name(step)] ??= new JsonArray()), at) : (JsonObject)(into[step] ??= new JsonObject());
        if (IsList(path[^1]))
            ((JsonArray)(into[Name(path[^1])] ??= new JsonArray())).Add(value);
        else
            into[path[^1]] = value;
    }

    private static JsonObject Item(JsonArray list, int at)
    {
        while (list.Count <= at)
            list.Add(new JsonObject());
        return (JsonObject)list[at]!;
    }

    private static bool IsList(string step) => step.EndsWith(List, StringComparison.Ordinal);

    private static string Name(string step) => IsList(step) ? step[..^List.Length] : step;

    /// <summary>The row check has let through nothing that is not of its kind.</summary>
    private static JsonValue Value(string kind, string value) => kind switch
    {
        "number" => JsonValue.Create(decimal.Parse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)),
        "boolean" => JsonValue.Create(value == "true"),
        _ => JsonValue.Create(value)!,
    };
}
