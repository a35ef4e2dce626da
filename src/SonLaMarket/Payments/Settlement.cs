using SonLaMarket.Foundation.Data;

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
        var payment = await LockAsync(tx, attemptId);
        return outcome.Verdict switch
        {
            GatewayVerdict.Paid => await PaidAsync(tx, payment, attemptId, outcome, inTime && payment.Status == "expired"),
            GatewayVerdict.Failed => await NotPaidAsync(tx, payment, attemptId, "failed", outcome),
            GatewayVerdict.Review => await ReviewAsync(tx, payment, attemptId, outcome),
            _ => false,
        };
    }

    /// <summary>A silent try whose hold is over and of which VNPAY knows no money.</summary>
    public async Task<bool> GiveUpAsync(Tx tx, long attemptId, GatewayOutcome outcome) =>
        await NotPaidAsync(tx, await LockAsync(tx, attemptId), attemptId, "expired", outcome);

    /// <summary>VNPAY was asked often enough and did not answer: a person decides, the goods stay kept.</summary>
    public async Task<bool> SuspendAsync(Tx tx, long attemptId) =>
        await ReviewAsync(tx, await LockAsync(tx, attemptId), attemptId, new GatewayOutcome(GatewayVerdict.Review, null, null, null, null, null));

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

    private static Task<Locked> LockAsync(Tx tx, long attemptId) =>
        tx.SingleAsync<Locked>("""
            select p.id, p.payable, p.producer_id, p.status from payments.payment p
            where p.id = (select payment_id from payments.attempt where id = @attemptId) for update
            """, new { attemptId });

    private async Task<bool> PaidAsync(Tx tx, Locked payment, long attemptId, GatewayOutcome outcome, bool inTime)
    {
        // A try that was given up or had failed and then succeeds is real money: it came late.
        const string attempt = """
            update payments.attempt set
              status = case when status in ('initiated', 'review') and @onTime then 'paid' else 'paid_late' end,
              response_code = @ResponseCode, transaction_status = @TransactionStatus, transaction_no = @TransactionNo, bank_code = @BankCode, pay_date = @PayDate,
              next_query_at = null, settled_at = @now
            where id = @attemptId and status in ('initiated', 'failed', 'expired', 'review')
            returning txn_ref, amount_vnd
            """;
        const string paid = "update payments.payment set status = @to, paid_at = @now where id = @Id and status = @Status";
        var now = clock.GetUtcNow();
        var open = payment.Status is "pending" or "review";
        var before = payment.Status is "paid" or "paid_late";
        var settled = await tx.FirstOrDefaultAsync<Settled>(attempt, Args(attemptId, outcome, now, open || before || inTime));
        if (settled is null)
            return false;
        await ledger.PaidAsync(tx, "paid:" + settled.TxnRef, payment.Id, payment.ProducerId, settled.AmountVnd);
        if (before)
        {
            await refunds.OpenSecondAsync(tx, attemptId, settled.TxnRef);
            return true;
        }
        await tx.ExecuteAsync(paid, new { payment.Id, payment.Status, to = open || inTime ? "paid" : "paid_late", now });
        if (open)
            await payable.PaidAsync(tx, payment.Payable);
        else if (!await payable.PaidLateAsync(tx, payment.Payable))
            await refunds.OpenAsync(tx, payment.Payable, RefundCases.PaidLate, "paid-late:" + settled.TxnRef);
        return true;
    }

    private async Task<bool> NotPaidAsync(Tx tx, Locked payment, long attemptId, string to, GatewayOutcome outcome)
    {
        const string attempt = """
            update payments.attempt set status = @to,
              response_code = @ResponseCode, transaction_status = @TransactionStatus, transaction_no = @TransactionNo, bank_code = @BankCode, pay_date = @PayDate,
              next_query_at = null, settled_at = @now
            where id = @attemptId and status in ('initiated', 'review')
            """;
        const string reopen = """
            update payments.payment p set status = 'pending' where id = @Id and status = 'review'
              and not exists (select 1 from payments.attempt a where a.payment_id = p.id and a.status = 'review')
            """;
        if (await tx.ExecuteAsync(attempt, Args(attemptId, outcome, clock.GetUtcNow(), false, to)) == 0)
            return false;
        await tx.ExecuteAsync(reopen, new { payment.Id });
        return true;
    }

    private async Task<bool> ReviewAsync(Tx tx, Locked payment, long attemptId, GatewayOutcome outcome)
    {
        const string attempt = """
            update payments.attempt set status = 'review',
              response_code = @ResponseCode, transaction_status = @TransactionStatus, transaction_no = @TransactionNo, bank_code = @BankCode, pay_date = @PayDate,
              next_query_at = null, settled_at = @now
            where id = @attemptId and status in ('initiated', 'failed', 'expired')
            """;
        if (await tx.ExecuteAsync(attempt, Args(attemptId, outcome, clock.GetUtcNow(), false)) == 0)
            return false;
        await tx.ExecuteAsync("update payments.payment set status = 'review' where id = @Id and status = 'pending'", new { payment.Id });
        return true;
    }

    private static object Args(long attemptId, GatewayOutcome outcome, DateTimeOffset now, bool onTime, string? to = null) => new
    {
        attemptId,
        onTime,
        to,
        outcome.ResponseCode,
        outcome.TransactionStatus,
        outcome.TransactionNo,
        outcome.BankCode,
        outcome.PayDate,
        now,
    };

    private sealed record Locked(long Id, string Payable, long ProducerId, string Status);

    private sealed record Settled(string TxnRef, long AmountVnd);
}
