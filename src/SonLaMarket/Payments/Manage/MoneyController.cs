using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments.Books;
using SonLaMarket.Producers;

namespace SonLaMarket.Payments.Manage;

/// <summary>What was paid to a seller, what is still coming, what has to go back.</summary>
[Authorize(Policy = Roles.Money)]
[Route("/quan-ly/tien")]
public sealed class MoneyController(Sweeper sweeper, Refunds refunds, IPayable payable, ProducerRegister producers, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    /// <summary>As many as a phone shows before somebody looks for one.</summary>
    private const int Take = 5;

    /// <summary>Of what is awaited, so many of the oldest are looked at for the next day.</summary>
    private const int MostAwaited = 50;

    [HttpGet("")]
    public Task<IActionResult> Index([FromQuery(Name = "loai")] string? state, string? sau, CancellationToken ct) => ShowAsync(state, sau, null, ct);

    /// <summary>The seller gave the money back, in VNPAY's portal, by transfer or in cash.</summary>
    [HttpPost("hoan-tien")]
    public async Task<IActionResult> GivenBack(GivenBackForm form, CancellationToken ct)
    {
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return await ShowAsync(null, null, form.Key, ct);
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var asked = await refunds.GivenBackAsync(tx, form.Key ?? "", Vietnamese.Clean(form.Reference), User.As(Roles.Seller));
        if (asked == RefundAsked.Impossible)
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/tien", asked == RefundAsked.Done ? T["Đã ghi nhận hoàn tiền."] : T["Khoản lớn: cần một người khác duyệt thì mới ghi là đã hoàn."]);
    }

    private async Task<IActionResult> ShowAsync(string? state, string? after, string? refused, CancellationToken ct)
    {
        const string select = """
            select coalesce(sum(l.amount_vnd) filter (where p.method = 'vnpay'), 0)::bigint as online_vnd, coalesce(sum(l.amount_vnd) filter (where p.method = 'transfer'), 0)::bigint as transfer_vnd
            from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id
              join producers.acting m on m.producer_id = l.producer_id and m.person_id = @me
            where l.account = 'seller-receivable' and o.kind = 'payment';

            select coalesce(sum(p.amount_vnd), 0)::bigint as amount_vnd, count(*)::int as orders from payments.payment p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me where p.status = 'pending';

            select p.payable, p.hold_until from payments.payment p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me where p.status = 'pending' order by p.id limit @MostAwaited;

            select r.key, r.cause, r.note, r.amount_vnd, r.opened_at, p.payable, p.code as payment, p.method, f.code as refund, f.status as refund_status, f.requested_by, f.response_code, f.hand_reference
            from payments.refund_case r join payments.payment p on p.id = r.payment_id
              join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me
              left join lateral (select x.code, x.status, x.requested_by, x.response_code, x.hand_reference from payments.refund x where x.case_id = r.id order by x.id desc limit 1) f on true
            where r.status = 'open' order by r.id limit 100;

            select p.id, p.code, p.payable, p.method, p.status, p.amount_vnd, p.created_at, p.hold_until
            from payments.payment p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me
            where (not @waiting or p.status = 'pending') and (@before::bigint is null or p.id < @before) order by p.id desc limit @limit;
            """;
        long? before = Cursor.Parse(after, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var waiting = state == "dang-cho";
        var page = await db.MultipleAsync(select, new { me = User.Id(), waiting, before, MostAwaited, limit = Take + 1 }, async grid => new MoneyPage(
            await grid.ReadSingleAsync<Sums>(),
            await grid.ReadSingleAsync<Waited>(),
            (await grid.ReadAsync<AwaitedRow>()).ToList(),
            (await grid.ReadAsync<RefundRow>()).ToList(),
            Page<PaymentRow>.Of((await grid.ReadAsync<PaymentRow>()).ToList(), Take, p => Cursor.Of(p.Id.ToString(CultureInfo.InvariantCulture)))), ct);
        var month = Period.Month(Vietnamese.Today(clock));
        var own = await producers.OfMemberAsync(db, User.Id(), ct);
        var facts = await payable.FactsAsync(db, [.. page.Payments.Items.Select(p => p.Payable).Concat(page.Awaited.Select(w => w.Payable)).Distinct()], ct);
        return View("Money", page with
        {
            Me = User.Id(),
            Refused = refused,
            Waiting = waiting,
            Month = own is null ? null : await PeriodSums.OfAsync(db, own.Id, month, ct),
            Ever = own is null ? null : await PeriodSums.OfAsync(db, own.Id, new(BooksController.Beginning, month.Last), ct),
            Facts = facts,
        });
    }

    /// <summary>Asks VNPAY once more about a payment it would not answer for.</summary>
    [HttpPost("{code}/hoi-lai")]
    public async Task<IActionResult> Ask(string code, CancellationToken ct)
    {
        const string find = "select p.id, p.status from payments.payment p join producers.acting m on m.producer_id = p.producer_id and m.person_id = @me where p.code = @code";
        if (await db.FirstOrDefaultAsync<Doubtful>(find, new { code, me = User.Id() }, ct) is not { } payment)
            return NotFound();
        if (payment.Status != "review")
            return Conflict();
        return await sweeper.AskAboutAsync(payment.Id, CancellationToken.None)
            ? SeeOther("/quan-ly/tien", T["Đã hỏi lại VNPAY."])
            : SeeOtherAlerted("/quan-ly/tien", T["VNPAY chưa trả lời. Hãy thử lại sau ít phút."]);
    }

    private sealed record Doubtful(long Id, string Status);
}

/// <summary>What is not paid yet.</summary>
public sealed record Waited(long AmountVnd, int Orders);

/// <summary>A payment that is awaited, and until when.</summary>
public sealed record AwaitedRow(string Payable, DateTimeOffset? HoldUntil)
{
    /// <summary>With cash it is the day by which the goods are to be there.</summary>
    public DateOnly? DueOn(PayableFacts? facts) => HoldUntil is { } until ? Vietnamese.Day(until) : facts?.DeliverBy;
}

/// <summary>The books of a period, and where their entries stand.</summary>
public sealed record PeriodSums(Period Period, IReadOnlyList<AccountFigures> Figures)
{
    public long BankVnd => Of(LedgerAccount.SellerReceivable).DebitVnd;

    public long CashVnd => Of(LedgerAccount.Cash).DebitVnd;

    /// <summary>What was agreed to go back, sent already or not.</summary>
    public long BackVnd => Net(LedgerAccount.Refund);

    /// <summary>What was sent back in the period, also of what was agreed before.</summary>
    public long SentBackVnd => Of(LedgerAccount.RefundDue).DebitVnd;

    /// <summary>What is still to be sent back at the end of the period.</summary>
    public long OwedVnd => -Of(LedgerAccount.RefundDue).ClosingVnd;

    public bool HasRefunds => BackVnd != 0 || SentBackVnd != 0 || OwedVnd != 0;

    public long FeeVnd => Net(LedgerAccount.Fee);

    public long TaxVnd => Net(LedgerAccount.Tax);

    /// <summary>What the seller has of it in the end.</summary>
    public long OwnVnd => BankVnd + CashVnd - BackVnd - FeeVnd - TaxVnd;

    /// <summary>All accounts that <see cref="OwnVnd"/> is made of, each figure of which leads to its entries.</summary>
    public string StatementPath => MyBooksController.Root.Statement(Period);

    /// <summary>What <see cref="OwedVnd"/> is the balance of.</summary>
    public string OwedPath => MyBooksController.Root.EntriesUntil(LedgerAccount.RefundDue, Period.Last);

    public static async Task<PeriodSums> OfAsync(Db db, long producerId, Period period, CancellationToken ct) => new(period, await Balances.OfAsync(db, producerId, period, ct));

    public string Path(string account, string? side = null) => MyBooksController.Root.Entries(account, Period, side);

    private AccountFigures Of(string account) => Figures.First(f => f.Account == account);

    private long Net(string account) => Of(account).DebitVnd - Of(account).CreditVnd;
}

/// <summary>What came in all, by the way in which it was paid.</summary>
public sealed record Sums(long OnlineVnd, long TransferVnd);

/// <param name="Refund">Code of the last refund; null when none was asked for.</param>
/// <param name="HandReference">What proves that it was given back outside of VNPAY.</param>
public sealed record RefundRow(string Key, string Cause, string Note, long AmountVnd, DateTimeOffset OpenedAt, string Payable, string Payment, string Method, string? Refund, string? RefundStatus, long? RequestedBy, string? ResponseCode, string? HandReference)
{
    public string Order => OrderOf.Payable(Payable);

    /// <summary>Nothing of it is on its way: it can be sent, or given back by hand.</summary>
    public bool CanBegin => RefundStatus is null || Payments.RefundStatus.IsEnd(RefundStatus);
}

public sealed record PaymentRow(long Id, string Code, string Payable, string Method, string Status, long AmountVnd, DateTimeOffset CreatedAt, DateTimeOffset? HoldUntil)
{
    public string Order => OrderOf.Payable(Payable);

    public DateOnly? DueOn(PayableFacts? facts) => new AwaitedRow(Payable, HoldUntil).DueOn(facts);
}

public sealed record MoneyPage(Sums Sums, Waited Pending, IReadOnlyList<AwaitedRow> Awaited, IReadOnlyList<RefundRow> Refunds, Page<PaymentRow> Payments)
{
    /// <summary>Who looks: what they asked for themselves somebody else has to agree to.</summary>
    public long Me { get; init; }

    /// <summary>The case for which what was typed was refused.</summary>
    public string? Refused { get; init; }

    /// <summary>Only what is still to be paid is listed.</summary>
    public bool Waiting { get; init; }

    /// <summary>This month; null for who sells for nobody yet.</summary>
    public PeriodSums? Month { get; init; }

    /// <summary>The same from the beginning of the books.</summary>
    public PeriodSums? Ever { get; init; }

    /// <summary>By payable.</summary>
    public IReadOnlyDictionary<string, PayableFacts> Facts { get; init; } = new Dictionary<string, PayableFacts>(StringComparer.Ordinal);

    /// <summary>When the next of what is awaited comes at the latest.</summary>
    public DateOnly? NextOn => Awaited.Select(w => w.DueOn(Facts.GetValueOrDefault(w.Payable))).Min();
}

public sealed record GivenBackForm
{
    public string? Key { get; init; }

    [Required(ErrorMessage = "Hãy nhập mã giao dịch hoặc số phiếu chi của lần hoàn.")]
    [StringLength(100, ErrorMessage = "Mã giao dịch dài nhất 100 ký tự.")]
    public string? Reference { get; init; }
}
