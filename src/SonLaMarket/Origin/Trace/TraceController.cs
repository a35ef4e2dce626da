using System.ComponentModel.DataAnnotations;
using Gs1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.Maps;

namespace SonLaMarket.Origin.Trace;

/// <summary>The page behind a label: what was checked, by whom, when; then the lot, its producer, its diary, its certificates.</summary>
public sealed class TraceController(ProblemReports reports, Scans scans, CommuneMaps maps, TraceDictionary dictionary, Db db, Texts t, TimeProvider clock, InlineStyle style, SiteOptions site) : PageController(t)
{
    [PublicPage]
    [Counted]
    [HttpGet("/lo/{code:regex(^[[A-Za-z0-9-]]{{1,20}}$)}")]
    public async Task<IActionResult> Show(string code, CancellationToken ct)
    {
        code = code.ToUpperInvariant();
        HttpContext.Tag(PageCache.Lot(code));
        if (Machines.Wanted(Request) == "ld+json")
            return await LotHistory.DocumentAsync(db, code, User.FindId(), User.IsInRole(Roles.Officer), site, ct) is { } document ? File(document, EpcisDocument.MediaType) : Unknown(code);
        if (await TracePage.LoadAsync(db, await dictionary.AllAsync(ct), code, Vietnamese.Today(clock), clock.GetUtcNow(), ct) is not { } page)
            return Unknown(code);
        HttpContext.Tag(PageCache.Producer(page.Lot.ProducerSlug));
        HttpContext.AllowInlineStyle(site, style);
        ViewData["Style"] = style.Css;
        ViewData["Map"] = page.Known ? await maps.OfAsync(page.Lot.CommuneCode, ct) : null;
        // The worker keeps this page for the field without signal; nothing that a signed-in person saw is kept.
        if (User.FindId() is null)
            Response.Headers[KeepOffline.Header] = "1";
        return PartialView(TracePage.View, page);
    }

    /// <summary>The diary to its oldest entry: the page behind the label shows the newest ones.</summary>
    [PublicPage]
    [HttpGet("/lo/{code:regex(^[[A-Za-z0-9-]]{{1,20}}$)}/toan-bo-nhat-ky")]
    public async Task<IActionResult> Diary(string code, string? sau, CancellationToken ct)
    {
        code = code.ToUpperInvariant();
        HttpContext.Tag(PageCache.Lot(code));
        if (await TraceDiary.LoadAsync(db, code, DiaryPlace.Parse(sau), ct) is not { } page)
            return NotFound();
        HttpContext.Tag(PageCache.Producer(page.Lot.ProducerSlug));
        return View("Diary", page);
    }

    /// <summary>What happened to the lot and to those that it was made from, to the first of it; the same for machines is at the lot's own address.</summary>
    [PublicPage]
    [HttpGet("/lo/{code:regex(^[[A-Za-z0-9-]]{{1,20}}$)}/lich-su")]
    public async Task<IActionResult> Events(string code, string? sau, CancellationToken ct)
    {
        code = code.ToUpperInvariant();
        HttpContext.Tag(PageCache.Lot(code));
        if (await TraceEvents.LoadAsync(db, code, sau, ct) is not { } page)
            return NotFound();
        HttpContext.Tag(PageCache.Producer(page.Lot.ProducerSlug));
        return View("Events", page);
    }

    /// <summary>Any other text in the place of a code: never ours.</summary>
    [AllowAnonymous]
    [HttpGet("/lo/{code}", Order = 1)]
    public IActionResult Unknown(string code)
    {
        scans.CountUnknown(code, null);
        return UnknownCode.Page(this, T, code);
    }

    /// <summary>The form stands on the page of an unknown code, which has the address of a cached one: it carries no token.</summary>
    [AllowAnonymous]
    [SameSiteForm]
    [HttpPost("/lo/bao-tem-la")]
    [CreatesOnce]
    public async Task<IActionResult> Report(ReportForm form)
    {
        if (!ModelState.IsValid)
        {
            ViewData["Title"] = T["Mã này không do sàn cấp"];
            return Invalid("Unknown", form.Code ?? "");
        }
        await using var tx = await db.BeginAsync();
        if (!await reports.AddAsync(tx, ProblemKinds.Label, form.Code!, ProblemKinds.Unknown, form.Note, form.Contact, HttpContext.Connection.RemoteIpAddress))
            return TooMany(ProblemReports.Window);
        await tx.CommitAsync();
        return SeeOther("/quet", T["Cảm ơn bạn. Cán bộ Sở Công Thương sẽ xem báo cáo này."]);
    }
}

public sealed record ReportForm
{
    [Required(ErrorMessage = "Hãy điền mục này.")]
    [StringLength(60, ErrorMessage = "Mã dài nhất 60 ký tự.")]
    public string? Code { get; init; }

    [StringLength(1000, ErrorMessage = "Ghi chú dài nhất 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Note { get; init; }

    [StringLength(120, ErrorMessage = "Liên hệ dài nhất 120 ký tự.")]
    public string? Contact { get; init; }
}
