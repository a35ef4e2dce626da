using System.Security.Claims;

namespace SonLaMarket.Foundation.Web;

/// <summary>The signed-in menu: what the rooms offer to the roles of the reader.</summary>
public sealed class SiteMenu(IEnumerable<IRoom> rooms)
{
    private readonly List<MenuItem> items = [.. rooms.SelectMany(r => r.Menu).OrderBy(i => i.Order)];

    public IEnumerable<MenuItem> For(ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true ? items.Where(i => user.IsInRole(i.Role)) : [];
}
