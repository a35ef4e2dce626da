using System.Net;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class IpnTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const string Success = """{"RspCode":"00","Message":"Confirm Success"}""";
    private const string NotFound = """{"RspCode":"01","Message":"Order not found"}""";
    private const string Repeated = """{"RspCode":"02","Message":"Order already confirmed"}""";
    private const string WrongAmount = """{"RspCode":"04","Message":"invalid amount"}""";
    private const string WrongSignature = """{"RspCode":"97","Message":"Invalid signature"}""";
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task The_answer_is_http_200_json_with_exactly_two_keys()
    {
        var order = await trade.StartAsync();
        var answer = await trade.Site.Open().GetAsync("/vnpay/ipn" + order.Paid());
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Message.Content.Headers.ContentType!.ToString());
        Assert.Equal(Success, answer.Body);
    }

    [Fact]
    public async Task A_paid_notification_pays_the_order_sells_the_stock_and_posts_to_the_ledger()
    {
        var order = await trade.StartAsync(quantity: 2);
        Assert.Equal(new States("awaiting_payment", "pending", "initiated", 15_000, 10_000, 0, 0, 0), await trade.StatesAsync(order));
        Assert.Equal(Success, await trade.IpnAsync(order.Paid()));
        Assert.Equal(new States("confirmed", "paid", "paid", 15_000, 0, 10_000, order.AmountVnd, 0), await trade.StatesAsync(order));
    }

    [Fact]
    public async Task A_failed_notification_is_recorded_with_00_and_the_stock_stays_held()
    {
        var order = await trade.StartAsync();
        Assert.Equal(Success, await trade.IpnAsync(order.Paid("24")));
        Assert.Equal(new States("awaiting_payment", "pending", "failed", 20_000, 5_000, 0, 0, 0), await trade.StatesAsync(order));
        Assert.Equal(Repeated, await trade.IpnAsync(order.Paid("24")));
    }

    [Fact]
    public async Task Paid_needs_both_codes()
    {
        var order = await trade.StartAsync();
        Assert.Equal(Success, await trade.IpnAsync(order.Paid("00", ("vnp_TransactionStatus", "02"))));
        Assert.Equal("failed", (await trade.StatesAsync(order)).Attempt);
    }

    [Fact]
    public async Task A_second_notification_changes_nothing()
    {
        var order = await trade.StartAsync();
        Assert.Equal(Success, await trade.IpnAsync(order.Paid()));
        var before = await trade.StatesAsync(order);
        Assert.Equal(Repeated, await trade.IpnAsync(order.Paid()));
        Assert.Equal(Repeated, await trade.IpnAsync(order.Paid("24")));
        Assert.Equal(before, await trade.StatesAsync(order));
    }

    [Fact]
    public async Task A_forged_or_unknown_notification_changes_nothing()
    {
        var order = await trade.StartAsync();
        var before = await trade.StatesAsync(order);
        var other = await trade.Shop.SellerAsync();
        var good = order.Paid();
        Assert.Equal(WrongSignature, await trade.IpnAsync(good[..^4] + "0000"));
        Assert.Equal(WrongSignature, await trade.IpnAsync(good.Replace("vnp_ResponseCode=00", "vnp_ResponseCode=24", StringComparison.Ordinal)));
        Assert.Equal(WrongSignature, await trade.IpnAsync(good + "&vnp_TxnRef=" + order.TxnRef));
        Assert.Equal(WrongSignature, await trade.IpnAsync(""));
        Assert.Equal(WrongSignature, await trade.IpnAsync("?vnp_TmnCode=%"));
        Assert.Equal(WrongSignature, await trade.IpnAsync("?vnp_TmnCode=ABC%00EFGH"));
        Assert.Equal(WrongSignature, await trade.IpnAsync(order.Paid("00", ("vnp_TmnCode", "NOTATERM"))));
        // Signed rightly for a terminal that never had this reference.
        Assert.Equal(NotFound, await trade.IpnAsync(Support.Vnpay.Query(other, order.TxnRef, order.AmountVnd)));
        Assert.Equal(NotFound, await trade.IpnAsync(Support.Vnpay.Query(order.Seller, "NOSUCHREF", order.AmountVnd)));
        Assert.Equal(WrongAmount, await trade.IpnAsync(Support.Vnpay.Query(order.Seller, order.TxnRef, order.AmountVnd - 1)));
        Assert.Equal(before, await trade.StatesAsync(order));
        // The checks come in this order: a wrong amount under a wrong hash is a wrong hash.
        Assert.Equal(WrongSignature, await trade.IpnAsync(Support.Vnpay.Query(order.Seller, order.TxnRef, order.AmountVnd - 1) + "0"));
        Assert.Equal(Success, await trade.IpnAsync(good));
    }

    [Fact]
    public async Task An_upper_case_hash_and_foreign_parameters_are_accepted()
    {
        var order = await trade.StartAsync();
        var query = order.Paid();
        var at = query.IndexOf("vnp_SecureHash=", StringComparison.Ordinal) + "vnp_SecureHash=".Length;
        Assert.Equal(Success, await trade.IpnAsync(query[..at] + query[at..].ToUpperInvariant() + "&utm_source=bank"));
    }

    [Fact]
    public async Task Fifty_equal_notifications_at_once_have_one_effect()
    {
        var seeds = Seeds.For("fifty notifications");
        var rounds = Seeds.Rounds(1, 50);
        for (var round = 0; round < rounds; round++)
        {
            var order = await trade.StartAsync();
            var pauses = Enumerable.Range(0, 50).Select(_ => seeds.Random.Next(6)).ToList();
            var answers = await Task.WhenAll(pauses.Select(pause => Task.Run(async () =>
            {
                await Task.Delay(pause);
                return await trade.SayAsync(order);
            })));
            seeds.Equal((1, 49), (answers.Count(a => a == "00"), answers.Count(a => a == "02")), $"round {round}, answers");
            seeds.Equal(new States("confirmed", "paid", "paid", 20_000, 0, 5_000, order.AmountVnd, 0), await trade.StatesAsync(order), $"round {round}");
            Assert.Equal(50, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.notification where txn_ref = @TxnRef", new { order.TxnRef }));
        }
        await trade.JudgeAsync($"fifty notifications, {rounds} rounds, seed {seeds.Seed}");
    }

    [Fact]
    public async Task Every_notification_is_kept_without_its_hash()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        await trade.IpnAsync(order.Paid());
        await trade.IpnAsync(order.Paid()[..^4] + "0000");
        var kept = await trade.Site.Db.QueryAsync<(string Verdict, string RspCode, string Payload)>(
            "select n.verdict, n.rsp_code, n.payload from payments.notification n join payments.terminal t on t.id = n.terminal_id where t.tmn_code = @TmnCode order by n.id", new { order.Seller.TmnCode });
        Assert.Equal([("paid", "00"), ("repeated", "02"), ("invalid-signature", "97")], kept.Select(k => (k.Verdict, k.RspCode)));
        Assert.All(kept, k => Assert.DoesNotContain("SecureHash", k.Payload, StringComparison.OrdinalIgnoreCase));
        Assert.All(kept, k => Assert.Contains("vnp_TxnRef=" + order.TxnRef, k.Payload, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_success_after_a_failure_of_the_same_try_is_money_and_is_recorded()
    {
        var order = await trade.StartAsync();
        Assert.Equal(Success, await trade.IpnAsync(order.Paid("11")));
        Assert.Equal(Success, await trade.IpnAsync(order.Paid()));
        Assert.Equal(new States("confirmed", "paid", "paid_late", 20_000, 0, 5_000, order.AmountVnd, 0), await trade.StatesAsync(order));
    }

    [Fact]
    public async Task A_second_paid_try_of_one_payment_opens_a_refund_case()
    {
        var order = await trade.StartAsync();
        var page = await trade.Site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + order.Paid("24"));
        var buyer = trade.Site.Open();
        var again = await buyer.SubmitAsync(await buyer.GetAsync(page.Page.QuerySelector("main a[href*='/don-hang/']")!.GetAttribute("href")!), "/thanh-toan");
        var second = order with { TxnRef = Support.Vnpay.Fields(again.Location)["vnp_TxnRef"] };
        Assert.NotEqual(order.TxnRef, second.TxnRef);
        Assert.Equal("00", await trade.SayAsync(order));
        Assert.Equal("00", await trade.SayAsync(second));
        Assert.Equal(new States("confirmed", "paid", "paid", 20_000, 0, 5_000, order.AmountVnd * 2, 1), await trade.StatesAsync(second));
        await trade.JudgeAsync("two tries paid");
    }

    [Fact]
    public async Task The_result_of_one_payment_leads_to_the_next_and_a_refused_one_to_another_try()
    {
        var (one, two) = (await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5), await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5));
        var buyer = await (await new Buyer(trade.Site).WithAsync(one)).WithAsync(two);
        var order = await buyer.Browser.GetAsync((await buyer.PlaceAsync()).Location!);
        var started = await buyer.Browser.SubmitAsync(order, "/thanh-toan");
        var fields = Support.Vnpay.Fields(started.Location);
        var seller = fields["vnp_TmnCode"] == one.Seller.TmnCode ? one.Seller : two.Seller;
        var other = seller == one.Seller ? two.Seller : one.Seller;
        var amount = long.Parse(fields["vnp_Amount"], System.Globalization.CultureInfo.InvariantCulture) / 100;

        Assert.Equal(Success, await trade.IpnAsync(Support.Vnpay.Query(seller, fields["vnp_TxnRef"], amount, "24")));
        var elsewhere = trade.Site.Open();
        var refused = await elsewhere.GetAsync("/thanh-toan/vnpay/ket-qua" + Support.Vnpay.Query(seller, fields["vnp_TxnRef"], amount, "24"));
        Assert.Contains("Còn 2 khoản cần thanh toán", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Thanh toán lại " + seller.Name, refused.Text, StringComparison.Ordinal);
        Assert.Contains("Trả cho" + seller.Name, refused.Text.Replace("Trả cho ", "Trả cho", StringComparison.Ordinal), StringComparison.Ordinal);

        var again = Support.Vnpay.Fields((await elsewhere.SubmitAsync(refused, "/thanh-toan")).Location);
        Assert.Equal(Success, await trade.IpnAsync(Support.Vnpay.Query(seller, again["vnp_TxnRef"], amount, "00")));
        var paid = await elsewhere.GetAsync("/thanh-toan/vnpay/ket-qua" + Support.Vnpay.Query(seller, again["vnp_TxnRef"], amount, "00"));
        Assert.Contains("Còn 1 khoản cần thanh toán", paid.Text, StringComparison.Ordinal);
        Assert.Contains("Trả cho " + other.Name, paid.Text, StringComparison.Ordinal);
        Assert.Equal(other.TmnCode, Support.Vnpay.Fields((await elsewhere.SubmitAsync(paid, "/thanh-toan")).Location)["vnp_TmnCode"]);
    }

    [Fact]
    public async Task A_suspected_payment_waits_for_a_person_with_the_stock_held()
    {
        var order = await trade.StartAsync();
        Assert.Equal(Success, await trade.IpnAsync(order.Paid("07")));
        Assert.Equal(new States("awaiting_payment", "review", "review", 20_000, 5_000, 0, 0, 0), await trade.StatesAsync(order));
        await trade.SweepAsync(TimeSpan.FromHours(1));
        Assert.Equal("review", (await trade.StatesAsync(order)).Payment);
        Assert.Equal(Success, await trade.IpnAsync(order.Paid()));
        Assert.Equal(("confirmed", "paid"), await Both(order));
    }

    [Fact]
    public async Task A_new_secret_loses_no_message_that_was_signed_with_the_one_before()
    {
        var seeds = Seeds.For("new secret");
        var rounds = Seeds.Rounds(3, 200);
        for (var round = 0; round < rounds; round++)
        {
            var soon = await trade.StartAsync();
            var late = await trade.StartAsync(soon.Goods);
            var renewed = soon.Seller with { Secret = $"SECRETNEWSECRETNEWSECRETNEW{round:00000}" };
            // Sent twice, as a form may be: the second time changes nothing.
            for (var times = 0; times < 2; times++)
            {
                await using var tx = await trade.Site.Db.BeginAsync();
                Assert.True(await trade.Site.Get<SonLaMarket.Payments.Terminals>().AddAsync(tx, soon.Seller.ProducerId, soon.Seller.TmnCode!, renewed.Secret, SonLaMarket.Foundation.Web.Actor.System));
                await tx.CommitAsync();
            }
            var under = TimeSpan.FromMinutes(seeds.Random.Next(24 * 60));
            trade.Site.Clock.Advance(under);
            seeds.Equal("00", await trade.SayAsync(soon), $"round {round}, the former secret after {under}");
            seeds.Equal("02", await trade.SayAsync(soon, by: renewed), $"round {round}, the new one after it");
            trade.Site.Clock.Advance(TimeSpan.FromHours(24) - under + TimeSpan.FromMinutes(1 + seeds.Random.Next(60)));
            seeds.Equal("97", await trade.SayAsync(late, kind: "former-secret"), $"round {round}, the former secret too late");
            seeds.Equal("00", await trade.SayAsync(late, by: renewed), $"round {round}, the new one");
        }
        await trade.JudgeAsync($"new secret, {rounds} rounds, seed {seeds.Seed}");
    }

    [Fact]
    public async Task The_return_page_shows_and_changes_nothing()
    {
        var order = await trade.StartAsync();
        var shown = await trade.Site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + order.Paid());
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Contains("Đang chờ VNPAY xác nhận", shown.Text, StringComparison.Ordinal);
        Assert.Equal(("awaiting_payment", "pending"), await Both(order));
        await trade.IpnAsync(order.Paid());
        shown = await trade.Site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + order.Paid());
        Assert.Contains("Đã nhận thanh toán", shown.Text, StringComparison.Ordinal);
        var link = shown.Page.QuerySelector("a.button--primary")!.GetAttribute("href")!;
        Assert.Contains("Chờ đóng gói", (await trade.Site.Open().GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(["shown", "shown"], await ReturnsAsync(order));
    }

    /// <summary>What a browser brought back is in the log, beside the notifications and without its hash: what was made of it, and that it counts for nothing.</summary>
    private async Task<List<string>> ReturnsAsync(Started order)
    {
        var kept = await trade.Site.Db.QueryAsync<(string Verdict, string? RspCode, string Payload)>("""
            select n.verdict, n.rsp_code, n.payload from payments.notification n join payments.terminal t on t.id = n.terminal_id where t.tmn_code = @TmnCode and n.channel = 'return' order by n.id
            """, new { order.Seller.TmnCode });
        Assert.All(kept, k => Assert.True(k.RspCode is null && k.Payload.Contains("vnp_TxnRef=" + order.TxnRef, StringComparison.Ordinal) && !k.Payload.Contains("SecureHash", StringComparison.OrdinalIgnoreCase)));
        return kept.ConvertAll(k => k.Verdict);
    }

    [Fact]
    public async Task A_forged_return_shows_nothing_of_the_order()
    {
        var order = await trade.StartAsync();
        var shown = await trade.Site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + order.Paid()[..^4] + "0000");
        Assert.Equal(HttpStatusCode.BadRequest, shown.Status);
        Assert.DoesNotContain(order.Code.Split('-')[0], shown.Body, StringComparison.Ordinal);
        Assert.Equal(["invalid-signature"], await ReturnsAsync(order));
    }

    private async Task<(string, string)> Both(Started order)
    {
        var states = await trade.StatesAsync(order);
        return (states.Part, states.Payment);
    }
}
