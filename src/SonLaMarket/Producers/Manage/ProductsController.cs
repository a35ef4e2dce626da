using System.ComponentModel.DataAnnotations;
using Gs1;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>Trade items of one's producer.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/san-pham")]
public sealed class ProductsController(ProducerRegister producers, Products products, Certificates certificates, PictureInput pictures, Db db, Texts t, IHostEnvironment environment) : PageController(t)
{
    private const int Take = 24;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        const string select = """
            select p.id, p.code, p.name, p.gtin, p.base_unit, (p.picture_ids)[1] as picture_id
            from producers.product p join producers.acting m on m.producer_id = p.producer_id
            where m.person_id = @me and p.taken_back_at is null and (@after::bigint is null or p.id < @after) order by p.id desc limit @take
            """;
        if (await producers.OfMemberAsync(db, User.Id(), ct) is null)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        var after = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<ProductRow>(select, new { me = User.Id(), after, take = Take + 1 }, ct);
        return View("Index", Page<ProductRow>.Of(rows, Take, r => Cursor.Of(r.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [HttpGet("moi")]
    public async Task<IActionResult> New(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer
            ? View("Product", await PageAsync(new ProductForm(), null, producer, null, ct))
            : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [HttpPost("")]
    [CreatesOnce]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public Task<IActionResult> Create(ProductForm form, CancellationToken ct) => SaveAsync(null, form, ct);

    [HttpGet("{code}")]
    public async Task<IActionResult> Edit(string code, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer || await products.FindAsync(db, code, User.Id(), ct) is not { } product)
            return NotFound();
        return View("Product", await PageAsync(ProductForm.Of(product), product, producer, null, ct));
    }

    [HttpPost("{code}")]
    [RequestSizeLimit(Uploads.MaxRequestBytes)]
    public Task<IActionResult> Update(string code, ProductForm form, CancellationToken ct) => SaveAsync(code, form, ct);

    private async Task<IActionResult> SaveAsync(string? code, ProductForm form, CancellationToken ct)
    {
        var me = User.Id();
        if (await producers.OfMemberAsync(db, me, ct) is not { } producer)
            return NotFound();
        var product = code is null ? null : await products.FindAsync(db, code, me, ct);
        if (code is not null && product is null)
            return NotFound();
        if (product is not null)
        {
            // Fixed at the first save: the form does not ask again.
            form = form with { BaseUnit = product.BaseUnit };
            ModelState.Remove(nameof(form.BaseUnit));
        }
        var gtin = CheckGtin(form);
        CheckWeight(form);
        await CheckChoicesAsync(form, producer, ct);
        var (ids, pictureError) = await pictures.TakeAsync($"producer:{producer.Id}", form.Kept, form.Removed, Request, User.As(Roles.Seller));
        if (pictureError is not null)
            ModelState.AddModelError("Photos", pictureError);
        form = form with { Kept = ids };
        if (!ModelState.IsValid)
            return Invalid("Product", await PageAsync(form, product, producer, pictureError, ct));
        var draft = new ProductDraft(Vietnamese.Clean(form.Name), Vietnamese.Clean(form.NameEn), form.CategorySlug!, form.SpecialitySlug, gtin, form.BaseUnit!,
            form.BaseUnit == "piece" ? form.NetWeightG : null, form.Description ?? "", form.Storage ?? "", form.AlcoholPercent, ids, form.CertificateIds ?? []);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (product is not null && await products.LockAsync(tx, product.Code, me) is { } now && ProductForm.Of(now) is var stored && Request.IsOutdated(stored))
        {
            var page = await PageAsync(form, now, producer, null, ct);
            return ChangedMeanwhile("Product", page, form, stored, (_, value) => page.Categories.Concat(page.Specialities).FirstOrDefault(o => o.Value == value)?.Text ?? page.Certificates.Find(c => c.Id.ToString() == value)?.Number);
        }
        var saved = product is null ? await products.AddAsync(tx, producer.Id, draft, User.As(Roles.Seller)) : await products.UpdateAsync(tx, product.Code, me, draft, User.As(Roles.Seller)) ? product.Code : null;
        if (saved is null)
        {
            ModelState.AddModelError(nameof(form.Gtin), T["Mã GTIN này đã dùng cho một sản phẩm khác."]);
            return Invalid("Product", await PageAsync(form, product, producer, pictureError, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return product is null
            ? SeeOther($"/quan-ly/tin-dang/moi?san-pham={saved}", T["Đã lưu sản phẩm. Bước tiếp: giá và cách bán."])
            : SeeOther($"/quan-ly/san-pham/{saved}", T["Đã lưu. Muốn thay đổi hiện ra, hãy gửi duyệt lại tin đăng của sản phẩm này."]);
    }

    private string? CheckGtin(ProductForm form)
    {
        if (form.Gtin is null)
            return null;
        if (!Gs1.Gtin.TryParse(form.Gtin.Replace(" ", "", StringComparison.Ordinal), out var gtin))
            ModelState.AddModelError(nameof(form.Gtin), T["Mã GTIN không đúng: 8, 12, 13 hoặc 14 số, số cuối là số kiểm tra."]);
        else if (gtin.IsRestrictedCirculation)
            ModelState.AddModelError(nameof(form.Gtin), T["Mã bắt đầu bằng 02, 04 hoặc 20–29 chỉ dùng trong nội bộ một công ty. Hãy để trống nếu chưa có mã GS1."]);
        else if (gtin.IsDemonstration && environment.IsProduction())
            ModelState.AddModelError(nameof(form.Gtin), T["Mã bắt đầu bằng 952 chỉ để làm mẫu."]);
        else
            return gtin.ToString();
        return null;
    }

    private void CheckWeight(ProductForm form)
    {
        if (form.BaseUnit == "piece" && form.NetWeightG is null)
            ModelState.AddModelError(nameof(form.NetWeightG), T["Hãy nhập khối lượng tịnh của một đơn vị, bằng gam."]);
        if (form.CategorySlug == "alcohol" && form.AlcoholPercent is null)
            ModelState.AddModelError(nameof(form.AlcoholPercent), T["Hãy nhập độ cồn."]);
        if (form.AlcoholPercent >= 15)
            ModelState.AddModelError(nameof(form.AlcoholPercent), T["Rượu từ 15 độ trở lên không được bán trên Internet (Nghị định 105/2017/NĐ-CP)."]);
    }

    private async Task CheckChoicesAsync(ProductForm form, Producer producer, CancellationToken ct)
    {
        var categories = await Catalogue.CategoriesAsync(db, ct);
        if (form.CategorySlug is not null && categories.All(c => c.Slug != form.CategorySlug))
            ModelState.AddModelError(nameof(form.CategorySlug), T["Hãy chọn nhóm hàng trong danh sách."]);
        if (form.SpecialitySlug is not null)
        {
            var speciality = (await Catalogue.SpecialitiesAsync(db, ct)).FirstOrDefault(s => s.Slug == form.SpecialitySlug);
            if (speciality is null)
                ModelState.AddModelError(nameof(form.SpecialitySlug), T["Hãy chọn đặc sản trong danh sách."]);
            else if (!speciality.SaleOnlineAllowed)
                ModelState.AddModelError(nameof(form.SpecialitySlug), T["Rượu từ 15 độ trở lên không được bán trên Internet (Nghị định 105/2017/NĐ-CP)."]);
        }
        var own = await certificates.OfProducerAsync(db, producer.Id, ct);
        if ((form.CertificateIds ?? []).Except(own.Select(c => c.Id)).Any())
            ModelState.AddModelError(nameof(form.CertificateIds), T["Hãy chọn chứng nhận của cơ sở bạn."]);
    }

    private async Task<ProductPage> PageAsync(ProductForm form, Product? product, Producer producer, string? pictureError, CancellationToken ct)
    {
        var categories = await Catalogue.CategoriesAsync(db, ct);
        var parents = categories.Where(c => categories.Any(o => o.ParentSlug == c.Slug)).ToDictionary(c => c.Slug, c => new SelectListGroup { Name = T.Of(c.Name, c.NameEn) });
        var choices = categories.Where(c => !parents.ContainsKey(c.Slug))
            .Select(c => new SelectListItem(T.Of(c.Name, c.NameEn), c.Slug) { Group = c.ParentSlug is null ? null : parents.GetValueOrDefault(c.ParentSlug) });
        var specialities = (await Catalogue.SpecialitiesAsync(db, ct)).Select(s => new SelectListItem(T.Of(s.Name, s.NameEn), s.Slug));
        return new(form, product, [new(T["Chọn nhóm hàng"], ""), .. choices], [new(T["Không thuộc danh sách"], ""), .. specialities], await certificates.OfProducerAsync(db, producer.Id, ct), pictureError);
    }
}

public sealed record ProductRow(long Id, string Code, string Name, string? Gtin, string BaseUnit, Guid? PictureId);

public sealed record ProductPage(ProductForm Form, Product? Product, List<SelectListItem> Categories, List<SelectListItem> Specialities, List<Certificate> Certificates, string? PictureError);

public sealed record ProductForm
{
    [Required(ErrorMessage = "Hãy nhập tên sản phẩm.")]
    [Characters(160, MinimumLength = 2, ErrorMessage = "Tên sản phẩm cần từ 2 đến 160 ký tự.")]
    public string? Name { get; init; }

    [StringLength(160, ErrorMessage = "Tên tiếng Anh dài nhất 160 ký tự.")]
    public string? NameEn { get; init; }

    [Required(ErrorMessage = "Hãy chọn nhóm hàng.")]
    public string? CategorySlug { get; init; }

    public string? SpecialitySlug { get; init; }

    public string? Gtin { get; init; }

    [Required(ErrorMessage = "Hãy chọn cách tính lượng.")]
    [RegularExpression("g|piece", ErrorMessage = "Hãy chọn cách tính lượng.")]
    public string? BaseUnit { get; init; }

    [Range(1, 100_000, ErrorMessage = "Khối lượng tịnh từ 1 g đến 100 kg.")]
    public long? NetWeightG { get; init; }

    [StringLength(5000, ErrorMessage = "Mô tả dài nhất 5.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Description { get; init; }

    [StringLength(300, ErrorMessage = "Cách bảo quản dài nhất 300 ký tự.")]
    public string? Storage { get; init; }

    [Range(0.0, 100.0, ErrorMessage = "Độ cồn từ 0 đến 100.")]
    public decimal? AlcoholPercent { get; init; }

    public Guid[]? CertificateIds { get; init; }

    public Guid[]? Kept { get; init; }

    public Guid[]? Removed { get; init; }

    public static ProductForm Of(Product p) => new()
    {
        Name = p.Name,
        NameEn = p.NameEn,
        CategorySlug = p.CategorySlug,
        SpecialitySlug = p.SpecialitySlug,
        Gtin = p.Gtin,
        BaseUnit = p.BaseUnit,
        NetWeightG = p.NetWeightG,
        Description = p.Description,
        Storage = p.Storage,
        AlcoholPercent = p.AlcoholPercent,
        CertificateIds = p.CertificateIds,
        Kept = p.PictureIds,
    };
}
