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
public sealed class ExportRuns(Db db, ExportFiles files, SiteOptions site, TimeProvider clock, ILogger<ExportRuns> logger) : IDisposable
{
    private const int Kept = 30;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>The cause of a run after somebody's data was erased: it leaves no older one behind.</summary>
    public const string Erasure = "erasure";

    /// <summary>Makes a run of the newest version of a profile; the run's number. A failed run leaves the last good files in place.</summary>
    /// <exception cref="ProfileException">There is no such profile.</exception>
    public async Task<long> BuildAsync(string profile, string cause, CancellationToken ct, TaskProgress? progress = null)
    {
        var (run, failure) = await TryBuildAsync(profile, cause, ct, progress);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return run;
    }

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
        await oneAtATime.WaitAsync(ct);
        var runs = new List<RunInMaking>();
        try
        {
            foreach (var profile in profiles)
                runs.Add(await BeginAsync(profile, cause, ct));
            await ReadAsync(runs, progress, ct);
            foreach (var run in runs)
                await TryAsync([run], () => run.WriteAsync(cause == Erasure ? 1 : Kept));
            files.Sweep((await db.QueryAsync<string>("select distinct sha256 from exports.run_file", ct: ct)).ToHashSet(StringComparer.Ordinal), clock.GetUtcNow());
            return runs;
        }
        finally
        {
            runs.ForEach(r => r.Dispose());
            oneAtATime.Release();
        }
    }

    private async Task<RunInMaking> BeginAsync(string profile, string cause, CancellationToken ct)
    {
        var (version, json) = await db.FirstOrDefaultAsync<(int, string?)>("select version, definition::text from exports.profile where code = @profile order by version desc limit 1", new { profile }, ct);
        if (json is null)
            throw new ProfileException(new Said("Không có hồ sơ “{0}”.", profile));
        const string begin = """
            update exports.run set state = 'failed', finished_at = @now, error = 'interrupted' where profile_code = @profile and state = 'building' and started_at < @now::timestamptz - interval '15 minutes';
            insert into exports.run (profile_code, profile_version, state, cause, started_at) values (@profile, @version, 'building', @cause, @now) returning id
            """;
        var run = new RunInMaking(db, files, site, clock, await db.SingleAsync<long>(begin, new { profile, version, cause, now = clock.GetUtcNow() }, ct), profile, version);
        await TryAsync([run], async () => run.Open(await CategoryMaps.ApplyAsync(db, Profile.Read(json), ct)));
        return run;
    }

    private Task ReadAsync(List<RunInMaking> runs, TaskProgress? progress, CancellationToken ct) => TryAsync(runs, async () =>
    {
        var total = progress is null ? 0 : await db.SingleAsync<long>("select count(*) from catalog.listing where public_version is not null", ct: ct);
        var read = 0;
        await foreach (var listing in ExportListing.StreamAsync(db, Vietnamese.Today(clock), ct))
        {
            foreach (var run in runs)
                await TryAsync([run], () => run.TakeAsync(listing));
            if (progress is not null)
                await progress.ReportAsync(++read, total);
        }
    });

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
