using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Payments;

/// <summary>Closes the days that have ended: takes their totals once, and lets nothing be posted into them any more.</summary>
public sealed class ClosingOfDays(Db db, TimeProvider clock) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        const string close = "insert into payments.ledger_closed (day, closed_at) values (@yesterday, @now) on conflict (day) do nothing";
        // The order has every total read before the first is written. Otherwise a plan made while the table was empty, which reads it whole for
        // each account, would find it longer with every row: twice the sellers, four times the time.
        const string total = """
            insert into payments.ledger_day (producer_id, account, day, debit_vnd, credit_vnd, lines)
            select n.producer_id, n.account, n.day, coalesce(b.debit_vnd, 0) + sum(n.debit_vnd) over w, coalesce(b.credit_vnd, 0) + sum(n.credit_vnd) over w, coalesce(b.lines, 0) + sum(n.lines) over w
            from (select l.producer_id, l.account, (l.posted_at at time zone 'Asia/Ho_Chi_Minh')::date as day,
                    coalesce(sum(l.amount_vnd) filter (where l.amount_vnd > 0), 0) as debit_vnd, coalesce(-sum(l.amount_vnd) filter (where l.amount_vnd < 0), 0) as credit_vnd, count(*) as lines
                  from payments.ledger_line l where l.posted_at >= @from and l.posted_at < @until group by l.producer_id, l.account, day) n
            left join lateral (select d.debit_vnd, d.credit_vnd, d.lines from payments.ledger_day d where d.producer_id = n.producer_id and d.account = n.account order by d.day desc limit 1) b on true
            window w as (partition by n.producer_id, n.account order by n.day)
            order by n.day, n.producer_id, n.account
            """;
        var yesterday = Vietnamese.Today(clock).AddDays(-1);
        await using var tx = await db.BeginAsync(ct);
        var from = await tx.SingleAsync<DateTime>("select greatest(payments.books_open_from(), '2000-01-01'::timestamptz)", ct: ct);
        var until = new Period(yesterday, yesterday).Ends;
        if (from >= until.UtcDateTime || await tx.ExecuteAsync(close, new { yesterday, now = clock.GetUtcNow() }, ct) == 0)
            return;
        await tx.ExecuteAsync(total, new { from = new DateTimeOffset(from), until }, ct);
        await tx.CommitAsync(ct);
    }
}
