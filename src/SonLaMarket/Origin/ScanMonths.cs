using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin;

/// <summary>Makes the months of the scan tables ahead of time, and forgets details older than 30 days, whole months by dropping them.</summary>
public sealed class ScanMonths(Db db, TimeProvider clock) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - Scans.Kept;
        await PrepareAsync(Vietnamese.Today(clock), ct);
        await db.ExecuteAsync("select origin.forget_scans(@before)", new { before }, ct);
        await db.ExecuteAsync("delete from origin.unknown_scan where last_at < @before", new { before }, ct);
    }

    /// <summary>Makes what is missing of yesterday's month and the two that follow today's; the last day that is then ready.</summary>
    public async Task<DateOnly> PrepareAsync(DateOnly today, CancellationToken ct = default)
    {
        var until = new DateOnly(today.Year, today.Month, 1).AddMonths(3).AddDays(-1);
        await PrepareAsync(db, today.AddDays(-1), until, ct);
        return until;
    }

    /// <summary>Makes the months from a day to a day where they are missing.</summary>
    internal static Task PrepareAsync(Sql sql, DateOnly from, DateOnly until, CancellationToken ct = default) =>
        sql.ExecuteAsync("select origin.prepare_scan_months(@from, @until)", new { from, until }, ct);
}
