using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog.Detail;

/// <summary>Somebody tells the Department that a listing, or what came of it, is not as the page says.</summary>
[AllowAnonymous]
[Route("/san-pham/{slug}/bao-van-de")]
public sealed class ReportController(ProblemReports reports, Db db, Texts t) : PageController(t)
{
    private const string Form = "/Origin/_Problem.cshtml";

    [HttpGet("")]
    public async Task<IActionResult> New(string slug, [FromQuery(Name = "da-gui")] bool sent, CancellationToken ct) =>
        await FindAsync(slug, ct) is { } name ? View(Form, new ProblemPage(new(), "/san-pham/" + slug, name, sent)) : NotFound();

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string slug, ListingProblemForm form, CancellationToken ct)
    {
        if (await FindAsync(slug, ct) is not { } name)
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid(Form, new ProblemPage(form, "/san-pham/" + slug, name));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await reports.AddAsync(tx, ProblemKinds.Listing, slug, form.Matter!, form.Note, form.Contact, HttpContext.Connection.RemoteIpAddress))
            return TooMany(ProblemReports.Window);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/san-pham/{slug}/bao-van-de?da-gui=true");
    }

    private async Task<string?> FindAsync(string slug, CancellationToken ct) =>
        await db.FirstOrDefaultAsync<(string Title, string TitleEn)?>("select v.title, v.title_en from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version where l.slug = @slug", new { slug }, ct) is var (title, english) ? T.Of(title, english) : null;
}

public sealed record ListingProblemForm : ProblemForm;
