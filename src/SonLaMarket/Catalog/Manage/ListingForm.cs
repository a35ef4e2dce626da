using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Manage;

public sealed record ListingForm
{
    public string? ProductCode { get; init; }

    [Required(ErrorMessage = "Hãy nhập tên tin đăng.")]
    [Characters(160, MinimumLength = 4, ErrorMessage = "Tên tin đăng cần từ 4 đến 160 ký tự.")]
    public string? Title { get; init; }

    [StringLength(160, ErrorMessage = "Tên tiếng Anh dài nhất 160 ký tự.")]
    public string? TitleEn { get; init; }

    [Required(ErrorMessage = "Hãy chọn đơn vị bán.")]
    [RegularExpression("kg|bunch|box|piece", ErrorMessage = "Hãy chọn đơn vị bán.")]
    public string? SaleUnit { get; init; }

    /// <summary>Kilograms in a sale unit where the product goes by weight, pieces where it goes by piece.</summary>
    public Kilograms? Content { get; init; }

    [Required(ErrorMessage = "Hãy nhập giá.")]
    public Vnd? Price { get; init; }

    public int[]? Months { get; init; }

    [Range(1, 999, ErrorMessage = "Mua ít nhất từ 1 đến 999 đơn vị.")]
    public int MinUnits { get; init; } = 1;

    public int? MaxUnits { get; init; }

    /// <summary>Of one sale unit with its packing.</summary>
    [DataType(TypedBinder.Grams)]
    public long? GrossWeightG { get; init; }

    public string? Size { get; init; }

    /// <summary>Something is said, or wrong, that stands in the fold.</summary>
    public bool MoreSaid => MaxUnits is not null || GrossWeightG is not null || !string.IsNullOrEmpty(Size);

    public static ListingForm Of(Listing l) => new()
    {
        ProductCode = l.ProductCode,
        Title = l.Title,
        TitleEn = l.TitleEn,
        SaleUnit = l.SaleUnit,
        Content = new Kilograms(l.BaseUnit == "g" ? l.BasePerUnit / 1000m : l.BasePerUnit),
        Price = new Vnd(l.PriceVnd),
        Months = l.SeasonMonths,
        MinUnits = l.MinUnits,
        MaxUnits = l.MaxUnits,
        GrossWeightG = l.GrossWeightG,
        Size = l.Pack.Size?.ToString(),
    };
}
