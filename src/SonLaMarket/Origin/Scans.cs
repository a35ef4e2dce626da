using System.Threading.Channels;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin;

/// <summary>Counts how often the page of a lot was opened, per day, nothing of the person. A full channel drops a count rather than slow a page.</summary>
public sealed class Scans(Db db, TimeProvider clock, ILogger<Scans> logger) : BackgroundService
{
    private readonly Channel<string> waiting = Channel.CreateBounded<string>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Count(string lotCode) => waiting.Writer.TryWrite(lotCode);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
            try
            {
                await WriteAsync();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                logger.LogWarning("Scan counts of a second were lost: {Reason}", e.Message);
            }
        }
    }

    /// <summary>Writes what has been counted since the last time.</summary>
    public async Task WriteAsync()
    {
        const string upsert = """
            insert into origin.scan_day (lot_id, day, scans, first_at)
            select l.id, @day, c.n, @now from unnest(@codes, @counts) as c(code, n) join origin.lot l on l.code = c.code order by l.id
            on conflict (lot_id, day) do update set scans = origin.scan_day.scans + excluded.scans
            """;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (waiting.Reader.TryRead(out var lot))
            counts[lot] = counts.GetValueOrDefault(lot) + 1;
        if (counts.Count > 0)
            await db.ExecuteAsync(upsert, new { codes = counts.Keys.ToArray(), counts = counts.Values.ToArray(), day = Vietnamese.Today(clock), now = clock.GetUtcNow() }, CancellationToken.None);
    }
}

/// <summary>Marks the page of a lot, whose address carries the code.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CountedAttribute : Attribute;

/// <summary>Counts also what the output cache answers.</summary>
public static class ScanCounts
{
    public static IApplicationBuilder UseScanCounts(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        if (context.GetEndpoint()?.Metadata.GetMetadata<CountedAttribute>() is not null && context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified
            && context.Request.RouteValues["code"] is string code)
            context.RequestServices.GetRequiredService<Scans>().Count(code.ToUpperInvariant());
    });
}
