using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Vnpay.Tests.Simulation;

public sealed class FaultTests
{
    [Theory]
    [InlineData("percent20")]
    [InlineData("recoded")]
    public async Task Space_as_percent_20_still_verifies(string encoding)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetAsync(new { encoding });
        await sandbox.PayAsync();
        await sandbox.Merchant.WaitForCallsAsync(1);
        Assert.Contains("vnp_OrderInfo=Man%20hau", sandbox.Merchant.Calls[0].Query, StringComparison.Ordinal);
        Assert.Equal("Man hau, 5 kg", VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret).OrderInfo);
    }

    [Fact]
    public async Task Customer_comes_back_only_after_the_notification_when_it_shall_be_first()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetAsync(new { order = "ipn-first" });
        var (page, _) = await sandbox.OpenAsync(sandbox.NewPayment().Url);
        await sandbox.SubmitAsync(page!, "card", ("card", "4456530000001005"));
        Assert.Single(sandbox.Merchant.Calls);
    }

    [Fact]
    public async Task Notification_waits_for_the_customers_return_when_it_shall_be_second()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        await sandbox.SetAsync(new { order = "return-first" });
        await sandbox.PayAsync();
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Empty(sandbox.Merchant.Calls);
        clock.Advance(TimeSpan.FromSeconds(2));
        await sandbox.Merchant.WaitForCallsAsync(1);
    }

    [Fact]
    public async Task Notification_comes_after_the_end_of_the_window()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        await sandbox.SetAsync(new { ipn = "past-expiry", delayMs = 60_000 });
        await sandbox.PayAsync();
        clock.Advance(TimeSpan.FromMinutes(15));
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Empty(sandbox.Merchant.Calls);
        // The simulator may have begun to wait only after the clock was moved.
        for (var minute = 0; minute < 60 && sandbox.Merchant.Calls.Length == 0; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        await sandbox.Merchant.WaitForCallsAsync(1);
        Assert.True(VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret).IsPaid);
    }

    [Theory]
    [InlineData("01", "pending")]
    [InlineData("04", "reversed")]
    [InlineData("07", "suspected")]
    public async Task Success_with_another_status_is_not_paid(string status, string listed)
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetAsync(new { status });
        var payment = await sandbox.PayAsync();
        await sandbox.Merchant.WaitForCallsAsync(1);
        Assert.False(VnpayEventUtility.ConstructEvent(sandbox.Merchant.Calls[0].Query, Sandbox.Secret).IsPaid);
        Assert.Equal(listed, Vectors.Text(await sandbox.PaymentAsync(payment.TxnRef), "status"));
    }

    [Theory]
    [InlineData("error", typeof(VnpayConnectionException))]
    [InlineData("html", typeof(VnpayConnectionException))]
    [InlineData("cut", typeof(VnpayConnectionException))]
    [InlineData("lost", typeof(VnpayConnectionException))]
    [InlineData("unsigned", typeof(VnpaySignatureException))]
    [InlineData("wrong-hash", typeof(VnpaySignatureException))]
    public async Task Broken_answer_is_never_believed(string api, Type refused)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = await sandbox.PayAsync();
        await sandbox.SetAsync(new { api });
        Assert.IsType(refused, await Record.ExceptionAsync(() => AskAsync(sandbox, payment)));
        await sandbox.SetAsync(new { });
        Assert.True((await AskAsync(sandbox, payment)).IsPaid);
    }

    [Fact]
    public async Task Slow_answer_ends_in_a_time_out()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = await sandbox.PayAsync();
        await sandbox.SetAsync(new { api = "slow", delayMs = 5_000 });
        await Assert.ThrowsAsync<VnpayConnectionException>(() => AskAsync(sandbox, payment, new RequestOptions { Timeout = TimeSpan.FromMilliseconds(50) }));
    }

    [Fact]
    public async Task Page_can_be_broken_and_is_whole_again()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment();
        await sandbox.SetAsync(new { page = "error" });
        using var broken = await sandbox.Browser.GetAsync(new Uri(payment.Url), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        await sandbox.SetAsync(new { });
        Assert.Null((await sandbox.OpenAsync(payment.Url)).Error);
    }

    [Fact]
    public async Task Page_can_be_slow()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetAsync(new { page = "slow", delayMs = 400 });
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.Null((await sandbox.OpenAsync(sandbox.NewPayment().Url)).Error);
        // Timers of the two may differ by some milliseconds.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds, 380, double.MaxValue);
    }

    [Fact]
    public async Task Control_page_has_a_choice_for_every_switch_and_sets_it()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var form = new Dictionary<string, string>
        {
            ["ipn"] = "late",
            ["order"] = "ipn-first",
            ["encoding"] = "recoded",
            ["status"] = "07",
            ["page"] = "slow",
            ["api"] = "unsigned",
            ["refund"] = "stuck",
            ["query"] = "payment",
            ["delayMs"] = "5",
        };
        using var set = await sandbox.Browser.PostAsync(new Uri(sandbox.Simulator.Url + "/control/faults"), new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.SeeOther, set.StatusCode);
        var page = await sandbox.Browser.GetStringAsync(new Uri(sandbox.Simulator.Url + "/control"), TestContext.Current.CancellationToken);
        Assert.Contains("MÔ PHỎNG", page, StringComparison.Ordinal);
        foreach (var (name, value) in form.Where(field => field.Key != "delayMs"))
        {
            Assert.Contains($"<select id=\"{name}\" name=\"{name}\">", page, StringComparison.Ordinal);
            Assert.Contains($"<option value=\"{value}\" selected>", page, StringComparison.Ordinal);
        }
    }

    private static Task<Transaction> AskAsync(Sandbox sandbox, PaymentUrl payment, RequestOptions? request = null) =>
        sandbox.Client.Transactions.GetAsync(
            new TransactionGetOptions { TxnRef = payment.TxnRef, TransactionDate = payment.CreateDate }, request, TestContext.Current.CancellationToken);
}
