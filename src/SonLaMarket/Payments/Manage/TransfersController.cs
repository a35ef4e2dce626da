using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments.Manage;

/// <summary>Transfers that are waited for and money that came: matched from the bank's statement, or by the seller's own hand.</summary>
[Authorize(Policy = Roles.Money)]
[Route("/quan-ly/tien/chuyen-khoan")]
public sealed class TransfersController(ProducerRegister producers, Transfers transfers, RowKeys keys, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;
    private const string Kind = "bank-credit";

    [HttpGet("")]
    public Task<IActionResult> Index(string? sau, CancellationToken ct) => ShowAsync(sau, new RefusedTransfer(), ct);

    [HttpPost("sao-ke")]
    [KeepsFiles(nameof(statement))]
    [RequestSizeLimit(4 << 20)]
    public async Task<IActionResult> Upload(StatementForm form, IFormFile? statement, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        if (!ModelState.IsValid)
            return await RefuseAsync(null, "", new RefusedTransfer(), ct);
        if (statement is not { Length: > 0 and <= StatementFile.MaxBytes } && string.IsNullOrWhiteSpace(form.Pasted))
            return await RefuseAsync("statement", T["Hãy chọn tệp sao kê CSV hoặc XLSX nhỏ hơn 2 MB, hoặc dán các dòng vào ô."], new RefusedTransfer(), ct);
        using var bytes = new MemoryStream();
        if (statement is not null)
            await statement.CopyToAsync(bytes, CancellationToken.None);
        var (today, field) = (Vietnamese.Today(clock), statement is { Length: > 0 } ? "statement" : "Pasted");
        switch (statement is { Length: > 0 } ? StatementFile.Read(bytes.ToArray(), today) : StatementFile.Read(form.Pasted!, today))
        {
            case StatementOutcome.Wrong wrong:
                var what = T[wrong.What, wrong.Value];
                return await RefuseAsync(field, wrong.Line == 0 ? what : T["Dòng {0}: {1} Chưa ghi nhận dòng nào.", wrong.Line, what], new RefusedTransfer(), ct);
            case StatementOutcome.Read read:
                await using (var tx = await db.BeginAsync(CancellationToken.None))
                {
                    var done = await transfers.ReadAsync(tx, producer.Id, read.Lines, User.As(Roles.Seller));
                    await tx.CommitAsync(CancellationToken.None);
                    return SeeOther("/quan-ly/tien/chuyen-khoan", T["Đã đọc {0} khoản tiền vào: {1} khớp, {2} chưa rõ, {3} đã đọc trước đó.", read.Lines.Count, done.Paid, done.Open, done.Known]);
                }
            default:
                return NotFound();
        }
    }

    /// <summary>The seller saw it on the account.</summary>
    [HttpPost("{code}/da-nhan")]
    public async Task<IActionResult> Received([FromRoute] string code, ReceivedForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        if (!await db.SingleAsync<bool>("select exists (select 1 from payments.payment where code = @code and producer_id = @Id and method = 'transfer')", new { code, producer.Id }, ct))
            return NotFound();
        if (!ModelState.IsValid)
            return await RefuseAsync(null, "", new RefusedTransfer(code), ct);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await transfers.ReceivedAsync(tx, producer.Id, code, Vietnamese.Clean(form.Reference), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/tien/chuyen-khoan", T["Đã ghi nhận tiền."]);
    }

    [HttpPost("gan")]
    public Task<IActionResult> Assign(CreditForm form, CancellationToken ct) => BookAsync(form, async (tx, producer, credit) =>
        {
            var code = new string([.. (form.Order ?? "").ToUpperInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(40)]);
            return await transfers.AssignAsync(tx, producer, credit, code.StartsWith("SLM", StringComparison.Ordinal) ? code[3..] : code, User.As(Roles.Seller)) is not { } assigned ? null
                : assigned.MissingVnd == 0 ? T["Đã ghi nhận tiền."]
                : T["Đã để bên đơn {0}, còn thiếu {1}. Khi phần còn lại vào, hãy ghi cho cùng đơn: cộng đủ thì đơn được trả.", assigned.Order, Vietnamese.Money(assigned.MissingVnd)];
        }, T["Không có đơn chuyển khoản nào của bạn với mã này."], ct);

    [HttpPost("gat")]
    public Task<IActionResult> SetAside(CreditForm form, CancellationToken ct) => BookAsync(form, async (tx, producer, credit) =>
            Vietnamese.Clean(form.Order) is { Length: > 0 and <= 300 } reason && await transfers.SetAsideAsync(tx, producer, credit, reason, User.As(Roles.Seller)) ? T["Đã gạt ra."] : null,
        T["Hãy ghi lý do, dài nhất 300 ký tự."], ct);

    /// <summary>What is done with a sum that came in and is still nobody's.</summary>
    /// <param name="book">Says what was done; null when it could not be.</param>
    private async Task<IActionResult> BookAsync(CreditForm form, Func<Tx, long, long, Task<string?>> book, string refusal, CancellationToken ct)
    {
        const string select = "select c.producer_id, c.status from payments.bank_credit c join producers.acting m on m.producer_id = c.producer_id and m.person_id = @me where c.id = @id";
        if (keys.Open(Kind, form.Credit) is not { } id)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await tx.FirstOrDefaultAsync<(long Producer, string Status)?>(select, new { me = User.Id(), id }) is not { } credit)
            return NotFound();
        if (credit.Status != "open")
            return Conflict();
        if (await book(tx, credit.Producer, id) is not { } done)
            return await tx.SingleAsync<string>("select status from payments.bank_credit where id = @id", new { id }) == "open" ? await RefuseAsync("Order", refusal, new RefusedTransfer(Credit: id), ct) : Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/tien/chuyen-khoan", done);
    }

    private Task<IActionResult> RefuseAsync(string? field, string message, RefusedTransfer refused, CancellationToken ct)
    {
        if (field is not null)
            ModelState.AddModelError(field, message);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return ShowAsync(null, refused, ct);
    }

    private async Task<IActionResult> ShowAsync(string? after, RefusedTransfer refused, CancellationToken ct)
    {
        const string select = """
            select p.id, p.code, p.payable, p.amount_vnd, p.status, p.created_at, p.hold_until, coalesce((select sum(c.amount_vnd) from payments.bank_credit c where c.payment_id = p.id and c.status = 'open'), 0)::bigint as noted_vnd from payments.payment p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me
            where p.method = 'transfer' and p.status in ('pending', 'expired') and (@before::bigint is null or p.id < @before) order by p.id desc limit @limit;
            select c.id, c.booked_on, c.amount_vnd, c.reference, c.words, p.payable, p.amount_vnd as expected_vnd, p.status in ('paid', 'paid_late') as paid from payments.bank_credit c join producers.acting m on m.producer_id = c.producer_id and m.person_id = @me
            left join payments.payment p on p.id = c.payment_id where c.status = 'open' order by c.id desc limit 100
            """;
        long? before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var (waiting, credits) = await db.MultipleAsync(select, new { me = User.Id(), before, limit = Take + 1 }, async g => ((await g.ReadAsync<WaitingRow>()).ToList(), (await g.ReadAsync<CreditRow>()).ToList()), ct);
        return View("Transfers", new TransfersPage(Page<WaitingRow>.Of(waiting, Take, w => Cursor.Of(w.Id.ToString(CultureInfo.InvariantCulture))), [.. credits.Select(c => c with { Key = keys.Seal(Kind, c.Id) })], refused));
    }
}

