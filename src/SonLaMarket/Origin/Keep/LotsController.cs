using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.TagHelpers;
using SonLaMarket.Producers;

namespace SonLaMarket.Origin.Keep;

/// <summary>The seller's lots: open one, see what it holds, its diary and its labels.</summary>
[Authorize(Policy = Roles.Diary)]
[Route("/quan-ly/lo")]
public sealed class LotsController(Lots lots, LotBlocks blocks, ProducerRegister producers, GrowingAreas areas, Products products, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const int Take = 30;
    private const int LongestAsk = 500;

    [HttpGet("")]
    public async Task<IActionResult> Index(string? sau, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is null)
            return SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);
        var before = Cursor.Parse(sau, 1) is [var id] && long.TryParse(id, out var key) ? key : (long?)null;
        var rows = await lots.PageAsync(db, User.Id(), before, Take + 1, ct);
        return View("Index", Page<Lot>.Of(rows, Take, l => Cursor.Of(l.Id.ToString(CultureInfo.InvariantCulture))));
    }

    [Authorize(Policy = Roles.Seller)]
    [HttpGet("moi")]
    public async Task<IActionResult> New([FromQuery(Name = "san-pham")] string? product, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer
            ? View("New", await PageAsync(new LotForm { ProductCode = product, State = LotForm.Standing }, producer, ct))
            : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [Authorize(Policy = Roles.Seller)]
    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(LotForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        var page = await PageAsync(form, producer, ct);
        var product = page.Products.Find(p => p.Code == form.ProductCode);
        var crop = product is null ? Crop(form, page) : null;
        if (form.ProductCode is not null and not LotForm.Unlisted && product is null && crop is null)
            ModelState.AddModelError(nameof(form.ProductCode), T["Hãy chọn sản phẩm của cơ sở bạn."]);
        // What was typed for the other choice is not on the screen any more, and does not count.
        var (standing, today) = (form.State == LotForm.Standing, Vietnamese.Today(clock));
        var baseUnit = product?.BaseUnit ?? crop?.BaseUnit;
        var said = standing ? new LotSaid(baseUnit, null, null, null, null, form.Quantity, form.PlannedOn)
            : new LotSaid(baseUnit, form.HarvestedOn, form.HarvestUntil, form.PackedOn, form.BestBefore, form.Quantity);
        var reading = new LotReading(said, today, T);
        foreach (var (field, message) in reading.Faults)
            ModelState.AddModelError(field, message);
        foreach (var unseen in standing ? new[] { nameof(form.HarvestedOn), nameof(form.HarvestUntil), nameof(form.PackedOn), nameof(form.BestBefore) } : [nameof(form.PlannedOn)])
        {
            ModelState.ClearValidationState(unseen);
            ModelState.MarkFieldValid(unseen);
        }
        if (!standing && form.HarvestedOn is null && ModelState[nameof(form.HarvestedOn)] is not { Errors.Count: > 0 })
            ModelState.AddModelError(nameof(form.HarvestedOn), T["Hãy nhập ngày thu hoạch hoặc ngày sản xuất."]);
        var area = page.Growing.Find(a => a.Id == form.Place);
        if (area is null && form.Place is not null)
            ModelState.AddModelError(nameof(form.Place), T["Hãy chọn vùng trồng của cơ sở bạn."]);
        else if (form.Place is null && !standing && page.Growing.Count > 0)
            ModelState.AddModelError(nameof(form.Place), T[EntryReading.NoArea]);
        if (!ModelState.IsValid)
            return Invalid("New", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        var goods = crop is null ? form.ProductCode! : (await products.AddAsync(tx, producer.Id, crop, User.As(Roles.Seller)))!;
        var code = await lots.OpenAsync(tx, new NewLot(goods, area?.Id, said.HarvestedOn, said.HarvestUntil, said.PackedOn, said.BestBefore, reading.QuantityBase) { Standing = standing, PlannedOn = standing ? form.PlannedOn : null }, User.Id(), User.As(Roles.Seller));
        if (code is null)
        {
            ModelState.AddModelError(nameof(form.ProductCode), T["Hãy chọn sản phẩm của cơ sở bạn."]);
            return Invalid("New", page);
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther($"/quan-ly/lo/{code}", standing
            ? T["Đã mở lô {0}. Ghi nhật ký từ bây giờ; khi hái thì ghi việc “Thu hoạch”, lô có ngày thu hoạch từ đó.", code]
            : T["Đã mở lô {0}. Ghi nhật ký, in tem, rồi đưa lô vào bán.", code]);
    }

    /// <param name="kind">The work to be written down: its fields are shown.</param>
    /// <param name="template">What is usual for the crop fills the form.</param>
    /// <param name="again">An entry to be written down again, today.</param>
    [HttpGet("{code}")]
    public async Task<IActionResult> Show(string code, [FromQuery(Name = "viec")] string? kind, [FromQuery(Name = "mau")] string? template, [FromQuery(Name = "chep")] Guid? again, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var today = Vietnamese.Today(clock);
        var page = await LotPage.LoadAsync(db, lot, new DiaryForm { DoneOn = today, Kind = DiaryKinds.Exists(kind) ? kind : null }, ct);
        if (page.Templates.Find(x => x.Code == template) is { } usual)
            return View("Show", page with { Form = page.Form with { Kind = usual.Kind, Note = T.Of(usual.Title, usual.TitleEn), AmountUnit = usual.AmountUnit, Method = usual.Method } });
        if (again is { } id && await DiaryRow.FindAsync(db, lot.Id, id, ct) is { } entry)
            return View("Show", page with { Form = DiaryForm.Of(entry) with { DoneOn = today, Kept = [] } });
        return View("Show", page);
    }

    /// <summary>After the harvest of a lot that was opened while its crop stood: how long it keeps, when it was packed.</summary>
    [Authorize(Policy = Roles.Seller)]
    [HttpPost("{code}/han-dung")]
    public async Task<IActionResult> Complete(string code, LotDatesForm form, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        foreach (var (field, message) in new LotReading(new LotSaid(null, lot.HarvestedOn, null, form.PackedOn, form.BestBefore, null), Vietnamese.Today(clock), T).Faults)
            ModelState.AddModelError(field, message);
        if (ModelState.IsValid && form is { BestBefore: null, PackedOn: null })
            ModelState.AddModelError(nameof(form.BestBefore), T["Hãy nhập hạn dùng hoặc ngày đóng gói."]);
        if (!ModelState.IsValid)
            return Invalid("Show", await LotPage.LoadAsync(db, lot, new DiaryForm { DoneOn = Vietnamese.Today(clock) }, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await lots.CompleteAsync(tx, code, form.PackedOn, form.BestBefore, User.Id(), User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/lo/" + code, T["Đã ghi hạn dùng, ngày đóng gói."]);
    }

    /// <summary>Asks an officer to look again at what blocks the lot.</summary>
    [HttpPost("{code}/xin-xem-lai")]
    public async Task<IActionResult> Ask(string code, string? askNote, CancellationToken ct)
    {
        if (await lots.FindAsync(db, code, User.Id(), ct) is not { } lot)
            return NotFound();
        var note = Vietnamese.Clean(askNote);
        if (note.Length > LongestAsk)
        {
            ModelState.AddModelError("AskNote", T["Dài nhất {0} ký tự.", LongestAsk]);
            return Invalid("Show", await LotPage.LoadAsync(db, lot, new DiaryForm { DoneOn = Vietnamese.Today(clock) }, ct));
        }
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await blocks.AskAsync(tx, code, User.Id(), note, User.As(Roles.Seller)))
            return Conflict();
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/lo/" + code, T["Đã gửi yêu cầu. Cán bộ thấy yêu cầu cùng mục nhật ký cũ và mục đã sửa."]);
    }

    /// <summary>The product that is made on the way, so that a diary begins without one; what else is said of it can wait. Null where none is, or its name is missing.</summary>
    private ProductDraft? Crop(LotForm form, NewLotPage page)
    {
        if (page.Crops.Find(c => LotForm.Speciality + c.Slug == form.ProductCode) is { } known)
            return Draft(known.Name, known.NameEn, known.CategorySlug, known.Slug);
        if (form.ProductCode != LotForm.Unlisted)
            return null;
        var (name, category) = (Vietnamese.Clean(form.NewName), page.Categories.Find(c => c.Value == form.NewCategory)?.Value);
        if (name.Length is < 2 or > 120)
            ModelState.AddModelError(nameof(form.NewName), T["Hãy nhập tên hàng, từ 2 đến 120 ký tự."]);
        if (category is null)
            ModelState.AddModelError(nameof(form.NewCategory), T["Hãy chọn nhóm hàng."]);
        return category is null ? null : Draft(name, "", category, null);

        static ProductDraft Draft(string name, string nameEn, string category, string? speciality) => new(name, nameEn, category, speciality, null, "g", null, "", "", null, [], []);
    }

    private async Task<NewLotPage> PageAsync(LotForm form, Producer producer, CancellationToken ct)
    {
        // What grows and is weighed; what has a bottle or a bag of its own is described as a product first.
        const string crops = """
            select s.slug, s.name, s.name_en, s.category_slug from producers.speciality s
            where s.category_slug not in ('tourism', 'alcohol') and (s.unit = 'kg' or s.category_slug in ('fresh-fruit', 'vegetable', 'root-vegetable'))
              and not exists (select 1 from producers.product p where p.producer_id = @Id and p.speciality_slug = s.slug and p.taken_back_at is null)
            order by s.name collate "vi-x-icu"
            """;
        const string categories = "select k.slug, k.name, k.name_en from producers.category k where not exists (select 1 from producers.category x where x.parent_slug = k.slug) and k.slug not in ('tourism', 'alcohol') order by k.sort";
        var own = await db.QueryAsync<ProductChoice>($"""select p.code, p.name, p.base_unit, {LotOffers.Piece} as piece from producers.product p where p.producer_id = @Id and p.taken_back_at is null order by p.name collate "vi-x-icu" """, new { producer.Id }, ct);
        // Who named none has no choice: what they harvest is of their own place.
        var growing = await areas.OfProducerAsync(db, producer.Id, ct) is var all && all.Exists(a => !a.OwnPlace) ? all : [];
        var kinds = await db.QueryAsync<(string Slug, string Name, string NameEn)>(categories, ct: ct);
        return new(form, own, await db.QueryAsync<CropChoice>(crops, new { producer.Id }, ct), [.. kinds.Select(k => new SelectListItem(T.Of(k.Name, k.NameEn), k.Slug))], growing);
    }
}

/// <param name="Piece">What one piece was last sold as.</param>
public sealed record ProductChoice(string Code, string Name, string BaseUnit, string? Piece)
{
    public string Unit(Texts t) => BaseUnit == "g" ? "kg" : t[Piece ?? "đơn vị"];
}

/// <summary>A speciality of which the producer has no product yet.</summary>
public sealed record CropChoice(string Slug, string Name, string NameEn, string CategorySlug);

public sealed record NewLotPage(LotForm Form, List<ProductChoice> Products, List<CropChoice> Crops, List<SelectListItem> Categories, List<GrowingArea> Growing)
{
    /// <summary>One's own growing areas, whatever became of their codes, and what is none of them.</summary>
    public IEnumerable<SelectListItem> Places(Texts t) =>
        [new(t["Chưa ghi vùng trồng"], ""), .. Growing.Select(a => new SelectListItem(a.OwnPlace ? t["{0}, nơi cơ sở khai báo", a.CommuneName] : $"{a.Name} – {a.CommuneName}{(a.Status == AreaState.Active ? "" : $" ({t[AreaState.Label(a.Status)]})")}", a.Id.ToString()))];

    /// <summary>What a plain number counts, of the product that is chosen.</summary>
    public string Unit(Texts t) => (Products.Find(p => p.Code == Form.ProductCode) ?? (Form.ProductCode is null ? Products.FirstOrDefault() : null))?.Unit(t) ?? "kg";

    /// <summary>The producer's own products, then what they may grow, then what is in no list.</summary>
    public IEnumerable<SelectListItem> Goods(Texts t)
    {
        var (own, listed) = (new SelectListGroup { Name = t["Sản phẩm của cơ sở"] }, new SelectListGroup { Name = t["Đặc sản Sơn La"] });
        return
        [
            .. Products.Select(p => new UnitItem($"{p.Name} ({p.Unit(t)})", p.Code, p.Unit(t)) { Group = own }),
            .. Crops.Select(c => new UnitItem(t.Of(c.Name, c.NameEn), LotForm.Speciality + c.Slug, "kg") { Group = listed }),
            new UnitItem(t["Không có trong danh sách"], LotForm.Unlisted, "kg"),
        ];
    }
}

public sealed record LotDatesForm(DateOnly? PackedOn, DateOnly? BestBefore);

public sealed record LotForm
{
    [Required(ErrorMessage = "Hãy chọn sản phẩm.")]
    public string? ProductCode { get; init; }

    /// <summary>Before the slug of a speciality of which there is no product yet.</summary>
    public const string Speciality = "dac-san:";

    public const string Unlisted = "khac";

    public string? NewName { get; init; }

    public string? NewCategory { get; init; }

    /// <summary>Id of a growing area, also of the producer's own place.</summary>
    public Guid? Place { get; init; }

    /// <summary>The crop is in the field still.</summary>
    public const string Standing = "standing";

    public const string Harvested = "harvested";

    [Required(ErrorMessage = "Hãy chọn đã thu hoạch hay chưa.")]
    public string? State { get; init; }

    public DateOnly? PlannedOn { get; init; }

    public DateOnly? HarvestedOn { get; init; }

    public DateOnly? HarvestUntil { get; init; }

    public DateOnly? PackedOn { get; init; }

    public DateOnly? BestBefore { get; init; }

    [Required(ErrorMessage = "Hãy nhập số lượng của lô.")]
    public Kilograms? Quantity { get; init; }
}
