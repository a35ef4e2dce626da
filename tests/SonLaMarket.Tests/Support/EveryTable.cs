using System.Text;
using Npgsql;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Tests.Support;

/// <summary>Looks for what must stand nowhere.</summary>
public static class EveryTable
{
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
