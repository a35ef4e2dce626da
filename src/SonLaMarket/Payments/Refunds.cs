using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <summary>Announced when VNPAY has taken a refund.</summary>
public sealed record RefundMoved(string Code, string Payable, long AmountVnd);

/// <summary>What may go back of one payment, all its refunds together, without a second person (setting Payments:FourEyesAboveVnd).</summary>
public sealed record RefundSettings(long FourEyesAboveVnd)
{
    public const long Usual = 2_000_000;
}

public enum RefundAsked
{
    /// <summary>There is nothing to give back this way.</summary>
    Impossible,

    /// <summary>On its way.</summary>
    Requested,

    /// <summary>A second person has to agree first.</summary>
    NeedsApproval,

    /// <summary>The money is back.</summary>
    Done,
}

/// <summary>
/// Refunds (docs/architecture.md, "A refund"): asked for, above a limit agreed to by a second person, sent to VNPAY, followed until the
/// money is back or was refused; or given back by hand. Each change names the state it leaves.
/// </summary>
public sealed class Refunds(RefundCases cases, RefundSettings settings, Queue queue, Audit audit, TimeProvider clock)
{
    /// <summary>With case r: what goes back of its payment together with what went or is on its way. A large sum in two halves is a large sum.</summary>
    private const string Together = """
        (r.amount_vnd + coalesce((select sum(o.amount_vnd) from payments.refund_case o where o.payment_id = r.payment_id and o.id <> r.id
          and (o.status = 'done' or exists (select 1 from payments.refund g where g.case_id = o.id and g.status not in ('rejected', 'refused', 'withdrawn')))), 0))::bigint as together_vnd
        """;

    /// <summary>A member of the seller wants the case's money to go back through VNPAY.</summary>
    public async Task<RefundAsked> RequestAsync(Tx tx, string caseKey, Actor actor)
    {
        const string find = $"""
            select r.id as case_id, r.amount_vnd, {Together}, a.id as attempt_id,
              case when r.amount_vnd = a.amount_vnd and not exists (select 1 from payments.refund f where f.attempt_id = a.id and f.status not in ('rejected', 'refused', 'withdrawn')) then '02' else '03' end as type
            from payments.refund_case r join payments.payment p on p.id = r.payment_id
            join lateral (select t.id, t.amount_vnd from payments.attempt t where t.payment_id = p.id and t.status in ('paid', 'paid_late') and t.id = coalesce(r.attempt_id, t.id) order by t.settled_at, t.id limit 1) a on true
            where r.key = @caseKey and r.status = 'open' and p.method = 'vnpay'
              and exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @me)
              and not exists (select 1 from payments.refund f where f.case_id = r.id and f.status not in ('rejected', 'refused', 'withdrawn'))
            """;
        const string insert = """
            insert into payments.refund (code, case_id, attempt_id, amount_vnd, transaction_type, request_id, status, requested_by, four_eyes, requested_at, next_at)
            values (@code, @CaseId, @AttemptId, @AmountVnd, @Type, @requestId, @status, @me, @fourEyes, @now, case when @fourEyes then null else @now::timestamptz end) returning id
            """;
        await RefundCases.LockAsync(tx, caseKey);
        if (await tx.FirstOrDefaultAsync<Wanted>(find, new { caseKey, me = actor.PersonId }) is not { } wanted)
            return RefundAsked.Impossible;
        var now = clock.GetUtcNow();
        var code = Codes.Random(10);
        var fourEyes = wanted.TogetherVnd > settings.FourEyesAboveVnd;
        var status = fourEyes ? RefundStatus.AwaitingApproval : RefundStatus.Requested;
        var id = await tx.SingleAsync<long>(insert, new { code, wanted.CaseId, wanted.AttemptId, wanted.AmountVnd, wanted.Type, requestId = "RF" + Codes.Random(20), status, me = actor.PersonId, fourEyes, now });
        await NoteAsync(tx, id, null, status, actor.PersonId, "");
        await audit.WriteAsync(tx, actor, "refund.request", "refund:" + code, detail: new { amountVnd = wanted.AmountVnd, caseKey });
        return fourEyes ? RefundAsked.NeedsApproval : RefundAsked.Requested;
    }

