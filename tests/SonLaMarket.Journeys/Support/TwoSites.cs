using SonLaMarket.Tests.Support;
using Vnpay.Simulator;

namespace SonLaMarket.Journeys.Support;

/// <summary>Two instances of the program on one database of their own, both asking one VNPAY, and a shop to fill their shelves.</summary>
public sealed class TwoSites(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly DirectoryInfo files = Directory.CreateTempSubdirectory("slm-two-sites-");
    private Site filling = null!;
    private SimulatorHost vnpay = null!;

    public TestDatabase Database { get; private set; } = null!;

    public RunningSite First { get; private set; } = null!;

    public RunningSite Second { get; private set; } = null!;

    public Shop Shop { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CloneAsync();
        filling = new Site(Database);
        Shop = new Shop(filling);
        vnpay = await SimulatorHost.StartAsync(new SimulatorOptions { Url = "http://127.0.0.1:0", Terminals = code => ValueTask.FromResult<string?>("SECRET" + code) });
        var settings = new Dictionary<string, string?>(Database.Settings, StringComparer.Ordinal)
        {
            ["Files:Folder"] = files.FullName,
            ["Vnpay:PaymentUrl"] = vnpay.PaymentUrl,
            ["Vnpay:TransactionUrl"] = vnpay.TransactionUrl,
        };
        First = await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0, "--data", "reference");
        Second = await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0, "--data", "reference");
    }

    /// <summary>One or the other.</summary>
    public RunningSite Any(Random random) => random.Next(2) == 0 ? First : Second;

    public async ValueTask DisposeAsync()
    {
        await First.DisposeAsync();
        await Second.DisposeAsync();
        await vnpay.DisposeAsync();
        await filling.DisposeAsync();
        await Database.DisposeAsync();
        files.Delete(recursive: true);
    }
}
