using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using Vnpay;

namespace SonLaMarket.Payments;

/// <summary>A line of a statement by which money came in.</summary>
/// <param name="Reference">The bank's own number; may be empty.</param>
/// <param name="Words">What the payer wrote, and what the bank added.</param>
public sealed record CreditLine(DateOnly BookedOn, long AmountVnd, string Reference, string Words);

/// <param name="Known">Lines that had been read before.</param>
public sealed record StatementRead(int Paid, int Open, int Known);

/// <param name="MissingVnd">What the order still lacks with this line and those noted for it before; 0 when it is paid.</param>
public sealed record Assigned(string Order, long MissingVnd);

/// <summary>
/// Bank transfers. Nobody calls us when one arrives and nothing signs it: only the payee's bank statement, or the payee, says that it came,
/// never the buyer. Code and account have to agree and the amount has to be there: what is more goes back, what is less waits for the seller.
/// </summary>
public sealed class Transfers(Settlement settlement, Audit audit, TimeProvider clock)
{
    private const string Prefix = "SLM";

    /// <summary>What the buyer writes as the purpose, so that the money finds its payment.</summary>
    public static string Purpose(string paymentCode) => Prefix + paymentCode;

    /// <summary>The text of the QR code; null when the account does not fit the format.</summary>
    public static string QrText(BankAccount account, long amountVnd, string paymentCode) =>
        VietQr.Build(new VietQrOptions { BankBin = account.BankBin, AccountNumber = account.Account, Amount = amountVnd, Purpose = Purpose(paymentCode) });

