using System.Globalization;
using System.Text.Json;
using SonLaMarket.Checker;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>Sends notifications in VNPAY's name, right ones and wrong ones, and writes down how each was answered.</summary>
internal sealed class Notifier(string url, History history)
{
    public static readonly string[] Wrong = ["forged", "wrong-amount", "unknown", "wrong-terminal", "doubled"];

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(20) };

    /// <param name="kind">"genuine", or one of <see cref="Wrong"/>.</param>
    public Task<Call> SendAsync(Seller seller, string txnRef, long amountVnd, string code = "00", string kind = "genuine")
    {
        var good = Tests.Support.Vnpay.Query(seller, txnRef, amountVnd, code);
        var query = kind switch
        {
            "forged" => good[..^8] + "00000000",
            "wrong-amount" => Tests.Support.Vnpay.Query(seller, txnRef, amountVnd - 1_000, code),
            "unknown" => Tests.Support.Vnpay.Query(seller, txnRef + "X", amountVnd, code),
            "wrong-terminal" => good.Replace("vnp_TmnCode=" + seller.TmnCode, "vnp_TmnCode=NOTATERM", StringComparison.Ordinal),
            "doubled" => good + "&vnp_TxnRef=" + txnRef,
            _ => good,
        };
        var args = new Dictionary<string, string>(StringComparer.Ordinal) { ["txnRef"] = txnRef, ["kind"] = kind, ["code"] = code, ["amount"] = amountVnd.ToString(CultureInfo.InvariantCulture) };
        return history.RecordAsync("vnpay", "notify", args, async () =>
        {
            using var answer = await Http.GetAsync(url + "/vnpay/ipn" + query);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            return new Dictionary<string, string>(StringComparer.Ordinal) { ["rspCode"] = body.RootElement.GetProperty("RspCode").GetString()! };
        });
    }
}
