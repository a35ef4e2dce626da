using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vnpay.Tests;

public sealed class LogTests
{
    private const string Secret = "SLMSHAREDTESTSECRET0000000000001";

    /// <summary>Everything that could be logged, is: success, refusal, a lie, silence. None of it names secret, hash, card, buyer or address.</summary>
    [Fact]
    public async Task Log_names_command_terminal_reference_and_code_and_nothing_else()
    {
        var log = new Lines();
        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => Json("""{"vnp_CardHolder":"NGUYEN VAN A","vnp_CardNumber":"970419xxxxxx2198"}"""),
            () => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("NGUYEN VAN A") },
            () => Json(Signed("91")),
        ]);
        using var gateway = new FakeGateway(() => answers.Dequeue()());
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(log)
            .AddVnpay(_ => new VnpayClientOptions { TmnCode = "SLMARKT1", HashSecret = Secret, TransactionUrl = "https://vnpay.example/api" }, _ => new HttpClient(gateway, disposeHandler: false))
            .BuildServiceProvider();
        var client = services.GetRequiredService<VnpayClient>();
        Assert.Same(client, services.GetRequiredService<VnpayClient>());
        var query = new TransactionGetOptions { TxnRef = "SL2611240001", TransactionDate = "20261124090000", OrderInfo = "Nguyen Van B mua man hau", IpAddress = "203.0.113.77" };
        await Assert.ThrowsAsync<VnpaySignatureException>(() => client.Transactions.GetAsync(query, cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<VnpayConnectionException>(() => client.Transactions.GetAsync(query, cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<VnpayApiException>(() => client.Transactions.GetAsync(query, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(5, log.Written.Count);
        Assert.All(log.Written, line => Assert.Contains("querydr of SLMARKT1 for SL2611240001", line, StringComparison.Ordinal));
        Assert.Contains(log.Written, line => line.Contains("code 91", StringComparison.Ordinal));
        Assert.Contains(log.Written, line => line.Contains("HTTP 403", StringComparison.Ordinal));
        var all = string.Join('\n', log.Written);
        foreach (var hidden in new[] { Secret, "SecureHash", "NGUYEN", "Nguyen", "970419", "203.0.113.77", "man hau" })
            Assert.DoesNotContain(hidden, all, StringComparison.Ordinal);
        Assert.DoesNotMatch("[0-9a-fA-F]{64}", all);
    }

    /// <summary>A question whose first sending is lost, one that VNPAY never gets, and two notifications, as a listener sees them.</summary>
    [Fact]
    public async Task Activities_and_counters_tell_what_was_asked_and_how_it_ended()
    {
        const string terminal = "SLMWATCH";
        var seen = new List<string>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == VnpayDiagnostics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a =>
            {
                if (Equals(a.GetTagItem("vnpay.tmn_code"), terminal))
                    seen.Add($"{a.DisplayName} {a.Kind} {a.GetTagItem("vnpay.txn_ref")} {a.GetTagItem("vnpay.result")} {a.GetTagItem("vnpay.retries")} {a.Status}");
            },
        };
        ActivitySource.AddActivityListener(activities);
        var counted = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var counters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == VnpayDiagnostics.Name) listener.EnableMeasurementEvents(instrument);
            },
        };
        counters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted.AddOrUpdate(instrument.Name + " " + string.Join(' ', tags.ToArray().Select(t => t.Value)), value, (_, before) => before + value));
        counters.Start();

        var answers = new Queue<Func<HttpResponseMessage>>(
        [
            () => new HttpResponseMessage(HttpStatusCode.BadGateway),
            () => Json(Signed("91")),
            () => throw new HttpRequestException(HttpRequestError.NameResolutionError, "no such host"),
        ]);
        using var gateway = new FakeGateway(() => answers.Dequeue()());
        var client = new VnpayClient(new VnpayClientOptions { TmnCode = terminal, HashSecret = Secret, TransactionUrl = "https://vnpay.example/api", MaxNetworkRetries = 1 }, new HttpClient(gateway, disposeHandler: false));
        var query = new TransactionGetOptions { TxnRef = "SL2611240001", TransactionDate = "20261124090000", OrderInfo = "Hoi lai", IpAddress = "203.0.113.77" };
        await Assert.ThrowsAnyAsync<VnpayException>(() => client.Transactions.GetAsync(query, cancellationToken: TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<VnpayConnectionException>(() => client.Transactions.GetAsync(query, new RequestOptions { MaxNetworkRetries = 0 }, TestContext.Current.CancellationToken));
        Assert.False(VnpayEventUtility.TryConstructEvent("vnp_TxnRef=1", Secret, out _));

        Assert.Equal(["vnpay querydr Client SL2611240001 answered 1 Unset", "vnpay querydr Client SL2611240001 failed 0 Error"], seen);
        // Others count at the same time.
        foreach (var name in new[] { "vnpay.requests querydr answered", "vnpay.requests querydr failed", "vnpay.retries querydr", "vnpay.callbacks refused" })
            Assert.True(counted.GetValueOrDefault(name) >= 1, name);
    }

    [Fact]
    public void Nothing_prints_a_secret()
    {
        Assert.DoesNotContain(Secret, new VnpayClientOptions { TmnCode = "SLMARKT1", HashSecret = Secret }.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, new RequestOptions { TmnCode = "SLMARKT1", HashSecret = Secret }.ToString(), StringComparison.Ordinal);
    }

    private static HttpResponseMessage Json(string body) => new() { Content = new StringContent(body) };

    private static string Signed(string code)
    {
        var fields = new Dictionary<string, string>
        {
            ["vnp_ResponseId"] = "1",
            ["vnp_Command"] = "querydr",
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = "Transaction_not_found",
            ["vnp_TmnCode"] = "SLMARKT1",
            ["vnp_TxnRef"] = "SL2611240001",
        };
        fields["vnp_SecureHash"] = VnpaySignature.Compute(VnpaySignature.JoinFields(VnpayFieldOrder.QueryResponse, fields), Secret);
        return System.Text.Json.JsonSerializer.Serialize(fields);
    }

    private sealed class Lines : ILoggerFactory, ILogger
    {
        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) { }

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception) + exception);
    }
}
