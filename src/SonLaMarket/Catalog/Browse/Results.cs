using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Browse;

public sealed record Tile(
    long Id, string Slug, string Title, string TitleEn, long PriceVnd, string SaleUnit, string BaseUnit, long NetWeightG, Guid? PictureId, string? SpecialitySlug, string ProducerSlug, string ProducerName,
    string CommuneName, string CommuneNameEn, string CommuneCode, long StockUnits, int[] SeasonMonths, string? Gtin, string[]? Certificates, int? Stars, decimal Rank)
{
    /// <summary>Price of a kilogram, whole đồng: shown beside the price of every other unit.</summary>
    public long PricePerKg => (long)decimal.Round(PriceVnd * 1000m / NetWeightG);

    public bool InSeason(int month) => SeasonMonths.Length == 0 || SeasonMonths.Contains(month);
}

public sealed record Facet(string Value, string Name, string NameEn, long Count);

public sealed record Facets(List<Facet> Groups, List<Facet> Communes, List<Facet> Certificates);

/// <summary>The list's rows and the counts beside its filters.</summary>
public static class Results
{
    private const string From = """
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id
          join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
          join foundation.commune c on c.code = w.commune_code
          left join lateral (
            select array_agg(distinct k.kind_code) as kinds, max(k.stars) as stars from producers.certificate k
            where k.id = any(v.certificate_ids) and k.status = 'verified' and k.valid_until >= @today) q on true
        """;

    private const string Where = """
        where s.sellable
          and (@text::text is null or s.tsv @@ plainto_tsquery('simple', foundation.fold(@text)))
          and (@group::text is null or v.category_slug = @group or v.category_slug in (select slug from producers.category where parent_slug = @group))
          and (@commune::text is null or w.commune_code = @commune)
          and (@certificate::text is null or @certificate = any(q.kinds))
          and (@stars::int is null or q.stars >= @stars)
          and (@month::int is null or l.season_months = '{}' or @month = any(l.season_months))
          and (@priceFrom::bigint is null or l.price_vnd >= @priceFrom)
          and (@priceTo::bigint is null or l.price_vnd <= @priceTo)
        """;

    // Exact marks rank first, then how well the words fit; the number is cut so that a cursor can carry it.
    private const string Score = """
        round(((case when s.tsv_marks @@ plainto_tsquery('simple', lower(normalize(coalesce(@text, ''), nfc))) then 1 else 0 end)
          + ts_rank(s.tsv, plainto_tsquery('simple', foundation.fold(coalesce(@text, '')))))::numeric, 6)
        """;

    private const string Columns = """
        select l.id, l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.base_unit, v.net_weight_g, v.picture_ids[1] as picture_id, v.speciality_slug, r.slug as producer_slug, w.name as producer_name,
          c.full_name as commune_name, c.name_en as commune_name_en, c.code as commune_code, s.stock_units, l.season_months, v.gtin, q.kinds as certificates, q.stars
        """;

    private const string ByFit = $"{Columns}, {Score} as rank {From} {Where} and (@key::numeric is null or ({Score}, l.id) < (@key::numeric, @id)) order by rank desc, l.id desc limit @take";
    private const string ByNew = $"{Columns}, round(extract(epoch from l.published_at)::numeric, 6) as rank {From} {Where} and (@key::numeric is null or (l.published_at, l.id) < (to_timestamp(@key::double precision), @id)) order by l.published_at desc, l.id desc limit @take";
    private const string ByPriceUp = $"{Columns}, l.price_vnd::numeric as rank {From} {Where} and (@key::numeric is null or (l.price_vnd, l.id) > (@key::bigint, @id)) order by l.price_vnd, l.id limit @take";
    private const string ByPriceDown = $"{Columns}, l.price_vnd::numeric as rank {From} {Where} and (@key::numeric is null or (l.price_vnd, l.id) < (@key::bigint, @id)) order by l.price_vnd desc, l.id desc limit @take";

    private const string Counts = $"""
        ;select v.category_slug as value, k.name, k.name_en, count(*) as count {From} join producers.category k on k.slug = v.category_slug {Where} group by 1, 2, 3, k.sort order by k.sort;
        select c.code as value, c.full_name as name, c.name_en, count(*) as count {From} {Where} group by 1, 2, 3 order by count(*) desc, 1 limit 80;
        select t.kind as value, x.name, x.name_en, count(*) as count {From} cross join lateral unnest(q.kinds) t(kind) join producers.certificate_kind x on x.code = t.kind {Where} group by 1, 2, 3 order by count(*) desc, 1
        """;

    /// <summary>Rows and facets in one round trip.</summary>
    public static Task<(Page<Tile> Page, Facets Facets)> LoadAsync(Sql sql, Query query, DateOnly today, bool facets, CancellationToken ct)
    {
        var rows = query.Order switch { "phu-hop" => ByFit, "gia-tang" => ByPriceUp, "gia-giam" => ByPriceDown, _ => ByNew };
        var args = new
        {
            text = query.Text,
            group = query.Group,
            commune = query.Commune,
            certificate = query.Certificate,
            stars = query.Stars,
            month = query.Month,
            priceFrom = query.PriceFrom,
            priceTo = query.PriceTo,
            key = query.After?.Key,
            id = query.After?.Id ?? 0,
            today,
            take = Query.Take + 1,
        };
        return sql.MultipleAsync(facets ? rows + Counts : rows, args, async g =>
        {
            var tiles = (await g.ReadAsync<Tile>()).AsList();
            var page = Page<Tile>.Of(tiles, Query.Take, r => After.Text(query.Order, r.Rank, r.Id));
            return (page, facets
                ? new Facets((await g.ReadAsync<Facet>()).AsList(), (await g.ReadAsync<Facet>()).AsList(), (await g.ReadAsync<Facet>()).AsList())
                : new Facets([], [], []));
        }, ct);
    }
}
