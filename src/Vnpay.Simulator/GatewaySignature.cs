using System.Security.Cryptography;
using System.Text;

namespace Vnpay.Simulator;

/// <summary>
/// The gateway's own signer, written from the protocol's description and sharing nothing with any client, so that a mistake
/// made on one side shows as a wrong signature. Form encoding as PHP's urlencode: only letters, digits and <c>- . _</c> bare.
/// </summary>
internal static class GatewaySignature
{
    private const string Hex = "0123456789ABCDEF";

    /// <summary>name=value pairs in byte order of the names; hash fields and empty values take no part.</summary>
    public static string Query(IEnumerable<(string Name, string? Value)> fields)
    {
        var kept = fields.Where(f => !string.IsNullOrEmpty(f.Value) && f.Name != "vnp_SecureHash" && f.Name != "vnp_SecureHashType").ToArray();
        Array.Sort(kept, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        var text = new StringBuilder();
        foreach (var (name, value) in kept)
        {
            if (text.Length > 0) text.Append('&');
            Encode(text, name);
            text.Append('=');
            Encode(text, value!);
        }
        return text.ToString();
    }

    /// <param name="fields">What is said.</param>
    /// <param name="secret">The terminal's.</param>
    /// <param name="encoding">Of <see cref="Faults.Encoding"/>: how a space is written, in what is signed and in what is sent.</param>
    public static string SignedQuery(IEnumerable<(string Name, string? Value)> fields, string secret, string? encoding = null)
    {
        var plus = Query(fields);
        var percent = plus.Replace("+", "%20", StringComparison.Ordinal);
        return encoding switch
        {
            "percent20" => percent + "&vnp_SecureHash=" + Hash(percent, secret),
            "recoded" => percent + "&vnp_SecureHash=" + Hash(plus, secret),
            _ => plus + "&vnp_SecureHash=" + Hash(plus, secret),
        };
    }

    public static string Hash(string text, string secret)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA512, Encoding.UTF8.GetBytes(secret.Trim()));
        hmac.AppendData(Encoding.UTF8.GetBytes(text));
        var hex = new StringBuilder(128);
        foreach (var b in hmac.GetHashAndReset()) hex.Append(char.ToLowerInvariant(Hex[b >> 4])).Append(char.ToLowerInvariant(Hex[b & 15]));
        return hex.ToString();
    }

    public static bool Matches(string text, string? hash, string secret) =>
        hash is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Hash(text, secret)), Encoding.UTF8.GetBytes(hash.ToLowerInvariant()));

    /// <summary>Names and values of a query, decoded; null when a name is repeated or an escape is broken.</summary>
    public static Dictionary<string, string>? Parse(string query)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.TrimStart('?').Split('&'))
        {
            if (pair.Length == 0) continue;
            var cut = pair.Split('=', 2);
            if (Decode(cut[0]) is not { } name || Decode(cut.Length == 2 ? cut[1] : "") is not { } value) return null;
            if (!fields.TryAdd(name, value)) return null;
        }
        return fields;
    }

    private static void Encode(StringBuilder to, string value)
    {
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'.' or (byte)'_') to.Append((char)b);
            else if (b == ' ') to.Append('+');
            else to.Append('%').Append(Hex[b >> 4]).Append(Hex[b & 15]);
        }
    }

    private static string? Decode(string encoded)
    {
        for (var at = encoded.IndexOf('%', StringComparison.Ordinal); at >= 0; at = encoded.IndexOf('%', at + 1))
        {
            if (at + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[at + 1]) || !char.IsAsciiHexDigit(encoded[at + 2])) return null;
        }
        return Uri.UnescapeDataString(encoded.Replace('+', ' '));
    }
}
