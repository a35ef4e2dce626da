using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace SonLaMarket.Journeys.Support;

/// <summary>What axe-core, a phone of 320 px and the console have to say about pages.</summary>
public static class Axe
{
    public static Task<IPage> OpenForAxeAsync(this Chromium chromium, RunningSite site) => chromium.OpenAsync(site.Url, 320, bypassCsp: true);

    public static async Task CheckAsync(this IPage page, params string[] paths)
    {
        var complaints = new List<string>();
        page.Console += (_, m) =>
        {
            if (m.Type == "error" && !m.Text.Contains("status of 4", StringComparison.Ordinal))
                complaints.Add($"{page.Url}: {m.Text}");
        };
        var faults = new List<string>();
        foreach (var path in paths)
        {
            await page.GotoAsync(path);
            faults.AddRange(await FaultsAsync(page, path));
        }
        Assert.True(faults.Count + complaints.Count == 0, string.Join('\n', faults.Concat(complaints)));
    }

    public static async Task PassesAsync(this IPage page, string what)
    {
        var faults = await FaultsAsync(page, what);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Empties the form with this action, sends it and looks at the page that refuses it.</summary>
    public static async Task CheckRefusedAsync(this IPage page, string path, string action)
    {
        await page.GotoAsync(path);
        await page.EvaluateAsync("""
            action => {
              const button = document.querySelector(`button[formaction$='${action}']`) ?? [...document.forms].find(f => f.method === "post" && f.getAttribute("action").endsWith(action)).querySelector("button:not([formaction]):not([name]), button[data-ask]:not([formaction])");
              button.form.noValidate = true;
              for (const field of button.form.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file])")) field.value = "";
              if (!button.dataset.ask) return button.click();
              // The question is answered already.
              button.form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "_yes", value: "1" }));
              button.form.requestSubmit(button);
            }
            """, action);
        await page.WaitForSelectorAsync(".error-summary, .field__error");
        await page.PassesAsync($"{path}, refused by {action}");
    }

    private static async Task<List<string>> FaultsAsync(IPage page, string what)
    {
        var result = await page.RunAxe();
        var faults = result.Violations.Select(v => $"{what}: {v.Id} – {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}").ToList();
        if (await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
            faults.Add($"{what}: scrolls sideways at 320 px");
        return faults;
    }
}
