using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gs1;

/// <summary>Builds the pre-hash string of CBV 2.0, section 8.9: key=value without separators in the standard's order, lists sorted.</summary>
internal sealed partial class EventPreHash
{
    private static readonly (string Name, Func<EventPreHash, JsonElement, string> Write)[] Order =
    [
        ("eventTime", (h, v) => Equal(TimeText(v))),
        ("eventTimeZoneOffset", (h, v) => Equal(v.GetString()?.Trim())),
        ("epcList", (h, v) => h.Items("epc", v)),
        ("parentID", (h, v) => Equal(h.Value(v))),
        ("inputEPCList", (h, v) => h.Items("epc", v)),
        ("childEPCs", (h, v) => h.Items("epc", v)),
        ("quantityList", (h, v) => h.Quantities(v)),
        ("childQuantityList", (h, v) => h.Quantities(v)),
        ("inputQuantityList", (h, v) => h.Quantities(v)),
        ("outputEPCList", (h, v) => h.Items("epc", v)),
        ("outputQuantityList", (h, v) => h.Quantities(v)),
        ("action", (h, v) => Equal(h.Value(v))),
        ("transformationID", (h, v) => Equal(h.Value(v))),
        ("bizStep", (h, v) => Equal(h.Word("BizStep-", v))),
        ("disposition", (h, v) => Equal(h.Word("Disp-", v))),
        ("persistentDisposition", (h, v) => h.Ordered(v, ("set", h.Words), ("unset", h.Words))),
        ("readPoint", (h, v) => h.Ordered(v, ("id", h.Single))),
        ("bizLocation", (h, v) => h.Ordered(v, ("id", h.Single))),
        ("bizTransactionList", (h, v) => h.Typed("bizTransaction", "BTT-", v)),
        ("sourceList", (h, v) => h.Typed("source", "SDT-", v)),
        ("destinationList", (h, v) => h.Typed("destination", "SDT-", v)),
        ("sensorElementList", (h, v) => Each("sensorElement", v, h.Sensor)),
    ];

    private static readonly HashSet<string> NotHashed = new(
        ["type", "eventID", "recordTime", "errorDeclaration", "certificationInfo", "@context", "rdfs:comment", "comment"], StringComparer.Ordinal);

    private static readonly string[] MetadataOrder =
        ["time", "startTime", "endTime", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "bizRules"];

    private static readonly string[] ReportOrder =
    [
        "type", "exception", "deviceID", "deviceMetadata", "rawData", "dataProcessingMethod", "time", "microorganism", "chemicalSubstance",
        "value", "component", "stringValue", "booleanValue", "hexBinaryValue", "uriValue", "minValue", "maxValue", "meanValue", "sDev",
        "percRank", "percValue", "uom", "coordinateReferenceSystem",
    ];

    private readonly EpcisContext context;

    private EventPreHash(EpcisContext context) => this.context = context;

