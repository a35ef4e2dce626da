using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>
/// Makes the files of a profile: select, check, set aside, write, keep. What a run holds in memory does not grow with its rows, and a process makes
/// one at a time, whoever asks.
/// </summary>
public sealed class ExportRuns(Db db, ExportFiles files, SiteOptions site, TimeProvider clock, ILogger<ExportRuns> logger) : IDisposable
{
    private const int Kept = 30;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>The cause of a run after somebody's data was erased: it leaves no older one behind.</summary>
    public const string Erasure = "erasure";

    /// <summary>Makes a run of the newest version of a profile; the run's number. A failed run leaves the last good files in place.</summary>
    /// <exception cref="ProfileException">There is no such profile.</exception>
    public async Task<long> BuildAsync(string profileCode, string cause, CancellationToken ct, TaskProgress? progress = null)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            return await BuildNextAsync(profileCode, cause, progress, ct);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    private async Task<long> BuildNextAsync(string profileCode, string cause, TaskProgress? progress, CancellationToken ct)
    {
        var (version, json) = await db.FirstOrDefaultAsync<(int, string?)>("select version, definition::text from exports.profile where code = @profileCode order by version desc limit 1", new { profileCode }, ct);
        if (json is null)
            throw new ProfileException($"Không có hồ sơ “{profileCode}”.");
        const string begin = """
            update exports.run set state = 'failed', finished_at = @now, error = 'interrupted' where profile_code = @profileCode and state = 'building' and started_at < @now::timestamptz - interval '15 minutes';
            insert into exports.run (profile_code, profile_version, state, cause, started_at) values (@profileCode, @version, 'building', @cause, @now) returning id
            """;
        var run = await db.SingleAsync<long>(begin, new { profileCode, version, cause, now = clock.GetUtcNow() }, ct);
        try
        {
            await WriteAsync(run, Profile.Read(json), cause == Erasure ? 1 : Kept, progress, ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.LogError(e, "Export run {Run} of {Profile} failed", run, profileCode);
            await db.ExecuteAsync("delete from exports.set_aside where run_id = @run; update exports.run set state = 'failed', finished_at = @now, error = @error where id = @run", new { run, now = clock.GetUtcNow(), error = e.GetType().Name }, CancellationToken.None);
            throw;
        }
        return run;
    }

    private async Task WriteAsync(long run, Profile profile, int kept, TaskProgress? progress, CancellationToken ct)
    {
        var today = Vietnamese.Today(clock);
        var check = new RowCheck(profile, site, today);
        var aside = new SetAsides(db, run);
        using var rows = new RowSpool(files.Scratch(), profile.Columns.Length);
        var selected = 0;
        var total = progress is null ? 0 : await db.SingleAsync<long>("select count(*) from catalog.listing where public_version is not null", ct: ct);
        await foreach (var listing in ExportListing.StreamAsync(db, today, ct))
        {
            if (!check.Takes(listing))
                continue;
            selected++;
            var (row, faults) = check.Make(listing);
            await aside.AddAsync(faults);
            if (row is not null)
                rows.Add(new(listing.Id, row));
            if (progress is not null)
                await progress.ReportAsync(selected, total);
        }
        var (exported, written) = await FileSet.MakeAsync(profile, site.PublicBaseUrl, rows, files);
        foreach (var row in exported < rows.Count ? rows.Rows().Skip(exported) : [])
            await aside.AddAsync(new SetAside(row.ListingId, "E04", "maxBytes", "", $"maxBytes={profile.Limits!.MaxBytes}", "Tệp đã đạt dung lượng lớn nhất mà sàn nhận. Hãy báo cho người quản trị sàn."));
        await aside.FlushAsync();
        await KeepAsync(run, profile.Code, kept, new(selected, exported, aside.Listings), written);
    }

    private sealed record Counts(int Selected, int Exported, int SetAside);

    private async Task KeepAsync(long run, string profile, int kept, Counts counts, List<WrittenFile> written)
    {
        await using var tx = await db.BeginAsync();
        await tx.ExecuteAsync("insert into exports.run_file (run_id, extension, sha256, bytes) select @run, f.extension, f.sha256, f.bytes from unnest(@extensions, @hashes, @sizes) as f (extension, sha256, bytes)",
            new { run, extensions = written.Select(f => f.Extension).ToArray(), hashes = written.Select(f => f.Sha256).ToArray(), sizes = written.Select(f => f.Bytes).ToArray() });
        await tx.ExecuteAsync("update exports.run set state = 'written', finished_at = @now, selected = @Selected, exported = @Exported, set_aside = @SetAside where id = @run",
            new { run, now = clock.GetUtcNow(), counts.Selected, counts.Exported, counts.SetAside });
        await tx.ExecuteAsync("delete from exports.run where profile_code = @profile and id not in (select id from exports.run where profile_code = @profile order by id desc limit @kept)", new { profile, kept });
        await tx.CommitAsync();
        files.Sweep((await db.QueryAsync<string>("select distinct sha256 from exports.run_file")).ToHashSet(StringComparer.Ordinal), clock.GetUtcNow());
    }
}
