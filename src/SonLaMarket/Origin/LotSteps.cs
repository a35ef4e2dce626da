using SonLaMarket.Accounts;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>What can be done to lots, with the most that may come out of a hundred parts by weight.</summary>
/// <param name="MostPercent">Ours, after general practice; more than this is a flag for officers, never a refusal.</param>
/// <param name="Keeps">The goods stay as they are: more than went in cannot come out.</param>
public sealed record LotStepKind(string Word, string Label, string BizStep, int MostPercent, bool Keeps)
{
    public const string Aggregation = "aggregation";

    public static readonly LotStepKind[] All =
    [
        new("split", "Chia lô", "commissioning", 100, true),
        new("merge", "Gộp lô", "commissioning", 100, true),
        new("drying", "Phơi, sấy", "drying", 50, false),
        new("roasting", "Rang", "roasting", 95, false),
        new("processing", "Chế biến khác", "processing", 120, false),
        new("packing", "Đóng gói thành lô bán", "packing", 100, true),
        new(Aggregation, "Xếp vào kiện, thùng", "packing", 100, true),
    ];

    public static LotStepKind? Find(string? word) => Array.Find(All, k => k.Word == word);
}

/// <param name="QuantityBase">In base units of the lot.</param>
public sealed record StepInput(string LotCode, long QuantityBase);

public sealed record StepOutput(string ProductCode, long QuantityBase, DateOnly? BestBefore);

public sealed record NewStep(string Kind, DateOnly DoneOn, IReadOnlyList<StepInput> Inputs, IReadOnlyList<StepOutput> Outputs, string Note);

public abstract record StepOutcome
{
    /// <param name="Flagged">More came out than the kind of work leaves: officers see it.</param>
    public sealed record Done(IReadOnlyList<string> Codes, bool Flagged) : StepOutcome;

    public sealed record NotYours(string Code) : StepOutcome;

    public sealed record Blocked(string Code) : StepOutcome;

    /// <summary>Less than that is left of the lot beside what is on the shelf and went elsewhere.</summary>
    public sealed record TooMuch(string Code, long LeftBase, string BaseUnit) : StepOutcome;

    /// <summary>Goods that stay as they are cannot become more.</summary>
    public sealed record Unbalanced : StepOutcome;

    /// <summary>What is put into a box or a crate has one parent (EPCIS 2.0, 7.4.3): several are several steps.</summary>
    public sealed record OneParent : StepOutcome;

    /// <summary>A lot is made before it goes on: the step is dated before a harvest it takes from.</summary>
    public sealed record TooEarly(string Code) : StepOutcome;
}

public abstract record VoidOutcome
{
    /// <param name="Inputs">The lots that have their goods again.</param>
    public sealed record Done(IReadOnlyList<string> Inputs) : VoidOutcome;

    public sealed record NotYours : VoidOutcome;

    /// <summary>It was declared wrong before.</summary>
    public sealed record Gone : VoidOutcome;

    /// <param name="Obstacle">"used", "blocked", "labelled" or "inspected": what stands on a lot that the step made.</param>
    public sealed record Stands(string Code, string Obstacle) : VoidOutcome;
}

/// <summary>Steps that take from lots and make new ones: nothing ever flows back, so that the graph has no cycle of our making.</summary>
public sealed class LotSteps(OriginEvents events, LotBlocks blocks, Audit audit, TimeProvider clock)
{
    public async Task<StepOutcome> RecordAsync(Tx tx, long memberId, NewStep step, Actor actor)
    {
        const string own = """
            select l.id, l.code, l.producer_id, l.quantity_base - l.used_base - l.shelved_base as left_base, l.base_unit, l.growing_area_id, l.harvested_on, l.harvest_until, l.opened_standing and l.harvested_on is null as standing, p.net_weight_g,
              exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked
            from origin.lot l join producers.product p on p.id = l.product_id join producers.acting m on m.producer_id = l.producer_id and m.person_id = @memberId
            where l.code = any(@codes) and l.taken_back_at is null order by l.id for update of l
            """;
        var kind = LotStepKind.Find(step.Kind)!;
        if (kind.Word == LotStepKind.Aggregation && step.Outputs.Count > 1)
            return new StepOutcome.OneParent();
        var lots = await tx.QueryAsync<OwnLot>(own, new { memberId, codes = step.Inputs.Select(i => i.LotCode).ToArray() });
        foreach (var input in step.Inputs)
        {
            if (lots.Find(l => l.Code == input.LotCode) is not { } lot)
                return new StepOutcome.NotYours(input.LotCode);
            if (lot.Blocked)
                return new StepOutcome.Blocked(lot.Code);
            if (input.QuantityBase > lot.LeftBase)
                return new StepOutcome.TooMuch(lot.Code, lot.LeftBase, lot.BaseUnit);
            if (lot.Standing || lot.HarvestedOn > step.DoneOn)
                return new StepOutcome.TooEarly(lot.Code);
        }
        var outputs = await ProductsAsync(tx, step, lots[0].ProducerId);
        if (outputs.Count != step.Outputs.Count)
            return new StepOutcome.NotYours(step.Outputs.First(o => outputs.TrueForAll(p => p.ProductCode != o.ProductCode)).ProductCode);
        var (taken, made) = (step.Inputs.Sum(i => Grams(i.QuantityBase, lots.First(l => l.Code == i.LotCode))), outputs.Sum(o => o.Grams));
        if (kind.Keeps && made > taken)
            return new StepOutcome.Unbalanced();
        var flagged = taken is { } into && made is { } from && from * 100m > into * (decimal)kind.MostPercent;
        return new StepOutcome.Done(await WriteAsync(tx, memberId, step, kind, lots, outputs, flagged, actor), flagged);
    }

