using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <summary>
/// Sends refunds to VNPAY and follows them. A refund whose answer got lost is never simply sent again: VNPAY is asked first, and what it
/// knows nothing of is repeated with the same request id, on the same day only.
/// </summary>
public sealed class RefundSender(Db db, VnpayGateway gateway, Terminals terminals, Refunds refunds, Notifications notifications, TimeProvider clock) : IRecurring
{
    private const int Batch = 20;
    private const int MostSends = 3;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Nothing new is begun after it; the next round comes in seconds. Other work in the background waits meanwhile, at most for this and two questions: 11 s where VNPAY is silent, 19 s where it is as slow as may be.</summary>
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(3);

    /// <summary>How long VNPAY may say nothing new before a person looks.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(14);

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(6)];

    public async Task RunAsync(CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var done = new List<long>();
        while (!gateway.IsUnreachable && clock.GetElapsedTime(began) < Round && await ClaimAsync(done) is { Count: > 0 } due)
        {
            done.AddRange(due.Select(d => d.Id));
            await Task.WhenAll(due.Select(d => StepAsync(d, ct)));
        }
    }

    /// <summary>Of each payment one at a time, since an answer tells of its latest refund: none is sent while one ahead of it is on its way. What is about to be sent is written as sent before it leaves: whoever dies in between finds a question, not a second payment.</summary>
    private async Task<List<Due>> ClaimAsync(List<long> done)
    {
        const string claim = """
            with due as (
              select id, status from payments.refund d where status in ('requested', 'sending', 'processing', 'sent_to_bank') and next_at <= @now and id <> all(@done)
                and not exists (select 1 from payments.refund e where e.attempt_id = d.attempt_id and e.id < d.id and e.status in ('requested', 'sending', 'processing', 'sent_to_bank')
                  and (d.status = 'requested' or (e.next_at <= @now and e.id <> all(@done))))
              order by next_at limit @Batch for update skip locked)
            update payments.refund f set next_at = @lease, queries = f.queries + 1,
              status = case when due.status = 'requested' then 'sending' else due.status end,
              sends = f.sends + (due.status = 'requested')::int,
              first_sent_at = case when due.status = 'requested' then coalesce(f.first_sent_at, @now) else f.first_sent_at end
            from due, payments.attempt a join payments.payment p on p.id = a.payment_id
            where due.id = f.id and a.id = f.attempt_id
            returning f.id, f.code, due.status as before, f.attempt_id, a.terminal_id, a.txn_ref, a.create_date, a.transaction_no as paid_no, f.amount_vnd, f.transaction_type, f.request_id, f.requested_by,
              f.transaction_no, f.sends, f.queries, f.first_sent_at, exists (select 1 from payments.refund e where e.attempt_id = f.attempt_id and e.id < f.id) as earlier
            """;
        var now = clock.GetUtcNow();
        await using var tx = await db.BeginAsync();
        var due = await tx.QueryAsync<Due>(claim, new { now, lease = now + Lease, Batch, done });
        foreach (var refund in due.Where(d => d.Before == RefundStatus.Requested))
            await refunds.NoteAsync(tx, refund.Id, refund.Before, RefundStatus.Sending, null, "");
        await tx.CommitAsync();
        return due;
    }

    private async Task StepAsync(Due due, CancellationToken ct)
    {
        var terminal = await terminals.GetAsync(db, due.TerminalId, ct);
        // An earlier refund of the same payment may have arrived although we were told otherwise, and a repetition may not be needed.
        var mayBeThere = due.Before != RefundStatus.Requested || due.Earlier || due.Sends > 1;
        if (mayBeThere && await AskAsync(terminal, due, ct) is { } told)
        {
            if (due.Before != RefundStatus.Requested || told.Ours)
            {
                await HeardAsync(due, told);
                return;
            }
        }
        else if (mayBeThere)
        {
            await LaterAsync(due, new RefundNews(null, null, null));
            return;
        }
        await SendAsync(terminal, due, ct);
    }

    private async Task SendAsync(Terminal terminal, Due due, CancellationToken ct)
    {
        var answer = await gateway.RefundAsync(terminal, new RefundOrder(due.TxnRef, due.CreateDate, due.PaidNo, due.AmountVnd, due.TransactionType, due.RequestId, due.RequestedBy, Repeated: due.Sends > 1), ct);
        await notifications.KeepAsync("refund", answer.Verdict, answer.Code, due.TerminalId, due.TxnRef, answer.Payload, null);
        await (answer.Kind switch
        {
            RefundAnswerKind.Taken => MoveAsync(due, StatusOf(answer.Status), new RefundNews("00", answer.Status, answer.TransactionNo), Next(due)),
            RefundAnswerKind.Another => MoveAsync(due, RefundStatus.Sending, new RefundNews(answer.Code, null, null), Next(due), arrived: false),
            RefundAnswerKind.Refused => MoveAsync(due, RefundStatus.Refused, new RefundNews(answer.Code, null, null)),
            RefundAnswerKind.NotNow => MoveAsync(due, RefundStatus.Requested, new RefundNews(answer.Code, null, null), Next(due), arrived: false),
            _ => MoveAsync(due, RefundStatus.Sending, new RefundNews(null, null, null), clock.GetUtcNow() + Pauses[0]),
        });
    }

    /// <summary>Null when VNPAY did not answer in a way that can be believed.</summary>
    private async Task<Told?> AskAsync(Terminal terminal, Due due, CancellationToken ct)
    {
        const string others = "select transaction_no from payments.refund where attempt_id = @AttemptId and id <> @Id and transaction_no is not null";
        var found = await gateway.AskAboutRefundAsync(terminal, due.TxnRef, due.CreateDate, ct);
        await notifications.KeepAsync("querydr", found.Verdict, null, due.TerminalId, due.TxnRef, found.Payload, null);
        if (found.Transaction is not { } told)
            return null;
        var known = await db.QueryAsync<string>(others, new { due.AttemptId, due.Id }, ct);
        // The answer may tell of the payment, or of another part that went back.
        var ours = told.TransactionType.IsRefund && told.Amount == due.AmountVnd
            && (due.TransactionNo is null ? told.TransactionNo is { } number && !known.Contains(number) : told.TransactionNo == due.TransactionNo);
        return new Told(ours, told.TransactionStatus.Value, told.TransactionNo);
    }

    private async Task HeardAsync(Due due, Told told)
    {
        var now = clock.GetUtcNow();
        var sameDay = Vietnamese.Local(due.FirstSentAt!.Value).Date == Vietnamese.Local(now).Date;
        var news = told.Ours ? new RefundNews(null, told.Status, told.TransactionNo) : new RefundNews(null, null, null);
        if (told.Ours && StatusOf(told.Status) != due.Before)
            await MoveAsync(due, StatusOf(told.Status), news, Next(due));
        else if (told.Ours || due.Before != RefundStatus.Sending)
            await LaterAsync(due, news);
        // VNPAY shows nothing of it: the same request once more, which 94 keeps from being paid twice.
        else if (sameDay && due.Sends < MostSends)
            await MoveAsync(due, RefundStatus.Requested, new RefundNews(null, null, null, "VNPAY chưa thấy yêu cầu: gửi lại đúng yêu cầu cũ"), now);
        else
            await MoveAsync(due, RefundStatus.Review, new RefundNews(null, null, null, "VNPAY không thấy yêu cầu hoàn tiền này"));
    }

    /// <summary>Nothing new: asked again later, until a person looks. What was never sent waits to be.</summary>
    private Task LaterAsync(Due due, RefundNews news) => clock.GetUtcNow() - due.FirstSentAt!.Value > Patience
        ? MoveAsync(due, RefundStatus.Review, news with { Note = "Quá lâu không có kết quả" })
        : MoveAsync(due, due.Before, news, Next(due), arrived: due.Before != RefundStatus.Requested);

    /// <param name="arrived">False of a sending that VNPAY surely did not take: it is not counted, and what was never sent keeps no time of it.</param>
    private async Task MoveAsync(Due due, string to, RefundNews news, DateTimeOffset? next = null, bool arrived = true)
    {
        await using var tx = await db.BeginAsync();
        if (!await refunds.MoveAsync(tx, due.Id, to, news, null, RefundStatus.IsEnd(to) ? null : next))
            return;
        if (!arrived)
            await tx.ExecuteAsync("update payments.refund set sends = sends - 1, first_sent_at = case when status = 'requested' and sends = 1 then null else first_sent_at end where id = @Id", new { due.Id });
        await tx.CommitAsync();
    }

    private DateTimeOffset Next(Due due) => clock.GetUtcNow() + Pauses[Math.Min(due.Queries, Pauses.Length - 1)];

    private static string StatusOf(string? status) => status switch
    {
        "00" => RefundStatus.Done,
        "06" => RefundStatus.SentToBank,
        "09" => RefundStatus.Rejected,
        _ => RefundStatus.Processing,
    };

    private sealed record Told(bool Ours, string Status, string? TransactionNo);

    private sealed record Due(
        long Id, string Code, string Before, long AttemptId, long TerminalId, string TxnRef, string CreateDate, string? PaidNo, long AmountVnd, string TransactionType, string RequestId, long? RequestedBy,
        string? TransactionNo, int Sends, int Queries, DateTimeOffset? FirstSentAt, bool Earlier);
}
