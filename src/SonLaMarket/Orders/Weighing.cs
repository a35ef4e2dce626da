using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Payments;

namespace SonLaMarket.Orders;

/// <summary>A line that is sold by the kilogram, as it was ordered.</summary>
/// <param name="OrderedG">Grams.</param>
/// <param name="SpareG">What its lots have on the shelf beyond it.</param>
public sealed record WeighedLine(long Id, string Title, long OrderedG, long BasePerUnit, long UnitPriceVnd, long TotalVnd, long SpareG)
{
    /// <summary>A parcel that weighs less than half or more than half as much again as was ordered is a typing error, or another order.</summary>
    public bool Takes(long packedG) => packedG >= OrderedG / 2 && packedG <= OrderedG + OrderedG / 2 && packedG > 0;

    /// <summary>What the weighed goods cost: by weight, and never more than was agreed.</summary>
    public long ChargedVnd(long packedG) => packedG >= OrderedG ? TotalVnd : (long)decimal.Round((decimal)UnitPriceVnd * packedG / BasePerUnit, MidpointRounding.AwayFromZero);
}

/// <summary>
/// What is sold by the kilogram is weighed when it is packed. What weighs less costs less: money that was paid goes back, cash is not
/// collected; the rest goes back to its lot. What weighs more costs what was ordered, and is taken from the lots of its line like the rest.
/// </summary>
public sealed class Weighing(Stock stock, PaymentRegister payments, OrderNotices notices)
{
    public static Task<List<WeighedLine>> LinesAsync(Sql sql, string code, CancellationToken ct = default) => sql.QueryAsync<WeighedLine>("""
        select l.id, l.title, l.quantity * l.base_per_unit as ordered_g, l.base_per_unit, l.unit_price_vnd, l.total_vnd,
          (select coalesce(sum(k.available), 0)::bigint from orders.line_lot x join catalog.lot_stock k on k.lot_id = x.lot_id where x.line_id = l.id) as spare_g
        from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @code and l.sale_unit = 'kg' and l.base_unit = 'g' order by l.id
        """, new { code }, ct);

    /// <summary>Writes what was packed. False when the lots have not as much as was weighed: whoever asked rolls back. The part has just been packed by this transaction, which has locked its payment first.</summary>
    /// <param name="packedG">For each line of <see cref="LinesAsync"/> in its order, in grams; null: as ordered.</param>
    public async Task<bool> WriteAsync(Tx tx, string code, IReadOnlyList<long>? packedG)
    {
        const string asOrdered = "update orders.line l set packed_base = l.quantity * l.base_per_unit, charged_vnd = l.total_vnd from orders.sub_order s where s.id = l.sub_order_id and s.code = @code";
        await tx.ExecuteAsync(asOrdered, new { code });
        if (packedG is null)
            return true;
        // All lots of the part first, in id order: one line may need a lot that comes before what the line before it took.
        await stock.LockAsync(tx, [SubOrderName.Of(code)]);
        var (less, lighter) = (0L, 0L);
        foreach (var (line, packed) in (await LinesAsync(tx, code)).Zip(packedG))
        {
            var charged = line.ChargedVnd(packed);
            await tx.ExecuteAsync("update orders.line set packed_base = @packed, charged_vnd = @charged where id = @Id", new { packed, charged, line.Id });
            less += line.TotalVnd - charged;
            lighter += Math.Max(0, line.OrderedG - packed);
            if (packed < line.OrderedG)
                await GiveBackAsync(tx, code, line, line.OrderedG - packed);
            else if (!await GiveMoreAsync(tx, code, line, packed - line.OrderedG))
                return false;
        }
        if (less == 0)
            return true;
        var name = SubOrderName.Of(code);
        await tx.ExecuteAsync("update orders.sub_order set less_vnd = @less where code = @code", new { less, code });
        var cash = await payments.LessAsync(tx, name, less, RefundCases.Weight, "weight:" + name);
        await notices.TellBuyerAsync(tx, code, cash ? OrderNotice.LighterCash : OrderNotice.LighterPaid, "", Vietnamese.Weight(lighter), Vietnamese.Money(less));
        return true;
    }

    /// <summary>The lot that expires last was taken last and gets it back first.</summary>
    private async Task GiveBackAsync(Tx tx, string code, WeighedLine line, long grams)
    {
        const string taken = """
            select x.lot_id, x.quantity_base from orders.line_lot x join origin.lot o on o.id = x.lot_id where x.line_id = @Id order by o.best_before desc nulls first, o.harvested_on desc nulls first, o.id desc
            """;
        const string shrink = """
            with less as (select n.lot_id, n.quantity from unnest(@lots, @quantities) as n (lot_id, quantity)),
            gone as (delete from orders.line_lot x using less n where x.line_id = @Id and x.lot_id = n.lot_id and x.quantity_base = n.quantity)
            update orders.line_lot x set quantity_base = x.quantity_base - n.quantity from less n where x.line_id = @Id and x.lot_id = n.lot_id and x.quantity_base > n.quantity
            """;
        var back = new List<LotQuantity>();
        foreach (var lot in await tx.QueryAsync<LotQuantity>(taken, new { line.Id }))
        {
            var part = Math.Min(grams - back.Sum(b => b.QuantityBase), lot.QuantityBase);
            if (part > 0)
                back.Add(new(lot.LotId, part));
        }
        if (!await stock.ReturnPartAsync(tx, SubOrderName.Of(code), back))
            throw new InvalidOperationException($"The lots of {code} hold less than its lines say.");
        await tx.ExecuteAsync(shrink, new { line.Id, lots = back.Select(b => b.LotId).ToArray(), quantities = back.Select(b => b.QuantityBase).ToArray() });
    }

    /// <summary>From the line's lots, the one that expires last first. False when they have not that much.</summary>
    private async Task<bool> GiveMoreAsync(Tx tx, string code, WeighedLine line, long grams)
    {
        const string spare = """
            select x.lot_id, k.available as quantity_base from orders.line_lot x join catalog.lot_stock k on k.lot_id = x.lot_id join origin.lot o on o.id = x.lot_id
            where x.line_id = @Id and k.available > 0 order by o.best_before desc nulls first, o.harvested_on desc nulls first, o.id desc
            """;
        foreach (var lot in grams == 0 ? [] : await tx.QueryAsync<LotQuantity>(spare, new { line.Id }))
        {
            if (grams == 0)
                break;
            var part = Math.Min(grams, lot.QuantityBase);
            if (!await stock.TakeMoreAsync(tx, SubOrderName.Of(code), lot.LotId, part))
                return false;
            await tx.ExecuteAsync("update orders.line_lot set quantity_base = quantity_base + @part where line_id = @Id and lot_id = @LotId", new { part, line.Id, lot.LotId });
            grams -= part;
        }
        return grams == 0;
    }
}
