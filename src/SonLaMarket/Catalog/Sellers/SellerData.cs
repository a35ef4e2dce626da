using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Catalog.Sellers;

/// <summary>What the page of a producer says, for search engines (schema.org Organization).</summary>
public static class SellerData
{
    public static IHtmlContent Of(SellerPage page, Texts t, SiteOptions site)
    {
        var s = page.Seller;
        var producer = new JsonObject
        {
            ["@type"] = "Organization",
            ["@id"] = site.Absolute(t.To("/co-so/" + s.Slug)),
            ["name"] = s.Name,
            ["url"] = site.Absolute(t.To("/co-so/" + s.Slug)),
            ["address"] = new JsonObject
            {
                ["@type"] = "PostalAddress",
                ["streetAddress"] = s.AddressLine,
                ["addressLocality"] = t.Of(s.CommuneName, s.CommuneNameEn),
                ["addressRegion"] = "Sơn La",
                ["addressCountry"] = "VN",
            },
        };
        if (s.About.Length > 0)
            producer["description"] = s.About;
        if (s.PictureIds.Length > 0)
            producer["image"] = site.Absolute($"/media/{s.PictureIds[0]}/w1200.jpg");
        if (s.Phone.Length > 0 && !Vietnamese.IsSamplePhone(s.Phone))
            producer["telephone"] = s.Phone;
        return StructuredData.Block(producer, StructuredData.Crumbs(site, (t["Sản phẩm"], t.To("/san-pham")), (s.Name, t.To("/co-so/" + s.Slug))));
    }
}
