using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments.Desk;

/// <summary>The day's file of VNPAY against our book, payments that VNPAY would not tell about, terminals that never notify.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/doi-soat")]
public sealed class ReconciliationController(Reconciliation reconciliation, DayFiles files, Sweeper sweeper, VnpaySettings settings, Audit audit, RowKeys keys, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;
    private const string Kind = "difference";

    [HttpGet("")]
    public Task<IActionResult> Index(string? loai, string? sau, CancellationToken ct) => ShowAsync(loai, sau, new DayForm { Day = Vietnamese.Today(clock).AddDays(-1) }, null, ct);

    [HttpPost("tep")]
    [CreatesOnce]
    [KeepsFiles(nameof(file))]
    [RequestSizeLimit(10 << 20)]
    public async Task<IActionResult> Read(DayForm form, IFormFile? file, CancellationToken ct)
    {
        if (form.TmnCode is { Length: > 0 } one && (!one.All(char.IsAsciiLetterOrDigit) || !await db.SingleAsync<bool>("select exists (select 1 from payments.terminal where tmn_code = @one)", new { one }, ct)))
            ModelState.AddModelError("TmnCode", T["Không có cổng thanh toán nào với mã này."]);
        if (file is not { Length: > 0 and <= ProviderFile.MaxBytes } && string.IsNullOrWhiteSpace(form.Pasted))
            ModelState.AddModelError("file", T["Hãy chọn tệp CSV nhỏ hơn 8 MB, hoặc dán các dòng vào ô."]);
        if (!ModelState.IsValid)
            return Refused(await ShowAsync(null, null, form, null, ct));
        using var bytes = new MemoryStream();
        if (file is { Length: > 0 })
            await file.CopyToAsync(bytes, CancellationToken.None);
        else
            bytes.Write(System.Text.Encoding.UTF8.GetBytes(form.Pasted!));
        var terminal = form.TmnCode is { Length: > 0 } code ? code : null;
        var (lines, wrong) = ProviderFile.Read(bytes.ToArray(), form.Day!.Value, terminal);
        if (wrong is not null)
        {
            ModelState.AddModelError("file", T[wrong.Text, wrong.Args]);
            return Refused(await ShowAsync(null, null, form, null, ct));
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var compared = await reconciliation.CompareAsync(tx, form.Day!.Value, terminal, lines!, bytes.ToArray(), User.As(Roles.Operator));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-tri/doi-soat", Counted(compared));
    }

    [HttpPost("lay-tep")]
    public async Task<IActionResult> Fetch(DayForm form, CancellationToken ct)
    {
        if (settings.DayFileUrl.Length == 0)
            return NotFound();
        if (!ModelState.IsValid)
            return Refused(await ShowAsync(null, null, form, null, ct));
        var fetched = await files.FetchAsync(form.Day!.Value, User.As(Roles.Operator), CancellationToken.None);
        return SeeOther("/quan-tri/doi-soat", fetched.Compared is { } compared ? Counted(compared) : fetched.Why is { } why ? T[why.Text, why.Args] : T["Chưa lấy được tệp của ngày này."]);
    }

    [HttpPost("xu-ly")]
    public async Task<IActionResult> Settle(SettleForm form, CancellationToken ct)
    {
        if (keys.Open(Kind, form.Difference) is not { } id)
            return NotFound();
        if (!ModelState.IsValid)
            return Refused(await ShowAsync(null, null, new DayForm { Day = Vietnamese.Today(clock).AddDays(-1) }, id, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await reconciliation.SettleAsync(tx, id, Vietnamese.Clean(form.Note), User.As(Roles.Operator)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-tri/doi-soat", T["Đã ghi cách xử lý."]);
    }

    /// <summary>Asks VNPAY about the payment behind a difference, or about one in review.</summary>
    [HttpPost("{code}/hoi-lai")]
    public async Task<IActionResult> Ask(string code, CancellationToken ct)
    {
        if (await db.FirstOrDefaultAsync<long?>("select id from payments.payment where code = @code and method = 'vnpay'", new { code }, ct) is not { } id)
            return NotFound();
        if (!await sweeper.AskAboutAsync(id, CancellationToken.None))
            return SeeOtherAlerted("/quan-tri/doi-soat", T["VNPAY chưa trả lời. Hãy thử lại sau ít phút."]);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        await audit.WriteAsync(tx, User.As(Roles.Operator), "reconciliation.ask", "payment:" + code);
        await tx.CommitAsync(CancellationToken.None);
        var status = await db.SingleAsync<(string Status, string Method)>("select status, method from payments.payment where id = @id", new { id }, CancellationToken.None);
        return SeeOther("/quan-tri/doi-soat", T["Đã hỏi VNPAY. Khoản này: {0}.", T[PaymentState.Label(status.Status, status.Method)]]);
    }

    /// <summary>VNPAY's portal shows whether a try in doubt was paid.</summary>
    [HttpPost("{txnRef}/ket-luan")]
    public async Task<IActionResult> Decide([FromRoute] string txnRef, VerdictForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
            return Refused(await ShowAsync(null, null, new DayForm { Day = Vietnamese.Today(clock).AddDays(-1) }, null, ct, txnRef));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await reconciliation.DecideAsync(tx, txnRef, form.Outcome == "da-tra", Vietnamese.Clean(form.Reason), User.As(Roles.Operator)))
            return await tx.SingleAsync<bool>("select exists (select 1 from payments.attempt where txn_ref = @txnRef)", new { txnRef }) ? Conflict() : NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-tri/doi-soat", T["Đã ghi kết luận."]);
    }

    private string Counted(Compared compared) => T["Đã đọc {0} dòng: {1} chênh lệch, {2} mới, {3} đã khớp lại.", compared.Lines, compared.Found, compared.Added, compared.Gone];

    private IActionResult Refused(IActionResult view)
    {
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return view;
    }

    private async Task<IActionResult> ShowAsync(string? state, string? after, DayForm form, long? refused, CancellationToken ct, string? undecided = null)
    {
        const string select = """
            select d.id, d.day, d.kind, d.tmn_code, d.txn_ref, d.transaction_no, d.theirs_vnd, d.ours_vnd, d.status, d.note, d.settled_by is not null as by_person, d.settled_at, p.code as payment
            from payments.difference d left join payments.attempt a on a.id = d.attempt_id left join payments.payment p on p.id = a.payment_id
            where d.status = @state and (@before::bigint is null or d.id < @before) order by d.id desc limit @take;
            select count(*) from payments.difference where status = 'open';
            select p.code, p.payable, a.txn_ref, a.amount_vnd, a.settled_at as since, a.response_code, t.tmn_code
            from payments.attempt a join payments.payment p on p.id = a.payment_id join payments.terminal t on t.id = a.terminal_id where a.status = 'review' order by a.id desc limit 50;
            select day, tmn_code, line_count, read_at from payments.provider_file order by id desc limit 10
            """;
        var current = state == "da-xu-ly" ? "settled" : "open";
        long? before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : null;
        var (rows, open, review, read) = await db.MultipleAsync(select, new { state = current, before, take = Take + 1 }, async g =>
            ((await g.ReadAsync<DifferenceRow>()).ToList(), await g.ReadSingleAsync<long>(), (await g.ReadAsync<ReviewRow>()).ToList(), (await g.ReadAsync<ReadFile>()).ToList()), ct);
        var page = Page<DifferenceRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture)));
        return View("Reconciliation", new ReconciliationPage(current, open, page, review, read, await Reconciliation.SilentAsync(db, clock.GetUtcNow(), ct), await files.MissingAsync(ct), await Reconciliation.RefusedAsync(db, clock.GetUtcNow().AddDays(-1), ct), form, settings.DayFileUrl.Length > 0, r => keys.Seal(Kind, r.Id), refused, undecided, clock.GetUtcNow() - PaymentWindow.Decide));
    }
}

