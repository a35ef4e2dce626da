using System.Net;
using System.Text;
using Vnpay.Simulator;

namespace Vnpay.Tests.Simulation;

public sealed class ControlTests
{
    [Theory]
    [InlineData("{\"ipn\":\"unknown\"}")]
    [InlineData("{\"ipn\":\"late\",\"delayMs\":-1}")]
    [InlineData("{\"ipn\":\"late\",\"delayMs\":\"soon\"}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Wrong_fault_is_refused(string body)
    {
        await using var sandbox = await Sandbox.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(sandbox, "/control/faults", body));
    }

    [Fact]
    public async Task Faults_that_were_read_can_be_set_again()
    {
        await using var sandbox = await Sandbox.StartAsync();
        await sandbox.SetAsync(new { ipn = "late", delayMs = 70 });
        var read = await sandbox.Browser.GetStringAsync(new Uri(sandbox.Simulator.Url + "/control/faults"), TestContext.Current.CancellationToken);
        Assert.Contains("\"delayMs\":70", read, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(sandbox, "/control/faults", read));
    }

    [Fact]
    public async Task Only_an_opened_payment_can_be_paid_and_only_once()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = sandbox.NewPayment();
        var address = $"/control/pay/{payment.TxnRef}";
        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(sandbox, address, "{\"responseCode\":\"00\"}"));
        await sandbox.OpenAsync(payment.Url);
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(sandbox, address, "{\"responseCode\":\"\"}"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(sandbox, address, "{\"responseCode\":\"00\"}"));
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync(sandbox, address, "{\"responseCode\":\"24\"}"));
    }

    [Fact]
    public async Task Control_page_lists_payments_with_their_calls()
    {
        await using var sandbox = await Sandbox.StartAsync();
        var payment = await sandbox.PayAsync();
        await sandbox.IpnLogAsync(payment.TxnRef, 1);
        var page = await sandbox.Browser.GetStringAsync(new Uri(sandbox.Simulator.Url + "/control"), TestContext.Current.CancellationToken);
        Assert.Contains(payment.TxnRef, page, StringComparison.Ordinal);
        Assert.Contains("Confirm Success", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_others_cannot_steer_it()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var crossSite = new HttpRequestMessage(HttpMethod.Post, sandbox.Simulator.Url + "/control/faults") { Content = new StringContent("{\"ipn\":\"lost\"}") };
        crossSite.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var refused = await sandbox.Browser.SendAsync(crossSite, TestContext.Current.CancellationToken);
        using var rebound = new HttpRequestMessage(HttpMethod.Get, sandbox.Simulator.Url + "/control/payments");
        rebound.Headers.Host = "evil.example";
        using var refusedToo = await sandbox.Browser.SendAsync(rebound, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (refused.StatusCode, refusedToo.StatusCode));
    }

    [Theory]
    [InlineData("http://0.0.0.0:5081")]
    [InlineData("http://[::]:5081")]
    [InlineData("http://192.0.2.1:5081")]
    [InlineData("http://vnpay.example:5081")]
    [InlineData("http://*:5081")]
    [InlineData("https://localhost:5081")]
    [InlineData("localhost")]
    public async Task Only_loopback_is_listened_on(string url) =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            SimulatorHost.StartAsync(
                new SimulatorOptions { Url = url, Terminals = _ => ValueTask.FromResult<string?>(null) }, TestContext.Current.CancellationToken));

    [Fact]
    public async Task Localhost_is_both_families()
    {
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { Url = "http://localhost:0", Terminals = _ => ValueTask.FromResult<string?>(null) }, TestContext.Current.CancellationToken);
        var port = new Uri(simulator.Url).Port;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var host in new[] { "127.0.0.1", "[::1]" })
            Assert.Equal("[]", await http.GetStringAsync(new Uri($"http://{host}:{port}/control/payments"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Killed_simulator_remembers_and_goes_on_calling()
    {
        var file = Path.GetTempFileName();
        try
        {
            PaymentUrl payment;
            await using (var before = await Sandbox.StartAsync(file))
            {
                before.Merchant.Answer = _ => (500, "");
                payment = await before.PayAsync();
                await before.Merchant.WaitForCallsAsync(1);
            }
            // A kill in the middle of a write leaves half a line.
            await File.AppendAllTextAsync(file, "{\"tmnCode\":\"SLMA", TestContext.Current.CancellationToken);

            await using var after = await Sandbox.StartAsync(file);
            await after.Merchant.WaitForCallsAsync(1);
            Assert.Equal(payment.TxnRef, VnpayEventUtility.ConstructEvent(after.Merchant.Calls[0].Query, Sandbox.Secret).TxnRef);
            Assert.Equal("paid", Vectors.Text(await after.PaymentAsync(payment.TxnRef), "status"));
            Assert.EndsWith(" 00", (await after.IpnLogAsync(payment.TxnRef, 2))[^1], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(Sandbox sandbox, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await sandbox.Browser.PostAsync(new Uri(sandbox.Simulator.Url + path), content);
        return response.StatusCode;
    }
}
