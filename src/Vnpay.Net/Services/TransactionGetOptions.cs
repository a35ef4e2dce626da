namespace Vnpay;

/// <summary>Which payment is asked about ("Truy vấn &amp; hoàn tiền", querydr request).</summary>
public sealed class TransactionGetOptions
{
    /// <summary><c>vnp_TxnRef</c> of the payment.</summary>
    public required string TxnRef { get; init; }

    /// <summary>
    /// <c>vnp_TransactionDate</c>: the payment's <see cref="PaymentUrl.CreateDate"/>, the same 14 digits. Not its PayDate.
    /// </summary>
    public required string TransactionDate { get; init; }

    /// <summary>Address of the server that asks, IPv4 or IPv6.</summary>
    public string IpAddress { get; init; } = "127.0.0.1";

    /// <summary>Reason; <see cref="OrderInfoNormalizer"/> makes it fit. Default: a sentence with the reference.</summary>
    public string? OrderInfo { get; init; }

    /// <summary>VNPAY's number, if known; sent but not signed.</summary>
    public string? TransactionNo { get; init; }
}
