using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Catalog;

/// <summary>One row a public listing: what a list filters, counts and ranks by. Derived from the listing, its version, producer, certificates and stock.</summary>
public static class SearchEntries
{
    private const int Batch = 200;

    /// <summary>By its key, so that the statement is planned once a connection; with a list it is planned each time.</summary>
    private static readonly string One = Text("l.id = @listingId");

    private static readonly string Several = Text("l.id = any(@ids)");

    /// <summary>
    /// Makes the entry of a public listing anew, as of a day in Vietnam. Words that stay as they are aren't written: they and their indexes are most of an
    /// entry, and prices, blocks and certificates change more often.
    /// </summary>
    public static void Put(Tx tx, long listingId, DateOnly today) => tx.Add(One, new { listingId, today });

    /// <summary>
    /// Of the listings that sell from these products only what their stock decides: each order moves it, and nothing else of an entry.
    /// </summary>
    public static void Restock(Tx tx, long[] products, DateOnly today)
    {
        const string update = $"""
            update catalog.search_entry e set stock_units = n.units, sellable = n.sellable
            from (select l.id, {Units} as units, {Sellable} as sellable from catalog.listing l left join lateral ({StockOf}) t on true where l.product_id = any(@products) order by l.id) n
            where e.listing_id = n.id and (e.stock_units, e.sellable) is distinct from (n.units, n.sellable)
            """;
        tx.Add(update, new { products, today });
    }

    private const string Units = "coalesce(t.units, 0)";

    private const string Sellable = "l.paused_at is null and (coalesce(t.open_lots, 0) > 0 or coalesce(t.blocked_lots, 0) = 0)";

    private const string StockOf = """
        select sum(a.available / l.base_per_unit) filter (where b.lot_id is null) as units,
          count(*) filter (where b.lot_id is null and a.available >= l.base_per_unit) as open_lots, count(*) filter (where b.lot_id is not null) as blocked_lots
        from catalog.lot_stock a join origin.lot o on o.id = a.lot_id left join (select distinct lot_id from origin.lot_block where lifted_at is null) b on b.lot_id = a.lot_id
        where a.product_id = l.product_id and (o.best_before is null or o.best_before >= @today)
        """;

    private static string Text(string which) => $$"""
        with now as materialized (
          select l.id, v.category_slug, v.speciality_slug, w.commune_code, l.price_vnd, l.season_months, coalesce(q.kinds, '{}') as kinds, q.stars, q.until, l.published_at,
            {{Units}} as units, {{Sellable}} as sellable,
            coalesce(s.name, v.title) as called,
            concat_ws(' ', v.title, v.title_en, s.name_en, case when v.net_weight_g >= 1000 and v.net_weight_g % 1000 = 0 then v.net_weight_g / 1000 || ' kg' else v.net_weight_g || ' g' end) as title,
            concat_ws(' ', w.name, k.name, k.name_en, p.name, p.name_en, s.protection_name, q.names) as belongs,
            concat_ws(' ', c.full_name, c.former_district, (select string_agg(f.full_name, ' ') from foundation.former_commune f where f.commune_code = w.commune_code)) as place
          from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version
            join producers.producer r on r.id = l.producer_id
            join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            join foundation.commune c on c.code = w.commune_code join producers.category k on k.slug = v.category_slug
            left join producers.category p on p.slug = k.parent_slug
            left join producers.speciality s on s.slug = v.speciality_slug
            left join lateral (
              select array_agg(distinct x.kind_code) as kinds, max(x.stars) as stars, min(x.valid_until) as until, string_agg(distinct n.name || ' ' || n.name_en || ' ' || n.code, ' ') as names
              from producers.certificate x join producers.certificate_kind n on n.code = x.kind_code
              where x.id = any(v.certificate_ids) and x.status = 'verified' and x.valid_until >= @today) q on true
            left join lateral ({{StockOf}}) t on true
          where {{which}}),
        same as (
          update catalog.search_entry e set category_slug = n.category_slug, speciality_slug = n.speciality_slug, commune_code = n.commune_code, price_vnd = n.price_vnd,
            season_months = n.season_months, certificate_kinds = n.kinds, stars = n.stars, certificates_until = n.until, published_at = n.published_at, stock_units = n.units, sellable = n.sellable
          from now n where e.listing_id = n.id and (e.called, e.title, e.belongs, e.place) = (n.called, n.title, n.belongs, n.place)
          returning e.listing_id)
        insert into catalog.search_entry (listing_id, category_slug, speciality_slug, commune_code, price_vnd, season_months, certificate_kinds, stars, certificates_until, published_at,
          stock_units, sellable, called, title, belongs, place)
        select n.* from now n where n.id not in (select listing_id from same)
        on conflict (listing_id) do update set category_slug = excluded.category_slug, speciality_slug = excluded.speciality_slug, commune_code = excluded.commune_code,
          price_vnd = excluded.price_vnd, season_months = excluded.season_months, certificate_kinds = excluded.certificate_kinds, stars = excluded.stars,
          certificates_until = excluded.certificates_until, published_at = excluded.published_at, stock_units = excluded.stock_units, sellable = excluded.sellable,
          called = excluded.called, title = excluded.title, belongs = excluded.belongs, place = excluded.place
        """;

    /// <summary>All entries anew: after a change of the reference tables that their words come from.</summary>
    public static async Task RebuildAsync(Sql sql, DateOnly today)
    {
        const string next = "select l.id from catalog.listing l where l.public_version is not null and l.id > @after order by l.id limit @Batch";
        for (long[] ids = [0]; (ids = [.. await sql.QueryAsync<long>(next, new { after = ids[^1], Batch })]).Length > 0;)
            await sql.ExecuteAsync(Several, new { ids, today });
    }
}
