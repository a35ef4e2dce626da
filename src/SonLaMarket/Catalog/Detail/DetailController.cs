using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.Maps;

namespace SonLaMarket.Catalog.Detail;

/// <summary>The page of a listing: what it is, what it costs with delivery, where it comes from, who vouches for what.</summary>
public sealed class DetailController(Db db, Provinces provinces, CommuneMaps maps, IReturnTerms returns, Texts t, TimeProvider clock) : PageController(t)
{
    [PublicPage]
    [ByPlace]
    [HttpGet("/san-pham/{slug}")]
    public async Task<IActionResult> Show(string slug, CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Listing(slug));
        if (await DetailPage.LoadAsync(db, slug, await provinces.AllAsync(ct), Place.Of(Request), await returns.DaysAsync(ct), clock.GetUtcNow(), ct) is { } page)
        {
            HttpContext.Tag([PageCache.Producer(page.Listing.ProducerSlug), .. page.Lots.Select(l => PageCache.Lot(l.Code))]);
            ViewData["Map"] = await maps.OfAsync(page.Listing.CommuneCode, ct);
            return View("Show", page);
        }
        if (await DetailPage.LoadGoneAsync(db, slug, ct) is not { } gone)
            return NotFound();
        if (Machines.IsMachine(Request))
            return StatusCode(StatusCodes.Status410Gone);
        Response.StatusCode = StatusCodes.Status410Gone;
        return View("Gone", gone);
    }

    /// <summary>Where to send things, so that the page can say what that costs. The form stands on cached pages, so it carries no token.</summary>
    [AllowAnonymous]
    [SameSiteForm]
    [HttpPost("/san-pham/{slug}/noi-nhan")]
    public async Task<IActionResult> UpdatePlace(string slug, [FromForm(Name = "address-level1")] string? province, CancellationToken ct)
    {
        if (await db.FirstOrDefaultAsync<string>("select code from foundation.province where code = @province", new { province }, ct) is { } code)
            Place.Remember(HttpContext, code);
        return SeeOther($"/san-pham/{Uri.EscapeDataString(slug)}#giao-hang");
    }
}
