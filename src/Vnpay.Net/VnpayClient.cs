namespace Vnpay;

/// <summary>
/// Entry point; holds the settings, and the services hang off it. Safe for concurrent use: make one for the application and
/// name the terminal of each call in <see cref="RequestOptions"/> when there are several.
/// </summary>
public sealed class VnpayClient
{
    /// <param name="options">Settings.</param>
    public VnpayClient(VnpayClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Payments = new PaymentService(options);
    }

    /// <summary>Payment URLs.</summary>
    public PaymentService Payments { get; }
}
