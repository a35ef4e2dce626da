using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>Diary entries: by form, or by an idempotent PUT under an id that the client made.</summary>
[Authorize(Policy = Roles.Diary)]
public sealed class DiaryController(Lots lots, Diary diary, PictureInput pictures, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpPost("/quan-ly/lo/{code}/nhat-ky")]
    [CreatesOnce]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Create(string code, DiaryForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        foreach (var (field, message) in Check(form))
            ModelState.AddModelError(field, T[message]);
        var (ids, pictureError) = await pictures.TakeAsync($"producer:{lot.ProducerId}", form.Kept, form.Removed, Request, User.As(Roles.Seller));
        if (pictureError is not null)
            ModelState.AddModelError("Photos", pictureError);
        form = form with { Kept = ids };
        if (!ModelState.IsValid)
            return Invalid("Show", await LotPage.LoadAsync(db, lot, form, ct, pictureError));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await diary.AddAsync(tx, code, User.Id(), Draft(null, form, ids), User.As(Roles.Seller)))
        {
            case DiaryOutcome.Added added:
                await tx.CommitAsync(CancellationToken.None);
                return added.LotBlocked
                    ? SeeOtherAlerted($"/quan-ly/lo/{code}", T["Đã ghi. Lô này bị chặn bán vì chưa đủ thời gian cách ly; xem lý do bên dưới."])
                    : SeeOther($"/quan-ly/lo/{code}", T["Đã ghi nhật ký."]);
            case DiaryOutcome.Forbidden forbidden:
                ModelState.AddModelError(nameof(form.InputCode), T["{0} không được phép dùng ở Việt Nam.", forbidden.Input]);
                return Invalid("Show", await LotPage.LoadAsync(db, lot, form, ct));
            case DiaryOutcome.UnknownInput:
                ModelState.AddModelError(nameof(form.InputCode), T["Hãy chọn hoạt chất hoặc ghi tên thuốc."]);
                return Invalid("Show", await LotPage.LoadAsync(db, lot, form, ct));
            default:
                return Conflict();
        }
    }

    /// <summary>The form filled with an entry, to correct it: the old one stays and is marked.</summary>
    [HttpGet("/quan-ly/lo/{code}/nhat-ky/{id:guid}/sua")]
    public async Task<IActionResult> Edit(string code, Guid id, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var page = await LotPage.LoadAsync(db, lot, new DiaryForm(), ct);
        if (page.Entries.Find(e => e.EventId == id && !e.Corrected) is not { } entry)
            return NotFound();
        var input = page.Inputs.Find(i => i.Name == entry.InputName);
        return View("Show", page with
        {
            Form = new DiaryForm
            {
                Corrects = id,
                Kind = entry.Kind,
                DoneOn = entry.DoneOn,
                InputCode = input?.Code,
                InputName = input is null ? entry.InputName : null,
                Target = entry.Target,
                Amount = entry.Amount,
                AmountUnit = entry.AmountUnit,
                IntervalDays = entry.IntervalDays,
                Worker = entry.Worker,
                Weather = entry.Weather,
                Note = entry.Note,
                Kept = entry.PictureIds,
            },
        });
    }

    /// <summary>The same entry sent again changes nothing: 201 the first time, 200 afterwards.</summary>
    [HttpPut("/quan-ly/nhat-ky/{id:guid}")]
    [SameSiteForm]
    public async Task<IActionResult> Put(Guid id, [FromBody] DiaryPut? body, CancellationToken ct)
    {
        if (body is not { Lot.Length: > 0, Entry: not null })
            return Machines.Problem(StatusCodes.Status400BadRequest, "unreadable-entry", T["Mục nhật ký gửi lên không đọc được."]);
        if (id.Version != 7)
            return Machines.Problem(StatusCodes.Status422UnprocessableEntity, "not-uuidv7", T["Mã của mục nhật ký phải là UUIDv7."]);
        foreach (var (field, message) in Check(body.Entry))
            ModelState.AddModelError(field, T[message]);
        TryValidateModel(body.Entry);
        if (!ModelState.IsValid)
            return Machines.Problem(StatusCodes.Status422UnprocessableEntity, "invalid-entry", T["Mục nhật ký chưa đúng."], string.Join(' ', ModelState.Values.SelectMany(v => v.Errors).Select(e => e.ErrorMessage).Distinct()));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await diary.AddAsync(tx, body.Lot, User.Id(), Draft(id, body.Entry, []), User.As(Roles.Seller)))
        {
            case DiaryOutcome.Added added:
                await tx.CommitAsync(CancellationToken.None);
                return StatusCode(StatusCodes.Status201Created, new { id, lotBlocked = added.LotBlocked });
            case DiaryOutcome.Known:
                return Ok(new { id });
            case DiaryOutcome.Forbidden forbidden:
                return Machines.Problem(StatusCodes.Status422UnprocessableEntity, "forbidden-input", T["{0} không được phép dùng ở Việt Nam.", forbidden.Input]);
            case DiaryOutcome.UnknownInput:
                return Machines.Problem(StatusCodes.Status422UnprocessableEntity, "unknown-input", T["Hãy chọn hoạt chất hoặc ghi tên thuốc."]);
            case DiaryOutcome.NotCorrectable:
                return Machines.Problem(StatusCodes.Status409Conflict, "not-correctable", T["Mục này đã được sửa."]);
            default:
                return NotFound();
        }
    }

    private IEnumerable<(string Field, string Message)> Check(DiaryForm form)
    {
        if (form.Kind is not null && !DiaryKinds.Exists(form.Kind))
            yield return (nameof(form.Kind), "Hãy chọn việc đã làm.");
        if (form.DoneOn > Vietnamese.Today(clock))
            yield return (nameof(form.DoneOn), "Ngày làm không thể ở tương lai.");
        if (form.Kind == DiaryKinds.Spraying && form.InputCode is null && form.InputName is null)
            yield return (nameof(form.InputCode), "Hãy chọn hoạt chất hoặc ghi tên thuốc.");
        if (form.Kind == DiaryKinds.Spraying && form.IntervalDays is null)
            yield return (nameof(form.IntervalDays), "Hãy ghi thời gian cách ly in trên nhãn thuốc, tính bằng ngày.");
        if (form.Corrects is not null && string.IsNullOrWhiteSpace(form.CorrectionReason))
            yield return (nameof(form.CorrectionReason), "Hãy ghi lý do sửa.");
    }

    private static DiaryDraft Draft(Guid? id, DiaryForm f, Guid[] pictureIds) => new(
        id, f.Kind!, f.DoneOn!.Value, f.InputCode, f.InputName, f.Target, f.Amount, f.AmountUnit, f.IntervalDays, f.Worker, f.Weather, f.Note ?? "", pictureIds,
        f.Corrects, f.Corrects is null ? null : f.CorrectionReason);
}

/// <summary>A diary entry sent by a client that may repeat it.</summary>
public sealed record DiaryPut(string? Lot, DiaryForm? Entry);
