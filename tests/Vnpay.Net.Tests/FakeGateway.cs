using System.Text;
using System.Text.Json;

namespace Vnpay.Tests;

/// <summary>A gateway that answers whatever the test wants, and remembers what it was asked.</summary>
internal sealed class FakeGateway(Func<HttpResponseMessage> answer) : HttpMessageHandler
{
    public FakeGateway(string body) : this(() => new HttpResponseMessage { Content = new StringContent(body, Encoding.UTF8, "application/json") }) { }

    public List<(HttpMethod Method, Uri Address, string ContentType, string Body)> Requests { get; } = [];

    /// <summary>The JSON bodies among the requests.</summary>
    public List<Dictionary<string, string>> Questions => [.. Requests.Where(r => r.ContentType == "application/json").Select(r => JsonSerializer.Deserialize<Dictionary<string, string>>(r.Body)!)];

    public TimeSpan Delay { get; init; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add((request.Method, request.RequestUri!, request.Content?.Headers.ContentType?.ToString() ?? "", body));
        await Task.Delay(Delay, cancellationToken);
        return answer();
    }
}
