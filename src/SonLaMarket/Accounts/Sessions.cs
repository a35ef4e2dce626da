using System.Globalization;
using System.Security.Claims;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <param name="UserAgent">As the browser called itself.</param>
public sealed record Session(long Id, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, string UserAgent);

/// <summary>Where a person is signed in, and that they lately proved again who they are.</summary>
public sealed class Sessions(Audit audit, TimeProvider clock)
{
    internal const string IdClaim = "session";
    internal const string ConfirmedClaim = "confirmed";

    /// <summary>How long a proof counts before the next one is asked for.</summary>
    public static readonly TimeSpan ConfirmedFor = TimeSpan.FromMinutes(15);

    public Task<List<Session>> OfPersonAsync(Sql sql, long personId, CancellationToken ct = default) => sql.QueryAsync<Session>(
        "select id, created_at, seen_at, user_agent from accounts.session where person_id = @personId and expires_at > @now order by seen_at desc limit 50", new { personId, now = clock.GetUtcNow() }, ct);

    /// <summary>The number of the session that this request belongs to.</summary>
    public static long IdOf(ClaimsPrincipal user) => long.Parse(user.FindFirst(IdClaim)!.Value, CultureInfo.InvariantCulture);

    public bool IsConfirmed(ClaimsPrincipal user) =>
        user.FindFirst(ConfirmedClaim) is { } at && DateTimeOffset.FromUnixTimeSeconds(long.Parse(at.Value, CultureInfo.InvariantCulture)) > clock.GetUtcNow() - ConfirmedFor;

    /// <summary>Their owner has just proved again who they are.</summary>
    public Task ConfirmAsync(Sql sql, ClaimsPrincipal user) =>
        sql.ExecuteAsync("update accounts.session set confirmed_at = @now where id = @id and person_id = @person", new { id = IdOf(user), person = user.Id(), now = clock.GetUtcNow() });

    /// <summary>Ends one session of the person. False when it is not theirs or has ended.</summary>
    public async Task<bool> EndAsync(Tx tx, long personId, long id)
    {
        if (await tx.ExecuteAsync("delete from accounts.session where id = @id and person_id = @personId", new { id, personId }) == 0)
            return false;
        await audit.WriteAsync(tx, new Actor(personId, "self"), "session.end", $"person:{personId}");
        return true;
    }

    /// <summary>Ends all sessions of the person but this one; without one, all of them.</summary>
    public async Task EndOthersAsync(Tx tx, long personId, long? id, Actor actor)
    {
        await tx.ExecuteAsync("delete from accounts.session where person_id = @personId and (@id::bigint is null or id <> @id)", new { personId, id });
        await audit.WriteAsync(tx, actor, id is null ? "session.end-all" : "session.end-others", $"person:{personId}");
    }
}
