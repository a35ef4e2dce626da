using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace SonLaMarket.Accounts;

/// <summary>
/// Begins a session under a key that nobody held before. The framework's own sign-in writes the new person into the
/// session that the browser brings along, so whoever knows that key (a phone is often shared) would be signed in as them.
/// </summary>
public static class NewSession
{
    public static async Task BeginAsync(HttpContext context, ClaimsPrincipal person, AuthenticationProperties properties)
    {
        const string scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        if (context.User.Identity?.IsAuthenticated == true)
            await context.SignOutAsync(scheme);
        // A handler that has not read the request's cookie yet: the session it names is gone, so it stores a new one.
        var handler = ActivatorUtilities.CreateInstance<CookieAuthenticationHandler>(context.RequestServices);
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        await handler.InitializeAsync((await schemes.GetSchemeAsync(scheme))!, context);
        await handler.SignInAsync(person, properties);
    }
}
