using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vnpay.Simulator;

/// <summary>The merchant's question about a transaction (querydr) and its wish to give money back (refund): signed both ways over values joined with a bar.</summary>
internal sealed class TransactionApi
{
    private static readonly string[] QueryAsked =
    [
        "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate", "vnp_CreateDate", "vnp_IpAddr",
        "vnp_OrderInfo",
    ];

    private static readonly string[] RefundAsked =
    [
        "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TransactionType", "vnp_TxnRef", "vnp_Amount", "vnp_TransactionNo",
        "vnp_TransactionDate", "vnp_CreateBy", "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo",
    ];

    private static readonly string[] RefundAnswered =
    [
        "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount", "vnp_BankCode",
        "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus", "vnp_OrderInfo",
    ];

    private static readonly string[] QueryAnswered = [.. RefundAnswered, "vnp_PromotionCode", "vnp_PromotionAmount"];

    private readonly ConcurrentDictionary<(string TmnCode, string RequestId), DateTimeOffset> seen = new();
    private readonly Gateway gateway;

    public TransactionApi(Gateway gateway)
    {
        this.gateway = gateway;
        // A refund that was taken before a restart is not taken again.
        foreach (var payment in gateway.Book.All())
        {
            foreach (var refund in payment.Refunds) seen.TryAdd((payment.TmnCode, refund.RequestId), gateway.Now);
        }
    }

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/merchant_webapi/api/transaction", AnswerAsync);

    public static string Joined(IEnumerable<string> order, IReadOnlyDictionary<string, string> fields) =>
        string.Join("|", order.Select(name => fields.TryGetValue(name, out var value) ? value : ""));

    public static IReadOnlyList<string> AnsweredFields(string? command) => command == "refund" ? RefundAnswered : QueryAnswered;

    public static IReadOnlyList<string> AskedFields(string? command) => command == "refund" ? RefundAsked : QueryAsked;

