using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <summary>When a lot was harvested, and when it may be: said by its producer at the opening, and by the diary.</summary>
internal static class LotHarvest
{
    /// <summary>The most that a lot holds, opened with it or harvested into it: 1,000 tonnes (<see cref="LotReading"/>).</summary>
    public const long MostGrams = 1_000_000_000;

    /// <summary>The crop of the lot "l" still stands.</summary>
    public const string Standing = "(l.opened_standing and l.harvested_on is null)";

    /// <summary>Nobody said which growing area the lot "l" is from; it is no goods made of others, and its producer named some to choose from.</summary>
    public const string Placeless = $"({Nowhere} and {Named})";

    /// <summary>The place of the producer of the lot "l", where nobody said which growing area the lot is from and they named none: it can be from nowhere else.</summary>
    public const string SolePlace = $"(case when {Nowhere} and not {Named} then (select a.id from producers.growing_area a where a.producer_id = l.producer_id and a.own_place) end)";

    private const string Nowhere = "l.growing_area_id is null and not exists (select 1 from origin.lot_output o where o.lot_id = l.id)";

    private const string Named = "exists (select 1 from producers.growing_area a where a.producer_id = l.producer_id and not a.own_place)";

    /// <summary>
    /// The lot "f" is the lot "l" or of the same field: what was sprayed by its diary counts for "l" too. Which field that is, the lots say now, not their entries, which may be older than that word.
    /// </summary>
    public const string SameField = "(f.id = l.id or f.growing_area_id = l.growing_area_id)";

    /// <summary>The earliest harvest of the lot "l" that anybody wrote down.</summary>
    public const string First = $"least(l.harvested_on, (select min(d.done_on) from origin.diary_entry d where d.lot_id = l.id and d.kind = 'harvest' and not d.corrected))";

    /// <summary>Every day of harvest of the lot "l", as "day".</summary>
    public const string Days = $"select l.harvested_on as day union all select l.harvest_until union all select d.done_on from origin.diary_entry d where d.lot_id = l.id and d.kind = 'harvest' and not d.corrected";

    /// <summary>The first day on which the interval of every spraying of the field of "l" is over. No label asks for more than a year: an unknown interval reaches as far, also while the label's photo is on its way.</summary>
    public const string From = $"""
        (select max(d.done_on + coalesce({DiaryRow.Interval}, 366)) from origin.lot f cross join lateral (select f.producer_id) e join origin.diary_entry d on d.lot_id = f.id
          where {SameField} and d.kind = 'spraying' and not d.corrected)
        """;

    /// <summary>The state at the end of the day "h.first" of the code "h.code" of the growing area "a"; null where there is no area. What was found of a code that the area had before is no state of this one.</summary>
    public const string AreaStatus = """
        case when a.id is not null then coalesce((select f.status from producers.growing_area_finding f where f.growing_area_id = a.id and f.code = h.code and (f.decided_at at time zone 'Asia/Ho_Chi_Minh')::date <= h.first order by f.id desc limit 1), 'active') end
        """;

    /// <summary>What every harvest of a lot weighs together, the one that is corrected left out.</summary>
    public static Task<decimal> GramsAsync(Tx tx, long lotId, Guid? corrected) => tx.SingleAsync<decimal>(
        $"select coalesce(sum(d.quantity_g), 0) from origin.diary_entry d where d.lot_id = @lotId and d.kind = 'harvest' and not d.corrected and d.event_id is distinct from @corrected::uuid", new { lotId, corrected });

    /// <summary>What the diary weighs is kept beside what the lot claims. A lot that was opened while its crop stood follows its diary: the days, what was harvested where every entry weighs it, and the state of the area's code on the first day.</summary>
    public static async Task<int> FollowAsync(Tx tx, long lotId)
    {
        const string weigh = $"""
            update origin.lot l set harvested_g = h.grams
            from (select case when bool_and(d.quantity_g is not null) then sum(d.quantity_g)::bigint end as grams from origin.diary_entry d where d.lot_id = @lotId and d.kind = 'harvest' and not d.corrected) h
            where l.id = @lotId and l.harvested_g is distinct from h.grams
            """;
        const string follow = $"""
            update origin.lot l set harvested_on = h.first, harvest_until = nullif(h.last, h.first), best_before = case when l.best_before >= h.first then l.best_before end,
              quantity_base = case when l.base_unit = 'g' and h.grams >= greatest(l.used_base + l.shelved_base, 1) then h.grams else l.quantity_base end,
              growing_area_status = {AreaStatus}
            from (select min(d.done_on) as first, max(d.done_on) as last, case when bool_and(d.quantity_g is not null) then sum(d.quantity_g)::bigint end as grams, (select o.growing_area_code from origin.lot o where o.id = @lotId) as code
              from origin.diary_entry d where d.lot_id = @lotId and d.kind = 'harvest' and not d.corrected) h
              left join producers.growing_area a on a.id = (select o.growing_area_id from origin.lot o where o.id = @lotId)
            where l.id = @lotId and l.opened_standing and (l.harvested_on is distinct from h.first or l.harvest_until is distinct from nullif(h.last, h.first) or l.base_unit = 'g' and h.grams <> l.quantity_base)
            """;
        await tx.ExecuteAsync(weigh, new { lotId });
        return await tx.ExecuteAsync(follow, new { lotId });
    }

    /// <summary>Says which growing area of its producer the lot is from, once, with the state of the area's code on the day of harvest. False when it is none of theirs, or the lot has one.</summary>
    public static async Task<bool> PlaceAsync(Tx tx, long lotId, Guid areaId, DateOnly today)
    {
        const string place = $"""
            update origin.lot l set growing_area_id = a.id, growing_area_code = a.code, commune_code = a.commune_code, growing_area_status = {AreaStatus}
            from producers.growing_area a cross join lateral (select coalesce(o.harvested_on, @today) as first, a.code from origin.lot o where o.id = @lotId) h
            where l.id = @lotId and l.growing_area_id is null and a.id = @areaId and a.producer_id = l.producer_id
            """;
        return await tx.ExecuteAsync(place, new { lotId, areaId, today }) == 1;
    }
}
