using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>Over HTTP against two running instances on one database: the same message on both, and many who want little (F05, F08).</summary>
public sealed class TwoInstancesTests(TwoSites sites) : IClassFixture<TwoSites>
{
    private const long Box = 5_000;

    [Fact]
    public async Task The_same_notification_fifty_times_has_one_effect_and_one_00()
    {
        var (seeds, history) = (Seeds.For("fifty on two instances"), new History());
        var goods = await sites.Shop.GoodsAsync(await sites.Shop.SellerAsync(), 190);
        var (first, second) = (new Notifier(sites.First.Url, history), new Notifier(sites.Second.Url, history));
        var rounds = Seeds.Rounds(1, 100);
        for (var round = 0; round < rounds; round++)
        {
            var order = (await RecordedBuyer.PlaceAsync(history, sites.First.Url, "buyer", goods.Slug, "vnpay"))!;
            var pauses = Enumerable.Range(0, 50).Select(_ => seeds.Random.Next(6)).ToList();
            var answers = await Task.WhenAll(pauses.Select(async (pause, i) =>
            {
                await Task.Delay(pause);
                return (await (i % 2 == 0 ? first : second).SendAsync(goods.Seller, order.TxnRef, order.AmountVnd)).Saw("rspCode");
            }));
            seeds.Equal((1, 49), (answers.Count(a => a == "00"), answers.Count(a => a == "02")), $"round {round}, answers");
            seeds.Equal(1, await sites.Database.Db.SingleAsync<int>("select count(*)::int from payments.posting g join payments.attempt a on a.payment_id = g.payment_id where a.txn_ref = @TxnRef and g.rule_code is null", new { order.TxnRef }), $"round {round}, postings");
        }
        await Judged.UnbrokenAsync($"fifty on two instances, {rounds} rounds, seed {seeds.Seed}", history, sites.Database.OwnerConnectionString);
    }

    [Fact]
    public async Task Forged_wrong_amount_and_unknown_order_change_nothing()
    {
        var history = new History();
        var goods = await sites.Shop.GoodsAsync(await sites.Shop.SellerAsync(), 3);
        var order = (await RecordedBuyer.PlaceAsync(history, sites.First.Url, "buyer", goods.Slug, "vnpay"))!;
        foreach (var kind in Tests.Support.Vnpay.Wrong)
            Assert.Equal(IpnModel.Refusal(kind), (await new Notifier(sites.Second.Url, history).SendAsync(goods.Seller, order.TxnRef, order.AmountVnd, kind: kind)).Saw("rspCode"));
        Assert.Equal("initiated", await sites.Database.Db.SingleAsync<string>("select status from payments.attempt where txn_ref = @TxnRef", new { order.TxnRef }));
        await Judged.UnbrokenAsync("wrong messages", history, sites.Database.OwnerConnectionString);
    }

    [Fact]
    public async Task Many_buyers_want_the_last_box_and_one_gets_it_each_time()
    {
        var (seeds, history) = (Seeds.For("last box"), new History());
        var seller = await sites.Shop.SellerAsync();
        var (rounds, buyers) = (Seeds.Rounds(10, 100), Seeds.Rounds(20, 200));
        for (var round = 0; round < rounds; round++)
        {
            var goods = await sites.Shop.GoodsAsync(seller, 1);
            var (before, pauses) = (history.Calls.Count, Enumerable.Range(0, buyers).Select(_ => seeds.Random.Next(6)).ToList());
            var placed = await RecordedBuyer.RaceAsync(history, i => (i % 2 == 0 ? sites.First : sites.Second).Url, buyers, goods.Slug, i => Task.Delay(pauses[i]));
            seeds.Equal((buyers, 1), (history.Calls.Skip(before).DistinctBy(c => c.Arg("form")).Count(), placed.Count(p => p is not null)), $"round {round}, forms and orders");
            Assert.Equal((0L, Box), await StockAsync(goods));
        }
        await Judged.UnbrokenAsync($"last box, {rounds} rounds of {buyers} buyers, seed {seeds.Seed}", history, sites.Database.OwnerConnectionString);
    }

