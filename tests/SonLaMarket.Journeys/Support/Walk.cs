using Microsoft.Playwright;

namespace SonLaMarket.Journeys.Support;

/// <summary>A purchase as a thumb makes it, counted: pages loaded, fields filled in, taps.</summary>
public sealed class Walk
{
    private readonly HashSet<string> fields = new(StringComparer.Ordinal);

    public Walk(IPage page)
    {
        Page = page;
        page.Response += (_, response) =>
        {
            if (response.Request is { ResourceType: "document", IsNavigationRequest: true } && response.Status < 300 && response.Frame == page.MainFrame)
                Pages.Add(new Uri(response.Url).AbsolutePath);
        };
    }

    public IPage Page { get; }

    /// <summary>Paths of the documents that were loaded, redirects left out.</summary>
    public List<string> Pages { get; } = [];

    public int Taps { get; private set; }

    public IReadOnlyCollection<string> Fields => fields;

    public async Task TapAsync(string selector)
    {
        Taps++;
        await Page.ClickAsync(selector);
    }

    public async Task FillAsync(string name, string value)
    {
        Count(name);
        await Page.FillAsync($"[name='{name}']", value);
    }

    public async Task ChooseAsync(string name, string value)
    {
        Count(name);
        await Page.SelectOptionAsync($"select[name='{name}']", value, new() { Force = true });
    }

    public async Task CheckAsync(string name, string value)
    {
        Count(name);
        await Page.CheckAsync($"[name='{name}'][value='{value}']");
    }

    /// <summary>One tap for each field: into it, or on the choice.</summary>
    private void Count(string name)
    {
        Taps++;
        fields.Add(name);
    }

    public override string ToString() => $"{Pages.Count} pages ({string.Join(' ', Pages)}), {fields.Count} fields ({string.Join(' ', fields)}), {Taps} taps";
}
