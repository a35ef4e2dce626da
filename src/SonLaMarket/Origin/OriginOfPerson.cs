using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>Diary entries that a person wrote or that name them as the worker, lots they opened, and reports they signed with their contact.</summary>
public sealed class OriginOfPerson(Texts t) : IPersonalData
{
    /// <summary>Entries whose worker has this person's name, where the person wrote them or works for the producer.</summary>
    private const string NamesThem = """
        (d.worker is not null and foundation.fold(d.worker) = foundation.fold(@Name)
          and (e.person_id = @id or exists (select 1 from producers.member m where m.person_id = @id and m.producer_id = e.producer_id)))
        """;

    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        const string diary = $"""
            select l.code as lot, d.kind, d.done_on, d.worker, d.note, e.recorded_at from origin.diary_entry d join origin.event e on e.id = d.event_id join origin.lot l on l.id = d.lot_id
            where e.person_id = @id or {NamesThem} order by e.recorded_at desc limit @take
            """;
        const string reports = "select code, note, contact, reported_at from origin.problem_report where contact <> '' and (lower(contact) = @Email or regexp_replace(contact, '\\D', '', 'g') = any(@digits)) order by id desc limit @take";
        var signed = new DataSection("reports", t["Báo cáo của bạn về tem, lô, tin đăng"], t["Để cán bộ xem và hỏi lại bạn."], t["Khi bạn xóa dữ liệu, liên hệ bị xóa, nội dung báo cáo ở lại."],
            [.. (await sql.QueryAsync<ReportLine>(reports, new { subject.Email, digits = Digits(subject.Phone), take }, ct)).Select(r => (IReadOnlyList<DataField>)
                [new("code", t["Mã"], r.Code), new("note", t["Nội dung"], r.Note), new("contact", t["Liên hệ"], r.Contact), new("at", t["Lúc"], Vietnamese.DateTime(r.ReportedAt))])]);
        if (subject.PersonId is not { } id)
            return [signed];
        return
        [
            new("diary", t["Nhật ký sản xuất bạn ghi hoặc có tên bạn"], t["Để truy xuất nguồn gốc; tên người làm không hiện công khai."], t["Nhật ký ở lại với lô theo quy định truy xuất; khi bạn xóa dữ liệu, tên người làm bị gạch bỏ."],
                [.. (await sql.QueryAsync<DiaryLine>(diary, new { id, subject.Name, take }, ct)).Select(d => (IReadOnlyList<DataField>)
                    [new("lot", t["Lô"], d.Lot), new("kind", t["Việc"], t[DiaryKinds.Label(d.Kind)]), new("doneOn", t["Ngày"], Vietnamese.Date(d.DoneOn)), new("worker", t["Người làm"], d.Worker), new("note", t["Ghi chú"], d.Note), new("recordedAt", t["Ghi lúc"], Vietnamese.DateTime(d.RecordedAt))])]),
            signed,
        ];
    }

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        const string entries = $"select d.event_id from origin.diary_entry d join origin.event e on e.id = d.event_id where {NamesThem}";
        if (subject.PersonId is { } id && (await tx.QueryAsync<Guid>(entries, new { id, subject.Name })).ToArray() is { Length: > 0 } named)
            await tx.SingleAsync<int>("select origin.strike_worker(@named)", new { named });
        await tx.ExecuteAsync("update origin.problem_report set contact = '' where contact <> '' and (lower(contact) = @Email or regexp_replace(contact, '\\D', '', 'g') = any(@digits))", new { subject.Email, digits = Digits(subject.Phone) });
    }

    /// <summary>A phone in the ways in which people type it, without what is between the digits.</summary>
    private static string[] Digits(string? phone) => phone is null ? [] : phone.StartsWith("+84", StringComparison.Ordinal) ? ["0" + phone[3..], phone[1..], phone[3..]] : [phone];

    private sealed record DiaryLine(string Lot, string Kind, DateOnly DoneOn, string? Worker, string Note, DateTimeOffset RecordedAt);

    private sealed record ReportLine(string Code, string Note, string Contact, DateTimeOffset ReportedAt);
}
