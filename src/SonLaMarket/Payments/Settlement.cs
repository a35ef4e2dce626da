using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments;

/// <summary>What VNPAY says of a try.</summary>
public enum GatewayVerdict
{
    /// <summary>Debited and successful.</summary>
    Paid,

    /// <summary>Ended without money.</summary>
    Failed,

    /// <summary>Debited but suspected, or contradictory: a person decides.</summary>
    Review,

    /// <summary>Not ended, or never begun.</summary>
    Open,
}

public sealed record GatewayOutcome(GatewayVerdict Verdict, string? ResponseCode, string? TransactionStatus, string? TransactionNo, string? BankCode, string? PayDate);

/// <summary>A try and its payment, which is locked.</summary>
/// <param name="Paid">Its money was counted before.</param>
/// <param name="Status">Of the payment.</param>
internal sealed record LockedTry(long Id, long AmountVnd, bool Paid, long PaymentId, string Payable, long ProducerId, string Status);

/// <summary>
/// The only place where a payment changes its state: by a verified notification or a verified answer, never by the
/// buyer's browser. Each change names the state it leaves; no row changed means that somebody else was first.
/// </summary>
public sealed class Settlement(IPayable payable, Ledger ledger, RefundCases refunds, TimeProvider clock)
{
    /// <summary>Records what became of a try. False when it had been recorded before.</summary>
    /// <param name="inTime">The money had come while the payment was still waited for, and is only heard of now. The goods are let go by then all the same.</param>
    public async Task<bool> RecordAsync(Tx tx, long attemptId, GatewayOutcome outcome, bool inTime = false)
    {
        return await RecordAsync(tx, await LockAsync(tx, attemptId), outcome, inTime);
    }

    /// <summary>The same of a try whose payment is locked.</summary>
    internal async Task<bool> RecordAsync(Tx tx, LockedTry known, GatewayOutcome outcome, bool inTime = false) => outcome.Verdict switch
    {
        GatewayVerdict.Paid => await PaidAsync(tx, known, outcome, inTime && known.Status == "expired"),
        GatewayVerdict.Failed => await NotPaidAsync(tx, known, "failed", outcome),
        GatewayVerdict.Review => await ReviewAsync(tx, known, outcome),
        _ => false,
    };

    private const string Known = """
        select a.id, a.amount_vnd, a.status in ('paid', 'paid_late') as paid, p.id as payment_id, p.payable, p.producer_id, p.status
        from payments.attempt a join payments.payment p on p.id = a.payment_id
        """;

    /// <summary>The try with this reference at a terminal, its payment locked from now on; null when there is none.</summary>
    internal static Task<LockedTry?> FindAsync(Tx tx, long terminalId, string txnRef) => tx.FirstOrDefaultAsync<LockedTry>($"{Known} where a.terminal_id = @terminalId and a.txn_ref = @txnRef for update of p", new { terminalId, txnRef });

    /// <summary>A silent try whose hold is over and of which VNPAY knows no money.</summary>
    public async Task<bool> GiveUpAsync(Tx tx, long attemptId, GatewayOutcome outcome) =>
        await NotPaidAsync(tx, await LockAsync(tx, attemptId), "expired", outcome);

    /// <summary>VNPAY was asked often enough and did not answer: a person decides, the goods stay kept.</summary>
    public async Task<bool> SuspendAsync(Tx tx, long attemptId) =>
        await ReviewAsync(tx, await LockAsync(tx, attemptId), new GatewayOutcome(GatewayVerdict.Review, null, null, null, null, null));

    /// <summary>Ends a payment whose hold is over and none of whose tries is open any more. False when that is not so.</summary>
    public async Task<bool> ExpireAsync(Tx tx, long paymentId)
    {
        const string update = """
            update payments.payment p set status = 'expired'
            where id = @paymentId and status = 'pending' and hold_until <= @now
              and not exists (select 1 from payments.attempt a where a.payment_id = p.id and a.status in ('initiated', 'review'))
            returning payable
            """;
        // Locked first: the condition on the tries must be read after whoever is adding one.
        await tx.ExecuteAsync("select 1 from payments.payment where id = @paymentId for update", new { paymentId });
        var expired = await tx.FirstOrDefaultAsync<string>(update, new { paymentId, now = clock.GetUtcNow() });
        if (expired is null)
            return false;
        await payable.ExpiredAsync(tx, expired);
        return true;
    }