    private static long? Grams(long quantityBase, OwnLot lot) => lot.BaseUnit == "g" ? quantityBase : quantityBase * lot.NetWeightG;

    private static async Task<List<Output>> ProductsAsync(Tx tx, NewStep step, long producerId)
    {
        const string products = "select id, code, base_unit, net_weight_g from producers.product where producer_id = @producerId and code = any(@codes)";
        var known = await tx.QueryAsync<(long Id, string Code, string BaseUnit, long? NetWeightG)>(products, new { producerId, codes = step.Outputs.Select(o => o.ProductCode).ToArray() });
        return [.. from o in step.Outputs join p in known on o.ProductCode equals p.Code select new Output(o.ProductCode, p.Id, o.QuantityBase, o.BestBefore, p.BaseUnit == "g" ? o.QuantityBase : o.QuantityBase * p.NetWeightG)];
    }

    private async Task<List<string>> WriteAsync(Tx tx, long memberId, NewStep step, LotStepKind kind, List<OwnLot> lots, List<Output> outputs, bool flagged, Actor actor)
    {
        const string open = """
            insert into origin.lot (code, producer_id, product_id, growing_area_id, growing_area_code, growing_area_status, commune_code, harvested_on, harvest_until, packed_on, best_before, base_unit, quantity_base, created_at, created_by)
            select @code, f.producer_id, p.id, f.growing_area_id, f.growing_area_code, f.growing_area_status, f.commune_code, @first, @last, @packedOn, @BestBefore, p.base_unit, @QuantityBase, @now, @memberId
            from producers.product p cross join (
              select min(l.producer_id) as producer_id, min(l.commune_code) as commune_code,
                case when count(distinct coalesce(l.growing_area_id::text, '')) = 1 then min(l.growing_area_id::text)::uuid end as growing_area_id,
                case when count(distinct coalesce(l.growing_area_id::text, '')) = 1 then min(l.growing_area_code) end as growing_area_code,
                case when count(distinct coalesce(l.growing_area_id::text, '')) = 1 then min(l.growing_area_status) end as growing_area_status
              from origin.lot l where l.id = any(@from)) f
            where p.id = @ProductId returning id
            """;
        const string write = """
            insert into origin.lot_step (id, producer_id, kind, done_on, note, flagged, recorded_at) values (@id, @ProducerId, @Kind, @DoneOn, @Note, @flagged, @now);
            insert into origin.lot_input (step_id, lot_id, quantity_base) select @id, q.lot_id, q.quantity from unnest(@ins, @inQuantities) as q (lot_id, quantity);
            insert into origin.lot_output (step_id, lot_id, quantity_base) select @id, q.lot_id, q.quantity from unnest(@outs, @outQuantities) as q (lot_id, quantity);
            update origin.lot l set used_base = l.used_base + q.quantity from unnest(@ins, @inQuantities) as q (lot_id, quantity) where l.id = q.lot_id;
            """;
        var now = clock.GetUtcNow();
        var (first, last) = (lots.Min(l => l.HarvestedOn), lots.Max(l => l.HarvestUntil ?? l.HarvestedOn));
        var (codes, ids) = (new List<string>(), new List<long>());
        foreach (var output in outputs)
        {
            codes.Add(Gs1.LotCode.New());
            ids.Add(await tx.SingleAsync<long>(open, new
            {
                code = codes[^1],
                first,
                last = last > first ? last : null,
                packedOn = kind.Word == "packing" ? step.DoneOn : (DateOnly?)null,
                output.BestBefore,
                output.QuantityBase,
                output.ProductId,
                now,
                memberId,
                from = lots.ConvertAll(l => l.Id).ToArray(),
            }));
        }
        var inputs = step.Inputs.Select(i => new LotQuantityOf(lots.First(l => l.Code == i.LotCode).Id, i.QuantityBase)).ToList();
        var made = ids.Zip(outputs, (lot, o) => new LotQuantityOf(lot, o.QuantityBase)).ToList();
        var transformation = kind.Word != LotStepKind.Aggregation;
        var id = (await events.AppendAsync(tx, new NewEvent(ids[0], transformation ? "TransformationEvent" : "AggregationEvent", transformation ? null : "ADD", OriginEvents.Noon(step.DoneOn), kind.BizStep, "in_progress", null, "producer", null)
        {
            Inputs = inputs,
            Outputs = made,
        }, actor))!.Value;
        await tx.ExecuteAsync(write, new
        {
            id,
            lots[0].ProducerId,
            step.Kind,
            step.DoneOn,
            step.Note,
            flagged,
            now,
            ins = inputs.Select(i => i.LotId).ToArray(),
            inQuantities = inputs.Select(i => i.QuantityBase).ToArray(),
            outs = made.Select(i => i.LotId).ToArray(),
            outQuantities = made.Select(i => i.QuantityBase).ToArray(),
        });
        await audit.WriteAsync(tx, actor, "lot.step", $"lot:{codes[0]}", detail: new { step.Kind, from = step.Inputs.Select(i => i.LotCode), to = codes, flagged });
        foreach (var (lotId, _) in made)
            await blocks.CheckLotAsync(tx, lotId, actor);
        await PageCache.EvictAsync(tx, [.. step.Inputs.Select(i => PageCache.Lot(i.LotCode))]);
        return codes;
    }

