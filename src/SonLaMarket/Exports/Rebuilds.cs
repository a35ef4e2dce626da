using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Exports;

/// <summary>Asks for new files of all profiles that follow the listings.</summary>
public sealed record RebuildFeeds(string Cause);

/// <summary>Asks for new files of one profile.</summary>
public sealed record RebuildFeed(string Profile, string Cause);

/// <summary>
/// A change of a listing makes new files at the next full half minute: many changes make one run, and none waits longer. What must not be
/// offered any more, suspended, withdrawn, blocked or recalled, waits two seconds at most: the files of ten thousand listings take five to make, and ten seconds
/// after the decision none may hold it. Once an hour in any case.
/// </summary>
public sealed class Rebuilds(Db db, Queue queue, ExportRuns runs, TimeProvider clock) : IHandle<ListingChanged>, IHandle<LotBlockChanged>, IHandle<RebuildFeeds>, IHandle<RebuildFeed>, IRecurring
{
    /// <summary>
    /// Profiles whose files follow every change: not those of platforms that only have their own workbook filled in. For a platform that takes no more files none is made unasked, but one that
    /// somebody has asked for holds nothing that was recalled, suspended or erased since.
    /// </summary>
    public const string Followed = """
        select f.code from exports.newest_profile f where cardinality(f.formats) > 0 and (f.status <> 'legacy' or exists (select 1 from exports.run r where r.profile_code = f.code))
        """;

    private static readonly TimeSpan Change = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TakenDown = TimeSpan.FromSeconds(2);

    public async Task HandleAsync(ListingChanged message, CancellationToken ct)
    {
        if (await ExportListing.IsAmongAsync(db, message.ListingId, Vietnamese.Today(clock), ct))
            await AskAsync("change", Change, ct);
        else if (await db.SingleAsync<bool>("select exists (select 1 from catalog.listing where id = @ListingId and approved_at is not null)", new { message.ListingId }, ct))
            await AskAsync("takedown", TakenDown, ct);
    }

    public Task HandleAsync(LotBlockChanged message, CancellationToken ct) => AskAsync("takedown", TakenDown, ct);

    public async Task HandleAsync(RebuildFeeds message, CancellationToken ct)
    {
        var failed = await runs.BuildFollowedAsync(message.Cause, ct);
        await using var tx = await db.BeginAsync(ct);
        foreach (var profile in failed)
            await queue.AnnounceAsync(tx, new RebuildFeed(profile, message.Cause));
        await tx.CommitAsync(ct);
    }

    public Task HandleAsync(RebuildFeed message, CancellationToken ct) => runs.BuildAsync(message.Profile, message.Cause, ct);

    public Task RunAsync(CancellationToken ct) => AskAsync("hourly", Change, ct);

    private async Task AskAsync(string cause, TimeSpan wait, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var at = new DateTimeOffset(now.Ticks - now.Ticks % wait.Ticks + wait.Ticks, TimeSpan.Zero);
        await using var tx = await db.BeginAsync(ct);
        await queue.AnnounceAsync(tx, new RebuildFeeds(cause), at, at.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await tx.CommitAsync(ct);
    }
}
