using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <param name="Value">As text in a fixed notation; null when a listing has none. Several values are separated by <see cref="ExportFields.Separator"/>.</param>
/// <param name="Form">Where its seller changes it: "product", "listing", "producer", "certificate" or "lot", and the field there.</param>
public sealed record ExportField(Func<ExportListing, SiteOptions, string?> Value, string Form, string Anchor);

/// <summary>The names that a profile may say in "from".</summary>
public static class ExportFields
{
    public const char Separator = ',';

    public static IReadOnlyDictionary<string, ExportField> All { get; } = new Dictionary<string, ExportField>(StringComparer.Ordinal)
    {
        // Stable as long as the listing stands, and short: an address may be longer than platforms allow an id to be.
        ["sku"] = new((l, _) => $"{l.ProductCode}-{Convert.ToHexString(Codes.Hash(l.Slug).AsSpan(0, 4))}", "listing", "Title"),
        ["title"] = new((l, _) => l.Title, "listing", "Title"),
        ["description"] = new((l, _) => l.Description, "product", "Description"),
        ["storage"] = new((l, _) => l.Storage, "product", "Storage"),
        ["url"] = new((l, site) => site.Absolute("/san-pham/" + l.Slug), "listing", "Title"),
        ["image"] = new((l, site) => l.PictureIds.Length == 0 ? null : Picture(l.PictureIds[0], site), "product", "Photos"),
        ["moreImages"] = new((l, site) => l.PictureIds.Length < 2 ? null : string.Join(Separator, l.PictureIds.Skip(1).Select(p => Picture(p, site))), "product", "Photos"),
        ["availability"] = new((l, _) => l.StockUnits > 0 ? "in_stock" : "out_of_stock", "lot", ""),
        ["stock"] = new((l, _) => Number(l.StockUnits), "lot", ""),
        ["priceVnd"] = new((l, _) => Number(l.PriceVnd), "listing", "Price"),
        ["pricePerKgVnd"] = new((l, _) => !KilogramPrice.IsCompared(l.CategorySlug) ? null : Number((long)decimal.Round(l.PriceVnd * 1000m / l.NetWeightG)), "listing", "Price"),
        ["netWeightG"] = new((l, _) => Number(l.NetWeightG), "listing", "Content"),
        ["unit"] = new((l, _) => SaleUnit.Label(l.SaleUnit), "listing", "SaleUnit"),
        ["gtin"] = new((l, _) => l.Gtin, "product", "Gtin"),
        ["category"] = new((l, _) => l.CategorySlug, "product", "CategorySlug"),
        ["categoryPath"] = new((l, _) => l.ParentName is null ? l.CategoryName : $"{l.ParentName} > {l.CategoryName}", "product", "CategorySlug"),
        ["producerSlug"] = new((l, _) => l.ProducerSlug, "producer", "Name"),
        ["producerName"] = new((l, _) => l.ProducerName, "producer", "Name"),
        ["producerAddress"] = new((l, _) => string.Join(", ", new[] { l.ProducerAddress, l.CommuneName, "Sơn La" }.Where(p => p.Length > 0)), "producer", "AddressLine"),
        ["producerPhone"] = new((l, _) => l.ProducerPhone.StartsWith("+84", StringComparison.Ordinal) ? "0" + l.ProducerPhone[3..] : l.ProducerPhone, "producer", "Phone"),
        ["producerTaxCode"] = new((l, _) => l.ProducerTaxCode, "producer", "TaxCode"),
        ["origin"] = new((l, _) => $"{l.CommuneName}, Sơn La, Việt Nam", "producer", "CommuneCode"),
        ["certificates"] = new((l, _) => l.Certificates is null ? null : string.Join("; ", l.Certificates), "certificate", ""),
        ["expiredCertificates"] = new((l, _) => l.ExpiredCertificates is null ? null : string.Join("; ", l.ExpiredCertificates), "certificate", ""),
        ["stars"] = new((l, _) => l.Stars is null ? null : Number(l.Stars.Value), "certificate", ""),
        ["traceUrl"] = new((l, site) => l.LotCode is null ? null : site.Absolute("/lo/" + l.LotCode), "lot", ""),
    };

    /// <summary>The seller's page with the field, from what a profile says in "from".</summary>
    public static string EditPath(string? from, string listingSlug, string productCode)
    {
        var field = from is not null && All.TryGetValue(from, out var known) ? known : All["title"];
        var page = field.Form switch
        {
            "product" => "/quan-ly/san-pham/" + productCode,
            "producer" => "/quan-ly/co-so",
            "certificate" => "/quan-ly/chung-nhan",
            "lot" => "/quan-ly/lo",
            _ => "/quan-ly/tin-dang/" + listingSlug,
        };
        return field.Anchor.Length == 0 ? page : $"{page}#{field.Anchor}";
    }

    private static string Picture(Guid id, SiteOptions site) => site.Absolute($"/media/{id}/w1200.jpg");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
