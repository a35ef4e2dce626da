using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class SweeperTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task A_silent_try_is_asked_about_1_5_and_15_minutes_after_its_start_and_at_the_end_of_the_hold()
    {
        var order = await trade.StartAsync();
        var asked = new List<int>();
        for (var minute = 1; minute <= 25; minute++)
        {
            var before = Asked(order);
            await trade.SweepAsync(TimeSpan.FromMinutes(1));
            if (Asked(order) > before)
                asked.Add(minute);
        }
        Assert.Equal([1, 5, 15, 20], asked);
        Assert.Equal(new States("expired", "expired", "expired", 25_000, 0, 0, 0, 0), await trade.StatesAsync(order));
        await trade.JudgeAsync("a silent try");
    }

    /// <summary>What VNPAY is asked, and what is given back through it, carries the address of the server that asks (vnpay.md, 3.2).</summary>
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("", "127.0.0.1")]
    public async Task Questions_and_refunds_say_which_server_they_come_from(string setting, string sent)
    {
        await using var from = new Trade(fixture.Database.Settings, new Dictionary<string, string>(StringComparer.Ordinal) { ["Vnpay:ServerAddress"] = setting });
        var order = await from.StartAsync();
        await from.SweepAsync(TimeSpan.FromMinutes(1));
        await from.Site.Get<VnpayGateway>().RefundAsync(new Terminal(0, order.Seller.TmnCode!, order.Seller.Secret), new(order.TxnRef, "20261128120000", null, 50_000, "03", "r1", 1), TestContext.Current.CancellationToken);
        Assert.Equal([("querydr", sent), ("refund", sent)], from.Api.Senders.Where(s => s.TxnRef == order.TxnRef).Select(s => (s.Command, s.From)));
    }

    /// <summary>F07: whenever within the hold the buyer pays, the next question finds it, the last one at its end.</summary>
    [Fact]
    public async Task A_lost_notification_is_made_up_for_by_asking()
    {
        var seeds = Seeds.For("lost notifications");
        var rounds = Seeds.Rounds(3, 200);
        for (var round = 0; round < rounds; round++)
        {
            var order = await trade.StartAsync();
            var paidAt = trade.Site.Clock.GetUtcNow() + TimeSpan.FromSeconds(seeds.Random.Next(20 * 60));
            trade.Api.Answer = _ => trade.Site.Clock.GetUtcNow() >= paidAt ? ("00", "00", order.AmountVnd) : ("00", "01", order.AmountVnd);
            foreach (var minutes in new[] { 1, 4, 10, 5 })
            {
                await trade.SweepAsync(TimeSpan.FromMinutes(minutes));
                var paid = trade.Site.Clock.GetUtcNow() >= paidAt;
                seeds.Equal(paid ? new States("confirmed", "paid", "paid", 20_000, 0, 5_000, order.AmountVnd, 0) : new States("awaiting_payment", "pending", "initiated", 20_000, 5_000, 0, 0, 0), await trade.StatesAsync(order), $"round {round}");
                if (paid)
                    break;
            }
            Assert.Equal("02", await trade.SayAsync(order));
        }
        await trade.JudgeAsync($"lost notifications, {rounds} rounds, seed {seeds.Seed}");
    }

    /// <summary>Whatever stands in VNPAY's place, an order neither becomes paid by it nor is given up, its page answers, and the truth is taken when it comes.</summary>
    [Theory]
    [InlineData("refused")]
    [InlineData("500")]
    [InlineData("302")]
    [InlineData("a page")]
    [InlineData("half an answer")]
    [InlineData("unsigned")]
    [InlineData("wrong reference")]
    [InlineData("clock off")]
    public async Task What_is_no_answer_of_vnpays_changes_nothing_and_the_truth_is_taken_later(string fault)
    {
        var seeds = Seeds.For("VNPAY: " + fault);
        var rounds = Seeds.Rounds(1, 50);
        var other = await trade.StartAsync();
        for (var round = 0; round < rounds; round++)
        {
            var order = await trade.StartAsync();
            var before = await trade.StatesAsync(order);
            static HttpResponseMessage Says(HttpStatusCode status, string body, string type = "application/json") => new(status) { Content = new StringContent(body, System.Text.Encoding.UTF8, type) };
            trade.Api.Instead = () => fault switch
            {
                "refused" => throw new HttpRequestException("connection refused"),
                "500" => Says(HttpStatusCode.InternalServerError, ""),
                "302" => Says(HttpStatusCode.Redirect, ""),
                "a page" => Says(HttpStatusCode.OK, "<html>Bảo trì</html>", "text/html"),
                "half an answer" => Says(HttpStatusCode.OK, "{\"vnp_ResponseCode\":\"00\",\"vnp_Am"),
                // Signed rightly: that of another order, and the refusal of a question whose date VNPAY does not like.
                "wrong reference" => trade.Api.Signed(order.Seller.TmnCode!, other.TxnRef, "00", "00", order.AmountVnd),
                "clock off" => trade.Api.Signed(order.Seller.TmnCode!, order.TxnRef, "03", "", 0),
                _ => Says(HttpStatusCode.OK, $"{{\"vnp_ResponseCode\":\"00\",\"vnp_TmnCode\":\"{order.Seller.TmnCode}\",\"vnp_TxnRef\":\"{order.TxnRef}\",\"vnp_Amount\":\"{order.AmountVnd * 100}\",\"vnp_TransactionType\":\"01\",\"vnp_TransactionStatus\":\"00\",\"vnp_SecureHash\":\"00\"}}"),
            };
            var asked = TimeSpan.FromSeconds(60 + seeds.Random.Next(4 * 60));
            await trade.SweepAsync(asked);
            seeds.Equal(before, await trade.StatesAsync(order), $"round {round}");
            Assert.Equal(HttpStatusCode.OK, (await trade.Site.Open().GetAsync("/san-pham")).Status);
            trade.Api.Instead = null;
            // The clock of whoever is off tells of another day.
            trade.Api.PayDate = fault == "clock off" ? seeds.Random.Next(2) == 0 ? "20200101000000" : "20991231235959" : "";
            trade.Api.Answer = txnRef => txnRef == order.TxnRef ? ("00", "00", order.AmountVnd) : ("91", "", 0);
            // Whoever did not answer several times is left alone for some seconds.
            await trade.SweepAsync(TimeSpan.FromMinutes(10));
            seeds.Equal(("confirmed", "paid", "paid"), (await trade.StatesAsync(order)) is var s ? (s.Part, s.Payment, s.Attempt) : default, $"round {round}");
        }
        await trade.JudgeAsync($"VNPAY: {fault}, {rounds} rounds, seed {seeds.Seed}");
    }

    [Fact]
    public async Task The_stock_is_held_until_the_end_and_then_free()
    {
        var order = await trade.StartAsync();
        await trade.SweepAsync(TimeSpan.FromMinutes(19));
        Assert.Equal(5_000, (await trade.StatesAsync(order)).Held);
        await trade.SweepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((25_000, 0), await StockAsync(order));
    }

    [Fact]
    public async Task Without_an_answer_the_stock_stays_held_and_a_person_decides()
    {
        var order = await trade.StartAsync();
        trade.Api.Answer = _ => null;
        await trade.SweepAsync(TimeSpan.FromMinutes(20));
        foreach (var minutes in new[] { 1, 4 })
        {
            await trade.SweepAsync(TimeSpan.FromMinutes(minutes));
            Assert.Equal(new States("awaiting_payment", "pending", "initiated", 20_000, 5_000, 0, 0, 0), await trade.StatesAsync(order));
        }
        await trade.SweepAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(new States("awaiting_payment", "review", "review", 20_000, 5_000, 0, 0, 0), await trade.StatesAsync(order));
    }

    [Fact]
    public async Task The_seller_can_have_a_payment_in_review_asked_about_again()
    {
        var order = await trade.StartAsync();
        trade.Api.Answer = _ => null;
        await trade.SweepAsync(TimeSpan.FromMinutes(20));
        await trade.SweepAsync(TimeSpan.FromMinutes(15));
        Assert.Equal("review", (await trade.StatesAsync(order)).Payment);
        trade.Api.Answer = _ => ("91", "", 0);
        // Whoever was silent too often is left alone for a while.
        trade.Site.Clock.Advance(Breaker.Rest);
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien"), "/hoi-lai");
        Assert.Equal(new States("expired", "expired", "expired", 25_000, 0, 0, 0, 0), await trade.StatesAsync(order));
    }

    /// <summary>VNPAY told of a failure, then of a success that got lost: the file of the day shows it, and whoever asks again finds the money.</summary>
    [Fact]
    public async Task Money_of_a_try_that_was_told_to_have_failed_is_found_by_asking()
    {
        var order = await trade.StartAsync();
        Assert.Equal("00", await trade.SayAsync(order, "24"));
        trade.Api.Answer = _ => ("00", "00", order.AmountVnd);
        using var scope = trade.Site.Services.CreateScope();
        var payment = await trade.Site.Db.SingleAsync<long>("select payment_id from payments.attempt where txn_ref = @TxnRef", new { order.TxnRef });
        Assert.True(await scope.ServiceProvider.GetRequiredService<Sweeper>().AskAboutAsync(payment, CancellationToken.None));
        Assert.Equal(new States("confirmed", "paid", "paid_late", 20_000, 0, 5_000, order.AmountVnd, 0), await trade.StatesAsync(order));
        await trade.JudgeAsync("money of a try that was told to have failed");
    }

    [Fact]
    public async Task A_success_after_release_takes_the_stock_again_while_there_is_some()
    {
        var order = await trade.StartAsync();
        await trade.SweepAsync(TimeSpan.FromMinutes(20));
        Assert.Equal("expired", (await trade.StatesAsync(order)).Part);
        Assert.Equal("""{"RspCode":"00","Message":"Confirm Success"}""", await trade.IpnAsync(order.Paid()));
        Assert.Equal(new States("confirmed", "paid_late", "paid_late", 20_000, 0, 5_000, order.AmountVnd, 0), await trade.StatesAsync(order));
        Assert.Equal("""{"RspCode":"02","Message":"Order already confirmed"}""", await trade.IpnAsync(order.Paid()));
    }

    [Fact]
    public async Task A_success_after_the_stock_went_to_somebody_else_opens_a_refund_case()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 1);
        var late = await trade.StartAsync(goods);
        await trade.SweepAsync(TimeSpan.FromMinutes(20));
        var winner = await trade.StartAsync(goods);
        await trade.IpnAsync(winner.Paid());
        Assert.Equal("""{"RspCode":"00","Message":"Confirm Success"}""", await trade.IpnAsync(late.Paid()));
        Assert.Equal(new States("expired", "paid_late", "paid_late", 0, 0, 5_000, late.AmountVnd, 1), await trade.StatesAsync(late));
    }

    /// <summary>F06. The worker has other work: refunds of several payments wait for VNPAY together, and while it is out of reach nobody asks for some seconds. Nobody else waits for it: pages, and a purchase in cash, are served as before.</summary>
    [Fact]
    public async Task A_stalling_vnpay_holds_up_a_round_once_and_is_then_left_alone_for_seconds()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 6);
        var (cases, refunds) = (trade.Site.Get<RefundCases>(), trade.Site.Get<Refunds>());
        for (var i = 0; i < Breaker.Failures; i++)
        {
            var order = await trade.StartAsync(goods);
            Assert.Equal("00", await trade.SayAsync(order));
            await using var tx = await trade.Site.Db.BeginAsync();
            await cases.OpenAsync(tx, "sub-order:" + order.Code, RefundCases.Cancelled, "stall:" + order.Code);
            Assert.Equal(RefundAsked.Requested, await refunds.RequestAsync(tx, "stall:" + order.Code, new Actor(order.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync();
        }
        var seeds = Seeds.For("pages while VNPAY is silent");
        var pages = Pages(goods, seeds.Random);
        await ReadAsync(pages[..8]);
        var before = await ReadAsync(pages);
        var gate = new TaskCompletionSource();
        trade.Api.Answer = _ => null;
        trade.Api.Stall = gate.Task;
        var round = RunRefundsAsync();
        for (var i = 0; i < 200 && trade.Api.Asked.Count < Breaker.Failures; i++)
            await Task.Delay(25);
        Assert.Equal(Breaker.Failures, trade.Api.Asked.Count);
        var meanwhile = await ReadAsync(pages);
        Assert.StartsWith("/don-hang/", (await (await new Buyer(trade.Site).WithAsync(goods)).PlaceAsync("cod")).Location, StringComparison.Ordinal);
        Assert.Equal(0, await trade.Site.Db.SingleAsync<int>("select count(*)::int from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"));
        Assert.False(round.IsCompleted);
        gate.SetResult();
        await round;
        // Whoever is about to choose VNPAY is told, and may choose otherwise.
        var buyer = await new Buyer(trade.Site).WithAsync(goods);
        Assert.Contains("VNPAY đang không trả lời", (await buyer.ConfirmAsync()).Text, StringComparison.Ordinal);
        await trade.Site.Db.ExecuteAsync("update payments.refund set next_at = @now where next_at is not null", new { now = trade.Site.Clock.GetUtcNow() });
        await RunRefundsAsync();
        Assert.Equal(Breaker.Failures, trade.Api.Asked.Count);
        trade.Site.Clock.Advance(Breaker.Rest);
        Assert.DoesNotContain("VNPAY đang không trả lời", (await buyer.ConfirmAsync()).Text, StringComparison.Ordinal);
        await RunRefundsAsync();
        Assert.Equal(2 * Breaker.Failures, trade.Api.Asked.Count);
        // Machines differ, and others work on them: a page that waited for VNPAY would take seconds.
        Assert.True(meanwhile < (5 * before) + TimeSpan.FromMilliseconds(500), $"seed {seeds.Seed}: p95 of the same pages {before.TotalMilliseconds:0} ms before and {meanwhile.TotalMilliseconds:0} ms meanwhile");
        await trade.JudgeAsync($"VNPAY is silent, {pages.Count} pages, p95 {before.TotalMilliseconds:0} ms before and {meanwhile.TotalMilliseconds:0} ms meanwhile, seed {seeds.Seed}");

        async Task RunRefundsAsync()
        {
            using var scope = trade.Site.Services.CreateScope();
            await scope.ServiceProvider.GetRequiredService<RefundSender>().RunAsync(CancellationToken.None);
        }
    }

    /// <summary>Each kind once, then any of them.</summary>
    private static List<string> Pages(Goods goods, Random random)
    {
        string[] paths = ["/", "/san-pham", "/san-pham/" + goods.Slug, "/lo/" + goods.LotCode, "/gio-hang", "/don-hang", "/thu-hoi", "/quet"];
        return [.. paths, .. Enumerable.Range(0, Seeds.Rounds(32, 1_992)).Select(_ => paths[random.Next(paths.Length)])];
    }

    /// <summary>Every page is answered; how long the slowest but a twentieth took.</summary>
    private async Task<TimeSpan> ReadAsync(List<string> pages)
    {
        var took = new ConcurrentBag<TimeSpan>();
        await Parallel.ForEachAsync(pages, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (path, _) =>
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, (await trade.Site.Open().GetAsync(path)).Status);
            took.Add(Stopwatch.GetElapsedTime(began));
        });
        return took.Order().ElementAt(took.Count * 95 / 100);
    }

    [Fact]
    public async Task An_answer_about_another_amount_is_left_to_a_person()
    {
        var order = await trade.StartAsync();
        trade.Api.Answer = _ => ("00", "00", order.AmountVnd + 1000);
        await trade.SweepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(new States("awaiting_payment", "review", "review", 20_000, 5_000, 0, 0, 0), await trade.StatesAsync(order));
    }

    [Fact]
    public async Task An_order_that_was_never_taken_to_vnpay_expires_too()
    {
        var first = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 1);
        var second = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 1);
        var buyer = await (await new Buyer(trade.Site).WithAsync(first)).WithAsync(second);
        var placed = await buyer.PlaceAsync();
        Assert.StartsWith("/don-hang/", placed.Location, StringComparison.Ordinal);
        await trade.SweepAsync(TimeSpan.FromMinutes(20));
        Assert.Contains("Quá hạn thanh toán", (await buyer.Browser.GetAsync(placed.Location!)).Text, StringComparison.Ordinal);
        Assert.Equal(5_000, await trade.Site.Db.SingleAsync<long>("select available from catalog.lot_stock where lot_id = @LotId", new { first.LotId }));
    }

    private int Asked(Started order) => trade.Api.Asked.Count(a => a == order.TxnRef);

    private async Task<(long, long)> StockAsync(Started order)
    {
        var states = await trade.StatesAsync(order);
        return (states.Available, states.Held);
    }
}
