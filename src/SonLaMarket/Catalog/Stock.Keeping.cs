using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <summary>Why goods that were for sale are gone without having been sold.</summary>
public static class WriteOff
{
    public const string Season = "season";

    public static readonly WriteOffReason[] Reasons =
    [
        new("spoiled", "Hỏng, dập, quá hạn", LotLoss.Spoiled),
        new("lost", "Mất, thiếu khi kiểm kê", LotLoss.Lost),
        new("used", "Dùng thử, biếu, tự dùng", LotLoss.Used),
        new("destroyed", "Tiêu hủy vì thu hồi hoặc bị chặn bán", LotLoss.Destroyed),
        new(Season, "Hết mùa, không bán nữa", LotLoss.Kept),
    ];

    public static WriteOffReason? Find(string word) => Array.Find(Reasons, r => r.Word == word);

    public static string? Label(string word) => Find(word)?.Label;
}

/// <param name="Loss">What the lot's history says of it.</param>
public sealed record WriteOffReason(string Word, string Label, LotLoss Loss);

/// <summary>What sellers themselves do with their stock.</summary>
public sealed partial class Stock
{
    /// <summary>How much of a lot is for sale in all, which nobody else sets until the transaction ends; null while nothing is.</summary>
    public static async Task<long?> LockSuppliedAsync(Tx tx, long lotId)
    {
        // The lot first, as whoever sets it does.
        await tx.ExecuteAsync("select 1 from origin.lot where id = @lotId for update", new { lotId });
        return await tx.FirstOrDefaultAsync<long?>("select supplied from catalog.lot_stock where lot_id = @lotId", new { lotId });
    }

    /// <summary>
    /// Sets how much of a member's lot is for sale in all (what was sold or is held counts in). False when the lot is not
    /// theirs or stands in the field still, when it would be more than the lot holds, or less than what is already sold or held.
    /// </summary>
    public async Task<bool> SupplyAsync(Tx tx, string lotCode, long quantityBase, long memberId, Actor actor)
    {
        const string find = """
            select l.id, l.product_id from origin.lot l join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.code = @lotCode and l.taken_back_at is null and l.quantity_base >= @quantityBase
              and (@quantityBase = 0 or not l.opened_standing or l.harvested_on is not null) for update of l
            """;
        const string upsert = $"""
            {LockOfProduct};
            insert into catalog.lot_stock as s (lot_id, product_id, supplied, available, movements, moved_at, moved_for, moved_note, moved_by)
            values (@Id, @productId, @quantityBase, @quantityBase, 1, @now, @why, @note, @by)
            on conflict (lot_id) do update set supplied = excluded.supplied, available = excluded.supplied - s.held - s.sold - s.written_off, {Moved}
              where excluded.supplied >= s.held + s.sold + s.written_off and excluded.supplied <> s.supplied
            """;
        var lot = await tx.FirstOrDefaultAsync<(long Id, long ProductId)?>(find, new { lotCode, memberId, quantityBase });
        if (lot is null || quantityBase < 0 || !await lots.ShelveAsync(tx, lot.Value.Id, quantityBase))
            return false;
        if (await tx.ExecuteAsync(upsert, Args("supply", new { lot.Value.Id, productId = lot.Value.ProductId, quantityBase }, actor)) == 0)
            return await tx.SingleAsync<bool>("select supplied = @quantityBase from catalog.lot_stock where lot_id = @Id", new { lot.Value.Id, quantityBase });
        await audit.WriteAsync(tx, actor, "stock.supply", $"lot:{lotCode}", detail: new { quantityBase });
        await shelf.RestockAsync(tx, [lot.Value.ProductId]);
        return true;
    }

