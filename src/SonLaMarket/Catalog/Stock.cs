using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog;

/// <param name="Units">Whole sale units of the listing.</param>
public sealed record StockWish(long ListingId, int Units);

/// <summary>What one lot gives to a line.</summary>
public sealed record LotShare(long ListingId, long LotId, string LotCode, long QuantityBase);

public abstract record ReserveOutcome
{
    public sealed record Reserved(IReadOnlyList<LotShare> Shares) : ReserveOutcome;

    /// <summary>Not enough is left, or it may not be sold. Whoever asked rolls back.</summary>
    public sealed record OutOfStock(long ListingId, long UnitsLeft) : ReserveOutcome;
}

/// <summary>Stock of lots in base units: supplied = available + held + sold + written off, each never below zero.</summary>
public sealed class Stock(Shelf shelf, Audit audit, TimeProvider clock)
{
    /// <summary>
    /// Holds whole sale units from open lots, first expired first. Every take is one statement that checks and subtracts
    /// at once, so that two buyers never get the last box.
    /// </summary>
    /// <param name="holder">Names the hold, e.g. "sub-order:AB12". A holder holds once.</param>
    public async Task<ReserveOutcome> ReserveAsync(Tx tx, string holder, IReadOnlyList<StockWish> wishes, DateTimeOffset? expiresAt)
    {
        // Everybody locks stock in id order before taking lots in the order they expire, so that no two baskets wait for each other.
        const string lockStock = "select 1 from catalog.lot_stock s join catalog.listing l on l.product_id = s.product_id where l.id = any(@ids) order by s.lot_id for update of s";
        var shares = new List<LotShare>();
        var products = new SortedSet<long>();
        await tx.ExecuteAsync(lockStock, new { ids = wishes.Select(w => w.ListingId).ToArray() });
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

    /// <summary>Turns what is held into sold. Again: nothing.</summary>
    public Task<bool> SellAsync(Tx tx, string holder) => EndAsync(tx, holder, "sold");

    /// <summary>Gives what is held back to the shelf. Again: nothing.</summary>
    public Task<bool> ReleaseAsync(Tx tx, string holder) => EndAsync(tx, holder, "released");

    /// <summary>Gives back what is held or was sold already. Again: nothing.</summary>
    /// <param name="toShelf">False writes off what had been sold: it left, came back, and cannot be sold again.</param>
    public async Task<bool> ReturnAsync(Tx tx, string holder, bool toShelf = true)
    {
        const string lots = "select 1 from catalog.lot_stock where lot_id in (select lot_id from catalog.reservation where holder = @holder and state in ('held', 'sold')) order by lot_id for update";
        const string back = """
            with before as (select id, state from catalog.reservation where holder = @holder and state in ('held', 'sold') for update),
            ended as (
              update catalog.reservation r set state = 'released', ended_at = @now from before b where b.id = r.id
              returning r.lot_id, r.quantity_base, b.state),
            totals as (select lot_id, sum(quantity_base) as quantity, coalesce(sum(quantity_base) filter (where state = 'held'), 0) as held from ended group by lot_id)
            update catalog.lot_stock s set held = s.held - t.held, sold = s.sold - (t.quantity - t.held),
              available = s.available + case when @toShelf then t.quantity else t.held end, written_off = s.written_off + case when @toShelf then 0 else t.quantity - t.held end
            from totals t where t.lot_id = s.lot_id returning s.product_id
            """;
        await tx.ExecuteAsync(lots, new { holder });
        var products = await tx.QueryAsync<long>(back, new { holder, toShelf, now = clock.GetUtcNow() });
        foreach (var product in products.Distinct().Order())
            await shelf.RefreshProductAsync(tx, product);
        return products.Count > 0;
    }

    /// <summary>
    /// Sets how much of a member's lot is for sale in all (what was sold or is held counts in). False when the lot is not
    /// theirs, when it would be more than the lot holds, or less than what is already sold or held.
    /// </summary>
    public async Task<bool> SupplyAsync(Tx tx, string lotCode, long quantityBase, long memberId, Actor actor)
    {
        const string find = """
            select l.id, l.product_id from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.code = @lotCode and l.quantity_base >= @quantityBase for share of l
            """;
        const string upsert = """
            insert into catalog.lot_stock as s (lot_id, product_id, supplied, available) values (@Id, @ProductId, @quantityBase, @quantityBase)
            on conflict (lot_id) do update set supplied = excluded.supplied, available = excluded.supplied - s.held - s.sold - s.written_off
              where excluded.supplied >= s.held + s.sold + s.written_off
            """;
        var lot = await tx.FirstOrDefaultAsync<(long Id, long ProductId)?>(find, new { lotCode, memberId, quantityBase });
        if (lot is null || quantityBase < 0 || await tx.ExecuteAsync(upsert, new { lot.Value.Id, lot.Value.ProductId, quantityBase }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "stock.supply", $"lot:{lotCode}", detail: new { quantityBase });
        await shelf.RefreshProductAsync(tx, lot.Value.ProductId);
        return true;
    }

    /// <summary>The season is over: what is left of the product's lots is sold no more, unless another listing still sells it. Held and sold stays.</summary>
    /// <param name="harvestedBefore">Only lots harvested before this day; null for all.</param>
    public async Task TakeOffAsync(Tx tx, long productId, DateOnly? harvestedBefore, Actor actor)
    {
        const string takeOff = """
            update catalog.lot_stock s set supplied = s.supplied - s.available, available = 0 from origin.lot o
            where o.id = s.lot_id and s.product_id = @productId and s.available > 0 and (@harvestedBefore::date is null or o.harvested_on < @harvestedBefore)
              and (@harvestedBefore::date is not null or not exists (select 1 from catalog.listing l where l.product_id = @productId and l.public_version is not null and l.paused_at is null))
            returning o.code
            """;
        await tx.ExecuteAsync("select 1 from catalog.lot_stock where product_id = @productId order by lot_id for update", new { productId });
        var lots = await tx.QueryAsync<string>(takeOff, new { productId, harvestedBefore });
        foreach (var lot in lots)
            await audit.WriteAsync(tx, actor, "stock.take-off", $"lot:{lot}");
        if (lots.Count > 0)
            await shelf.RefreshProductAsync(tx, productId);
    }

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
        const string take = """
            update catalog.lot_stock s set available = available - @quantity, held = held + @quantity
            where lot_id = @LotId and available >= @quantity
              and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)
            """;
        const string note = """
            insert into catalog.reservation (id, lot_id, holder, quantity_base, state, expires_at, created_at)
            values (@id, @LotId, @holder, @quantity, 'held', @expiresAt, @now)
            """;
        if (await tx.ExecuteAsync(take, new { lot.LotId, quantity }) == 0)
            return false;
        var now = clock.GetUtcNow();
        await tx.ExecuteAsync(note, new { id = Guid.CreateVersion7(now), lot.LotId, holder, quantity, expiresAt, now });
        return true;
    }

    private async Task<bool> EndAsync(Tx tx, string holder, string state)
    {
        const string end = """
            with ended as (
              update catalog.reservation set state = @state, ended_at = @now where holder = @holder and state = 'held' returning lot_id, quantity_base),
            totals as (select lot_id, sum(quantity_base) as quantity from ended group by lot_id)
            update catalog.lot_stock s set held = held - t.quantity,
              sold = sold + case when @state = 'sold' then t.quantity else 0 end,
              available = available + case when @state = 'released' then t.quantity else 0 end
            from totals t where t.lot_id = s.lot_id returning s.product_id
            """;
        // The rows are locked in id order first, so that two ends never wait for each other.
        await tx.ExecuteAsync("select 1 from catalog.lot_stock where lot_id in (select lot_id from catalog.reservation where holder = @holder and state = 'held') order by lot_id for update", new { holder });
        var products = await tx.QueryAsync<long>(end, new { holder, state, now = clock.GetUtcNow() });
        foreach (var product in products.Distinct().Order())
            await shelf.RefreshProductAsync(tx, product);
        return products.Count > 0;
    }

    private sealed record OpenLot(long LotId, string Code, long ProductId, long Available, long BasePerUnit);
}
