using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments;

/// <summary>Money that has to go back to a buyer. The seller, who has it, gives it back; the case stays open until then.</summary>
public sealed class RefundCases(Ledger ledger, Audit audit, TimeProvider clock)
{
    public const string PaidLate = "paid_late";
    public const string SecondSuccess = "second_success";
    public const string Recall = "recall";
    public const string Cancelled = "cancelled";

    /// <summary>Opens a case over the full amount if the payable was paid. True when it was; the same key opens one case only.</summary>
    public async Task<bool> OpenAsync(Tx tx, string payable, string cause, string key)
    {
        const string insert = """
            insert into payments.refund_case (payment_id, cause, amount_vnd, status, opened_at, key)
            select id, @cause, amount_vnd, 'open', @now, @key from payments.payment where payable = @payable and status in ('paid', 'paid_late')
            on conflict (key) do nothing returning payment_id, (select producer_id from payments.payment where id = payment_id) as producer_id, amount_vnd
            """;
        if (await tx.FirstOrDefaultAsync<Owed>(insert, new { payable, cause, key, now = clock.GetUtcNow() }) is { } owed)
            await ledger.RefundDueAsync(tx, "refund-due:" + key, owed.PaymentId, owed.ProducerId, owed.AmountVnd);
        return await tx.SingleAsync<bool>("select exists (select 1 from payments.refund_case where key = @key)", new { key });
    }

    /// <summary>The seller gave the money back. False when the case is not theirs or no longer open.</summary>
    public async Task<bool> CloseAsync(Tx tx, string key, long memberId, Actor actor)
    {
        const string update = """
            update payments.refund_case r set status = 'done'
            from payments.payment p
            where p.id = r.payment_id and r.key = @key and r.status = 'open'
              and exists (select 1 from producers.acting m where m.producer_id = p.producer_id and m.person_id = @memberId)
            returning p.id as payment_id, p.producer_id, r.amount_vnd
            """;
        var closed = await tx.FirstOrDefaultAsync<Owed>(update, new { key, memberId });
        if (closed is null)
            return false;
        await ledger.RefundedAsync(tx, "refund:" + key, closed.PaymentId, closed.ProducerId, closed.AmountVnd);
        await audit.WriteAsync(tx, actor, "refund.done", "refund:" + key);
        return true;
    }

    private sealed record Owed(long PaymentId, long ProducerId, long AmountVnd);
}
