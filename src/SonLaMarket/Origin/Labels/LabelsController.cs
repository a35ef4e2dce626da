using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Labels;

/// <summary>The lot's QR as picture and as a sheet of labels to print.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/lo/{code}")]
public sealed class LabelsController(Lots lots, OriginEvents events, Db db, SiteOptions site) : Controller
{
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
        var producer = await db.SingleAsync<(string Name, bool IsSample)>("select name, is_sample from producers.producer where id = @ProducerId", new { lot.ProducerId }, ct);
        var content = new LabelContent(
            events.LotUri(lot.Code, lot.Gtin), lot.ProductName, producer.Name, lot.Code,
            lot.HarvestedOn is { } day ? $"Thu hoạch: {Vietnamese.Date(day)}" : "",
            lot.BestBefore is { } best ? $"Hạn dùng: {Vietnamese.Date(best)}" : null, null,
            new Uri(site.PublicBaseUrl).Host, producer.IsSample);
        var pdf = LabelSheet.A4Pdf(content, Math.Clamp(count, 1, LabelSheet.MaxCount), Math.Clamp(from, 1, LabelSheet.PerSheet));
        return File(pdf, "application/pdf", string.Create(CultureInfo.InvariantCulture, $"tem-{lot.Code}.pdf"));
    }
}
