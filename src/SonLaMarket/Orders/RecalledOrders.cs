using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>A recall stops what has not been sent yet, starts refunds, and tells everybody who bought from the lots.</summary>
public sealed class RecalledOrders(Db db, Stock stock, PaymentRegister payments, RefundCases refunds, Messages messages, TimeProvider clock) : IHandle<RecallOpened>
{
    public async Task HandleAsync(RecallOpened message, CancellationToken ct)
    {
        const string codes = """
            select distinct s.code from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id where x.lot_id = any(@LotIds)
            """;
        const string bought = """
            select s.id, s.code, s.status, u.buyer_phone, u.language,
              (select string_agg(distinct o.code, ', ') from orders.line l join orders.line_lot x on x.line_id = l.id join origin.lot o on o.id = x.lot_id
               where l.sub_order_id = s.id and x.lot_id = any(@LotIds)) as lots
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
        foreach (var part in parts)
        {
            if (OrderLife.Allows(part.Status, OrderState.OnHold, OrderMover.Recall))
                await StopAsync(tx, part, message.RecallId);
            await TellAsync(tx, part, message.RecallId);
        }
        await tx.CommitAsync(CancellationToken.None);
    }

    private async Task StopAsync(Tx tx, Bought part, long recallId)
    {
        var now = clock.GetUtcNow();
        var name = SubOrderName.Of(part.Code);
        await tx.ExecuteAsync("update orders.sub_order set status = 'on_hold', changed_at = @now where id = @Id and status = @Status", new { part.Id, part.Status, now });
        await StatusChanges.NoteAsync(tx, part.Id, part.Status, OrderState.OnHold, now, OrderMover.Recall, new Said("Lô {0} bị thu hồi", part.Lots));
        if (part.Status == OrderState.AwaitingPayment)
        {
            await payments.CancelAsync(tx, name);
            await stock.ReleaseAsync(tx, name);
        }
        else
        {
            await refunds.OpenAsync(tx, name, RefundCases.Recall, $"recall:{recallId}:{name}");
        }
    }

    private async Task TellAsync(Tx tx, Bought part, long recallId)
    {
        await tx.ExecuteAsync("insert into orders.recall_notice (recall_id, sub_order_id, told_at) values (@recallId, @Id, @now) on conflict do nothing", new { recallId, part.Id, now = clock.GetUtcNow() });
        var text = part.Status is OrderState.Shipped or OrderState.Failed or OrderState.Delivered
            ? "SonLaMarket: lô {1} trong đơn {0} bị thu hồi. Xin đừng dùng. Xem trang Thu hồi của SonLaMarket."
            : "SonLaMarket: đơn {0} tạm dừng vì lô {1} bị thu hồi. Người bán sẽ liên hệ với bạn.";
        await messages.SendAsync(tx, "sms", part.BuyerPhone, $"recall:{recallId}:{part.Code}", part.Code, string.Format(Vietnamese.Culture, Texts.In(part.Language, text), part.Code, part.Lots));
    }

    private sealed record Bought(long Id, string Code, string Status, string BuyerPhone, string Language, string Lots);
}
