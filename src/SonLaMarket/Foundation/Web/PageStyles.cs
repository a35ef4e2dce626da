using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// The style sheets of a page: app.css always, then what the room or the view names in ViewData["Css"] (space separated,
/// usually in the room's _ViewStart.cshtml), then what the words used on the page bring along by themselves.
/// </summary>
public static class PageStyles
{
    private static readonly object Key = new();

    /// <summary>Called by a tag helper whose markup lives in another file than app.css.</summary>
    public static void NeedStyle(this HttpContext context, string name) => Needed(context).Add(name);

    public static IEnumerable<string> For(HttpContext context, ViewDataDictionary viewData) =>
        ((viewData["Css"] as string) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Concat(Needed(context))
            .Distinct(StringComparer.Ordinal);

    private static HashSet<string> Needed(HttpContext context)
    {
        if (context.Items[Key] is HashSet<string> needed)
            return needed;
        context.Items[Key] = needed = new HashSet<string>(StringComparer.Ordinal);
        return needed;
    }
}
