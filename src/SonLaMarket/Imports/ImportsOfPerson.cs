using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Imports;

/// <summary>Files that a person sent in. What was made of them is of the rooms that it went to.</summary>
public sealed class ImportsOfPerson(Texts t) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("imports", t["Tệp bạn đã nhập"], t["Để kiểm tra, sửa và hoàn tác dữ liệu nhập từ tệp."], t["Nội dung tệp bị xóa sau 30 ngày, và khi bạn xóa dữ liệu."],
            [.. (await sql.QueryAsync<FileLine>("select file_name, saved, created_at from imports.import where person_id = @id order by created_at desc limit @take", new { id, take }, ct))
                .Select(f => (IReadOnlyList<DataField>)[new("file", t["Tệp"], f.FileName), new("rows", t["Số dòng đã lưu"], Vietnamese.Number(f.Saved)), new("at", t["Gửi lúc"], Vietnamese.DateTime(f.CreatedAt))])]),
    ];

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        if (subject.PersonId is not { } id)
            return;
        await tx.ExecuteAsync("""
            delete from imports.import where person_id = @id and saved_at is null;
            delete from imports.line l using imports.import i where i.id = l.import_id and i.person_id = @id;
            delete from imports.picture p using imports.import i where i.id = p.import_id and i.person_id = @id;
            update imports.import set file = null, spare_pictures = '{}', file_name = '', headings = '[]', notes = '[]', problem_args = '{}' where person_id = @id
            """, new { id });
    }

    private sealed record FileLine(string FileName, int Saved, DateTimeOffset CreatedAt);
}
