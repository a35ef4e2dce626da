using Npgsql;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>Deadlines of complaints in days, with where they come from; the operator sets the number.</summary>
public sealed record Deadline(string Name, int Days, string Source)
{
    /// <summary>How long after delivery, or after the promised day, a buyer may complain.</summary>
    public const string ToOpen = "complaint-open";
    /// <summary>How long the seller may take to answer; then the Department has it.</summary>
    public const string ToAnswer = "complaint-answer";
    /// <summary>How long after a refusal the buyer may go to the Department.</summary>
    public const string ToEscalate = "complaint-escalate";

    public static string Label(string name) => name switch
    {
        ToOpen => "Người mua khiếu nại, xin trả hàng: số ngày sau khi giao",
        ToAnswer => "Người bán trả lời: số ngày",
        _ => "Người mua đưa lên Sở sau khi bị từ chối: số ngày",
    };

    public static async Task<int> DaysAsync(Sql sql, string name, CancellationToken ct = default) =>
        await sql.SingleAsync<int>("select days from orders.deadline where name = @name", new { name }, ct);
}

/// <param name="Kind">"complaint" or "return".</param>
public sealed record ComplaintDraft(string Kind, string Matter, string Wish, Guid[] PictureIds);

/// <param name="Cash">It is not collected yet: what goes back is taken off.</param>
public sealed record Returnable(bool Cash, long LeftVnd);

/// <summary>
/// Complaints and returns, from the buyer's words to their end (<see cref="ComplaintState"/>). Each verb answers false when the complaint is
/// not theirs, or in a state from which the step does not lead.
/// </summary>
public sealed class ComplaintRegister(PaymentRegister payments, OrderNotices notices, Audit audit, TimeProvider clock)
{
    /// <summary>How long the money of something called off may take to come back; then it may be complained about.</summary>
    public static readonly TimeSpan RefundWithin = TimeSpan.FromDays(30);

    /// <summary>Since when money of a part is to go back; y is its payment.</summary>
    internal const string RefundSince = "(select min(f.opened_at) from payments.refund_case f where f.payment_id = y.id and f.status = 'open')";

    /// <summary>The money should have been back by now.</summary>
    public static bool IsRefundLate(DateTimeOffset? since, DateTimeOffset now) => since + RefundWithin <= now;

    /// <summary>Sent goods and delivered ones can be complained about; only delivered ones can go back.</summary>
    public static bool CanOpen(string status, string kind) => status == OrderState.Delivered || kind == "complaint" && status is OrderState.Shipped or OrderState.Failed;

    /// <summary>The new complaint's code. Null when it is too late, nothing was sent yet and no refund is overdue, or one is open already. Whoever asks has shown the order's secret.</summary>
    public async Task<string?> OpenAsync(Tx tx, string partCode, ComplaintDraft draft)
    {
        const string part = $"""
            select s.id, s.status, (select max(h.at) from orders.status_change h where h.sub_order_id = s.id and h.to_status = 'delivered') as delivered_at,
              {RefundSince} as refund_since
            from orders.sub_order s left join payments.payment y on y.payable = 'sub-order:' || s.code where s.code = @partCode for update of s
            """;
        const string insert = """
            insert into orders.complaint (code, sub_order_id, kind, matter, wish, picture_ids, status, opened_at, answer_by, changed_at)
            values (@code, @Id, @Kind, @Matter, @Wish, @PictureIds, 'open', @now, @answerBy, @now)
            on conflict (sub_order_id) where status in ('open', 'escalated') do nothing returning id
            """;
        var now = clock.GetUtcNow();
        var found = await tx.FirstOrDefaultAsync<Part>(part, new { partCode });
        if (found is null || (draft.Matter == ComplaintMatter.Refund ? draft.Kind != "complaint" || !IsRefundLate(found.RefundSince, now) : !await InTimeAsync(tx, found, draft.Kind, now)))
            return null;
        var code = "KN" + Codes.Random(8);
        var answerBy = now.AddDays(await Deadline.DaysAsync(tx, Deadline.ToAnswer));
        if (await tx.FirstOrDefaultAsync<long?>(insert, new { code, found.Id, draft.Kind, draft.Matter, draft.Wish, draft.PictureIds, now, answerBy }) is not { } id)
            return null;
        await NoteAsync(tx, id, ComplaintState.Open, OrderMover.Buyer, null, draft.Wish, now);
        await audit.WriteAsync(tx, new Actor(null, OrderMover.Buyer), "complaint.open", "complaint:" + code, detail: new { draft.Kind, draft.Matter });
        await notices.TellSellerOfComplaintAsync(tx, partCode, OrderNotice.ComplaintOpened, code, Vietnamese.DateTime(answerBy));
        return code;
    }

