using Dapper;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin;

/// <summary>Blocks that keep a lot from being sold: a pre-harvest interval not kept, a laboratory's result, a recall, an officer's order.</summary>
public sealed class LotBlocks(Audit audit, Queue queue, TimeProvider clock)
{
    /// <summary>Why a block ended that only bridged the way of a photo.</summary>
    internal const string Proven = "label-photo";

    /// <summary>Why a block ended whose lot was taken back.</summary>
    private const string TakenBack = "taken-back";

    /// <summary>So many days after the block the photo of a label still ends it by itself: a phone in the hills may be out of reach for long, a label is not kept for ever.</summary>
    internal const int PhotoDays = 14;

    /// <summary>
    /// Locks what an entry or a new lot may block: the growing area, so that a spraying and a harvest of it never pass each other unseen, then the lots,
    /// in the order of their ids, so that a sale that checks for blocks waits for us, and we for it.
    /// </summary>
    /// <param name="areaId">Of a lot that has no area yet, the one of its producer that it is about to be given: what its diary says of sprayings is told of all lots of the area then, and all are locked.</param>
    /// <param name="sprayedOn">The day of a spraying: then the area's lots that were harvested since are locked too.</param>
    public async Task LockAsync(Tx tx, long lotId, Guid? areaId, DateOnly? sprayedOn)
    {
        const string area = "coalesce(o.growing_area_id, (select a.id from producers.growing_area a where a.id = @areaId::uuid and a.producer_id = o.producer_id))";
        const string field = $"select 1 from origin.lot o cross join lateral (select pg_advisory_xact_lock(hashtextextended('growing-area:' || {area}, 0))) x where o.id = @lotId and {area} is not null";
        const string lots = $"""
            select l.id from origin.lot l join origin.lot o on o.id = @lotId
            where l.id = o.id or l.growing_area_id = {area} and (@areaId::uuid is not null or @sprayedOn::date is not null
              and (coalesce(l.harvest_until, l.harvested_on) >= @sprayedOn or exists (select 1 from origin.diary_entry d where d.lot_id = l.id and d.kind = 'harvest' and d.done_on >= @sprayedOn and not d.corrected)))
            order by l.id for update of l
            """;
        await tx.QueryAsync<int>(field, new { lotId, areaId });
        await tx.QueryAsync<long>(lots, new { lotId, areaId, sprayedOn });
    }

    /// <summary>
    /// A spraying needs the interval of its label before each harvest of its growing area that follows. Less, or an interval that nobody took from a label,
    /// blocks the lots of that harvest; late entries too. What blocked the entry's own lot just now, of several what would have let it go last.
    /// </summary>
    public Task<Breach?> CheckSprayingAsync(Tx tx, Guid entryId, long lotId, Actor actor) => CheckAsync(tx, null, null, entryId, lotId, actor);

    /// <summary>The same asked of one lot, when it is opened or a harvest of it is written down.</summary>
    public Task<Breach?> CheckLotAsync(Tx tx, long lotId, Actor actor) => CheckAsync(tx, lotId, null, null, lotId, actor);

    /// <summary>The same when it is said of which growing area a lot is: what the diaries of the area's other lots say counts for it from now on, and what its own says for them.</summary>
    public async Task<Breach?> CheckPlacedAsync(Tx tx, long lotId, Actor actor)
    {
        var told = await CheckAsync(tx, null, lotId, null, lotId, actor);
        var heard = await CheckAsync(tx, lotId, null, null, lotId, actor);
        return told is null || heard?.From > told.From ? heard ?? told : told;
    }

