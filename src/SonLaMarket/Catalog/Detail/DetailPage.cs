using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog.Detail;

public sealed record Detail(
    long Id, string Slug, string Title, string TitleEn, string Description, string Storage, string Ingredients, long PriceVnd, long? UsualVnd, DateTimeOffset? SaleUntil, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG, Guid[] PictureIds,
    string? Gtin, string ProductCode, int[] SeasonMonths, int MinUnits, int? MaxUnits, long? GrossWeightG, int? LengthCm, int? WidthCm, int? HeightCm, DateTimeOffset ApprovedAt, string CategorySlug, string CategoryName, string CategoryNameEn, string? SpecialitySlug, string ProducerSlug,
    string ProducerName, string Brand, string ProducerKind, DateTimeOffset ProducerCheckedAt, DateTimeOffset ProducerSince, string ProducerAddress, string ProducerPhone, Guid? ProducerPicture, long ProducerListings,
    long ProducerId, string CommuneCode, string CommuneName, string CommuneNameEn, long StockUnits, bool Sellable, string? PausedFor, decimal? AlcoholPercent, string? Protection, string? ProtectionName)
{
    public long? PricePerKg => KilogramPrice.Of(PriceVnd, NetWeightG, SaleUnit, CategorySlug);

    public ListingPack Pack => ListingPack.Of(MaxUnits, GrossWeightG, LengthCm, WidthCm, HeightCm);

    public bool CanBeBought => Sellable && StockUnits >= MinUnits;

    /// <summary>Of the fewest that are sold at once: what delivery is told for.</summary>
    public long OrderedG => checked(NetWeightG * MinUnits);
}

public sealed record DetailLot(string Code, DateOnly? HarvestedOn, DateOnly? BestBefore, string? AreaName, string CommuneName, string CommuneNameEn, string? BlockCause, bool Gone);

public sealed record DetailCertificate(string Name, string NameEn, string Number, string Issuer, DateOnly ValidUntil, DateTimeOffset DecidedAt, int? Stars);

public sealed record Similar(
    string Slug, string Title, string TitleEn, long PriceVnd, string SaleUnit, long NetWeightG, string CategorySlug, Guid? PictureId, string? SpecialitySlug, string ProducerName, string CommuneName, string CommuneNameEn, long StockUnits) : ITile;

/// <param name="Place">The province remembered, when there is such a province.</param>
public sealed record DeliveryOffer(DeliveryTable Table, IReadOnlyList<Province> Provinces, Province? Place)
{
    /// <summary>A province of each zone that the page tells of: of that remembered alone, else of all, the nearest first.</summary>
    public IReadOnlyList<string> Shown => Place is { } to ? [to.Code] : [Communes.SonLa, "01", "79"];
}

/// <summary>Everything the page of a listing says, from one round trip.</summary>
public sealed record DetailPage(Detail Listing, List<DetailLot> Lots, List<DetailCertificate> Certificates, List<Similar> Similar, DeliveryOffer Delivery, int ReturnDays, DateTimeOffset Now)
{
    public DateOnly Today => Vietnamese.Day(Now);

