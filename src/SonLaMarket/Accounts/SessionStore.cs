using System.Net;
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
    private static readonly TimeSpan Touch = TimeSpan.FromMinutes(1);

    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        const string insert = """
            insert into accounts.session (token_hash, person_id, ticket, created_at, seen_at, expires_at, user_agent, ip)
            values (@hash, @person, @ticket, @now, @now, @expires, @agent, @ip)
            """;
        var token = Codes.Secret();
        var now = clock.GetUtcNow();
        var agent = http.HttpContext?.Request.Headers.UserAgent.ToString() ?? "";
        await db.ExecuteAsync(insert, new
        {
            hash = Codes.Hash(token),
            person = ticket.Principal.Id(),
            ticket = TicketSerializer.Default.Serialize(ticket),
            now,
            expires = ticket.Properties.ExpiresUtc ?? now + TimeSpan.FromHours(12),
            agent = agent.Length > 200 ? agent[..200] : agent,
            ip = http.HttpContext?.Connection.RemoteIpAddress,
        });
        return token;
    }

    public async Task RenewAsync(string key, AuthenticationTicket ticket)
    {
        await db.ExecuteAsync("update accounts.session set ticket = @ticket, expires_at = @expires, seen_at = @now where token_hash = @hash", new
        {
            hash = Codes.Hash(key),
            ticket = TicketSerializer.Default.Serialize(ticket),
            expires = ticket.Properties.ExpiresUtc ?? clock.GetUtcNow() + TimeSpan.FromHours(12),
            now = clock.GetUtcNow(),
        });
    }

    public async Task<AuthenticationTicket?> RetrieveAsync(string key)
    {
        const string select = """
            select s.ticket, s.seen_at,
              array(select role from accounts.person_role r where r.person_id = s.person_id order by role) as roles
            from accounts.session s join accounts.person p on p.id = s.person_id
            where s.token_hash = @hash and s.expires_at > @now and p.disabled_at is null
            """;
        var now = clock.GetUtcNow();
        var hash = Codes.Hash(key);
        var row = await db.FirstOrDefaultAsync<StoredSession>(select, new { hash, now });
        if (row is null || TicketSerializer.Default.Deserialize(row.Ticket) is not { } ticket)
            return null;
        if (now - row.SeenAt > Touch)
            await db.ExecuteAsync("update accounts.session set seen_at = @now where token_hash = @hash", new { hash, now });
        return WithRoles(ticket, row.Roles);
    }

    public Task RemoveAsync(string key) =>
        db.ExecuteAsync("delete from accounts.session where token_hash = @hash", new { hash = Codes.Hash(key) });

    /// <summary>Roles are read at each request, so that taking one away works at once.</summary>
    private static AuthenticationTicket WithRoles(AuthenticationTicket ticket, string[] roles)
    {
        var identity = new ClaimsIdentity(ticket.Principal.Claims.Where(c => c.Type != ClaimTypes.Role), CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaims(roles.Select(r => new Claim(ClaimTypes.Role, r)));
        return new AuthenticationTicket(new ClaimsPrincipal(identity), ticket.Properties, ticket.AuthenticationScheme);
    }

    private sealed record StoredSession(byte[] Ticket, DateTimeOffset SeenAt, string[] Roles);
}
