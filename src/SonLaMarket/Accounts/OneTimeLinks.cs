using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>Links that let a person set a password, once. Whoever makes one hands it over; only its hash is kept.</summary>
public sealed class OneTimeLinks(People people, Audit audit, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public const string Path = "/dat-mat-khau";

    /// <summary>The path with its secret. Links made earlier for the same person stop working.</summary>
    public async Task<string> CreateAsync(Tx tx, long personId, Actor actor, TimeSpan? lifetime = null)
    {
        const string insert = "insert into accounts.one_time_link (token_hash, person_id, purpose, expires_at) values (@hash, @personId, 'set-password', @expires)";
        var token = Codes.Secret();
        await tx.ExecuteAsync("delete from accounts.one_time_link where person_id = @personId and used_at is null", new { personId });
        await tx.ExecuteAsync(insert, new { hash = Codes.Hash(token), personId, expires = clock.GetUtcNow() + (lifetime ?? Lifetime) });
        await audit.WriteAsync(tx, actor, "password-link.create", $"person:{personId}");
        return $"{Path}?ma={token}";
    }

    /// <summary>Whose password the link may set now, or null.</summary>
    public async Task<Person?> FindAsync(Sql sql, string? token, CancellationToken ct = default)
    {
        const string select = "select person_id from accounts.one_time_link where token_hash = @hash and purpose = 'set-password' and used_at is null and expires_at > @now";
        if (token is null or { Length: 0 or > 100 } || await sql.FirstOrDefaultAsync<long?>(select, new { hash = Codes.Hash(token), now = clock.GetUtcNow() }, ct) is not { } id)
            return null;
        return await people.FindAsync(sql, id, ct) is { DisabledAt: null } person ? person : null;
    }

    /// <summary>Sets the password and ends every session. False when the link was used, has ended, or never was.</summary>
    public async Task<bool> UseAsync(Tx tx, string token, string password)
    {
        const string use = """
            update accounts.one_time_link l set used_at = @now from accounts.person p
            where p.id = l.person_id and p.disabled_at is null and l.token_hash = @hash and l.purpose = 'set-password' and l.used_at is null and l.expires_at > @now
            returning l.person_id
            """;
        if (await tx.FirstOrDefaultAsync<long?>(use, new { hash = Codes.Hash(token), now = clock.GetUtcNow() }) is not { } id)
            return false;
        await people.SetPasswordAsync(tx, id, password, null, new Actor(id, "self"));
        return true;
    }
}
