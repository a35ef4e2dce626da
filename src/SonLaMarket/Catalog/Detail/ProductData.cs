using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Detail;

/// <summary>What the page of a listing says, for search engines (schema.org Product): nothing that the page does not show.</summary>
public static class ProductData
{
    private const string Country = "VN";

    public static IHtmlContent Of(DetailPage page, Texts t, SiteOptions site)
    {
        var l = page.Listing;
        var address = site.Absolute(t.To("/san-pham/" + l.Slug));
        var product = new JsonObject
        {
            ["@type"] = "Product",
            ["@id"] = address,
            ["name"] = t.Of(l.Title, l.TitleEn),
            ["sku"] = HandedOn.Sku(l.ProductCode, l.Slug),
            ["brand"] = new JsonObject { ["@type"] = "Brand", ["name"] = HandedOn.Brand(l.Brand, l.ProducerName) },
            ["countryOfOrigin"] = new JsonObject { ["@type"] = "Country", ["name"] = Country },
            ["category"] = t.Of(l.CategoryName, l.CategoryNameEn),
            ["image"] = new JsonArray([.. page.Pictures.Select(p => (JsonNode)site.Absolute(p + "/w1200.jpg"))]),
            ["weight"] = new JsonObject { ["@type"] = "QuantitativeValue", ["value"] = l.NetWeightG, ["unitCode"] = "GRM" },
            ["manufacturer"] = Producer(l, t, site),
            ["offers"] = Offer(page, address, t, site),
        };
        if (l.Description.Length > 0)
            product["description"] = l.Description;
        if (l.Gtin is not null)
            product["gtin"] = l.Gtin;
        if (Properties(page, t) is { Count: > 0 } properties)
            product["additionalProperty"] = properties;
        if (l.LengthCm is not null)
            (product["depth"], product["width"], product["height"]) = (Centimetres(l.LengthCm), Centimetres(l.WidthCm), Centimetres(l.HeightCm));
        if (page.Certificates.Count > 0)
            product["hasCertification"] = new JsonArray([.. page.Certificates.Select(c => new JsonObject
            {
                ["@type"] = "Certification",
                ["name"] = t.Of(c.Name, c.NameEn),
                ["certificationIdentification"] = c.Number,
                ["issuedBy"] = new JsonObject { ["@type"] = "Organization", ["name"] = c.Issuer },
                ["expires"] = c.ValidUntil.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            })]);
        return StructuredData.Block(product, StructuredData.Crumbs(site,
            (t["Sản phẩm"], t.To("/san-pham")), (t.Of(l.CategoryName, l.CategoryNameEn), t.To("/san-pham?nhom=" + l.CategorySlug)), (t.Of(l.Title, l.TitleEn), t.To("/san-pham/" + l.Slug))));
    }

    private static JsonArray Properties(DetailPage page, Texts t)
    {
        var lot = page.OpenLots.FirstOrDefault();
        var said = new (string Name, string? Value)[]
        {
            (t["Thành phần"], page.Listing.Ingredients), (t["Mã lô"], lot?.Code), (t["Ngày thu hoạch"], lot?.HarvestedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        };
        return new([.. said.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => (JsonNode)new JsonObject { ["@type"] = "PropertyValue", ["name"] = p.Name, ["value"] = p.Value })]);
    }

    private static JsonObject UnitPrice(long priceVnd, string name, JsonNode value) => new() { ["@type"] = "UnitPriceSpecification", ["priceCurrency"] = "VND", ["price"] = priceVnd, [name] = value };

    private static JsonObject Units(Detail l)
    {
        var units = new JsonObject { ["@type"] = "QuantitativeValue", ["minValue"] = l.MinUnits };
        if (l.MaxUnits is { } most)
            units["maxValue"] = most;
        return units;
    }

    private static JsonObject Centimetres(int? side) => new() { ["@type"] = "QuantitativeValue", ["value"] = side, ["unitCode"] = "CMT" };

