using Gs1;
using Microsoft.Extensions.Logging.Abstractions;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Origin;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>P6: scans that are recorded, through the pages behind labels: against one insert for each of them, and what one of a second's batch costs the database.</summary>
public sealed class ScanRecord : IWorkload
{
    private const int Items = 10_000;

    /// <summary>A batch of the channel, which holds no more.</summary>
    private const int Batch = 5_000;

    public string Name => "scan-record";

    public async Task RunAsync(Bench bench)
    {
        var market = bench.Market;
        var today = Vietnamese.Today(TimeProvider.System);
        string[] codes = [.. Enumerable.Range(0, Items).Select(_ => ItemSerial.New())];
        var key = Guid.CreateVersion7();
        await market.OwnAsync(Market.Large, $"""
            select origin.prepare_scan_months(date '{today:yyyy-MM-dd}', date '{today.AddDays(2):yyyy-MM-dd}');
            insert into origin.item_series (key, lot_id, producer_id, items, made_at, created_at) select '{key}', id, producer_id, {Items}, now(), now() from origin.lot where code = '{market.Lots[0]}';
            insert into origin.item (code, series_id, place, lot_id, producer_id) select c.code, s.id, c.n, s.lot_id, s.producer_id from origin.item_series s cross join unnest(array['{string.Join("','", codes)}']) with ordinality as c (code, n) where s.key = '{key}';
            analyze origin.item
            """);
        var item = await market.Db.SingleAsync<(long First, long LotId, long ProducerId)>("select min(i.id), min(i.lot_id), min(i.producer_id) from origin.item i join origin.item_series s on s.id = i.series_id where s.key = @key", new { key });
        const string recorded = "select (select count(*) from origin.scan where item_id >= @First) as of_items, (select coalesce(sum(scans), 0)::bigint from origin.scan_total) as of_lots";
        var lots = market.Lots.Take(200).ToArray();
        var before = await market.Db.SingleAsync<(long Items, long Lots)>(recorded, new { item.First });
        // Every request is another reader's: the same one again within half an hour is no scan.
        long ofItems = 0, ofLots = 0;
        var (single, ofLot, ofItem) = (
            Target.Sql("pgbench, one insert a scan", market, $"\\set n random(0, {Items - 1})\ninsert into origin.scan (item_id, lot_id, producer_id, at) values ({item.First} + :n, {item.LotId}, {item.ProducerId}, now());\n"),
            Target.Http("product, a lot's label", bench.Product, r => Counted(ref ofLots, bench.Gets(bench.Product, x => "/lo/" + Bench.Any(x, lots))(r))),
            Target.Http("product, a package's label", bench.Product, r => Counted(ref ofItems, bench.Gets(bench.Product, x => "/vt/" + Bench.Any(x, codes), $"User-Agent: bench {r.NextInt64()}")(r))));
        long inserted = 0;
        var counted = single with { RunAsync = async seconds => { var load = await single.RunAsync(seconds); inserted += load.Latencies.Length; return load; } };
        var figures = await bench.Comparison.RunAsync(counted, ofLot, ofItem);
        bench.Report.Table("Scans recorded", figures);
        bench.Report.AtLeast("P6 scans of lots recorded, of pgbench's single inserts", figures[1].Ratio, 0.4);
        bench.Report.AtLeast("P6 scans of packages recorded, with the package's page, of pgbench's single inserts", figures[2].Ratio, 0.4);
        // The last second's are still in the channel.
        await Task.Delay(TimeSpan.FromSeconds(4));
        var after = await market.Db.SingleAsync<(long Items, long Lots)>(recorded, new { item.First });
        var (keptItems, keptLots) = (after.Items - before.Items - inserted, after.Lots - before.Lots);
        bench.Report.Budget("P6 scans of packages and of lots that were asked for and not recorded", $"{ofItems - keptItems} of {ofItems}, {ofLots - keptLots} of {ofLots}", ofItems == keptItems && ofLots == keptLots);
        var one = figures[0].Of(r => r.DatabaseMicroseconds);
        foreach (var (name, count) in new (string, Action<Scans, Random, int>)[]
        {
            ("packages", (scans, random, n) => scans.Count(item.First + random.Next(Items), null, $"batch {n} {random.NextInt64()}")),
            ("lots", (scans, random, _) => scans.Count(Bench.Any(random, lots))),
        })
        {
            var batched = await BatchedAsync(bench, count);
            bench.Report.AtLeast($"P6 database CPU of a single insert ({Report.N(one, 0)} µs), of one of a batch of {name} ({Report.N(batched, 1)} µs)", one / batched, 2);
        }
        bench.Report.Line();
    }

    private static byte[] Counted(ref long count, byte[] request)
    {
        Interlocked.Increment(ref count);
        return request;
    }

    /// <summary>Microseconds of the database's CPU for a scan that is written with the others of its second.</summary>
    private static async Task<double> BatchedAsync(Bench bench, Action<Scans, Random, int> count)
    {
        using var scans = new Scans(new ScanMonths(bench.Market.Db, TimeProvider.System), bench.Market.Db, TimeProvider.System, NullLogger<Scans>.Instance);
        var random = new Random(6);
        var used = 0.0;
        var batches = 2 + bench.Rounds;
        for (var round = -1; round < batches; round++)
        {
            for (var n = 0; n < Batch; n++)
                count(scans, random, n);
            var before = bench.Market.DatabaseCpu();
            await scans.WriteAsync();
            if (round >= 0)
                used += bench.Market.DatabaseCpu() - before;
        }
        return used * 1e6 / batches / Batch;
    }
}
