using System.Globalization;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;

namespace SonLaMarket.Home;

/// <summary>Everything public for search engines (sitemaps.org), each page in both languages and with its pictures. Past one file's worth of pages it is an index of files.</summary>
[AllowAnonymous]
public sealed class SitemapController(Db db, SiteOptions site) : Controller
{
    /// <summary>A file holds at most 50,000 addresses; every page has two.</summary>
    private const int PerFile = 20_000;

    private const string Site = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const string Xhtml = "http://www.w3.org/1999/xhtml";
    private const string Image = "http://www.google.com/schemas/sitemap-image/1.1";
    private static readonly string[] Always = ["/", "/san-pham", "/quet", "/thu-hoi", "/cach-xep-hang", "/open-data"];

    private const string Pages = """
        with page as (
          select '/san-pham/' || l.slug as path, l.changed_at as at, v.picture_ids as pictures, v.speciality_slug
          from catalog.search_entry s join catalog.listing l on l.id = s.listing_id join catalog.listing_version v on v.listing_id = l.id and v.version = l.public_version where s.sellable
          union all select '/co-so/' || r.slug, r.changed_at, w.picture_ids, null from producers.producer r join producers.producer_version w on w.producer_id = r.id and w.version = r.public_version
          union all select '/lo/' || o.code, o.created_at, array_remove(array[p.picture_id], null), p.speciality_slug
            from origin.lot_offer f join origin.lot o on o.id = f.lot_id join origin.approved_product p on p.product_id = o.product_id where f.available_units > 0)
        """;

    /// <param name="sau">The last page of the file before; empty for the first file of several.</param>
    [HttpGet("/sitemap.xml")]
    [ResponseCache(Duration = 600)]
    public async Task<IActionResult> Show(string? sau, CancellationToken ct)
    {
        const string ends = $"{Pages} select path from (select path, row_number() over (order by path) as n from page) p where n % @PerFile = 0 order by path";
        if (!Request.Query.ContainsKey("sau") && await db.QueryAsync<string>(ends, new { PerFile }, ct) is { Count: > 0 } files)
            return await WriteAsync("sitemapindex", async xml =>
            {
                foreach (var after in files.Prepend(""))
                    await ElementAsync(xml, "sitemap", null, () => xml.WriteElementStringAsync(null, "loc", Site, site.Absolute("/sitemap.xml?sau=" + Uri.EscapeDataString(after))));
            });
        const string select = $"{Pages} select path, at, pictures, speciality_slug from page where path > @after order by path limit @PerFile";
        var pages = await db.QueryAsync<Entry>(select, new { after = sau ?? "", PerFile }, ct);
        return await WriteAsync("urlset", async xml =>
        {
            await xml.WriteAttributeStringAsync("xmlns", "xhtml", null, Xhtml);
            await xml.WriteAttributeStringAsync("xmlns", "image", null, Image);
            foreach (var page in string.IsNullOrEmpty(sau) ? Always.Select(path => new Entry(path, null, [], null)).Concat(pages) : pages)
                await PageAsync(xml, page);
        });
    }

    private async Task<IActionResult> WriteAsync(string root, Func<XmlWriter, Task> content)
    {
        var buffer = new MemoryStream();
        await using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(false), Indent = true }))
            await ElementAsync(xml, root, null, () => content(xml));
        return File(buffer.ToArray(), "application/xml; charset=utf-8");
    }

    /// <summary>A page in both languages, each with where the other is, and its pictures.</summary>
    private async Task PageAsync(XmlWriter xml, Entry entry)
    {
        var pictures = entry.Pictures.Length > 0 ? entry.Pictures.Select(p => Pictures.Of(p, null)!) : Pictures.Of(null, entry.SpecialitySlug) is { } drawing ? [drawing] : [];
        foreach (var prefix in new[] { "", "/en" })
            await ElementAsync(xml, "url", null, async () =>
            {
                await xml.WriteElementStringAsync(null, "loc", Site, site.Absolute(prefix + entry.Path));
                if (entry.At is { } changed)
                    await xml.WriteElementStringAsync(null, "lastmod", Site, changed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                foreach (var (lang, other) in new[] { ("vi", ""), ("en", "/en"), ("x-default", "") })
                    await ElementAsync(xml, "link", ("xhtml", Xhtml), async () =>
                    {
                        await xml.WriteAttributeStringAsync(null, "rel", null, "alternate");
                        await xml.WriteAttributeStringAsync(null, "hreflang", null, lang);
                        await xml.WriteAttributeStringAsync(null, "href", null, site.Absolute(other + entry.Path));
                    });
                foreach (var picture in pictures)
                    await ElementAsync(xml, "image", ("image", Image), () => xml.WriteElementStringAsync("image", "loc", Image, site.Absolute(picture + "/w1200.jpg")));
            });
    }

    private static async Task ElementAsync(XmlWriter xml, string name, (string Prefix, string Space)? of, Func<Task> content)
    {
        await xml.WriteStartElementAsync(of?.Prefix, name, of?.Space ?? Site);
        await content();
        await xml.WriteEndElementAsync();
    }

    private sealed record Entry(string Path, DateTimeOffset? At, Guid[] Pictures, string? SpecialitySlug);
}
