using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>What a payment does to an order, inside the payment's transaction.</summary>
public sealed class OrderPayable(Stock stock, RefundCases refunds, OrderNotices notices, OrderLinks links, TimeProvider clock) : IPayable
{
    public async Task PaidAsync(Tx tx, string payable)
    {
        var now = clock.GetUtcNow();
        var args = new { code = SubOrderName.CodeOf(payable), from = OrderState.AwaitingPayment, to = OrderState.Confirmed, now };
        var (moved, people) = await tx.MultipleAsync($"{Move}; {OrderNotices.PeopleSql}", args, async grid => (await grid.ReadFirstOrDefaultAsync<long?>(), await grid.ReadSingleAsync<OrderPeople>()));
        if (moved is not { } id)
        {
            // Put on hold by a recall, or cancelled, while the buyer was paying: the money goes back.
            await refunds.OpenAsync(tx, payable, RefundCases.Cancelled, "not-wanted:" + payable);
            return;
        }
        await stock.SellAsync(tx, payable);
        await StatusChanges.NoteAsync(tx, id, args.from, args.to, now, OrderMover.Payment, null, "");
        await TellPaidAsync(tx, people);
    }

    public async Task<bool> PaidLateAsync(Tx tx, string payable)
    {
        // The day of delivery moves on by the days that passed since the goods were kept.
        const string later = """
            update orders.sub_order s set deliver_by = s.deliver_by + greatest(0, @today - (y.hold_until at time zone 'Asia/Ho_Chi_Minh')::date) from payments.payment y where s.code = @code and y.payable = @payable returning s.id, s.deliver_by
            """;
        var code = SubOrderName.CodeOf(payable);
        var lines = await OrderedLine.OfAsync(tx, code);
        // A savepoint, because a reservation that fails half way must not keep its first half.
        await tx.ExecuteAsync("savepoint taken_again");
        if (await MoveAsync(tx, payable, OrderState.Expired, OrderState.Confirmed, new Said("Tiền được ghi nhận sau hạn giữ hàng, hàng vẫn còn")) is not null
            && await tx.SingleAsync<KeptPart>(later, new { code, payable, today = Vietnamese.Today(clock) }) is { } part
            && await stock.ReserveAsync(tx, [new(payable, OrderedLine.Wishes(lines), null, part.DeliverBy)]) is ReserveOutcome.Reserved reserved)
        {
            LineLots.Replace(tx, lines, reserved.Shares);
            await stock.SellAsync(tx, payable);
            await TellPaidAsync(tx, await tx.SingleAsync<OrderPeople>(OrderNotices.PeopleSql, new { code }));
            return true;
        }
        await tx.ExecuteAsync("rollback to savepoint taken_again");
        return false;
    }

    public async Task ExpiredAsync(Tx tx, string payable)
    {
        await stock.ReleaseAsync(tx, payable);
        await MoveAsync(tx, payable, OrderState.AwaitingPayment, OrderState.Expired);
    }

    public async Task<PayableLink?> LinkAsync(Sql sql, string payable, CancellationToken ct)
    {
        const string open = """
            select y.payable, y.code as payment, coalesce(w.name, r.name) as payee, y.amount_vnd, y.hold_until - @Margin as before
            from orders.purchase u join orders.sub_order s on s.purchase_id = u.id join payments.payment y on y.payable = 'sub-order:' || s.code
              join producers.producer r on r.id = s.producer_id left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            where u.code = @code and s.method = 'vnpay' and s.status = 'awaiting_payment' and y.status = 'pending' and y.hold_until - @Margin > @soon order by s.id
            """;
        const string others = """
            select coalesce(w.name, r.name) as payee, s.total_vnd - s.less_vnd as amount_vnd, s.method, y.status
            from orders.purchase u join orders.sub_order s on s.purchase_id = u.id join payments.payment y on y.payable = 'sub-order:' || s.code
              join producers.producer r on r.id = s.producer_id left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            where u.code = @code and y.payable <> @payable and s.status not in ('cancelled', 'expired', 'on_hold') and not (s.method = 'vnpay' and y.status = 'pending') order by s.id
            """;
        var code = await sql.FirstOrDefaultAsync<string>("select u.code from orders.purchase u join orders.sub_order s on s.purchase_id = u.id where s.code = @code", new { code = SubOrderName.CodeOf(payable) }, ct);
        if (code is null)
            return null;
        var key = links.Grant(code);
        return new PayableLink(code, OrderLinks.Path(code, key), $"/don-hang/{code}/thanh-toan", key,
            await sql.QueryAsync<StillToPay>(open, new { code, PaymentWindow.Margin, soon = clock.GetUtcNow().AddMinutes(1) }, ct),
            await sql.QueryAsync<Due>(others, new { code, payable }, ct));
    }

    public async Task<IReadOnlyDictionary<string, PayableFacts>> FactsAsync(Sql sql, IReadOnlyCollection<string> payables, CancellationToken ct)
    {
        const string select = """
            select w.payable, u.buyer_name as buyer, s.deliver_by from unnest(@payables) as w (payable) join orders.sub_order s on s.code = substr(w.payable, 11) join orders.purchase u on u.id = s.purchase_id
            where w.payable like 'sub-order:%'
            """;
        return (await sql.QueryAsync<PayableFacts>(select, new { payables = payables.ToArray() }, ct)).ToDictionary(f => f.Payable, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<string>> OfAsync(Sql sql, DataSubject subject, int take, CancellationToken ct)
    {
        const string select = $"select 'sub-order:' || s.code from orders.purchase u join orders.sub_order s on s.purchase_id = u.id where {OrdersOfPerson.Theirs} order by s.id desc limit @take";
        return await sql.QueryAsync<string>(select, new { subject.PersonId, subject.Phone, subject.Purchase, take }, ct);
    }

    private const string Move = "update orders.sub_order set status = @to, changed_at = @now where code = @code and status = @from returning id";

    /// <summary>The part's id; null when it is not in the state that it should leave.</summary>
    private async Task<long?> MoveAsync(Tx tx, string payable, string from, string to, Said? said = null)
    {
        var now = clock.GetUtcNow();
        var moved = await tx.FirstOrDefaultAsync<long?>(Move, new { code = SubOrderName.CodeOf(payable), from, to, now });
        if (moved is { } id)
            await (said is null ? StatusChanges.NoteAsync(tx, id, from, to, now, OrderMover.Payment, null, "") : StatusChanges.NoteAsync(tx, id, from, to, now, OrderMover.Payment, said));
        return moved;
    }

    private async Task TellPaidAsync(Tx tx, OrderPeople people)
    {
        await notices.TellBuyerAsync(tx, people, OrderNotice.Paid);
        await notices.TellSellerAsync(tx, people, OrderNotice.New, "", PaymentWords.Label(people.Method));
    }
}
