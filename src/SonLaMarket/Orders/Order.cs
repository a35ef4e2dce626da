namespace SonLaMarket.Orders;

/// <summary>States of one seller's part of an order (db/0009_orders.sql, db/0022_parcels.sql).</summary>
public static class OrderState
{
    public const string AwaitingPayment = "awaiting_payment";
    public const string Confirmed = "confirmed";
    public const string Packed = "packed";
    public const string Shipped = "shipped";
    /// <summary>Carried and not taken by anybody.</summary>
    public const string Failed = "failed";
    public const string Delivered = "delivered";
    public const string Cancelled = "cancelled";
    public const string Expired = "expired";
    public const string OnHold = "on_hold";

    public static readonly string[] All = [AwaitingPayment, Confirmed, Packed, Shipped, Failed, Delivered, OnHold, Cancelled, Expired];

    public static string Label(string status) => status switch
    {
        AwaitingPayment => "Chờ thanh toán",
        Confirmed => "Chờ đóng gói",
        Packed => "Đã đóng gói",
        Shipped => "Đang giao",
        Failed => "Chưa giao được",
        Delivered => "Đã giao",
        Cancelled => "Đã hủy",
        Expired => "Quá hạn thanh toán",
        OnHold => "Tạm giữ",
        _ => status,
    };

    public static string Badge(string status) => status switch
    {
        Delivered => "ok",
        Confirmed or Packed or Shipped => "info",
        AwaitingPayment => "warn",
        OnHold or Failed => "bad",
        _ => "quiet",
    };
}

/// <summary>Names under which an order's parts are known to the rooms below.</summary>
public static class SubOrderName
{
    private const string Prefix = "sub-order:";

    /// <summary>Holder of stock and payable of a payment: "sub-order:7Q2K9MXA-1".</summary>
    public static string Of(string code) => Prefix + code;

    public static string CodeOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : throw new ArgumentException($"'{name}' is no sub-order", nameof(name));
}

public static class PaymentWords
{
    public static string Label(string method) => method switch
    {
        Payments.PaymentMethod.Cod => "Trả tiền mặt khi nhận hàng",
        Payments.PaymentMethod.Transfer => "Chuyển khoản ngân hàng",
        _ => "Thanh toán trực tuyến qua VNPAY",
    };
}
