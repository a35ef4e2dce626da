using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Browse;

/// <summary>Browse and search: a page for people, the same rows as JSON for programs.</summary>
public sealed class BrowseController(Db db, Lexicons lexicons, KnownFacets known, SearchLimit limit, Texts t, SiteOptions site, TimeProvider clock) : PageController(t)
{
    [PublicPage]
    [HttpGet("/san-pham")]
    public async Task<IActionResult> Index(CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        var lexicon = await lexicons.PresentAsync(ct);
        var query = Query.Of(Request.Query, lexicon);
        var json = Machines.Wanted(Request) == "json";
        if (json && query.Bad.Count > 0)
            return Machines.Problem(StatusCodes.Status400BadRequest, "invalid-parameter", T["Tham số không đúng."], string.Join(", ", query.Bad));
        if (query.Text is not null && !limit.TryTake(HttpContext.Connection.RemoteIpAddress))
        {
            Response.Headers.RetryAfter = limit.RetryAfter;
            return StatusCode(StatusCodes.Status429TooManyRequests);
        }
        var today = Vietnamese.Today(clock);
        var found = await Finder.FindAsync(db, lexicon, known, query, today, facets: !json, ct);
        var next = found.Page.Next is { } after ? T.To("/san-pham") + Addresses.With(Request.Query, ("q", found.Shown ?? query.Text), ("sau", after)) : null;
        if (json)
            return Ok(new ListAnswer(found.Page.Items.Select(i => Item(i, today)), next is null ? null : site.Absolute(next), found.Shown));
        return View("Index", new BrowsePage(query, found, lexicon, next, Request.Query, today.Month));
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

    /// <param name="SearchedFor">Only where nothing was found for what was asked: what was searched for instead.</param>
    private sealed record ListAnswer(
        [property: JsonPropertyName("items")] IEnumerable<object> Items, [property: JsonPropertyName("next")] string? Next,
        [property: JsonPropertyName("searchedFor"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? SearchedFor);
}