    public static string Write(JsonElement e, EpcisContext context)
    {
        if (e.ValueKind != JsonValueKind.Object || !e.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            throw new FormatException("An event is a JSON object with a type.");
        try
        {
            return new EventPreHash(context).Event(e, type.GetString()!);
        }
        catch (InvalidOperationException mismatch)
        {
            throw new FormatException("A field of the event has a JSON type that it cannot have.", mismatch);
        }
    }

    private string Event(JsonElement e, string type)
    {
        var text = new StringBuilder("eventType=").Append(type);
        foreach (var (name, write) in Order)
            if (e.TryGetProperty(name, out var value) && write(this, value) is { Length: > 0 } written)
                text.Append(name).Append(written);
        if (e.TryGetProperty("ilmd", out var ilmd))
            text.Append(Sorted(Named("ilmd", ilmd)));
        var extensions = e.EnumerateObject()
            .Where(property => property.Name != "ilmd" && !NotHashed.Contains(property.Name) && !Array.Exists(Order, field => field.Name == property.Name));
        return text.Append(Sorted(extensions.SelectMany(Extension))).ToString();
    }

    private string Items(string name, JsonElement list) =>
        Sorted(list.EnumerateArray().Select(item => Value(item)).Where(value => value.Length > 0).Select(value => $"{name}={value}"));

    private string Quantities(JsonElement list) =>
        Each("quantityElement", list, item => Ordered(item, ("epcClass", Single), ("quantity", Single), ("uom", Single)));

    private string Typed(string valueName, string prefix, JsonElement list) =>
        Each("", list, item => Ordered(item, ("type", (name, value) => name + Equal(Word(prefix, value))), (valueName, Single)));

    private string Sensor(JsonElement element) => Ordered(
        element,
        ("sensorMetadata", (name, value) => name + Ordered(value, [.. MetadataOrder.Select(field => (field, (Func<string, JsonElement, string>)SensorField))])),
        ("sensorReport", (name, value) => Each(name, value, report => Ordered(report, [.. ReportOrder.Select(field => (field, (Func<string, JsonElement, string>)SensorField))]))));

    private string SensorField(string name, JsonElement value) => name switch
    {
        "time" or "startTime" or "endTime" => name + Equal(TimeText(value)),
        "type" => name + Equal(Vocabulary("https://gs1.org/voc/", value)),
        _ => Single(name, value),
    };

    private static string Each(string name, JsonElement list, Func<JsonElement, string> write) =>
        Sorted(list.EnumerateArray().Select(item => write(item) is { Length: > 0 } written ? name + written : ""));

    // The named fields in the standard's order, then extensions that stand inside the same object.
    private string Ordered(JsonElement item, params ReadOnlySpan<(string Name, Func<string, JsonElement, string> Write)> fields)
    {
        var text = new StringBuilder();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, write) in fields)
        {
            known.Add(name);
            if (item.TryGetProperty(name, out var value))
                text.Append(write(name, value));
        }
        return text.Append(Sorted(item.EnumerateObject().Where(property => !known.Contains(property.Name)).SelectMany(Extension))).ToString();
    }

    private string Single(string name, JsonElement value) => Value(value) is { Length: > 0 } text ? $"{name}={text}" : "";

    private string Words(string name, JsonElement list) =>
        Sorted(list.EnumerateArray().Select(item => name + Equal(Word("Disp-", item))));

    private IEnumerable<string> Extension(JsonProperty property) =>
        property.Name is "rdfs:comment" or "comment" ? [] : Named(ExpandName(property.Name), property.Value);

    private IEnumerable<string> Named(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().SelectMany(item => Named(name, item)),
        JsonValueKind.Object => [name + Sorted(value.EnumerateObject().SelectMany(Extension))],
        _ => Value(value) is { Length: > 0 } text ? [$"{name}={text}"] : [],
    };

    private string ExpandName(string name)
    {
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && context.Find(name.AsSpan(..colon)) is { } address)
            return $"{{{address}}}{name[(colon + 1)..]}";
        var local = name.LastIndexOfAny(['/', '#']) + 1;
        return name.Contains("://", StringComparison.Ordinal) && local > 0
            ? $"{{{name[..local]}}}{name[local..]}"
            : throw new FormatException($"The name \"{name}\" has no prefix that the context declares.");
    }

    private string Word(string prefix, JsonElement value) => Vocabulary("https://ref.gs1.org/cbv/" + prefix, value);

    private string Vocabulary(string address, JsonElement value)
    {
        var text = value.GetString()!.Trim();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return text.Length == 0 ? "" : address + text;
        return context.Find(text.AsSpan(..colon)) is { } expanded ? expanded + text[(colon + 1)..] : Canonical(text);
    }

    private string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Canonical(value.GetString()!.Trim()),
        JsonValueKind.Number => Numbers.Canonical(value.GetRawText()) ?? value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "",
        _ => throw new FormatException("A plain value was expected."),
    };

    private static string Canonical(string text)
    {
        if (Numbers.Canonical(text) is { } number)
            return number;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
            return text;
        if (EpcUri.Canonical(text) is { } identifier)
            return identifier;
        return EpcisContext.FindStandard(text.AsSpan(..colon)) is { } address ? address + text[(colon + 1)..] : text;
    }

    private static string TimeText(JsonElement value)
    {
        var text = value.GetString()!.Trim();
        // The fourth decimal rounds half up and may carry into the next second.
        const long HalfMillisecond = TimeSpan.TicksPerMillisecond / 2;
        if (!Iso8601.IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            || time.UtcTicks > DateTime.MaxValue.Ticks - HalfMillisecond)
            throw new FormatException("A time of the event is not an ISO 8601 date and time with an offset.");
        var ticks = (time.UtcTicks + HalfMillisecond) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond;
        return new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Iso8601 { get; }

    private static string Equal(string? value) => string.IsNullOrEmpty(value) ? "" : "=" + value;

    private static string Sorted(IEnumerable<string> items) => string.Concat(items.Order(Utf8Order.Instance));

    /// <summary>Orders by UTF-8 bytes, which is the order of code points and not that of .NET's UTF-16 strings.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
    }
}
