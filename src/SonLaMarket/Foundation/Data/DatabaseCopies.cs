using Npgsql;

namespace SonLaMarket.Foundation.Data;

/// <summary>Copies of the database that the settings name, and the way back: data files of a server of our own, pg_dump of a given one.</summary>
public static class DatabaseCopies
{
    private const string Cluster = "cluster";
    private const string Dumped = "dump";

    /// <summary>Copies the database, while it is used.</summary>
    /// <exception cref="BackupException">It could not be copied.</exception>
    public static async Task<BackupCopy> TakeAsync(IConfiguration configuration, BackupFolder to, TimeProvider clock, ILogger logger)
    {
        if (Given(configuration) is { } given)
            return await to.AddAsync(Dumped, clock, folder => DumpAsync(configuration, "pg_dump", given, ["--format=custom", "--no-password", "--file", Path.Combine(folder, "database.dump")]));
        await using var server = await EmbeddedPostgres.BorrowAsync(Database.Embedded(configuration), logger);
        var passwords = ClusterFolder.Look(configuration["Database:Folder"]).PasswordFile;
        return await to.AddAsync(Cluster, clock, async folder =>
        {
            await server.CopyToAsync(Path.Combine(folder, "data"));
            File.Copy(passwords, Path.Combine(folder, "passwords"));
        });
    }

    /// <summary>Brings a copy, and with <paramref name="until"/> the log after it, back into the empty database that the settings name.</summary>
    /// <exception cref="BackupException">The target is not empty, or the copy is of another kind.</exception>
    /// <exception cref="EmbeddedPostgresException">The folder holds a database, or the log does not reach the moment.</exception>
    public static async Task BringBackAsync(IConfiguration configuration, BackupFolder from, BackupCopy copy, DateTimeOffset? until, bool disposable, ILogger logger)
    {
        if (Given(configuration) is not { } given)
        {
            if (copy.Manifest.Kind != Cluster)
                throw new BackupException("This backup was made of a given server: name an empty database by ConnectionStrings__SonLaMarket to restore it.");
            await EmbeddedPostgres.RestoreAsync(Database.Embedded(configuration) with { Disposable = disposable }, copy.Data, copy.Passwords, from.HasWal ? from.Wal : null, until, logger);
            return;
        }
        if (copy.Manifest.Kind != Dumped)
            throw new BackupException("This backup was made of the market's own server: restore it without ConnectionStrings__SonLaMarket, into the folder Database__Folder.");
        if (until is not null)
            throw new BackupException("A given server is restored to a moment by its own archive; --at is for the market's own server.");
        await using (var source = NpgsqlDataSource.Create(given))
        await using (var tables = source.CreateCommand("select count(*) from pg_catalog.pg_tables where schemaname not in ('pg_catalog', 'information_schema')"))
        {
            if (await tables.ExecuteScalarAsync() is not 0L)
                throw new BackupException("The database that ConnectionStrings__SonLaMarket names is not empty: a restore wants an empty one.");
        }
        await DumpAsync(configuration, "pg_restore", given, ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--no-password", "--dbname", new NpgsqlConnectionStringBuilder(given).Database!, copy.Dump]);
    }

    /// <summary>The owner's way in, null for a server of our own.</summary>
    private static string? Given(IConfiguration configuration) =>
        configuration.GetConnectionString("SonLaMarket") is { Length: > 0 } app ? configuration.GetConnectionString("SonLaMarketMigrator") ?? app : null;

    private static async Task DumpAsync(IConfiguration configuration, string name, string connectionString, string[] args)
    {
        var program = PostgresBinaries.Find(configuration["Database:PostgresBin"], null)?.Program(name);
        if (!File.Exists(program))
            throw new BackupException($"{name} was not found: install PostgreSQL's client programs, or set Database__PostgresBin to their folder.");
        var to = new NpgsqlConnectionStringBuilder(connectionString);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = to.Host ?? "",
            ["PGPORT"] = to.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["PGUSER"] = to.Username ?? "",
            ["PGPASSWORD"] = to.Password ?? "",
            ["PGDATABASE"] = to.Database ?? "",
            ["PGSSLMODE"] = to.SslMode switch { SslMode.VerifyFull => "verify-full", SslMode.VerifyCA => "verify-ca", SslMode.Require => "require", SslMode.Disable => "disable", _ => "prefer" },
        };
        if (to.RootCertificate is { Length: > 0 } root)
            environment["PGSSLROOTCERT"] = root;
        var (code, output) = await Commands.RunAsync(program, args, null, environment);
        if (code != 0)
            throw new BackupException($"{name} failed: " + output.Trim().ReplaceLineEndings(" "));
    }
}
