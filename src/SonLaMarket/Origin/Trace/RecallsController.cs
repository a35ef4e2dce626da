using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Trace;

/// <summary>The public register of recalls, newest first.</summary>
public sealed class RecallsController(Db db, Texts t, SiteOptions site) : PageController(t)
{
    private const int Take = 30;

    /// <summary>The page of a recall has all its lots, so many at a time; the feed names the first.</summary>
    private const int AtOnce = 200, NamedByRss = 100;

    [PublicPage]
    [HttpGet("/thu-hoi")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        return View("Recalls", Page<RecallRow>.Of(await RowsAsync(null, before, Take + 1, Recalls.Named, ct), Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>One recall with all lots that it reaches, whatever their number.</summary>
    [PublicPage]
    [HttpGet("/thu-hoi/{number:regex(^TH\\W*\\d{{4}}\\W*\\d+$)}")]
    public async Task<IActionResult> Show(string number, string? sau, CancellationToken ct)
    {
        const string lots = """
            select x.lot_id, l.code from origin.recall_lot x join origin.lot l on l.id = x.lot_id
            where x.recall_id = @Id and (@after::bigint is null or x.lot_id > @after) order by x.lot_id limit @take
            """;
        HttpContext.Tag(PageCache.Browse);
        if (Recalls.Read(number) is { } read && read != number)
            return SeeOther("/thu-hoi/" + read);
        if (await RowsAsync(number, null, 1, 0, ct) is not [var recall])
            return NotFound();
        var after = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<RecalledLot>(lots, new { recall.Id, after, take = AtOnce + 1 }, ct);
        return View("Recall", new RecallLotsPage(recall, Page<RecalledLot>.Of(rows, AtOnce, l => Cursor.Of(l.LotId.ToString(CultureInfo.InvariantCulture)))));
    }

    /// <summary>The newest recalls as RSS 2.0, for whoever wants to be told.</summary>
    [PublicPage]
    [HttpGet("/thu-hoi.rss")]
    public async Task<IActionResult> Rss(CancellationToken ct)
    {
        HttpContext.Tag(PageCache.Browse);
        var page = site.Absolute(T.To("/thu-hoi"));
        var items = from r in await RowsAsync(null, null, Take, NamedByRss, ct)
                    let lots = T["Mã lô"] + ": " + string.Join(", ", r.LotCodes)
                    select new XElement("item", new XElement("title", $"{r.Number}: {r.Products ?? T["Thu hồi"]}{(r.ClosedAt is null ? "" : $" ({T["Đã kết thúc"]})")}"), new XElement("link", $"{page}#{r.Number}"),
                        new XElement("guid", new XAttribute("isPermaLink", "false"), r.Number + (r.ClosedAt is null ? "" : "-closed")), new XElement("pubDate", (r.ClosedAt ?? r.OpenedAt).UtcDateTime.ToString("R", CultureInfo.InvariantCulture)),
                        new XElement("description", string.Join(" ", new[] { r.Reason, r.Advice, r.ClosingNote ?? "", lots }.Where(x => x.Length > 0))));
        var feed = new XElement("rss", new XAttribute("version", "2.0"), new XElement("channel", new XElement("title", "SonLaMarket – " + T["Danh sách thu hồi"]), new XElement("link", page),
            new XElement("description", T["Lô bị thu hồi không được bán tiếp. Nếu bạn đã mua, hãy làm theo lời khuyên ở từng mục."]), new XElement("language", T.Lang), items));
        return Content($"""<?xml version="1.0" encoding="utf-8"?>{'\n'}{feed}""", "application/rss+xml; charset=utf-8");
    }

    private Task<List<RecallRow>> RowsAsync(string? number, long? before, int take, int named, CancellationToken ct)
    {
        const string select = """
            select r.id, r.number, r.reason, r.advice, r.opened_at, r.closed_at, r.closing_note, r.opened_as, r.recovered_g, r.destroyed_g, r.recovered_pieces, r.destroyed_pieces,
              array(select l.code from (select lot_id from origin.recall_lot where recall_id = r.id order by lot_id limit @named) x join origin.lot l on l.id = x.lot_id order by l.id) as lot_codes,
              (select count(*) from origin.recall_lot x where x.recall_id = r.id) as lots,
              (select string_agg(distinct p.title, ', ') from origin.recall_lot x join origin.lot l on l.id = x.lot_id join origin.approved_product p on p.product_id = l.product_id where x.recall_id = r.id) as products
            from origin.recall r where (@number::text is null or r.number = @number) and (@before::bigint is null or r.id < @before) order by r.id desc limit @take
            """;
        return db.QueryAsync<RecallRow>(select, new { number, before, take, named }, ct);
    }
}

public sealed record RecalledLot(long LotId, string Code);

public sealed record RecallLotsPage(RecallRow Recall, Page<RecalledLot> Lots);

/// <param name="LotCodes">The first of its <paramref name="Lots"/>.</param>
public sealed record RecallRow(long Id, string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosingNote, string OpenedAs, long? RecoveredG, long? DestroyedG, long? RecoveredPieces, long? DestroyedPieces, string[] LotCodes, long Lots, string? Products)
{
    /// <summary>What came back, once it is closed: recovered and destroyed in each unit there is.</summary>
    public IEnumerable<(string Recovered, string Destroyed)> Results(Texts t)
    {
        if (RecoveredG is { } grams)
            yield return (Quantity.Show(grams, "g", t), Quantity.Show(DestroyedG ?? 0, "g", t));
        if (RecoveredPieces is { } pieces)
            yield return (Quantity.Show(pieces, "piece", t), Quantity.Show(DestroyedPieces ?? 0, "piece", t));
    }
}
