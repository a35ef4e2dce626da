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

    /// <summary>The query of a notification that is right ("genuine") or wrong in one of the ways of <see cref="Wrong"/>.</summary>
    /// <param name="status">Transaction status; null for the one that goes with the code.</param>
    public static string Message(Seller seller, string txnRef, long amountVnd, string code, string kind, string? status = null)
    {
        string Right(long amount, string reference) => status is null ? Query(seller, reference, amount, code) : Query(seller, reference, amount, code, ("vnp_TransactionStatus", status));
        var good = Right(amountVnd, txnRef);
        return kind switch
        {
            "forged" => good[..^8] + (good.EndsWith("00000000", StringComparison.Ordinal) ? "11111111" : "00000000"),
            "changed" => good.Replace("vnp_BankCode=NCB", "vnp_BankCode=VCB", StringComparison.Ordinal),
            "wrong-amount" => Right(amountVnd + 1_000, txnRef),
            "unknown" => Right(amountVnd, txnRef + "X"),
            "wrong-terminal" => good.Replace("vnp_TmnCode=" + seller.TmnCode, "vnp_TmnCode=NOTATERM", StringComparison.Ordinal),
            "doubled" => good + "&vnp_TxnRef=" + txnRef,
            "unsigned" => "?vnp_TxnRef=" + txnRef,
            // As a bank's page on the way may make of it.
            "recased" => good.IndexOf("vnp_SecureHash=", StringComparison.Ordinal) + 15 is var at ? good[..at] + good[at..].ToUpperInvariant() + "&utm_source=x" : good,
            _ => good,
        };
    }

    public static readonly string[] Wrong = ["forged", "changed", "wrong-amount", "unknown", "wrong-terminal", "doubled", "unsigned"];

    public static string Sign(string text, string secret) => Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    /// <summary>Fields of a payment address.</summary>
    public static Dictionary<string, string> Fields(string? url) =>
        new Uri(url!).Query.TrimStart('?').Split('&').Select(p => p.Split('=')).ToDictionary(p => p[0], p => WebUtility.UrlDecode(p[1]), StringComparer.Ordinal);

    /// <summary>What the judge wants to know of where an order led to; nothing of a page of our own.</summary>
    public static Dictionary<string, string> Seen(string location)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!location.Contains("vnp_TxnRef", StringComparison.Ordinal))
            return seen;
        var fields = Fields(location);
        foreach (var (name, field) in new[] { ("txnRef", "vnp_TxnRef"), ("amount", "vnp_Amount"), ("tmnCode", "vnp_TmnCode"), ("createDate", "vnp_CreateDate"), ("expireDate", "vnp_ExpireDate") })
            seen[name] = fields[field];
        seen["url"] = location;
        return seen;
    }
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

    /// <summary>Reference and command of each request, and the server that it said it came from.</summary>
    public List<(string TxnRef, string Command, string From)> Senders { get; } = [];

    /// <summary>Told of each answer that was given: reference, response code, transaction status, amount in đồng.</summary>
    public Action<string, string, string, long> Answered { get; set; } = (_, _, _, _) => { };

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
        {
            Asked.Add(asked["vnp_TxnRef"]);
            Senders.Add((asked["vnp_TxnRef"], asked["vnp_Command"], asked["vnp_IpAddr"]));
        }
        await Stall.WaitAsync(cancellationToken);
        if (Answer(asked["vnp_TxnRef"]) is not var (code, status, amount))
            throw new HttpRequestException("no route to VNPAY");
        Answered(asked["vnp_TxnRef"], code, status, amount);
        return Signed(asked["vnp_TmnCode"], asked["vnp_TxnRef"], code, status, amount);
    }

    /// <summary>When it says that was paid; nothing when it does not say.</summary>
    public string PayDate { get; set; } = "";

    /// <summary>An answer to a question about a payment, signed by the terminal's secret.</summary>
    public HttpResponseMessage Signed(string tmnCode, string txnRef, string code, string status, long amountVnd)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["vnp_ResponseId"] = Guid.NewGuid().ToString("N"),
            ["vnp_Command"] = "querydr",
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = "QueryDR",
            ["vnp_TmnCode"] = tmnCode,
            ["vnp_TxnRef"] = txnRef,
        };
        if (code == "00")
        {
            fields["vnp_Amount"] = $"{amountVnd * 100}";
            fields["vnp_TransactionType"] = "01";
            fields["vnp_TransactionStatus"] = status;
            fields["vnp_TransactionNo"] = "14226113";
            fields["vnp_BankCode"] = "NCB";
        }
        if (code == "00" && PayDate.Length > 0)
            fields["vnp_PayDate"] = PayDate;
        fields["vnp_SecureHash"] = Vnpay.Sign(string.Join('|', Order.Select(n => fields.GetValueOrDefault(n, ""))), secret(tmnCode));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(fields)) };
    }
}
