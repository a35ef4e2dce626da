namespace Vnpay;

/// <summary><c>vnp_Locale</c>: language of the payment page ("Thanh toán PAY", vnp_Locale).</summary>
/// <param name="Value">Two to five letters.</param>
public readonly record struct VnpayLocale(string Value)
{
    /// <summary>Vietnamese, <c>vn</c> (not the language code vi).</summary>
    public static readonly VnpayLocale Vietnamese = new("vn");

    /// <summary>English, <c>en</c>.</summary>
    public static readonly VnpayLocale English = new("en");

    /// <summary>Whether VNPAY's documentation lists the language.</summary>
    public bool IsKnown => Find(Value) is not null;

    /// <summary>Name in Vietnamese; for an unknown language a text with its code in it.</summary>
    public string TextVi => Find(Value)?.Vi ?? $"Ngôn ngữ không xác định ({Value})";

    /// <summary>Name in English; for an unknown language a text with its code in it.</summary>
    public string TextEn => Find(Value)?.En ?? $"Unknown language ({Value})";

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? code) => code switch
    {
        "vn" => ("Tiếng Việt", "Vietnamese"),
        "en" => ("Tiếng Anh", "English"),
        _ => null,
    };
}
