using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Shape;

/// <summary>The scripts, the journal, the rights of the application's role, and db/schema.sql as their mirror.</summary>
public sealed class SchemaTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const string Majors = "PostgreSQL 15 to 18 write the same catalogue texts for what we use";

    [Fact]
    public async Task The_file_schema_sql_is_the_present_shape()
    {
        await using var owner = Owner();
        var present = await SchemaWriter.WriteAsync(new Db(owner));
        var file = Path.Combine(Repository.Root, "db", "schema.sql");
        if (Environment.GetEnvironmentVariable("SONLAMARKET_WRITE_SCHEMA") == "1")
            await File.WriteAllTextAsync(file, present, TestContext.Current.CancellationToken);
        Assert.True(present == await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), $"db/schema.sql differs: run the tests once with SONLAMARKET_WRITE_SCHEMA=1 and look at the difference ({Majors})");
    }

    [Fact]
    public async Task Every_constraint_has_a_name_of_ours()
    {
        var unnamed = await fixture.Db.QueryAsync<string>("""
            select c.conrelid::regclass || ': ' || c.conname from pg_constraint c join pg_namespace n on n.oid = c.connamespace
            where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public', 'migration') and c.contype in ('c', 'f', 'u', 'p')
              and c.conname ~ '(_pkey|_fkey\d*|_check\d*)$'
            """);
        Assert.Empty(unnamed);
    }

    [Fact]
    public async Task Histories_refuse_the_application_and_even_the_owner()
    {
        string[] histories = await HistoriesAsync();
        Assert.Contains("origin.event", histories);
        Assert.Contains("accounts.audit", histories);
        Assert.Contains("payments.ledger_line", histories);
        await using var owner = Owner();
        foreach (var table in histories)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => fixture.Db.ExecuteAsync($"delete from {table}"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            Assert.Equal("23001", (await Assert.ThrowsAsync<PostgresException>(() => new Db(owner).ExecuteAsync($"delete from {table}"))).SqlState);
        }
    }

    [Fact]
    public async Task The_application_defines_nothing()
    {
        foreach (var ddl in new[] { "create table catalog.mine (id int)", "alter table catalog.listing add column mine int", "drop table catalog.listing", "truncate catalog.listing", "create schema mine" })
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => fixture.Db.ExecuteAsync(ddl))).SqlState);
    }

    [Fact]
    public async Task Four_starters_at_once_and_one_more_change_nothing()
    {
        var before = await fixture.Db.SingleAsync<long>("select count(*) from pg_class");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Migrator.RunAsync(fixture.Database.OwnerConnectionString, EmbeddedPostgres.AppRole, TestContext.Current.CancellationToken)));
        Assert.Equal(before, await fixture.Db.SingleAsync<long>("select count(*) from pg_class"));
    }

    private Task<string[]> HistoriesAsync() => fixture.Db.QueryAsync<string>("select distinct tgrelid::regclass::text from pg_trigger where tgfoid = 'foundation.refuse_change'::regproc order by 1").ContinueWith(t => t.Result.ToArray(), TaskScheduler.Default);

    private NpgsqlDataSource Owner() => NpgsqlDataSource.Create(fixture.Database.OwnerConnectionString);
}

/// <summary>A script that was changed after it ran stops the start, by name.</summary>
public sealed class ChangedScriptTests(PostgresFixture postgres)
{
    [Fact]
    public async Task A_changed_script_is_refused_with_its_name()
    {
        await using var database = await postgres.CloneAsync();
        await database.OwnerAsync("update migration.script set sha256 = 'other' where name = '0002_jobs.sql'");
        var refused = await Assert.ThrowsAsync<ChangedScriptException>(() => Migrator.RunAsync(database.OwnerConnectionString, EmbeddedPostgres.AppRole, TestContext.Current.CancellationToken));
        Assert.Contains("0002_jobs.sql", refused.Message, StringComparison.Ordinal);
    }
}
