using Npgsql;
using Xunit;

namespace SonLaMarket.Tests.Support;

public sealed class TestDatabaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Clones_start_alike_and_do_not_see_each_other()
    {
        await using var one = await postgres.CloneAsync();
        await using var other = await postgres.CloneAsync();
        const string count = "select count(*) from foundation.commune";
        var before = await other.Db.SingleAsync<long>(count, ct: TestContext.Current.CancellationToken);

        await one.Db.ExecuteAsync("delete from foundation.commune_boundary", ct: TestContext.Current.CancellationToken);

        Assert.Equal(3321, before);
        Assert.Equal(75, await other.Db.SingleAsync<long>("select count(*) from foundation.commune_boundary", ct: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Application_runs_with_a_role_that_defines_nothing_and_rewrites_no_history()
    {
        await using var database = await postgres.CloneAsync();

        foreach (var sql in new[] { "create table foundation.mine (id int)", "drop table foundation.bank", "update accounts.audit set action = ''", "delete from migration.script" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => database.Db.ExecuteAsync(sql, ct: TestContext.Current.CancellationToken));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }
    }
}
