using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Browse;

/// <summary>Browse and search: a page for people, the same rows as JSON for programs.</summary>
public sealed class BrowseController(Db db, Texts t, SiteOptions site, TimeProvider clock) : PageController(t)
{
    [PublicPage]
    [HttpGet("/san-pham")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        var query = Query.Of(Request.Query);
        var json = Machines.Wanted(Request) == "json";
        if (json && query.Bad.Count > 0)
            return Machines.Problem(StatusCodes.Status400BadRequest, "invalid-parameter", T["Tham số không đúng."], string.Join(", ", query.Bad));
        var today = Vietnamese.Today(clock);
        var (page, facets) = await Results.LoadAsync(db, query, today, facets: !json, ct);
        if (json)
            return Ok(new { items = page.Items.Select(i => Item(i, today)), next = page.Next is null ? null : site.Absolute(T.To("/san-pham") + Addresses.With(Request.Query, "sau", page.Next)) });
        return View("Index", new BrowsePage(query, page, facets, page.Next is null ? null : T.To("/san-pham") + Addresses.With(Request.Query, "sau", page.Next), today.Month));
    }

    private object Item(Tile i, DateOnly today) => new
    {
        slug = i.Slug,
        name = T.Of(i.Title, i.TitleEn),
        priceVnd = i.PriceVnd,
        unit = i.SaleUnit,
        producer = new { slug = i.ProducerSlug, name = i.ProducerName },
        commune = T.Of(i.CommuneName, i.CommuneNameEn),
        certificates = i.Certificates ?? [],
        stars = i.Stars,
        inSeason = i.InSeason(today.Month),
        stock = i.StockUnits,
        gtin = i.Gtin,
        url = site.Absolute(T.To("/san-pham/" + i.Slug)),
    };
}

public sealed record BrowsePage(Query Query, Page<Tile> Page, Facets Facets, string? Next, int Month);