    private const string Select = $"""
        select l.id, l.slug, v.title, v.title_en, v.description, v.storage, v.ingredients, l.price_vnd, l.usual_vnd, l.sale_until, v.sale_unit, v.base_unit, v.base_per_unit, v.net_weight_g, v.picture_ids, v.gtin, p.code as product_code, l.season_months, l.min_units, l.max_units, l.gross_weight_g, l.length_cm, l.width_cm, l.height_cm,
          v.decided_at as approved_at, k.slug as category_slug, k.name as category_name, k.name_en as category_name_en, v.speciality_slug, r.slug as producer_slug, w.name as producer_name, w.brand, w.kind as producer_kind,
          w.decided_at as producer_checked_at, (select min(x.decided_at) from producers.producer_version x where x.producer_id = r.id and x.state = 'approved') as producer_since, w.address_line as producer_address,
          w.phone as producer_phone, w.picture_ids[1] as producer_picture,
          (select count(*) from catalog.listing x join catalog.search_entry e on e.listing_id = x.id and e.sellable where x.producer_id = r.id) as producer_listings, r.id as producer_id,
          c.code as commune_code, c.full_name as commune_name, c.name_en as commune_name_en, s.stock_units, s.sellable, l.paused_for, p.alcohol_percent, y.protection, y.protection_name
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join catalog.search_entry s on s.listing_id = l.id
          join producers.product p on p.id = l.product_id join producers.category k on k.slug = v.category_slug
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
          join foundation.commune c on c.code = w.commune_code left join producers.speciality y on y.slug = v.speciality_slug
        where l.slug = @slug;
        select code, harvested_on, best_before, area_name, commune_name, commune_name_en, block_cause, false as gone from (
        select o.code, o.harvested_on, o.best_before, a.name as area_name, c.full_name as commune_name, c.name_en as commune_name_en, b.cause as block_cause,
          row_number() over (partition by b.cause is not null order by (b.cause = 'recall') desc, o.best_before nulls last, o.harvested_on, o.id) as place
        from catalog.listing l join catalog.lot_stock t on t.product_id = l.product_id join origin.lot o on o.id = t.lot_id join foundation.commune c on c.code = o.commune_code
          left join producers.growing_area a on a.id = o.growing_area_id and not a.own_place
          left join lateral (select cause from origin.lot_block x where x.lot_id = o.id and x.lifted_at is null order by (cause = 'recall') desc limit 1) b on true
        where l.slug = @slug and (t.available > 0 and (o.best_before is null or o.best_before >= @today) or b.cause is not null)) x where place <= 12 order by block_cause is not null, place;
        select o.code, o.harvested_on, o.best_before, a.name as area_name, c.full_name as commune_name, c.name_en as commune_name_en, null::text as block_cause, true as gone
        from catalog.listing l join origin.lot o on o.product_id = l.product_id join foundation.commune c on c.code = o.commune_code
          left join catalog.lot_stock t on t.lot_id = o.id left join producers.growing_area a on a.id = o.growing_area_id and not a.own_place
        where l.slug = @slug and coalesce(t.available, 0) = 0 and not exists (select 1 from origin.lot_block x where x.lot_id = o.id and x.lifted_at is null)
        order by o.harvested_on desc nulls last, o.id desc limit 3;
        select k.name, k.name_en, x.number, x.issuer, x.valid_until, x.decided_at, x.stars
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.certificate x on x.id = any(v.certificate_ids) join producers.certificate_kind k on k.code = x.kind_code
        where l.slug = @slug and x.status = 'verified' and x.valid_until >= @today order by x.stars desc nulls last, x.valid_until desc;
        select t.ready_days, t.days_province, t.days_north, t.days_country, t.cut_off_hour, t.pack_days, t.cod_limit_vnd from catalog.listing l join catalog.delivery_terms t on t.producer_id = l.producer_id where l.slug = @slug;
        select t.zone, t.up_to_g, t.fee_vnd from catalog.listing l join catalog.delivery_rate t on t.producer_id = l.producer_id where l.slug = @slug order by t.zone, t.up_to_g;
        {SimilarSelect}
        """;

    /// <summary>
    /// Of the newest of the same speciality and group, however large they are: what is in stock first, then the same speciality; of a listing that is gone, by
    /// what was approved of it last.
    /// </summary>
    private const string SimilarSelect = """
        select l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.net_weight_g, v.category_slug, v.picture_ids[1] as picture_id, v.speciality_slug, w.name as producer_name,
          c.full_name as commune_name, c.name_en as commune_name_en, chosen.stock_units
        from (
          select near.listing_id, near.stock_units, near.published_at, near.same from catalog.listing me
            join lateral (select x.category_slug, x.speciality_slug from catalog.listing_version x where x.listing_id = me.id and x.state = 'approved' order by (x.version = me.public_version) desc nulls last, x.version desc limit 1) mv on true
            cross join lateral (
              (select e.listing_id, e.stock_units, e.published_at, true as same from catalog.search_entry e where e.sellable and e.speciality_slug = mv.speciality_slug order by e.published_at desc, e.listing_id desc limit 30)
              union all
              (select e.listing_id, e.stock_units, e.published_at, false from catalog.search_entry e where e.sellable and e.category_slug = mv.category_slug and e.speciality_slug is distinct from mv.speciality_slug
                order by e.published_at desc, e.listing_id desc limit 30)) near
          where me.slug = @slug and near.listing_id <> me.id
          order by (near.stock_units > 0) desc, near.same desc, near.published_at desc, near.listing_id desc limit 4) chosen
          join catalog.listing l on l.id = chosen.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join producers.producer r on r.id = l.producer_id
          join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
        order by (chosen.stock_units > 0) desc, chosen.same desc, chosen.published_at desc, l.id desc
        """;

