using Dapper;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <param name="Units">Whole sale units of the listing.</param>
public sealed record StockWish(long ListingId, int Units);

/// <param name="Holder">Names the hold, e.g. "sub-order:AB12". A holder holds once.</param>
/// <param name="ExpiresAt">Until when it is meant to be held; who waits for the money ends the hold, after it has asked once more. Null: until it is sold.</param>
/// <param name="GoodOn">The day on which the buyer has it: what is best before an earlier day is not taken. Null: today.</param>
public sealed record StockHold(string Holder, IReadOnlyList<StockWish> Wishes, DateTimeOffset? ExpiresAt, DateOnly? GoodOn = null);

/// <summary>What one lot gives to a line.</summary>
public sealed record LotShare(long ListingId, long LotId, string LotCode, long QuantityBase);

public sealed record LotQuantity(long LotId, long QuantityBase);

public abstract record ReserveOutcome
{
    public sealed record Reserved(IReadOnlyList<LotShare> Shares) : ReserveOutcome;

    /// <summary>Not enough is left, or it may not be sold. Whoever asked rolls back.</summary>
    public sealed record OutOfStock(long ListingId, long UnitsLeft) : ReserveOutcome;
}

/// <summary>
/// Stock of lots in base units: supplied = available + held + sold + written off, each never below zero. Every change counts
/// its movement; the database writes it into the journal (db/0035_stock_journal.sql) and refuses a change that has none.
/// </summary>
public sealed partial class Stock(Shelf shelf, Lots lots, LotMovements movements, Audit audit, TimeProvider clock)
{
    /// <summary>What every change of a lot's stock says of itself: when, for what, by whom.</summary>
    private const string Moved = "movements = s.movements + 1, moved_at = @now, moved_for = @why, moved_note = @note, moved_by = @by";

    /// <summary>Everybody locks stock in id order before taking lots in the order they expire, so that no two baskets wait for each other.</summary>
    private const string LockOfWishes = "select s.lot_id from catalog.lot_stock s join catalog.listing l on l.product_id = s.product_id where l.id = any(@ids) order by s.lot_id for update of s";

    /// <summary>All lots of the products, since the shelf is derived from all of them.</summary>
    private const string LockOfHolder = """
        select lot_id from catalog.lot_stock where product_id in (
          select k.product_id from catalog.reservation r join catalog.lot_stock k on k.lot_id = r.lot_id where r.holder = any(@holders) and r.state in ('held', 'sold')) order by lot_id for update
        """;

    private const string LockOfProduct = "select lot_id from catalog.lot_stock where product_id = @productId order by lot_id for update";

    /// <summary>
    /// Holds whole sale units from open lots, first expired first, for holders who wish for goods of different products: all of them or none.
    /// Every take is one statement that checks and subtracts at once, so that two buyers never get the last box. Everybody else waits for these
    /// lots from here on, so that what can be done before is done before.
    /// </summary>
    public async Task<ReserveOutcome> ReserveAsync(Tx tx, IReadOnlyList<StockHold> holds)
    {
        var shares = new List<LotShare>();
        var wanted = holds.SelectMany(h => h.Wishes.Select(w => new Wanted(h, w))).OrderBy(w => w.Wish.ListingId).ToList();
        var products = new SortedSet<long>();
        for (var round = 0; round < 20; round++)
        {
            var lots = await OpenLotsAsync(tx, wanted.FindAll(w => w.Left > 0));
            var takes = wanted.SelectMany(w => w.From(lots)).ToList();
            if (wanted.Exists(w => w.Left > 0))
                break;
            products.UnionWith(takes.Select(t => t.Lot.ProductId));
            var (taken, derived) = await TakeAsync(tx, takes, [.. products]);
            foreach (var take in takes)
                if (taken.Contains(take.Lot.LotId))
                    shares.Add(new(take.Of.Wish.ListingId, take.Lot.LotId, take.Lot.Code, take.Units * take.Lot.BasePerUnit));
                else
                    take.Of.Left += take.Units;
            if (wanted.TrueForAll(w => w.Left == 0))
            {
                await shelf.RestockAsync(tx, [.. products], derived);
                return new ReserveOutcome.Reserved(shares);
            }
        }
        var missing = wanted.First(w => w.Left > 0);
        return new ReserveOutcome.OutOfStock(missing.Wish.ListingId, missing.Wish.Units - missing.Left);
    }

