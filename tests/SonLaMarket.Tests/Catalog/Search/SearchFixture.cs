using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>The site over the generated market, in the middle of June. 10 thousand listings; 100 thousand in a long run.</summary>
public sealed class SearchFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("SONLAMARKET_LONG") == "1";

    public static int Listings => Long ? 100_000 : 10_000;

    public TestDatabase Database { get; private set; } = null!;

    public Site Site { get; private set; } = null!;

    public Db Db => Database.Db;

    public IReadOnlyList<Fact> Facts { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Facts = GeneratedMarket.Make(Listings);
        Database = await postgres.CloneAsync($"search_{Listings}", d => GeneratedMarket.FillAsync(d, Listings));
        var clock = new FakeTimeProvider(new DateTimeOffset(GeneratedMarket.Today, new TimeOnly(9, 0), TimeSpan.FromHours(7)));
        Site = new Site(Database, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Database.DisposeAsync();
    }
}
