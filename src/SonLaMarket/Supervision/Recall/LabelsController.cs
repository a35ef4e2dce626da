using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>What buyers and people who scanned a label reported: codes that nobody issued, lots and listings that are not as their page says.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class LabelsController(ProblemReports reports, RowKeys keys, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;
    private const string Kind = "label-report";

    [HttpGet("/so-cong-thuong/bao-cao-tem")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = """
            select id, subject, code, matter, note, contact, reported_at, handled_at from origin.problem_report where @before::bigint is null or id < @before order by id desc limit @take
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

public sealed record LabelReport(long Id, string Subject, string Code, string Matter, string Note, string Contact, DateTimeOffset ReportedAt, DateTimeOffset? HandledAt)
{
    /// <summary>Where the thing stands; null for a code that we never issued.</summary>
    public string? Path => Subject switch { ProblemKinds.Lot => "/lo/" + Code, ProblemKinds.Listing => "/san-pham/" + Code, _ => null };
}

public sealed record LabelsPage(Page<LabelReport> Page, Func<LabelReport, string> Key);
