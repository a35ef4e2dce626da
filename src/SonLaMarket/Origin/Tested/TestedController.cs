using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Tested;

/// <summary>What laboratories found in a lot: handed in with a photo of the report, read by everybody on the trace page.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/lo/{code}/thu-nghiem")]
public sealed class TestedController(Lots lots, LabReports reports, PictureInput pictures, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("Index", await PageAsync(lot, new(), null, ct)) : NotFound();

    [HttpPost("")]
    [CreatesOnce]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Create(string code, LabReportForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var (ids, error) = await pictures.TakeAsync($"producer:{lot.ProducerId}", form.Kept, form.Removed, Request, User.As(Roles.Seller));
        error ??= ids.Length == 0 ? T["Hãy chụp phiếu kết quả."] : null;
        if (error is not null)
            ModelState.AddModelError("Photos", error);
        if (form.IssuedOn > Vietnamese.Today(clock))
            ModelState.AddModelError(nameof(form.IssuedOn), T["Ngày cấp không thể ở tương lai."]);
        form = form with { Kept = ids };
        if (!ModelState.IsValid)
            return Invalid("Index", await PageAsync(lot, form, error, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var draft = new LabReportDraft(Vietnamese.Clean(form.Laboratory), Vietnamese.Clean(form.Number), form.IssuedOn!.Value, Vietnamese.Clean(form.Tested), Vietnamese.Clean(form.Result), form.Exceeds!.Value, ids);
        if (await reports.AddAsync(tx, lot.Code, User.Id(), draft, User.As(Roles.Seller)) is not { } blocked)
        {
            ModelState.AddModelError(nameof(form.Number), T["Lô đã có phiếu này rồi."]);
            return Invalid("Index", await PageAsync(lot, form, null, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return blocked
            ? SeeOtherAlerted("/quan-ly/lo/" + lot.Code, T["Đã ghi kết quả. Lô bị chặn bán vì vượt mức cho phép; chỉ cán bộ gỡ được."])
            : SeeOther($"/quan-ly/lo/{lot.Code}/thu-nghiem", T["Đã ghi kết quả. Ai quét tem cũng đọc được."]);
    }

    /// <summary>A report that was typed wrongly is told no more.</summary>
    [HttpPost("{id:guid}/rut")]
    public async Task<IActionResult> Withdraw(string code, Guid id, WithdrawForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid("Index", await PageAsync(lot, new(), null, ct) with { Withdrawn = id });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await reports.WithdrawAsync(tx, lot.Code, User.Id(), id, Vietnamese.Clean(form.Reason), User.As(Roles.Seller)))
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{lot.Code}/thu-nghiem", T["Đã rút phiếu kết quả."]);
    }

    private async Task<TestedPage> PageAsync(Lot lot, LabReportForm form, string? pictureError, CancellationToken ct) => new(lot, await LabReports.OfLotAsync(db, lot.Id, ct), form, pictureError);
}

public sealed record TestedPage(Lot Lot, List<LabReport> Reports, LabReportForm Form, string? PictureError)
{
    /// <summary>The report whose withdrawal was refused.</summary>
    public Guid? Withdrawn { get; init; }
}

public sealed record WithdrawForm
{
    [Required(ErrorMessage = "Hãy ghi vì sao rút, từ 5 đến 300 ký tự.")]
    [Characters(300, MinimumLength = 5, ErrorMessage = "Hãy ghi vì sao rút, từ 5 đến 300 ký tự.")]
    public string? Reason { get; init; }
}

public sealed record LabReportForm
{
    [Required(ErrorMessage = "Hãy nhập tên phòng thử nghiệm.")]
    [Characters(160, MinimumLength = 2, ErrorMessage = "Tên phòng thử nghiệm từ 2 đến 160 ký tự.")]
    public string? Laboratory { get; init; }

    [Required(ErrorMessage = "Hãy nhập số phiếu.")]
    [Characters(80, ErrorMessage = "Số phiếu dài nhất 80 ký tự.")]
    public string? Number { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày cấp.")]
    public DateOnly? IssuedOn { get; init; }

    [Required(ErrorMessage = "Hãy ghi đã thử những gì.")]
    [Characters(200, MinimumLength = 2, ErrorMessage = "Mục này từ 2 đến 200 ký tự.")]
    public string? Tested { get; init; }

    [Required(ErrorMessage = "Hãy ghi kết quả trên phiếu.")]
    [Characters(500, MinimumLength = 2, ErrorMessage = "Kết quả từ 2 đến 500 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Result { get; init; }

    [Required(ErrorMessage = "Hãy chọn có vượt mức hay không.")]
    public bool? Exceeds { get; init; }

    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }
}
