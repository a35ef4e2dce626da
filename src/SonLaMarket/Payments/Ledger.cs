using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments;

/// <summary>
/// Double entry, insert only: each posting is written in the transaction of what causes it, once by its key, and balances
/// or the database refuses the whole transaction. The market holds nobody's money; the books say who has it and who owes it.
/// </summary>
public sealed class Ledger(Charges charges, TimeProvider clock)
{
    private readonly record struct Side(string Account, long AmountVnd);

    private sealed record Draft(string Key, string Kind, Side[] Sides, string? RuleCode = null);

    private sealed record Posted(long? PaymentId, long ProducerId, Draft Draft);

    /// <summary>The money of a buyer came to the seller, or the cash was handed over. With the first payment of a sale its fees and taxes are posted.</summary>
    /// <param name="key">Names the effect; a second posting with it is refused by the database.</param>
    public async Task PaidAsync(Tx tx, string key, long paymentId, long producerId, long amountVnd)
    {
        await SaleAsync(tx, key, paymentId, producerId, amountVnd, await tx.MultipleAsync(SaleSql, new { paymentId, producerId, today = Vietnamese.Today(clock) }, ReadAsync));
    }

    /// <summary>What <see cref="ReadAsync"/> reads of the payment @paymentId of @producerId, on the day @today.</summary>
    internal const string SaleSql = $"""
        select {Place} as place, exists (select 1 from payments.posting o where o.payment_id = p.id and o.kind = 'payment') as again from payments.payment p where p.id = @paymentId;
        {Charges.Applying}
        """;

    internal static async Task<(Sale Sale, List<Applying> Rules)> ReadAsync(SqlMapper.GridReader grid) => (await grid.ReadSingleAsync<Sale>(), (await grid.ReadAsync<Applying>()).AsList());

    /// <summary>The same where the sale was read already, with the payment locked.</summary>
    internal async Task SaleAsync(Tx tx, string key, long paymentId, long producerId, long amountVnd, (Sale Sale, List<Applying> Rules) read)
    {
        var (sale, rules) = read;
        var drafts = new List<Draft> { new(key, PostingKind.Payment, [new(sale.Place, amountVnd), new(LedgerAccount.BuyerPaid, -amountVnd)]) };
        if (!sale.Again)
            drafts.AddRange((await charges.OfSaleAsync(tx, rules, producerId, amountVnd)).Select(c => Charged($"charge:{c.RuleCode}:{key}", PostingKind.Charge, c)));
        await PostAsync(tx, paymentId, producerId, drafts);
    }

    /// <summary>Money has to go back to a buyer: the seller owes it from now on.</summary>
    public Task RefundDueAsync(Tx tx, string key, long paymentId, long producerId, long amountVnd) => RefundsDueAsync(tx, [new(key, paymentId, producerId, amountVnd)]);

    /// <summary>The same of many payments at once.</summary>
    public Task RefundsDueAsync(Tx tx, IReadOnlyCollection<RefundOwed> owed) => PostAsync(tx,
        [.. owed.Select(o => new Posted(o.PaymentId, o.ProducerId, new(o.Key, PostingKind.RefundDue, [new(LedgerAccount.Refund, o.AmountVnd), new(LedgerAccount.RefundDue, -o.AmountVnd)])))]);

    /// <summary>The seller gave the money back. Fees and taxes of what is no sale any more go back in proportion.</summary>
    public async Task RefundedAsync(Tx tx, string key, long paymentId, long producerId, long amountVnd)
    {
        var place = await tx.SingleAsync<string>($"select {Place} from payments.payment p where p.id = @paymentId", new { paymentId });
        await PostAsync(tx, paymentId, producerId, [new(key, PostingKind.Refund, [new(LedgerAccount.RefundDue, amountVnd), new(place, -amountVnd)])]);
        var back = await charges.ToGiveBackAsync(tx, paymentId);
        await PostAsync(tx, paymentId, producerId, back.ConvertAll(c => Charged($"charge-back:{c.RuleCode}:{key}", PostingKind.ChargeBack, c with { AmountVnd = -c.AmountVnd })));
    }

    /// <summary>The seller paid what was owed of fees, or the tax was paid over.</summary>
    /// <param name="account"><see cref="LedgerAccount.FeeDue"/> or <see cref="LedgerAccount.TaxWithheld"/>.</param>
    /// <param name="note">The transfer's reference, or the receipt's number.</param>
    public Task SettledAsync(Tx tx, string key, string account, long producerId, long amountVnd, string note) =>
        PostAsync(tx, null, producerId, [new(key, PostingKind.Settled, [new(account, amountVnd), new(LedgerAccount.SellerReceivable, -amountVnd)])], note);

    /// <summary>Where the money of payment <c>p</c> is: in the seller's hand, or where the seller's terminal leads.</summary>
    private const string Place = "case p.method when 'cod' then 'cash' else 'seller-receivable' end";

    private static Draft Charged(string key, string kind, Charge charge) => new(key, kind,
        charge.Kind == Charges.Fee
            ? [new(LedgerAccount.Fee, charge.AmountVnd), new(LedgerAccount.FeeDue, -charge.AmountVnd)]
            : [new(LedgerAccount.Tax, charge.AmountVnd), new(LedgerAccount.TaxWithheld, -charge.AmountVnd)],
        charge.RuleCode);

    private Task PostAsync(Tx tx, long? paymentId, long producerId, IReadOnlyCollection<Draft> drafts, string note = "") =>
        PostAsync(tx, [.. drafts.Select(d => new Posted(paymentId, producerId, d))], note);

    /// <summary>Debit is positive. A posting never falls into a day that is closed: it takes the first instant that is open.</summary>
    private async Task PostAsync(Tx tx, IReadOnlyCollection<Posted> all, string note = "")
    {
        const string sql = """
            with posted as (
              insert into payments.posting (key, kind, payment_id, posted_at, rule_code, note)
              select d.key, d.kind, d.payment_id, greatest(@now, payments.books_open_from()), d.rule_code, @note from unnest(@keys, @kinds, @payments, @rules) as d (key, kind, payment_id, rule_code)
              returning id, key, posted_at)
            insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at)
            select p.id, n.line, n.account, n.producer_id, n.amount_vnd, p.posted_at
            from unnest(@of, @lines, @accounts, @producers, @amounts) as n (key, line, account, producer_id, amount_vnd) join posted p on p.key = n.key
            """;
        if (all.Count == 0)
            return;
        var sides = all.SelectMany(p => p.Draft.Sides.Select((side, at) => (p.Draft.Key, Line: at + 1, side.Account, p.ProducerId, side.AmountVnd))).ToList();
        await tx.ExecuteAsync(sql, new
        {
            note,
            now = clock.GetUtcNow(),
            keys = all.Select(p => p.Draft.Key).ToArray(),
            kinds = all.Select(p => p.Draft.Kind).ToArray(),
            payments = all.Select(p => p.PaymentId).ToArray(),
            rules = all.Select(p => p.Draft.RuleCode!).ToArray(),
            of = sides.Select(s => s.Key).ToArray(),
            lines = sides.Select(s => s.Line).ToArray(),
            accounts = sides.Select(s => s.Account).ToArray(),
            producers = sides.Select(s => s.ProducerId).ToArray(),
            amounts = sides.Select(s => s.AmountVnd).ToArray(),
        });
    }

    internal sealed record Sale(string Place, bool Again);
}

/// <summary>So much of a payment has to go back.</summary>
/// <param name="Key">Names the effect; a second posting with it is refused by the database.</param>
public sealed record RefundOwed(string Key, long PaymentId, long ProducerId, long AmountVnd);
