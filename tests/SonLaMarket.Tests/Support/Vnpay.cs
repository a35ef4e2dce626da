using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SonLaMarket.Tests.Support;

/// <summary>VNPAY's side of the protocol, signed by code of the tests' own: a mistake shared with the client would not show.</summary>
public static class Vnpay
{
    /// <summary>The query of a notification. A change to null takes the field out; changes are made before signing.</summary>
    public static string Query(Seller seller, string txnRef, long amountVnd, string code = "00", params (string Name, string? Value)[] changes)
    {
        var paid = code == "00";
        var fields = new SortedDictionary<string, string?>(StringComparer.Ordinal)
        {
            ["vnp_Amount"] = $"{amountVnd * 100}",
            ["vnp_BankCode"] = "NCB",
            ["vnp_BankTranNo"] = paid ? "VNP14226112" : null,
            ["vnp_CardType"] = "ATM",
            ["vnp_OrderInfo"] = "Thanh toan don hang",
            ["vnp_PayDate"] = "20261124101500",
            ["vnp_ResponseCode"] = code,
            ["vnp_TmnCode"] = seller.TmnCode,
            ["vnp_TransactionNo"] = paid ? "14226112" : "0",
            ["vnp_TransactionStatus"] = paid ? "00" : "02",
            ["vnp_TxnRef"] = txnRef,
        };
        foreach (var (name, value) in changes)
            fields[name] = value;
        var signed = string.Join('&', fields.Where(f => !string.IsNullOrEmpty(f.Value)).Select(f => $"{f.Key}={WebUtility.UrlEncode(f.Value)}"));
        return $"?{signed}&vnp_SecureHash={Sign(signed, seller.Secret)}";
    }

    public static string Sign(string text, string secret) => Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    /// <summary>Fields of a payment address.</summary>
    public static Dictionary<string, string> Fields(string? url) =>
        new Uri(url!).Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => WebUtility.UrlDecode(p[1]), StringComparer.Ordinal);
}

/// <summary>VNPAY's transaction interface as a test wants it to be: silent, or with an answer for each question.</summary>
public sealed class TransactionApi(Func<string, string> secret) : HttpMessageHandler
{
    private static readonly string[] Order =
    [
        "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount", "vnp_BankCode", "vnp_PayDate",
        "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus", "vnp_OrderInfo", "vnp_PromotionCode", "vnp_PromotionAmount",
    ];

    /// <summary>Null: no answer at all. Else response code, transaction status and amount in đồng.</summary>
    public Func<string, (string Code, string Status, long AmountVnd)?> Answer { get; set; } = _ => ("91", "", 0);

    public List<string> Asked { get; } = [];

    /// <summary>What each question waits for before it is answered.</summary>
    public Task Stall { get; set; } = Task.CompletedTask;

    /// <summary>Something else than an answer of VNPAY's; null for an answer.</summary>
    public Func<HttpResponseMessage>? Instead { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Instead is not null)
            return Instead();
        var asked = JsonSerializer.Deserialize<Dictionary<string, string>>(await request.Content!.ReadAsStringAsync(cancellationToken))!;
        lock (Asked)
            Asked.Add(asked["vnp_TxnRef"]);
        await Stall.WaitAsync(cancellationToken);
        if (Answer(asked["vnp_TxnRef"]) is not var (code, status, amount))
            throw new HttpRequestException("no route to VNPAY");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vnp_ResponseId"] = Guid.NewGuid().ToString("N"),
            ["vnp_Command"] = "querydr",
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = "QueryDR",
            ["vnp_TmnCode"] = asked["vnp_TmnCode"],
            ["vnp_TxnRef"] = asked["vnp_TxnRef"],
        };
        if (code == "00")
        {
            fields["vnp_Amount"] = $"{amount * 100}";
            fields["vnp_TransactionType"] = "01";
            fields["vnp_TransactionStatus"] = status;
            fields["vnp_TransactionNo"] = "14226113";
            fields["vnp_BankCode"] = "NCB";
        }
        fields["vnp_SecureHash"] = Vnpay.Sign(string.Join('|', Order.Select(n => fields.GetValueOrDefault(n, ""))), secret(asked["vnp_TmnCode"]));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(fields)) };
    }
}
