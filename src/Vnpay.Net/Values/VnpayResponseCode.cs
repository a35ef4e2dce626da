namespace Vnpay;

/// <summary>
/// <c>vnp_ResponseCode</c> of an IPN or a return ("Thanh toán PAY", table "Bảng mã lỗi").
/// An open set: a code that is not listed stays readable in <see cref="Value"/> and never means paid.
/// </summary>
/// <param name="Value">Two digits as received.</param>
public readonly record struct VnpayResponseCode(string Value)
{
    /// <summary>Payment went through.</summary>
    public static readonly VnpayResponseCode Success = new("00");

    /// <summary>Debited, but suspected of fraud: decide in VNPAY's portal.</summary>
    public static readonly VnpayResponseCode SuspectedFraud = new("07");

    /// <summary>The customer did not pay in time.</summary>
    public static readonly VnpayResponseCode Expired = new("11");

    /// <summary>The customer pressed cancel.</summary>
    public static readonly VnpayResponseCode CancelledByCustomer = new("24");

    /// <summary>Not enough money on the account.</summary>
    public static readonly VnpayResponseCode InsufficientFunds = new("51");

    /// <summary>Whether VNPAY's tables, those of today or older ones, list the code.</summary>
    public bool IsKnown => Find(Value) is not null;

    /// <summary>Meaning in Vietnamese; for an unknown code a text with the code in it.</summary>
    public string TextVi => Find(Value)?.Vi ?? $"Mã không xác định ({Value})";

    /// <summary>Meaning in English; for an unknown code a text with the code in it.</summary>
    public string TextEn => Find(Value)?.En ?? $"Unknown code ({Value})";

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? code) => code switch
    {
        "00" => ("Giao dịch thành công", "Success"),
        // 05, 06 and 08 stand in older tables only.
        "05" => ("Tài khoản không đủ số dư hoặc sai mật khẩu", "Insufficient funds or wrong password"),
        "06" => ("Nhập sai mật khẩu xác thực (OTP)", "Wrong one-time password"),
        "07" => ("Trừ tiền thành công, giao dịch bị nghi ngờ", "Debited, suspected fraud"),
        "08" => ("Ngân hàng đang bảo trì", "Bank under maintenance"),
        "09" => ("Thẻ/tài khoản chưa đăng ký InternetBanking", "Card or account not enrolled for Internet banking"),
        "10" => ("Xác thực thông tin thẻ/tài khoản sai quá 3 lần", "Wrong card or account details more than 3 times"),
        "11" => ("Đã hết hạn chờ thanh toán", "Payment window expired"),
        "12" => ("Thẻ/tài khoản bị khóa", "Card or account locked"),
        "13" => ("Nhập sai mật khẩu xác thực (OTP)", "Wrong one-time password"),
        "24" => ("Khách hàng hủy giao dịch", "Cancelled by the customer"),
        "51" => ("Tài khoản không đủ số dư", "Insufficient funds"),
        "65" => ("Vượt hạn mức giao dịch trong ngày", "Daily limit exceeded"),
        "75" => ("Ngân hàng thanh toán đang bảo trì", "Bank under maintenance"),
        "79" => ("Nhập sai mật khẩu thanh toán quá số lần", "Too many wrong payment passwords"),
        "99" => ("Lỗi khác", "Other error"),
        _ => null,
    };
}
