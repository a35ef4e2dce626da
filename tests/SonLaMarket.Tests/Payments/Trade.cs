using System.Globalization;
using System.Net;
using System.Text.Json;
using global::Vnpay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SonLaMarket.Checker;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Payments;

/// <summary>A site whose VNPAY is in the test's hands, and orders on it.</summary>
public sealed class Trade : IAsyncDisposable
{
    private readonly string owner;

    public Trade(TestDatabase database)
        : this(database.Settings)
    {
    }

    public Trade(Dictionary<string, string?> database, IReadOnlyDictionary<string, string>? settings = null)
    {
        owner = database["ConnectionStrings:SonLaMarketMigrator"]!;
        Api = new TransactionApi(tmnCode => "SECRET" + tmnCode) { Answered = Answered };
        Site = new Site(database, services => services.Replace(ServiceDescriptor.Singleton(s => new VnpayClient(
            new VnpayClientOptions { PaymentUrl = "https://vnpay.test/pay", TransactionUrl = "https://vnpay.test/api", TimeProvider = s.GetRequiredService<TimeProvider>() },
            new HttpClient(Api)))), settings);
        Shop = new Shop(Site);
    }

    public TransactionApi Api { get; }

    public Site Site { get; }

    public Shop Shop { get; }

    /// <summary>What buyers, VNPAY and whoever asked it did here, for the judge.</summary>
    public History History { get; } = new();

    /// <summary>An order placed by a guest who now stands on VNPAY's page.</summary>
    public async Task<Started> StartAsync(Goods? goods = null, int quantity = 1)
    {
        goods ??= await Shop.GoodsAsync(await Shop.SellerAsync(), 5);
        var buyer = await new Buyer(Site).WithAsync(goods, quantity);
        var page = await buyer.ConfirmAsync();
        var form = page.Page.QuerySelector("input[name=form_key]")!.GetAttribute("value")!;
        var placed = await History.RecordAsync("buyer", "place", new Dictionary<string, string>(StringComparer.Ordinal) { ["form"] = form }, async () =>
            await buyer.Browser.SubmitAsync(page, "/thanh-toan/xac-nhan") is { Status: HttpStatusCode.SeeOther, Location: { } location } ? Support.Vnpay.Seen(location) : null);
        var fields = Support.Vnpay.Fields(placed.Saw("url"));
        var txnRef = fields["vnp_TxnRef"];
        var code = await Site.Db.SingleAsync<string>("select split_part(p.payable, ':', 2) from payments.payment p join payments.attempt a on a.payment_id = p.id where a.txn_ref = @txnRef", new { txnRef });
        return new Started(goods, buyer, txnRef, long.Parse(fields["vnp_Amount"]) / 100, code);
    }

    /// <summary>A notification, right or wrong (<see cref="Support.Vnpay.Message"/>), written down; its answer code.</summary>
    /// <param name="by">Who signs it, when that is not the order's seller.</param>
    public async Task<string> SayAsync(Started order, string code = "00", string kind = "genuine", string? status = null, Seller? by = null)
    {
        var args = new Dictionary<string, string>(StringComparer.Ordinal) { ["txnRef"] = order.TxnRef, ["kind"] = kind, ["code"] = code, ["status"] = status ?? "" };
        var call = await History.RecordAsync("vnpay", "notify", args, async () =>
        {
            using var answer = JsonDocument.Parse(await IpnAsync(Support.Vnpay.Message(by ?? order.Seller, order.TxnRef, order.AmountVnd, code, kind, status)));
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["rspCode"] = answer.RootElement.GetProperty("RspCode").GetString()! };
        });
        return call.Saw("rspCode");
    }

    /// <summary>Everything that was written down until now, against the database.</summary>
    /// <param name="what">Name, rounds and seed of the test.</param>
    public Task<Verdict> JudgeAsync(string what) => Judged.UnbrokenAsync(what, History, owner);

    private void Answered(string txnRef, string code, string status, long amountVnd)
    {
        if (code == "00")
            History.Note("vnpay", "answer", ("txnRef", txnRef), ("status", status), ("amount", (amountVnd * 100).ToString(CultureInfo.InvariantCulture)));
    }

    public async Task<string> IpnAsync(string query) => (await Site.Open().GetAsync("/vnpay/ipn" + query)).Body;

    public async Task SweepAsync(TimeSpan after)
    {
        Site.Clock.Advance(after);
        using var scope = Site.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<Sweeper>().RunAsync(CancellationToken.None);
    }

    public Task<States> StatesAsync(Started order)
    {
        const string select = """
            select s.status as part, p.status as payment, a.status as attempt, t.available, t.held, t.sold,
              (select coalesce(sum(l.amount_vnd), 0)::bigint from payments.posting o join payments.ledger_line l on l.posting_id = o.id and l.account = 'seller-receivable' where o.payment_id = p.id) as ledger_vnd,
              (select count(*)::int from payments.refund_case r where r.payment_id = p.id) as refunds
            from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code join payments.attempt a on a.payment_id = p.id and a.txn_ref = @TxnRef
              join catalog.lot_stock t on t.lot_id = @LotId
            where s.code = @Code
            """;
        return Site.Db.SingleAsync<States>(select, new { order.Code, order.TxnRef, order.Goods.LotId });
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}

/// <param name="Code">The part's code.</param>
public sealed record Started(Goods Goods, Buyer Buyer, string TxnRef, long AmountVnd, string Code)
{
    public Seller Seller => Goods.Seller;

    public string Paid(string code = "00", params (string, string?)[] changes) => Support.Vnpay.Query(Seller, TxnRef, AmountVnd, code, changes);
}

/// <summary>Stock in grams; a box is 5,000.</summary>
public sealed record States(string Part, string Payment, string Attempt, long Available, long Held, long Sold, long LedgerVnd, int Refunds);
