namespace Vnpay;

/// <summary>What a transfer QR code says.</summary>
public sealed class VietQrOptions
{
    /// <summary>The bank's number at NAPAS (BIN), 6 digits.</summary>
    public required string BankBin { get; init; }

    /// <summary>Account or card number, 1 to 19 letters and digits.</summary>
    public required string AccountNumber { get; init; }

    /// <summary>Whether <see cref="AccountNumber"/> is a card's.</summary>
    public bool IsCard { get; init; }

    /// <summary>Whole VND, 1 to 9,999,999,999,999; null makes a code of many uses, in which the payer types the amount.</summary>
    public long? Amount { get; init; }

    /// <summary>Purpose of the transfer, at most 25 characters once <see cref="OrderInfoNormalizer"/> made it fit.</summary>
    public string? Purpose { get; init; }
}

/// <summary>What a transfer QR code was found to say.</summary>
/// <param name="BankBin">The bank's number at NAPAS.</param>
/// <param name="AccountNumber">Account or card number.</param>
/// <param name="IsCard">Whether it is a card's.</param>
/// <param name="Amount">Whole VND; null when the payer types it.</param>
/// <param name="Purpose">Purpose of the transfer.</param>
/// <param name="IsOneUse">Point of initiation: 12, made for one payment; otherwise 11.</param>
public sealed record VietQrTransfer(string BankBin, string AccountNumber, bool IsCard, long? Amount, string? Purpose, bool IsOneUse);
