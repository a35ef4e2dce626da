using System.Globalization;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Exports;

/// <summary>What conditions may do with a field: numbers and days have an order.</summary>
public enum FieldType
{
    Text,
    Number,
    Day,
}

/// <param name="Values">In a fixed notation (days as yyyy-MM-dd); empty when a listing has none.</param>
/// <param name="Form">Where its seller changes it: "product", "listing", "producer", "certificate", "delivery", "promotion" or "lot", and the field there.</param>
public sealed record ExportField(FieldType Type, Func<ExportListing, SiteOptions, IReadOnlyList<string>> Values, string Form, string Anchor);

/// <summary>The names that a profile may say: the canonical record in its five groups. A listing that is not approved, whose seller is not active or whose lots are recalled is none: these say so for whoever asks.</summary>
public static class ExportFields
{
    public static IReadOnlyDictionary<string, ExportField> All { get; } = new Dictionary<string, ExportField>(StringComparer.Ordinal)
    {
        ["seller.publicId"] = Text(l => l.ProducerSlug, "producer", "Name"),
        ["seller.kind"] = Text(l => l.ProducerKind, "producer", "Kind"),
        ["seller.name"] = Text(l => l.ProducerName, "producer", "Name"),
        ["seller.brand"] = Text(l => l.Brand, "producer", "Brand"),
        ["seller.active"] = Text(_ => "true", "producer", "Name"),
        ["seller.taxCode"] = Text(l => l.ProducerTaxCode, "producer", "TaxCode"),
        ["seller.address"] = Text(l => string.Join(", ", new[] { l.ProducerAddress, l.CommuneName, Province }.Where(p => p.Length > 0)), "producer", "AddressLine"),
        ["seller.commune"] = Text(l => l.CommuneName, "producer", "CommuneCode"),
        ["seller.province"] = Text(_ => Province, "producer", "CommuneCode"),
        ["seller.phone"] = Text(l => l.ProducerPhone.StartsWith("+84", StringComparison.Ordinal) ? "0" + l.ProducerPhone[3..] : l.ProducerPhone, "producer", "Phone"),
        ["seller.verifiedOn"] = Day(l => Of(l.ProducerApprovedAt), "producer", "Name"),
        ["product.id"] = Text(l => l.ProductCode, "product", "Name"),
        ["product.name"] = Text(l => l.Title, "listing", "Title"),
        ["product.nameEn"] = Text(l => l.TitleEn, "listing", "TitleEn"),
        ["product.categoryCode"] = Text(l => l.CategorySlug, "product", "CategorySlug"),
        ["product.categoryPath"] = Text(l => l.ParentName is null ? l.CategoryName : $"{l.ParentName} > {l.CategoryName}", "product", "CategorySlug"),
        ["product.description"] = Text(l => l.Description, "product", "Description"),
        ["product.shortDescription"] = Text(l => Short(l.Description), "product", "Description"),
        ["product.ingredients"] = Text(l => l.Ingredients, "product", "Ingredients"),
        ["product.brand"] = Text(l => l.ProductBrand, "product", "Brand"),
        ["product.model"] = Text(l => l.ProductModel, "product", "Model"),
        ["product.storage"] = Text(l => l.Storage, "product", "Storage"),
        ["product.alcoholPercent"] = new(FieldType.Number, (l, _) => One(l.AlcoholPercent?.ToString("0.#", CultureInfo.InvariantCulture)), "product", "AlcoholPercent"),
        ["product.originCommune"] = Text(l => l.OriginCommune, "lot", ""),
        ["product.origin"] = Text(l => $"{l.OriginCommune}, {Province}, Việt Nam", "producer", "CommuneCode"),
        ["product.plantingAreaCode"] = Text(l => l.GrowingAreaCode, "lot", ""),
        ["product.certificates"] = Certificates((l, i) => $"{l.CertificateNames![i]} {l.CertificateNumbers![i]} ({l.CertificateEnds![i]})"),
        ["product.certificateSchemes"] = Certificates((l, i) => l.CertificateKinds![i]),
        ["product.certificateNames"] = Certificates((l, i) => l.CertificateNames![i]),
        ["product.certificateNumbers"] = Certificates((l, i) => l.CertificateNumbers![i]),
        ["product.certificateIssuers"] = Certificates((l, i) => l.CertificateIssuers![i]),
        ["product.certificateValidTo"] = Certificates((l, i) => l.CertificateEnds![i]),
        ["product.expiredCertificates"] = new(FieldType.Text, (l, _) => l.ExpiredCertificates ?? [], "certificate", ""),
        ["product.ocopStars"] = Number(l => l.Stars, "certificate", ""),
        ["product.giName"] = Text(l => l.GeographicalIndication, "certificate", ""),
        ["product.details"] = new(FieldType.Text, (l, _) => Details(l), "product", "Name"),
        ["product.images"] = new(FieldType.Text, (l, site) => [.. l.PictureIds.Select(id => site.Absolute($"/media/{id}/w1200.jpg"))], "product", "Photos"),
        // Of each picture, in the order of product.images; 0 of one that nobody can fetch.
        ["product.imageWidths"] = Images((l, i) => l.PictureWidths[i].ToString(CultureInfo.InvariantCulture)),
        ["product.imageHeights"] = Images((l, i) => l.PictureHeights[i].ToString(CultureInfo.InvariantCulture)),
        ["product.imageBytes"] = Images((l, i) => l.PictureBytes[i].ToString(CultureInfo.InvariantCulture)),
        ["product.imageAlts"] = Images((l, i) => HandedOn.PictureText(l.Title, i + 1, l.PictureIds.Length)),
        ["product.traceUrl"] = new(FieldType.Text, (l, site) => One(l.LotCode is null ? null : site.Absolute("/lo/" + l.LotCode)), "lot", ""),
        ["variant.publicSku"] = Text(l => HandedOn.Sku(l.ProductCode, l.Slug), "listing", "Title"),
        ["variant.grade"] = Text(l => l.Grade, "lot", ""),
        ["variant.gtin"] = Text(l => l.Gtin, "product", "Gtin"),
        ["variant.packLabel"] = Text(l => SaleUnit.Label(l.SaleUnit), "listing", "SaleUnit"),
        ["variant.packQuantity"] = new(FieldType.Number, (l, _) => [Amount(l, l.BasePerUnit)], "listing", "Content"),
        // UN/ECE Recommendation 20.
        ["variant.packUnit"] = Text(l => l.BaseUnit == "g" ? Gs1.UnitOfMeasure.Kilogram : Gs1.UnitOfMeasure.Piece, "listing", "SaleUnit"),
        ["variant.baseUnit"] = Text(l => l.BaseUnit, "listing", "SaleUnit"),
        // Sold by the kilogram: weighed when it is packed, and charged by that.
        ["variant.catchWeight"] = Text(l => l.SaleUnit == "kg" ? "true" : "false", "listing", "SaleUnit"),
        ["variant.netWeightG"] = Number(l => l.NetWeightG, "listing", "Content"),
        ["variant.grossWeightG"] = Number(l => l.GrossWeightG, "listing", "GrossWeightG"),
        ["variant.lengthCm"] = Number(l => l.LengthCm, "listing", "Size"),
        ["variant.widthCm"] = Number(l => l.WidthCm, "listing", "Size"),
        ["variant.heightCm"] = Number(l => l.HeightCm, "listing", "Size"),
        ["variant.priceVnd"] = Number(l => l.PriceVnd, "listing", "Price"),
        ["variant.salePriceVnd"] = Number(l => l.SaleVnd, "promotion", "Price"),
        ["variant.saleFrom"] = Text(l => Instant(l.SaleFrom), "promotion", "From"),
        ["variant.saleTo"] = Text(l => Instant(l.SaleUntil?.AddSeconds(-1)), "promotion", "Until"),
        ["variant.unitPriceVnd"] = Number(l => KilogramPrice.IsCompared(l.CategorySlug) ? (long)decimal.Round(l.PriceVnd * 1000m / l.NetWeightG) : null, "listing", "Price"),
        // Nobody has said it of a product yet (docs/open-questions.md); the record keeps its place.
        ["variant.taxClass"] = Text(_ => null, "product", "Name"),
        ["variant.stock"] = Number(l => l.StockUnits, "lot", ""),
        ["variant.availability"] = Text(l => l.CanBeBought ? "InStock" : "OutOfStock", "lot", ""),
        ["variant.availableFrom"] = Day(l => l.AvailableFrom, "listing", "Months"),
        ["variant.availableTo"] = Day(l => l.AvailableTo, "listing", "Months"),
        ["variant.minOrder"] = Number(l => l.MinUnits, "listing", "MinUnits"),
        ["variant.maxOrder"] = Number(l => l.MaxUnits, "listing", "MaxUnits"),
        ["variant.leadDays"] = Number(l => l.ReadyDays, "delivery", ""),
        ["lot.code"] = Text(l => l.LotCode, "lot", ""),
        ["lot.harvestedOn"] = Day(l => l.HarvestedOn, "lot", ""),
        ["lot.packedOn"] = Day(l => l.PackedOn, "lot", ""),
        ["lot.bestBefore"] = Day(l => l.BestBefore, "lot", ""),
        ["lot.quantity"] = new(FieldType.Number, (l, _) => l.LotQuantityBase is { } quantity ? [Amount(l, quantity)] : [], "lot", ""),
        ["lot.recalled"] = Text(_ => "false", "lot", ""),
        ["listing.id"] = Text(l => l.Slug, "listing", "Title"),
        ["listing.status"] = Text(_ => "approved", "listing", "Title"),
        ["listing.approvedOn"] = Day(l => Of(l.ApprovedAt), "listing", "Title"),
        ["listing.approvedBy"] = new(FieldType.Text, (l, site) => One(l.ApprovedAt is null ? null : HandedOn.ApprovedBy(site)), "listing", "Title"),
        ["listing.validTo"] = Day(l => l.ValidTo, "listing", "Months"),
        ["listing.changedOn"] = Day(l => Of(l.ChangedAt), "listing", "Title"),
        ["listing.url"] = new(FieldType.Text, (l, site) => [site.Absolute("/san-pham/" + l.Slug)], "listing", "Title"),
    };

