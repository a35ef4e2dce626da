using System.Globalization;

namespace Vnpay;

/// <summary>Makes payment addresses ("Thanh toán PAY").</summary>
public sealed class PaymentService
{
    private readonly VnpayClientOptions options;

    internal PaymentService(VnpayClientOptions options) => this.options = options;

    /// <summary>A signed address for one payment. Nothing is sent; the customer's browser does that.</summary>
    /// <exception cref="VnpayValidationException">A value that VNPAY's page would refuse, or a missing setting.</exception>
    public PaymentUrl CreateUrl(PaymentUrlCreateOptions payment, RequestOptions? request = null)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var terminal = Terminal.Of(options, request);
        // Both dates come from one reading of the clock.
        var now = options.TimeProvider.GetUtcNow().ToOffset(VnpayDateTime.Offset);
        var createDate = VnpayDateTime.Format(now);
        var expiresAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) + Lifetime(payment);
        var expireDate = VnpayDateTime.Format(expiresAt);

        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["vnp_Version"] = "2.1.0",
            ["vnp_Command"] = "pay",
            ["vnp_TmnCode"] = terminal.TmnCode,
            ["vnp_Amount"] = Amount(payment.Amount),
            ["vnp_CurrCode"] = "VND",
            ["vnp_TxnRef"] = FieldRules.Text("vnp_TxnRef", payment.TxnRef, 1, 100),
            ["vnp_OrderInfo"] = FieldRules.OrderInfo(payment.OrderInfo),
            ["vnp_OrderType"] = FieldRules.Text("vnp_OrderType", payment.OrderType, 1, 100),
            ["vnp_Locale"] = FieldRules.Text("vnp_Locale", (payment.Locale ?? options.DefaultLocale).Value, 2, 5),
            ["vnp_ReturnUrl"] = FieldRules.ReturnUrl(payment.ReturnUrl ?? options.DefaultReturnUrl),
            ["vnp_IpAddr"] = FieldRules.IpAddress(payment.IpAddress),
            ["vnp_CreateDate"] = createDate,
            ["vnp_ExpireDate"] = expireDate,
            ["vnp_BankCode"] = string.IsNullOrEmpty(payment.BankCode) ? null : FieldRules.Text("vnp_BankCode", payment.BankCode, 3, 20),
        };
        return new PaymentUrl
        {
            Url = VnpaySignature.SignUrl(FieldRules.HttpUrl(nameof(VnpayClientOptions.PaymentUrl), options.PaymentUrl), parameters, terminal.HashSecret),
            TxnRef = payment.TxnRef,
            CreateDate = createDate,
            ExpireDate = expireDate,
            ExpiresAt = expiresAt,
        };
    }

    private TimeSpan Lifetime(PaymentUrlCreateOptions payment)
    {
        var lifetime = payment.Lifetime ?? options.PaymentLifetime;
        return lifetime >= TimeSpan.FromMinutes(1) && lifetime <= TimeSpan.FromDays(1)
            ? lifetime
            : throw new VnpayValidationException("vnp_ExpireDate", "the payment window must be a minute to a day long.");
    }

    private string Amount(long vnd)
    {
        if (vnd < options.MinAmount || vnd > options.MaxAmount || vnd < 1 || vnd > 9_999_999_999)
            throw new VnpayValidationException("vnp_Amount", $"must be {options.MinAmount} to {options.MaxAmount} VND.");
        return (vnd * 100).ToString(CultureInfo.InvariantCulture);
    }
}
