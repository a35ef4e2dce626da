using System.Security.Cryptography;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <param name="Found">Differences of the day, known or new.</param>
/// <param name="Added">New ones, and those that a file had settled and that came back; what a person settled stays so.</param>
/// <param name="Gone">Cases that this file settled.</param>
public sealed record Compared(int Lines, int Found, int Added, int Gone);

/// <param name="Paid">Payments of the terminal in the last day.</param>
/// <param name="Unannounced">Those that VNPAY never told of by itself: the address is missing in its portal, or does not reach us.</param>
public sealed record SilentTerminal(string TmnCode, string ProducerName, int Paid, int Unannounced);

/// <summary>VNPAY's file of a day against our book, both ways; and payments of which no notification ever came.</summary>
public sealed class Reconciliation(Settlement settlement, Notifications notifications, Audit audit, TimeProvider clock)
{
    private const string AgreedLater = "Tệp đọc sau đã khớp";

    /// <param name="tmnCode">The one terminal that the file is of; null when it is of all.</param>
    public async Task<Compared> CompareAsync(Tx tx, DateOnly day, string? tmnCode, IReadOnlyList<ProviderLine> lines, byte[] file, Actor actor)
    {
        const string insert = "insert into payments.provider_file (day, tmn_code, sha256, line_count, read_at, read_by) values (@day, @tmnCode, @sha, @count, @now, @PersonId) returning id";
        const string copy = """
            insert into payments.provider_line (file_id, line, type, tmn_code, txn_ref, transaction_no, amount_vnd, pay_date, status)
            select @fileId, x.* from unnest(@numbers, @types, @terminals, @references, @transactions, @amounts, @dates, @states) as x
            """;
        const string compare = """
            with l as (select type, tmn_code, txn_ref, transaction_no, amount_vnd, status from payments.provider_line where file_id = @fileId),
            ours as (
              select a.id, t.tmn_code, a.txn_ref, coalesce(a.transaction_no, '') as transaction_no, a.amount_vnd, a.status, coalesce(left(a.pay_date, 8), to_char(a.settled_at at time zone 'Asia/Ho_Chi_Minh', 'YYYYMMDD')) as on_day
              from payments.attempt a join payments.terminal t on t.id = a.terminal_id where (@tmnCode::text is null or t.tmn_code = @tmnCode)),
            back as (
              select f.attempt_id, f.status, f.amount_vnd, coalesce(f.transaction_no, '') as transaction_no, o.tmn_code, o.txn_ref, to_char(f.ended_at at time zone 'Asia/Ho_Chi_Minh', 'YYYYMMDD') as on_day
              from payments.refund f join ours o on o.id = f.attempt_id),
            found as (
              select case when o.id is null then 'unknown' when o.status not in ('paid', 'paid_late') then 'not_paid_here' when o.amount_vnd <> l.amount_vnd then 'amount' when o.transaction_no <> l.transaction_no then 'number' end as kind,
                l.tmn_code, l.txn_ref, l.transaction_no, o.id as attempt_id, l.amount_vnd as theirs_vnd, o.amount_vnd as ours_vnd
              from l left join ours o on o.tmn_code = l.tmn_code and o.txn_ref = l.txn_ref where l.type = '01' and l.status = '00'
              union all
              select 'not_there', o.tmn_code, o.txn_ref, o.transaction_no, o.id, null, o.amount_vnd from ours o
              where o.status in ('paid', 'paid_late') and o.on_day = @digits and not exists (select 1 from l where l.type = '01' and l.status = '00' and l.tmn_code = o.tmn_code and l.txn_ref = o.txn_ref)
              union all
              select case when b.attempt_id is null then 'refund_unknown' when (l.status = '00') <> (b.status = 'done') then 'refund_state' when b.amount_vnd <> l.amount_vnd then 'amount' end,
                l.tmn_code, l.txn_ref, l.transaction_no, coalesce(b.attempt_id, o.id), l.amount_vnd, b.amount_vnd
              from l left join ours o on o.tmn_code = l.tmn_code and o.txn_ref = l.txn_ref left join back b on b.attempt_id = o.id and b.transaction_no = l.transaction_no where l.type <> '01'
              union all
              select 'refund_not_there', b.tmn_code, b.txn_ref, b.transaction_no, b.attempt_id, null, b.amount_vnd from back b
              where b.status = 'done' and b.on_day = @digits and not exists (select 1 from l where l.type <> '01' and l.tmn_code = b.tmn_code and l.transaction_no = b.transaction_no)),
            added as (
              insert into payments.difference (day, kind, tmn_code, txn_ref, transaction_no, attempt_id, theirs_vnd, ours_vnd, status, opened_at)
              select @day, kind, tmn_code, txn_ref, transaction_no, attempt_id, theirs_vnd, ours_vnd, 'open', @now from found where kind is not null
              on conflict on constraint difference_once do update set day = excluded.day, theirs_vnd = excluded.theirs_vnd, ours_vnd = excluded.ours_vnd, status = 'open', opened_at = excluded.opened_at, settled_at = null, note = ''
                where difference.status = 'settled' and difference.settled_by is null returning id),
            gone as (
              update payments.difference d set status = 'settled', settled_at = @now, note = @AgreedLater where d.day = @day and d.status = 'open' and (@tmnCode::text is null or d.tmn_code = @tmnCode)
                and not exists (select 1 from found f where f.kind = d.kind and f.tmn_code = d.tmn_code and f.txn_ref = d.txn_ref and f.transaction_no = d.transaction_no) returning d.id)
            select (select count(*) from l)::int as lines, (select count(*) from found where kind is not null)::int as found, (select count(*) from added)::int as added, (select count(*) from gone)::int as gone
            """;
        // Two files at once wait for each other.
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtext('payments.reconciliation'))");
        var now = clock.GetUtcNow();
        var fileId = await tx.SingleAsync<long>(insert, new { day, tmnCode, sha = SHA256.HashData(file), count = lines.Count, now, actor.PersonId });
        await tx.ExecuteAsync(copy, new
        {
            fileId,
            numbers = Enumerable.Range(1, lines.Count).ToArray(),
            types = lines.Select(l => l.Type).ToArray(),
            terminals = lines.Select(l => l.TmnCode).ToArray(),
            references = lines.Select(l => l.TxnRef).ToArray(),
            transactions = lines.Select(l => l.TransactionNo).ToArray(),
            amounts = lines.Select(l => l.AmountVnd).ToArray(),
            dates = lines.Select(l => l.PayDate).ToArray(),
            states = lines.Select(l => l.Status).ToArray(),
        });
        var compared = await tx.SingleAsync<Compared>(compare, new { fileId, day, tmnCode, digits = day.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture), now, AgreedLater });
        await audit.WriteAsync(tx, actor, "reconciliation.file", $"day:{day:yyyy-MM-dd}", detail: compared);
        return compared;
    }

    /// <summary>Somebody found out what it was. False when it is not open.</summary>
    public async Task<bool> SettleAsync(Tx tx, long id, string note, Actor actor)
    {
        const string update = "update payments.difference set status = 'settled', settled_at = @now, settled_by = @PersonId, note = @note where id = @id and status = 'open' returning tmn_code || '/' || txn_ref as name, kind";
        if (await tx.FirstOrDefaultAsync<Settled>(update, new { id, note, actor.PersonId, now = clock.GetUtcNow() }) is not { } settled)
            return false;
        await audit.WriteAsync(tx, actor, "reconciliation.settle", "difference:" + settled.Name, note, new { settled.Kind });
        return true;
    }

    /// <summary>
    /// The operator saw in VNPAY's portal whether a try in doubt was paid: as good as VNPAY's own word, kept beside it, and settled the same way.
    /// False when it is not in doubt.
    /// </summary>
    public async Task<bool> DecideAsync(Tx tx, string txnRef, bool paid, string reason, Actor actor)
    {
        const string doubtful = """
            select a.id, a.terminal_id, p.code, a.response_code, a.transaction_status, a.transaction_no, a.bank_code, a.pay_date
            from payments.attempt a join payments.payment p on p.id = a.payment_id where a.txn_ref = @txnRef and a.method = 'vnpay' and a.status = 'review'
            """;
        await tx.ExecuteAsync("select 1 from payments.payment where id = (select payment_id from payments.attempt where txn_ref = @txnRef and method = 'vnpay' and status = 'review') for update", new { txnRef });
        if (await tx.FirstOrDefaultAsync<Doubtful>(doubtful, new { txnRef }) is not { } a
            || !await settlement.RecordAsync(tx, a.Id, new(paid ? GatewayVerdict.Paid : GatewayVerdict.Failed, a.ResponseCode, a.TransactionStatus, a.TransactionNo, a.BankCode, a.PayDate)))
            return false;
        await notifications.KeepAsync("portal", paid ? "paid" : "failed", null, a.TerminalId, txnRef, reason, null, tx);
        await audit.WriteAsync(tx, actor, "payment.decide", "payment:" + a.Code, reason, new { txnRef, paid });
        return true;
    }

    /// <summary>Terminals at which somebody paid in the last day and VNPAY said nothing, though it had ten minutes to.</summary>
    public static Task<List<SilentTerminal>> SilentAsync(Sql sql, DateTimeOffset now, CancellationToken ct = default)
    {
        const string select = """
            select t.tmn_code, coalesce(r.name, '') as producer_name, count(*)::int as paid, count(*) filter (where n.id is null)::int as unannounced
            from payments.attempt a join payments.terminal t on t.id = a.terminal_id left join producers.producer r on r.id = t.producer_id
            left join lateral (select x.id from payments.notification x where x.txn_ref = a.txn_ref and x.terminal_id = a.terminal_id and x.channel = 'ipn' and x.rsp_code in ('00', '02') limit 1) n on true
            where a.status in ('paid', 'paid_late') and a.settled_at > @since and a.settled_at < @until
            group by t.tmn_code, r.name having count(*) filter (where n.id is null) > 0 order by 4 desc, 1
            """;
        return sql.QueryAsync<SilentTerminal>(select, new { since = now - TimeSpan.FromDays(1), until = now - TimeSpan.FromMinutes(10) }, ct);
    }

    /// <summary>Of a notification <c>n</c>: of a terminal of ours, and refused though it should not come.</summary>
    public const string Refused = "n.channel = 'ipn' and n.verdict in ('amount-differs', 'invalid-signature') and n.terminal_id is not null";

    /// <summary>Notifications since then that were refused though they should not come: another amount, which VNPAY may have taken, and a wrong signature.</summary>
    public static Task<List<RefusedNotices>> RefusedAsync(Sql sql, DateTimeOffset since, CancellationToken ct = default)
    {
        const string select = $"""
            select t.tmn_code, n.verdict, count(*)::int as times, max(n.received_at) as last_at, coalesce(string_agg(distinct n.txn_ref, ', '), '') as txn_refs
            from payments.notification n join payments.terminal t on t.id = n.terminal_id
            where {Refused} and n.received_at > @since group by t.tmn_code, n.verdict order by n.verdict, t.tmn_code limit 50
            """;
        return sql.QueryAsync<RefusedNotices>(select, new { since }, ct);
    }

    private sealed record Settled(string Name, string Kind);

    private sealed record Doubtful(long Id, long TerminalId, string Code, string? ResponseCode, string? TransactionStatus, string? TransactionNo, string? BankCode, string? PayDate);
}

