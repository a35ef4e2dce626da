using System.Globalization;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.TagHelpers;
using SonLaMarket.Producers;

namespace SonLaMarket.Origin.Scanned;

/// <summary>How often the seller's labels were scanned: by lot and month, with what looks wrong. Who, with what and where is not known here.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/luot-quet")]
public sealed class ScannedController(ProducerRegister producers, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 50;

    /// <param name="month">As "2026-06"; without it the present one.</param>
    /// <param name="lot">One lot alone.</param>
    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "thang")] string? month, [FromQuery(Name = "lo")] string? lot, string? sau, CancellationToken ct)
    {
        const string select = """
            select l.id, l.code, p.name as product_name, sum(d.scans)::bigint as scans, sum(d.item_scans)::bigint as item_scans, sum(d.first_items)::bigint as first_items
            from origin.scan_day d join origin.lot l on l.id = d.lot_id join producers.product p on p.id = l.product_id
            where d.producer_id = @Id and d.day between @first and @last and (@lot::text is null or l.code = @lot) and (@before::bigint is null or l.id < @before)
            group by l.id, p.name order by l.id desc limit @take;
            select d.day, sum(d.scans + d.item_scans)::bigint as scans from origin.scan_day d join origin.lot l on l.id = d.lot_id
            where d.producer_id = @Id and d.day between @first and @last and (@lot::text is null or l.code = @lot) group by d.day order by d.day;
            select a.rule, a.figure, a.found_at, i.code as item_code, l.code as lot_code from origin.scan_alert a join origin.item i on i.id = a.item_id join origin.lot l on l.id = a.lot_id
            where a.producer_id = @Id and a.found_at >= @from and a.found_at < @to and (@lot::text is null or l.code = @lot) order by a.id desc limit @take;
            select u.code, u.gtin, u.scans, u.last_at from origin.unknown_scan u where u.producer_id = @Id order by u.last_at desc limit @take
            """;
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        var today = Vietnamese.Today(clock);
        var first = DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var asked) && asked <= today && asked.Year > 2000 ? asked : new DateOnly(today.Year, today.Month, 1);
        var last = first.AddMonths(1).AddDays(-1);
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        lot = string.IsNullOrEmpty(lot) ? null : lot.ToUpperInvariant();
        var args = new { producer.Id, first, last, lot, before, take = Take + 1, from = OriginEvents.Midnight(first), to = OriginEvents.Midnight(last.AddDays(1)) };
        var (lots, days, alerts, unknown) = await db.MultipleAsync(select, args, async g =>
            ((await g.ReadAsync<ScannedLot>()).AsList(), (await g.ReadAsync<(DateOnly Day, long Scans)>()).AsList(), (await g.ReadAsync<ScannedAlert>()).AsList(), (await g.ReadAsync<UnknownOfProducer>()).AsList()), ct);
        return View("Index", new ScannedPage(first, first.AddMonths(1) > today ? null : first.AddMonths(1), lot, Page<ScannedLot>.Of(lots, Take, l => Cursor.Of(l.Id.ToString(CultureInfo.InvariantCulture))), days, alerts, unknown));
    }
}

public sealed record ScannedLot(long Id, string Code, string ProductName, long Scans, long ItemScans, long FirstItems);

public sealed record ScannedAlert(string Rule, int Figure, DateTimeOffset FoundAt, string ItemCode, string LotCode);

public sealed record UnknownOfProducer(string Code, string? Gtin, long Scans, DateTimeOffset LastAt);

/// <param name="Next">The month after; null when it has not come.</param>
public sealed record ScannedPage(DateOnly Month, DateOnly? Next, string? Lot, Page<ScannedLot> Lots, List<(DateOnly Day, long Scans)> Days, List<ScannedAlert> Alerts, List<UnknownOfProducer> Unknown)
{
    /// <summary>Every day of the month, those without a scan too.</summary>
    public IReadOnlyList<ChartPoint> Points =>
        [.. Enumerable.Range(0, DateTime.DaysInMonth(Month.Year, Month.Month)).Select(i => Month.AddDays(i)).Select(day => new ChartPoint(day.Day.ToString(CultureInfo.InvariantCulture), Days.Find(d => d.Day == day).Scans))];

    public string Path(DateOnly month) => string.Create(CultureInfo.InvariantCulture, $"/quan-ly/luot-quet?thang={month:yyyy-MM}") + (Lot is null ? "" : "&lo=" + Uri.EscapeDataString(Lot));
}
