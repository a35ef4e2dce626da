using System.Globalization;
using System.Security.Claims;

namespace SonLaMarket.Foundation.Web;

/// <summary>Who acts, for the audit log: a person with the role they act in, or the system itself.</summary>
public sealed record Actor(long? PersonId, string Role)
{
    public static readonly Actor System = new(null, "system");
}

public static class Current
{
    /// <summary>The claim with the person's number.</summary>
    public const string PersonClaim = "person";

    /// <summary>The signed-in person's number; only on pages that demand a sign-in.</summary>
    public static long Id(this ClaimsPrincipal user) =>
        user.FindId() ?? throw new InvalidOperationException("nobody is signed in");

    public static long? FindId(this ClaimsPrincipal user) =>
        user.FindFirst(PersonClaim) is { } claim ? long.Parse(claim.Value, CultureInfo.InvariantCulture) : null;

    public static Actor As(this ClaimsPrincipal user, string role) => new(user.Id(), role);
}
