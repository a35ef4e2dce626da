using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Trace;

/// <summary>Somebody tells the Department that a lot, or its label, is not as the page says.</summary>
[AllowAnonymous]
[Route("/lo/{code:regex(^[[A-Za-z0-9-]]{{1,20}}$)}/bao-van-de")]
public sealed class ReportController(ProblemReports reports, Db db, Texts t) : PageController(t)
{
    private const string Form = "/Origin/_Problem.cshtml";

    [HttpGet("")]
    public async Task<IActionResult> New(string code, [FromQuery(Name = "da-gui")] bool sent, CancellationToken ct) =>
        await FindAsync(code, ct) is { } lot ? View(Form, Page(new(), lot, sent)) : NotFound();

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string code, LotProblemForm form, CancellationToken ct)
    {
        if (await FindAsync(code, ct) is not { } lot)
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid(Form, Page(form, lot, sent: false));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await reports.AddAsync(tx, ProblemKinds.Lot, lot, form.Matter!, form.Note, form.Contact, HttpContext.Connection.RemoteIpAddress))
            return TooMany(ProblemReports.Window);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/lo/{lot}/bao-van-de?da-gui=true");
    }

    private ProblemPage Page(ProblemForm form, string lot, bool sent) => new(form, "/lo/" + lot, T["Lô {0}", lot], sent);

    private Task<string?> FindAsync(string code, CancellationToken ct) =>
        db.FirstOrDefaultAsync<string>("select code from origin.lot where code = @code", new { code = code.ToUpperInvariant() }, ct);
}

public sealed record LotProblemForm : ProblemForm;
