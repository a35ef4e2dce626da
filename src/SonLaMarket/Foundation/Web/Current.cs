using System.Globalization;
using System.Security.Claims;

namespace SonLaMarket.Foundation.Web;

/// <summary>Who acts, for the audit log: a person with the role they act in, or the system itself.</summary>
/// <param name="OnBehalfOf">The person who let them, where somebody acts for another.</param>
public sealed record Actor(long? PersonId, string Role, long? OnBehalfOf = null)
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

    /// <summary>The claim with the number of the producer that the person works for now.</summary>
    public const string ProducerClaim = "producer";

    /// <summary>The claims of somebody who acts for another: the number of the person who let them, and the producer's name.</summary>
    public const string BehalfClaim = "behalf";
    public const string BehalfNameClaim = "behalf-name";

    public static Actor As(this ClaimsPrincipal user, string role) => new(user.Id(), role, user.FindFirst(BehalfClaim) is { } behalf ? long.Parse(behalf.Value, CultureInfo.InvariantCulture) : null);

    /// <summary>The name of the producer that the person acts for without being a member; null where they act for themselves.</summary>
    public static string? ActsFor(this ClaimsPrincipal user) => user.FindFirst(BehalfNameClaim)?.Value;
}
