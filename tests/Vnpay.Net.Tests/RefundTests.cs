using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

public sealed class RefundTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    private static readonly RefundCreateOptions Full = new()
    {
        TxnRef = "SL2611240001",
        TransactionDate = "20261124090000",
        Amount = 125_000,
        TransactionType = VnpayTransactionType.FullRefund,
        TransactionNo = "14226112",
        CreatedBy = "ketoan01",
        OrderInfo = "Hoàn tiền đơn hàng SL2611240001",
        IpAddress = "203.0.113.10",
    };

    [Fact]
    public async Task Request_is_the_published_one_and_the_published_answer_is_processing_not_done()
    {
        using var gateway = new FakeGateway(Json(Published()));
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 25, 3, 15, 0, TimeSpan.Zero));
        var refund = await Client(gateway, clock).Refunds.CreateAsync(Full, new RequestOptions { RequestId = "0a1b2c3d4e5f60718293a4b5c6d7e8f9" }, TestContext.Current.CancellationToken);

        var vector = Get("refund-req-01");
        var expected = Fields(vector.GetProperty("input"));
        expected["vnp_SecureHash"] = Text(vector.GetProperty("expected"), "secureHash");
        Assert.Equal(expected, gateway.Questions.Single());

        Assert.Equal((125_000, "14836054", VnpayTransactionType.FullRefund, VnpayTransactionStatus.RefundProcessing), (refund.Amount, refund.TransactionNo, refund.TransactionType, refund.TransactionStatus));
        Assert.DoesNotContain("vnp_SecureHash", refund.Raw.Keys);
    }

    [Fact]
    public async Task Unknown_number_is_neither_sent_nor_signed()
    {
        using var gateway = new FakeGateway(Json(Published()));
        await Client(gateway).Refunds.CreateAsync(new RefundCreateOptions
        {
            TxnRef = Full.TxnRef,
            TransactionDate = Full.TransactionDate,
            Amount = Full.Amount,
            TransactionType = VnpayTransactionType.PartialRefund,
            CreatedBy = Full.CreatedBy,
        }, cancellationToken: TestContext.Current.CancellationToken);
        var sent = gateway.Questions.Single();
        Assert.DoesNotContain("vnp_TransactionNo", sent.Keys);
        Assert.Equal(("03", "12500000"), (sent["vnp_TransactionType"], sent["vnp_Amount"]));
        Assert.True(VnpaySignature.Verify(VnpaySignature.JoinFields(VnpayFieldOrder.RefundRequest, sent), sent["vnp_SecureHash"], Secret));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Refund_that_may_have_arrived_is_never_sent_twice(HttpStatusCode status)
    {
        using var gateway = new FakeGateway(() => new HttpResponseMessage(status));
        var failure = await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(gateway));
        Assert.True(failure.MayHaveReachedVnpay);
        Assert.Single(gateway.Requests);
    }

    [Theory]
    [InlineData(HttpRequestError.ResponseEnded)]
    [InlineData(HttpRequestError.Unknown)]
    public async Task Connection_lost_on_the_way_is_not_repeated(HttpRequestError error)
    {
        using var gateway = new FakeGateway(() => throw new HttpRequestException(error, "cut off"));
        Assert.True((await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(gateway))).MayHaveReachedVnpay);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Time_out_is_not_repeated()
    {
        using var gateway = new FakeGateway(() => new HttpResponseMessage()) { Delay = Timeout.InfiniteTimeSpan };
        var failure = await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(gateway, new RequestOptions { Timeout = TimeSpan.FromMilliseconds(30) }));
        Assert.True(failure.MayHaveReachedVnpay);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Request_that_never_left_is_sent_again_with_the_same_id()
    {
        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"),
            () => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            () => new HttpResponseMessage { Content = new StringContent(Json(Published())) },
        ]);
        using var gateway = new FakeGateway(() => answers.Dequeue()());
        var clock = new FakeTimeProvider();
        var asking = Client(gateway, clock).Refunds.CreateAsync(Full, cancellationToken: TestContext.Current.CancellationToken);
        while (!asking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.Equal(2, (await asking).NetworkRetries);
        Assert.Equal(3, gateway.Questions.Count);
        Assert.Single(gateway.Questions.Select(question => question["vnp_RequestId"]).Distinct());
    }

    [Theory]
    [InlineData("94")]
    [InlineData("95")]
    [InlineData("16")]
    [InlineData("X1")]
    public async Task Refusal_keeps_its_code(string code)
    {
        using var gateway = new FakeGateway(Json(Sign(new()
        {
            ["vnp_ResponseId"] = "1",
            ["vnp_Command"] = "refund",
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = "refused",
            ["vnp_TmnCode"] = "SLMARKT1",
            ["vnp_TxnRef"] = "SL2611240001",
        })));
        Assert.Equal(code, (await Assert.ThrowsAsync<VnpayApiException>(() => Ask(gateway))).Code.Value);
    }

    [Theory]
    [InlineData("vnp_Amount", "12500100")]
    [InlineData("vnp_TxnRef", "SL2611240002")]
    [InlineData("vnp_Command", "querydr")]
    [InlineData("vnp_TmnCode", "SELLER02")]
    public async Task Signed_answer_about_something_else_proves_nothing(string name, string value)
    {
        var answer = Published();
        answer[name] = value;
        using var gateway = new FakeGateway(Json(Sign(answer)));
        await Assert.ThrowsAsync<VnpaySignatureException>(() => Ask(gateway));
    }

    [Fact]
    public async Task Unsigned_answer_is_no_answer()
    {
        var answer = Published();
        answer.Remove("vnp_SecureHash");
        using var gateway = new FakeGateway(Json(answer));
        await Assert.ThrowsAsync<VnpaySignatureException>(() => Ask(gateway));
    }

    [Theory]
    [InlineData(0, "ketoan01", "vnp_Amount")]
    [InlineData(10_000_000_000, "ketoan01", "vnp_Amount")]
    [InlineData(1_000, "kế toán", "vnp_CreateBy")]
    public async Task What_vnpay_would_refuse_is_not_sent(long amount, string by, string parameter)
    {
        using var gateway = new FakeGateway("{}");
        var refused = await Assert.ThrowsAsync<VnpayValidationException>(() => Client(gateway).Refunds.CreateAsync(new RefundCreateOptions
        {
            TxnRef = Full.TxnRef,
            TransactionDate = Full.TransactionDate,
            Amount = amount,
            TransactionType = VnpayTransactionType.PartialRefund,
            CreatedBy = by,
        }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(parameter, refused.Parameter);
        Assert.Empty(gateway.Requests);
    }

    private static Task<Refund> Ask(FakeGateway gateway, RequestOptions? request = null) =>
        Client(gateway).Refunds.CreateAsync(Full, request, TestContext.Current.CancellationToken);

    private static VnpayClient Client(FakeGateway gateway, TimeProvider? clock = null) => new(
        new VnpayClientOptions
        {
            TmnCode = "SLMARKT1",
            HashSecret = Secret,
            TransactionUrl = "https://vnpay.example/merchant_webapi/api/transaction",
            TimeProvider = clock ?? TimeProvider.System,
        },
        new HttpClient(gateway, disposeHandler: false));

    private static Dictionary<string, string> Published() => Fields(Get("refund-res-01").GetProperty("input").GetProperty("body"));

    private static Dictionary<string, string> Sign(Dictionary<string, string> answer)
    {
        answer["vnp_SecureHash"] = VnpaySignature.Compute(VnpaySignature.JoinFields(VnpayFieldOrder.RefundResponse, answer), Secret);
        return answer;
    }

    private static string Json(Dictionary<string, string> answer) => JsonSerializer.Serialize(answer);
}
