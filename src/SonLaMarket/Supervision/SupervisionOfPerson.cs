using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision;

/// <summary>Decisions that an officer signed: acts of office, which stay with the name of whoever signed.</summary>
public sealed class SupervisionOfPerson(Texts t) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("decisions", t["Quyết định bạn đã ký"], t["Hồ sơ duyệt của Sở Công Thương."], t["Giữ theo quy định về hồ sơ công vụ, cùng tên người ký."],
            [.. (await sql.QueryAsync<DecisionLine>("select subject_kind, subject, decision, reason, decided_at from supervision.decision where officer_id = @id order by id desc limit @take", new { id, take }, ct)).Select(d => (IReadOnlyList<DataField>)
                [new("subject", t["Đối tượng"], $"{t[AuditWords.Kinds[d.SubjectKind]]} {d.Subject}"), new("decision", t["Quyết định"], t[DecisionRow.Label(d.Decision)]), new("reason", t["Lý do"], d.Reason), new("at", t["Lúc"], Vietnamese.DateTime(d.DecidedAt))])]),
        new("inspections", t["Lần kiểm tra bạn đã ghi"], t["Hồ sơ kiểm tra của Sở Công Thương."], t["Giữ theo quy định về hồ sơ công vụ, cùng tên người ký."],
            [.. (await sql.QueryAsync<InspectionLine>("select id, finding, recorded_at from supervision.inspection where recorded_by = @id order by id desc limit @take", new { id, take }, ct)).Select(i => (IReadOnlyList<DataField>)
                [new("number", t["Số"], Inspections.Number(i.Id)), new("finding", t["Kết luận"], i.Finding), new("at", t["Lúc"], Vietnamese.DateTime(i.RecordedAt))])]),
    ];

    /// <summary>Officers are not erased (see Accounts); of others there is nothing here.</summary>
    public Task EraseAsync(Tx tx, DataSubject subject, Actor actor) => Task.CompletedTask;

    private sealed record InspectionLine(long Id, string Finding, DateTimeOffset RecordedAt);

    private sealed record DecisionLine(string SubjectKind, string Subject, string Decision, string Reason, DateTimeOffset DecidedAt);
}
