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
    /// <summary>The most lots that a page shows; the lists of a recall are whole.</summary>
    public const int Most = 500;

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

    public static async Task<LotGraph> LoadAsync(Sql sql, long lotId, CancellationToken ct)
    {
        const string select = $"""
            {Shown}
            select l.id, l.code, 0 as depth, p.name as product_name, r.name as producer_name, l.harvested_on, l.harvest_until, l.base_unit, l.quantity_base, l.used_base, l.shelved_base, a.name as growing_area_name, l.growing_area_code,
              k.full_name as commune_name, not exists (select 1 from origin.lot_output m where m.lot_id = l.id) and l.taken_back_at is null as harvested,
              exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked, exists (select 1 from origin.recall_lot c where c.lot_id = l.id) as recalled
            from shown s join origin.lot l on l.id = s.lot_id join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id join foundation.commune k on k.code = l.commune_code left join producers.growing_area a on a.id = l.growing_area_id and not a.own_place
            order by l.id;
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

public sealed record GraphStep(Guid Id, string Kind, DateOnly DoneOn, bool Flagged, string Note, IReadOnlyList<(GraphLot Lot, long Base)> Inputs, IReadOnlyList<(GraphLot Lot, long Base)> Outputs)
{
    /// <summary>Nothing was built on what it made: it may still be declared wrong.</summary>
    public bool Unused => Outputs.All(o => o.Lot is { UsedBase: 0, ShelvedBase: 0 });

    /// <summary>What came out of what went in, in percent; null where one is weighed and another counted.</summary>
    public decimal? Percent => Inputs.Concat(Outputs).Select(x => x.Lot.BaseUnit).Distinct(StringComparer.Ordinal).Count() == 1 && Inputs.Sum(i => i.Base) is > 0 and var into ? decimal.Round(Outputs.Sum(o => o.Base) * 100m / into, 1) : null;
}
