using System.Globalization;
using Dapper;
using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <param name="Depth">Below nothing: it went into the lot; above: it came of it.</param>
/// <param name="Harvested">No step made it: it comes from the field.</param>
public sealed record GraphLot(
    long Id, string Code, int Depth, string ProductName, string ProducerName, DateOnly? HarvestedOn, DateOnly? HarvestUntil, string BaseUnit, long QuantityBase, long UsedBase, long ShelvedBase, string? GrowingAreaName, string? GrowingAreaCode,
    string CommuneName, bool Harvested, bool Blocked, bool Recalled)
{
    /// <summary>Which field it was harvested from, as far as its producer said.</summary>
    public string Field => string.Join(" · ", new[] { GrowingAreaName ?? CommuneName, GrowingAreaCode }.Where(s => s is { Length: > 0 }));

    /// <summary>The days of its harvest; null while the crop stands.</summary>
    public string? Days => HarvestedOn is { } first ? HarvestUntil is { } last && last > first ? $"{Foundation.Text.Vietnamese.Date(first)} – {Foundation.Text.Vietnamese.Date(last)}" : Foundation.Text.Vietnamese.Date(first) : null;
}

/// <param name="Flagged">More came out of the step than its kind of work leaves.</param>
public sealed record GraphEdge(Guid StepId, string Kind, DateOnly DoneOn, bool Flagged, string Note, long FromId, long ToId, long FromBase, long ToBase);

/// <summary>What went into a lot and what came of it, over all steps.</summary>
public sealed record LotGraph(GraphLot Lot, List<GraphLot> Lots, List<GraphEdge> Edges)
{
    /// <summary>The most lots that a picture counts; the table and the lists of a recall are whole.</summary>
    public const int Most = 500;

    /// <summary>Rows of a page of the table.</summary>
    private const int Take = 50;

    /// <summary>
    /// Lots that came of these, and these. Cycles, which only foreign data can bring, end where they meet: a lot is taken once.
    /// </summary>
    public const string Forward = """
        with recursive reached (lot_id) as (
          select unnest(@lotIds::bigint[])
          union
          select o.lot_id from reached r join origin.lot_input i on i.lot_id = r.lot_id join origin.lot_output o on o.step_id = i.step_id)
        """;

    /// <summary>The same asked of each of these by itself.</summary>
    public const string ForwardOfEach = """
        with recursive reached (root_id, lot_id) as (
          select x, x from unnest(@lotIds::bigint[]) as x
          union
          select r.root_id, o.lot_id from reached r join origin.lot_input i on i.lot_id = r.lot_id join origin.lot_output o on o.step_id = i.step_id)
        """;

    /// <summary>Lots that these were made from, and these; the same of cycles.</summary>
    public const string Backward = """
        with recursive reached (lot_id) as (
          select unnest(@lotIds::bigint[])
          union
          select i.lot_id from reached r join origin.lot_output o on o.lot_id = r.lot_id join origin.lot_input i on i.step_id = o.step_id)
        """;

    /// <summary>Steps one after another that a page follows: more than any goods go through, so that cycles of foreign data end.</summary>
    private const int Deepest = 40;

    /// <summary>Both ways from one lot, as many as a page shows, the nearest.</summary>
    private const string Shown = """
        with recursive up (lot_id, depth) as (
          select @lotId, 0 union select i.lot_id, u.depth + 1 from up u join origin.lot_output o on o.lot_id = u.lot_id join origin.lot_input i on i.step_id = o.step_id where u.depth < @Deepest),
        down (lot_id, depth) as (
          select @lotId, 0 union select o.lot_id, d.depth + 1 from down d join origin.lot_input i on i.lot_id = d.lot_id join origin.lot_output o on o.step_id = i.step_id where d.depth < @Deepest),
        shown as (select lot_id from (select * from up union all select * from down) x group by lot_id order by min(depth), lot_id limit @Most)
        """;

    private const string GraphLots = """
        select l.id, l.code, 0 as depth, p.name as product_name, r.name as producer_name, l.harvested_on, l.harvest_until, l.base_unit, l.quantity_base, l.used_base, l.shelved_base, a.name as growing_area_name, l.growing_area_code,
          k.full_name as commune_name, not exists (select 1 from origin.lot_output m where m.lot_id = l.id) and l.taken_back_at is null as harvested,
          exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked, exists (select 1 from origin.recall_lot c where c.lot_id = l.id) as recalled
        from origin.lot l join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id join foundation.commune k on k.code = l.commune_code left join producers.growing_area a on a.id = l.growing_area_id and not a.own_place
        """;

