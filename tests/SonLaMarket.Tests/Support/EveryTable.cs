using System.Text;
using Npgsql;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Tests.Support;

/// <summary>Looks for what must stand nowhere, and for what must not have changed anywhere.</summary>
public static class EveryTable
{
    /// <summary>
    /// Notes from now on each table of which a row is added, changed or taken away. Asked, it tells of each how many rows more (or less) it has, and begins
    /// anew; of what was rolled back it does not tell.
    /// </summary>
    public static async Task<Func<Task<IReadOnlyDictionary<string, int>>>> WatchAsync(this TestDatabase database)
    {
        const string watch = """
            create schema watch;
            create table watch.change (name text not null, more int not null);
            grant usage on schema watch to public;
            grant select, insert, delete on watch.change to public;
            create function watch.note() returns trigger language plpgsql set search_path = '' as $$
              begin insert into watch.change values (tg_table_schema || '.' || tg_table_name, case tg_op when 'INSERT' then 1 when 'DELETE' then -1 else 0 end); return null; end $$;
            do $$ declare t record; begin
              for t in select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'watch')
              loop execute format('create trigger watch after insert or update or delete on %I.%I for each row execute function watch.note()', t.nspname, t.relname); end loop;
            end $$;
            """;
        await using var source = NpgsqlDataSource.Create(database.OwnerConnectionString);
        await new Db(source).ExecuteAsync(watch);
        return async () => (await database.Db.QueryAsync<(string Name, int More)>("delete from watch.change returning name, more"))
            .GroupBy(c => c.Name, StringComparer.Ordinal).OrderBy(c => c.Key, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.Sum(r => r.More), StringComparer.Ordinal);
    }

    /// <summary>"schema.table: value" for each table of ours with one of the values in it, as text or as bytes.</summary>
    public static async Task<List<string>> HoldingAsync(this TestDatabase database, IEnumerable<string> values)
    {
        const string tables = "select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public', 'migration') order by 1";
        await using var source = NpgsqlDataSource.Create(database.OwnerConnectionString);
        var owner = new Db(source);
        var found = new List<string>();
        foreach (var table in await owner.QueryAsync<string>(tables))
        {
            foreach (var value in values)
            {
                if (await owner.SingleAsync<bool>($"select exists (select 1 from {table} t where foundation.fold(t::text) like '%' || foundation.fold(@value) || '%' or t::text like '%' || @hex || '%')", new { value, hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(value)) }))
                    found.Add($"{table}: {value}");
            }
        }
        return found;
    }
}
