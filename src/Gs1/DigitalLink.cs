using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gs1;

/// <summary>An Application Identifier with its decoded value, such as 10 and "SL26-MAN-0001".</summary>
/// <param name="Ai">2 to 4 digits.</param>
/// <param name="Value">The value as it is written on the goods, without percent-encoding.</param>
public readonly record struct AiValue(string Ai, string Value);

/// <summary>
/// A checked GS1 Digital Link URI (GS1 Digital Link Standard: URI Syntax, 1.6.0; formats of values by the GS1 Barcode Syntax
/// Dictionary, release 2026-01-27).
/// </summary>
public sealed class DigitalLink
{
    /// <summary>Longest text that is looked at, in characters.</summary>
    public const int MaxLength = 8192;

    private const string CanonicalRoot = "https://id.gs1.org";
    private const string GtinAi = "01";
    private const string LotAi = "10";
    private const string SerialAi = "21";
    private const string PieceAi = "8006";

    internal DigitalLink(AiValue key, IReadOnlyList<AiValue> qualifiers, IReadOnlyList<AiValue> attributes, IReadOnlyList<string> ignoredQuery)
    {
        Key = key;
        Qualifiers = qualifiers;
        Attributes = attributes;
        IgnoredQuery = ignoredQuery;
        Canonical = Write(CanonicalRoot);
    }

    /// <summary>The primary key, such as 01 with a GTIN.</summary>
    public AiValue Key { get; }

    /// <summary>The key's qualifiers in path order, such as lot and serial.</summary>
    public IReadOnlyList<AiValue> Qualifiers { get; }

    /// <summary>Attributes of the query in the order received, such as 17 with an expiry date.</summary>
    public IReadOnlyList<AiValue> Attributes { get; }

    /// <summary>Parts of the query that are not GS1's, as received (still encoded): a resolver passes them on.</summary>
    public IReadOnlyList<string> IgnoredQuery { get; }

    /// <summary>
    /// The canonical form: https://id.gs1.org, no stem, no ignored parameters, attributes of predefined length first, everything but
    /// unreserved characters percent-encoded (URI Syntax, section 5.3).
    /// </summary>
    public string Canonical { get; }

    /// <summary>The GTIN of a trade item (01) or of the item a piece belongs to (8006); otherwise null.</summary>
    public Gtin? Gtin => Key.Ai is GtinAi or PieceAi && Gs1.Gtin.TryParse(Key.Value[..14], out var gtin) ? gtin : null;

    /// <summary>The lot (10) if the path names one.</summary>
    public string? Lot => Qualifier(LotAi);

    /// <summary>The serial number (21) if the path names one.</summary>
    public string? Serial => Qualifier(SerialAi);

    /// <summary>
    /// Reads and checks a Digital Link: an http or https URI with any host and stem, or only its path and query. One slash at the end of
    /// the path is tolerated, as resolvers should; a fragment is ignored.
    /// </summary>
    /// <param name="text">The URI as it was scanned or requested, not decoded.</param>
    /// <param name="link">The link, when the answer is true.</param>
    /// <param name="error">What is wrong, when the answer is false.</param>
    /// <returns>Whether the text is a Digital Link; never throws.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out DigitalLink? link, [NotNullWhen(false)] out DigitalLinkError? error)
    {
        (link, error) = DigitalLinkParser.Parse(text);
        return link is not null;
    }

    /// <summary>Builds the link of a trade item.</summary>
    /// <param name="host">A host name (then https is meant) or a base address such as http://localhost:5080, with or without a stem.</param>
    /// <param name="gtin">The item's number.</param>
    /// <exception cref="ArgumentException">The host is not usable, or the GTIN is of restricted circulation and must not be printed.</exception>
    public static string ForGtin(string host, Gtin gtin) => Build(host, gtin, []);

    /// <summary>Builds the link of a lot.</summary>
    /// <param name="host">A host name or base address, as in <see cref="ForGtin"/>.</param>
    /// <param name="gtin">The item's number.</param>
    /// <param name="lot">1 to 20 characters of GS1's character set 82.</param>
    /// <exception cref="ArgumentException">Host, GTIN or lot is not usable.</exception>
    public static string ForLot(string host, Gtin gtin, string lot) => Build(host, gtin, [new(LotAi, lot)]);

    /// <summary>Builds the link of a single item.</summary>
    /// <param name="host">A host name or base address, as in <see cref="ForGtin"/>.</param>
    /// <param name="gtin">The item's number.</param>
    /// <param name="lot">The item's lot, or null.</param>
    /// <param name="serial">1 to 20 characters of GS1's character set 82.</param>
    /// <exception cref="ArgumentException">Host, GTIN, lot or serial is not usable.</exception>
    public static string ForItem(string host, Gtin gtin, string? lot, string serial) =>
        Build(host, gtin, lot is null ? [new(SerialAi, serial)] : [new(LotAi, lot), new(SerialAi, serial)]);

    /// <summary>The canonical form.</summary>
    public override string ToString() => Canonical;

    private string? Qualifier(string ai)
    {
        foreach (var qualifier in Qualifiers)
            if (qualifier.Ai == ai)
                return qualifier.Value;
        return null;
    }

    private static string Build(string host, Gtin gtin, AiValue[] qualifiers)
    {
        var root = HostRoot.Of(host);
        if (gtin.IsRestrictedCirculation)
            throw new ArgumentException("A number of restricted circulation means nothing to others and is not put into a link.", nameof(gtin));
        foreach (var (ai, value) in qualifiers)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(qualifiers));
            if (ValueRules.Check(ApplicationIdentifiers.Find(ai)!, value) is { } fault)
                throw new ArgumentException(new DigitalLinkError(fault, ai).Message, nameof(qualifiers));
        }
        var built = new DigitalLink(new(GtinAi, gtin.Value), qualifiers, [], []).Write(root);
        return TryParse(built, out _, out var error) ? built : throw new ArgumentException(error.Message, nameof(host));
    }

    private string Write(string root)
    {
        var text = new StringBuilder(root);
        AppendPathPair(text, Key);
        foreach (var qualifier in Qualifiers)
            AppendPathPair(text, qualifier);
        var separator = '?';
        foreach (var fixedLength in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (var (ai, value) in Attributes)
            {
                if (ApplicationIdentifiers.Find(ai)!.FixedLength != fixedLength)
                    continue;
                text.Append(separator).Append(ai).Append('=');
                PercentEncoding.AppendEncoded(text, value);
                separator = '&';
            }
        }
        return text.ToString();
    }

    private static void AppendPathPair(StringBuilder text, AiValue pair)
    {
        text.Append('/').Append(pair.Ai).Append('/');
        PercentEncoding.AppendEncoded(text, pair.Value);
    }
}