    /// <summary>What can still go back of the part's price: of money that came what no refund case took, of cash that is still to be collected what the goods cost.</summary>
    public static Task<Returnable> LeftAsync(Sql sql, string code, CancellationToken ct = default) => sql.SingleAsync<Returnable>("""
        select p.method = 'cod' and p.status = 'pending' as cash, case
            when p.status in ('paid', 'paid_late') then p.amount_vnd - coalesce((select sum(r.amount_vnd) from payments.refund_case r where r.payment_id = p.id and r.cause not in ('second_success', 'overpaid')), 0)
            when p.method = 'cod' and p.status = 'pending' then least(s.goods_vnd - s.less_vnd, p.amount_vnd - 1) else 0 end::bigint as left_vnd
        from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id join payments.payment p on p.payable = 'sub-order:' || s.code where c.code = @code
        """, new { code }, ct);

    /// <summary>The seller agrees; money that goes back becomes a refund case in the same transaction, or less cash to collect. False as well when more is promised than can go back: the caller rolls back.</summary>
    /// <param name="refundVnd">Null for an answer without money.</param>
    public async Task<bool> AcceptAsync(Tx tx, string code, long? refundVnd, string words, Actor seller)
    {
        if (await MoveAsync(tx, code, ComplaintState.Accepted, OrderMover.Seller, seller, words) is not { } moved)
            return false;
        if (!await RefundAsync(tx, moved, refundVnd))
            return false;
        await audit.WriteAsync(tx, seller, "complaint.accept", "complaint:" + code, words, new { refundVnd });
        await notices.TellBuyerAsync(tx, moved.PartCode, OrderNotice.ComplaintAccepted, code, words);
        return true;
    }

    public async Task<bool> RefuseAsync(Tx tx, string code, string reason, Actor seller)
    {
        if (await MoveAsync(tx, code, ComplaintState.Refused, OrderMover.Seller, seller, reason) is not { } moved)
            return false;
        await audit.WriteAsync(tx, seller, "complaint.refuse", "complaint:" + code, reason);
        await notices.TellBuyerAsync(tx, moved.PartCode, OrderNotice.ComplaintRefused, code, reason);
        return true;
    }

    public async Task<bool> WithdrawAsync(Tx tx, string code)
    {
        if (await MoveAsync(tx, code, ComplaintState.Withdrawn, OrderMover.Buyer, null, "") is not { } moved)
            return false;
        await audit.WriteAsync(tx, new Actor(null, OrderMover.Buyer), "complaint.withdraw", "complaint:" + code);
        await notices.TellSellerOfComplaintAsync(tx, moved.PartCode, OrderNotice.ComplaintWithdrawn, code, code);
        return true;
    }

    /// <summary>The buyer goes to the Department after a refusal, within the time for it.</summary>
    public async Task<bool> EscalateAsync(Tx tx, string code, string words)
    {
        var since = clock.GetUtcNow().AddDays(-await Deadline.DaysAsync(tx, Deadline.ToEscalate));
        Moved? moved;
        try
        {
            moved = await MoveAsync(tx, code, ComplaintState.Escalated, OrderMover.Buyer, null, words, since);
        }
        catch (PostgresException e) when (e.ConstraintName == "complaint_one_open")
        {
            // Another one about the same goods is open by now.
            return false;
        }
        if (moved is null)
            return false;
        await audit.WriteAsync(tx, new Actor(null, OrderMover.Buyer), "complaint.escalate", "complaint:" + code);
        await notices.TellSellerOfComplaintAsync(tx, moved.PartCode, OrderNotice.ComplaintAppealed, code, code);
        return true;
    }

    /// <summary>What no seller answered in time goes to the Department.</summary>
    internal async Task<bool> EscalateLateAsync(Tx tx, string code)
    {
        if (await MoveAsync(tx, code, ComplaintState.Escalated, OrderMover.Clock, null, "Người bán không trả lời trong hạn.") is not { } moved)
            return false;
        await audit.WriteAsync(tx, Actor.System, "complaint.escalate", "complaint:" + code);
        await notices.TellBuyerAsync(tx, moved.PartCode, OrderNotice.ComplaintEscalated, code, code);
        await notices.TellSellerOfComplaintAsync(tx, moved.PartCode, OrderNotice.ComplaintEscalatedSeller, code, code);
        return true;
    }