    private async Task AnswerAsync(HttpContext context)
    {
        var faults = gateway.Faults;
        if (faults.Api == "slow") await Task.Delay(faults.Delay, context.RequestAborted);
        if (faults.Api == "error")
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        var fields = await ReadAsync(context);
        var answer = await JudgeAsync(fields);
        if (faults.Api == "lost")
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }
        // An answer to nobody we know cannot be signed.
        if (faults.Api != "unsigned" && fields.TryGetValue("vnp_TmnCode", out var tmnCode) && await gateway.Options.Terminals(tmnCode) is { } secret)
            answer["vnp_SecureHash"] = GatewaySignature.Hash(Joined(AnsweredFields(answer["vnp_Command"]), answer), faults.Api == "wrong-hash" ? secret + "?" : secret);
        var text = faults.Api == "html" ? "<html><body>Bad gateway</body></html>" : JsonSerializer.Serialize(answer);
        context.Response.ContentType = faults.Api == "html" ? "text/html" : "application/json; charset=utf-8";
        await context.Response.WriteAsync(faults.Api == "cut" ? text[..(text.Length / 2)] : text, context.RequestAborted);
    }

    private async Task<Dictionary<string, string>> JudgeAsync(Dictionary<string, string> fields)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var command = Field("vnp_Command") == "refund" ? "refund" : "querydr";
        Dictionary<string, string> Refuse(string code, string message) => new()
        {
            ["vnp_ResponseId"] = Guid.NewGuid().ToString("N"),
            ["vnp_Command"] = command,
            ["vnp_ResponseCode"] = code,
            ["vnp_Message"] = message,
            ["vnp_TmnCode"] = Field("vnp_TmnCode"),
            ["vnp_TxnRef"] = Field("vnp_TxnRef"),
        };

        if (!IsWellFormed(fields)) return Refuse("03", "Invalid_format");
        if (await gateway.Options.Terminals(Field("vnp_TmnCode")) is not { } secret) return Refuse("02", "Invalid_terminal");
        if (!GatewaySignature.Matches(Joined(AskedFields(command), fields), Field("vnp_SecureHash"), secret)) return Refuse("97", "Invalid_checksum");
        if (!seen.TryAdd((Field("vnp_TmnCode"), Field("vnp_RequestId")), gateway.Now)) return Refuse("94", "Duplicate_request");
        ForgetYesterday();
        var payment = gateway.Book.Find((Field("vnp_TmnCode"), Field("vnp_TxnRef")));
        if (payment is null || payment.CreateDate != Field("vnp_TransactionDate")) return Refuse("91", "Transaction_not_found");
        if (command == "querydr") return Describe(payment);
        var (given, code) = GiveBack(payment, fields);
        return given is null ? Refuse(code, "Refund_refused") : Describe(payment, given, "refund", "Refund success");
    }

    /// <summary>The refund that begins now, or the code with which it is refused.</summary>
    private (GivenBack? Given, string Code) GiveBack(Payment payment, Dictionary<string, string> fields)
    {
        var faults = gateway.Faults;
        if (faults.Refund is "busy" or "unsupported") return (null, faults.Refund == "busy" ? "16" : "99");
        if (!payment.IsPaid) return (null, "95");
        var amountVnd = long.Parse(fields["vnp_Amount"], NumberStyles.None, CultureInfo.InvariantCulture) / 100;
        var code = "";
        var given = new GivenBack(
            fields["vnp_RequestId"], gateway.Book.NextTransactionNo(), amountVnd, fields["vnp_TransactionType"], fields["vnp_CreateBy"], fields["vnp_OrderInfo"], gateway.Now, faults.Refund, null, null);
        var changed = gateway.Book.Change(payment.Key, current =>
        {
            var before = current.Refunds.Where(refund => Status(refund) != "09").ToArray();
            code = amountVnd <= current.AmountVnd - before.Sum(refund => refund.AmountVnd) && (given.Type == "03" || amountVnd == current.AmountVnd) ? ""
                // Nothing is left because all of it is on its way back already.
                : given.Type == "02" && before.Any(refund => refund.Type == "02") ? "94" : "93";
            return code.Length > 0 ? null : current with { Refunds = [.. current.Refunds, given] };
        });
        return changed is null ? (null, code) : (given, "00");
    }

    private Dictionary<string, string> Describe(Payment payment)
    {
        if (gateway.Faults.Query == "latest" && payment.Refunds is [.., var last]) return Describe(payment, last, "querydr", "QueryDR Success");
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

    private Dictionary<string, string> Describe(Payment payment, GivenBack refund, string command, string message) => new()
    {
        ["vnp_ResponseId"] = Guid.NewGuid().ToString("N"),
        ["vnp_Command"] = command,
        ["vnp_ResponseCode"] = "00",
        ["vnp_Message"] = message,
        ["vnp_TxnRef"] = payment.TxnRef,
        ["vnp_Amount"] = $"{refund.AmountVnd}00",
        ["vnp_OrderInfo"] = refund.OrderInfo,
        ["vnp_BankCode"] = payment.Outcome!.BankCode,
        ["vnp_PayDate"] = GatewayTime.Digits(refund.At),
        ["vnp_TransactionNo"] = refund.TransactionNo,
        ["vnp_TransactionType"] = refund.Type,
        ["vnp_TransactionStatus"] = Status(refund),
        ["vnp_TmnCode"] = payment.TmnCode,
    };

    private string Status(GivenBack refund) => refund.StatusAt(gateway.Now, gateway.Options.RefundStep);

    private static bool IsWellFormed(Dictionary<string, string> fields)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        return Field("vnp_RequestId") is { Length: >= 1 and <= 32 } id && id.All(char.IsAsciiLetterOrDigit)
            && Field("vnp_Version") == "2.1.0"
            && Field("vnp_Command") is "querydr" or "refund"
            && Field("vnp_TmnCode").Length is >= 1 and <= 8
            && Field("vnp_TxnRef").Length is >= 1 and <= 100
            && Field("vnp_IpAddr").Length is >= 7 and <= 45
            && Field("vnp_OrderInfo").Length is >= 1 and <= 255
            && GatewayTime.Read(Field("vnp_TransactionDate")) is not null
            && GatewayTime.Read(Field("vnp_CreateDate")) is not null
            && (Field("vnp_Command") == "querydr" || IsRefund(fields));
    }

    private static bool IsRefund(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("vnp_TransactionType") is "02" or "03"
        && fields.GetValueOrDefault("vnp_Amount") is { Length: >= 3 and <= 12 } amount && amount.All(char.IsAsciiDigit) && amount.EndsWith("00", StringComparison.Ordinal)
        && fields.GetValueOrDefault("vnp_CreateBy") is { Length: >= 1 and <= 245 };

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
