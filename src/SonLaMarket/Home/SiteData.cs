using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Html;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>What the site is, for search engines (schema.org WebSite with its search).</summary>
public static class SiteData
{
    public static IHtmlContent Of(Texts t, SiteOptions site) => StructuredData.Block(new JsonObject
    {
        ["@type"] = "WebSite",
        ["name"] = PageHead.Name,
        ["url"] = site.Absolute(t.To("/")),
        ["inLanguage"] = t.Lang,
        ["potentialAction"] = new JsonObject
        {
            ["@type"] = "SearchAction",
            ["target"] = site.Absolute(t.To("/san-pham?q={search_term_string}")),
            ["query-input"] = "required name=search_term_string",
        },
    });
}
