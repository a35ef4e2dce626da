using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog.Manage;

/// <summary>The seller's listings: written, priced, submitted; returned ones with the reason.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/tin-dang")]
public sealed class ListingsController(Listings listings, Products products, ProducerRegister producers, Db db, Texts t) : PageController(t)
{
    private const int Take = 30;

    private const string Select = """
        select l.id, l.slug, l.title, l.price_vnd, l.sale_unit, l.net_weight_g, l.status, l.public_version is not null as is_public, r.public_version is not null as producer_public, l.paused_for, p.picture_ids[1] as picture_id, p.speciality_slug,
          coalesce((select sum(s.available) from catalog.lot_stock s where s.product_id = l.product_id and not exists (select 1 from origin.lot_block b where b.lot_id = s.lot_id and b.lifted_at is null)), 0)::bigint / l.base_per_unit as units,
          exists (select 1 from catalog.lot_stock s join origin.lot_block b on b.lot_id = s.lot_id and b.lifted_at is null where s.product_id = l.product_id and s.available > 0) as blocked
        from catalog.listing l join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id
        where exists (select 1 from producers.acting m where m.producer_id = l.producer_id and m.person_id = @me) and l.taken_back_at is null and (@before::bigint is null or l.id < @before) order by l.id desc limit @take
        """;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is null)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await db.QueryAsync<ListingRow>(Select, new { me = User.Id(), before, take = Take + 1 }, ct);
        return View("Index", new ListingList(Page<ListingRow>.Of(rows, Take, l => Cursor.Of(l.Id.ToString(CultureInfo.InvariantCulture))), before is null ? await OfferDrafts.OpenAsync(db, User.Id(), ct) : []));
    }

    [HttpGet("moi")]
    public async Task<IActionResult> New([FromQuery(Name = "san-pham")] string? product, CancellationToken ct)
    {
        if (product is null)
            return SeeOther("/quan-ly/san-pham", T["Hãy chọn sản phẩm để đăng bán."]);
        if (await products.FindAsync(db, product, User.Id(), ct) is not { } found)
            return NotFound();
        var form = new ListingForm { ProductCode = found.Code, Title = found.Name, TitleEn = found.NameEn, SaleUnit = found.BaseUnit == "g" ? "kg" : "piece", Content = new Kilograms(1) };
        return View("Listing", new ListingPage(form, found, null, []));
    }

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(ListingForm form, CancellationToken ct)
    {
        if (form.ProductCode is null || await products.FindAsync(db, form.ProductCode, User.Id(), ct) is not { } product)
            return NotFound();
        if (Check(form, product) is not { } draft)
            return Invalid("Listing", new ListingPage(form, product, null, []));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var slug = await listings.CreateAsync(tx, product.Code, draft, User.Id(), User.As(Roles.Seller));
        if (slug is null)
            return NotFound();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/tin-dang/{slug}", T["Đã lưu tin. Kiểm tra lại rồi gửi duyệt."]);
    }

    [HttpGet("{slug}")]
    public async Task<IActionResult> Edit(string slug, [FromQuery(Name = "sua")] string? edit, CancellationToken ct) =>
        await listings.FindAsync(db, slug, User.Id(), ct) is { } listing
            ? View("Listing", await PageAsync(ListingForm.Of(listing), listing, ct) with { FormOpen = edit == "tat-ca" })
            : NotFound();

    [HttpPost("{slug}")]
    public async Task<IActionResult> Update(string slug, ListingForm form, CancellationToken ct)
    {
        if (await listings.FindAsync(db, slug, User.Id(), ct) is not { } listing)
            return NotFound();
        var page = await PageAsync(form, listing, ct);
        if (Check(form, page.Product) is not { } draft)
            return Invalid("Listing", page);
        if ((listing.PublicVersion is not null || listing.Status == "submitted") && (draft.SaleUnit, draft.BasePerUnit) != (listing.SaleUnit, listing.BasePerUnit))
        {
            ModelState.AddModelError(nameof(form.SaleUnit), T["Tin đang công khai hoặc chờ duyệt giữ nguyên đơn vị bán, vì giá đi theo đơn vị. Muốn bán theo đơn vị khác, hãy đăng thêm một tin cho sản phẩm này."]);
            return Invalid("Listing", page);
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await listings.LockAsync(tx, slug, User.Id()) is { } now && ListingForm.Of(now) is var stored && Request.IsOutdated(stored))
            return ChangedMeanwhile("Listing", page with { Listing = now }, form, stored, (_, value) => SaleUnit.All.FirstOrDefault(u => u.Word == value).Label is { } unit ? T[unit] : null);
        // Another unit has another price.
        if ((draft.SaleUnit, draft.BasePerUnit) == (listing.SaleUnit, listing.BasePerUnit)
            && PriceJump.Question(listing.PriceVnd, draft.PriceVnd, listing.SaleUnit, listing.Title, listing.NetWeightG, page.Product.CategorySlug, T) is { } jump && AskOnce(jump, T["Lưu giá này"]) is { } question)
            return question;
        if (!await listings.UpdateAsync(tx, slug, draft, User.Id(), User.As(Roles.Seller)))
            return NotNow("Listing", page, T["Tin đang bị tạm ngừng hoặc vừa được gửi duyệt nên chưa lưu được thay đổi này."]);
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/tin-dang/{slug}", T["Đã lưu. Giá và mùa vụ có hiệu lực ngay; tên và cách đóng gói hiện ra sau khi duyệt."]);
    }

    /// <summary>Nobody sees a listing of a producer whom the Department never saw: who was never sent goes with it.</summary>
    [HttpPost("{slug}/gui-duyet")]
    public async Task<IActionResult> Submit(string slug)
    {
        var (me, actor) = (User.Id(), User.As(Roles.Seller));
        if (await producers.OfMemberAsync(db, me) is { PublicVersion: null, Status: "draft" } producer)
        {
            if (producer is { TaxCode: null } && ProducerKind.IsOrganisation(producer.Kind))
                return SeeOther("/quan-ly/co-so#TaxCode", T["Hợp tác xã và doanh nghiệp cần mã số thuế."]);
            return await ChangeAsync(slug, async tx => await producers.SubmitAsync(tx, producer.Id, me, actor) && await listings.SubmitAsync(tx, slug, me, actor), T["Đã gửi duyệt hồ sơ cơ sở và tin này."]);
        }
        return await ChangeAsync(slug, tx => listings.SubmitAsync(tx, slug, me, actor), T["Đã gửi duyệt. Sở Công Thương sẽ xem đúng bản này."]);
    }

    [HttpPost("{slug}/dong")]
    public Task<IActionResult> Close(string slug) =>
        ChangeAsync(slug, tx => listings.CloseAsync(tx, slug, User.Id(), User.As(Roles.Seller)), T["Đã đóng tin đăng."]);

    private async Task<IActionResult> ChangeAsync(string slug, Func<Tx, Task<bool>> change, string done)
    {
        if (await listings.FindAsync(db, slug, User.Id()) is null)
            return NotFound();
        await using var tx = await db.BeginAsync();
        if (!await change(tx))
            return Conflict();
        await tx.CommitAsync();
        return SeeOther($"/quan-ly/tin-dang/{slug}", done);
    }

    private ListingDraft? Check(ListingForm form, Product product)
    {
        var content = form.SaleUnit == "kg" ? 1m : form.Content?.Value;
        if (form.SaleUnit == "kg" && product.BaseUnit != "g")
            ModelState.AddModelError(nameof(form.SaleUnit), T["Sản phẩm này tính theo cái, không bán theo kg được."]);
        if (content is null)
            ModelState.AddModelError(nameof(form.Content), T["Hãy nhập lượng trong một đơn vị bán."]);
        else if (content is < 0.001m or > 10_000)
            ModelState.AddModelError(nameof(form.Content), T["Lượng trong một đơn vị bán từ 0,001 đến 10.000."]);
        else if (product.BaseUnit == "piece" && form.Content is { UnitTyped: true })
            ModelState.AddModelError(nameof(form.Content), T["Sản phẩm này tính theo cái, bó, hộp: hãy nhập số đơn vị, không phải khối lượng."]);
        else if (product.BaseUnit == "piece" && content != decimal.Truncate(content.Value))
            ModelState.AddModelError(nameof(form.Content), T["Số lượng theo đơn vị phải là số nguyên."]);
        if (form.Price is { } price && (price.Amount < 1000 || price.Amount > 999_999_999))
            ModelState.AddModelError(nameof(form.Price), T["Giá từ 1.000 đến 999.999.999 đồng."]);
        if ((form.Months ?? []).Any(m => m is < 1 or > 12))
            ModelState.AddModelError(nameof(form.Months), T["Tháng từ 1 đến 12."]);
        foreach (var (field, message) in ListingPack.Faults(form.MaxUnits, form.GrossWeightG, form.Size, form.MinUnits, content * (product.BaseUnit == "g" ? 1000 : product.NetWeightG), T))
            ModelState.AddModelError(field, message);
        if (!ModelState.IsValid)
            return null;
        var basePerUnit = product.BaseUnit == "g" ? (long)decimal.Round(content!.Value * 1000m) : (long)content!.Value;
        return new(Vietnamese.Clean(form.Title), Vietnamese.Clean(form.TitleEn), form.SaleUnit!, basePerUnit, form.Price!.Value.Amount, [.. (form.Months ?? []).Distinct().Order()], form.MinUnits) { Pack = new(form.MaxUnits, form.GrossWeightG, PackSize.Parse(form.Size)) };
    }

    private async Task<ListingPage> PageAsync(ListingForm form, Listing listing, CancellationToken ct)
    {
        const string stock = $"""
            select l.code, s.supplied, s.available, s.held, s.sold, s.written_off, l.base_unit, {LotOffers.PieceOfLot} as piece,
              exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) as blocked
            from catalog.lot_stock s join origin.lot l on l.id = s.lot_id where s.product_id = @ProductId and l.taken_back_at is null order by l.id desc limit 50
            """;
        var product = (await products.FindAsync(db, listing.ProductCode, User.Id(), ct))!;
        return new(form, product, listing, await db.QueryAsync<StockRow>(stock, new { listing.ProductId }, ct));
    }
}

public sealed record ListingRow(long Id, string Slug, string Title, long PriceVnd, string SaleUnit, long NetWeightG, string Status, bool IsPublic, bool ProducerPublic, string? PausedFor, Guid? PictureId, string? SpecialitySlug, long Units, bool Blocked);

public sealed record ListingList(Page<ListingRow> Page, List<OpenDraft> Drafts);

/// <param name="Piece">What one piece was last sold as.</param>
public sealed record StockRow(string Code, long Supplied, long Available, long Held, long Sold, long WrittenOff, string BaseUnit, string? Piece, bool Blocked)
{
    /// <summary>A quantity of it, as people read it.</summary>
    public string Shown(long quantityBase, Texts t) => Quantity.Show(quantityBase, BaseUnit, t, Piece);
}

public sealed record ListingPage(ListingForm Form, Product Product, Listing? Listing, List<StockRow> Stock, bool FormOpen = false);
