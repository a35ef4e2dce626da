using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments;

/// <summary>
/// Payments carry the code of an order and no name. What is a person's own is the terminal of a producer that they alone
/// stand for: it stops taking money when they go.
/// </summary>
public sealed class PaymentsOfPerson(Texts t) : IPersonalData
{
    private const string Alone = """
        select m.producer_id from producers.member m where m.person_id = @id and not exists (select 1 from producers.member o where o.producer_id = m.producer_id and o.person_id <> @id)
        """;

    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) => subject.PersonId is not { } id ? [] :
    [
        new("terminals", t["Cổng thanh toán của cơ sở"], t["Để tiền của người mua vào thẳng tài khoản của cơ sở."], t["Sổ tiền và thông báo của VNPAY giữ 10 năm theo Luật Kế toán; không có tên hay số điện thoại người mua."],
            [.. (await sql.QueryAsync<TerminalLine>("""
                select t.tmn_code, t.active, t.created_at from payments.terminal t where t.producer_id in (select m.producer_id from producers.member m where m.person_id = @id and m.role = 'owner') order by t.id limit @take
                """, new { id, take }, ct)).Select(x => (IReadOnlyList<DataField>)[new("tmnCode", t["Mã website VNPAY"], x.TmnCode), new("active", t["Tình trạng"], x.Active ? t["Đang dùng"] : t["Đã ngừng"]), new("createdAt", t["Tạo lúc"], Vietnamese.DateTime(x.CreatedAt))])]),
        new("bank-accounts", t["Tài khoản nhận tiền của cơ sở"], t["Để người mua chuyển khoản cho cơ sở."], t["Đổi hoặc ngừng ở trang Cách nhận tiền; ngừng khi người duy nhất của cơ sở xóa dữ liệu."],
            [.. (await sql.QueryAsync<AccountLine>("""
                select m.settings->>'Account' as account, m.active, m.changed_at from payments.payee_method m where m.method = 'transfer' and m.producer_id in (select x.producer_id from producers.member x where x.person_id = @id and x.role = 'owner') order by m.producer_id limit @take
                """, new { id, take }, ct)).Select(x => (IReadOnlyList<DataField>)[new("account", t["Số tài khoản"], x.Account), new("active", t["Tình trạng"], x.Active ? t["Đang dùng"] : t["Đã ngừng"]), new("changedAt", t["Đổi lúc"], Vietnamese.DateTime(x.ChangedAt))])]),
    ];

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        if (subject.PersonId is { } id)
        {
            await tx.ExecuteAsync($"update payments.terminal set active = false where producer_id in ({Alone})", new { id });
            await tx.ExecuteAsync($"update payments.payee_method set active = false where producer_id in ({Alone})", new { id });
        }
    }

    private sealed record AccountLine(string Account, bool Active, DateTimeOffset ChangedAt);

    private sealed record TerminalLine(string TmnCode, bool Active, DateTimeOffset CreatedAt);
}
