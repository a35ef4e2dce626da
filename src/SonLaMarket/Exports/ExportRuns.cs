using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Makes the files of a profile: select, check, set aside, write, keep.</summary>
public sealed class ExportRuns(Db db, ExportFiles files, SiteOptions site, TimeProvider clock, ILogger<ExportRuns> logger)
{
    private const int Kept = 30;

    /// <summary>The cause of a run after somebody's data was erased: it leaves no older one behind.</summary>
    public const string Erasure = "erasure";

    /// <summary>Makes a run of the newest version of a profile; the run's number. A failed run leaves the last good files in place.</summary>
    /// <exception cref="ProfileException">There is no such profile.</exception>
    public async Task<long> BuildAsync(string profileCode, string cause, CancellationToken ct, TaskProgress? progress = null)
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
            await db.ExecuteAsync("update exports.run set state = 'failed', finished_at = @now, error = @error where id = @run", new { run, now = clock.GetUtcNow(), error = e.GetType().Name }, CancellationToken.None);
            throw;
        }
        return run;
    }

    private async Task WriteAsync(long run, Profile profile, int kept, TaskProgress? progress, CancellationToken ct)
    {
        var today = Vietnamese.Today(clock);
        var check = new RowCheck(profile, site, today);
        var rows = new List<ExportRow>();
        var faults = new List<SetAside>();
        var selected = 0;
        var total = progress is null ? 0 : await db.SingleAsync<long>("select count(*) from catalog.listing where public_version is not null", ct: ct);
        await foreach (var listing in ExportListing.StreamAsync(db, today, ct))
        {
            if (!check.Takes(listing))
                continue;
            selected++;
            var (row, found) = check.Make(listing);
            faults.AddRange(found);
            if (row is not null)
                rows.Add(new(listing.Id, row));
            if (progress is not null)
                await progress.ReportAsync(selected, total);
        }
        var written = new List<(string Extension, string Sha256, long Bytes)>();
        foreach (var (extension, content) in await FileSet.MakeAsync(profile, site.PublicBaseUrl, rows, faults))
            written.Add((extension, await files.PutAsync(content), content.LongLength));
        await KeepAsync(run, profile.Code, kept, selected, rows.Count, faults, written);
    }

    private async Task KeepAsync(long run, string profile, int kept, int selected, int exported, List<SetAside> faults, List<(string Extension, string Sha256, long Bytes)> written)
    {
        await using var tx = await db.BeginAsync();
        foreach (var (extension, sha256, bytes) in written)
            await tx.ExecuteAsync("insert into exports.run_file (run_id, extension, sha256, bytes) values (@run, @extension, @sha256, @bytes)", new { run, extension, sha256, bytes });
        foreach (var f in faults)
            await tx.ExecuteAsync("insert into exports.set_aside (run_id, listing_id, code, field, value, rule, hint) values (@run, @ListingId, @Code, @Field, @Value, @Rule, @Hint)", new { run, f.ListingId, f.Code, f.Field, f.Value, f.Rule, f.Hint });
        await tx.ExecuteAsync("update exports.run set state = 'written', finished_at = @now, selected = @selected, exported = @exported, set_aside = @aside where id = @run",
            new { run, now = clock.GetUtcNow(), selected, exported, aside = faults.Select(f => f.ListingId).Distinct().Count() });
        await tx.ExecuteAsync("delete from exports.run where profile_code = @profile and id not in (select id from exports.run where profile_code = @profile order by id desc limit @kept)", new { profile, kept });
        await tx.CommitAsync();
        files.Sweep((await db.QueryAsync<string>("select distinct sha256 from exports.run_file")).ToHashSet(StringComparer.Ordinal), clock.GetUtcNow());
    }
}
