using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Vnpay.Simulator;

/// <summary>
/// A stand-in for VNPAY's sandbox on a loopback port of this machine: payment page, notifications with their own retries,
/// transaction queries, refunds, the bank list, a day's file, and faults on demand at <c>/control</c>. For demonstration and tests; no money, no network.
/// </summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IpnSender ipn;
    private readonly PaymentBook book;

    private SimulatorHost(WebApplication app, IpnSender ipn, PaymentBook book, string url)
    {
        this.app = app;
        this.ipn = ipn;
        this.book = book;
        Url = url;
    }

    /// <summary>Where it listens, with the port it got; no slash at the end.</summary>
    public string Url { get; }

    /// <summary>The payment page, what VNPAY calls vnp_Url.</summary>
    public string PaymentUrl => Url + "/paymentv2/vpcpay.html";

    /// <summary>The transaction API (querydr, refund).</summary>
    public string TransactionUrl => Url + "/merchant_webapi/api/transaction";

    /// <summary>The list of banks.</summary>
    public string BankListUrl => Url + "/qrpayauth/api/merchant/get_bank_list";

    /// <summary>The day's file of all terminals; add <c>/20261124.csv</c>, and <c>?tmnCode=</c> for one.</summary>
    public string DayFileUrl => Url + "/control/reconciliation";

    /// <summary>The merchant's notification address; may be set when the merchant has its port.</summary>
    public string? IpnUrl
    {
        get => ipn.IpnUrl;
        set => ipn.IpnUrl = value;
    }

    /// <summary>Starts listening, and goes on with notifications that a killed process left open.</summary>
    /// <exception cref="ArgumentException">The address is not http on loopback.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var address = Loopback(options.Url);
        var book = new PaymentBook(options.StateFile, options.TimeProvider.GetUtcNow());
        var ipn = new IpnSender(options, book);
        try
        {
            var gateway = new Gateway(options, book, ipn);
            var (app, port) = await ListenAsync(address, gateway, cancellationToken);
            gateway.Url = $"http://{address.Host}:{port}";
            ipn.Resume();
            return new SimulatorHost(app, ipn, book, gateway.Url);
        }
        catch
        {
            await ipn.DisposeAsync();
            book.Dispose();
            throw;
        }
    }

    /// <summary>Stops calls and listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await ipn.DisposeAsync();
        book.Dispose();
    }

    private static Uri Loopback(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/" || !IsLoopback(uri.Host))
            throw new ArgumentException($"The simulator listens on http and on loopback only, not on {url}", nameof(url));
        return uri;
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    private static async Task<(WebApplication App, int Port)> ListenAsync(Uri address, Gateway gateway, CancellationToken cancellationToken)
    {
        // "localhost" means two sockets with one port, which nobody hands out: take one that is free and try again if it is lost meanwhile.
        for (var tries = address.Port == 0 ? 10 : 1; ; tries--)
        {
            var port = address.Port == 0 ? FreePort() : address.Port;
            var app = Build(gateway, kestrel =>
            {
                if (address.Host == "localhost") kestrel.ListenLocalhost(port);
                else kestrel.Listen(IPAddress.Parse(address.Host), port);
            });
            try
            {
                await app.StartAsync(cancellationToken);
                return (app, port);
            }
            catch (IOException) when (tries > 1)
            {
                await app.DisposeAsync();
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Nothing is read from the surroundings: settings and variables of the program that hosts us are not meant for us.</summary>
    private static WebApplication Build(Gateway gateway, Action<KestrelServerOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "Vnpay.Simulator" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            listen(kestrel);
        });
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Use(RefuseStrangersAsync);
        app.UseRouting();
        new PayPage(gateway).Map(app);
        new TransactionApi(gateway).Map(app);
        new BankList(gateway).Map(app);
        new Control(gateway).Map(app);
        return app;
    }

    // A web page from elsewhere, opened in the developer's browser, can reach loopback too.
    private static Task RefuseStrangersAsync(HttpContext context, RequestDelegate next)
    {
        var fromElsewhere = HttpMethods.IsPost(context.Request.Method)
            && context.Request.Path.StartsWithSegments("/control", StringComparison.Ordinal)
            && context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site";
        if (IsLoopback(context.Request.Host.Host) && !fromElsewhere) return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
