using SonLaMarket.Foundation.Text;

namespace SonLaMarket.Catalog;

/// <summary>A price that moves by more than half is mostly one typed for a kilogram instead of a box, or with a zero too many: its seller is asked once.</summary>
public static class PriceJump
{
    /// <summary>What to ask; null where the price stays within half of what it was.</summary>
    /// <param name="netWeightG">Grams in one sale unit: the price of a kilogram is said too, where packs are compared by it.</param>
    public static string? Question(long beforeVnd, long nowVnd, string saleUnit, string title, long? netWeightG, string? categorySlug, Texts t)
    {
        if (beforeVnd <= 0 || Math.Abs(nowVnd - beforeVnd) * 2 <= beforeVnd)
            return null;
        var percent = Vietnamese.Number(decimal.Round(Math.Abs(nowVnd - beforeVnd) * 100m / beforeVnd));
        var kilogram = KilogramPrice.Of(nowVnd, netWeightG, saleUnit, categorySlug) is { } vnd ? $" ({Vietnamese.Money(vnd)}/kg)" : "";
        var (before, now) = ($"{Vietnamese.Money(beforeVnd)}/{SaleUnit.Of(1, saleUnit, title, t)}", $"{Vietnamese.Money(nowVnd)}/{SaleUnit.Of(1, saleUnit, title, t)}{kilogram}");
        return nowVnd < beforeVnd ? t["Giá giảm {0} % so với trước: từ {1} xuống {2}. Đúng giá này chứ?", percent, before, now] : t["Giá tăng {0} % so với trước: từ {1} lên {2}. Đúng giá này chứ?", percent, before, now];
    }
}
