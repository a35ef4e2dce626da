using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>What can be bought of a lot, told by the room that sells it.</summary>
public sealed record LotOffer(string ListingSlug, long PriceVnd, string UnitLabel, long AvailableUnits);

public sealed class LotOffers(TimeProvider clock)
{
    /// <summary>Sets what is on offer from a lot; null takes the offer away.</summary>
    public async Task SetAsync(Tx tx, long lotId, LotOffer? offer)
    {
        const string upsert = """
            insert into origin.lot_offer (lot_id, listing_slug, price_vnd, unit_label, available_units) values (@lotId, @ListingSlug, @PriceVnd, @UnitLabel, @AvailableUnits)
            on conflict (lot_id) do update set listing_slug = excluded.listing_slug, price_vnd = excluded.price_vnd, unit_label = excluded.unit_label, available_units = excluded.available_units;
            update origin.lot set sold_out_at = case when @AvailableUnits = 0 then @now::timestamptz end where id = @lotId and (sold_out_at is null) = (@AvailableUnits = 0)
            """;
        if (offer is null)
            await tx.ExecuteAsync("delete from origin.lot_offer where lot_id = @lotId", new { lotId });
        else
            await tx.ExecuteAsync(upsert, new { lotId, offer.ListingSlug, offer.PriceVnd, offer.UnitLabel, offer.AvailableUnits, now = clock.GetUtcNow() });
        var code = await tx.SingleAsync<string>("select code from origin.lot where id = @lotId", new { lotId });
        await PageCache.EvictAsync(tx, PageCache.Lot(code));
    }
}
