using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Rendering;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers.Manage;

/// <summary>Growing areas, with their official code where one was given.</summary>
[Authorize(Policy = Roles.Seller)]
[Route("/quan-ly/vung-trong")]
public sealed class GrowingAreasController(ProducerRegister producers, GrowingAreas areas, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Index(CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer
            ? View("GrowingAreas", await PageAsync(new GrowingAreaForm { CommuneCode = producer.CommuneCode }, producer, ct))
            : SeeOther("/quan-ly/co-so", T["Hãy khai báo cơ sở trước."]);

    [HttpPost("")]
    [CreatesOnce]
    public async Task<IActionResult> Create(GrowingAreaForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        await CheckAsync(form, ct);
        if (!ModelState.IsValid)
            return Invalid("GrowingAreas", await PageAsync(form, producer, ct));
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await areas.AddAsync(tx, producer.Id, form.Draft(), User.As(Roles.Seller)) is null)
        {
            ModelState.AddModelError(nameof(form.Code), T["Mã vùng trồng này đã có trên sàn."]);
            return Invalid("GrowingAreas", await PageAsync(form, producer, ct));
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther(producer.Version == 0 ? "/quan-ly/ho-so" : "/quan-ly/vung-trong", T["Đã thêm vùng trồng."]);
    }

    [HttpGet("{id:guid}")]
    public async Task<IActionResult> Edit(Guid id, CancellationToken ct) =>
        await producers.OfMemberAsync(db, User.Id(), ct) is { } producer && (await areas.OfProducerAsync(db, producer.Id, ct)).Find(a => a.Id == id && !a.OwnPlace) is { } area
            ? View("GrowingArea", await PageAsync(GrowingAreaForm.Of(area), producer, ct) with { Edited = area })
            : NotFound();

    [HttpPost("{id:guid}")]
    public async Task<IActionResult> Update(Guid id, GrowingAreaForm form, CancellationToken ct)
    {
        if (await producers.OfMemberAsync(db, User.Id(), ct) is not { } producer)
            return NotFound();
        await CheckAsync(form, ct);
        var page = await PageAsync(form, producer, ct);
        await using var tx = await db.BeginAsync(CancellationToken.None);
        if (await GrowingAreas.LockAsync(tx, id, producer.Id) is not { } area)
            return NotFound();
        page = page with { Edited = area };
        // What an officer suspended or revoked is this code: another word for the field does not make it valid again.
        if (area.Status != AreaState.Active && (form.Code?.ToUpperInvariant(), form.Scheme) != (area.Code, area.Scheme))
            ModelState.AddModelError(nameof(form.Code), T["Mã này đang bị tạm ngừng hoặc bị thu hồi: không đổi mã, loại mã được."]);
        if (!ModelState.IsValid)
            return Invalid("GrowingArea", page);
        if (GrowingAreaForm.Of(area) is var stored && Request.IsOutdated(stored))
            return ChangedMeanwhile("GrowingArea", page, form, stored, (field, value) => field switch
            {
                nameof(form.Area) when value.Length > 0 => value + " m²",
                nameof(form.CommuneCode) => page.Communes.Find(c => c.Value == value)?.Text,
                nameof(form.SpecialitySlug) => page.Specialities.Find(s => s.Value == value)?.Text,
                nameof(form.Scheme) when AreaScheme.Say(value, null, T) is { } scheme => scheme,
                nameof(form.Markets) when AreaScheme.Markets.FirstOrDefault(m => m.Word == value).Label is { } market => T[market],
                _ => null,
            });
        if (!await areas.ChangeAsync(tx, area, form.Draft(), producer.Slug, User.As(Roles.Seller)))
        {
            ModelState.AddModelError(nameof(form.Code), T["Mã vùng trồng này đã có trên sàn."]);
            return Invalid("GrowingArea", page);
        }
        await tx.CommitAsync(CancellationToken.None);
        return SeeOther("/quan-ly/vung-trong", T["Đã lưu vùng trồng. Lô đã thu hoạch giữ mã và tình trạng của ngày thu hoạch."]);
    }

    private async Task CheckAsync(GrowingAreaForm form, CancellationToken ct)
    {
        if (form.CommuneCode is not null && !await Communes.ExistsAsync(db, form.CommuneCode, Communes.SonLa, ct))
            ModelState.AddModelError(nameof(form.CommuneCode), T["Hãy chọn xã hoặc phường trong danh sách."]);
        if (form.SpecialitySlug is not null && (await Catalogue.SpecialitiesAsync(db, ct)).All(s => s.Slug != form.SpecialitySlug))
            ModelState.AddModelError(nameof(form.SpecialitySlug), T["Hãy chọn đặc sản trong danh sách."]);
        CheckCode(form);
    }

    private void CheckCode(GrowingAreaForm form)
    {
        if (form.Code is null)
        {
            if (form.Scheme is not null)
                ModelState.AddModelError(nameof(form.Code), T["Hãy nhập mã số, hoặc bỏ chọn loại mã."]);
            return;
        }
        if (AreaScheme.All.All(s => s.Word != form.Scheme))
            ModelState.AddModelError(nameof(form.Scheme), T["Hãy chọn loại mã."]);
        if (form.Scheme == AreaScheme.Export && (form.Markets is not { Length: > 0 } markets || markets.Any(m => AreaScheme.Markets.All(k => k.Word != m))))
            ModelState.AddModelError(nameof(form.Markets), T["Mã xuất khẩu gắn với thị trường: hãy chọn ít nhất một."]);
        if (form.Scheme == AreaScheme.Export && form.SpecialitySlug is null)
            ModelState.AddModelError(nameof(form.SpecialitySlug), T["Mã xuất khẩu gắn với một cây trồng: hãy chọn cây trồng."]);
        if (form.IssuedOn > Vietnamese.Today(clock))
            ModelState.AddModelError(nameof(form.IssuedOn), T["Ngày cấp không thể ở tương lai."]);
    }

    private async Task<GrowingAreasPage> PageAsync(GrowingAreaForm form, Producer producer, CancellationToken ct)
    {
        var specialities = (await Catalogue.SpecialitiesAsync(db, ct)).Select(s => new SelectListItem(T.Of(s.Name, s.NameEn), s.Slug));
        return new(form, (await areas.OfProducerAsync(db, producer.Id, ct)).FindAll(a => !a.OwnPlace), Choices.Communes(await Communes.OfProvinceAsync(db, Communes.SonLa, ct), T), [new(T["Không thuộc danh sách"], ""), .. specialities]);
    }
}

public sealed record GrowingAreasPage(GrowingAreaForm Form, List<GrowingArea> Areas, List<SelectListItem> Communes, List<SelectListItem> Specialities)
{
    /// <summary>The area that is changed, as it is stored.</summary>
    public GrowingArea? Edited { get; init; }
}

public sealed record GrowingAreaForm
{
    [Required(ErrorMessage = "Hãy nhập tên vùng trồng.")]
    [StringLength(120, ErrorMessage = "Tên vùng trồng dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [RegularExpression("(?i)VN[-. ]?[A-Z0-9.\\- ]{3,40}", ErrorMessage = "Mã vùng trồng bắt đầu bằng VN, ví dụ VN-14-0001.")]
    public string? Code { get; init; }

    [Required(ErrorMessage = "Hãy chọn xã hoặc phường.")]
    public string? CommuneCode { get; init; }

    /// <summary>Square metres.</summary>
    [DataType(TypedBinder.SquareMetres)]
    [Range(100, 100_000_000, ErrorMessage = "Diện tích từ 0,01 đến 10.000 ha.")]
    public long? Area { get; init; }

    public string? SpecialitySlug { get; init; }

    public string? Scheme { get; init; }

    public string[]? Markets { get; init; }

    public DateOnly? IssuedOn { get; init; }

    public static GrowingAreaForm Of(GrowingArea a) => new()
    {
        Name = a.Name,
        Code = a.Code,
        CommuneCode = a.CommuneCode,
        Area = a.AreaM2,
        SpecialitySlug = a.SpecialitySlug,
        Scheme = a.Scheme,
        Markets = a.Markets,
        IssuedOn = a.IssuedOn,
    };

    /// <summary>What was typed about a code counts only with one, and markets only for export.</summary>
    public GrowingAreaDraft Draft() => new(Vietnamese.Clean(Name), Code?.ToUpperInvariant(), CommuneCode!, Area, SpecialitySlug)
    {
        Scheme = Code is null ? null : Scheme,
        Markets = Code is not null && Scheme == AreaScheme.Export ? [.. AreaScheme.Markets.Select(m => m.Word).Where(Markets!.Contains)] : [],
        IssuedOn = Code is null ? null : IssuedOn,
    };
}
