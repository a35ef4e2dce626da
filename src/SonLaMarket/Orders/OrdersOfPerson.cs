using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders;

/// <summary>
/// Orders with the name, phone and address they went to. They are business records: the goods and the money stay ten years,
/// the person is masked on request once nothing is on its way any more.
/// </summary>
public sealed class OrdersOfPerson(Texts t) : IPersonalData
{
    /// <summary>Of an account: its orders, and those that its proven phone placed as a guest. Of a guest: those of the proven phone, else the one whose code they hold.</summary>
    internal const string Theirs = """
        (u.person_id = @PersonId or u.person_id is null and u.buyer_phone = @Phone or u.code = @Purchase and @PersonId::bigint is null)
        """;

    private const string Masked = "(đã xóa theo yêu cầu)";

    public async Task<IReadOnlyList<DataSection>> SeeAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        const string orders = $"""
            select u.code, u.placed_at, u.buyer_name, u.buyer_phone, u.address_line, c.full_name as commune, p.full_name as province, u.note, u.total_vnd,
              (select string_agg(l.title || ' × ' || l.quantity, '; ' order by l.id) from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.purchase_id = u.id) as goods
            from orders.purchase u join foundation.commune c on c.code = u.commune_code join foundation.province p on p.code = u.province_code
            where {Theirs} order by u.id desc limit @take
            """;
        const string complaints = $"""
            select k.code, s.code as part, k.kind, k.matter, k.wish, cardinality(k.picture_ids) as pictures, k.status, k.opened_at, k.refund_vnd
            from orders.complaint k join orders.sub_order s on s.id = k.sub_order_id join orders.purchase u on u.id = s.purchase_id
            where {Theirs} order by k.id desc limit @take
            """;
        const string carts = "select details ->> 'Name' as name, details ->> 'Tel' as tel, details ->> 'Street' as street, changed_at from orders.cart where details ->> 'Tel' = @Phone order by changed_at desc limit @take";
        return
        [
            new("orders", t["Đơn mua"], t["Để giao hàng, thanh toán và báo khi lô bị thu hồi, theo hợp đồng mua bán."], t["Chứng từ mua bán giữ 10 năm theo Luật Kế toán; tên, số điện thoại, địa chỉ và lời nhắn được che khi bạn yêu cầu xóa."],
                [.. (await sql.QueryAsync<OrderLine>(orders, new { subject.PersonId, subject.Phone, subject.Purchase, take }, ct)).Select(o => (IReadOnlyList<DataField>)
                [
                    new("code", t["Mã đơn"], o.Code), new("placedAt", t["Đặt lúc"], Vietnamese.DateTime(o.PlacedAt)), new("name", t["Người nhận"], o.BuyerName), new("phone", t["Số điện thoại"], o.BuyerPhone),
                    new("address", t["Địa chỉ"], string.Join(", ", new[] { o.AddressLine, o.Commune, o.Province }.Where(x => x.Length > 0))), new("note", t["Lời nhắn"], o.Note), new("goods", t["Hàng"], o.Goods), new("total", t["Tổng cộng"], Vietnamese.Money(o.TotalVnd)),
                ])]),
            new("complaints", t["Khiếu nại, trả hàng"], t["Để người bán trả lời đúng hạn, và để Sở phân xử khi không thỏa thuận được."], t["Giữ cùng chứng từ của đơn; lời bạn viết và ảnh bị xóa khi bạn yêu cầu."],
                [.. (await sql.QueryAsync<ComplaintLine>(complaints, new { subject.PersonId, subject.Phone, subject.Purchase, take }, ct)).Select(k => (IReadOnlyList<DataField>)
                [
                    new("code", t["Mã khiếu nại"], k.Code), new("order", t["Mã đơn"], k.Part), new("openedAt", t["Gửi lúc"], Vietnamese.DateTime(k.OpenedAt)), new("kind", t["Loại"], t[Complaint.TitleOf(k.Kind)]), new("matter", t["Về việc"], t[ComplaintMatter.Label(k.Matter)]),
                    new("wish", t["Bạn đã viết"], k.Wish), new("pictures", t["Số ảnh gửi kèm"], Vietnamese.Number(k.Pictures)), new("status", t["Tình trạng"], t[ComplaintState.Label(k.Status)]), new("refund", t["Được hoàn"], k.RefundVnd is { } back ? Vietnamese.Money(back) : ""),
                ])]),
            new("carts", t["Giỏ hàng đã điền nơi nhận"], t["Để bạn không phải điền lại."], t["Tự xóa sau 30 ngày không dùng; xóa ngay khi bạn yêu cầu."],
                [.. (await sql.QueryAsync<CartRow>(carts, new { subject.Phone, take }, ct)).Select(c => (IReadOnlyList<DataField>)[new("name", t["Người nhận"], c.Name), new("phone", t["Số điện thoại"], c.Tel), new("address", t["Địa chỉ"], c.Street), new("at", t["Sửa lúc"], Vietnamese.DateTime(c.ChangedAt))])]),
        ];
    }

    public async Task<IReadOnlyList<string>> HindrancesAsync(Sql sql, DataSubject subject, CancellationToken ct)
    {
        const string open = $"""
            select count(distinct u.id)::int from orders.purchase u join orders.sub_order s on s.purchase_id = u.id left join payments.payment y on y.payable = 'sub-order:' || s.code
            where {Theirs} and (s.status not in ('delivered', 'cancelled', 'expired') or exists (select 1 from payments.refund_case f where f.payment_id = y.id and f.status = 'open'))
            """;
        const string selling = """
            select count(*)::int from orders.sub_order s left join payments.payment y on y.payable = 'sub-order:' || s.code
            where s.producer_id in (select m.producer_id from producers.member m where m.person_id = @PersonId and not exists (select 1 from producers.member o where o.producer_id = m.producer_id and o.person_id <> m.person_id))
              and (s.status not in ('delivered', 'cancelled', 'expired') or exists (select 1 from payments.refund_case f where f.payment_id = y.id and f.status = 'open'))
            """;
        var found = new List<string>();
        if (await sql.SingleAsync<int>(open, new { subject.PersonId, subject.Phone, subject.Purchase }, ct) is > 0 and var bought)
            found.Add(t["Còn {0} đơn mua chưa giao xong hoặc chưa hoàn tiền xong: người bán còn cần nơi nhận.", bought]);
        if (await sql.SingleAsync<int>(selling, new { subject.PersonId }, ct) is > 0 and var sold)
            found.Add(t["Cơ sở của bạn còn {0} đơn bán chưa xong. Hãy giao hoặc hủy trước.", sold]);
        return found;
    }

    public async Task EraseAsync(Tx tx, DataSubject subject, Actor actor)
    {
        const string erase = $"""
            update orders.invoice_request i set name = @Masked, tax_code = '', address = @Masked, email = '', personal_id = '' from orders.sub_order s join orders.purchase u on u.id = s.purchase_id where s.id = i.sub_order_id and {Theirs};
            update orders.complaint k set wish = @Masked, picture_ids = array[]::uuid[] from orders.sub_order s join orders.purchase u on u.id = s.purchase_id where s.id = k.sub_order_id and {Theirs};
            update orders.purchase u set buyer_name = @Masked, buyer_phone = '', address_line = '', note = '', person_id = null, placed_from = null, token_hash = sha256(gen_random_uuid()::text::bytea) where {Theirs};
            delete from orders.cart where details ->> 'Tel' = @Phone
            """;
        await tx.ExecuteAsync(erase, new { subject.PersonId, subject.Phone, subject.Purchase, Masked });
    }

    private sealed record OrderLine(string Code, DateTimeOffset PlacedAt, string BuyerName, string BuyerPhone, string AddressLine, string Commune, string Province, string Note, long TotalVnd, string? Goods);

    private sealed record ComplaintLine(string Code, string Part, string Kind, string Matter, string Wish, int Pictures, string Status, DateTimeOffset OpenedAt, long? RefundVnd);

    private sealed record CartRow(string? Name, string? Tel, string? Street, DateTimeOffset ChangedAt);
}
