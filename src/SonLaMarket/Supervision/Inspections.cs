using System.Text.Json;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Supervision;

/// <summary>What a producer is told of an inspection; <c>{0}</c> is its number, <c>{1}</c> the page to look at.</summary>
public static class InspectionNotice
{
    public static readonly Notice Recorded = new("inspection-recorded", "Kết quả kiểm tra {0}", "SonLaMarket: Sở Công Thương đã ghi kết quả lần kiểm tra {0} tại cơ sở của bạn.", "Xem tại {1}");
    public static readonly Notice Sampled = new("inspection-sampled", "Kết quả mẫu của lần kiểm tra {0}", "SonLaMarket: đã có kết quả mẫu của lần kiểm tra {0}.", "Xem tại {1}");
}

/// <summary>How an inspection was written down: on the spot in the market, or on paper and typed in afterwards.</summary>
public static class InspectionWay
{
    public const string Digital = "digital";
    public const string Paper = "paper";

    public static readonly IReadOnlyList<string> All = [Digital, Paper];

    public static string Label(string way) => way == Digital ? "Ghi trên sàn, tại chỗ" : "Biên bản giấy, nhập lại";
}

/// <summary>What an officer looks at; each is without fault, faulty, or was not looked at.</summary>
public static class InspectionCheck
{
    public const string Met = "met";
    public const string Fault = "fault";

    public static readonly IReadOnlyList<(string Code, string Label)> All =
    [
        ("diary", "Nhật ký khớp với ruộng vườn, kho"),
        ("inputs", "Thuốc, phân còn nhãn, trong danh mục được phép"),
        ("interval", "Thời gian cách ly theo nhãn được giữ"),
        ("waste", "Bao gói thuốc được thu gom"),
        ("hygiene", "Nơi sơ chế, đóng gói sạch, có nước sạch"),
        ("storage", "Kho tách hàng với thuốc, phân"),
        ("labels", "Tem, mã lô khớp với hàng"),
        ("papers", "Chứng nhận còn hạn, đúng phạm vi"),
    ];
}

/// <summary>A lot, a growing area, or with neither the producer as a whole.</summary>
public sealed record InspectionSubject(long ProducerId, Guid? GrowingAreaId, long? LotId)
{
    /// <summary>
    /// By the code of a lot, of a package of one or of a growing area, or by the name or address of a producer; an address as a label's QR code has it will do. Null when nothing, or more than one, is called so.
    /// </summary>
    public static async Task<InspectionSubject?> FindAsync(Sql sql, string typed, CancellationToken ct)
    {
        const string find = """
            select l.producer_id, null::uuid as growing_area_id, l.id as lot_id from origin.lot l where l.code = @lot
            union all
            select l.producer_id, null, l.id from origin.item i join origin.lot l on l.id = i.lot_id where i.code = @serial
            union all
            select a.producer_id, a.id, null from producers.growing_area a where a.code is not null and upper(a.code) = upper(@word)
            union all
            select p.id, null, null from producers.producer p where p.slug = lower(@word) or foundation.fold(p.name) = foundation.fold(@word)
            limit 2
            """;
        var text = Vietnamese.Clean(typed);
        var word = Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme.StartsWith("http", StringComparison.Ordinal) ? Uri.UnescapeDataString(address.AbsolutePath.TrimEnd('/').Split('/')[^1]) : text;
        return await sql.QueryAsync<InspectionSubject>(find, new { word, lot = Gs1.LotCode.TryRead(word, out var lot) ? lot : null, serial = Gs1.ItemSerial.TryRead(word, out var serial) ? serial : null }, ct) is [var only] ? only : null;
    }
}

/// <param name="Checks">Codes of <see cref="InspectionCheck"/> with what was seen; what was not looked at is left out.</param>
/// <param name="FollowUpOn">When somebody comes again: that visit is planned with it.</param>
public sealed record InspectionRecord(
    DateOnly DoneOn, string Way, IReadOnlyDictionary<string, string> Checks, string Conclusion, string Finding, DateOnly? FollowUpOn, string SampleWhat, Guid[] PictureIds)
{
    /// <summary>Everybody may see the photos, on the pages of the lots.</summary>
    public bool PicturesPublic { get; init; }

    /// <summary>How a device sent it; null where it was typed into a page.</summary>
    public InspectionSending? Sending { get; init; }
}

public sealed record SampleResult(string Laboratory, string Result, bool Exceeds, Guid FileId);

/// <summary>Inspections in the field: planned, written down once, followed up. What the public reads is handed down to Origin in the same transaction.</summary>
public sealed class Inspections(InspectionResults results, LotBlocks blocks, RecallProposals proposals, ProducerNotices notices, Audit audit, TimeProvider clock)
{
    public static string Number(long id) => $"KT-{id}";