    [Fact]
    public async Task A_crowd_wants_the_last_boxes_and_exactly_those_are_sold()
    {
        const int boxes = 7;
        var (seeds, history) = (Seeds.For("crowd"), new History());
        var rounds = Seeds.Rounds(1, 20);
        for (var round = 0; round < rounds; round++)
        {
            var goods = await sites.Shop.GoodsAsync(await sites.Shop.SellerAsync(), boxes);
            var before = history.Calls.Count(c => c.Outcome == Outcome.Ok);
            var ways = Enumerable.Range(0, Seeds.Rounds(60, 200)).Select(_ => (Site: sites.Any(seeds.Random), Payment: seeds.Random.Next(3) == 0 ? "vnpay" : "cod")).ToList();
            await Task.WhenAll(ways.Select((way, i) => RecordedBuyer.PlaceAsync(history, way.Site.Url, $"buyer {i}", goods.Slug, way.Payment)));
            seeds.Equal((0L, boxes * Box), await StockAsync(goods), $"round {round}");
            seeds.Equal(boxes, history.Calls.Count(c => c.Outcome == Outcome.Ok) - before, $"round {round}, orders");
        }
        await Judged.UnbrokenAsync($"crowd, {rounds} rounds of {Seeds.Rounds(60, 200)} buyers, seed {seeds.Seed}", history, sites.Database.OwnerConnectionString);
    }

    /// <summary>Many lots, each too small for those who want one, two or three boxes of it; the holds end at the moment in which the money comes, and others wait for what becomes free.</summary>
    [Fact]
    public async Task Crowds_at_many_lots_pay_when_their_holds_end_and_no_lot_is_oversold()
    {
        var (seeds, history) = (Seeds.For("many lots"), new History());
        var (rounds, lots, buyers) = (Seeds.Rounds(1, 100), Seeds.Rounds(5, 20), Seeds.Rounds(30, 100));
        var seller = await sites.Shop.SellerAsync();
        var (supplied, sold) = (0L, 0L);
        for (var round = 0; round < rounds; round++)
        {
            var shelf = new List<(Goods Goods, int Boxes)>();
            while (shelf.Count < lots && seeds.Random.Next(4, 12) is var boxes)
                shelf.Add((await sites.Shop.GoodsAsync(seller, boxes, priceVnd: 50_000), boxes));
            var began = history.Calls.Count;
            var placed = await BuyAsync(history, shelf.ConvertAll(s => s.Goods), buyers, 3, seeds.Random, online: true);
            // Nothing was given back yet: whoever was refused wanted more than is left.
            foreach (var refused in history.Calls.Skip(began).Where(c => c is { Op: "place", Outcome: Outcome.Fail }))
            {
                var (available, _) = await StockAsync(shelf.Single(s => s.Goods.Slug == refused.Arg("listing")).Goods);
                Assert.True(available < int.Parse(refused.Arg("quantity"), System.Globalization.CultureInfo.InvariantCulture) * Box, $"seed {seeds.Seed}, round {round}: {refused.Arg("listing")} has {available} g left and {refused.Arg("quantity")} boxes were refused");
            }
            await EndHoldsAsync(history, shelf.ConvertAll(s => s.Goods), placed, buyers / 5, seeds.Random);
            foreach (var (goods, boxes) in shelf)
            {
                var (available, taken) = await StockAsync(goods);
                seeds.Equal(boxes * Box, available + taken, $"round {round}, {goods.Slug}");
                (supplied, sold) = (supplied + boxes, sold + (taken / Box));
            }
        }
        var late = await sites.Database.Db.SingleAsync<(int Late, int Back)>("select count(*) filter (where p.status = 'paid_late')::int, (select count(*)::int from payments.refund_case r join payments.payment o on o.id = r.payment_id where r.cause = 'paid_late' and o.producer_id = @ProducerId) from payments.payment p where p.producer_id = @ProducerId", new { seller.ProducerId });
        await Judged.UnbrokenAsync($"many lots, {rounds} rounds of {lots} lots and {buyers} buyers, {sold} of {supplied} boxes sold, {late.Late} paid late and {late.Back} of them go back, seed {seeds.Seed}", history, sites.Database.OwnerConnectionString);
    }

