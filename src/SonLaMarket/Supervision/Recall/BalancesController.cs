using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Steps from which more came out than their kind of work leaves: goods of elsewhere may have been mixed in.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class BalancesController(Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

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
        var before = Cursor.Parse(sau, 1) is [var id] && Guid.TryParse(id, out var key) ? key : (Guid?)null;
        var rows = await db.QueryAsync<FlaggedStep>(select, new { before, take = Take + 1 }, ct);
        return View("Balances", Page<FlaggedStep>.Of(rows, Take, r => Cursor.Of(r.Id.ToString())));
    }
}

public sealed record FlaggedStep(
    Guid Id, string Kind, DateOnly DoneOn, DateTimeOffset RecordedAt, string ProducerName, long TakenBase, string TakenUnit, string[] Inputs, long MadeBase, string MadeUnit, string[] Outputs);