    /// <summary>Turns what is held into sold. Again: nothing. The shelf stays as it is: what is held was off it already.</summary>
    public async Task<bool> SellAsync(Tx tx, string holder) => (await EndAsync(tx, holder, "sold")).Count > 0;

    /// <summary>Gives what is held back to the shelf. Again: nothing.</summary>
    public Task<bool> ReleaseAsync(Tx tx, string holder) => ReleaseAsync(tx, [holder]);

    /// <summary>The same of many, whose lots the caller has locked. The journal has a movement for each, so that each is a statement; the shelf is made anew once.</summary>
    public async Task<bool> ReleaseAsync(Tx tx, IReadOnlyCollection<string> holders)
    {
        var products = new List<long>();
        foreach (var holder in holders)
            products.AddRange(await EndAsync(tx, holder, "released"));
        return await RefreshedAsync(tx, products);
    }

    /// <summary>Gives back what is held or was sold already. Again: nothing.</summary>
    /// <param name="toShelf">False writes off what had been sold: it left, came back, and cannot be sold again.</param>
    public async Task<bool> ReturnAsync(Tx tx, string holder, bool toShelf = true)
    {
        const string back = $"""
            with before as (select id, state from catalog.reservation where holder = @holder and state in ('held', 'sold') for update),
            ended as (
              update catalog.reservation r set state = 'released', ended_at = @now from before b where b.id = r.id
              returning r.lot_id, r.quantity_base, b.state),
            totals as (select lot_id, sum(quantity_base) as quantity, coalesce(sum(quantity_base) filter (where state = 'held'), 0) as held from ended group by lot_id)
            update catalog.lot_stock s set held = s.held - t.held, sold = s.sold - (t.quantity - t.held),
              available = s.available + case when @toShelf then t.quantity else t.held end, written_off = s.written_off + case when @toShelf then 0 else t.quantity - t.held end, {Moved}
            from totals t where t.lot_id = s.lot_id returning s.product_id
            """;
        await LockAsync(tx, [holder]);
        return await RefreshedAsync(tx, await tx.QueryAsync<long>(back, Args(holder, new { holder, toShelf })));
    }

    /// <summary>
    /// Gives back a part of what is held or was sold. False when the holder has less of a lot than that: whoever asked rolls back.
    /// </summary>
    /// <param name="toShelf">False writes off what had been sold: it cannot be sold again.</param>
    public async Task<bool> ReturnPartAsync(Tx tx, string holder, IReadOnlyCollection<LotQuantity> parts, bool toShelf = true)
    {
        // Of several takes from one lot the earliest gives first.
        const string back = $"""
            with takes as (
              select r.id, r.state, r.quantity_base, r.lot_id, least(r.quantity_base, greatest(0, q.quantity - coalesce(sum(r.quantity_base) over (partition by r.lot_id order by r.id rows between unbounded preceding and 1 preceding), 0)))::bigint as back
              from catalog.reservation r join unnest(@lots, @quantities) as q (lot, quantity) on q.lot = r.lot_id
              where r.holder = @holder and r.state in ('held', 'sold')),
            given as (
              update catalog.reservation r set quantity_base = case when t.back < r.quantity_base then r.quantity_base - t.back else r.quantity_base end,
                state = case when t.back < r.quantity_base then r.state else 'released' end, ended_at = case when t.back < r.quantity_base then r.ended_at else @now end
              from takes t where t.id = r.id and t.back > 0 returning t.lot_id, t.back, t.state),
            totals as (select lot_id, sum(back) as quantity, coalesce(sum(back) filter (where state = 'held'), 0) as held from given group by lot_id)
            update catalog.lot_stock s set held = s.held - t.held, sold = s.sold - (t.quantity - t.held),
              available = s.available + case when @toShelf then t.quantity else t.held end, written_off = s.written_off + case when @toShelf then 0 else t.quantity - t.held end, {Moved}
            from totals t join unnest(@lots, @quantities) as q (lot, quantity) on q.lot = t.lot_id and q.quantity = t.quantity where t.lot_id = s.lot_id returning s.product_id
            """;
        var wanted = parts.Where(p => p.QuantityBase > 0).GroupBy(p => p.LotId).Select(g => new LotQuantity(g.Key, g.Sum(p => p.QuantityBase))).OrderBy(p => p.LotId).ToList();
        await LockAsync(tx, [holder]);
        var products = await tx.QueryAsync<long>(back, Args(holder, new { holder, toShelf, lots = wanted.Select(p => p.LotId).ToArray(), quantities = wanted.Select(p => p.QuantityBase).ToArray() }));
        await RefreshedAsync(tx, products);
        return products.Count == wanted.Count;
    }

