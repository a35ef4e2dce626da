using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog;

/// <summary>Listings that a person put before the Department, and drafts they left.</summary>
public sealed class CatalogOfPerson(Texts t) : IPersonalData
{
    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        const string submitted = """
            select l.slug, v.title, v.version, v.submitted_at from catalog.listing_version v join catalog.listing l on l.id = v.listing_id where v.submitted_by = @id order by v.submitted_at desc limit @take
            """;
        const string drafts = "select content ->> 'name' as name, changed_at from catalog.offer_draft where changed_by = @id and finished_at is null order by changed_at desc limit @take";
        if (subject.PersonId is not { } id)
            return [];
        return
        [
            new("listings", t["Tin đăng bạn đã gửi duyệt"], t["Để biết ai gửi bản nào cho Sở Công Thương."], t["Thuộc về cơ sở và ở lại với hồ sơ duyệt; không kèm tên bạn sau khi xóa."],
                [.. (await sql.QueryAsync<ListingLine>(submitted, new { id, take }, ct)).Select(l => (IReadOnlyList<DataField>)[new("slug", t["Địa chỉ"], "/san-pham/" + l.Slug), new("title", t["Tiêu đề"], l.Title), new("version", t["Bản"], $"{l.Version}"), new("at", t["Gửi lúc"], Vietnamese.DateTime(l.SubmittedAt))])]),
            new("drafts", t["Bản nháp đăng bán"], t["Để bạn làm tiếp trên máy khác."], t["Giữ đến khi đăng hoặc bỏ; bị xóa khi bạn xóa dữ liệu."],
                [.. (await sql.QueryAsync<DraftLine>(drafts, new { id, take }, ct)).Select(d => (IReadOnlyList<DataField>)[new("name", t["Tên"], d.Name), new("at", t["Sửa lúc"], Vietnamese.DateTime(d.ChangedAt))])]),
        ];
    }

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        if (subject.PersonId is { } id)
            await tx.ExecuteAsync("delete from catalog.offer_draft where changed_by = @id and finished_at is null", new { id });
    }

    private sealed record ListingLine(string Slug, string Title, int Version, DateTimeOffset SubmittedAt);

    private sealed record DraftLine(string? Name, DateTimeOffset ChangedAt);
}
