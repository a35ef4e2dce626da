using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Files;

/// <summary>Which files the rows of a room name: a query of one column of ids.</summary>
public sealed record FileUse(string Sql);

public static class FileUses
{
    /// <summary>What is named by none of these queries is removed after a week. A test compares them with the columns of the database.</summary>
    public static IServiceCollection AddFileUse(this IServiceCollection services, string sql) => services.AddSingleton(new FileUse(sql));
}

/// <summary>
/// Removes what nobody sees any more: a picture of a form that was refused and never sent again, a picture that was taken out. Safe against a form that carries such a file:
/// a file goes only when nothing named it for a week, and carrying it begins that week anew (<see cref="Uploads.CarryPicturesAsync"/>), in the same row that the removal locks.
/// Bytes go some days after the last row that named them, never while one is being written, and never from the folder of backups. What this database never named stays:
/// the folder may be another market's, too.
/// </summary>
public sealed class UnnamedFiles(IEnumerable<FileUse> uses, FileStore store, Db db, TimeProvider clock, ILogger<UnnamedFiles> logger) : IRecurring
{
    /// <summary>What was just stored will be named by the row that comes next.</summary>
    private static readonly TimeSpan New = TimeSpan.FromDays(1);

    /// <summary>A form may lie open that long, and a person may come back to it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7);

    /// <summary>Longer than a backup takes.</summary>
    private static readonly TimeSpan BytesOutlive = TimeSpan.FromDays(2);

    private readonly string named = string.Join("\nunion all\n", uses.Select(u => u.Sql));

    public async Task RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var rows = await RemoveRowsAsync(now, ct);
        var bytes = await RemoveBytesAsync(now, ct);
        if (rows + bytes > 0)
            logger.LogInformation("{Rows} files that nothing names were removed, and the bytes of {Bytes}", rows, bytes);
    }

    private async Task<int> RemoveRowsAsync(DateTimeOffset now, CancellationToken ct)
    {
        var mark = $"""
            update files.stored_file f set unnamed_since = case when j.unnamed then @now end
            from (select x.id, n.id is null as unnamed from files.stored_file x left join (select distinct u.id from ({named}) as u (id)) n on n.id = x.id where x.created_at < @made or x.unnamed_since is not null) j
            where j.id = f.id and j.unnamed <> (f.unnamed_since is not null)
            """;
        // A form that carries one now holds its row: then the condition is looked at again, and no longer holds.
        const string remove = """
            with gone as (select id from files.stored_file where unnamed_since < @before for update),
            renditions as (delete from files.rendition where file_id in (select id from gone) returning sha256),
            rows as (delete from files.stored_file where id in (select id from gone) returning sha256),
            bytes as (insert into files.unnamed_bytes (sha256, since) select sha256, @now from rows union select sha256, @now from renditions on conflict (sha256) do update set since = excluded.since)
            select count(*)::int from rows
            """;
        await using var tx = await db.BeginAsync(ct);
        await tx.ExecuteAsync(mark, new { now, made = now - New }, ct);
        var removed = await tx.SingleAsync<int>(remove, new { before = now - Patience, now }, ct);
        await tx.CommitAsync(ct);
        return removed;
    }

    private async Task<int> RemoveBytesAsync(DateTimeOffset now, CancellationToken ct)
    {
        const string due = """
            delete from files.unnamed_bytes u where u.since < @before returning u.sha256,
              exists (select 1 from files.stored_file f where f.sha256 = u.sha256) or exists (select 1 from files.rendition r where r.sha256 = u.sha256) as named
            """;
        await using var tx = await db.BeginAsync(ct);
        // Whoever stores a file holds this lock until its row is there. Where somebody does, it is tomorrow's work.
        var removed = 0;
        if (await tx.SingleAsync<bool>($"select pg_try_advisory_xact_lock({Uploads.BytesLock})", ct: ct))
        {
            foreach (var (sha256, again) in await tx.QueryAsync<(string Sha256, bool Named)>(due, new { before = now - BytesOutlive }, ct))
            {
                if (again)
                    continue;
                store.Remove(sha256);
                removed++;
            }
        }
        await tx.CommitAsync(ct);
        return removed;
    }
}
