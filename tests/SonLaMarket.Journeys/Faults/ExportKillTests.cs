using System.Security.Cryptography;
using Npgsql;
using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>F16: the program is killed while it makes the files of a run: afterwards there are whole files only, each once, and the run is made to its end.</summary>
public sealed class ExportKillTests(PostgresFixture postgres)
{
    private const string Left = "select count(*) from jobs.job where kind = 'RebuildFeeds>Rebuilds' and done_at is null";

    [Fact]
    public async Task Killed_while_files_are_made_it_leaves_whole_ones_each_once()
    {
        var seeds = Seeds.For("export kills");
        await using var database = await postgres.CloneAsync();
        await using (var site = new Site(database))
        {
            var shop = new Shop(site);
            var seller = await shop.SellerAsync();
            for (var n = 0; n < 3; n++)
                await shop.GoodsAsync(seller, 5);
        }
        // Runs are made when this test asks for them.
        await database.Db.ExecuteAsync("delete from jobs.job; insert into jobs.schedule (name, cron, next_run_at) values ('exports.hourly', '0 5 * * * *', now() + interval '1 day'), ('exports.open-data', '0 35 * * * *', now() + interval '1 day') on conflict (name) do update set next_run_at = excluded.next_run_at");
        var folder = Directory.CreateTempSubdirectory("slm-export-kill-");
        var settings = new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = folder.FullName };
        var (port, kills, unrecorded) = (RunningSite.FreePort(), Seeds.Rounds(1, 200), 0);
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Pooling = false }.ConnectionString);
        await owner.OpenAsync();
        for (var round = 0; round < kills; round++)
        {
            await using var site = await RunningSite.StartAsync(settings, port, 0, "--data", "reference");
            // Each second time at the moment when the files lie there and no run names them yet, else at any.
            await using (var holding = await owner.BeginTransactionAsync())
            {
                if (round % 2 == 0)
                    await new NpgsqlCommand("lock table exports.run_file in access exclusive mode", owner, holding).ExecuteNonQueryAsync();
                await database.Db.ExecuteAsync("insert into jobs.job (kind, payload, run_at, created_at) values ('RebuildFeeds>Rebuilds', '{\"Cause\":\"change\"}', now(), now()); select pg_notify('jobs', '')");
                if (round % 2 == 0)
                    await Until.TrueAsync(async () => await database.Db.SingleAsync<bool>("select exists (select 1 from pg_locks l join pg_class c on c.oid = l.relation where c.relname = 'run_file' and not l.granted)"), "nobody came to record a run", seconds: 30);
                else
                    await Task.Delay(seeds.Random.Next(0, 300));
                await site.KillAsync();
                await holding.RollbackAsync();
            }
            unrecorded += await CheckAsync(database, folder);
            await database.Db.ExecuteAsync("update jobs.job set leased_until = null, run_at = now() where done_at is null; update exports.run set asked_at = asked_at - interval '1 hour', started_at = started_at - interval '1 hour' where state in ('queued', 'building', 'validated')");
        }
        await using (await RunningSite.StartAsync(settings, port, 0, "--data", "reference"))
            await Until.TrueAsync(async () => await database.Db.SingleAsync<long>(Left) == 0, "a run was not made to its end", seconds: 30);
        Assert.Equal(0, await CheckAsync(database, folder));
        Assert.Equal(0, await database.Db.SingleAsync<long>("select count(*) from exports.run where state in ('queued', 'building', 'validated')"));
        // Nothing was bought or changed: whoever makes the files again makes the same.
        var history = new History();
        foreach (var wanted in await database.Db.QueryAsync<string>("select code || '.' || format from exports.newest_profile p cross join unnest(p.formats) as format where status <> 'legacy'"))
            history.Note("schedule", "want", ("key", wanted));
        foreach (var made in await database.Db.QueryAsync<string>("select distinct r.profile_code || '.' || f.extension || ' ' || f.sha256 from exports.run r join exports.run_file f on f.run_id = r.id where r.state = 'written'"))
            history.Note("exports", "effect", ("key", made.Split(' ')[0]), ("id", made));
        folder.Delete(recursive: true);
        await Judged.UnbrokenAsync($"export kills, {kills} kills, {unrecorded} whole files that no run named yet, seed {seeds.Seed}", history, database.OwnerConnectionString);
    }

    /// <summary>Every file under its final name is whole, and every one that a run names is there; how many no run names.</summary>
    private static async Task<int> CheckAsync(TestDatabase database, DirectoryInfo folder)
    {
        var named = await database.Db.QueryAsync<(string Sha256, long Bytes)>("select distinct f.sha256, f.bytes from exports.run_file f join exports.run r on r.id = f.run_id");
        var there = new DirectoryInfo(Path.Combine(folder.FullName, "exports")) is { Exists: true } exports ? exports.GetFiles("*", SearchOption.AllDirectories).Where(f => f.Extension != ".part").ToDictionary(f => f.Name, StringComparer.Ordinal) : [];
        foreach (var file in there.Values)
            Assert.Equal(file.Name, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file.FullName))));
        Assert.All(named, n => Assert.Equal(n.Bytes, there[n.Sha256].Length));
        return there.Keys.Except(named.Select(n => n.Sha256)).Count();
    }
}