    private async Task<Breach?> CheckAsync(Tx tx, long? onlyLot, long? onlyDiary, Guid? onlyEntry, long own, Actor actor)
    {
        // No label asks for more than a year: an unknown interval reaches as far. A label whose photo is still on its way is not known yet, but what was typed from it and not kept is a breach now.
        const string breaches = $"""
            select distinct on (l.id, d.event_id) l.id as lot_id, l.code, d.event_id, d.done_on, coalesce(d.input_name, '') as input_name,
              coalesce(p.days, p.awaited) as interval_days, h.day as harvest, case when f.id <> l.id then f.code end as written_in, p.days is null and coalesce(h.day >= d.done_on + p.awaited, false) as awaits_photo
            from origin.diary_entry d join origin.lot f on f.id = d.lot_id
              cross join lateral (select f.producer_id) e cross join lateral (select {DiaryRow.Interval} as days, {DiaryRow.Awaited} as awaited) p
              join origin.lot l on {LotHarvest.SameField}
              join lateral ({LotHarvest.Days}) h on h.day >= d.done_on and h.day < d.done_on + coalesce(p.days, 366)
            where (@onlyLot::bigint is null or l.id = @onlyLot) and (@onlyDiary::bigint is null or f.id = @onlyDiary) and (@onlyEntry::uuid is null or d.event_id = @onlyEntry) and d.kind = 'spraying' and not d.corrected and l.taken_back_at is null
            order by l.id, d.event_id, h.day
            """;
        Breach? blocked = null;
        foreach (var b in await tx.QueryAsync<Breach>(breaches, new { onlyLot, onlyDiary, onlyEntry }))
        {
            if (await BlockAsync(tx, b.LotId, new Block("interval", b.EventId, null, b.Said.Text, b.Said.Args) { AwaitsPhoto = b.AwaitsPhoto }, actor) && b.LotId == own && (blocked is null || b.From > blocked.From))
                blocked = b;
        }
        return blocked;
    }

    /// <summary>
    /// The photo of the label has come: a lot that only waited for it, its interval kept, is free again without an officer, for nothing was wrong but that the photo came after the text.
    /// Whatever else blocks it, or blocked it for longer than <see cref="PhotoDays"/>, an officer alone lifts.
    /// </summary>
    public async Task ProvenAsync(Tx tx, Guid entryId, long lotId, Actor actor)
    {
        const string lift = """
            update origin.lot_block b set lifted_at = @now, lift_reason = @Proven
            from origin.lot l where l.id = b.lot_id and b.event_id = @entryId and b.awaits_photo and b.lifted_at is null
              and (b.blocked_at at time zone 'Asia/Ho_Chi_Minh')::date + @PhotoDays >= (@now at time zone 'Asia/Ho_Chi_Minh')::date
            returning l.id, l.code
            """;
        var lots = await tx.QueryAsync<(long Id, string Code)>(lift, new { entryId, Proven, PhotoDays, now = clock.GetUtcNow() });
        foreach (var (_, code) in lots)
            await audit.WriteAsync(tx, actor, "lot.label-photo", $"lot:{code}", detail: new { entry = entryId });
        if (lots.Count > 0)
            await ChangedAsync(tx, lots);
        await CheckSprayingAsync(tx, entryId, lotId, actor);
    }

    /// <summary>
    /// An officer's lift covers an entry as it stood: its correction blocks again what the entry had blocked, whatever it says now. True when the entry's own lot was blocked just now.
    /// </summary>
    public async Task<bool> CheckCorrectionAsync(Tx tx, Guid entryId, long lotId, Actor actor)
    {
        const string lifted = """
            with recursive chain (id) as (
              select corrects_id from origin.event where id = @entryId and corrects_id is not null
              union
              select e.corrects_id from chain c join origin.event e on e.id = c.id where e.corrects_id is not null)
            select distinct l.id, l.code, d.done_on from origin.lot_block b join chain c on c.id = b.event_id join origin.lot l on l.id = b.lot_id join origin.diary_entry d on d.event_id = @entryId
            where b.cause = 'interval' and b.lifted_by is not null
              and not exists (select 1 from origin.lot_block o where o.lot_id = b.lot_id and o.lifted_at is null and o.cause = 'interval' and (o.event_id = @entryId or o.event_id in (select id from chain)))
            order by l.id
            """;
        var blocked = false;
        foreach (var (id, code, on) in await tx.QueryAsync<(long Id, string Code, DateOnly DoneOn)>(lifted, new { entryId }))
        {
            var block = new Block("interval", entryId, null, "Mục phun thuốc ngày {0} từng chặn lô này được sửa sau khi cán bộ gỡ chặn: cán bộ cần xem lại.", [Vietnamese.Date(on)]);
            blocked |= await BlockAsync(tx, id, block, actor) && id == lotId;
        }
        return blocked;
    }

