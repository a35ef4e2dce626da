using System.Globalization;
using System.Text;

namespace Vnpay;

/// <summary>
/// Transfer QR codes as banking apps in Vietnam read them: EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode, with
/// the template of NAPAS ("Technical Specifications on NAPAS QR Switching", part IV, v1.5.2). A transfer has no signature and no call
/// back: whoever shows such a code learns of the money from the bank alone.
/// </summary>
public static class VietQr
{
    private const string Napas = "A000000727";
    private const int LongestPurpose = 25;

    /// <summary>The text to draw as a QR code.</summary>
    /// <exception cref="VnpayValidationException">A value that does not fit the format.</exception>
    public static string Build(VietQrOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.BankBin is not { Length: 6 } || !options.BankBin.All(char.IsAsciiDigit)) throw new VnpayValidationException(nameof(options.BankBin), "must be 6 digits.");
        var account = FieldRules.Text(nameof(options.AccountNumber), options.AccountNumber, 1, 19);
        if (options.Amount is < 1 or > 9_999_999_999_999) throw new VnpayValidationException(nameof(options.Amount), "must be 1 to 9999999999999 VND.");
        var purpose = OrderInfoNormalizer.Normalize(options.Purpose);
        if (purpose.Length > LongestPurpose) throw new VnpayValidationException(nameof(options.Purpose), $"must be at most {LongestPurpose} characters.");

        var beneficiary = Item("00", options.BankBin) + Item("01", account);
        var body = Item("00", "01")
            + Item("01", options.Amount is null ? "11" : "12")
            + Item("38", Item("00", Napas) + Item("01", beneficiary) + Item("02", options.IsCard ? "QRIBFTTC" : "QRIBFTTA"))
            + Item("53", "704")
            + (options.Amount is { } amount ? Item("54", amount.ToString(CultureInfo.InvariantCulture)) : "")
            + Item("58", "VN")
            + (purpose.Length > 0 ? Item("62", Item("08", purpose)) : "")
            + "6304";
        return body + Crc(body).ToString("X4", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a transfer code; false for anything else, also for one whose checksum is wrong.</summary>
    public static bool TryParse(string? text, out VietQrTransfer? transfer)
    {
        transfer = null;
        if (text is not { Length: >= 12 } || !text.All(char.IsAscii) || text[^8..^4] != "6304"
            || !ushort.TryParse(text.AsSpan(text.Length - 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var crc) || crc != Crc(text[..^4])
            || Items(text) is not { } items || items.GetValueOrDefault("00") != "01" || items.GetValueOrDefault("53") != "704" || items.GetValueOrDefault("58") != "VN"
            || Items(items.GetValueOrDefault("38")) is not { } account || account.GetValueOrDefault("00") != Napas
            || Items(account.GetValueOrDefault("01")) is not { } beneficiary
            || !beneficiary.TryGetValue("00", out var bin) || !beneficiary.TryGetValue("01", out var number))
        {
            return false;
        }
        long? amount = null;
        if (items.TryGetValue("54", out var digits))
        {
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var vnd)) return false;
            amount = vnd;
        }
        var purpose = items.TryGetValue("62", out var additional) ? Items(additional)?.GetValueOrDefault("08") : null;
        transfer = new VietQrTransfer(bin, number, account.GetValueOrDefault("02") == "QRIBFTTC", amount, purpose, items.GetValueOrDefault("01") == "12");
        return true;
    }

    /// <summary>CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, not reflected (EMVCo, "CRC").</summary>
    private static ushort Crc(string text)
    {
        ushort crc = 0xFFFF;
        foreach (var b in Encoding.ASCII.GetBytes(text))
        {
            crc ^= (ushort)(b << 8);
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
        }
        return crc;
    }

    private static string Item(string id, string value) => id + value.Length.ToString("00", CultureInfo.InvariantCulture) + value;

    /// <summary>Null when lengths do not add up or an id is repeated.</summary>
    private static Dictionary<string, string>? Items(string? text)
    {
        if (text is null) return null;
        var items = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var at = 0; at < text.Length;)
        {
            if (at + 4 > text.Length || !int.TryParse(text.AsSpan(at + 2, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || at + 4 + length > text.Length)
                return null;
            if (!items.TryAdd(text.Substring(at, 2), text.Substring(at + 4, length))) return null;
            at += 4 + length;
        }
        return items;
    }
}
