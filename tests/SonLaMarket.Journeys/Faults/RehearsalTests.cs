using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>
/// The restore after the loss of the machine, with a market a hundred times as large as the demonstration province: rows, indexes and pictures.
/// Only in the long run; the same steps are gone through small by <c>KeepingTests</c> in every run.
/// </summary>
public sealed class RehearsalTests
{
    private const int Times = 100;
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    /// <summary>Every table of the rooms once more, with the rows and all its indexes; that they are unique is given up.</summary>
    private const string Multiply = """
        create schema rehearsal;
        do $do$
        declare t record; i record; made text;
        begin
          for t in select c.oid, n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
                   where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'rehearsal') and c.relpersistence = 'p' and pg_relation_size(c.oid) > 0 loop
            made := 'rehearsal.' || quote_ident(t.nspname || '_' || t.relname);
            execute format('create table %s as select x.* from %I.%I x cross join generate_series(1, 99)', made, t.nspname, t.relname);
            for i in select pg_get_indexdef(indexrelid) as def from pg_index where indrelid = t.oid loop
              execute regexp_replace(i.def, '^CREATE (UNIQUE )?INDEX \S+ ON (ONLY )?\S+', 'CREATE INDEX ON ' || made);
            end loop;
          end loop;
        end $do$;
        grant usage on schema rehearsal to public;
        grant select on all tables in schema rehearsal to public
        """;

    /// <summary>As many rows of every table and what they say, whatever their order; and the lists of files.</summary>
    private const string Everything = """
        select string_agg(n.nspname || '.' || c.relname || ' ' || (xpath('//t/text()', query_to_xml(format('select count(*) || %L || coalesce(sum(hashtextextended(x::text, 0)), 0) as t from %I.%I x', ':', n.nspname, c.relname), false, true, '')))[1]::text, E'\n' order by n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and (n.nspname = 'rehearsal' or n.nspname in ('orders', 'payments', 'files', 'origin', 'producers') and pg_relation_size(c.oid) > 0)
        """;

    [Fact]
    public async Task A_market_a_hundred_times_as_large_is_back_within_ten_minutes()
    {
        if (!Seeds.Long)
            return;
        var ground = Directory.CreateTempSubdirectory("slm-rehearsal-").FullName;
        // The servers may run as another user, who has to get through.
        File.SetUnixFileMode(ground, (UnixFileMode)0b111_101_101);
        try
        {
            await LoadAsync(ground);
            string before;
            long bytes;
            var (backup, restore) = (new Stopwatch(), new Stopwatch());
            await using (var site = await RunningSite.StartAsync(Machine(ground, "first", archived: true), RunningSite.FreePort(), 0))
            {
                backup.Start();
                await VerbAsync(ground, "first", "backup", "--to", Path.Combine(ground, "backups"));
                backup.Stop();
            }
            // It stopped in peace: the end of its log is in the archive.
            await using (var server = await BorrowAsync(ground, "first"))
            {
                before = await AskAsync(server, Everything);
                bytes = long.Parse(await AskAsync(server, "select pg_database_size(current_database())::text"), CultureInfo.InvariantCulture);
            }
            restore.Start();
            var said = await VerbAsync(ground, "second", "restore", "--from", Path.Combine(ground, "backups"));
            restore.Stop();
            Assert.Equal(8, said.Split('\n').Count(l => l.Contains("\tholds\t", StringComparison.Ordinal)));
            await using (var server = await BorrowAsync(ground, "second"))
                Assert.Equal(before, await AskAsync(server, Everything));
            var files = Directory.EnumerateFiles(Path.Combine(ground, "second-files"), "*", SearchOption.AllDirectories).Select(f => new FileInfo(f).Length).ToList();
            Console.WriteLine($"rehearsal: {bytes >> 20} MB of database and {files.Count} files of {files.Sum() >> 20} MB; backup {backup.Elapsed.TotalSeconds:0} s, restore with all checks {restore.Elapsed.TotalSeconds:0} s");
            Assert.True(restore.Elapsed < Most, $"the restore took {restore.Elapsed}");
        }
        finally
        {
            foreach (var machine in new[] { "first", "second" }.Where(m => Directory.Exists(Path.Combine(ground, m))))
                await EmbeddedPostgres.DeleteAsync(new(Path.Combine(ground, machine)));
            Directory.Delete(ground, recursive: true);
        }
    }

