using System.Security.Cryptography;
using System.Text;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>What a producer agrees to when a helper is to act for it. A change of the words is a new version.</summary>
public static class HelperConsent
{
    public const string Version = "2026-11";

    public const string Words = "Tôi đồng ý để người này của tổ công nghệ số cộng đồng đăng nhập và làm thay cơ sở của tôi trên SonLaMarket: khai báo cơ sở, sản phẩm, lô, nhật ký, tin đăng và đơn hàng. Người này không đổi được cổng thanh toán, không xem tiền và không đổi thành viên. Mọi việc làm thay được ghi lại bằng cả hai tên. Tôi dừng được bất cứ lúc nào.";

    public static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Words)));
}

/// <summary>A helper as the producer sees them.</summary>
/// <param name="AgreedAt">Null while the producer has not answered.</param>
public sealed record Helping(long Id, string HelperName, DateOnly EndsOn, DateTimeOffset AskedAt, DateTimeOffset? AgreedAt, string? AgreedBy);

/// <summary>A producer as its helper sees it.</summary>
public sealed record Helped(long Id, string ProducerName, DateOnly EndsOn, DateTimeOffset? AgreedAt, bool Acting);

/// <summary>An owner whom a helper asks, found by their phone.</summary>
public sealed record AskedOwner(long PersonId, long ProducerId, string ProducerName);

/// <summary>One act of a helper, for the producer to look at.</summary>
public sealed record HelperAct(DateTimeOffset At, string HelperName, string Action, string Subject);

/// <summary>
/// People of community digital teams (tổ công nghệ số cộng đồng) who act for producers: asked for by the helper, agreed by an
/// owner with a code read out to them or on their own screen, until a day or until an owner says stop.
/// </summary>
public sealed class Helpers(Audit audit, TimeProvider clock)
{
    /// <summary>How long one agreement lasts at most.</summary>
    public const int MostDays = 365;

    /// <summary>The owner with this phone, of the producer that they work for now; null when there is none.</summary>
    public Task<AskedOwner?> FindOwnerAsync(Sql sql, string phone, CancellationToken ct) => sql.FirstOrDefaultAsync<AskedOwner>("""
        select p.id as person_id, r.id as producer_id, r.name as producer_name
        from accounts.person p join producers.acting a on a.person_id = p.id and a.role = 'owner' join producers.producer r on r.id = a.producer_id
        where p.phone = @phone and p.phone_proven_at is not null and p.disabled_at is null
        """, new { phone }, ct);

    /// <summary>The helper asks; a question that is still open, or an agreement that still holds, is replaced by the new one.</summary>
    public async Task<long> AskAsync(Tx tx, long producerId, long helperId, DateOnly until, Actor actor)
    {
        const string insert = "insert into producers.helper (producer_id, person_id, ends_on, asked_at) values (@producerId, @helperId, @until, @now) returning id";
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync("update producers.helper set ended_at = @now, ended_by = @helperId where producer_id = @producerId and person_id = @helperId and ended_at is null", new { producerId, helperId, now });
        var id = await tx.SingleAsync<long>(insert, new { producerId, helperId, until, now });
        await audit.WriteAsync(tx, actor, "helper.ask", await SubjectAsync(tx, producerId));
        return id;
    }

    /// <summary>An owner agrees. False when the question was answered, or they are no owner.</summary>
    /// <param name="through">"code" read out to the helper, or "screen" of the owner's own.</param>
    public async Task<bool> AgreeAsync(Tx tx, long id, long ownerId, string through, Actor actor)
    {
        const string agree = """
            update producers.helper h set agreed_at = @now, agreed_by = @ownerId, agreed_through = @through, text_version = @Version, text_hash = @Hash
            where id = @id and agreed_at is null and ended_at is null
              and exists (select 1 from producers.member m where m.person_id = @ownerId and m.producer_id = h.producer_id and m.role = 'owner')
            returning producer_id
            """;
        if (await tx.FirstOrDefaultAsync<long?>(agree, new { id, ownerId, through, HelperConsent.Version, HelperConsent.Hash, now = clock.GetUtcNow() }) is not { } producerId)
            return false;
        await audit.WriteAsync(tx, actor, "helper.agree", await SubjectAsync(tx, producerId), detail: new { through, HelperConsent.Version });
        return true;
    }

