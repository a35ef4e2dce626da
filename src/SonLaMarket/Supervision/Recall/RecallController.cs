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

/// <summary>Recalls: opened on lots, with what they reach; closed with what came of it.</summary>
[Authorize(Policy = Roles.Officer)]
public sealed class RecallController(Recalls recalls, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("/so-cong-thuong/thu-hoi")]
    public async Task<IActionResult> Index(string? sau, string? lo, CancellationToken ct) => View("Recalls", await PageAsync(new RecallForm { Lots = lo }, sau, ct));

    [HttpPost("/so-cong-thuong/thu-hoi")]
    [CreatesOnce]
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
    public async Task<IActionResult> Close(string number, [DataType(DataType.MultilineText)] string? note, CancellationToken ct)
    {
        if (!await db.SingleAsync<bool>("select exists (select 1 from origin.recall where number = @number)", new { number }, ct))
            return NotFound();
        if (note is null || note.Length is < 10 or > 2000)
        {
            ModelState.AddModelError("note", T["Hãy ghi kết quả thu hồi, từ 10 đến 2.000 ký tự."]);
            return Invalid("Recalls", await PageAsync(new RecallForm(), null, ct) with { Closing = number });
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await recalls.CloseAsync(tx, number, note, User.As(Roles.Officer)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/thu-hoi", T["Đã kết thúc thu hồi {0}.", number]);
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
    [DataType(DataType.MultilineText)]
    public string? Lots { get; init; }

    [Required(ErrorMessage = "Hãy ghi lý do thu hồi.")]
    [Characters(2000, MinimumLength = 10, ErrorMessage = "Lý do thu hồi cần từ 10 đến 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Reason { get; init; }

    [StringLength(1000, ErrorMessage = "Lời khuyên dài nhất 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Advice { get; init; }
}

public sealed record OfficerRecall(long Id, string Number, string Reason, string Advice, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt, string? ClosingNote, string[] LotCodes, long Listings, long OrderLines, long Buyers);

/// <param name="Closing">The recall whose closing was refused.</param>
public sealed record RecallPage(RecallForm Form, Page<OfficerRecall> Page, string? Closing = null);
