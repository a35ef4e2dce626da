using Dapper;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog.Browse;

public sealed record Tile(
    long Id, string Slug, string Title, string TitleEn, long PriceVnd, string SaleUnit, string BaseUnit, long NetWeightG, string CategorySlug, Guid? PictureId, string? SpecialitySlug, string ProducerSlug, string ProducerName,
    string CommuneName, string CommuneNameEn, string CommuneCode, long StockUnits, int[] SeasonMonths, string? Gtin, string[]? Certificates, int? Stars, decimal Rank) : ITile
{
    public bool InSeason(int month) => SeasonMonths.Length == 0 || SeasonMonths.Contains(month);
}

/// <summary>The rows of the list, and what its filters would find, in one round trip.</summary>
public static class Results
{
    internal const string Filters = """
        (@groups::text[] is null or s.category_slug = any(@groups))
          and (@commune::text is null or s.commune_code = @commune)
          and (@certificate::text is null or s.certificate_kinds @> array[@certificate])
          and (@stars::int is null or s.stars >= @stars)
          and (@month::int is null or s.season_months = '{}' or @month = any(s.season_months))
          and (@priceFrom::bigint is null or s.price_vnd >= @priceFrom)
          and (@priceTo::bigint is null or s.price_vnd <= @priceTo)
        """;

    private const string Found = "s.sellable and s.tsv @@ @match::tsquery";

    // The rules of Search/Ranking.cs, then the second of first approval, as one whole number that a cursor can carry.
    private const string Fit = """
        ((case when @all::tsquery is null or s.tsv @@ @all::tsquery then @pAll else 0 end
          + case when s.tsv @@ @name::tsquery then @pName + case when s.tsv @@ @start::tsquery then @pStart else 0 end + case when s.marks @@ @exact::tsquery then @pMarks else 0 end
            when s.tsv @@ @belongs::tsquery then @pName + case when s.marks @@ @exact::tsquery then @pMarks else 0 end else 0 end
          + case when (@places::text[] is null or s.commune_code = any(@places)) and (@kinds::text[] is null or s.category_slug = any(@kinds))
              and (@certified::text[] is null or s.certificate_kinds && @certified) then @pRecords else 0 end
          + case when s.tsv @@ @extra::tsquery then @pExtra else 0 end
          + case when s.stock_units > 0 then @pStock else 0 end
          + case when s.category_slug in ('fresh-fruit', 'vegetable', 'root-vegetable') then @pFresh else 0 end
          + case when s.season_months = '{}' or @now = any(s.season_months) then @pSeason else 0 end) * @second::bigint
          + floor(extract(epoch from s.published_at))::bigint)::numeric
        """;

    /// <summary>More than the second of any approval until the year 2286.</summary>
    private const long Second = 10_000_000_000;

    private const string Entry = "s.listing_id, s.stock_units, s.certificate_kinds, s.stars, s.commune_code";

    private const string New = "round(extract(epoch from s.published_at), 6)";
    private const string AfterNew = "(@key::numeric is null or (s.published_at, s.listing_id) < (to_timestamp(@key::double precision), @id)) order by s.published_at desc, s.listing_id desc limit @take";
    private const string AfterUp = "(@key::numeric is null or (s.price_vnd, s.listing_id) > (@key::bigint, @id)) order by s.price_vnd, s.listing_id limit @take";
    private const string AfterDown = "(@key::numeric is null or (s.price_vnd, s.listing_id) < (@key::bigint, @id)) order by s.price_vnd desc, s.listing_id desc limit @take";

    private const string TilesOf = """
        select l.id, l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.base_unit, v.net_weight_g, v.category_slug, v.picture_ids[1] as picture_id, v.speciality_slug, r.slug as producer_slug, w.name as producer_name,
          c.full_name as commune_name, c.name_en as commune_name_en, c.code as commune_code, h.stock_units, l.season_months, v.gtin, h.certificate_kinds as certificates, h.stars, h.rank
        from (
        """;

    private const string Of = """
        ) h join catalog.listing l on l.id = h.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
          join foundation.commune c on c.code = h.commune_code
        """;

