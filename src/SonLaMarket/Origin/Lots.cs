using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>Lots: opened by a member of the producer, each with one code that is unique in the whole market.</summary>
public sealed class Lots(OriginEvents events, LotBlocks blocks, Audit audit, TimeProvider clock)
{
    private const string Columns = $"""
        l.id, l.code, l.producer_id, l.product_id, p.code as product_code, p.name as product_name, p.gtin, l.growing_area_id, a.name as growing_area_name,
        l.growing_area_code, {LotHarvest.First} as harvested_on, l.harvest_until, l.packed_on, l.best_before, l.base_unit, l.quantity_base,
        exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked,
        exists (select 1 from origin.recall_lot r where r.lot_id = l.id) as recalled, l.created_at, l.opened_standing, l.planned_on,
        case when {LotHarvest.Standing} then {LotHarvest.From} end as harvest_from,
        {LotOffers.PieceOfLot} as piece, l.diary_closed_at
        """;

    private const string From = """
        from origin.lot l join producers.product p on p.id = l.product_id left join producers.growing_area a on a.id = l.growing_area_id
          join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
        """;

    /// <summary>A lot of the member's producer; null for another's, and for one that was taken back.</summary>
    public Task<Lot?> FindAsync(Sql sql, string code, long memberId, CancellationToken ct = default) =>
        sql.FirstOrDefaultAsync<Lot>($"select {Columns} {From} where l.code = @code and l.taken_back_at is null", new { code, memberId }, ct);

    public Task<List<Lot>> PageAsync(Sql sql, long memberId, long? before, int take, CancellationToken ct = default) =>
        sql.QueryAsync<Lot>($"select {Columns} {From} where l.taken_back_at is null and (@before::bigint is null or l.id < @before) order by l.id desc limit @take", new { memberId, before, take }, ct);

    /// <summary>So much of the lot is up for sale, told by the room that sells it. False when that is more than the lot has beside what went into other lots.</summary>
    public async Task<bool> ShelveAsync(Tx tx, long lotId, long quantityBase) =>
        await tx.ExecuteAsync("update origin.lot set shelved_base = @quantityBase where id = @lotId and used_base + @quantityBase <= quantity_base", new { lotId, quantityBase }) == 1;

    /// <summary>
    /// Takes back a lot that was opened by mistake: it is listed nowhere any more, its code stays taken, and whoever still comes by it reads that. Why not,
    /// where something was built on it already; null when it is done. What is for sale of it was taken off before.
    /// </summary>
    public async Task<Said?> TakeBackAsync(Tx tx, string code, long memberId, Actor actor)
    {
        const string update = """
            update origin.lot l set taken_back_at = @now where l.code = @code and l.taken_back_at is null and l.used_base = 0 and l.shelved_base = 0
              and exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @memberId)
              and not exists (select 1 from origin.diary_entry d where d.lot_id = l.id) and not exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.cause <> 'interval')
              and not exists (select 1 from origin.recall_lot r where r.lot_id = l.id) and not exists (select 1 from origin.scan_day s where s.lot_id = l.id)
              and not exists (select 1 from origin.item_series i where i.lot_id = l.id)
            returning l.id
            """;
        var now = clock.GetUtcNow();
        // Codes for its packages may be made at this moment: whoever has the lot's row is waited for before looking.
        await tx.ExecuteAsync("select 1 from origin.lot where code = @code for update", new { code });
        if (await tx.FirstOrDefaultAsync<long?>(update, new { code, memberId, now }) is not { } id)
            return new Said("Lô đã có nhật ký, mã gói, đã quét tem, bị cán bộ chặn, hoặc đã dùng cho lô khác.");
        await blocks.EndAsync(tx, id);
        await events.AppendAsync(tx, new NewEvent(id, "ObjectEvent", "DELETE", now, "decommissioning", "inactive", null, "producer", null), actor);
        await audit.WriteAsync(tx, actor, "lot.take-back", $"lot:{code}");
        await PageCache.EvictAsync(tx, PageCache.Lot(code));
        return null;
    }

