using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments.Manage;

/// <summary>One payment with everything that happened to it, and the ways in which its money goes back.</summary>
[Authorize(Policy = Roles.Money)]
[Route("/quan-ly/tien")]
public sealed class RefundsController(RefundCases cases, Refunds refunds, Audit audit, Db db, Texts t) : PageController(t)
{
    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, CancellationToken ct) =>
        await LoadAsync(code, new GiveBackForm { FormKey = Codes.Random(16) }, ct) is { } page ? View("Payment", page) : NotFound();

    /// <summary>The seller wants to give a part back, or all: a case like any other, begun by them.</summary>
    [HttpPost("{code}/hoan")]
    public async Task<IActionResult> Open([FromRoute] string code, GiveBackForm form, CancellationToken ct)
    {
        if (await LoadAsync(code, form, ct) is not { } page)
            return NotFound();
        if (page.LeftVnd <= 0)
            return Conflict();
        if (form.Amount is { Amount: <= 0 })
            ModelState.AddModelError("Amount", T["Số tiền hoàn phải lớn hơn 0."]);
        else if (form.Amount is { } wanted && wanted.Amount > page.LeftVnd)
            ModelState.AddModelError("Amount", T["Còn hoàn được nhiều nhất {0}.", Vietnamese.Money(page.LeftVnd)]);
        if (!ModelState.IsValid || form.FormKey is not { Length: 16 })
            return Invalid("Payment", page);
        await using var tx = await db.BeginAsync();
        await cases.OpenAsync(tx, page.Payment.Payable, RefundCases.Goodwill, $"goodwill:{code}:{form.FormKey}", form.Amount!.Value.Amount, Vietnamese.Clean(form.Reason));
        await audit.WriteAsync(tx, User.As(Roles.Seller), "refund.open", "payment:" + code, Vietnamese.Clean(form.Reason), new { amountVnd = form.Amount.Value.Amount });
        await tx.CommitAsync();
        return SeeOther("/quan-ly/tien", T["Đã ghi khoản cần hoàn. Hãy gửi hoàn tiền ở dưới."]);
    }

    [HttpPost("hoan-qua-vnpay")]
    public async Task<IActionResult> Send(string? key)
    {
        await using var tx = await db.BeginAsync();
        var asked = await refunds.RequestAsync(tx, key ?? "", User.As(Roles.Seller));
        if (asked == RefundAsked.Impossible)
            return NotFound();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/tien", asked == RefundAsked.NeedsApproval ? T["Khoản lớn: cần một người khác duyệt trước khi gửi."] : T["Đã gửi yêu cầu hoàn tiền."]);
    }

    [HttpPost("duyet-hoan")]
    public async Task<IActionResult> Approve(string? refund)
    {
        await using var tx = await db.BeginAsync();
        if (!await refunds.ApproveAsync(tx, refund ?? "", User.Id(), User.As(Roles.Seller)))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/tien", T["Đã duyệt."]);
    }

    [HttpPost("rut-hoan")]
    public async Task<IActionResult> Withdraw(string? refund)
    {
        await using var tx = await db.BeginAsync();
        if (!await refunds.WithdrawAsync(tx, refund ?? "", User.Id(), "", User.As(Roles.Seller)))
            return NotFound();
        await tx.CommitAsync();
        return SeeOther("/quan-ly/tien", T["Đã rút lại yêu cầu hoàn tiền."]);
    }

    private async Task<PaymentPage?> LoadAsync(string code, GiveBackForm form, CancellationToken ct)
    {
        const string select = """
            select p.id, p.code, p.payable, p.method, p.status, p.amount_vnd, p.created_at, p.paid_at,
              case when p.status in ('paid', 'paid_late') then p.amount_vnd - coalesce((select sum(c.amount_vnd) from payments.refund_case c where c.payment_id = p.id and c.cause not in ('second_success', 'overpaid')), 0) else 0 end::bigint as left_vnd
            from payments.payment p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me where p.code = @code;

            select a.txn_ref, a.status, a.amount_vnd, a.started_at, a.settled_at, a.response_code, a.transaction_no, a.bank_code
            from payments.attempt a join payments.payment p on p.id = a.payment_id where p.code = @code order by a.id desc limit 50;

            select c.key, c.cause, c.note, c.amount_vnd, c.status, c.opened_at, c.closed_at from payments.refund_case c join payments.payment p on p.id = c.payment_id where p.code = @code order by c.id;

            select c.key, h.to_status, h.at, h.note, h.person_id is not null as by_person
            from payments.refund_change h join payments.refund f on f.id = h.refund_id join payments.refund_case c on c.id = f.case_id join payments.payment p on p.id = c.payment_id where p.code = @code order by h.id
            """;
        var page = await db.MultipleAsync(select, new { code, me = User.Id() }, async grid =>
            await grid.ReadFirstOrDefaultAsync<PaymentFacts>() is { } payment
                ? new PaymentPage(payment, (await grid.ReadAsync<AttemptRow>()).ToList(), (await grid.ReadAsync<CaseRow>()).ToList(), (await grid.ReadAsync<RefundStep>()).ToLookup(s => s.Key), form)
                : null, ct);
        return page is null ? null : page with { Entries = await Statement.OfPaymentAsync(db, page.Payment.Id, ct) };
    }
}

public sealed record PaymentFacts(long Id, string Code, string Payable, string Method, string Status, long AmountVnd, DateTimeOffset CreatedAt, DateTimeOffset? PaidAt, long LeftVnd)
{
    public string Order => OrderOf.Payable(Payable);
}

public sealed record AttemptRow(string TxnRef, string Status, long AmountVnd, DateTimeOffset StartedAt, DateTimeOffset? SettledAt, string? ResponseCode, string? TransactionNo, string? BankCode);

public sealed record CaseRow(string Key, string Cause, string Note, long AmountVnd, string Status, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt);

public sealed record RefundStep(string Key, string ToStatus, DateTimeOffset At, string Note, bool ByPerson);

/// <param name="Steps">What became of each case, by its key.</param>
public sealed record PaymentPage(PaymentFacts Payment, IReadOnlyList<AttemptRow> Attempts, IReadOnlyList<CaseRow> Cases, ILookup<string, RefundStep> Steps, GiveBackForm Form)
{
    public long LeftVnd => Payment.LeftVnd;

    /// <summary>What the books say of it: every figure of the page is made of these.</summary>
    public IReadOnlyList<Entry> Entries { get; init; } = [];
}

public sealed record GiveBackForm
{
    [Required(ErrorMessage = "Hãy nhập số tiền hoàn.")]
    public Vnd? Amount { get; init; }

    [Required(ErrorMessage = "Hãy nhập lý do.")]
    [StringLength(300, ErrorMessage = "Lý do dài nhất 300 ký tự.")]
    public string? Reason { get; init; }

    /// <summary>The same form sent twice opens one case.</summary>
    public string? FormKey { get; init; }
}
