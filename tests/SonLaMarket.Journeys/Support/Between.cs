using System.Net;
using System.Text;

namespace SonLaMarket.Journeys.Support;

/// <summary>Stands between the browser and the site and changes one file on its way: how a browser sees the next release of it.</summary>
public sealed class Between : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly HttpClient client;
    private readonly string path;
    private readonly Task serving;

    public Between(RunningSite site, string path)
    {
        this.path = path;
        client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(site.Url) };
        Url = $"http://127.0.0.1:{RunningSite.FreePort()}";
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>What becomes of the file's text.</summary>
    public Func<string, string> Change { get; set; } = text => text;

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = ForwardAsync(context);
        }
    }

    private async Task ForwardAsync(HttpListenerContext context)
    {
        using var answer = await client.GetAsync(context.Request.RawUrl);
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (context.Request.RawUrl == path)
            body = Encoding.UTF8.GetBytes(Change(Encoding.UTF8.GetString(body)));
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key is "Content-Type" or "Cache-Control" or "Location" or "Content-Security-Policy" or "X-Keep-Offline"))
            context.Response.Headers[name] = string.Join(", ", values);
        context.Response.ContentLength64 = body.Length;
        await context.Response.OutputStream.WriteAsync(body);
        context.Response.Close();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
        client.Dispose();
    }
}
