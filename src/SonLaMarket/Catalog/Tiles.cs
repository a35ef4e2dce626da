namespace SonLaMarket.Catalog;

/// <summary>What every list of listings knows of one. Shown by <c>/Catalog/_Tiles.cshtml</c>.</summary>
public interface ITile
{
    string Slug { get; }

    string Title { get; }

    string TitleEn { get; }

    Guid? PictureId { get; }

    string? SpecialitySlug { get; }

    long PriceVnd { get; }

    string SaleUnit { get; }

    /// <summary>What one unit of sale weighs.</summary>
    long NetWeightG { get; }

    string CategorySlug { get; }
}

/// <summary>Pictures of one thing, large, with small ones to choose from; a script makes them turn (js/gallery.js).</summary>
/// <param name="Pictures">Their addresses, without the size.</param>
/// <param name="Drawn">It is a drawing: the seller has sent no photo.</param>
public sealed record GalleryShown(string Name, IReadOnlyList<string> Pictures, bool Drawn);

/// <param name="By">Whose it is and where from; null where the page says so already.</param>
/// <param name="Stars">Of OCOP, 3 to 5.</param>
/// <param name="Returns">The month in which its next season begins (<see cref="Season.Returns"/>).</param>
public sealed record TileShown(ITile Of, string? By = null, int? Stars = null, bool InSeason = false, bool SoldOut = false, int? Returns = null)
{
    public bool HasBadges => Stars is not null || InSeason || SoldOut || Returns is not null;
}
