using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Files;

/// <summary>Files that a person sent: pictures and papers belong to the producer they were sent for, their names may say more.</summary>
public sealed class FilesOfPerson(Texts t) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("files", t["Ảnh và giấy tờ bạn đã tải lên"], t["Để hiện sản phẩm, nhật ký và chứng nhận của cơ sở."], t["Thuộc về cơ sở và ở lại với cơ sở; khi bạn xóa dữ liệu, tên tệp được thay bằng một chữ chung."],
            [.. (await sql.QueryAsync<FileLine>("select name, content_type, bytes, created_at from files.stored_file where created_by = @id order by created_at desc, id limit @take", new { id, take }, ct)).Select(f => (IReadOnlyList<DataField>)
                [new("name", t["Tên tệp"], f.Name), new("type", t["Loại"], f.ContentType.StartsWith("image/", StringComparison.Ordinal) ? t["Ảnh chụp"] : f.ContentType == "application/pdf" ? "PDF" : t["Tệp"]), new("bytes", t["Cỡ"], Vietnamese.Number(f.Bytes) + " B"), new("at", t["Tạo lúc"], Vietnamese.DateTime(f.CreatedAt))])]),
    ];

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        if (subject.PersonId is { } id)
            await tx.ExecuteAsync("update files.stored_file set name = 'tep' where created_by = @id and name <> 'tep'", new { id });
    }

    private sealed record FileLine(string Name, string ContentType, long Bytes, DateTimeOffset CreatedAt);
}
