using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <summary>Announced when a buyer's money went back.</summary>
/// <param name="Key">Of the refund case: one happening.</param>
public sealed record MoneyReturned(string Payable, long AmountVnd, string Key);

/// <summary>
/// Money that has to go back to a buyer. The seller, who has it, gives it back, through VNPAY or by hand (<see cref="Refunds"/>); the
/// case stays open until then. All cases of a payment together never exceed what came.
/// </summary>
public sealed class RefundCases(Ledger ledger, Queue queue, TimeProvider clock)
{
    public const string PaidLate = "paid_late";
    public const string SecondSuccess = "second_success";

    /// <summary>More was transferred than the order costs.</summary>
    public const string Overpaid = "overpaid";

    public const string Recall = "recall";
    public const string Cancelled = "cancelled";

    /// <summary>Goods sent back.</summary>
    public const string Return = "return";

    /// <summary>A complaint that was found right.</summary>
    public const string Complaint = "complaint";

    /// <summary>Less was packed than was paid for.</summary>
    public const string Weight = "weight";

    /// <summary>The seller wants to.</summary>
    public const string Goodwill = "goodwill";

    /// <summary>Opens a case if the payable was paid and something of it is left. True when there is one; the same key opens one case only.</summary>
    /// <param name="amountVnd">Null gives back all that is left; more than is left gives back what is left.</param>
    public async Task<bool> OpenAsync(Tx tx, string payable, string cause, string key, long? amountVnd = null, string note = "")
    {
        await EachAsync(tx, cause, [(payable, key, amountVnd)], note);
        return await tx.SingleAsync<bool>("select exists (select 1 from payments.refund_case where key = @key)", new { key });
    }

    /// <summary>The same of many payables, each with its own key: all that is left of each goes back.</summary>
    public Task OpenAsync(Tx tx, string cause, IReadOnlyCollection<(string Payable, string Key)> payables) => EachAsync(tx, cause, [.. payables.Select(p => (p.Payable, p.Key, (long?)null))], "");

    /// <summary>The same of a part of each: so much goes back, or what is left where that is less.</summary>
    public Task OpenPartsAsync(Tx tx, string cause, IReadOnlyCollection<(string Payable, string Key, long AmountVnd)> payables) => EachAsync(tx, cause, [.. payables.Select(p => (p.Payable, p.Key, (long?)p.AmountVnd))], "");

    private async Task EachAsync(Tx tx, string cause, IReadOnlyCollection<(string Payable, string Key, long? AmountVnd)> payables, string note)
    {
        const string insert = """
            insert into payments.refund_case (payment_id, cause, amount_vnd, status, opened_at, key, note)
            select p.id, @cause, least(coalesce(p.wanted_vnd, p.left_vnd), p.left_vnd), 'open', @now, p.key, @note
            from (select p.id, q.key, q.wanted_vnd, p.amount_vnd - coalesce((select sum(c.amount_vnd) from payments.refund_case c where c.payment_id = p.id and c.cause not in ('second_success', 'overpaid')), 0)::bigint as left_vnd
              from unnest(@names, @keys, @wanted) as q (payable, key, wanted_vnd) join payments.payment p on p.payable = q.payable and p.status in ('paid', 'paid_late')) p
            where p.left_vnd > 0
            on conflict (key) do nothing returning 'refund-due:' || key as key, payment_id, (select producer_id from payments.payment where id = payment_id) as producer_id, amount_vnd
            """;
        var names = payables.Select(p => p.Payable).ToArray();
        await tx.ExecuteAsync("select 1 from payments.payment where payable = any(@names) order by id for update", new { names });
        await ledger.RefundsDueAsync(tx, await tx.QueryAsync<RefundOwed>(insert, new { names, keys = payables.Select(p => p.Key).ToArray(), wanted = payables.Select(p => p.AmountVnd).ToArray(), cause, note, now = clock.GetUtcNow() }));
    }

    /// <summary>A second try of one payment succeeded, or more came than was asked for: all of that money goes back, whatever becomes of the first.</summary>
    public async Task OpenSecondAsync(Tx tx, long attemptId, string txnRef)
    {
        const string insert = """
            insert into payments.refund_case (payment_id, attempt_id, cause, amount_vnd, status, opened_at, key)
            select a.payment_id, a.id, case when a.amount_vnd = p.amount_vnd then 'second_success' else 'overpaid' end, a.amount_vnd, 'open', @now, 'second-success:' || @txnRef
            from payments.attempt a join payments.payment p on p.id = a.payment_id where a.id = @attemptId
            on conflict (key) do nothing returning payment_id, (select producer_id from payments.payment where id = payment_id) as producer_id, amount_vnd
            """;
        if (await tx.FirstOrDefaultAsync<Owed>(insert, new { attemptId, txnRef, now = clock.GetUtcNow() }) is { } owed)
            await ledger.RefundDueAsync(tx, "refund-due:second-success:" + txnRef, owed.PaymentId, owed.ProducerId, owed.AmountVnd);
    }

    /// <summary>The money went back. False when the case was not open.</summary>
    internal async Task<bool> DoneAsync(Tx tx, string key)
    {
        const string update = """
            update payments.refund_case r set status = 'done', closed_at = @now from payments.payment p where p.id = r.payment_id and r.key = @key and r.status = 'open'
            returning p.id as payment_id, p.producer_id, p.payable, r.amount_vnd
            """;
        if (await tx.FirstOrDefaultAsync<Closed>(update, new { key, now = clock.GetUtcNow() }) is not { } closed)
            return false;
        await ledger.RefundedAsync(tx, "refund:" + key, closed.PaymentId, closed.ProducerId, closed.AmountVnd);
        await queue.AnnounceAsync(tx, new MoneyReturned(closed.Payable, closed.AmountVnd, key));
        return true;
    }

    internal static Task LockAsync(Tx tx, string key) =>
        tx.ExecuteAsync("select 1 from payments.payment p where p.id = (select r.payment_id from payments.refund_case r where r.key = @key) for update", new { key });

    /// <summary>Words of a cause, for screens.</summary>
    public static string Label(string cause) => cause switch
    {
        PaidLate => "Tiền được ghi nhận sau khi hết hạn giữ hàng",
        SecondSuccess => "Người mua trả hai lần",
        Overpaid => "Người mua chuyển thừa",
        Recall => "Lô hàng bị thu hồi",
        Return => "Hàng trả lại",
        Complaint => "Khiếu nại được chấp nhận",
        Weight => "Cân thực tế thiếu",
        Goodwill => "Người bán chủ động hoàn",
        _ => "Đơn đã hủy",
    };

    private sealed record Closed(long PaymentId, long ProducerId, string Payable, long AmountVnd);

    private sealed record Owed(long PaymentId, long ProducerId, long AmountVnd);
}
