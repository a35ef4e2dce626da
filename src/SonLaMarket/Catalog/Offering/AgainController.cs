using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog.Offering;

/// <summary>A listing again as last season: when it was harvested, where, how much, for how much – and the label in hand.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/tin-dang/{slug}/dang-lai")]
public sealed class AgainController(OfferDrafts drafts, Listings listings, Products products, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    /// <summary>Lots older than this were last season's.</summary>
    private const int SeasonDays = 90;

    private static readonly string[] Asked = [nameof(OfferText.HarvestedOn), nameof(OfferText.Place), nameof(OfferText.Quantity), nameof(OfferText.Price)];

    private DateOnly Today => Vietnamese.Today(clock);

    [HttpGet("")]
    public async Task<IActionResult> New(string slug, CancellationToken ct)
    {
        if (await LoadAsync(slug, ct) is not { } page)
            return NotFound();
        if (page.Listing.Status == "suspended")
            return Conflict();
        var text = page.Offer.Text with { HarvestedOn = Vietnamese.Date(Today), Place = page.LastPlace(OfferText.OwnPlace) };
        return View("Again", page with { Offer = page.Offer.With(text, Today, T) });
    }

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string slug, AgainForm form, CancellationToken ct)
    {
        if (await LoadAsync(slug, ct) is not { } page)
            return NotFound();
        var text = page.Offer.Text with { HarvestedOn = form.HarvestedOn ?? "", Place = form.Place ?? "", Quantity = form.Quantity ?? "", Price = form.Price ?? "" };
        page = page with { Offer = page.Offer.With(text, Today, T), TakeOff = form.TakeOff };
        var reading = page.Offer.Reading;
        foreach (var fault in reading.Faults.Where(f => Asked.Contains(f.Field)))
            ModelState.AddModelError(fault.Field, fault.Message);
        if (!ModelState.IsValid)
            return Invalid("Again", page);
        if (PriceJump.Question(page.Listing.PriceVnd, reading.PriceVnd!.Value, page.Listing.SaleUnit, page.Listing.Title, page.Listing.NetWeightG, page.Offer.Text.Category, T) is { } jump && AskOnce(jump, T["Đăng với giá này"]) is { } question)
            return question;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var harvest = new OfferHarvest(reading.HarvestedOn!.Value, reading.GrowingAreaId, reading.QuantityBase!.Value, reading.PriceVnd!.Value);
        if (await drafts.RepeatAsync(tx, id, slug, harvest, form.TakeOff && page.LeftoverBase > 0 ? Today.AddDays(-SeasonDays) : null, User.Id(), User.As(Roles.Seller)) is null)
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/dang-ban/{id}/tem");
    }

    private async Task<AgainPage?> LoadAsync(string slug, CancellationToken ct)
    {
        const string last = """
            select o.growing_area_id, o.harvested_on, o.quantity_base,
              (select coalesce(sum(s.available), 0) from catalog.lot_stock s join origin.lot x on x.id = s.lot_id where s.product_id = @ProductId and x.harvested_on < @before)::bigint as leftover_base
            from origin.lot o where o.product_id = @ProductId and o.taken_back_at is null order by o.harvested_on desc nulls last, o.id desc limit 1
            """;
        if (await listings.FindAsync(db, slug, User.Id(), ct) is not { } listing || await products.FindAsync(db, listing.ProductCode, User.Id(), ct) is not { } product)
            return null;
        var lot = await db.FirstOrDefaultAsync<LastLot>(last, new { listing.ProductId, before = Today.AddDays(-SeasonDays) }, ct);
        return new AgainPage(listing, await OfferPage.OfAsync(db, listing, product, User.Id(), Today, T, ct), lot);
    }
}

public sealed record LastLot(Guid? GrowingAreaId, DateOnly? HarvestedOn, long QuantityBase, long LeftoverBase);

public sealed record AgainPage(Listing Listing, OfferPage Offer, LastLot? Last, bool TakeOff = true)
{
    public long LeftoverBase => Last?.LeftoverBase ?? 0;

    /// <summary>Where it grew last season; who has growing areas and did not say it then says it now.</summary>
    public string LastPlace(string otherwise) => Last?.GrowingAreaId is not { } id ? Offer.Lists.Places.Count > 0 ? "" : otherwise : Offer.Lists.Places.Exists(p => p.Id == id) ? id.ToString() : otherwise;
}

public sealed record AgainForm
{
    public string? HarvestedOn { get; init; }

    public string? Place { get; init; }

    public string? Quantity { get; init; }

    public string? Price { get; init; }

    public bool TakeOff { get; init; }
}
