using System.Globalization;
using System.Security.Claims;

namespace SonLaMarket.Foundation.Web;

/// <summary>How many requests a minute each key may make; said with each answer (RateLimit and RateLimit-Policy, the fields of the HTTP working group's draft). Whoever reads the key counts them, for all instances together.</summary>
public sealed class ApiLimit(TimeProvider clock)
{
    private const int Window = 60;

    /// <param name="wait">Seconds until the next minute begins.</param>
    public bool Allows(HttpContext context, out string wait)
    {
        var (pace, made) = (Number(context.User, ApiController.PaceClaim), Number(context.User, ApiController.RequestsClaim));
        wait = (Window - clock.GetUtcNow().ToUnixTimeSeconds() % Window).ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";q={pace};w={Window}");
        context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"minute\";r={Math.Max(0, pace - made)};t={wait}");
        return made <= pace;
    }

    private static int Number(ClaimsPrincipal key, string claim) => int.Parse(key.FindFirst(claim)!.Value, CultureInfo.InvariantCulture);
}
