using Dapper;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <param name="Units">Whole sale units of the listing.</param>
public sealed record StockWish(long ListingId, int Units);

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
    private const string LockOfWishes = "select 1 from catalog.lot_stock s join catalog.listing l on l.product_id = s.product_id where l.id = any(@ids) order by s.lot_id for update of s";

    private const string LockOfHolder = "select 1 from catalog.lot_stock where lot_id in (select lot_id from catalog.reservation where holder = any(@holders) and state in ('held', 'sold')) order by lot_id for update";

    /// <summary>
    /// Holds whole sale units from open lots, first expired first. Every take is one statement that checks and subtracts
    /// at once, so that two buyers never get the last box.
    /// </summary>
    /// <param name="holder">Names the hold, e.g. "sub-order:AB12". A holder holds once.</param>
    /// <param name="expiresAt">Until when it is meant to be held; who waits for the money ends the hold, after it has asked once more. Null: until it is sold.</param>
    public async Task<ReserveOutcome> ReserveAsync(Tx tx, string holder, IReadOnlyList<StockWish> wishes, DateTimeOffset? expiresAt)
    {
        var shares = new List<LotShare>();
        var products = new SortedSet<long>();
        await tx.ExecuteAsync(LockOfWishes, new { ids = wishes.Select(w => w.ListingId).ToArray() });
        foreach (var wish in wishes.OrderBy(w => w.ListingId))
        {
            var left = (long)wish.Units;
            for (var round = 0; left > 0 && round < 20; round++)
            {
                var lots = await OpenLotsAsync(tx, wish.ListingId);
                if (lots.Count == 0)
                    break;
                foreach (var lot in lots)
                {
                    var units = Math.Min(left, lot.Available / lot.BasePerUnit);
                    if (units == 0 || !await TakeAsync(tx, lot, units * lot.BasePerUnit, holder, expiresAt))
                        continue;
                    products.Add(lot.ProductId);
                    shares.Add(new(wish.ListingId, lot.LotId, lot.Code, units * lot.BasePerUnit));
                    left -= units;
                    if (left == 0)
                        break;
                }
            }
            if (left > 0)
                return new ReserveOutcome.OutOfStock(wish.ListingId, wish.Units - left);
        }
        foreach (var product in products)
            await shelf.RefreshProductAsync(tx, product);
        return new ReserveOutcome.Reserved(shares);
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

    /// <summary>Lots of the listing's product that may be sold; their rows are shared-locked, so a block waits for us and we for it.</summary>
    private Task<List<OpenLot>> OpenLotsAsync(Tx tx, long listingId) => tx.QueryAsync<OpenLot>("""
        select s.lot_id, o.code, s.product_id, s.available, l.base_per_unit
        from catalog.listing l join producers.producer r on r.id = l.producer_id and r.public_version is not null
          join catalog.lot_stock s on s.product_id = l.product_id join origin.lot o on o.id = s.lot_id
        where l.id = @listingId and l.public_version is not null and l.paused_at is null and s.available >= l.base_per_unit and (o.best_before is null or o.best_before >= @today)
          and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)
        order by o.best_before nulls last, o.harvested_on nulls last, o.id
        for share of o
        """, new { listingId, today = Vietnamese.Today(clock) });

    private async Task<bool> TakeAsync(Tx tx, OpenLot lot, long quantity, string holder, DateTimeOffset? expiresAt)
    {
        const string take = $"""
            update catalog.lot_stock s set available = available - @quantity, held = held + @quantity, {Moved}
            where lot_id = @LotId and available >= @quantity
              and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)
            """;
        const string note = """
            insert into catalog.reservation (id, lot_id, holder, quantity_base, state, expires_at, created_at)
            values (@id, @LotId, @holder, @quantity, 'held', @expiresAt, @now)
            """;
        if (await tx.ExecuteAsync(take, Args(holder, new { lot.LotId, quantity })) == 0)
            return false;
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync(note, new { id = Guid.CreateVersion7(now), lot.LotId, holder, quantity, expiresAt, now });
        return true;
    }

    private async Task<List<long>> EndAsync(Tx tx, string holder, string state)
    {
        const string end = $"""
            with ended as (
              update catalog.reservation set state = @state, ended_at = @now where holder = @holder and state = 'held' returning lot_id, quantity_base),
            totals as (select lot_id, sum(quantity_base) as quantity from ended group by lot_id)
            update catalog.lot_stock s set held = held - t.quantity,
              sold = sold + case when @state = 'sold' then t.quantity else 0 end,
              available = available + case when @state = 'released' then t.quantity else 0 end, {Moved}
            from totals t where t.lot_id = s.lot_id returning s.product_id
            """;
        await LockAsync(tx, [holder]);
        return await tx.QueryAsync<long>(end, Args(holder, new { holder, state }));
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
        foreach (var product in products.Distinct().Order())
            await shelf.RefreshProductAsync(tx, product);
        return products.Count > 0;
    }

    private sealed record OpenLot(long LotId, string Code, long ProductId, long Available, long BasePerUnit);
}
