using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>
/// The line between a phone and a site of the tests: it can be dead, and its TCP connection can break when the site has committed and answered an entry but before a byte of
/// the answer has left. The site's clock goes with the world's.
/// </summary>
public sealed class Wire : IAsyncDisposable
{
    private readonly Lock clock = new();
    private readonly WebApplication door;
    private readonly Site site;
    private int answers;

    private Wire(WebApplication door, Site site)
    {
        (this.door, this.site) = (door, site);
        var inside = new HttpMessageInvoker(site.Handler());
        door.Run(context => PassAsync(context, inside));
    }

    public string Url => door.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>Requests that never reach the site, by method and path.</summary>
    public Func<string, bool> Drops { get; set; } = _ => false;

    /// <summary>Answers to a PUT, counted from 1, that never reach the phone.</summary>
    public Func<int, bool> Cuts { get; set; } = _ => false;

    /// <summary>Another worker than the site's: how a phone sees the next release.</summary>
    public string? Worker { get; set; }

    public static async Task<Wire> OpenAsync(Site site)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var wire = new Wire(builder.Build(), site);
        await wire.door.StartAsync();
        return wire;
    }

    private async Task PassAsync(HttpContext context, HttpMessageInvoker inside)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (Drops($"{context.Request.Method} {target}"))
        {
            context.Abort();
            return;
        }
        if (Worker is { } worker && target == "/sw.js")
        {
            context.Response.ContentType = "text/javascript";
            await context.Response.WriteAsync(worker);
            return;
        }
        GoOn();
        using var answer = await inside.SendAsync(Request(context, target), CancellationToken.None);
        if (context.Request.Method == "PUT" && Cuts(Interlocked.Increment(ref answers)))
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length")))
            context.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static HttpRequestMessage Request(HttpContext context, string target)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), "http://localhost" + target);
        if (context.Request.ContentLength > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Connection")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        return request;
    }

    private void GoOn()
    {
        lock (clock)
        {
            if (DateTimeOffset.UtcNow is var now && now > site.Clock.GetUtcNow())
                site.Clock.SetUtcNow(now);
        }
    }

    public async ValueTask DisposeAsync() => await door.DisposeAsync();
}
