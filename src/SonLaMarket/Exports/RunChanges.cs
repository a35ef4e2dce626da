using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <summary>What a run changed against the run before it: which listings are new in the file, changed, gone. Of a row it holds four bytes for each cell.</summary>
public static class RunChanges
{
    private const int PrintBytes = 4;

    /// <summary>Waits until no other process keeps a run of the profile; none does until this transaction has ended.</summary>
    public static Task LockAsync(Tx tx, string profile) => tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('exports.sent_row:' || @profile, 0))", new { profile });

    /// <summary>Writes down how the rows differ from those of the last run, and remembers them for the next one.</summary>
    /// <param name="tx">Holds the lock.</param>
    /// <param name="rows">All that are in the files.</param>
    public static async Task KeepAsync(Tx tx, long run, Profile profile, int version, IEnumerable<ExportRow> rows)
    {
        const string compare = """
            insert into exports.run_change (run_id, listing_id, change, columns)
            select @run, coalesce(n.listing_id, s.listing_id), case when s.listing_id is null then 'new' when n.listing_id is null then 'gone' else 'changed' end,
              case when n.listing_id = s.listing_id and @version = (select r.profile_version from exports.newest_run r where r.profile_code = @profile)
                then array(select c.name from unnest(@columns) with ordinality as c (name, place) where substr(n.print, c.place::int * 4 - 3, 4) <> substr(s.print, c.place::int * 4 - 3, 4) order by c.place) else '{}' end
            from unnest(@listings, @prints) as n (listing_id, print) full join (select o.listing_id, o.print from exports.sent_row o where o.profile_code = @profile) s on s.listing_id = n.listing_id
            where n.print is distinct from s.print;
            update exports.run r set added = c.added, changed = c.changed, removed = c.removed
            from (select count(*) filter (where change = 'new') as added, count(*) filter (where change = 'changed') as changed, count(*) filter (where change = 'gone') as removed from exports.run_change where run_id = @run) c
            where r.id = @run;
            delete from exports.sent_row s using exports.run_change c where c.run_id = @run and c.change = 'gone' and s.profile_code = @profile and s.listing_id = c.listing_id
            """;
        const string remember = """
            insert into exports.sent_row (profile_code, listing_id, print)
            select @profile, n.listing_id, n.print from unnest(@listings, @prints) as n (listing_id, print)
            where not exists (select 1 from exports.sent_row s where s.profile_code = @profile and s.listing_id = n.listing_id and s.print = n.print)
            on conflict (profile_code, listing_id) do update set print = excluded.print
            """;
        var (listings, prints) = (new List<long>(), new List<byte[]>());
        foreach (var row in rows)
        {
            listings.Add(row.ListingId);
            prints.Add(Print(row.Cells));
        }
        var args = new { run, profile = profile.Code, version, columns = profile.Columns.Select(c => c.Name).ToArray(), listings, prints };
        if (await tx.SingleAsync<bool>("select exists (select 1 from exports.sent_row where profile_code = @profile)", args))
            await tx.ExecuteAsync(compare, args);
        await tx.ExecuteAsync(remember, args);
    }

    private static byte[] Print(IReadOnlyList<string>[] cells)
    {
        var print = new byte[cells.Length * PrintBytes];
        for (var i = 0; i < cells.Length; i++)
            Codes.Hash(string.Join('\0', cells[i])).AsSpan(0, PrintBytes).CopyTo(print.AsSpan(i * PrintBytes));
        return print;
    }
}
