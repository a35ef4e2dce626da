using System.Text.Json.Serialization;

namespace Vnpay.Simulator;

/// <summary>One payment as the gateway knows it, from the opening of its address to the last call of the merchant.</summary>
internal sealed record Payment
{
    public required string TmnCode { get; init; }

    public required string TxnRef { get; init; }

    public required long AmountVnd { get; init; }

    public required string OrderInfo { get; init; }

    public required string CreateDate { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required string ReturnUrl { get; init; }

    public required string Locale { get; init; }

    /// <summary>Hash of the address it was opened by: the same address may be opened again, another one with this reference may not.</summary>
    public required string OpenedBy { get; init; }

    public required string Token { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public string? WantedBank { get; init; }

    public string? Card { get; init; }

    public int WrongOtps { get; init; }

    public Outcome? Outcome { get; init; }

    /// <summary>What was set when it ended: it goes for all its notifications, also after a restart.</summary>
    public Faults? Faults { get; init; }

    public IReadOnlyList<IpnCall> Ipn { get; init; } = [];

    public IReadOnlyList<GivenBack> Refunds { get; init; } = [];

    [JsonIgnore]
    public (string TmnCode, string TxnRef) Key => (TmnCode, TxnRef);

    [JsonIgnore]
    public bool IsPaid => Outcome is { ResponseCode: "00", TransactionStatus: "00" };

    public bool IsOver(DateTimeOffset now) => now >= ExpiresAt;

    public string Status(DateTimeOffset now) => Outcome switch
    {
        null => IsOver(now) ? "expired" : "open",
        { ResponseCode: "00", TransactionStatus: "00" } => "paid",
        { TransactionStatus: "01" } => "pending",
        { TransactionStatus: "04" } => "reversed",
        { TransactionStatus: "07" } => "suspected",
        _ => "failed",
    };

    /// <summary>What both the notification and the customer's way back carry.</summary>
    public IEnumerable<(string Name, string? Value)> ResultFields() =>
    [
        ("vnp_Amount", $"{AmountVnd}00"),
        ("vnp_BankCode", Outcome!.BankCode),
        ("vnp_BankTranNo", Outcome.BankTranNo),
        ("vnp_CardType", Outcome.CardType),
        ("vnp_OrderInfo", OrderInfo),
        ("vnp_PayDate", Outcome.PayDate),
        ("vnp_ResponseCode", Outcome.ResponseCode),
        ("vnp_TmnCode", TmnCode),
        ("vnp_TransactionNo", Outcome.TransactionNo),
        ("vnp_TransactionStatus", Outcome.TransactionStatus),
        ("vnp_TxnRef", TxnRef),
    ];
}

internal sealed record Outcome(
    string ResponseCode, string TransactionStatus, string TransactionNo, string BankCode, string CardType, string? BankTranNo, string PayDate);

/// <summary>
/// Money on its way back to the customer (type 02 all of it, 03 a part): 05 at VNPAY, 06 at the bank, at the end 00, or 09 when it was
/// rejected. A status commanded by hand stays.
/// </summary>
internal sealed record GivenBack(string RequestId, string TransactionNo, long AmountVnd, string Type, string By, string OrderInfo, DateTimeOffset At, string Fault, string? Commanded, DateTimeOffset? CommandedAt)
{
    public string StatusAt(DateTimeOffset now, TimeSpan step) =>
        Commanded ?? (Fault == "stuck" || now < At + step ? "05" : now < At + (2 * step) ? "06" : Fault == "rejected" ? "09" : "00");

    /// <summary>When it got its last status.</summary>
    public DateTimeOffset EndedAt(TimeSpan step) => CommandedAt ?? At + (2 * step);
}

/// <summary>One call of the merchant's notification address. Two entries with the same number went out together.</summary>
internal sealed record IpnCall(int Call, DateTimeOffset At, int? HttpStatus, string? RspCode, string? Message, string? Error)
{
    [JsonIgnore]
    public bool Ends => RspCode is "00" or "02";
}
