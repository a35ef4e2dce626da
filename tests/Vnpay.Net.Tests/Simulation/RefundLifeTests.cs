using System.Net.Http.Json;
using Microsoft.Extensions.Time.Testing;

namespace Vnpay.Tests.Simulation;

/// <summary>Refunds from the client to the simulator, each with its own signer.</summary>
public sealed class RefundLifeTests
{
    [Fact]
    public async Task Refund_goes_from_vnpay_to_the_bank_and_is_done_by_the_clock()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        var paid = await sandbox.PayAsync();
        var refund = await GiveBackAsync(sandbox, paid, 125_000);
        Assert.Equal((VnpayTransactionStatus.RefundProcessing, VnpayTransactionType.FullRefund, 125_000), (refund.TransactionStatus, refund.TransactionType, refund.Amount));
        var states = new List<string>();
        for (var minute = 0; minute < 3; minute++)
        {
            var asked = await AskAsync(sandbox, paid);
            Assert.Equal((refund.TransactionNo, VnpayTransactionType.FullRefund, false), (asked.TransactionNo, asked.TransactionType, asked.IsPaid));
            states.Add(asked.TransactionStatus.Value);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Equal(["05", "06", "00"], states);
    }

    [Fact]
    public async Task Parts_go_back_until_nothing_is_left()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var paid = await sandbox.PayAsync();
        var first = await GiveBackAsync(sandbox, paid, 25_000, VnpayTransactionType.PartialRefund);
        var second = await GiveBackAsync(sandbox, paid, 100_000, VnpayTransactionType.PartialRefund);
        Assert.NotEqual(first.TransactionNo, second.TransactionNo);
        await RefusedAsync(sandbox, paid, 1, VnpayTransactionType.PartialRefund, "93");
        var listed = (await sandbox.PaymentAsync(paid.TxnRef)).GetProperty("refunds").EnumerateArray().Select(r => r.GetProperty("amountVnd").GetInt64());
        Assert.Equal([25_000, 100_000], listed);
    }

    [Fact]
    public async Task What_cannot_go_back_is_refused_with_vnpays_codes()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var failed = await sandbox.PayAsync("24");
        await RefusedAsync(sandbox, failed, 125_000, VnpayTransactionType.FullRefund, "95");
        await RefusedAsync(sandbox, sandbox.NewPayment(), 125_000, VnpayTransactionType.FullRefund, "91");
        var paid = await sandbox.PayAsync();
        await RefusedAsync(sandbox, paid, 125_001, VnpayTransactionType.PartialRefund, "93");
        await RefusedAsync(sandbox, paid, 100_000, VnpayTransactionType.FullRefund, "93");
        var wrong = new RequestOptions { TmnCode = Sandbox.TmnCode, HashSecret = "WRONG" };
        await Assert.ThrowsAsync<VnpaySignatureException>(() => GiveBackAsync(sandbox, paid, 125_000, request: wrong));
        await GiveBackAsync(sandbox, paid, 125_000);
        await RefusedAsync(sandbox, paid, 125_000, VnpayTransactionType.FullRefund, "94");
    }

    [Fact]
    public async Task Request_repeated_after_a_restart_gives_nothing_twice()
    {
        var state = Path.GetTempFileName();
        try
        {
            var same = new RequestOptions { RequestId = "R1" };
            PaymentUrl paid;
            await using (var before = await Sandbox.StartAsync(state))
            {
                paid = await before.PayAsync();
                await GiveBackAsync(before, paid, 25_000, VnpayTransactionType.PartialRefund, same);
            }
            await using var sandbox = await Sandbox.StartAsync(state);
            Assert.Equal(VnpayApiCode.DuplicateRequest, (await Assert.ThrowsAsync<VnpayApiException>(() => GiveBackAsync(sandbox, paid, 25_000, VnpayTransactionType.PartialRefund, same))).Code);
        }
        finally
        {
            File.Delete(state);
        }
    }

    [Fact]
    public async Task Request_repeated_with_its_id_gives_nothing_twice()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var paid = await sandbox.PayAsync();
        var same = new RequestOptions { RequestId = "R1" };
        await sandbox.SetAsync(new { api = "lost" });
        var lost = await Assert.ThrowsAsync<VnpayConnectionException>(() => GiveBackAsync(sandbox, paid, 25_000, VnpayTransactionType.PartialRefund, same));
        Assert.True(lost.MayHaveReachedVnpay);
        await sandbox.SetAsync(new { });
        Assert.Equal(VnpayApiCode.DuplicateRequest, (await Assert.ThrowsAsync<VnpayApiException>(() => GiveBackAsync(sandbox, paid, 25_000, VnpayTransactionType.PartialRefund, same))).Code);
        Assert.Single((await sandbox.PaymentAsync(paid.TxnRef)).GetProperty("refunds").EnumerateArray());
    }

    [Theory]
    [InlineData("busy", "16")]
    [InlineData("unsupported", "99")]
    public async Task Terminal_without_refunds_says_so(string fault, string code)
    {
        await using var sandbox = await Sandbox.StartAsync();
        var paid = await sandbox.PayAsync();
        await sandbox.SetAsync(new { refund = fault });
        await RefusedAsync(sandbox, paid, 125_000, VnpayTransactionType.FullRefund, code);
    }

    [Fact]
    public async Task Rejected_money_can_be_given_back_again_and_a_stuck_refund_moves_by_command()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        var paid = await sandbox.PayAsync();
        await sandbox.SetAsync(new { refund = "rejected" });
        await GiveBackAsync(sandbox, paid, 125_000);
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(VnpayTransactionStatus.RefundRejected, (await AskAsync(sandbox, paid)).TransactionStatus);

        await sandbox.SetAsync(new { refund = "stuck" });
        var stuck = await GiveBackAsync(sandbox, paid, 125_000);
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(VnpayTransactionStatus.RefundProcessing, (await AskAsync(sandbox, paid)).TransactionStatus);
        using var moved = await sandbox.Browser.PostAsJsonAsync($"{sandbox.Simulator.Url}/control/refunds/{stuck.TransactionNo}", new { status = "00" }, TestContext.Current.CancellationToken);
        Assert.True(moved.IsSuccessStatusCode);
        Assert.Equal(VnpayTransactionStatus.Success, (await AskAsync(sandbox, paid)).TransactionStatus);
        await sandbox.SetAsync(new { query = "payment" });
        Assert.True((await AskAsync(sandbox, paid)).IsPaid);
    }

    [Fact]
    public async Task Days_file_lists_the_days_money_and_no_other()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(DateTime.UtcNow.Date.AddHours(3), TimeSpan.Zero));
        await using var sandbox = await Sandbox.StartAsync(clock: clock);
        var paid = await sandbox.PayAsync();
        await sandbox.PayAsync("24");
        await GiveBackAsync(sandbox, paid, 25_000, VnpayTransactionType.PartialRefund);
        var day = VnpayDateTime.Format(clock.GetUtcNow())[..8];
        var lines = await DayAsync(sandbox, day);
        Assert.Equal("type,tmn_code,txn_ref,transaction_no,amount_vnd,pay_date,status,bank_code", lines[0]);
        Assert.Equal([$"01,{Sandbox.TmnCode},{paid.TxnRef},125000,00"], lines.Skip(1).Select(Short));
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([$"01,{Sandbox.TmnCode},{paid.TxnRef},125000,00", $"03,{Sandbox.TmnCode},{paid.TxnRef},25000,00"], (await DayAsync(sandbox, day)).Skip(1).Select(Short));
        Assert.Single(await DayAsync(sandbox, "20200101"));
        Assert.Single(await DayAsync(sandbox, day + ".csv?tmnCode=OTHER001", whole: true));
    }

    private static string Short(string line) => line.Split(',') is var x ? $"{x[0]},{x[1]},{x[2]},{x[4]},{x[6]}" : "";

    private static async Task<string[]> DayAsync(Sandbox sandbox, string day, bool whole = false) =>
        (await sandbox.Browser.GetStringAsync(new Uri($"{sandbox.Simulator.DayFileUrl}/{day}{(whole ? "" : ".csv")}"), TestContext.Current.CancellationToken)).TrimEnd().Split('\n');

    private static async Task RefusedAsync(Sandbox sandbox, PaymentUrl payment, long amount, VnpayTransactionType type, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<VnpayApiException>(() => GiveBackAsync(sandbox, payment, amount, type))).Code.Value);

    private static Task<Refund> GiveBackAsync(Sandbox sandbox, PaymentUrl payment, long amount, VnpayTransactionType? type = null, RequestOptions? request = null) =>
        sandbox.Client.Refunds.CreateAsync(
            new RefundCreateOptions { TxnRef = payment.TxnRef, TransactionDate = payment.CreateDate, Amount = amount, TransactionType = type ?? VnpayTransactionType.FullRefund, CreatedBy = "ketoan01" },
            request, TestContext.Current.CancellationToken);

    private static Task<Transaction> AskAsync(Sandbox sandbox, PaymentUrl payment) =>
        sandbox.Client.Transactions.GetAsync(
            new TransactionGetOptions { TxnRef = payment.TxnRef, TransactionDate = payment.CreateDate }, cancellationToken: TestContext.Current.CancellationToken);
}
