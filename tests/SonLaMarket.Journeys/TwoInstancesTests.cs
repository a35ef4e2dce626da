using Microsoft.AspNetCore.WebUtilities;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;
using Vnpay;

namespace SonLaMarket.Journeys;

/// <summary>Over HTTP against two running instances on one database.</summary>
public sealed class TwoInstancesTests(Province province, PostgresFixture postgres) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Twenty_buyers_want_the_last_box_and_one_gets_it_each_time()
    {
        var random = Rounds.Seeded("last box");
        for (var round = 0; round < Rounds.Of(10, 100); round++)
        {
            var (listing, slug) = await LeaveOneAsync(random);
            var buyers = Enumerable.Range(0, 20).Select(i => new Guest(i % 2 == 0 ? province.First.Url : province.Second.Url)).ToList();
            await Task.WhenAll(buyers.Select(b => b.PrepareAsync(slug, "cod")));
            var before = await OrdersOfAsync(listing);
            var placed = await Task.WhenAll(buyers.Select(b => b.PlaceAsync()));
            Assert.Equal(1, placed.Count(p => p is not null));
            Assert.Equal(before + 1, await OrdersOfAsync(listing));
            Assert.Equal(0, await province.Database.Db.SingleAsync<long>("select sum(s.available / l.base_per_unit)::bigint from catalog.lot_stock s join catalog.listing l on l.product_id = s.product_id where l.id = @listing", new { listing }));
            buyers.ForEach(b => b.Dispose());
        }
    }

    [Fact]
    public async Task The_same_notification_fifty_times_has_one_effect_and_one_00()
    {
        var (query, txnRef) = await NotificationAsync(e => e);
        using var first = new HttpClient { BaseAddress = new Uri(province.First.Url) };
        using var second = new HttpClient { BaseAddress = new Uri(province.Second.Url) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => (i % 2 == 0 ? first : second).GetStringAsync("/vnpay/ipn?" + query)));
        Assert.Equal(1, answers.Count(a => a == """{"RspCode":"00","Message":"Confirm Success"}"""));
        Assert.Equal(49, answers.Count(a => a == """{"RspCode":"02","Message":"Order already confirmed"}"""));
        Assert.Equal("paid", await StatusAsync(txnRef));
        Assert.Equal(1, await province.Database.Db.SingleAsync<long>("select count(*) from payments.posting g join payments.attempt a on a.payment_id = g.payment_id where a.txn_ref = @txnRef and g.rule_code is null", new { txnRef }));
    }

    [Fact]
    public async Task Forged_wrong_amount_and_unknown_order_change_nothing()
    {
        using var http = new HttpClient { BaseAddress = new Uri(province.Second.Url) };
        var (forged, txnRef) = await NotificationAsync(e => e, secret: "FALSEFALSEFALSEFALSEFALSEFALSE00");
        Assert.Contains("\"97\"", await http.GetStringAsync("/vnpay/ipn?" + forged), StringComparison.Ordinal);
        var (amount, other) = await NotificationAsync(e => e with { Amount = e.Amount + 100 });
        Assert.Contains("\"04\"", await http.GetStringAsync("/vnpay/ipn?" + amount), StringComparison.Ordinal);
        var (unknown, third) = await NotificationAsync(e => e with { TxnRef = "KHONGCODONNAY1" });
        Assert.Contains("\"01\"", await http.GetStringAsync("/vnpay/ipn?" + unknown), StringComparison.Ordinal);
        foreach (var reference in new[] { txnRef, other, third })
            Assert.Equal("initiated", await StatusAsync(reference));
    }

    private Task<string> StatusAsync(string txnRef) => province.Database.Db.SingleAsync<string>("select status from payments.attempt where txn_ref = @txnRef", new { txnRef });

    private Task<long> OrdersOfAsync(long listing) => province.Database.Db.SingleAsync<long>("select count(*) from orders.line where listing_id = @listing", new { listing });

    /// <summary>Takes a listing that sells, and leaves one sale unit of it on the shelf.</summary>
    private async Task<(long Id, string Slug)> LeaveOneAsync(Random random)
    {
        var listings = await province.Database.Db.QueryAsync<(long Id, string Slug)>("""
            select l.id, l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 0
            where l.min_units = 1 and l.price_vnd < 400000 and (select count(*) from catalog.lot_stock s where s.product_id = l.product_id) = 1 order by l.id
            """);
        var chosen = listings[random.Next(listings.Count)];
        await province.Database.Db.ExecuteAsync("""
            update catalog.lot_stock s set available = l.base_per_unit, supplied = l.base_per_unit + s.held + s.sold + s.written_off, movements = s.movements + 1 from catalog.listing l where l.id = @Id and s.product_id = l.product_id
            """, new { chosen.Id });
        return chosen;
    }

    private sealed record Said(string TmnCode, string TxnRef, long Amount);

    /// <summary>Places an online order at the first seller and signs what VNPAY would say of it.</summary>
    private async Task<(string Query, string TxnRef)> NotificationAsync(Func<Said, Said> change, string? secret = null)
    {
        var terminal = province.First.Lines.First(l => l[0] == "vnpay");
        var slug = await province.Database.Db.SingleAsync<string>("""
            select l.slug from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 20 join payments.terminal t on t.producer_id = l.producer_id
            where t.tmn_code = @code order by l.id limit 1
            """, new { code = terminal[1] });
        using var buyer = new Guest(province.First.Url);
        await buyer.PrepareAsync(slug, "vnpay");
        var payment = QueryHelpers.ParseQuery((await buyer.PlaceAsync())!.Query);
        var txnRef = payment["vnp_TxnRef"].ToString();
        var said = change(new Said(terminal[1], txnRef, long.Parse(payment["vnp_Amount"].ToString(), System.Globalization.CultureInfo.InvariantCulture)));
        var fields = new Dictionary<string, string?>
        {
            ["vnp_TmnCode"] = said.TmnCode,
            ["vnp_Amount"] = said.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["vnp_BankCode"] = "NCB",
            ["vnp_CardType"] = "ATM",
            ["vnp_OrderInfo"] = "thu",
            ["vnp_PayDate"] = "20261124120000",
            ["vnp_ResponseCode"] = "00",
            ["vnp_TransactionStatus"] = "00",
            ["vnp_TransactionNo"] = "14123456",
            ["vnp_TxnRef"] = said.TxnRef,
        };
        return (new Uri(VnpaySignature.SignUrl("http://localhost/", fields, secret ?? terminal[2])).Query[1..], txnRef);
    }
}
