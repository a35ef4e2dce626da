using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Gs1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin.Labels;

namespace SonLaMarket.Origin.Series;

/// <summary>A code for each package of a lot: made in series, taken away as CSV for a print shop or as labels to print oneself.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/lo/{code}/ma-goi")]
public sealed class SeriesController(Lots lots, ItemSeries series, LabelContents contents, LongTasks tasks, Db db, Texts t) : PrintingController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("Index", await PageAsync(lot, new(), ct)) : NotFound();

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string code, [Bind(Prefix = "Form")] SeriesForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var weight = lot.BaseUnit == "g" ? form.Weight?.Grams : null;
        if (lot.BaseUnit == "g" && ModelState["Form.Weight"] is not { Errors.Count: > 0 } && weight is null or < 1 or > 1_000_000)
            ModelState.AddModelError("Form.Weight", T["Hãy ghi mỗi gói nặng bao nhiêu, từ 1 g đến 1 tấn."]);
        if (!ModelState.IsValid)
            return Invalid("Index", await PageAsync(lot, form, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        switch (await series.OpenAsync(tx, lot.Code, User.Id(), form.Items!.Value, weight, form.Note ?? "", User.As(Roles.Seller)))
        {
            case SeriesOutcome.Opened(var key):
                var task = await tasks.AskAsync(tx, User.Id(), new Said("Làm {0} mã gói cho lô {1}", Vietnamese.Number(form.Items.Value), lot.Code), new MakeItems(lot.Code, key));
                await tx.CommitAsync(CancellationToken.None);
                return SeeOther($"/quan-ly/viec/{task}");
            case SeriesOutcome.Blocked:
                return NotNow("Index", await PageAsync(lot, form, ct), T["Lô đang bị chặn: chưa làm mã gói được."]);
            case SeriesOutcome.TooMany(var left):
                ModelState.AddModelError("Form.Items", T["Lô này làm thêm được nhiều nhất {0} mã: mỗi gói một mã, thêm một phần mười cho tem hỏng.", Vietnamese.Number(left)]);
                return Invalid("Index", await PageAsync(lot, form, ct));
            default:
                return NotFound();
        }
    }

    [HttpGet("{key:guid}")]
    public async Task<IActionResult> Show(string code, Guid key, CancellationToken ct) =>
        await FindAsync(code, key, ct) is var (lot, found) ? View("Show", await PrintPageAsync(lot, found, new() { Count = found.Items }, ct)) : NotFound();

    /// <summary>For print shops: one line a package, in the order of the labels.</summary>
    [HttpGet("{key:guid}.csv")]
    public async Task<IActionResult> Csv(string code, Guid key, CancellationToken ct)
    {
        if (await FindAsync(code, key, ct) is not var (lot, found))
            return NotFound();
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = $"attachment; filename=\"ma-goi-{lot.Code}.csv\"";
        await using var writer = new StreamWriter(Response.Body, new UTF8Encoding(true));
        await using var csv = new CsvWriter(writer, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" });
        foreach (var header in new[] { "place", "code", "url", "human_readable", "serial" })
            csv.WriteField(header);
        await csv.NextRecordAsync();
        await foreach (var (place, item) in series.CodesAsync(db, key, 1, found.Items, ct))
        {
            csv.WriteField(place);
            csv.WriteField(ItemSerial.Grouped(item));
            csv.WriteField(contents.UrlOf(lot, item));
            csv.WriteField(lot.Gtin is null ? ItemSerial.Grouped(item) : $"(01) {lot.Gtin} (21) {item}");
            csv.WriteField(item);
            await csv.NextRecordAsync();
        }
        await writer.FlushAsync(ct);
        return new EmptyResult();
    }

    [HttpPost("{key:guid}/tem")]
    [CreatesOnce]
    public async Task<IActionResult> Print(string code, Guid key, [Bind(Prefix = "Form")] ItemLabelsForm form, string? step, CancellationToken ct)
    {
        if (await FindAsync(code, key, ct) is not var (lot, found))
            return NotFound();
        form.Check(ModelState, T, (await contents.OfItemAsync(lot, found, new string('0', ItemSerial.Length), ct)).Addresses);
        if (form.First + form.Count - 1 > found.Items)
            ModelState.AddModelError("Form.Count", T["Dãy này có {0} mã: từ tem số {1} in được nhiều nhất {2} tem.", Vietnamese.Number(found.Items), Vietnamese.Number(form.First), Vietnamese.Number(Math.Max(0, found.Items - form.First + 1))]);
        if (found.MadeAt is null)
            return NotNow("Show", await PrintPageAsync(lot, found, form, ct), T["Các mã đang được làm. Hãy đợi một lát."]);
        if (!ModelState.IsValid)
            return Invalid("Show", await PrintPageAsync(lot, found, form, ct));
        if (step == "test")
            return SeeOther($"/quan-ly/lo/{lot.Code}/tem-thu.pdf{QueryString.Create(form.Query())}");
        if (Stopped(lot, "Show", await PrintPageAsync(lot, found, form, ct)) is { } stopped)
            return stopped;
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var task = await tasks.AskAsync(tx, User.Id(), new Said("In {0} tem gói của lô {1}", Vietnamese.Number(form.Count), lot.Code),
            new PrintItems(lot.Code, key, form.First, form.Count, form.From, User.Id(), form.Format!, PrinterOffset.Parse(form.Right) ?? 0, PrinterOffset.Parse(form.Down) ?? 0));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/viec/{task}");
    }

    /// <summary>Takes single codes of the series back.</summary>
    [HttpPost("{key:guid}/huy")]
    public async Task<IActionResult> Void(string code, Guid key, [Bind(Prefix = "Void")] VoidForm form, CancellationToken ct)
    {
        if (await FindAsync(code, key, ct) is not var (lot, found))
            return NotFound();
        var (places, codes, wrong) = form.Read(found.Items);
        if (wrong is not null)
            ModelState.AddModelError("Void.Which", T["Không đọc được “{0}”. Ghi số tem từ 1 đến {1}, ví dụ 3, 7, 12-15, hoặc mã gói.", wrong, Vietnamese.Number(found.Items)]);
        else if (places.Count + codes.Count > VoidForm.Most)
            ModelState.AddModelError("Void.Which", T["Mỗi lần hủy nhiều nhất {0} mã.", VoidForm.Most]);
        var given = ModelState.IsValid ? await series.OfPlacesAsync(db, key, places, codes, ct) : [];
        if (ModelState.IsValid && given.Count < places.Count + codes.Count)
            ModelState.AddModelError("Void.Which", T["Có mã không thuộc dãy này, hoặc ghi hai lần."]);
        if (!ModelState.IsValid)
            return Invalid("Show", await PrintPageAsync(lot, found, new() { Count = found.Items }, ct) with { Void = form });
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var voided = await series.VoidAsync(tx, given, form.Reason!, User.As(Roles.Seller), User.Id());
        if (voided == 0)
            return NotNow("Show", await PrintPageAsync(lot, found, new() { Count = found.Items }, ct) with { Void = form }, T["Các mã này đã bị hủy trước đó."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{lot.Code}/ma-goi/{key}", T["Đã hủy {0} mã gói. Ai quét sẽ thấy lý do.", Vietnamese.Number(voided)]);
    }

    private async Task<(Lot, CodeSeries)?> FindAsync(string code, Guid key, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot && await series.FindAsync(db, lot.Id, key, ct) is { } found ? (lot, found) : null;

    private async Task<SeriesPage> PageAsync(Lot lot, SeriesForm form, CancellationToken ct) => new(lot, await series.OfLotAsync(db, lot.Id, ct), form);

    private async Task<ItemLabelsPage> PrintPageAsync(Lot lot, CodeSeries found, ItemLabelsForm form, CancellationToken ct)
    {
        string? first = null;
        await foreach (var (_, item) in series.CodesAsync(db, found.Key, 1, 1, ct))
            first = item;
        return new(lot, found, form, LabelFormat.Choices((await contents.OfItemAsync(lot, found, first ?? new string('0', ItemSerial.Length), ct)).Addresses, T), first, await series.VoidedAsync(db, found.Key, ct), new());
    }
}

public sealed record SeriesForm
{
    [Required(ErrorMessage = "Hãy ghi cần bao nhiêu mã.")]
    [Range(1, ItemSeries.Most, ErrorMessage = "Mỗi dãy từ 1 đến 10.000 mã.")]
    public int? Items { get; init; }

    public Kilograms? Weight { get; init; }

    [StringLength(120, ErrorMessage = "Ghi chú dài nhất 120 ký tự.")]
    public string? Note { get; init; }
}

public sealed record SeriesPage(Lot Lot, List<CodeSeries> Series, SeriesForm Form);

/// <summary>Which labels of a series, on which paper.</summary>
public sealed record ItemLabelsForm : PaperForm
{
    [Range(1, ItemSeries.Most, ErrorMessage = "Tem đầu tiên từ số 1 đến 10.000.")]
    public int First { get; init; } = 1;

    [Range(1, ItemSeries.Most, ErrorMessage = "Số tem từ 1 đến 10.000.")]
    public int Count { get; init; } = 1;
}

public sealed record ItemLabelsPage(Lot Lot, CodeSeries Series, ItemLabelsForm Form, List<SelectListItem> Formats, string? First, List<VoidedItem> Voided, VoidForm Void);

/// <summary>Which codes are taken back, and why.</summary>
public sealed record VoidForm
{
    public const int Most = 500;

    [Required(ErrorMessage = "Hãy ghi số tem hoặc mã gói.")]
    [StringLength(8000, ErrorMessage = "Danh sách dài nhất 8.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Which { get; init; }

    [Required(ErrorMessage = "Hãy ghi vì sao hủy, từ 5 đến 500 ký tự; ai quét cũng đọc được.")]
    [Characters(500, MinimumLength = 5, ErrorMessage = "Hãy ghi vì sao hủy, từ 5 đến 500 ký tự; ai quét cũng đọc được.")]
    [DataType(DataType.MultilineText)]
    public string? Reason { get; init; }

    /// <summary>Numbers of labels (3, 7, 12-15) and codes, separated by commas or lines; the first that is neither.</summary>
    /// <param name="items">So many labels the series has.</param>
    public (HashSet<int> Places, HashSet<string> Codes, string? Wrong) Read(int items)
    {
        var (places, codes) = (new HashSet<int>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var word in (Which ?? "").Split([',', ';', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var ends = word.Split(['-', '–'], StringSplitOptions.TrimEntries);
            if (ends.Length <= 2 && Array.TrueForAll(ends, e => e.Length is > 0 and <= 5 && int.TryParse(e, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                var (from, to) = (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
                if (from < 1 || to < from || to > items)
                    return (places, codes, word);
                places.UnionWith(Enumerable.Range(from, to - from + 1));
            }
            else if (ItemSerial.TryRead(word, out var serial))
                codes.Add(serial);
            else
                return (places, codes, word.Length > 40 ? word[..40] : word);
        }
        return (places, codes, null);
    }
}
