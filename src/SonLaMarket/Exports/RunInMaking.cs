using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>One profile's run: takes the listings one by one, then writes its files. What is taken down while they are made is in none of them.</summary>
internal sealed class RunInMaking(Db db, ExportFiles files, Pushes pushes, SiteOptions site, TimeProvider clock, long id, string code) : IDisposable
{
    private readonly SetAsides aside = new(db, id);
    private Profile profile = null!;
    private RowCheck check = null!;
    private RowSpool? rows;
    private int version;
    private int selected;

    public long Id => id;

    /// <summary>Of the profile.</summary>
    public string Code => code;

    public Exception? Failure { get; set; }

    public void Open(Profile made, int madeOf)
    {
        profile = made;
        version = madeOf;
        check = new RowCheck(made, site, Vietnamese.Today(clock));
        rows = new RowSpool(files.Scratch(), made.Columns.Length);
    }

    public async Task TakeAsync(ExportListing listing)
    {
        if (!check.Takes(listing))
            return;
        selected++;
        var (row, faults) = check.Make(listing);
        await aside.AddAsync(faults);
        if (row is not null)
            rows!.Add(new(listing.Id, row));
    }

    /// <summary>Every listing was read, every row checked.</summary>
    public async Task ValidatedAsync(int read)
    {
        await aside.FlushAsync();
        const string validated = """
            update exports.run set state = 'validated', validated_at = @now, listings_read = @read, selected = @selected, exported = @Count, set_aside = @Listings where id = @id and state = 'building'
            """;
        await db.ExecuteAsync(validated, new { id, read, selected, rows!.Count, aside.Listings, now = clock.GetUtcNow() });
    }

    /// <param name="kept">So many runs of the profile stay, with this one.</param>
    public async Task WriteAsync(int kept)
    {
        await LeaveTakenDownAsync(db);
        for (var written = false; !written;)
            written = await TryWriteAsync(kept);
    }

    public void Dispose() => rows?.Dispose();

    /// <returns>False when something was taken down meanwhile that is in the files: nothing is kept of them.</returns>
    private async Task<bool> TryWriteAsync(int kept)
    {
        var (exported, written) = await FileSet.MakeAsync(profile, site.PublicBaseUrl, rows!, files);
        await using var tx = await db.BeginAsync();
        await RunChanges.LockAsync(tx, code);
        if (await LeaveTakenDownAsync(tx))
            return false;
        foreach (var row in exported < rows!.Count ? rows.Rows().Skip(exported) : [])
            await aside.AddAsync(new SetAside(row.ListingId, "E04", "maxBytes", "", $"maxBytes={profile.Limits!.MaxBytes}", "Tệp đã đạt dung lượng lớn nhất mà sàn nhận. Hãy báo cho người quản trị sàn."));
        await aside.FlushAsync();
        await RunChanges.KeepAsync(tx, id, profile, version, rows.Rows().Take(exported));
        await pushes.PlanAsync(tx, profile, rows.Rows().Take(exported));
        await KeepAsync(tx, exported, written, kept);
        await tx.CommitAsync();
        return true;
    }

    private async Task<bool> LeaveTakenDownAsync(Sql sql)
    {
        var gone = rows!.Leave(await ExportListing.TakenDownAsync(sql, rows.Listings, Vietnamese.Today(clock), CancellationToken.None));
        selected -= gone;
        return gone > 0;
    }

    private async Task KeepAsync(Tx tx, int exported, List<WrittenFile> written, int kept)
    {
        await tx.ExecuteAsync("insert into exports.run_file (run_id, extension, sha256, bytes) select @id, f.extension, f.sha256, f.bytes from unnest(@extensions, @hashes, @sizes) as f (extension, sha256, bytes)",
            new { id, extensions = written.Select(f => f.Extension).ToArray(), hashes = written.Select(f => f.Sha256).ToArray(), sizes = written.Select(f => f.Bytes).ToArray() });
        await tx.ExecuteAsync("update exports.run set state = 'written', finished_at = @now, selected = @selected, exported = @exported, set_aside = @Listings where id = @id", new { id, now = clock.GetUtcNow(), selected, exported, aside.Listings });
        // Runs that were asked for later wait for their turn, or are made by another process.
        await tx.ExecuteAsync("delete from exports.run where profile_code = @code and id < @id and id not in (select id from exports.run where profile_code = @code and id <= @id order by id desc limit @kept)", new { id, code, kept });
    }
}