    private static async Task LoadAsync(string ground)
    {
        await using var site = await RunningSite.StartAsync(Machine(ground, "first", archived: false), RunningSite.FreePort(), 0);
        await using var server = await BorrowAsync(ground, "first");
        await PicturesAsync(server, Path.Combine(ground, "first-files"));
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.OwnerConnectionString()) { Pooling = false }.ConnectionString);
        await owner.OpenAsync();
        // With everything on disk the stop that follows is quick.
        foreach (var sql in new[] { Multiply, "checkpoint" })
        {
            await using var command = new NpgsqlCommand(sql, owner) { CommandTimeout = 1800 };
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Each picture ninety-nine times more, every time with other bytes: what stands behind the end of a picture, programs pass over.</summary>
    private static async Task PicturesAsync(EmbeddedPostgres server, string folder)
    {
        const string insert = """
            with made as (select * from unnest(@old, @copies, @fresh) as m (old, copy, fresh)),
            files as (
              insert into files.stored_file (id, kind, owner, name, content_type, bytes, sha256, width, height, state, created_by, created_at, focus)
              select md5(f.id::text || k)::uuid, f.kind, f.owner, f.name, f.content_type, f.bytes, coalesce(m.fresh, f.sha256), f.width, f.height, f.state, f.created_by, f.created_at, f.focus
              from files.stored_file f cross join generate_series(1, 99) k left join made m on m.old = f.sha256 and m.copy = k)
            insert into files.rendition (file_id, name, content_type, width, height, bytes, sha256)
            select md5(r.file_id::text || m.copy)::uuid, r.name, r.content_type, r.width, r.height, r.bytes + 4, m.fresh from files.rendition r join made m on m.old = r.sha256
            """;
        var (old, copies, fresh) = (new List<string>(), new List<int>(), new List<string>());
        foreach (var path in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        {
            var bytes = await File.ReadAllBytesAsync(path);
            for (var copy = 1; copy < Times; copy++)
            {
                byte[] changed = [.. bytes, .. BitConverter.GetBytes(copy)];
                var name = Convert.ToHexStringLower(SHA256.HashData(changed));
                Directory.CreateDirectory(Path.Combine(folder, name[..2]));
                await File.WriteAllBytesAsync(Path.Combine(folder, name[..2], name), changed);
                old.Add(Path.GetFileName(path));
                copies.Add(copy);
                fresh.Add(name);
            }
        }
        await using var owner = NpgsqlDataSource.Create(server.OwnerConnectionString());
        await using var command = owner.CreateCommand(insert);
        command.CommandTimeout = 600;
        command.Parameters.AddWithValue("old", old.ToArray());
        command.Parameters.AddWithValue("copies", copies.ToArray());
        command.Parameters.AddWithValue("fresh", fresh.ToArray());
        await command.ExecuteNonQueryAsync();
    }

    private static Dictionary<string, string?> Machine(string ground, string name, bool archived)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:Folder"] = Path.Combine(ground, name), ["Files:Folder"] = Path.Combine(ground, name + "-files") };
        if (archived)
            settings["Backup:Folder"] = Path.Combine(ground, "backups");
        return settings;
    }

    /// <summary>A verb as the operator types it; all that it said.</summary>
    private static async Task<string> VerbAsync(string ground, string machine, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [RunningSite.Program(), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (key, value) in Machine(ground, machine, archived: false))
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{words[0]}: {await output}{await error}");
        return await output;
    }

    private static Task<EmbeddedPostgres> BorrowAsync(string ground, string machine) => EmbeddedPostgres.BorrowAsync(new(Path.Combine(ground, machine)), NullLogger.Instance);

    private static async Task<string> AskAsync(EmbeddedPostgres server, string sql)
    {
        await using var owner = NpgsqlDataSource.Create(server.OwnerConnectionString());
        await using var command = owner.CreateCommand(sql);
        command.CommandTimeout = 1800;
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
