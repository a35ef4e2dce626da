using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gs1;

/// <summary>Writes events in the order of EPCIS 2.0, section 10; what is empty is left out.</summary>
internal static class EpcisJson
{
    // Letters of every language and the plus of a time offset stay readable: the documents are never part of an HTML page.
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Utf8JsonWriter json, EpcisEvent e)
    {
        json.WriteStartObject();
        json.WriteString("type", e.Type.ToString());
        Text(json, "eventID", e.EventId);
        json.WriteString("eventTime", Time(e.EventTime.ToOffset(e.EventTimeZoneOffset)));
        json.WriteString("eventTimeZoneOffset", Offset(e.EventTimeZoneOffset));
        Text(json, "recordTime", e.RecordTime is { } recorded ? Time(recorded) : null);
        Error(json, e.ErrorDeclaration);
        What(json, e);
        Text(json, "action", e.Action?.ToString().ToUpperInvariant());
        Text(json, "transformationID", e.TransformationId);
        Text(json, "bizStep", e.BizStep);
        Text(json, "disposition", e.Disposition);
        Place(json, "readPoint", e.ReadPoint);
        Place(json, "bizLocation", e.BizLocation);
        Typed(json, "bizTransactionList", "bizTransaction", e.BizTransactionList.Select(item => (item.Type, item.Id)));
        Typed(json, "sourceList", "source", e.SourceList.Select(item => ((string?)item.Type, item.Id)));
        Typed(json, "destinationList", "destination", e.DestinationList.Select(item => ((string?)item.Type, item.Id)));
        if (e.Ilmd is { } ilmd)
        {
            json.WritePropertyName("ilmd");
            ilmd.WriteTo(json);
        }
        foreach (var (name, value) in e.Extensions)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
        json.WriteEndObject();
    }

    private static void What(Utf8JsonWriter json, EpcisEvent e)
    {
        Text(json, "parentID", e.ParentId);
        Epcs(json, "epcList", e.EpcList);
        Quantities(json, "quantityList", e.QuantityList);
        Epcs(json, "childEPCs", e.ChildEpcs);
        Quantities(json, "childQuantityList", e.ChildQuantityList);
        Epcs(json, "inputEPCList", e.InputEpcList);
        Quantities(json, "inputQuantityList", e.InputQuantityList);
        Epcs(json, "outputEPCList", e.OutputEpcList);
        Quantities(json, "outputQuantityList", e.OutputQuantityList);
    }

    private static void Error(Utf8JsonWriter json, EpcisErrorDeclaration? error)
    {
        if (error is null)
            return;
        json.WriteStartObject("errorDeclaration");
        json.WriteString("declarationTime", Time(error.DeclarationTime));
        Text(json, "reason", error.Reason);
        Epcs(json, "correctiveEventIDs", error.CorrectiveEventIds);
        json.WriteEndObject();
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Place(Utf8JsonWriter json, string name, string? id)
    {
        if (id is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("id", id);
        json.WriteEndObject();
    }

    private static void Epcs(Utf8JsonWriter json, string name, IReadOnlyList<string> epcs)
    {
        if (epcs.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var epc in epcs)
            json.WriteStringValue(epc);
        json.WriteEndArray();
    }

    private static void Quantities(Utf8JsonWriter json, string name, IReadOnlyList<EpcisQuantity> quantities)
    {
        if (quantities.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var item in quantities)
        {
            json.WriteStartObject();
            json.WriteString("epcClass", item.EpcClass);
            if (item.Quantity is { } quantity)
                json.WriteNumber("quantity", quantity);
            Text(json, "uom", item.Uom);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Typed(Utf8JsonWriter json, string name, string valueName, IEnumerable<(string? Type, string Id)> items)
    {
        var started = false;
        foreach (var (type, id) in items)
        {
            if (!started)
                json.WriteStartArray(name);
            started = true;
            json.WriteStartObject();
            Text(json, "type", type);
            json.WriteString(valueName, id);
            json.WriteEndObject();
        }
        if (started)
            json.WriteEndArray();
    }

    internal static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffFFFFzzz", CultureInfo.InvariantCulture);

    private static string Offset(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
}
