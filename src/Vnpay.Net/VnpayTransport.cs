using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Vnpay;

/// <summary>
/// What is said to VNPAY, as far as a log may know; and whether a second sending can do no harm. Otherwise it is sent again only when the
/// first surely never left.
/// </summary>
internal readonly record struct Exchange(string Command, string TmnCode, string? TxnRef, bool Repeatable);

/// <summary>Sends one request to VNPAY and reads the answer's bytes; tries again after a lost connection, a time-out, HTTP 408, 429 or 5xx.</summary>
internal sealed class VnpayTransport(VnpayClientOptions options, HttpClient http, ILogger logger)
{
    private const int MaxAnswerBytes = 256 * 1024;

    /// <param name="exchange">What it is about.</param>
    /// <param name="message">Makes the request of each try: its number, from 0.</param>
    /// <param name="request">Overrides of the call.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    public async Task<(byte[] Answer, int Retries)> SendAsync(
        Exchange exchange, Func<int, HttpRequestMessage> message, RequestOptions? request, CancellationToken cancellationToken)
    {
        var retries = Math.Max(0, request?.MaxNetworkRetries ?? options.MaxNetworkRetries);
        var started = Stopwatch.GetTimestamp();
        using var activity = VnpayDiagnostics.Start(exchange);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var answer = await TryAsync(message(attempt), request, cancellationToken).ConfigureAwait(false);
                VnpayDiagnostics.Answered(activity, exchange, attempt);
                logger.Answered(exchange.Command, exchange.TmnCode, exchange.TxnRef, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, attempt);
                return (answer, attempt);
            }
            catch (VnpayConnectionException failure)
            {
                var again = attempt < retries && IsWorthRetrying(failure) && (exchange.Repeatable || !failure.MayHaveReachedVnpay);
                logger.Failed(exchange.Command, exchange.TmnCode, exchange.TxnRef, failure.Message, attempt + 1, again);
                if (!again)
                {
                    VnpayDiagnostics.Failed(activity, exchange, failure.MayHaveReachedVnpay, attempt);
                    throw;
                }
                await Task.Delay(Pause(attempt), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A JSON object with every value as text: an amount read through a number would not be what was signed.</summary>
    public static Dictionary<string, string> ReadObject(byte[] answer) => Read(answer, root =>
        root.ValueKind == JsonValueKind.Object ? Fields(root) : throw new VnpayConnectionException("VNPAY's answer is not a JSON object.", mayHaveReachedVnpay: true, statusCode: 200));

    /// <summary>A JSON array of objects, read like <see cref="ReadObject"/>.</summary>
    public static List<Dictionary<string, string>> ReadArray(byte[] answer) => Read(answer, root =>
        root.ValueKind == JsonValueKind.Array && root.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? root.EnumerateArray().Select(Fields).ToList()
            : throw new VnpayConnectionException("VNPAY's answer is not a JSON array of objects.", mayHaveReachedVnpay: true, statusCode: 200));

    private async Task<byte[]> TryAsync(HttpRequestMessage message, RequestOptions? request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(request?.Timeout ?? options.Timeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var sent = message;
            using var response = await http.SendAsync(sent, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status != 200) throw new VnpayConnectionException($"VNPAY answered HTTP {status}.", mayHaveReachedVnpay: true, status);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token).ConfigureAwait(false);
            return await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new VnpayConnectionException("VNPAY did not answer in time.", mayHaveReachedVnpay: true, statusCode: null, cancelled);
        }
        catch (HttpRequestException failure)
        {
            var neverLeft = failure.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            throw new VnpayConnectionException("VNPAY could not be reached: " + failure.Message, !neverLeft, statusCode: null, failure);
        }
    }

    private static T Read<T>(byte[] answer, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return read(json.RootElement);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new VnpayConnectionException("VNPAY's answer is not JSON.", mayHaveReachedVnpay: true, statusCode: 200, malformed);
        }
    }

    private static Dictionary<string, string> Fields(JsonElement item) =>
        item.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString(), StringComparer.Ordinal);

    private static bool IsWorthRetrying(VnpayConnectionException failure) => failure.StatusCode is null or 408 or 429 or >= 500;

    // 0.5 s, 1 s, 2 s ... at most 5 s, a quarter of it at random so that many callers do not come back together.
    private static TimeSpan Pause(int attempt)
    {
        var full = Math.Min(5.0, 0.5 * Math.Pow(2, attempt));
        return TimeSpan.FromSeconds(full * (0.75 + (0.25 * Random.Shared.NextDouble())));
    }
}
