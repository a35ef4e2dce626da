using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <param name="Carrier">Who carries it; may be empty.</param>
/// <param name="Number">The carrier's number; may be empty.</param>
public sealed record Shipment(string Carrier, string Number)
{
    public override string ToString() => $"{Carrier} {Number}".Trim();
}

/// <summary>
/// The steps of seller and buyer in the life of one seller's part (<see cref="OrderLife"/>). Each answers false when the part
/// is not there, is not the member's, or is in a state from which the step does not lead.
/// </summary>
public sealed class SubOrders(Stock stock, PaymentRegister payments, RefundCases refunds, Weighing weighing, LotMovements movements, OrderNotices notices, Audit audit, TimeProvider clock)
{
    /// <summary>Whether the part belongs to a producer this person works for.</summary>
    public static Task<bool> OwnsAsync(Sql sql, string code, long memberId, CancellationToken ct = default) =>
        sql.SingleAsync<bool>("select exists (select 1 from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id where s.code = @code and m.person_id = @memberId)", new { code, memberId }, ct);

    /// <summary>Weighed and packed. False as well when the lots have not what was weighed: the caller rolls back.</summary>
    /// <param name="packedG">What each line that is sold by the kilogram weighs, in grams, in the order of <see cref="Weighing.LinesAsync"/>; null: as ordered.</param>
    public async Task<bool> PackAsync(Tx tx, string code, Actor seller, IReadOnlyList<long>? packedG = null)
    {
        await payments.LockAsync(tx, [SubOrderName.Of(code)]);
        if (await MoveAsync(tx, code, OrderMover.Seller, seller, OrderState.Packed, "") is not { } moved)
            return false;
        if (!await weighing.WriteAsync(tx, code, packedG))
            return false;
        await movements.PackAsync(tx, moved.TradeKey, await LotsAsync(tx, moved.Id), seller);
        await audit.WriteAsync(tx, seller, "order.pack", "sub-order:" + code);
        if (await tx.FirstOrDefaultAsync<string>("select pickup_place from orders.sub_order where code = @code", new { code }) is { } place)
            await notices.TellBuyerAsync(tx, code, OrderNotice.Ready, "", place);
        return true;
    }

    /// <summary>Handed over to be carried, for the first time or once more after a delivery that failed.</summary>
    public async Task<bool> ShipAsync(Tx tx, string code, Shipment shipment, Actor seller)
    {
        if (await MoveAsync(tx, code, OrderMover.Seller, seller, OrderState.Shipped, shipment.ToString()) is not { } moved)
            return false;
        await tx.ExecuteAsync("update orders.sub_order set carrier = @Carrier, tracking = @Number where id = @Id", new { shipment.Carrier, shipment.Number, moved.Id });
        // What is paid on delivery was only held until now; what was paid before is sold already.
        await stock.SellAsync(tx, SubOrderName.Of(code));
        if (moved.FromStatus == OrderState.Packed)
            await movements.SellAsync(tx, moved.TradeKey, await LotsAsync(tx, moved.Id), fetched: false, seller);
        await audit.WriteAsync(tx, seller, "order.ship", "sub-order:" + code);
        await notices.TellBuyerAsync(tx, code, OrderNotice.Shipped, moved.Happening, shipment.ToString());
        return true;
    }

    /// <summary>Goods of a lot that was blocked meanwhile are taken from other lots of the same product. False when there are not enough: the caller rolls back.</summary>
    public async Task<bool> ExchangeAsync(Tx tx, string code, Actor seller)
    {
        const string find = $"""
            select s.id, s.deliver_by from orders.sub_order s join producers.acting m on m.producer_id = s.producer_id
            where s.code = @code and m.person_id = @PersonId and s.status = 'confirmed' and {LineLots.Blocked}
              and not exists (select 1 from orders.line l join catalog.listing g on g.id = l.listing_id where l.sub_order_id = s.id and g.base_per_unit <> l.base_per_unit)
            for update of s
            """;
        var name = SubOrderName.Of(code);
        await payments.LockAsync(tx, [name]);
        if (await tx.FirstOrDefaultAsync<KeptPart>(find, new { code, seller.PersonId }) is not { } part)
            return false;
        var lines = await OrderedLine.OfAsync(tx, code);
        if (await stock.ExchangeAsync(tx, new(name, OrderedLine.Wishes(lines), null, part.DeliverBy)) is not ReserveOutcome.Reserved reserved)
            return false;
        LineLots.Replace(tx, lines, reserved.Shares);
        await audit.WriteAsync(tx, seller, "order.exchange", "sub-order:" + code);
        return true;
    }

    /// <summary>The goods arrived; cash on delivery counts as paid.</summary>
    public async Task<bool> DeliverAsync(Tx tx, string code, Actor seller)
    {
        await payments.LockAsync(tx, [SubOrderName.Of(code)]);
        if (await MoveAsync(tx, code, OrderMover.Seller, seller, OrderState.Delivered, "") is not { } moved)
            return false;
        // What is fetched was never sent: until now it may only be held.
        await stock.SellAsync(tx, SubOrderName.Of(code));
        if (moved.FromStatus == OrderState.Packed)
            await movements.SellAsync(tx, moved.TradeKey, await LotsAsync(tx, moved.Id), fetched: true, seller);
        if (await payments.CashReceivedAsync(tx, SubOrderName.Of(code)))
            await RecalledOrders.PaidAtTheDoorAsync(tx, refunds, code);
        await audit.WriteAsync(tx, seller, "order.deliver", "sub-order:" + code);
        await notices.TellBuyerAsync(tx, code, OrderNotice.Delivered);
        return true;
    }

