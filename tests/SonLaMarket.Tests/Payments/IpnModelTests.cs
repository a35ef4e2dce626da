using System.Globalization;
using SonLaMarket.Checker;
using SonLaMarket.Orders;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

/// <summary>Storms of notifications from a model, right and wrong ones in any order, before and after the hold; each answer and each end is the model's.</summary>
public sealed class IpnModelTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const int OrdersAtOnce = 25;
    private const int MessagesEach = 16;
    private static readonly string[] Kinds = ["genuine", "genuine", "genuine", "genuine", "forged", "wrong-amount", "unknown", "wrong-terminal", "doubled"];
    private static readonly string[] Codes = ["00", "24", "11", "07"];

    private static bool Long => Environment.GetEnvironmentVariable("SONLAMARKET_LONG") == "1";

    [Fact]
    public async Task Every_message_is_answered_and_every_order_ends_as_the_model_says()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SONLAMARKET_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Console.WriteLine($"storm: SONLAMARKET_SEED={seed}");
        var random = new Random(seed);
        await using var trade = new Trade(fixture.Database);
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
        var messages = 0;
        for (var batch = 0; batch < (Long ? 25 : 1); batch++)
        {
            if (batch % 6 == 5)
                goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
            var orders = new List<(Started Order, IpnModel Model)>();
            for (var i = 0; i < OrdersAtOnce; i++)
                orders.Add((await trade.StartAsync(goods), new IpnModel()));
            messages += await StormAsync(trade, orders, random, early: true);
            trade.Site.Clock.Advance(TimeSpan.FromMinutes(21));
            await trade.SweepAsync(TimeSpan.Zero);
            orders.ForEach(o => o.Model.HoldEnds());
            messages += await StormAsync(trade, orders, random, early: false);
            foreach (var (order, model) in orders)
            {
                var states = await trade.StatesAsync(order);
                Assert.True((model.Order, model.Payment, model.Attempt, model.Refunds) == (states.Part, states.Payment, states.Attempt, states.Refunds),
                    $"seed {seed}, {order.TxnRef}: {states} instead of {model.Order}, {model.Payment}, {model.Attempt}, {model.Refunds} refunds");
            }
        }
        var verdict = await Judge.JudgeAsync(new History(), fixture.Database.OwnerConnectionString);
        Assert.True(verdict.Count == 0, $"seed {seed}: {verdict}");
        Console.WriteLine($"storm: {messages} messages, {verdict.Count} violations");
    }

    private static async Task<int> StormAsync(Trade trade, List<(Started Order, IpnModel Model)> orders, Random random, bool early)
    {
        var count = OrdersAtOnce * MessagesEach / 2;
        for (var i = 0; i < count; i++)
        {
            var (order, model) = orders[random.Next(orders.Count)];
            if (early && model.Order == "awaiting_payment" && random.Next(40) == 0)
            {
                await using var tx = await trade.Site.Db.BeginAsync();
                Assert.True(await trade.Site.Get<SubOrders>().CancelByBuyerAsync(tx, order.Code, ""));
                await tx.CommitAsync();
                model.Cancel();
                continue;
            }
            var (kind, code) = (Kinds[random.Next(Kinds.Length)], Codes[random.Next(Codes.Length)]);
            var good = order.Paid(code);
            var query = kind switch
            {
                "forged" => good[..^8] + "00000000",
                "wrong-amount" => Support.Vnpay.Query(order.Seller, order.TxnRef, order.AmountVnd + 1 + random.Next(1_000), code),
                "unknown" => Support.Vnpay.Query(order.Seller, order.TxnRef + "X", order.AmountVnd, code),
                "wrong-terminal" => good.Replace("vnp_TmnCode=" + order.Seller.TmnCode, "vnp_TmnCode=NOTATERM", StringComparison.Ordinal),
                "doubled" => good + "&vnp_Amount=100",
                _ => good,
            };
            var expected = model.Hear(kind, code);
            Assert.Contains($"\"RspCode\":\"{expected}\"", await trade.IpnAsync(query), StringComparison.Ordinal);
        }
        return count;
    }

    /// <summary>The money and the end of the hold come at the same moment, again and again: the order is paid, on time or late, and nothing is lost or sold twice.</summary>
    [Fact]
    public async Task Money_at_the_very_end_of_the_hold_is_never_lost()
    {
        var seeds = Seeds.For("end of hold");
        await using var trade = new Trade(fixture.Database);
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < (Long ? 300 : 8); round++)
        {
            var order = await trade.StartAsync(await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 2));
            trade.Site.Clock.Advance(TimeSpan.FromMinutes(20));
            Func<Task>[] acts = [() => trade.SweepAsync(TimeSpan.Zero), () => trade.IpnAsync(order.Paid()), () => trade.SweepAsync(TimeSpan.Zero)];
            seeds.Random.Shuffle(acts);
            var pauses = acts.Select(_ => seeds.Random.Next(4)).ToList();
            await Task.WhenAll(acts.Select((act, i) => Task.Run(async () =>
            {
                await Task.Delay(pauses[i]);
                await act();
            })));
            await trade.SweepAsync(TimeSpan.Zero);
            var states = await trade.StatesAsync(order);
            seeds.Equal(("confirmed", 5_000L, 0L, 5_000L, 0), (states.Part, states.Available, states.Held, states.Sold, states.Refunds), $"round {round}");
            ends[states.Payment] = ends.GetValueOrDefault(states.Payment) + 1;
        }
        var verdict = await Judge.JudgeAsync(new History(), fixture.Database.OwnerConnectionString);
        Assert.True(verdict.Count == 0, $"seed {seeds.Seed}: {verdict}");
        Console.WriteLine($"end of hold, seed {seeds.Seed}: " + string.Join(", ", ends.Select(e => $"{e.Value} {e.Key}")));
    }
}
