using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Recall;

/// <summary>Recalls: opened on lots, with what they reach; closed with what came of it. Blocks that an officer may lift.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class RecallController(Recalls recalls, LotBlocks blocks, LabelReports reports, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("/so-cong-thuong/thu-hoi")]
    public async Task<IActionResult> Index(string? sau, string? lo, CancellationToken ct) => View("Recalls", await PageAsync(new RecallForm { Lots = lo }, sau, ct));

    [HttpPost("/so-cong-thuong/thu-hoi")]
    public async Task<IActionResult> Create(RecallForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Invalid("Recalls", await PageAsync(form, null, ct));
        var codes = form.Lots!.ToUpperInvariant().Split([' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var number = await recalls.OpenAsync(tx, codes, form.Reason!, form.Advice ?? "", User.As(Roles.Officer));
        if (number is null)
        {
            ModelState.AddModelError(nameof(form.Lots), T["Có mã lô không tồn tại. Hãy kiểm tra lại từng mã."]);
            return Invalid("Recalls", await PageAsync(form, null, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/thu-hoi", T["Đã mở thu hồi {0}. Lô bị chặn bán ngay; đơn chưa gửi được giữ lại.", number]);
    }

    [HttpPost("/so-cong-thuong/thu-hoi/{number}/ket-thuc")]
    public async Task<IActionResult> Close(string number, string? note)
    {
        if (note is null || note.Length < 10)
            return SeeOther("/so-cong-thuong/thu-hoi", T["Chưa kết thúc: hãy ghi kết quả thu hồi, từ 10 ký tự."]);
        await using var tx = await db.BeginAsync();
        if (!await recalls.CloseAsync(tx, number, note, User.As(Roles.Officer)))
            return await db.SingleAsync<bool>("select exists (select 1 from origin.recall where number = @number)", new { number }) ? Conflict() : NotFound();
        await tx.CommitAsync();
        return SeeOther("/so-cong-thuong/thu-hoi", T["Đã kết thúc thu hồi {0}.", number]);
    }

    [HttpGet("/so-cong-thuong/lo-bi-chan")]
    public async Task<IActionResult> Blocks(string? sau, CancellationToken ct)
    {
        const string select = """
            select b.id, l.code, p.name as product_name, r.name as producer_name, b.cause, b.note, b.blocked_at from origin.lot_block b join origin.lot l on l.id = b.lot_id
              join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id
            where b.lifted_at is null and b.cause <> 'recall' and (@before::bigint is null or b.id < @before) order by b.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<OpenBlock>(select, new { before, take = Take + 1 }, ct);
        return View("Blocks", Page<OpenBlock>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>The officer's override: public, with its reason.</summary>
    [HttpPost("/so-cong-thuong/lo-bi-chan/{code}/go-chan")]
    public async Task<IActionResult> Lift(string code, long block, string? reason)
    {
        if (!await db.SingleAsync<bool>("select exists (select 1 from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @code and b.id = @block)", new { code, block }))
            return NotFound();
        if (reason is null || reason.Length < 10)
            return SeeOther("/so-cong-thuong/lo-bi-chan", T["Chưa gỡ: hãy ghi lý do công khai, từ 10 ký tự."]);
        await using var tx = await db.BeginAsync();
        if (!await blocks.LiftAsync(tx, block, reason, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/so-cong-thuong/lo-bi-chan", T["Đã gỡ chặn lô {0}. Lý do hiện trên trang truy xuất.", code]);
    }

    [HttpGet("/so-cong-thuong/bao-cao-tem")]
    public async Task<IActionResult> Labels(string? sau, CancellationToken ct)
    {
        const string select = """
            select id, code, note, contact, reported_at, handled_at from origin.unknown_code_report where @before::bigint is null or id < @before order by id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<LabelReport>(select, new { before, take = Take + 1 }, ct);
        return View("Labels", Page<LabelReport>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }

    [HttpPost("/so-cong-thuong/bao-cao-tem/da-xem")]
    public async Task<IActionResult> HandleLabel(long report)
    {
        await using var tx = await db.BeginAsync();
        if (!await reports.HandleAsync(tx, report, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther("/so-cong-thuong/bao-cao-tem", T["Đã đánh dấu."]);
    }

    private async Task<RecallPage> PageAsync(RecallForm form, string? sau, CancellationToken ct)
    {
        const string select = """
            select r.id, r.number, r.reason, r.advice, r.opened_at, r.closed_at, r.closing_note,
              array(select l.code from origin.recall_lot x join origin.lot l on l.id = x.lot_id where x.recall_id = r.id order by l.code) as lot_codes,
              (select count(distinct l.id) from origin.recall_lot x join origin.lot o on o.id = x.lot_id join catalog.listing l on l.product_id = o.product_id where x.recall_id = r.id) as listings,
              (select count(*) from origin.recall_lot x join orders.line_lot y on y.lot_id = x.lot_id where x.recall_id = r.id) as order_lines,
              (select count(distinct s.purchase_id) from origin.recall_lot x join orders.line_lot y on y.lot_id = x.lot_id join orders.line n on n.id = y.line_id join orders.sub_order s on s.id = n.sub_order_id where x.recall_id = r.id) as buyers
            from origin.recall r where @before::bigint is null or r.id < @before order by r.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<OfficerRecall>(select, new { before, take = Take + 1 }, ct);
        return new(form, Page<OfficerRecall>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }
}

public sealed record RecallForm
{
    [Required(ErrorMessage = "Hãy nhập ít nhất một mã lô.")]
    [StringLength(4000, ErrorMessage = "Danh sách mã lô quá dài.")]
    public string? Lots { get; init; }

    [Required(ErrorMessage = "Hãy ghi lý do thu hồi.")]
    [StringLength(2000, MinimumLength = 10, ErrorMessage = "Lý do thu hồi cần từ 10 đến 2.000 ký tự.")]
    public string? Reason { get; init; }

    [StringLength(1000, ErrorMessage = "Lời khuyên dài nhất 1.000 ký tự.")]
    public string? Advice { get; init; }
}

public sealed record OfficerRecall(long Id, string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosingNote, string[] LotCodes, long Listings, long OrderLines, long Buyers);

public sealed record RecallPage(RecallForm Form, Page<OfficerRecall> Page);

public sealed record OpenBlock(long Id, string Code, string ProductName, string ProducerName, string Cause, string Note, DateTimeOffset BlockedAt);

public sealed record LabelReport(long Id, string Code, string Note, string Contact, DateTimeOffset ReportedAt, DateTimeOffset? HandledAt);
