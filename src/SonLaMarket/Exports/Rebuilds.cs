using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Asks for new files of one profile.</summary>
public sealed record RebuildFeed(string Profile, string Cause);

/// <summary>
/// A change of a listing makes new files at the next full ten seconds: many changes make one run, and none waits longer,
/// so that a suspended or recalled product is out of every feed in time. Once an hour in any case.
/// </summary>
public sealed class Rebuilds(Db db, Queue queue, ExportRuns runs, TimeProvider clock) : IHandle<ListingChanged>, IHandle<RebuildFeed>, IRecurring
{
    /// <summary>
    /// Profiles whose files follow every change. For a platform that takes no more files none is made unasked, but one that
    /// somebody has asked for holds nothing that was recalled, suspended or erased since.
    /// </summary>
    public const string Followed = "select distinct f.code from exports.profile f where f.status <> 'legacy' or exists (select 1 from exports.run r where r.profile_code = f.code)";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    public Task HandleAsync(ListingChanged message, CancellationToken ct) => AskAsync("change", ct);

    public Task HandleAsync(RebuildFeed message, CancellationToken ct) => runs.BuildAsync(message.Profile, message.Cause, ct);

    public Task RunAsync(CancellationToken ct) => AskAsync("hourly", ct);

    private async Task AskAsync(string cause, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var at = new DateTimeOffset(now.Ticks - now.Ticks % Step.Ticks + Step.Ticks, TimeSpan.Zero);
        await using var tx = await db.BeginAsync(ct);
        foreach (var profile in await tx.QueryAsync<string>(Followed, ct: ct))
            await queue.AnnounceAsync(tx, new RebuildFeed(profile, cause), at, $"{profile}:{at.UtcTicks}");
        await tx.CommitAsync(ct);
    }
}
