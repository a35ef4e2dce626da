using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace SonLaMarket.Foundation.Web;

/// <summary>
/// The style sheets of a page: app.css always, then what the room's _ViewStart.cshtml and the tag helpers used need, then
/// what the view names in ViewData["Css"] (space separated).
/// </summary>
public static class PageStyles
{
    private static readonly object Key = new();

    /// <summary>Asks for a file of wwwroot/css by its name without ending.</summary>
    public static void NeedStyle(this HttpContext context, string name) => Needed(context).Add(name);

    public static IEnumerable<string> For(HttpContext context, ViewDataDictionary viewData) =>
        Needed(context)
            .Concat(((viewData["Css"] as string) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Distinct(StringComparer.Ordinal);

    private static HashSet<string> Needed(HttpContext context)
    {
        if (context.Items[Key] is HashSet<string> needed)
            return needed;
        context.Items[Key] = needed = new HashSet<string>(StringComparer.Ordinal);
        return needed;
    }
}
