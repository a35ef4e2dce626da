using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Vnpay;

/// <summary>Turns the query string of an IPN or a return into a verified <see cref="VnpayEvent"/>, or refuses it.</summary>
public static class VnpayEventUtility
{
    /// <summary>
    /// Verifies and parses in one step. Give the query exactly as received (<c>Request.QueryString.Value</c>), with or without
    /// the question mark: a framework's parsed collection has already joined repeated keys.
    /// </summary>
    /// <exception cref="VnpaySignatureException">Wrong or missing hash, repeated vnp_ key, or a field that is missing or malformed.</exception>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static VnpayEvent ConstructEvent(string? rawQuery, string secret)
    {
        var reason = Read(rawQuery, secret, out var vnpayEvent);
        VnpayDiagnostics.Heard(vnpayEvent is not null);
        return vnpayEvent ?? throw new VnpaySignatureException(reason);
    }

    /// <summary>As <see cref="ConstructEvent"/>, false instead of the exception.</summary>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static bool TryConstructEvent(string? rawQuery, string secret, [NotNullWhen(true)] out VnpayEvent? vnpayEvent)
    {
        Read(rawQuery, secret, out vnpayEvent);
        VnpayDiagnostics.Heard(vnpayEvent is not null);
        return vnpayEvent is not null;
    }

    /// <summary>
    /// What the query <em>claims</em> as terminal, not verified by anything: good for choosing the secret to verify with, and
    /// for nothing else. Null when absent, repeated or unreadable.
    /// </summary>
    public static string? PeekUnverifiedTmnCode(string? rawQuery) => CallbackQuery.Parse(rawQuery)?.Find("vnp_TmnCode");

    /// <summary>What the query <em>claims</em> as reference, not verified by anything: good for a log line. Null when absent, repeated or unreadable.</summary>
    public static string? PeekUnverifiedTxnRef(string? rawQuery) => CallbackQuery.Parse(rawQuery)?.Find("vnp_TxnRef");

    /// <summary>
    /// The query without its vnp_SecureHash, for keeping it: a stored hash would let whoever reads the table replay the
    /// notification. Takes anything, also what does not parse.
    /// </summary>
    public static string RedactSignature(string? rawQuery) =>
        string.Join('&', CallbackQuery.Pairs(rawQuery).Where(pair => !IsHash(pair)));

    private static string Read(string? rawQuery, string secret, out VnpayEvent? vnpayEvent)
    {
        vnpayEvent = null;
        var query = CallbackQuery.Parse(rawQuery);
        // The secret is checked even for garbage, so that a missing setting shows at the first call.
        var canonical = query?.CanonicalAsReceived ?? "";
        var valid = VnpaySignature.Verify(canonical, query?.SecureHash, secret);
        if (query is null) return "The query is malformed or repeats a vnp_ key.";
        if (!valid && !VnpaySignature.Verify(query.CanonicalReencoded, query.SecureHash, secret)) return "The signature is wrong or missing.";

        var values = query.Values;
        if (!TryHundredths(values, out var hundredths)
            || !values.TryGetValue("vnp_TmnCode", out var tmnCode)
            || !values.TryGetValue("vnp_TxnRef", out var txnRef)
            || !values.TryGetValue("vnp_ResponseCode", out var responseCode)
            || !values.TryGetValue("vnp_TransactionStatus", out var status)
            || !values.TryGetValue("vnp_TransactionNo", out var transactionNo))
        {
            return "A required field is missing or malformed.";
        }
        vnpayEvent = new VnpayEvent
        {
            TmnCode = tmnCode,
            TxnRef = txnRef,
            AmountTimes100 = hundredths,
            ResponseCode = new VnpayResponseCode(responseCode),
            TransactionStatus = new VnpayTransactionStatus(status),
            TransactionNo = transactionNo,
            BankCode = values.GetValueOrDefault("vnp_BankCode"),
            PayDate = values.GetValueOrDefault("vnp_PayDate"),
            OrderInfo = values.GetValueOrDefault("vnp_OrderInfo"),
            Raw = values,
        };
        return "";
    }

    /// <summary>Whole VND out of the field "x 100"; a fraction of a dong cannot be ours.</summary>
    internal static bool TryAmount(IReadOnlyDictionary<string, string> values, out long amount)
    {
        var whole = TryHundredths(values, out var hundredths) && hundredths % 100 == 0;
        amount = whole ? hundredths / 100 : 0;
        return whole;
    }

    private static bool TryHundredths(IReadOnlyDictionary<string, string> values, out long hundredths)
    {
        hundredths = 0;
        return values.TryGetValue("vnp_Amount", out var digits) && digits.Length <= 15 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out hundredths);
    }

    private static bool IsHash(string pair)
    {
        var name = pair.Split('=', 2)[0];
        return !CallbackQuery.TryDecode(name, out var decoded) || decoded.Equals(VnpaySignature.HashName, StringComparison.OrdinalIgnoreCase);
    }
}
