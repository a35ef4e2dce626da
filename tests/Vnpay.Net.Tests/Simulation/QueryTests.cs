using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Vnpay.Tests.Simulation;

/// <summary>querydr from the client to the simulator, each with its own signer.</summary>
public sealed class QueryTests
{
    [Fact]
    public async Task Open_paid_and_failed_payments_are_told_apart()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var open = sandbox.NewPayment();
        await sandbox.OpenAsync(open.Url);
        var pending = await AskAsync(sandbox, open);
        Assert.Equal((VnpayTransactionStatus.Pending, "0", null, false), (pending.TransactionStatus, pending.TransactionNo, pending.PayDate, pending.IsPaid));

        await sandbox.SetFaultAsync("lost");
        var paid = await AskAsync(sandbox, await sandbox.PayAsync());
        Assert.Equal((true, 125_000, "Man hau, 5 kg"), (paid.IsPaid, paid.Amount, paid.OrderInfo));
        Assert.Matches("^[0-9]{8}$", paid.TransactionNo);

        var failed = await AskAsync(sandbox, await sandbox.PayAsync("24"));
        Assert.Equal((VnpayTransactionStatus.Failed, "0", false), (failed.TransactionStatus, failed.TransactionNo, failed.IsPaid));
        Assert.Equal(VnpayTransactionStatus.SuspectedFraud, (await AskAsync(sandbox, await sandbox.PayAsync("07"))).TransactionStatus);
    }

    [Fact]
    public async Task Payment_left_open_past_its_window_counts_as_failed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        var payment = sandbox.NewPayment();
        await sandbox.OpenAsync(payment.Url);
        clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(VnpayTransactionStatus.Failed, (await AskAsync(sandbox, payment)).TransactionStatus);
    }

    [Fact]
    public async Task Never_opened_or_wrongly_dated_is_91()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await Refused(sandbox, sandbox.NewPayment(), VnpayApiCode.TransactionNotFound);
        var paid = await sandbox.PayAsync();
        await Refused(sandbox, paid with { CreateDate = "20200101000000" }, VnpayApiCode.TransactionNotFound);
    }

    [Fact]
    public async Task Same_request_twice_is_94()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var paid = await sandbox.PayAsync();
        var same = new RequestOptions { RequestId = "SAME1" };
        Assert.True((await AskAsync(sandbox, paid, same)).IsPaid);
        await Refused(sandbox, paid, VnpayApiCode.DuplicateRequest, same);
    }

    [Fact]
    public async Task Wrong_secret_verifies_nothing_in_either_direction()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var paid = await sandbox.PayAsync();
        var wrong = new RequestOptions { TmnCode = Sandbox.TmnCode, HashSecret = "WRONG" };
        var refused = await Assert.ThrowsAsync<VnpaySignatureException>(() => AskAsync(sandbox, paid, wrong));
        Assert.Contains("97", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", refused.ToString(), StringComparison.Ordinal);
        var stranger = new RequestOptions { TmnCode = "UNKNOWN1", HashSecret = Sandbox.Secret };
        Assert.Contains("code 02", (await Assert.ThrowsAsync<VnpaySignatureException>(() => AskAsync(sandbox, paid, stranger))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("{\"vnp_Command\":\"refund\",\"vnp_TmnCode\":\"SLMARKT1\"}")]
    public async Task Malformed_question_is_03(string body)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var content = new StringContent(body);
        using var response = await sandbox.Browser.PostAsync(new Uri(sandbox.Simulator.TransactionUrl), content, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("03", Vectors.Text(answer, "vnp_ResponseCode"));
    }

    private static async Task Refused(Sandbox sandbox, PaymentUrl payment, VnpayApiCode code, RequestOptions? request = null) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<VnpayApiException>(() => AskAsync(sandbox, payment, request))).Code);

    private static Task<Transaction> AskAsync(Sandbox sandbox, PaymentUrl payment, RequestOptions? request = null) =>
        sandbox.Client.Transactions.GetAsync(
            new TransactionGetOptions { TxnRef = payment.TxnRef, TransactionDate = payment.CreateDate }, request, TestContext.Current.CancellationToken);
}
