using System.Diagnostics;
using Npgsql;
using SonLaMarket.Accounts;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Payments;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>The books: postings beside pgbench's, a day with 100,000 orders, and a statement of one seller over ten thousand and over a million lines.</summary>
public sealed class Books : IWorkload
{
    private const int Orders = 100_000;
    private const int Sales = 2_000;
    private const int Together = 8;
    private const int Few = 10_000;
    private const int Many = 1_000_000;

    public string Name => "books";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        var market = bench.Market;
        await PostAsync(bench);
        // What follows reads the books. Its rows are laid down at once, without what each row of a real posting passes.
        await market.OwnAsync(Support.Market.Large, "alter table payments.posting disable trigger user; alter table payments.ledger_line disable trigger user; create index if not exists bench_posting_day on payments.posting (posted_at)");
        bench.Report.Line("### The books");
        bench.Report.Line();
        bench.Report.Line("| work | time |");
        bench.Report.Line("|---|---|");
        await SettleAsync(bench);
        await StatementAsync(bench);
        await market.OwnAsync(Support.Market.Large, "alter table payments.posting enable trigger user; alter table payments.ledger_line enable trigger user; drop index payments.bench_posting_day");
        bench.Report.Line();
    }

    /// <summary>The verb that a payment calls, and pgbench writing the same rows; both with every trigger of the books.</summary>
    private static async Task PostAsync(Bench bench)
    {
        var db = bench.Market.Db;
        var ledger = new Ledger(new Charges(new Audit(TimeProvider.System), TimeProvider.System), TimeProvider.System);
        var sales = (await db.QueryAsync<(long Id, long Producer)>("""
            insert into payments.payment (code, payable, producer_id, terminal_id, method, amount_vnd, description, status, created_at)
            select 'bench-' || n, 'bench:' || n, t.producer_id, t.id, 'vnpay', 200000, 'bench', 'pending', now()
            from generate_series(1, @Sales) n join (select id, producer_id, row_number() over (order by id) - 1 as place, count(*) over () as many from payments.terminal where producer_id is not null) t on t.place = n % t.many
            returning id, producer_id
            """, new { Sales })).ToArray();
        await bench.Market.OwnAsync(Support.Market.Large, """
            create schema if not exists bench;
            drop table if exists bench.sale;
            create table bench.sale as select row_number() over () as n, id as payment_id, producer_id from payments.payment where payable like 'bench:%';
            create index on bench.sale (n);
            grant usage on schema bench to public;
            grant select on bench.sale to public;
            analyze bench.sale
            """);
        var figures = await bench.Comparison.RunAsync(
            Target.Sql("pgbench, the same posting", bench.Market, Posting, Together),
            Target.Calls("the ledger's verb", async random =>
            {
                var sale = sales[random.Next(sales.Length)];
                await using var tx = await db.BeginAsync(CancellationToken.None);
                await ledger.PaidAsync(tx, $"bench:{Guid.NewGuid():N}", sale.Id, sale.Producer, 200_000);
                await tx.CommitAsync(CancellationToken.None);
            }, Together));
        bench.Report.Table("Postings", figures);
        bench.Report.AtLeast("books: payments posted, a second of pgbench's", figures[1].Ratio, 0.4);
        bench.Report.Line();
    }

    private const string Posting = """
        \set n random(1, 2000)
        begin;
        select payment_id, producer_id from bench.sale where n = :n \gset
        insert into payments.posting (key, kind, payment_id, posted_at) values (gen_random_uuid()::text, 'payment', :payment_id, now()) returning id as posting_id, posted_at \gset
        insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at) values (:posting_id, 1, 'seller-receivable', :producer_id, 200000, :posted_at::timestamptz), (:posting_id, 2, 'buyer-paid', :producer_id, -200000, :posted_at::timestamptz);
        commit;
        """;

    /// <summary>Orders of one day among all sellers that take money: closed at once, then everybody's statement. Beside it the bare statements that read the same rows.</summary>
    private static async Task SettleAsync(Bench bench)
    {
        const string sums = """
            select l.producer_id, l.account, sum(l.amount_vnd) filter (where l.amount_vnd > 0), sum(l.amount_vnd) filter (where l.amount_vnd < 0), count(*) from payments.ledger_line l
            where l.posted_at >= @from and l.posted_at < @until group by l.producer_id, l.account
            """;
        const string probes = "select d.account, d.debit_vnd, d.credit_vnd from unnest(@accounts) as a (account) join payments.ledger_day d on d.producer_id = @seller and d.account = a.account and d.day = @yesterday";
        var db = bench.Market.Db;
        var clock = Stopwatch.StartNew();
        var yesterday = Vietnamese.Today(TimeProvider.System).AddDays(-1);
        await AddAsync(bench, Orders, yesterday, yesterday, null);
        await bench.Market.OwnAsync(Support.Market.Large, "vacuum analyze payments.ledger_line, payments.posting");
        var day = new Period(yesterday, yesterday);
        await db.QueryAsync<(long, string, long?, long?, long)>(sums, new { from = day.Begins, until = day.Ends });
        clock.Restart();
        await db.QueryAsync<(long, string, long?, long?, long)>(sums, new { from = day.Begins, until = day.Ends });
        var bare = clock.Elapsed.TotalSeconds;
        clock.Restart();
        await new ClosingOfDays(db, TimeProvider.System).RunAsync(CancellationToken.None);
        var closing = clock.Elapsed.TotalSeconds;
        await bench.Market.OwnAsync(Support.Market.Large, "vacuum analyze payments.ledger_day");
        bench.Report.Line($"| the day with {Orders:N0} orders closed: totals of every account of every seller | {Report.N(closing, 2)} s |");
        bench.Report.Line($"| the same sums read by one bare statement | {Report.N(bare, 2)} s |");
        clock.Restart();
        var sellers = await db.QueryAsync<long>("select distinct producer_id from payments.ledger_day order by 1");
        var owed = 0L;
        foreach (var seller in sellers)
            owed += (await Balances.OfAsync(db, seller, day)).Where(f => LedgerAccount.Owed.Contains(f.Account)).Sum(f => -f.ClosingVnd);
        var statements = clock.Elapsed.TotalSeconds;
        bench.Report.Line($"| the statement of each of the {sellers.Count} sellers | {Report.N(statements, 2)} s |");
        clock.Restart();
        foreach (var seller in sellers)
            await db.QueryAsync<(string, long, long)>(probes, new { seller, yesterday, accounts = LedgerAccount.All.Select(a => a.Word).ToArray() });
        var probed = clock.Elapsed.TotalSeconds;
        bench.Report.Line($"| one bare probe of the day's totals for each of them | {Report.N(probed, 2)} s |");
        var inAll = (await Balances.OwedInAllAsync(db, CancellationToken.None)).Values.Sum();
        var open = await db.SingleAsync<long>("select coalesce(-sum(amount_vnd), 0)::bigint from payments.ledger_line where account = any(@Owed) and posted_at >= payments.books_open_from()", new { LedgerAccount.Owed });
        bench.Report.Line();
        bench.Report.AtMost($"books: a day with {Orders:N0} orders closed, of the time of the bare sums", closing / bare, 4);
        bench.Report.AtMost("books: every seller's statement, of the time of a bare probe each", statements / probed, 2.5);
        bench.Report.Budget("books: what is owed, seller by seller and in all", $"{owed}, {inAll - open}", owed == inAll - open);
    }

    private static async Task StatementAsync(Bench bench)
    {
        var db = bench.Market.Db;
        var seller = await db.SingleAsync<long>("select max(producer_id) from payments.terminal");
        var today = Vietnamese.Today(TimeProvider.System);
        // The same thirty entries of today, so that the page is the same however long the books are.
        await AddAsync(bench, 10, today, today, seller);
        var times = new List<(long Lines, double Statement, double Entries)>();
        foreach (var lines in new[] { Few, Many })
        {
            var have = await db.SingleAsync<long>("select count(*) from payments.ledger_line where producer_id = @seller", new { seller });
            await AddAsync(bench, (int)(lines - have) / 2, today.AddYears(-2), today.AddDays(-2), seller);
            await bench.Market.OwnAsync(Support.Market.Large, "alter table payments.ledger_day disable trigger user; alter table payments.ledger_closed disable trigger user; truncate payments.ledger_day, payments.ledger_closed; alter table payments.ledger_day enable trigger user; alter table payments.ledger_closed enable trigger user");
            await new ClosingOfDays(db, TimeProvider.System).RunAsync(CancellationToken.None);
            await bench.Market.OwnAsync(Support.Market.Large, "vacuum analyze payments.ledger_line, payments.ledger_day, payments.posting");
            var month = Period.Month(today);
            var wish = new EntryWish(LedgerAccount.BuyerPaid, month);
            times.Add((await db.SingleAsync<long>("select count(*) from payments.ledger_line where producer_id = @seller", new { seller }),
                await TimeAsync(() => Balances.OfAsync(db, seller, month)), await TimeAsync(() => Statement.EntriesAsync(db, seller, wish, 50, CancellationToken.None))));
        }
        foreach (var (lines, statement, entries) in times)
            bench.Report.Line($"- a month's statement over {lines:N0} lines: {Report.N(statement, 2)} ms; its newest 50 entries: {Report.N(entries, 2)} ms");
        bench.Report.Line();
        bench.Report.AtMost("books: statement over a million lines, of the time over ten thousand", times[1].Statement / times[0].Statement, 2);
        bench.Report.AtMost("books: entries behind a figure, over a million lines of ten thousand", times[1].Entries / times[0].Entries, 2);
    }

    /// <summary>Median of 200 in milliseconds, warm.</summary>
    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var times = new List<double>();
        for (var i = 0; i < 220; i++)
        {
            var clock = Stopwatch.StartNew();
            await work();
            if (i >= 20)
                times.Add(clock.Elapsed.TotalMilliseconds);
        }
        return Statistics.Median(times);
    }

    /// <summary>Payments spread evenly over days: of one seller, or of all in turn. As the owner, without the triggers that each row of a real posting passes.</summary>
    private static Task AddAsync(Bench bench, int payments, DateOnly first, DateOnly last, long? seller) => bench.Market.OwnAsync(Support.Market.Large, $"""
        with sellers as (select producer_id, row_number() over (order by producer_id) - 1 as place, count(*) over () as many from payments.terminal where producer_id is not null and ({seller?.ToString() ?? "null"}::bigint is null or producer_id = {seller ?? 0})),
        o as (
          insert into payments.posting (key, kind, posted_at)
          select gen_random_uuid() || ':' || s.producer_id, 'payment', ('{first:yyyy-MM-dd}'::date + (n % ({last.DayNumber - first.DayNumber} + 1))::int)::timestamp at time zone 'Asia/Ho_Chi_Minh' + interval '8 hours' + n % 36000 * interval '1 second'
          from generate_series(1, {payments}) n join sellers s on s.place = n % s.many
          returning id, key, posted_at)
        insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at)
        select o.id, x.line, x.account, split_part(o.key, ':', 2)::bigint, x.sign * 200000, o.posted_at
        from o cross join (values (1, 'seller-receivable', 1), (2, 'buyer-paid', -1)) as x (line, account, sign)
        """);
}
