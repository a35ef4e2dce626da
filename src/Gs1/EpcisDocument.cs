using System.Text.Json;

namespace Gs1;

/// <summary>Writes EPCISDocuments (EPCIS 2.0, section 10.2.2, JSON-LD binding).</summary>
public static class EpcisDocument
{
    /// <summary>Media type of what is written.</summary>
    public const string MediaType = "application/ld+json";

    /// <summary>Writes events as one document, UTF-8 without byte order mark; the stream stays open.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="context">Prefixes used by extensions and master data of the events.</param>
    /// <param name="creationDate">When the document is made.</param>
    /// <param name="events">The events in the order to be written.</param>
    public static void Write(Stream output, EpcisContext context, DateTimeOffset creationDate, IEnumerable<EpcisEvent> events) =>
        Write(output, context, creationDate, events, EpcisJson.Write);

    /// <summary>Writes events that are kept as JSON (as <see cref="EpcisEvent.ToJson"/> gave them) as one document.</summary>
    /// <inheritdoc cref="Write(Stream, EpcisContext, DateTimeOffset, IEnumerable{EpcisEvent})"/>
    public static void Write(Stream output, EpcisContext context, DateTimeOffset creationDate, IEnumerable<JsonElement> events) =>
        Write(output, context, creationDate, events, (json, stored) => stored.WriteTo(json));

    private static void Write<T>(Stream output, EpcisContext context, DateTimeOffset creationDate, IEnumerable<T> events, Action<Utf8JsonWriter, T> write)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(events);
        using var json = new Utf8JsonWriter(output, EpcisJson.WriterOptions);
        json.WriteStartObject();
        context.WriteTo(json);
        json.WriteString("type", "EPCISDocument");
        json.WriteString("schemaVersion", "2.0");
        json.WriteString("creationDate", EpcisJson.Time(creationDate));
        json.WriteStartObject("epcisBody");
        json.WriteStartArray("eventList");
        foreach (var item in events)
            write(json, item);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
