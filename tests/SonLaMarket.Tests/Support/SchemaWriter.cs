using System.Text;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Tests.Support;

/// <summary>The present shape of the database in one text, read from PostgreSQL's own catalogue; no pg_dump needed.</summary>
public static class SchemaWriter
{
    private const string Ours = "n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public', 'migration')";

    public static async Task<string> WriteAsync(Sql sql)
    {
        var text = new StringBuilder("-- The present shape in one file: written by the tests from the catalogue, never run. The scripts beside it are the truth.\n");
        foreach (var schema in await sql.QueryAsync<string>($"select nspname::text from pg_namespace n where {Ours} order by 1"))
        {
            text.Append($"\n-- {schema}\n");
            foreach (var function in await sql.QueryAsync<string>("""
                select regexp_replace(pg_get_functiondef(p.oid), '\s+$', '') from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = @schema order by p.proname
                """, new { schema }))
                text.Append(function.ReplaceLineEndings("\n")).Append(";\n");
            foreach (var table in await sql.QueryAsync<string>("select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = @schema and c.relkind in ('r', 'p') and not c.relispartition order by 1", new { schema }))
                await WriteTableAsync(sql, text, schema, table);
            // Their select is written differently by different versions of the server.
            foreach (var view in await sql.QueryAsync<string>("""
                select n.nspname || '.' || c.relname || ' (' || string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum) || ')'
                from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 where n.nspname = @schema and c.relkind = 'v' group by n.nspname, c.relname order by 1
                """, new { schema }))
                text.Append($"-- view {view}: its select stands in the scripts\n");
        }
        return text.ToString();
    }

    private static async Task WriteTableAsync(Sql sql, StringBuilder text, string schema, string table)
    {
        const string columns = """
            select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              || case when a.attgenerated = 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored' when a.attidentity = 'a' then ' generated always as identity'
                 when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end
              || case when a.attnotnull then ' not null' else '' end
            from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = (@name)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
            """;
        const string rest = """
            select 'alter table ' || @name || ' add constraint ' || conname || ' ' || pg_get_constraintdef(oid) || ';' as line from pg_constraint where conrelid = (@name)::regclass and contype <> 't' order by conname;
            select indexdef || ';' as line from pg_indexes i where schemaname || '.' || tablename = @name and not exists (select 1 from pg_constraint c where c.conname = i.indexname and c.conrelid = (@name)::regclass) order by indexname;
            select pg_get_triggerdef(oid) || ';' as line from pg_trigger where tgrelid = (@name)::regclass and not tgisinternal order by tgname
            """;
        var name = $"{schema}.{table}";
        var partitioned = await sql.SingleAsync<string?>("select pg_get_partkeydef((@name)::regclass)", new { name });
        text.Append($"create table {name} (\n  ").AppendJoin(",\n  ", await sql.QueryAsync<string>(columns, new { name })).Append(partitioned is null ? "\n);\n" : $"\n) partition by {partitioned};\n");
        var lines = await sql.MultipleAsync(rest, new { name }, async g => (await g.ReadAsync<string>()).Concat(await g.ReadAsync<string>()).Concat(await g.ReadAsync<string>()).ToList());
        lines.ForEach(l => text.Append(l).Append('\n'));
    }
}
