using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Supervision;

/// <summary>Asks every invariant and keeps what it found; a broken one is an error in the log.</summary>
public sealed class InvariantWatch(Db db, TimeProvider clock, ILogger<InvariantWatch> logger) : IRecurring
{
    public async Task RunAsync(CancellationToken ct)
    {
        const string keep = """
            insert into supervision.invariant as i (id, checked_at, faults, broken_since, took_ms) values (@Id, @now, @faults, case when @broken then @now::timestamptz end, @TookMs)
            on conflict (id) do update set checked_at = excluded.checked_at, faults = excluded.faults, took_ms = excluded.took_ms,
              broken_since = case when @broken then coalesce(i.broken_since, excluded.broken_since) end
            """;
        foreach (var invariant in Invariants.All)
        {
            var now = clock.GetUtcNow();
            var result = await Invariants.AskAsync(db, invariant, now, ct);
            var broken = result.Faults.Count > 0;
            if (broken)
                logger.LogError("Invariant {Id} is broken: {Faults}", invariant.Id, string.Join("; ", result.Faults));
            await db.ExecuteAsync(keep, new { invariant.Id, now, faults = result.Faults.ToArray(), broken, result.TookMs }, ct);
        }
    }
}
