using System.Diagnostics;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Supervision;
using SonLaMarket.Supervision.Recall;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>A recall of one lot from which 100,000 came, six steps deep, split and merged at each, with a cycle that only foreign data can bring: what it reaches.</summary>
public sealed class Graph : IWorkload
{
    private const int Lots = 100_000;

    /// <summary>How many lots each step away from the first, which is alone.</summary>
    private static readonly int[] Levels = [1, 7, 46, 316, 2_154, 14_678, 82_798];

    /// <summary>The same of a tenth, to see how the time grows.</summary>
    private static readonly int[] Fewer = [1, 5, 22, 100, 455, 2_073, 7_344];

    /// <summary>Lots that one step makes; each takes from two lots of the level before.</summary>
    private const int Made = 5;

    public string Name => "graph";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        var db = bench.Market.Db;
        await FillAsync(bench.Market, "GRAPH-", Levels);
        await FillAsync(bench.Market, "TENTH-", Fewer);
        var first = await db.SingleAsync<long>("select id from origin.lot where code = 'GRAPH-1'");
        var reach = await Reach.LoadAsync(db, [first], null, int.MaxValue, CancellationToken.None);
        var (list, page) = (new List<double>(), new List<double>());
        for (var round = 0; round < bench.Rounds; round++)
        {
            list.Add(await TimeAsync(() => Reach.LoadAsync(db, [first], null, int.MaxValue, CancellationToken.None)));
            page.Add(await TimeAsync(() => Reach.LoadAsync(db, [first], null, Reach.Shown, CancellationToken.None)));
        }
        bench.Report.Line("### What a recall reaches");
        bench.Report.Line();
        bench.Report.Line($"| lots, {Levels.Length - 1} steps deep | order lines | listings | the whole list, s | its page of {Reach.Shown}, s |");
        bench.Report.Line("|---|---|---|---|---|");
        bench.Report.Line($"| {reach.Lots.Count:N0} | {reach.Lines.Count:N0} | {reach.Listings.Count:N0} | {Report.N(Statistics.Median(list), 2)} | {Report.N(Statistics.Median(page), 2)} |");
        bench.Report.Line();
        bench.Report.Budget("lots that a recall reaches, of those that came of its lot", $"{reach.Lots.Count:N0} of {Lots:N0}", reach.Lots.Count == Lots && reach.Counts.Lots == Lots);
        bench.Report.AtMost($"whole list of what a recall of {Lots:N0} lots reaches, s", Statistics.Median(list), 2, 2);
        bench.Report.Line();
        bench.Report.Line("| lots of a recall | it is opened, s | orders, shelf and proposals know of it, s |");
        bench.Report.Line("|---|---|---|");
        foreach (var (code, lots) in new[] { ("TENTH-1", Fewer.Sum()), ("GRAPH-1", Lots) })
        {
            var (opened, told) = await OpenAsync(db, code);
            bench.Report.Line($"| {lots:N0} | {Report.N(opened, 2)} | {Report.N(told, 2)} |");
        }
        bench.Report.Line();
    }

    /// <summary>Opens the recall by the verb that the pages use, and does at once what the queue would do next.</summary>
    private static async Task<(double Opened, double Told)> OpenAsync(Db db, string code)
    {
        await using var services = Rooms.Of(db);
        await using var scope = services.CreateAsyncScope();
        T Of<T>() where T : notnull => scope.ServiceProvider.GetRequiredService<T>();
        var opened = await TimeAsync(async () =>
        {
            await using var tx = await db.BeginAsync();
            _ = await Of<Recalls>().OpenAsync(tx, [code], "Dư lượng vượt mức cho phép.", "Không dùng, liên hệ người bán.", Actor.System) ?? throw new InvalidOperationException("no recall");
            await tx.CommitAsync();
        });
        var (recall, lotIds) = await db.SingleAsync<(long, long[])>("select recall_id, array_agg(lot_id order by lot_id) from origin.recall_lot where recall_id = (select max(id) from origin.recall) group by recall_id");
        var told = await TimeAsync(async () =>
        {
            await Of<RecalledOrders>().HandleAsync(new RecallOpened(recall, lotIds), CancellationToken.None);
            await Of<Followers>().HandleAsync(new LotBlockChanged(lotIds), CancellationToken.None);
            await Of<RecallRules>().HandleAsync(new LotBlockChanged(lotIds), CancellationToken.None);
            await Of<RecallRules>().HandleAsync(new RecallOpened(recall, lotIds), CancellationToken.None);
        });
        return (opened, told);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task FillAsync(Market market, string prefix, int[] sizes)
    {
        var (levels, from) = (new List<string>(), 1);
        for (var level = 0; level < sizes.Length; from += sizes[level++])
            levels.Add($"({level}, {from}, {sizes[level]})");
        await market.OwnAsync(Market.Large, $"""
            set session_replication_role = replica;
            create table origin.bench_graph as
              select n, x.level, x.start, x.size, n - x.start as place from generate_series(1, {sizes.Sum()}) n join (values {string.Join(", ", levels)}) as x (level, start, size) on n between x.start and x.start + x.size - 1;
            insert into origin.lot (code, producer_id, product_id, commune_code, harvested_on, base_unit, quantity_base, created_at)
              select '{prefix}' || g.n, o.producer_id, o.product_id, o.commune_code, o.harvested_on, o.base_unit, 1000000, now()
              from origin.bench_graph g join (select *, row_number() over (order by id) - 1 as place, count(*) over () as many from (select * from origin.lot order by id limit 500) f) o on o.place = g.n % o.many;
            create table origin.bench_step as
              select gen_random_uuid() as id, g.level, s, min(g.n) as first_n, b.start as before, b.size as before_size
              from (select *, place / {Made} as s from origin.bench_graph where level > 0) g join (select distinct level, start, size from origin.bench_graph) b on b.level = g.level - 1
              group by g.level, s, b.start, b.size;
            insert into origin.bench_step select gen_random_uuid(), 1, -1, 2, {sizes.Sum()}, 1;
            insert into origin.lot_step (id, producer_id, kind, done_on, flagged, recorded_at) select id, 1, 'split', current_date, false, now() from origin.bench_step;
            insert into origin.lot_input (step_id, lot_id, quantity_base)
              select s.id, l.id, 100 from origin.bench_step s cross join lateral (values (s.before + abs(s.s) % s.before_size), (s.before + (abs(s.s) * 7 + 3) % s.before_size)) as p (n) join origin.lot l on l.code = '{prefix}' || p.n
              on conflict do nothing;
            insert into origin.lot_output (step_id, lot_id, quantity_base)
              select s.id, l.id, 100 from origin.bench_step s join origin.bench_graph g on g.level = s.level and g.place / {Made} = s.s join origin.lot l on l.code = '{prefix}' || g.n
              union all select s.id, l.id, 100 from origin.bench_step s join origin.lot l on l.code = '{prefix}' || s.first_n where s.s = -1;
            insert into catalog.lot_stock (lot_id, product_id, supplied, available, sold) select id, product_id, 1000, 900, 100 from origin.lot where code like '{prefix}%';
            insert into orders.line_lot (line_id, lot_id, quantity_base)
              select i.id, l.id, 100 from origin.lot l join (select id, row_number() over (order by id) - 1 as place, count(*) over () as many from orders.line) i on i.place = l.id % i.many where l.code like '{prefix}%' and l.id % 2 = 0;
            drop table origin.bench_graph, origin.bench_step;
            """);
        // What the server's own keeping does behind so many new rows.
        await market.OwnAsync(Market.Large, "vacuum analyze origin.lot, origin.lot_step, origin.lot_input, origin.lot_output, catalog.lot_stock, orders.line_lot");
    }
}
