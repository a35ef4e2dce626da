namespace Vnpay;

/// <summary>
/// The orders in which the transaction API's values are joined for their checksum ("Truy vấn &amp; hoàn tiền",
/// "Quy tắc tạo checksum"). They differ from the order in the JSON body: OrderInfo stands after TransactionStatus.
/// </summary>
public static class VnpayFieldOrder
{
    /// <summary>querydr request, 9 values.</summary>
    public static IReadOnlyList<string> QueryRequest { get; } =
    [
        "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate", "vnp_CreateDate",
        "vnp_IpAddr", "vnp_OrderInfo",
    ];

    /// <summary>querydr response, 15 values; the two of promotions are nearly always absent, so the string ends in <c>||</c>.</summary>
    public static IReadOnlyList<string> QueryResponse { get; } =
    [
        "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount",
        "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus", "vnp_OrderInfo",
        "vnp_PromotionCode", "vnp_PromotionAmount",
    ];

    /// <summary>refund request, 13 values.</summary>
    public static IReadOnlyList<string> RefundRequest { get; } =
    [
        "vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TransactionType", "vnp_TxnRef", "vnp_Amount",
        "vnp_TransactionNo", "vnp_TransactionDate", "vnp_CreateBy", "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo",
    ];

    /// <summary>refund response, 13 values.</summary>
    public static IReadOnlyList<string> RefundResponse { get; } =
    [
        "vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount",
        "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus", "vnp_OrderInfo",
    ];
}
