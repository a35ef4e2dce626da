using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Gs1;

/// <summary>
/// Event hash ID of the Core Business Vocabulary 2.0, section 8.9: the same event has the same ID however it is written. The standard's
/// table is followed where implementations disagree: epcList before parentID, sourceList before destinationList, certificationInfo,
/// errorDeclaration, eventID and recordTime not hashed.
/// </summary>
public static class EventHash
{
    /// <summary>Computes the ID.</summary>
    /// <param name="e">The event as JSON-LD object.</param>
    /// <param name="context">Prefixes the event uses.</param>
    /// <returns>ni:///sha-256;{64 hexadecimal digits}?ver=CBV2.0</returns>
    /// <exception cref="FormatException">The event has no type, a time that is none, or a name whose prefix is not declared.</exception>
    public static string Compute(JsonElement e, EpcisContext context) => HashOf(PreHash(e, context));

    /// <summary>Computes the ID of an event of ours.</summary>
    /// <inheritdoc cref="Compute(JsonElement, EpcisContext)"/>
    public static string Compute(EpcisEvent e, EpcisContext context) => HashOf(PreHash(e, context));

    /// <summary>The text that is hashed; publish it beside the ID, so that a disagreement can be seen.</summary>
    /// <inheritdoc cref="Compute(JsonElement, EpcisContext)" path="/param|/exception"/>
    public static string PreHash(JsonElement e, EpcisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return EventPreHash.Write(e, context);
    }

    /// <summary>The text that is hashed, of an event of ours.</summary>
    /// <inheritdoc cref="Compute(JsonElement, EpcisContext)" path="/param|/exception"/>
    public static string PreHash(EpcisEvent e, EpcisContext context)
    {
        ArgumentNullException.ThrowIfNull(e);
        using var document = JsonDocument.Parse(e.ToJson());
        return PreHash(document.RootElement, context);
    }

    /// <summary>The event with its hash as <see cref="EpcisEvent.EventId"/>.</summary>
    public static EpcisEvent WithId(EpcisEvent e, EpcisContext context)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e with { EventId = Compute(e, context) };
    }

    private static string HashOf(string preHash) =>
        $"ni:///sha-256;{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(preHash)))}?ver=CBV2.0";
}
