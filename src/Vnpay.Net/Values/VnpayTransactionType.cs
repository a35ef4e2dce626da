namespace Vnpay;

/// <summary><c>vnp_TransactionType</c> ("Truy vấn &amp; hoàn tiền"). An open set, like <see cref="VnpayResponseCode"/>.</summary>
/// <param name="Value">Two digits as received.</param>
public readonly record struct VnpayTransactionType(string Value)
{
    /// <summary>Money from a customer.</summary>
    public static readonly VnpayTransactionType Payment = new("01");

    /// <summary>All of a payment given back.</summary>
    public static readonly VnpayTransactionType FullRefund = new("02");

    /// <summary>A part of a payment given back.</summary>
    public static readonly VnpayTransactionType PartialRefund = new("03");

    /// <summary>Whether it is a refund, full or partial.</summary>
    public bool IsRefund => this == FullRefund || this == PartialRefund;

    /// <summary>Whether VNPAY's documentation lists the type.</summary>
    public bool IsKnown => Find(Value) is not null;

    /// <summary>Meaning in Vietnamese; for an unknown type a text with the type in it.</summary>
    public string TextVi => Find(Value)?.Vi ?? $"Loại không xác định ({Value})";

    /// <summary>Meaning in English; for an unknown type a text with the type in it.</summary>
    public string TextEn => Find(Value)?.En ?? $"Unknown type ({Value})";

    /// <summary>The code itself.</summary>
    public override string ToString() => Value ?? "";

    private static (string Vi, string En)? Find(string? type) => type switch
    {
        "01" => ("Thanh toán", "Payment"),
        "02" => ("Hoàn tiền toàn phần", "Full refund"),
        "03" => ("Hoàn tiền một phần", "Partial refund"),
        _ => null,
    };
}
