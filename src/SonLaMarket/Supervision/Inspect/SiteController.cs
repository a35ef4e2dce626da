using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Inspect;

/// <summary>Inspections written down on the spot: one page that also opens without signal (js/field.js, sw.js), and what a device sends from it, later and perhaps twice.</summary>
[Authorize(Policy = Roles.Officer)]
[Route(SiteController.Path)]
public sealed class SiteController(SentInspections sent, Inspections inspections, PictureInput pictures, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    public const string Path = InspectController.Path + "/tai-cho";

    /// <summary>In the place of a number: the visit was not planned, what it is about is typed.</summary>
    public const string Unplanned = "moi";

    [HttpGet("")]
    public async Task<IActionResult> Show([FromQuery(Name = "lan")] string? visit, [FromQuery(Name = "ma")] string? code, CancellationToken ct) =>
        View("Site", (await SitePage.LoadAsync(db, User, visit, ct)).Of(code is { Length: <= 300 } ? Vietnamese.Clean(code) : "") with { Record = new() { DoneOn = Vietnamese.Today(clock) } });

    /// <summary>The page where it has no script to keep and send inspections.</summary>
    [HttpPost("")]
    [CreatesOnce]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Create(string? visit, string? subject, IFormFile? label, RecordForm form, CancellationToken ct)
    {
        if (visit == Unplanned && string.IsNullOrWhiteSpace(subject) && label is { Length: > 0 })
            subject = await ReadAsync(label, ct);
        form = form with { Way = InspectionWay.Digital };
        var (planned, about) = await SubjectAsync(visit, subject, ct);
        foreach (var (field, message) in form.Faults(Vietnamese.Today(clock)))
            ModelState.AddModelError(field, T[message]);
        var (ids, error) = await pictures.TakeAsync(SentInspections.Owner(User.Id()), form.Kept, form.Removed, Request, User.As(Roles.Officer), "Photos");
        if (error is not null)
            ModelState.AddModelError("Photos", error);
        async Task<SitePage> AgainAsync() => await SitePage.LoadAsync(db, User, visit, ct) with { Pictures = ids, PictureError = error };
        if (!ModelState.IsValid)
            return Invalid("Site", await AgainAsync());
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var id = planned ?? await inspections.PlanAsync(tx, about!, form.DoneOn!.Value, "", User.As(Roles.Officer));
        if (!await inspections.RecordAsync(tx, id, form.Written(ids), User.As(Roles.Officer)))
            return NotNow("Site", await AgainAsync(), T["Chưa ghi: trong lúc bạn xem, lần kiểm tra này đã được ghi hoặc hủy."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"{InspectController.Path}/{Inspections.Number(id)}", T["Đã ghi kết quả kiểm tra {0}. Cơ sở đã được báo.", Inspections.Number(id)]);
    }

    /// <summary>The same inspection sent again changes nothing: 201 the first time, 200 afterwards, 409 where the id carries something else or the visit is over.</summary>
    [HttpPut("{id:guid}")]
    [SameSiteForm]
    [RequestSizeLimit(SentForm.MaxBytes)]
    public async Task<IActionResult> Put(Guid id, CancellationToken ct)
    {
        var (taken, refused) = await SentForm.TakeAsync(Request, id, "visit", T);
        if (taken is null)
            return refused!;
        var form = new RecordForm();
        await TryUpdateModelAsync(form, "", taken.Fields);
        form = form with { Way = InspectionWay.Digital };
        var (planned, about) = await SubjectAsync(taken.About, taken.Fields.GetValue("Subject").FirstValue, ct);
        foreach (var (field, message) in form.Faults(Vietnamese.Today(clock)).Concat(taken.Faults(clock.GetUtcNow())))
            ModelState.AddModelError(field, T[message]);
        if (!ModelState.IsValid)
            return Machines.InvalidForm("invalid-inspection", T["Kết quả kiểm tra chưa đúng."], ModelState);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await sent.TakeAsync(tx, planned, about, form.Written(taken.Photos), new(id, taken.Hash, taken.WrittenAt), User.As(Roles.Officer)))
        {
            case SentOutcome.Recorded recorded:
                await tx.CommitAsync(CancellationToken.None);
                return StatusCode(StatusCodes.Status201Created, new { id, recorded.Number });
            case SentOutcome.Known known:
                return Ok(new { id, known.Number });
            case SentOutcome.IdTaken:
                return Machines.Problem(StatusCodes.Status409Conflict, "id-taken", T["Mã này đã thuộc về một lần kiểm tra khác."]);
            default:
                return Machines.Problem(StatusCodes.Status409Conflict, "inspection-over", T["Lần kiểm tra này đã được ghi hoặc hủy. Nếu vẫn cần ghi, chọn “Không có trong lịch”."]);
        }
    }

    /// <summary>What the code on a label says, for an inspection of an unplanned visit that was written down by the label's photo: asked before it is sent, again and again if need be. Nothing is kept.</summary>
    [HttpPut("{id:guid}/tem")]
    [SameSiteForm]
    [DisableRequestSizeLimit]
    public async Task<IActionResult> PutLabel(Guid id)
    {
        var (code, refused) = await SentForm.CodeAsync(Request, "Label", T);
        return code is null ? refused! : Ok(new { id, code });
    }

    /// <summary>A photo that the inspection announced, as its bytes: 201 the first time, 200 afterwards.</summary>
    [HttpPut("{id:guid}/anh/{photo:guid}")]
    [SameSiteForm]
    [DisableRequestSizeLimit]
    public async Task<IActionResult> PutPhoto(Guid id, Guid photo, CancellationToken ct)
    {
        if (await sent.FindAsync(db, id, photo, User.Id(), ct) is not { } announced)
            return Machines.Problem(StatusCodes.Status404NotFound, "unknown-photo", T["Không có lần kiểm tra nào của bạn chờ ảnh này."]);
        if (announced.There)
            return Ok(new { id = photo });
        var (renditions, refused) = await SentForm.PhotoAsync(Request, "Photos", announced.Taken, T);
        if (renditions is null)
            return refused!;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await sent.AddAsync(tx, id, photo, User.Id(), renditions, User.As(Roles.Officer));
        await tx.CommitAsync(CancellationToken.None);
        return StatusCode(StatusCodes.Status201Created, new { id = photo });
    }

    /// <summary>What the code on the label says, from then on as if it had been typed: the photo is gone when another field is wrong. Null with the message beside its field.</summary>
    private async Task<string?> ReadAsync(IFormFile label, CancellationToken ct)
    {
        var (code, refused) = await Images.ReadCodeAsync(label, ct);
        if (refused is not null)
        {
            ModelState.AddModelError("Label", T[refused.Message]);
            return null;
        }
        ModelState.SetModelValue("Subject", code, code);
        ModelState.MarkFieldValid("Subject");
        return code;
    }

    /// <summary>The planned inspection, or what one that was not planned is about; with neither the message stands beside its field.</summary>
    private async Task<(long? Planned, InspectionSubject? About)> SubjectAsync(string? visit, string? typed, CancellationToken ct)
    {
        if (visit is not null && visit.StartsWith("KT-", StringComparison.Ordinal) && long.TryParse(visit.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && await db.SingleAsync<bool>("select exists (select 1 from supervision.inspection where id = @id)", new { id }, ct))
            return (id, null);
        if (visit != Unplanned)
            ModelState.AddModelError("Visit", T["Hãy chọn lần kiểm tra."]);
        else if (string.IsNullOrWhiteSpace(typed) && ModelState["Label"]?.Errors.Count > 0)
            return (null, null);
        else if (string.IsNullOrWhiteSpace(typed))
            ModelState.AddModelError("Subject", T["Hãy ghi mã lô, mã số vùng trồng hoặc tên cơ sở."]);
        else if (typed.Length > 300)
            ModelState.AddModelError("Subject", T["Mã hoặc tên dài nhất 300 ký tự."]);
        else if (await InspectionSubject.FindAsync(db, typed, ct) is { } about)
            return (null, about);
        else
            ModelState.AddModelError("Subject", T["Không có, hoặc có nhiều hơn một lô, vùng trồng, cơ sở mang mã hay tên này."]);
        return (null, null);
    }
}