public sealed record DifferenceRow(long Id, DateOnly Day, string Kind, string TmnCode, string TxnRef, string TransactionNo, long? TheirsVnd, long? OursVnd, string Status, string Note, bool ByPerson, DateTimeOffset? SettledAt, string? Payment)
{
    public string Label => Kind switch
    {
        "unknown" => "VNPAY có, sàn không có giao dịch này",
        "not_paid_here" => "VNPAY đã thu, sàn chưa ghi đã trả",
        "amount" => "Số tiền khác nhau",
        "number" => "Mã giao dịch VNPAY khác nhau",
        "not_there" => "Sàn ghi đã trả, tệp VNPAY không có",
        "refund_unknown" => "VNPAY đã hoàn, sàn không có khoản hoàn này",
        "refund_state" => "Tình trạng hoàn tiền khác nhau",
        _ => "Sàn ghi đã hoàn, tệp VNPAY không có",
    };
}

/// <summary>A try in doubt.</summary>
public sealed record ReviewRow(string Code, string Payable, string TxnRef, long AmountVnd, DateTimeOffset Since, string? ResponseCode, string TmnCode)
{
    public string Order => OrderOf.Payable(Payable);
}

public sealed record ReadFile(DateOnly Day, string? TmnCode, int LineCount, DateTimeOffset ReadAt);

/// <param name="Refused">The difference whose note was refused.</param>
/// <param name="Undecided">The try in doubt whose verdict was refused.</param>
/// <param name="Late">What is in doubt since before is overdue.</param>
public sealed record ReconciliationPage(
    string State, long Open, Page<DifferenceRow> Page, IReadOnlyList<ReviewRow> Review, IReadOnlyList<ReadFile> Files, IReadOnlyList<SilentTerminal> Silent, IReadOnlyList<DateOnly> Missing, IReadOnlyList<RefusedNotices> RefusedNotices, DayForm Form, bool CanFetch, Func<DifferenceRow, string> Key, long? Refused,
    string? Undecided, DateTimeOffset Late);

public sealed record DayForm
{
    [Required(ErrorMessage = "Hãy nhập ngày của tệp.")]
    public DateOnly? Day { get; init; }

    [StringLength(8, ErrorMessage = "Mã website có đúng 8 chữ và số.")]
    public string? TmnCode { get; init; }

    [DataType(TypedBinder.Rows)]
    [StringLength(1_000_000, ErrorMessage = "Ô này nhận nhiều nhất 1.000.000 ký tự. Hãy gửi tệp.")]
    public string? Pasted { get; init; }
}

public sealed record VerdictForm
{
    [Required(ErrorMessage = "Hãy ghi lý do.")]
    [StringLength(300, ErrorMessage = "Lý do dài nhất 300 ký tự.")]
    public string? Reason { get; init; }

    [Required(ErrorMessage = "Hãy chọn kết luận.")]
    [RegularExpression("da-tra|chua-tra", ErrorMessage = "Hãy chọn kết luận.")]
    public string? Outcome { get; init; }
}

public sealed record SettleForm
{
    public string? Difference { get; init; }

    [Required(ErrorMessage = "Hãy ghi đã xử lý thế nào.")]
    [StringLength(300, ErrorMessage = "Ghi chú dài nhất 300 ký tự.")]
    public string? Note { get; init; }
}
