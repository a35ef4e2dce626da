using System.Net.Http.Json;
using System.Text.Json;
using SonLaMarket.Checker;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Vnpay.Simulator;

namespace SonLaMarket.Journeys.Faults;

/// <summary>F16: the program is killed while it gives money back through a VNPAY that is slow, or does as told and then fails: each sum goes back, once, and the books say so once.</summary>
public sealed class RefundKillTests(PostgresFixture postgres)
{
    private const int OrdersEachRound = 3;
    private const string OnTheWay = "status in ('requested', 'sending', 'processing', 'sent_to_bank')";

    [Fact]
    public async Task Killed_while_it_gives_money_back_it_gives_each_sum_once()
    {
        var (seeds, history) = (Seeds.For("refund kills"), new History());
        await using var database = await postgres.CloneAsync();
        var port = RunningSite.FreePort();
        await using var vnpay = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Url = "http://127.0.0.1:0",
            Terminals = code => ValueTask.FromResult<string?>("SECRET" + code),
            IpnUrl = $"http://127.0.0.1:{port}/vnpay/ipn",
            IpnRetryInterval = TimeSpan.FromSeconds(1),
            RefundStep = TimeSpan.FromSeconds(1),
        });
        using var control = new HttpClient { BaseAddress = new Uri(vnpay.Url) };
        var files = Directory.CreateTempSubdirectory("slm-refund-kill-");
        var settings = new Dictionary<string, string?>(database.Settings, StringComparer.Ordinal)
        {
            ["Files:Folder"] = files.FullName,
            ["Vnpay:PaymentUrl"] = vnpay.PaymentUrl,
            ["Vnpay:TransactionUrl"] = vnpay.TransactionUrl,
        };
        await using var market = new Site(database);
        var goods = await new Shop(market).GoodsAsync(await new Shop(market).SellerAsync(), 190);
        var (rounds, met) = (Seeds.Rounds(2, 200), 0);
        var site = await RunningSite.StartAsync(settings, port, 0, "--data", "reference");
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                if (round % 60 == 59)
                    goods = await new Shop(market).GoodsAsync(await new Shop(market).SellerAsync(), 190);
                var fault = round % 2 == 0 ? "slow" : "lost";
                await PayAsync(history, site, control, goods, database);
                (await control.PostAsJsonAsync("/control/faults", new { api = fault, delayMs = fault == "slow" ? "400" : "0" })).EnsureSuccessStatusCode();
                await GiveBackAsync(history, market, goods, seeds.Random, round);
                await UntilAsync(database, async () => await NowAsync(database) && await database.Db.SingleAsync<bool>("select exists (select 1 from payments.refund where status = 'sending')"), "nothing is sent");
                await Task.Delay(seeds.Random.Next(fault == "slow" ? 900 : 150));
                await site.KillAsync();
                await site.DisposeAsync();
                met += await database.Db.SingleAsync<int>("select count(*)::int from payments.refund where status = 'sending'");
                (await control.PostAsJsonAsync("/control/faults", new { api = "none" })).EnsureSuccessStatusCode();
                site = await RunningSite.StartAsync(settings, port, 0, "--data", "reference");
                // The lease of whoever died runs out, and VNPAY is asked again and again.
                await UntilAsync(database, async () => await NowAsync(database) && !await database.Db.SingleAsync<bool>($"select exists (select 1 from payments.refund where {OnTheWay})"), "a refund is on its way for ever");
            }
        }
        finally
        {
            await site.DisposeAsync();
            files.Delete(recursive: true);
        }
        var asked = await database.Db.QueryAsync<(string RequestId, string Case)>("select f.request_id, r.key from payments.refund f join payments.refund_case r on r.id = f.case_id");
        var cases = asked.ToDictionary(a => a.RequestId, a => a.Case, StringComparer.Ordinal);
        var there = await control.GetFromJsonAsync<JsonElement>("/control/payments");
        foreach (var refund in there.EnumerateArray().SelectMany(p => p.GetProperty("refunds").EnumerateArray()))
            history.Note("vnpay", "effect", ("key", cases.GetValueOrDefault(refund.GetProperty("requestId").GetString()!, "no case")), ("id", refund.GetProperty("transactionNo").GetString()!));
        var paid = there.EnumerateArray().Where(p => p.GetProperty("status").GetString() == "paid").Select(p => p.GetProperty("txnRef").GetString()!).ToHashSet(StringComparer.Ordinal);
        seeds.Equal(0, await database.Db.SingleAsync<int>("select count(*)::int from payments.refund_case where status <> 'done'"), "cases that are not done");
        Assert.True(met > 0, "no kill met a refund that was being sent");
        await Judged.UnbrokenAsync($"refund kills, {rounds} kills, {met} refunds were being sent, {cases.Count} sums gone back, seed {seeds.Seed}", history, database.OwnerConnectionString, paid);
    }

    /// <summary>Orders that were paid, and are known to be.</summary>
    private static async Task PayAsync(History history, RunningSite site, HttpClient control, Goods goods, TestDatabase database)
    {
        for (var i = 0; i < OrdersEachRound; i++)
        {
            var order = (await RecordedBuyer.PlaceAsync(history, site.Url, "buyer", goods.Slug, "vnpay", patience: TimeSpan.FromSeconds(30)))!;
            await history.RecordAsync("buyer", "pay", new Dictionary<string, string>(StringComparer.Ordinal) { ["txnRef"] = order.TxnRef }, async () =>
            {
                (await control.GetAsync(order.Payment!.PathAndQuery)).Dispose();
                (await control.PostAsJsonAsync("/control/pay/" + order.TxnRef, new { responseCode = "00" })).EnsureSuccessStatusCode();
                return new Dictionary<string, string>(StringComparer.Ordinal);
            });
        }
        await UntilAsync(database, async () => await database.Db.SingleAsync<bool>("select not exists (select 1 from payments.payment where status <> 'paid')"), "a payment is not heard of");
    }

    /// <summary>Of each new order two parts, or all of it.</summary>
    private static async Task GiveBackAsync(History history, Site market, Goods goods, Random random, int round)
    {
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var (cases, refunds) = (market.Get<RefundCases>(), market.Get<Refunds>());
        await using var tx = await market.Db.BeginAsync();
        var paid = await tx.QueryAsync<string>("select payable from payments.payment p where status = 'paid' and not exists (select 1 from payments.refund_case r where r.payment_id = p.id) order by id");
        foreach (var payable in paid)
        {
            (string Key, long? AmountVnd)[] sums = random.Next(3) == 0 ? [($"all:{round}:{payable}", null)] : [($"one:{round}:{payable}", 50_000), ($"two:{round}:{payable}", 30_000)];
            foreach (var (key, amountVnd) in sums)
            {
                Assert.True(await cases.OpenAsync(tx, payable, RefundCases.Goodwill, key, amountVnd));
                Assert.Equal(RefundAsked.Requested, await refunds.RequestAsync(tx, key, actor));
                history.Note("seller", "want", ("key", key));
            }
        }
        await tx.CommitAsync();
    }

    /// <summary>Whatever waits for its next question is asked about now.</summary>
    private static async Task<bool> NowAsync(TestDatabase database)
    {
        await database.Db.ExecuteAsync($"update payments.refund set next_at = now() where {OnTheWay} and next_at > now(); update jobs.schedule set next_run_at = now() where name = 'payments.refunds'; select pg_notify('jobs', '')");
        return true;
    }

    private static Task UntilAsync(TestDatabase database, Func<Task<bool>> condition, string otherwise) =>
        Until.TrueAsync(condition, async () => otherwise + string.Concat(await database.Db.QueryAsync<string>("select '; ' || f::text from payments.refund f where f.ended_at is null order by f.id")));
}
