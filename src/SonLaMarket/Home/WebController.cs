using System.Globalization;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>The web's own files: sitemap, robots, security.txt.</summary>
[AllowAnonymous]
public sealed class WebController(Db db, SiteOptions site, TimeProvider clock) : Controller
{
    private const string Site = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string Xhtml = "http://www.w3.org/1999/xhtml";
    private const string Image = "http://www.google.com/schemas/sitemap-image/1.1";

    [HttpGet("/sitemap.xml")]
    [ResponseCache(Duration = 600)]
    public async Task<IActionResult> Sitemap(CancellationToken ct)
    {
        const string select = """
            select '/san-pham/' || l.slug as path, l.changed_at as at, v.picture_ids as pictures, v.speciality_slug
            from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version where s.sellable
            union all select '/co-so/' || r.slug, r.changed_at, w.picture_ids, null from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
            union all select '/lo/' || o.code, o.created_at, array_remove(array[p.picture_id], null), p.speciality_slug
              from origin.lot_offer f join origin.lot o on o.id = f.lot_id join origin.approved_product p on p.product_id = o.product_id where f.available_units > 0
            order by 1 limit 25000
            """;
        var buffer = new MemoryStream();
        await using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = true }))
        {
            await xml.WriteStartDocumentAsync();
            await xml.WriteStartElementAsync(null, "urlset", Site);
            await xml.WriteAttributeStringAsync("xmlns", "xhtml", null, Xhtml);
            await xml.WriteAttributeStringAsync("xmlns", "image", null, Image);
            foreach (var path in new[] { "/", "/san-pham", "/quet", "/thu-hoi" })
                await WriteAsync(xml, new(path, null, [], null));
            foreach (var entry in await db.QueryAsync<Entry>(select, ct: ct))
                await WriteAsync(xml, entry);
            await xml.WriteEndElementAsync();
        }
        return File(buffer.ToArray(), "application/xml; charset=utf-8");
    }

    /// <summary>A page in both languages, each with where the other is, and its pictures.</summary>
    private async Task WriteAsync(XmlWriter xml, Entry entry)
    {
        foreach (var prefix in new[] { "", "/en" })
        {
            await xml.WriteStartElementAsync(null, "url", Site);
            await xml.WriteElementStringAsync(null, "loc", Site, site.Absolute(prefix + entry.Path));
            if (entry.At is { } changed)
                await xml.WriteElementStringAsync(null, "lastmod", Site, changed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            foreach (var (lang, other) in new[] { ("vi", ""), ("en", "/en"), ("x-default", "") })
            {
                await xml.WriteStartElementAsync("xhtml", "link", Xhtml);
                await xml.WriteAttributeStringAsync(null, "rel", null, "alternate");
                await xml.WriteAttributeStringAsync(null, "hreflang", null, lang);
                await xml.WriteAttributeStringAsync(null, "href", null, site.Absolute(other + entry.Path));
                await xml.WriteEndElementAsync();
            }
            foreach (var picture in entry.Pictures.Length > 0 ? entry.Pictures.Select(p => Pictures.Of(p, null)!) : Pictures.Of(null, entry.SpecialitySlug) is { } drawing ? [drawing] : [])
            {
                await xml.WriteStartElementAsync("image", "image", Image);
                await xml.WriteElementStringAsync("image", "loc", Image, site.Absolute(picture + "/w1200.jpg"));
                await xml.WriteEndElementAsync();
            }
            await xml.WriteEndElementAsync();
        }
    }

    private sealed record Entry(string Path, DateTimeOffset? At, Guid[] Pictures, string? SpecialitySlug);

    [HttpGet("/robots.txt")]
    public IActionResult Robots() => Content($"User-agent: *\nDisallow: /gio-hang\nDisallow: /thanh-toan\nDisallow: /don-hang\nDisallow: /quan-ly\nDisallow: /so-cong-thuong\nDisallow: /quan-tri\nSitemap: {site.Absolute("/sitemap.xml")}\n", "text/plain; charset=utf-8");

    [HttpGet("/.well-known/security.txt")]
    public IActionResult Security() => Content($"Contact: {site.SecurityContact}\nExpires: {clock.GetUtcNow().AddDays(180):yyyy-MM-dd'T'00:00:00'Z'}\nPreferred-Languages: vi, en\nCanonical: {site.Absolute("/.well-known/security.txt")}\n", "text/plain; charset=utf-8");
}
