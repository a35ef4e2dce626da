using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Exports;

/// <summary>What came of asking a platform.</summary>
public enum PartnerOutcome
{
    /// <summary>Nobody knows whether it was done: no answer, an error of theirs, or words that we do not know.</summary>
    Unknown,

    /// <summary>Done; or found.</summary>
    Done,

    /// <summary>It knows no such listing.</summary>
    Absent,

    /// <summary>It does not take this as it is.</summary>
    Refused,

    /// <summary>Nothing was done: it wants to be asked later.</summary>
    Later,

    /// <summary>Nothing was done: it does not know, or not any more, who asks.</summary>
    SignedOut,
}

/// <param name="Id">What the platform calls the listing; "" where it did not say.</param>
/// <param name="Words">What it said, for people.</param>
/// <param name="Wait">How long it wants to be left alone.</param>
public sealed record PartnerAnswer(PartnerOutcome Outcome, string Id = "", string Words = "", TimeSpan? Wait = null);

/// <summary>A platform's own program, spoken to in the words of its profile. What it says is believed only where it says it in the way that is known: anything else may mean anything.</summary>
public sealed class PartnerProgram(PushPlace place, PushAddress address, TimeSpan timeout, TimeProvider clock)
{
    /// <summary>After its key was refused.</summary>
    private static readonly TimeSpan Refused = TimeSpan.FromMinutes(5);

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 1 << 20,
    };

    private string? token;
    private long? asked;

    /// <summary>Done with its id where the platform has the listing.</summary>
    public Task<PartnerAnswer> FindAsync(string sku, CancellationToken ct) => AskAsync(HttpMethod.Get, place.Find.Replace("{sku}", Uri.EscapeDataString(sku), StringComparison.Ordinal), null, Found, ct);

    /// <param name="id">What the platform calls it; "" makes a new one.</param>
    public Task<PartnerAnswer> SendAsync(string payload, string id, CancellationToken ct)
    {
        if (id.Length > 0)
        {
            var named = (JsonObject)JsonNode.Parse(payload)!;
            named[place.Id] = JsonNode.Parse(Id(id));
            payload = named.ToJsonString(Writers.Payload.Compact);
        }
        return AskAsync(HttpMethod.Post, place.Send, payload, Sent, ct);
    }

    public Task<PartnerAnswer> WithdrawAsync(string id, CancellationToken ct) => AskAsync(HttpMethod.Post, place.Withdraw, place.Withdrawal.Replace("{id}", Id(id), StringComparison.Ordinal), Sent, ct);

    /// <summary>A number where it is one.</summary>
    private static string Id(string id) => id.Length < 19 && id.All(char.IsAsciiDigit) && (id[0] != '0' || id.Length == 1) ? id : JsonSerializer.Serialize(id);

    /// <summary>With a token, and once more with a new one where the old one was over.</summary>
    private async Task<PartnerAnswer> AskAsync(HttpMethod method, string path, string? body, Func<JsonNode?, PartnerAnswer> read, CancellationToken ct)
    {
        for (var fresh = false; ; fresh = true)
        {
            if (token is null || fresh)
            {
                var signedIn = await OnceAsync(HttpMethod.Post, place.SignIn, Credentials(), SignedIn, ct);
                if (signedIn is not { Outcome: PartnerOutcome.Done })
                    return signedIn.Outcome is PartnerOutcome.Refused or PartnerOutcome.Absent or PartnerOutcome.SignedOut ? new(PartnerOutcome.Later, Words: signedIn.Words, Wait: Refused) : signedIn;
            }
            var answer = await OnceAsync(method, path, body, read, ct);
            if (answer is not { Outcome: PartnerOutcome.SignedOut })
                return answer;
            if (fresh)
                return new(PartnerOutcome.Later, Words: answer.Words, Wait: Refused);
        }
    }

    private string Credentials() => place.Credentials.Replace("{key}", JsonEncodedText.Encode(address.Key).ToString(), StringComparison.Ordinal).Replace("{secret}", JsonEncodedText.Encode(address.Secret).ToString(), StringComparison.Ordinal);

    private async Task<PartnerAnswer> OnceAsync(HttpMethod method, string path, string? body, Func<JsonNode?, PartnerAnswer> read, CancellationToken ct)
    {
        if (asked is { } before && TimeSpan.FromMinutes(1) / place.PerMinute - Stopwatch.GetElapsedTime(before) is { Ticks: > 0 } pause)
            await Task.Delay(pause, ct);
        asked = Stopwatch.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(address.Address, path));
            if (token is not null)
                request.Headers.TryAddWithoutValidation(place.Header, $"{place.Scheme} {token}".Trim());
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await Http.SendAsync(request, limit.Token);
            return Read(response, await response.Content.ReadAsStringAsync(limit.Token), read);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(PartnerOutcome.Unknown, Words: string.Create(CultureInfo.InvariantCulture, $"timeout {timeout.TotalSeconds} s"));
        }
        catch (HttpRequestException e)
        {
            return new(PartnerOutcome.Unknown, Words: e.HttpRequestError.ToString());
        }
    }

    private PartnerAnswer Read(HttpResponseMessage response, string text, Func<JsonNode?, PartnerAnswer> read)
    {
        var status = (int)response.StatusCode;
        var code = string.Create(CultureInfo.InvariantCulture, $"HTTP {status}");
        if (response.StatusCode == HttpStatusCode.TooManyRequests || (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null))
            return new(PartnerOutcome.Later, Words: code, Wait: Wait(response.Headers.RetryAfter));
        if (status is >= 500 or < 200 or (>= 300 and < 400))
            return new(PartnerOutcome.Unknown, Words: code);
        var answer = Json(text);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new(PartnerOutcome.SignedOut, Words: Words(answer, code));
        if (status < 400)
            return read(answer);
        return read(answer) is { Outcome: PartnerOutcome.Absent } absent ? absent
            : new(response.StatusCode == HttpStatusCode.NotFound && answer is JsonObject ? PartnerOutcome.Absent : PartnerOutcome.Refused, Words: Words(answer, code));
    }

    private TimeSpan? Wait(RetryConditionHeaderValue? after) => after?.Delta ?? (after?.Date is { } date ? date - clock.GetUtcNow() : null);

    private PartnerAnswer SignedIn(JsonNode? answer)
    {
        if (At(answer, place.Token) is not { Length: > 0 } given)
            return Strange(answer);
        token = given;
        return new(PartnerOutcome.Done);
    }

    /// <summary>That there is none it says by an empty answer, or in words; an answer of another shape may hide one.</summary>
    private PartnerAnswer Found(JsonNode? answer)
    {
        if (Done(answer) is not { } done)
            return Strange(answer);
        if (!done)
            return place.Absent?.Any(a => Vietnamese.Fold(Words(answer, "")).Contains(Vietnamese.Fold(a), StringComparison.Ordinal)) == true ? new(PartnerOutcome.Absent) : new(PartnerOutcome.Unknown, Words: Words(answer, "?"));
        if (At(answer, place.SentId) is { Length: > 0 and <= 100 } id and not "0")
            return new(PartnerOutcome.Done, id);
        var holder = place.SentId.Split('.')[0];
        return answer is JsonObject all && all.TryGetPropertyValue(holder, out var empty) && empty is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } ? new(PartnerOutcome.Absent) : Strange(answer);
    }

    private PartnerAnswer Sent(JsonNode? answer) => Done(answer) switch
    {
        null => Strange(answer),
        false => new(PartnerOutcome.Refused, Words: Words(answer, "?")),
        true => new(PartnerOutcome.Done, At(answer, place.SentId) is { Length: > 0 and <= 100 } id and not "0" ? id : ""),
    };

    private static PartnerAnswer Strange(JsonNode? answer) => new(PartnerOutcome.Unknown, Words: answer is JsonObject all ? "{" + string.Join(", ", all.Select(m => m.Key).Take(10)) + "}" : "?");

    private bool? Done(JsonNode? answer) => Node(answer, place.Ok) is JsonValue value && value.TryGetValue<bool>(out var done) ? done : null;

    private string Words(JsonNode? answer, string otherwise) => At(answer, place.Message) is { Length: > 0 } words ? Vietnamese.Clean(words) is var clean && clean.Length > 500 ? clean[..500] : clean : otherwise;

    private static string At(JsonNode? answer, string path) => Node(answer, path) is JsonValue value ? value.TryGetValue<string>(out var text) ? text : value.ToJsonString() : "";

    private static JsonNode? Node(JsonNode? answer, string path)
    {
        foreach (var member in path.Split('.'))
            answer = answer is JsonObject all && all.TryGetPropertyValue(member, out var next) ? next : null;
        return answer;
    }

    private static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