    public static async Task<LotGraph> LoadAsync(Sql sql, long lotId, CancellationToken ct)
    {
        const string select = $"""
            {Shown}
            {GraphLots} where l.id = any(array(select lot_id from shown)) order by l.id;
            {Shown}
            select s.id as step_id, s.kind, s.done_on, s.flagged, s.note, i.lot_id as from_id, o.lot_id as to_id, i.quantity_base as from_base, o.quantity_base as to_base
            from origin.lot_step s join origin.lot_input i on i.step_id = s.id join origin.lot_output o on o.step_id = s.id
            where i.lot_id in (select lot_id from shown) and o.lot_id in (select lot_id from shown) order by s.done_on, s.id, i.lot_id, o.lot_id
            """;
        var (lots, edges) = await sql.MultipleAsync(select, new { lotId, Most, Deepest }, async g => ((await g.ReadAsync<GraphLot>()).AsList(), (await g.ReadAsync<GraphEdge>()).AsList()), ct);
        var depths = Depths(lotId, edges);
        lots = [.. lots.Select(l => l with { Depth = depths.GetValueOrDefault(l.Id) }).OrderBy(l => l.Depth).ThenBy(l => l.Id)];
        return new(lots.First(l => l.Id == lotId), lots, edges);
    }

    /// <summary>
    /// The whole graph as a table, page by page, however large: first the harvests, then each step with all that went into it and came out of it, also what concerns this lot no further, since a step balances as a whole.
    /// </summary>
    /// <param name="after">The cursor of the page before; anything else begins at the beginning.</param>
    public static async Task<Page<GraphRow>> TableAsync(Sql sql, long lotId, string? after, CancellationToken ct)
    {
        const string keys = """
            with recursive up (lot_id) as (
              select @lotId union select i.lot_id from up u join origin.lot_output o on o.lot_id = u.lot_id join origin.lot_input i on i.step_id = o.step_id),
            down (lot_id) as (
              select @lotId union select o.lot_id from down d join origin.lot_input i on i.lot_id = d.lot_id join origin.lot_output o on o.step_id = i.step_id),
            line (step, day, key) as (
              select false, coalesce(l.harvested_on, 'infinity'), lpad(l.id::text, 19, '0') from origin.lot l
              where l.id = any(array(select lot_id from up union select lot_id from down)) and l.taken_back_at is null and not exists (select 1 from origin.lot_output m where m.lot_id = l.id)
              union all
              select true, s.done_on, s.id::text from origin.lot_step s
              where s.id = any(array(select o.step_id from origin.lot_output o where o.lot_id = any(array(select lot_id from up)) union select i.step_id from origin.lot_input i where i.lot_id = any(array(select lot_id from down)))))
            select step, day, key from line where @day::date is null or (step, day, key collate "C") > (@step, @day, @key collate "C") order by step, day, key collate "C" limit @take
            """;
        const string parts = $"""
            select s.id, s.kind, s.done_on, s.flagged, s.note from origin.lot_step s where s.id = any(@steps);
            select i.step_id, i.lot_id, i.quantity_base, false as made from origin.lot_input i where i.step_id = any(@steps)
            union all select o.step_id, o.lot_id, o.quantity_base, true from origin.lot_output o where o.step_id = any(@steps) order by 1, 2;
            {GraphLots} where l.id = any(@lots || array(select lot_id from origin.lot_input where step_id = any(@steps) union select lot_id from origin.lot_output where step_id = any(@steps)))
            """;
        var from = GraphKey.Parse(after);
        var page = Page<GraphKey>.Of(
            await sql.QueryAsync<GraphKey>(keys, new { lotId, step = from?.Step, day = from?.Day, key = from?.Key, take = Take + 1 }, ct), Take, k => k.Cursor);
        var steps = page.Items.Where(k => k.Step).Select(k => Guid.Parse(k.Key)).ToArray();
        var (about, moved, lots) = await sql.MultipleAsync(parts, new { steps, lots = page.Items.Where(k => !k.Step).Select(k => k.LotId).ToArray() }, async g => (
            (await g.ReadAsync<StepLine>()).ToDictionary(s => s.Id), (await g.ReadAsync<StepPart>()).ToLookup(p => p.StepId), (await g.ReadAsync<GraphLot>()).ToDictionary(l => l.Id)), ct);
        return new([.. page.Items.Select(k => k.Step ? new GraphRow(null, Step(about[Guid.Parse(k.Key)])) : new GraphRow(lots[k.LotId], null))], page.Next);

        GraphStep Step(StepLine s) => new(s.Id, s.Kind, s.DoneOn, s.Flagged, s.Note, Of(s.Id, false), Of(s.Id, true));

        List<(GraphLot, long)> Of(Guid id, bool made) => [.. moved[id].Where(p => p.Made == made).Select(p => (lots[p.LotId], p.QuantityBase))];
    }