    /// <summary>What a Vietnamese marketplace reads in a column of yes and no.</summary>
    internal const string Yes = "Có", No = "Không";

    private const string Province = "Sơn La";

    /// <exception cref="ProfileException">The record has no such field.</exception>
    public static ExportField Get(string name) => All.TryGetValue(name, out var field) ? field : throw new ProfileException(new Said("Không có trường “{0}”.", name));

    /// <summary>The seller's page with the field, from what a profile says in "from": the first name of several.</summary>
    public static string EditPath(string? from, string listingSlug, string productCode)
    {
        var field = from is not null && All.TryGetValue(from.Split(',')[0].Trim(), out var known) ? known : All["product.name"];
        var page = field.Form switch
        {
            "product" => "/quan-ly/san-pham/" + productCode,
            "producer" => "/quan-ly/co-so",
            "certificate" => "/quan-ly/chung-nhan",
            "delivery" => "/quan-ly/giao-hang",
            "lot" => "/quan-ly/lo",
            "promotion" => $"/quan-ly/tin-dang/{listingSlug}/khuyen-mai",
            _ => "/quan-ly/tin-dang/" + listingSlug,
        };
        return field.Anchor.Length == 0 ? page : $"{page}#{field.Anchor}";
    }

    private const int ShortDescription = 200;
    private const int LongestDetail = 1000;