    private static JsonObject Offer(DetailPage page, string address, Texts t, SiteOptions site)
    {
        var l = page.Listing;
        var offer = new JsonObject
        {
            ["@type"] = "Offer",
            ["url"] = address,
            ["priceCurrency"] = "VND",
            ["price"] = l.PriceVnd,
            ["availability"] = "https://schema.org/" + (l.CanBeBought ? "InStock" : "OutOfStock"),
            ["itemCondition"] = "https://schema.org/NewCondition",
            ["seller"] = Producer(l, t, site),
        };
        offer["shippingDetails"] = Shipping(page, t);
        // By law and by this market's days for what is not as described (Orders); who pays for the way back is nowhere said.
        offer["hasMerchantReturnPolicy"] = new JsonObject
        {
            ["@type"] = "MerchantReturnPolicy",
            ["applicableCountry"] = Country,
            ["returnPolicyCategory"] = "https://schema.org/MerchantReturnFiniteReturnWindow",
            ["merchantReturnDays"] = page.ReturnDays,
            ["description"] = page.ReturnWords(t),
        };
        if (page.AvailableTo is { } until)
            offer["availabilityEnds"] = until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (page.AvailableFrom is { } from)
            offer["availabilityStarts"] = from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (l.MinUnits > 1 || l.MaxUnits is not null)
            offer["eligibleQuantity"] = Units(l);
        var prices = new JsonArray();
        if (l.PricePerKg is not null)
            prices.Add(UnitPrice(l.PriceVnd, "referenceQuantity", new JsonObject
            {
                ["@type"] = "QuantitativeValue",
                ["value"] = l.NetWeightG / 1000m,
                ["unitCode"] = "KGM",
                ["valueReference"] = new JsonObject { ["@type"] = "QuantitativeValue", ["value"] = 1, ["unitCode"] = "KGM" },
            }));
        if (l.UsualVnd is { } usual)
        {
            // The price before the promotion, as Google reads it (structured data of merchant listings, sale price).
            prices.Add(UnitPrice(usual, "priceType", "https://schema.org/StrikethroughPrice"));
            offer["priceValidUntil"] = Promotions.LastDay(l.SaleUntil!.Value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        if (prices.Count > 0)
            offer["priceSpecification"] = prices.Count == 1 ? prices[0]!.DeepClone() : prices;
        return offer;
    }

    /// <summary>
    /// One for the country: search engines know no regions of Viet Nam. Its fee is the highest that the page tells, its longest time ends on the latest day that the page
    /// tells; who said where to is told of that place alone.
    /// </summary>
    private static JsonObject Shipping(DetailPage page, Texts t)
    {
        var (l, table, zones) = (page.Listing, page.Delivery.Table, page.Delivery.Shown);
        var destination = new JsonObject { ["@type"] = "DefinedRegion", ["addressCountry"] = Country };
        if (page.Delivery.Place is { } to)
            destination["addressRegion"] = t.Of(to.FullName, to.NameEn);
        var shipping = new JsonObject
        {
            ["@type"] = "OfferShippingDetails",
            ["shippingDestination"] = destination,
            ["shippingRate"] = new JsonObject { ["@type"] = "MonetaryAmount", ["currency"] = "VND", [zones.Count == 1 ? "value" : "maxValue"] = zones.Max(z => table.FeeVnd(z, l.OrderedG)) },
        };
        if (l.CanBeBought)
            shipping["deliveryTime"] = new JsonObject
            {
                ["@type"] = "ShippingDeliveryTime",
                ["handlingTime"] = Days(0, table.Terms.HandedOver(page.Now).DayNumber - page.Today.DayNumber),
                ["transitTime"] = Days(zones.Min(z => table.Terms.DaysTo(DeliveryZone.Of(z))), zones.Max(z => table.Terms.DaysTo(DeliveryZone.Of(z)))),
            };
        return shipping;
    }

    private static JsonObject Days(int least, int most) => new() { ["@type"] = "QuantitativeValue", ["minValue"] = least, ["maxValue"] = most, ["unitCode"] = "DAY" };

    private static JsonObject Producer(Detail l, Texts t, SiteOptions site) => new()
    {
        ["@type"] = "Organization",
        ["name"] = l.ProducerName,
        ["url"] = site.Absolute(t.To("/co-so/" + l.ProducerSlug)),
    };
}
