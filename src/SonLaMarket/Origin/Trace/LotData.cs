using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Origin.Trace;

/// <summary>What the trace page says of the product, for search engines (schema.org); offers nothing that cannot be bought.</summary>
public static class LotData
{
    public static IHtmlContent Of(TracePage page, string? picture, Texts t, SiteOptions site)
    {
        var lot = page.Lot;
        var product = new JsonObject
        {
            ["@type"] = "Product",
            ["@id"] = site.Absolute(t.To("/lo/" + lot.Code)),
            ["name"] = t.Of(lot.Title!, lot.TitleEn),
            ["sku"] = lot.Code,
            ["manufacturer"] = new JsonObject { ["@type"] = "Organization", ["name"] = lot.ProducerName },
        };
        if (lot.Gtin is not null)
            product["gtin"] = lot.Gtin;
        if (picture is not null)
            product["image"] = site.Absolute(picture + "/w1200.jpg");
        if (lot.HarvestedOn is { } day && page.Harvested)
            product["productionDate"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (page.OnOffer)
            product["offers"] = new JsonObject
            {
                ["@type"] = "Offer",
                ["url"] = site.Absolute(t.To("/san-pham/" + lot.OfferSlug)),
                ["priceCurrency"] = "VND",
                ["price"] = lot.OfferPriceVnd,
                ["availability"] = "https://schema.org/InStock",
            };
        return StructuredData.Block(product);
    }
}
