namespace Vnpay;

/// <summary>
/// Entry point; holds the settings, and the services hang off it. Safe for concurrent use: make one for the application and
/// name the terminal of each call in <see cref="RequestOptions"/> when there are several.
/// </summary>
public sealed class VnpayClient
{
    // Fixed settings, never changed and never disposed, like the connections it pools.
    private static readonly HttpClient SharedHttpClient = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    /// <param name="options">Settings.</param>
    /// <param name="httpClient">
    /// Carries queries; its own time-out should be longer than <see cref="VnpayClientOptions.Timeout"/>. Default: one shared by
    /// all clients of the process, which follows no redirects.
    /// </param>
    public VnpayClient(VnpayClientOptions options, HttpClient? httpClient = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Payments = new PaymentService(options);
        Transactions = new TransactionService(options, new VnpayTransport(options, httpClient ?? SharedHttpClient));
    }

    /// <summary>Payment URLs.</summary>
    public PaymentService Payments { get; }

    /// <summary>Questions about payments (querydr).</summary>
    public TransactionService Transactions { get; }
}