    /// <summary>Blocks the lot for one cause, and with it what came of the lot; the same cause a second time changes nothing, also when an officer has freed the lot of it, and a lot that was taken back is blocked no more. An officer's own order may be given again after that, in the same words.</summary>
    /// <param name="note">Somebody's own words.</param>
    public Task<bool> BlockAsync(Tx tx, long lotId, string cause, Guid? eventId, long? recallId, string note, Actor actor) =>
        BlockAsync(tx, lotId, new Block(cause, eventId, recallId, note, null), actor);

    /// <summary>A laboratory's report says that the lot exceeds what is allowed.</summary>
    internal Task<bool> BlockForTestAsync(Tx tx, long lotId, Guid reportId, Said said, Actor actor) =>
        BlockAsync(tx, lotId, new Block("test", reportId, null, said.Text, said.Args), actor);

    private async Task<bool> BlockAsync(Tx tx, long lotId, Block block, Actor actor)
    {
        const string came = $"{LotGraph.Forward} select l.id from origin.lot l where l.id = any(array(select lot_id from reached where lot_id <> @lotId)) order by l.id for update";
        const string isNew = $"select exists (select 1 from origin.lot where id = @lotId and taken_back_at is null) and not exists ({Same} b.lot_id = @lotId)";
        await tx.ExecuteAsync("select 1 from origin.lot where id = @lotId for update", new { lotId });
        if (!await tx.SingleAsync<bool>(isNew, Args([lotId], block, new { lotId })))
            return false;
        await tx.ExecuteAsync(came, new { lotIds = new[] { lotId }, lotId });
        await WriteAsync(tx, [lotId], block, actor);
        return true;
    }

    /// <summary>Blocks these lots for their recall, and what came of them: the caller has locked them all.</summary>
    internal Task RecallAsync(Tx tx, long[] lotIds, long recallId, string reason, Actor actor) => WriteAsync(tx, lotIds, new Block("recall", null, recallId, reason, null), actor);

    /// <summary>The same cause of the same lot, that keeps it from being blocked once more.</summary>
    private const string Same = """
        select 1 from origin.lot_block b where b.cause = @Cause and b.event_id is not distinct from @EventId::uuid and b.recall_id is not distinct from @RecallId::bigint
          and (b.lifted_at is null or (@Cause <> 'officer' and b.note = @Note and b.note_args is not distinct from @Args::text[])) and
        """;

    /// <summary>
    /// Each lot says from which of these it was made; of several it is the first. The planner takes a graph for a thousand lots where most have one:
    /// lots are probed by their ids, never joined, or every block would read the whole table.
    /// </summary>
    private async Task WriteAsync(Tx tx, long[] lotIds, Block block, Actor actor)
    {
        const string insert = $"""
            {LotGraph.ForwardOfEach},
            came as (select lot_id, min(root_id) as root_id from reached group by lot_id),
            blocked as (
              insert into origin.lot_block (lot_id, cause, event_id, recall_id, note, note_args, made_from, blocked_at, awaits_photo)
              select c.lot_id, @Cause, @EventId::uuid, @RecallId::bigint, @Note, @Args::text[], case when c.lot_id = c.root_id then '' else (select r.code from origin.lot r where r.id = c.root_id) end, @now, @AwaitsPhoto
              from came c where not exists ({Same} b.lot_id = c.lot_id) order by c.lot_id = c.root_id desc, c.lot_id
              on conflict do nothing returning lot_id, made_from)
            select b.lot_id, (select l.code from origin.lot l where l.id = b.lot_id), b.made_from from blocked b order by b.made_from <> '', b.lot_id
            """;
        var blocked = await tx.QueryAsync<(long Id, string Code, string MadeFrom)>(insert, Args(lotIds, block, new { now = clock.GetUtcNow() }));
        if (blocked.Count == 0)
            return;
        await audit.WriteAsync(tx, actor, "lot.block", blocked.ConvertAll<(string, object)>(l => ($"lot:{l.Code}", l.MadeFrom.Length == 0 ? new { cause = block.Cause } : new { cause = block.Cause, from = l.MadeFrom })), block.Written);
        await ChangedAsync(tx, blocked.ConvertAll(l => (l.Id, l.Code)));
    }

