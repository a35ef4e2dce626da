using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>
/// The way of one seller's part: confirmed, packed, shipped, delivered; or cancelled. Each verb names the state it leaves
/// and answers false when the part is not there (any more), or not the member's.
/// </summary>
public sealed class SubOrders(Stock stock, PaymentRegister payments, Messages messages, Audit audit, TimeProvider clock)
{
    private static readonly string[] Cancellable = [OrderState.AwaitingPayment, OrderState.Confirmed, OrderState.Packed, OrderState.OnHold];

    /// <summary>Whether the part belongs to a producer this person works for.</summary>
    public static Task<bool> OwnsAsync(Sql sql, string code, long memberId, CancellationToken ct = default) =>
        sql.SingleAsync<bool>("select exists (select 1 from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id where s.code = @code and m.person_id = @memberId)", new { code, memberId }, ct);

    public async Task<bool> PackAsync(Tx tx, string code, Actor seller)
    {
        if (await MoveAsync(tx, code, seller, [OrderState.Confirmed], OrderState.Packed, "") is null)
            return false;
        await audit.WriteAsync(tx, seller, "order.pack", "sub-order:" + code);
        return true;
    }

    /// <param name="tracking">Carrier and number, as the seller typed it; may be empty.</param>
    public async Task<bool> ShipAsync(Tx tx, string code, string tracking, Actor seller)
    {
        if (await MoveAsync(tx, code, seller, [OrderState.Packed], OrderState.Shipped, tracking) is not { } moved)
            return false;
        await tx.ExecuteAsync("update orders.sub_order set tracking = @tracking where id = @Id", new { tracking, moved.Id });
        // What is paid on delivery was only held until now; what was paid before is sold already.
        await stock.SellAsync(tx, SubOrderName.Of(code));
        await audit.WriteAsync(tx, seller, "order.ship", "sub-order:" + code);
        await TellAsync(tx, moved, code, "shipped", "SonLaMarket: đơn {0} đã được gửi đi. {1}", tracking);
        return true;
    }

    /// <summary>The goods arrived; cash on delivery counts as paid.</summary>
    public async Task<bool> DeliverAsync(Tx tx, string code, Actor seller)
    {
        if (await MoveAsync(tx, code, seller, [OrderState.Shipped], OrderState.Delivered, "") is null)
            return false;
        await payments.CashReceivedAsync(tx, SubOrderName.Of(code));
        await audit.WriteAsync(tx, seller, "order.deliver", "sub-order:" + code);
        return true;
    }

    /// <summary>Gives the stock back, ends the payment or opens a refund case.</summary>
    public async Task<bool> CancelAsync(Tx tx, string code, string reason, Actor seller)
    {
        await payments.LockAsync(tx, [SubOrderName.Of(code)]);
        if (await MoveAsync(tx, code, seller, Cancellable, OrderState.Cancelled, reason) is not { } moved)
            return false;
        await stock.ReturnAsync(tx, SubOrderName.Of(code));
        await payments.CancelAsync(tx, SubOrderName.Of(code));
        await TellAsync(tx, moved, code, "cancelled", "SonLaMarket: đơn {0} đã bị người bán hủy: {1}", reason);
        await audit.WriteAsync(tx, seller, "order.cancel", "sub-order:" + code, reason);
        return true;
    }

    private async Task<Moved?> MoveAsync(Tx tx, string code, Actor seller, string[] from, string to, string note)
    {
        const string update = """
            with before as (
              select s.id, s.status, u.buyer_phone, u.language from orders.sub_order s join orders.purchase u on u.id = s.purchase_id
              where s.code = @code and s.status = any(@from)
                and exists (select 1 from producers.acting m where m.producer_id = s.producer_id and m.person_id = @PersonId)
              for update of s)
            update orders.sub_order s set status = @to, changed_at = @now from before b where s.id = b.id
            returning s.id, b.status as from_status, b.buyer_phone, b.language
            """;
        var now = clock.GetUtcNow();
        var moved = await tx.FirstOrDefaultAsync<Moved>(update, new { code, from, to, seller.PersonId, now });
        if (moved is not null)
            await StatusChanges.NoteAsync(tx, moved.Id, moved.FromStatus, to, now, seller, note);
        return moved;
    }

    private Task TellAsync(Tx tx, Moved moved, string code, string effect, string text, string detail) =>
        messages.SendAsync(tx, "sms", moved.BuyerPhone, $"sub-order-{effect}:{code}", code, string.Format(Vietnamese.Culture, Texts.In(moved.Language, text), code, detail).Trim());

    private sealed record Moved(long Id, string FromStatus, string BuyerPhone, string Language);
}
