using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments;

/// <summary>What one rule makes of one sale, in whole đồng.</summary>
public sealed record Charge(string RuleCode, string Kind, long AmountVnd);

/// <summary>A year's turnover so far, and where the first rule begins to count it.</summary>
public sealed record YearFree(long TurnoverVnd, long FreeVnd)
{
    /// <summary>Four fifths of it are reached.</summary>
    public bool Near => TurnoverVnd >= FreeVnd / 5 * 4;
}

/// <summary>A rule that applies to a sale.</summary>
internal sealed record Applying(string Code, string Kind, int RateBp, long FreeYearlyVnd);

/// <summary>A rule of fees or taxes: dated, with the text of law or contract that it follows. The rate is data, never code.</summary>
/// <param name="RateBp">Hundredths of a percent.</param>
/// <param name="FreeYearlyVnd">What a seller may sell in a calendar year before the rule applies; 0 where it applies from the first đồng.</param>
public sealed record ChargeRule(
    string Code, string Kind, string Name, string[] ProducerKinds, int RateBp, long FreeYearlyVnd, DateOnly ValidFrom, DateOnly? ValidUntil, string Source, string SourceUrl, string Note, DateTimeOffset? AdoptedAt, string? AdoptedBy);

/// <summary>Fees of the market and taxes that are kept back, by the rules in force on the day of the sale.</summary>
public sealed class Charges(Audit audit, TimeProvider clock)
{
    public const string Fee = "fee";
    public const string Tax = "tax";

    /// <summary>Rules for sales of @producerId on the day @today. Those that nobody adopted do not count.</summary>
    internal const string Applying = $"{Rules} s.id = @producerId and {InForce}";

    /// <summary>Rules of the sellers <c>s</c>, of whom it goes on to say which.</summary>
    internal const string Rules = "select r.code, r.kind, r.rate_bp, r.free_yearly_vnd from payments.charge_rule r join producers.producer s on s.kind = any(r.producer_kinds) where";

    /// <summary>On the day @today.</summary>
    internal const string InForce = "r.adopted_at is not null and r.valid_from <= @today and (r.valid_until is null or r.valid_until >= @today) and r.rate_bp > 0 order by r.code";

    /// <summary>What the seller sold since the beginning of the year, beside what the rules in force leave free of it; null where they leave nothing.</summary>
    public static async Task<YearFree?> FreeOfYearAsync(Sql sql, long producerId, DateOnly today, CancellationToken ct = default)
    {
        const string least = $"select min(a.free_yearly_vnd) from ({Applying}) a where a.free_yearly_vnd > 0";
        return await sql.SingleAsync<long?>(least, new { producerId, today }, ct) is { } free ? new(await Balances.TurnoverAsync(sql, producerId, today.Year, ct), free) : null;
    }

    /// <summary>What is awaited with the fees and taxes that would be posted if it came now; anything else as it was read.</summary>
    public async Task<SellerShare> ForeseeAsync(Sql sql, SellerShare share, CancellationToken ct)
    {
        if (!share.Awaited)
            return share;
        var charges = await OfSaleAsync(sql, share.Rules, share.ProducerId, share.AmountVnd, ct);
        return share with { FeeVnd = charges.Where(c => c.Kind == Fee).Sum(c => c.AmountVnd), TaxVnd = charges.Where(c => c.Kind == Tax).Sum(c => c.AmountVnd) };
    }

    /// <summary>What the rules make of a sale that is being posted now.</summary>
    internal async Task<List<Charge>> OfSaleAsync(Sql sql, List<Applying> rules, long producerId, long amountVnd, CancellationToken ct = default)
    {
        var turnover = rules.Exists(r => r.FreeYearlyVnd > 0) ? amountVnd + await Balances.TurnoverAsync(sql, producerId, Vietnamese.Today(clock).Year, ct) : 0;
        return [.. rules.Select(r => new Charge(r.Code, r.Kind, Part(Taxable(r, amountVnd, turnover), r.RateBp))).Where(c => c.AmountVnd > 0)];
    }