    private static DynamicParameters Args(long[] lotIds, Block block, object own)
    {
        var args = new DynamicParameters(own);
        args.AddDynamicParams(new { lotIds, block.Cause, block.EventId, block.RecallId, block.Note, block.Args, block.AwaitsPhoto });
        return args;
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
        await ChangedAsync(tx, [lot.Value]);
        return true;
    }

    /// <summary>What blocks a lot that its producer took back ends with it: nobody has anything left to decide. A recall's block goes with the recall alone.</summary>
    internal async Task EndAsync(Tx tx, long lotId)
    {
        const string end = """
            update origin.lot_block b set lifted_at = @now, lift_reason = @TakenBack
            from origin.lot l where l.id = b.lot_id and l.id = @lotId and b.lifted_at is null and b.cause <> 'recall'
            returning l.id, l.code
            """;
        if (await tx.QueryAsync<(long Id, string Code)>(end, new { lotId, TakenBack, now = clock.GetUtcNow() }) is [var lot, ..])
            await ChangedAsync(tx, [lot]);
    }

    private async Task ChangedAsync(Tx tx, IReadOnlyList<(long Id, string Code)> lots)
    {
        await queue.AnnounceAsync(tx, new LotBlockChanged([.. lots.Select(l => l.Id)]));
        await PageCache.EvictAsync(tx, [PageCache.Browse, .. lots.Select(l => PageCache.Lot(l.Code))]);
    }

    /// <summary>A harvest that came before the interval of a spraying was over.</summary>
    /// <param name="IntervalDays">Null where nobody took it from a label.</param>
    /// <param name="WrittenIn">The lot whose diary has the entry, where it is another of the same growing area.</param>
    /// <param name="AwaitsPhoto">The interval was kept as it was typed; the photo of its label is on its way.</param>
    public sealed record Breach(long LotId, string Code, Guid EventId, DateOnly DoneOn, string InputName, int? IntervalDays, DateOnly Harvest, string? WrittenIn, bool AwaitsPhoto)
    {
        /// <summary>The first day on which the harvest would have been right; of an interval that nobody knows, when no label would ask for longer.</summary>
        public DateOnly From => DoneOn.AddDays(IntervalDays ?? 366);

        public Said Said => new(
            (IntervalDays, WrittenIn) switch
            {
                (_, null) when AwaitsPhoto => "Phun {0} ngày {1}, thu hoạch ngày {2}: đã ghi cách ly {3} ngày, chờ ảnh nhãn thuốc.",
                _ when AwaitsPhoto => "Phun {0} ngày {1} (nhật ký lô {4}, cùng vùng trồng), thu hoạch ngày {2}: đã ghi cách ly {3} ngày, chờ ảnh nhãn thuốc.",
                (null, null) => "Phun {0} ngày {1}, thu hoạch ngày {2}: chưa ghi thời gian cách ly theo nhãn thuốc.",
                (null, _) => "Phun {0} ngày {1} (nhật ký lô {4}, cùng vùng trồng), thu hoạch ngày {2}: chưa ghi thời gian cách ly theo nhãn thuốc.",
                (_, null) => "Phun {0} ngày {1}, thu hoạch ngày {2}: sớm hơn thời gian cách ly {3} ngày. Thu hoạch sớm nhất: {5}.",
                _ => "Phun {0} ngày {1} (nhật ký lô {4}, cùng vùng trồng), thu hoạch ngày {2}: sớm hơn thời gian cách ly {3} ngày. Thu hoạch sớm nhất: {5}.",
            },
            InputName, Vietnamese.Date(DoneOn), Vietnamese.Date(Harvest), $"{IntervalDays}", WrittenIn ?? "", IntervalDays is null ? "" : Vietnamese.Date(From));
    }

    /// <param name="Args">The values of a sentence of ours; null where somebody wrote the note themselves.</param>
    private sealed record Block(string Cause, Guid? EventId, long? RecallId, string Note, string[]? Args)
    {
        public bool AwaitsPhoto { get; init; }

        /// <summary>In full, for the audit log.</summary>
        public string Written => Args is null ? Note : string.Format(Vietnamese.Culture, Note, [.. Args]);
    }
}
