using System.ComponentModel.DataAnnotations;
using SonLaMarket.Origin;

namespace SonLaMarket.Catalog;

/// <summary>What a seller has typed so far of goods to sell. Texts are kept as typed: a draft also keeps what cannot be read yet.</summary>
public sealed record OfferText
{
    public Guid[]? Pictures { get; init; }

    /// <summary>Slug of the reference list; <see cref="NotListed"/> for what is not in it.</summary>
    public string? Speciality { get; init; }

    public string? Name { get; init; }

    public string? Category { get; init; }

    public string? Alcohol { get; init; }

    public string? HarvestedOn { get; init; }

    /// <summary>Id of a growing area; <see cref="OwnPlace"/> for the producer's own commune.</summary>
    public string? Place { get; init; }

    public string? SaleUnit { get; init; }

    public string? Content { get; init; }

    public string? Quantity { get; init; }

    public string? Price { get; init; }

    public int[]? Months { get; init; }

    [DataType(DataType.MultilineText)]
    public string? Description { get; init; }

    /// <summary>In characters.</summary>
    public const int LongestDescription = 5000;

    public const int LongestIngredients = 2000;

    /// <summary>As its label says it. This and what follows is asked for in files alone: by hand it is told once the goods are there.</summary>
    public string? Ingredients { get; init; }

    public string? MaxUnits { get; init; }

    public string? GrossWeight { get; init; }

    public string? Size { get; init; }

    public const string NotListed = "khac";
    public const string OwnPlace = "co-so";
}

/// <summary>Goods to sell, read and checked: one product, one listing of it, one lot.</summary>
public sealed record Offer(OfferGoods Goods, OfferHarvest Harvest);

/// <param name="BasePerUnit">Base units (gram or piece) in one sale unit.</param>
/// <param name="NetWeightG">Grams of one piece; null where the base unit is the gram.</param>
public sealed record OfferGoods(
    Guid[] PictureIds, string? SpecialitySlug, string Name, string NameEn, string CategorySlug, decimal? AlcoholPercent, string BaseUnit, long? NetWeightG,
    string Title, string TitleEn, string SaleUnit, long BasePerUnit, int[] SeasonMonths, string Description)
{
    public string Ingredients { get; init; } = "";

    public ListingPack Pack { get; init; } = new(null, null, null);
}

/// <summary>What is new each season.</summary>
public sealed record OfferHarvest(DateOnly HarvestedOn, Guid? GrowingAreaId, long QuantityBase, long PriceVnd);

/// <summary>What became of a draft.</summary>
/// <param name="Submitted">The listing waits for the Department.</param>
/// <param name="Public">Buyers see it already.</param>
/// <param name="Blocked">What keeps the lot from being sold, as <see cref="BlockNote.Read"/> takes it.</param>
public sealed record OfferDone(string ListingSlug, string LotCode, bool Submitted, bool Public, string? Blocked)
{
    public IReadOnlyList<BlockNote> Why => BlockNote.Read(Blocked);
}

/// <summary>A draft somebody can go on with.</summary>
public sealed record OpenDraft(Guid Id, OfferText Content, DateTimeOffset ChangedAt);
