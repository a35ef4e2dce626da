using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Imports.Manage;

/// <summary>Many rows at once: a file is sent, looked over, corrected on the page, saved, and can be undone for a day.</summary>
public abstract class ImportPages(ImportRegister imports, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    protected Db Db => db;

    private const int Take = 20;
    private const int LinesAtOnce = 40;
    private const int LongestPaste = 400_000;

    [HttpGet("")]
    public Task<IActionResult> Index(string? sau, CancellationToken ct) => ListAsync(sau, ct);

    [HttpPost("")]
    [CreatesOnce]
    [KeepsFiles(nameof(file), nameof(photos))]
    [RequestSizeLimit(WorkbookPackage.MaxBytes + PictureZip.MaxBytes + (2 << 20))]
    public async Task<IActionResult> Create(IFormFile? file, List<IFormFile>? photos, CancellationToken ct)
    {
        if (await ImporterAsync(ct) is not { } importer)
            return Nobody();
        var pasted = Request.HasFormContentType ? Request.Form["Pasted"].ToString() : "";
        if (file is { Length: > WorkbookPackage.MaxBytes } || pasted.Length > LongestPaste)
            return await RefusedAsync(T["Tệp lớn hơn 5 MB. Hãy chia thành nhiều tệp, hoặc bỏ ảnh khỏi bảng tính."], ct, pasted.Length > LongestPaste ? "Pasted" : nameof(file));
        if (file is not { Length: > 0 } && string.IsNullOrWhiteSpace(pasted))
            return await RefusedAsync(T["Hãy chọn tệp .xlsx hoặc .csv, hoặc dán các dòng vào ô."], ct);
        var sent = importer.ProducerId == 0 ? [] : (photos ?? []).FindAll(p => p.Length > 0);
        if (sent.Sum(p => p.Length) > PictureZip.MaxBytes)
            return await RefusedAsync(T["Ảnh gửi kèm lớn hơn 50 MB. Hãy thu nhỏ ảnh, hoặc chia thành nhiều lần gửi."], ct, nameof(photos));
        using var bytes = new MemoryStream();
        if (file is { Length: > 0 })
            await file.CopyToAsync(bytes, ct);
        else
            bytes.Write(Encoding.UTF8.GetBytes(pasted));
        try
        {
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await imports.AddAsync(tx, importer, "", file is { Length: > 0 } ? file.FileName : T["dòng đã dán"] + ".csv", bytes.ToArray(), sent.ConvertAll(p => new SentFile(p.FileName, p.OpenReadStream()))) is not { } id)
                return await RefusedAsync(T["Một tệp khác của cơ sở đang được đọc hoặc lưu. Hãy đợi xong rồi gửi tiếp."], ct, "");
            await tx.CommitAsync(CancellationToken.None);
            return SeeOther(importer.PathOf(id));
        }
        catch (WorkbookRefusedException refused)
        {
            return await RefusedAsync(T[refused.Why], ct, nameof(photos));
        }
    }

    /// <summary>The workbook to be filled in.</summary>
    [HttpGet("mau/{kind}")]
    public async Task<IActionResult> Template(string kind, CancellationToken ct)
    {
        if (await ImporterAsync(ct) is not { } importer)
            return Nobody();
        if (imports.KindsFor(importer).FirstOrDefault(k => k.Word == kind) is not { } found)
            return NotFound();
        return File(TemplateFile.Make(found, await found.OpenAsync(db, importer, null, ct), T), Workbook.ContentType, $"SonLaMarket-{Vietnamese.Slug(T[found.Label])}.xlsx");
    }

    [HttpGet("{id:guid}")]
    public async Task<IActionResult> Show(Guid id, int? tu, CancellationToken ct) =>
        await ImporterAsync(ct) is { } importer && await ImportRegister.FindAsync(db, id, importer, ct) is { } import ? View("Show", await PageAsync(import, importer, tu ?? 0, ct)) : NotFound();

    /// <summary>What was corrected on the page goes into the rows; all are looked at again.</summary>
    [HttpPost("{id:guid}/sua")]
    public Task<IActionResult> Correct(Guid id) => ChangeAsync(id, async (tx, import, importer) =>
    {
        if (!import.Open)
            return false;
        await imports.CorrectAsync(tx, import, Corrected(import), importer);
        return true;
    }, null);

    [HttpPost("{id:guid}/goi-y")]
    public Task<IActionResult> TakeSuggestions(Guid id) => ChangeAsync(id, async (tx, import, importer) =>
    {
        if (!import.Open)
            return false;
        await imports.TakeSuggestionsAsync(tx, import, importer);
        return true;
    }, null);

    [HttpPost("{id:guid}/luu")]
    public Task<IActionResult> Save(Guid id, bool validOnly) => ChangeAsync(id, (tx, import, importer) => imports.SaveAsync(tx, import, validOnly, importer), null);

    /// <summary>Within a day of saving.</summary>
    [HttpPost("{id:guid}/hoan-tac")]
    public Task<IActionResult> Undo(Guid id) => ChangeAsync(id, imports.UndoAsync, null);

    [HttpPost("{id:guid}/bo")]
    public Task<IActionResult> Discard(Guid id) => ChangeAsync(id, imports.DiscardAsync, T["Đã bỏ tệp này. Chưa có gì được lưu."]);

    /// <summary>The person's own file, with what became of each row.</summary>
    [HttpGet("{id:guid}/tep")]
    public async Task<IActionResult> Returned(Guid id, CancellationToken ct)
    {
        if (await ImporterAsync(ct) is not { } importer || await ImportRegister.FindAsync(db, id, importer, ct) is not { HasFile: true, HeadingRow: > 0 } import || await ImportRegister.FileAsync(db, id, ct) is not { } file)
            return NotFound();
        var kind = imports.Kind(import.Kind);
        var sheet = import.SavedAt is null ? await kind.OpenAsync(db, importer, import.Id, ct) : null;
        var workbook = WorkbookPackage.Is(file);
        return File(ReturnedFile.Make(file, import, await ImportRegister.LinesAsync(db, id, ct: ct), sheet, kind, T), workbook ? Workbook.ContentType : "text/csv", $"{System.IO.Path.GetFileNameWithoutExtension(import.FileName)}-{T["kết quả"]}.{(workbook ? "xlsx" : "csv")}");
    }

    /// <summary>Who brings in what here; null when they cannot yet.</summary>
    protected abstract Task<Importer?> ImporterAsync(CancellationToken ct);

    /// <summary>Where somebody is led who brings in nothing yet.</summary>
    protected virtual IActionResult Nobody() => NotFound();

    /// <summary>What is told of producers without an owner; nothing to sellers.</summary>
    protected virtual Task<List<UnownedProducer>> UnownedAsync(CancellationToken ct) => Task.FromResult<List<UnownedProducer>>([]);

    private async Task<IActionResult> ChangeAsync(Guid id, Func<Tx, Import, Importer, Task<bool>> change, string? gone)
    {
        if (await ImporterAsync(CancellationToken.None) is not { } importer)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (await ImportRegister.LockAsync(tx, id, importer) is not { } import)
            return NotFound();
        if (!await change(tx, import, importer))
            return Conflict();
        await tx.CommitAsync();
        return gone is null ? SeeOther(importer.PathOf(id)) : SeeOther(importer.Home, gone);
    }

    /// <summary>Fields named "o-7-Price": row and column.</summary>
    private Dictionary<(int Row, string Field), string> Corrected(Import import)
    {
        var corrected = new Dictionary<(int, string), string>();
        foreach (var (name, values) in Request.Form)
        {
            if (name.Split('-') is ["o", var row, var field] && int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && imports.Kind(import.Kind).Columns.FirstOrDefault(c => c.Field == field) is { } column)
                corrected[(number, field)] = column.Lines ? Vietnamese.CleanLines(values) : Vietnamese.Clean(values);
        }
        return corrected;
    }

    private async Task<IActionResult> RefusedAsync(string message, CancellationToken ct, string field = "file")
    {
        // Tabs separate columns: the text is not bound, which would make blanks of them.
        if (Request.HasFormContentType)
            ModelState.SetModelValue("Pasted", new ValueProviderResult(Request.Form["Pasted"]));
        ModelState.AddModelError(field, message);
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        return await ListAsync(null, ct);
    }

    private async Task<IActionResult> ListAsync(string? after, CancellationToken ct)
    {
        if (await ImporterAsync(ct) is not { } importer)
            return Nobody();
        var before = Cursor.Parse(after, 1) is [var id] && Guid.TryParse(id, out var key) ? key : (Guid?)null;
        return View("Index", new ImportsPage(importer.Home, imports.KindsFor(importer), await ImportRegister.PageAsync(db, importer, before, Take, ct), await UnownedAsync(ct)));
    }

    private async Task<ImportPage> PageAsync(Import import, Importer importer, int after, CancellationToken ct)
    {
        if (import.Kind.Length == 0 || import.Working)
            return new(importer.PathOf(import.Id), importer.Home, import, null, [], [], null, [], clock.GetUtcNow());
        var kind = imports.Kind(import.Kind);
        var sheet = import.Open ? await kind.OpenAsync(db, importer, import.Id, ct) : null;
        var faulty = import.Open && import.Refused > 0;
        var lines = await ImportRegister.LinesAsync(db, import.Id, faulty, import.UndoneAt is not null, after, LinesAtOnce + 1, ct);
        var shown = lines.Take(LinesAtOnce).ToList();
        return new(importer.PathOf(import.Id), importer.Home, import, kind, sheet is null ? [] : [.. shown.SelectMany(l => Cells(l, import, sheet, kind))], [.. shown.Select(l => (l, sheet?.Read(l.Cells) is { } reading ? new Preview(reading.Preview, reading.Question) : new Preview([], null)))], lines.Count > LinesAtOnce ? shown[^1].Row : null, import.SavedAt is null ? [] : await ImportRegister.BlockedLotsAsync(db, import.Id, ct), clock.GetUtcNow())
        {
            Names = import.SavedAt is null ? null : await kind.NamesAsync(db, [.. shown.Select(l => l.Made).OfType<string>()], ct),
        };
    }

    private IEnumerable<BadCell> Cells(ImportLine line, Import import, IImportSheet sheet, IImportKind kind)
    {
        foreach (var fault in sheet.Read(line, T).Faults)
        {
            // What is said of the whole row is mended by its first column.
            var column = kind.Columns.FirstOrDefault(c => c.Field == fault.Field) ?? kind.Columns[0];
            var heading = Array.Find(import.Columns, h => h.Field == column.Field);
            yield return new(line.Row, kind.NameOf(line.Cells), column, heading is null ? "" : WorkbookTemplate.Letters(heading.Column), line.Cells.Of(column.Field), fault.Message, fault.Suggestion, sheet.Choices(column.Field));
        }
    }
}

