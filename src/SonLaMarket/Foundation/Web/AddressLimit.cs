using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;

namespace SonLaMarket.Foundation.Web;

/// <summary>How often one address of the network may ask for something. Many people stand behind one address of a mobile network: choose generously.</summary>
public abstract class AddressLimit(int tries, TimeSpan window, IHostEnvironment environment) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(from =>
        RateLimitPartition.GetFixedWindowLimiter(from, _ => new FixedWindowRateLimiterOptions { PermitLimit = tries, Window = window }));

    /// <summary>Seconds, for the header Retry-After.</summary>
    public string RetryAfter => ((int)window.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public bool TryTake(IPAddress? address)
    {
        if (address is not null && IPAddress.IsLoopback(address) && !environment.IsProduction())
            return true;
        using var lease = limiter.AttemptAcquire(Source.Of(address));
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        limiter.Dispose();
        GC.SuppressFinalize(this);
    }
}
