using System.Globalization;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>
/// A recall stops what has not been sent yet, starts refunds, and tells everybody who bought from the lots. Of what was not sent all goes back; of what was, what the
/// recalled goods cost and nothing else has given back. Cash is paid later: it goes back from then on.
/// </summary>
public sealed class RecalledOrders(Db db, Stock stock, PaymentRegister payments, RefundCases refunds, OrderNotices notices, SiteOptions site, TimeProvider clock) : IHandle<RecallOpened>
{
    public async Task HandleAsync(RecallOpened message, CancellationToken ct)
    {
        const string codes = """
            select distinct s.code from orders.line_lot x join orders.line l on l.id = x.line_id join orders.sub_order s on s.id = l.sub_order_id where x.lot_id = any(@LotIds)
            """;
        const string bought = """
            select s.id, s.code, s.status, u.language, r.phone as seller_phone, c.number as recall, c.reason,
              array(select distinct o.code from orders.line l join orders.line_lot x on x.line_id = l.id join origin.lot o on o.id = x.lot_id
               where l.sub_order_id = s.id and x.lot_id = any(@LotIds) order by o.code) as lots
            from orders.sub_order s join orders.purchase u on u.id = s.purchase_id join producers.producer r on r.id = s.producer_id join origin.recall c on c.id = @RecallId
            where s.status not in ('cancelled', 'expired')
              and exists (select 1 from orders.line l join orders.line_lot x on x.line_id = l.id where l.sub_order_id = s.id and x.lot_id = any(@LotIds))
            order by s.id for update of s
            """;
        await using var tx = await db.BeginAsync(ct);
        string[] names = [.. (await tx.QueryAsync<string>(codes, new { message.LotIds }, ct)).Select(SubOrderName.Of)];
        await payments.LockAsync(tx, names);
        var parts = await tx.QueryAsync<Bought>(bought, new { message.LotIds, message.RecallId }, ct);
        await stock.LockAsync(tx, names);
        await StopAsync(tx, parts.FindAll(p => OrderLife.Allows(p.Status, OrderState.OnHold, OrderMover.Recall)), message.RecallId);
        await TellAsync(tx, parts, message.RecallId);
        await ReturnAsync(tx, refunds, parts.Where(p => IsSent(p.Status)).Select(p => p.Code), message.RecallId.ToString(CultureInfo.InvariantCulture));
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

    /// <summary>
    /// The lines of which the buyers were told, each whole; not what an earlier recall, a complaint or a return has given back or taken off the cash, and not what was
    /// bought beside them. What is reckoned again comes to nothing: the buyers are told first, and what goes back is part of the reckoning.
    /// </summary>
    private static async Task ReturnAsync(Tx tx, RefundCases refunds, IEnumerable<string> codes, string because)
    {
        const string owed = """
            select o.code, o.vnd from (
              select s.code, (sum(coalesce(l.charged_vnd, l.total_vnd)) filter (where exists (select 1 from orders.line_lot x join origin.recall_lot r on r.lot_id = x.lot_id
                  join orders.recall_notice n on n.recall_id = r.recall_id and n.sub_order_id = s.id where x.line_id = l.id))
                - (s.less_vnd - sum(l.total_vnd - coalesce(l.charged_vnd, l.total_vnd)))
                - coalesce((select sum(c.amount_vnd) from payments.payment p join payments.refund_case c on c.payment_id = p.id
                  where p.payable = 'sub-order:' || s.code and c.cause in ('recall', 'complaint', 'return')), 0))::bigint as vnd
              from orders.sub_order s join orders.line l on l.sub_order_id = s.id where s.code = any(@codes) group by s.id) o
            where o.vnd > 0
            """;
        var parts = await tx.QueryAsync<(string Code, long Vnd)>(owed, new { codes = codes.ToArray() });
        await refunds.OpenPartsAsync(tx, RefundCases.Recall, [.. parts.Select(p => (SubOrderName.Of(p.Code), $"recall:{because}:{SubOrderName.Of(p.Code)}", p.Vnd))]);
    }

    /// <summary>Cash was paid at the door for goods that had been recalled on their way: what they cost goes back by hand.</summary>
    internal static Task PaidAtTheDoorAsync(Tx tx, RefundCases refunds, string partCode) => ReturnAsync(tx, refunds, [partCode], "paid-at-the-door");

    private async Task TellAsync(Tx tx, List<Bought> parts, long recallId)
    {
        await tx.ExecuteAsync("insert into orders.recall_notice (recall_id, sub_order_id, told_at) select @recallId, x, @now from unnest(@ids) as x on conflict do nothing", new { recallId, ids = parts.Select(p => p.Id).ToArray(), now = clock.GetUtcNow() });
        await notices.TellBuyersAsync(tx, parts.ConvertAll(p => new BuyerTold(p.Code, p.Notice, recallId.ToString(CultureInfo.InvariantCulture), [LotCodes.Named(p.Lots, p.Language), p.Why, Vietnamese.ShowPhone(p.SellerPhone), site.Absolute((p.Language == Texts.En ? Language.Prefix : "") + "/thu-hoi/" + p.Recall)])));
    }

    private sealed record Bought(long Id, string Code, string Status, string Language, string SellerPhone, string Recall, string Reason, string[] Lots)
    {
        public string Name => SubOrderName.Of(Code);

        /// <summary>As a sentence: what follows begins another one.</summary>
        public string Why => Reason.TrimEnd('.', ' ') + ".";

        public Notice Notice => IsSent(Status) ? OrderNotice.RecalledSent : OrderNotice.RecalledHeld;
    }
}
