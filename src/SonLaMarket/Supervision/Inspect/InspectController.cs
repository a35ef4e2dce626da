using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Inspect;

/// <summary>An officer plans inspections and writes down what was seen.</summary>
[Authorize(Policy = Roles.Officer)]
[Route(InspectController.Path)]
public sealed class InspectController(Inspections inspections, PictureInput pictures, DocumentInput documents, Uploads uploads, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    public const string Path = "/so-cong-thuong/kiem-tra";
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index([FromQuery(Name = "loai")] string? which, string? sau, string? ve, CancellationToken ct) =>
        View("Index", await PageAsync(new PlanForm { Subject = ve is { Length: <= 300 } ? ve : null }, which == "da-xong", sau, ct));

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Plan(PlanForm form, CancellationToken ct)
    {
        var today = Vietnamese.Today(clock);
        if (form.On < today || form.On > today.AddYears(2))
            ModelState.AddModelError(nameof(form.On), T["Ngày dự kiến từ hôm nay đến hai năm tới."]);
        var subject = form.Subject is null ? null : await InspectionSubject.FindAsync(db, form.Subject, ct);
        if (form.Subject is not null && subject is null)
            ModelState.AddModelError(nameof(form.Subject), T["Không có, hoặc có nhiều hơn một lô, vùng trồng, cơ sở mang mã hay tên này."]);
        if (!ModelState.IsValid)
            return Invalid("Index", await PageAsync(form, false, null, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var id = await inspections.PlanAsync(tx, subject!, form.On!.Value, form.Purpose!, User.As(Roles.Officer));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"{Path}/{Inspections.Number(id)}", T["Đã lập lịch kiểm tra {0}.", Inspections.Number(id)]);
    }

    [HttpGet("KT-{id:long}")]
    public async Task<IActionResult> Show(long id, CancellationToken ct) => await FindAsync(id, ct) is { } row ? View("Show", new InspectionPage(row)) : NotFound();

    [HttpPost("KT-{id:long}/ghi")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public async Task<IActionResult> Record(long id, RecordForm form, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } row)
            return NotFound();
        if (!row.Open)
            return NotNow("Show", new InspectionPage(row), TooLate);
        foreach (var (field, message) in form.Faults(Vietnamese.Today(clock)))
            ModelState.AddModelError(field, T[message]);
        var (ids, error) = await pictures.TakeAsync(Owner(row), form.Kept, form.Removed, Request, User.As(Roles.Officer), "Photos");
        if (error is not null)
            ModelState.AddModelError("Photos", error);
        var page = new InspectionPage(row) { Pictures = ids, PictureError = error };
        if (!ModelState.IsValid)
            return Invalid("Show", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await inspections.RecordAsync(tx, id, form.Written(ids), User.As(Roles.Officer)))
            return NotNow("Show", new InspectionPage((await FindAsync(id, ct))!), TooLate);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"{Path}/{row.Number}", T["Đã ghi kết quả kiểm tra {0}. Cơ sở đã được báo.", row.Number]);
    }

    [HttpPost("KT-{id:long}/ket-qua-mau")]
    [RequestSizeLimit(12 << 20)]
    public async Task<IActionResult> Sample(long id, SampleForm form, IFormFile? report, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } row)
            return NotFound();
        if (row.RecordedAt is null || !row.AwaitsResult)
            return NotNow("Show", new InspectionPage(row), TooLate);
        if (form.Exceeds is not ("yes" or "no"))
            ModelState.AddModelError(nameof(form.Exceeds), T["Hãy chọn kết quả có vượt mức cho phép không."]);
        var (file, refused) = await documents.TakeAsync(Owner(row), form.FileId, report, User.As(Roles.Officer), ct);
        if (refused)
            ModelState.AddModelError("report", T["Phiếu kết quả phải là tệp PDF nhỏ hơn 10 MB."]);
        else if (file is null)
            ModelState.AddModelError("report", T["Hãy gửi kèm phiếu kết quả (PDF)."]);
        if (!ModelState.IsValid)
            return Invalid("Show", new InspectionPage(row) { ReportId = file, ReportName = file is { } kept ? await uploads.NameOfDocumentAsync(db, Owner(row), kept, ct) : null });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await inspections.SampleAsync(tx, id, new(Vietnamese.Clean(form.Laboratory), form.Result!, form.Exceeds == "yes", file!.Value), User.As(Roles.Officer)))
            return NotNow("Show", new InspectionPage((await FindAsync(id, ct))!), TooLate);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"{Path}/{row.Number}", T["Đã ghi kết quả mẫu của {0}. Cơ sở đã được báo.", row.Number]);
    }

    [HttpPost("KT-{id:long}/huy")]
    public async Task<IActionResult> Cancel(long id, CancelForm form, CancellationToken ct)
    {
        if (await FindAsync(id, ct) is not { } row)
            return NotFound();
        if (!row.Open)
            return NotNow("Show", new InspectionPage(row), TooLate);
        if (!ModelState.IsValid)
            return Invalid("Show", new InspectionPage(row));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await inspections.CancelAsync(tx, id, form.Reason!, User.As(Roles.Officer)))
            return NotNow("Show", new InspectionPage((await FindAsync(id, ct))!), TooLate);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(Path, T["Đã hủy lịch kiểm tra {0}.", row.Number]);
    }

    [HttpGet("KT-{id:long}/phieu-ket-qua")]
    public async Task<IActionResult> Report(long id, CancellationToken ct) =>
        await db.FirstOrDefaultAsync<Guid?>("select sample_file_id from supervision.inspection where id = @id", new { id }, ct) is { } file && await uploads.FindDocumentAsync(db, file, ct) is { } document
            ? PhysicalFile(document.Path, "application/pdf", document.Name)
            : NotFound();

    private string TooLate => T["Chưa ghi: trong lúc bạn xem, lần kiểm tra này đã được ghi hoặc hủy."];

    private static string Owner(InspectionRow row) => "inspection:" + row.Number;

    private Task<InspectionRow?> FindAsync(long id, CancellationToken ct) =>
        db.FirstOrDefaultAsync<InspectionRow>($"select {InspectionRow.Columns} from {InspectionRow.From} where i.id = @id", new { id }, ct);

    private async Task<InspectionsPage> PageAsync(PlanForm form, bool done, string? sau, CancellationToken ct)
    {
        const string open = $"""
            select {InspectionRow.Columns} from {InspectionRow.From}
            where i.recorded_at is null and i.cancelled_at is null and (@id::bigint is null or (i.planned_for, i.id) > (@day::date, @id)) order by i.planned_for, i.id limit @take
            """;
        const string closed = $"""
            select {InspectionRow.Columns} from {InspectionRow.From}
            where (i.recorded_at is not null or i.cancelled_at is not null) and (@id::bigint is null or i.id < @id) order by i.id desc limit @take
            """;
        const string figure = "select count(*) filter (where way = 'digital')::int as digital, count(*)::int as whole from supervision.inspection where recorded_at is not null and done_on >= @from";
        var today = Vietnamese.Today(clock);
        var after = Cursor.Parse(sau, 2) is [var on, var key] && DateOnly.TryParseExact(on, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? ((DateOnly Day, long Id)?)(day, id) : null;
        var rows = await db.QueryAsync<InspectionRow>(done ? closed : open, new { id = after?.Id, day = after?.Day, take = Take + 1 }, ct);
        var share = await db.SingleAsync<InspectionShare>(figure, new { from = new DateOnly(today.Year, 1, 1) }, ct);
        return new(form, done, today, share, Page<InspectionRow>.Of(rows, Take, r => Cursor.Of(r.PlannedFor.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), r.Id.ToString(CultureInfo.InvariantCulture))));
    }
}

/// <summary>Of this year's inspections, how many were written down in the market on the spot.</summary>
public sealed record InspectionShare(int Digital, int Whole)
{
    /// <summary>What the province's plan asks for, in percent.</summary>
    public const int Plan = 25;

    public int Percent => Whole == 0 ? 0 : Digital * 100 / Whole;
}

public sealed record InspectionsPage(PlanForm Form, bool Done, DateOnly Today, InspectionShare Share, Page<InspectionRow> Page);

/// <summary>What the fields of an inspection are made of (_RecordFields).</summary>
public abstract record RecordFields
{
    public RecordForm Record { get; init; } = new();

    public Guid[] Pictures { get; init; } = [];

    public string? PictureError { get; init; }
}

/// <param name="Row">The inspection as it is stored.</param>
public sealed record InspectionPage(InspectionRow Row) : RecordFields
{
    public SampleForm Sample { get; } = new();

    public CancelForm Cancel { get; } = new();

    public Guid? ReportId { get; init; }

    public string? ReportName { get; init; }
}
