using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;

namespace SonLaMarket.Exports.Manage;

/// <summary>A platform's own blank workbook, filled in with a seller's listings, or with all for an operator.</summary>
public sealed class FillController(Fillings fillings, ProducerRegister producers, Db db, Texts t) : PageController(t)
{
    private const string Seller = "/quan-ly/xuat-du-lieu/dien-mau", Operator = "/quan-tri/xuat-du-lieu/dien-mau";

    [Authorize(Policy = Roles.Seller)]
    [HttpGet(Seller)]
    public async Task<IActionResult> Mine(string? platform, CancellationToken ct) => await producers.OfMemberAsync(db, User.Id(), ct) is null ? NotFound() : View("Fill", await PageAsync(Seller, new() { Platform = platform }, ct));

    [Authorize(Policy = Roles.Operator)]
    [HttpGet(Operator)]
    public async Task<IActionResult> Index(string? platform, CancellationToken ct) => View("Fill", await PageAsync(Operator, new() { Platform = platform }, ct));

    [Authorize(Policy = Roles.Seller)]
    [HttpPost(Seller)]
    [CreatesOnce]
    [KeepsFiles(nameof(file))]
    [RequestSizeLimit(WorkbookPackage.MaxBytes + (1 << 20))]
    public async Task<IActionResult> FillMine(FillForm form, IFormFile? file, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer ? await FillAsync(Seller, producer.Id, Roles.Seller, form, file, ct) : NotFound();

    [Authorize(Policy = Roles.Operator)]
    [HttpPost(Operator)]
    [CreatesOnce]
    [KeepsFiles(nameof(file))]
    [RequestSizeLimit(WorkbookPackage.MaxBytes + (1 << 20))]
    public Task<IActionResult> Fill(FillForm form, IFormFile? file, CancellationToken ct) => FillAsync(Operator, null, Roles.Operator, form, file, ct);

    [Authorize(Policy = Roles.Seller)]
    [HttpGet(Seller + "/{key:guid}")]
    public async Task<IActionResult> ShowMine(Guid key, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer && await fillings.FindAsync(key, producer.Id, ct) is { } filling ? View("Filled", new FilledPage(Seller, filling)) : NotFound();

    [Authorize(Policy = Roles.Operator)]
    [HttpGet(Operator + "/{key:guid}")]
    public async Task<IActionResult> Show(Guid key, CancellationToken ct) => await fillings.FindAsync(key, null, ct) is { } filling ? View("Filled", new FilledPage(Operator, filling)) : NotFound();

    [Authorize(Policy = Roles.Seller)]
    [HttpGet(Seller + "/{key:guid}/tep.xlsx")]
    public async Task<IActionResult> FetchMine(Guid key, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer && await fillings.FetchAsync(key, producer.Id, User.As(Roles.Seller), ct) is var (name, content) ? File(content, Workbook.ContentType, name) : NotFound();

    [Authorize(Policy = Roles.Operator)]
    [HttpGet(Operator + "/{key:guid}/tep.xlsx")]
    public async Task<IActionResult> Fetch(Guid key, CancellationToken ct) => await fillings.FetchAsync(key, null, User.As(Roles.Operator), ct) is var (name, content) ? File(content, Workbook.ContentType, name) : NotFound();

    private async Task<IActionResult> FillAsync(string path, long? producerId, string role, FillForm form, IFormFile? file, CancellationToken ct)
    {
        var page = await PageAsync(path, form, ct);
        if (page.Platforms.TrueForAll(p => p.Code != form.Platform))
            ModelState.AddModelError(nameof(form.Platform), T["Hãy chọn sàn."]);
        if (file is null or { Length: 0 or > WorkbookPackage.MaxBytes })
            ModelState.AddModelError("file", T["Hãy chọn mẫu trống của sàn, tệp .xlsx nhỏ hơn 5 MB."]);
        if (!ModelState.IsValid)
            return Invalid("Fill", page);
        using var bytes = new MemoryStream();
        await file!.CopyToAsync(bytes, ct);
        try
        {
            return await fillings.FillAsync(form.Platform!, FileName(file.FileName), bytes.ToArray(), producerId, User.As(role), ct) is { } key ? SeeOther($"{path}/{key}") : NotFound();
        }
        catch (WorkbookRefusedException refused)
        {
            ModelState.AddModelError("file", T[refused.Why]);
            return Invalid("Fill", page);
        }
    }

    /// <summary>As the platform called its file, so that its sender knows it again.</summary>
    private static string FileName(string sent) => Vietnamese.Slug(Path.GetFileNameWithoutExtension(sent)) is { Length: > 0 } name ? (name.Length > 150 ? name[..150] : name) + ".xlsx" : "mau.xlsx";

    private async Task<FillPage> PageAsync(string path, FillForm form, CancellationToken ct) => new(path, form, await db.QueryAsync<Platform>("""
        select f.name, f.status, f.proved_on, f.code, f.formats from exports.newest_profile f order by f.code
        """, ct: ct));
}

public sealed record FillForm
{
    public string? Platform { get; init; }
}

public sealed record FillPage(string Path, FillForm Form, List<Platform> Platforms);

public sealed record FilledPage(string Path, Filling Filling)
{
    public bool Own => Path.StartsWith("/quan-ly/", StringComparison.Ordinal);
}