    /// <param name="follows">The inspection whose faults are looked at again.</param>
    public async Task<long> PlanAsync(Tx tx, InspectionSubject subject, DateOnly plannedFor, string purpose, Actor officer, long? follows = null)
    {
        const string insert = """
            insert into supervision.inspection (producer_id, growing_area_id, lot_id, planned_for, purpose, follows_id, planned_at, planned_by)
            values (@ProducerId, @GrowingAreaId, @LotId, @plannedFor, @purpose, @follows, @now, @PersonId) returning id
            """;
        var id = await tx.SingleAsync<long>(insert, new { subject.ProducerId, subject.GrowingAreaId, subject.LotId, plannedFor, purpose, follows, officer.PersonId, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, officer, "inspection.plan", $"inspection:{Number(id)}", purpose, new { plannedFor });
        return id;
    }

    /// <summary>Writes down what was seen. A grave fault of a lot blocks the lot. False when it is not open any more: nothing was changed.</summary>
    public async Task<bool> RecordAsync(Tx tx, long id, InspectionRecord record, Actor officer)
    {
        const string update = """
            update supervision.inspection i set done_on = @DoneOn, way = @Way, checks = @checks::jsonb, conclusion = @Conclusion, finding = @Finding, follow_up_on = @FollowUpOn,
              sample_what = @SampleWhat, picture_ids = @PictureIds, pictures_public = @PicturesPublic, recorded_at = @now, recorded_by = @PersonId, sent_id = @sentId, sent_hash = @sentHash, written_at = @writtenAt
            where i.id = @id and i.recorded_at is null and i.cancelled_at is null
            returning i.producer_id, i.growing_area_id, i.lot_id
            """;
        var subject = await tx.FirstOrDefaultAsync<InspectionSubject>(update, new
        {
            id,
            record.DoneOn,
            record.Way,
            checks = JsonSerializer.Serialize(record.Checks),
            record.Conclusion,
            record.Finding,
            record.FollowUpOn,
            record.SampleWhat,
            record.PictureIds,
            record.PicturesPublic,
            officer.PersonId,
            sentId = record.Sending?.Id,
            sentHash = record.Sending?.Hash,
            writtenAt = record.Sending?.WrittenAt?.ToUniversalTime(),
            now = clock.GetUtcNow(),
        });
        if (subject is null)
            return false;
        await audit.WriteAsync(tx, officer, "inspection.record", $"inspection:{Number(id)}", record.Finding, new { record.Conclusion, record.Way });
        if (subject.LotId is { } lotId && record.Conclusion == InspectionConclusion.Grave)
            await blocks.BlockAsync(tx, lotId, "officer", null, null, record.Finding, officer);
        await results.PublishAsync(tx, new(Number(id), subject.ProducerId, subject.GrowingAreaId, subject.LotId, record.DoneOn, record.Conclusion, record.Finding, record.SampleWhat)
        {
            Points = (record.Checks.Count, record.Checks.Values.Count(c => c == InspectionCheck.Met)),
            FollowUpOn = record.FollowUpOn,
            PictureIds = record.PicturesPublic ? record.PictureIds : [],
        }, officer);
        if (record.FollowUpOn is { } day)
            await PlanAsync(tx, subject, day, "", officer, id);
        await notices.TellAsync(tx, subject.ProducerId, InspectionNotice.Recorded, $"{id}", Number(id), "/quan-ly/kiem-tra");
        return true;
    }

    /// <summary>Adds the laboratory's result, once. A lot of which it found too much is blocked, and its recall proposed; of a growing area or a producer an officer says which lots it concerns. False when no sample was taken or its result is there already.</summary>
    public async Task<bool> SampleAsync(Tx tx, long id, SampleResult sample, Actor officer)
    {
        const string update = """
            update supervision.inspection set sample_laboratory = @Laboratory, sample_result = @Result, sample_exceeds = @Exceeds, sample_file_id = @FileId, sampled_at = @now, sampled_by = @PersonId
            where id = @id and recorded_at is not null and sample_what <> '' and sampled_at is null returning producer_id, growing_area_id, lot_id
            """;
        if (await tx.FirstOrDefaultAsync<InspectionSubject>(update, new { id, sample.Laboratory, sample.Result, sample.Exceeds, sample.FileId, officer.PersonId, now = clock.GetUtcNow() }) is not { } subject)
            return false;
        await audit.WriteAsync(tx, officer, "inspection.sample", $"inspection:{Number(id)}", sample.Result, new { sample.Laboratory, sample.Exceeds });
        await results.PublishSampleAsync(tx, Number(id), sample.Laboratory, sample.Result, sample.Exceeds);
        if (sample.Exceeds)
            await ProposeAsync(tx, id, subject, sample, officer);
        await notices.TellAsync(tx, subject.ProducerId, InspectionNotice.Sampled, $"{id}", Number(id), "/quan-ly/kiem-tra");
        return true;
    }

    private async Task ProposeAsync(Tx tx, long id, InspectionSubject subject, SampleResult sample, Actor officer)
    {
        const string note = "Mẫu của lần kiểm tra {0}: {1} ({2}).";
        string[] args = [Number(id), sample.Result, sample.Laboratory];
        if (subject.LotId is not { } lotId)
        {
            await proposals.ProposeAsync(tx, subject.ProducerId, subject.GrowingAreaId, RecallRule.Sample, Number(id), note, args, officer);
            return;
        }
        await blocks.BlockAsync(tx, lotId, "officer", null, null, $"{sample.Result} ({sample.Laboratory})", officer);
        await proposals.ProposeAsync(tx, lotId, RecallRule.Sample, Number(id), note, args, officer);
    }

    /// <summary>A planned inspection that will not take place. False when it is not open any more.</summary>
    public async Task<bool> CancelAsync(Tx tx, long id, string reason, Actor officer)
    {
        const string update = "update supervision.inspection set cancelled_at = @now, cancelled_by = @PersonId, cancel_reason = @reason where id = @id and recorded_at is null and cancelled_at is null";
        if (await tx.ExecuteAsync(update, new { id, reason, officer.PersonId, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, officer, "inspection.cancel", $"inspection:{Number(id)}", reason);
        return true;
    }
}
