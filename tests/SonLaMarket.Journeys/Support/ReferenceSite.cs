using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>For <c>IClassFixture&lt;ReferenceSite&gt;</c>: the program on a database with reference data and an officer, for the tests of a class.</summary>
public sealed class ReferenceSite(PostgresFixture postgres) : IAsyncLifetime
{
    public const string Officer = "can-bo@thu.invalid";

    private readonly DirectoryInfo files = Directory.CreateTempSubdirectory("slm-reference-");

    public TestDatabase Database { get; private set; } = null!;

    public RunningSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.CloneAsync();
        Site = await RunningSite.StartAsync(new Dictionary<string, string?>(Database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = files.FullName }, RunningSite.FreePort(), 0, "--data", "reference");
        await Steps.AddOfficerAsync(Database, Officer);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        await Database.DisposeAsync();
        files.Delete(recursive: true);
    }
}
