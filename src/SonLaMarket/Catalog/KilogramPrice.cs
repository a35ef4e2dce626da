namespace SonLaMarket.Catalog;

/// <summary>What a kilogram costs in a pack of any size, so that packs can be compared.</summary>
public static class KilogramPrice
{
    /// <summary>Nobody compares cloth, baskets or orchids by the kilogram.</summary>
    public static bool IsCompared(string? categorySlug) => categorySlug is not ("craft" or "textile" or "basketry" or "ornamental");

    /// <summary>Whole đồng; null where it says nothing: of what is sold by the kilogram already, and of what is counted.</summary>
    public static long? Of(long priceVnd, long? netWeightG, string? saleUnit, string? categorySlug) =>
        saleUnit != "kg" && netWeightG is > 0 and var grams && IsCompared(categorySlug) ? (long)decimal.Round(priceVnd * 1000m / grams) : null;
}
