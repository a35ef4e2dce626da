namespace SonLaMarket.Catalog.Browse;

/// <summary>What the filters would find: how many listings each choice has, given all other choices.</summary>
/// <param name="Total">Listings found; null when there are more than <see cref="Most"/> without a search, and nobody counts them.</param>
public sealed record Facets(long? Total, ILookup<string, Facets.Row> Counts)
{
    /// <summary>Listings looked at where nothing was searched for.</summary>
    public const int Most = 1_000;

    public sealed record Row(string Facet, string Value, long Count);

    public IEnumerable<Row> this[string facet] => Counts[facet];

    internal const string OfFound = $"{Hit} and s.tsv @@ @match::tsquery {Grouped}";
    internal const string OfAll = $"{Hit} and (@whole or ({Results.Filters})) order by s.published_at desc, s.listing_id desc limit case when @whole then null else @most + 1 end {Grouped}";

    private const string Hit = """
        with hit as materialized (
          select s.category_slug, s.speciality_slug, s.commune_code, s.certificate_kinds, s.stars, s.season_months,
            @groups::text[] is null or s.category_slug = any(@groups) as g,
            @commune::text is null or s.commune_code = @commune as c,
            @certificate::text is null or s.certificate_kinds @> array[@certificate] as k,
            @stars::int is null or coalesce(s.stars >= @stars, false) as o,
            @month::int is null or s.season_months = '{}' or @month = any(s.season_months) as m
          from catalog.search_entry s
          where s.sellable and (@priceFrom::bigint is null or s.price_vnd >= @priceFrom) and (@priceTo::bigint is null or s.price_vnd <= @priceTo)
        """;

    private const string Grouped = """
        )
        select 'all' as facet, '' as value, count(*) as count from hit where g and c and k and o and m
        union all select 'nhom', category_slug, count(*) from hit where c and k and o and m group by 2
        union all select 'xa', commune_code, count(*) from hit where g and k and o and m group by 2
        union all select 'chung-nhan', x.kind, sum(h.n)::bigint from (select certificate_kinds, count(*) as n from hit where g and c and o and m group by 1) h, unnest(h.certificate_kinds) x(kind) group by 2
        union all select 'sao', n.least::text, sum(h.n)::bigint from (select stars, count(*) as n from hit where g and c and k and m group by 1) h, (values (3), (4), (5)) n(least) where h.stars >= n.least group by 2
        union all select 'mua', n.month::text, sum(h.n)::bigint from (select season_months, count(*) as n from hit where g and c and k and o group by 1) h, generate_series(1, 12) n(month) where h.season_months = '{}' or n.month = any(h.season_months) group by 2
        union all select 'dac-san', speciality_slug, count(*) from hit where speciality_slug is not null and g and c and k and o and m group by 2
        """;

    internal static Facets Of(List<Row> rows, bool counted)
    {
        var total = rows.Find(r => r.Facet == "all")!.Count;
        return new(counted || total <= Most ? total : null, rows.ToLookup(r => r.Facet, StringComparer.Ordinal));
    }
}
