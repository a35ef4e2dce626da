using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using SonLaMarket.Checker;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>
/// F01, F02. Application and database are killed in turn at random moments while people place orders and pay, and VNPAY notifies fifty times a second. Whoever saw no
/// answer sends the same form again, and VNPAY its notification. Whatever a client was told still holds afterwards, and the database agrees with the payment side's own list.
/// </summary>
public sealed class KillTests
{
    /// <summary>Orders that VNPAY's notifications are about, beside the buyers'.</summary>
    private const int Waiting = 8;

    /// <summary>For machines that do other work meanwhile; what it took is printed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly int Buyers = Seeds.Rounds(10, 20);

    [Fact]
    public async Task Kills_between_placing_and_notification_lose_no_payment_and_sell_nothing_twice()
    {
        var seeds = Seeds.For("kills");
        var folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "slm-kill-" + Guid.NewGuid().ToString("N")[..8])).FullName;
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Database:Folder"] = Path.Combine(folder, "pg"),
            ["Files:Folder"] = Path.Combine(folder, "files"),
            ["Vnpay:SimulatorFile"] = Path.Combine(folder, "simulator.jsonl"),
            ["Checkout:PerMinute"] = "1000",
        };
        var (port, simulatorPort) = (RunningSite.FreePort(), RunningSite.FreePort());
        var site = await RunningSite.StartAsync(settings, port, simulatorPort, "--data", "reference");
        var (history, took) = (new History(), new Recoveries());
        try
        {
            var shelf = await StockAsync(folder);
            var rounds = Seeds.Rounds(4, 200);
            Verdict? verdict = null;
            for (var round = 0; round < rounds; round++)
            {
                var killApplication = round % 2 == 0;
                var selling = await SellingAsync(folder, shelf);
                Goods Any() => selling[seeds.Random.Next(selling.Count)];
                var silent = await Task.WhenAll(Enumerable.Range(0, Waiting).Select(_ => Any()).Select(async goods => (goods.Seller, Order: await RecordedBuyer.PlaceAsync(history, site.Url, "waiting", goods.Slug, "vnpay", patience: Patience))));
                var moments = new Moments();
                using var back = new CancellationTokenSource();
                var work = Enumerable.Range(0, Buyers).Select(_ => BuyAsync(history, site, Any().Slug, moments)).ToList();
                var notified = NotifyAsync(new Notifier(site.Url, history), [.. silent.Where(s => s.Order is not null).Select(s => (s.Seller, s.Order!))], new Random(seeds.Random.Next()), back.Token);
                // Two rounds in four from the first order, two from the first payment; where neither comes, from the end of the work.
                await Task.WhenAny(round % 4 < 2 ? moments.Placed.Task : moments.Paid.Task, Task.WhenAll(work));
                await Task.Delay(seeds.Random.Next(0, 600));
                if (killApplication)
                {
                    await site.KillAsync();
                    await site.DisposeAsync();
                    var restarted = Stopwatch.GetTimestamp();
                    site = await RunningSite.StartAsync(settings, port, simulatorPort, "--data", "reference");
                    await Until.TrueAsync(() => IsReadyAsync(site), "the site is not ready again");
                    took.Ready.Add(Stopwatch.GetElapsedTime(restarted));
                }
                else
                {
                    KillDatabase(folder);
                    var killed = Stopwatch.GetTimestamp();
                    await Until.TrueAsync(() => AnswersAsync(folder), "the database does not come back");
                    took.Database.Add(Stopwatch.GetElapsedTime(killed));
                    var recovered = Stopwatch.GetTimestamp();
                    await Until.TrueAsync(() => IsReadyAsync(site), "the site does not find the database again");
                    took.Site.Add(Stopwatch.GetElapsedTime(recovered));
                }
                await back.CancelAsync();
                await Task.WhenAll(work);
                await notified;
                verdict = await SettledAsync(history, site, folder, $"seed {seeds.Seed}, round {round}");
            }
            Assert.All(history.Calls.Where(c => c.Op == "place").GroupBy(c => c.Arg("form"), StringComparer.Ordinal), form => Assert.Contains(form, c => c.Outcome != Outcome.Unknown));
            Assert.True(history.Calls.Any(c => c is { Op: "pay", Outcome: Outcome.Ok }), "no payment came through in any round: the kills met nothing");
            var again = history.Calls.Where(c => c.Op == "place").GroupBy(c => c.Arg("form"), StringComparer.Ordinal).Count(form => form.Any(c => c.Outcome == Outcome.Unknown));
            Console.WriteLine($"kills, {rounds} rounds of {Buyers} buyers, {again} forms sent again, {took}, seed {seeds.Seed}: {verdict}");
            // The times are those of a quiet machine, which a long run has to itself.
            if (Seeds.Long)
                Assert.Empty(took.Late());
        }
        finally
        {
            await site.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The first of a round's buyers to come so far.</summary>
    private sealed record Moments
    {
        public TaskCompletionSource Placed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Paid { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>How long it took until the started program was ready, the killed database answered, and the site answered with it.</summary>
    private sealed record Recoveries
    {
        public List<TimeSpan> Ready { get; } = [];

        public List<TimeSpan> Database { get; } = [];

        public List<TimeSpan> Site { get; } = [];

        private (string What, List<TimeSpan> Took, int Seconds)[] All => [("ready", Ready, 5), ("database back", Database, 10), ("site after it", Site, 5)];

        /// <summary>What took longer than it may: the program is ready again within 5 s, the database within 10 s, and the site with it within 5 s more.</summary>
        public IEnumerable<string> Late() => All.Where(r => r.Took.Count == 0 || r.Took.Max().TotalSeconds > r.Seconds).Select(r => $"{r.What} {Of(r.Took)}, at most {r.Seconds} s");

        public override string ToString() => string.Join(", ", All.Select(r => $"{r.What} {Of(r.Took)} ({r.Seconds} s)"));

        /// <summary>In the middle and at most.</summary>
        private static string Of(List<TimeSpan> took) => took.Count == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{took.Order().ElementAt(took.Count / 2).TotalSeconds:0.0}/{took.Max().TotalSeconds:0.0} s");
    }

    /// <summary>Places, opens the payment page and pays; anything may fail on the way when the kill comes. Then the outcome is unknown, and either one is allowed, once.</summary>
    private static async Task BuyAsync(History history, RunningSite site, string listing, Moments moments)
    {
        if (await RecordedBuyer.PlaceAsync(history, site.Url, "buyer", listing, "vnpay", patience: Patience) is not { Payment: { } payment } order)
            return;
        moments.Placed.TrySetResult();
        using var simulator = new HttpClient { BaseAddress = new Uri(site.SimulatorUrl!) };
        var paid = await history.RecordAsync("buyer", "pay", new Dictionary<string, string>(StringComparer.Ordinal) { ["txnRef"] = order.TxnRef }, async () =>
        {
            await simulator.GetAsync(payment.PathAndQuery);
            using var answer = await simulator.PostAsJsonAsync("/control/pay/" + order.TxnRef, new { responseCode = "00" });
            // An error is no refusal: the money may be there.
            if ((int)answer.StatusCode >= 500)
                throw new HttpRequestException($"{answer.StatusCode}");
            return answer.IsSuccessStatusCode ? new Dictionary<string, string>(StringComparer.Ordinal) : null;
        });
        if (paid.Outcome == Outcome.Ok)
            moments.Paid.TrySetResult();
    }

    /// <summary>Fifty messages a second, right ones again and again and wrong ones, of one order after the other until told that the fault is over; then each until it is acknowledged, as VNPAY does.</summary>
    private static async Task NotifyAsync(Notifier vnpay, List<(Seller Seller, PlacedOrder Order)> orders, Random random, CancellationToken over)
    {
        var sent = new List<Task>();
        for (var n = 0; !over.IsCancellationRequested && orders.Count > 0; n++)
        {
            var (seller, order) = orders[n / 12 % orders.Count];
            sent.Add(vnpay.SendAsync(seller, order.TxnRef, order.AmountVnd, kind: random.Next(4) == 0 ? Tests.Support.Vnpay.Wrong[random.Next(Tests.Support.Vnpay.Wrong.Length)] : "genuine"));
            await Task.Delay(20, CancellationToken.None);
        }
        await Task.WhenAll(sent);
        foreach (var (seller, order) in orders)
            await Until.TrueAsync(async () => (await vnpay.SendAsync(seller, order.TxnRef, order.AmountVnd)).Saw("rspCode") is "00" or "02", "a notification is never acknowledged");
    }

    private static async Task<bool> IsReadyAsync(RunningSite site)
    {
        using var http = new HttpClient { BaseAddress = new Uri(site.Url), Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersAsync(string folder)
    {
        await using var source = Open(folder);
        try
        {
            return await new Db(source).SingleAsync<long>("select count(*) from orders.purchase") >= 0;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>What is under way goes on for a while: in the end there is nothing that must not be.</summary>
    private static async Task<Verdict> SettledAsync(History history, RunningSite site, string folder, string what)
    {
        using var simulator = new HttpClient { BaseAddress = new Uri(site.SimulatorUrl!) };
        Verdict? verdict = null;
        var reason = "";
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; await Task.Delay(500))
        {
            try
            {
                var paid = (await simulator.GetFromJsonAsync<JsonElement>("/control/payments")).EnumerateArray().Where(p => p.GetProperty("status").GetString() == "paid").Select(p => p.GetProperty("txnRef").GetString()!);
                // What was notified without the simulator is paid, too.
                var gateway = paid.Concat(history.Calls.Where(c => c.Op == "notify" && c.Arg("kind") == "genuine").Select(c => c.Arg("txnRef"))).ToHashSet(StringComparer.Ordinal);
                verdict = await Judge.JudgeAsync(history, ConnectionString(folder, EmbeddedPostgres.AppRole, 1), gateway);
                if (verdict.Count == 0)
                    return verdict;
            }
            catch (Exception e) when (e is NpgsqlException or HttpRequestException or TaskCanceledException)
            {
                reason = e.Message;
            }
        }
        await using var source = Open(folder);
        var heard = await new Db(source).QueryAsync<string>("select 'heard ' || txn_ref || ' ' || verdict || ' at ' || received_at from payments.notification where verdict <> 'recorded' order by id desc limit 12");
        Assert.Fail($"{what}: {verdict} {reason}\n{string.Join("; ", heard)}\n{await Judged.KeptAsync(history)}\n{string.Join('\n', site.Log.Split('\n').Where(l => !l.TrimStart().StartsWith("at ", StringComparison.Ordinal)).TakeLast(60))}");
        return verdict!;
    }

    private static void KillDatabase(string folder)
    {
        var pid = int.Parse(File.ReadLines(Path.Combine(folder, "pg", "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Sellers with goods for every round.</summary>
    private static async Task<Dictionary<string, Goods>> StockAsync(string folder)
    {
        await using var site = new Site(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:SonLaMarket"] = ConnectionString(folder, EmbeddedPostgres.AppRole, 1),
            ["ConnectionStrings:SonLaMarketMigrator"] = ConnectionString(folder, "sonlamarket_owner", 0),
        });
        var shop = new Shop(site);
        var shelf = new Dictionary<string, Goods>(StringComparer.Ordinal);
        for (var i = 0; i < Seeds.Rounds(6, 40); i++)
        {
            var goods = await shop.GoodsAsync(await shop.SellerAsync(), 190);
            shelf.Add(goods.Slug, goods);
        }
        return shelf;
    }

    private static async Task<List<Goods>> SellingAsync(string folder, Dictionary<string, Goods> shelf)
    {
        await using var source = Open(folder);
        return (await new Db(source).QueryAsync<string>("select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable order by l.id")).ConvertAll(slug => shelf[slug]);
    }

    private static NpgsqlDataSource Open(string folder)
    {
        TypeHandlers.Register();
        return NpgsqlDataSource.Create(ConnectionString(folder, EmbeddedPostgres.AppRole, 1));
    }

    /// <summary>As the program keeps them: the owner's password on the first line, the application's on the second.</summary>
    private static string ConnectionString(string folder, string role, int line) => new NpgsqlConnectionStringBuilder
    {
        Host = Path.Combine(folder, "pg", "s"),
        Username = role,
        Password = File.ReadAllLines(Path.Combine(folder, "pg", "passwords"))[line],
        Database = "sonlamarket",
        Pooling = false,
        Timeout = 5,
    }.ConnectionString;
}
