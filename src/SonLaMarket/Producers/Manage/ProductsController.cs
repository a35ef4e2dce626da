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
        foreach (var (field, message) in (await ProductRules.LoadAsync(db, producer.Id, environment.IsProduction(), ct)).Faults(form, T))
            ModelState.AddModelError(field, message);
        var (ids, pictureError) = await pictures.TakeAsync($"producer:{producer.Id}", form.Kept, form.Removed, Request, User.As(Roles.Seller));
        if (pictureError is not null)
            ModelState.AddModelError("Photos", pictureError);
        form = form with { Kept = ids };
        if (!ModelState.IsValid)
            return Invalid("Product", await PageAsync(form, product, producer, pictureError, ct));
        var draft = form.Draft(ids);
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
