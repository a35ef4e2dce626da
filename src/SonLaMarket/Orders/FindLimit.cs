using System.Net;
using System.Threading.RateLimiting;
using SonLaMarket.Foundation.Web;

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
        using var lease = limiter.AttemptAcquire(Source.Of(address));
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();
}
