using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <param name="Status">Of its code: a field stays the field where it grew, also while its code is suspended.</param>
public sealed record OfferPlace(Guid Id, string Name, string CommuneName, string? FormerDistrict, string? SpecialitySlug, string Status);

/// <summary>What goods are chosen from: specialities, categories, one's own growing areas.</summary>
public sealed record OfferLists(List<Speciality> Specialities, List<Category> Categories, List<OfferPlace> Places)
{
    internal const string Select = """

        select slug, name, name_en, category_slug, unit, harvest_months, former_districts, protection, protection_name, price_min_vnd, price_max_vnd, sale_online_allowed
        from producers.speciality where category_slug <> 'tourism' order by name collate "vi-x-icu";
        select k.slug, k.parent_slug, k.name, k.name_en, k.sort from producers.category k where not exists (select 1 from producers.category x where x.parent_slug = k.slug) and k.slug <> 'tourism' order by k.sort;
        select a.id, a.name, c.full_name as commune_name, c.former_district, a.speciality_slug, a.status
        from producers.growing_area a join foundation.commune c on c.code = a.commune_code
        where a.producer_id = (select m.producer_id from producers.acting m where m.person_id = @memberId) and not a.own_place order by a.created_at, a.id;
        """;

    public Speciality? Speciality(string? slug) => Specialities.Find(s => s.Slug == slug);

    public static Task<OfferLists> LoadAsync(Sql sql, long memberId, CancellationToken ct) => sql.MultipleAsync(Select, new { memberId }, ReadAsync, ct);

    internal static async Task<OfferLists> ReadAsync(SqlMapper.GridReader g) =>
        new((await g.ReadAsync<Speciality>()).AsList(), (await g.ReadAsync<Category>()).AsList(), (await g.ReadAsync<OfferPlace>()).AsList());
}
