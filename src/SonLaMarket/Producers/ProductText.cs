using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Producers;

/// <summary>What is said of a product, on a page or in a file.</summary>
public record ProductText
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
    [DataType(TypedBinder.Grams)]
    public long? NetWeightG { get; init; }

    [StringLength(5000, ErrorMessage = "Mô tả dài nhất 5.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Description { get; init; }

    [StringLength(300, ErrorMessage = "Cách bảo quản dài nhất 300 ký tự.")]
    public string? Storage { get; init; }

    /// <summary>As its label says it, with the amounts where the law asks for them.</summary>
    [StringLength(2000, ErrorMessage = "Thành phần dài nhất 2.000 ký tự.")]
    [DataType(DataType.MultilineText)]
    public string? Ingredients { get; init; }

    [Characters(80, ErrorMessage = "Nhãn hiệu dài nhất 80 ký tự.")]
    public string? Brand { get; init; }

    [Characters(80, ErrorMessage = "Loại, mã hiệu dài nhất 80 ký tự.")]
    public string? Model { get; init; }

    [Range(0.0, 100.0, ErrorMessage = "Độ cồn từ 0 đến 100.")]
    public decimal? AlcoholPercent { get; init; }

    public Guid[]? CertificateIds { get; init; }

    /// <summary>What is stored of a form without faults.</summary>
    public ProductDraft Draft(Guid[] pictures) => new(Vietnamese.Clean(Name), Vietnamese.Clean(NameEn), CategorySlug!, SpecialitySlug, ProductRules.ReadGtin(Gtin)?.ToString(), BaseUnit!,
        BaseUnit == "piece" ? NetWeightG : null, Description ?? "", Storage ?? "", AlcoholPercent, pictures, CertificateIds ?? [])
    {
        Brand = Vietnamese.Clean(Brand),
        Model = Vietnamese.Clean(Model),
        Ingredients = Ingredients ?? "",
    };
}
