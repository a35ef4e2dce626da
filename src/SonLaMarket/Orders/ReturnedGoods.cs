using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Orders;

/// <summary>What came back of one lot, in base units.</summary>
/// <param name="Shelf">Can be sold again.</param>
/// <param name="Gone">Cannot.</param>
public sealed record ReturnedLot(long LotId, long Shelf, long Gone);

/// <summary>A lot of a delivered part, and how much of it the buyer still has.</summary>
public sealed record ReturnableLot(long LotId, string Code, string Title, string TitleEn, string BaseUnit, long LeftBase);

/// <summary>Goods of an accepted return are with the seller again: the lots' stock and their history are told in one transaction.</summary>
public sealed class ReturnedGoods(Stock stock, LotMovements movements, Audit audit, TimeProvider clock)
{
    public static Task<List<ReturnableLot>> LotsAsync(Sql sql, string complaintCode, CancellationToken ct = default) => sql.QueryAsync<ReturnableLot>("""
        select o.id as lot_id, o.code, min(l.title) as title, min(l.title_en) as title_en, o.base_unit,
          (sum(x.quantity_base) - coalesce((select sum(g.quantity_base) from orders.returned_goods g join orders.complaint k on k.id = g.complaint_id where k.sub_order_id = c.sub_order_id and g.lot_id = o.id), 0))::bigint as left_base
        from orders.complaint c join orders.line l on l.sub_order_id = c.sub_order_id join orders.line_lot x on x.line_id = l.id join origin.lot o on o.id = x.lot_id
        where c.code = @complaintCode group by c.sub_order_id, o.id order by o.id
        """, new { complaintCode }, ct);

    /// <summary>False when the return is not the seller's, was not agreed to, has been taken back before, or the order has less of a lot: whoever asked rolls back.</summary>
    public async Task<bool> TakeAsync(Tx tx, string complaintCode, IReadOnlyCollection<ReturnedLot> lots, Actor seller)
    {
        const string take = """
            update orders.complaint c set taken_back_at = @now from orders.sub_order s
            where s.id = c.sub_order_id and c.code = @complaintCode and c.kind = 'return' and c.status in ('accepted', 'settled') and c.taken_back_at is null and s.status = 'delivered'
              and exists (select 1 from producers.acting m where m.producer_id = s.producer_id and m.person_id = @PersonId)
            returning c.id, s.code as part_code, s.trade_key
            """;
        const string note = "insert into orders.returned_goods (complaint_id, lot_id, to_shelf, quantity_base) select @Id, q.lot_id, @toShelf, q.quantity from unnest(@lots, @quantities) as q (lot_id, quantity)";
        if (await tx.FirstOrDefaultAsync<Part>(take, new { complaintCode, seller.PersonId, now = clock.GetUtcNow() }) is not { } part)
            return false;
        var (shelf, gone) = (Some(lots, l => l.Shelf), Some(lots, l => l.Gone));
        foreach (var (parts, toShelf) in new[] { (shelf, true), (gone, false) })
        {
            if (parts.Count == 0)
                continue;
            if (!await stock.ReturnPartAsync(tx, SubOrderName.Of(part.PartCode), parts, toShelf))
                return false;
            await tx.ExecuteAsync(note, new { part.Id, toShelf, lots = parts.ConvertAll(p => p.LotId).ToArray(), quantities = parts.ConvertAll(p => p.QuantityBase).ToArray() });
        }
        await movements.ReceiveAsync(tx, part.TradeKey, lots.Select(l => new LotQuantityOf(l.LotId, l.Shelf + l.Gone)).Where(l => l.QuantityBase > 0), seller);
        await movements.UnpackAsync(tx, part.TradeKey, shelf.ConvertAll(l => new LotQuantityOf(l.LotId, l.QuantityBase)), sellable: true, seller);
        await movements.UnpackAsync(tx, part.TradeKey, gone.ConvertAll(l => new LotQuantityOf(l.LotId, l.QuantityBase)), sellable: false, seller);
        await audit.WriteAsync(tx, seller, "complaint.take-back", "complaint:" + complaintCode, detail: new { shelf = shelf.Sum(l => l.QuantityBase), writtenOff = gone.Sum(l => l.QuantityBase) });
        return true;
    }

    private static List<LotQuantity> Some(IEnumerable<ReturnedLot> lots, Func<ReturnedLot, long> which) => [.. lots.Select(l => new LotQuantity(l.LotId, which(l))).Where(l => l.QuantityBase > 0)];

    private sealed record Part(long Id, string PartCode, Guid TradeKey);
}
