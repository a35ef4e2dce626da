using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Tests.Support;

/// <summary>The whole site on one database, with a clock that stands still and a queue that runs only when told.</summary>
public sealed class Site : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> factory;

    public Site(TestDatabase database, Action<IServiceCollection>? with = null, IReadOnlyDictionary<string, string>? settings = null)
        : this(database.Settings, with, settings)
    {
    }

    /// <param name="database">The connection strings of any server.</param>
    public Site(Dictionary<string, string?> database, Action<IServiceCollection>? with = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var now = DateTimeOffset.UtcNow;
        Clock = new FakeTimeProvider(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)));
        factory = new WebApplicationFactory<Program>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Test");
            foreach (var (key, value) in database)
                host.UseSetting(key, value);
            host.UseSetting("Site:PublicBaseUrl", "http://localhost");
            host.UseSetting("Vnpay:SimulatorUrl", "");
            host.UseSetting("data", "reference");
            host.UseSetting("Logging:LogLevel:Default", "Warning");
            // The server of the tests has no limit of body sizes and says so at each form.
            host.UseSetting("Logging:LogLevel:Microsoft.AspNetCore.Routing", "Error");
            host.UseSetting("Logging:LogLevel:Microsoft.AspNetCore.Mvc.Filters", "Error");
            foreach (var (key, value) in settings ?? new Dictionary<string, string>(StringComparer.Ordinal))
                host.UseSetting(key, value);
            host.ConfigureTestServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));
                // A password takes a tenth of a second on purpose; the tests sign in a thousand times.
                services.Configure<Microsoft.AspNetCore.Identity.PasswordHasherOptions>(o => o.IterationCount = 1_000);
                services.AddTransient<IStartupFilter, RawTargets>();
                ReadActions.Add(services);
                // The workers alone are hosted through a factory; tests run its due work themselves.
                foreach (var hosted in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory is not null).ToList())
                    services.Remove(hosted);
                with?.Invoke(services);
            });
        });
    }

    public FakeTimeProvider Clock { get; }

    public IServiceProvider Services => factory.Services;

    public Db Db => Get<Db>();

    public T Get<T>() where T : notnull => factory.Services.GetRequiredService<T>();

    public HttpMessageHandler Handler() => factory.Server.CreateHandler();

    /// <param name="from">The address that the browser comes from; null is none at all.</param>
    public Browser Open(string? from = null) => new(Handler(), from);

    /// <summary>Runs the jobs, the recurring work and the long tasks that are due at the clock's time.</summary>
    public async Task RunDueAsync()
    {
        await Get<Worker>().RunDueAsync(CancellationToken.None);
        await Get<TaskRunner>().RunDueAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync() => await factory.DisposeAsync();
}

/// <summary>The raw target and the caller's address, which the server of the tests leaves empty and Kestrel does not.</summary>
internal sealed class RawTargets : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, then) =>
        {
            context.Features.Get<IHttpRequestFeature>()!.RawTarget = context.Request.Path.ToUriComponent() + context.Request.QueryString;
            if (context.Request.Headers.TryGetValue(Browser.FromHeader, out var from))
                context.Connection.RemoteIpAddress = IPAddress.Parse(from.ToString());
            return then(context);
        });
        next(app);
    };
}

/// <summary>An answer, with the page that was sent.</summary>
public sealed record Answer(HttpStatusCode Status, string? Location, HttpResponseMessage Message, string Body, string Path)
{
    private readonly Lazy<IHtmlDocument> page = new(() => new HtmlParser().ParseDocument(Body));

    public IHtmlDocument Page => page.Value;

    /// <summary>What a person reads, without the no-break spaces.</summary>
    public string Text => string.Join(' ', (Page.QuerySelector("main") ?? Page.DocumentElement).TextContent.Replace('\u00a0', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>A browser without script: cookies, forms as they stand on the page.</summary>
public sealed class Browser(HttpMessageHandler handler, string? from = null)
{
    internal const string FromHeader = "Test-From";
    private static readonly Uri Root = new("http://localhost");
    private readonly HttpClient client = new(handler) { BaseAddress = Root };
    private readonly CookieContainer cookies = new();

    /// <summary>The value of a cookie that the site has set; null when it has not.</summary>
    public string? Cookie(string name) => cookies.GetCookies(Root)[name]?.Value;

    public IEnumerable<Cookie> Cookies => cookies.GetCookies(Root);

    public async Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    /// <summary>A post as a form of our own pages makes it.</summary>
    public async Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return await SendAsync(request);
    }

    /// <summary>A post of fields and files.</summary>
    public async Task<Answer> PostAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    /// <summary>A post that the browser says came from elsewhere ("cross-site").</summary>
    public async Task<Answer> SendAsync(string path, HttpContent content, string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Sec-Fetch-Site", site);
        return await SendAsync(request);
    }

    /// <summary>A put as a script of our own pages makes it.</summary>
    public async Task<Answer> PutAsync(string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = content };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await SendAsync(request);
    }

    /// <summary>Sends the form whose action ends as given, with its fields as they stand and some of them changed.</summary>
    public Task<Answer> SubmitAsync(Answer on, string action, params (string Name, string Value)[] changes)
    {
        var form = on.Page.QuerySelectorAll<IHtmlFormElement>("form").FirstOrDefault(f => f.GetAttribute("action")!.EndsWith(action, StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"{on.Path} has no form to {action}: {on.Text}");
        return PostAsync(form.GetAttribute("action")!, Fields(form, changes));
    }

    /// <summary>Sends the form and goes where its answer leads, as a browser does by itself.</summary>
    public async Task<Answer> SubmitAndFollowAsync(Answer on, string action, params (string Name, string Value)[] changes)
    {
        var answer = await SubmitAsync(on, action, changes);
        return answer is { Status: HttpStatusCode.SeeOther, Location: { } next } ? await GetAsync(next) : answer;
    }

    public static Dictionary<string, string> Fields(IHtmlFormElement form, params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(i => i.Type is not ("checkbox" or "radio") || i.IsChecked))
            fields.TryAdd(input.Name!, input.Value);
        foreach (var area in form.QuerySelectorAll<IHtmlTextAreaElement>("textarea[name]"))
            fields[area.Name!] = area.Value;
        foreach (var select in form.QuerySelectorAll<IHtmlSelectElement>("select[name]"))
            fields[select.Name!] = select.Value ?? "";
        foreach (var (name, value) in changes)
            fields[name] = value;
        return fields;
    }

    public async Task<Browser> SignInAsync(string signIn, string password)
    {
        var answer = await SubmitAsync(await GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", password));
        return answer.Status == HttpStatusCode.SeeOther ? this : throw new InvalidOperationException($"sign-in refused: {answer.Text}");
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        var uri = new Uri(Root, request.RequestUri!);
        if (cookies.GetCookieHeader(uri) is { Length: > 0 } header)
            request.Headers.Add("Cookie", header);
        if (from is not null)
            request.Headers.Add(FromHeader, from);
        var response = await client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
                cookies.SetCookies(uri, cookie);
        }
        return new Answer(response.StatusCode, response.Headers.Location?.OriginalString, response, await response.Content.ReadAsStringAsync(), uri.PathAndQuery).WithFieldsOfItsMessages();
    }
}
