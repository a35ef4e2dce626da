namespace Vnpay;

/// <summary><c>vnp_Locale</c>: language of the payment page ("Thanh toán PAY", vnp_Locale).</summary>
/// <param name="Value">Two to five letters.</param>
public readonly record struct VnpayLocale(string Value)
{
    /// <summary>Vietnamese, <c>vn</c> (not the language code vi).</summary>
    public static readonly VnpayLocale Vietnamese = new("vn");

    /// <summary>English, <c>en</c>.</summary>
    public static readonly VnpayLocale English = new("en");

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";
}
