using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SonLaMarket.Home;

/// <summary>Ready only when the start is over: whoever waits for that finds every line of the start printed.</summary>
public sealed class Started : IHealthCheck
{
    private volatile bool over;

    public void IsOver() => over = true;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(over ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
