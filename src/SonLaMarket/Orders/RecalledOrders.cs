using System.Globalization;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>
/// A recall stops what has not been sent yet, starts refunds, and tells everybody who bought from the lots. Of what was not sent all goes back; of what was, what the
/// recalled goods cost, once for each part and recall. Cash is paid later: it goes back from then on.
/// </summary>
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
        await ReturnAsync(tx, parts.FindAll(p => IsSent(p.Status)), message);
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

    /// <summary>What is with the buyer, or on its way: the buyer gives it to nobody, and has paid for it.</summary>
    private static bool IsSent(string status) => status is OrderState.Shipped or OrderState.Failed or OrderState.Delivered;

    /// <summary>The lines that were filled from these lots, each whole; not what another recall has seen to already, and not what was bought beside them.</summary>
    private async Task ReturnAsync(Tx tx, List<Bought> parts, RecallOpened message)
    {
        const string affected = """
            select l.sub_order_id, sum(coalesce(l.charged_vnd, l.total_vnd))::bigint as vnd from orders.line l
            where l.sub_order_id = any(@ids) and exists (select 1 from orders.line_lot x where x.line_id = l.id and x.lot_id = any(@LotIds))
              and not exists (select 1 from orders.line_lot x join origin.recall_lot r on r.lot_id = x.lot_id join orders.recall_notice n on n.recall_id = r.recall_id and n.sub_order_id = l.sub_order_id where x.line_id = l.id and n.recall_id <> @RecallId)
            group by l.sub_order_id
            """;
        var names = parts.ToDictionary(p => p.Id, p => p.Name);
        var costs = await tx.QueryAsync<(long Id, long Vnd)>(affected, new { ids = parts.Select(p => p.Id).ToArray(), message.LotIds, message.RecallId });
        await refunds.OpenPartsAsync(tx, RefundCases.Recall, [.. costs.Where(c => c.Vnd > 0).Select(c => (names[c.Id], $"recall:{message.RecallId}:{names[c.Id]}", c.Vnd))]);
    }

    /// <summary>Cash was paid at the door for goods that had been recalled on their way: what they cost goes back by hand.</summary>
    internal static async Task PaidAtTheDoorAsync(Tx tx, RefundCases refunds, string partCode)
    {
        const string recalled = """
            select coalesce(sum(coalesce(l.charged_vnd, l.total_vnd)), 0)::bigint from orders.sub_order s join orders.line l on l.sub_order_id = s.id
            where s.code = @partCode and exists (select 1 from orders.line_lot x join origin.recall_lot r on r.lot_id = x.lot_id join orders.recall_notice n on n.recall_id = r.recall_id and n.sub_order_id = s.id where x.line_id = l.id)
            """;
        var name = SubOrderName.Of(partCode);
        if (await tx.SingleAsync<long>(recalled, new { partCode }) is > 0 and var vnd)
            await refunds.OpenAsync(tx, name, RefundCases.Recall, "recall:paid-at-the-door:" + name, vnd);
    }

    private async Task TellAsync(Tx tx, List<Bought> parts, long recallId)
    {
        await tx.ExecuteAsync("insert into orders.recall_notice (recall_id, sub_order_id, told_at) select @recallId, x, @now from unnest(@ids) as x on conflict do nothing", new { recallId, ids = parts.Select(p => p.Id).ToArray(), now = clock.GetUtcNow() });
        await notices.TellBuyersAsync(tx, parts.ConvertAll(p => new BuyerTold(p.Code, p.Notice, recallId.ToString(CultureInfo.InvariantCulture), [LotCodes.Named(p.Lots, p.Language)])));
    }

    private sealed record Bought(long Id, string Code, string Status, string Language, string[] Lots)
    {
        public string Name => SubOrderName.Of(Code);

        public Notice Notice => IsSent(Status) ? OrderNotice.RecalledSent : OrderNotice.RecalledHeld;
    }
}