    /// <summary>Null when nothing public has this slug.</summary>
    public static Task<DetailPage?> LoadAsync(Sql sql, string slug, IReadOnlyList<Province> provinces, string? place, int returnDays, DateTimeOffset now, CancellationToken ct) =>
        sql.MultipleAsync(Select, new { slug, today = Vietnamese.Day(now) }, async g =>
        {
            var listing = await g.ReadFirstOrDefaultAsync<Detail>();
            var lots = (await g.ReadAsync<DetailLot>()).AsList();
            lots.AddRange(await g.ReadAsync<DetailLot>());
            var certificates = (await g.ReadAsync<DetailCertificate>()).AsList();
            var terms = await g.ReadFirstOrDefaultAsync<DeliveryTerms>();
            var rates = (await g.ReadAsync<DeliveryRate>()).AsList();
            var similar = (await g.ReadAsync<Similar>()).AsList();
            return listing is null ? null : new DetailPage(listing, lots, certificates, similar,
                new(terms is null ? DeliveryFees.Usual(listing.ProducerId) : new(listing.ProducerId, terms, rates), provinces, provinces.FirstOrDefault(p => p.Code == place)), returnDays, now);
        }, ct);

    /// <summary>The last day of the season in which it is sold now.</summary>
    public DateOnly? AvailableTo => Listing.CanBeBought ? Season.Until(Listing.SeasonMonths, Today) : null;

    /// <summary>The day from which there should be goods again, by the season; null while there are some, and where nobody knows.</summary>
    public DateOnly? AvailableFrom => Listing.CanBeBought ? null : Season.From(Listing.SeasonMonths, Today);

    public IEnumerable<DetailLot> OpenLots => Lots.Where(l => l.BlockCause is null && !l.Gone);

    /// <summary>The newest of those that nothing is sold from: where the goods came from is asked out of season too.</summary>
    public IEnumerable<DetailLot> LotsGone => Lots.Where(l => l.Gone);

    public IEnumerable<DetailLot> BlockedLots => Lots.Where(l => l.BlockCause is not null);

    /// <summary>Who bought of them reads it here too, also while other lots are sold.</summary>
    public IEnumerable<DetailLot> RecalledLots => Lots.Where(l => l.BlockCause == "recall");

    /// <summary>Addresses of the pictures without size; a drawing where the seller has no photo.</summary>
    public IReadOnlyList<string> Pictures => Listing.PictureIds.Length > 0 ? [.. Listing.PictureIds.Select(p => $"/media/{p}")] : Files.Pictures.Of(null, Listing.SpecialitySlug) is { } drawing ? [drawing] : [];

    public bool Drawn => Listing.PictureIds.Length == 0 && Pictures.Count > 0;

    /// <summary>What is left, in the words of the page and of its machine data.</summary>
    public string StockWords(Texts t)
    {
        const long few = 10;
        var unit = SaleUnit.Of(Listing.StockUnits, Listing.SaleUnit, Listing.Title, t);
        var left = Vietnamese.Number(Listing.StockUnits);
        return !Listing.Sellable ? t["Tạm không bán"] : !Listing.CanBeBought ? t["Hết hàng"] : Listing.StockUnits <= few ? t["Chỉ còn {0} {1}", left, unit] : t["Còn hàng: {0} {1}", left, unit];
    }

    /// <summary>What a buyer may do with goods that are not right, in the words of the page and of its machine data.</summary>
    public string ReturnWords(Texts t) => t["Hàng không như mô tả, hỏng hoặc thiếu? Trong {0} ngày sau khi giao, bạn xin trả hàng và nhận lại tiền được.", ReturnDays];

    /// <summary>Somebody wants to see it and it is gone: what else there is, and the producer if that is still here. Null when it never was public.</summary>
    public static Task<GonePage?> LoadGoneAsync(Sql sql, string slug, CancellationToken ct)
    {
        const string select = $"""
            select r.slug as producer_slug, w.name as producer_name, k.slug as category_slug, k.name as category_name, k.name_en as category_name_en
            from catalog.listing l join producers.producer r on r.id = l.producer_id left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
              join lateral (select x.category_slug from catalog.listing_version x where x.listing_id = l.id and x.state = 'approved' order by x.version desc limit 1) v on true
              join producers.category k on k.slug = v.category_slug
            where l.slug = @slug and l.published_at is not null;
            {SimilarSelect}
            """;
        return sql.MultipleAsync(select, new { slug }, async g =>
        {
            var was = await g.ReadFirstOrDefaultAsync<Gone>();
            var similar = (await g.ReadAsync<Similar>()).AsList();
            return was is null ? null : new GonePage(was, similar);
        }, ct);
    }
}

/// <param name="ProducerName">Null when the producer is not public any more.</param>
public sealed record Gone(string ProducerSlug, string? ProducerName, string CategorySlug, string CategoryName, string CategoryNameEn);

public sealed record GonePage(Gone Was, List<Similar> Similar);
