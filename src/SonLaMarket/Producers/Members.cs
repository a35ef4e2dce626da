using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

public sealed record Member(long PersonId, string Name, string? Phone, string? Email, string Role, DateTimeOffset JoinedAt);

/// <param name="Contact">Where the link went.</param>
public sealed record Invitation(long Id, string Contact, string Role, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <param name="InvitedUntil">When the invitation of its owner ends; null when nobody is invited.</param>
public sealed record UnownedProducer(long Id, string Name, string Phone, DateTimeOffset? InvitedUntil);

/// <summary>What somebody sees who opens the link of an invitation.</summary>
public sealed record OpenInvitation(long Id, long ProducerId, string ProducerName, string Role, string InvitedBy);

/// <summary>
/// Who works for a producer. Every verb is an owner's and says so in its SQL; the last owner stays an owner and a member.
/// </summary>
public sealed class Members(People people, Audit audit, TimeProvider clock)
{
    public static readonly TimeSpan InvitationLifetime = TimeSpan.FromDays(7);

    public const string InvitationPath = "/loi-moi";

    private const string IAmOwner = "exists (select 1 from producers.acting a where a.person_id = @me and a.producer_id = @producerId and a.role = 'owner')";

    private const string Invite = "insert into producers.invitation (token_hash, producer_id, role, contact, invited_by, created_at, expires_at) select @hash, @producerId, @role, @Value, @me, @now, @expires where";

    private const string AnotherOwner = "exists (select 1 from producers.member o where o.producer_id = m.producer_id and o.role = 'owner' and o.person_id <> m.person_id)";

    public Task<List<Member>> OfProducerAsync(Sql sql, long producerId, CancellationToken ct = default) => sql.QueryAsync<Member>("""
        select m.person_id, p.name, p.phone, p.email, m.role, m.joined_at from producers.member m join accounts.person p on p.id = m.person_id
        where m.producer_id = @producerId order by m.joined_at, m.person_id
        """, new { producerId }, ct);

    public Task<List<Invitation>> OpenInvitationsAsync(Sql sql, long producerId, CancellationToken ct = default) => sql.QueryAsync<Invitation>(
        "select id, contact, role, created_at, expires_at from producers.invitation where producer_id = @producerId and ended_at is null and expires_at > @now order by id", new { producerId, now = clock.GetUtcNow() }, ct);

    /// <summary>The path of the link, with its secret. An invitation that the same contact has already is replaced. Null when the person is no owner.</summary>
    public async Task<string?> InviteAsync(Tx tx, long producerId, Contact contact, string role, long me, Actor actor)
    {
        const string insert = $"{Invite} {IAmOwner}";
        await tx.ExecuteAsync("update producers.invitation set ended_at = @now where producer_id = @producerId and contact = @Value and ended_at is null", new { producerId, contact.Value, now = clock.GetUtcNow() });
        return await InviteAsync(tx, insert, producerId, contact, role, me, actor);
    }

    /// <summary>The path of the link by which somebody becomes the owner of a producer that nobody works for yet; an earlier one ends. Null when somebody does, or who invites is no operator.</summary>
    public async Task<string?> InviteOwnerAsync(Tx tx, long producerId, Contact contact, long me, Actor actor)
    {
        const string insert = $"""
            {Invite} not exists (select 1 from producers.member m where m.producer_id = @producerId) and exists (select 1 from accounts.person_role r where r.person_id = @me and r.role = 'operator')
            """;
        await LockAsync(tx, producerId);
        await tx.ExecuteAsync("update producers.invitation set ended_at = @now where producer_id = @producerId and ended_at is null", new { producerId, now = clock.GetUtcNow() });
        return await InviteAsync(tx, insert, producerId, contact, MemberRole.Owner, me, actor);
    }

    /// <summary>Producers that were registered and that nobody works for yet; those first whose owner nobody has invited.</summary>
    public Task<List<UnownedProducer>> UnownedAsync(Sql sql, int take, CancellationToken ct = default) => sql.QueryAsync<UnownedProducer>("""
        select p.id, p.name, p.phone, (select max(i.expires_at) from producers.invitation i where i.producer_id = p.id and i.ended_at is null and i.expires_at > @now) as invited_until
        from producers.producer p where p.status = 'draft' and p.version = 0 and not exists (select 1 from producers.member m where m.producer_id = p.id)
        order by invited_until nulls first, p.id limit @take
        """, new { take, now = clock.GetUtcNow() }, ct);

    private async Task<string?> InviteAsync(Tx tx, string insert, long producerId, Contact contact, string role, long me, Actor actor)
    {
        var token = Codes.Secret();
        var now = clock.GetUtcNow();
        if (await tx.ExecuteAsync(insert, new { hash = Codes.Hash(token), producerId, role, contact.Value, me, now, expires = now + InvitationLifetime }) == 0)
            return null;
        await audit.WriteAsync(tx, actor, "member.invite", await SubjectAsync(tx, producerId), detail: new { role });
        return $"{InvitationPath}?ma={token}";
    }

    /// <summary>False when there is no such open invitation, or the person is no owner.</summary>
    public async Task<bool> CancelInvitationAsync(Tx tx, long producerId, long id, long me, Actor actor)
    {
        if (await tx.ExecuteAsync($"update producers.invitation set ended_at = @now where id = @id and producer_id = @producerId and ended_at is null and {IAmOwner}", new { id, producerId, me, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "member.uninvite", await SubjectAsync(tx, producerId));
        return true;
    }

    /// <summary>What the link opens; null when it was used, taken back, has ended, or never was.</summary>
    public Task<OpenInvitation?> FindInvitationAsync(Sql sql, string? token, CancellationToken ct = default) => token is null or { Length: 0 or > 100 }
        ? Task.FromResult<OpenInvitation?>(null)
        : sql.FirstOrDefaultAsync<OpenInvitation>("""
            select i.id, i.producer_id, r.name as producer_name, i.role, p.name as invited_by
            from producers.invitation i join producers.producer r on r.id = i.producer_id join accounts.person p on p.id = i.invited_by
            where i.token_hash = @hash and i.ended_at is null and i.expires_at > @now
            """, new { hash = Codes.Hash(token), now = clock.GetUtcNow() }, ct);

    /// <summary>The person becomes a member and works for this producer from now on. Whoever is one keeps their role. False when the invitation opens nothing any more.</summary>
    public async Task<bool> AcceptAsync(Tx tx, string token, long me, Actor actor)
    {
        const string use = """
            update producers.invitation set ended_at = @now, accepted_by = @me, contact = ''
            where token_hash = @hash and ended_at is null and expires_at > @now returning producer_id, role
            """;
        const string join = "insert into producers.member (producer_id, person_id, role, joined_at) values (@ProducerId, @me, @Role, @now) on conflict do nothing";
        var now = clock.GetUtcNow();
        if (await tx.FirstOrDefaultAsync<Place>(use, new { hash = Codes.Hash(token), me, now }) is not { } place)
            return false;
        await tx.ExecuteAsync(join, new { place.ProducerId, place.Role, me, now });
        await people.GrantAsync(tx, me, Roles.Seller, actor);
        await WorkForAsync(tx, place.ProducerId, me);
        await audit.WriteAsync(tx, actor, "member.join", await SubjectAsync(tx, place.ProducerId), detail: new { place.Role });
        return true;
    }

    /// <summary>False when the last owner would be none any more, or the person is no owner.</summary>
    public async Task<bool> ChangeRoleAsync(Tx tx, long producerId, long personId, string role, long me, Actor actor)
    {
        const string change = $"update producers.member m set role = @role where producer_id = @producerId and person_id = @personId and (@role = 'owner' or m.role <> 'owner' or {AnotherOwner}) and {IAmOwner}";
        await LockAsync(tx, producerId);
        if (await tx.ExecuteAsync(change, new { producerId, personId, role, me }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "member.role", await SubjectAsync(tx, producerId), detail: new { personId, role });
        return true;
    }

    /// <summary>Takes somebody out; everybody may take themselves out, but for the last owner. False when that is not possible.</summary>
    public async Task<bool> RemoveAsync(Tx tx, long producerId, long personId, long me, Actor actor)
    {
        const string remove = $"delete from producers.member m where producer_id = @producerId and person_id = @personId and (m.role <> 'owner' or {AnotherOwner}) and (@personId = @me or {IAmOwner})";
        await LockAsync(tx, producerId);
        if (await tx.ExecuteAsync(remove, new { producerId, personId, me }) == 0)
            return false;
        await tx.ExecuteAsync("delete from producers.working where person_id = @personId and producer_id = @producerId", new { personId, producerId });
        await audit.WriteAsync(tx, actor, personId == me ? "member.leave" : "member.remove", await SubjectAsync(tx, producerId), detail: new { personId });
        return true;
    }

    /// <summary>Other producers that the person is a member of.</summary>
    public Task<List<Workplace>> WorkplacesAsync(Sql sql, long me, CancellationToken ct) => sql.QueryAsync<Workplace>(
        "select r.slug, r.name, m.role from producers.member m join producers.producer r on r.id = m.producer_id where m.person_id = @me order by m.joined_at", new { me }, ct);

    /// <summary>From now on the person works for this producer of theirs. False when it is not.</summary>
    public async Task<bool> SwitchAsync(Tx tx, string slug, long me)
    {
        if (await tx.FirstOrDefaultAsync<long?>("select r.id from producers.producer r join producers.member m on m.producer_id = r.id where r.slug = @slug and m.person_id = @me", new { slug, me }) is not { } producerId)
            return false;
        await WorkForAsync(tx, producerId, me);
        return true;
    }

    private Task WorkForAsync(Tx tx, long producerId, long me) => tx.ExecuteAsync("""
        insert into producers.working (person_id, producer_id, since) values (@me, @producerId, @now) on conflict (person_id) do update set producer_id = excluded.producer_id, since = excluded.since
        """, new { me, producerId, now = clock.GetUtcNow() });

    /// <summary>Two owners who leave at the same moment leave one after the other.</summary>
    private static Task LockAsync(Tx tx, long producerId) => tx.ExecuteAsync("select id from producers.producer where id = @producerId for update", new { producerId });

    private static async Task<string> SubjectAsync(Tx tx, long producerId) => "producer:" + await tx.SingleAsync<string>("select slug from producers.producer where id = @producerId", new { producerId });

    private sealed record Place(long ProducerId, string Role);
}

public sealed record Workplace(string Slug, string Name, string Role);
