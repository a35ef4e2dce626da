using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace SonLaMarket.Journeys.Support;

/// <summary>A person's browser without script, over real HTTP: cookies, and forms as they stand on the page.</summary>
public sealed class Web : IDisposable
{
    private readonly HttpClient client;

    public Web(string baseUrl) => client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer(), MaxConnectionsPerServer = 256 }) { BaseAddress = new Uri(baseUrl), Timeout = TimeSpan.FromSeconds(60) };

    public HttpClient Http => client;

    public async Task<(HttpStatusCode Status, string Body, Uri? Location)> GetAsync(string path)
    {
        using var response = await client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }

    public async Task<(HttpStatusCode Status, string Body, Uri? Location)> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location);
    }

    /// <summary>Gets the page, fills its form and sends it.</summary>
    public async Task<(HttpStatusCode Status, string Body, Uri? Location)> SubmitAsync(string page, string action, params (string Name, string Value)[] changes)
    {
        var (status, body, _) = await GetAsync(page);
        var form = new HtmlParser().ParseDocument(body).QuerySelectorAll<IHtmlFormElement>("form").FirstOrDefault(f => f.GetAttribute("action")?.EndsWith(action, StringComparison.Ordinal) == true)
            ?? throw new InvalidOperationException($"{page} ({status}) has no form to {action}");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(i => i.Type is not ("checkbox" or "radio" or "file") || i.IsChecked))
            fields.TryAdd(input.Name!, input.Value);
        foreach (var area in form.QuerySelectorAll<IHtmlTextAreaElement>("textarea[name]"))
            fields[area.Name!] = area.Value;
        foreach (var select in form.QuerySelectorAll<IHtmlSelectElement>("select[name]"))
            fields[select.Name!] = select.Value ?? "";
        foreach (var (name, value) in changes)
            fields[name] = value;
        return await PostAsync(form.GetAttribute("action")!, fields);
    }

    public async Task SignInAsync(string signIn, string password)
    {
        var (status, _, _) = await SubmitAsync("/dang-nhap", "/dang-nhap", ("SignIn", signIn), ("Password", password));
        Assert.Equal(HttpStatusCode.SeeOther, status);
    }

    public void Dispose() => client.Dispose();
}
