using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Support;

/// <summary>Lets Chromium into a site of the tests, which listens on no port itself: pages as they were answered to somebody, the rest as the site has it for whom the page was.</summary>
public sealed class Doorway : IAsyncDisposable
{
    /// <summary>Where axe-core lies beside the site's own scripts, as the policy of the pages asks.</summary>
    public const string AxeAddress = "/js/axe.min.js";

    private readonly ConcurrentDictionary<string, (Answer Answer, Browser Who)> shown = new(StringComparer.Ordinal);
    private readonly WebApplication door;

    private Doorway(WebApplication door, HttpMessageInvoker inside)
    {
        this.door = door;
        door.Run(context => context.Request.Path == AxeAddress ? Axe.SendAsync(context) : shown.TryGetValue(context.Request.Path + context.Request.QueryString, out var page) ? WriteAsync(context, page.Answer) : PassAsync(context, inside));
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

    public void Show(string path, Answer answer, Browser who) => shown[path] = (answer, who);

    private static Task WriteAsync(HttpContext context, Answer page)
    {
        Head(context.Response, page.Message);
        return context.Response.WriteAsync(page.Body);
    }

    private async Task PassAsync(HttpContext context, HttpMessageInvoker inside)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost" + context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        foreach (var (name, values) in context.Request.Headers.Where(h => h.Key is not ("Host" or "Connection")))
            request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        if (Uri.TryCreate(context.Request.Headers.Referer, UriKind.Absolute, out var from) && shown.TryGetValue(from.PathAndQuery, out var page))
            request.Headers.TryAddWithoutValidation("Cookie", string.Join("; ", page.Who.Cookies.Select(c => $"{c.Name}={c.Value}")));
        using var answer = await inside.SendAsync(request, context.RequestAborted);
        Head(context.Response, answer);
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static void Head(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length" or "Set-Cookie")))
            response.Headers[name] = values.ToArray();
    }

    public async ValueTask DisposeAsync() => await door.DisposeAsync();
}
