using global::Vnpay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Payments;

/// <summary>A site whose VNPAY is in the test's hands, and orders on it.</summary>
public sealed class Trade : IAsyncDisposable
{
    public Trade(TestDatabase database)
        : this(database.Settings)
    {
    }

    public Trade(Dictionary<string, string?> database, IReadOnlyDictionary<string, string>? settings = null)
    {
        Api = new TransactionApi(tmnCode => "SECRET" + tmnCode);
        Site = new Site(database, services => services.Replace(ServiceDescriptor.Singleton(s => new VnpayClient(
            new VnpayClientOptions { PaymentUrl = "https://vnpay.test/pay", TransactionUrl = "https://vnpay.test/api", TimeProvider = s.GetRequiredService<TimeProvider>() },
            new HttpClient(Api)))), settings);
        Shop = new Shop(Site);
    }

    public TransactionApi Api { get; }

    public Site Site { get; }

    public Shop Shop { get; }

    /// <summary>An order placed by a guest who now stands on VNPAY's page.</summary>
    public async Task<Started> StartAsync(Goods? goods = null, int quantity = 1)
    {
        goods ??= await Shop.GoodsAsync(await Shop.SellerAsync(), 5);
        var buyer = await new Buyer(Site).WithAsync(goods, quantity);
        var placed = await buyer.PlaceAsync();
        var fields = Support.Vnpay.Fields(placed.Location);
        var txnRef = fields["vnp_TxnRef"];
        var code = await Site.Db.SingleAsync<string>("select split_part(p.payable, ':', 2) from payments.payment p join payments.attempt a on a.payment_id = p.id where a.txn_ref = @txnRef", new { txnRef });
        return new Started(goods, buyer, txnRef, long.Parse(fields["vnp_Amount"]) / 100, code);
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
