namespace Vnpay;

/// <summary>What VNPAY says about a transaction; its signature was verified ("Truy vấn &amp; hoàn tiền", querydr response).</summary>
public sealed record Transaction
{
    internal Transaction() { }

    /// <summary><c>vnp_ResponseId</c>: VNPAY's name for this answer.</summary>
    public required string ResponseId { get; init; }

    /// <summary><c>vnp_TmnCode</c>: the terminal that was asked about.</summary>
    public required string TmnCode { get; init; }

    /// <summary><c>vnp_TxnRef</c> as asked.</summary>
    public required string TxnRef { get; init; }

    /// <summary>Whole VND; null when VNPAY gave no amount. Compare it with the order's.</summary>
    public long? Amount { get; init; }

    /// <summary><c>vnp_TransactionStatus</c>; empty when VNPAY gave none.</summary>
    public required VnpayTransactionStatus TransactionStatus { get; init; }

    /// <summary><c>vnp_TransactionType</c>. After a refund the answer may describe that instead of the payment: keep type, amount and number of each.</summary>
    public required VnpayTransactionType TransactionType { get; init; }

    /// <summary><c>vnp_TransactionNo</c>: VNPAY's number; <c>0</c> or null when no transaction came about.</summary>
    public string? TransactionNo { get; init; }

    /// <summary><c>vnp_BankCode</c>.</summary>
    public string? BankCode { get; init; }

    /// <summary><c>vnp_PayDate</c>, 14 digits GMT+7.</summary>
    public string? PayDate { get; init; }

    /// <summary><c>vnp_OrderInfo</c>.</summary>
    public string? OrderInfo { get; init; }

    /// <summary>Every field of the answer, unsigned ones too (card number masked, fees), without the hash.</summary>
    public required IReadOnlyDictionary<string, string> Raw { get; init; }

    /// <summary>How often the question was sent again before this answer came.</summary>
    public required int NetworkRetries { get; init; }

    /// <summary>True only for a payment (type 01) with status 00.</summary>
    public bool IsPaid => TransactionType == VnpayTransactionType.Payment && TransactionStatus == VnpayTransactionStatus.Success;
}
