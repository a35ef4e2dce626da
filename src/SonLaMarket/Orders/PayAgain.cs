using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>A part whose time to pay is over is kept once more, while its goods can still be had as agreed.</summary>
public sealed class PayAgain(Stock stock, PaymentRegister payments, TimeProvider clock)
{
    /// <summary>After this a new order is a new agreement.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromHours(24);

    /// <summary>False when it is too late, the seller asks more than was agreed, or too little is left: the caller rolls back.</summary>
    public async Task<bool> HoldAsync(Tx tx, string code)
    {
        // The day of delivery moves on by the days that passed since the goods were kept last.
        const string update = """
            update orders.sub_order s set status = 'awaiting_payment', changed_at = @now, deliver_by = s.deliver_by + (@today - (y.hold_until at time zone 'Asia/Ho_Chi_Minh')::date)
            from orders.purchase u, payments.payment y
            where y.payable = 'sub-order:' || s.code and u.id = s.purchase_id and s.code = @code and s.status = 'expired' and u.placed_at > @since
              and not exists (select 1 from orders.line l join catalog.listing g on g.id = l.listing_id
                where l.sub_order_id = s.id and (g.price_vnd > l.unit_price_vnd or g.base_per_unit <> l.base_per_unit))
            returning s.id, s.deliver_by
            """;
        var now = clock.GetUtcNow();
        var name = SubOrderName.Of(code);
        await payments.LockAsync(tx, [name]);
        if (await tx.FirstOrDefaultAsync<KeptPart>(update, new { code, now, today = Vietnamese.Today(clock), since = now - Within }) is not { } part)
            return false;
        var lines = await OrderedLine.OfAsync(tx, code);
        if (await stock.ReserveAsync(tx, [new(name, OrderedLine.Wishes(lines), now + PaymentWindow.Hold, part.DeliverBy)]) is not ReserveOutcome.Reserved reserved
            || !await payments.ReopenAsync(tx, name, now + PaymentWindow.Hold))
            return false;
        LineLots.Replace(tx, lines, reserved.Shares);
        await StatusChanges.NoteAsync(tx, part.Id, OrderState.Expired, OrderState.AwaitingPayment, now, OrderMover.Buyer, new Said("Người mua thanh toán lại, hàng vẫn còn"));
        return true;
    }
}
