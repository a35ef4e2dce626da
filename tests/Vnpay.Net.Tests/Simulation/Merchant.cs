using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Vnpay.Tests.Simulation;

/// <summary>A merchant's notification address on a free loopback port; answers as it is told and remembers every call.</summary>
internal sealed class Merchant : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(DateTime At, string Query)> calls = new();

    private Merchant(WebApplication app) => this.app = app;

    public static readonly string Ok = IpnResponse.Success.ToJson();

    /// <summary>HTTP status and body by number of the call, from 1.</summary>
    public Func<int, (int Status, string Body)> Answer { get; set; } = _ => (200, Ok);

    public string IpnUrl => app.Urls.Single() + "/vnpay/ipn";

    public (DateTime At, string Query)[] Calls => [.. calls];

    public static async Task<Merchant> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var merchant = new Merchant(app);
        app.Run(async context =>
        {
            merchant.calls.Enqueue((DateTime.UtcNow, context.Request.QueryString.Value!));
            var (status, body) = merchant.Answer(merchant.calls.Count);
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return merchant;
    }

    public Task WaitForCallsAsync(int count) => Eventually.TrueAsync(() => calls.Count >= count);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

internal static class Eventually
{
    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        for (var until = DateTime.UtcNow.AddSeconds(10); !await condition();)
        {
            Assert.True(DateTime.UtcNow < until, "It did not happen within 10 seconds.");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
