namespace Vnpay;

/// <summary>Base of everything this library throws on purpose. No message and no property ever carries a hash secret.</summary>
public abstract class VnpayException : Exception
{
    private protected VnpayException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A value that VNPAY would refuse was about to be sent; nothing has left the process.</summary>
public sealed class VnpayValidationException : VnpayException
{
    internal VnpayValidationException(string parameter, string message) : base($"{parameter}: {message}") => Parameter = parameter;

    /// <summary>VNPAY's name of the offending field, for example <c>vnp_Amount</c>, or the option's name.</summary>
    public string Parameter { get; }
}

/// <summary>
/// What claims to come from VNPAY is not signed with the terminal's secret, is malformed, or answers another question.
/// Nothing in it may change state; an IPN is answered with <see cref="IpnResponse.InvalidSignature"/>.
/// </summary>
public sealed class VnpaySignatureException : VnpayException
{
    internal VnpaySignatureException(string message) : base(message) { }
}

/// <summary>VNPAY could not be reached, did not answer in time, or answered with something that is not its protocol.</summary>
public sealed class VnpayConnectionException : VnpayException
{
    internal VnpayConnectionException(string message, bool mayHaveReachedVnpay, int? statusCode, Exception? inner = null)
        : base(message, inner)
    {
        MayHaveReachedVnpay = mayHaveReachedVnpay;
        StatusCode = statusCode;
    }

    /// <summary>False only when the last request surely never left (name not found, connection refused).</summary>
    public bool MayHaveReachedVnpay { get; }

    /// <summary>HTTP status of the last answer; null when there was none.</summary>
    public int? StatusCode { get; }
}

/// <summary>
/// VNPAY understood the request and refused it. Of querydr and refund the answer's signature was verified before this was thrown; the
/// answer about a QR code carries none.
/// </summary>
public sealed class VnpayApiException : VnpayException
{
    internal VnpayApiException(VnpayApiCode code, string vnpayMessage, IReadOnlyDictionary<string, string> raw)
        : base($"VNPAY answered {code}: {code.TextEn} ({vnpayMessage})")
    {
        Code = code;
        VnpayMessage = vnpayMessage;
        Raw = raw;
    }

    /// <summary><c>vnp_ResponseCode</c> of the answer ("Truy vấn &amp; hoàn tiền", table of return codes).</summary>
    public VnpayApiCode Code { get; }

    /// <summary><c>vnp_Message</c> as VNPAY wrote it.</summary>
    public string VnpayMessage { get; }

    /// <summary>Every field of the answer except its hash.</summary>
    public IReadOnlyDictionary<string, string> Raw { get; }
}
