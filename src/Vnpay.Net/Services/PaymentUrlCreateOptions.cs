namespace Vnpay;

/// <summary>What one payment needs ("Thanh toán PAY", "Danh sách tham số").</summary>
public sealed class PaymentUrlCreateOptions
{
    /// <summary>Whole VND. The factor 100 of <c>vnp_Amount</c> is added here.</summary>
    public required long Amount { get; init; }

    /// <summary>
    /// <c>vnp_TxnRef</c>, 1 to 100 letters and digits: the merchant's reference, unique within the day at the terminal. Take a new
    /// one for each attempt and never use it again.
    /// </summary>
    public required string TxnRef { get; init; }

    /// <summary>What is paid for; <see cref="OrderInfoNormalizer"/> makes it fit.</summary>
    public required string OrderInfo { get; init; }

    /// <summary>The customer's address, IPv4 or IPv6 (<c>HttpContext.Connection.RemoteIpAddress</c>).</summary>
    public required string IpAddress { get; init; }

    /// <summary>Category of goods ("Danh mục hàng hóa").</summary>
    public OrderType OrderType { get; init; } = OrderType.Other;

    /// <summary>Where the customer comes back to, 10 to 255 ASCII characters, may have a query of its own. Default: the client's.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>A way to pay or a bank; null lets the customer choose.</summary>
    public BankCode? BankCode { get; init; }

    /// <summary>Language of the payment page. Default: the client's.</summary>
    public VnpayLocale? Locale { get; init; }

    /// <summary>How long the page stays payable. Default: the client's.</summary>
    public TimeSpan? Lifetime { get; init; }
}