    /// <summary>A member of the seller gave the case's money back outside of VNPAY: in its portal, by transfer, in cash.</summary>
    /// <param name="reference">What proves it: the bank's number, or that of a receipt.</param>
    public async Task<RefundAsked> GivenBackAsync(Tx tx, string caseKey, string reference, Actor actor)
    {
        const string find = $"""
            select r.id as case_id, r.amount_vnd, {Together} from payments.refund_case r join payments.payment p on p.id = r.payment_id
            where r.key = @caseKey and r.status = 'open' and exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @me)
              and not exists (select 1 from payments.refund f where f.case_id = r.id and f.status not in ('rejected', 'refused', 'withdrawn'))
            """;
        const string insert = """
            insert into payments.refund (code, case_id, amount_vnd, status, requested_by, four_eyes, requested_at, ended_at, hand_reference)
            values (@code, @CaseId, @AmountVnd, @status, @me, @fourEyes, @now, case when @fourEyes then null else @now::timestamptz end, @reference) returning id
            """;
        await RefundCases.LockAsync(tx, caseKey);
        if (await tx.FirstOrDefaultAsync<Given>(find, new { caseKey, me = actor.PersonId }) is not { } given)
            return RefundAsked.Impossible;
        var code = Codes.Random(10);
        var fourEyes = given.TogetherVnd > settings.FourEyesAboveVnd;
        var status = fourEyes ? RefundStatus.AwaitingApproval : RefundStatus.Done;
        var id = await tx.SingleAsync<long>(insert, new { code, given.CaseId, given.AmountVnd, status, me = actor.PersonId, fourEyes, reference, now = clock.GetUtcNow() });
        await NoteAsync(tx, id, null, status, actor.PersonId, "");
        await audit.WriteAsync(tx, actor, "refund.by-hand", "refund:" + code, detail: new { amountVnd = given.AmountVnd, caseKey, reference });
        if (!fourEyes)
            await cases.DoneAsync(tx, caseKey);
        return fourEyes ? RefundAsked.NeedsApproval : RefundAsked.Done;
    }

    /// <summary>A second person agrees. False when nothing waits, or it is the person who asked.</summary>
    /// <param name="memberId">Null for the operator; else the refund must be of a producer that this person works for.</param>
    public async Task<bool> ApproveAsync(Tx tx, string code, long? memberId, Actor actor)
    {
        const string update = """
            update payments.refund f set approved_by = @person, status = case when f.hand_reference is null then 'requested' else 'done' end,
              next_at = case when f.hand_reference is null then @now::timestamptz end, ended_at = case when f.hand_reference is not null then @now::timestamptz end
            from payments.refund_case r join payments.payment p on p.id = r.payment_id
            where r.id = f.case_id and f.code = @code and f.status = 'awaiting_approval' and f.requested_by is distinct from @person
              and (@memberId::bigint is null or exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @memberId))
            returning f.id, f.status, r.key
            """;
        await tx.ExecuteAsync("select 1 from payments.payment p where p.id = (select r.payment_id from payments.refund f join payments.refund_case r on r.id = f.case_id where f.code = @code) for update", new { code });
        if (await tx.FirstOrDefaultAsync<Approved>(update, new { code, memberId, person = actor.PersonId, now = clock.GetUtcNow() }) is not { } approved)
            return false;
        await NoteAsync(tx, approved.Id, RefundStatus.AwaitingApproval, approved.Status, actor.PersonId, "");
        if (approved.Status == RefundStatus.Done)
            await cases.DoneAsync(tx, approved.Key);
        await audit.WriteAsync(tx, actor, "refund.approve", "refund:" + code);
        return true;
    }

    /// <summary>It will not be sent: the case stays open. Only what waits for a second person can still be stopped.</summary>
    public async Task<bool> WithdrawAsync(Tx tx, string code, long? memberId, string reason, Actor actor)
    {
        const string update = """
            update payments.refund f set status = 'withdrawn', ended_at = @now, next_at = null from payments.refund_case r join payments.payment p on p.id = r.payment_id
            where r.id = f.case_id and f.code = @code and f.status = 'awaiting_approval'
              and (@memberId::bigint is null or exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @memberId))
            returning f.id
            """;
        if (await tx.FirstOrDefaultAsync<long?>(update, new { code, memberId, now = clock.GetUtcNow() }) is not { } id)
            return false;
        await NoteAsync(tx, id, RefundStatus.AwaitingApproval, RefundStatus.Withdrawn, actor.PersonId, reason);
        await audit.WriteAsync(tx, actor, "refund.withdraw", "refund:" + code, reason);
        return true;
    }

