using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Exports;

/// <summary>Asks for new files of all profiles that follow the listings.</summary>
/// <param name="At">What has happened by then is to be in them: a run that began later has it already. Null makes a run in any case.</param>
public sealed record RebuildFeeds(string Cause, DateTimeOffset? At = null);

/// <summary>Asks for new files of one profile.</summary>
public sealed record RebuildFeed(string Profile, string Cause);

/// <summary>
/// A change of a listing makes new files at the next full half minute: many changes make one run, and none waits longer. What must not be
/// offered any more, suspended, withdrawn, blocked or recalled, waits one second at most: the files of ten thousand listings take five to make, and ten seconds
/// after the decision none may hold it; what comes while files are made is left out of them (<see cref="RunInMaking"/>). Once an hour in any case.
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
    private static readonly TimeSpan TakenDown = TimeSpan.FromSeconds(1);

    /// <summary>The clocks of two processes may differ by so much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

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
        if (message.At is { } at && await IsDoneAsync(at + Skew, ct))
            return;
        var failed = await runs.BuildFollowedAsync(message.Cause, ct);
        await using var tx = await db.BeginAsync(ct);
        foreach (var profile in failed)
            await queue.AnnounceAsync(tx, new RebuildFeed(profile, message.Cause));
        await tx.CommitAsync(ct);
    }

    public Task HandleAsync(RebuildFeed message, CancellationToken ct) => runs.BuildAsync(message.Profile, message.Cause, ct);

    public Task RunAsync(CancellationToken ct) => AskAsync("hourly", Change, ct);

    /// <summary>All files were made of what was so at that time or later: of ten takedowns in ten seconds one run is enough.</summary>
    private Task<bool> IsDoneAsync(DateTimeOffset at, CancellationToken ct) => db.SingleAsync<bool>(
        $"select not exists (select 1 from ({Followed}) f where not exists (select 1 from exports.newest_run n join exports.run r on r.id = n.id where r.profile_code = f.code and r.started_at >= @at))", new { at }, ct);

    private async Task AskAsync(string cause, TimeSpan wait, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var at = new DateTimeOffset(now.Ticks - now.Ticks % wait.Ticks + wait.Ticks, TimeSpan.Zero);
        await using var tx = await db.BeginAsync(ct);
        await queue.AnnounceAsync(tx, new RebuildFeeds(cause, at), at, at.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await tx.CommitAsync(ct);
    }
}
