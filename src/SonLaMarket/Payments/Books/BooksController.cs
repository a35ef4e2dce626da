using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Payments.Books;

/// <summary>The books of one seller: a statement over a period, the entries behind each of its figures, both as papers. The same pages for the seller and for who runs the market.</summary>
public abstract class BooksController(Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 50;

    /// <summary>What a sheet of a spreadsheet holds, less its head.</summary>
    private const int MostRows = 1_000_000;

    /// <summary>The books begin with the market.</summary>
    internal static readonly DateOnly Beginning = new(2020, 1, 1);

    protected Db Db => db;

    protected Period ThisMonth => Period.Month(Vietnamese.Today(clock));

    protected async Task<IActionResult> ShowAsync(long producerId, BooksRoot root, PeriodForm form, CancellationToken ct)
    {
        var period = Read(form);
        if (await PageAsync(producerId, root, period ?? ThisMonth, ct) is not { } page)
            return NotFound();
        return period is null ? Invalid("Statement", page with { Form = form }) : View("Statement", page);
    }

    protected async Task<StatementPage?> PageAsync(long producerId, BooksRoot root, Period period, CancellationToken ct)
    {
        if (await Statement.LoadAsync(db, producerId, period, ct) is not { } statement)
            return null;
        var today = Vietnamese.Today(clock);
        var ever = period.Last >= today ? statement.Accounts : await Balances.OfAsync(db, producerId, new(today, today), ct);
        var owed = LedgerAccount.Owed.Select(o => new Owed(LedgerAccount.Find(o)!, -ever.First(a => a.Account == o).ClosingVnd)).ToList();
        return new StatementPage(root, statement, owed, new PeriodForm { From = period.First, To = period.Last }, Quick(today), today) { Year = await Charges.FreeOfYearAsync(db, producerId, today, ct) };
    }

    protected async Task<IActionResult> EntriesAsync(long producerId, BooksRoot root, string word, PeriodForm form, EntryFilter filter, string? after, CancellationToken ct)
    {
        if (LedgerAccount.Find(word) is not { } account)
            return NotFound();
        var today = Vietnamese.Today(clock);
        var last = form.To ?? today;
        // What a period opened with, where nothing was before: no day of it stands before its last.
        var period = new Period(form.From ?? (last < Beginning ? last : Beginning), last);
        if (!ModelState.IsValid || period.First > period.Last)
            return NotFound();
        bool? debit = filter.Side switch { "tang" => account.Debit, "giam" => !account.Debit, _ => null };
        if (await Statement.LoadAsync(db, producerId, period, ct) is not { } statement)
            return NotFound();
        var method = filter.Method is PaymentMethod.Vnpay or PaymentMethod.Transfer or PaymentMethod.Cod ? filter.Method : null;
        var wish = new EntryWish(account.Word, period, debit, method, Key(after));
        var rows = await Statement.EntriesAsync(db, producerId, wish, Take + 1, ct);
        return View("Entries", new EntriesPage(root, statement, account, debit is null ? null : filter.Side, method, Page<Entry>.Of(rows, Take, Cursor))
        {
            SumVnd = method is null ? null : account.Shown(await Statement.SumAsync(db, producerId, wish, ct)),
        });
    }

    protected async Task<IActionResult> PaperAsync(long producerId, string kind, PeriodForm form, CancellationToken ct)
    {
        if (Read(form) is not { } period || await Statement.LoadAsync(db, producerId, period, ct) is not { } statement)
            return NotFound();
        var entries = await Statement.AllEntriesAsync(db, producerId, period, kind == "pdf" ? StatementPaper.MostEntries + 1 : MostRows, ct);
        var name = string.Create(CultureInfo.InvariantCulture, $"so-tien-{statement.Owner.Slug}-{period.First:yyyyMMdd}-{period.Last:yyyyMMdd}.{kind}");
        return kind == "pdf"
            ? File(StatementPaper.Pdf(statement, entries, clock.GetUtcNow()), "application/pdf", name)
            : File(await StatementBook.XlsxAsync(statement, entries), Workbook.ContentType, name);
    }

    /// <summary>Null, with messages beside the fields, when the days make no period; this month where none is said.</summary>
    private Period? Read(PeriodForm form)
    {
        if (form.From is null && form.To is null && ModelState.IsValid)
            return ThisMonth;
        if (ModelState.IsValid && (form.From is null || form.To is null))
            ModelState.AddModelError(form.From is null ? "tu" : "den", T["Hãy điền mục này."]);
        else if (ModelState.IsValid && form.From > form.To)
            ModelState.AddModelError("den", T["Ngày cuối kỳ đứng trước ngày đầu kỳ."]);
        return ModelState.IsValid ? new(form.From!.Value, form.To!.Value) : null;
    }

    private static (string Label, Period Period)[] Quick(DateOnly today) =>
    [
        ("Tháng này", Period.Month(today)), ("Tháng trước", Period.Month(today.AddMonths(-1))), ("Năm nay", new(new(today.Year, 1, 1), new(today.Year, 12, 31))), ("Năm trước", new(new(today.Year - 1, 1, 1), new(today.Year - 1, 12, 31))),
    ];

    private static string Cursor(Entry entry) =>
        Foundation.Data.Cursor.Of(entry.PostedAt.UtcTicks.ToString(CultureInfo.InvariantCulture), entry.PostingId.ToString(CultureInfo.InvariantCulture), entry.Line.ToString(CultureInfo.InvariantCulture));

    private static EntryKey? Key(string? after) =>
        Foundation.Data.Cursor.Parse(after, 3) is [var at, var id, var line]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var posting) && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(new DateTimeOffset(ticks, TimeSpan.Zero), posting, number)
            : null;
}

