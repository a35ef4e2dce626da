using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Exports;

/// <summary>
/// The one canonical record that every platform's file is made from: approved, not suspended, sellable, as the public sees it.
/// Texts are those of the approved versions, never what is being worked on.
/// </summary>
/// <param name="PriceVnd">The usual one.</param>
/// <param name="SaleVnd">Of a promotion that is planned or, with <paramref name="OnSale"/>, runs; from when, and until just before when, say the next two.</param>
/// <param name="BasePerUnit">Base units (gram or piece) in one sale unit.</param>
/// <param name="StockUnits">Whole sale units as its page says: in lots that neither a block nor their date keeps from being sold; none while the seller rests it.</param>
/// <param name="PictureWidths">In pixels, of the pictures in their order as platforms fetch them, like the next two; 0 of one that nobody can fetch.</param>
/// <param name="CertificateKinds">Codes of those in force; the next four say of each, in the same order, its name, number, issuer and the day until which it holds (yyyy-MM-dd).</param>
/// <param name="ExpiredCertificates">Named by the listing, no longer in force.</param>
/// <param name="GeographicalIndication">Only of a producer whose right to use it is in force.</param>
/// <param name="Brand">Of the producer; "" where it is its name.</param>
/// <param name="ReadOn">The day in Vietnam on which it was read: seasons are told from there.</param>
/// <param name="ReadyDays">From the order until it is sent, as the seller says for all goods.</param>
/// <param name="LotCode">Of the lot that is sold next, with its dates; none where nothing is in stock.</param>
/// <param name="Grade">Of that lot, as its diary says last of harvest, handling or packing.</param>
public sealed record ExportListing(
    long Id, string Slug, string ProductCode, string Title, string TitleEn, string Description, string Storage, string Ingredients, decimal? AlcoholPercent, string ProductBrand, string ProductModel, long PriceVnd, long? SaleVnd, DateTimeOffset? SaleFrom, DateTimeOffset? SaleUntil, bool OnSale, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG, int MinUnits,
    int? MaxUnits, long? GrossWeightG, int? LengthCm, int? WidthCm, int? HeightCm, int[] SeasonMonths, DateOnly ReadOn, long StockUnits, string? Gtin, Guid[] PictureIds, int[] PictureWidths, int[] PictureHeights, long[] PictureBytes, DateTimeOffset? ApprovedAt, DateTimeOffset ChangedAt,
    string CategorySlug, string CategoryName, string? ParentName,
    string ProducerSlug, string ProducerKind, string ProducerName, string ProducerAddress, string ProducerPhone, string? ProducerTaxCode, string Brand, string CommuneName, DateTimeOffset? ProducerApprovedAt, int? ReadyDays,
    string[]? CertificateKinds, string[]? CertificateNames, string[]? CertificateNumbers, string[]? CertificateIssuers, string[]? CertificateEnds, int? Stars, string[]? ExpiredCertificates, string? GeographicalIndication,
    string? LotCode, DateOnly? HarvestedOn, DateOnly? PackedOn, DateOnly? BestBefore, long? LotQuantityBase, string? LotCommuneName, string? GrowingAreaCode, string? Grade)
{
    /// <summary>What is charged now.</summary>
    public long ChargedVnd => OnSale ? SaleVnd!.Value : PriceVnd;

    /// <summary>As its page says it: fewer than can be ordered are none.</summary>
    public bool CanBeBought => StockUnits >= MinUnits;

    /// <summary>Where none can be bought: the day from which there should be some again, by the season.</summary>
    public DateOnly? AvailableFrom => CanBeBought ? null : Season.From(SeasonMonths, ReadOn);

    /// <summary>The last day of the season in which it is sold now.</summary>
    public DateOnly? AvailableTo => CanBeBought ? Season.Until(SeasonMonths, ReadOn) : null;

    /// <summary>The last day on which what it tells holds by itself.</summary>
    public DateOnly? ValidTo => HandedOn.ValidTo(AvailableTo, (CertificateEnds ?? []).Select(e => DateOnly.ParseExact(e, "yyyy-MM-dd", CultureInfo.InvariantCulture)));

    /// <summary>Where what is sold next was grown or made; of a listing that has nothing in stock, where its producer is.</summary>
    public string OriginCommune => LotCommuneName ?? CommuneName;

    /// <summary>
    /// Blocks are read from their table, not from the shelf, which follows a moment later. A listing stays in as long as
    /// it has an open lot, or no lot at all; one whose lots are all blocked or recalled is left out.
    /// </summary>
    public const string Select = """
        select l.id, l.slug, p.code as product_code, v.title, v.title_en, v.description, v.storage, v.ingredients, p.alcohol_percent, v.brand as product_brand, v.model as product_model,
          coalesce(l.usual_vnd, l.price_vnd) as price_vnd, l.sale_vnd, l.sale_from, l.sale_until, l.usual_vnd is not null as on_sale, v.sale_unit, v.base_unit, v.base_per_unit, v.net_weight_g, l.min_units,
          l.max_units, l.gross_weight_g, l.length_cm, l.width_cm, l.height_cm, l.season_months, @today::date as read_on, case when l.paused_at is null then coalesce(q.units, 0) else 0 end::bigint as stock_units, v.gtin, v.picture_ids, g.picture_widths, g.picture_heights, g.picture_bytes, l.approved_at, l.changed_at,
          v.category_slug, k.name as category_name, h.name as parent_name, r.slug as producer_slug, w.kind as producer_kind, w.name as producer_name, w.address_line as producer_address, w.phone as producer_phone,
          w.tax_code as producer_tax_code, w.brand, c.full_name as commune_name, r.approved_at as producer_approved_at, m.ready_days,
          x.kinds as certificate_kinds, x.names as certificate_names, x.numbers as certificate_numbers, x.issuers as certificate_issuers, x.ends as certificate_ends, x.stars, x.expired as expired_certificates,
          case when x.gi then nullif(s.protection_name, '') end as geographical_indication,
          n.code as lot_code, n.harvested_on, n.packed_on, n.best_before, n.quantity_base as lot_quantity_base, z.full_name as lot_commune_name, case n.growing_area_status when 'active' then n.growing_area_code end as growing_area_code, e.grade
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join producers.product p on p.id = l.product_id
          join producers.category k on k.slug = v.category_slug left join producers.category h on h.slug = k.parent_slug left join producers.speciality s on s.slug = v.speciality_slug
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code left join catalog.delivery_terms m on m.producer_id = r.id
          cross join lateral (
            select sum(t.available / l.base_per_unit) filter (where b.open) as units, count(*) filter (where b.open) as open_lots, count(*) filter (where b.blocked) as blocked_lots,
              (array_agg(o.id order by o.best_before nulls last, o.id) filter (where b.open and t.available > 0))[1] as lot_id
            from catalog.lot_stock t join origin.lot o on o.id = t.lot_id
              cross join lateral (select exists (select 1 from origin.lot_block y where y.lot_id = t.lot_id and y.lifted_at is null) as blocked) y
              cross join lateral (select y.blocked, not y.blocked and (o.best_before is null or o.best_before >= @today) as open) b
            where t.product_id = l.product_id) q
          left join origin.lot n on n.id = q.lot_id left join foundation.commune z on z.code = n.commune_code
          left join lateral (
            select d.details->>'grade' as grade from origin.diary_entry d where d.lot_id = q.lot_id and d.kind in ('harvest', 'handling', 'packing') and d.details->>'grade' <> '' and not d.corrected
            order by d.done_on desc, d.event_id desc limit 1) e on true
          cross join lateral (
            select array_agg(y.kind_code order by z.name, y.number) filter (where w.open) as kinds, array_agg(z.name order by z.name, y.number) filter (where w.open) as names, array_agg(y.number order by z.name, y.number) filter (where w.open) as numbers,
              array_agg(y.issuer order by z.name, y.number) filter (where w.open) as issuers, array_agg(y.valid_until::text order by z.name, y.number) filter (where w.open) as ends, max(y.stars) filter (where w.open) as stars,
              array_agg(z.name || ' ' || y.number order by z.name, y.number) filter (where y.status = 'revoked' or y.valid_until < @today) as expired,
              bool_or(y.kind_code = 'gi' and w.open) as gi
            from producers.certificate y join producers.certificate_kind z on z.code = y.kind_code cross join lateral (select y.status = 'verified' and y.valid_until >= @today as open) w where y.id = any(v.certificate_ids)) x
          cross join lateral (
            select coalesce(array_agg(coalesce(i.width, 0) order by d.place), '{}') as picture_widths, coalesce(array_agg(coalesce(i.height, 0) order by d.place), '{}') as picture_heights,
              coalesce(array_agg(coalesce(i.bytes, 0) order by d.place), '{}') as picture_bytes
            from unnest(v.picture_ids) with ordinality as d (id, place) left join files.stored_file u on u.id = d.id and u.state = 'clean' left join files.rendition i on i.file_id = u.id and i.name = 'w1200.jpg') g
        where q.open_lots > 0 or q.blocked_lots = 0 order by l.product_id, l.id
        """;

    /// <summary>True when the listing is among them.</summary>
    public static Task<bool> IsAmongAsync(Sql sql, long listingId, DateOnly today, CancellationToken ct) =>
        sql.SingleAsync<bool>($"select exists (select 1 from ({Select}) among where among.id = @listingId)", new { listingId, today }, ct);

    /// <summary>Those of the listings that platforms may get.</summary>
    public static Task<List<ExportListing>> OfAsync(Sql sql, long[] ids, DateOnly today, CancellationToken ct) =>
        sql.QueryAsync<ExportListing>($"select chosen.* from ({Select}) chosen where chosen.id = any(@ids)", new { ids, today }, ct);

    /// <summary>Of the product of a listing l there is something blocked or recalled, and @today nothing else left to sell.</summary>
    private const string AllBlocked = """
        exists (select 1 from catalog.lot_stock t join origin.lot_block y on y.lot_id = t.lot_id and y.lifted_at is null where t.product_id = l.product_id)
        and not exists (
          select 1 from catalog.lot_stock t join origin.lot o on o.id = t.lot_id where t.product_id = l.product_id and (o.best_before is null or o.best_before >= @today)
            and not exists (select 1 from origin.lot_block y where y.lot_id = o.id and y.lifted_at is null))
        """;

    /// <summary>Those of the listings that were suspended, withdrawn, blocked or recalled since they were read.</summary>
    public static Task<List<long>> TakenDownAsync(Sql sql, IReadOnlyCollection<long> ids, DateOnly today, CancellationToken ct)
    {
        const string select = $"""
            select l.id from catalog.listing l join producers.producer r on r.id = l.producer_id
            where l.id = any(@ids) and (l.public_version is null or r.public_version is null or ({AllBlocked}))
            """;
        return sql.QueryAsync<long>(select, new { ids = ids.ToArray(), today }, ct);
    }

    /// <summary>
    /// E10: listings that were public and go to no platform until somebody does something: suspended, of a suspended seller, or with nothing left that is not blocked or recalled. Asks for @me, whose they
    /// are, null for all; @today; and @held, how many.
    /// </summary>
    internal const string HeldBack = $"""
        select l.slug, l.title, r.name as producer, case when l.status = 'suspended' then 'suspended' when r.public_version is null then 'seller'
            when exists (select 1 from catalog.lot_stock t join origin.lot_block y on y.lot_id = t.lot_id and y.lifted_at is null and y.cause = 'recall' where t.product_id = l.product_id) then 'recalled' else 'blocked' end as why
        from catalog.listing l join producers.producer r on r.id = l.producer_id
        where l.approved_at is not null and (@me::bigint is null or exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @me))
          and (l.status = 'suspended' or (l.public_version is not null and (r.public_version is null or ({AllBlocked}))))
        order by l.changed_at desc, l.id limit @held
        """;

    public static IAsyncEnumerable<ExportListing> StreamOfAsync(Db db, long producerId, DateOnly today, CancellationToken ct) =>
        db.StreamAsync<ExportListing>($"select chosen.* from ({Select}) chosen where chosen.id in (select own.id from catalog.listing own where own.producer_id = @producerId) order by chosen.id", new { producerId, today }, ct);

    public static IAsyncEnumerable<ExportListing> StreamAsync(Db db, DateOnly today, CancellationToken ct) => db.StreamAsync<ExportListing>(Select, new { today }, ct);
}
