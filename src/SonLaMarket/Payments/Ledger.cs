using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Payments;

/// <summary>
/// Double entry. The market holds nobody's money: a posting says that the buyer paid and that the seller's own bank or
/// carrier owes the seller the same amount.
/// </summary>
public sealed class Ledger(TimeProvider clock)
{
    public const string BuyerPaid = "buyer-paid";
    public const string SellerReceivable = "seller-receivable";

    /// <param name="key">Names the effect; a second posting with it is refused by the database.</param>
    public Task PaidAsync(Tx tx, string key, long paymentId, long producerId, long amountVnd) =>
        PostAsync(tx, key, "payment", paymentId, producerId, amountVnd);

    /// <summary>The seller gave the money back.</summary>
    public Task RefundedAsync(Tx tx, string key, long paymentId, long producerId, long amountVnd) =>
        PostAsync(tx, key, "refund", paymentId, producerId, -amountVnd);

    private Task PostAsync(Tx tx, string key, string kind, long paymentId, long producerId, long amountVnd)
    {
        const string sql = """
            with posted as (
              insert into payments.posting (key, kind, payment_id, posted_at) values (@key, @kind, @paymentId, @now) returning id)
            insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd)
            select id, 1, @SellerReceivable, @producerId, @amountVnd from posted
            union all
            select id, 2, @BuyerPaid, @producerId, -@amountVnd from posted
            """;
        return tx.ExecuteAsync(sql, new { key, kind, paymentId, producerId, amountVnd, SellerReceivable, BuyerPaid, now = clock.GetUtcNow() });
    }
}
