using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// Row numbers that must travel through a form of a signed-in page, where the row has no code of its own: sealed, so that
/// nobody counts rows or asks for a neighbour's.
/// </summary>
public sealed class RowKeys(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("row-keys");

    /// <param name="kind">The kind of row: a key of one kind opens no other.</param>
    public string Seal(string kind, long id) => protector.CreateProtector(kind).Protect(id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The row's number, or null when the key was not made by us for this kind.</summary>
    public long? Open(string kind, string? key)
    {
        if (string.IsNullOrEmpty(key) || key.Length > 400)
            return null;
        try
        {
            return long.Parse(protector.CreateProtector(kind).Unprotect(key), CultureInfo.InvariantCulture);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
