using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments.Desk;

/// <summary>The operator's second pair of eyes on large refunds, and what to do about those that VNPAY does not tell of.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/hoan-tien")]
public sealed class RefundDeskController(Refunds refunds, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    [HttpGet("")]
    public Task<IActionResult> Index(string? loai, string? sau, CancellationToken ct) => ListAsync(loai, sau, null, ct);

    [HttpPost("{code}/duyet")]
    public async Task<IActionResult> Approve(string code)
    {
        await using var tx = await db.BeginAsync();
        if (!await refunds.ApproveAsync(tx, code, null, User.As(Roles.Operator)))
            return await MissingAsync(tx, code);
        await tx.CommitAsync();
        return SeeOther("/quan-tri/hoan-tien", T["Đã duyệt."]);
    }

    [HttpPost("{code}/tu-choi")]
    public async Task<IActionResult> Decline([FromRoute] string code, DeclineForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return await ListAsync("cho-duyet", null, code, ct);
        await using var tx = await db.BeginAsync();
        if (!await refunds.WithdrawAsync(tx, code, null, Vietnamese.Clean(form.Reason), User.As(Roles.Operator)))
            return await MissingAsync(tx, code);
        await tx.CommitAsync();
        return SeeOther("/quan-tri/hoan-tien", T["Đã từ chối. Người bán thấy lý do."]);
    }

    [HttpPost("{code}/hoi-lai")]
    public async Task<IActionResult> Ask(string code)
    {
        await using var tx = await db.BeginAsync();
        if (!await refunds.AskNowAsync(tx, code, User.As(Roles.Operator)))
            return await MissingAsync(tx, code);
        await tx.CommitAsync();
        return SeeOther("/quan-tri/hoan-tien?loai=dang-di", T["VNPAY sẽ được hỏi lại trong vài giây."]);
    }

    /// <summary>VNPAY's portal shows what became of it.</summary>
    [HttpPost("{code}/ket-luan")]
    public async Task<IActionResult> Decide([FromRoute] string code, DecideForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return await ListAsync("doi-chieu", null, code, ct);
        await using var tx = await db.BeginAsync();
        if (!await refunds.DecideAsync(tx, code, form.Outcome == "da-hoan", Vietnamese.Clean(form.Reason), User.As(Roles.Operator)))
            return await MissingAsync(tx, code);
        await tx.CommitAsync();
        return SeeOther("/quan-tri/hoan-tien", T["Đã ghi kết luận."]);
    }

    private async Task<IActionResult> MissingAsync(Tx tx, string code) =>
        await tx.SingleAsync<bool>("select exists (select 1 from payments.refund where code = @code)", new { code }) ? Conflict() : NotFound();

    private async Task<IActionResult> ListAsync(string? state, string? after, string? refused, CancellationToken ct)
    {
        const string select = """
            select f.id, f.code, f.status, f.amount_vnd, f.requested_at, f.requested_by, f.response_code, f.transaction_no, f.hand_reference, p.payable, c.cause, coalesce(w.name, r.name) as producer_name, r.slug as producer_slug
            from payments.refund f join payments.refund_case c on c.id = f.case_id join payments.payment p on p.id = c.payment_id
            join producers.producer r on r.id = p.producer_id left join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            where f.status = any(@states) and (@before::bigint is null or f.id < @before) order by f.id desc limit @take;
            select count(*) filter (where status = 'awaiting_approval') as waiting, count(*) filter (where status = 'review') as review,
              count(*) filter (where status in ('requested', 'sending', 'processing', 'sent_to_bank')) as moving, count(*) filter (where status in ('rejected', 'refused')) as failed from payments.refund
            """;
        var current = RefundStates.All.FirstOrDefault(s => s.Word == state) ?? RefundStates.All[0];
        long? before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : null;
        var (rows, counts) = await db.MultipleAsync(select, new { states = current.Statuses, before, take = Take + 1 }, async g => ((await g.ReadAsync<DeskRow>()).ToList(), await g.ReadSingleAsync<DeskCounts>()), ct);
        var page = new RefundDeskPage(current.Word, counts, Page<DeskRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))), refused, User.Id());
        return refused is null ? View("Refunds", page) : Invalid("Refunds", page);
    }
}

/// <summary>The lists that the desk shows.</summary>
public sealed record RefundStates(string Word, string Label, string[] Statuses)
{
    public static readonly RefundStates[] All =
    [
        new("cho-duyet", "Chờ duyệt", [RefundStatus.AwaitingApproval]),
        new("doi-chieu", "Cần đối chiếu", [RefundStatus.Review]),
        new("dang-di", "Đang đi", [RefundStatus.Requested, RefundStatus.Sending, RefundStatus.Processing, RefundStatus.SentToBank]),
        new("khong-thanh", "Không thành", [RefundStatus.Rejected, RefundStatus.Refused]),
        new("xong", "Đã xong", [RefundStatus.Done, RefundStatus.Withdrawn]),
    ];
}

public sealed record DeskRow(long Id, string Code, string Status, long AmountVnd, DateTimeOffset RequestedAt, long? RequestedBy, string? ResponseCode, string? TransactionNo, string? HandReference, string Payable, string Cause, string ProducerName, string ProducerSlug)
{
    public string Order => OrderOf.Payable(Payable);
}

public sealed record DeskCounts(long Waiting, long Review, long Moving, long Failed)
{
    public long? Of(string word) => word switch { "cho-duyet" => Waiting, "doi-chieu" => Review, "dang-di" => Moving, "khong-thanh" => Failed, _ => null };
}

/// <param name="Refused">The refund for which a decision was typed that was refused.</param>
public sealed record RefundDeskPage(string State, DeskCounts Counts, Page<DeskRow> Page, string? Refused, long Me);

public sealed record DeclineForm
{
    [Required(ErrorMessage = "Hãy ghi lý do.")]
    [StringLength(300, ErrorMessage = "Lý do dài nhất 300 ký tự.")]
    public string? Reason { get; init; }
}

public sealed record DecideForm
{
    [Required(ErrorMessage = "Hãy ghi lý do.")]
    [StringLength(300, ErrorMessage = "Lý do dài nhất 300 ký tự.")]
    public string? Reason { get; init; }

    [Required(ErrorMessage = "Hãy chọn kết luận.")]
    [RegularExpression("da-hoan|chua-hoan", ErrorMessage = "Hãy chọn kết luận.")]
    public string? Outcome { get; init; }
}