    /// <summary>
    /// Says what nobody could know while the crop stood: when it was packed and how long it keeps. Said once, as of a lot that is opened after its harvest.
    /// False when the lot is not theirs, stands still, or has what is given already.
    /// </summary>
    public async Task<bool> CompleteAsync(Tx tx, string code, DateOnly? packedOn, DateOnly? bestBefore, long memberId, Actor actor)
    {
        const string complete = """
            update origin.lot l set packed_on = coalesce(l.packed_on, @packedOn), best_before = coalesce(l.best_before, @bestBefore)
            from producers.acting m where m.producer_id = l.producer_id and m.person_id = @memberId and l.code = @code and l.taken_back_at is null and l.opened_standing and l.harvested_on is not null
              and (l.packed_on is null and @packedOn::date is not null or l.best_before is null and @bestBefore::date is not null)
            """;
        if (await tx.ExecuteAsync(complete, new { code, packedOn, bestBefore, memberId }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "lot.complete", $"lot:{code}", detail: new { packedOn, bestBefore });
        await PageCache.EvictAsync(tx, PageCache.Lot(code), PageCache.Browse);
        return true;
    }

    /// <summary>Says that the diary of a harvested lot is complete, or that it is not after all. False when the lot is not theirs, stands still, or is like that already.</summary>
    public async Task<bool> CloseDiaryAsync(Tx tx, string code, bool close, long memberId, Actor actor)
    {
        const string update = $"""
            update origin.lot l set diary_closed_at = case when @close then @now::timestamptz end
            from producers.acting m where m.producer_id = l.producer_id and m.person_id = @memberId and l.code = @code and l.taken_back_at is null and not {LotHarvest.Standing} and (l.diary_closed_at is null) = @close
            """;
        if (await tx.ExecuteAsync(update, new { code, close, memberId, now = clock.GetUtcNow() }) == 0)
            return false;
        if (close)
            await audit.WriteAsync(tx, actor, "diary.close", $"lot:{code}");
        else
            await audit.WriteAsync(tx, actor, "diary.reopen", $"lot:{code}");
        await PageCache.EvictAsync(tx, PageCache.Lot(code));
        return true;
    }

    /// <summary>
    /// Opens a lot of one's own product. The growing area's code is copied, and the state that it had at the end of the day of harvest. Null when product or area are not theirs.
    /// What is harvested and of none of the growing areas that its producer named is of their own place: no harvest escapes what was sprayed.
    /// </summary>
    public async Task<string?> OpenAsync(Tx tx, NewLot lot, long memberId, Actor actor)
    {
        const string insert = $"""
            insert into origin.lot (code, producer_id, product_id, growing_area_id, growing_area_code, growing_area_status, commune_code, harvested_on, harvest_until, packed_on, best_before, base_unit, quantity_base, created_at, created_by, opened_standing, planned_on)
            select @code, p.producer_id, p.id, a.id, a.code,
              {LotHarvest.AreaStatus},
              coalesce(a.commune_code, r.commune_code), @HarvestedOn, @HarvestUntil, @PackedOn, @BestBefore, p.base_unit, @QuantityBase, @now, @memberId, @Standing, @PlannedOn
            from producers.product p join producers.producer r on r.id = p.producer_id join producers.acting m on m.producer_id = p.producer_id and m.person_id = @memberId
              left join producers.growing_area a on a.producer_id = p.producer_id and (a.id = @GrowingAreaId or @GrowingAreaId::uuid is null and not @Standing and a.own_place) cross join lateral (select @on::date as first, a.code) h
            where p.code = @ProductCode and (@GrowingAreaId::uuid is null or a.id is not null)
            returning id, growing_area_id
            """;
        var now = clock.GetUtcNow();
        var code = Gs1.LotCode.New();
        var opened = await tx.FirstOrDefaultAsync<(long Id, Guid? GrowingAreaId)?>(insert, new { code, lot.ProductCode, lot.GrowingAreaId, lot.HarvestedOn, lot.HarvestUntil, lot.PackedOn, lot.BestBefore, lot.QuantityBase, lot.Standing, lot.PlannedOn, memberId, now, on = lot.HarvestedOn ?? Vietnamese.Today(clock) });
        if (opened is not var (id, area))
            return null;
        var at = lot.HarvestedOn is { } day ? OriginEvents.Noon(day) : now;
        await events.AppendAsync(tx, new NewEvent(id, "ObjectEvent", "ADD", at, "commissioning", "active", lot.Standing ? null : lot.QuantityBase, "producer", null), actor);
        await audit.WriteAsync(tx, actor, "lot.open", $"lot:{code}", detail: new { quantity = lot.QuantityBase });
        if (area is not null)
        {
            await blocks.LockAsync(tx, id, null, null);
            await blocks.CheckLotAsync(tx, id, actor);
        }
        return code;
    }
}
