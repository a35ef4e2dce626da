using System.Globalization;
using System.Net;

namespace Vnpay.Simulator;

/// <summary>
/// The checks of the payment page, in VNPAY's manner: whatever is wrong shows as a number on an error page, and the merchant is
/// not called.
/// </summary>
internal static class PayRequest
{
    public const string Malformed = "03";

    /// <summary>The payment to show, or the code of the error page.</summary>
    /// <param name="gateway">Who is asked.</param>
    /// <param name="rawQuery">The signed address.</param>
    /// <param name="command"><c>pay</c>, or <c>genqr</c> for a code on the merchant's own page.</param>
    public static async Task<(Payment? Payment, string Error)> ReadAsync(Gateway gateway, string rawQuery, string command)
    {
        var fields = GatewaySignature.Parse(rawQuery);
        if (fields?.GetValueOrDefault("vnp_TmnCode") is not { Length: > 0 } tmnCode) return (null, Malformed);
        if (await gateway.Options.Terminals(tmnCode) is not { } secret) return (null, "72");

        var signed = GatewaySignature.Query(
            fields.Where(f => f.Key.StartsWith("vnp_", StringComparison.Ordinal)).Select(f => (f.Key, (string?)f.Value)));
        var hash = fields.GetValueOrDefault("vnp_SecureHash");
        if (!GatewaySignature.Matches(signed, hash, secret)) return (null, "70");
        if (Read(fields, command, gateway.Now) is not { } payment) return (null, Malformed);
        if (payment.AmountVnd is < 5_000 or >= 1_000_000_000) return (null, "32");

        // Looked at before the window, so that a second use of a reference is told as such.
        var known = gateway.Book.Find(payment.Key);
        if (known is not null && (known.Outcome is not null || known.OpenedBy != payment.OpenedBy)) return (null, "01");
        if (payment.IsOver(gateway.Now)) return (null, "15");
        var opened = gateway.Book.Open(payment);
        return opened.OpenedBy == payment.OpenedBy ? (opened, "") : (null, "01");
    }

    private static Payment? Read(Dictionary<string, string> fields, string command, DateTimeOffset now)
    {
        string Field(string name) => fields.GetValueOrDefault(name, "");
        var valid = Field("vnp_Version") == "2.1.0"
            && Field("vnp_Command") == command
            && Field("vnp_CurrCode") == "VND"
            && Field("vnp_TmnCode").Length == 8
            && (Field("vnp_Locale") is "vn" or "en")
            && Field("vnp_Amount") is { Length: <= 12 } amount && amount.EndsWith("00", StringComparison.Ordinal) && amount.All(char.IsAsciiDigit)
            && Field("vnp_TxnRef") is { Length: >= 1 and <= 100 } reference && reference.All(char.IsAsciiLetterOrDigit)
            && Field("vnp_OrderInfo") is { Length: >= 1 and <= 255 } info && info.All(char.IsAscii)
            && Field("vnp_OrderType") is { Length: >= 1 and <= 100 }
            && Field("vnp_IpAddr") is { Length: >= 7 and <= 45 } address && IPAddress.TryParse(address, out _)
            && Field("vnp_ReturnUrl") is { Length: >= 10 and <= 255 } returnUrl && IsHttp(returnUrl)
            && (Field("vnp_BankCode").Length is 0 or (>= 3 and <= 20));
        if (!valid || GatewayTime.Read(Field("vnp_CreateDate")) is null || GatewayTime.Read(Field("vnp_ExpireDate")) is not { } expiresAt) return null;
        return new Payment
        {
            TmnCode = Field("vnp_TmnCode"),
            TxnRef = Field("vnp_TxnRef"),
            AmountVnd = long.Parse(Field("vnp_Amount"), NumberStyles.None, CultureInfo.InvariantCulture) / 100,
            OrderInfo = Field("vnp_OrderInfo"),
            CreateDate = Field("vnp_CreateDate"),
            ExpiresAt = expiresAt,
            ReturnUrl = Field("vnp_ReturnUrl"),
            Locale = Field("vnp_Locale"),
            WantedBank = Field("vnp_BankCode"),
            OpenedBy = Field("vnp_SecureHash").ToLowerInvariant(),
            Token = Guid.NewGuid().ToString("N"),
            OpenedAt = now,
        };
    }

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https");
}
