using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Tests.Walks;

/// <summary>The forms that the cases of the matrix send, as they stand on their pages.</summary>
internal static class CaseForms
{
    /// <summary>Null where the case sends fields without a page.</summary>
    public static async Task<IHtmlFormElement?> FormAsync(this Case asked, Browser browser)
    {
        if (asked.FormOn is null)
            return null;
        var page = await browser.GetAsync(asked.FormOn);
        var forms = page.Page.QuerySelectorAll<IHtmlFormElement>("form").Where(f => string.Equals(f.Method, "post", StringComparison.OrdinalIgnoreCase)).ToList();
        return forms.FirstOrDefault(f => f.GetAttribute("action")!.Split('?')[0] == asked.Path)
            // Several buttons of one form decide differently.
            ?? forms.FirstOrDefault(f => f.QuerySelectorAll("[formaction]").Any(b => b.GetAttribute("formaction") == asked.Path)) ?? forms.FirstOrDefault(f => f.Closest("main") is not null);
    }

    /// <summary>A token of this browser, for fields that are sent without a page; null where no page has one.</summary>
    public static async Task<string?> TokenAsync(this Browser browser)
    {
        var page = await browser.GetAsync("/tai-khoan");
        if (page.Page.QuerySelector("input[name=__RequestVerificationToken]") is null)
            page = await browser.GetAsync("/dang-nhap");
        return page.Page.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value");
    }
}
