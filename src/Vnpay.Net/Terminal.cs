namespace Vnpay;

/// <summary>Terminal code and secret of one call; a class, so that no generated ToString prints the secret.</summary>
internal sealed class Terminal
{
    private Terminal(string tmnCode, string hashSecret)
    {
        TmnCode = tmnCode;
        HashSecret = hashSecret;
    }

    public string TmnCode { get; }

    public string HashSecret { get; }

    public static Terminal Of(VnpayClientOptions options, RequestOptions? request)
    {
        // One terminal's code with another one's secret is never meant: both or none.
        if (request is not null && string.IsNullOrWhiteSpace(request.TmnCode) != string.IsNullOrWhiteSpace(request.HashSecret))
            throw new VnpayValidationException(nameof(RequestOptions), "TmnCode and HashSecret go together.");
        var own = !string.IsNullOrWhiteSpace(request?.TmnCode);
        var tmnCode = (own ? request!.TmnCode : options.TmnCode)?.Trim();
        var hashSecret = (own ? request!.HashSecret : options.HashSecret)?.Trim();
        if (tmnCode is not { Length: 8 } || !tmnCode.All(char.IsAsciiLetterOrDigit))
            throw new VnpayValidationException("vnp_TmnCode", "must be 8 letters and digits.");
        if (string.IsNullOrEmpty(hashSecret)) throw new VnpayValidationException(nameof(VnpayClientOptions.HashSecret), "is missing.");
        return new Terminal(tmnCode, hashSecret);
    }
}
