using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Vnpay.Simulator;

namespace Vnpay.Tests.Simulation;

/// <summary>A merchant, the simulator, the client between them, and a customer's browser that does not follow redirects.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    public const string TmnCode = "SLMARKT1";
    public const string Secret = "SLMSHAREDTESTSECRET0000000000001";
    public const string ReturnUrl = "http://shop.example/ket-qua?k=1";

    private int references;

    public required Merchant Merchant { get; init; }

    public required SimulatorHost Simulator { get; init; }

    public required VnpayClient Client { get; init; }

    public HttpClient Browser { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    /// <summary>Retries of the notification come 40 ms apart instead of five minutes.</summary>
    public static async Task<Sandbox> StartAsync(string? stateFile = null, TimeProvider? clock = null)
    {
        var merchant = await Merchant.StartAsync();
        var simulator = await SimulatorHost.StartAsync(Options(merchant.IpnUrl, stateFile, clock));
        return new Sandbox
        {
            Merchant = merchant,
            Simulator = simulator,
            Client = new VnpayClient(new VnpayClientOptions
            {
                TmnCode = TmnCode,
                HashSecret = Secret,
                PaymentUrl = simulator.PaymentUrl,
                TransactionUrl = simulator.TransactionUrl,
                BankListUrl = simulator.BankListUrl,
                MaxNetworkRetries = 0,
                DefaultReturnUrl = ReturnUrl,
                TimeProvider = clock ?? TimeProvider.System,
            }),
        };
    }

    public static SimulatorOptions Options(string? ipnUrl, string? stateFile = null, TimeProvider? clock = null) => new()
    {
        Url = "http://127.0.0.1:0",
        IpnUrl = ipnUrl,
        StateFile = stateFile,
        Terminals = tmnCode => ValueTask.FromResult(tmnCode == TmnCode ? Secret : null),
        IpnRetryInterval = TimeSpan.FromMilliseconds(40),
        TimeProvider = clock ?? TimeProvider.System,
    };

    public PaymentUrl NewPayment(long amount = 125_000, string? bankCode = null, VnpayLocale? locale = null) =>
        Client.Payments.CreateUrl(new PaymentUrlCreateOptions
        {
            Amount = amount,
            TxnRef = $"T{Interlocked.Increment(ref references)}",
            OrderInfo = "Mận hậu, 5 kg",
            IpAddress = "203.0.113.7",
            BankCode = bankCode is null ? null : new BankCode(bankCode),
            Locale = locale,
        });

    /// <summary>Opens a signed address; gives the page's own address, or the error code.</summary>
    public async Task<(string? Page, string? Error)> OpenAsync(string url)
    {
        using var response = await Browser.GetAsync(new Uri(url));
        var location = response.Headers.Location!.ToString();
        const string error = "/paymentv2/Payment/Error.html?code=";
        return location.StartsWith(error, StringComparison.Ordinal) ? (null, location[error.Length..]) : (Simulator.Url + location, null);
    }

    /// <summary>Posts one form of the page; gives where it leads (null: shown again) and the page.</summary>
    public async Task<(string? Location, string Body)> SubmitAsync(string page, string form, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await Browser.PostAsync(new Uri($"{page}/{form}"), content);
        Assert.True(response.StatusCode is HttpStatusCode.SeeOther or HttpStatusCode.UnprocessableEntity, response.StatusCode.ToString());
        return (response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Opens a new payment and lets the control address act for the customer.</summary>
    public async Task<PaymentUrl> PayAsync(string responseCode = "00")
    {
        var payment = NewPayment();
        Assert.Null((await OpenAsync(payment.Url)).Error);
        using var response = await Browser.PostAsJsonAsync($"{Simulator.Url}/control/pay/{payment.TxnRef}", new { responseCode });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return payment;
    }

    public Task SetFaultAsync(string ipn, int delayMs = 0) => SetAsync(new { ipn, delayMs });

    /// <summary>Any of the switches; what is not named goes back to usual.</summary>
    public async Task SetAsync(object faults)
    {
        using var response = await Browser.PostAsJsonAsync(Simulator.Url + "/control/faults", faults);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    public async Task<JsonElement> PaymentAsync(string txnRef) =>
        (await Browser.GetFromJsonAsync<JsonElement[]>(Simulator.Url + "/control/payments"))!.Single(payment => Vectors.Text(payment, "txnRef") == txnRef);

    /// <summary>The log of calls as "number code" lines, once there are that many.</summary>
    public async Task<string[]> IpnLogAsync(string txnRef, int entries)
    {
        string[] log = [];
        await Eventually.TrueAsync(async () =>
        {
            log = [.. (await PaymentAsync(txnRef)).GetProperty("ipn").EnumerateArray().Select(call => $"{call.GetProperty("call")} {call.GetProperty("rspCode")}")];
            return log.Length >= entries;
        });
        return log;
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        await Merchant.DisposeAsync();
        Browser.Dispose();
    }
}
