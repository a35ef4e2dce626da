using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <summary>Keeps what is derived from listings, stock and blocks: the search entry, what each lot offers, cached pages, announcements.</summary>
public sealed class Shelf(LotOffers offers, ApprovedProducts approved, Queue queue, TimeProvider clock)
{
    /// <summary>Brings everything derived from one listing up to date, inside the change's own transaction.</summary>
    public async Task RefreshAsync(Tx tx, long listingId)
    {
        var listing = await tx.SingleAsync<State>("""
            select l.id, l.slug, l.product_id, r.slug as producer_slug, l.public_version is not null and r.public_version is not null as is_public, l.approved_at is not null as was_public
            from catalog.listing l join producers.producer r on r.id = l.producer_id where l.id = @listingId
            """, new { listingId });
        if (listing.IsPublic)
            await SearchEntries.PutAsync(tx, listingId, Vietnamese.Today(clock));
        else
            await tx.ExecuteAsync("delete from catalog.search_entry where listing_id = @listingId", new { listingId });
        await OfferAsync(tx, listing.ProductId);
        // Of what was never approved nobody has seen anything: there is no page to forget and no file to make anew, be it ten thousand that came in at once.
        if (!listing.WasPublic)
            return;
        await queue.AnnounceAsync(tx, new ListingChanged(listingId, listing.Slug));
        await PageCache.EvictAsync(tx, PageCache.Listing(listing.Slug), PageCache.Producer(listing.ProducerSlug), PageCache.Browse);
    }

    /// <summary>After a change of a product's stock or blocks: all listings that sell from it.</summary>
    public async Task RefreshProductAsync(Tx tx, long productId)
    {
        foreach (var id in await tx.QueryAsync<long>("select id from catalog.listing where product_id = @productId order by id", new { productId }))
            await RefreshAsync(tx, id);
    }

    /// <summary>Each lot of the product offers its cheapest public listing per base unit, or nothing.</summary>
    private async Task OfferAsync(Tx tx, long productId)
    {
        const string select = """
            select t.lot_id, o.slug, o.price_vnd, o.sale_unit, o.title, case when o.slug is null or x.best_before < @today or exists (select 1 from origin.lot_block b where b.lot_id = t.lot_id and b.lifted_at is null) then 0 else t.available / o.base_per_unit end as units
            from catalog.lot_stock t join origin.lot x on x.id = t.lot_id left join lateral (
              select l.slug, l.price_vnd, l.sale_unit, l.title, l.base_per_unit from catalog.listing l join producers.producer r on r.id = l.producer_id
              where l.product_id = t.product_id and l.public_version is not null and l.paused_at is null and r.public_version is not null
              order by l.price_vnd::numeric / l.base_per_unit, l.id limit 1) o on true
            where t.product_id = @productId order by t.lot_id
            """;
        const string first = """
            select l.slug from catalog.listing l join producers.producer r on r.id = l.producer_id
            where l.product_id = @productId and l.public_version is not null and r.public_version is not null order by l.price_vnd::numeric / l.base_per_unit, l.id limit 1
            """;
        if (await tx.FirstOrDefaultAsync<string>(first, new { productId }) is { } slug)
            await approved.LeadToAsync(tx, productId, slug);
        var rows = await tx.QueryAsync<Offer>(select, new { productId, today = Vietnamese.Today(clock) });
        await offers.SetAsync(tx, rows.ConvertAll(r => (r.LotId, r.Slug is null ? null : new LotOffer(r.Slug, r.PriceVnd!.Value, SaleUnit.Word(r.SaleUnit!, r.Title!), r.Units))));
    }

    private sealed record State(long Id, string Slug, long ProductId, string ProducerSlug, bool IsPublic, bool WasPublic);

    private sealed record Offer(long LotId, string? Slug, long? PriceVnd, string? SaleUnit, string? Title, long Units);
}
