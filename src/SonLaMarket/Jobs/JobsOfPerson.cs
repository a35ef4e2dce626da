using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Jobs;

/// <summary>Long work that a person asked for.</summary>
public sealed class JobsOfPerson(Texts t) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("tasks", t["Việc chạy lâu bạn đã yêu cầu"], t["Để bạn theo dõi và lấy kết quả."], t["Xóa sau 30 ngày, và khi bạn xóa dữ liệu."],
            [.. (await LongTasks.PageAsync(sql, id, null, take, ct)).Items.Select(w => (IReadOnlyList<DataField>)[new("title", t["Việc đã yêu cầu"], t[w.Title, [.. w.TitleArgs]]), new("askedAt", t["Yêu cầu lúc"], Vietnamese.DateTime(w.AskedAt))])]),
    ];

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        if (subject.PersonId is { } id)
            await tx.ExecuteAsync("delete from jobs.long_task where person_id = @id", new { id });
    }
}
