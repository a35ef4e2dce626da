using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SonLaMarket.Catalog.Search;
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

    private readonly string program;

    private Market(DirectoryInfo folder, EmbeddedPostgres server, string program)
    {
        this.folder = folder;
        this.server = server;
        this.program = program;
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

    /// <param name="program">The marketplace as it was published.</param>
    public static async Task<Market> OpenAsync(int listings, string program, TextWriter log)
    {
        var folder = Directory.CreateTempSubdirectory("slm-bench-");
        // The server may run as another user, who has to get through to its own part.
        File.SetUnixFileMode(folder.FullName, (UnixFileMode)0b111_101_101);
        var market = new Market(folder, await EmbeddedPostgres.StartAsync(new(Path.Combine(folder.FullName, "database")), NullLogger.Instance), program);
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
        program,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ConnectionStrings__SonLaMarket"] = server.AppConnectionString(database),
            ["ConnectionStrings__SonLaMarketMigrator"] = server.OwnerConnectionString(database),
            ["Files__Folder"] = Path.Combine(folder.FullName, "files"),
            ["Vnpay__SimulatorUrl"] = "",
            ["Vnpay__PaymentUrl"] = "http://127.0.0.1:9/pay",
            ["Vnpay__TransactionUrl"] = "http://127.0.0.1:9/transaction",
            // The shoppers of a bench share two hundred browsers.
            ["Checkout__PerMinute"] = "1000000",
            ["Checkout__OpenHolds"] = "1000000",
            ["Checkout__OpenCash"] = "1000000",
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
        var copies = Math.Max(1, listings / (int)await Db.SingleAsync<long>("select count(*) from catalog.listing") - 1);
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.OwnerConnectionString()) { Pooling = false, CommandTimeout = 900 }.ConnectionString);
        await owner.OpenAsync();
        // Keys and triggers need not be checked: a copy of right rows, moved as a whole, is right.
        await RunAsync(owner, "set session_replication_role = replica; set maintenance_work_mem = '256MB'; set synchronous_commit = off");
        foreach (var table in Tables)
            await RunAsync(owner, await CopyAsync(table, copies));
        // Not the others: a table that is known to be empty is read from end to end, also when it is no longer empty.
        await RunAsync(owner, "vacuum analyze " + string.Join(", ", Tables));
        // What the marketplace does every hour: searches and lists are read with what is on the shelf now.
        await new KnownWords(Db, new Lexicons(Db)).RunAsync(CancellationToken.None);
        Listings = await Db.SingleAsync<long>("select count(*) from catalog.listing");
        Lots = [.. await Db.QueryAsync<string>("select code from origin.lot where id > @Step order by md5(code) limit 50000", new { Step })];
        Slugs = [.. await Db.QueryAsync<string>("select l.slug from catalog.listing l join catalog.search_entry s on s.listing_id = l.id and s.sellable and s.stock_units > 0 where l.id > @Step order by md5(l.slug) limit 50000", new { Step })];
    }

    /// <summary>Copy k of row n has the number n + k million.</summary>
    private const int Step = 1_000_000;

    private static readonly string[] Tables =
    [
        "producers.producer", "producers.producer_version", "producers.growing_area", "producers.certificate", "producers.product", "catalog.delivery_terms", "catalog.delivery_rate", "payments.terminal",
        "catalog.listing", "catalog.listing_version", "catalog.search_entry", "origin.lot", "origin.event", "origin.diary_entry", "origin.approved_product", "origin.lot_offer", "catalog.lot_stock",
    ];

    /// <summary>What a column says in copy k, by its name; the same in every table, so that copies belong together.</summary>
    private static string Value(string table, string column, string type) => (table, column) switch
    {
        ("origin.event", "event_hash") => "event_hash || '-' || k",
        ("origin.lot", "code") => "'B' || lpad((id + k * 1000)::text, 10, '0')",
        ("producers.product" or "producers.growing_area", "code") => "code || '-' || k",
        (_, "gtin" or "tax_code") => "null",
        // The secret is that of the original, which the last three characters name.
        (_, "tmn_code") => "lpad(upper(to_hex(k)), 5, 'Z') || right(tmn_code, 3)",
        (_, "slug" or "listing_slug") => $"{column} || '-' || k",
        (_, "published_at") => "published_at - make_interval(secs => k * 71)",
        // Nothing was ordered from a copy yet.
        ("catalog.lot_stock", "supplied" or "available") => "1000000000",
        ("catalog.lot_stock", "held" or "sold" or "written_off") => "0",
        (_, "certificate_ids") => "array(select md5(c::text || k)::uuid from unnest(certificate_ids) c)",
        (_, "id" or "event_id" or "corrects_id" or "growing_area_id") when type == "uuid" => $"md5({column}::text || k)::uuid",
        (_, "id" or "producer_id" or "product_id" or "listing_id" or "lot_id") => $"{column} + k * {Step}",
        _ => column,
    };

    /// <summary>All columns that the table has today, so that a new one needs no change here.</summary>
    private async Task<string> CopyAsync(string table, int copies)
    {
        var columns = await Db.QueryAsync<(string Name, string Type)>("select attname::text, format_type(atttypid, null) from pg_attribute where attrelid = @table::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum", new { table });
        return $"insert into {table} ({string.Join(", ", columns.Select(c => c.Name))}) overriding system value select {string.Join(", ", columns.Select(c => Value(table, c.Name, c.Type)))} from {table} cross join generate_series(1, {copies}) as k";
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
