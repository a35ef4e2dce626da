namespace Vnpay;

/// <summary>
/// <c>vnp_ResponseCode</c> of the transaction API: whether the <em>request</em> was carried out, not whether anybody paid
/// ("Truy vấn &amp; hoàn tiền", tables of return codes). An open set, like <see cref="VnpayResponseCode"/>.
/// </summary>
/// <param name="Value">Two digits as received.</param>
public readonly record struct VnpayApiCode(string Value)
{
    /// <summary>Carried out; look at the transaction's status.</summary>
    public static readonly VnpayApiCode Success = new("00");

    /// <summary>No such transaction: the customer never opened the payment page, or reference and date do not belong together.</summary>
    public static readonly VnpayApiCode TransactionNotFound = new("91");

    /// <summary>A refund of more than what is left of the payment.</summary>
    public static readonly VnpayApiCode InvalidRefundAmount = new("93");

    /// <summary>The payment was not successful: there is nothing to give back.</summary>
    public static readonly VnpayApiCode PaymentNotSuccessful = new("95");

    /// <summary>The same request was sent before; of a refund: it is being worked on.</summary>
    public static readonly VnpayApiCode DuplicateRequest = new("94");

    /// <summary>VNPAY computed another checksum: wrong secret, or an algorithm set otherwise in the portal.</summary>
    public static readonly VnpayApiCode InvalidChecksum = new("97");

    /// <summary>Whether VNPAY's tables or field reports list the code.</summary>
    public bool IsKnown => Find(Value) is not null;

    /// <summary>Meaning in Vietnamese; for an unknown code a text with the code in it.</summary>
    public string TextVi => Find(Value)?.Vi ?? $"Mã không xác định ({Value})";

    /// <summary>Meaning in English; for an unknown code a text with the code in it.</summary>
    public string TextEn => Find(Value)?.En ?? $"Unknown code ({Value})";

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? code) => code switch
    {
        "00" => ("Yêu cầu thành công", "Request carried out"),
        "02" => ("Mã website không hợp lệ", "Terminal code invalid"),
        "03" => ("Dữ liệu không đúng định dạng", "Wrong data format"),
        "08" => ("Hệ thống đang bảo trì", "System under maintenance"),
        "16" => ("Không thể hoàn tiền lúc này", "Refund not possible at this time"),
        "91" => ("Không tìm thấy giao dịch", "Transaction not found"),
        "93" => ("Số tiền hoàn không hợp lệ", "Refund amount invalid"),
        "94" => ("Yêu cầu bị trùng", "Duplicate request"),
        "95" => ("Giao dịch không thành công, không hoàn tiền", "The payment was not successful, refund refused"),
        "97" => ("Chữ ký không hợp lệ", "Checksum wrong"),
        "99" => ("Lỗi khác", "Other error"),
        _ => null,
    };
}
