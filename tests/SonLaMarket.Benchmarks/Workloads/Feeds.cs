using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SonLaMarket.Benchmarks.Support;
using SonLaMarket.Exports;
using SonLaMarket.Exports.Writers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Benchmarks.Workloads;

/// <summary>
/// P11: what the application needs beyond its rest while the files of all platforms are made anew, as after every change of a listing; what readers of pages feel of
/// it; how soon a file begins to come; and one profile's files beside COPY TO STDOUT of the same statement.
/// </summary>
public sealed class Feeds : IWorkload
{
    private const string Rebuild = """insert into jobs.job (kind, payload, run_at, created_at) values ('RebuildFeeds>Rebuilds', '{"Cause":"change"}', now(), now())""";

    public string Name => "feeds";

    public bool Alone => true;

    public async Task RunAsync(Bench bench)
    {
        await using var product = bench.Market.StartProduct(Market.Large, probed: false);
        await product.AnswersAsync("/health/ready");
        bench.Report.Line($"### Files of all platforms, {bench.Market.Listings} listings");
        bench.Report.Line();
        bench.Report.Line("| round | rows in files | seconds | application before, MB | most, MB |");
        bench.Report.Line("|---|---|---|---|---|");
        var growth = 0.0;
        // The first also compiles what is called for the first time.
        for (var round = 0; round <= bench.Rounds; round++)
        {
            await WaitAsync(bench, null);
            await Task.Delay(TimeSpan.FromSeconds(2));
            var before = Proc.Resident(product.ProcessId) / 1e6;
            var last = await bench.Market.Db.SingleAsync<long>("select coalesce(max(id), 0) from exports.run");
            var clock = Stopwatch.StartNew();
            await bench.Market.Db.ExecuteAsync(Rebuild);
            var most = await WaitAsync(bench, product);
            var rows = await bench.Market.Db.SingleAsync<long>("select sum(r.exported * (select count(*) from exports.run_file f where f.run_id = r.id))::bigint from exports.run r where r.id > @last", new { last });
            bench.Report.Line($"| {round} | {rows} | {Report.N(clock.Elapsed.TotalSeconds, 1)} | {Report.N(before, 0)} | {Report.N(most, 0)} |");
            growth = round == 0 ? 0 : Math.Max(growth, most - before);
        }
        bench.Report.Line();
        bench.Report.AtMost("P11 growth while files are made, MB", growth, 64, 0);
        bench.Report.AtMost("P11 median of a page while files are made, times that at rest", await MeanwhileAsync(bench, product), 1.5);
        bench.Report.AtMost("P11 first byte of a file, ms", await FirstByteAsync(bench, product), 200, 0);
        bench.Report.Line();
        await BesideCopyAsync(bench);
        bench.Report.Line();
    }

    /// <summary>One reader, page after page, each made anew for it: at rest, then while all files are made.</summary>
    private static async Task<double> MeanwhileAsync(Bench bench, Measured product)
    {
        using var connection = await HttpConnection.OpenAsync(product.Url);
        var random = new Random(1);
        async Task<double> MedianAsync(Func<bool> goesOn)
        {
            var took = new List<double>();
            while (took.Count < 20 || goesOn())
            {
                var clock = Stopwatch.StartNew();
                await connection.SendAsync(HttpConnection.Get(product.Url, "/san-pham/" + Bench.Any(random, bench.Market.Slugs), Bench.Uncached));
                took.Add(clock.Elapsed.TotalMilliseconds);
            }
            took.Sort();
            return took[took.Count / 2];
        }
        var rest = Stopwatch.StartNew();
        var quiet = await MedianAsync(() => rest.Elapsed.TotalSeconds < 3);
        await bench.Market.Db.ExecuteAsync(Rebuild);
        var made = WaitAsync(bench, null);
        var busy = await MedianAsync(() => !made.IsCompleted);
        await made;
        bench.Report.Line($"- median of a page at rest {Report.N(quiet, 2)} ms, while files are made {Report.N(busy, 2)} ms");
        return busy / quiet;
    }