/// <summary>A seller's files: goods of the producer that the person works for now.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/nhap-du-lieu")]
public sealed class ImportsController(ImportRegister imports, ProducerRegister producers, Db db, Texts t, TimeProvider clock) : ImportPages(imports, db, t, clock)
{
    protected override async Task<Importer?> ImporterAsync(CancellationToken ct) =>
        await producers.OfMemberAsync(Db, User.Id(), ct) is { } producer ? new(producer.Id, User.Id(), User.As(Roles.Seller)) : null;

    protected override IActionResult Nobody() => SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
}

/// <param name="Unowned">Producers that came in by file and that nobody works for yet.</param>
public sealed record ImportsPage(string Home, IReadOnlyList<IImportKind> Kinds, Page<Import> Imports, IReadOnlyList<UnownedProducer> Unowned);

/// <summary>A cell to be corrected.</summary>
/// <param name="RowName">What people know the row by.</param>
/// <param name="Letter">Of its column in the file; "" where the file has none.</param>
public sealed record BadCell(int Row, string RowName, ImportColumn Column, string Letter, string Typed, string Message, string? Suggestion, IReadOnlyList<string> Choices)
{
    /// <summary>A list short enough to be looked over is chosen from.</summary>
    public bool Chosen => Choices.Count is > 0 and <= 40;

    public string Name => $"o-{Row}-{Column.Field}";
}

/// <param name="Question">What its person is asked before the row is saved.</param>
public sealed record Preview(string[] Texts, string? Question);

/// <param name="Cells">To be corrected.</param>
/// <param name="Lines">With what was understood of them.</param>
/// <param name="Next">The row after which the next page begins.</param>
/// <param name="Blocked">Codes of saved lots that may not be sold.</param>
public sealed record ImportPage(string Path, string Home, Import Import, IImportKind? Kind, IReadOnlyList<BadCell> Cells, IReadOnlyList<(ImportLine Line, Preview Preview)> Lines, int? Next, IReadOnlyList<string> Blocked, DateTimeOffset Now)
{
    /// <summary>What people call what rows became, by its keys.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>What a row became, as people call it.</summary>
    public string NameOf(ImportLine line) => Names?.GetValueOrDefault(line.Made!) ?? Kind!.NameOf(line.Cells);

    /// <summary>By which a person finds a row again, in the file and on a phone's card.</summary>
    public static string Heading(int row, string name, Texts t) => name.Length == 0 ? t["Dòng {0}", row] : t["Dòng {0} – {1}", row, name.Length > 80 ? name[..80] + "…" : name];
}
