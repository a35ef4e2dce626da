using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Asks for all sets of the open data to be made anew.</summary>
public sealed record BuildOpenData(string Cause);

/// <summary>
/// Makes the open data: once a week, from the first hour of Monday in Vietnam on; at once where a set or one of its files is missing, and when an operator asks. A set that cannot be made
/// leaves its last files in place. What is gone since the last time stays known by its id: whoever took the older file is told (<see cref="Erratum"/>).
/// </summary>
public sealed class OpenBuilds(Db db, Queue queue, ExportFiles files, SiteOptions site, TimeProvider clock) : IHandle<BuildOpenData>, ILongTask<BuildOpenData>, IRecurring
{
    /// <summary>Evicts the page of the open data.</summary>
    public const string PageTag = "open-data";

    public const string Weekly = "weekly";

    /// <summary>So long an erratum stands.</summary>
    private static readonly TimeSpan Told = TimeSpan.FromDays(365);

    public async Task RunAsync(CancellationToken ct)
    {
        if (!await IsDueAsync(ct))
            return;
        await using var tx = await db.BeginAsync(ct);
        await queue.AnnounceAsync(tx, new BuildOpenData(Weekly));
        await tx.CommitAsync(ct);
    }

    /// <summary>What is due may have been made since it was announced.</summary>
    public async Task HandleAsync(BuildOpenData message, CancellationToken ct)
    {
        if (message.Cause != Weekly || await IsDueAsync(ct))
            await BuildAsync(message.Cause, ct);
    }

    public async Task<TaskResult> RunAsync(BuildOpenData input, TaskProgress progress, CancellationToken ct)
    {
        await BuildAsync(input.Cause, ct);
        return new(new Said("Đã tạo lại dữ liệu mở."), "/quan-tri/xuat-du-lieu/du-lieu-mo");
    }

    public async Task BuildAsync(string cause, CancellationToken ct)
    {
        foreach (var set in OpenSet.All)
            await BuildAsync(set, cause, ct);
    }

    private async Task<bool> IsDueAsync(CancellationToken ct)
    {
        var monday = OpenSets.Monday(Vietnamese.Today(clock));
        var made = await PublishedSet.AllAsync(db, ct);
        return made.Count < OpenSet.All.Count || made.Exists(p => Vietnamese.Day(p.Build.BuiltAt) < monday || p.Build.Files.Any(f => files.Find(f.Sha256) is null));
    }

    private async Task BuildAsync(OpenSet set, string cause, CancellationToken ct)
    {
        var today = Vietnamese.Today(clock);
        using var rows = new RowSpool(files.Scratch(), set.Columns.Length);
        var ids = new List<string>();
        await foreach (var row in set.Rows(new(db, site, today), ct))
        {
            rows.Add(new(rows.Count, Array.ConvertAll<string?, IReadOnlyList<string>>(row.Cells, c => string.IsNullOrEmpty(c) ? [] : [c])));
            if (set.Named)
                ids.Add(row.Cells[0]!);
        }
        var (_, written) = await FileSet.MakeAsync(set.Shape, site.PublicBaseUrl, rows, files);
        await KeepAsync(set, cause, set.Covers(today), rows.Count, ids, written);
    }

    private async Task KeepAsync(OpenSet set, string cause, (DateOnly From, DateOnly Until) covers, int rows, List<string> ids, List<WrittenFile> written)
    {
        const string leave = "update exports.open_row o set removed_at = @now where o.set_code = @Code and o.removed_at is null and not exists (select 1 from unnest(@ids) as i (id) where i.id = o.row_id)";
        const string enter = """
            insert into exports.open_row (set_code, row_id) select @Code, i.id from unnest(@ids) as i (id)
            on conflict (set_code, row_id) do update set removed_at = null where open_row.removed_at is not null
            """;
        const string keep = """
            delete from exports.open_row where set_code = @Code and removed_at < @forgotten;
            insert into exports.open_build (set_code, cause, built_at, covers_from, covers_until, rows, added, removed, csv_sha256, csv_bytes, json_sha256, json_bytes)
            values (@Code, @cause, @now, @From, @Until, @rows, @added, @removed, @csv, @csvBytes, @json, @jsonBytes)
            """;
        var now = clock.GetUtcNow();
        await using var tx = await db.BeginAsync();
        await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('exports.open_build', 0))");
        var removed = await tx.ExecuteAsync(leave, new { set.Code, ids, now });
        var added = await tx.ExecuteAsync(enter, new { set.Code, ids });
        await tx.ExecuteAsync(keep, new
        {
            set.Code,
            cause,
            now,
            covers.From,
            covers.Until,
            rows,
            added,
            removed,
            forgotten = now - Told,
            csv = written[0].Sha256,
            csvBytes = written[0].Bytes,
            json = written[1].Sha256,
            jsonBytes = written[1].Bytes,
        });
        await PageCache.EvictAsync(tx, PageTag);
        await tx.CommitAsync();
    }
}
