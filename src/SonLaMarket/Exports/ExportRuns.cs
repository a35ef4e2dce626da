using System.Runtime.ExceptionServices;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>
/// Makes the files of profiles: select, check, set aside, write, keep. The listings are read once for all profiles that are due. Rows
/// go through the disk: memory holds a few bytes of each cell (<see cref="RunChanges"/>), and a process makes one run at a time.
/// </summary>
public sealed class ExportRuns(Db db, ExportFiles files, Pushes pushes, SiteOptions site, TimeProvider clock, ILogger<ExportRuns> logger) : IDisposable
{
    private const int Kept = 30;

    /// <summary>After so many listings a run says again how far it is.</summary>
    private const int Told = 1000;

    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>The cause of a run after somebody's data was erased: it leaves no older one behind.</summary>
    public const string Erasure = "erasure";

    /// <summary>Makes a run of the newest version of a profile; the run's number. A failed run leaves the last good files in place.</summary>
    /// <exception cref="ProfileException">There is no such profile, or its platform takes no files.</exception>
    public async Task<long> BuildAsync(string profile, string cause, CancellationToken ct, TaskProgress? progress = null)
    {
        var (run, failure) = await TryBuildAsync(profile, cause, ct, progress);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return run;
    }

    /// <summary>Somebody took a file of the run whole: a platform by its token, a program by its key, an operator who carries it there.</summary>
    public static Task DeliveredAsync(Sql sql, long run, DateTimeOffset now) =>
        sql.ExecuteAsync("update exports.run set state = 'delivered', delivered_at = @now where id = @run and state = 'written'", new { run, now });

    /// <summary>The platform answered: the run that it took last is acknowledged.</summary>
    /// <param name="version">Of the profile that the answer is about; null for whichever it took last.</param>
    internal static Task AcknowledgedAsync(Tx tx, string profile, int? version, DateTimeOffset now) => tx.ExecuteAsync("""
        update exports.run set state = 'acknowledged', acknowledged_at = @now
        where state = 'delivered' and id = (select max(id) from exports.run where profile_code = @profile and state in ('delivered', 'acknowledged') and (@version::int is null or profile_version = @version))
        """, new { profile, version, now });

    /// <summary>The same for whoever looks at the run itself for how it ended.</summary>
    public async Task<(long Run, Exception? Failure)> TryBuildAsync(string profile, string cause, CancellationToken ct, TaskProgress? progress = null)
    {
        var run = (await MakeAsync([profile], cause, progress, ct))[0];
        return (run.Id, run.Failure);
    }

    /// <summary>Makes a run of each profile that follows the listings; those whose run failed.</summary>
    public async Task<IReadOnlyList<string>> BuildFollowedAsync(string cause, CancellationToken ct) =>
        [.. (await MakeAsync(await db.QueryAsync<string>(Rebuilds.Followed, ct: ct), cause, null, ct)).Where(r => r.Failure is not null).Select(r => r.Code)];

    public void Dispose() => oneAtATime.Dispose();

    private async Task<List<RunInMaking>> MakeAsync(IReadOnlyList<string> profiles, string cause, TaskProgress? progress, CancellationToken ct)
    {
        const string needed = "select sha256 from exports.run_file union select csv_sha256 from exports.newest_open_build union select json_sha256 from exports.newest_open_build";
        var runs = new List<RunInMaking>();
        foreach (var profile in profiles)
            runs.Add(await QueueAsync(profile, cause, ct));
        await oneAtATime.WaitAsync(ct);
        try
        {
            foreach (var run in runs)
                await TryAsync([run], () => BeginAsync(run, ct));
            await ReadAsync(runs, progress, ct);
            foreach (var run in runs)
                await TryAsync([run], () => run.WriteAsync(cause == Erasure ? 1 : Kept));
            files.Sweep((await db.QueryAsync<string>(needed, ct: ct)).ToHashSet(StringComparer.Ordinal), clock.GetUtcNow());
            return runs;
        }
        finally
        {
            runs.ForEach(r => r.Dispose());
            oneAtATime.Release();
        }
    }

