using System.Net;

namespace SonLaMarket.Payments;

/// <summary>Where VNPAY is. Its production addresses come with the contract, so outside of production alone there is a default: the simulator.</summary>
/// <param name="SharedTerminal">Code of a terminal of the operator for sellers without one. Empty, that is off, unless the operator may hold other people's money.</param>
/// <param name="DayFileUrl">Where the file of each day lies, as {address}/20261124.csv. Empty: files are uploaded.</param>
/// <param name="DailyFile">Whether it is fetched each morning by itself: where the address was given. The simulator knows nothing of the samples' past.</param>
/// <param name="ServerAddress">The address that our own questions and refunds come from, which VNPAY wants in each of them.</param>
public sealed record VnpaySettings(string PaymentUrl, string TransactionUrl, string SharedTerminal, string DayFileUrl, bool DailyFile, string ServerAddress = VnpaySettings.Loopback)
{
    /// <summary>Where the simulator listens unless told otherwise (docs/contract.md, section 1).</summary>
    public const string DefaultSimulator = "http://localhost:5081";

    internal const string Loopback = "127.0.0.1";

    /// <summary>An address under which a server stands in the network: neither none, nor every one, nor the machine itself.</summary>
    public static bool IsServerAddress(string? address) =>
        IPAddress.TryParse(address, out var ip) && !IPAddress.IsLoopback(ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any);

    /// <param name="published">Where another process on the same database runs the simulator; asked when this one is told to start none.</param>
    /// <exception cref="InvalidOperationException">An address is missing in production.</exception>
    public static VnpaySettings From(IConfiguration configuration, bool production, Func<string?> published)
    {
        var section = configuration.GetSection("Vnpay");
        var simulator = section["SimulatorUrl"] switch
        {
            null => DefaultSimulator,
            "" => production ? "" : published() ?? DefaultSimulator,
            var url => url.TrimEnd('/'),
        };
        string Address(string name, string path) =>
            section[name] is { Length: > 0 } given ? given
            : production ? throw new InvalidOperationException($"The setting Vnpay:{name} is missing.")
            : simulator + path;
        return new(Address("PaymentUrl", "/paymentv2/vpcpay.html"), Address("TransactionUrl", "/merchant_webapi/api/transaction"), section["SharedTerminal"] ?? "", section["DayFileUrl"] ?? (production ? "" : simulator + "/control/reconciliation"), section["DayFileUrl"] is { Length: > 0 },
            section["ServerAddress"] is { Length: > 0 } server ? server : production ? throw new InvalidOperationException("The setting Vnpay:ServerAddress is missing.") : Loopback);
    }
}
