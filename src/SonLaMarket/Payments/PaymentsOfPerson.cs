using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments;

/// <summary>
/// Payments carry the code of an order and no name: whose they are the room above knows (<see cref="IPayable.OfAsync"/>), and once the order is masked, nobody. What is
/// a person's own is the terminal of a producer that they alone stand for: it stops taking money when they go.
/// </summary>
public sealed class PaymentsOfPerson(IPayable payable, Texts t) : IPersonalData
{
    private const string Alone = """
        select m.producer_id from producers.member m where m.person_id = @id and not exists (select 1 from producers.member o where o.producer_id = m.producer_id and o.person_id <> @id)
        """;

    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct) =>
        [await BoughtAsync(sql, subject, take, ct), .. subject.PersonId is { } id ? await SoldAsync(sql, id, take, ct) : []];

    private async Task<DataSection> BoughtAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        const string select = """
            select p.payable, p.method, p.amount_vnd, p.status, p.created_at, p.paid_at, a.numbers, a.banks, c.words, f.back_vnd, f.open_vnd
            from payments.payment p
              cross join lateral (select string_agg(coalesce(a.transaction_no, a.txn_ref), ', ' order by a.id) as numbers, string_agg(distinct a.bank_code, ', ') as banks from payments.attempt a where a.payment_id = p.id) a
              cross join lateral (select string_agg(concat_ws(' ', nullif(c.reference, ''), nullif(c.words, '')), '; ' order by c.id) as words from payments.bank_credit c where c.payment_id = p.id) c
              cross join lateral (select coalesce(sum(f.amount_vnd) filter (where f.status = 'done'), 0)::bigint as back_vnd, coalesce(sum(f.amount_vnd) filter (where f.status = 'open'), 0)::bigint as open_vnd from payments.refund_case f where f.payment_id = p.id) f
            where p.payable = any(@payables) order by p.id desc
            """;
        return new("payments", t["Khoản thanh toán đơn mua"], t["Để biết đơn đã trả chưa, và hoàn lại đúng nơi đã trả."], t["Chứng từ kế toán giữ 10 năm theo Luật Kế toán. Không có số thẻ hay số tài khoản của bạn; khi bạn xóa dữ liệu, đơn được che tên nên khoản này không còn là của ai."],
            [.. (await sql.QueryAsync<PaidLine>(select, new { payables = (await payable.OfAsync(sql, subject, take, ct)).ToArray() }, ct)).Select(p => (IReadOnlyList<DataField>)
            [
                new("order", t["Mã đơn"], OrderOf.Payable(p.Payable)), new("method", t["Cách trả"], t[PaymentMethod.Label(p.Method)]), new("amount", t["Số tiền"], Vietnamese.Money(p.AmountVnd)), new("status", t["Tình trạng"], t[PaymentState.Label(p.Status, p.Method)]),
                new("createdAt", t["Tạo lúc"], Vietnamese.DateTime(p.CreatedAt)), new("paidAt", t["Đã trả lúc"], p.PaidAt is { } at ? Vietnamese.DateTime(at) : null), new("numbers", t["Mã giao dịch"], p.Numbers), new("bank", t["Ngân hàng"], p.Banks), new("statement", t["Dòng sao kê của người bán"], p.Words),
                new("back", t["Tiền đã hoàn"], p.BackVnd > 0 ? Vietnamese.Money(p.BackVnd) : null), new("open", t["Tiền chưa hoàn"], p.OpenVnd > 0 ? Vietnamese.Money(p.OpenVnd) : null),
            ])]);
    }

    private async Task<IReadOnlyList<DataSection>> SoldAsync(Sql sql, long id, int take, CancellationToken ct) =>
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

    private sealed record PaidLine(string Payable, string Method, long AmountVnd, string Status, DateTimeOffset CreatedAt, DateTimeOffset? PaidAt, string? Numbers, string? Banks, string? Words, long BackVnd, long OpenVnd);

    private sealed record AccountLine(string Account, bool Active, DateTimeOffset ChangedAt);

    private sealed record TerminalLine(string TmnCode, bool Active, DateTimeOffset CreatedAt);
}
