using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Tests.Support;

/// <summary>A server for one run: in memory where the machine offers it, with templates to clone, gone at the end.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private const string Prefix = "sonlamarket-tests-";
    private readonly string folder;
    private readonly EmbeddedPostgres server;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, string> templates = new(StringComparer.Ordinal);
    private int clones;

    private TestCluster(string folder, EmbeddedPostgres server)
    {
        this.folder = folder;
        this.server = server;
    }

    private static string Ground => Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    /// <summary>A folder for one cluster; <see cref="SweepAsync"/> of a later run removes it should this one be killed.</summary>
    public static string NewFolder() => Path.Combine(Ground, Prefix + RandomNumberGenerator.GetHexString(8, lowercase: true));

    public static async Task<TestCluster> StartAsync()
    {
        await SweepAsync();
        var folder = NewFolder();
        return new(folder, await EmbeddedPostgres.StartAsync(new(folder, Disposable: true), NullLogger.Instance));
    }

    /// <summary>What a killed run left behind. A folder in use is held by its process and stays.</summary>
    private static async Task SweepAsync()
    {
        foreach (var left in Directory.GetDirectories(Ground, Prefix + "*").Where(d => Directory.GetLastWriteTimeUtc(d) < DateTime.UtcNow.AddMinutes(-2)))
        {
            try
            {
                await RemoveAsync(left);
            }
            catch (Exception e) when (e is EmbeddedPostgresException or IOException or UnauthorizedAccessException)
            {
                // Another run's, or another user's.
            }
        }
    }

    public static async Task RemoveAsync(string folder)
    {
        await EmbeddedPostgres.DeleteAsync(new(folder));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A database of its own: all scripts applied, reference tables loaded.</summary>
    public Task<TestDatabase> CloneAsync() => CloneAsync("reference", _ => Task.CompletedTask);

    /// <summary>A clone of the template <paramref name="name"/>, which the first caller fills on top of the reference tables.</summary>
    public async Task<TestDatabase> CloneAsync(string name, Func<TestDatabase, Task> fill)
    {
        string template;
        await gate.WaitAsync();
        try
        {
            template = await TemplateAsync(name, fill);
        }
        finally
        {
            gate.Release();
        }
        return await CloneOfAsync(template, $"clone_{Interlocked.Increment(ref clones)}");
    }

    private async Task<string> TemplateAsync(string name, Func<TestDatabase, Task> fill)
    {
        if (templates.TryGetValue(name, out var known))
            return known;
        var template = $"template_{Hash()}_{name}";
        await using (var database = name == "reference" ? await CreateAsync(template) : await CloneOfAsync(await TemplateAsync("reference", _ => Task.CompletedTask), template))
        {
            await fill(database);
            database.Keep();
        }
        return templates[name] = template;
    }

    private static string Hash() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Migrator.Scripts.Select(s => s.Text)))))[..12];

    private async Task<TestDatabase> CreateAsync(string name)
    {
        await ExecuteAsync($"create database {name}");
        var database = new TestDatabase(this, name);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(database.Settings).Build();
        await using var opened = await Database.OpenAsync(settings, Rooms(), NullLogger.Instance);
        return database;
    }

    /// <summary>In floor order, which is the order of the scripts.</summary>
    private static IEnumerable<IRoom> Rooms()
    {
        var floors = Migrator.Scripts.Select(s => s.Name[5..^4]).ToList();
        return typeof(Database).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IRoom)))
            .OrderBy(t => (uint)floors.IndexOf(t.Namespace!.Split('.')[^1].ToLowerInvariant()))
            .Select(t => (IRoom)Activator.CreateInstance(t)!);
    }

    private async Task<TestDatabase> CloneOfAsync(string template, string name)
    {
        await ExecuteAsync($"create database {name} template {template} strategy file_copy");
        return new(this, name);
    }

    /// <summary>What an application keeps in files beside a database; it goes with the cluster.</summary>
    internal string Files(string database, string name) => Path.Combine(folder, "of-" + database, name);

    internal string OwnerConnectionString(string database) => server.OwnerConnectionString(database);

    internal string AppConnectionString(string database) => server.AppConnectionString(database);

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.OwnerConnectionString("postgres")) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await RemoveAsync(folder);
        gate.Dispose();
    }
}

/// <summary>One database of the test server; dropped at the end.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly TestCluster cluster;
    private readonly NpgsqlDataSource source;
    private bool kept;

    internal TestDatabase(TestCluster cluster, string name)
    {
        this.cluster = cluster;
        Name = name;
        TypeHandlers.Register();
        var builder = new NpgsqlDataSourceBuilder(AppConnectionString + ";No Reset On Close=true");
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        source = builder.Build();
        Db = new Db(source);
    }

    public string Name { get; }

    /// <summary>The role that owns and migrates.</summary>
    public string OwnerConnectionString => cluster.OwnerConnectionString(Name);

    /// <summary>The role the application runs as.</summary>
    public string AppConnectionString => new NpgsqlConnectionStringBuilder(cluster.AppConnectionString(Name)) { MaxPoolSize = 30 }.ConnectionString;

    /// <summary>The database as the application's role sees it.</summary>
    public Db Db { get; }

    /// <summary>As the role that owns and migrates.</summary>
    public async Task OwnerAsync(string sql)
    {
        await using var owner = NpgsqlDataSource.Create(OwnerConnectionString);
        await new Db(owner).ExecuteAsync(sql);
    }

    /// <summary>What an application is given to run on this database: nothing of it lies where a market of this machine has its own.</summary>
    public Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["ConnectionStrings:SonLaMarket"] = AppConnectionString,
        ["ConnectionStrings:SonLaMarketMigrator"] = OwnerConnectionString,
        ["Files:Folder"] = cluster.Files(Name, "files"),
        ["Mail:Folder"] = cluster.Files(Name, "mail"),
    };

    internal void Keep() => kept = true;

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        if (!kept)
            await cluster.ExecuteAsync($"drop database {Name} with (force)");
    }
}
