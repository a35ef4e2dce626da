namespace SonLaMarket.Payments;

/// <summary>Where VNPAY is. Its production addresses come with the contract, so outside of production alone there is a default: the simulator.</summary>
/// <param name="SharedTerminal">Code of a terminal of the operator for sellers without one. Empty, that is off, unless the operator may hold other people's money.</param>
public sealed record VnpaySettings(string PaymentUrl, string TransactionUrl, string SharedTerminal)
{
    /// <summary>Where the simulator listens unless told otherwise (docs/contract.md, section 1).</summary>
    public const string DefaultSimulator = "http://localhost:5081";

    /// <exception cref="InvalidOperationException">An address is missing in production.</exception>
    public static VnpaySettings From(IConfiguration configuration, bool production)
    {
        var section = configuration.GetSection("Vnpay");
        var simulator = section["SimulatorUrl"] is { Length: > 0 } url ? url.TrimEnd('/') : DefaultSimulator;
        string Address(string name, string path) =>
            section[name] is { Length: > 0 } given ? given
            : production ? throw new InvalidOperationException($"The setting Vnpay:{name} is missing.")
            : simulator + path;
        return new(Address("PaymentUrl", "/paymentv2/vpcpay.html"), Address("TransactionUrl", "/merchant_webapi/api/transaction"), section["SharedTerminal"] ?? "");
    }
}
