using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>
/// Browsers in which somebody has signed in before. Their wrong passwords are counted apart from those of everybody else
/// behind the same address. The cookie opens nothing: it only says whose tries these are.
/// </summary>
public sealed class KnownDevices(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(400);
    private readonly IDataProtector protector = protection.CreateProtector("known-device");

    /// <summary>Remembers that this person signed in here; again: the same device.</summary>
    public void Remember(HttpContext context, long personId)
    {
        if (Find(context.Request, personId) is null)
            context.Response.Cookies.Append(
                Cookies.Name(context.Request, Cookies.Device), protector.Protect(string.Create(CultureInfo.InvariantCulture, $"{personId} {Codes.Random(16)}")), Cookies.Options(context.Request, Lifetime));
    }

    /// <summary>The device's own word, when it is known for this person; else null.</summary>
    public string? Find(HttpRequest request, long personId)
    {
        if (request.Cookies[Cookies.Name(request, Cookies.Device)] is not { Length: > 0 and < 400 } cookie)
            return null;
        try
        {
            var parts = protector.Unprotect(cookie).Split(' ');
            return parts[0] == personId.ToString(CultureInfo.InvariantCulture) ? parts[1] : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
