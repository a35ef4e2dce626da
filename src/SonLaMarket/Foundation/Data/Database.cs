using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>
/// The database of this process: the server that the settings name, or a private one of its own; migrated, with its
/// reference tables up to date, seen through the application's role.
/// </summary>
public sealed class Database : IAsyncDisposable
{
    private const long ReferenceLock = 0x53_4C_4E;
    private readonly IAsyncDisposable? server;

    private Database(NpgsqlDataSource source, IAsyncDisposable? server)
    {
        Source = source;
        this.server = server;
    }

    public NpgsqlDataSource Source { get; }

    /// <exception cref="ChangedScriptException">A script that already ran was changed.</exception>
    /// <exception cref="EmbeddedPostgresException">No server is given and none of our own can run.</exception>
    public static async Task<Database> OpenAsync(IConfiguration configuration, IEnumerable<IRoom> rooms, ILogger logger, CancellationToken ct = default)
    {
        TypeHandlers.Register();
        if (configuration.GetConnectionString("SonLaMarket") is { Length: > 0 } app)
            return await OpenAsync(app, configuration.GetConnectionString("SonLaMarketMigrator") ?? app, null, rooms, ct);
        var options = Embedded(configuration) with { Fresh = configuration.GetValue<bool>("fresh"), Archive = BackupFolder.WalOf(configuration) };
        var server = await EmbeddedPostgres.StartAsync(options, logger, ct);
        try
        {
            return await OpenAsync(server.AppConnectionString(), server.OwnerConnectionString(), server, rooms, ct);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The database as it is, also while another process uses it: nothing is made, migrated or loaded.</summary>
    /// <exception cref="EmbeddedPostgresException">No server is given and there is no database of our own.</exception>
    public static async Task<Database> LookAsync(IConfiguration configuration, ILogger logger, CancellationToken ct = default)
    {
        TypeHandlers.Register();
        if (configuration.GetConnectionString("SonLaMarket") is { Length: > 0 } app)
            return new(BuildSource(app), null);
        var server = await EmbeddedPostgres.BorrowAsync(Embedded(configuration), logger, ct);
        return new(BuildSource(server.AppConnectionString()), server);
    }

    internal static EmbeddedPostgresOptions Embedded(IConfiguration configuration) => new(configuration["Database:Folder"], configuration["Database:PostgresBin"]);

    private static async Task<Database> OpenAsync(string app, string owner, IAsyncDisposable? server, IEnumerable<IRoom> rooms, CancellationToken ct)
    {
        await Migrator.RunAsync(owner, new NpgsqlConnectionStringBuilder(app).Username!, ct);
        var database = new Database(BuildSource(app), server);
        await database.LoadReferenceAsync(rooms, ct);
        return database;
    }

    /// <summary>The reason for each setting that is not the default stands here.</summary>
    private static NpgsqlDataSource BuildSource(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.MaxAutoPrepare == 0)
        {
            // Halves the cost of a page: statements are planned once a connection (docs/performance.md).
            settings.MaxAutoPrepare = 100;
            settings.AutoPrepareMinUsages = 2;
        }
        if (!connectionString.Contains("pool size", StringComparison.OrdinalIgnoreCase) && !connectionString.Contains("MaxPoolSize", StringComparison.OrdinalIgnoreCase))
            settings.MaxPoolSize = 32;
        // Our statements run for milliseconds. One that is taken for a long one would be compiled first, for half a second.
        settings.Options ??= "-c jit=off";
        // Nothing of ours leaves a setting, a lock or a temporary table on a connection: the seven statements that would clear them before each use are saved.
        settings.NoResetOnClose = true;
        return BuildSource(settings);
    }

    internal static NpgsqlDataSource BuildSource(NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString)
        {
            // Otherwise metrics are labelled with the connection string, host and user included.
            Name = "sonlamarket",
        };
        // No type of our own is sent or read: the server isn't asked for its types at the start.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        return builder.Build();
    }

    private async Task LoadReferenceAsync(IEnumerable<IRoom> rooms, CancellationToken ct)
    {
        var seed = SeedFolder.Find();
        var db = new Db(Source);
        await using var tx = await db.BeginAsync(ct);
        await tx.ExecuteAsync("select pg_advisory_xact_lock(@ReferenceLock)", new { ReferenceLock }, ct);
        await ReferenceTables.LoadAsync(tx, seed, ct);
        foreach (var room in rooms)
            await room.LoadReferenceAsync(tx, seed, ct);
        await tx.CommitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }
}

/// <summary>Ready means that the database answers.</summary>
public sealed class DatabaseCheck(Db db) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await db.SingleAsync<int>("select 1", ct: cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or DatabaseBusyException)
        {
            return HealthCheckResult.Unhealthy();
        }
    }
}
