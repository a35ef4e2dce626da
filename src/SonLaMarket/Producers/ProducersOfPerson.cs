using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>Where a person works, whom they help, and what of a producer's details is their own.</summary>
public sealed class ProducersOfPerson(ProducerRegister register, Texts t, TimeProvider clock) : IPersonalData
{
    /// <summary>Producers that have no other member: they leave the marketplace with the person.</summary>
    private const string Alone = """
        select r.id, r.slug from producers.producer r join producers.member m on m.producer_id = r.id and m.person_id = @id
        where not exists (select 1 from producers.member o where o.producer_id = r.id and o.person_id <> @id) order by r.id
        """;

    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("producers", t["Cơ sở bạn làm việc"], t["Để bán hàng dưới tên cơ sở; tên, địa chỉ và điện thoại cơ sở hiện công khai khi đã duyệt."], t["Cơ sở chỉ có mình bạn thì ngừng bán khi bạn xóa dữ liệu: người đại diện, điện thoại, e-mail, địa chỉ và mã số thuế cá nhân bị xóa. Tên cơ sở, lô và nhật ký ở lại để truy xuất và thu hồi."], await ProducersAsync(sql, id, ct), "/quan-ly/co-so"),
        new("helpers", t["Làm thay"], t["Để biết ai được làm thay cơ sở nào, do ai đồng ý, theo bản chữ nào."], t["Giữ làm bằng chứng; không kèm tên hay số điện thoại sau khi xóa."], await HelpersAsync(sql, id, take, ct)),
    ];

    public async Task<IReadOnlyList<string>> HindrancesAsync(Sql sql, DataSubject subject, CancellationToken ct)
    {
        const string last = """
            select r.name from producers.producer r join producers.member m on m.producer_id = r.id and m.person_id = @id and m.role = 'owner'
            where exists (select 1 from producers.member o where o.producer_id = r.id and o.person_id <> @id)
              and not exists (select 1 from producers.member o where o.producer_id = r.id and o.person_id <> @id and o.role = 'owner')
            """;
        return subject.PersonId is { } id ? (await sql.QueryAsync<string>(last, new { id }, ct)).ConvertAll(name => t["Bạn là chủ duy nhất của {0}, nơi còn thành viên khác. Hãy giao quyền chủ cho một người trước.", name]) : [];
    }

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        // What equals the person's own is theirs; where others go on, they fill it in anew.
        const string own = """
            update producers.producer set representative = case when foundation.fold(representative) = foundation.fold(@Name) then '' else representative end,
              phone = case when phone = any(@contacts) then '' else phone end, email = case when lower(email) = any(@contacts) then '' else email end
            where id in (select producer_id from producers.member where person_id = @id);
            update producers.producer_version set representative = case when foundation.fold(representative) = foundation.fold(@Name) then '' else representative end,
              phone = case when phone = any(@contacts) then '' else phone end, email = case when lower(email) = any(@contacts) then '' else email end
            where producer_id in (select producer_id from producers.member where person_id = @id);
            """;
        const string alone = """
            update producers.producer set representative = '', phone = '', email = '', brand = '', about = '', picture_ids = '{}', address_line = '', postcode = '', digital_address = '', lat = null, lon = null, tax_code = case when length(tax_code) = 12 then null else tax_code end where id = any(@ids);
            update producers.producer_version set representative = '', phone = '', email = '', brand = '', about = '', picture_ids = '{}', address_line = '', tax_code = case when length(tax_code) = 12 then null else tax_code end where producer_id = any(@ids)
            """;
        const string gone = """
            update producers.invitation set contact = '', ended_at = coalesce(ended_at, @now) where contact = any(@contacts);
            update producers.helper set ended_at = @now where person_id = @id and ended_at is null;
            delete from producers.working where person_id = @id;
            delete from producers.member where person_id = @id
            """;
        string[] contacts = [.. new[] { subject.Phone, subject.Email }.OfType<string>()];
        if (subject.PersonId is not { } id)
            return;
        var left = await tx.QueryAsync<Left>(Alone, new { id });
        foreach (var producer in left)
            await register.SuspendAsync(tx, producer.Slug, "Chủ cơ sở đã xóa tài khoản.", actor);
        await tx.ExecuteAsync(own, new { id, subject.Name, contacts });
        await tx.ExecuteAsync(alone, new { ids = left.Select(p => p.Id).ToArray() });
        await tx.ExecuteAsync(gone, new { id, contacts, now = clock.GetUtcNow() });
    }

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> ProducersAsync(Sql sql, long id, CancellationToken ct) =>
        [.. (await sql.QueryAsync<ProducerLine>("""
            select r.name, m.role, m.joined_at, r.representative, r.phone, r.email, r.address_line, r.tax_code from producers.member m join producers.producer r on r.id = m.producer_id where m.person_id = @id order by m.joined_at desc
            """, new { id }, ct)).Select(p => (IReadOnlyList<DataField>)
            [
                new("producer", t["Cơ sở"], p.Name), new("role", t["Vai trò"], t[MemberRole.Label(p.Role)]), new("joinedAt", t["Vào lúc"], Vietnamese.DateTime(p.JoinedAt)), new("representative", t["Người đại diện"], p.Representative),
                new("phone", t["Điện thoại"], p.Phone), new("email", "E-mail", p.Email), new("address", t["Địa chỉ"], p.AddressLine), new("taxCode", t["Mã số thuế"], p.TaxCode),
            ])];

    private async Task<IReadOnlyList<IReadOnlyList<DataField>>> HelpersAsync(Sql sql, long id, int take, CancellationToken ct) =>
        [.. (await sql.QueryAsync<HelperLine>("""
            select r.name as producer, p.name as helper, a.name as agreed_by, h.agreed_at, h.ends_on, h.ended_at, h.text_version
            from producers.helper h join producers.producer r on r.id = h.producer_id join accounts.person p on p.id = h.person_id left join accounts.person a on a.id = h.agreed_by
            where h.person_id = @id or h.agreed_by = @id order by h.id desc limit @take
            """, new { id, take }, ct)).Select(h => (IReadOnlyList<DataField>)
            [
                new("producer", t["Cơ sở"], h.Producer), new("helper", t["Người làm thay"], h.Helper), new("agreedBy", t["Người đồng ý"], h.AgreedBy), new("agreedAt", t["Đồng ý lúc"], h.AgreedAt is { } at ? Vietnamese.DateTime(at) : null),
                new("endsOn", t["Đến hết ngày"], Vietnamese.Date(h.EndsOn)), new("endedAt", t["Dừng lúc"], h.EndedAt is { } end ? Vietnamese.DateTime(end) : null), new("text", t["Bản chữ"], h.TextVersion),
            ])];

    private sealed record Left(long Id, string Slug);

    private sealed record ProducerLine(string Name, string Role, DateTimeOffset JoinedAt, string Representative, string Phone, string Email, string AddressLine, string? TaxCode);

    private sealed record HelperLine(string Producer, string Helper, string? AgreedBy, DateTimeOffset? AgreedAt, DateOnly EndsOn, DateTimeOffset? EndedAt, string? TextVersion);
}