    private async Task<List<PlacedOrder>> BuyAsync(History history, List<Goods> shelf, int buyers, int most, Random random, bool online)
    {
        var wishes = Enumerable.Range(0, buyers).Select(_ => (Site: sites.Any(random), Goods: shelf[random.Next(shelf.Count)], Boxes: random.Next(1, most + 1), Payment: online && random.Next(4) > 0 ? "vnpay" : "cod")).ToList();
        using var door = new SemaphoreSlim(50);
        var placed = await Task.WhenAll(wishes.Select(async wish =>
        {
            await door.WaitAsync();
            try
            {
                return await RecordedBuyer.PlaceAsync(history, wish.Site.Url, "buyer", wish.Goods.Slug, wish.Payment, wish.Boxes, patience: TimeSpan.FromSeconds(60));
            }
            finally
            {
                door.Release();
            }
        }));
        return [.. placed.OfType<PlacedOrder>().Where(p => p.TxnRef.Length > 0)];
    }

    /// <summary>Time goes on until a second before the holds end; then the money of most comes at some moment around it, and others buy what becomes free. Afterwards nothing waits any more.</summary>
    private async Task EndHoldsAsync(History history, List<Goods> shelf, List<PlacedOrder> waiting, int others, Random random)
    {
        const string pass = """
            with p as (select p.id, p.payable, p.hold_until - now() - interval '1 second' as d from payments.payment p where p.status = 'pending' and p.method = 'vnpay'),
            s as (select s.purchase_id, min(p.d) as d from p join orders.sub_order s on p.payable = 'sub-order:' || s.code group by s.purchase_id),
            a as (update payments.attempt a set started_at = a.started_at - p.d, expires_at = a.expires_at - p.d, next_query_at = p2.hold_until - p.d from p join payments.payment p2 on p2.id = p.id where a.payment_id = p.id and a.status = 'initiated'),
            r as (update catalog.reservation r set expires_at = r.expires_at - p.d from p where r.holder = p.payable and r.state = 'held'),
            u as (update orders.purchase u set placed_at = u.placed_at - s.d from s where s.purchase_id = u.id)
            update payments.payment y set hold_until = y.hold_until - p.d from p where p.id = y.id
            """;
        var seller = shelf[0].Seller;
        var paying = waiting.Where(_ => random.Next(5) > 0).Select(order => (Order: order, Vnpay: new Notifier(sites.Any(random).Url, history), After: random.Next(4_000))).ToList();
        // Nothing else is to be done, and the sweeper comes at once.
        await UntilAsync("select not exists (select 1 from jobs.job where done_at is null and dead_at is null and run_at <= now())", "jobs are left over");
        await sites.Database.OwnerAsync(pass);
        using var over = new CancellationTokenSource();
        var sweeping = SweepAsync(over.Token);
        var buying = BuyAsync(history, shelf, others, 1, random, online: false);
        await Task.WhenAll(paying.Select(async pay =>
        {
            await Task.Delay(pay.After);
            for (var tries = 0; (await pay.Vnpay.SendAsync(seller, pay.Order.TxnRef, pay.Order.AmountVnd)).Saw("rspCode") is not ("00" or "02"); tries++)
                Assert.True(tries < 100, "a notification is never acknowledged");
        }));
        await buying;
        await UntilAsync("select not exists (select 1 from payments.payment where status = 'pending' and method = 'vnpay')", "an order waits for ever");
        await over.CancelAsync();
        await sweeping;
    }

    private Task UntilAsync(string condition, string otherwise) => Until.TrueAsync(() => sites.Database.Db.SingleAsync<bool>(condition), otherwise);

    /// <summary>The sweeper comes more often than every five seconds.</summary>
    private async Task SweepAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await sites.Database.OwnerAsync("update jobs.schedule set next_run_at = now() where name = 'payments.sweep'; select pg_notify('jobs', '')");
            await Task.Delay(200, CancellationToken.None);
        }
    }

    private Task<(long Available, long Taken)> StockAsync(Goods goods) => sites.Database.Db.SingleAsync<(long, long)>("select available, held + sold from catalog.lot_stock where lot_id = @LotId", new { goods.LotId });
}
