using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Checker;
using SonLaMarket.Orders;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

/// <summary>Storms of what VNPAY says and of what only looks like it, about tries of orders side by side, from before the hold until a day after it; each answer and each end is the model's.</summary>
public sealed class IpnModelTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const int OrdersAtOnce = 25;

    /// <summary>How many messages of an order come before each change of the clock.</summary>
    private static readonly int[] Phases = [4, 2, 2, 6, 2];

    private static readonly (string Kind, string Code, string? Status)[] Messages =
    [
        ("forged", "00", null), ("changed", "00", null), ("doubled", "00", null), ("wrong-terminal", "00", null), ("other-terminal", "00", null), ("wrong-amount", "00", null), ("unknown", "00", null), ("unsigned", "00", null),
        ("genuine", "07", null), ("genuine", "00", "04"), ("genuine", "00", "02"), ("genuine", "ZZ", "ZZ"), ("genuine", "24", null), ("genuine", "11", null), ("genuine", "51", null),
        ("genuine", "00", null), ("genuine", "00", null), ("recased", "00", null),
    ];

    private static readonly string[] Answers = ["01", "01", "01", "02", "07", "00"];

    [Fact]
    public async Task Every_message_is_answered_and_every_order_ends_as_the_model_says()
    {
        var seeds = Seeds.For("storm");
        await using var trade = new Trade(fixture.Database);
        var (stranger, goods) = (await trade.Shop.SellerAsync(), await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190));
        var tries = new ConcurrentDictionary<string, Tried>(StringComparer.Ordinal);
        trade.Api.Answer = txnRef => tries.TryGetValue(txnRef, out var asked) ? ("00", asked.Answer, asked.Order.AmountVnd) : ("91", "", 0);
        var note = trade.Api.Answered;
        trade.Api.Answered = (txnRef, code, status, amount) =>
        {
            note(txnRef, code, status, amount);
            if (code == "00")
                tries[txnRef].Model.Learn(status);
        };
        var (sent, kept) = (0, await KeptAsync(trade));
        for (var batch = 0; batch < Seeds.Rounds(1, 25); batch++)
        {
            if (batch % 6 == 5)
                goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
            var orders = new List<List<Tried>>();
            for (var i = 0; i < OrdersAtOnce; i++)
                orders.Add(await BeginAsync(trade, goods, seeds.Random.Next(3) == 0 ? 2 : 1));
            foreach (var tried in orders.SelectMany(o => o))
                tries[tried.Order.TxnRef] = tried;
            for (var phase = 0; phase < Phases.Length; phase++)
            {
                // What is said of one order comes one after the other, of several side by side.
                var plans = orders.ConvertAll(o => (o, Acts: Draw(seeds.Random, o, Phases[phase], phase < 3)));
                await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (plan, _) =>
                {
                    foreach (var act in plan.Acts)
                        await DoAsync(trade, act, stranger, seeds.Seed);
                });
                sent += OrdersAtOnce * Phases[phase];
                await LaterAsync(trade, orders, phase, seeds.Random);
            }
            foreach (var order in orders)
                seeds.Equal(order[0].Model.Order.ToString(), await StateAsync(trade, order[0].Order.Code), order[0].Order.Code);
        }
        Assert.Equal(sent, await KeptAsync(trade) - kept);
        await trade.JudgeAsync($"storm, {sent} messages, seed {seeds.Seed}");
    }

    private sealed record Tried(Started Order, TryModel Model)
    {
        /// <summary>What VNPAY says when it is asked about it.</summary>
        public string Answer { get; set; } = "01";
    }

    /// <param name="What">"notify", "ask" (the site asks VNPAY), "return" (the buyer comes back) or "cancel".</param>
    private sealed record Act(string What, Tried Tried, string Kind = "", string Code = "", string? Status = null);

    /// <summary>So many messages, and between them buyers who come back or call off, and questions to VNPAY.</summary>
    private static List<Act> Draw(Random random, List<Tried> tries, int messages, bool early)
    {
        var acts = new List<Act>();
        while (messages > 0)
        {
            var tried = tries[random.Next(tries.Count)];
            switch (random.Next(60))
            {
                case 0 or 1 when early:
                    acts.Add(new("cancel", tried));
                    break;
                case 2 or 3 or 4 when early:
                    acts.Add(new("ask", tried, Status: Answers[random.Next(Answers.Length)]));
                    break;
                case 5 or 6:
                    acts.Add(new("return", tried));
                    break;
                default:
                    var (kind, code, status) = Messages[random.Next(Messages.Length)];
                    acts.Add(new("notify", tried, kind, code, status));
                    messages--;
                    break;
            }
        }
        return acts;
    }

    private static async Task DoAsync(Trade trade, Act act, Seller stranger, int seed)
    {
        var (order, model) = (act.Tried.Order, act.Tried.Model);
        switch (act.What)
        {
            case "notify":
                var before = model.ToString();
                var expected = model.Hear(act.Kind, act.Code, act.Status ?? (act.Code == "00" ? "00" : "02"));
                var answer = await trade.SayAsync(order, act.Code, act.Kind, act.Status, act.Kind == "other-terminal" ? stranger : null);
                Assert.True(answer == expected, $"seed {seed}, {order.TxnRef}: {act.Kind} {act.Code} {act.Status} was answered {answer} instead of {expected}; it was {before}");
                break;
            case "ask":
                act.Tried.Answer = act.Status!;
                using (var scope = trade.Site.Services.CreateScope())
                    await scope.ServiceProvider.GetRequiredService<Sweeper>().AskAboutAsync(await trade.Site.Db.SingleAsync<long>("select payment_id from payments.attempt where txn_ref = @TxnRef", new { order.TxnRef }), CancellationToken.None);
                break;
            case "return" when model.State != "initiated":
                Assert.Equal(System.Net.HttpStatusCode.OK, (await trade.Site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + order.Paid())).Status);
                break;
            case "cancel" when model.Order.Order == "awaiting_payment":
                await using (var tx = await trade.Site.Db.BeginAsync())
                {
                    Assert.True(await trade.Site.Get<SubOrders>().CancelByBuyerAsync(tx, order.Code, ""));
                    await tx.CommitAsync();
                }
                model.Order.Cancel();
                break;
        }
    }

    /// <summary>The next questions of the schedule, each with an answer of its own; after the third change the hold is over, after the fourth a day has passed.</summary>
    private static async Task LaterAsync(Trade trade, List<List<Tried>> orders, int phase, Random random)
    {
        foreach (var tried in orders.SelectMany(o => o))
            tried.Answer = Answers[random.Next(Answers.Length)];
        if (phase < 3)
            await trade.SweepAsync(TimeSpan.FromMinutes(new[] { 1, 4, 16 }[phase]));
        else
            trade.Site.Clock.Advance(TimeSpan.FromHours(24));
        if (phase == 2)
            orders.ForEach(o => o[0].Model.Order.HoldEnds());
    }

    private static async Task<List<Tried>> BeginAsync(Trade trade, Goods goods, int tries)
    {
        var (order, model) = (await trade.StartAsync(goods), new IpnModel());
        var all = new List<Tried> { new(order, model.Begin()) };
        while (all.Count < tries)
        {
            await using var tx = await trade.Site.Db.BeginAsync();
            var payment = await tx.SingleAsync<string>("select code from payments.payment where payable = 'sub-order:' || @Code", new { order.Code });
            var again = await trade.Site.Get<PaymentRegister>().NewAttemptAsync(tx, payment, new Payer("vi", null));
            await tx.CommitAsync();
            all.Add(new(order with { TxnRef = Support.Vnpay.Fields(again)["vnp_TxnRef"] }, model.Begin()));
        }
        return all;
    }

    private static Task<long> KeptAsync(Trade trade) => trade.Site.Db.SingleAsync<long>("select count(*) from payments.notification where channel = 'ipn'");

    /// <summary>In the model's words.</summary>
    private static Task<string> StateAsync(Trade trade, string code) => trade.Site.Db.SingleAsync<string>("""
        select format('order %s, payment %s, tries %s, %s refunds', s.status, p.status, (select string_agg(a.status, '/' order by a.id) from payments.attempt a where a.payment_id = p.id), (select count(*) from payments.refund_case c where c.payment_id = p.id))
        from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code where s.code = @code
        """, new { code });

    /// <summary>The money and the end of the hold come at the same moment, again and again: the order is paid, on time or late, and nothing is lost or sold twice.</summary>
    [Fact]
    public async Task Money_at_the_very_end_of_the_hold_is_never_lost()
    {
        var seeds = Seeds.For("end of hold");
        await using var trade = new Trade(fixture.Database);
        var ends = new Dictionary<string, int>(StringComparer.Ordinal);
        var rounds = Seeds.Rounds(8, 300);
        for (var round = 0; round < rounds; round++)
        {
            var order = await trade.StartAsync(await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 2));
            trade.Site.Clock.Advance(TimeSpan.FromMinutes(20));
            Func<Task>[] acts = [() => trade.SweepAsync(TimeSpan.Zero), () => trade.SayAsync(order), () => trade.SweepAsync(TimeSpan.Zero)];
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
        await trade.JudgeAsync($"end of hold, {rounds} rounds ({string.Join(", ", ends.Select(e => $"{e.Value} {e.Key}"))}), seed {seeds.Seed}");
    }
}