    /// <summary>An officer's conclusion; money goes back as in <see cref="AcceptAsync"/>.</summary>
    public async Task<bool> SettleAsync(Tx tx, string code, long? refundVnd, string conclusion, Actor officer)
    {
        if (await MoveAsync(tx, code, ComplaintState.Settled, OrderMover.Officer, officer, conclusion) is not { } moved)
            return false;
        if (!await RefundAsync(tx, moved, refundVnd))
            return false;
        await audit.WriteAsync(tx, officer, "complaint.settle", "complaint:" + code, conclusion, new { refundVnd });
        await notices.TellBuyerAsync(tx, moved.PartCode, OrderNotice.ComplaintSettled, code, conclusion);
        await notices.TellSellerOfComplaintAsync(tx, moved.PartCode, OrderNotice.ComplaintSettledSeller, code, conclusion);
        return true;
    }

    /// <summary>The payment is locked by now. What is written is what is granted: never more than can go back, never nothing.</summary>
    private async Task<bool> RefundAsync(Tx tx, Moved moved, long? refundVnd)
    {
        if (refundVnd is not { } amount)
            return true;
        if (amount < 1 || amount > (await LeftAsync(tx, moved.Code)).LeftVnd)
            return false;
        await tx.ExecuteAsync("update orders.complaint set refund_vnd = @amount where id = @Id", new { amount, moved.Id });
        if (await payments.LessAsync(tx, SubOrderName.Of(moved.PartCode), amount, moved.Kind == "return" ? RefundCases.Return : RefundCases.Complaint, "complaint:" + moved.Code))
            await tx.ExecuteAsync("update orders.sub_order set less_vnd = less_vnd + @amount where code = @PartCode", new { amount, moved.PartCode });
        return true;
    }

    private async Task<Moved?> MoveAsync(Tx tx, string code, string to, string mover, Actor? actor, string words, DateTimeOffset? since = null)
    {
        // The payment is locked before the part, as everywhere else.
        const string locks = "select 1 from payments.payment p where p.payable = (select 'sub-order:' || s.code from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where c.code = @code) for update";
        const string update = """
            update orders.complaint c set status = @to, changed_at = @now from orders.sub_order s
            where s.id = c.sub_order_id and c.code = @code and c.status = any(@from) and (@since::timestamptz is null or c.changed_at >= @since)
              and (@member::bigint is null or exists (select 1 from producers.acting m where m.producer_id = s.producer_id and m.person_id = @member))
            returning c.id, c.code, c.kind, s.code as part_code
            """;
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync(locks, new { code });
        var moved = await tx.FirstOrDefaultAsync<Moved>(update, new { code, to, from = ComplaintState.Before(to, mover), since, member = mover == OrderMover.Seller ? actor?.PersonId : null, now });
        if (moved is not null)
            await NoteAsync(tx, moved.Id, to, mover, actor, words, now);
        return moved;
    }

    private static Task NoteAsync(Tx tx, long id, string status, string mover, Actor? actor, string words, DateTimeOffset now) =>
        tx.ExecuteAsync("insert into orders.complaint_step (complaint_id, at, status, by_role, person_id, words) values (@id, @now, @status, @mover, @PersonId, @words)", new { id, now, status, mover, actor?.PersonId, words });

    /// <summary>The goods can still be complained about.</summary>
    private static async Task<bool> InTimeAsync(Tx tx, Part part, string kind, DateTimeOffset now) =>
        CanOpen(part.Status, kind) && !(part.DeliveredAt is { } delivered && now > delivered.AddDays(await Deadline.DaysAsync(tx, Deadline.ToOpen)));

    private sealed record Part(long Id, string Status, DateTimeOffset? DeliveredAt, DateTimeOffset? RefundSince);

    private sealed record Moved(long Id, string Code, string Kind, string PartCode);
}

/// <summary>Hands complaints that a seller left unanswered to the Department.</summary>
public sealed class LateComplaints(ComplaintRegister complaints, Db db, TimeProvider clock) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var code in await db.QueryAsync<string>("select code from orders.complaint where status = 'open' and answer_by <= @now order by answer_by limit 200", new { now = clock.GetUtcNow() }, ct))
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await complaints.EscalateLateAsync(tx, code))
                await tx.CommitAsync(CancellationToken.None);
        }
    }
}
