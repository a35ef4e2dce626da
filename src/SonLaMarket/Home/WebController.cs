using System.Globalization;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>The web's own files: sitemap, robots, security.txt.</summary>
[AllowAnonymous]
public sealed class WebController(Db db, SiteOptions site, TimeProvider clock) : Controller
{
    private const string Site = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string Xhtml = "http://www.w3.org/1999/xhtml";

    [HttpGet("/sitemap.xml")]
    [ResponseCache(Duration = 600)]
    public async Task<IActionResult> Sitemap(CancellationToken ct)
    {
        const string select = """
            select '/san-pham/' || l.slug as path, l.changed_at as at from catalog.search_entry s join catalog.listing l on l.id = s.listing_id where s.sellable
            union all select '/co-so/' || slug, changed_at from producers.producer where public_version is not null
            union all select '/lo/' || o.code, o.created_at from origin.lot_offer f join origin.lot o on o.id = f.lot_id where f.available_units > 0
            order by 1 limit 25000
            """;
        var buffer = new MemoryStream();
        await using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = true }))
        {
            await xml.WriteStartDocumentAsync();
            await xml.WriteStartElementAsync(null, "urlset", Site);
            await xml.WriteAttributeStringAsync("xmlns", "xhtml", null, Xhtml);
            foreach (var path in new[] { "/", "/san-pham", "/quet", "/thu-hoi" })
                await WriteAsync(xml, path, null);
            foreach (var (path, at) in await db.QueryAsync<(string, DateTimeOffset)>(select, ct: ct))
                await WriteAsync(xml, path, at);
            await xml.WriteEndElementAsync();
        }
        return File(buffer.ToArray(), "application/xml; charset=utf-8");
    }

    private async Task WriteAsync(XmlWriter xml, string path, DateTimeOffset? at)
    {
        foreach (var prefix in new[] { "", "/en" })
        {
            await xml.WriteStartElementAsync(null, "url", Site);
            await xml.WriteElementStringAsync(null, "loc", Site, site.Absolute(prefix + path));
            if (at is { } changed)
                await xml.WriteElementStringAsync(null, "lastmod", Site, changed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            foreach (var (lang, other) in new[] { ("vi", ""), ("en", "/en") })
            {
                await xml.WriteStartElementAsync("xhtml", "link", Xhtml);
                await xml.WriteAttributeStringAsync(null, "rel", null, "alternate");
                await xml.WriteAttributeStringAsync(null, "hreflang", null, lang);
                await xml.WriteAttributeStringAsync(null, "href", null, site.Absolute(other + path));
                await xml.WriteEndElementAsync();
            }
            await xml.WriteEndElementAsync();
        }
    }

    [HttpGet("/robots.txt")]
    public IActionResult Robots() => Content($"User-agent: *\nDisallow: /gio-hang\nDisallow: /thanh-toan\nDisallow: /don-hang\nDisallow: /quan-ly\nDisallow: /so-cong-thuong\nDisallow: /quan-tri\nSitemap: {site.Absolute("/sitemap.xml")}\n", "text/plain; charset=utf-8");

    [HttpGet("/.well-known/security.txt")]
    public IActionResult Security() => Content($"Contact: {site.SecurityContact}\nExpires: {clock.GetUtcNow().AddDays(180):yyyy-MM-dd'T'00:00:00'Z'}\nPreferred-Languages: vi, en\nCanonical: {site.Absolute("/.well-known/security.txt")}\n", "text/plain; charset=utf-8");
}
