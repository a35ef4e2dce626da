using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SonLaMarket.Foundation.Web;

/// <summary>What somebody searched for, such as a phone, as a key in an address: nobody reads it there, in a history or in a log, and it ends soon.</summary>
public sealed class SealedText(IDataProtectionProvider protection, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly IDataProtector protector = protection.CreateProtector("sealed-text");

    /// <param name="kind">The kind of search: a key of one kind opens no other.</param>
    public string Seal(string kind, string text) => protector.CreateProtector(kind).Protect((clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) + "\n" + text);

    /// <summary>The text, or null when the key was not made by us for this kind, or has ended.</summary>
    public string? Open(string kind, string? key)
    {
        if (string.IsNullOrEmpty(key) || key.Length > 2_000)
            return null;
        try
        {
            var parts = protector.CreateProtector(kind).Unprotect(key).Split('\n', 2);
            return long.Parse(parts[0], CultureInfo.InvariantCulture) >= clock.GetUtcNow().ToUnixTimeSeconds() ? parts[1] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
