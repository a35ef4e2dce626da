using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using SonLaMarket.Checker;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Journeys.Faults;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>
/// Application and database are killed in turn at random moments between placing an order and the answer to VNPAY's
/// notification. Whatever a client was told afterwards still holds, and orders, stock and payments agree with the
/// payment side's own list.
/// </summary>
public sealed class KillTests
{
    private const int Buyers = 6;

    [Fact]
    public async Task Kills_between_placing_and_notification_lose_no_payment_and_sell_nothing_twice()
    {
        var random = Rounds.Seeded("kills");
        var folder = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "slm-kill-" + Guid.NewGuid().ToString("N")[..8])).FullName;
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:Folder"] = Path.Combine(folder, "pg"), ["Files:Folder"] = Path.Combine(folder, "files"), ["Vnpay:SimulatorFile"] = Path.Combine(folder, "simulator.jsonl") };
        var (port, simulatorPort) = (RunningSite.FreePort(), RunningSite.FreePort());
        var site = await RunningSite.StartAsync(settings, port, simulatorPort, "--data", "reference");
        try
        {
            await StockAsync(folder);
            var paid = 0;
            var history = new History();
            for (var round = 0; round < Rounds.Of(4, 200); round++)
            {
                var killApplication = round % 2 == 0;
                var listings = await SellingAsync(folder);
                var moments = new Moments();
                var work = Enumerable.Range(0, Buyers).Select(_ => BuyAsync(history, site, listings[random.Next(listings.Count)], moments)).ToList();
                // Two rounds in four from the first order, two from the first payment; where neither comes, from the end of the work.
                await Task.WhenAny(round % 4 < 2 ? moments.Placed.Task : moments.Paid.Task, Task.WhenAll(work));
                await Task.Delay(random.Next(0, 600));
                if (killApplication)
                    await site.KillAsync();
                else
                    KillDatabase(folder);
                await Task.WhenAll(work);
                if (killApplication)
                {
                    await site.DisposeAsync();
                    site = await RunningSite.StartAsync(settings, port, simulatorPort, "--data", "reference");
                }
                paid = await AgreesAsync(site, folder, round);
            }
            await JudgeAsync(history, site, folder);
            Assert.True(paid > 0, "no payment came through in any round: the kills met nothing");
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

    /// <summary>Places, opens the payment page and pays; anything may fail on the way when the kill comes. Then the outcome is unknown, and either one is allowed, once.</summary>
    private static async Task BuyAsync(History history, RunningSite site, string listing, Moments moments)
    {
        if (await RecordedBuyer.PlaceAsync(history, site.Url, "buyer", listing, "vnpay") is not { Payment: { } payment } order)
            return;
        moments.Placed.TrySetResult();
        using var simulator = new HttpClient { BaseAddress = new Uri(site.SimulatorUrl!) };
        var paid = await history.RecordAsync("buyer", "pay", new Dictionary<string, string>(StringComparer.Ordinal) { ["txnRef"] = order.TxnRef }, async () =>
        {
            await simulator.GetAsync(payment.PathAndQuery);
            using var answer = await simulator.PostAsJsonAsync("/control/pay/" + order.TxnRef, new { responseCode = "00" });
            return answer.IsSuccessStatusCode ? new Dictionary<string, string>(StringComparer.Ordinal) : null;
        });
        if (paid.Outcome == Outcome.Ok)
            moments.Paid.TrySetResult();
    }

    /// <summary>The whole history at the end, against the database and the payment side's own list.</summary>
    private static async Task JudgeAsync(History history, RunningSite site, string folder)
    {
        using var simulator = new HttpClient { BaseAddress = new Uri(site.SimulatorUrl!) };
        var gateway = (await simulator.GetFromJsonAsync<JsonElement>("/control/payments")).EnumerateArray().Where(p => p.GetProperty("status").GetString() == "paid").Select(p => p.GetProperty("txnRef").GetString()!).ToHashSet(StringComparer.Ordinal);
        await using var source = Open(folder);
        var verdict = await Judge.JudgeAsync(history, ConnectionString(folder, EmbeddedPostgres.AppRole, 1), gateway);
        Console.WriteLine($"kills: {verdict}");
        Assert.True(verdict.Count == 0, verdict.ToString());
    }

    private static void KillDatabase(string folder)
    {
        var pid = int.Parse(File.ReadLines(Path.Combine(folder, "pg", "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Sellers with goods for every round.</summary>
    private static async Task StockAsync(string folder)
    {
        await using var site = new Site(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:SonLaMarket"] = ConnectionString(folder, EmbeddedPostgres.AppRole, 1),
            ["ConnectionStrings:SonLaMarketMigrator"] = ConnectionString(folder, "sonlamarket_owner", 0),
        });
        var shop = new Shop(site);
        for (var i = 0; i < Rounds.Of(6, 12); i++)
            await shop.GoodsAsync(await shop.SellerAsync(), 190);
    }

    private static async Task<List<string>> SellingAsync(string folder)
    {
        await using var source = Open(folder);
        return await new Db(source).QueryAsync<string>("select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable order by l.id");
    }

    /// <summary>Waits until nothing is under way any more, then compares everything with everything. How many payments the payment side calls paid.</summary>
    private static async Task<int> AgreesAsync(RunningSite site, string folder, int round)
    {
        await using var source = Open(folder);
        var db = new Db(source);
        using var simulator = new HttpClient { BaseAddress = new Uri(site.SimulatorUrl!) };
        var faults = new List<string>();
        for (var tries = 0; tries < 80; tries++)
        {
            faults.Clear();
            var paid = 0;
            try
            {
                var theirs = (await simulator.GetFromJsonAsync<JsonElement>("/control/payments")).EnumerateArray().ToDictionary(p => p.GetProperty("txnRef").GetString()!, p => p.GetProperty("status").GetString()!, StringComparer.Ordinal);
                paid = theirs.Count(t => t.Value == "paid");
                var ours = await db.QueryAsync<(string TxnRef, string Status, string Order)>("""
                    select a.txn_ref, a.status, s.status from payments.attempt a join payments.payment p on p.id = a.payment_id join orders.sub_order s on 'sub-order:' || s.code = p.payable
                    """);
                faults.AddRange(theirs.Where(t => t.Value == "paid" && !ours.Any(o => o.TxnRef == t.Key && o.Status is "paid" or "paid_late")).Select(t => $"paid there, {ours.FirstOrDefault(o => o.TxnRef == t.Key).Status ?? "unknown"} here: {t.Key}"));
                faults.AddRange(ours.Where(o => o.Status is "paid" or "paid_late" && theirs.GetValueOrDefault(o.TxnRef) != "paid").Select(o => $"paid here, not there: {o.TxnRef}"));
                faults.AddRange(ours.Where(o => o.Status == "paid" && o.Order == "awaiting_payment").Select(o => $"paid but waiting: {o.TxnRef}"));
                faults.AddRange(await db.QueryAsync<string>(Invariants));
                if (faults.Count > 0)
                    faults.AddRange(await db.QueryAsync<string>("select 'heard ' || txn_ref || ' ' || verdict || ' at ' || received_at from payments.notification where verdict <> 'recorded' order by id desc limit 12"));
            }
            catch (Exception e) when (e is NpgsqlException or HttpRequestException or TaskCanceledException)
            {
                faults.Add(e.Message);
            }
            if (faults.Count == 0)
                return paid;
            await Task.Delay(500);
        }
        Assert.Fail($"round {round}: {string.Join("; ", faults)}\n{site.Log}");
        return 0;
    }

    /// <summary>One line for each thing that must never be (docs/contract.md, section 4).</summary>
    private const string Invariants = """
        select 'stock of lot ' || s.lot_id || ' differs from its reservations' from catalog.lot_stock s
          where s.held <> (select coalesce(sum(r.quantity_base), 0) from catalog.reservation r where r.lot_id = s.lot_id and r.state = 'held')
             or s.sold <> (select coalesce(sum(r.quantity_base), 0) from catalog.reservation r where r.lot_id = s.lot_id and r.state = 'sold')
        union all
        select 'sub-order ' || o.code || ' has lots that differ from its lines' from orders.sub_order o join orders.line l on l.sub_order_id = o.id
          where o.status in ('confirmed', 'packed', 'shipped', 'delivered') and l.quantity * l.base_per_unit <> (select coalesce(sum(x.quantity_base), 0) from orders.line_lot x where x.line_id = l.id)
        union all
        select 'posting ' || posting_id || ' does not balance' from payments.ledger_line group by posting_id having sum(amount_vnd) <> 0
        union all
        select 'payment ' || p.code || ' is paid without a posting' from payments.payment p where p.status in ('paid', 'paid_late') and not exists (select 1 from payments.posting g where g.payment_id = p.id)
        union all
        select 'payment ' || payment_id || ' was paid twice' from payments.attempt where status = 'paid' group by payment_id having count(*) > 1
        """;

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