    private const string ByFit = $"{TilesOf} select f.listing_id, f.stock_units, f.certificate_kinds, f.stars, f.commune_code, f.rank from (select {Entry}, {Fit} as rank from catalog.search_entry s where {Found} and {Filters}) f where @key::numeric is null or (f.rank, f.listing_id) < (@key, @id) order by f.rank desc, f.listing_id desc limit @take {Of} order by h.rank desc, l.id desc;";
    private const string FoundByNew = $"{TilesOf} select {Entry}, {New} as rank from catalog.search_entry s where {Found} and {Filters} and {AfterNew} {Of} order by h.rank desc, l.id desc;";
    private const string FoundByPriceUp = $"{TilesOf} select {Entry}, s.price_vnd::numeric as rank from catalog.search_entry s where {Found} and {Filters} and {AfterUp} {Of} order by h.rank, l.id;";
    private const string FoundByPriceDown = $"{TilesOf} select {Entry}, s.price_vnd::numeric as rank from catalog.search_entry s where {Found} and {Filters} and {AfterDown} {Of} order by h.rank desc, l.id desc;";
    private const string ByNew = $"{TilesOf} select {Entry}, {New} as rank from catalog.search_entry s where s.sellable and {Filters} and {AfterNew} {Of} order by h.rank desc, l.id desc;";
    private const string ByPriceUp = $"{TilesOf} select {Entry}, s.price_vnd::numeric as rank from catalog.search_entry s where s.sellable and {Filters} and {AfterUp} {Of} order by h.rank, l.id;";
    private const string ByPriceDown = $"{TilesOf} select {Entry}, s.price_vnd::numeric as rank from catalog.search_entry s where s.sellable and {Filters} and {AfterDown} {Of} order by h.rank desc, l.id desc;";

    /// <param name="asked">The query's text as it is understood; null when there is none.</param>
    /// <param name="whole">Count the choices of a filter beside the one chosen, over everything; else only what is left, up to a limit.</param>
    public static Task<(Page<Tile> Page, Facets? Facets)> LoadAsync(Sql sql, Query query, Asked? asked, DateOnly today, bool facets, bool whole, CancellationToken ct)
    {
        var (statements, args) = Statements(query, asked, today, facets, whole);
        return sql.MultipleAsync(statements, args, async g =>
        {
            var page = Page<Tile>.Of((await g.ReadAsync<Tile>()).AsList(), Query.Take, r => After.Text(query.Order, r.Rank, r.Id));
            return (page, facets ? Facets.Of((await g.ReadAsync<Facets.Row>()).AsList(), asked is not null || whole) : null);
        }, ct);
    }

    /// <summary>What a list asks of the database: the rows, then (after a semicolon) the counts.</summary>
    public static (string Sql, object Args) Statements(Query query, Asked? asked, DateOnly today, bool facets, bool whole)
    {
        var rows = (query.Order, asked is not null) switch
        {
            ("phu-hop", true) => ByFit,
            ("gia-tang", true) => FoundByPriceUp,
            ("gia-giam", true) => FoundByPriceDown,
            (_, true) => FoundByNew,
            ("gia-tang", false) => ByPriceUp,
            ("gia-giam", false) => ByPriceDown,
            _ => ByNew,
        };
        return (facets ? rows + (asked is null ? Facets.OfAll : Facets.OfFound) : rows, Arguments(query, asked, today, whole));
    }

    /// <summary>How many of the rows have every word that was typed.</summary>
    public static int Strict(Query query, IReadOnlyList<Tile> rows) => query.Strict ? rows.Count : rows.Count(r => r.Rank >= Ranking.All.Points * Second);

    /// <summary>How many listings have every word of a search, without filters, counted up to one page.</summary>
    public static Task<int> CountAsync(Sql sql, Asked asked, CancellationToken ct) => asked.Strict is null ? Task.FromResult(0) : sql.SingleAsync<int>(
        $"select count(*)::int from (select s.listing_id from catalog.search_entry s where {Found} limit @take) f", new { match = asked.Strict, take = Query.Take + 1 }, ct);

    private static object Arguments(Query query, Asked? asked, DateOnly today, bool whole) => new
    {
        match = query.Strict ? asked?.Strict : asked?.Match,
        name = asked?.Name,
        exact = asked?.Exact,
        start = asked?.Start,
        belongs = asked?.Belongs,
        all = asked?.All,
        places = asked?.Communes,
        kinds = asked?.Groups,
        certified = asked?.Certificates,
        extra = asked?.Extra,
        second = Second,
        pAll = Ranking.All.Points,
        pName = Ranking.Name.Points,
        pMarks = (asked?.Marked == true ? Ranking.Marks : Ranking.NoMarks).Points,
        pStart = Ranking.Start.Points,
        pRecords = Ranking.Records.Points,
        pFresh = Ranking.Fresh.Points,
        pExtra = Ranking.Extra.Points,
        pStock = Ranking.Stock.Points,
        pSeason = Ranking.Season.Points,
        now = today.Month,
        groups = query.Groups,
        commune = query.Commune,
        certificate = query.Certificate,
        stars = query.Stars,
        month = query.Month,
        priceFrom = query.PriceFrom,
        priceTo = query.PriceTo,
        key = query.After?.Key,
        id = query.After?.Id ?? 0,
        take = Query.Take + 1,
        whole,
        most = Facets.Most,
    };
}
