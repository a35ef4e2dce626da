using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Orders;

/// <summary>What one lot gave to a line, as it is shown.</summary>
/// <param name="QuantityBase">Grams or pieces.</param>
public sealed record LineLot(string Code, long QuantityBase);

/// <summary>The lots of a line on a page; how much each gave, where there are several.</summary>
/// <param name="Path">What stands before the code in the address of a lot's page.</param>
/// <param name="Named">"Lô" stands before each.</param>
public sealed record LotsShown(IReadOnlyList<LineLot> Lots, string BaseUnit, string Path, bool Named);

/// <summary>Which lots a line was filled from: named on the order, its papers and in a recall.</summary>
internal static class LineLots
{
    /// <summary>The lots of line <c>l</c> as one text for <see cref="Read"/>, in the order in which they expire.</summary>
    public const string Of = """
        (select string_agg(o.code || ' ' || x.quantity_base, ',' order by o.best_before nulls last, o.harvested_on nulls last, o.id)
         from orders.line_lot x join origin.lot o on o.id = x.lot_id where x.line_id = l.id)
        """;

    /// <summary>Part <c>s</c> was filled from a lot that may not be sold now.</summary>
    public const string Blocked = """
        exists (select 1 from orders.line bl join orders.line_lot bx on bx.line_id = bl.id join origin.lot_block bb on bb.lot_id = bx.lot_id and bb.lifted_at is null where bl.sub_order_id = s.id)
        """;

    public static IReadOnlyList<LineLot> Read(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split(' ')).Select(t => new LineLot(t[0], long.Parse(t[1], CultureInfo.InvariantCulture)))];

    /// <summary>The lines are filled from other lots than before: the goods had been given up meanwhile.</summary>
    public static void Replace(Tx tx, IReadOnlyCollection<OrderedLine> lines, IReadOnlyCollection<LotShare> shares)
    {
        tx.Add("delete from orders.line_lot where line_id = any(@ids)", new { ids = lines.Select(l => l.Id).ToArray() });
        Write(tx, lines, shares);
    }

    public static void Write(Tx tx, IReadOnlyCollection<OrderedLine> lines, IReadOnlyCollection<LotShare> shares)
    {
        const string insert = """
            insert into orders.line_lot (line_id, lot_id, quantity_base)
            select s.line_id, s.lot_id, sum(s.quantity) from unnest(@ids, @lots, @quantities) as s (line_id, lot_id, quantity) group by s.line_id, s.lot_id
            """;
        var all = shares.SelectMany(s => lines.Where(l => l.ListingId == s.ListingId).Select(l => (l.Id, s.LotId, s.QuantityBase))).ToList();
        tx.Add(insert, new { ids = all.Select(s => s.Id).ToArray(), lots = all.Select(s => s.LotId).ToArray(), quantities = all.Select(s => s.QuantityBase).ToArray() });
    }
}
