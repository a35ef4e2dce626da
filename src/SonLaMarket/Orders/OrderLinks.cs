using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders;

/// <summary>
/// The way to an order's page without an account: the secret given when it was placed, of which only the hash is stored,
/// or a grant made later for somebody who showed another proof (phone number, VNPAY's signature).
/// </summary>
public sealed class OrderLinks(IDataProtectionProvider protection)
{
    internal static readonly TimeSpan GrantLifetime = TimeSpan.FromDays(30);
    private readonly ITimeLimitedDataProtector grants = protection.CreateProtector("order-link").ToTimeLimitedDataProtector();

    public static string Path(string code, string token) => $"/don-hang/{code}?k={Uri.EscapeDataString(token)}";

    public string GrantedPath(string code) => Path(code, Grant(code));

    /// <summary>A key to the order's page for whoever has shown that it is theirs.</summary>
    public string Grant(string code) => grants.Protect(code, GrantLifetime);

    /// <summary>The secret of the order, which opens its page for good; grants do so for 30 days.</summary>
    public static bool Lasts(string? token) => token is { Length: < 60 };

    public bool IsGrant(string code, string? token) => GrantedUntil(code, token) is not null;

    /// <summary>Until when a grant opens the order's page; null when it does not.</summary>
    public DateTimeOffset? GrantedUntil(string code, string? token)
    {
        if (token is null || Lasts(token) || token.Length > 600)
            return null;
        try
        {
            return grants.Unprotect(token, out var until) == code ? until : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static byte[] Hash(string? token) => Codes.Hash(token ?? "");
}
