namespace Vnpay;

/// <summary>A signed payment address. Store <see cref="TxnRef"/> and <see cref="CreateDate"/> before sending the customer there.</summary>
public sealed record PaymentUrl
{
    internal PaymentUrl() { }

    /// <summary>Where to send the customer's browser.</summary>
    public required string Url { get; init; }

    /// <summary><c>vnp_TxnRef</c> as signed.</summary>
    public required string TxnRef { get; init; }

    /// <summary>
    /// <c>vnp_CreateDate</c>, 14 digits GMT+7. Keep this very text: querydr and refund want it again, and one rebuilt from a
    /// timestamp finds nothing when it is a second off.
    /// </summary>
    public required string CreateDate { get; init; }

    /// <summary><c>vnp_ExpireDate</c>, 14 digits GMT+7.</summary>
    public required string ExpireDate { get; init; }

    /// <summary>The instant of <see cref="ExpireDate"/>, offset +07:00.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