    /// <summary>Nobody took the goods. They are sent once more, or the part is cancelled.</summary>
    public async Task<bool> FailAsync(Tx tx, string code, string reason, Actor seller)
    {
        if (await MoveAsync(tx, code, OrderMover.Seller, seller, OrderState.Failed, reason) is not { } moved)
            return false;
        await audit.WriteAsync(tx, seller, "order.fail", "sub-order:" + code, reason);
        await notices.TellBuyerAsync(tx, code, OrderNotice.Failed, moved.Happening, reason);
        return true;
    }

    /// <summary>Ends the payment or opens a refund case.</summary>
    /// <param name="toShelf">The goods can be sold again; otherwise what had left is written off.</param>
    public async Task<bool> CancelAsync(Tx tx, string code, string reason, Actor seller, bool toShelf = true)
    {
        if (!await CancelAsync(tx, code, OrderMover.Seller, seller, reason, toShelf))
            return false;
        await notices.TellBuyerAsync(tx, code, OrderNotice.Cancelled, "", reason);
        await audit.WriteAsync(tx, seller, "order.cancel", "sub-order:" + code, reason);
        return true;
    }

    /// <summary>The buyer does not want it any more; possible until it is packed, and once a recall stopped it. Whoever asks has shown the order's secret.</summary>
    public async Task<bool> CancelByBuyerAsync(Tx tx, string code, string reason)
    {
        var buyer = new Actor(null, OrderMover.Buyer);
        if (!await CancelAsync(tx, code, OrderMover.Buyer, buyer, reason, toShelf: true))
            return false;
        await notices.TellSellerAsync(tx, code, OrderNotice.CancelledByBuyer, "", reason);
        await audit.WriteAsync(tx, buyer, "order.cancel", "sub-order:" + code, reason);
        return true;
    }

    private async Task<bool> CancelAsync(Tx tx, string code, string mover, Actor actor, string reason, bool toShelf)
    {
        var name = SubOrderName.Of(code);
        await payments.LockAsync(tx, [name]);
        if (await MoveAsync(tx, code, mover, actor, OrderState.Cancelled, reason) is not { } moved)
            return false;
        // Only what was sent can have spoiled on its way.
        toShelf |= moved.FromStatus != OrderState.Failed;
        await TakeBackAsync(tx, moved, toShelf, actor);
        await stock.ReturnAsync(tx, name, toShelf);
        await payments.CancelAsync(tx, name);
        return true;
    }

    /// <summary>The history of the lots is told what came back and what became of it: a part that was on hold may have been packed before.</summary>
    private async Task TakeBackAsync(Tx tx, Moved part, bool toShelf, Actor actor)
    {
        var been = await tx.QueryAsync<string>("select distinct to_status from orders.status_change where sub_order_id = @Id", new { part.Id });
        if (!been.Contains(OrderState.Packed))
            return;
        var lots = await LotsAsync(tx, part.Id);
        if (been.Contains(OrderState.Shipped))
            await movements.ReceiveAsync(tx, part.TradeKey, lots, actor);
        await movements.UnpackAsync(tx, part.TradeKey, lots, toShelf, actor);
    }

    /// <summary>What the part was filled from.</summary>
    private static Task<List<LotQuantityOf>> LotsAsync(Tx tx, long id)
    {
        const string select = """
            select x.lot_id, sum(x.quantity_base)::bigint as quantity_base from orders.line l join orders.line_lot x on x.line_id = l.id where l.sub_order_id = @id group by x.lot_id order by x.lot_id
            """;
        return tx.QueryAsync<LotQuantityOf>(select, new { id });
    }

    private async Task<Moved?> MoveAsync(Tx tx, string code, string mover, Actor? actor, string to, string note)
    {
        // A blocked lot is neither packed nor sent. Its row is shared-locked, so a block waits for us and we for it.
        const string lots = """
            select 1 from origin.lot o where o.id in (select x.lot_id from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id where s.code = @code)
            order by o.id for share of o
            """;
        const string update = $"""
            with before as (
              select s.id, s.status from orders.sub_order s
              where s.code = @code and s.status = any(@from) and (s.status <> 'packed' or (@to <> 'delivered' or s.pickup_place is not null) and (@to <> 'shipped' or s.pickup_place is null)) and not (@leaves and s.status <> 'shipped' and {LineLots.Blocked})
                and (@member::bigint is null or exists (select 1 from producers.acting m where m.producer_id = s.producer_id and m.person_id = @member))
              for update of s)
            update orders.sub_order s set status = @to, changed_at = @now from before b where s.id = b.id
            returning s.id, b.status as from_status, s.changed_at as at, s.trade_key
            """;
        var now = clock.GetUtcNow();
        var leaves = to is OrderState.Packed or OrderState.Shipped or OrderState.Delivered;
        if (leaves)
            await tx.ExecuteAsync(lots, new { code });
        var moved = await tx.FirstOrDefaultAsync<Moved>(update, new { code, from = OrderLife.Before(to, mover), to, leaves, member = actor?.PersonId, now });
        if (moved is not null)
            await StatusChanges.NoteAsync(tx, moved.Id, moved.FromStatus, to, now, mover, actor, note);
        return moved;
    }

    private sealed record Moved(long Id, string FromStatus, DateTimeOffset At, Guid TradeKey)
    {
        /// <summary>A part may be sent, and fail to arrive, more than once.</summary>
        public string Happening => At.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
