namespace Vnpay;

/// <summary>What VNPAY says about a refund that it took; its signature was verified.</summary>
public sealed record Refund
{
    internal Refund() { }

    /// <summary><c>vnp_ResponseId</c>: VNPAY's name for this answer.</summary>
    public required string ResponseId { get; init; }

    /// <summary><c>vnp_TmnCode</c>.</summary>
    public required string TmnCode { get; init; }

    /// <summary><c>vnp_TxnRef</c> of the payment.</summary>
    public required string TxnRef { get; init; }

    /// <summary>Whole VND to be given back.</summary>
    public required long Amount { get; init; }

    /// <summary><c>vnp_TransactionType</c>: full or partial.</summary>
    public required VnpayTransactionType TransactionType { get; init; }

    /// <summary>
    /// <c>vnp_TransactionStatus</c>, usually <see cref="VnpayTransactionStatus.RefundProcessing"/> (05): the money has not moved yet.
    /// Then 06 at the bank, and at the end 00, or 09 when it was rejected.
    /// </summary>
    public required VnpayTransactionStatus TransactionStatus { get; init; }

    /// <summary><c>vnp_TransactionNo</c>: a number of the refund's own. Keep it: querydr may later describe this one.</summary>
    public string? TransactionNo { get; init; }

    /// <summary><c>vnp_BankCode</c>.</summary>
    public string? BankCode { get; init; }

    /// <summary><c>vnp_PayDate</c>, 14 digits GMT+7.</summary>
    public string? PayDate { get; init; }

    /// <summary>Every field of the answer without the hash.</summary>
    public required IReadOnlyDictionary<string, string> Raw { get; init; }

    /// <summary>How often the request was sent again before this answer came.</summary>
    public required int NetworkRetries { get; init; }
}
