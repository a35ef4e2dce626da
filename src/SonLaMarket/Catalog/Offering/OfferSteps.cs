namespace SonLaMarket.Catalog.Offering;

/// <summary>One page of the way from nothing to goods on sale. The last but the optional one looks everything over.</summary>
public sealed record OfferStep(string Slug, string Title, string Part, params string[] Fields);

/// <summary>The pages in their order: one thing a page, then everything once more. The same parts stand on the one page for experts.</summary>
public static class OfferSteps
{
    public static readonly OfferStep Photo = new("anh", "Ảnh sản phẩm", "_Photo", nameof(OfferForm.Photos));
    public static readonly OfferStep What = new("mat-hang", "Bạn bán gì?", "_What", nameof(OfferText.Speciality), nameof(OfferText.Name), nameof(OfferText.Category));
    public static readonly OfferStep Origin = new("nguon-goc", "Thu hoạch ngày nào, ở đâu?", "_Origin", nameof(OfferText.HarvestedOn), nameof(OfferText.Place));
    public static readonly OfferStep Pack = new("cach-ban", "Bán thế nào, có bao nhiêu?", "_Pack", nameof(OfferText.SaleUnit), nameof(OfferText.Content), nameof(OfferText.Quantity), nameof(OfferText.Alcohol));
    public static readonly OfferStep Price = new("gia", "Giá bán", "_Price", nameof(OfferText.Price));
    public static readonly OfferStep Check = new("kiem-tra", "Kiểm tra lại", "");

    /// <summary>Reached from the last page by whoever wants to say more.</summary>
    public static readonly OfferStep More = new("them", "Mùa vụ và giới thiệu", "_More", nameof(OfferText.Months), nameof(OfferText.Description));

    public static readonly OfferStep[] Pages = [Photo, What, Origin, Pack, Price, Check];

    public static readonly OfferStep[] Parts = [Photo, What, Origin, Pack, Price, More];

    public static OfferStep? Find(string slug) => Array.Find([.. Pages, More], s => s.Slug == slug);

    /// <summary>Where the walk goes on: the optional page goes back to the last one.</summary>
    public static OfferStep After(OfferStep step) => Array.IndexOf(Pages, step) is var at and >= 0 && at + 1 < Pages.Length ? Pages[at + 1] : Check;

    public static OfferStep? Before(OfferStep step) => step == More ? Check : Array.IndexOf(Pages, step) is var at and > 0 ? Pages[at - 1] : null;

    public static OfferStep Of(string field) => Array.Find(Parts, s => s.Fields.Contains(field)) ?? Check;
}
