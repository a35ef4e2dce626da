namespace SonLaMarket.Payments;

/// <summary>How a payment is made.</summary>
public static class PaymentMethod
{
    public const string Vnpay = "vnpay";

    /// <summary>Cash when the goods arrive.</summary>
    public const string Cod = "cod";

    /// <summary>A bank transfer by VietQR.</summary>
    public const string Transfer = "transfer";

    /// <summary>Words of a method, for screens.</summary>
    public static string Label(string method) => method switch
    {
        Vnpay => "VNPAY",
        Cod => "Tiền mặt",
        Transfer => "Chuyển khoản",
        _ => method,
    };
}

/// <summary>What is to be paid, to whom and how.</summary>
/// <param name="Payable">The payable's own name, "sub-order:7Q2K9MXA-1". One payment each.</param>
/// <param name="Description">For VNPAY's page and the seller's statement; marks are removed on the way.</param>
/// <param name="HoldUntil">Until when the goods are kept for an online payment; null for cash.</param>
public sealed record StartPayment(string Payable, long ProducerId, long AmountVnd, string Method, string Description, DateTimeOffset? HoldUntil);

public sealed record StartedPayment(long Id, string Code, string Payable);

/// <summary>Words of a state, for badges.</summary>
public static class PaymentState
{
    public static string Label(string status, string method) => status switch
    {
        "pending" => method switch { PaymentMethod.Cod => "Thu khi giao", PaymentMethod.Transfer => "Chờ chuyển khoản", _ => "Chờ thanh toán" },
        "paid" => "Đã thanh toán",
        "paid_late" => "Thanh toán muộn",
        "failed" => "Không thành công",
        "expired" => "Quá hạn",
        "review" => "Đang đối chiếu",
        "cancelled" => "Đã hủy",
        _ => status,
    };

    public static string Badge(string status) => status switch
    {
        "paid" => "ok",
        "paid_late" or "review" => "warn",
        "pending" => "info",
        "failed" => "bad",
        _ => "quiet",
    };
}

/// <summary>Times of an online payment (docs/contract.md, section 4).</summary>
public static class PaymentWindow
{
    /// <summary>How long the buyer may take on VNPAY's page.</summary>
    public static readonly TimeSpan Pay = TimeSpan.FromMinutes(15);

    /// <summary>A notification may come after the page has closed.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    public static readonly TimeSpan Hold = Pay + Margin;

    /// <summary>How long goods are kept for a bank transfer: the seller looks at the statement once a day.</summary>
    public static readonly TimeSpan Transfer = TimeSpan.FromHours(24);

    /// <summary>Within this time somebody decides about a try in doubt, whose goods are kept meanwhile.</summary>
    public static readonly TimeSpan Decide = TimeSpan.FromHours(24);

    /// <summary>How long goods are kept for what is awaited; null for cash.</summary>
    public static TimeSpan? HoldFor(string method) => method switch { PaymentMethod.Cod => null, PaymentMethod.Transfer => Transfer, _ => Hold };

    private static readonly TimeSpan[] AfterStart = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];
    private static readonly TimeSpan[] AfterHold = [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    /// <summary>When VNPAY is asked next about a silent attempt; null when it was asked often enough.</summary>
    public static DateTimeOffset? NextQuery(DateTimeOffset startedAt, DateTimeOffset holdUntil, DateTimeOffset now) =>
        AfterStart.Select(s => startedAt + s).Where(t => t < holdUntil)
            .Concat(AfterHold.Select(s => holdUntil + s))
            .Cast<DateTimeOffset?>()
            .FirstOrDefault(t => t > now);
}