    /// <summary>An owner refuses or says stop, or the helper gives up: at once, also for what the helper is doing now. False when it has ended, or is none of theirs.</summary>
    public async Task<bool> EndAsync(Tx tx, long id, long me, Actor actor)
    {
        const string end = """
            update producers.helper h set ended_at = @now, ended_by = @me
            where id = @id and ended_at is null
              and (h.person_id = @me or exists (select 1 from producers.member m where m.person_id = @me and m.producer_id = h.producer_id and m.role = 'owner'))
            returning producer_id, person_id
            """;
        if (await tx.FirstOrDefaultAsync<Ended>(end, new { id, me, now = clock.GetUtcNow() }) is not { } ended)
            return false;
        await tx.ExecuteAsync("delete from producers.working where person_id = @PersonId and producer_id = @ProducerId", ended);
        await audit.WriteAsync(tx, actor, "helper.stop", await SubjectAsync(tx, ended.ProducerId));
        return true;
    }

    /// <summary>From now on the helper acts for this producer. False when it has not agreed, or no longer.</summary>
    public async Task<bool> BeginAsync(Tx tx, long id, long helperId, Actor actor)
    {
        const string begin = """
            insert into producers.working (person_id, producer_id, since)
            select h.person_id, h.producer_id, @now from producers.helper h
            where h.id = @id and h.person_id = @helperId and h.agreed_at is not null and h.ended_at is null and h.ends_on >= @today
            on conflict (person_id) do update set producer_id = excluded.producer_id, since = excluded.since
            returning producer_id
            """;
        if (await tx.FirstOrDefaultAsync<long?>(begin, new { id, helperId, now = clock.GetUtcNow(), today = Vietnamese.Today(clock) }) is not { } producerId)
            return false;
        await audit.WriteAsync(tx, actor, "helper.begin", await SubjectAsync(tx, producerId));
        return true;
    }

    /// <summary>The helper stops acting; what they may do stays.</summary>
    public Task LeaveAsync(Tx tx, long helperId) => tx.ExecuteAsync("delete from producers.working where person_id = @helperId", new { helperId });

    public Task<List<Helping>> OfProducerAsync(Sql sql, long producerId, CancellationToken ct) => sql.QueryAsync<Helping>("""
        select h.id, p.name as helper_name, h.ends_on, h.asked_at, h.agreed_at, a.name as agreed_by
        from producers.helper h join accounts.person p on p.id = h.person_id left join accounts.person a on a.id = h.agreed_by
        where h.producer_id = @producerId and h.ended_at is null and h.ends_on >= @today order by h.agreed_at desc nulls first, h.id
        """, new { producerId, today = Vietnamese.Today(clock) }, ct);

    public Task<List<Helped>> OfHelperAsync(Sql sql, long helperId, CancellationToken ct) => sql.QueryAsync<Helped>("""
        select h.id, r.name as producer_name, h.ends_on, h.agreed_at, exists (select 1 from producers.acting a where a.person_id = h.person_id and a.producer_id = h.producer_id and a.role = 'helper') as acting
        from producers.helper h join producers.producer r on r.id = h.producer_id
        where h.person_id = @helperId and h.ended_at is null and h.ends_on >= @today order by r.name collate "vi-x-icu", h.id
        """, new { helperId, today = Vietnamese.Today(clock) }, ct);

    /// <summary>What helpers did lately for the members of this producer.</summary>
    public Task<List<HelperAct>> ActsAsync(Sql sql, long producerId, CancellationToken ct) => sql.QueryAsync<HelperAct>("""
        select a.at, p.name as helper_name, a.action, a.subject from accounts.audit a join accounts.person p on p.id = a.actor_id
        where (a.actor_id, a.on_behalf_of_id) in (select h.person_id, h.agreed_by from producers.helper h where h.producer_id = @producerId)
        order by a.id desc limit 20
        """, new { producerId }, ct);

    private static async Task<string> SubjectAsync(Tx tx, long producerId) => "producer:" + await tx.SingleAsync<string>("select slug from producers.producer where id = @producerId", new { producerId });

    private sealed record Ended(long ProducerId, long PersonId);
}
