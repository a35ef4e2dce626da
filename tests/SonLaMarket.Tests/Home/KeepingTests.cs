using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Checker;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Home.Keeping;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>Backup, restore, verify and check, by their verbs, on servers of their own.</summary>
public sealed class KeepingTests(NewMarket fresh) : IClassFixture<NewMarket>, IAsyncDisposable
{
    private readonly string ground = TestCluster.NewFolder();
    private readonly List<string> clusters = [];

    private string Backups => Path.Combine(ground, "backups");

    private static readonly string[] Disasters =
    [
        "truncate orders.purchase cascade", "delete from payments.ledger_line", "update payments.attempt set status = 'initiated'; update payments.payment set status = 'pending', paid_at = null",
        "update catalog.lot_stock set available = supplied, held = 0, sold = 0", "drop schema orders cascade",
    ];

    /// <summary>F18. What was acknowledged until a second before the disaster comes back with its pictures and keys, on an empty machine, by one command.</summary>
    [Fact]
    public async Task A_restore_leads_to_the_second_before_the_disaster()
    {
        var seeds = Seeds.For("restores");
        var (rounds, calls) = (Seeds.Rounds(1, 100), 0);
        for (var round = 0; round < rounds; round++)
        {
            DateTimeOffset before;
            State lost;
            History history;
            // The first one always empties the orders.
            var disaster = round == 0 ? 0 : seeds.Random.Next(Disasters.Length);
            await using (var market = await MarketAsync("first", archive: true))
            {
                await market.TradeAsync();
                Assert.Equal(0, (await RunAsync("first", "backup", ("to", Backups))).Code);
                for (var more = round == 0 ? 1 : seeds.Random.Next(1, 4); more > 0; more--)
                    await market.TradeAsync();
                (lost, history) = (await market.StateAsync(), market.Trade.History);
                await Task.Delay(50, TestContext.Current.CancellationToken);
                before = DateTimeOffset.UtcNow;
                await Task.Delay(50, TestContext.Current.CancellationToken);
                await market.OwnerAsync("set session_replication_role = replica; " + Disasters[disaster]);
                await market.ArchivedAsync();
            }

            var (code, said) = await RunAsync("second", "restore", ("from", Backups), ("at", before.ToString("O", CultureInfo.InvariantCulture)));

            Assert.True(code == 0, $"seed {seeds.Seed}, round {round}: {said}");
            await using (var market = await MarketAsync("second", archive: false))
            {
                seeds.Equal(lost, await market.StateAsync(), $"round {round}");
                calls += (await Judged.UnbrokenAsync($"restore {round}, seed {seeds.Seed}", history, market.Server.OwnerConnectionString())).Calls;
            }
            if (round == 0)
            {
                // The newest state is the one after the disaster.
                Assert.Equal(0, (await RunAsync("third", "restore", ("from", Backups))).Code);
                await using var market = await MarketAsync("third", archive: false);
                Assert.Equal(0, (await market.StateAsync()).Purchases);
            }
            await ClearAsync();
        }
        Console.WriteLine($"restores, {rounds} rounds, {calls} calls, seed {seeds.Seed}: no violation in any");
    }

    [Fact]
    public async Task A_restore_refuses_a_place_that_is_not_empty_and_a_moment_that_no_backup_reaches()
    {
        await using (var market = await MarketAsync("first", archive: true))
        {
            await market.TradeAsync();
            Assert.Equal(0, (await RunAsync("first", "backup", ("to", Backups))).Code);
        }
        Refused(await RunAsync("first", "restore", ("from", Backups)), "not empty");
        Directory.Move(Path.Combine(ground, "first-files"), Path.Combine(ground, "away"));
        Refused(await RunAsync("first", "restore", ("from", Backups)), "already holds a database");
        Refused(await RunAsync("second", "restore", ("from", Backups), ("at", "2020-01-01T08:00")), "No backup");
        Refused(await RunAsync("second", "restore", ("from", Backups), ("at", "05/02/2020 08:00")), "No backup");
        Refused(await RunAsync("second", "restore", ("from", Path.Combine(ground, "nothing"))), "no finished backup");
        Refused(await RunAsync("second", "backup", ("to", Backups)), "no database");
        Assert.Equal(2, (await RunAsync("second", "restore")).Code);
        // A day without its time, or in another order, is not guessed at.
        foreach (var at in new[] { "yesterday", "05/02/2026", "2026-02-05", "2/5/2026 8:00", "2026-02-05 08:00" })
        {
            var refused = await RunAsync("second", "restore", ("from", Backups), ("at", at));
            Assert.Equal(2, refused.Code);
            Assert.Contains("31/01/2026 08:00", refused.Said, StringComparison.Ordinal);
        }
        Assert.Equal(2, (await RunAsync("first", "backup", ("to", Backups), ("keep", "all"))).Code);
    }

