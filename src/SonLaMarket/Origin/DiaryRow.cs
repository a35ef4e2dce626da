using System.Text.Json;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin;

/// <summary>An entry as those read it who keep the diary.</summary>
/// <param name="Late">Written down after the diary was closed.</param>
public sealed record DiaryRow(
    Guid EventId, string Kind, DateOnly DoneOn, string? InputCode, string? InputName, string? ActiveIngredient, string? Target, decimal? Amount, string? AmountUnit, string? Area, decimal? AreaM2,
    string? Volume, string? Quantity, int? IntervalDays, string? IntervalSource, Guid? LabelPictureId, string? LabelSource, string? Worker, string? Weather, string Note, Guid[] PictureIds,
    string Details, DateTimeOffset? WrittenAt, int PhotosOnTheWay, DateTimeOffset RecordedAt, string? PersonName, bool Corrected, string? CorrectionReason, bool Late)
{
    /// <summary>Photos of <c>d</c>, in their order, that have arrived: text comes before photos, and nobody shows a picture of somebody else.</summary>
    internal const string Photos = "case when cardinality(d.picture_ids) > 0 then array(select f.id from files.stored_file f where f.id = any(d.picture_ids) and f.owner = 'producer:' || e.producer_id order by array_position(d.picture_ids, f.id)) else array[]::uuid[] end";

    /// <summary>The same of the label's photo.</summary>
    internal const string Label = "(select f.id from files.stored_file f where f.id = d.label_picture_id and f.owner = 'producer:' || e.producer_id)";

    /// <summary>The interval that the label of <c>d</c> proves, an entry of the producer of <c>e</c>; null while its photo is on its way.</summary>
    internal const string Interval = $"(case when d.interval_source = 'label' and (d.label_picture_id is null or {Label} is not null) then d.interval_days end)";

    /// <summary>The interval of <c>d</c> as it was typed, while the photo of its label is announced and on its way; else null.</summary>
    internal const string Awaited = $"(case when d.interval_source = 'label' and d.label_picture_id is not null and {Label} is null then d.interval_days end)";

    internal const string Select = $"""
        select d.event_id, d.kind, d.done_on, d.input_code, d.input_name, d.active_ingredient, d.target, d.amount, d.amount_unit, d.area, d.area_m2, d.volume, d.quantity, d.interval_days, d.interval_source,
          {Label} as label_picture_id, d.label_source, d.worker, d.weather, d.note, {Photos} as picture_ids, d.details::text as details, d.written_at,
          (select count(*)::int from unnest(d.picture_ids || d.label_picture_id) x (id) where x.id is not null and not exists (select 1 from files.stored_file f where f.id = x.id and f.owner = 'producer:' || e.producer_id)) as photos_on_the_way,
          e.recorded_at, p.name as person_name, d.corrected, e.correction_reason,
          coalesce(e.recorded_at > (select o.diary_closed_at from origin.lot o where o.id = d.lot_id), false) as late
        from origin.diary_entry d join origin.event e on e.id = d.event_id left join accounts.person p on p.id = e.person_id
        """;

    /// <summary>The diary of the lot @lotId from the newest entry, or from behind a place.</summary>
    public const string Newest = $"{Select} where d.lot_id = @lotId and (@DoneOn::date is null or (d.done_on, origin.diary_stage(d.kind), d.event_id) < (@DoneOn, {DiaryPlace.Stage}, @EventId)) order by d.done_on desc, origin.diary_stage(d.kind) desc, d.event_id desc limit @take";

    public static Page<DiaryRow> Page(IReadOnlyList<DiaryRow> rows, int take) => Page<DiaryRow>.Of(rows, take, e => new DiaryPlace(e.DoneOn, e.EventId).Cursor);

    public static async Task<Page<DiaryRow>> PageAsync(Sql sql, long lotId, DiaryPlace? after, int take, CancellationToken ct) =>
        Page(await sql.QueryAsync<DiaryRow>(Newest, new { lotId, after?.DoneOn, after?.EventId, take = take + 1 }, ct), take);

    /// <summary>An entry of the lot, however old.</summary>
    public static Task<DiaryRow?> FindAsync(Sql sql, long lotId, Guid id, CancellationToken ct) =>
        sql.FirstOrDefaultAsync<DiaryRow>($"{Select} where d.lot_id = @lotId and d.event_id = @id", new { lotId, id }, ct);

    /// <summary>The side columns that were filled, by <see cref="DiaryColumns"/>.</summary>
    public IReadOnlyDictionary<string, string> Columns => JsonSerializer.Deserialize<Dictionary<string, string>>(Details)!;

    /// <summary>The input with its active ingredient where the trade name does not say it.</summary>
    public string? Input => InputOf(InputName, ActiveIngredient);

    internal static string? InputOf(string? name, string? ingredient) =>
        name is null || ingredient is not { Length: > 0 } active || Vietnamese.Fold(name).Contains(Vietnamese.Fold(active), StringComparison.Ordinal) ? name : $"{name} ({active})";

    public string? AmountText => Amount is { } amount ? $"{Vietnamese.Number(amount)} {AmountUnit}".TrimEnd() : null;

    /// <summary>What was used, how much of it, where, the interval and who did it, in one line; empty when nothing was said.</summary>
    public string What(Texts t) => string.Join(" · ", new List<string>
    ([
        string.Join(' ', new[] { Input, AmountText }.OfType<string>()),
        Volume ?? "",
        Area ?? "",
        Quantity ?? "",
        Target ?? "",
        IntervalDays is null ? "" : IntervalSource == "said" ? t["Cách ly {0} ngày (chưa có ảnh nhãn)", IntervalDays] : t["Cách ly {0} ngày (theo nhãn)", IntervalDays],
        .. Columns.Select(c => $"{t[DiaryColumns.Label(c.Key)]}: {c.Value}"),
        Worker ?? "",
        Weather ?? "",
    ]).Where(s => s.Length > 0));
}
