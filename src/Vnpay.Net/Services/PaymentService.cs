using System.Globalization;

namespace Vnpay;

/// <summary>Makes payment addresses ("Thanh toán PAY") and QR codes for the merchant's own page.</summary>
public sealed class PaymentService
{
    private readonly VnpayClientOptions options;
    private readonly VnpayTransport transport;

    internal PaymentService(VnpayClientOptions options, VnpayTransport transport)
    {
        this.options = options;
        this.transport = transport;
    }

    /// <summary>A signed address for one payment. Nothing is sent; the customer's browser does that.</summary>
    /// <exception cref="VnpayValidationException">A value that VNPAY's page would refuse, or a missing setting.</exception>
    public PaymentUrl CreateUrl(PaymentUrlCreateOptions payment, RequestOptions? request = null)
    {
        ArgumentNullException.ThrowIfNull(payment);
        return Sign("pay", payment, Terminal.Of(options, request));
    }

    /// <summary>
    /// A QR code for one payment (<c>vnp_Command=genqr</c>), for a page of the merchant's own; the outcome comes by IPN as always. VNPAY
    /// does not sign the answer, and offers this by contract only.
    /// </summary>
    /// <exception cref="VnpayValidationException">A value that VNPAY would refuse, or a missing setting; nothing was sent.</exception>
    /// <exception cref="VnpayApiException">VNPAY refused, for example because the reference was used before.</exception>
    /// <exception cref="VnpayConnectionException">No usable answer. The reference may be used up: take a new one.</exception>
    public async Task<GeneratedQr> GenerateQrAsync(PaymentUrlCreateOptions payment, RequestOptions? request = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payment);
        var terminal = Terminal.Of(options, request);
        var signed = Sign("genqr", payment, terminal);
        var (bytes, _) = await transport.SendAsync(
            new Exchange("genqr", terminal.TmnCode, payment.TxnRef, Repeatable: false),
            _ => new HttpRequestMessage(HttpMethod.Get, new Uri(signed.Url)), request, cancellationToken).ConfigureAwait(false);
        var answer = VnpayTransport.ReadObject(bytes);
        var code = new VnpayApiCode(answer.GetValueOrDefault("code", ""));
        if (code != VnpayApiCode.Success) throw new VnpayApiException(code, answer.GetValueOrDefault("message", ""), answer);
        return new GeneratedQr
        {
            QrContent = answer.GetValueOrDefault("qrcontent") is { Length: > 0 } content
                ? content
                : throw new VnpayConnectionException("VNPAY's answer has no QR content.", mayHaveReachedVnpay: true, statusCode: 200),
            TxnRef = signed.TxnRef,
            CreateDate = signed.CreateDate,
            ExpiresAt = signed.ExpiresAt,
        };
    }

    private PaymentUrl Sign(string command, PaymentUrlCreateOptions payment, Terminal terminal)
    {
        // Both dates come from one reading of the clock.
        var now = options.TimeProvider.GetUtcNow().ToOffset(VnpayDateTime.Offset);
        var createDate = VnpayDateTime.Format(now);
        var expiresAt = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)) + Lifetime(payment);
        var expireDate = VnpayDateTime.Format(expiresAt);

        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["vnp_Version"] = "2.1.0",
            ["vnp_Command"] = command,
            ["vnp_TmnCode"] = terminal.TmnCode,
            ["vnp_Amount"] = Amount(payment.Amount),
            ["vnp_CurrCode"] = "VND",
            ["vnp_TxnRef"] = FieldRules.Text("vnp_TxnRef", payment.TxnRef, 1, 100),
            ["vnp_OrderInfo"] = FieldRules.OrderInfo(payment.OrderInfo),
            ["vnp_OrderType"] = FieldRules.Text("vnp_OrderType", payment.OrderType.Value, 1, 100),
            ["vnp_Locale"] = FieldRules.Text("vnp_Locale", (payment.Locale ?? options.DefaultLocale).Value, 2, 5),
            ["vnp_ReturnUrl"] = FieldRules.ReturnUrl(payment.ReturnUrl ?? options.DefaultReturnUrl),
            ["vnp_IpAddr"] = FieldRules.IpAddress(payment.IpAddress),
            ["vnp_CreateDate"] = createDate,
            ["vnp_ExpireDate"] = expireDate,
            ["vnp_BankCode"] = payment.BankCode is { Value.Length: > 0 } bank ? FieldRules.Text("vnp_BankCode", bank.Value, 3, 20) : null,
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
