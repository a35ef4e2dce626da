using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.Maps;

namespace SonLaMarket.Catalog.Sellers;

/// <summary>The public page of a producer: who and where it is, what was checked, what it sells.</summary>
public sealed class SellersController(CommuneMaps maps, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [PublicPage]
    [HttpGet("/co-so/{slug}")]
    public async Task<IActionResult> Show(string slug, string? sau, CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Producer(slug));
        if (await SellerPage.LoadAsync(db, slug, sau, Vietnamese.Today(clock), ct) is not { } page)
            return await db.SingleAsync<bool>("select exists (select 1 from producers.producer where slug = @slug and approved_at is not null)", new { slug }, ct)
                ? StatusCode(StatusCodes.Status410Gone)
                : NotFound();
        HttpContext.Tag([.. page.Lots.Select(l => PageCache.Lot(l.Code))]);
        ViewData["Map"] = await maps.OfAsync(page.Seller.CommuneCode, ct);
        ViewData["Month"] = Vietnamese.Today(clock).Month;
        return View("Show", page);
    }
}