    /// <summary>VNPAY is to be asked now, whatever the schedule. False when it is not on its way.</summary>
    public async Task<bool> AskNowAsync(Tx tx, string code, Actor actor)
    {
        const string update = """
            with before as (select id, status from payments.refund where code = @code and status in ('sending', 'processing', 'sent_to_bank', 'review') for update)
            update payments.refund f set next_at = @now, queries = 0, status = case when b.status <> 'review' then b.status when f.transaction_no is null then 'sending' else 'processing' end
            from before b where f.id = b.id returning f.id, b.status as from_status, f.status as to_status
            """;
        if (await tx.FirstOrDefaultAsync<Asked>(update, new { code, now = clock.GetUtcNow() }) is not { } asked)
            return false;
        if (asked.FromStatus != asked.ToStatus)
            await NoteAsync(tx, asked.Id, asked.FromStatus, asked.ToStatus, actor.PersonId, "");
        await audit.WriteAsync(tx, actor, "refund.ask", "refund:" + code);
        return true;
    }

    /// <summary>The operator saw in VNPAY's portal what became of a refund that VNPAY would not tell us about.</summary>
    public async Task<bool> DecideAsync(Tx tx, string code, bool moneyWentBack, string reason, Actor actor)
    {
        if (await FindAsync(tx, code) is not { Status: RefundStatus.Review } refund
            || !await MoveAsync(tx, refund.Id, moneyWentBack ? RefundStatus.Done : RefundStatus.Refused, new RefundNews(null, null, null, reason), actor.PersonId))
            return false;
        await audit.WriteAsync(tx, actor, "refund.decide", "refund:" + code, reason, new { moneyWentBack });
        return true;
    }

    /// <summary>Takes the next step. False when it had been taken, or the refund has ended.</summary>
    internal async Task<bool> MoveAsync(Tx tx, long id, string to, RefundNews news, long? personId = null, DateTimeOffset? next = null)
    {
        const string update = """
            update payments.refund set status = @to, response_code = coalesce(@ResponseCode, response_code), transaction_no = coalesce(@TransactionNo, transaction_no),
              transaction_status = coalesce(@TransactionStatus, transaction_status), next_at = @next, ended_at = case when @ended then @now::timestamptz end
            where id = @id and status = @from
            """;
        const string find = """
            select f.code, f.status, f.amount_vnd, r.key, p.payable from payments.refund f join payments.refund_case r on r.id = f.case_id join payments.payment p on p.id = r.payment_id where f.id = @id for update of p, f
            """;
        var before = await tx.SingleAsync<Before>(find, new { id });
        if (!RefundStatus.Leads(before.Status, to))
            return false;
        await tx.ExecuteAsync(update, new { id, to, from = before.Status, news.ResponseCode, news.TransactionNo, news.TransactionStatus, next, ended = RefundStatus.IsEnd(to), now = clock.GetUtcNow() });
        if (before.Status == to)
            return true;
        await NoteAsync(tx, id, before.Status, to, personId, news.Note);
        if (to == RefundStatus.Done)
            await cases.DoneAsync(tx, before.Key);
        if (to == RefundStatus.Processing)
            await queue.AnnounceAsync(tx, new RefundMoved(before.Code, before.Payable, before.AmountVnd), key: $"{before.Code}:{to}");
        return true;
    }

    internal async Task NoteAsync(Tx tx, long refundId, string? from, string to, long? personId, string note) =>
        await tx.ExecuteAsync("insert into payments.refund_change (refund_id, from_status, to_status, at, person_id, note) values (@refundId, @from, @to, @now, @personId, @note)",
            new { refundId, from, to, personId, note, now = clock.GetUtcNow() });

    private static Task<Found?> FindAsync(Tx tx, string code) => tx.FirstOrDefaultAsync<Found>("select id, status from payments.refund where code = @code", new { code });