    /// <summary>
    /// Declares a step wrong as long as nothing was built on what it made: the lots that it took from have their goods again, those that it made are taken back.
    /// In the history the step stays, and beside it the declaration.
    /// </summary>
    public async Task<VoidOutcome> VoidAsync(Tx tx, long memberId, Guid stepId, string reason, Actor actor)
    {
        const string own = "select exists (select 1 from origin.lot_step s join producers.acting m on m.producer_id = s.producer_id and m.person_id = @memberId where s.id = @stepId)";
        const string hold = """
            select l.id from origin.lot l where l.id in (select lot_id from origin.lot_input where step_id = @stepId union all select lot_id from origin.lot_output where step_id = @stepId) order by l.id for update
            """;
        const string outputs = """
            select l.id, l.code, case
              when l.used_base > 0 or l.shelved_base > 0 or l.taken_back_at is not null then 'used'
              when exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) or exists (select 1 from origin.recall_lot r where r.lot_id = l.id) then 'blocked'
              when exists (select 1 from origin.item_series s where s.lot_id = l.id and s.items > (select count(*) from origin.item i where i.series_id = s.id and i.voided_at is not null)) then 'labelled'
              when exists (select 1 from origin.inspection n where n.lot_id = l.id) then 'inspected' end as obstacle
            from origin.lot_output o join origin.lot l on l.id = o.lot_id where o.step_id = @stepId order by l.id
            """;
        const string undo = """
            update origin.lot set taken_back_at = @now where id in (select lot_id from origin.lot_output where step_id = @stepId);
            update origin.lot l set used_base = l.used_base - i.quantity_base from origin.lot_input i where i.step_id = @stepId and l.id = i.lot_id;
            select origin.void_step(@stepId, @declared);
            """;
        if (!await tx.SingleAsync<bool>(own, new { stepId, memberId }))
            return new VoidOutcome.NotYours();
        await tx.QueryAsync<long>(hold, new { stepId });
        var made = await tx.QueryAsync<(long Id, string Code, string? Obstacle)>(outputs, new { stepId });
        if (made.Find(l => l.Obstacle is not null) is { Obstacle: { } obstacle } standing)
            return new VoidOutcome.Stands(standing.Code, obstacle);
        var from = await tx.QueryAsync<string>("select l.code from origin.lot_input i join origin.lot l on l.id = i.lot_id where i.step_id = @stepId order by l.id", new { stepId });
        if (made.Count == 0 || await events.DeclareWrongAsync(tx, stepId, reason, actor) is not { } declared)
            return new VoidOutcome.Gone();
        await tx.ExecuteAsync(undo, new { stepId, declared, now = clock.GetUtcNow() });
        await audit.WriteAsync(tx, actor, "lot.step-void", $"lot:{made[0].Code}", reason, new { from, to = made.Select(l => l.Code) });
        await PageCache.EvictAsync(tx, [.. from.Concat(made.Select(l => l.Code)).Select(PageCache.Lot)]);
        return new VoidOutcome.Done(from);
    }

    private sealed record OwnLot(long Id, string Code, long ProducerId, long LeftBase, string BaseUnit, Guid? GrowingAreaId, DateOnly? HarvestedOn, DateOnly? HarvestUntil, bool Standing, long? NetWeightG, bool Blocked);

    private sealed record Output(string ProductCode, long ProductId, long QuantityBase, DateOnly? BestBefore, long? Grams);
}

/// <summary>So much of a lot, in its base units.</summary>
public sealed record LotQuantityOf(long LotId, long QuantityBase);
