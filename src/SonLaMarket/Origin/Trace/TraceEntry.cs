using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Trace;

/// <summary>Something that was done for a lot, as everybody reads it: an entry of its diary, or a step that made lots of lots.</summary>
/// <param name="Kind">A word of <see cref="DiaryKinds"/>; of a step one of <see cref="LotStepKind"/>.</param>
/// <param name="LotCode">Whose diary it is: of a lot that was made from others theirs are told too.</param>
/// <param name="WrittenAt">By the clock of the device in the field; null where that is when it came.</param>
/// <param name="Late">Written down after the diary was closed.</param>
public sealed record TraceEntry(
    Guid EventId, string Kind, bool IsStep, DateOnly DoneOn, string LotCode, string Place, string PlaceEn, string[] MadeFrom, string[] Made, string? InputName, string? ActiveIngredient, int? IntervalDays, decimal? Amount, string? AmountUnit,
    string Note, Guid[] PictureIds, DateTimeOffset? WrittenAt, DateTimeOffset RecordedAt, string? CorrectionReason, bool Late)
{
    private const string OfEntry = $"d.input_name, d.active_ingredient, {DiaryRow.Interval} as interval_days, d.amount, d.amount_unit";

    /// <summary>What is said of events that were found first, as <c>x</c>.</summary>
    private const string Said = $"""
        select e.id as event_id, coalesce(d.kind, s.kind) as kind, s.id is not null as is_step, x.done_on, l.code as lot_code, c.full_name as place, c.name_en as place_en,
          case when s.id is null then array[]::text[] else array(select f.code from origin.lot_input i join origin.lot f on f.id = i.lot_id where i.step_id = s.id order by f.id) end as made_from,
          case when s.id is null then array[]::text[] else array(select f.code from origin.lot_output i join origin.lot f on f.id = i.lot_id where i.step_id = s.id order by f.id) end as made,
          {OfEntry}, coalesce(d.note, s.note) as note, {DiaryRow.Photos} as picture_ids, d.written_at, e.recorded_at, e.correction_reason,
          coalesce(d.event_id is not null and e.recorded_at > l.diary_closed_at, false) as late
        """;

    private const string Found = "x join origin.event e on e.id = x.event_id join origin.lot l on l.id = e.lot_id join foundation.commune c on c.code = l.commune_code left join origin.diary_entry d on d.event_id = x.event_id left join origin.lot_step s on s.id = x.event_id";

    /// <summary>The lot @code, what it was made from, the nearest first and a hundred at most, and what made it; corrected entries left out, from the newest.</summary>
    internal const string Timeline = $"""
        with recursive origins (lot_id) as (
          select id from origin.lot where code = @code
          union
          select i.lot_id from origins r join origin.lot_output o on o.lot_id = r.lot_id join origin.lot_input i on i.step_id = o.step_id),
        near (lot_id) as (select lot_id from origins limit 100),
        steps (id) as (
          select o.step_id from near r join origin.lot_output o on o.lot_id = r.lot_id
          union
          select i.step_id from origin.lot l join origin.lot_input i on i.lot_id = l.id where l.code = @code)
        {Said}
        from (
          select d.event_id, d.done_on, d.stage from near r cross join lateral (
            select d.event_id, d.done_on, origin.diary_stage(d.kind) as stage from origin.diary_entry d where d.lot_id = r.lot_id and not d.corrected
            order by d.done_on desc, origin.diary_stage(d.kind) desc, d.event_id desc limit @take) d
          union all
          select s.id, s.done_on, case when s.kind in ('packing', 'aggregation') then 3 else 2 end from steps t join origin.lot_step s on s.id = t.id
          order by done_on desc, stage desc, event_id desc limit @take) {Found}
        order by x.done_on desc, x.stage desc, x.event_id desc
        """;

    /// <summary>The diary of the lot @code alone, from the newest entry or from behind a place. One lot, known beforehand: its entries are read in the order of their index, and no more of them than asked for.</summary>
    internal const string Newest = $"""
        select d.event_id, d.kind, false as is_step, d.done_on, l.code as lot_code, c.full_name as place, c.name_en as place_en, array[]::text[] as made_from, array[]::text[] as made, {OfEntry},
          d.note, {DiaryRow.Photos} as picture_ids, d.written_at, d.recorded_at, d.correction_reason, coalesce(d.recorded_at > l.diary_closed_at, false) as late
        from origin.diary_entry d join origin.lot l on l.id = d.lot_id join foundation.commune c on c.code = l.commune_code cross join lateral (select l.producer_id) e
        where d.lot_id = (select k.id from origin.lot k where k.code = @code) and not d.corrected and (@DoneOn::date is null or (d.done_on, origin.diary_stage(d.kind), d.event_id) < (@DoneOn, {DiaryPlace.Stage}, @EventId))
        order by d.done_on desc, origin.diary_stage(d.kind) desc, d.event_id desc limit @take
        """;

    public static Page<TraceEntry> Page(IReadOnlyList<TraceEntry> rows, int take) => Page<TraceEntry>.Of(rows, take, e => new DiaryPlace(e.DoneOn, e.EventId).Cursor);

    public string What => IsStep ? LotStepKind.Find(Kind)!.Label : DiaryKinds.Label(Kind);

    /// <summary>What was used, its active ingredient and how much of it; null where nothing was.</summary>
    public string? Used => DiaryRow.InputOf(InputName, Kind == DiaryKinds.Spraying ? ActiveIngredient : null) is { } input ? Amount is { } amount ? $"{input} {Vietnamese.Number(amount)} {AmountUnit}".TrimEnd() : input : null;
}
