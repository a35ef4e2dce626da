using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gs1;

/// <summary>The five event types of EPCIS 2.0 (section 7.4).</summary>
public enum EpcisEventType
{
    /// <summary>Something happened to objects.</summary>
    ObjectEvent,

    /// <summary>Objects were put into or taken out of a container.</summary>
    AggregationEvent,

    /// <summary>Objects were linked with a business transaction.</summary>
    TransactionEvent,

    /// <summary>Objects were used up and others came out of them.</summary>
    TransformationEvent,

    /// <summary>Objects were fixed to an asset.</summary>
    AssociationEvent,
}

/// <summary>What an event does to the life of its objects (EPCIS 2.0, section 7.3.2).</summary>
public enum EpcisAction
{
    /// <summary>They come into being, or the link is made.</summary>
    Add,

    /// <summary>They were seen.</summary>
    Observe,

    /// <summary>They end, or the link ends.</summary>
    Delete,
}

/// <summary>A quantity of a class of objects, usually of a lot.</summary>
/// <param name="EpcClass">URI of the class, such as the Digital Link of a lot.</param>
/// <param name="Quantity">How much; null when unknown.</param>
/// <param name="Uom">Unit by UN/ECE Recommendation 20, such as KGM; null when objects are counted.</param>
public sealed record EpcisQuantity(string EpcClass, decimal? Quantity = null, string? Uom = null);

/// <summary>A business transaction an event belongs to.</summary>
/// <param name="Type">A word of <see cref="BizTransactionType"/>, a URI, or null.</param>
/// <param name="Id">URI of the order, invoice, certificate ...</param>
public sealed record EpcisBizTransaction(string? Type, string Id);

/// <summary>Where goods come from or go to.</summary>
/// <param name="Type">A word of <see cref="PartyType"/> or a URI.</param>
/// <param name="Id">URI of the party or place.</param>
public sealed record EpcisParty(string Type, string Id);

/// <summary>Declares an event wrong (EPCIS 2.0, section 7.4.1.4); the event itself is never changed.</summary>
/// <param name="DeclarationTime">When it was declared.</param>
/// <param name="Reason">A word of <see cref="ErrorReason"/>, a URI, or null.</param>
/// <param name="CorrectiveEventIds">Events that say it right.</param>
public sealed record EpcisErrorDeclaration(DateTimeOffset DeclarationTime, string? Reason, IReadOnlyList<string> CorrectiveEventIds);

/// <summary>An EPCIS 2.0 event: what, when, where, why and how. Which fields a type needs is in EPCIS 2.0, section 7.4.</summary>
public sealed record EpcisEvent
{
    /// <summary>The type of the event.</summary>
    public required EpcisEventType Type { get; init; }

    /// <summary>When it happened; up to 100 ns are kept, the hash counts milliseconds.</summary>
    public required DateTimeOffset EventTime { get; init; }

    /// <summary>Offset of the clock where it happened, whole minutes, at most 14 hours either way.</summary>
    public required TimeSpan EventTimeZoneOffset { get; init; }

    /// <summary>URI of the event; see <see cref="EventHash.WithId"/>.</summary>
    public string? EventId { get; init; }

    /// <summary>When it was recorded; never part of the hash.</summary>
    public DateTimeOffset? RecordTime { get; init; }

    /// <summary>Needed for all types but <see cref="EpcisEventType.TransformationEvent"/>, which has none.</summary>
    public EpcisAction? Action { get; init; }

    /// <summary>A word of <see cref="Gs1.BizStep"/> or a URI.</summary>
    public string? BizStep { get; init; }

    /// <summary>A word of <see cref="Gs1.Disposition"/> or a URI.</summary>
    public string? Disposition { get; init; }

    /// <summary>URI of the place where it was recorded.</summary>
    public string? ReadPoint { get; init; }

    /// <summary>URI of the place where the objects are afterwards.</summary>
    public string? BizLocation { get; init; }

    /// <summary>URIs of single objects.</summary>
    public IReadOnlyList<string> EpcList { get; init; } = [];

    /// <summary>Objects known only by class and quantity: lots.</summary>
    public IReadOnlyList<EpcisQuantity> QuantityList { get; init; } = [];

    /// <summary>URI of the container or asset.</summary>
    public string? ParentId { get; init; }

    /// <summary>Single objects in the container.</summary>
    public IReadOnlyList<string> ChildEpcs { get; init; } = [];

    /// <summary>Quantities in the container.</summary>
    public IReadOnlyList<EpcisQuantity> ChildQuantityList { get; init; } = [];

    /// <summary>Single objects used up by a transformation.</summary>
    public IReadOnlyList<string> InputEpcList { get; init; } = [];

    /// <summary>Quantities used up by a transformation.</summary>
    public IReadOnlyList<EpcisQuantity> InputQuantityList { get; init; } = [];

    /// <summary>Single objects that came out of a transformation.</summary>
    public IReadOnlyList<string> OutputEpcList { get; init; } = [];

    /// <summary>Quantities that came out of a transformation.</summary>
    public IReadOnlyList<EpcisQuantity> OutputQuantityList { get; init; } = [];

    /// <summary>URI that ties together several events of one transformation.</summary>
    public string? TransformationId { get; init; }

    /// <summary>Orders, invoices, certificates.</summary>
    public IReadOnlyList<EpcisBizTransaction> BizTransactionList { get; init; } = [];

    /// <summary>Where goods come from.</summary>
    public IReadOnlyList<EpcisParty> SourceList { get; init; } = [];

    /// <summary>Where goods go to.</summary>
    public IReadOnlyList<EpcisParty> DestinationList { get; init; } = [];

    /// <summary>Master data of the lot or items born in the event: a JSON object whose names carry a prefix of the context.</summary>
    public JsonElement? Ilmd { get; init; }

    /// <summary>Own fields; each name carries a prefix of the context ("slm:dose").</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Set when this event declares an earlier one with the same content wrong.</summary>
    public EpcisErrorDeclaration? ErrorDeclaration { get; init; }

    /// <summary>The event as JSON-LD (EPCIS 2.0, section 10), without a context of its own; to be sent as JSON, not put into HTML.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, EpcisJson.WriterOptions))
            EpcisJson.Write(json, this);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
