using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <summary>Keeps what is derived from listings, stock and blocks: the search entry, what each lot offers, cached pages, announcements.</summary>
public sealed class Shelf(LotOffers offers, ApprovedProducts approved, Queue queue, TimeProvider clock)
{
    /// <summary>Nobody else changes the stock of these products, or derives from it, until the transaction ends: what is read now is still so when it is written.</summary>
    private const string Lock = "select lot_id from catalog.lot_stock where product_id";

    /// <summary>What is derived from listings with all that sell from the products @products, whose stock is locked: the listings, the pages that bare GTINs should lead to now, and each lot's cheapest public listing per base unit.</summary>
    internal const string OfProducts = $"{Lock} = any(@products) order by lot_id for update; {Listings} where l.product_id = any(@products) order by l.id; {Leads} = any(@products) {LeadsEnd}; {Offers} = any(@products) order by t.lot_id";

    private const string OfListing = $"{Lock} = (select product_id from catalog.listing where id = @listingId) order by lot_id for update; {Listings} where l.id = @listingId; {Leads} = (select product_id from catalog.listing where id = @listingId) {LeadsEnd}; {Offers} = (select product_id from catalog.listing where id = @listingId) order by t.lot_id";

    private const string Listings = """
        select l.id, l.slug, r.slug as producer_slug, l.public_version is not null and r.public_version is not null as is_public, l.approved_at is not null as was_public
        from catalog.listing l join producers.producer r on r.id = l.producer_id
        """;

    private const string Leads = """
        select distinct on (l.product_id) l.product_id, l.slug, a.listing_slug as present from catalog.listing l join producers.producer r on r.id = l.producer_id join origin.approved_product a on a.product_id = l.product_id
        where l.public_version is not null and r.public_version is not null and l.product_id
        """;

    private const string LeadsEnd = "order by l.product_id, l.price_vnd::numeric / l.base_per_unit, l.id";

    private const string Offers = """
        select t.lot_id, x.code, o.slug, o.price_vnd, o.sale_unit, o.title, case when o.slug is null or x.best_before < @today or exists (select 1 from origin.lot_block b where b.lot_id = t.lot_id and b.lifted_at is null) then 0 else t.available / o.base_per_unit end as units
        from catalog.lot_stock t join origin.lot x on x.id = t.lot_id left join lateral (
          select l.slug, l.price_vnd, l.sale_unit, l.title, l.base_per_unit from catalog.listing l join producers.producer r on r.id = l.producer_id
          where l.product_id = t.product_id and l.public_version is not null and l.paused_at is null and r.public_version is not null
          order by l.price_vnd::numeric / l.base_per_unit, l.id limit 1) o on true
        where t.product_id
        """;

    /// <summary>Brings everything derived from one listing up to date, inside the change's own transaction.</summary>
    public async Task RefreshAsync(Tx tx, long listingId) => await WriteAsync(tx, await tx.MultipleAsync(OfListing, new { listingId, today = Vietnamese.Today(clock) }, ReadAsync));

    /// <summary>All listings that sell from a product.</summary>
    public async Task RefreshProductAsync(Tx tx, long productId) => await WriteAsync(tx, await LoadAsync(tx, [productId]));

    /// <summary>The same after nothing but a change of these products' stock.</summary>
    public async Task RestockAsync(Tx tx, IEnumerable<long> productIds)
    {
        long[] products = [.. productIds.Distinct().Order()];
        if (products.Length > 0)
            await RestockAsync(tx, products, await LoadAsync(tx, products));
    }

    /// <param name="derived">Read after the change.</param>
    internal async Task RestockAsync(Tx tx, long[] products, Derived derived)
    {
        SearchEntries.Restock(tx, products, Vietnamese.Today(clock));
        await TellAsync(tx, derived);
    }

    private Task<Derived> LoadAsync(Tx tx, long[] products) => tx.MultipleAsync(OfProducts, new { products, today = Vietnamese.Today(clock) }, ReadAsync);

    internal static async Task<Derived> ReadAsync(SqlMapper.GridReader grid)
    {
        await grid.ReadAsync<long>();
        return new((await grid.ReadAsync<State>()).AsList(), (await grid.ReadAsync<Lead>()).AsList(), (await grid.ReadAsync<Offer>()).AsList());
    }

    private async Task WriteAsync(Tx tx, Derived derived)
    {
        foreach (var listing in derived.Listings)
            if (listing.IsPublic)
                SearchEntries.Put(tx, listing.Id, Vietnamese.Today(clock));
            else
                tx.Add("delete from catalog.search_entry where listing_id = @Id", new { listing.Id });
        await TellAsync(tx, derived);
    }

    private async Task TellAsync(Tx tx, Derived derived)
    {
        foreach (var lead in derived.Leads.Where(l => l.Slug != l.Present))
            approved.LeadTo(tx, lead.ProductId, lead.Slug);
        await offers.SetAsync(tx, derived.Offers.ConvertAll(r => (r.LotId, r.Code, r.Slug is null ? null : new LotOffer(r.Slug, r.PriceVnd!.Value, SaleUnit.Word(r.SaleUnit!, r.Title!), r.Units))));
        // Of what was never approved nobody has seen anything: there is no page to forget and no file to make anew, be it ten thousand that came in at once.
        var known = derived.Listings.FindAll(l => l.WasPublic);
        await queue.AnnounceEachAsync(tx, known.ConvertAll(l => new ListingChanged(l.Id, l.Slug)));
        if (known.Count > 0)
            await PageCache.EvictAsync(tx, [.. known.SelectMany(l => new[] { PageCache.Listing(l.Slug), PageCache.Producer(l.ProducerSlug) }).Distinct(), PageCache.Browse]);
    }

    internal sealed record Derived(List<State> Listings, List<Lead> Leads, List<Offer> Offers);

    internal sealed record State(long Id, string Slug, string ProducerSlug, bool IsPublic, bool WasPublic);

    internal sealed record Lead(long ProductId, string Slug, string Present);

    internal sealed record Offer(long LotId, string Code, string? Slug, long? PriceVnd, string? SaleUnit, string? Title, long Units);
}
