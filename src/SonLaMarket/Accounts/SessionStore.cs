using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>
/// Sessions live in the database: the cookie carries 256 random bits, the table their hash. Deleting the row ends the
/// session at once on every instance.
/// </summary>
public sealed class SessionStore(Db db, TimeProvider clock, IHttpContextAccessor http) : ITicketStore
{
    /// <summary>The property of a ticket with the seconds without use after which the session ends.</summary>
    internal const string IdleKey = "idle";

    private static readonly TimeSpan Touch = TimeSpan.FromMinutes(1);

    /// <summary>Who has just come in has just proved who they are.</summary>
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        const string insert = """
            insert into accounts.session (token_hash, person_id, ticket, created_at, seen_at, confirmed_at, expires_at, ends_at, idle_seconds, user_agent, ip)
            values (@hash, @person, @ticket, @now, @now, @now, @expires, @ends, @idle, @agent, @ip)
            """;
        var token = Codes.Secret();
        var now = clock.GetUtcNow();
        var agent = http.HttpContext?.Request.Headers.UserAgent.ToString() ?? "";
        var idle = int.Parse(ticket.Properties.Items[IdleKey]!, CultureInfo.InvariantCulture);
        var ends = ticket.Properties.ExpiresUtc!.Value;
        await db.ExecuteAsync(insert, new
        {
            hash = Codes.Hash(token),
            person = ticket.Principal.Id(),
            ticket = TicketSerializer.Default.Serialize(ticket),
            now,
            expires = now.AddSeconds(idle) is var end && end < ends ? end : ends,
            ends,
            idle,
            agent = agent.Length > 200 ? agent[..200] : agent,
            ip = http.HttpContext?.Connection.RemoteIpAddress,
        });
        return token;
    }

    /// <summary>Sessions are prolonged by their use, not by a new cookie.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket) => Task.CompletedTask;

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        const string select = """
            select s.id, s.ticket, s.seen_at, s.confirmed_at, p.name,
              array(select role from accounts.person_role r where r.person_id = s.person_id order by role) as roles
            from accounts.session s join accounts.person p on p.id = s.person_id
            where s.token_hash = @hash and s.expires_at > @now and p.disabled_at is null
            """;
        const string touch = "update accounts.session set seen_at = @now, expires_at = least(ends_at, @now + idle_seconds * interval '1 second') where token_hash = @hash";
        var now = clock.GetUtcNow();
        var hash = Codes.Hash(key);
        var row = await db.FirstOrDefaultAsync<StoredSession>(select, new { hash, now });
        if (row is null || TicketSerializer.Default.Deserialize(row.Ticket) is not { } ticket)
            return null;
        if (now - row.SeenAt > Touch)
            await db.ExecuteAsync(touch, new { hash, now });
        return AsOfNow(ticket, row);
    }

    public Task RemoveAsync(string key) =>
        db.ExecuteAsync("delete from accounts.session where token_hash = @hash", new { hash = Codes.Hash(key) });

    /// <summary>Name and roles are read at each request, so that taking a role away works at once.</summary>
    private static AuthenticationTicket AsOfNow(AuthenticationTicket ticket, StoredSession session)
    {
        var identity = new ClaimsIdentity(ticket.Principal.Claims.Where(c => c.Type is ClaimTypes.NameIdentifier or Current.PersonClaim), CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.Name, session.Name));
        identity.AddClaims(session.Roles.Select(r => new Claim(ClaimTypes.Role, r)));
        identity.AddClaim(new Claim(Sessions.IdClaim, session.Id.ToString(CultureInfo.InvariantCulture)));
        if (session.ConfirmedAt is { } at)
            identity.AddClaim(new Claim(Sessions.ConfirmedClaim, at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        return new AuthenticationTicket(new ClaimsPrincipal(identity), ticket.Properties, ticket.AuthenticationScheme);
    }

    private sealed record StoredSession(long Id, byte[] Ticket, DateTimeOffset SeenAt, DateTimeOffset? ConfirmedAt, string Name, string[] Roles);
}
