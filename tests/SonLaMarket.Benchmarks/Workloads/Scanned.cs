using System.Diagnostics;
using System.Text.Json;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Origin;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>Scans by the million, in tables of months: what the pages behind labels read must not grow with them.</summary>
public sealed class Scanned : IWorkload
{
    private const int Months = 24;
    private const int Items = 10_000;
    private const int Most = 10_000_000;

    public string Name => "scans";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        var market = bench.Market;
        var most = market.Listings < 50_000 ? Most / 10 : Most;
        var lot = market.Lots[0];
        var today = Vietnamese.Today(TimeProvider.System);
        await market.OwnAsync(Market.Large, $"""
            select origin.prepare_scan_months(date '{today.AddMonths(-Months):yyyy-MM-dd}', date '{today:yyyy-MM-dd}');
            insert into origin.item_series (key, lot_id, producer_id, items, made_at, created_at) select '00000000-0000-7000-8000-000000000001', id, producer_id, {Items}, now(), now() from origin.lot where code = '{lot}';
            insert into origin.item (code, series_id, place, lot_id, producer_id, scans, first_scanned_at, last_scanned_at)
            select translate(lpad(to_hex(n), 14, '0'), 'abcdef', 'ABCDEF'), s.id, n, s.lot_id, s.producer_id, 1, now(), now() from origin.item_series s cross join generate_series(1, {Items}) n where s.key = '00000000-0000-7000-8000-000000000001'
            """);
        bench.Report.Line("### Scans of labels, in tables of months");
        bench.Report.Line();
        bench.Report.Line($"| scans of packages in {Months} months | counts of lots by the day | blocks: page of a lot | page of a package | the seller's month | a second's 100 scans written, ms |");
        bench.Report.Line("|---|---|---|---|---|---|");
        var read = new List<(long Lot, long Item)>();
        foreach (var rows in new[] { 0, most / 10, most })
        {
            await FillAsync(market, rows, today);
            var figures = (Lot: await BlocksAsync(market.Db, Origin.Trace.TracePage.Statements, new { code = lot, today, DoneOn = (DateOnly?)null, EventId = (Guid?)null, take = 21 }), Item: await BlocksAsync(market.Db, ItemSeries.FindStatement, new { code = Code(Items / 2) }));
            var month = await BlocksAsync(market.Db, "select d.lot_id, sum(d.scans), sum(d.item_scans) from origin.scan_day d where d.producer_id = (select producer_id from origin.lot where code = @lot) and d.day between @from and @today group by d.lot_id order by d.lot_id desc limit 51", new { lot, from = today.AddDays(1 - today.Day), today });
            bench.Report.Line($"| {await CountAsync(market.Db, "origin.scan"):N0} | {await CountAsync(market.Db, "origin.scan_day"):N0} | {figures.Lot} | {figures.Item} | {month} | {Report.N(await WriteAsync(market.Db), 1)} |");
            read.Add(figures);
        }
        bench.Report.Line();
        bench.Report.Budget("blocks that the pages of a lot and of a package read, without scans and with all", $"{read[0]} {read[^1]}", read[^1].Lot <= read[0].Lot + 2 && read[^1].Item <= read[0].Item + 2);
        bench.Report.Line();
    }

    private static string Code(int n) => n.ToString("X14", System.Globalization.CultureInfo.InvariantCulture);

    private static Task<long> CountAsync(Db db, string table) => db.SingleAsync<long>($"select count(*) from {table}");

    /// <summary>Scans spread evenly over packages and months until there are so many; a tenth of that as counts of lots by the day.</summary>
    private static async Task FillAsync(Market market, int rows, DateOnly today)
    {
        if (rows == 0)
            return;
        var have = await CountAsync(market.Db, "origin.scan");
        await market.OwnAsync(Market.Large, $"""
            insert into origin.scan (item_id, lot_id, producer_id, at)
            select i.id, i.lot_id, i.producer_id, (date '{today:yyyy-MM-dd}' - ((n::bigint * 7919) % ({Months} * 30))::int)::timestamp at time zone 'Asia/Ho_Chi_Minh' + make_interval(secs => n % 86399)
            from generate_series({have + 1}, {rows}) n join origin.item i on i.code = translate(lpad(to_hex(1 + n % {Items}), 14, '0'), 'abcdef', 'ABCDEF');
            insert into origin.scan_day (lot_id, producer_id, day, scans, item_scans)
            select l.id, l.producer_id, date '{today:yyyy-MM-dd}' - d, 3, 1 from (select id, producer_id from origin.lot order by id limit greatest(1, {rows / 10 / (Months * 30)})) l cross join generate_series(0, {Months} * 30 - 1) d
            on conflict do nothing;
            """);
        await market.OwnAsync(Market.Large, "analyze origin.scan; analyze origin.scan_day");
    }

    private static async Task<double> WriteAsync(Db db)
    {
        var ids = await db.QueryAsync<long>("select id from origin.item order by id limit 100");
        var scans = new Scans(new ScanMonths(db, TimeProvider.System), db, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<Scans>.Instance);
        var times = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            foreach (var id in ids)
                scans.Count(id, null, $"bench {round}");
            var clock = Stopwatch.StartNew();
            await scans.WriteAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }
        return Statistics.Median(times);
    }

    /// <summary>Blocks that the statements touch, warm.</summary>
    private static async Task<long> BlocksAsync(Db db, string statements, object args)
    {
        var blocks = 0L;
        foreach (var statement in statements.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            await db.SingleAsync<string>("explain (analyze, buffers, format json) " + statement, args);
            using var plan = JsonDocument.Parse(await db.SingleAsync<string>("explain (analyze, buffers, format json) " + statement, args));
            var root = plan.RootElement[0].GetProperty("Plan");
            blocks += root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
        }
        return blocks;
    }
}
