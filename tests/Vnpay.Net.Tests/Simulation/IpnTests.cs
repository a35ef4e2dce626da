namespace Vnpay.Tests.Simulation;

public sealed class IpnTests
{
    private const int Long = 300;

    [Fact]
    public async Task Calls_go_on_until_02()
    {
        await using var sandbox = await Sandbox.StartAsync();
        sandbox.Merchant.Answer = call => call switch
        {
            1 => (500, "error"),
            2 => (200, "<html>not json</html>"),
            3 => (200, """{"rspCode":"00","message":"wrong case"}"""),
            4 => (200, IpnResponse.InvalidSignature.ToJson()),
            _ => (200, IpnResponse.AlreadyConfirmed.ToJson()),
        };
        var payment = await sandbox.PayAsync();
        Assert.Equal(["1 ", "2 ", "3 ", "4 97", "5 02"], await sandbox.IpnLogAsync(payment.TxnRef, 5));
        await NothingMoreAsync(sandbox, 5);
    }

    [Fact]
    public async Task Ten_calls_are_the_end()
    {
        await using var sandbox = await Sandbox.StartAsync();
        sandbox.Merchant.Answer = _ => (200, IpnResponse.OrderNotFound.ToJson());
        var payment = await sandbox.PayAsync();
        Assert.Equal("10 01", (await sandbox.IpnLogAsync(payment.TxnRef, 10))[^1]);
        await NothingMoreAsync(sandbox, 10);
    }

    [Fact]
    public async Task Failed_payment_is_notified_and_acknowledged_like_a_paid_one()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = await sandbox.PayAsync("51");
        Assert.Equal(["1 00"], await sandbox.IpnLogAsync(payment.TxnRef, 1));
        Assert.False(VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret).IsPaid);
        Assert.Equal("failed", Vectors.Text(await sandbox.PaymentAsync(payment.TxnRef), "status"));
    }

    [Fact]
    public async Task Lost_is_never_called()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetFaultAsync("lost");
        var payment = await sandbox.PayAsync();
        await NothingMoreAsync(sandbox, 0);
        Assert.Equal("paid", Vectors.Text(await sandbox.PaymentAsync(payment.TxnRef), "status"));
    }

    [Fact]
    public async Task Double_is_the_same_call_twice_at_once()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetFaultAsync("double");
        using var both = new Barrier(2);
        // Neither is answered before both are there.
        sandbox.Merchant.Answer = _ => both.SignalAndWait(TimeSpan.FromSeconds(5)) ? (200, Merchant.Ok) : (500, "alone");
        var payment = await sandbox.PayAsync();
        Assert.Equal(["1 00", "1 00"], await sandbox.IpnLogAsync(payment.TxnRef, 2));
        Assert.Equal(sandbox.Merchant.Calls[0].Query, sandbox.Merchant.Calls[1].Query);
    }

    [Fact]
    public async Task Late_comes_after_the_delay()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetFaultAsync("late", delayMs: Long);
        var paidAt = DateTime.UtcNow;
        await sandbox.PayAsync();
        await sandbox.Merchant.WaitForCallsAsync(1);
        Assert.True(sandbox.Merchant.Calls[0].At - paidAt >= TimeSpan.FromMilliseconds(Long - 20));
        Assert.True(VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret).IsPaid);
    }

    [Fact]
    public async Task Tampered_never_verifies()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetFaultAsync("tampered");
        sandbox.Merchant.Answer = call => (200, (call < 2 ? IpnResponse.InvalidSignature : IpnResponse.Success).ToJson());
        await sandbox.PayAsync();
        await sandbox.Merchant.WaitForCallsAsync(2);
        var queries = sandbox.Merchant.Calls.Select(call => call.Query).ToArray();
        Assert.All(queries, query => Assert.False(VnpayEventUtility.TryConstructEvent(query, Sandbox.Secret, out _)));
        Assert.Contains("vnp_Amount=12500100", queries[0], StringComparison.Ordinal);
        Assert.Contains("vnp_Amount=12500000", queries[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_is_for_payments_that_end_while_it_is_set()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetFaultAsync("lost");
        await sandbox.SetFaultAsync("none");
        await sandbox.PayAsync();
        await sandbox.Merchant.WaitForCallsAsync(1);
    }

    private static async Task NothingMoreAsync(Sandbox sandbox, int calls)
    {
        await Task.Delay(Long, TestContext.Current.CancellationToken);
        Assert.Equal(calls, sandbox.Merchant.Calls.Length);
    }
}
