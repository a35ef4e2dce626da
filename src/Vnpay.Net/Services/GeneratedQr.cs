namespace Vnpay;

/// <summary>A QR code of VNPAY to be shown on the merchant's own page. Store <see cref="TxnRef"/> and <see cref="CreateDate"/> before showing it.</summary>
public sealed record GeneratedQr
{
    internal GeneratedQr() { }

    /// <summary>What the QR code has to say; draw it with any QR encoder.</summary>
    public required string QrContent { get; init; }

    /// <summary><c>vnp_TxnRef</c> as signed.</summary>
    public required string TxnRef { get; init; }

    /// <summary><c>vnp_CreateDate</c>, 14 digits GMT+7: querydr and refund want this very text.</summary>
    public required string CreateDate { get; init; }

    /// <summary>Until when it can be paid, offset +07:00.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
