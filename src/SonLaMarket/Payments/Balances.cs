using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Payments;

/// <summary>Days from the first to the last, both counted, in Vietnam.</summary>
public sealed record Period(DateOnly First, DateOnly Last)
{
    public DateTimeOffset Begins => Midnight(First);

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset Ends => Midnight(Last.AddDays(1));

    public static Period Month(DateOnly day) => new(new DateOnly(day.Year, day.Month, 1), new DateOnly(day.Year, day.Month, DateTime.DaysInMonth(day.Year, day.Month)));

    private static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), Vietnamese.Offset);
}

/// <summary>An account over a period.</summary>
/// <param name="OpeningVnd">Debit less credit of all that was posted before the period.</param>
public sealed record AccountFigures(string Account, long OpeningVnd, long DebitVnd, long CreditVnd, long Lines)
{
    public long ClosingVnd => OpeningVnd + DebitVnd - CreditVnd;
}

/// <summary>What a seller owes now on one of the accounts of <see cref="LedgerAccount.Owed"/>; negative: is owed.</summary>
public sealed record Owing(long ProducerId, string Slug, string Name, string Account, long AmountVnd);

/// <summary>
/// Balances of accounts. What is closed comes from running totals by one probe of their key, only the days that are still open are
/// added up: a statement takes as long over a million lines as over ten thousand.
/// </summary>
public static class Balances
{
    public static Task<List<AccountFigures>> OfAsync(Sql sql, long producerId, Period period, CancellationToken ct = default)
    {
        const string select = """
            select a.account, (coalesce(o.debit_vnd - o.credit_vnd, 0) + coalesce(t.before_vnd, 0))::bigint as opening_vnd,
              (coalesce(c.debit_vnd, 0) - coalesce(o.debit_vnd, 0) + coalesce(t.debit_vnd, 0))::bigint as debit_vnd,
              (coalesce(c.credit_vnd, 0) - coalesce(o.credit_vnd, 0) + coalesce(t.credit_vnd, 0))::bigint as credit_vnd,
              (coalesce(c.lines, 0) - coalesce(o.lines, 0) + t.lines)::bigint as lines
            from unnest(@accounts) with ordinality as a (account, place)
            left join lateral (
              select d.debit_vnd, d.credit_vnd, d.lines from payments.ledger_day d where d.producer_id = @producerId and d.account = a.account and d.day < @First order by d.day desc limit 1) o on true
            left join lateral (
              select d.debit_vnd, d.credit_vnd, d.lines from payments.ledger_day d where d.producer_id = @producerId and d.account = a.account and d.day <= @Last order by d.day desc limit 1) c on true
            left join lateral (
              select sum(l.amount_vnd) filter (where l.posted_at < @Begins) as before_vnd,
                sum(l.amount_vnd) filter (where l.posted_at >= @Begins and l.amount_vnd > 0) as debit_vnd,
                -sum(l.amount_vnd) filter (where l.posted_at >= @Begins and l.amount_vnd < 0) as credit_vnd,
                count(*) filter (where l.posted_at >= @Begins) as lines
              from payments.ledger_line l where l.producer_id = @producerId and l.account = a.account and l.posted_at >= payments.books_open_from() and l.posted_at < @Ends) t on true
            order by a.place
            """;
        return sql.QueryAsync<AccountFigures>(select, new { producerId, period.First, period.Last, period.Begins, period.Ends, accounts = LedgerAccount.All.Select(a => a.Word).ToArray() }, ct);
    }

    /// <summary>What the seller sold since the beginning of the year, less what was given back.</summary>
    public static async Task<long> TurnoverAsync(Sql sql, long producerId, int year, CancellationToken ct = default)
    {
        var figures = (await OfAsync(sql, producerId, new Period(new(year, 1, 1), new(year, 12, 31)), ct)).ToDictionary(f => f.Account, StringComparer.Ordinal);
        var (paid, refunded) = (figures[LedgerAccount.BuyerPaid], figures[LedgerAccount.Refund]);
        return paid.CreditVnd - paid.DebitVnd - (refunded.DebitVnd - refunded.CreditVnd);
    }

    /// <summary>What sellers owe now, by the key of the seller; a line for each account. Only sellers with books.</summary>
    public static Task<List<Owing>> OwingAsync(Sql sql, long? after, int take, CancellationToken ct)
    {
        const string select = """
            select p.id as producer_id, p.slug, p.name, a.account, coalesce(d.amount_vnd, 0) + coalesce(t.amount_vnd, 0)::bigint as amount_vnd
            from (select r.id, r.slug, r.name from producers.producer r
                  where (@after::bigint is null or r.id > @after) and exists (select 1 from payments.ledger_line l where l.producer_id = r.id) order by r.id limit @take) p
            cross join unnest(@Owed) with ordinality as a (account, place)
            left join lateral (
              select d.credit_vnd - d.debit_vnd as amount_vnd from payments.ledger_day d where d.producer_id = p.id and d.account = a.account order by d.day desc limit 1) d on true
            left join lateral (
              select -sum(l.amount_vnd) as amount_vnd from payments.ledger_line l where l.producer_id = p.id and l.account = a.account and l.posted_at >= payments.books_open_from()) t on true
            order by p.id, a.place
            """;
        return sql.QueryAsync<Owing>(select, new { after, take, LedgerAccount.Owed }, ct);
    }

    /// <summary>The same over all sellers, by account.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> OwedInAllAsync(Sql sql, CancellationToken ct)
    {
        const string select = """
            select a.account, (coalesce((
                select sum(d.credit_vnd - d.debit_vnd) from (select distinct on (x.producer_id) x.credit_vnd, x.debit_vnd from payments.ledger_day x where x.account = a.account order by x.producer_id, x.day desc) d), 0)
              - coalesce((select sum(l.amount_vnd) from payments.ledger_line l where l.account = a.account and l.posted_at >= payments.books_open_from()), 0))::bigint as amount_vnd
            from unnest(@Owed) as a (account)
            """;
        return (await sql.QueryAsync<(string Account, long AmountVnd)>(select, new { LedgerAccount.Owed }, ct)).ToDictionary(o => o.Account, o => o.AmountVnd, StringComparer.Ordinal);
    }
}
