using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;

namespace SonLaMarket.Supervision.Review;

/// <summary>The dossier of a listing's version on one screen, and the decision on exactly that version.</summary>
[Authorize(Policy = Roles.Officer)]
[Route("/so-cong-thuong/duyet/tin-dang/{slug}")]
public sealed class ListingReviewController(Decisions decisions, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    private const string Select = $"""
        select l.id, l.slug, l.status, l.public_version, l.price_vnd, v.version, v.title, v.title_en, v.sale_unit, v.base_unit, v.base_per_unit, v.net_weight_g, v.description, v.storage, v.ingredients, v.brand, v.model, v.piece_weight_g, v.gtin, v.picture_ids,
          v.certificate_ids, v.submitted_at, v.state, k.name as category_name, k.name_en as category_name_en, p.slug as producer_slug, p.name as producer_name, p.status as producer_status, p.public_version as producer_public_version,
          s.price_min_vnd, s.price_max_vnd, s.harvest_months, (select max(x.version) from catalog.listing_version x where x.listing_id = l.id and x.state = 'submitted') as waiting_version
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id join producers.category k on k.slug = v.category_slug join producers.producer p on p.id = l.producer_id
          left join producers.speciality s on s.slug = v.speciality_slug
        where l.slug = @slug and v.version = @version;
        select v.title, v.title_en, v.sale_unit, v.base_per_unit, v.net_weight_g, v.description, v.storage, v.ingredients, v.brand, v.model, v.piece_weight_g, coalesce(v.gtin, '') as gtin, v.picture_ids, k.name as category_name, k.name_en as category_name_en,
          array(select c.name || ' ' || x.number from producers.certificate x join producers.certificate_kind c on c.code = x.kind_code where x.id = any(v.certificate_ids) order by 1) as certificates,
          array(select c.name_en || ' ' || x.number from producers.certificate x join producers.certificate_kind c on c.code = x.kind_code where x.id = any(v.certificate_ids) order by 1) as certificates_en
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version join producers.category k on k.slug = v.category_slug where l.slug = @slug;
        select x.id, k.name as kind_name, k.name_en as kind_name_en, x.number, x.issuer, x.valid_until, x.status, x.file_id
        from catalog.listing l join catalog.listing_version v on v.listing_id = l.id and v.version = @version join producers.certificate x on x.id = any(v.certificate_ids)
          join producers.certificate_kind k on k.code = x.kind_code where l.slug = @slug order by x.valid_until;
        select o.code, o.harvested_on, o.best_before, a.name as area_name, a.code as area_code, a.status as area_status, c.full_name as commune_name, c.name_en as commune_name_en, o.quantity_base, o.base_unit,
          (select count(*) from origin.diary_entry d where d.lot_id = o.id) as entries, {BlockNote.OfLot} as blocked
        from catalog.listing l join origin.lot o on o.product_id = l.product_id join foundation.commune c on c.code = o.commune_code left join producers.growing_area a on a.id = o.growing_area_id
        where l.slug = @slug order by o.id desc limit 10;
        select d.decision, d.version, d.reason, d.decided_at, p.name as officer_name from supervision.decision d join accounts.person p on p.id = d.officer_id
        where d.subject_kind = 'listing' and d.subject = @slug order by d.id desc limit 20
        """;

    [HttpGet("{version:int}")]
    public async Task<IActionResult> Show(string slug, int version, CancellationToken ct) =>
        await LoadAsync(slug, version, ct) is { } page ? View("Listing", page) : NotFound();

    [HttpPost("{version:int}/phe-duyet")]
    public Task<IActionResult> Approve(string slug, int version, DecisionForm form, CancellationToken ct) => DecideAsync(slug, version, Decisions.Approve, form, ct);

    [HttpPost("{version:int}/tra-lai")]
    public Task<IActionResult> Return(string slug, int version, DecisionForm form, CancellationToken ct) => DecideAsync(slug, version, Decisions.Return, form, ct);

    [HttpPost("{version:int}/tam-ngung")]
    public Task<IActionResult> Suspend(string slug, int version, DecisionForm form, CancellationToken ct) => DecideAsync(slug, version, Decisions.Suspend, form, ct);

    private async Task<IActionResult> DecideAsync(string slug, int version, string decision, DecisionForm form, CancellationToken ct)
    {
        if (await LoadAsync(slug, version, ct) is not { } page)
            return NotFound();
        if (form.Fault(decision, Checklists.Listing, T) is var (field, message))
            ModelState.AddModelError(field, message);
        if (!ModelState.IsValid)
            return Invalid("Listing", page);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (!await decisions.OnListingAsync(tx, slug, version, decision, form.Text, form.Ticked(Checklists.Listing), form.Returned(ListingDossier.Parts), User.As(Roles.Officer)))
            return TooLate("Listing", (await LoadAsync(slug, version, ct))! with { TooLate = true });
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/so-cong-thuong/duyet", decision switch
        {
            Decisions.Approve when page.Lots.Count > 0 && page.Lots.All(l => l.Blocked is not null) => T["Đã duyệt tin “{0}”, bản {1}. Lô đang bị chặn bán: người mua chưa mua được cho đến khi gỡ chặn.", page.Listing.Title, version],
            Decisions.Approve => T["Đã duyệt tin “{0}”, bản {1}.", page.Listing.Title, version],
            Decisions.Return => T["Đã trả lại tin “{0}”, bản {1}. Người bán đọc được lý do.", page.Listing.Title, version],
            _ => T["Đã tạm ngừng tin “{0}”. Tin rời trang công khai ngay.", page.Listing.Title],
        });
    }

    private ViewResult TooLate(string view, object page)
    {
        Response.StatusCode = StatusCodes.Status409Conflict;
        return View(view, page);
    }

    private async Task<ListingDossier?> LoadAsync(string slug, int version, CancellationToken ct)
    {
        var (waiting, now, certificates, lots, earlier) = await db.MultipleAsync(Select, new { slug, version }, async g => (
            await g.ReadFirstOrDefaultAsync<WaitingListing>(), await g.ReadFirstOrDefaultAsync<PublicListing>(), (await g.ReadAsync<DossierCertificate>()).AsList(),
            (await g.ReadAsync<DossierLot>()).AsList(), (await g.ReadAsync<DecisionRow>()).AsList()), ct);
        return waiting is null ? null : new(waiting, now, Changes(waiting, now, certificates), certificates, lots, earlier, Vietnamese.Today(clock));
    }

    private List<Change> Changes(WaitingListing w, PublicListing? p, List<DossierCertificate> certificates) =>
    [
        new(T["Tên tin đăng"], p?.Title, w.Title),
        new(T["Tên tiếng Anh"], p?.TitleEn, w.TitleEn),
        new(T["Nhóm hàng"], p is null ? null : T.Of(p.CategoryName, p.CategoryNameEn), T.Of(w.CategoryName, w.CategoryNameEn)),
        new(T["Bán theo"], p is null ? null : Pack(p.SaleUnit, p.NetWeightG), Pack(w.SaleUnit, w.NetWeightG)),
        new("GTIN", p?.Gtin, w.Gtin ?? ""),
        new(T["Mô tả"], p?.Description, w.Description),
        new(T["Cách bảo quản"], p?.Storage, w.Storage),
        new(T["Thành phần"], p?.Ingredients, w.Ingredients),
        new(T["Nhãn hiệu"], p?.Brand, w.Brand),
        new(T["Loại, mã hiệu"], p?.Model, w.Model),
        new(T["Cân nặng một đơn vị"], p is null ? null : Piece(p.PieceWeightG), Piece(w.PieceWeightG)),
        new(T["Số ảnh"], p is null ? null : Pictures(p.PictureIds, w.PictureIds), T["{0} ảnh", w.PictureIds.Length]),
        new(T["Chứng nhận"], p is null ? null : string.Join("; ", T.IsEnglish ? p.CertificatesEn : p.Certificates), string.Join("; ", certificates.Select(c => $"{T.Of(c.KindName, c.KindNameEn)} {c.Number}").Order(StringComparer.Ordinal))),
    ];

    private static string Piece(long? weightG) => weightG is { } grams ? Vietnamese.Weight(grams) : "";

    private string Pictures(Guid[] before, Guid[] after) => before.SequenceEqual(after) ? T["{0} ảnh", after.Length] : T["{0} ảnh, khác bản đang công khai", before.Length];

    private string Pack(string saleUnit, long netWeightG) => $"{T[SaleUnit.Label(saleUnit)]} ({Vietnamese.Weight(netWeightG)})";
}