    [Fact]
    public async Task Verify_restores_for_trial_and_names_each_damaged_file()
    {
        await using (var market = await MarketAsync("first", archive: true))
        {
            await market.TradeAsync();
            Assert.Equal(0, (await RunAsync("first", "backup", ("to", Backups))).Code);
        }
        var (code, said) = await RunAsync("first", "verify", ("from", Backups));
        Assert.True(code == 0, said);
        Assert.Contains("whole", said, StringComparison.Ordinal);

        var upload = Directory.GetFiles(Path.Combine(Backups, "files"), "*", SearchOption.AllDirectories)[0];
        Flip(upload);
        (code, said) = await RunAsync("first", "verify", ("from", Backups));
        Assert.Equal(1, code);
        Assert.Contains($"file {Path.GetFileName(upload)} was changed", said, StringComparison.Ordinal);
        Flip(upload);

        var table = Directory.GetFiles(new BackupFolder(Backups).Newest().Data + "/base", "*", SearchOption.AllDirectories).MaxBy(f => new FileInfo(f).Length)!;
        Flip(table);
        (code, said) = await RunAsync("first", "verify", ("from", Backups));
        Assert.Equal(1, code);
        Assert.Contains(Path.GetFileName(table) + " was changed", said, StringComparison.Ordinal);
    }

