using System.Text.Json;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Accounts;

/// <summary>The audit log: who decided what about which subject, why, with what changed. Append-only.</summary>
public sealed class Audit(TimeProvider clock)
{
    /// <param name="subject">"listing:xoai-tron", "lot:AB12", "person:17": the room's word and the public key.</param>
    /// <param name="detail">What changed, e.g. <c>new { before = 1, after = 2 }</c>. No personal data, no secrets.</param>
    public Task WriteAsync(Tx tx, Actor actor, string action, string subject, string? reason = null, object? detail = null)
    {
        const string sql = """
            insert into accounts.audit (at, actor_id, actor_role, on_behalf_of_id, action, subject, reason, detail)
            values (@now, @PersonId, @Role, @OnBehalfOf, @action, @subject, @reason, @detail::jsonb)
            """;
        return tx.ExecuteAsync(sql, new { now = clock.GetUtcNow(), actor.PersonId, actor.Role, actor.OnBehalfOf, action, subject, reason, detail = JsonSerializer.Serialize(detail ?? new { }) });
    }

    /// <summary>One decision about many subjects: a row for each, in their order.</summary>
    public Task WriteAsync(Tx tx, Actor actor, string action, IReadOnlyCollection<(string Subject, object Detail)> subjects, string reason)
    {
        const string sql = """
            insert into accounts.audit (at, actor_id, actor_role, on_behalf_of_id, action, subject, reason, detail)
            select @now, @PersonId::bigint, @Role, @OnBehalfOf::bigint, @action, s.subject, @reason, s.detail::jsonb from unnest(@subjects, @details) with ordinality as s (subject, detail, place) order by s.place
            """;
        return tx.ExecuteAsync(sql, new { now = clock.GetUtcNow(), actor.PersonId, actor.Role, actor.OnBehalfOf, action, reason, subjects = subjects.Select(s => s.Subject).ToArray(), details = subjects.Select(s => JsonSerializer.Serialize(s.Detail)).ToArray() });
    }
}
