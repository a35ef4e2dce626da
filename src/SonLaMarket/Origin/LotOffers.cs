using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>What can be bought of a lot, told by the room that sells it.</summary>
public sealed record LotOffer(string ListingSlug, long PriceVnd, string UnitLabel, long AvailableUnits);

public sealed class LotOffers(TimeProvider clock)
{
    /// <summary>What one piece of the product "p" was last sold as; null where nothing of it was on offer.</summary>
    internal const string Piece = "(select o.unit_label from origin.lot x join origin.lot_offer o on o.lot_id = x.id where x.product_id = p.id order by x.id desc limit 1)";

    /// <summary>The same of the lot "l"; null also where it is weighed.</summary>
    internal const string PieceOfLot = "(select f.unit_label from origin.lot x join origin.lot_offer f on f.lot_id = x.id where x.product_id = l.product_id and l.base_unit <> 'g' order by x.id desc limit 1)";

    /// <summary>Sets what is on offer from each of these lots; null takes the offer away.</summary>
    public Task SetAsync(Tx tx, IReadOnlyCollection<(long LotId, string Code, LotOffer? Offer)> offers)
    {
        const string set = """
            with told as (select * from unnest(@lots, @slugs, @prices, @labels, @units) as t (lot_id, listing_slug, price_vnd, unit_label, available_units)),
            gone as (delete from origin.lot_offer f using told t where t.lot_id = f.lot_id and t.listing_slug is null),
            there as (
              insert into origin.lot_offer as f (lot_id, listing_slug, price_vnd, unit_label, available_units)
              select lot_id, listing_slug, price_vnd, unit_label, available_units from told where listing_slug is not null order by lot_id
              on conflict (lot_id) do update set listing_slug = excluded.listing_slug, price_vnd = excluded.price_vnd, unit_label = excluded.unit_label, available_units = excluded.available_units
                where (f.listing_slug, f.price_vnd, f.unit_label, f.available_units) is distinct from (excluded.listing_slug, excluded.price_vnd, excluded.unit_label, excluded.available_units)),
            turned as (
              select l.id, t.available_units from told t join origin.lot l on l.id = t.lot_id where t.listing_slug is not null and (l.sold_out_at is null) = (t.available_units = 0) order by l.id for update of l)
            update origin.lot l set sold_out_at = case when t.available_units = 0 then @now::timestamptz end from turned t where t.id = l.id
            """;
        if (offers.Count == 0)
            return Task.CompletedTask;
        tx.Add(set, new
        {
            lots = offers.Select(o => o.LotId).ToArray(),
            slugs = offers.Select(o => o.Offer?.ListingSlug).ToArray(),
            prices = offers.Select(o => o.Offer?.PriceVnd).ToArray(),
            labels = offers.Select(o => o.Offer?.UnitLabel).ToArray(),
            units = offers.Select(o => o.Offer?.AvailableUnits).ToArray(),
            now = clock.GetUtcNow(),
        });
        return PageCache.EvictAsync(tx, [.. offers.Select(o => PageCache.Lot(o.Code))]);
    }
}
