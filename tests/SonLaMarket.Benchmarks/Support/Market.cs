using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Benchmarks.Support;

/// <summary>
/// A throw-away database server with two databases: the demonstration province as people see it, and the same province
/// multiplied to the size that is measured. Nothing is invented beside the province: each row is a copy of one of its rows.
/// </summary>
public sealed class Market : IAsyncDisposable
{
    public const string Large = "sonlamarket";
    public const string Province = "province";
    private readonly DirectoryInfo folder;
    private readonly EmbeddedPostgres server;
    private readonly NpgsqlDataSource source;

    private Market(DirectoryInfo folder, EmbeddedPostgres server)
    {
        this.folder = folder;
        this.server = server;
        TypeHandlers.Register();
        source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.AppConnectionString()) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 }.ConnectionString);
        Db = new Db(source);
    }

    /// <summary>The large database as the application's role sees it.</summary>
    public Db Db { get; }

    public long Listings { get; private set; }

    /// <summary>Codes of lots, and addresses of listings that can be bought.</summary>
    public string[] Lots { get; private set; } = [];

    public string[] Slugs { get; private set; } = [];

    public static async Task<Market> OpenAsync(int listings, TextWriter log)
    {
        var folder = Directory.CreateTempSubdirectory("slm-bench-");
        // The server may run as another user, who has to get through to its own part.
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var market = new Market(folder, await EmbeddedPostgres.StartAsync(new(Path.Combine(folder.FullName, "database")), NullLogger.Instance));
        try
        {
            await log.WriteLineAsync("loading the demonstration province");
            await using (var product = market.StartProduct(Large, probed: false))
                await product.AnswersAsync("/health/ready");
            await market.OwnAsync("postgres", $"create database {Province} template {Large}");
            await log.WriteLineAsync($"multiplying it to {listings} listings");
            await market.MultiplyAsync(listings);
        }
        catch
        {
            await market.DisposeAsync();
            throw;
        }
        return market;
    }

    /// <summary>The marketplace itself on one of the two databases.</summary>
    public Measured StartProduct(string database, bool probed = true) => Measured.Start(
        Path.Combine(SonLaMarket.Tests.Support.Repository.Root, "src/SonLaMarket/bin/Release/net10.0/SonLaMarket.dll"),
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__SonLaMarket"] = server.AppConnectionString(database),
            ["ConnectionStrings__SonLaMarketMigrator"] = server.OwnerConnectionString(database),
            ["Files__Folder"] = Path.Combine(folder.FullName, "files"),
            ["Vnpay__SimulatorUrl"] = "",
            ["Vnpay__PaymentUrl"] = "http://127.0.0.1:9/pay",
            ["Vnpay__TransactionUrl"] = "http://127.0.0.1:9/transaction",
            ["Logging__LogLevel__Default"] = "Error",
        },
        probed, "--environment", "Demonstration");

    /// <summary>The limit program on the large database.</summary>
    public Measured StartLimit(bool probed = true) => Measured.Start(
        typeof(Market).Assembly.Location, new Dictionary<string, string>(StringComparer.Ordinal) { ["ConnectionStrings__SonLaMarket"] = server.AppConnectionString() }, probed, "limit");

    /// <summary>Seconds of CPU of the database server with all its processes.</summary>
    public double DatabaseCpu() => Postmaster is var root ? Proc.Cpu(root) + Proc.Children(root).Sum(Proc.Cpu) : 0;

    public long DatabaseMemory() => Postmaster is var root ? Proc.Memory(root) + Proc.Children(root).Sum(Proc.Memory) : 0;

    private int Postmaster => int.Parse(File.ReadLines(Path.Combine(folder.FullName, "database/data/postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>What PostgreSQL's own programs are told about the large database.</summary>
    public IReadOnlyDictionary<string, string> PgEnvironment()
    {
        var app = new NpgsqlConnectionStringBuilder(server.AppConnectionString());
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["PGHOST"] = app.Host!, ["PGUSER"] = app.Username!, ["PGPASSWORD"] = app.Password!, ["PGDATABASE"] = app.Database! };
    }

    private async Task MultiplyAsync(int listings)
    {
        const string step = "1000000";
        var copies = Math.Max(1, listings / (int)await Db.SingleAsync<long>("select count(*) from catalog.listing") - 1);
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.OwnerConnectionString()) { Pooling = false, CommandTimeout = 900 }.ConnectionString);
        await owner.OpenAsync();
        // Keys and triggers need not be checked: a copy of a right row, moved as a whole, is right.
        await RunAsync(owner, "set session_replication_role = replica; set maintenance_work_mem = '256MB'; set synchronous_commit = off");
        (string Table, (string Column, string Value)[] Changes)[] tables =
        [
            ("producers.product", [("id", $"id + k * {step}"), ("code", "code || '-' || k"), ("gtin", "null")]),
            ("catalog.listing", [("id", $"id + k * {step}"), ("slug", "slug || '-' || k"), ("product_id", $"product_id + k * {step}"), ("published_at", "published_at - make_interval(secs => k * 71)")]),
            ("catalog.listing_version", [("listing_id", $"listing_id + k * {step}"), ("gtin", "null")]),
            ("catalog.search_entry", [("listing_id", $"listing_id + k * {step}"), ("published_at", "published_at - make_interval(secs => k * 71)")]),
            ("origin.lot", [("id", $"id + k * {step}"), ("product_id", $"product_id + k * {step}"), ("code", "'B' || lpad((id + k * 1000)::text, 10, '0')")]),
            ("origin.event", [("id", "md5(id::text || k)::uuid"), ("lot_id", $"lot_id + k * {step}"), ("corrects_id", "md5(corrects_id::text || k)::uuid")]),
            ("origin.diary_entry", [("event_id", "md5(event_id::text || k)::uuid"), ("lot_id", $"lot_id + k * {step}")]),
            ("origin.approved_product", [("product_id", $"product_id + k * {step}"), ("gtin", "null"), ("listing_slug", "listing_slug || '-' || k")]),
            ("origin.lot_offer", [("lot_id", $"lot_id + k * {step}"), ("listing_slug", "listing_slug || '-' || k")]),
            ("catalog.lot_stock", [("lot_id", $"lot_id + k * {step}"), ("product_id", $"product_id + k * {step}"), ("supplied", "supplied + 1000000000"), ("available", "available + 1000000000")]),
        ];
        foreach (var (table, changes) in tables)
            await RunAsync(owner, await CopyAsync(table, copies, changes));
        await RunAsync(owner, "vacuum analyze");
        Listings = await Db.SingleAsync<long>("select count(*) from catalog.listing");
        Lots = [.. await Db.QueryAsync<string>("select code from origin.lot where id > 1000000 order by md5(code) limit 50000")];
        Slugs = [.. await Db.QueryAsync<string>("select l.slug from catalog.listing l join catalog.search_entry s on s.listing_id = l.id and s.sellable and s.stock_units > 0 where l.id > 1000000 order by md5(l.slug) limit 50000")];
    }

    /// <summary>All columns that the table has today, so that a new one needs no change here.</summary>
    private async Task<string> CopyAsync(string table, int copies, (string Column, string Value)[] changes)
    {
        var columns = await Db.QueryAsync<string>("select attname::text from pg_attribute where attrelid = @table::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum", new { table });
        var values = columns.Select(c => Array.Find(changes, x => x.Column == c) is { Value: { } value } ? value : c);
        return $"insert into {table} ({string.Join(", ", columns)}) overriding system value select {string.Join(", ", values)} from {table} cross join generate_series(1, {copies}) as k";
    }

    public async Task OwnAsync(string database, string sql)
    {
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.OwnerConnectionString(database)) { Pooling = false }.ConnectionString);
        await owner.OpenAsync();
        await RunAsync(owner, sql);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 900 };
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await server.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
