using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Vnpay;

/// <summary>
/// Checksums of protocol 2.1.0: HMAC-SHA512, key and data in UTF-8 ("Thanh toán PAY", "Cách tạo URL thanh toán";
/// "Truy vấn &amp; hoàn tiền", "Quy tắc tạo checksum").
/// </summary>
public static class VnpaySignature
{
    internal const string HashName = "vnp_SecureHash";
    internal const string HashTypeName = "vnp_SecureHashType";

    /// <summary>
    /// The string that is signed <em>and</em> sent: hash fields and empty values left out, ordinal order of names,
    /// form encoding (space as +, upper-case hex). Values are taken as they are.
    /// </summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public static string Canonicalize(IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            if (name is HashName or HashTypeName || string.IsNullOrEmpty(value)) continue;
            if (!sorted.TryAdd(name, value)) throw new ArgumentException($"{name} occurs twice.", nameof(parameters));
        }
        // HttpUtility writes lower-case hex and Uri.EscapeDataString %20: both give another hash than VNPAY's.
        return string.Join('&', sorted.Select(pair => WebUtility.UrlEncode(pair.Key) + "=" + WebUtility.UrlEncode(pair.Value)));
    }

    /// <summary>Lower-case hex of HMAC-SHA512, 128 digits. White space around the secret is not part of it.</summary>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static string Compute(string canonical, string secret)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        return Convert.ToHexStringLower(Hash(canonical, secret));
    }

    /// <summary>Whether <paramref name="secureHash"/> (hex in either case; null is never right) signs <paramref name="canonical"/>. Constant time.</summary>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static bool Verify(string canonical, string? secureHash, string secret)
    {
        ArgumentNullException.ThrowIfNull(canonical);
        var expected = Hash(canonical, secret);
        Span<byte> given = stackalloc byte[HMACSHA512.HashSizeInBytes];
        var wellFormed = Convert.FromHexString(secureHash.AsSpan(), given, out var read, out var written) == OperationStatus.Done
            && read == secureHash.AsSpan().Length && written == given.Length;
        return CryptographicOperations.FixedTimeEquals(expected, given) && wellFormed;
    }

    /// <summary>The address with its signed query: the signed string and the query are the same bytes.</summary>
    /// <exception cref="ArgumentException">A name occurs twice, or the secret is empty.</exception>
    public static string SignUrl(string baseUrl, IEnumerable<KeyValuePair<string, string?>> parameters, string secret)
    {
        var canonical = Canonicalize(parameters);
        return $"{baseUrl}?{canonical}&{HashName}={Compute(canonical, secret)}";
    }

    /// <summary>
    /// The string that the transaction API signs: raw values in the order of <paramref name="fieldOrder"/> joined by <c>|</c>,
    /// a missing one as nothing.
    /// </summary>
    public static string JoinFields(IEnumerable<string> fieldOrder, IReadOnlyDictionary<string, string> fields)
    {
        ArgumentNullException.ThrowIfNull(fieldOrder);
        ArgumentNullException.ThrowIfNull(fields);
        return string.Join('|', fieldOrder.Select(name => fields.TryGetValue(name, out var value) ? value : ""));
    }

    private static byte[] Hash(string canonical, string secret)
    {
        var key = secret?.Trim();
        ArgumentException.ThrowIfNullOrEmpty(key, nameof(secret));
        return HMACSHA512.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(canonical));
    }
}
