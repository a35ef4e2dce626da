namespace Vnpay;

/// <summary>
/// <c>vnp_TransactionStatus</c>: how the transaction stands at VNPAY ("Thanh toán PAY", table "Bảng mã trạng thái giao dịch").
/// An open set, like <see cref="VnpayResponseCode"/>.
/// </summary>
/// <param name="Value">Two digits as received.</param>
public readonly record struct VnpayTransactionStatus(string Value)
{
    /// <summary>Money was taken and VNPAY holds it for the merchant.</summary>
    public static readonly VnpayTransactionStatus Success = new("00");

    /// <summary>Opened, not finished.</summary>
    public static readonly VnpayTransactionStatus Pending = new("01");

    /// <summary>Failed.</summary>
    public static readonly VnpayTransactionStatus Failed = new("02");

    /// <summary>Debited at the bank, not successful at VNPAY: a person has to look.</summary>
    public static readonly VnpayTransactionStatus Reversed = new("04");

    /// <summary>VNPAY is processing a refund.</summary>
    public static readonly VnpayTransactionStatus RefundProcessing = new("05");

    /// <summary>The refund was sent to the bank.</summary>
    public static readonly VnpayTransactionStatus RefundSentToBank = new("06");

    /// <summary>Suspected of fraud: decide in VNPAY's portal.</summary>
    public static readonly VnpayTransactionStatus SuspectedFraud = new("07");

    /// <summary>The refund was refused.</summary>
    public static readonly VnpayTransactionStatus RefundRejected = new("09");

    /// <summary>Whether VNPAY's table or field reports list the status.</summary>
    public bool IsKnown => Find(Value) is not null;

    /// <summary>Meaning in Vietnamese; for an unknown status a text with the code in it.</summary>
    public string TextVi => Find(Value)?.Vi ?? $"Trạng thái không xác định ({Value})";

    /// <summary>Meaning in English; for an unknown status a text with the code in it.</summary>
    public string TextEn => Find(Value)?.En ?? $"Unknown status ({Value})";

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? status) => status switch
    {
        "00" => ("Giao dịch thành công", "Success"),
        "01" => ("Giao dịch chưa hoàn tất", "Pending"),
        "02" => ("Giao dịch bị lỗi", "Failed"),
        "04" => ("Giao dịch đảo: khách đã bị trừ tiền nhưng chưa thành công ở VNPAY", "Reversed: debited at the bank, not successful at VNPAY"),
        "05" => ("VNPAY đang xử lý hoàn tiền", "Refund being processed by VNPAY"),
        "06" => ("Đã gửi yêu cầu hoàn tiền sang ngân hàng", "Refund sent to the bank"),
        "07" => ("Giao dịch bị nghi ngờ gian lận", "Suspected fraud"),
        // 08, 10, 11 and 20 are known from the field only.
        "08" => ("Giao dịch quá thời hạn thanh toán", "Expired"),
        "09" => ("Hoàn trả bị từ chối", "Refund rejected"),
        "10" => ("Đã giao hàng", "Delivered"),
        "11" => ("Giao dịch bị hủy", "Cancelled"),
        "20" => ("Đã thanh quyết toán cho đơn vị bán hàng", "Settled to the merchant"),
        _ => null,
    };
}
