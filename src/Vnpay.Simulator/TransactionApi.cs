using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vnpay.Simulator;

/// <summary>The merchant's question about a transaction (querydr): signed both ways over values joined with a bar.</summary>
internal sealed class TransactionApi(Gateway gateway)
{
    private static readonly string[] Asked =
    [
        "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate", "vnp_CreateDate", "vnp_IpAddr",
        "vnp_OrderInfo",
    ];

    private static readonly string[] Answered =
    [
        "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount", "vnp_BankCode",
        "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus", "vnp_OrderInfo", "vnp_PromotionCode",
        "vnp_PromotionAmount",
    ];

    private readonly ConcurrentDictionary<(string TmnCode, string RequestId), DateTimeOffset> seen = new();

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/merchant_webapi/api/transaction", AnswerAsync);

    public static string Joined(IEnumerable<string> order, IReadOnlyDictionary<string, string> fields) =>
        string.Join("|", order.Select(name => fields.TryGetValue(name, out var value) ? value : ""));

    public static IReadOnlyList<string> AnsweredFields => Answered;

    public static IReadOnlyList<string> AskedFields => Asked;

    private async Task AnswerAsync(HttpContext context)
    {
        var fields = await ReadAsync(context);
        var answer = await JudgeAsync(fields);
        // An answer to nobody we know cannot be signed.
        if (fields.TryGetValue("vnp_TmnCode", out var tmnCode) && await gateway.Options.Terminals(tmnCode) is { } secret)
            answer["vnp_SecureHash"] = GatewaySignature.Hash(Joined(Answered, answer), secret);
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, JsonSerializerOptions.Default, context.RequestAborted);
    }

    private async Task<Dictionary<string, string>> JudgeAsync(Dictionary<string, string> fields)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        Dictionary<string, string> Refuse(string code, string message) => new()
        {
            ["vnp_ResponseId"] = Guid.NewGuid().ToString("N"),
            ["vnp_Command"] = "querydr",
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = message,
            ["vnp_TmnCode"] = Field("vnp_TmnCode"),
            ["vnp_TxnRef"] = Field("vnp_TxnRef"),
        };

        if (!IsWellFormed(fields)) return Refuse("03", "Invalid_format");
        if (await gateway.Options.Terminals(Field("vnp_TmnCode")) is not { } secret) return Refuse("02", "Invalid_terminal");
        if (!GatewaySignature.Matches(Joined(Asked, fields), Field("vnp_SecureHash"), secret)) return Refuse("97", "Invalid_checksum");
        if (!seen.TryAdd((Field("vnp_TmnCode"), Field("vnp_RequestId")), gateway.Now)) return Refuse("94", "Duplicate_request");
        ForgetYesterday();
        var payment = gateway.Book.Find((Field("vnp_TmnCode"), Field("vnp_TxnRef")));
        if (payment is null || payment.CreateDate != Field("vnp_TransactionDate")) return Refuse("91", "Transaction_not_found");
        return Describe(payment);
    }

    private Dictionary<string, string> Describe(Payment payment)
    {
        var answer = new Dictionary<string, string>
        {
            ["vnp_ResponseId"] = Guid.NewGuid().ToString("N"),
            ["vnp_Command"] = "querydr",
            ["vnp_ResponseCode"] = "00",
            ["vnp_Message"] = "QueryDR Success",
            ["vnp_TxnRef"] = payment.TxnRef,
            ["vnp_Amount"] = $"{payment.AmountVnd}00",
            ["vnp_OrderInfo"] = payment.OrderInfo,
            ["vnp_BankCode"] = payment.Outcome?.BankCode ?? "VNPAY",
            ["vnp_TransactionNo"] = payment.Outcome?.TransactionNo ?? "0",
            ["vnp_TransactionType"] = "01",
            // Nobody paid and the window is over: that is a failure, although it may yet turn out otherwise.
            ["vnp_TransactionStatus"] = payment.Outcome?.TransactionStatus ?? (payment.IsOver(gateway.Now) ? "02" : "01"),
            ["vnp_TmnCode"] = payment.TmnCode,
        };
        if (payment.Outcome is not null) answer["vnp_PayDate"] = payment.Outcome.PayDate;
        return answer;
    }

    private static bool IsWellFormed(Dictionary<string, string> fields)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        return Field("vnp_RequestId") is { Length: >= 1 and <= 32 } id && id.All(char.IsAsciiLetterOrDigit)
            && Field("vnp_Version") == "2.1.0"
            && Field("vnp_Command") == "querydr"
            && Field("vnp_TmnCode").Length is >= 1 and <= 8
            && Field("vnp_TxnRef").Length is >= 1 and <= 100
            && Field("vnp_IpAddr").Length is >= 7 and <= 45
            && Field("vnp_OrderInfo").Length is >= 1 and <= 255
            && GatewayTime.Read(Field("vnp_TransactionDate")) is not null
            && GatewayTime.Read(Field("vnp_CreateDate")) is not null;
    }

    private static async Task<Dictionary<string, string>> ReadAsync(HttpContext context)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject().GroupBy(field => field.Name).ToDictionary(group => group.Key, group => group.Last().Value.ToString())
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private void ForgetYesterday()
    {
        if (seen.Count < 10_000) return;
        var limit = gateway.Now.AddDays(-1);
        foreach (var (request, at) in seen)
        {
            if (at < limit) seen.TryRemove(request, out _);
        }
    }
}
