using System.Net;
using System.Text;

namespace Vnpay;

/// <summary>
/// The vnp_ pairs of one raw query string. Signed data and values come from this one parse, so nobody can sign one reading
/// and have another one acted upon.
/// </summary>
internal sealed class CallbackQuery
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<(string Name, string Value, string RawPair)> signed = [];

    public string? SecureHash { get; private set; }

    /// <summary>Null when an escape is broken, bytes are not UTF-8, or a vnp_ name is repeated (in whatever case).</summary>
    public static CallbackQuery? Parse(string? rawQuery)
    {
        var query = new CallbackQuery();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in Pairs(rawQuery))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (!TryDecode(equals < 0 ? pair : pair[..equals], out var name)) return null;
            if (!name.StartsWith("vnp_", StringComparison.Ordinal)) continue;
            if (!TryDecode(equals < 0 ? "" : pair[(equals + 1)..], out var value) || !seen.Add(name)) return null;
            if (name == VnpaySignature.HashName) query.SecureHash = value;
            else if (name != VnpaySignature.HashTypeName && value.Length > 0) query.signed.Add((name, value, pair));
        }
        query.signed.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return query;
    }

    /// <summary>As VNPAY wrote the pairs; this is what it signed unless something in between encoded them anew.</summary>
    public string CanonicalAsReceived => string.Join('&', signed.Select(pair => pair.RawPair));

    public string CanonicalReencoded =>
        string.Join('&', signed.Select(pair => WebUtility.UrlEncode(pair.Name) + "=" + WebUtility.UrlEncode(pair.Value)));

    public IReadOnlyDictionary<string, string> Values =>
        signed.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal).AsReadOnly();

    public string? Find(string name) => signed.Find(pair => pair.Name == name).Value;

    public static IEnumerable<string> Pairs(string? rawQuery) =>
        (rawQuery ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    public static bool TryDecode(string encoded, out string decoded)
    {
        decoded = "";
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(encoded.Length)];
        var count = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            var character = encoded[i];
            if (character == '%')
            {
                if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2])) return false;
                bytes[count++] = Convert.FromHexString(encoded.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else if (char.IsAscii(character))
            {
                bytes[count++] = character == '+' ? (byte)' ' : (byte)character;
            }
            else
            {
                return false;
            }
        }
        try
        {
            decoded = StrictUtf8.GetString(bytes, 0, count);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
