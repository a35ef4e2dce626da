using System.Diagnostics;
using SonLaMarket.Benchmarks.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>Two hundred buyers with a connection each want the last hundred boxes of one lot within one second: nothing is oversold, nothing is left over, and who comes first is served first.</summary>
public sealed class Crowd : IWorkload
{
    private const int Buyers = 200;
    private const int Boxes = 100;
    private static readonly TimeSpan Comes = TimeSpan.FromSeconds(1);

    public string Name => "crowd";

    public async Task RunAsync(Bench bench)
    {
        // Another lot each round: one that was sold out is off the shelf.
        var lots = await bench.Market.Db.QueryAsync<(string Slug, long Lot, long Box)>("""
            select l.slug, t.lot_id, l.base_per_unit from catalog.listing l
            join lateral (select min(s.lot_id) as lot_id from catalog.lot_stock s where s.product_id = l.product_id having count(*) = 1) t on true
            where l.slug = any(@Slugs) and l.min_units = 1 order by l.id limit @Rounds
            """, new { bench.Market.Slugs, bench.Rounds });
        var shoppers = await Shoppers.ComeAsync(bench);
        bench.Report.Line($"### {Buyers} buyers, {Boxes} boxes of one lot");
        bench.Report.Line();
        bench.Report.Line("| round | got a box | went without | told to come again | pairs served in the wrong order | p50 ms | p99 ms | all over after s |");
        bench.Report.Line("|---|---|---|---|---|---|---|---|");
        var (wrong, oversold, left, lost) = (new List<double>(), 0L, 0L, 0);
        foreach (var (round, (slug, lot, box)) in lots.Index())
        {
            var ready = await shoppers.ReadyAsync(Buyers, _ => slug);
            await bench.Market.OwnAsync(Market.Large, $"update catalog.lot_stock set supplied = supplied - available + {Boxes * box}, available = {Boxes * box}, movements = movements + 1, moved_at = now(), moved_for = 'bench' where lot_id = {lot}");
            var (before, _) = await StateAsync(bench, lot);
            var clock = Stopwatch.StartNew();
            var visits = await Task.WhenAll(ready.Take(Buyers).Select(request => Task.Run(() => VisitAsync(bench, request))));
            var seconds = clock.Elapsed.TotalSeconds;
            var (taken, available) = await StateAsync(bench, lot);
            var got = visits.Where(v => v.Got).ToList();
            oversold += Math.Max(0, taken - before - Boxes * box) + Math.Max(0, -available);
            left += available;
            lost += Math.Abs((int)((taken - before) / box) - got.Count);
            var went = visits.Where(v => !v.Got).ToList();
            var pairs = (double)got.Count * went.Count;
            wrong.Add(pairs == 0 ? 0 : got.Sum(g => (double)went.Count(w => w.Came < g.Came)) / pairs);
            var latencies = visits.Select(v => v.Seconds).Order().ToList();
            bench.Report.Line($"| {round + 1} | {got.Count} | {went.Count} | {visits.Sum(v => v.Busy)} | {Report.N(wrong[^1] * 100, 1)} % | {Report.N(Statistics.Percentile(latencies, 0.5) * 1000, 0)} | {Report.N(Statistics.Percentile(latencies, 0.99) * 1000, 0)} | {Report.N(seconds, 2)} |");
        }
        bench.Report.Line();
        bench.Report.Budget($"{Buyers} buyers on one lot: oversold, left over, answered otherwise than sold", $"{oversold}, {left}, {lost}", oversold == 0 && left == 0 && lost == 0);
        // Half would be chance.
        bench.Report.AtMost($"{Buyers} buyers on one lot: pairs of which the later one got the box", Statistics.Median(wrong), 0.25);
        bench.Report.Line();
    }

    /// <param name="Busy">How often the buyer was told to come again.</param>
    private sealed record Visit(long Came, bool Got, int Busy, double Seconds);

    private static async Task<Visit> VisitAsync(Bench bench, byte[] request)
    {
        using var connection = await HttpConnection.OpenAsync(bench.Product.Url);
        await Task.Delay(Random.Shared.Next((int)Comes.TotalMilliseconds));
        var came = Stopwatch.GetTimestamp();
        for (var busy = 0; ; busy++)
        {
            var reply = await connection.SendAsync(request, read: true);
            if (reply.Status == 503)
            {
                await Task.Delay(500);
                continue;
            }
            if (reply.Status is not (303 or 409))
                throw new InvalidOperationException($"A buyer was answered {reply.Status}");
            return new(came, reply.Head!.Contains("vnp_TxnRef", StringComparison.Ordinal), busy, Stopwatch.GetElapsedTime(came).TotalSeconds);
        }
    }

    private static Task<(long Taken, long Available)> StateAsync(Bench bench, long lot) => bench.Market.Db.SingleAsync<(long, long)>("select held + sold, available from catalog.lot_stock where lot_id = @lot", new { lot });
}
