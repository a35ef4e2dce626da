using System.Collections.Concurrent;
using System.Globalization;

namespace SonLaMarket.Foundation.Web;

/// <summary>How many requests a minute each key makes; said with each answer (RateLimit and RateLimit-Policy, the fields of the HTTP working group's draft). Counted in each process by itself.</summary>
public sealed class ApiLimit(TimeProvider clock)
{
    private const int Window = 60;
    private readonly ConcurrentDictionary<string, Minute> counts = new(StringComparer.Ordinal);

    /// <param name="wait">Seconds until the next minute begins.</param>
    public bool TryTake(HttpContext context, out string wait)
    {
        var key = context.User.FindFirst(ApiController.KeyClaim)!.Value;
        var pace = int.Parse(context.User.FindFirst(ApiController.PaceClaim)!.Value, CultureInfo.InvariantCulture);
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        var minute = counts.AddOrUpdate(key, _ => new(seconds / Window, 1), (_, m) => m.Number == seconds / Window ? m with { Count = m.Count + 1 } : new(seconds / Window, 1));
        wait = (Window - seconds % Window).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";q={pace};w={Window}");
        context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";r={Math.Max(0, pace - minute.Count)};t={wait}");
        return minute.Count <= pace;
    }

    private sealed record Minute(long Number, int Count);
}
