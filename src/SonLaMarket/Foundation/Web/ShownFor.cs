using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// Says in a form, sealed, for which producer its page was shown. The antiforgery token says so too, but ends with the session; a form
/// that was kept and goes on after sign-in is judged by this, or it would do for one producer what was meant for another.
/// </summary>
public sealed class ShownFor(IDataProtectionProvider protection)
{
    public const string Field = "_for";
    private readonly IDataProtector protector = protection.CreateProtector("shown-for");

    /// <summary>What a form of this page carries; null where the reader works for no producer.</summary>
    public string? Seal(HttpContext http) => Producer(http.User) is not { } producer ? null
        // The same for every form of a page: it is sent compressed.
        : (string)(http.Items[typeof(ShownFor)] ??= protector.Protect(producer));

    /// <summary>False when the form was shown to somebody who worked for another producer than this person does now.</summary>
    public bool Fits(string? seal, ClaimsPrincipal user)
    {
        if (string.IsNullOrEmpty(seal))
            return true;
        try
        {
            return protector.Unprotect(seal) == Producer(user);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string? Producer(ClaimsPrincipal user) => user.FindFirst(Current.ProducerClaim)?.Value;
}
