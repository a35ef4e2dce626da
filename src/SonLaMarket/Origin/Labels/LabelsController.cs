using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using static QRCoder.QRCodeGenerator;

namespace SonLaMarket.Origin.Labels;

/// <summary>The lot's QR as picture and as a sheet of labels to print.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/lo/{code}")]
public sealed class LabelsController(Lots lots, OriginEvents events, LabelContents contents, LongTasks tasks, Uploads uploads, Db db, Texts t) : PrintingController(t)
{
    /// <summary>Labels that are drawn while the reader waits, at most two seconds.</summary>
    private const int AtOnce = 120;

    [HttpGet("tem.svg")]
    public async Task<IActionResult> Svg(string code, [FromQuery(Name = "tai")] bool download, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var svg = System.Text.Encoding.UTF8.GetBytes(Qr.Svg(LabelCode.AsPrinted(events.LotUri(lot.Code, lot.Gtin)), ECCLevel.Q));
        return download ? File(svg, "image/svg+xml", $"tem-{lot.Code}.svg") : File(svg, "image/svg+xml");
    }

    [HttpGet("tem.png")]
    public async Task<IActionResult> Png(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot
            ? File(Qr.Png(LabelCode.AsPrinted(events.LotUri(lot.Code, lot.Gtin)), 12, ECCLevel.Q), "image/png", $"tem-{lot.Code}.png")
            : NotFound();

    /// <param name="format">The paper, a word of <see cref="LabelFormat"/>.</param>
    /// <param name="from">First label of the sheet to use, from 1: a sheet that was begun goes on.</param>
    /// <param name="right">Millimetres, what the printer draws too far to the left.</param>
    /// <param name="sure">Whoever prints has read that the lot is blocked.</param>
    [HttpGet("tem.pdf")]
    public async Task<IActionResult> Pdf(
        string code, [FromQuery(Name = "kho")] string? format, [FromQuery(Name = "tu")] int from = 1, [FromQuery(Name = "so")] int? count = null, [FromQuery(Name = "phai")] string? right = null, [FromQuery(Name = "xuong")] string? down = null, [FromQuery(Name = "bi-chan")] bool sure = false, CancellationToken ct = default)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        if (lot.Recalled || (lot.Blocked && !sure))
            return SeeOther($"/quan-ly/lo/{lot.Code}/tem");
        var paper = LabelFormat.Find(format) ?? LabelFormat.Usual;
        var content = await contents.OfAsync(lot, ct);
        if (LabelCode.Fit(content.Addresses, paper) is null)
            return SeeOther($"/quan-ly/lo/{lot.Code}/tem", T["Địa chỉ trên mã QR quá dài cho khổ tem này. Hãy chọn khổ lớn hơn."]);
        var pdf = LabelSheet.Pdf(content, paper, Math.Clamp(count ?? paper.PerSheet, 1, AtOnce), Math.Clamp(from, 1, paper.PerSheet), Within(right, down));
        return File(pdf, "application/pdf", $"tem-{lot.Code}.pdf");
    }

    /// <summary>Frames to lay over the paper, before labels are wasted.</summary>
    [HttpGet("tem-thu.pdf")]
    public async Task<IActionResult> TestPage(string code, [FromQuery(Name = "kho")] string? format, [FromQuery(Name = "phai")] string? right = null, [FromQuery(Name = "xuong")] string? down = null, CancellationToken ct = default) =>
        await lots.FindAsync(db, code, User.Id(), ct) is not null
            ? File(LabelSheet.TestPage(LabelFormat.Find(format) ?? LabelFormat.Usual, Within(right, down)), "application/pdf", "thu-may-in.pdf") : NotFound();

    private static PrinterOffset Within(string? right, string? down) => new(PrinterOffset.Parse(right) ?? 0, PrinterOffset.Parse(down) ?? 0);