    /// <summary>The first paragraph, cut at a word where it is long.</summary>
    private static string Short(string description)
    {
        var first = description.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? "";
        return first.Length <= ShortDescription ? first : first[..Math.Max(first.LastIndexOf(' ', ShortDescription), ShortDescription / 2)];
    }

    private static ExportField Certificates(Func<ExportListing, int, string> value) => new(FieldType.Text, (l, _) => l.CertificateNames is null ? [] : [.. Enumerable.Range(0, l.CertificateNames.Length).Select(i => value(l, i))], "certificate", "");

    private static ExportField Images(Func<ExportListing, int, string> value) => new(FieldType.Text, (l, _) => [.. Enumerable.Range(0, l.PictureIds.Length).Select(i => value(l, i))], "product", "Photos");

    /// <summary>What else is told, each as section, name and value with colons between them (<see cref="Column.Parts"/>).</summary>
    private static IReadOnlyList<string> Details(ExportListing l)
    {
        var said = new (string Section, string Name, string? Value)[]
        {
            ("Nguồn gốc", "Nơi sản xuất", $"{l.OriginCommune}, {Province}, Việt Nam"), ("Nguồn gốc", "Chỉ dẫn địa lý", l.GeographicalIndication), ("Nguồn gốc", "Ngày thu hoạch", l.HarvestedOn is { } day ? Vietnamese.Date(day) : null),
            ("Chất lượng", "Phẩm cấp", l.Grade), ("Chất lượng", "Hạng OCOP", l.Stars is { } stars ? string.Create(CultureInfo.InvariantCulture, $"{stars} sao") : null),
            ("Sản phẩm", "Thành phần", l.Ingredients), ("Sản phẩm", "Cách bảo quản", l.Storage),
        };
        return [.. said.Concat(Enumerable.Range(0, l.CertificateNames?.Length ?? 0).Select(i => (Section: "Chứng nhận", Name: l.CertificateNames![i], Value: (string?)$"{l.CertificateNumbers![i]} ({l.CertificateEnds![i]})")))
            .Where(d => !string.IsNullOrWhiteSpace(d.Value)).Select(d => Column.JoinParts([d.Section, d.Name, d.Value!.Length > LongestDetail ? d.Value[..LongestDetail] : d.Value]))];
    }

    /// <summary>Kilograms of what is weighed, else pieces.</summary>
    private static string Amount(ExportListing listing, long quantityBase) => (listing.BaseUnit == "g" ? quantityBase / 1000m : quantityBase).ToString("0.###", CultureInfo.InvariantCulture);

    private static ExportField Text(Func<ExportListing, string?> value, string form, string anchor) => new(FieldType.Text, (l, _) => One(value(l)), form, anchor);

    private static ExportField Number(Func<ExportListing, long?> value, string form, string anchor) => new(FieldType.Number, (l, _) => One(value(l)?.ToString(CultureInfo.InvariantCulture)), form, anchor);

    private static ExportField Day(Func<ExportListing, DateOnly?> value, string form, string anchor) => new(FieldType.Day, (l, _) => One(value(l)?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), form, anchor);

    /// <summary>To the second, in the time of Vietnam.</summary>
    private static string? Instant(DateTimeOffset? at) => at is { } instant ? Vietnamese.Local(instant).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : null;

    private static DateOnly? Of(DateTimeOffset? instant) => instant is { } at ? Vietnamese.Day(at) : null;

    private static IReadOnlyList<string> One(string? value) => string.IsNullOrEmpty(value) ? [] : [value];
}
