using SonLaMarket.Foundation.Data;
using SonLaMarket.Payments;
using Vnpay.Simulator;

namespace SonLaMarket.Home;

/// <summary>The payment simulator beside the demonstration: knows the sample terminals, calls the first address of the site.</summary>
public static class Simulator
{
    /// <summary>Where it listens; Vnpay__SimulatorUrl changes it.</summary>
    public static string Url(IConfiguration configuration) => configuration["Vnpay:SimulatorUrl"] is { Length: > 0 } url ? url.TrimEnd('/') : VnpaySettings.DefaultSimulator;

    /// <summary>Null when Vnpay__SimulatorUrl is set to nothing: a second instance has none of its own.</summary>
    public static async Task<SimulatorHost?> StartAsync(WebApplication app)
    {
        if (app.Environment.IsProduction())
            throw new InvalidOperationException("Production has no payment simulator.");
        if (app.Configuration["Vnpay:SimulatorUrl"] is "")
            return null;
        var terminals = app.Services.GetRequiredService<Terminals>();
        var db = app.Services.GetRequiredService<Db>();
        var simulator = await SimulatorHost.StartAsync(new SimulatorOptions
        {
            Url = Url(app.Configuration),
            IpnUrl = Arguments.FirstUrl(app) + "/vnpay/ipn",
            Terminals = async code => await terminals.SecretAsync(db, code),
            IpnRetryInterval = TimeSpan.FromSeconds(app.Configuration.GetValue("Vnpay:IpnRetrySeconds", 20)),
            StateFile = app.Configuration["Vnpay:SimulatorFile"],
        });
        await SimulatorAddress.PublishAsync(db, simulator.Url.ToString().TrimEnd('/'));
        return simulator;
    }
}
