using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>How long a session lasts without use, and at most (docs: ASVS 5.0, 7.3). Settings under "Sessions", as hh:mm:ss.</summary>
public sealed record SessionLimits
{
    public TimeSpan OfficeIdle { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan OfficeAtMost { get; init; } = TimeSpan.FromHours(8);

    public TimeSpan SellerIdle { get; init; } = TimeSpan.FromHours(12);

    public TimeSpan SellerAtMost { get; init; } = TimeSpan.FromDays(30);

    public TimeSpan BuyerIdle { get; init; } = TimeSpan.FromDays(30);

    public TimeSpan BuyerAtMost { get; init; } = TimeSpan.FromDays(90);

    /// <summary>On a phone or computer that several people use.</summary>
    public TimeSpan SharedIdle { get; init; } = TimeSpan.FromMinutes(30);

    public (TimeSpan Idle, TimeSpan AtMost) Of(Person person, bool shared) =>
        person.IsOffice ? (OfficeIdle, OfficeAtMost)
        : shared ? (SharedIdle, OfficeAtMost)
        : person.Roles.Contains(Roles.Seller) ? (SellerIdle, SellerAtMost)
        : (BuyerIdle, BuyerAtMost);
}

/// <summary>Lets people in who have shown who they are, and out again.</summary>
public sealed class Entrance(Db db, Audit audit, KnownDevices devices, SessionLimits limits, TimeProvider clock)
{
    private const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    /// <summary>
    /// Begins a session under a key that nobody held before. The framework's own sign-in writes the new person into the
    /// session that the browser brings along, so whoever knows that key (a phone is often shared) would be signed in as them.
    /// </summary>
    /// <param name="method">What they showed: "password", "code", "passkey", with "+totp" or "+recovery" where that was asked too.</param>
    /// <param name="shared">Others use this browser too: the session ends soon, and with the browser.</param>
    public async Task BeginAsync(HttpContext context, Person person, string method, bool shared)
    {
        var (idle, atMost) = limits.Of(person, shared);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, person.Id.ToString(CultureInfo.InvariantCulture)), new Claim(Current.PersonClaim, person.Id.ToString(CultureInfo.InvariantCulture)), new Claim(ClaimTypes.Name, person.Name)], Scheme);
        var properties = new AuthenticationProperties { IsPersistent = !person.IsOffice && !shared, ExpiresUtc = clock.GetUtcNow() + atMost };
        properties.Items[SessionStore.IdleKey] = ((int)idle.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        devices.Remember(context, person.Id);
        if (context.User.Identity?.IsAuthenticated == true)
            await context.SignOutAsync(Scheme);
        // A handler that has not read the request's cookie yet: the session it names is gone, so it stores a new one.
        var handler = ActivatorUtilities.CreateInstance<CookieAuthenticationHandler>(context.RequestServices);
        var schemes = context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>();
        await handler.InitializeAsync((await schemes.GetSchemeAsync(Scheme))!, context);
        await handler.SignInAsync(new ClaimsPrincipal(identity), properties);
        // A page that is answered with now is already theirs.
        context.User = new ClaimsPrincipal(new ClaimsIdentity([.. identity.Claims, .. person.Roles.Select(r => new Claim(ClaimTypes.Role, r))], Scheme));
        await using var tx = await db.BeginAsync();
        await audit.WriteAsync(tx, new Actor(person.Id, person.Roles.FirstOrDefault() ?? Roles.Buyer), "session.begin", $"person:{person.Id}", detail: new { method });
        await NoteAsync(tx, context, person.Id, "begin", method);
        await tx.CommitAsync();
    }

    /// <summary>Ends this session, and asks the browser to forget what it kept of our pages: the next person on this phone finds nothing.</summary>
    public async Task EndAsync(HttpContext context)
    {
        if (context.User.FindId() is { } person)
        {
            await using var tx = await db.BeginAsync();
            await NoteAsync(tx, context, person, "end", "sign-out");
            await tx.CommitAsync();
        }
        await context.SignOutAsync(Scheme);
        // The cart and the order hold a name and an address. The known device stays: it is what keeps strangers from locking its owner out.
        context.Response.Cookies.Delete(Cookies.Name(context.Request, Cookies.Cart), Cookies.Options(context.Request, null));
        context.Response.Cookies.Delete(Cookies.Name(context.Request, Cookies.Order), Cookies.Options(context.Request, null));
        CartCount.Forget(context);
        context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"storage\"";
    }

    private Task NoteAsync(Tx tx, HttpContext context, long person, string what, string method) => tx.ExecuteAsync(
        "insert into accounts.access (person_id, at, what, method, ip, port) values (@person, @now, @what, @method, @ip, @port)",
        new { person, now = clock.GetUtcNow(), what, method, ip = context.Connection.RemoteIpAddress, port = context.Connection.RemotePort is > 0 and var port ? port : (int?)null });
}
