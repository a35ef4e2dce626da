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
    /// <summary>The whole diary, page by page.</summary>
    [HttpGet("/quan-ly/lo/{code}/nhat-ky")]
    public async Task<IActionResult> Index(string code, string? sau, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("Diary", await DiaryReading.LoadAsync(db, lot.Id, sau, ct)) : NotFound();

    [HttpPost("/quan-ly/lo/{code}/nhat-ky")]
    [CreatesOnce]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Create(string code, DiaryForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        foreach (var (field, message) in Check(form))
            ModelState.AddModelError(field, T[message]);
        var owner = $"producer:{lot.ProducerId}";
        var (labels, labelError) = await pictures.TakeAsync(owner, form.LabelKept, form.LabelRemoved, Request, User.As(Roles.Seller), "LabelPhoto");
        var (ids, pictureError) = await pictures.TakeAsync(owner, form.Kept, form.Removed, Request, User.As(Roles.Seller), "Photos");
        if (pictureError is not null)
            ModelState.AddModelError("Photos", pictureError);
        if (labelError is null && labels.Length == 0 && form is { Kind: DiaryKinds.Spraying, NoLabel: false })
            labelError = T["Hãy chụp nhãn thuốc: số ngày cách ly phải lấy từ nhãn."];
        if (labelError is not null)
            ModelState.AddModelError("LabelPhoto", labelError);
        form = form with { Kept = ids, LabelKept = labels };
        var errors = new PictureErrors(pictureError, labelError);
        if (!ModelState.IsValid)
            return Invalid("Show", await LotPage.LoadAsync(db, lot, form, ct, errors));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await diary.AddAsync(tx, code, User.Id(), Draft(null, form, ids, labels), User.As(Roles.Seller)))
        {
            case DiaryOutcome.Added added:
                await tx.CommitAsync(CancellationToken.None);
                return added.LotBlocked
                    ? SeeOtherAlerted($"/quan-ly/lo/{code}", T["Đã ghi. Lô này bị chặn bán vì chưa đủ thời gian cách ly; xem lý do bên dưới."])
                    : SeeOther($"/quan-ly/lo/{code}", form is { Kind: DiaryKinds.Spraying, NoLabel: true }
                        ? T["Đã ghi nhật ký. Chưa có thời gian cách ly theo nhãn: thu hoạch trong một năm tới sẽ bị chặn bán cho đến khi cán bộ xem."] : T["Đã ghi nhật ký."]);
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
        return await DiaryRow.FindAsync(db, lot.Id, id, ct) is { Corrected: false } entry
            ? View("Show", await LotPage.LoadAsync(db, lot, DiaryForm.Of(entry) with { Corrects = id }, ct)) : NotFound();
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
        switch (await diary.AddAsync(tx, body.Lot, User.Id(), Draft(id, body.Entry, [], []), User.As(Roles.Seller)))
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
        if (form is { Kind: DiaryKinds.Spraying, IntervalDays: null, NoLabel: false })
            yield return (nameof(form.IntervalDays), "Hãy ghi thời gian cách ly in trên nhãn thuốc, tính bằng ngày.");
        if (form.Area is not null && DiaryColumns.HasArea(form.Kind) && form.AreaMeasure is null)
            yield return (nameof(form.Area), "Hãy ghi số và đơn vị diện tích, ví dụ 3 sào, 500 m2, 1,5 ha.");
        if (form.Volume is not null && DiaryColumns.HasVolume(form.Kind) && form.VolumeMeasure is null)
            yield return (nameof(form.Volume), "Hãy ghi số và đơn vị, ví dụ 5 bình, 5 bình 20 lít, 80 lít.");
        if (form.Quantity is not null && DiaryColumns.HasQuantity(form.Kind) && form.QuantityMeasure is null)
            yield return (nameof(form.Quantity), "Hãy ghi số và đơn vị khối lượng, ví dụ 3 tạ, 45 kg, 12 yến.");
        if (form.Corrects is not null && string.IsNullOrWhiteSpace(form.CorrectionReason))
            yield return (nameof(form.CorrectionReason), "Hãy ghi lý do sửa.");
    }

    private static DiaryDraft Draft(Guid? id, DiaryForm f, Guid[] pictureIds, Guid[] labels)
    {
        var (spraying, input) = (f.Kind == DiaryKinds.Spraying, DiaryKinds.UsesInput(f.Kind));
        return new(
            id, f.Kind!, f.DoneOn!.Value, input ? f.InputCode : null, input ? f.InputName : null, spraying ? f.Target : null, f.Amount, f.AmountUnit,
            spraying && !f.NoLabel ? f.IntervalDays : null, f.Worker, f.Weather, f.Note ?? "", pictureIds, f.Corrects, f.Corrects is null ? null : f.CorrectionReason)
        {
            More = new(f.AreaMeasure, f.VolumeMeasure, f.QuantityMeasure, spraying && labels.Length > 0 ? labels[0] : null, spraying ? f.LabelSource : null, f.Columns),
        };
    }
}

/// <summary>A diary entry sent by a client that may repeat it.</summary>
public sealed record DiaryPut(string? Lot, DiaryForm? Entry);