    /// <summary>As with the binaries from npm, which are initdb, pg_ctl and postgres alone.</summary>
    [Fact]
    public async Task Without_pg_basebackup_the_files_are_copied_while_the_market_trades()
    {
        var bare = Directory.CreateDirectory(Path.Combine(ground, "bin")).FullName;
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
        {
            await File.WriteAllTextAsync(Path.Combine(bare, program), $"#!/bin/sh\nexec {PostgresBinaries.Find(null, null)!.Program(program)} \"$@\"\n");
            File.SetUnixFileMode(Path.Combine(bare, program), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
        State first;
        await using (var market = await MarketAsync("first", archive: false))
        {
            await market.TradeAsync();
            first = await market.StateAsync();
            using var enough = new CancellationTokenSource();
            var writing = market.WriteUntilAsync(enough.Token);
            var (code, said) = await RunAsync("first", "backup", ("to", Backups), ("Database:PostgresBin", bare));
            await enough.CancelAsync();
            await writing;
            Assert.True(code == 0, said);
        }
        var (restored, words) = await RunAsync("second", "restore", ("from", Backups), ("Database:PostgresBin", bare));
        Assert.True(restored == 0, words);
        await using (var market = await MarketAsync("second", archive: false))
            Assert.Equal(first, await market.StateAsync());
    }

    [Fact]
    public async Task A_given_server_is_dumped_and_restored_into_an_empty_database()
    {
        State first;
        Dictionary<string, string?> given;
        await using (var market = await MarketAsync("first", archive: false))
        {
            await market.TradeAsync();
            first = await market.StateAsync();
            given = market.Settings;
            var (code, said) = await RunAsync("first", "backup", [("to", Backups), .. given.Select(s => (s.Key, s.Value!))]);
            Assert.True(code == 0, said);
            Refused(await RunAsync("elsewhere", "restore", [("from", Backups), .. given.Select(s => (s.Key, s.Value!))]), "not empty");
        }
        Refused(await RunAsync("second", "restore", ("from", Backups)), "made of a given server");
        var (verified, words) = await RunAsync("first", "verify", ("from", Backups));
        Assert.True(verified == 0, words);
        clusters.Add("empty");
        await using (var empty = await EmbeddedPostgres.StartAsync(new(Path.Combine(ground, "empty"), Disposable: true), NullLogger.Instance))
        {
            var (code, said) = await RunAsync("empty", "restore", ("from", Backups), ("ConnectionStrings:SonLaMarket", empty.OwnerConnectionString()));
            Assert.True(code == 0, said);
        }
        await using (var market = await MarketAsync("empty", archive: false))
            Assert.Equal(first, await market.StateAsync());
    }

    [Fact]
    public async Task Older_backups_go_with_the_log_that_only_they_need()
    {
        await using var market = await MarketAsync("first", archive: true);
        for (var i = 0; i < 3; i++)
        {
            await market.OwnerAsync("create table if not exists foundation.note (word text); insert into foundation.note values ('x')");
            await market.ArchivedAsync();
            Assert.Equal(0, (await RunAsync("first", "backup", ("to", Backups), ("keep", "2"))).Code);
        }
        var kept = new BackupFolder(Backups).Copies();
        Assert.Equal(2, kept.Count);
        Assert.DoesNotContain(Directory.GetFiles(Path.Combine(Backups, "wal")), f => string.CompareOrdinal(Path.GetFileName(f)[8..24], kept[0].Manifest.WalFrom![8..]) < 0);
        Assert.Equal(0, (await RunAsync("first", "verify", ("from", Backups))).Code);
        Assert.Equal(3, await market.Trade.Site.Db.SingleAsync<long>("select count(*) from supervision.backup where kind = 'cluster'"));
    }

    [Fact]
    public async Task Check_ends_with_1_and_names_what_is_broken()
    {
        await using var market = await MarketAsync("first", archive: false);
        await market.TradeAsync();
        var (code, said) = await RunAsync("first", "check");
        Assert.True(code == 0, said);
        Assert.Equal(8, said.Split('\n').Count(l => l.Contains("\tholds\t", StringComparison.Ordinal)));
        await market.OwnerAsync("set session_replication_role = replica; update payments.ledger_line set amount_vnd = amount_vnd + 1 where line = 1");
        (code, said) = await RunAsync("first", "check");
        Assert.Equal(1, code);
        Assert.Contains("I2\tBROKEN", said, StringComparison.Ordinal);
        Assert.Contains("does not balance", said, StringComparison.Ordinal);
    }

    private static void Refused((int Code, string Said) run, string why)
    {
        Assert.Equal(1, run.Code);
        Assert.Contains(why, run.Said, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', run.Said.Trim());
    }

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>A verb on the machine of that name, and all that it said.</summary>
    private async Task<(int Code, string Said)> RunAsync(string machine, string verb, params (string Name, string Value)[] more)
    {
        clusters.Add(machine);
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:Folder"] = Path.Combine(ground, machine), ["Files:Folder"] = Path.Combine(ground, machine + "-files"), ["Logging:LogLevel:Default"] = "None" };
        foreach (var (name, value) in more)
            settings[name] = value;
        await using var said = new StringWriter();
        var code = await KeepingCommands.RunAsync([verb], new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), said, said);
        return (code, said.ToString());
    }

    private async Task<Market> MarketAsync(string machine, bool archive)
    {
        clusters.Add(machine);
        if (!Directory.Exists(Path.Combine(ground, machine)))
            await fresh.CopyAsync(Path.Combine(ground, machine));
        var server = await EmbeddedPostgres.StartAsync(new(Path.Combine(ground, machine), Disposable: true, Archive: archive ? new BackupFolder(Backups).Wal : null), NullLogger.Instance);
        var connections = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:SonLaMarket"] = server.AppConnectionString(), ["ConnectionStrings:SonLaMarketMigrator"] = server.OwnerConnectionString() };
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Files:Folder"] = Path.Combine(ground, machine + "-files") };
        if (archive)
            settings["Backup:Folder"] = Backups;
        var trade = new Trade(connections, settings);
        // The site starts with the first question, and migrates then.
        _ = trade.Site.Db;
        return new(server, connections, trade);
    }

    /// <summary>What must come back.</summary>
    private sealed record State(long Purchases, long Paid, string? Names, string? Hashes, string? Keys, string? Secrets);

    private sealed record Market(EmbeddedPostgres Server, Dictionary<string, string?> Settings, Trade Trade) : IAsyncDisposable
    {
        /// <summary>A paid order, an unpaid one and a picture.</summary>
        public async Task TradeAsync()
        {
            Assert.Equal("00", await Trade.SayAsync(await Trade.StartAsync()));
            await Trade.StartAsync();
            await using var tx = await Trade.Site.Db.BeginAsync();
            var pictures = Directory.GetFiles(Path.Combine(Repository.Root, "db", "seed", "pictures"), "*.webp");
            var picture = pictures[await tx.SingleAsync<int>("select count(*)::int from files.stored_file")];
            Assert.NotNull((await Trade.Site.Get<Uploads>().AddPictureAsync(tx, "producer:1", "anh.webp", await File.ReadAllBytesAsync(picture), Actor.System)).Id);
            await tx.CommitAsync();
        }

        public async Task<State> StateAsync()
        {
            var hashes = await Trade.Site.Db.QueryAsync<string>("select sha256 from files.rendition order by sha256");
            Assert.All(hashes, h => Assert.NotNull(Trade.Site.Get<FileStore>().Find(h)));
            return await Trade.Site.Db.SingleAsync<State>("""
                select (select count(*) from orders.purchase) as purchases, (select count(*) from payments.payment where status = 'paid') as paid,
                  (select string_agg(code || buyer_name, ',' order by id) from orders.purchase) as names, (select string_agg(sha256, ',' order by sha256) from files.rendition) as hashes,
                  (select string_agg(xml, ',' order by id) from accounts.data_protection_key) as keys, (select string_agg(tmn_code || hash_secret, ',' order by id) from payments.terminal) as secrets
                """);
        }

        public async Task OwnerAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(Server.OwnerConnectionString());
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }

        /// <summary>What was written until now lies in the archive.</summary>
        public async Task ArchivedAsync()
        {
            await using var source = NpgsqlDataSource.Create(Server.OwnerConnectionString());
            await using var finish = source.CreateCommand("select pg_walfile_name(pg_switch_wal())");
            var part = (string)(await finish.ExecuteScalarAsync())!;
            await using var done = source.CreateCommand($"select coalesce(last_archived_wal >= '{part}', false) from pg_stat_archiver");
            for (var left = 200; !(bool)(await done.ExecuteScalarAsync())!; left--)
            {
                Assert.True(left > 0, "the log is not archived");
                await Task.Delay(50);
            }
        }

        public async Task WriteUntilAsync(CancellationToken enough)
        {
            while (!enough.IsCancellationRequested)
                await OwnerAsync("update orders.purchase set note = note; insert into foundation.reference_file (name, sha256) values (gen_random_uuid()::text, repeat('x', 2000))");
        }

        public async ValueTask DisposeAsync()
        {
            await Trade.DisposeAsync();
            await Server.DisposeAsync();
        }
    }

    private async Task ClearAsync()
    {
        foreach (var folder in clusters.Distinct().Select(c => Path.Combine(ground, c)).Where(Directory.Exists))
            await TestCluster.RemoveAsync(folder);
        Directory.Delete(ground, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(ground))
            await ClearAsync();
    }
}

/// <summary>A server that was set up and stopped: to copy costs less than to set up again.</summary>
public sealed class NewMarket : IAsyncLifetime
{
    private readonly string folder = TestCluster.NewFolder();

    public async ValueTask InitializeAsync()
    {
        await using var server = await EmbeddedPostgres.StartAsync(new(folder, Disposable: true), NullLogger.Instance);
        await using var trade = new Trade(new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:SonLaMarket"] = server.AppConnectionString(), ["ConnectionStrings:SonLaMarketMigrator"] = server.OwnerConnectionString() });
        _ = trade.Site.Db;
    }

    /// <summary>The owner of the files stays as it is: the server runs as a user of its own where root starts it.</summary>
    public async Task CopyAsync(string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        // Nobody holds it: a run that starts meanwhile would take it for left behind.
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow);
        using var copy = Process.Start("cp", ["-a", folder, to]);
        await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, copy.ExitCode);
    }

    public async ValueTask DisposeAsync() => await TestCluster.RemoveAsync(folder);
}
