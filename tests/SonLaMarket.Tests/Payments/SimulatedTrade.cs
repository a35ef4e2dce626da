using System.Net.Http.Json;
using System.Text.Json;
using global::Vnpay;
using global::Vnpay.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Payments;

/// <summary>A site whose VNPAY is the simulator, on the site's own clock. Notifications do not get through: what was paid is asked for.</summary>
public sealed class SimulatedTrade : IAsyncDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private SimulatorHost? simulator;

    private SimulatedTrade(TestDatabase database)
    {
        Site = new Site(database, services => services.Replace(ServiceDescriptor.Singleton(_ => new VnpaySettings(simulator!.PaymentUrl, simulator.TransactionUrl, "", simulator.DayFileUrl, true))).Replace(ServiceDescriptor.Singleton(s => new VnpayClient(
            new VnpayClientOptions { PaymentUrl = simulator!.PaymentUrl, TransactionUrl = simulator.TransactionUrl, TimeProvider = s.GetRequiredService<TimeProvider>() }))));
        Shop = new Shop(Site);
    }

    public Site Site { get; }

    public Shop Shop { get; }

    public string DayFileUrl => simulator!.DayFileUrl;

    public static async Task<SimulatedTrade> StartAsync(TestDatabase database)
    {
        var trade = new SimulatedTrade(database);
        trade.simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Url = "http://127.0.0.1:0",
            Terminals = code => ValueTask.FromResult<string?>("SECRET" + code),
            TimeProvider = trade.Site.Clock,
        });
        return trade;
    }

    /// <summary>An order that was paid at the simulator, and unless told otherwise is known to be.</summary>
    public async Task<Started> PaidAsync(Goods? goods = null, int quantity = 1, bool known = true)
    {
        goods ??= await Shop.GoodsAsync(await Shop.SellerAsync(), 5);
        var buyer = await new Buyer(Site).WithAsync(goods, quantity);
        var url = (await buyer.PlaceAsync()).Location!;
        var fields = Support.Vnpay.Fields(url);
        var txnRef = fields["vnp_TxnRef"];
        (await http.GetAsync(new Uri(url))).Dispose();
        await PostAsync("/control/pay/" + txnRef, new { responseCode = "00" });
        var code = await Site.Db.SingleAsync<string>("select split_part(p.payable, ':', 2) from payments.payment p join payments.attempt a on a.payment_id = p.id where a.txn_ref = @txnRef", new { txnRef });
        if (known)
            await RunAsync<Sweeper>(TimeSpan.FromMinutes(1));
        return new Started(goods, buyer, txnRef, long.Parse(fields["vnp_Amount"]) / 100, code);
    }

    /// <summary>A browser signed in as a new operator.</summary>
    public async Task<Browser> OperatorAsync()
    {
        var signIn = $"quan-tri{Guid.NewGuid():N}@example.invalid";
        await using var tx = await Site.Db.BeginAsync();
        await Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, "Người mẫu quản trị", Seller.Password, [Roles.Operator], IsSample: true, SecondFactorDemanded: false), Actor.System);
        await tx.CommitAsync();
        return await Site.Open().SignInAsync(signIn, Seller.Password);
    }

    public Task SetAsync(object faults) => PostAsync("/control/faults", faults);

    public async Task PostAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(simulator!.Url + path, body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What VNPAY has given back of a payment: amount and status.</summary>
    public async Task<(long AmountVnd, string Status, string RequestId, string TransactionNo)[]> RefundsAsync(string txnRef)
    {
        var payment = (await http.GetFromJsonAsync<JsonElement[]>(simulator!.Url + "/control/payments"))!.Single(p => p.GetProperty("txnRef").GetString() == txnRef);
        return [.. payment.GetProperty("refunds").EnumerateArray().Select(r => (r.GetProperty("amountVnd").GetInt64(), r.GetProperty("status").GetString()!, r.GetProperty("requestId").GetString()!, r.GetProperty("transactionNo").GetString()!))];
    }

    public Task<string> DayFileAsync(string day) => http.GetStringAsync(new Uri($"{DayFileUrl}/{day}.csv"));

    /// <summary>The next round of recurring work, so much later.</summary>
    public async Task RunAsync<T>(TimeSpan after = default) where T : SonLaMarket.Jobs.IRecurring
    {
        Site.Clock.Advance(after);
        using var scope = Site.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<T>().RunAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        if (simulator is not null)
            await simulator.DisposeAsync();
        http.Dispose();
    }
}
