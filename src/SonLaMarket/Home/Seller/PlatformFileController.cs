using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Papers;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Imports;
using SonLaMarket.Producers;

namespace SonLaMarket.Home.Seller;

/// <summary>The file that a seller keeps for another platform comes in: read by the platform's profile (Exports), then looked over and saved like any other file (Imports).</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/nhap-du-lieu/san-khac")]
public sealed class PlatformFileController(ImportRegister imports, ProducerRegister producers, Db db, TimeProvider clock, Texts t) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is null ? SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]) : View("PlatformFile", await PageAsync(new(), ct));

    [HttpPost("")]
    [CreatesOnce]
    [KeepsFiles(nameof(file))]
    [RequestSizeLimit(WorkbookPackage.MaxBytes + (1 << 20))]
    public async Task<IActionResult> Create(PlatformFileForm form, IFormFile? file, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        if (form.HarvestedOn > Vietnamese.Today(clock))
            ModelState.AddModelError(nameof(form.HarvestedOn), T["Ngày thu hoạch không thể ở tương lai."]);
        if (file is null or { Length: 0 or > WorkbookPackage.MaxBytes })
            ModelState.AddModelError("file", T["Hãy chọn tệp .xlsx đã điền của sàn, nhỏ hơn 5 MB."]);
        if (await ProfileVersions.NewestAsync(db, form.Platform ?? "", ct) is not { } platform)
            ModelState.AddModelError(nameof(form.Platform), T["Hãy chọn sàn."]);
        else if (ModelState.IsValid)
            return await ReadAsync(platform.Profile, producer, form, file!, ct);
        return Invalid("PlatformFile", await PageAsync(form, ct));
    }

    private async Task<IActionResult> ReadAsync(Profile platform, Producer producer, PlatformFileForm form, IFormFile file, CancellationToken ct)
    {
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, ct);
        try
        {
            var goods = PartnerGoods.Read(bytes.ToArray(), platform);
            var (kind, cells) = form.What == PlatformFileForm.Known ? ("changes", PlatformSheet.Changes(goods, await PartnerGoods.SkusAsync(db, producer.Id, ct)))
                : ("listings", PlatformSheet.Listings(goods, (await Catalogue.CategoriesAsync(db, ct)).ToDictionary(c => c.Slug, c => c.Name, StringComparer.Ordinal), form.HarvestedOn));
            using var sheet = new MemoryStream();
            var columns = imports.Kind(kind).Columns.Where(c => cells.Exists(r => r.ContainsKey(c.Field))).ToList();
            await Workbook.WriteAsync(sheet, new WorkbookSheet(T["Nhập"], columns.ConvertAll(c => c.Header), cells.Select(r => columns.Select(c => (object?)r.GetValueOrDefault(c.Field)))));
            var importer = new Importer(producer.Id, User.Id(), User.As(Roles.Seller));
            await using var tx = await db.BeginAsync(CancellationToken.None);
            if (await imports.AddAsync(tx, importer, kind, $"{platform.Name}: {file.FileName}", sheet.ToArray()) is not { } id)
            {
                ModelState.AddModelError("", T["Một tệp khác của cơ sở đang được đọc hoặc lưu. Hãy đợi xong rồi gửi tiếp."]);
                return Invalid("PlatformFile", await PageAsync(form, ct));
            }
            await tx.CommitAsync(CancellationToken.None);
            return SeeOther(importer.PathOf(id));
        }
        catch (WorkbookRefusedException refused)
        {
            ModelState.AddModelError("file", T[refused.Why]);
            return Invalid("PlatformFile", await PageAsync(form, ct));
        }
    }

    private async Task<PlatformFilePage> PageAsync(PlatformFileForm form, CancellationToken ct) =>
        new(form, await db.QueryAsync<(string Code, string Name)>("select f.code, f.name from exports.newest_profile f where f.definition ? 'template' or f.formats && '{xlsx}' order by (f.definition ? 'template') desc, f.code", ct: ct));
}

public sealed record PlatformFileForm
{
    public const string New = "new", Known = "known";

    public string? Platform { get; init; }

    public string What { get; init; } = New;

    public DateOnly? HarvestedOn { get; init; }
}

public sealed record PlatformFilePage(PlatformFileForm Form, List<(string Code, string Name)> Platforms);

/// <summary>What a platform's rows say, in the columns of our own files.</summary>
internal static class PlatformSheet
{
    private const string Box = "hộp";

    /// <summary>Goods that are new here. Platforms know no harvest: one day is said for all rows, or each is asked for it.</summary>
    public static List<Dictionary<string, string>> Listings(List<PartnerRow> goods, Dictionary<string, string> categories, DateOnly? harvestedOn) => goods.ConvertAll(g => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [nameof(OfferText.Name)] = g.Of("product.name"),
        [nameof(OfferText.Category)] = categories.GetValueOrDefault(g.Of("product.categoryCode"), ""),
        [nameof(OfferText.HarvestedOn)] = harvestedOn is { } day ? Vietnamese.Date(day) : "",
        [nameof(OfferText.SaleUnit)] = Box,
        [nameof(OfferText.Content)] = Grams(g.Of("variant.netWeightG")),
        [nameof(OfferText.Quantity)] = g.Of("variant.stock"),
        [nameof(OfferText.Price)] = g.Of("variant.priceVnd"),
        [nameof(OfferText.Ingredients)] = g.Of("product.ingredients"),
        [nameof(OfferText.MaxUnits)] = g.Of("variant.maxOrder"),
        [nameof(OfferText.GrossWeight)] = Grams(g.Of("variant.grossWeightG")),
        [nameof(OfferText.Size)] = g.Of("variant.lengthCm").Length == 0 ? "" : $"{g.Of("variant.lengthCm")} x {g.Of("variant.widthCm")} x {g.Of("variant.heightCm")}",
        [nameof(OfferText.Description)] = g.Of("product.description"),
    });

    /// <summary>Price and stock of what is here already, found by the SKU that it went out with.</summary>
    public static List<Dictionary<string, string>> Changes(List<PartnerRow> goods, Dictionary<string, string> skus) => goods.ConvertAll(g => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [ListingChangesByFile.Code] = skus.GetValueOrDefault(g.Of("variant.publicSku"), g.Of("variant.publicSku")),
        [ListingChangesByFile.Title] = g.Of("product.name"),
        [ListingChangesByFile.Price] = g.Of("variant.priceVnd"),
        [ListingChangesByFile.Left] = g.Of("variant.stock"),
        [ListingChangesByFile.Most] = g.Of("variant.maxOrder"),
    });

    private static string Grams(string typed) => typed.Length == 0 ? "" : typed + " g";
}
