using Microsoft.Playwright;

namespace SonLaMarket.Journeys.Support;

/// <summary>What a job costs a person: fields they are shown, taps, page loads. A field that is filled in costs the tap into it.</summary>
public sealed class Effort
{
    private readonly IPage page;
    private readonly HashSet<string> shown = new(StringComparer.Ordinal);
    private readonly HashSet<string> filled = new(StringComparer.Ordinal);

    public Effort(IPage page)
    {
        this.page = page;
        page.FrameNavigated += Navigated;
    }

    public int Taps { get; private set; }

    public int Loads { get; private set; }

    /// <summary>Names of all fields that were on the pages, filled in or not; a group of choices is one, and so are a camera and the photos that are there.</summary>
    public int Shown => shown.Count;

    public int Filled => filled.Count;

    public async Task TapAsync(string selector)
    {
        await LookAsync();
        Taps++;
        await page.NextPageAsync(() => page.ClickAsync(selector));
        await LookAsync();
    }

    public async Task TypeAsync(string name, string text)
    {
        Fill(name);
        await page.FillAsync($"main [name={name}]", text);
    }

    public async Task ChooseAsync(string name, string value)
    {
        Fill(name);
        await page.SelectOptionAsync($"main select[name={name}]", value, new() { Force = true });
    }

    public async Task CheckAsync(string name, string value)
    {
        Fill(name);
        await page.CheckAsync($"main [name={name}][value='{value}']");
    }

    public async Task PhotoAsync(string name, string file)
    {
        Fill(name);
        await page.SetInputFilesAsync($"main [name={name}]", file);
    }

    public string Ended(string what)
    {
        page.FrameNavigated -= Navigated;
        var words = $"{what}: {Shown} fields shown, {Filled} filled in, {Taps} taps, {Loads} page loads";
        TestContext.Current.SendDiagnosticMessage(words);
        Console.WriteLine(words);
        return words;
    }

    private void Fill(string name)
    {
        filled.Add(name);
        Taps++;
    }

    private async Task LookAsync()
    {
        foreach (var name in await page.EvaluateAsync<string[]>("[...document.querySelectorAll('main .field :is(input, select, textarea)[name]')].filter(f => f.type !== 'hidden' && f.name !== 'Removed' && f.checkVisibility()).map(f => f.name.replace(/Camera$/, ''))"))
            shown.Add(name);
    }

    private void Navigated(object? sender, IFrame frame)
    {
        if (frame == page.MainFrame)
            Loads++;
    }
}
