using System.Globalization;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>A recall stops what has not been sent yet, starts refunds, and tells everybody who bought from the lots.</summary>
public sealed class RecalledOrders(Db db, Stock stock, PaymentRegister payments, RefundCases refunds, OrderNotices notices, TimeProvider clock) : IHandle<RecallOpened>
{
    public async Task HandleAsync(RecallOpened message, CancellationToken ct)
    {
        const string codes = """
            select distinct s.code from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id where x.lot_id = any(@LotIds)
            """;
        const string bought = """
            select s.id, s.code, s.status, u.language,
              array(select distinct o.code from orders.line l join orders.line_lot x on x.line_id = l.id join origin.lot o on o.id = x.lot_id
               where l.sub_order_id = s.id and x.lot_id = any(@LotIds) order by o.code) as lots
            from orders.sub_order s join orders.purchase u on u.id = s.purchase_id
            where s.status not in ('cancelled', 'expired')
              and exists (select 1 from orders.line l join orders.line_lot x on x.line_id = l.id where l.sub_order_id = s.id and x.lot_id = any(@LotIds))
            order by s.id for update of s
            """;
        await using var tx = await db.BeginAsync(ct);
        string[] names = [.. (await tx.QueryAsync<string>(codes, new { message.LotIds }, ct)).Select(SubOrderName.Of)];
        await payments.LockAsync(tx, names);
        var parts = await tx.QueryAsync<Bought>(bought, new { message.LotIds }, ct);
        await stock.LockAsync(tx, names);
        await StopAsync(tx, parts.FindAll(p => OrderLife.Allows(p.Status, OrderState.OnHold, OrderMover.Recall)), message.RecallId);
        await TellAsync(tx, parts, message.RecallId);
        await tx.CommitAsync(CancellationToken.None);
    }

    private async Task StopAsync(Tx tx, List<Bought> parts, long recallId)
    {
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync("update orders.sub_order set status = 'on_hold', changed_at = @now where id = any(@ids)", new { ids = parts.Select(p => p.Id).ToArray(), now });
        await StatusChanges.NoteAsync(tx, parts.ConvertAll(p => (p.Id, p.Status, string.Join(", ", p.Lots))), OrderState.OnHold, now, OrderMover.Recall, "Lô {0} bị thu hồi");
        var unpaid = parts.FindAll(p => p.Status == OrderState.AwaitingPayment).ConvertAll(p => p.Name);
        await payments.CancelAsync(tx, unpaid);
        await stock.ReleaseAsync(tx, unpaid);
        await refunds.OpenAsync(tx, RefundCases.Recall, [.. parts.Where(p => p.Status != OrderState.AwaitingPayment).Select(p => (p.Name, $"recall:{recallId}:{p.Name}"))]);
    }

    private async Task TellAsync(Tx tx, List<Bought> parts, long recallId)
    {
        await tx.ExecuteAsync("insert into orders.recall_notice (recall_id, sub_order_id, told_at) select @recallId, x, @now from unnest(@ids) as x on conflict do nothing", new { recallId, ids = parts.Select(p => p.Id).ToArray(), now = clock.GetUtcNow() });
        await notices.TellBuyersAsync(tx, parts.ConvertAll(p => new BuyerTold(p.Code, p.Notice, recallId.ToString(CultureInfo.InvariantCulture), [LotCodes.Named(p.Lots, p.Language)])));
    }

    private sealed record Bought(long Id, string Code, string Status, string Language, string[] Lots)
    {
        public string Name => SubOrderName.Of(Code);

        public Notice Notice => Status is OrderState.Shipped or OrderState.Failed or OrderState.Delivered ? OrderNotice.RecalledSent : OrderNotice.RecalledHeld;
    }
}
