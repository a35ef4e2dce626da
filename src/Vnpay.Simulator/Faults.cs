using System.Text.Json.Serialization;

namespace Vnpay.Simulator;

/// <summary>
/// What goes wrong from now on. What concerns a payment's outcome and its notification is fixed when the payment ends; what concerns
/// pages and the transaction API holds while it is set.
/// </summary>
internal sealed record Faults
{
    public static readonly Faults None = new();

    /// <summary>Every switch with its values; the first is the usual behaviour.</summary>
    public static readonly IReadOnlyDictionary<string, (string Value, string Vi)[]> Switches = new Dictionary<string, (string, string)[]>(StringComparer.Ordinal)
    {
        ["ipn"] =
        [
            ("none", "gọi bình thường"), ("lost", "không bao giờ gọi"), ("double", "lần đầu gọi hai lần cùng lúc"), ("late", "lần đầu gọi chậm delayMs"),
            ("past-expiry", "lần đầu gọi sau khi hết hạn thanh toán thêm delayMs"), ("tampered", "số tiền hoặc chữ ký bị sửa"),
        ],
        ["order"] = [("together", "gọi IPN và đưa khách về cùng lúc"), ("ipn-first", "khách về sau khi IPN được trả lời"), ("return-first", "IPN gọi sau khi khách đã về")],
        ["encoding"] = [("plus", "dấu cách là +"), ("percent20", "dấu cách là %20, ký như vậy"), ("recoded", "ký với +, trên đường bị đổi thành %20")],
        ["status"] = [("", "theo mã kết quả"), ("01", "01: chưa hoàn tất"), ("04", "04: giao dịch đảo"), ("07", "07: nghi ngờ gian lận")],
        ["page"] = [("none", "trang thanh toán bình thường"), ("slow", "trang chậm delayMs"), ("error", "trang lỗi 500")],
        ["api"] =
        [
            ("none", "trả lời bình thường"), ("slow", "trả lời chậm delayMs"), ("error", "lỗi 500"), ("html", "trả HTML"), ("cut", "JSON bị cắt"), ("unsigned", "không ký"), ("wrong-hash", "ký sai"),
            ("lost", "làm theo yêu cầu rồi lỗi 500"),
        ],
        ["refund"] = [("none", "05, 06, 00 theo đồng hồ"), ("stuck", "đứng ở 05 đến khi bấm nút"), ("rejected", "cuối cùng bị từ chối (09)"), ("busy", "từ chối với mã 16"), ("unsupported", "từ chối với mã 99")],
        ["query"] = [("latest", "querydr kể về lần hoàn tiền sau cùng nếu có"), ("payment", "querydr luôn kể về lần thanh toán")],
    };

    public string Ipn { get; init; } = "none";

    public string Order { get; init; } = "together";

    public string Encoding { get; init; } = "plus";

    public string Status { get; init; } = "";

    public string Page { get; init; } = "none";

    public string Api { get; init; } = "none";

    public string Refund { get; init; } = "none";

    public string Query { get; init; } = "latest";

    public int DelayMs { get; init; }

    [JsonIgnore]
    public TimeSpan Delay => TimeSpan.FromMilliseconds(DelayMs);

    public string Value(string name) => name switch
    {
        "ipn" => Ipn,
        "order" => Order,
        "encoding" => Encoding,
        "status" => Status,
        "page" => Page,
        "api" => Api,
        "refund" => Refund,
        _ => Query,
    };

    /// <summary>What is not named goes back to usual. Null when a name or a value is unknown.</summary>
    public static Faults? Read(IReadOnlyDictionary<string, string> input)
    {
        if (input.Keys.Any(name => name != "delayMs" && !Switches.ContainsKey(name))
            || !int.TryParse(input.GetValueOrDefault("delayMs", "0"), out var delayMs) || delayMs is < 0 or > 86_400_000)
        {
            return null;
        }
        string Of(string name) => input.GetValueOrDefault(name, Switches[name][0].Value);
        if (Switches.Any(choice => choice.Value.All(option => option.Value != Of(choice.Key)))) return null;
        return new Faults
        {
            Ipn = Of("ipn"),
            Order = Of("order"),
            Encoding = Of("encoding"),
            Status = Of("status"),
            Page = Of("page"),
            Api = Of("api"),
            Refund = Of("refund"),
            Query = Of("query"),
            DelayMs = delayMs,
        };
    }
}
