namespace Vnpay;

/// <summary><c>vnp_BankCode</c>: a way to pay, or one bank. An open set: <see cref="BankService.ListAsync"/> gives the banks of a terminal.</summary>
/// <param name="Value">3 to 20 letters and digits.</param>
public readonly record struct BankCode(string Value)
{
    /// <summary>QR code, scanned with a banking app.</summary>
    public static readonly BankCode Qr = new("VNPAYQR");

    /// <summary>Domestic card or account.</summary>
    public static readonly BankCode DomesticBank = new("VNBANK");

    /// <summary>International card.</summary>
    public static readonly BankCode InternationalCard = new("INTCARD");

    /// <summary>Meaning in Vietnamese; a bank's code as it is.</summary>
    public string TextVi => Find(Value)?.Vi ?? ToString();

    /// <summary>Meaning in English; a bank's code as it is.</summary>
    public string TextEn => Find(Value)?.En ?? ToString();

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? code) => code switch
    {
        "VNPAYQR" => ("Mã QR", "QR code"),
        "VNBANK" => ("Thẻ hoặc tài khoản trong nước", "Domestic card or account"),
        "INTCARD" => ("Thẻ quốc tế", "International card"),
        "VNPAY" => ("Chưa chọn ngân hàng", "No bank chosen"),
        _ => null,
    };
}
