using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>
/// What somebody may do for the producer they work for now, as roles of this request: asked anew each time, so that an owner's
/// "stop" and a changed role count at once. Which producer it is, the SQL of every verb asks again (<c>producers.acting</c>).
/// </summary>
public sealed class ActingClaims(Db db) : IClaimsTransformation
{
    private const string Mark = "acting";

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        const string select = """
            select a.producer_id, r.name as producer_name, a.role, a.for_person_id from producers.acting a join producers.producer r on r.id = a.producer_id where a.person_id = @me
            """;
        if (principal.FindId() is not { } me || principal.HasClaim(c => c.Type == Mark) || !(principal.IsInRole(Roles.Seller) || principal.IsInRole(Roles.Helper)))
            return principal;
        var acting = await db.FirstOrDefaultAsync<Acting>(select, new { me });
        var identity = (ClaimsIdentity)principal.Identity!;
        string[] may = acting?.Role switch
        {
            MemberRole.Staff => [Roles.Seller, Roles.Money, Roles.Diary],
            MemberRole.Helper => [Roles.Seller, Roles.Diary],
            MemberRole.Diary => [Roles.Diary],
            MemberRole.Owner => [Roles.Seller, Roles.Owner, Roles.Money, Roles.Diary],
            // Somebody who has not said yet whom they sell for, and is about to.
            _ => principal.IsInRole(Roles.Seller) ? [Roles.Seller, Roles.Owner, Roles.Money, Roles.Diary] : [],
        };
        var now = new ClaimsIdentity(identity.Claims.Where(c => !(c.Type == identity.RoleClaimType && c.Value == Roles.Seller)), identity.AuthenticationType, identity.NameClaimType, identity.RoleClaimType);
        now.AddClaims(may.Select(r => new Claim(identity.RoleClaimType, r)));
        now.AddClaim(new Claim(Mark, acting?.Role ?? ""));
        if (acting is not null)
            now.AddClaim(new Claim(Current.ProducerClaim, acting.ProducerId.ToString(CultureInfo.InvariantCulture)));
        if (acting is { Role: MemberRole.Helper, ForPersonId: { } owner })
        {
            now.AddClaim(new Claim(Current.BehalfClaim, owner.ToString(CultureInfo.InvariantCulture)));
            now.AddClaim(new Claim(Current.BehalfNameClaim, acting.ProducerName));
        }
        return new ClaimsPrincipal(now);
    }

    private sealed record Acting(long ProducerId, string ProducerName, string Role, long? ForPersonId);
}

/// <summary>
/// A form belongs to the producer that its page was shown for: sent after its sender has begun to work for another one, in
/// another window, it would do there what was meant here, and is refused like an old one.
/// </summary>
public sealed class FormsOfProducer : IAntiforgeryAdditionalDataProvider
{
    public string GetAdditionalData(HttpContext context) => Producer(context);

    public bool ValidateAdditionalData(HttpContext context, string additionalData) => additionalData.Length == 0 || additionalData == Producer(context);

    private static string Producer(HttpContext context) => context.User.FindFirst(Current.ProducerClaim)?.Value ?? "";
}
