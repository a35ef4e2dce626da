using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

public sealed class EmbeddedPostgresTests : IAsyncDisposable
{
    private readonly string folder = TestCluster.NewFolder();

    [Fact]
    public async Task Second_start_finds_what_the_first_one_wrote()
    {
        await using (var first = await StartAsync())
            await RunAsync(first.OwnerConnectionString(), "create table note (word text); insert into note values ('mận hậu')");

        Assert.False(File.Exists(PidFile), "the first one was not stopped");
        await using var second = await StartAsync();
        Assert.Equal("mận hậu", await RunAsync(second.OwnerConnectionString(), "select word from note"));
    }

    [Fact]
    public async Task Fresh_start_forgets_the_data()
    {
        await using (var first = await StartAsync())
            await RunAsync(first.OwnerConnectionString(), "create table note (word text)");

        await using var second = await StartAsync(fresh: true);
        Assert.Equal(DBNull.Value, await RunAsync(second.OwnerConnectionString(), "select to_regclass('note')::text"));
    }

    [Fact]
    public async Task Fresh_start_refuses_a_folder_that_holds_something_else()
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "thesis.txt"), "years of work", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync(fresh: true));

        Assert.Contains("holds something else", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "data", "thesis.txt")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Interrupted_first_start_is_repeated()
    {
        await using (await StartAsync())
        {
        }
        Directory.Move(Path.Combine(folder, "data"), Path.Combine(folder, "data.new"));

        await using var server = await StartAsync();
        Assert.Equal(1, await RunAsync(server.AppConnectionString(), "select 1"));
    }

    [Fact]
    public async Task Killed_server_works_again_and_lost_nothing_committed()
    {
        await using var server = await StartAsync();
        await RunAsync(server.OwnerConnectionString(), "create table note (word text); insert into note values ('committed')");

        KillPostmaster();

        Assert.Equal("committed", await PatientlyAsync(server.OwnerConnectionString(), "select word from note"));
    }

    [Fact]
    public async Task Server_of_a_killed_process_is_adopted_and_stopped_by_the_next()
    {
        await using (var first = await StartAsync())
            await RunAsync(first.OwnerConnectionString(), "create table note (word text)");
        await LeaveRunningAsync();
        var left = PostmasterPid();

        await using (var second = await StartAsync())
        {
            Assert.Equal(left, PostmasterPid());
            Assert.Equal("note", await RunAsync(second.OwnerConnectionString(), "select to_regclass('note')::text"));
        }
        Assert.False(File.Exists(PidFile));
    }

    [Fact]
    public async Task Crash_of_both_is_recovered_from()
    {
        await using (var first = await StartAsync())
            await RunAsync(first.OwnerConnectionString(), "create table note (word text)");
        await LeaveRunningAsync();
        KillPostmaster();

        await using var second = await StartAsync();
        Assert.Equal("note", await RunAsync(second.OwnerConnectionString(), "select to_regclass('note')::text"));
    }

    [Fact]
    public async Task Second_process_on_the_same_folder_is_told_so_in_one_line()
    {
        await using var first = await StartAsync();

        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => StartAsync());

        Assert.Contains("Another process already uses the database", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(1, await RunAsync(first.AppConnectionString(), "select 1"));
    }

    [Fact]
    public async Task Missing_PostgreSQL_is_named_in_one_line()
    {
        var refused = await Assert.ThrowsAsync<EmbeddedPostgresException>(() =>
            EmbeddedPostgres.StartAsync(new(folder, Binaries: "/nonexistent"), NullLogger.Instance, TestContext.Current.CancellationToken));

        Assert.StartsWith("PostgreSQL 15 or newer was not found: install it", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Role_of_the_application_defines_nothing()
    {
        await using var server = await StartAsync();

        foreach (var ddl in new[] { "create table mine (word text)", "create schema mine", "create role mine", "create database mine" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(server.AppConnectionString(), ddl));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }

    [Fact]
    public async Task Folder_with_a_long_name_gets_its_socket_elsewhere()
    {
        var deep = Path.Combine(folder, new string('d', 100));
        await using (var server = await EmbeddedPostgres.StartAsync(new(deep, Disposable: true), NullLogger.Instance, TestContext.Current.CancellationToken))
            Assert.Equal(1, await RunAsync(server.AppConnectionString(), "select 1"));
        await TestCluster.RemoveAsync(deep);
        Directory.Delete(folder);
    }

    [Fact]
    public async Task Secrets_and_data_are_closed_to_other_users()
    {
        await using var server = await StartAsync();

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        string[] closed = ["passwords", "sonlamarket.key", "data", "s", "s/.s.PGSQL.5432"];
        Assert.All(closed, name => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Path.Combine(folder, name)) & others));
        Assert.False(File.Exists(Path.Combine(folder, "owner.pw")));
    }

    private string PidFile => Path.Combine(folder, "data", "postmaster.pid");

    private Task<EmbeddedPostgres> StartAsync(bool fresh = false) =>
        EmbeddedPostgres.StartAsync(new(folder, Fresh: fresh, Disposable: true), NullLogger.Instance, TestContext.Current.CancellationToken);

    private int PostmasterPid() => int.Parse(File.ReadLines(PidFile).First(), CultureInfo.InvariantCulture);

    private void KillPostmaster()
    {
        using var postmaster = Process.GetProcessById(PostmasterPid());
        postmaster.Kill();
        postmaster.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>The state after kill -9 of the application: the server runs, nobody holds the folder.</summary>
    private async Task LeaveRunningAsync()
    {
        var binaries = PostgresBinaries.Find(null, null)!;
        var start = new ProcessStartInfo(binaries.Program("pg_ctl"))
        {
            ArgumentList = { "-s", "start", "-w", "-D", Path.Combine(folder, "data"), "-l", Path.Combine(folder, "data", "server.log"), "-o", $"-c listen_addresses= -c unix_socket_directories={folder}/s" },
            WorkingDirectory = "/",
        };
        if (Environment.IsPrivilegedProcess)
            start.UserName = File.ReadLines("/etc/passwd").Any(l => l.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static async Task<object?> RunAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> PatientlyAsync(string connectionString, string sql)
    {
        for (var left = 100; ; left--)
        {
            try
            {
                return await RunAsync(connectionString, sql);
            }
            catch (NpgsqlException) when (left > 0)
            {
                await Task.Delay(200, TestContext.Current.CancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(folder))
            await TestCluster.RemoveAsync(folder);
    }
}
