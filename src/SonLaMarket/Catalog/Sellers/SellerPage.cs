using System.Globalization;
using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Sellers;

/// <param name="Since">When the Department approved it first.</param>
public sealed record Seller(
    long Id, string Slug, string Name, string Kind, string About, string AddressLine, string Phone, Guid[] PictureIds, DateTimeOffset CheckedAt, DateTimeOffset Since, string CommuneCode, string CommuneName,
    string CommuneNameEn, long Listings, long Lots);

public sealed record SellerTile(long Id, string Slug, string Title, string TitleEn, long PriceVnd, string SaleUnit, long NetWeightG, string CategorySlug, Guid? PictureId, string? SpecialitySlug, long StockUnits, int[] SeasonMonths) : ITile;

public sealed record SellerCertificate(string Name, string NameEn, string Number, string Issuer, DateOnly ValidUntil, DateTimeOffset DecidedAt);

public sealed record SellerLot(string Code, string Title, string TitleEn, DateOnly? HarvestedOn, bool Recalled, bool Blocked);

public sealed record SellerArea(string Name, string? Code, string CommuneName, string CommuneNameEn);

/// <summary>Everything the public page of a producer says, from one round trip.</summary>
public sealed record SellerPage(Seller Seller, Page<SellerTile> Listings, List<SellerCertificate> Certificates, List<SellerLot> Lots, List<SellerArea> Areas)
{
    private const int Take = 24;

    private const string Select = """
        select r.id, r.slug, w.name, w.kind, w.about, w.address_line, w.phone, w.picture_ids, w.decided_at as checked_at,
          (select min(x.decided_at) from producers.producer_version x where x.producer_id = r.id and x.state = 'approved') as since, c.code as commune_code, c.full_name as commune_name, c.name_en as commune_name_en,
          (select count(*) from catalog.listing l join catalog.search_entry s on s.listing_id = l.id and s.sellable where l.producer_id = r.id) as listings,
          (select count(*) from origin.lot o join origin.approved_product p on p.product_id = o.product_id where o.producer_id = r.id and o.taken_back_at is null) as lots
        from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code where r.slug = @slug;
        select l.id, l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.net_weight_g, v.category_slug, v.picture_ids[1] as picture_id, v.speciality_slug, s.stock_units, l.season_months
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join catalog.search_entry s on s.listing_id = l.id and s.sellable join producers.producer r on r.id = l.producer_id
        where r.slug = @slug and r.public_version is not null and (@before::bigint is null or l.id < @before) order by l.id desc limit @take;
        select k.name, k.name_en, x.number, x.issuer, x.valid_until, x.decided_at
        from producers.certificate x join producers.certificate_kind k on k.code = x.kind_code join producers.producer r on r.id = x.producer_id
        where r.slug = @slug and x.status = 'verified' and x.valid_until >= @today order by x.valid_until desc limit 20;
        select o.code, p.title, p.title_en, o.harvested_on, exists (select 1 from origin.recall_lot x where x.lot_id = o.id) as recalled,
          exists (select 1 from origin.lot_block b where b.lot_id = o.id and b.lifted_at is null) as blocked
        from producers.producer r join origin.lot o on o.producer_id = r.id join origin.approved_product p on p.product_id = o.product_id where r.slug = @slug and o.taken_back_at is null
          and (o.harvested_on is not null or not o.opened_standing) order by o.id desc limit 6;
        select a.name, a.code, c.full_name as commune_name, c.name_en as commune_name_en
        from producers.growing_area a join producers.producer r on r.id = a.producer_id join foundation.commune c on c.code = a.commune_code where r.slug = @slug and a.status = 'active' and not a.own_place order by a.created_at, a.id limit 12
        """;

    /// <summary>Null when no public producer has this slug.</summary>
    public static Task<SellerPage?> LoadAsync(Sql sql, string slug, string? after, DateOnly today, CancellationToken ct)
    {
        var before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        return sql.MultipleAsync(Select, new { slug, before, take = Take + 1, today }, async g =>
        {
            var seller = await g.ReadFirstOrDefaultAsync<Seller>();
            var listings = Page<SellerTile>.Of((await g.ReadAsync<SellerTile>()).AsList(), Take, l => Cursor.Of(l.Id.ToString(CultureInfo.InvariantCulture)));
            var certificates = (await g.ReadAsync<SellerCertificate>()).AsList();
            var lots = (await g.ReadAsync<SellerLot>()).AsList();
            var areas = (await g.ReadAsync<SellerArea>()).AsList();
            return seller is null ? null : new SellerPage(seller, listings, certificates, lots, areas);
        }, ct);
    }
}
