using Microsoft.Playwright;

namespace SonLaMarket.Journeys.Support;

/// <summary>A person without a mouse. Wherever the focus stops it must be seen.</summary>
public sealed class Keyboard(IPage page)
{
    private const int MostStops = 250;

    /// <summary>Why nobody sees the focus; null when it is seen. A ring is an outline or a shadow (WCAG 2.2, 2.4.7), not under something that sticks (2.4.11).</summary>
    public const string Unseen = """
        e => {
          if (!e || e === document.body) return null;
          const name = `<${e.localName} ${e.id ? "#" + e.id : ""} ${e.name ?? ""} class="${e.className}"> ${(e.innerText ?? "").slice(0, 40)}`;
          const ringed = (x, part) => { const s = getComputedStyle(x, part); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1) || s.boxShadow !== "none"; };
          if (!ringed(e) && !ringed(e, "::after") && !ringed(e, "::before") && !(e.labels && [...e.labels].some(ringed)) && !ringed(e.parentElement)) return name + ": no ring";
          const r = e.getClientRects()[0] ?? e.getBoundingClientRect();
          if (r.bottom < 0 || r.top > innerHeight || r.right < 0 || r.left > innerWidth) return name + ": out of sight";
          const over = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(0, r.left + r.width / 2)), Math.min(innerHeight - 1, Math.max(0, r.top + r.height / 2)));
          return !over || e.contains(over) || over.contains(e) || (e.labels && [...e.labels].some(l => l.contains(over))) ? null : `${name}: under <${over.localName} class="${over.className}">`;
        }
        """;

    /// <summary>Tab until the focus is on the first element of this kind after where it was.</summary>
    public async Task ToAsync(string selector)
    {
        for (var stop = 0; stop < MostStops; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            var unseen = await page.EvaluateAsync<string?>($"({Unseen})(document.activeElement)");
            Assert.True(unseen is null, $"{page.Url}: {unseen}");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                return;
        }
        Assert.Fail($"{page.Url}: Tab does not reach {selector}");
    }

    /// <summary>Writes over what stands in the field.</summary>
    public async Task FillAsync(string name, string text)
    {
        await ToAsync($"[name='{name}']");
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Presses Enter on it and waits for the page it leads to.</summary>
    public async Task GoAsync(string selector)
    {
        await ToAsync(selector);
        await EnterAsync();
    }

    /// <summary>Presses Enter on what asks first, thinks better of it with Escape, which leads back to where one was, and then means it: Enter on the answer that it offers.</summary>
    public async Task ConfirmAsync(string selector)
    {
        // The script that asks is fetched after the page.
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await ToAsync(selector);
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("dialog[open]").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Locator("dialog").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        Assert.True(await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector), $"{page.Url}: Escape does not lead back to {selector}");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("dialog[open]").WaitForAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.activeElement.matches('dialog[open] button')"));
        await EnterAsync();
    }

    public async Task EnterAsync()
    {
        await page.EvaluateAsync("window.left = false; addEventListener('pagehide', () => window.left = true)");
        await page.Keyboard.PressAsync("Enter");
        for (var i = 0; i < 300; i++)
        {
            try
            {
                if (await page.EvaluateAsync<bool>("!('left' in window) && document.readyState !== 'loading'"))
                    return;
            }
            catch (PlaywrightException)
            {
                // Between two pages there is nobody to ask.
            }
            await Task.Delay(50);
        }
        Assert.Fail($"{page.Url}: Enter leads nowhere");
    }

    /// <summary>Finds an entry of a long list by a few letters of it.</summary>
    public async Task FindAsync(string name, string letters)
    {
        await ToAsync($"[id='{name}-find']");
        await page.Keyboard.PressAsync("ControlOrMeta+a");
        await page.Keyboard.TypeAsync(letters);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        Assert.NotEqual("", await page.InputValueAsync($"select[name='{name}']"));
    }

    /// <summary>Goes through a group of choices with the arrows.</summary>
    public async Task ChooseAsync(string name, string value)
    {
        await ToAsync($"[name='{name}']");
        await page.Keyboard.PressAsync("Space");
        for (var i = 0; i < 12 && await page.EvaluateAsync<string>("document.activeElement.value") != value; i++)
            await page.Keyboard.PressAsync("ArrowDown");
        Assert.True(await page.IsCheckedAsync($"[name='{name}'][value='{value}']"));
    }

    /// <summary>Goes down a closed list with the arrow until the entry is chosen; the page stays where it is meanwhile (WCAG 2.2, 3.2.2).</summary>
    public async Task PickAsync(string name, string value)
    {
        await ToAsync($"select[name='{name}']");
        var (address, entries) = (page.Url, await page.EvaluateAsync<int>("document.activeElement.length"));
        for (var i = 0; i < entries && await page.EvaluateAsync<string>("document.activeElement.value") != value; i++)
            await page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal((address, value), (page.Url, await page.InputValueAsync($"select[name='{name}']")));
    }

    /// <summary>Unfolds what hides this element.</summary>
    public async Task UnfoldAsync(string hidden)
    {
        await ToAsync($"details:has({hidden}) > summary");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(hidden).WaitForAsync();
    }

    public async Task TickAsync(string selector)
    {
        await ToAsync(selector);
        await page.Keyboard.PressAsync("Space");
    }
}
