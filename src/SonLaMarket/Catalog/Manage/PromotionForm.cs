using System.ComponentModel.DataAnnotations;
using SonLaMarket.Foundation;

namespace SonLaMarket.Catalog.Manage;

public sealed record PromotionForm
{
    [Required(ErrorMessage = "Hãy nhập giá khuyến mại.")]
    public Vnd? Price { get; init; }

    /// <summary>Today where nothing is said.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The last day.</summary>
    [Required(ErrorMessage = "Hãy nhập ngày cuối của khuyến mại.")]
    public DateOnly? Until { get; init; }
}

public sealed record PromotionPage(PromotionForm Form, Listing Listing);
