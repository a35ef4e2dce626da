using System.Collections.Concurrent;
using System.Text.Json;

namespace Vnpay.Simulator;

/// <summary>
/// Calls the merchant's notification address until it answers 00 or 02, at most ten times. An HTTP error, a time-out or an
/// answer without RspCode counts as failure.
/// </summary>
internal sealed class IpnSender : IAsyncDisposable
{
    /// <summary>Time enough for a browser to be back at the merchant's.</summary>
    private static readonly TimeSpan ReturnTime = TimeSpan.FromSeconds(2);

    private readonly SimulatorOptions options;
    private readonly PaymentBook book;
    private readonly ConcurrentDictionary<(string TmnCode, string TxnRef), Task> running = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly HttpClient http;

    public IpnSender(SimulatorOptions options, PaymentBook book)
    {
        this.options = options;
        this.book = book;
        IpnUrl = options.IpnUrl;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = options.IpnTimeout };
    }

    public string? IpnUrl { get; set; }

    public void Start((string TmnCode, string TxnRef) key) => running.TryAdd(key, Task.Run(() => RunAsync(key)));

    /// <summary>Goes on where a killed process left off.</summary>
    public void Resume()
    {
        foreach (var payment in book.All())
        {
            if (payment.Outcome is not null && !payment.Ipn.Any(call => call.Ends) && LastCall(payment) < options.IpnMaxCalls) Start(payment.Key);
        }
    }

    /// <summary>Waits until the first call was answered, at most as long as a call may take.</summary>
    public async Task FirstAnswerAsync((string TmnCode, string TxnRef) key, CancellationToken cancellationToken)
    {
        for (var until = DateTime.UtcNow + options.IpnTimeout; book.Find(key) is { Ipn.Count: 0 } && DateTime.UtcNow < until;)
            await Task.Delay(20, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(running.Values);
        http.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync((string TmnCode, string TxnRef) key)
    {
        try
        {
            var payment = book.Find(key)!;
            var faults = payment.Faults ?? Faults.None;
            if (faults.Ipn == "lost") return;
            if (payment.Ipn.Count == 0) await PauseAsync(Before(payment, faults));
            for (var call = LastCall(payment) + 1; call <= options.IpnMaxCalls; call++)
            {
                var copies = faults.Ipn == "double" && call == 1 ? 2 : 1;
                var number = call;
                var answers = await Task.WhenAll(Enumerable.Range(0, copies).Select(_ => CallAsync(payment, number)));
                if (answers.Any(answer => answer.Ends)) return;
                if (call < options.IpnMaxCalls) await PauseAsync(options.IpnRetryInterval);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The simulator is being stopped; what is unfinished is in the state file.
        }
    }

    /// <summary>How long the first call waits.</summary>
    private TimeSpan Before(Payment payment, Faults faults)
    {
        var afterReturn = faults.Order == "return-first" ? ReturnTime : TimeSpan.Zero;
        var late = faults.Ipn switch
        {
            "late" => faults.Delay,
            "past-expiry" => payment.ExpiresAt - options.TimeProvider.GetUtcNow() + faults.Delay,
            _ => TimeSpan.Zero,
        };
        return late > afterReturn ? late : afterReturn;
    }

    private async Task<IpnCall> CallAsync(Payment payment, int call)
    {
        var at = options.TimeProvider.GetUtcNow();
        IpnCall result;
        try
        {
            var address = await AddressAsync(payment, call);
            using var response = await http.GetAsync(new Uri(address), stopping.Token);
            var body = await response.Content.ReadAsStringAsync(stopping.Token);
            result = Judge(call, at, (int)response.StatusCode, body);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            result = new IpnCall(call, at, null, null, null, "no answer in time");
        }
        catch (Exception failure) when (failure is HttpRequestException or InvalidOperationException or UriFormatException)
        {
            result = new IpnCall(call, at, null, null, null, failure.Message);
        }
        book.Change(payment.Key, current => current with { Ipn = [.. current.Ipn, result] });
        return result;
    }

    private async Task<string> AddressAsync(Payment payment, int call)
    {
        var url = IpnUrl ?? throw new InvalidOperationException("no notification address is set");
        var secret = await SecretAsync(payment.TmnCode) ?? throw new InvalidOperationException("the terminal is gone");
        var query = GatewaySignature.SignedQuery(payment.ResultFields(), secret, payment.Faults?.Encoding);
        if (payment.Faults?.Ipn == "tampered") query = Tamper(query, payment, call);
        return url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + query;
    }

    /// <summary>The merchant's book of terminals may be out of order for a while: that is one failed call, never the end of the calls.</summary>
    private async Task<string?> SecretAsync(string tmnCode)
    {
        try
        {
            return await options.Terminals(tmnCode);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException("the terminal's secret cannot be read now", failure);
        }
    }

    private static string Tamper(string query, Payment payment, int call)
    {
        if (call % 2 == 1)
            return query.Replace($"vnp_Amount={payment.AmountVnd}00", $"vnp_Amount={payment.AmountVnd + 1}00", StringComparison.Ordinal);
        return query[..^1] + (query[^1] == '0' ? '1' : '0');
    }

    private static IpnCall Judge(int call, DateTimeOffset at, int httpStatus, string body)
    {
        if (httpStatus != 200) return new IpnCall(call, at, httpStatus, null, null, "not HTTP 200");
        try
        {
            using var json = JsonDocument.Parse(body);
            var isObject = json.RootElement.ValueKind == JsonValueKind.Object;
            var code = isObject && json.RootElement.TryGetProperty("RspCode", out var c) ? c.ToString() : null;
            var message = isObject && json.RootElement.TryGetProperty("Message", out var m) ? m.ToString() : null;
            return new IpnCall(call, at, httpStatus, code, message, code is null ? "no RspCode in the answer" : null);
        }
        catch (JsonException)
        {
            return new IpnCall(call, at, httpStatus, null, null, "the answer is not JSON");
        }
    }

    private static int LastCall(Payment payment) => payment.Ipn.Select(call => call.Call).DefaultIfEmpty(0).Max();

    private Task PauseAsync(TimeSpan time) => time <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(time, options.TimeProvider, stopping.Token);
}
