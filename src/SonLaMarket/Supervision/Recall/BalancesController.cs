using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Steps from which more came out than their kind of work leaves, and lots that claim more than their diary harvested: goods of elsewhere may have been mixed in.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class BalancesController(Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    /// <summary>So many of the newest lots that claim more than was harvested.</summary>
    private const int MostOver = 100;

    [HttpGet("/so-cong-thuong/can-doi")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = """
            select s.id, s.kind, s.done_on, s.recorded_at, r.name as producer_name, sum(i.quantity_base)::bigint as taken_base, min(p.base_unit) as taken_unit,
              array(select l.code from origin.lot_input x join origin.lot l on l.id = x.lot_id where x.step_id = s.id order by l.id) as inputs,
              (select sum(o.quantity_base)::bigint from origin.lot_output o where o.step_id = s.id) as made_base,
              (select min(l.base_unit) from origin.lot_output o join origin.lot l on l.id = o.lot_id where o.step_id = s.id) as made_unit,
              array(select l.code from origin.lot_output x join origin.lot l on l.id = x.lot_id where x.step_id = s.id order by l.id) as outputs
            from origin.lot_step s join producers.producer r on r.id = s.producer_id join origin.lot_input i on i.step_id = s.id join origin.lot p on p.id = i.lot_id
            where s.flagged and (@before::uuid is null or s.id < @before) group by s.id, r.name order by s.id desc limit @take
            """;
        const string over = """
            select l.code, p.name as product_name, p.name_en as product_name_en, r.name as producer_name, l.quantity_base, l.harvested_g
            from origin.lot l join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id
            where l.base_unit = 'g' and l.quantity_base > l.harvested_g and l.taken_back_at is null order by l.id desc limit @MostOver
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && Guid.TryParse(id, out var key) ? key : (Guid?)null;
        var rows = await db.QueryAsync<FlaggedStep>(select, new { before, take = Take + 1 }, ct);
        var lots = before is null ? await db.QueryAsync<OverLot>(over, new { MostOver }, ct) : [];
        return View("Balances", new BalancesPage(Page<FlaggedStep>.Of(rows, Take, r => Cursor.Of(r.Id.ToString())), lots));
    }
}

public sealed record FlaggedStep(
    Guid Id, string Kind, DateOnly DoneOn, DateTimeOffset RecordedAt, string ProducerName, long TakenBase, string TakenUnit, string[] Inputs, long MadeBase, string MadeUnit, string[] Outputs);

/// <summary>A lot that claims more than its diary says was harvested, every harvest weighed.</summary>
public sealed record OverLot(string Code, string ProductName, string ProductNameEn, string ProducerName, long QuantityBase, long HarvestedG);

/// <param name="Over">On the first page.</param>
public sealed record BalancesPage(Page<FlaggedStep> Steps, List<OverLot> Over);
