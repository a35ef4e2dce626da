using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Trace;

/// <summary>The public register of recalls, newest first.</summary>
public sealed class RecallsController(Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [PublicPage]
    [HttpGet("/thu-hoi")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = """
            select r.id, r.number, r.reason, r.advice, r.opened_at, r.closed_at, r.closing_note,
              array(select l.code from origin.recall_lot x join origin.lot l on l.id = x.lot_id where x.recall_id = r.id order by l.code) as lot_codes,
              (select string_agg(distinct p.title, ', ') from origin.recall_lot x join origin.lot l on l.id = x.lot_id join origin.approved_product p on p.product_id = l.product_id where x.recall_id = r.id) as products
            from origin.recall r where @before::bigint is null or r.id < @before order by r.id desc limit @take
            """;
        HttpContext.Tag(PageCache.Browse);
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<RecallRow>(select, new { before, take = Take + 1 }, ct);
        return View("Recalls", Page<RecallRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }
}

public sealed record RecallRow(long Id, string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosingNote, string[] LotCodes, string? Products);
