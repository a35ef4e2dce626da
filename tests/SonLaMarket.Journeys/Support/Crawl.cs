using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace SonLaMarket.Journeys.Support;

/// <summary>Asks for every address that the pages of a site name, and follows a few pages of each kind further.</summary>
/// <param name="signedIn">Only the pages for people with an account are followed; the others are asked whether they are there.</param>
public sealed partial class Crawl(HttpClient client, int pagesOfAKind, int most, bool signedIn)
{
    private const int Together = 6;
    private static readonly HtmlParser Parser = new();
    private readonly Queue<(string Address, string From)> waiting = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> anchors = new(StringComparer.Ordinal);
    private readonly List<(string Address, string Anchor, string From)> anchored = [];

    public List<string> Faults { get; } = [];

    /// <summary>The pages that were read, by address.</summary>
    public Dictionary<string, string> Pages { get; } = new(StringComparer.Ordinal);

    public int Asked { get; private set; }

    public async Task RunAsync(params string[] from)
    {
        foreach (var address in from)
            Find(address, "the start");
        while (waiting.Count > 0 && Asked < most)
        {
            var some = new List<(string Address, string From)>();
            while (some.Count < Together && waiting.TryDequeue(out var next))
                some.Add(next);
            Asked += some.Count;
            foreach (var answer in await Task.WhenAll(some.Select(s => AskAsync(s.Address, s.From))))
                Take(answer);
        }
        foreach (var (address, anchor, page) in anchored)
        {
            if (anchors.TryGetValue(address, out var there) && !there.Contains(anchor))
                Faults.Add($"{page}: {address} has no #{anchor}");
        }
    }

    private void Find(string address, string from)
    {
        if (known.Add(address))
            waiting.Enqueue((address, from));
    }

    private sealed record Said(string Address, string From, HttpStatusCode Status, Uri? Location, string? Type, string Body);

    private async Task<Said> AskAsync(string address, string from)
    {
        using var response = await client.GetAsync(address);
        var type = response.Content.Headers.ContentType?.MediaType;
        return new(address, from, response.StatusCode, response.Headers.Location, type, type is "text/html" or "application/xml" or "text/xml" ? await response.Content.ReadAsStringAsync() : "");
    }

    private void Take(Said said)
    {
        if ((int)said.Status is >= 300 and < 400 && said.Location is { } location)
        {
            var target = new Uri(new Uri(client.BaseAddress!, said.Address), location);
            if (target.Authority == client.BaseAddress!.Authority)
                Find(Relative(target), said.Address);
        }
        else if (said.Status != HttpStatusCode.OK)
        {
            Faults.Add($"{said.From}: {said.Address} answers {(int)said.Status}");
        }
        else if (said.Type is "application/xml" or "text/xml")
        {
            foreach (Match match in Location().Matches(said.Body))
                Find(new Uri(match.Groups["url"].Value).PathAndQuery, said.Address);
        }
        else if (said.Type == "text/html" && (!signedIn || Within().IsMatch(said.Address)) && (kinds[Kind(said.Address)] = kinds.GetValueOrDefault(Kind(said.Address)) + 1) <= pagesOfAKind)
        {
            Pages[said.Address] = said.Body;
            Read(said.Address, Parser.ParseDocument(said.Body));
        }
    }

    private void Read(string address, IHtmlDocument page)
    {
        anchors[address] = [.. page.All.Select(e => e.Id).OfType<string>()];
        foreach (var (element, name) in page.All.SelectMany(e => new[] { (e, "href"), (e, "src"), (e, "poster") }))
        {
            if (element.GetAttribute(name) is { } value && !(element.LocalName == "link" && element.GetAttribute("rel") is "canonical" or "alternate"))
                Follow(address, value);
        }
        foreach (var candidate in page.QuerySelectorAll("[srcset]").SelectMany(e => e.GetAttribute("srcset")!.Split(',')))
            Follow(address, candidate.Trim().Split(' ')[0]);
        foreach (var form in page.QuerySelectorAll<IHtmlFormElement>("form").Where(f => f.Method == "get"))
            Follow(address, form.GetAttribute("action") ?? "");
    }

    private void Follow(string page, string value)
    {
        if (value.Length == 0 || !Uri.TryCreate(new Uri(client.BaseAddress!, page), value, out var target))
        {
            Faults.Add($"{page}: “{value}” is no address");
            return;
        }
        if (target.Scheme is "data" or "mailto" or "tel" or "sms" || target.Authority != client.BaseAddress!.Authority)
            return;
        var address = Relative(target);
        Find(address, page);
        if (target.Fragment.Length > 1)
            anchored.Add((address, Uri.UnescapeDataString(target.Fragment[1..]), page));
    }

    private static string Relative(Uri address) => address.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped);

    /// <summary>"/en/san-pham/*?gia-tu&amp;nhom": pages that one view makes of other rows.</summary>
    private static string Kind(string address)
    {
        var parts = address.Split('?');
        var segments = parts[0].Split('/', StringSplitOptions.RemoveEmptyEntries).ToList();
        var fixedOnes = segments is ["en", ..] ? 2 : 1;
        if (segments.Count > fixedOnes && segments[fixedOnes - 1] is "quan-ly" or "so-cong-thuong" or "quan-tri" or "tai-khoan")
            fixedOnes++;
        var path = string.Join('/', segments.Select((s, i) => i < fixedOnes || Word().IsMatch(s) && i == segments.Count - 1 && i > fixedOnes ? s : "*"));
        return parts.Length == 1 ? path : path + "?" + string.Join('&', parts[1].Split('&').Select(p => p.Split('=')[0]).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("^(/en)?/(quan-ly|tai-khoan|so-cong-thuong|quan-tri)([/?]|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Within();

    [GeneratedRegex("<loc>(?<url>[^<]+)</loc>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Location();

    [GeneratedRegex("^[a-z]+(-[a-z]+){0,2}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();
}
