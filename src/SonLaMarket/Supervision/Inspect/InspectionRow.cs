using System.Text.Json;
using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Supervision.Inspect;

/// <summary>One inspection with everything that was written down of it.</summary>
public sealed record InspectionRow(
    long Id, long ProducerId, string ProducerName, string ProducerSlug, string? AreaName, string? AreaCode, string? LotCode, DateOnly PlannedFor, string Purpose, long? FollowsId, DateTimeOffset PlannedAt, string? PlannedBy,
    DateOnly? DoneOn, string? Way, string Checks, string? Conclusion, string? Finding, DateOnly? FollowUpOn, string SampleWhat, Guid[] PictureIds, int PicturesAnnounced, DateTimeOffset? WrittenAt, DateTimeOffset? RecordedAt, string? RecordedBy,
    string? SampleLaboratory, string? SampleResult, bool? SampleExceeds, Guid? SampleFileId, DateTimeOffset? SampledAt, string? SampledBy, DateTimeOffset? CancelledAt, string? CancelReason)
{
    /// <summary>Its columns, of <c>i</c> in <see cref="From"/>; of the photos those that have come: text comes before photos.</summary>
    internal const string Columns = """
        i.id, i.producer_id, o.name as producer_name, o.slug as producer_slug, a.name as area_name, a.code as area_code, l.code as lot_code, i.planned_for, i.purpose, i.follows_id, i.planned_at, p.name as planned_by,
        i.done_on, i.way, i.checks, i.conclusion, i.finding, i.follow_up_on, i.sample_what,
        array(select x.id from unnest(i.picture_ids) with ordinality x (id, n) where exists (select 1 from files.stored_file f where f.id = x.id and f.owner in ('inspection:KT-' || i.id, 'inspection-by:' || i.recorded_by)) order by x.n) as picture_ids,
        cardinality(i.picture_ids) as pictures_announced, i.written_at, i.recorded_at, r.name as recorded_by,
        i.sample_laboratory, i.sample_result, i.sample_exceeds, i.sample_file_id, i.sampled_at, s.name as sampled_by, i.cancelled_at, i.cancel_reason
        """;

    internal const string From = """
        supervision.inspection i join producers.producer o on o.id = i.producer_id left join producers.growing_area a on a.id = i.growing_area_id left join origin.lot l on l.id = i.lot_id
          left join accounts.person p on p.id = i.planned_by left join accounts.person r on r.id = i.recorded_by left join accounts.person s on s.id = i.sampled_by
        """;

    public string Number => Inspections.Number(Id);

    public bool Open => RecordedAt is null && CancelledAt is null;

    public bool AwaitsResult => SampleWhat.Length > 0 && SampledAt is null;

    /// <summary>What was looked at, in the order of the list, and whether a fault was seen.</summary>
    public IEnumerable<(string Label, bool Fault)> Checked
    {
        get
        {
            var seen = JsonSerializer.Deserialize<Dictionary<string, string>>(Checks)!;
            return InspectionCheck.All.Where(c => seen.ContainsKey(c.Code)).Select(c => (c.Label, seen[c.Code] == InspectionCheck.Fault));
        }
    }

    public string Subject(Texts t) => Subject(t, LotCode, AreaName, AreaCode);

    internal static string Subject(Texts t, string? lot, string? area, string? areaCode) =>
        lot is not null ? t["Lô {0}", lot] : area is not null ? t["Vùng trồng {0}", areaCode is null ? area : $"{area} ({areaCode})"] : t["Cả cơ sở"];
}