    /// <summary>The slowest of some.</summary>
    private static async Task<double> FirstByteAsync(Bench bench, Measured product)
    {
        const string token = "bench-first-byte";
        await bench.Market.Db.ExecuteAsync("insert into exports.feed_token (profile_code, token_hash, label, created_at) values ('google-merchant', @hash, 'Đo', now())", new { hash = Codes.Hash(token) });
        using var client = new HttpClient { BaseAddress = product.Url };
        var most = 0.0;
        for (var i = 0; i < 10; i++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await client.GetAsync(new Uri("/feeds/google-merchant.xml?token=" + token, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            await using var body = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[1]);
            // The first also compiles what is called for the first time.
            most = i == 0 ? 0 : Math.Max(most, clock.Elapsed.TotalMilliseconds);
        }
        return most;
    }

    /// <summary>Reading, checks, the file of the run and the writer, beside what PostgreSQL sends of the same statement as CSV. Both by one connection into nothing.</summary>
    private static async Task BesideCopyAsync(Bench bench)
    {
        var site = new SiteOptions { PublicBaseUrl = "https://cho.example" };
        var today = Vietnamese.Today(TimeProvider.System);
        var profile = Profile.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profiles", "open.json")));
        var app = bench.Market.PgEnvironment();
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder { Host = app["PGHOST"], Username = app["PGUSER"], Password = app["PGPASSWORD"], Database = app["PGDATABASE"] }.ConnectionString);
        await connection.OpenAsync();
        var copy = double.MaxValue;
        for (var round = 0; round <= bench.Rounds; round++)
            copy = Math.Min(copy, await SecondsAsync(async () =>
            {
                var buffer = new char[1 << 16];
                using var text = await connection.BeginTextExportAsync($"copy ({ExportListing.Select.Replace("@today", string.Create(CultureInfo.InvariantCulture, $"date '{today:yyyy-MM-dd}'"), StringComparison.Ordinal)}) to stdout (format csv)");
                while (await text.ReadAsync(buffer) > 0)
                {
                }
            }));
        bench.Report.Line($"### One profile's files of {bench.Market.Listings:N0} listings, beside COPY TO STDOUT");
        bench.Report.Line();
        bench.Report.Line("| format | rows | seconds | COPY, seconds | speed of COPY's |");
        bench.Report.Line("|---|---|---|---|---|");
        var speeds = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var format in (string[])["csv", "xlsx"])
        {
            var (best, count) = (double.MaxValue, 0);
            for (var round = 0; round <= bench.Rounds; round++)
                best = Math.Min(best, await SecondsAsync(async () =>
                {
                    var check = new RowCheck(profile, site, today);
                    using var rows = new RowSpool(Path.Combine(Path.GetTempPath(), $"sonlamarket-rows-{Guid.NewGuid():N}"), profile.Columns.Length);
                    await foreach (var listing in ExportListing.StreamAsync(bench.Market.Db, today, CancellationToken.None))
                    {
                        if (check.Make(listing).Row is { } row)
                            rows.Add(new(listing.Id, row));
                    }
                    count = rows.Count;
                    await FileSet.WriteAsync(Stream.Null, format, profile, site.PublicBaseUrl, rows.Rows().Select(r => r.Cells));
                }));
            speeds[format] = copy / best;
            bench.Report.Line($"| {format} | {count:N0} | {Report.N(best, 2)} | {Report.N(copy, 2)} | {Report.N(speeds[format], 2)} |");
        }
        bench.Report.Line();
        bench.Report.AtLeast("P11 csv, speed of COPY TO STDOUT's", speeds["csv"], 0.5);
        bench.Report.AtLeast("P11 xlsx, speed of COPY TO STDOUT's", speeds["xlsx"], 0.1);
    }

    private static async Task<double> SecondsAsync(Func<Task> work)
    {
        var clock = Stopwatch.StartNew();
        await work();
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Until nothing is being made any more; the most memory that was seen meanwhile.</summary>
    private static async Task<double> WaitAsync(Bench bench, Measured? product)
    {
        const string open = "select count(*) from jobs.job where kind = 'RebuildFeeds>Rebuilds' and done_at is null and dead_at is null";
        var most = 0.0;
        while (await bench.Market.Db.SingleAsync<long>(open) > 0)
        {
            most = Math.Max(most, product is null ? 0 : Proc.Resident(product.ProcessId) / 1e6);
            await Task.Delay(20);
        }
        return most;
    }
}
