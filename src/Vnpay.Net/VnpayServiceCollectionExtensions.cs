using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Vnpay;

/// <summary>Registers the client with a program's services.</summary>
public static class VnpayServiceCollectionExtensions
{
    /// <summary>One <see cref="VnpayClient"/> for the application, which logs to its logger.</summary>
    /// <param name="services">The program's services.</param>
    /// <param name="options">Makes the settings when the client is first asked for.</param>
    /// <param name="httpClient">Makes the carrier; without it the client's own.</param>
    public static IServiceCollection AddVnpay(
        this IServiceCollection services, Func<IServiceProvider, VnpayClientOptions> options, Func<IServiceProvider, HttpClient>? httpClient = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        return services.AddSingleton(provider => new VnpayClient(
            options(provider), httpClient?.Invoke(provider), provider.GetService<ILoggerFactory>()?.CreateLogger<VnpayClient>()));
    }
}
