using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace SonLaMarket.Orders;

/// <summary>How often one address may look for an order by code and phone: enough for a person, too little for trying codes.</summary>
public sealed class FindLimit(IHostEnvironment environment) : IDisposable
{
    public const int Tries = 10;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(from =>
        RateLimitPartition.GetFixedWindowLimiter(from, _ => new FixedWindowRateLimiterOptions { PermitLimit = Tries, Window = Window }));

    public bool TryTake(IPAddress? address)
    {
        if (address is not null && IPAddress.IsLoopback(address) && !environment.IsProduction())
            return true;
        using var lease = limiter.AttemptAcquire(Source(address));
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    /// <summary>A subscriber has a whole /64 of IPv6.</summary>
    private static string Source(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}
