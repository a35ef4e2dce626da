using System.Net;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments;

/// <summary>Who is about to be sent to VNPAY's page.</summary>
/// <param name="Language">"vi" or "en".</param>
public sealed record Payer(string Language, IPAddress? Address);

/// <summary>Payments and the tries to make them. What became of a try is told by <see cref="Settlement"/> alone.</summary>
public sealed class PaymentRegister(Terminals terminals, VnpayGateway gateway, VnpaySettings settings, Ledger ledger, RefundCases refunds, TimeProvider clock)
{
    /// <summary>Writes the payments. Those are left out that should be paid online and whose payee has no terminal.</summary>
    public Task<List<StartedPayment>> StartAsync(Tx tx, IReadOnlyList<StartPayment> all)
    {
        const string insert = """
            insert into payments.payment (code, payable, producer_id, terminal_id, method, amount_vnd, description, status, hold_until, created_at)
            select n.code, n.payable, n.producer_id, t.id, n.method, n.amount_vnd, n.description, 'pending', n.hold_until, @now
            from unnest(@codes, @payables, @producers, @methods, @amounts, @descriptions, @ends) with ordinality as n (code, payable, producer_id, method, amount_vnd, description, hold_until, place)
              left join lateral (select t.id from payments.terminal t where n.method = 'vnpay' and t.active and (t.producer_id = n.producer_id or (t.producer_id is null and t.tmn_code = @SharedTerminal))
                order by t.producer_id nulls last limit 1) t on true
            where n.method <> 'vnpay' or t.id is not null
            order by n.place returning id, code, payable
            """;
        return tx.QueryAsync<StartedPayment>(insert, new
        {
            codes = all.Select(_ => Codes.Random(10)).ToArray(),
            payables = all.Select(p => p.Payable).ToArray(),
            producers = all.Select(p => p.ProducerId).ToArray(),
            methods = all.Select(p => p.Method).ToArray(),
            amounts = all.Select(p => p.AmountVnd).ToArray(),
            descriptions = all.Select(p => p.Description).ToArray(),
            ends = all.Select(p => p.HoldUntil).ToArray(),
            settings.SharedTerminal,
            now = clock.GetUtcNow(),
        });
    }

    /// <summary>Writes a new try and answers the address of VNPAY's page for it: commit, then send the buyer there.
    /// Null when there is nothing left to pay or too little time.</summary>
    public async Task<string?> NewAttemptAsync(Tx tx, string paymentCode, Payer payer)
    {
        const string locked = $"""
            select id, terminal_id, amount_vnd, description, hold_until from payments.payment
            where code = @paymentCode and method = 'vnpay' and status = 'pending' and hold_until is not null for update;
            {Terminals.OfPaymentSql}
            """;
        const string insert = """
            insert into payments.attempt (payment_id, method, terminal_id, txn_ref, amount_vnd, create_date, started_at, expires_at, status, next_query_at)
            values (@Id, 'vnpay', @TerminalId, @TxnRef, @AmountVnd, @CreateDate, @now, @ExpiresAt, 'initiated', @next)
            """;
        var (payment, terminal) = await tx.MultipleAsync(locked, new { paymentCode }, async grid => (await grid.ReadFirstOrDefaultAsync<Open>(), await terminals.ReadAsync(grid)));
        var now = clock.GetUtcNow();
        if (payment is null || payment.HoldUntil - PaymentWindow.Margin - now < TimeSpan.FromMinutes(1))
            return null;
        var page = gateway.Page(
            terminal ?? throw Terminals.Unreadable(payment.TerminalId),
            paymentCode + Codes.Random(6), payment.AmountVnd, payment.Description, payment.HoldUntil - PaymentWindow.Margin - now, payer);
        tx.Add(insert, new
        {
            payment.Id,
            payment.TerminalId,
            page.TxnRef,
            payment.AmountVnd,
            page.CreateDate,
            now,
            page.ExpiresAt,
            next = PaymentWindow.NextQuery(now, payment.HoldUntil, now),
        });
        return page.Url;
    }

    /// <summary>The goods of an expired payment are kept once more: it can be paid again. False when it did not expire.</summary>
    public async Task<bool> ReopenAsync(Tx tx, string payable, DateTimeOffset holdUntil) =>
        await tx.ExecuteAsync("update payments.payment set status = 'pending', hold_until = @holdUntil where payable = @payable and method = 'vnpay' and status = 'expired'", new { payable, holdUntil }) == 1;

    /// <summary>The cash was handed over with the goods. False when it was counted before, or the payment is not in cash.</summary>
    public async Task<bool> CashReceivedAsync(Tx tx, string payable)
    {
        const string update = """
            update payments.payment set status = 'paid', paid_at = @now where payable = @payable and method = 'cod' and status = 'pending'
            returning id, code, producer_id, amount_vnd
            """;
        var paid = await tx.FirstOrDefaultAsync<Paid>(update, new { payable, now = clock.GetUtcNow() });
        if (paid is null)
            return false;
        await ledger.PaidAsync(tx, "paid:" + paid.Code, paid.Id, paid.ProducerId, paid.AmountVnd);
        return true;
    }

    /// <summary>
    /// What is paid for turned out to cost less: cash that was not collected yet falls by it, of money that came a refund case opens.
    /// True when it is the cash that falls.
    /// </summary>
    /// <param name="cause">Of the case.</param>
    /// <param name="key">Names the effect; the same key opens one case only.</param>
    public async Task<bool> LessAsync(Tx tx, string payable, long lessVnd, string cause, string key)
    {
        const string fall = "update payments.payment set amount_vnd = amount_vnd - @lessVnd where payable = @payable and method = 'cod' and status = 'pending' and amount_vnd > @lessVnd";
        if (await tx.ExecuteAsync(fall, new { payable, lessVnd }) == 1)
            return true;
        await refunds.OpenAsync(tx, payable, cause, key, lessVnd);
        return false;
    }

    /// <summary>Whoever changes what is paid for together with its payment locks the payment first, as a notification does.</summary>
    public Task LockAsync(Tx tx, IReadOnlyCollection<string> payables) =>
        tx.ExecuteAsync("select 1 from payments.payment where payable = any(@payables) order by id for update", new { payables = payables.ToArray() });

    /// <summary>What was to be paid for will not come: an open payment ends, money that came opens a refund case.</summary>
    public Task CancelAsync(Tx tx, string payable) => CancelAsync(tx, [payable]);

    /// <summary>The same of many.</summary>
    public async Task CancelAsync(Tx tx, IReadOnlyCollection<string> payables)
    {
        const string update = "update payments.payment set status = 'cancelled' where payable = any(@payables) and status in ('pending', 'review') returning payable";
        var ended = await tx.QueryAsync<string>(update, new { payables = payables.ToArray() });
        await refunds.OpenAsync(tx, RefundCases.Cancelled, [.. payables.Except(ended).Select(p => (p, "cancelled:" + p))]);
    }

    private sealed record Open(long Id, long TerminalId, long AmountVnd, string Description, DateTimeOffset HoldUntil);

    private sealed record Paid(long Id, string Code, long ProducerId, long AmountVnd);
}
