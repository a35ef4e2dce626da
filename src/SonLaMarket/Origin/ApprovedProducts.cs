using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin;

/// <summary>What of a product the Department approved, told by the room where it is approved. It outlives the offer: labels are scanned for years.</summary>
/// <param name="PieceWeightG">Of what is counted: grams of one.</param>
public sealed record ApprovedProduct(long ProductId, string Title, string TitleEn, string? SpecialitySlug, string? Gtin, Guid? PictureId, Guid[] CertificateIds, string Brand, string Model, string Storage, long? PieceWeightG, DateTimeOffset ApprovedAt, string ListingSlug);

public sealed class ApprovedProducts
{
    /// <summary>The newest approval replaces the one before, for the pages of all lots of the product.</summary>
    public async Task SetAsync(Tx tx, ApprovedProduct product)
    {
        const string upsert = """
            insert into origin.approved_product (product_id, title, title_en, speciality_slug, gtin, picture_id, certificate_ids, brand, model, storage, piece_weight_g, approved_at, listing_slug)
            values (@ProductId, @Title, @TitleEn, @SpecialitySlug, @Gtin, @PictureId, @CertificateIds, @Brand, @Model, @Storage, @PieceWeightG, @ApprovedAt, @ListingSlug)
            on conflict (product_id) do update set title = excluded.title, title_en = excluded.title_en, speciality_slug = excluded.speciality_slug, gtin = excluded.gtin,
              picture_id = excluded.picture_id, certificate_ids = excluded.certificate_ids, brand = excluded.brand, model = excluded.model, storage = excluded.storage, piece_weight_g = excluded.piece_weight_g, approved_at = excluded.approved_at, listing_slug = excluded.listing_slug
            """;
        await tx.ExecuteAsync(upsert, product);
        var codes = await tx.QueryAsync<string>("select code from origin.lot where product_id = @ProductId", new { product.ProductId });
        await PageCache.EvictAsync(tx, [.. codes.Select(PageCache.Lot)]);
    }

    /// <summary>Which page the bare GTIN leads to: kept when nothing is on sale any more, so that the code still leads somewhere.</summary>
    public void LeadTo(Tx tx, long productId, string listingSlug) =>
        tx.Add("update origin.approved_product set listing_slug = @listingSlug where product_id = @productId and listing_slug <> @listingSlug", new { productId, listingSlug });
}
