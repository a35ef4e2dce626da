using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using Xunit;

namespace SonLaMarket.Tests.Support;

/// <summary>For <c>IClassFixture&lt;MarketFixture&gt;</c>: one site on one database for the tests of a class, with a shop and a folder of files of its own.</summary>
public sealed class MarketFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "sonlamarket-" + Guid.NewGuid().ToString("N"));
    private int people;

    public TestDatabase Database { get; private set; } = null!;

    public Site Site { get; private set; } = null!;

    public Shop Shop { get; private set; } = null!;

    public Db Db => Database.Db;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CloneAsync();
        Site = new Site(Database, settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Files:Folder"] = folder, ["Mail:Folder"] = Path.Combine(folder, "mail") });
        Shop = new Shop(Site);
    }

    /// <summary>A browser signed in as a new person with the role, and that person.</summary>
    public async Task<(Browser Browser, Actor Actor, string SignIn)> SignInAsync(string role)
    {
        var signIn = $"mau-{role}{Interlocked.Increment(ref people)}@example.invalid";
        await using var tx = await Db.BeginAsync();
        var id = (await Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, $"Người mẫu {signIn}", Seller.Password, [role], IsSample: true, SecondFactorDemanded: false), Actor.System))!.Value;
        await tx.CommitAsync();
        return (await Site.Open().SignInAsync(signIn, Seller.Password), new Actor(id, role), signIn);
    }

    public Task<Browser> SignInAsync(Seller seller) => Site.Open().SignInAsync(seller.SignIn, Seller.Password);

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Database.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
