using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Exports;

/// <summary>Files for other platforms name the producer, its public address and phone. They are made anew without what was erased; older ones and filled workbooks go.</summary>
public sealed class ExportsOfPerson(Queue queue, Texts t) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("feeds", t["Dữ liệu chuyển sang sàn khác"], t["Tên, địa chỉ và điện thoại công khai của cơ sở đi cùng tin đăng đã duyệt."], t["Tệp được dựng lại ngay khi bạn xóa dữ liệu; sàn nhận tệp phải cập nhật theo tệp mới."],
            [.. (await sql.QueryAsync<FeedLine>($"""
                select f.code, f.name, r.name as producer from exports.newest_profile f cross join producers.member m join producers.producer r on r.id = m.producer_id
                where m.person_id = @id and r.public_version is not null and f.code in ({Rebuilds.Followed}) order by f.code, r.name limit @take
                """, new { id, take }, ct)).Select(f => (IReadOnlyList<DataField>)[new("platform", t["Sàn"], f.Name), new("producer", t["Cơ sở"], f.Producer)])]),
    ];

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        if (subject.PersonId is null)
            return;
        await tx.ExecuteAsync("delete from exports.filling");
        await queue.AnnounceAsync(tx, new RebuildFeeds(ExportRuns.Erasure));
        await queue.AnnounceAsync(tx, new BuildOpenData(ExportRuns.Erasure));
    }

    private sealed record FeedLine(string Code, string Name, string Producer);
}
