namespace SonLaMarket.Payments;

/// <summary>What one seller of an order gets. Shown by <c>/Payments/_Dues.cshtml</c>.</summary>
/// <param name="Status">State of the payment; null before the order is placed.</param>
public sealed record Due(string Payee, long AmountVnd, string Method, string? Status)
{
    public bool StillToPay => Status is null or "pending";

    /// <summary>How and when it is paid, or that it was.</summary>
    public string Words => (Status, Method) switch
    {
        (null or "pending", PaymentMethod.Cod) => "Tiền mặt, trả khi nhận hàng",
        (null, PaymentMethod.Transfer) => "Chuyển khoản trong 24 giờ; trang đơn hàng có mã",
        (null, _) => "Trực tuyến qua VNPAY, ngay sau khi đặt",
        ("pending", PaymentMethod.Transfer) => "Chưa trả: chuyển khoản theo mã ở trang đơn hàng",
        ("pending", _) => "Chưa trả: trực tuyến qua VNPAY",
        var (status, method) => PaymentState.Label(status, method),
    };
}