    /// <summary>
    /// What has to go back of the charges of a payment, now that some of it was refunded: in proportion to the sale, less what
    /// went back before. A second payment of the same sale was never charged and takes nothing with it.
    /// </summary>
    public async Task<List<Charge>> ToGiveBackAsync(Tx tx, long paymentId)
    {
        const string select = """
            select o.rule_code, r.kind, sum(l.amount_vnd) filter (where o.kind = 'charge')::bigint as charged_vnd, coalesce(-sum(l.amount_vnd) filter (where o.kind = 'charge-back'), 0)::bigint as back_vnd,
              (select amount_vnd from payments.payment where id = @paymentId) as sale_vnd,
              (select coalesce(-sum(x.amount_vnd), 0) from payments.posting q join payments.ledger_line x on x.posting_id = q.id and x.account = 'buyer-paid' where q.payment_id = @paymentId and q.kind = 'payment')::bigint as paid_vnd,
              (select coalesce(sum(x.amount_vnd), 0) from payments.posting q join payments.ledger_line x on x.posting_id = q.id and x.account = 'refund-due' where q.payment_id = @paymentId and q.kind = 'refund')::bigint as refunded_vnd
            from payments.posting o join payments.charge_rule r on r.code = o.rule_code join payments.ledger_line l on l.posting_id = o.id and l.account in ('fee', 'tax')
            where o.payment_id = @paymentId and o.kind in ('charge', 'charge-back') group by o.rule_code, r.kind order by o.rule_code
            """;
        return [.. (await tx.QueryAsync<Charged>(select, new { paymentId })).Select(c => new Charge(c.RuleCode, c.Kind, c.DueBackVnd - c.BackVnd)).Where(c => c.AmountVnd > 0)];
    }

    public static Task<List<ChargeRule>> RulesAsync(Sql sql, CancellationToken ct) => sql.QueryAsync<ChargeRule>("""
        select r.code, r.kind, r.name, r.producer_kinds, r.rate_bp, r.free_yearly_vnd, r.valid_from, r.valid_until, r.source, r.source_url, r.note, r.adopted_at, p.name as adopted_by
        from payments.charge_rule r left join accounts.person p on p.id = r.adopted_by order by r.adopted_at is null, r.valid_from desc, r.code
        """, ct: ct);

    /// <summary>Proposes a rule; it applies to nobody yet. False when there is one with this code.</summary>
    public async Task<bool> ProposeAsync(Tx tx, ChargeRule rule, Actor actor)
    {
        const string insert = """
            insert into payments.charge_rule (code, kind, name, producer_kinds, rate_bp, free_yearly_vnd, valid_from, valid_until, source, source_url, note, proposed_at)
            values (@Code, @Kind, @Name, @ProducerKinds, @RateBp, @FreeYearlyVnd, @ValidFrom, @ValidUntil, @Source, @SourceUrl, @Note, @now) on conflict (code) do nothing
            """;
        if (await tx.ExecuteAsync(insert, new { rule.Code, rule.Kind, rule.Name, rule.ProducerKinds, rule.RateBp, rule.FreeYearlyVnd, rule.ValidFrom, rule.ValidUntil, rule.Source, rule.SourceUrl, rule.Note, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "charge-rule.propose", "charge-rule:" + rule.Code, detail: new { rule.RateBp, rule.ValidFrom, rule.Source });
        return true;
    }

    /// <summary>Whoever adopts a rule has compared it with its source. It applies to sales from its first day, never to what was sold before now. False when it was adopted before.</summary>
    public async Task<bool> AdoptAsync(Tx tx, string code, Actor actor)
    {
        if (await tx.ExecuteAsync("update payments.charge_rule set adopted_at = @now, adopted_by = @PersonId where code = @code and adopted_at is null", new { code, actor.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "charge-rule.adopt", "charge-rule:" + code);
        return true;
    }

    /// <summary>The rule's last day. False when it is not in use, or the day lies before today or before its first day.</summary>
    public async Task<bool> EndAsync(Tx tx, string code, DateOnly lastDay, Actor actor)
    {
        const string update = "update payments.charge_rule set valid_until = @lastDay where code = @code and adopted_at is not null and @lastDay >= greatest(valid_from, @today) and (valid_until is null or valid_until >= @today)";
        if (await tx.ExecuteAsync(update, new { code, lastDay, today = Vietnamese.Today(clock) }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "charge-rule.end", "charge-rule:" + code, detail: new { lastDay });
        return true;
    }

    /// <summary>Half a đồng and more counts as one.</summary>
    private static long Part(long amountVnd, int rateBp) => checked((long)decimal.Round(amountVnd * (rateBp / 10_000m), MidpointRounding.AwayFromZero));

    /// <summary>Of this sale what lies above the year's free part.</summary>
    /// <param name="turnoverVnd">The year's turnover with this sale.</param>
    private static long Taxable(Applying rule, long amountVnd, long turnoverVnd) => rule.FreeYearlyVnd == 0 ? amountVnd : Math.Clamp(turnoverVnd - rule.FreeYearlyVnd, 0, amountVnd);

    private sealed record Charged(string RuleCode, string Kind, long ChargedVnd, long BackVnd, long SaleVnd, long PaidVnd, long RefundedVnd)
    {
        public long DueBackVnd => (long)decimal.Round(ChargedVnd * (decimal)Math.Clamp(RefundedVnd - Math.Max(0, PaidVnd - SaleVnd), 0, SaleVnd) / SaleVnd, MidpointRounding.AwayFromZero);
    }
}