    /// <summary>Adds to what a holder has of a lot. False when it has nothing of it, or the shelf has not that much: whoever asked rolls back.</summary>
    public async Task<bool> TakeMoreAsync(Tx tx, string holder, long lotId, long quantityBase)
    {
        const string more = $"""
            with grown as (
              update catalog.reservation r set quantity_base = r.quantity_base + @quantityBase
              where r.id = (select b.id from catalog.reservation b join catalog.lot_stock k on k.lot_id = b.lot_id and k.available >= @quantityBase
                where b.holder = @holder and b.lot_id = @lotId and b.state in ('held', 'sold') order by b.id desc limit 1)
              returning r.lot_id, r.state)
            update catalog.lot_stock s set available = s.available - @quantityBase, held = s.held + case when g.state = 'held' then @quantityBase else 0 end,
              sold = s.sold + case when g.state = 'sold' then @quantityBase else 0 end, {Moved}
            from grown g where g.lot_id = s.lot_id returning s.product_id
            """;
        await LockAsync(tx, [holder]);
        return await RefreshedAsync(tx, await tx.QueryAsync<long>(more, Args(holder, new { holder, lotId, quantityBase })));
    }

    /// <summary>Whoever ends the holds of several in one transaction locks their lots first, all in id order, as a buyer does.</summary>
    public Task LockAsync(Tx tx, IReadOnlyCollection<string> holders) => tx.ExecuteAsync(LockOfHolder, new { holders = holders.ToArray() });

    /// <summary>Lots of the listings' products that may be sold; their rows are shared-locked, so a block waits for us and we for it.</summary>
    private Task<List<OpenLot>> OpenLotsAsync(Tx tx, List<Wanted> wanted)
    {
        const string select = $"""
            {LockOfWishes};
            select l.id as listing_id, s.lot_id, o.code, s.product_id, s.available, l.base_per_unit
            from unnest(@ids, @days) as w (listing_id, good_on) join catalog.listing l on l.id = w.listing_id join producers.producer r on r.id = l.producer_id and r.public_version is not null
              join catalog.lot_stock s on s.product_id = l.product_id join origin.lot o on o.id = s.lot_id
            where l.public_version is not null and l.paused_at is null and s.available >= l.base_per_unit and (o.best_before is null or o.best_before >= w.good_on)
              and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)
            order by l.id, o.best_before nulls last, o.harvested_on nulls last, o.id
            for share of o
            """;
        var today = Vietnamese.Today(clock);
        return tx.MultipleAsync(select, new { ids = wanted.Select(w => w.Wish.ListingId).ToArray(), days = wanted.Select(w => w.Hold.GoodOn > today ? w.Hold.GoodOn.Value : today).ToArray() }, async grid =>
        {
            await grid.ReadAsync<long>();
            return (await grid.ReadAsync<OpenLot>()).AsList();
        });
    }

