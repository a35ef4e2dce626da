using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using static Vnpay.Tests.Vectors;

namespace Vnpay.Tests;

/// <summary>querydr against a gateway that answers whatever the test wants.</summary>
public sealed class TransactionTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    private static readonly TransactionGetOptions Query = new()
    {
        TxnRef = "SL2611240001",
        TransactionDate = "20261124090000",
        IpAddress = "203.0.113.10",
    };

    [Fact]
    public async Task Question_is_the_published_one_and_the_published_answer_is_understood()
    {
        using var gateway = new FakeGateway(Json(Published()));
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 2, 30, 0, TimeSpan.Zero));
        var found = await Client(gateway, clock).Transactions.GetAsync(
            Query, new RequestOptions { RequestId = "9f1c2d3e4b5a69788796a5b4c3d2e1f0" }, TestContext.Current.CancellationToken);

        var vector = Get("querydr-req-01");
        var expected = Fields(vector.GetProperty("input"));
        expected["vnp_SecureHash"] = Text(vector.GetProperty("expected"), "secureHash");
        Assert.Equal(expected, gateway.Questions.Single());

        Assert.True(found.IsPaid);
        Assert.Equal((125_000, "14226112", "NCB", "20261124090312", 0), (found.Amount, found.TransactionNo, found.BankCode, found.PayDate, found.NetworkRetries));
        Assert.DoesNotContain("vnp_SecureHash", found.Raw.Keys);
    }

    [Fact]
    public async Task Question_without_an_id_gets_one()
    {
        using var gateway = new FakeGateway(Json(Published()));
        await Client(gateway).Transactions.GetAsync(Query, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Matches("^[0-9a-f]{32}$", gateway.Questions.Single()["vnp_RequestId"]);
    }

    [Theory]
    [InlineData("01", "00", true)]
    [InlineData("01", "01", false)]
    [InlineData("01", "07", false)]
    [InlineData("02", "00", false)]
    [InlineData("", "00", false)]
    public async Task Only_a_successful_payment_is_paid(string type, string status, bool paid)
    {
        var answer = Published();
        (answer["vnp_TransactionType"], answer["vnp_TransactionStatus"]) = (type, status);
        using var gateway = new FakeGateway(Json(Sign(answer)));
        Assert.Equal(paid, (await Client(gateway).Transactions.GetAsync(Query, cancellationToken: TestContext.Current.CancellationToken)).IsPaid);
    }

    [Fact]
    public async Task Unsigned_extra_fields_do_not_disturb_and_numbers_are_read_as_text()
    {
        var answer = Published();
        answer["vnp_Trace"] = "1";
        answer["vnp_FeeAmount"] = "110000";
        var json = Json(answer).Replace("\"12500000\"", "12500000", StringComparison.Ordinal);
        using var gateway = new FakeGateway(json);
        var found = await Client(gateway).Transactions.GetAsync(Query, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((125_000, "110000"), (found.Amount, found.Raw["vnp_FeeAmount"]));
    }

    [Theory]
    [InlineData("91")]
    [InlineData("94")]
    [InlineData("5Z")]
    public async Task Verified_refusal_has_its_code(string code)
    {
        using var gateway = new FakeGateway(Json(Sign(new()
        {
            ["vnp_ResponseId"] = "1",
            ["vnp_Command"] = "querydr",
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = "Transaction_not_found",
            ["vnp_TmnCode"] = "SLMARKT1",
            ["vnp_TxnRef"] = "SL2611240001",
        })));
        var refused = await Assert.ThrowsAsync<VnpayApiException>(() => Ask(gateway));
        Assert.Equal(code, refused.Code.Value);
        Assert.Equal(code == "91", refused.Code == VnpayApiCode.TransactionNotFound);
        Assert.Single(gateway.Questions);
    }

    [Theory]
    [InlineData("vnp_Amount", "1250000000")]
    [InlineData("vnp_TransactionStatus", "01")]
    [InlineData("vnp_SecureHash", "")]
    [InlineData("vnp_SecureHash", "d8dafc7d")]
    [InlineData("vnp_PromotionCode", "FREE")]
    public async Task Changed_or_unsigned_answer_is_no_answer(string name, string value)
    {
        var answer = Published();
        answer[name] = value;
        using var gateway = new FakeGateway(Json(answer));
        await Assert.ThrowsAsync<VnpaySignatureException>(() => Ask(gateway));
    }

    [Theory]
    [InlineData("vnp_TxnRef", "SL2611240002")]
    [InlineData("vnp_TmnCode", "SELLER02")]
    [InlineData("vnp_Command", "refund")]
    [InlineData("vnp_Amount", "12500050")]
    [InlineData("vnp_Message", "a|b")]
    public async Task Signed_answer_that_does_not_fit_the_question_is_refused(string name, string value)
    {
        var answer = Published();
        answer[name] = value;
        using var gateway = new FakeGateway(Json(Sign(answer)));
        await Assert.ThrowsAsync<VnpaySignatureException>(() => Ask(gateway));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"vnp_ResponseCode\":\"00\",\"vnp_ResponseCode\":\"91\"}")]
    public async Task What_is_not_the_protocol_is_a_connection_failure(string body)
    {
        using var gateway = new FakeGateway(body);
        var failure = await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(gateway));
        Assert.Equal((true, 200), (failure.MayHaveReachedVnpay, failure.StatusCode));
        Assert.Single(gateway.Questions);
    }

    [Fact]
    public async Task Each_try_is_a_new_request()
    {
        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => new HttpResponseMessage(HttpStatusCode.BadGateway),
            () => throw new HttpRequestException(HttpRequestError.ResponseEnded, "cut off"),
            () => new HttpResponseMessage { Content = new StringContent(Json(Published())) },
        ]);
        using var gateway = new FakeGateway(() => answers.Dequeue()());
        var clock = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var asking = Client(gateway, clock).Transactions.GetAsync(
            Query, new RequestOptions { RequestId = "FIRST" }, TestContext.Current.CancellationToken);
        while (!asking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.Equal(2, (await asking).NetworkRetries);
        var ids = gateway.Questions.Select(question => question["vnp_RequestId"]).ToArray();
        Assert.Equal("FIRST", ids[0]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(3, gateway.Questions.Select(question => question["vnp_SecureHash"]).Distinct().Count());
    }

    [Fact]
    public async Task Last_failure_is_told_with_whether_vnpay_may_know_of_it()
    {
        using var refused = new FakeGateway(() => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused"));
        using var broken = new FakeGateway(() => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        using var forbidden = new FakeGateway(() => new HttpResponseMessage(HttpStatusCode.Forbidden));
        var once = new RequestOptions { MaxNetworkRetries = 0 };
        Assert.False((await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(refused, once))).MayHaveReachedVnpay);
        var answered = await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(broken, once));
        Assert.Equal((true, 503), (answered.MayHaveReachedVnpay, answered.StatusCode));
        Assert.Equal(403, (await Assert.ThrowsAsync<VnpayConnectionException>(() => Ask(forbidden))).StatusCode);
        Assert.Single(forbidden.Questions);
    }

    [Fact]
    public async Task Silence_ends_after_the_time_out_and_the_callers_own_wish_at_once()
    {
        using var silent = new FakeGateway(() => new HttpResponseMessage()) { Delay = Timeout.InfiniteTimeSpan };
        var failure = await Assert.ThrowsAsync<VnpayConnectionException>(
            () => Ask(silent, new RequestOptions { MaxNetworkRetries = 0, Timeout = TimeSpan.FromMilliseconds(30) }));
        Assert.True(failure.MayHaveReachedVnpay);

        using var wish = new CancellationTokenSource(TimeSpan.FromMilliseconds(30));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client(silent).Transactions.GetAsync(Query, cancellationToken: wish.Token));
    }

    [Theory]
    [InlineData("SL-1", "20261124090000", "vnp_TxnRef")]
    [InlineData("SL1", "2026-11-24", "vnp_TransactionDate")]
    public async Task Question_that_vnpay_would_refuse_is_not_sent(string txnRef, string date, string parameter)
    {
        using var gateway = new FakeGateway("{}");
        var refused = await Assert.ThrowsAsync<VnpayValidationException>(() => Client(gateway).Transactions.GetAsync(
            new TransactionGetOptions { TxnRef = txnRef, TransactionDate = date }, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(parameter, refused.Parameter);
        Assert.Empty(gateway.Questions);
    }

    private static Task<Transaction> Ask(FakeGateway gateway, RequestOptions? request = null) =>
        Client(gateway).Transactions.GetAsync(Query, request, TestContext.Current.CancellationToken);

    private static VnpayClient Client(FakeGateway gateway, TimeProvider? clock = null) => new(
        new VnpayClientOptions
        {
            TmnCode = "SLMARKT1",
            HashSecret = Secret,
            TransactionUrl = "https://vnpay.example/merchant_webapi/api/transaction",
            TimeProvider = clock ?? TimeProvider.System,
        },
        new HttpClient(gateway, disposeHandler: false));

    private static Dictionary<string, string> Published() => Fields(Get("querydr-res-01").GetProperty("input").GetProperty("body"));

    private static Dictionary<string, string> Sign(Dictionary<string, string> answer)
    {
        answer["vnp_SecureHash"] = VnpaySignature.Compute(VnpaySignature.JoinFields(VnpayFieldOrder.QueryResponse, answer), Secret);
        return answer;
    }

    private static string Json(Dictionary<string, string> answer) => JsonSerializer.Serialize(answer);
}
