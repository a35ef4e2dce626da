using Dapper;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Home;

public sealed record FrontListing(
    string Slug, string Title, string TitleEn, long PriceVnd, string SaleUnit, long NetWeightG, string CategorySlug, Guid? PictureId, string? SpecialitySlug, string ProducerName, string CommuneName, string CommuneNameEn) : ITile;

public sealed record FrontGroup(string Slug, string Name, string NameEn, long Listings, Guid? PictureId, string? SpecialitySlug);

/// <param name="Months">When there is some of it, from 1 to 12.</param>
public sealed record FrontSeason(string Name, string NameEn, int[] Months);

public sealed record FrontProducer(string Slug, string Name, string Kind, string CommuneName, string CommuneNameEn, Guid? PictureId, long Listings);

public sealed record FrontCounts(long Listings, long Producers, long Lots);

/// <summary>Everything the front page says, from one round trip.</summary>
public sealed record FrontPage(List<FrontListing> InSeason, List<FrontGroup> Groups, List<FrontSeason> Seasons, List<FrontProducer> Producers, FrontCounts Counts, int Month)
{
    private const string Select = """
        select l.slug, v.title, v.title_en, l.price_vnd, v.sale_unit, v.net_weight_g, v.category_slug, v.picture_ids[1] as picture_id, v.speciality_slug, w.name as producer_name, c.full_name as commune_name, c.name_en as commune_name_en
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.producer r on r.id = l.producer_id join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
        where s.sellable and s.stock_units > 0 and l.season_months <> '{}' and @month = any(l.season_months) order by l.published_at desc, l.id desc limit 8;
        select k.slug, k.name, k.name_en, count(*) as listings, (array_agg(v.picture_ids[1] order by s.stock_units desc, l.id))[1] as picture_id, (array_agg(v.speciality_slug order by s.stock_units desc, l.id))[1] as speciality_slug
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.category k on k.slug = v.category_slug where s.sellable group by 1, 2, 3, k.sort order by k.sort;
        select y.name, y.name_en, array(select distinct m from unnest(array_agg(l.season_months)) m order by m) as months
        from catalog.search_entry s join catalog.listing l on l.id = s.listing_id and l.season_months <> '{}' join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
          join producers.speciality y on y.slug = v.speciality_slug where s.sellable group by y.slug, y.name, y.name_en order by count(*) desc, y.slug limit 12;
        select r.slug, w.name, w.kind, c.full_name as commune_name, c.name_en as commune_name_en, w.picture_ids[1] as picture_id, q.listings
        from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version join foundation.commune c on c.code = w.commune_code
          join lateral (select count(*) as listings from catalog.listing l join catalog.search_entry s on s.listing_id = l.id and s.sellable where l.producer_id = r.id) q on q.listings > 0
        order by r.approved_at desc, r.id desc limit 6;
        select (select count(*) from catalog.search_entry where sellable) as listings, (select count(*) from producers.producer where public_version is not null) as producers, (select count(*) from origin.lot where taken_back_at is null) as lots
        """;

    public static Task<FrontPage> LoadAsync(Sql sql, int month, CancellationToken ct) =>
        sql.MultipleAsync(Select, new { month }, async g => new FrontPage(
            (await g.ReadAsync<FrontListing>()).AsList(), (await g.ReadAsync<FrontGroup>()).AsList(), (await g.ReadAsync<FrontSeason>()).AsList(), (await g.ReadAsync<FrontProducer>()).AsList(),
            await g.ReadSingleAsync<FrontCounts>(), month), ct);

    /// <summary>In the order in which they come: what ends soonest first, then what begins next.</summary>
    public IEnumerable<FrontSeason> SeasonsFromNow => Seasons.OrderBy(s => Enumerable.Range(0, 12).FirstOrDefault(i => s.Months.Contains((Month - 1 + i) % 12 + 1))).ThenBy(s => s.Months.Length);
}