public sealed record WaitingListing(
    long Id, string Slug, string Status, int? PublicVersion, long PriceVnd, int Version, string Title, string TitleEn, string SaleUnit, string BaseUnit, long BasePerUnit, long NetWeightG,
    string Description, string Storage, string Ingredients, string Brand, string Model, long? PieceWeightG, string? Gtin, Guid[] PictureIds, Guid[] CertificateIds, DateTimeOffset SubmittedAt, string State, string CategoryName, string CategoryNameEn, string ProducerSlug,
    string ProducerName, string ProducerStatus, int? ProducerPublicVersion, long? PriceMinVnd, long? PriceMaxVnd, int[]? HarvestMonths, int? WaitingVersion)
{
    /// <summary>Harvested in a month in which this speciality is not usually harvested.</summary>
    public bool OutOfSeason(DateOnly? harvested) => harvested is { } day && HarvestMonths is { Length: > 0 } months && !months.Contains(day.Month);
}

public sealed record PublicListing(string Title, string TitleEn, string SaleUnit, long BasePerUnit, long NetWeightG, string Description, string Storage, string Ingredients, string Brand, string Model, long? PieceWeightG, string Gtin, Guid[] PictureIds, string CategoryName, string CategoryNameEn, string[] Certificates, string[] CertificatesEn);

public sealed record DossierCertificate(Guid Id, string KindName, string KindNameEn, string Number, string Issuer, DateOnly ValidUntil, string Status, Guid? FileId);

public sealed record DossierLot(
    string Code, DateOnly? HarvestedOn, DateOnly? BestBefore, string? AreaName, string? AreaCode, string? AreaStatus, string CommuneName, string CommuneNameEn, long QuantityBase, string BaseUnit, long Entries, string? Blocked)
{
    public IReadOnlyList<BlockNote> Why => BlockNote.Read(Blocked);
}

public sealed record ListingDossier(
    WaitingListing Listing, PublicListing? Public, List<Change> Changes, List<DossierCertificate> Certificates, List<DossierLot> Lots, List<DecisionRow> Earlier, DateOnly Today, bool TooLate = false)
{
    private const string Path = "/so-cong-thuong/duyet/tin-dang/";

    public static IReadOnlyList<SelectListItem> Parts { get; } = [.. ListingPart.All.Select(p => new SelectListItem(p.Label, p.Word))];

    public DecidePart Decide => new(
        $"{Path}{Listing.Slug}/{Listing.Version}", Listing.State == "submitted", Listing.PublicVersion is not null, Checklists.Listing,
        Listing.WaitingVersion is { } w && w != Listing.Version ? $"{Path}{Listing.Slug}/{w}" : null, TooLate, Parts);
}
