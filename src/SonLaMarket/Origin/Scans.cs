using System.Threading.Channels;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin;

/// <summary>Counts scans per lot and day, nothing of the person. A full channel drops a count rather than slow a page.</summary>
public sealed class Scans(Db db, TimeProvider clock, ILogger<Scans> logger) : BackgroundService
{
    private readonly Channel<long> waiting = Channel.CreateBounded<long>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Count(long lotId) => waiting.Writer.TryWrite(lotId);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        const string upsert = """
            insert into origin.scan_day (lot_id, day, scans, first_at)
            select lot_id, @day, n, @now from unnest(@lots, @counts) as c(lot_id, n)
            on conflict (lot_id, day) do update set scans = origin.scan_day.scans + excluded.scans
            """;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await waiting.Reader.WaitToReadAsync(stoppingToken);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The last second's counts are written on the way out.
            }
            var counts = new SortedDictionary<long, long>();
            while (waiting.Reader.TryRead(out var lot))
                counts[lot] = counts.GetValueOrDefault(lot) + 1;
            if (counts.Count == 0)
                continue;
            try
            {
                await db.ExecuteAsync(upsert, new { lots = counts.Keys.ToArray(), counts = counts.Values.ToArray(), day = Vietnamese.Today(clock), now = clock.GetUtcNow() }, CancellationToken.None);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                logger.LogWarning("Scan counts of a second were lost: {Reason}", e.Message);
            }
        }
    }
}
