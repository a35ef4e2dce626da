namespace Vnpay.Simulator;

/// <summary>A way to pay on the page, with what comes of it. The numbers are those of VNPAY's public sandbox.</summary>
internal sealed record TestCard(string Number, string Bank, string CardType, string ResponseCode, string? Otp, string Vi, string En);

internal static class TestCards
{
    public const string QrNumber = "QR";

    private static readonly string[] Domestic = ["NCB", "NAPAS", "EXIMBANK"];

    public static readonly IReadOnlyList<TestCard> All =
    [
        new("9704198526191432198", "NCB", "ATM", "00", "123456", "NCB, thành công (OTP 123456)", "NCB, success (OTP 123456)"),
        new("9704195798459170488", "NCB", "ATM", "51", null, "NCB, không đủ số dư", "NCB, insufficient funds"),
        new("9704192181368742", "NCB", "ATM", "09", null, "NCB, thẻ chưa kích hoạt", "NCB, card not activated"),
        new("9704193370791314", "NCB", "ATM", "12", null, "NCB, thẻ bị khóa", "NCB, card locked"),
        new("9704194841945513", "NCB", "ATM", "11", null, "NCB, thẻ hết hạn", "NCB, card expired"),
        new("9704000000000018", "NAPAS", "ATM", "00", "otp", "NAPAS, thành công (OTP: otp)", "NAPAS, success (OTP: otp)"),
        new("9704020000000016", "NAPAS", "ATM", "00", "otp", "NAPAS, thành công (OTP: otp)", "NAPAS, success (OTP: otp)"),
        // VNPAY's list does not say what comes of it.
        new("9704310005819191", "EXIMBANK", "ATM", "00", "123456", "EXIMBANK, thành công (OTP 123456; kết quả thật không công bố)", "EXIMBANK, success (OTP 123456; the real outcome is not published)"),
        new("4456530000001005", "VISA", "VISA", "00", null, "Visa, thành công, không 3-D Secure", "Visa, success, no 3-D Secure"),
        new("4456530000001096", "VISA", "VISA", "00", "123456", "Visa 3-D Secure, thành công (OTP 123456)", "Visa 3-D Secure, success (OTP 123456)"),
        new("5200000000001005", "MASTERCARD", "MASTERCARD", "00", null, "Mastercard, thành công, không 3-D Secure", "Mastercard, success, no 3-D Secure"),
        new("5200000000001096", "MASTERCARD", "MASTERCARD", "00", "123456", "Mastercard 3-D Secure, thành công (OTP 123456)", "Mastercard 3-D Secure, success (OTP 123456)"),
        new("3337000000000008", "JCB", "JCB", "00", null, "JCB, thành công, không 3-D Secure", "JCB, success, no 3-D Secure"),
        new("3337000000200004", "JCB", "JCB", "00", "123456", "JCB 3-D Secure, thành công (OTP 123456)", "JCB 3-D Secure, success (OTP 123456)"),
        new(QrNumber, "VNPAYQR", "QRCODE", "00", null, "Quét mã QR bằng ứng dụng ngân hàng", "QR code, scanned with a banking app"),
    ];

    public static TestCard? Find(string? number) => All.FirstOrDefault(card => card.Number == number);

    /// <summary>What the page offers for vnp_BankCode; everything when the merchant left the choice to the customer.</summary>
    public static IEnumerable<TestCard> For(string? bank) => bank switch
    {
        null or "" => All,
        "VNPAYQR" => All.Where(card => card.Number == QrNumber),
        "VNBANK" => All.Where(card => Domestic.Contains(card.Bank)),
        "INTCARD" => All.Where(card => card.CardType is "VISA" or "MASTERCARD" or "JCB"),
        _ when All.Any(card => card.Bank == bank) => All.Where(card => card.Bank == bank),
        _ => All.Where(card => Domestic.Contains(card.Bank)),
    };
}