    /// <param name="Key">The id of the step, or the lot's in digits of one length.</param>
    private sealed record GraphKey(bool Step, DateOnly Day, string Key)
    {
        public long LotId => long.Parse(Key, CultureInfo.InvariantCulture);

        public string Cursor => Foundation.Data.Cursor.Of(Step ? "1" : "0", Day.ToString("o", CultureInfo.InvariantCulture), Key);

        public static GraphKey? Parse(string? cursor) =>
            Foundation.Data.Cursor.Parse(cursor, 3) is [var step, var day, var key] && DateOnly.TryParseExact(day, "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
            && (step == "1" ? Guid.TryParseExact(key, "D", out _) : step == "0" && long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _)) ? new(step == "1", on, key) : null;
    }

    private sealed record StepLine(Guid Id, string Kind, DateOnly DoneOn, bool Flagged, string Note);

    private sealed record StepPart(Guid StepId, long LotId, long QuantityBase, bool Made);

    /// <summary>How many steps a lot is away, the nearest way; below nothing for what went in.</summary>
    private static Dictionary<long, int> Depths(long lotId, List<GraphEdge> edges)
    {
        var depths = new Dictionary<long, int> { [lotId] = 0 };
        foreach (var (sign, next) in new (int, ILookup<long, long>)[] { (1, edges.ToLookup(e => e.FromId, e => e.ToId)), (-1, edges.ToLookup(e => e.ToId, e => e.FromId)) })
        {
            var waiting = new Queue<long>([lotId]);
            while (waiting.TryDequeue(out var at))
            {
                foreach (var lot in next[at].Where(lot => depths.TryAdd(lot, depths[at] + sign)))
                    waiting.Enqueue(lot);
            }
        }
        return depths;
    }

    /// <summary>Lots that come from the field: where the history begins.</summary>
    public IEnumerable<GraphLot> Harvests => Lots.Where(l => l.Harvested);

    /// <summary>Each step once, with what went in and what came out.</summary>
    public IEnumerable<GraphStep> Steps => Edges.GroupBy(e => e.StepId).Select(s => new GraphStep(
        s.Key, s.First().Kind, s.First().DoneOn, s.First().Flagged, s.First().Note,
        [.. s.DistinctBy(e => e.FromId).Select(e => (Find(e.FromId), e.FromBase))], [.. s.DistinctBy(e => e.ToId).Select(e => (Find(e.ToId), e.ToBase))]));

    public GraphLot Find(long id) => Lots.First(l => l.Id == id);
}

/// <summary>One of both.</summary>
public sealed record GraphRow(GraphLot? Harvest, GraphStep? Step);

public sealed record GraphStep(Guid Id, string Kind, DateOnly DoneOn, bool Flagged, string Note, IReadOnlyList<(GraphLot Lot, long Base)> Inputs, IReadOnlyList<(GraphLot Lot, long Base)> Outputs)
{
    /// <summary>Nothing was built on what it made: it may still be declared wrong.</summary>
    public bool Unused => Outputs.All(o => o.Lot is { UsedBase: 0, ShelvedBase: 0 });

    /// <summary>What came out of what went in, in percent; null where one is weighed and another counted.</summary>
    public decimal? Percent => Inputs.Concat(Outputs).Select(x => x.Lot.BaseUnit).Distinct(StringComparer.Ordinal).Count() == 1 && Inputs.Sum(i => i.Base) is > 0 and var into ? decimal.Round(Outputs.Sum(o => o.Base) * 100m / into, 1) : null;
}
