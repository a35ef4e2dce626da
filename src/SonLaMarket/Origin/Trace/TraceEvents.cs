using System.Globalization;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Origin.Trace;

/// <summary>Something that happened to a lot, or to one that it was made from, as people read it.</summary>
/// <param name="Kind">Of an entry of the diary; else null.</param>
/// <param name="Step">Of a step that makes lots of lots; else null.</param>
/// <param name="QuantityBase">In base units of the lot; null where the event is of no quantity.</param>
/// <param name="From">Lots that went into a step.</param>
/// <param name="Made">Lots that a step made.</param>
/// <param name="Declared">Not the step itself: the declaration that it was recorded wrongly.</param>
public sealed record TraceEvent(
    Guid Id, string LotCode, string BaseUnit, string ProducerName, string EventType, DateTimeOffset EventTime, DateTimeOffset RecordedAt, string BizStep, string? Disposition, long? QuantityBase, string? Piece, string VouchedBy,
    string? Kind, string? Step, string[] From, string[] Made, string Place, bool Corrected, bool Declared, string? CorrectionReason)
{
    /// <summary>The words of the standard and of the house for what is no entry of the diary and no step.</summary>
    public static readonly IReadOnlyDictionary<string, string> Words = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["commissioning"] = "Mở lô, cấp mã",
        ["inspecting"] = "Cán bộ kiểm tra tại chỗ",
        [LabReports.Step] = "Kết quả thử nghiệm",
        ["recalled"] = "Thu hồi",
        ["destroying"] = "Tiêu hủy",
        ["decommissioning"] = "Bỏ lô nhập nhầm",
        ["labels"] = "Cấp mã cho từng gói",
        ["void"] = "Hủy mã của gói",
    };

    public string What => Declared ? "Hủy bước ghi sai"
        : Kind is not null ? DiaryKinds.Label(Kind)
        : Step is not null ? LotStepKind.Find(Step)!.Label
        : Words.GetValueOrDefault(EventType == "AssociationEvent" ? BizStep == "decommissioning" ? "void" : "labels" : Disposition == "recalled" ? Disposition : BizStep, BizStep);

    /// <summary>A day of the field has no hour.</summary>
    public bool OfDay => EventTime == OriginEvents.Noon(Vietnamese.Day(EventTime));

    public string Who(Texts t) => VouchedBy switch { "officer" => t["Sở Công Thương ghi"], "producer" => t["{0} khai", ProducerName], _ => t["Sàn ghi"] };
}

public sealed record TraceEvents(TraceDiaryLot Lot, Page<TraceEvent> Page)
{
    private const int Take = 50;

    /// <summary>Null where the trace page shows no more than the code.</summary>
    public static async Task<TraceEvents?> LoadAsync(Sql sql, string code, string? cursor, CancellationToken ct)
    {
        const string select = $"""
            {LotHistory.Told}
            select e.id, l.code as lot_code, l.base_unit, r.name as producer_name, e.event_type, e.event_time, e.recorded_at, e.biz_step, e.disposition, e.quantity_base, {LotOffers.PieceOfLot} as piece, e.vouched_by, d.kind, s.kind as step,
              array(select x.code from origin.lot x where x.id in (select k.lot_id from origin.lot_input k where k.step_id = s.id union all select v.lot_id from origin.voided_step v where v.step_id = s.id and not v.made) order by x.id) as "from",
              array(select x.code from origin.lot x where x.id in (select k.lot_id from origin.lot_output k where k.step_id = s.id union all select v.lot_id from origin.voided_step v where v.step_id = s.id and v.made) order by x.id) as made,
              c.full_name as place, exists (select 1 from origin.event k where k.corrects_id = e.id) as corrected, e.document ? 'errorDeclaration' as declared, e.correction_reason
            from origin.event e join origin.lot l on l.id = e.lot_id join producers.producer r on r.id = e.producer_id join foundation.commune c on c.code = l.commune_code
              left join origin.diary_entry d on d.event_id = e.id left join origin.lot_step s on s.id = case when e.document ? 'errorDeclaration' then e.corrects_id else e.id end
            where e.id = any(array(select id from told)) and (@at::timestamptz is null or (e.event_time, coalesce(origin.diary_stage(d.kind), 0), e.id) < (@at, (select coalesce(max(origin.diary_stage(k.kind)), 0) from origin.diary_entry k where k.event_id = @id), @id))
            order by e.event_time desc, coalesce(origin.diary_stage(d.kind), 0) desc, e.id desc limit @take
            """;
        if (await sql.FirstOrDefaultAsync<TraceDiaryLot>(TraceDiary.OfLot, new { code }, ct) is not { } lot)
            return null;
        var after = Cursor.Parse(cursor, 2) is [var ticks, var key] && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks && Guid.TryParse(key, out var id) ? ((DateTimeOffset At, Guid Id)?)(new(at, TimeSpan.Zero), id) : null;
        var rows = await sql.QueryAsync<TraceEvent>(select, new { lotIds = new[] { lot.Id }, Whole = false, at = after?.At, id = after?.Id, take = Take + 1 }, ct);
        return new(lot, Page<TraceEvent>.Of(rows, Take, e => Cursor.Of(e.EventTime.UtcTicks.ToString(CultureInfo.InvariantCulture), e.Id.ToString())));
    }
}