    /// <summary>A run that waits for its turn. Of two, the one asked for later has read whatever the one before it had: the highest number is the newest file.</summary>
    private async Task<RunInMaking> QueueAsync(string profile, string cause, CancellationToken ct)
    {
        const string queue = """
            update exports.run set state = 'failed', finished_at = @now, error = 'interrupted' where profile_code = @profile and state in ('queued', 'building', 'validated') and coalesce(started_at, asked_at) < @now::timestamptz - interval '15 minutes';
            insert into exports.run (profile_code, profile_version, state, cause, asked_at) select code, version, 'queued', @cause, @now from exports.newest_profile where code = @profile and cardinality(formats) > 0 returning id
            """;
        return await db.FirstOrDefaultAsync<long?>(queue, new { profile, cause, now = clock.GetUtcNow() }, ct) is { } id
            ? new RunInMaking(db, files, pushes, site, clock, id, profile) : throw new ProfileException(new Said("Không có hồ sơ “{0}”, hoặc sàn chỉ nhận mẫu của chính sàn.", profile));
    }

    private async Task BeginAsync(RunInMaking run, CancellationToken ct)
    {
        const string begin = "update exports.run set state = 'building', started_at = @now, finished_at = null, error = null, profile_version = @version where id = @Id";
        var (version, profile) = (await ProfileVersions.NewestAsync(db, run.Code, ct))!;
        await db.ExecuteAsync(begin, new { run.Id, version, now = clock.GetUtcNow() }, ct);
        run.Open(await CategoryMaps.ApplyAsync(db, profile, ct), version);
    }

    private Task ReadAsync(List<RunInMaking> runs, TaskProgress? progress, CancellationToken ct) => TryAsync(runs, async () =>
    {
        var total = await db.FirstOrDefaultAsync<int>("update exports.run set listings_total = (select count(*) from catalog.listing where public_version is not null) where id = any(@ids) returning listings_total", new { ids = Ids(runs) }, ct);
        var read = 0;
        await foreach (var listing in ExportListing.StreamAsync(db, Vietnamese.Today(clock), ct))
        {
            foreach (var run in runs)
                await TryAsync([run], () => run.TakeAsync(listing));
            if (++read % Told == 0)
                await db.ExecuteAsync("update exports.run set listings_read = @read where id = any(@ids)", new { read, ids = Ids(runs) }, ct);
            if (progress is not null)
                await progress.ReportAsync(read, total);
        }
        foreach (var run in runs)
            await TryAsync([run], () => run.ValidatedAsync(read));
    });

    private static long[] Ids(List<RunInMaking> runs) => [.. runs.Select(r => r.Id)];

    /// <summary>What cannot be done ends these runs, and keeps no other profile from its files.</summary>
    private async Task TryAsync(IReadOnlyList<RunInMaking> runs, Func<Task> work)
    {
        var open = runs.Where(r => r.Failure is null).ToList();
        if (open.Count == 0)
            return;
        try
        {
            await work();
        }
#pragma warning disable CA1031 // It may fail in any way; the run says so, and whoever asked for it tries again.
        catch (Exception e) when (e is not OperationCanceledException)
        {
            foreach (var run in open.Where(r => r.Failure is null))
                await FailAsync(run, e);
        }
#pragma warning restore CA1031
    }

    private async Task FailAsync(RunInMaking run, Exception e)
    {
        run.Failure = e;
        logger.LogError(e, "Export run {Run} of {Profile} failed", run.Id, run.Code);
        await db.ExecuteAsync("delete from exports.set_aside where run_id = @Id; update exports.run set state = 'failed', finished_at = @now, error = @error where id = @Id", new { run.Id, now = clock.GetUtcNow(), error = e.GetType().Name }, CancellationToken.None);
    }
}
