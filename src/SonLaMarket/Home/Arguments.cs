using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Home;

/// <summary>Settings of the start: from the command line, the environment and files.</summary>
public static class Arguments
{
    /// <summary>"--fresh" needs no value; the configuration reads pairs.</summary>
    public static string[] Normalise(string[] args) => [.. args.Select(a => a == "--fresh" ? "--fresh=true" : a)];

    /// <summary>One line for each setting that production cannot do without, or must not have.</summary>
    public static List<string> Faults(IConfiguration configuration, IHostEnvironment environment)
    {
        if (!environment.IsProduction())
            return [];
        (string Key, string What)[] needed =
        [
            ("ConnectionStrings:SonLaMarket", "the database, with the application's role"),
            ("Site:PublicBaseUrl", "the address that labels and mails carry"),
            ("Vnpay:PaymentUrl", "VNPAY's payment page"),
            ("Vnpay:TransactionUrl", "VNPAY's transaction interface"),
            ("Vnpay:ServerAddress", "the IP address that this server asks VNPAY from"),
            ("Files:Folder", "the folder of uploads"),
        ];
        List<string> lines = [.. needed.Where(n => string.IsNullOrEmpty(configuration[n.Key])).Select(n => $"Missing setting {n.Key.Replace(":", "__", StringComparison.Ordinal)}: {n.What}.")];
        if (!string.IsNullOrEmpty(configuration["Vnpay:SimulatorUrl"]))
            lines.Add("Setting Vnpay__SimulatorUrl: production has no payment simulator.");
        if (configuration["Vnpay:ServerAddress"] is { Length: > 0 } address && !VnpaySettings.IsServerAddress(address))
            lines.Add($"Setting Vnpay__ServerAddress: {address} is no IP address that this server could ask VNPAY from.");
        return lines;
    }

    /// <summary>Where the site listens, and what labels carry, unless told otherwise (docs/contract.md, section 1).</summary>
    private const string DefaultUrl = "http://localhost:5080";

    /// <summary>Production says where it listens; everything else has a default.</summary>
    public static void ListenSomewhere(WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsProduction() && string.IsNullOrEmpty(builder.Configuration["urls"]))
            builder.WebHost.UseUrls(DefaultUrl);
    }

    public static SiteOptions Site(IConfiguration configuration, IHostEnvironment environment)
    {
        var site = configuration.GetSection("Site").Get<SiteOptions>() ?? new SiteOptions();
        site.ShowsSamples = !environment.IsProduction();
        if (site.PublicBaseUrl.Length == 0)
            site.PublicBaseUrl = (configuration["urls"] is { Length: > 0 } urls ? urls : DefaultUrl).Split(';')[0].Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("*", "localhost", StringComparison.Ordinal);
        // Invented, so that the demonstration shows where the line stands.
        if (environment.IsEnvironment("Demonstration") && !site.Helps)
            (site.HelpPhone, site.HelpEmail) = ("0001080108", "giup-do@sonlamarket.invalid");
        return site;
    }

    /// <summary>The first address listened on, with the port that was really taken.</summary>
    public static string FirstUrl(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal).TrimEnd('/');
}
