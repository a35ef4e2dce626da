using System.Globalization;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

/// <summary>
/// Random notifications of several tries of one payment against a model that knows nothing of the code: genuine, repeated, out of order, after the window, after a
/// cancellation, forged, of another amount, of another terminal, with doubled parameters. Every answer and every end state must be the
/// model's. SONLAMARKET_SEED repeats a run.
/// </summary>
public sealed class IpnTriesModelTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("SONLAMARKET_LONG") == "1";
    private static readonly int Messages = Long ? 10_000 : 400;
    private static readonly int Orders = Long ? 120 : 12;
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task Every_random_message_ends_in_the_models_state()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SONLAMARKET_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        Console.WriteLine($"tries: SONLAMARKET_SEED={seed}, {Messages} messages");
        var random = new Random(seed);
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
        var stranger = await trade.Shop.SellerAsync();
        var model = new List<Tracked>();
        for (var i = 0; i < Orders; i++)
            model.Add(await OrderAsync(goods));
        var attempts = model.SelectMany(order => order.Attempts).ToList();
        var kept = await KeptAsync();

        for (var i = 0; i < Messages; i++)
        {
            if (i == Messages / 3)
                await CancelAsync(model.Where((_, at) => at % 5 == 0));
            if (i == Messages / 2)
                await EndWindowAsync(model);
            var attempt = attempts[random.Next(attempts.Count)];
            var (query, expected) = Next(random, attempt, stranger);
            var answer = await trade.IpnAsync(query);
            Assert.True(answer.StartsWith($$"""{"RspCode":"{{expected}}",""", StringComparison.Ordinal), $"seed {seed}, message {i}: expected {expected} for {attempt}, was {answer}");
        }

        Assert.Equal(Messages, await KeptAsync() - kept);
        foreach (var order in model)
        {
            var found = await StateAsync(order);
            Assert.True(order.State == found, $"seed {seed}: model {order.State}, database {found}");
        }
        Assert.Equal(model.Sum(order => order.Came) * model[0].AmountVnd, await trade.Site.Db.SingleAsync<long>("select coalesce(sum(l.amount_vnd), 0)::bigint from payments.ledger_line l join payments.posting o on o.id = l.posting_id where o.kind = 'payment' and l.account = 'seller-receivable'"));
    }

    /// <summary>A message and the answer that it must get; what is genuine also moves the model.</summary>
    private static (string Query, string Expected) Next(Random random, Try attempt, Seller stranger)
    {
        var order = attempt.Order;
        string Genuine(string code, params (string, string?)[] changes) => Support.Vnpay.Query(order.Seller, attempt.TxnRef, order.AmountVnd, code, changes);
        switch (random.Next(16))
        {
            case 0: return (Genuine("00")[..^8] + "deadbeef", "97");
            case 1: return (Genuine("24").Replace("vnp_ResponseCode=24", "vnp_ResponseCode=00", StringComparison.Ordinal), "97");
            case 2: return (Genuine("00") + "&vnp_Amount=" + (order.AmountVnd * 100), "97");
            case 3: return (Genuine("00", ("vnp_TmnCode", "NOTHERE1")), "97");
            case 4: return (Support.Vnpay.Query(order.Seller, attempt.TxnRef, order.AmountVnd + random.Next(1, 1_000)), "04");
            case 5: return (Support.Vnpay.Query(stranger, attempt.TxnRef, order.AmountVnd), "01");
            case 6: return (Support.Vnpay.Query(order.Seller, "UNKNOWN" + random.Next(1_000), order.AmountVnd), "01");
            case 7: return (random.Next(2) == 0 ? "" : "?vnp_TxnRef=" + attempt.TxnRef, "97");
            case 8: return (Genuine("07"), attempt.Doubtful());
            case 9: return (Genuine("00", ("vnp_TransactionStatus", "04")), attempt.Doubtful());
            case 10: return (Genuine("00", ("vnp_TransactionStatus", "02")), attempt.Failed());
            case 11: return (Genuine("ZZ", ("vnp_TransactionStatus", "ZZ")), attempt.Failed());
            case 12 or 13: return (Genuine(random.Next(2) == 0 ? "24" : "51"), attempt.Failed());
            default:
                var paid = Genuine("00");
                var at = paid.IndexOf("vnp_SecureHash=", StringComparison.Ordinal) + 15;
                return (random.Next(2) == 0 ? paid : paid[..at] + paid[at..].ToUpperInvariant() + "&utm_source=x", attempt.Paid());
        }
    }

    private async Task<Tracked> OrderAsync(Goods goods)
    {
        var started = await trade.StartAsync(goods);
        var order = new Tracked(started.Code, started.Seller, started.AmountVnd);
        order.Attempts.Add(new Try(order, started.TxnRef));
        await using var tx = await trade.Site.Db.BeginAsync();
        var code = await tx.SingleAsync<string>("select code from payments.payment where payable = 'sub-order:' || @Code", new { started.Code });
        var again = await trade.Site.Get<PaymentRegister>().NewAttemptAsync(tx, code, new Payer("vi", null));
        await tx.CommitAsync();
        order.Attempts.Add(new Try(order, Support.Vnpay.Fields(again)["vnp_TxnRef"]));
        return order;
    }

    /// <summary>The order is called off while the buyer may still be paying.</summary>
    private async Task CancelAsync(IEnumerable<Tracked> orders)
    {
        foreach (var order in orders.Where(o => o.Payment is "pending" or "review"))
        {
            await using var tx = await trade.Site.Db.BeginAsync();
            Assert.True(await trade.Site.Get<SonLaMarket.Orders.SubOrders>().CancelByBuyerAsync(tx, order.Code, ""));
            await tx.CommitAsync();
            order.Payment = "cancelled";
        }
    }

    /// <summary>The window and its margin are over, and VNPAY knows nothing of what is still open.</summary>
    private async Task EndWindowAsync(List<Tracked> model)
    {
        await trade.SweepAsync(TimeSpan.FromMinutes(20));
        foreach (var order in model)
        {
            foreach (var attempt in order.Attempts.Where(a => a.State == "initiated"))
                attempt.State = "expired";
            if (order.Payment == "pending" && order.Attempts.All(a => a.State != "review"))
                order.Payment = "expired";
        }
    }

    private Task<long> KeptAsync() => trade.Site.Db.SingleAsync<long>("select count(*) from payments.notification where channel = 'ipn'");

    private async Task<string> StateAsync(Tracked order)
    {
        var (payment, refunds) = await trade.Site.Db.SingleAsync<(string, int)>("select p.status, (select count(*)::int from payments.refund_case c where c.payment_id = p.id) from payments.payment p where p.payable = 'sub-order:' || @Code", new { order.Code });
        var tries = await trade.Site.Db.QueryAsync<string>("select a.status from payments.attempt a join payments.payment p on p.id = a.payment_id where p.payable = 'sub-order:' || @Code order by a.id", new { order.Code });
        return Describe(order.Code, payment, tries, refunds);
    }

    private static string Describe(string code, string payment, IEnumerable<string> tries, int refunds) => $"{code}: {payment}, tries {string.Join('/', tries)}, {refunds} refund cases";

    private sealed class Tracked(string code, Seller seller, long amountVnd)
    {
        public string Code => code;

        public Seller Seller => seller;

        public long AmountVnd => amountVnd;

        public List<Try> Attempts { get; } = [];

        public string Payment { get; set; } = "pending";

        public int Came { get; set; }

        public int Refunds { get; set; }

        public string State => Describe(code, Payment, Attempts.Select(a => a.State), Refunds);
    }

    /// <summary>One try as VNPAY's documentation and docs/contract.md, section 4, have it.</summary>
    private sealed class Try(Tracked order, string txnRef)
    {
        public Tracked Order => order;

        public string TxnRef => txnRef;

        public string State { get; set; } = "initiated";

        public string Paid()
        {
            if (State is "paid" or "paid_late")
                return "02";
            var open = order.Payment is "pending" or "review";
            var before = order.Payment is "paid" or "paid_late";
            State = State is "initiated" or "review" && (open || before) ? "paid" : "paid_late";
            order.Came++;
            if (before)
                order.Refunds++;
            else if (!open && order.Payment == "cancelled")
                order.Refunds++;
            if (!before)
                order.Payment = open ? "paid" : "paid_late";
            return "00";
        }

        public string Failed()
        {
            if (State is not ("initiated" or "review"))
                return "02";
            State = "failed";
            if (order.Payment == "review" && order.Attempts.All(a => a.State != "review"))
                order.Payment = "pending";
            return "00";
        }

        public string Doubtful()
        {
            if (State is not ("initiated" or "failed" or "expired"))
                return "02";
            State = "review";
            if (order.Payment == "pending")
                order.Payment = "review";
            return "00";
        }

        public override string ToString() => $"{txnRef} ({State}, payment {order.Payment})";
    }
}
