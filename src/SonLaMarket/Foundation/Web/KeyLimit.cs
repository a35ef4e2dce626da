using System.Globalization;
using System.Threading.RateLimiting;

namespace SonLaMarket.Foundation.Web;

/// <summary>How often one of many may ask for something within a time.</summary>
public abstract class KeyLimit(int tries, TimeSpan window) : IDisposable
{
    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(key =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = tries, Window = window }));

    /// <summary>Seconds, for the header Retry-After.</summary>
    public string RetryAfter => ((int)window.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public bool TryTake(string key)
    {
        using var lease = limiter.AttemptAcquire(key);
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        limiter.Dispose();
        GC.SuppressFinalize(this);
    }
}
