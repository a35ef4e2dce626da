using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;

namespace SonLaMarket.Origin.Labels;

/// <summary>The lot's QR as picture and as a sheet of labels to print.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/lo/{code}")]
public sealed class LabelsController(Lots lots, OriginEvents events, LabelContents contents, LongTasks tasks, Uploads uploads, Db db, Texts t) : PageController(t)
{
    /// <summary>Labels that are drawn while the reader waits, at most two seconds.</summary>
    private const int AtOnce = 5 * LabelSheet.PerSheet;

    [HttpGet("tem.svg")]
    public async Task<IActionResult> Svg(string code, [FromQuery(Name = "tai")] bool download, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var svg = System.Text.Encoding.UTF8.GetBytes(Qr.Svg(events.LotUri(lot.Code, lot.Gtin)));
        return download ? File(svg, "image/svg+xml", $"tem-{lot.Code}.svg") : File(svg, "image/svg+xml");
    }

    [HttpGet("tem.png")]
    public async Task<IActionResult> Png(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot
            ? File(Qr.Png(events.LotUri(lot.Code, lot.Gtin), 12), "image/png", $"tem-{lot.Code}.png")
            : NotFound();

    /// <param name="from">First label of the sheet to use, from 1: a sheet that was begun goes on.</param>
    [HttpGet("tem.pdf")]
    public async Task<IActionResult> Pdf(string code, [FromQuery(Name = "tu")] int from = 1, [FromQuery(Name = "so")] int count = LabelSheet.PerSheet, CancellationToken ct = default)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var pdf = LabelSheet.A4Pdf(await contents.OfAsync(lot, ct), Math.Clamp(count, 1, AtOnce), Math.Clamp(from, 1, LabelSheet.PerSheet));
        return File(pdf, "application/pdf", $"tem-{lot.Code}.pdf");
    }

    [HttpGet("tem")]
    public async Task<IActionResult> New(string code, CancellationToken ct) =>
        await lots.FindAsync(db, code, User.Id(), ct) is { } lot ? View("New", new LabelsPage(lot, new LabelsForm())) : NotFound();

    /// <summary>Some sheets at once; many as a task that is followed.</summary>
    [HttpPost("tem")]
    [CreatesOnce]
    public async Task<IActionResult> Create(string code, [Bind(Prefix = "Form")] LabelsForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        if (!ModelState.IsValid)
            return Invalid("New", new LabelsPage(lot, form));
        if (form.Count <= AtOnce)
            return SeeOther(string.Create(CultureInfo.InvariantCulture, $"/quan-ly/lo/{lot.Code}/tem.pdf?so={form.Count}&tu={form.From}"));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var task = await tasks.AskAsync(tx, User.Id(), new Said("In {0} tem của lô {1}", Vietnamese.Number(form.Count), lot.Code), new PrintLabels(lot.Code, form.Count, form.From, User.Id()));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/viec/{task}");
    }

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

public sealed record LabelsForm
{
    [Range(1, LabelSheet.MaxCount, ErrorMessage = "Số tem từ 1 đến 1.200.")]
    public int Count { get; init; } = LabelSheet.PerSheet;

    [Range(1, LabelSheet.PerSheet, ErrorMessage = "Ô bắt đầu từ 1 đến 24.")]
    public int From { get; init; } = 1;
}

public sealed record LabelsPage(Lot Lot, LabelsForm Form);