    /// <summary>Lines that name a payment and have its amount, or more, pay it; the others wait for the seller. A line is counted once, however often it is read.</summary>
    public async Task<StatementRead> ReadAsync(Tx tx, long producerId, IReadOnlyList<CreditLine> lines, Actor actor)
    {
        const string insert = """
            insert into payments.bank_credit (producer_id, fingerprint, source, booked_on, amount_vnd, reference, words, status, added_at, added_by)
            values (@producerId, @fingerprint, 'statement', @BookedOn, @AmountVnd, @Reference, @words, 'open', @now, @PersonId) on conflict on constraint bank_credit_once do nothing returning id
            """;
        // Two statements of one seller at the same moment wait for each other.
        await tx.ExecuteAsync("select 1 from producers.producer where id = @producerId for update", new { producerId });
        // All payments that the lines name, in id order, as a recall locks them: one by one in the order of the lines they would stop each other.
        await tx.ExecuteAsync("select 1 from payments.payment p where p.producer_id = @producerId and p.method = 'transfer' and position(p.code in @words) > 0 order by p.id for update",
            new { producerId, words = string.Join('\n', lines.Select(l => Codes.Typed(l.Words))) });
        var (paid, open, known) = (0, 0, 0);
        // Two equal lines of one file are two transfers; the same file once more is not.
        foreach (var (line, number) in lines.GroupBy(l => l).SelectMany(g => g.Select((l, i) => (l, i))).OrderBy(x => x.l.BookedOn))
        {
            var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line.BookedOn:yyyy-MM-dd}|{line.AmountVnd}|{line.Reference}|{line.Words}|{number}")));
            if (await tx.FirstOrDefaultAsync<long?>(insert, new { producerId, fingerprint, line.BookedOn, line.AmountVnd, line.Reference, words = Cut(line.Words), now = clock.GetUtcNow(), actor.PersonId }) is not { } id)
                known++;
            else if (await MatchAsync(tx, producerId, id, line))
                paid++;
            else
                open++;
        }
        await audit.WriteAsync(tx, actor, "transfer.statement", $"statement:{Vietnamese.Today(clock):yyyy-MM-dd}", detail: new { lines = lines.Count, paid, open, known });
        return new StatementRead(paid, open, known);
    }

    /// <summary>The seller saw the money on the account. False when nothing is to be paid there, or it was noted before.</summary>
    public async Task<bool> ReceivedAsync(Tx tx, long producerId, string paymentCode, string reference, Actor actor)
    {
        const string find = "select id, code, amount_vnd, 0::bigint as surplus_vnd, false as in_time from payments.payment where producer_id = @producerId and code = @paymentCode and method = 'transfer' and status in ('pending', 'expired', 'cancelled') for update";
        const string insert = """
            insert into payments.bank_credit (producer_id, fingerprint, source, booked_on, amount_vnd, reference, status, added_at, added_by)
            values (@producerId, @fingerprint, 'hand', @today, @AmountVnd, @reference, 'open', @now, @PersonId) on conflict on constraint bank_credit_once do nothing returning id
            """;
        if (await tx.FirstOrDefaultAsync<Wanted>(find, new { producerId, paymentCode }) is not { } payment)
            return false;
        var fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes($"hand|{paymentCode}|{reference}"));
        if (await tx.FirstOrDefaultAsync<long?>(insert, new { producerId, fingerprint, today = Vietnamese.Today(clock), payment.AmountVnd, reference, now = clock.GetUtcNow(), actor.PersonId }) is not { } id)
            return false;
        await PayAsync(tx, id, payment);
        await audit.WriteAsync(tx, actor, "transfer.received", "payment:" + paymentCode, detail: new { amountVnd = payment.AmountVnd, reference });
        return true;
    }

    /// <summary>
    /// The seller knows which payment an open line is for. Less than its amount is noted for it, and pays it together with what was noted before, as soon
    /// as that is enough; what comes for a paid order goes back. Null when owner or state do not fit.
    /// </summary>
    public async Task<Assigned?> AssignAsync(Tx tx, long producerId, long creditId, string paymentCode, Actor actor)
    {
        const string find = """
            select p.id, p.code, split_part(p.payable, ':', 2) as order_code, p.amount_vnd, p.status in ('paid', 'paid_late') as paid, c.amount_vnd as came_vnd,
              coalesce((select sum(o.amount_vnd) from payments.bank_credit o where o.payment_id = p.id and o.status = 'open' and o.id <> c.id), 0)::bigint as noted_vnd,
              coalesce(greatest(c.booked_on, (select max(o.booked_on) from payments.bank_credit o where o.payment_id = p.id and o.status = 'open' and c.amount_vnd < p.amount_vnd)) <= (p.hold_until at time zone 'Asia/Ho_Chi_Minh')::date, false) as in_time
            from payments.bank_credit c join payments.payment p on p.producer_id = c.producer_id
            where c.id = @creditId and c.producer_id = @producerId and c.status = 'open' and p.id = any(@meant)
            """;
        // The payment first, as everywhere, then this line and all that was noted for the payment: whoever waited sums what is there by now, and none of it is given to another meanwhile.
        const string locks = "select id from payments.payment where producer_id = @producerId and method = 'transfer' and (code = @paymentCode or payable = 'sub-order:' || @paymentCode) order by id for update";
        const string parts = "select 1 from payments.bank_credit c where c.id = @creditId or c.status = 'open' and c.payment_id = any(@meant) order by c.id for update";
        const string rest = "update payments.bank_credit set status = 'matched', words = '', settled_at = @now where payment_id = @Id and status = 'open'";
        var meant = (await tx.QueryAsync<long>(locks, new { producerId, paymentCode })).ToArray();
        await tx.ExecuteAsync(parts, new { creditId, meant });
        if (await tx.FirstOrDefaultAsync<Named>(find, new { producerId, creditId, meant }) is not { } payment)
            return null;
        await tx.ExecuteAsync("update payments.bank_credit set payment_id = @Id where id = @creditId", new { payment.Id, creditId });
        var alone = payment.Paid || payment.CameVnd >= payment.AmountVnd;
        var came = payment.CameVnd + (alone ? 0 : payment.NotedVnd);
        if (!alone && came >= payment.AmountVnd)
            await tx.ExecuteAsync(rest, new { payment.Id, now = clock.GetUtcNow() });
        if (came >= payment.AmountVnd)
            await PayAsync(tx, creditId, new Wanted(payment.Id, payment.Code, payment.AmountVnd, came - payment.AmountVnd, payment.InTime));
        else if (payment.Paid)
            await PayAsync(tx, creditId, new Wanted(payment.Id, payment.Code, 0, came, false));
        var missing = payment.Paid ? 0 : Math.Max(0, payment.AmountVnd - came);
        await audit.WriteAsync(tx, actor, missing > 0 ? "transfer.note" : "transfer.assign", "payment:" + payment.Code, detail: new { cameVnd = payment.CameVnd, missingVnd = missing });
        return new Assigned(payment.OrderCode, missing);
    }

    /// <summary>An open line has nothing to do with an order, or was settled with the payer otherwise.</summary>
    public async Task<bool> SetAsideAsync(Tx tx, long producerId, long creditId, string reason, Actor actor)
    {
        const string update = "update payments.bank_credit set status = 'set_aside', note = @reason, words = '', settled_at = @now where id = @creditId and producer_id = @producerId and status = 'open' returning amount_vnd";
        if (await tx.FirstOrDefaultAsync<long?>(update, new { producerId, creditId, reason, now = clock.GetUtcNow() }) is not { } amountVnd)
            return false;
        await audit.WriteAsync(tx, actor, "transfer.set-aside", $"statement:{Vietnamese.Today(clock):yyyy-MM-dd}", reason, new { amountVnd });
        return true;
    }

    private async Task<bool> MatchAsync(Tx tx, long producerId, long creditId, CreditLine line)
    {
        const string find = """
            select p.id, p.code, p.amount_vnd, @AmountVnd - p.amount_vnd as surplus_vnd, coalesce(@BookedOn <= (p.hold_until at time zone 'Asia/Ho_Chi_Minh')::date, false) as in_time from payments.payment p
            where p.producer_id = @producerId and p.method = 'transfer' and position(p.code in @words) > 0 order by p.id for update
            """;
        const string backed = """
            update payments.bank_credit set status = 'matched', payment_id = @Id, words = '', settled_at = @now where id = @creditId
              and exists (select 1 from payments.bank_credit h where h.payment_id = @Id and h.source = 'hand' and h.amount_vnd = @AmountVnd
                and (select count(*) from payments.bank_credit s where s.payment_id = @Id and s.source = 'statement') < (select count(*) from payments.bank_credit x where x.payment_id = @Id and x.source = 'hand'))
            """;
        // The bank's statement may give one transfer with its number and once more without.
        const string again = """
            select exists (select 1 from payments.bank_credit c where c.payment_id = @Id and c.id <> @creditId and c.source = 'statement' and c.status = 'matched'
              and c.booked_on = @BookedOn and c.amount_vnd = @AmountVnd and (c.reference = '' or @Reference = ''))
            """;
        var named = await tx.QueryAsync<Wanted>(find, new { producerId, line.AmountVnd, line.BookedOn, words = Codes.Typed(line.Words) });
        if (named.Count != 1)
            return false;
        var payment = named[0];
        if (payment.SurplusVnd < 0 || await tx.SingleAsync<bool>(again, new { payment.Id, creditId, line.BookedOn, line.AmountVnd, line.Reference }))
        {
            // Too little, or perhaps read before: the seller sees for which order, and decides.
            await tx.ExecuteAsync("update payments.bank_credit set payment_id = @Id where id = @creditId", new { payment.Id, creditId });
            return false;
        }
        // The seller had noted this very money by hand.
        if (await tx.ExecuteAsync(backed, new { payment.Id, payment.AmountVnd, creditId, now = clock.GetUtcNow() }) == 0)
            await PayAsync(tx, creditId, payment);
        else
            await TryAsync(tx, creditId, payment, "DU", payment.SurplusVnd);
        return true;
    }

    /// <summary>The same way as any other try: a second one of a paid payment opens a refund case, a late one takes the goods again or goes back.</summary>
    private async Task PayAsync(Tx tx, long creditId, Wanted payment)
    {
        await tx.ExecuteAsync("update payments.bank_credit set status = 'matched', payment_id = @Id, words = '', settled_at = @now where id = @creditId", new { creditId, payment.Id, now = clock.GetUtcNow() });
        await TryAsync(tx, creditId, payment, "CK", payment.AmountVnd);
        // What is more than the order costs is a try of its own, which comes second.
        await TryAsync(tx, creditId, payment, "DU", payment.SurplusVnd);
    }

    private async Task TryAsync(Tx tx, long creditId, Wanted payment, string mark, long amountVnd)
    {
        const string insert = """
            insert into payments.attempt (payment_id, method, txn_ref, amount_vnd, started_at, expires_at, status)
            select id, 'transfer', code || @mark || @creditId, @amountVnd, @now, @now, 'initiated' from payments.payment where id = @Id returning id
            """;
        if (amountVnd <= 0)
            return;
        var attempt = await tx.SingleAsync<long>(insert, new { creditId, payment.Id, mark, amountVnd, now = clock.GetUtcNow() });
        await settlement.RecordAsync(tx, attempt, new GatewayOutcome(GatewayVerdict.Paid, null, null, null, null, null), payment.InTime);
    }

    private static string Cut(string words) => words.Length <= 500 ? words : words[..500];

    /// <param name="SurplusVnd">What came beyond the amount; below 0 it is too little.</param>
    /// <param name="InTime">Booked by the bank on the last day on which the goods were kept, or before.</param>
    private sealed record Wanted(long Id, string Code, long AmountVnd, long SurplusVnd, bool InTime);

    private sealed record Named(long Id, string Code, string OrderCode, long AmountVnd, bool Paid, long CameVnd, long NotedVnd, bool InTime);
}
