using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Orders.Mine;

/// <summary>What a signed-in person ordered.</summary>
[Authorize]
public sealed class MineController(Db db, Texts t) : PageController(t)
{
    private const int Take = 20;

    [HttpGet("/tai-khoan/don-hang")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = """
            select u.id, u.code, u.placed_at, u.total_vnd as ordered_vnd, (select sum(s.total_vnd - s.less_vnd) from orders.sub_order s where s.purchase_id = u.id and s.status not in ('cancelled', 'expired'))::bigint as total_vnd,
              (select string_agg(coalesce(nullif(case when @english then l.title_en end, ''), l.title), '; ' order by l.id) from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.purchase_id = u.id) as goods,
              array(select s.status from orders.sub_order s where s.purchase_id = u.id order by s.id) as statuses
            from orders.purchase u where u.person_id = @me and (@before::bigint is null or u.id < @before) order by u.id desc limit @limit
            """;
        long? before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var rows = await db.QueryAsync<PurchaseRow>(select, new { me = User.Id(), before, limit = Take + 1, english = T.IsEnglish }, ct);
        return View("Index", Page<PurchaseRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }
}

/// <param name="OrderedVnd">All of it, as it was placed.</param>
/// <param name="TotalVnd">What goes on of it, after weighing; null where nothing does.</param>
public sealed record PurchaseRow(long Id, string Code, DateTimeOffset PlacedAt, long OrderedVnd, long? TotalVnd, string Goods, string[] Statuses);
