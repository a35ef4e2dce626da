using System.Text.Json.Serialization;

namespace Vnpay;

[JsonSerializable(typeof(IpnResponse))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class VnpayJson : JsonSerializerContext;