/// <param name="Path">Where this seller's books stand.</param>
/// <param name="Mine">The reader is the seller; otherwise who runs the market.</param>
public sealed record BooksRoot(string Path, bool Mine)
{
    public string Entries(string account, Period period, string? side = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path}/tai-khoan/{account}?tu={period.First:yyyy-MM-dd}&den={period.Last:yyyy-MM-dd}{(side is null ? "" : "&ben=" + side)}");

    /// <summary>Everything up to a day.</summary>
    public string EntriesUntil(string account, DateOnly last) => string.Create(CultureInfo.InvariantCulture, $"{Path}/tai-khoan/{account}?den={last:yyyy-MM-dd}");

    public string Statement(Period period) => string.Create(CultureInfo.InvariantCulture, $"{Path}?tu={period.First:yyyy-MM-dd}&den={period.Last:yyyy-MM-dd}");

    public string Paper(string kind, Period period) => string.Create(CultureInfo.InvariantCulture, $"{Path}/bang-ke.{kind}?tu={period.First:yyyy-MM-dd}&den={period.Last:yyyy-MM-dd}");
}

public sealed record PeriodForm
{
    [FromQuery(Name = "tu")]
    public DateOnly? From { get; init; }

    [FromQuery(Name = "den")]
    public DateOnly? To { get; init; }
}

/// <param name="AmountVnd">What is owed now; negative: what is owed to the seller.</param>
public sealed record Owed(LedgerAccount Account, long AmountVnd);

public sealed record StatementPage(BooksRoot Root, Statement Statement, IReadOnlyList<Owed> Owed, PeriodForm Form, (string Label, Period Period)[] Quick, DateOnly Now)
{
    /// <summary>What was typed of a payment to note, and refused.</summary>
    public SettleForm Settle { get; init; } = new();

    /// <summary>Null where no rule leaves a part of the year's turnover free.</summary>
    public YearFree? Year { get; init; }

    /// <summary>Accounts on which something is or was.</summary>
    public IEnumerable<(LedgerAccount Account, AccountFigures Figures)> Rows => Statement.Accounts.Select(f => (LedgerAccount.Find(f.Account)!, f)).Where(r => r.f is not { OpeningVnd: 0, DebitVnd: 0, CreditVnd: 0 });
}

public sealed record EntryFilter
{
    /// <summary>"tang" or "giam": only what raises or lowers the account; null for both.</summary>
    [FromQuery(Name = "ben")]
    public string? Side { get; init; }

    /// <summary>A <see cref="PaymentMethod"/>; null for all.</summary>
    [FromQuery(Name = "cach")]
    public string? Method { get; init; }
}

/// <param name="Side">As in <see cref="EntryFilter"/>.</param>
/// <param name="Method">As in <see cref="EntryFilter"/>.</param>
public sealed record EntriesPage(BooksRoot Root, Statement Statement, LedgerAccount Account, string? Side, string? Method, Page<Entry> Entries)
{
    /// <summary>What those of one method are in all.</summary>
    public long? SumVnd { get; init; }

    public string Path(string? side) => Root.Entries(Account.Word, Statement.Period, side) + (Method is null ? "" : "&cach=" + Method);
}
