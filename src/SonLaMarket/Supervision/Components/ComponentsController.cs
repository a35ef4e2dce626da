using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Foundation.Web.Maps;

namespace SonLaMarket.Supervision.Components;

/// <summary>Every component of the pages in every state, light and dark: what a page is put together from, and where a change of it is looked at.</summary>
[Authorize(Policy = Roles.Operator)]
[Route("/quan-tri/giao-dien")]
public sealed class ComponentsController(CommuneMaps maps, Db db, Texts t, TimeProvider clock) : PageController(t)
{
    [HttpGet("")]
    public async Task<IActionResult> Show([FromQuery(Name = "nen")] string? theme, [FromQuery(Name = "tra-lai")] bool refused, CancellationToken ct)
    {
        if (refused)
            TryValidateModel(new SpecimenForm(), "Form");
        return View("Show", await PageAsync(refused ? new SpecimenForm() : new SpecimenForm { Price = new Vnd(35_000), Weight = new Kilograms(12.5m), On = Vietnamese.Today(clock), Name = Specimen.Marks, Choice = "hop", Several = ["vietgap"] }, theme, ct) with { Refused = refused });
    }

    /// <summary>Checks the specimen and keeps nothing.</summary>
    [HttpPost("")]
    public async Task<IActionResult> Check([Bind(Prefix = "Form")] SpecimenForm form, [FromQuery(Name = "nen")] string? theme, CancellationToken ct)
    {
        if (form.Weight is { Value: <= 0 or > 10_000 })
            ModelState.AddModelError("Form.Weight", T["Khối lượng từ 0,001 đến 10.000 kg."]);
        return ModelState.IsValid ? SeeOther("/quan-tri/giao-dien?nen=" + Theme(theme), T["Biểu mẫu thử đúng cả; không có gì được lưu."]) : Invalid("Show", await PageAsync(form, theme, ct));
    }

    private async Task<ComponentsPage> PageAsync(SpecimenForm form, string? theme, CancellationToken ct)
    {
        const string pictures = "select id from files.stored_file where kind = 'image' and state = 'clean' and width > height order by created_at limit 1";
        ViewData["Theme"] = Theme(theme);
        return new(form, Theme(theme), await db.FirstOrDefaultAsync<Guid?>(pictures, ct: ct), Vietnamese.Today(clock), clock.GetUtcNow(), await maps.OfAsync(Specimen.Commune, ct));
    }

    private static string Theme(string? theme) => theme is "sang" or "toi" ? theme : "";
}

/// <param name="Theme">"sang", "toi", or empty: as the machine has it.</param>
public sealed record ComponentsPage(SpecimenForm Form, string Theme, Guid? Picture, DateOnly Today, DateTimeOffset Now, CommuneMap? Map)
{
    /// <summary>The form is shown as one that came back.</summary>
    public bool Refused { get; init; }

    public string With(bool refused) => Addresses.With(QueryCollection.Empty, ("nen", Theme.Length == 0 ? null : Theme), ("tra-lai", refused ? "true" : null));
}

public static class Specimen
{
    /// <summary>Every letter with a mark on a mark, in capitals: what cuts off or collides shows here.</summary>
    public const string Marks = "ĐẶNG THỊ ẾCH – NGUYỄN HỮU ỔI – MẬN HẬU MỘC CHÂU – Ẫ Ỡ Ữ Ỵ";

    internal const string Commune = "03646";

    public static GalleryShown Gallery(Guid? picture) => new("Mận hậu", [picture is { } id ? $"/media/{id}" : "/tranh/man-hau", "/tranh/man-hau", "/tranh/dao-van-ho"], true);

    /// <summary>With everything on it, without anything, sold out.</summary>
    public static IEnumerable<TileShown> Tiles(Guid? picture) =>
    [
        new(new SpecimenTile(Marks, picture, 175_000, "box"), Marks, 5, InSeason: true),
        new(new SpecimenTile("Mận hậu", null, 35_000, "kg")),
        new(new SpecimenTile("Ổi Ẫ Ỡ Ữ Ỵ", picture, 1_234_567, "piece"), "Hộ mẫu NGUYỄN HỮU ỔI", SoldOut: true),
    ];
}

public sealed record SpecimenTile(string Title, Guid? PictureId, long PriceVnd, string SaleUnit) : ITile
{
    // Leads to the list.
    public string Slug => "?mau";

    public string TitleEn => "";

    public string? SpecialitySlug => null;

    public long NetWeightG => 5000;

    public string CategorySlug => "fresh-fruit";
}

public sealed record SpecimenForm
{
    [Required(ErrorMessage = "Hãy điền mục này.")]
    [StringLength(120, ErrorMessage = "Họ và tên dài nhất 120 ký tự.")]
    public string? Name { get; init; }

    [Required(ErrorMessage = "Hãy nhập giá.")]
    public Vnd? Price { get; init; }

    [Required(ErrorMessage = "Hãy nhập khối lượng.")]
    public Kilograms? Weight { get; init; }

    [DataType(TypedBinder.SquareMetres)]
    public long? Area { get; init; }

    [Range(0.001, 1_000_000, ErrorMessage = "Lượng dùng từ 0,001 đến 1.000.000.")]
    public decimal? Amount { get; init; }

    [Required(ErrorMessage = "Hãy nhập ngày.")]
    public DateOnly? On { get; init; }

    [Required(ErrorMessage = "Hãy chọn một mục.")]
    public string? Choice { get; init; }

    public string[]? Several { get; init; }

    [StringLength(1000, ErrorMessage = "Ghi chú dài nhất 1.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Note { get; init; }

    public bool Agreed { get; init; }
}