/// <param name="NotedVnd">What came for it and is less than its amount.</param>
public sealed record WaitingRow(long Id, string Code, string Payable, long AmountVnd, string Status, DateTimeOffset CreatedAt, DateTimeOffset? HoldUntil, long NotedVnd)
{
    public string Order => OrderOf.Payable(Payable);
}

/// <param name="Payable">What its words name, though the amount differs, or though it is paid.</param>
public sealed record CreditRow(long Id, DateOnly BookedOn, long AmountVnd, string Reference, string Words, string? Payable, long? ExpectedVnd, bool? Paid)
{
    public string Key { get; init; } = "";
}

/// <summary>What was refused, and where it was typed.</summary>
public sealed record RefusedTransfer(string? Code = null, long? Credit = null);

public sealed record TransfersPage(Page<WaitingRow> Waiting, IReadOnlyList<CreditRow> Credits, RefusedTransfer Refused);

public sealed record StatementForm
{
    [DataType(TypedBinder.Rows)]
    [StringLength(500_000, ErrorMessage = "Ô này nhận nhiều nhất 500.000 ký tự. Hãy gửi tệp.")]
    public string? Pasted { get; init; }
}

public sealed record ReceivedForm
{
    [Required(ErrorMessage = "Hãy nhập mã giao dịch của ngân hàng.")]
    [StringLength(100, ErrorMessage = "Mã giao dịch dài nhất 100 ký tự.")]
    public string? Reference { get; init; }
}

public sealed record CreditForm
{
    public string? Credit { get; init; }

    /// <summary>Code of an order, or why the line is set aside.</summary>
    public string? Order { get; init; }
}
