using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>A script that ran once reads differently now: somebody edited history. The message names it.</summary>
public sealed class ChangedScriptException(string script)
    : Exception($"db/{script} was changed after it ran on this database; undo the change and write a new script instead.");

/// <summary>Applies the scripts of db/ in order, each once, each in its own transaction with its journal row.</summary>
public static class Migrator
{
    private const long Lock = 0x53_4C_4D; // "SLM": one migrator at a time on one server, and nobody who makes tables meanwhile (origin.prepare_scan_months)

    /// <summary>The scripts in order: name and text with line ends as LF.</summary>
    public static IReadOnlyList<(string Name, string Text)> Scripts { get; } = ReadScripts();

    /// <summary>Applies what is missing and gives <paramref name="appRole"/> its rights. Safe to run from several starters at once.</summary>
    /// <exception cref="ChangedScriptException">A script that already ran has another hash.</exception>
    public static async Task RunAsync(string ownerConnectionString, string appRole, CancellationToken ct = default)
    {
        TypeHandlers.Register();
        var settings = new NpgsqlConnectionStringBuilder(ownerConnectionString) { Pooling = false };
        await using var source = Database.BuildSource(settings);
        await using var connection = await source.OpenConnectionAsync(ct);
        await connection.ExecuteAsync("select pg_advisory_lock(@Lock)", new { Lock });
        await connection.ExecuteAsync("""
            create schema if not exists migration;
            create table if not exists migration.script (
              name text constraint script_pk primary key,
              sha256 text not null,
              applied_at timestamptz not null default now(),
              took_ms int not null
            )
            """);
        var done = (await connection.QueryAsync<(string Name, string Sha256)>("select name, sha256 from migration.script"))
            .ToDictionary(s => s.Name, s => s.Sha256, StringComparer.Ordinal);
        foreach (var (name, text) in Scripts)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            if (done.TryGetValue(name, out var known))
            {
                if (known != hash)
                    throw new ChangedScriptException(name);
                continue;
            }
            await ApplyAsync(connection, name, text, hash, ct);
        }
        if (!string.Equals(appRole, settings.Username, StringComparison.Ordinal))
            await GrantAsync(connection, appRole);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string name, string text, string hash, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var script = new NpgsqlCommand(text, connection, transaction))
            await script.ExecuteNonQueryAsync(ct);
        await connection.ExecuteAsync(
            "insert into migration.script (name, sha256, took_ms) values (@name, @hash, @took)",
            new { name, hash, took = (int)clock.ElapsedMilliseconds }, transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Read and write rows, nothing else; on histories (tables with the refuse_change trigger) only read and append.</summary>
    private static Task GrantAsync(NpgsqlConnection connection, string appRole) => connection.ExecuteAsync(
        $"""
        do $$
        declare s text; t record; app text := {Literal(appRole)};
        begin
          for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public', 'migration') loop
            execute format('grant usage on schema %I to %I', s, app);
            execute format('grant select, insert, update, delete on all tables in schema %I to %I', s, app);
            execute format('grant usage on all sequences in schema %I to %I', s, app);
          end loop;
          for t in select distinct tgrelid::regclass as name from pg_trigger where tgfoid = 'foundation.refuse_change'::regproc loop
            execute format('revoke update, delete, truncate on %s from %I', t.name, app);
          end loop;
        end $$
        """);

    private static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static List<(string Name, string Text)> ReadScripts()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("db/", StringComparison.Ordinal) && n.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return (n["db/".Length..], reader.ReadToEnd().ReplaceLineEndings("\n"));
            })
            .ToList();
    }
}
