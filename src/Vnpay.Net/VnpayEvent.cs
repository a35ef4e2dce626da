namespace Vnpay;

/// <summary>
/// A verified notification: the outcome of one payment, as VNPAY sends it to the IPN and to the return address
/// ("Thanh toán PAY", "Danh sách tham số VNPAY gửi về"). Only the IPN may change an order; the return page just shows.
/// </summary>
public sealed record VnpayEvent
{
    internal VnpayEvent() { }

    /// <summary><c>vnp_TmnCode</c>: the terminal that was paid.</summary>
    public required string TmnCode { get; init; }

    /// <summary><c>vnp_TxnRef</c>: the merchant's reference of the attempt. A text, never a number.</summary>
    public required string TxnRef { get; init; }

    /// <summary>Whole VND: <see cref="AmountTimes100"/> / 100, a fraction cut off.</summary>
    public long Amount => AmountTimes100 / 100;

    /// <summary><c>vnp_Amount</c> as sent: VND x 100. Compare this one, so that a fraction of a dong, which cannot be ours, shows as another amount.</summary>
    public required long AmountTimes100 { get; init; }

    /// <summary><c>vnp_ResponseCode</c>: what became of the payment.</summary>
    public required VnpayResponseCode ResponseCode { get; init; }

    /// <summary><c>vnp_TransactionStatus</c>: how the transaction stands at VNPAY.</summary>
    public required VnpayTransactionStatus TransactionStatus { get; init; }

    /// <summary><c>vnp_TransactionNo</c>: VNPAY's number; <c>0</c> when no transaction came about.</summary>
    public required string TransactionNo { get; init; }

    /// <summary><c>vnp_BankCode</c>; <c>VNPAY</c> when cancelled before a bank was chosen.</summary>
    public string? BankCode { get; init; }

    /// <summary><c>vnp_PayDate</c>, 14 digits GMT+7, or null. Not what querydr asks for: that is the payment's vnp_CreateDate.</summary>
    public string? PayDate { get; init; }

    /// <summary><c>vnp_OrderInfo</c> as sent.</summary>
    public string? OrderInfo { get; init; }

    /// <summary>Every signed field, decoded, without the hash.</summary>
    public required IReadOnlyDictionary<string, string> Raw { get; init; }

    /// <summary>True only when both codes are 00. An unknown code is not paid.</summary>
    public bool IsPaid => ResponseCode == VnpayResponseCode.Success && TransactionStatus == VnpayTransactionStatus.Success;
}
