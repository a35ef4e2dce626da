using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

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
    /// Carries what is asked of VNPAY; its own time-out should be longer than <see cref="VnpayClientOptions.Timeout"/>, and nothing in it
    /// may send a request twice: a refund would be paid twice. Default: one shared by all clients of the process, which follows no redirects.
    /// </param>
    /// <param name="logger">Hears of command, terminal, reference, code and time; never of secrets, hashes or what was said. Default: nobody.</param>
    public VnpayClient(VnpayClientOptions options, HttpClient? httpClient = null, ILogger<VnpayClient>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ILogger log = logger ?? NullLogger<VnpayClient>.Instance;
        var transport = new VnpayTransport(options, httpClient ?? SharedHttpClient, log);
        var api = new SignedExchange(options, transport, log);
        Payments = new PaymentService(options, transport);
        Transactions = new TransactionService(options, api);
        Refunds = new RefundService(options, api);
        Banks = new BankService(options, transport);
    }

    /// <summary>Payment addresses and QR codes.</summary>
    public PaymentService Payments { get; }

    /// <summary>Questions about payments (querydr).</summary>
    public TransactionService Transactions { get; }

    /// <summary>Money back (refund).</summary>
    public RefundService Refunds { get; }

    /// <summary>The banks to choose from.</summary>
    public BankService Banks { get; }
}
