namespace Vnpay;

/// <summary>
/// Settings of a <see cref="VnpayClient"/>. There is no built-in address: the production ones come with VNPAY's hand-over mail.
/// Sandbox: <c>https://sandbox.vnpayment.vn/paymentv2/vpcpay.html</c> and
/// <c>https://sandbox.vnpayment.vn/merchant_webapi/api/transaction</c>.
/// </summary>
public sealed class VnpayClientOptions
{
    /// <summary>Terminal code, 8 letters and digits. May stay empty when every call brings its own in <see cref="RequestOptions"/>.</summary>
    public string? TmnCode { get; init; }

    /// <summary>The terminal's secret. White space around it is not part of it.</summary>
    public string? HashSecret { get; init; }

    /// <summary>Absolute address of the payment page.</summary>
    public string? PaymentUrl { get; init; }

    /// <summary>Absolute address of the transaction API (querydr, refund).</summary>
    public string? TransactionUrl { get; init; }

    /// <summary>Absolute address of the bank list. Sandbox: <c>https://sandbox.vnpayment.vn/qrpayauth/api/merchant/get_bank_list</c>.</summary>
    public string? BankListUrl { get; init; }

    /// <summary>Where the customer comes back to when a call names no other address.</summary>
    public string? DefaultReturnUrl { get; init; }

    /// <summary>Language of the payment page when a call names no other.</summary>
    public VnpayLocale DefaultLocale { get; init; } = VnpayLocale.Vietnamese;

    /// <summary>How long a payment page stays payable. VNPAY's demos use 15 minutes.</summary>
    public TimeSpan PaymentLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Least amount in whole VND. The page answers less with its error 32.</summary>
    public long MinAmount { get; init; } = 5_000;

    /// <summary>Greatest amount in whole VND. The page answers 1,000,000,000 and more with its error 32.</summary>
    public long MaxAmount { get; init; } = 999_999_999;

    /// <summary>
    /// How often a question is sent again after a lost connection, a time-out or an HTTP 5xx. A refund and a QR code are sent again only
    /// when the request surely never left.
    /// </summary>
    public int MaxNetworkRetries { get; init; } = 2;

    /// <summary>Time for one try, without the pauses between tries.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of vnp_CreateDate, vnp_ExpireDate and of the pauses between tries.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Names the terminal, never the secret.</summary>
    public override string ToString() => $"VnpayClientOptions {{ TmnCode = {TmnCode}, HashSecret = *** }}";
}
