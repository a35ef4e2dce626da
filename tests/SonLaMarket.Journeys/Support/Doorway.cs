using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>Lets Chromium into a site of the tests, which listens on no port itself; pages are only read through it.</summary>
public sealed class Doorway : IAsyncDisposable
{
    /// <summary>Where axe-core lies beside the site's own scripts, as the policy of the pages asks.</summary>
    public const string AxeAddress = "/js/axe.min.js";

    private readonly ConcurrentDictionary<string, string> shown = new(StringComparer.Ordinal);
    private readonly WebApplication door;

    private Doorway(WebApplication door, HttpMessageInvoker inside)
    {
        this.door = door;
        door.Run(context => context.Request.Path == AxeAddress ? Axe.SendAsync(context) : shown.TryGetValue(context.Request.Path + context.Request.QueryString, out var page) ? WriteAsync(context, page) : PassAsync(context, inside));
    }

    public string Url => door.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public static async Task<Doorway> OpenAsync(Site site)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var door = builder.Build();
        var doorway = new Doorway(door, new HttpMessageInvoker(site.Handler()));
        await door.StartAsync();
        return doorway;
    }

    /// <summary>The address of a page that was the answer to something else than a read.</summary>
    public string Show(Answer answer)
    {
        var path = $"{answer.Path}?refused={shown.Count}";
        shown[path] = answer.Body;
        return path;
    }

    private static Task WriteAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page);
    }

    private static async Task PassAsync(HttpContext context, HttpMessageInvoker inside)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost" + context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Connection")))
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        using var answer = await inside.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length")))
            context.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    public async ValueTask DisposeAsync() => await door.DisposeAsync();
}