    private sealed record Wanted(long CaseId, long AmountVnd, long TogetherVnd, long AttemptId, string Type);

    private sealed record Given(long CaseId, long AmountVnd, long TogetherVnd);

    private sealed record Approved(long Id, string Status, string Key);

    private sealed record Found(long Id, string Status);

    private sealed record Asked(long Id, string FromStatus, string ToStatus);

    private sealed record Before(string Code, string Status, long AmountVnd, string Key, string Payable);
}

/// <summary>What is learnt with a step.</summary>
internal sealed record RefundNews(string? ResponseCode, string? TransactionStatus, string? TransactionNo, string Note = "");

/// <summary>The life of a refund through VNPAY (vnp_TransactionStatus 05, 06, 00, 09 and what comes before and beside).</summary>
public static class RefundStatus
{
    public const string AwaitingApproval = "awaiting_approval";

    /// <summary>Not sent yet; surely nothing reached VNPAY.</summary>
    public const string Requested = "requested";

    /// <summary>Sent, and no answer that can be believed: VNPAY is asked before anything else.</summary>
    public const string Sending = "sending";

    /// <summary>VNPAY took it.</summary>
    public const string Processing = "processing";

    public const string SentToBank = "sent_to_bank";

    /// <summary>The buyer's bank has it.</summary>
    public const string Done = "done";

    /// <summary>Taken, and in the end not paid back.</summary>
    public const string Rejected = "rejected";

    /// <summary>Not taken.</summary>
    public const string Refused = "refused";

    public const string Withdrawn = "withdrawn";

    /// <summary>A person has to look in VNPAY's portal.</summary>
    public const string Review = "review";

    private static readonly (string From, string[] To)[] Ways =
    [
        (Requested, [Sending, Requested, Processing, SentToBank, Done, Rejected]),
        (Sending, [Requested, Sending, Processing, SentToBank, Done, Rejected, Refused, Review]),
        (Processing, [Processing, SentToBank, Done, Rejected, Review]),
        (SentToBank, [SentToBank, Done, Rejected, Review]),
        (Review, [Done, Refused]),
    ];

    /// <summary>Every step that a history may show: those, and what a person does.</summary>
    public static readonly IReadOnlyList<(string From, string To)> Steps =
    [
        .. Ways.SelectMany(w => w.To.Where(to => to != w.From).Select(to => (w.From, to))),
        (AwaitingApproval, Requested), (AwaitingApproval, Done), (AwaitingApproval, Withdrawn), (Review, Sending), (Review, Processing),
    ];

    public static bool IsEnd(string status) => status is Done or Rejected or Refused or Withdrawn;

    internal static bool Leads(string from, string to) => Ways.Any(w => w.From == from && w.To.Contains(to));

    public static string Label(string status) => status switch
    {
        AwaitingApproval => "Chờ người thứ hai duyệt",
        Requested => "Sắp gửi VNPAY",
        Sending => "Đã gửi, chờ VNPAY trả lời",
        Processing => "VNPAY đang xử lý",
        SentToBank => "Đã chuyển sang ngân hàng",
        Done => "Đã hoàn tiền",
        Rejected => "Ngân hàng từ chối",
        Refused => "VNPAY không nhận",
        Withdrawn => "Đã rút lại",
        _ => "Cần đối chiếu",
    };

    /// <summary>What the buyer reads of money that is not back yet.</summary>
    public static string ForBuyer(string status) => status switch
    {
        Processing => "VNPAY đang xử lý khoản hoàn.",
        SentToBank => "VNPAY đã chuyển sang ngân hàng của bạn.",
        Requested => "Yêu cầu hoàn sắp được gửi VNPAY.",
        Sending => "Yêu cầu hoàn đã gửi VNPAY.",
        Review => "Khoản hoàn đang được đối chiếu với VNPAY.",
        _ => "Khoản hoàn đang chờ người bán chuyển.",
    };

    public static string Badge(string status) => status switch
    {
        Done => "ok",
        AwaitingApproval or Review => "warn",
        Rejected or Refused => "bad",
        Withdrawn => "quiet",
        _ => "info",
    };
}