/// <param name="Verdict">"amount-differs" or "invalid-signature".</param>
/// <param name="TxnRefs">Of another amount: what it was for.</param>
public sealed record RefusedNotices(string TmnCode, string Verdict, int Times, DateTimeOffset LastAt, string TxnRefs);

/// <summary>Says in the log, where alarms listen, that paid orders have no notification, that one had another amount, or that many were signed wrongly.</summary>
public sealed class SilenceAlarm(Db db, TimeProvider clock, ILogger<SilenceAlarm> logger) : IRecurring
{
    private const int ManyForged = 20;

    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var terminal in await Reconciliation.SilentAsync(db, clock.GetUtcNow(), ct))
            logger.LogError("VNPAY notified nothing of {Unannounced} of {Paid} payments at terminal {TmnCode}: is the IPN address in its portal?", terminal.Unannounced, terminal.Paid, terminal.TmnCode);
        foreach (var refused in await Reconciliation.RefusedAsync(db, clock.GetUtcNow() - TimeSpan.FromMinutes(10), ct))
        {
            if (refused.Verdict == "amount-differs")
                logger.LogError("VNPAY notified another amount at terminal {TmnCode} for {TxnRefs}: it may have taken it", refused.TmnCode, refused.TxnRefs);
            else if (refused.Times > ManyForged)
                logger.LogError("{Times} notifications in ten minutes with a wrong signature at terminal {TmnCode}: was its secret changed?", refused.Times, refused.TmnCode);
        }
    }
}