    /// <summary>Goods on the shelf are gone without having been sold. False when the lot is not the member's, or less of it is on the shelf.</summary>
    /// <param name="reason">A word of <see cref="WriteOff.Reasons"/>.</param>
    public async Task<bool> WriteOffAsync(Tx tx, string lotCode, long quantityBase, string reason, string note, long memberId, Actor actor)
    {
        const string take = $"""
            update catalog.lot_stock s set available = s.available - @quantityBase, written_off = s.written_off + @quantityBase, {Moved}
            from origin.lot o join producers.acting m on m.producer_id = o.producer_id and m.person_id = @memberId
            where o.id = s.lot_id and o.code = @lotCode and s.available >= @quantityBase returning s.lot_id, s.product_id
            """;
        const string locked = """
            select k.lot_id from catalog.lot_stock k where k.product_id = (
              select o.product_id from origin.lot o join producers.acting m on m.producer_id = o.producer_id and m.person_id = @memberId where o.code = @lotCode) order by k.lot_id for update
            """;
        await tx.ExecuteAsync(locked, new { lotCode, memberId });
        if (quantityBase <= 0 || WriteOff.Find(reason) is not { } why || await tx.FirstOrDefaultAsync<(long LotId, long ProductId)?>(take, Args(reason, new { lotCode, quantityBase, memberId }, actor, note)) is not { } lot)
            return false;
        await shelf.RestockAsync(tx, [lot.ProductId]);
        await movements.LoseAsync(tx, new(lot.LotId, quantityBase), why.Loss, actor);
        await audit.WriteAsync(tx, actor, "stock.write-off", $"lot:{lotCode}", note.Length == 0 ? null : note, new { quantityBase, reason });
        return true;
    }

    /// <summary>The season is over: what is left of the product's lots is written off, unless another listing still sells it. Held and sold stays.</summary>
    public async Task WriteOffRestAsync(Tx tx, long productId, Actor actor)
    {
        const string writeOff = $"""
            with rest as (select lot_id, available from catalog.lot_stock where product_id = @productId and available > 0)
            update catalog.lot_stock s set written_off = s.written_off + s.available, available = 0, {Moved} from origin.lot o, rest
            where o.id = s.lot_id and rest.lot_id = s.lot_id and s.product_id = @productId and s.available > 0
              and not exists (select 1 from catalog.listing l where l.product_id = @productId and l.public_version is not null and l.paused_at is null)
            returning o.id, o.code, rest.available
            """;
        await tx.ExecuteAsync(LockOfProduct, new { productId });
        var lots = await tx.QueryAsync<(long Id, string Code, long Left)>(writeOff, Args(WriteOff.Season, new { productId }, actor));
        foreach (var (id, code, left) in lots)
        {
            await movements.LoseAsync(tx, new(id, left), WriteOff.Find(WriteOff.Season)!.Loss, actor);
            await audit.WriteAsync(tx, actor, "stock.write-off", $"lot:{code}", detail: new { reason = WriteOff.Season });
        }
        if (lots.Count > 0)
            await shelf.RestockAsync(tx, [productId]);
    }

    /// <summary>The season is over: what is left of the product's lots is sold no more, unless another listing still sells it. Held and sold stays.</summary>
    /// <param name="harvestedBefore">Only lots harvested before this day; null for all.</param>
    public async Task TakeOffAsync(Tx tx, long productId, DateOnly? harvestedBefore, Actor actor)
    {
        const string takeOff = $"""
            update catalog.lot_stock s set supplied = s.supplied - s.available, available = 0, {Moved} from origin.lot o
            where o.id = s.lot_id and s.product_id = @productId and s.available > 0 and (@harvestedBefore::date is null or o.harvested_on < @harvestedBefore)
              and (@harvestedBefore::date is not null or not exists (select 1 from catalog.listing l where l.product_id = @productId and l.public_version is not null and l.paused_at is null))
            returning o.code
            """;
        await tx.ExecuteAsync(LockOfProduct, new { productId });
        var lots = await tx.QueryAsync<string>(takeOff, Args(WriteOff.Season, new { productId, harvestedBefore }, actor));
        foreach (var lot in lots)
            await audit.WriteAsync(tx, actor, "stock.take-off", $"lot:{lot}");
        if (lots.Count > 0)
            await shelf.RestockAsync(tx, [productId]);
    }
}
