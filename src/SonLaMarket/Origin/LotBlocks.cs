using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin;

/// <summary>Blocks that keep a lot from being sold: a pre-harvest interval not kept, a recall, an officer's order.</summary>
public sealed class LotBlocks(Audit audit, Queue queue, TimeProvider clock)
{
    /// <summary>
    /// Every spraying that was not corrected needs its label's interval before each harvest of the lot. Less, or an
    /// interval that nobody took from a label, blocks the lot; late entries too. True when the lot was blocked just now.
    /// </summary>
    public async Task<bool> CheckIntervalsAsync(Tx tx, long lotId, string lotCode, Actor actor)
    {
        const string breaches = """
            with harvest as (
              select harvested_on as day from origin.lot where id = @lotId and harvested_on is not null
              union select harvest_until from origin.lot where id = @lotId and harvest_until is not null
              union select d.done_on from origin.diary_entry d where d.lot_id = @lotId and d.kind = 'harvest'
                and not exists (select 1 from origin.event e where e.corrects_id = d.event_id))
            select distinct on (d.event_id) d.event_id, d.done_on, coalesce(d.input_name, '') as input_name, d.interval_days, h.day as harvest
            from origin.diary_entry d join harvest h on h.day >= d.done_on
            where d.lot_id = @lotId and d.kind = 'spraying'
              and not exists (select 1 from origin.event e where e.corrects_id = d.event_id)
              and (d.interval_days is null or d.interval_source <> 'label' or h.day < d.done_on + d.interval_days)
            order by d.event_id, h.day
            """;
        var blocked = false;
        foreach (var b in await tx.QueryAsync<Breach>(breaches, new { lotId }))
        {
            var note = b.IntervalDays is null
                ? $"Phun {b.InputName} ngày {Vietnamese.Date(b.DoneOn)}, thu hoạch ngày {Vietnamese.Date(b.Harvest)}: chưa ghi thời gian cách ly theo nhãn thuốc."
                : $"Phun {b.InputName} ngày {Vietnamese.Date(b.DoneOn)}, thu hoạch ngày {Vietnamese.Date(b.Harvest)}: sớm hơn thời gian cách ly {b.IntervalDays} ngày.";
            blocked |= await BlockAsync(tx, lotId, lotCode, "interval", b.EventId, null, note, actor);
        }
        return blocked;
    }

    /// <summary>Blocks the lot for one cause; the same cause a second time changes nothing.</summary>
    public async Task<bool> BlockAsync(Tx tx, long lotId, string lotCode, string cause, Guid? eventId, long? recallId, string note, Actor actor)
    {
        const string insert = """
            insert into origin.lot_block (lot_id, cause, event_id, recall_id, note, blocked_at) values (@lotId, @cause, @eventId, @recallId, @note, @now)
            on conflict do nothing
            """;
        await tx.ExecuteAsync("select 1 from origin.lot where id = @lotId for update", new { lotId });
        if (await tx.ExecuteAsync(insert, new { lotId, cause, eventId, recallId, note, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, actor, "lot.block", $"lot:{lotCode}", note, new { cause });
        await ChangedAsync(tx, lotId, lotCode);
        return true;
    }

    /// <summary>A seller asks, once, that an officer looks again at what blocks a lot. False when nothing is blocked that an officer may lift, or it was asked already.</summary>
    /// <param name="note">What the officer should know, up to 500 characters; may be empty.</param>
    public async Task<bool> AskAsync(Tx tx, string lotCode, long memberId, string note, Actor seller)
    {
        const string ask = """
            update origin.lot_block b set asked_at = @now, ask_note = @note
            from origin.lot l join producers.acting m on m.producer_id = l.producer_id
            where l.id = b.lot_id and l.code = @lotCode and m.person_id = @memberId and b.lifted_at is null and b.cause <> 'recall' and b.asked_at is null
            """;
        if (await tx.ExecuteAsync(ask, new { lotCode, memberId, note, now = clock.GetUtcNow() }) == 0)
            return false;
        await audit.WriteAsync(tx, seller, "lot.ask", $"lot:{lotCode}", note);
        return true;
    }

    /// <summary>An officer frees the lot with a reason that the public reads. A recall's block goes with the recall alone.</summary>
    public async Task<bool> LiftAsync(Tx tx, long blockId, string reason, Actor officer)
    {
        const string lift = """
            update origin.lot_block b set lifted_at = @now, lifted_by = @PersonId, lift_reason = @reason
            from origin.lot l where l.id = b.lot_id and b.id = @blockId and b.lifted_at is null and b.cause <> 'recall'
            returning l.id, l.code
            """;
        var lot = await tx.FirstOrDefaultAsync<(long Id, string Code)?>(lift, new { blockId, reason, officer.PersonId, now = clock.GetUtcNow() });
        if (lot is null)
            return false;
        await audit.WriteAsync(tx, officer, "lot.unblock", $"lot:{lot.Value.Code}", reason);
        await ChangedAsync(tx, lot.Value.Id, lot.Value.Code);
        return true;
    }

    private async Task ChangedAsync(Tx tx, long lotId, string lotCode)
    {
        await queue.AnnounceAsync(tx, new LotBlockChanged(lotId, lotCode));
        await PageCache.EvictAsync(tx, PageCache.Lot(lotCode), PageCache.Browse);
    }

    private sealed record Breach(Guid EventId, DateOnly DoneOn, string InputName, int? IntervalDays, DateOnly Harvest);
}
