using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>The diary as it is kept in the field: one page that also opens without signal (js/field.js, sw.js), and what a phone sends from it, later and perhaps twice.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/nhat-ky")]
public sealed class FieldController(Diary diary, DiaryPhotos photos, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show([FromQuery(Name = "lo")] string? lot, CancellationToken ct) =>
        View("Field", await FieldPage.LoadAsync(db, User, new DiaryForm { DoneOn = Vietnamese.Today(clock) }, ct, lot));

    /// <summary>The same entry sent again changes nothing: 201 the first time, 200 afterwards, 409 where the id carries something else.</summary>
    [HttpPut("{id:guid}")]
    [SameSiteForm]
    [RequestSizeLimit(SentForm.MaxBytes)]
    public async Task<IActionResult> Put(Guid id)
    {
        var (sent, refused) = await SentForm.TakeAsync(Request, id, "lot", T);
        if (sent is null)
            return refused!;
        var form = new DiaryForm();
        await TryUpdateModelAsync(form, "", sent.Fields);
        foreach (var (field, message) in form.Faults(Vietnamese.Today(clock)).Concat(sent.Faults(clock.GetUtcNow())))
            ModelState.AddModelError(field, T[message]);
        if (!ModelState.IsValid)
            return Machines.InvalidForm("invalid-entry", T["Mục nhật ký chưa đúng."], ModelState);
        var draft = form.Draft(id, sent.Photos, sent.LabelPhoto is { } label ? [label] : []);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await diary.AddAsync(tx, sent.About, User.Id(), draft with { More = draft.More with { WrittenAt = sent.WrittenAt, SentHash = sent.Hash } }, User.As(Roles.Seller)))
        {
            case DiaryOutcome.Added added:
                await tx.CommitAsync(CancellationToken.None);
                return StatusCode(StatusCodes.Status201Created, new { id, lotBlocked = added.LotBlocked, harvestFrom = added.HarvestFrom is { } first ? Vietnamese.Date(first) : null });
            case DiaryOutcome.Known:
                return Ok(new { id });
            case DiaryOutcome.IdTaken:
                return Machines.Problem(StatusCodes.Status409Conflict, "id-taken", T["Mã này đã thuộc về một mục nhật ký khác."]);
            case DiaryOutcome.Forbidden forbidden:
                ModelState.AddModelError(nameof(form.InputCode), T["{0} không được phép dùng ở Việt Nam.", forbidden.Input]);
                return Machines.InvalidForm("forbidden-input", T["{0} không được phép dùng ở Việt Nam.", forbidden.Input], ModelState);
            case DiaryOutcome.Closed closed:
                ModelState.AddModelError(nameof(form.DoneOn), T[DiaryController.ClosedDiary, Vietnamese.Date(closed.On)]);
                return Machines.InvalidForm("closed-diary", T[DiaryController.ClosedDiary, Vietnamese.Date(closed.On)], ModelState);
            case DiaryOutcome.AreaMissing:
                ModelState.AddModelError(nameof(form.GrowingArea), T[EntryReading.NoArea]);
                return Machines.InvalidForm("no-growing-area", T[EntryReading.NoArea], ModelState);
            case DiaryOutcome.UnknownInput:
                ModelState.AddModelError(nameof(form.InputCode), T["Hãy chọn hoạt chất hoặc ghi tên thuốc."]);
                return Machines.InvalidForm("unknown-input", T["Hãy chọn hoạt chất hoặc ghi tên thuốc."], ModelState);
            case DiaryOutcome.TooMuch:
                ModelState.AddModelError(nameof(form.Quantity), T[DiaryController.TooMuchOfLot]);
                return Machines.InvalidForm("too-much", T[DiaryController.TooMuchOfLot], ModelState);
            case DiaryOutcome.NotCorrectable:
                return Machines.Problem(StatusCodes.Status409Conflict, "not-correctable", T["Mục này đã được sửa."]);
            default:
                return Machines.Problem(StatusCodes.Status404NotFound, "unknown-lot", T["Cơ sở của bạn không có lô này."]);
        }
    }

    /// <summary>A photo that the entry announced, as its bytes: 201 the first time, 200 afterwards. That of a label may free the lot which the text alone had blocked.</summary>
    [HttpPut("{id:guid}/anh/{photo:guid}")]
    [SameSiteForm]
    [DisableRequestSizeLimit]
    public async Task<IActionResult> PutPhoto(Guid id, Guid photo, CancellationToken ct)
    {
        if (await photos.FindAsync(db, id, photo, User.Id(), ct) is not { } announced)
            return Machines.Problem(StatusCodes.Status404NotFound, "unknown-photo", T["Không có mục nhật ký nào chờ ảnh này."]);
        if (announced.There)
            return Ok(new { id = photo, lotBlocked = await photos.BlocksAsync(db, announced) });
        var (renditions, refused) = await SentForm.PhotoAsync(Request, announced.IsLabel ? "LabelPhoto" : "Photos", announced.Taken, T);
        if (renditions is null)
            return refused!;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await photos.AddAsync(tx, announced, User.Id(), renditions, User.As(Roles.Seller));
        var blocks = await photos.BlocksAsync(tx, announced);
        await tx.CommitAsync(CancellationToken.None);
        return StatusCode(StatusCodes.Status201Created, new { id = photo, lotBlocked = blocks });
    }
}