    /// <summary>The lots that could be taken from, and what is derived from the stock that is left.</summary>
    private Task<(HashSet<long> Taken, Shelf.Derived Derived)> TakeAsync(Tx tx, List<Take> takes, long[] products)
    {
        // A lot that was blocked at this moment is not taken from.
        const string take = $"""
            with taken as (
              update catalog.lot_stock s set available = s.available - w.quantity, held = s.held + w.quantity, movements = s.movements + 1, moved_at = @now, moved_for = w.holder, moved_note = '', moved_by = null
              from unnest(@lots, @holders, @quantities) as w (lot_id, holder, quantity)
              where s.lot_id = w.lot_id and s.available >= w.quantity and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)
              returning s.lot_id)
            insert into catalog.reservation (id, lot_id, holder, quantity_base, state, expires_at, created_at)
            select w.id, w.lot_id, w.holder, w.quantity, 'held', w.expires_at, @now
            from unnest(@ids, @lots, @holders, @quantities, @ends) as w (id, lot_id, holder, quantity, expires_at) join taken t on t.lot_id = w.lot_id
            returning lot_id;
            {Shelf.OfProducts}
            """;
        var now = clock.GetUtcNow();
        // Two listings of one product may take from one lot: one movement of its stock.
        var lots = takes.GroupBy(t => t.Lot.LotId).Select(g => (LotId: g.Key, g.Select(t => t.Of.Hold).Distinct().Single().Holder, g.First().Of.Hold.ExpiresAt, Quantity: g.Sum(t => t.Units * t.Lot.BasePerUnit))).OrderBy(g => g.LotId).ToList();
        return tx.MultipleAsync(take, new
        {
            ids = lots.Select(_ => Guid.CreateVersion7(now)).ToArray(),
            lots = lots.Select(l => l.LotId).ToArray(),
            holders = lots.Select(l => l.Holder).ToArray(),
            quantities = lots.Select(l => l.Quantity).ToArray(),
            ends = lots.Select(l => l.ExpiresAt).ToArray(),
            products,
            now,
            today = Vietnamese.Today(clock),
        }, async grid => ((await grid.ReadAsync<long>()).ToHashSet(), await Shelf.ReadAsync(grid)));
    }

    private async Task<List<long>> EndAsync(Tx tx, string holder, string state)
    {
        const string end = $"""
            {LockOfHolder};
            with ended as (
              update catalog.reservation set state = @state, ended_at = @now where holder = @holder and state = 'held' returning lot_id, quantity_base),
            totals as (select lot_id, sum(quantity_base) as quantity from ended group by lot_id)
            update catalog.lot_stock s set held = held - t.quantity,
              sold = sold + case when @state = 'sold' then t.quantity else 0 end,
              available = available + case when @state = 'released' then t.quantity else 0 end, {Moved}
            from totals t where t.lot_id = s.lot_id returning s.product_id
            """;
        return await tx.MultipleAsync(end, Args(holder, new { holder, holders = new[] { holder }, state }), async grid =>
        {
            await grid.ReadAsync<long>();
            return (await grid.ReadAsync<long>()).AsList();
        });
    }

    /// <summary>What a change says of itself, beside its own arguments.</summary>
    private DynamicParameters Args(string why, object own, Actor? actor = null, string note = "")
    {
        var args = new DynamicParameters(own);
        args.AddDynamicParams(new { now = clock.GetUtcNow(), why, note, by = actor?.PersonId });
        return args;
    }

    private async Task<bool> RefreshedAsync(Tx tx, List<long> products)
    {
        await shelf.RestockAsync(tx, products);
        return products.Count > 0;
    }

    private sealed record OpenLot(long ListingId, long LotId, string Code, long ProductId, long Available, long BasePerUnit)
    {
        /// <summary>What is left after what was planned to be taken.</summary>
        public long Left { get; set; } = Available;
    }

    private sealed record Take(Wanted Of, OpenLot Lot, long Units);

    private sealed class Wanted(StockHold hold, StockWish wish)
    {
        public StockHold Hold => hold;

        public StockWish Wish => wish;

        /// <summary>Units for which no lot is found yet.</summary>
        public long Left { get; set; } = wish.Units;

        /// <summary>Plans what is still wanted from these lots, in their order.</summary>
        public IEnumerable<Take> From(List<OpenLot> lots)
        {
            foreach (var lot in lots.Where(l => l.ListingId == wish.ListingId))
            {
                var units = Math.Min(Left, lot.Left / lot.BasePerUnit);
                if (units == 0)
                    continue;
                Left -= units;
                // Of one lot that several listings sell, each sees what the others leave.
                foreach (var same in lots.Where(l => l.LotId == lot.LotId))
                    same.Left -= units * lot.BasePerUnit;
                yield return new(this, lot, units);
            }
        }
    }
}