    private static Task<LockedTry> LockAsync(Tx tx, long attemptId) => tx.SingleAsync<LockedTry>($"{Known} where a.id = @attemptId for update of p", new { attemptId });

    private async Task<bool> PaidAsync(Tx tx, LockedTry known, GatewayOutcome outcome, bool inTime)
    {
        // A try that was given up or had failed and then succeeds is real money: it came late. The sale is read in the same round trip, as the books had it before.
        const string attempt = $"""
            with settled as (
            update payments.attempt set
              status = case when status in ('initiated', 'review') and @onTime then 'paid' else 'paid_late' end,
              response_code = @ResponseCode, transaction_status = @TransactionStatus, transaction_no = @TransactionNo, bank_code = @BankCode, pay_date = @PayDate,
              next_query_at = null, settled_at = @now
            where id = @attemptId and status in ('initiated', 'failed', 'expired', 'review')
            returning txn_ref),
            paid as (update payments.payment p set status = @to, paid_at = @now from settled where p.id = @paymentId and p.status = @from and p.status not in ('paid', 'paid_late'))
            select txn_ref from settled;
            {Ledger.SaleSql}
            """;
        if (known.Paid)
            return false;
        var open = known.Status is "pending" or "review";
        var before = known.Status is "paid" or "paid_late";
        var args = Args(known, outcome, open || before || inTime, open || inTime ? "paid" : "paid_late");
        var (txnRef, sale) = await tx.MultipleAsync(attempt, args, async grid => (await grid.ReadFirstOrDefaultAsync<string>(), await Ledger.ReadAsync(grid)));
        if (txnRef is null)
            return false;
        await ledger.SaleAsync(tx, "paid:" + txnRef, known.PaymentId, known.ProducerId, known.AmountVnd, sale);
        if (before)
            await refunds.OpenSecondAsync(tx, known.Id, txnRef);
        else if (open)
            await payable.PaidAsync(tx, known.Payable);
        else if (!await payable.PaidLateAsync(tx, known.Payable))
            await refunds.OpenAsync(tx, known.Payable, RefundCases.PaidLate, "paid-late:" + txnRef);
        return true;
    }

    private async Task<bool> NotPaidAsync(Tx tx, LockedTry known, string to, GatewayOutcome outcome)
    {
        const string attempt = """
            update payments.attempt set status = @to,
              response_code = @ResponseCode, transaction_status = @TransactionStatus, transaction_no = @TransactionNo, bank_code = @BankCode, pay_date = @PayDate,
              next_query_at = null, settled_at = @now
            where id = @attemptId and status in ('initiated', 'review')
            """;
        const string reopen = """
            update payments.payment p set status = 'pending' where id = @PaymentId and status = 'review'
              and not exists (select 1 from payments.attempt a where a.payment_id = p.id and a.status = 'review')
            """;
        if (await tx.ExecuteAsync(attempt, Args(known, outcome, false, to)) == 0)
            return false;
        tx.Add(reopen, new { known.PaymentId });
        return true;
    }

    private async Task<bool> ReviewAsync(Tx tx, LockedTry known, GatewayOutcome outcome)
    {
        const string attempt = """
            update payments.attempt set status = 'review',
              response_code = @ResponseCode, transaction_status = @TransactionStatus, transaction_no = @TransactionNo, bank_code = @BankCode, pay_date = @PayDate,
              next_query_at = null, settled_at = @now
            where id = @attemptId and status in ('initiated', 'failed', 'expired')
            """;
        if (await tx.ExecuteAsync(attempt, Args(known, outcome, false)) == 0)
            return false;
        tx.Add("update payments.payment set status = 'review' where id = @PaymentId and status = 'pending'", new { known.PaymentId });
        return true;
    }

    private object Args(LockedTry known, GatewayOutcome outcome, bool onTime, string? to = null) => new
    {
        attemptId = known.Id,
        paymentId = known.PaymentId,
        producerId = known.ProducerId,
        from = known.Status,
        onTime,
        to,
        outcome.ResponseCode,
        outcome.TransactionStatus,
        outcome.TransactionNo,
        outcome.BankCode,
        outcome.PayDate,
        now = clock.GetUtcNow(),
        today = Vietnamese.Today(clock),
    };
}
