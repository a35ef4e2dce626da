using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Codes that people met on labels and that nobody issued.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class LabelsController(LabelReports reports, RowKeys keys, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;
    private const string Kind = "label-report";

    [HttpGet("/so-cong-thuong/bao-cao-tem")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = """
            select id, code, note, contact, reported_at, handled_at from origin.unknown_code_report where @before::bigint is null or id < @before order by id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<LabelReport>(select, new { before, take = Take + 1 }, ct);
        return View("Labels", new LabelsPage(Page<LabelReport>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), r => keys.Seal(Kind, r.Id)));
    }

    [HttpPost("/so-cong-thuong/bao-cao-tem/da-xem")]
    public async Task<IActionResult> Handle(string? report)
    {
        if (keys.Open(Kind, report) is not { } id)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await reports.HandleAsync(tx, id, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/so-cong-thuong/bao-cao-tem", T["Đã đánh dấu."]);
    }
}

public sealed record LabelReport(long Id, string Code, string Note, string Contact, DateTimeOffset ReportedAt, DateTimeOffset? HandledAt);

public sealed record LabelsPage(Page<LabelReport> Page, Func<LabelReport, string> Key);
