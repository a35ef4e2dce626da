using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments.Books;

/// <summary>Who owes whom, over all sellers; the books of each; what a seller paid of its fees and taxes.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/so-tien")]
public sealed class AllBooksController(Ledger ledger, Audit audit, Db db, Texts t, TimeProvider clock) : BooksController(db, t, clock)
{
    private const int Take = 30;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        long? after = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        var sellers = (await Balances.OwingAsync(Db, after, Take + 1, ct)).GroupBy(o => (o.ProducerId, o.Slug, o.Name)).Select(g => new SellerOwes(g.Key.ProducerId, g.Key.Slug, g.Key.Name, g.ToDictionary(o => o.Account, o => o.AmountVnd, StringComparer.Ordinal))).ToList();
        return View("All", new AllBooks(await Balances.OwedInAllAsync(Db, ct), Page<SellerOwes>.Of(sellers, Take, s => Cursor.Of(s.Id.ToString(CultureInfo.InvariantCulture)))));
    }

    /// <summary>What a total over all sellers is made of, newest first.</summary>
    [HttpGet("tai-khoan/{account}")]
    public async Task<IActionResult> AllEntries(string account, string? sau, CancellationToken ct)
    {
        const string select = """
            select l.posting_id, l.line, l.posted_at, r.slug, r.name as seller, o.kind, l.amount_vnd, p.payable, o.note
            from payments.ledger_line l join payments.posting o on o.id = l.posting_id join producers.producer r on r.id = l.producer_id left join payments.payment p on p.id = o.payment_id
            where l.account = @account and (@id::bigint is null or (l.posting_id, l.line) < (@id, @line)) order by l.posting_id desc, l.line desc limit @limit
            """;
        if (!LedgerAccount.Owed.Contains(account))
            return NotFound();
        var (id, line) = Cursor.Parse(sau, 2) is [var posting, var side] && long.TryParse(posting, NumberStyles.None, CultureInfo.InvariantCulture, out var p) && int.TryParse(side, NumberStyles.None, CultureInfo.InvariantCulture, out var l) ? (p, l) : ((long?)null, 0);
        var rows = await Db.QueryAsync<EntryOfSeller>(select, new { account, id, line, limit = Take + 1 }, ct);
        return View("AllEntries", new AllEntries(LedgerAccount.Find(account)!, (await Balances.OwedInAllAsync(Db, ct))[account],
            Page<EntryOfSeller>.Of(rows, Take, e => Cursor.Of(e.PostingId.ToString(CultureInfo.InvariantCulture), e.Line.ToString(CultureInfo.InvariantCulture)))));
    }

    [HttpGet("{slug}")]
    public Task<IActionResult> Show(string slug, PeriodForm form, CancellationToken ct) => OfAsync(slug, (id, root) => ShowAsync(id, root, form, ct), ct);

    [HttpGet("{slug}/tai-khoan/{account}")]
    public Task<IActionResult> Entries(string slug, string account, PeriodForm form, EntryFilter filter, string? sau, CancellationToken ct) =>
        OfAsync(slug, (id, root) => EntriesAsync(id, root, account, form, filter, sau, ct), ct);

    [HttpGet("{slug}/bang-ke.{kind:regex(^(pdf|xlsx)$)}")]
    public Task<IActionResult> Paper(string slug, string kind, PeriodForm form, CancellationToken ct) => OfAsync(slug, (id, _) => PaperAsync(id, kind, form, ct), ct);

    /// <summary>The seller paid what was owed of fees, or a tax was paid over: noted with the reference of the transfer.</summary>
    [HttpPost("{slug}/da-nop")]
    [CreatesOnce]
    public Task<IActionResult> Settle(string slug, SettleForm form, CancellationToken ct) => OfAsync(slug, async (id, root) =>
    {
        await using var tx = await Db.BeginAsync(CancellationToken.None);
        if (ModelState.IsValid && form.Amount!.Value.Amount is var amount)
        {
            var owed = -(await Balances.OfAsync(tx, id, ThisMonth, CancellationToken.None)).First(a => a.Account == form.Account).ClosingVnd;
            if (amount <= 0 || amount > owed)
                ModelState.AddModelError(nameof(form.Amount), T["Số tiền từ 1 đến số còn nợ: {0}.", Vietnamese.Money(Math.Max(0, owed))]);
        }
        if (!ModelState.IsValid)
            return Invalid("Statement", (await PageAsync(id, root, ThisMonth, ct))! with { Settle = form });
        await ledger.SettledAsync(tx, $"settled:{Codes.Random(16)}", form.Account!, id, form.Amount!.Value.Amount, Vietnamese.Clean(form.Reference));
        await audit.WriteAsync(tx, User.As(Roles.Operator), "books.settle", "producer:" + slug, detail: new { form.Account, form.Amount!.Value.Amount });
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(root.Path, T["Đã ghi: người bán đã nộp {0}.", Vietnamese.Money(form.Amount.Value.Amount)]);
    }, ct);

    private async Task<IActionResult> OfAsync(string slug, Func<long, BooksRoot, Task<IActionResult>> show, CancellationToken ct) =>
        await Db.FirstOrDefaultAsync<long?>("select id from producers.producer where slug = @slug", new { slug }, ct) is { } id ? await show(id, new BooksRoot("/quan-tri/so-tien/" + slug, false)) : NotFound();
}

public sealed record SettleForm
{
    [Required(ErrorMessage = "Hãy chọn khoản đã nộp.")]
    [AllowedValues(LedgerAccount.FeeDue, LedgerAccount.TaxWithheld, ErrorMessage = "Hãy chọn khoản đã nộp.")]
    public string? Account { get; init; }

    [Required(ErrorMessage = "Hãy nhập số tiền.")]
    public Vnd? Amount { get; init; }

    [Required(ErrorMessage = "Hãy ghi số chứng từ hoặc mã chuyển khoản.")]
    [StringLength(120, ErrorMessage = "Số chứng từ dài nhất 120 ký tự.")]
    public string? Reference { get; init; }
}

/// <param name="Owes">By account; negative: is owed to the seller.</param>
public sealed record SellerOwes(long Id, string Slug, string Name, IReadOnlyDictionary<string, long> Owes);

public sealed record EntryOfSeller(long PostingId, int Line, DateTimeOffset PostedAt, string Slug, string Seller, string Kind, long AmountVnd, string? Payable, string Note)
{
    public string? Order => Payable is null ? null : OrderOf.Payable(Payable);
}

/// <param name="TotalVnd">Over all sellers.</param>
public sealed record AllEntries(LedgerAccount Account, long TotalVnd, Page<EntryOfSeller> Entries);

public sealed record AllBooks(IReadOnlyDictionary<string, long> InAll, Page<SellerOwes> Sellers);
