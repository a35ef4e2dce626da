using System.Net.Http.Headers;
using System.Text.Json;

namespace Vnpay;

/// <summary>Posts a signed body to the transaction API; tries again after a lost connection, a time-out, HTTP 408, 429 or 5xx.</summary>
internal sealed class VnpayTransport(VnpayClientOptions options, HttpClient http)
{
    private const int MaxAnswerBytes = 256 * 1024;

    /// <param name="body">Makes the body of each try: its number, from 0.</param>
    /// <param name="request">Overrides of the call.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    public async Task<(Dictionary<string, string> Fields, int Retries)> PostAsync(
        Func<int, Dictionary<string, string>> body, RequestOptions? request, CancellationToken cancellationToken)
    {
        var url = new Uri(FieldRules.HttpUrl(nameof(VnpayClientOptions.TransactionUrl), options.TransactionUrl));
        var retries = Math.Max(0, request?.MaxNetworkRetries ?? options.MaxNetworkRetries);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return (await SendAsync(url, body(attempt), request, cancellationToken).ConfigureAwait(false), attempt);
            }
            catch (VnpayConnectionException failure) when (attempt < retries && IsWorthRetrying(failure))
            {
                await Task.Delay(Pause(attempt), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<Dictionary<string, string>> SendAsync(
        Uri url, Dictionary<string, string> body, RequestOptions? request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(request?.Timeout ?? options.Timeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url);
            message.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, VnpayJson.Default.DictionaryStringString));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            if (status != 200) throw new VnpayConnectionException($"VNPAY answered HTTP {status}.", mayHaveReachedVnpay: true, status);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token).ConfigureAwait(false);
            return Read(await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false));
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

    /// <summary>Every value as text: an amount read through a number would not be what was signed.</summary>
    private static Dictionary<string, string> Read(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.ToString(), StringComparer.Ordinal);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new VnpayConnectionException("VNPAY's answer is not JSON.", mayHaveReachedVnpay: true, statusCode: 200, malformed);
        }
        throw new VnpayConnectionException("VNPAY's answer is not a JSON object.", mayHaveReachedVnpay: true, statusCode: 200);
    }

    private static bool IsWorthRetrying(VnpayConnectionException failure) => failure.StatusCode is null or 408 or 429 or >= 500;

    // 0.5 s, 1 s, 2 s ... at most 5 s, a quarter of it at random so that many callers do not come back together.
    private static TimeSpan Pause(int attempt)
    {
        var full = Math.Min(5.0, 0.5 * Math.Pow(2, attempt));
        return TimeSpan.FromSeconds(full * (0.75 + (0.25 * Random.Shared.NextDouble())));
    }
}