    [HttpGet("tem")]
    public async Task<IActionResult> New(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("New", await PageAsync(lot, new LabelsForm(), ct)) : NotFound();

    /// <summary>Some sheets at once; many as a task that is followed. The test page is a button of the same form.</summary>
    [HttpPost("tem")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string code, [Bind(Prefix = "Form")] LabelsForm form, string? step, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        form.Check(ModelState, T, (await contents.OfAsync(lot, ct)).Addresses);
        if (!ModelState.IsValid)
            return Invalid("New", await PageAsync(lot, form, ct));
        var query = QueryString.Create(form.Query());
        if (step == "test")
            return SeeOther($"/quan-ly/lo/{lot.Code}/tem-thu.pdf{query}");
        if (Stopped(lot, "New", await PageAsync(lot, form, ct)) is { } stopped)
            return stopped;
        if (form.Count <= AtOnce)
            return SeeOther(string.Create(CultureInfo.InvariantCulture, $"/quan-ly/lo/{lot.Code}/tem.pdf?so={form.Count}&tu={form.From}{(lot.Blocked ? "&bi-chan=true" : "")}") + query.ToString().Replace('?', '&'));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var task = await tasks.AskAsync(tx, User.Id(), new Said("In {0} tem của lô {1}", Vietnamese.Number(form.Count), lot.Code), new PrintLabels(lot.Code, form.Count, form.From, User.Id(), form.Format, PrinterOffset.Parse(form.Right) ?? 0, PrinterOffset.Parse(form.Down) ?? 0));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/viec/{task}");
    }

    private async Task<LabelsPage> PageAsync(Lot lot, LabelsForm form, CancellationToken ct) =>
        new(lot, form, LabelFormat.Choices((await contents.OfAsync(lot, ct)).Addresses, T));

    /// <summary>Sheets that a task has drawn.</summary>
    [HttpGet("tem/{file:guid}.pdf")]
    public async Task<IActionResult> Drawn(string code, Guid file, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot
            || !await db.SingleAsync<bool>("select exists (select 1 from files.stored_file where id = @file and owner = @owner)", new { file, owner = LabelPrinting.Owner(lot.Code) }, ct)
            || await uploads.FindDocumentAsync(db, file, ct) is not var (path, name))
            return NotFound();
        return PhysicalFile(path, "application/pdf", name);
    }
}

/// <summary>The paper and where on it the labels begin.</summary>
public abstract record PaperForm
{
    public string? Format { get; init; } = LabelFormat.Usual.Word;

    [Range(1, 65, ErrorMessage = "Ô bắt đầu từ 1 đến 65.")]
    public int From { get; init; } = 1;

    [StringLength(20, ErrorMessage = "Độ lệch từ -10 đến 10 mm.")]
    public string? Right { get; init; }

    [StringLength(20, ErrorMessage = "Độ lệch từ -10 đến 10 mm.")]
    public string? Down { get; init; }

    /// <summary>Says beside each field what cannot be printed.</summary>
    /// <param name="addresses">What the code of such a label leads to.</param>
    internal void Check(ModelStateDictionary state, Texts t, IReadOnlyCollection<string> addresses)
    {
        if (LabelFormat.Find(Format) is not { } paper)
            state.AddModelError("Form.Format", t["Hãy chọn khổ tem."]);
        else if (From > paper.PerSheet)
            state.AddModelError("Form.From", t["Ô bắt đầu từ 1 đến {0}.", paper.PerSheet]);
        else if (LabelCode.Fit(addresses, paper) is null)
            state.AddModelError("Form.Format", t["Địa chỉ trên mã QR quá dài cho khổ tem này. Hãy chọn khổ lớn hơn."]);
        foreach (var (field, typed) in new[] { ("Form.Right", Right), ("Form.Down", Down) })
        {
            if (PrinterOffset.Parse(typed) is null)
                state.AddModelError(field, t["Độ lệch từ -10 đến 10 mm."]);
        }
    }

    /// <summary>What differs from the usual sheet, as it stands in an address.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> Query()
    {
        if (Format != LabelFormat.Usual.Word)
            yield return new("kho", Format);
        foreach (var (name, value) in new[] { ("phai", Right), ("xuong", Down) })
        {
            if (PrinterOffset.Parse(value) is { } shift and not 0)
                yield return new(name, shift.ToString(CultureInfo.InvariantCulture));
        }
    }
}

public sealed record LabelsForm : PaperForm
{
    [Range(1, LabelSheet.MaxCount, ErrorMessage = "Số tem từ 1 đến 1.200.")]
    public int Count { get; init; } = LabelFormat.Usual.PerSheet;
}

public sealed record LabelsPage(Lot Lot, LabelsForm Form, List<SelectListItem> Formats);
