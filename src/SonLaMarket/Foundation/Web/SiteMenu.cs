using System.Security.Claims;

namespace SonLaMarket.Foundation.Web;

/// <summary>The signed-in menu: what the rooms offer to the roles of the reader.</summary>
public sealed class SiteMenu(IEnumerable<IRoom> rooms)
{
    private readonly List<MenuItem> items = [.. rooms.SelectMany(r => r.Menu).OrderBy(i => i.Order)];

    /// <summary>So many lines are read without headings.</summary>
    private const int Short = 8;

    /// <summary>The same under headings, where the menu is long; first, under none, what stands alone.</summary>
    public static (IEnumerable<MenuItem> Alone, List<IGrouping<string, MenuItem>> Groups) Grouped(IReadOnlyCollection<MenuItem> items) => items.Count <= Short
        ? (items, [])
        : (items.Where(i => i.Group is null), [.. items.Where(i => i.Group is not null).GroupBy(i => i.Group!).OrderBy(g => Array.IndexOf(MenuGroup.All, g.Key))]);

    public IEnumerable<MenuItem> For(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true ? items.Where(i => user.IsInRole(i.Role)) : [];
}
