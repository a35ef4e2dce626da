using System.Text.Json;
using SonLaMarket.Checker;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>Sends notifications in VNPAY's name, right ones and wrong ones, and writes down how each was answered.</summary>
internal sealed class Notifier(string url, History history)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, PooledConnectionLifetime = TimeSpan.FromSeconds(20) }) { Timeout = TimeSpan.FromSeconds(20) };

    /// <param name="kind">"genuine", or one of <see cref="Tests.Support.Vnpay.Wrong"/>.</param>
    public Task<Call> SendAsync(Seller seller, string txnRef, long amountVnd, string code = "00", string kind = "genuine")
    {
        var query = Tests.Support.Vnpay.Message(seller, txnRef, amountVnd, code, kind);
        var args = new Dictionary<string, string>(StringComparer.Ordinal) { ["txnRef"] = txnRef, ["kind"] = kind, ["code"] = code };
        return history.RecordAsync("vnpay", "notify", args, async () =>
        {
            using var answer = await Http.GetAsync(url + "/vnpay/ipn" + query);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["rspCode"] = body.RootElement.GetProperty("RspCode").GetString()! };
        });
    }
}
