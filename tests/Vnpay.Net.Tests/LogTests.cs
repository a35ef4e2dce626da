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
