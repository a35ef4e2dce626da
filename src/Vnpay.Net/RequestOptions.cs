namespace Vnpay;

/// <summary>What one call does otherwise than the client: above all, which terminal it is for. A marketplace has one for each seller.</summary>
public sealed class RequestOptions
{
    /// <summary>Terminal code of this call. Goes together with <see cref="HashSecret"/>.</summary>
    public string? TmnCode { get; init; }

    /// <summary>The secret of that terminal.</summary>
    public string? HashSecret { get; init; }

    /// <summary>
    /// <c>vnp_RequestId</c> of the first try, 1 to 32 letters and digits; a GUID when absent. Further tries of a question take new ones,
    /// because VNPAY answers a repeated id with 94; a refund keeps its own. Give a refund's yourself and store it first: it is what lets
    /// you repeat the request safely.
    /// </summary>
    public string? RequestId { get; init; }

    /// <summary>Overrides <see cref="VnpayClientOptions.MaxNetworkRetries"/>.</summary>
    public int? MaxNetworkRetries { get; init; }

    /// <summary>Overrides <see cref="VnpayClientOptions.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Names the terminal, never the secret.</summary>
    public override string ToString() => $"RequestOptions {{ TmnCode = {TmnCode}, HashSecret = *** }}";
}
