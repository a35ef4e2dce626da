using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Dapper;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>A lot that an entry may be written for.</summary>
/// <param name="Work">Whose usual work is meant: its crop, else its category.</param>
/// <param name="HarvestedOn">The last day of its harvest, as far as it is known.</param>
/// <param name="Standing">Nothing of it was harvested yet.</param>
/// <param name="HarvestFrom">While it stands, the first day on which every interval is over.</param>
/// <param name="Placeless">A spraying or a harvest says which growing area it is from.</param>
public sealed record FieldLot(string Code, string ProductName, string Work, string? GrowingAreaName, DateOnly? HarvestedOn, bool Standing, DateOnly? HarvestFrom, bool Placeless);

/// <summary>Everything that is needed to write entries, on one page: without signal there is nothing else to ask.</summary>
/// <param name="Last">What was done with each lot on its last day in the diary, whoever wrote it and on whichever device: it can be written again.</param>
/// <param name="Account">Whose entries the device keeps: the person, with the producer they work for now. Nobody reads the person from it.</param>
public sealed record FieldPage(List<FieldLot> Lots, string? Lot, List<FieldTemplate> Templates, List<FieldEntry> Last, string Account, DiaryForm Form, List<DiaryInput> Inputs, PictureErrors Errors) : DiaryFields(Form, Inputs, Errors)
{
    /// <summary>What stands in the field, then the newest ones: older lots are written from their own page.</summary>
    private const int Most = 60;

    private const int OfALot = 3;

    /// <param name="lot">The lot that is chosen; null: the one last written for; empty: none was, and the page shows what goes with none. Where nothing was written, only a lot that is alone is chosen: the newest may be one that needs no diary.</param>
    public static async Task<FieldPage> LoadAsync(Sql sql, ClaimsPrincipal user, DiaryForm form, CancellationToken ct, string? lot = null, PictureErrors? errors = null)
    {
        const string select = $"""
            select l.code, p.name as product_name, k.work, a.name as growing_area_name, coalesce(l.harvest_until, l.harvested_on) as harvested_on,
              {LotHarvest.Standing} as standing, case when {LotHarvest.Standing} then {LotHarvest.From} end as harvest_from, {LotHarvest.Placeless} as placeless
            from origin.lot l join producers.product p on p.id = l.product_id join origin.product_crop k on k.product_id = p.id left join producers.growing_area a on a.id = l.growing_area_id
              join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.taken_back_at is null and l.diary_closed_at is null order by standing desc, l.id desc limit @Most;
            select coalesce(t.crop, t.category_slug) as work, t.code, t.kind, t.title, t.title_en, t.amount_unit, t.method from origin.diary_template t
            where coalesce(t.crop, t.category_slug) in (select k.work from producers.product p join origin.product_crop k on k.product_id = p.id join producers.acting m on m.producer_id = p.producer_id and m.person_id = @memberId) order by t.sort;
            select o.code as lot, d.event_id, d.kind, d.done_on, d.input_code, d.input_name, case when d.input_code is null then d.active_ingredient end as active_ingredient, d.target, d.amount, d.amount_unit, d.area, d.volume, d.quantity, d.interval_days, d.label_source, d.worker, d.note, d.details::text as details
            from (select l.id, l.code from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId where l.taken_back_at is null and l.diary_closed_at is null order by {LotHarvest.Standing} desc, l.id desc limit @Most) o
              cross join lateral (select x.event_id, x.done_on, max(x.done_on) over () as last_on from (
                select e.event_id, e.done_on from origin.diary_entry e where e.lot_id = o.id and e.kind <> @Harvest and not e.corrected
                order by e.done_on desc, origin.diary_stage(e.kind) desc, e.event_id desc limit @OfALot) x) x join origin.diary_entry d on d.event_id = x.event_id
            where x.done_on = x.last_on order by o.id desc, d.event_id desc;
            select o.code from (select l.id, l.code from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId where l.taken_back_at is null and l.diary_closed_at is null order by {LotHarvest.Standing} desc, l.id desc limit @Most) o
              join origin.diary_entry d on d.lot_id = o.id order by d.event_id desc limit 1;
            select a.id, a.name from producers.growing_area a join producers.acting m on m.producer_id = a.producer_id and m.person_id = @memberId
            where exists (select 1 from origin.lot l where l.producer_id = a.producer_id and l.taken_back_at is null and l.diary_closed_at is null and {LotHarvest.Placeless})
            order by a.name collate "vi-x-icu", a.id
            """;
        var (lots, templates, last, written, areas) = await sql.MultipleAsync(select, new { memberId = user.Id(), Most, OfALot, DiaryKinds.Harvest },
            async g => ((await g.ReadAsync<FieldLot>()).AsList(), (await g.ReadAsync<FieldTemplate>()).AsList(), (await g.ReadAsync<FieldEntry>()).AsList(), await g.ReadFirstOrDefaultAsync<string>(), (await g.ReadAsync<AreaChoice>()).AsList()), ct);
        var work = $"field {user.Id()} {user.FindFirst(Current.ProducerClaim)?.Value} {user.FindFirst(Current.BehalfClaim)?.Value}";
        var alone = lots.Count == 1 ? lots[0].Code : null;
        return new(lots, lots.Exists(l => l.Code == lot) ? lot : lot == "" ? alone : written ?? alone, templates, last, Convert.ToHexStringLower(Codes.Hash(work).AsSpan(0, 8)), form, await Origin.Inputs.AllAsync(sql, ct), errors ?? new()) { Areas = areas };
    }
}

/// <summary>What is usually done for a crop.</summary>
public sealed record FieldTemplate(string Work, string Code, string Kind, string Title, string TitleEn, string AmountUnit, string Method);

/// <summary>An entry that can be written again: without its day, its weather and its photos, which are another day's.</summary>
/// <param name="Details">The side columns that were filled, as JSON.</param>
public sealed record FieldEntry(
    string Lot, Guid EventId, string Kind, DateOnly DoneOn, string? InputCode, string? InputName, string? ActiveIngredient, string? Target, decimal? Amount, string? AmountUnit, string? Area, string? Volume, string? Quantity, int? IntervalDays, string? LabelSource,
    string? Worker, string Note, string Details)
{
    /// <summary>What it fills the form with, by the names of the form's fields.</summary>
    public Dictionary<string, string> Fields => new (string Name, string? Value)[]
    {
        (nameof(Kind), Kind), (nameof(InputCode), InputCode), (nameof(InputName), InputName), (nameof(ActiveIngredient), ActiveIngredient), (nameof(Target), Target), (nameof(Amount), Amount is { } amount ? Vietnamese.Number(amount) : null), (nameof(AmountUnit), AmountUnit),
        (nameof(Area), Area), (nameof(Volume), Volume), (nameof(Quantity), Quantity), (nameof(IntervalDays), IntervalDays?.ToString(CultureInfo.InvariantCulture)), (nameof(LabelSource), LabelSource), (nameof(Worker), Worker), (nameof(Note), Note),
    }.Concat(JsonSerializer.Deserialize<Dictionary<string, string>>(Details)!.Select(c => (Name: char.ToUpperInvariant(c.Key[0]) + c.Key[1..], Value: (string?)c.Value)))
        .Where(f => !string.IsNullOrEmpty(f.Value)).ToDictionary(f => f.Name, f => f.Value!, StringComparer.Ordinal);
}
