using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

[assembly: AssemblyFixture(typeof(Province))]

namespace SonLaMarket.Journeys.Support;

/// <summary>The demonstration province on two instances of the program with one database and one folder of files, as behind a load balancer.</summary>
public sealed class Province : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private readonly DirectoryInfo files = Directory.CreateTempSubdirectory("slm-province-");
    private RunningSite? first;
    private RunningSite? second;

    public TestDatabase Database { get; private set; } = null!;

    public string FilesFolder => files.FullName;

    public RunningSite First => first!;

    public RunningSite Second => second!;

    /// <summary>Started by the first test that needs it.</summary>
    public async Task StartAsync(PostgresFixture postgres)
    {
        await gate.WaitAsync();
        try
        {
            if (first is not null)
                return;
            Database = await postgres.CloneAsync();
            var settings = new Dictionary<string, string?>(Database.Settings, StringComparer.Ordinal) { ["Files:Folder"] = files.FullName };
            // The samples may follow reference data.
            await (await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0, "--data", "reference")).DisposeAsync();
            first = await RunningSite.StartAsync(settings, RunningSite.FreePort(), RunningSite.FreePort());
            second = await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0);
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (second is not null)
            await second.DisposeAsync();
        if (first is not null)
            await first.DisposeAsync();
        files.Delete(recursive: true);
        gate.Dispose();
    }
}
