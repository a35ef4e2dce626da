using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vnpay;

/// <summary>
/// The answer to an IPN: HTTP 200, <c>application/json</c>, exactly two keys ("Thanh toán PAY", "Cài đặt Code IPN URL").
/// 00 and 02 end VNPAY's calls, everything else brings the next one, at most 10, five minutes apart. No answer undoes the
/// customer's debit.
/// </summary>
public sealed record IpnResponse
{
    private IpnResponse(string rspCode, string message)
    {
        RspCode = rspCode;
        Message = message;
    }

    /// <summary>The outcome is recorded now, paid <em>or failed</em>.</summary>
    public static IpnResponse Success { get; } = new("00", "Confirm Success");

    /// <summary>No such reference.</summary>
    public static IpnResponse OrderNotFound { get; } = new("01", "Order not found");

    /// <summary>The outcome was recorded before. Not for an attempt that is merely begun.</summary>
    public static IpnResponse AlreadyConfirmed { get; } = new("02", "Order already confirmed");

    /// <summary>The amount differs from the order's. VNPAY keeps holding the payment as it is: a person has to look.</summary>
    public static IpnResponse InvalidAmount { get; } = new("04", "invalid amount");

    /// <summary>The hash is wrong or missing; nothing was changed.</summary>
    public static IpnResponse InvalidSignature { get; } = new("97", "Invalid signature");

    /// <summary>Something unexpected happened here; VNPAY shall call again. The spelling is VNPAY's.</summary>
    public static IpnResponse UnknownError { get; } = new("99", "Unknow error");

    /// <summary>Two digits.</summary>
    [JsonPropertyName("RspCode"), JsonPropertyOrder(0)]
    public string RspCode { get; }

    /// <summary>VNPAY's own words for the code.</summary>
    [JsonPropertyName("Message"), JsonPropertyOrder(1)]
    public string Message { get; }

    /// <summary>The body, for example <c>{"RspCode":"00","Message":"Confirm Success"}</c>; the names stay in this case whatever the framework's JSON settings.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, VnpayJson.Default.IpnResponse);
}
