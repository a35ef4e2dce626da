using System.Security.Cryptography;
using System.Text;

namespace SonLaMarket.Foundation.Text;

/// <summary>Codes that people read, type and cannot guess; secrets that only machines carry.</summary>
public static class Codes
{
    /// <summary>Crockford's base 32: no I, L, O, U.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Random characters of Crockford's base 32, five bits each.</summary>
    public static string Random(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>A secret for an address or a cookie: 256 random bits, URL-safe.</summary>
    public static string Secret() => Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored of a secret.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>As typed by a person: upper case, blanks and hyphens gone, O and I and L read as 0 and 1.</summary>
    public static string Typed(string? code) => new string((code ?? "").ToUpperInvariant()
        .Where(char.IsAsciiLetterOrDigit)
        .Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })
        .ToArray());
}
