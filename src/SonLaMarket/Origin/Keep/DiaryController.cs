using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>Diary entries by form: on the page of a lot, or on the one page for all lots (<see cref="FieldPage"/>).</summary>
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
    public async Task<IActionResult> Create(string code, DiaryForm form, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot
            ? await AddAsync(lot, form, async (refused, errors) => Invalid("Show", await LotPage.LoadAsync(db, lot, refused, ct, errors)))
            : NotFound();

    /// <summary>The page for all lots, where it has no script to keep and send entries.</summary>
    [HttpPost("/quan-ly/nhat-ky")]
    [CreatesOnce]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> CreateOfChosen(string? lot, DiaryForm form, CancellationToken ct)
    {
        async Task<IActionResult> AgainAsync(DiaryForm refused, PictureErrors? errors) => Invalid("Field", await FieldPage.LoadAsync(db, User, refused, ct, lot ?? "", errors));
        if (!string.IsNullOrEmpty(lot))
            return await lots.FindAsync(db, lot, User.Id(), ct) is { } chosen ? await AddAsync(chosen, form, AgainAsync) : NotFound();
        ModelState.AddModelError("Lot", T["Hãy chọn lô."]);
        return await AgainAsync(form, null);
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

    /// <summary>The diary is complete, or it is not after all.</summary>
    [Authorize(Policy = Roles.Seller)]
    [HttpPost("/quan-ly/lo/{code}/khep-nhat-ky")]
    public async Task<IActionResult> Close(string code, [FromForm(Name = "mo")] bool reopen, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await lots.CloseDiaryAsync(tx, lot.Code, !reopen, User.Id(), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{lot.Code}", reopen ? T["Đã mở lại nhật ký."] : T["Đã khép nhật ký. Việc đã làm đến hôm nay vẫn ghi bổ sung được, có dấu “ghi sau khi khép”."]);
    }

    /// <param name="again">The page with the refused form.</param>
    private async Task<IActionResult> AddAsync(Lot lot, DiaryForm form, Func<DiaryForm, PictureErrors?, Task<IActionResult>> again)
    {
        foreach (var (field, message) in form.Faults(Vietnamese.Today(clock)))
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
        if (!ModelState.IsValid)
            return await again(form, new PictureErrors(pictureError, labelError));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var page = $"/quan-ly/lo/{lot.Code}";
        switch (await diary.AddAsync(tx, lot.Code, User.Id(), form.Draft(null, ids, labels), User.As(Roles.Seller)))
        {
            case DiaryOutcome.Added done when Doubts(lot, form, done) is { Length: > 0 } doubts && AskOnce(string.Join(' ', doubts), T["Đúng, ghi như vậy"],
                (nameof(form.Kept), Ids(form.Kept)), (nameof(form.LabelKept), Ids(form.LabelKept)), (nameof(form.Removed), []), (nameof(form.LabelRemoved), [])) is { } question:
                return question;
            case DiaryOutcome.Added added:
                await tx.CommitAsync(CancellationToken.None);
                return added.LotBlocked
                    ? SeeOtherAlerted(page, added.Breach is { AwaitsPhoto: true } ? T["Đã ghi. Lô này bị chặn bán trong lúc chờ ảnh nhãn thuốc; xem bên dưới."]
                        : added.Breach is { IntervalDays: not null } breach
                        ? T["Đã ghi. Lô này bị chặn bán vì chưa đủ thời gian cách ly: thu hoạch sớm nhất là {0}. Xem lý do bên dưới.", Vietnamese.Date(breach.From)]
                        : T["Đã ghi. Lô này bị chặn bán vì chưa đủ thời gian cách ly; xem lý do bên dưới."])
                    : SeeOther(page, form is { Kind: DiaryKinds.Spraying, NoLabel: true }
                        ? T["Đã ghi nhật ký. Chưa có thời gian cách ly theo nhãn: thu hoạch trong một năm tới sẽ bị chặn bán cho đến khi cán bộ xem."]
                        : added.HarvestFrom is { } first ? T["Đã ghi nhật ký. Thu hoạch sớm nhất: {0}.", Vietnamese.Date(first)] : T["Đã ghi nhật ký."]);
            case DiaryOutcome.Forbidden forbidden:
                ModelState.AddModelError(nameof(form.InputCode), T["{0} không được phép dùng ở Việt Nam.", forbidden.Input]);
                return await again(form, null);
            case DiaryOutcome.Closed closed:
                ModelState.AddModelError(nameof(form.DoneOn), T[ClosedDiary, Vietnamese.Date(closed.On)]);
                return await again(form, null);
            case DiaryOutcome.AreaMissing:
                ModelState.AddModelError(nameof(form.GrowingArea), T[EntryReading.NoArea]);
                return await again(form, null);
            case DiaryOutcome.UnknownInput:
                ModelState.AddModelError(nameof(form.InputCode), T["Hãy chọn hoạt chất hoặc ghi tên thuốc."]);
                return await again(form, null);
            case DiaryOutcome.TooMuch:
                ModelState.AddModelError(nameof(form.Quantity), T[TooMuchOfLot]);
                return await again(form, null);
            default:
                return Conflict();
        }
    }

    /// <summary>Why work of a day after the closing is refused.</summary>
    internal const string ClosedDiary = "Nhật ký lô này đã khép ngày {0}: việc của ngày sau đó ghi vào lô khác.";

    /// <summary>Why a harvest is refused that would make a lot larger than any.</summary>
    internal const string TooMuchOfLot = "Các lần thu hoạch của lô này cộng lại quá 1.000 tấn. Hãy xem lại số và đơn vị, hoặc ghi vào lô khác.";

    /// <summary>What of the entry is mostly a mistake: asked before it is kept, all of it at once, with the photos that are stored by then.</summary>
    private string[] Doubts(Lot lot, DiaryForm form, DiaryOutcome.Added added) => [.. new[] { LateSpraying(lot, form), ShortInterval(form, added.UsualDays), EarlyHarvest(form, added.Breach) }.OfType<string>()];

    /// <summary>Who sprays after the lot was harvested mostly mistook the day, or the lot.</summary>
    private string? LateSpraying(Lot lot, DiaryForm form) =>
        form.Kind != DiaryKinds.Spraying || (lot.HarvestUntil ?? lot.HarvestedOn) is not { } harvested || harvested >= form.DoneOn ? null
        : T["Lô này đã thu hoạch xong ngày {0}, lần phun ghi ngày {1}. Ngày phun đúng chứ?", Vietnamese.Date(harvested), Vietnamese.Date(form.DoneOn!.Value)];

    /// <summary>A label that asks for less than the reference list was mostly misread; what the label says counts.</summary>
    private string? ShortInterval(DiaryForm form, int? usual) =>
        usual is null ? null
        : T["Thường cách ly {0} ngày theo danh mục; nhãn của bạn nói {1}. Số trên nhãn đúng chứ?", usual, form.IntervalDays!];

    /// <summary>Who harvests before an interval is over mostly mistook the day.</summary>
    private string? EarlyHarvest(DiaryForm form, LotBlocks.Breach? breach) =>
        form.Kind != DiaryKinds.Harvest || breach is null or { AwaitsPhoto: true } ? null
        : breach.IntervalDays is { } days
            ? T["Thu hoạch ngày {0} là sớm hơn thời gian cách ly {1} ngày của lần phun ngày {2}: sớm nhất là {3}. Ghi như vậy thì lô bị chặn bán. Ngày thu hoạch đúng chứ?", Vietnamese.Date(breach.Harvest), days, Vietnamese.Date(breach.DoneOn), Vietnamese.Date(breach.From)]
            : T["Lần phun ngày {0} chưa có thời gian cách ly theo nhãn thuốc: ghi thu hoạch thì lô bị chặn bán cho đến khi cán bộ xem. Ngày thu hoạch đúng chứ?", Vietnamese.Date(breach.DoneOn)];

    private static IEnumerable<string> Ids(Guid[]? pictures) => (pictures ?? []).Select(p => p.ToString());
}
