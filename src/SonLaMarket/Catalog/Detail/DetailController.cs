using Dapper;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog.Browse;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Detail;

/// <summary>The page of a listing: what it is, what it costs, where it comes from, who vouches for what.</summary>
public sealed class DetailController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Select = """
        select l.id, l.slug, v.title, v.title_en, v.description, v.storage, l.price_vnd, v.sale_unit, v.base_unit, v.base_per_unit, v.net_weight_g, v.picture_ids, v.gtin, l.season_months, l.min_units,
          v.decided_at as approved_at, k.slug as category_slug, k.name as category_name, k.name_en as category_name_en, r.slug as producer_slug, w.name as producer_name, w.kind as producer_kind,
          w.decided_at as producer_checked_at, w.address_line as producer_address, c.full_name as commune_name, c.name_en as commune_name_en, s.stock_units, s.sellable, r.is_sample,
          p.alcohol_percent, y.protection, y.protection_name
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join catalog.search_entry s on s.listing_id = l.id
          join producers.product p on p.id = l.product_id join producers.category k on k.slug = v.category_slug
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
          join foundation.commune c on c.code = w.commune_code left join producers.speciality y on y.slug = v.speciality_slug
        where l.slug = @slug;
        select o.code, o.harvested_on, o.best_before, a.name as area_name, c.full_name as commune_name, c.name_en as commune_name_en,
          t.available / greatest(l.base_per_unit, 1) as units, b.cause as block_cause
        from catalog.listing l join catalog.lot_stock t on t.product_id = l.product_id join origin.lot o on o.id = t.lot_id join foundation.commune c on c.code = o.commune_code
          left join producers.growing_area a on a.id = o.growing_area_id
          left join lateral (select cause from origin.lot_block x where x.lot_id = o.id and x.lifted_at is null order by (cause = 'recall') desc limit 1) b on true
        where l.slug = @slug and (t.available > 0 and (o.best_before is null or o.best_before >= @today) or b.cause is not null) order by b.cause nulls first, o.best_before nulls last, o.harvested_on, o.id limit 12;
        select k.name, k.name_en, x.number, x.issuer, x.valid_until, x.decided_at, x.stars
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.certificate x on x.id = any(v.certificate_ids) join producers.certificate_kind k on k.code = x.kind_code
        where l.slug = @slug and x.status = 'verified' and x.valid_until >= @today order by x.stars desc nulls last, x.valid_until desc;
        select l.id, l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.base_unit, v.net_weight_g, v.picture_ids[1] as picture_id, r.slug as producer_slug, w.name as producer_name,
          c.full_name as commune_name, c.name_en as commune_name_en, c.code as commune_code, s.stock_units, l.season_months, v.gtin, null::text[] as certificates, null::int as stars, 0::numeric as rank
        from catalog.listing me join catalog.listing_version mv on mv.listing_id = me.id and mv.version = me.public_version
          join catalog.listing_version v on v.category_slug = mv.category_slug join catalog.listing l on l.id = v.listing_id and l.public_version = v.version and l.id <> me.id
          join catalog.search_entry s on s.listing_id = l.id and s.sellable join producers.producer r on r.id = l.producer_id
          join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
        where me.slug = @slug order by (s.stock_units > 0) desc, l.published_at desc, l.id desc limit 4
        """;

    [PublicPage]
    [HttpGet("/san-pham/{slug}")]
    public async Task<IActionResult> Show(string slug, CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Listing(slug));
        var today = Vietnamese.Today(clock);
        var page = await db.MultipleAsync(Select, new { slug, today }, async g => new DetailPage(
            await g.ReadFirstOrDefaultAsync<Detail>(), (await g.ReadAsync<DetailLot>()).AsList(), (await g.ReadAsync<DetailCertificate>()).AsList(), (await g.ReadAsync<Tile>()).AsList(), today), ct);
        if (page.Listing is null)
            return await db.SingleAsync<bool>("select exists (select 1 from catalog.listing where slug = @slug and published_at is not null)", new { slug }, ct)
                ? StatusCode(StatusCodes.Status410Gone)
                : NotFound();
        HttpContext.Tag([PageCache.Producer(page.Listing.ProducerSlug), .. page.Lots.Select(l => PageCache.Lot(l.Code))]);
        return View("Show", page);
    }
}

public sealed record Detail(
    long Id, string Slug, string Title, string TitleEn, string Description, string Storage, long PriceVnd, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG, Guid[] PictureIds,
    string? Gtin, int[] SeasonMonths, int MinUnits, DateTimeOffset ApprovedAt, string CategorySlug, string CategoryName, string CategoryNameEn, string ProducerSlug, string ProducerName,
    string ProducerKind, DateTimeOffset ProducerCheckedAt, string ProducerAddress, string CommuneName, string CommuneNameEn, long StockUnits, bool Sellable, bool IsSample,
    decimal? AlcoholPercent, string? Protection, string? ProtectionName)
{
    public long PricePerKg => (long)decimal.Round(PriceVnd * 1000m / NetWeightG);

    /// <summary>Nobody compares cloth, baskets or orchids by the kilogram.</summary>
    public bool EatenByWeight => CategorySlug is not ("craft" or "textile" or "basketry" or "ornamental");
}

public sealed record DetailLot(string Code, DateOnly? HarvestedOn, DateOnly? BestBefore, string? AreaName, string CommuneName, string CommuneNameEn, long Units, string? BlockCause);

public sealed record DetailCertificate(string Name, string NameEn, string Number, string Issuer, DateOnly ValidUntil, DateTimeOffset DecidedAt, int? Stars);

public sealed record DetailPage(Detail? Listing, List<DetailLot> Lots, List<DetailCertificate> Certificates, List<Tile> Related, DateOnly Today);
