using SonLaMarket.Foundation.Text;
using SonLaMarket.Producers;

namespace SonLaMarket.Catalog;

/// <summary>
/// What the reference list knows of a speciality is filled in: name, category, season, usual unit, place. It replaces what
/// an earlier choice had filled in, never what was typed.
/// </summary>
public static class OfferPrefill
{
    public static OfferText Add(OfferText before, OfferText said, OfferLists lists)
    {
        var chosen = lists.Speciality(said.Speciality ?? before.Speciality);
        if (chosen is null)
            return said with { Place = said.Place ?? before.Place ?? OnlyPlace(lists) };
        var earlier = lists.Speciality(before.Speciality);
        var usual = UsualPack.Of(chosen.Unit);
        var usualBefore = earlier is null ? null : UsualPack.Of(earlier.Unit);
        var name = said.Name ?? before.Name;
        var category = said.Category ?? before.Category;
        var packUntouched = string.IsNullOrEmpty(said.SaleUnit) && (string.IsNullOrEmpty(before.SaleUnit) || (usualBefore is not null && before.SaleUnit == usualBefore.SaleUnit && (before.Content ?? "") == Content(usualBefore)));
        return said with
        {
            Name = string.IsNullOrEmpty(name) || (earlier != chosen && name == earlier?.Name) ? chosen.Name : said.Name,
            Category = string.IsNullOrEmpty(category) || (earlier != chosen && category == earlier?.CategorySlug) ? chosen.CategorySlug : said.Category,
            Months = ((said.Months is null or []) && earlier != chosen) && (before.Months is null || (earlier is not null && before.Months.SequenceEqual(Season(earlier)))) ? Season(chosen) : said.Months,
            SaleUnit = packUntouched ? usual.SaleUnit : said.SaleUnit,
            Content = packUntouched ? Content(usual) : said.Content,
            Place = string.IsNullOrEmpty(said.Place) && string.IsNullOrEmpty(before.Place) ? PlaceFor(chosen, lists) : said.Place,
        };
    }

    /// <summary>What is said now, over what was there; what was not asked stays.</summary>
    public static OfferText Over(OfferText before, OfferText said) => before with
    {
        Speciality = said.Speciality ?? before.Speciality,
        Name = said.Name ?? before.Name,
        Category = said.Category ?? before.Category,
        Price = said.Price ?? before.Price,
        Months = said.Months ?? before.Months,
        Description = said.Description ?? before.Description,
    };

    private static int[] Season(Speciality s) => s.HarvestMonths.Length == 12 ? [] : [.. s.HarvestMonths.Order()];

    private static string Content(UsualPack pack) => pack.NetWeightG is { } grams ? Vietnamese.Weight(grams).Replace('\u00a0', ' ') : "";

    /// <summary>The area that grows it, else one in its home district, else the only one; who has none, where the producer is. Of several that tell nothing none is taken for granted: the interval of what is sprayed goes by it.</summary>
    private static string PlaceFor(Speciality chosen, OfferLists lists) =>
        (lists.Places.Find(p => p.SpecialitySlug == chosen.Slug) ?? lists.Places.Find(p => p.FormerDistrict is { } d && chosen.FormerDistricts.Any(f => d.Contains(f, StringComparison.Ordinal))))?.Id.ToString() ?? OnlyPlace(lists);

    private static string OnlyPlace(OfferLists lists) => lists.Places switch { [] => OfferText.OwnPlace, [var only] => only.Id.ToString(), _ => "" };
}
