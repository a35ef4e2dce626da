using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Vnpay.Tests;

/// <summary>The examples of the README, word for word between the marks, compiled and run.</summary>
public sealed class ReadmeTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    [Fact]
    public void Every_example_compiles_here_and_nothing_here_is_not_shown()
    {
        var shown = Blocks(Embedded("README.md"), "```csharp", "```").Select(block => block.TakeWhile(line => !line.StartsWith("// redirect", StringComparison.Ordinal)).ToArray()).ToArray();
        var compiled = Blocks(Embedded("ReadmeTests.cs"), "// readme", "// end").ToArray();
        Assert.Equal(shown.Select(block => string.Join('\n', block)).Order(StringComparer.Ordinal), compiled.Select(block => string.Join('\n', block)).Order(StringComparer.Ordinal));
        Assert.True(shown.Length >= 8);
        // The first address takes ten lines.
        Assert.InRange(shown[0].Length, 1, 10);
    }

    [Fact]
    public void First_payment_url()
    {
        var secret = Secret;
        // readme
        var client = new VnpayClient(new VnpayClientOptions
        {
            TmnCode = "DEMOTMN1",
            HashSecret = secret,
            PaymentUrl = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html",
            DefaultReturnUrl = "https://shop.example/vnpay/return",
        });
        var plums = new PaymentUrlCreateOptions { Amount = 125_000, TxnRef = "SL2611240001", OrderInfo = "Mận hậu, 5 kg", IpAddress = "203.0.113.7" };
        var url = client.Payments.CreateUrl(plums).Url;
        // end
        Assert.StartsWith("https://sandbox.vnpayment.vn/paymentv2/vpcpay.html?vnp_Amount=12500000&", url, StringComparison.Ordinal);

        var seller = (TmnCode: "SELLER02", HashSecret: "another");
        // readme
        var request = new RequestOptions { TmnCode = seller.TmnCode, HashSecret = seller.HashSecret };
        var page = client.Payments.CreateUrl(plums, request);
        // end
        Assert.Contains("vnp_TmnCode=SELLER02", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_host()
    {
        var settings = new Dictionary<string, string> { ["PaymentUrl"] = "https://vnpay.example/pay", ["TransactionUrl"] = "https://vnpay.example/api" };
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        // readme
        services.AddVnpay(provider => new VnpayClientOptions
        {
            PaymentUrl = settings["PaymentUrl"],
            TransactionUrl = settings["TransactionUrl"],
            TimeProvider = provider.GetRequiredService<TimeProvider>(),
        });
        // end
        await using var built = services.BuildServiceProvider();
        Assert.NotNull(built.GetRequiredService<VnpayClient>());
    }

    [Fact]
    public void Notification()
    {
        var orders = new Dictionary<string, Order> { ["A1"] = new(125_000), ["A2"] = new(125_000) };
        string Answer(string? rawQuery, Func<string?, string> secretOf)
        {
            // readme
            var tmnCode = VnpayEventUtility.PeekUnverifiedTmnCode(rawQuery);   // only to choose the secret
            if (!VnpayEventUtility.TryConstructEvent(rawQuery, secretOf(tmnCode), out var paid)) return IpnResponse.InvalidSignature.ToJson();
            if (!orders.TryGetValue(paid.TxnRef, out var order)) return IpnResponse.OrderNotFound.ToJson();
            if (paid.AmountTimes100 != order.AmountVnd * 100) return IpnResponse.InvalidAmount.ToJson();
            if (order.IsSettled) return IpnResponse.AlreadyConfirmed.ToJson();
            order.Settle(paid.IsPaid);                                         // paid or failed: commit before answering
            return IpnResponse.Success.ToJson();                               // {"RspCode":"00","Message":"Confirm Success"}
            // end
        }
        string Code(string query) => JsonDocument.Parse(Answer(query, _ => Secret)).RootElement.GetProperty("RspCode").GetString()!;
        string Query(string txnRef, long amount) => EventTests.Sign(("vnp_Amount", $"{amount * 100}"), ("vnp_ResponseCode", "00"), ("vnp_TmnCode", "SLMARKT1"), ("vnp_TransactionNo", "1"), ("vnp_TransactionStatus", "00"), ("vnp_TxnRef", txnRef));
        Assert.Equal(["00", "02", "04", "01", "97"], new[] { Query("A1", 125_000), Query("A1", 125_000), Query("A2", 124_999), Query("A3", 125_000), "vnp_TxnRef=A1" }.Select(Code));
        Assert.True(orders["A1"].IsPaid);
        Assert.False(orders["A2"].IsSettled);
    }

    [Fact]
    public async Task Question()
    {
        using var gateway = new FakeGateway(Signed("querydr", VnpayFieldOrder.QueryResponse, "91"));
        var client = Client(gateway);
        var attempt = (TxnRef: "A1", CreateDate: "20261124090000");
        async Task<string> AskAsync()
        {
            // readme
            try
            {
                var found = await client.Transactions.GetAsync(new TransactionGetOptions { TxnRef = attempt.TxnRef, TransactionDate = attempt.CreateDate });
                return found.IsPaid ? "paid" : found.TransactionStatus.TextEn;
            }
            catch (VnpayApiException refused) when (refused.Code == VnpayApiCode.TransactionNotFound)
            {
                return "never opened: safe to give the goods back to stock";
            }
            // end
        }
        Assert.StartsWith("never opened", await AskAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_back()
    {
        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => new HttpResponseMessage { Content = new StringContent(Signed("refund", VnpayFieldOrder.RefundResponse, "00")) },
            () => new HttpResponseMessage { Content = new StringContent(Signed("refund", VnpayFieldOrder.RefundResponse, "94")) },
            () => throw new HttpRequestException(HttpRequestError.ResponseEnded, "cut off"),
        ]);
        using var gateway = new FakeGateway(() => answers.Dequeue()());
        var client = Client(gateway);
        var attempt = (TxnRef: "A1", CreateDate: "20261124090000");
        var storedId = "0a1b2c3d";
        async Task<string> GiveBackAsync()
        {
            // readme
            var refund = new RefundCreateOptions
            {
                TxnRef = attempt.TxnRef,
                TransactionDate = attempt.CreateDate,
                Amount = 50_000,
                TransactionType = VnpayTransactionType.PartialRefund,
                CreatedBy = "ketoan01",
            };
            try
            {
                var taken = await client.Refunds.CreateAsync(refund, new RequestOptions { RequestId = storedId });
                return taken.TransactionStatus.TextEn;                         // being processed: follow it by querydr
            }
            catch (VnpayApiException refused)
            {
                return refused.Code == VnpayApiCode.DuplicateRequest ? "being processed" : refused.Code.TextEn;
            }
            catch (VnpayConnectionException lost)
            {
                return lost.MayHaveReachedVnpay ? "unknown: query before anything else" : "not sent";
            }
            // end
        }
        Assert.Equal("Refund being processed by VNPAY", await GiveBackAsync());
        Assert.Equal("being processed", await GiveBackAsync());
        Assert.StartsWith("unknown", await GiveBackAsync(), StringComparison.Ordinal);
        Assert.All(gateway.Questions, question => Assert.Equal(storedId, question["vnp_RequestId"]));
    }

    [Fact]
    public async Task Qr_banks_and_transfer()
    {
        var answers = new Queue<string>(["""{"code":"00","message":"ok","qrcontent":"0002"}""", """[{"bank_code":"NCB","bank_name":"NCB"}]"""]);
        using var gateway = new FakeGateway(() => new HttpResponseMessage { Content = new StringContent(answers.Dequeue()) });
        var client = Client(gateway);
        var plums = new PaymentUrlCreateOptions { Amount = 125_000, TxnRef = "SL2611240001", OrderInfo = "Mận hậu, 5 kg", IpAddress = "203.0.113.7" };
        // readme
        var qr = await client.Payments.GenerateQrAsync(plums);            // draw qr.QrContent
        var banks = await client.Banks.ListAsync();                       // bank.Code, bank.Name in the order to show
        // end
        Assert.Equal(("0002", "NCB"), (qr.QrContent, banks.Single().Code.Value));
        // readme
        var text = VietQr.Build(new VietQrOptions { BankBin = "970405", AccountNumber = "7900205123456", Amount = 2_450_000, Purpose = "SLM7Q2K9" });
        var isTransfer = VietQr.TryParse(text, out var transfer);
        // end
        Assert.True(isTransfer);
        Assert.Equal("SLM7Q2K9", transfer!.Purpose);
    }

    private static VnpayClient Client(FakeGateway gateway) => new(
        new VnpayClientOptions
        {
            TmnCode = "SLMARKT1",
            HashSecret = Secret,
            PaymentUrl = "https://vnpay.example/pay",
            TransactionUrl = "https://vnpay.example/api",
            BankListUrl = "https://vnpay.example/banks",
            DefaultReturnUrl = "https://shop.example/vnpay/return",
            MaxNetworkRetries = 0,
        },
        new HttpClient(gateway, disposeHandler: false));

    private static string Signed(string command, IEnumerable<string> order, string code)
    {
        var fields = new Dictionary<string, string>
        {
            ["vnp_Command"] = command,
            ["vnp_ResponseCode"] = code,
            ["vnp_TmnCode"] = "SLMARKT1",
            ["vnp_TxnRef"] = "A1",
            ["vnp_TransactionStatus"] = "05",
        };
        fields["vnp_SecureHash"] = VnpaySignature.Compute(VnpaySignature.JoinFields(order, fields), Secret);
        return JsonSerializer.Serialize(fields);
    }

    private static IEnumerable<string[]> Blocks(string text, string from, string to)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).ToList();
        for (var at = lines.IndexOf(from); at >= 0; at = lines.IndexOf(from, at + 1))
            yield return [.. lines.Skip(at + 1).TakeWhile(line => line != to)];
    }

    private static string Embedded(string name)
    {
        using var reader = new StreamReader(typeof(ReadmeTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    private sealed record Order(long AmountVnd)
    {
        public bool IsSettled { get; private set; }

        public bool IsPaid { get; private set; }

        public void Settle(bool paid) => (IsSettled, IsPaid) = (true, paid);
    }
}
