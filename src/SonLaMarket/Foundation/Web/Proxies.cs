using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// In production a proxy with TLS stands in front. It is believed about the caller's address and scheme, never about the
/// host, when it is on this machine or named by Site__Proxies: addresses or networks, separated by blanks.
/// </summary>
public static class Proxies
{
    public static IApplicationBuilder UseProxies(this IApplicationBuilder app, IConfiguration configuration, IHostEnvironment environment)
    {
        if (!environment.IsProduction())
            return app;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        foreach (var proxy in (configuration["Site:Proxies"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (proxy.Contains('/', StringComparison.Ordinal))
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            else
                options.KnownProxies.Add(IPAddress.Parse(proxy));
        }
        return app.UseForwardedHeaders(options);
    }
}
