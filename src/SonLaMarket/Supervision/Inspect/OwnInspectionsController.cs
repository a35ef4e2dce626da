using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Supervision.Inspect;

/// <summary>A producer reads what officers wrote down at theirs. A planned visit is not announced here.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/kiem-tra")]
public sealed class OwnInspectionsController(Uploads uploads, Db db, Texts t) : PageController(t)
{
    private const int Take = 20;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = $"""
            select {InspectionRow.Columns} from {InspectionRow.From} join producers.acting m on m.producer_id = i.producer_id
            where m.person_id = @me and i.recorded_at is not null and (@before::bigint is null or i.id < @before) order by i.id desc limit @take
            """;
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<InspectionRow>(select, new { me = User.Id(), before, take = Take + 1 }, ct);
        return View("Own", Page<InspectionRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(CultureInfo.InvariantCulture))));
    }

    [HttpGet("KT-{id:long}/phieu-ket-qua")]
    public async Task<IActionResult> Report(long id, CancellationToken ct)
    {
        const string find = "select i.sample_file_id from supervision.inspection i join producers.acting m on m.producer_id = i.producer_id where i.id = @id and m.person_id = @me";
        return await db.FirstOrDefaultAsync<Guid?>(find, new { id, me = User.Id() }, ct) is { } file && await uploads.FindDocumentAsync(db, file, ct) is { } document
            ? PhysicalFile(document.Path, "application/pdf", document.Name)
            : NotFound();
    }
}
