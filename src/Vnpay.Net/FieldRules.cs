using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Vnpay;

/// <summary>Field formats of "Thanh toán PAY" and "Truy vấn &amp; hoàn tiền", refused here before VNPAY refuses them in front of the customer.</summary>
internal static class FieldRules
{
    // Form encoders of different languages disagree on these, and how VNPAY encodes them is not documented.
    private static readonly SearchValues<char> Ambiguous = SearchValues.Create("!()*'~");

    public static string Text(string name, string? value, int min, int max)
    {
        if (value is null || value.Length < min || value.Length > max || !value.All(char.IsAsciiLetterOrDigit))
            throw new VnpayValidationException(name, $"must be {min} to {max} letters and digits.");
        return value;
    }

    public static string Digits14(string name, string? value) =>
        VnpayDateTime.TryParse(value, out _) ? value! : throw new VnpayValidationException(name, "must be 14 digits yyyyMMddHHmmss.");

    public static string OrderInfo(string? text)
    {
        var normalized = OrderInfoNormalizer.Normalize(text);
        return normalized.Length > 0 ? normalized : throw new VnpayValidationException("vnp_OrderInfo", "has no letter or digit.");
    }

    public static string HttpUrl(string name, string? value, int max = 2_000)
    {
        if (value is null || value.Length > max
            || !Uri.TryCreate(value, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new VnpayValidationException(name, $"must be an absolute http(s) address of at most {max} characters.");
        }
        return value;
    }

    public static string ReturnUrl(string? value)
    {
        const string name = "vnp_ReturnUrl";
        HttpUrl(name, value, max: 255);
        if (value!.Length < 10 || value.Contains('#', StringComparison.Ordinal) || value.AsSpan().ContainsAny(Ambiguous) || value.Any(c => c is <= ' ' or > '~'))
            throw new VnpayValidationException(name, "must be 10 to 255 printable ASCII characters without # ! ( ) * ' ~.");
        return value;
    }

    /// <summary>An address as VNPAY takes it, 7 to 45 characters: loopback and short IPv6 forms are too short as they are.</summary>
    public static string IpAddress(string? value)
    {
        if (!IPAddress.TryParse(value, out var address)) throw new VnpayValidationException("vnp_IpAddr", "is not an IP address.");
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.Equals(IPAddress.IPv6Loopback)) return "127.0.0.1";
        if (address.AddressFamily == AddressFamily.InterNetwork) return address.ToString();
        var bytes = address.GetAddressBytes();
        var text = new IPAddress(bytes).ToString();
        return text.Length >= 7 ? text : string.Join(':', bytes.Chunk(2).Select(Convert.ToHexStringLower));
    }
}
