using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Keep;

/// <summary>The diary on paper and in a spreadsheet, and links by which the household reads it.</summary>
[Authorize(Policy = Roles.Diary)]
public sealed class DiaryPapersController(Lots lots, DiaryLinks links, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int LongestName = 60;

    [HttpGet("/quan-ly/lo/{code}/nhat-ky.{kind:regex(^(pdf|xlsx)$)}")]
    public async Task<IActionResult> Paper(string code, string kind, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var book = await DiaryBook.LoadAsync(db, lot.Id, ct);
        return kind == "pdf"
            ? File(book.Pdf(clock.GetUtcNow(), T), "application/pdf", $"nhat-ky-{lot.Code}.pdf")
            : File(await book.XlsxAsync(T), Workbook.ContentType, $"nhat-ky-{lot.Code}.xlsx");
    }

    [Authorize(Policy = Roles.Seller)]
    [HttpPost("/quan-ly/lo/{code}/lien-ket")]
    [CreatesOnce]
    public async Task<IActionResult> Add(string code, string? linkName, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var name = Vietnamese.Clean(linkName);
        if (name.Length is 0 or > LongestName)
            ModelState.AddModelError("LinkName", T["Hãy ghi liên kết này cho ai, nhiều nhất {0} ký tự.", LongestName]);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (ModelState.IsValid && !await links.AddAsync(tx, lot.Code, User.Id(), name, User.As(Roles.Seller)))
            ModelState.AddModelError("LinkName", T["Lô này đã có nhiều liên kết. Hãy kết thúc bớt."]);
        if (!ModelState.IsValid)
            return Invalid("Show", await LotPage.LoadAsync(db, lot, new DiaryForm { DoneOn = Vietnamese.Today(clock) }, ct));
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{lot.Code}#lien-ket", T["Đã tạo liên kết. Chép liên kết ở cuối trang và gửi cho người nhà."]);
    }

    [Authorize(Policy = Roles.Seller)]
    [HttpPost("/quan-ly/lo/{code}/lien-ket/ket-thuc")]
    public async Task<IActionResult> End(string code, string? link, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await links.EndAsync(tx, lot.Code, User.Id(), link, User.As(Roles.Seller)))
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{lot.Code}", T["Liên kết không mở được nữa."]);
    }

    /// <summary>The diary as the household reads it: nothing can be written here.</summary>
    [AllowAnonymous]
    [HttpGet("/lo/{code:regex(^[[A-Za-z0-9-]]{{1,20}}$)}/nhat-ky")]
    public async Task<IActionResult> Read(string code, string? k, string? sau, CancellationToken ct)
    {
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
        return await links.OpenAsync(db, code.ToUpperInvariant(), k, ct) is { } lotId ? View("Read", await DiaryReading.LoadAsync(db, lotId, sau, ct)) : NotFound();
    }
}
