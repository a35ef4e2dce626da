namespace Vnpay;

/// <summary>What one refund needs ("Truy vấn &amp; hoàn tiền", refund request).</summary>
public sealed class RefundCreateOptions
{
    /// <summary><c>vnp_TxnRef</c> of the payment.</summary>
    public required string TxnRef { get; init; }

    /// <summary><c>vnp_TransactionDate</c>: the payment's <see cref="PaymentUrl.CreateDate"/>, the same 14 digits. Not its PayDate.</summary>
    public required string TransactionDate { get; init; }

    /// <summary>Whole VND to give back, at most what was paid. The factor 100 is added here.</summary>
    public required long Amount { get; init; }

    /// <summary><see cref="VnpayTransactionType.FullRefund"/> or <see cref="VnpayTransactionType.PartialRefund"/>.</summary>
    public required VnpayTransactionType TransactionType { get; init; }

    /// <summary><c>vnp_CreateBy</c>, 1 to 245 letters and digits: who asked for it. VNPAY keeps it; take a staff code, not a name.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>VNPAY's number of the payment, if known.</summary>
    public string? TransactionNo { get; init; }

    /// <summary>Reason; <see cref="OrderInfoNormalizer"/> makes it fit. Default: a sentence with the reference.</summary>
    public string? OrderInfo { get; init; }

    /// <summary>Address of the server that asks, IPv4 or IPv6.</summary>
    public string IpAddress { get; init; } = "127.0.0.1";
}
