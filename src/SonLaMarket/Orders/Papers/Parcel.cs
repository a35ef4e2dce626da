using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Orders.Papers;

/// <summary>One line as it lies in the parcel.</summary>
/// <param name="Lots">As <see cref="LineLots.Read"/> takes them.</param>
/// <param name="WeighedG">Null until it is weighed, and for what is not sold by the kilogram.</param>
internal sealed record ParcelLine(long SubOrderId, string Title, string SaleUnit, string BaseUnit, int Quantity, long? WeighedG, string? Lots)
{
    /// <summary>What lies in the parcel: as weighed, else as ordered.</summary>
    public string Amount => WeighedG is { } grams ? Vietnamese.Weight(grams) : $"{Vietnamese.Number(Quantity)} {SonLaMarket.Catalog.SaleUnit.Word(SaleUnit, Title)}";

    public IReadOnlyList<LineLot> FromLots { get; } = LineLots.Read(Lots);

    /// <summary>"Lô A1", or of several "Lô A1: 10 kg, B2: 5 kg".</summary>
    public string LotWords => "Lô " + string.Join(", ", FromLots.Select(l => FromLots.Count == 1 ? l.Code : $"{l.Code}: {(BaseUnit == "g" ? Vietnamese.Weight(l.QuantityBase) : Vietnamese.Number(l.QuantityBase))}"));
}

/// <summary>What stands on the papers of one seller's part.</summary>
/// <param name="CodVnd">What the courier collects; 0 when it was paid before.</param>
/// <param name="WeightG">Net, in grams.</param>
/// <param name="Fresh">Spoils within days.</param>
internal sealed record Parcel(
    long Id, string Code, string SellerName, string SellerPhone, string SellerAddress, bool IsSample, string BuyerName, string BuyerPhone, string AddressLine, string Commune, string Province,
    string Note, string Carrier, string Tracking, long CodVnd, long WeightG, bool Fresh, DateOnly? DeliverBy, DateTimeOffset PlacedAt)
{
    /// <summary>States in which there is something to send, or something that was sent.</summary>
    internal static readonly string[] WithPapers = [OrderState.Confirmed, OrderState.Packed, OrderState.Shipped, OrderState.Failed, OrderState.Delivered];

    public IReadOnlyList<ParcelLine> Lines { get; init; } = [];

    /// <summary>The member's parts among these, in the order asked for; those with nothing to send are left out.</summary>
    public static Task<List<Parcel>> LoadAsync(Sql sql, string[] codes, long memberId, CancellationToken ct)
    {
        const string select = $"""
            select s.id, s.code, coalesce(w.name, r.name) as seller_name, coalesce(w.phone, r.phone) as seller_phone,
              concat_ws(', ', nullif(coalesce(w.address_line, r.address_line), ''), k.full_name, q.full_name) as seller_address, r.is_sample,
              u.buyer_name, u.buyer_phone, u.address_line, c.full_name as commune, p.full_name as province, u.note, s.carrier, s.tracking,
              case when s.method = 'cod' then s.total_vnd - s.less_vnd else 0 end as cod_vnd,
              (select coalesce(sum(case when l.base_unit = 'g' then coalesce(l.packed_base, l.base_per_unit * l.quantity) else g.net_weight_g * l.quantity end), 0)::bigint from orders.line l join catalog.listing g on g.id = l.listing_id where l.sub_order_id = s.id) as weight_g,
              exists (select 1 from orders.line l join catalog.listing_version v on v.listing_id = l.listing_id where l.sub_order_id = s.id and v.category_slug = any(@FreshCategories)) as fresh,
              s.deliver_by, u.placed_at
            from unnest(@codes) with ordinality as a (code, place) join orders.sub_order s on s.code = a.code and s.status = any(@WithPapers)
              join producers.acting m on m.producer_id = s.producer_id and m.person_id = @memberId
              join orders.purchase u on u.id = s.purchase_id join foundation.commune c on c.code = u.commune_code join foundation.province p on p.code = u.province_code
              join producers.producer r on r.id = s.producer_id left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
              join foundation.commune k on k.code = coalesce(w.commune_code, r.commune_code) join foundation.province q on q.code = k.province_code
            order by a.place;

            select l.sub_order_id, l.title, l.sale_unit, l.base_unit, l.quantity, case when l.sale_unit = 'kg' and l.base_unit = 'g' then l.packed_base end as weighed_g,
              {LineLots.Of} as lots
            from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = any(@codes) order by l.id;
            """;
        return sql.MultipleAsync(select, new { codes, memberId, WithPapers, CartLine.FreshCategories }, async grid =>
        {
            var parcels = (await grid.ReadAsync<Parcel>()).ToList();
            var lines = (await grid.ReadAsync<ParcelLine>()).ToLookup(l => l.SubOrderId);
            return parcels.ConvertAll(p => p with { Lines = [.. lines[p.Id]] });
        }, ct);
    }
}
