using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace SonLaMarket.Tests.Support;

/// <summary>The run's database server: started by the first test that needs it, stopped with the run.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly Lazy<Task<TestCluster>> cluster = new(TestCluster.StartAsync);

    public async Task<TestDatabase> CloneAsync() => await (await cluster.Value).CloneAsync();

    /// <inheritdoc cref="TestCluster.CloneAsync(string, Func{TestDatabase, Task})"/>
    public async Task<TestDatabase> CloneAsync(string template, Func<TestDatabase, Task> fill) => await (await cluster.Value).CloneAsync(template, fill);

    public async ValueTask DisposeAsync()
    {
        if (cluster is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await cluster.Value).DisposeAsync();
    }
}

/// <summary>For <c>IClassFixture&lt;DatabaseFixture&gt;</c>: one database, with reference tables, for the tests of a class.</summary>
public sealed class DatabaseFixture(PostgresFixture postgres) : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public Db Db => Database.Db;

    public async ValueTask InitializeAsync() => Database = await postgres.CloneAsync();

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
