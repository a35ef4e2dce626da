using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using System.Xml.Schema;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>What makes the site findable, linkable and installable.</summary>
public sealed class FoundAndInstalledTests(MarketFixture market, PostgresFixture postgres) : IClassFixture<MarketFixture>
{
    private static readonly XNamespace Map = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private static readonly XNamespace Xhtml = "http://www.w3.org/1999/xhtml";
    private static readonly XNamespace Image = "http://www.google.com/schemas/sitemap-image/1.1";

    /// <summary>The tags of the protocol (sitemaps.org, "XML tag definitions") in their order, then whatever other namespaces add.</summary>
    private const string Protocol = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" targetNamespace="http://www.sitemaps.org/schemas/sitemap/0.9" elementFormDefault="qualified">
          <xs:element name="urlset"><xs:complexType><xs:sequence><xs:element name="url" type="address" maxOccurs="50000"/></xs:sequence></xs:complexType></xs:element>
          <xs:complexType name="address"><xs:sequence>
            <xs:element name="loc"><xs:simpleType><xs:restriction base="xs:anyURI"><xs:minLength value="12"/><xs:maxLength value="2048"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="lastmod" minOccurs="0"><xs:simpleType><xs:union memberTypes="xs:date xs:dateTime"/></xs:simpleType></xs:element>
            <xs:element name="changefreq" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="always|hourly|daily|weekly|monthly|yearly|never"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="priority" minOccurs="0"><xs:simpleType><xs:restriction base="xs:decimal"><xs:minInclusive value="0"/><xs:maxInclusive value="1"/></xs:restriction></xs:simpleType></xs:element>
            <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence></xs:complexType>
        </xs:schema>
        """;

    [Fact]
    public async Task The_sitemap_has_every_page_in_both_languages_with_its_pictures()
    {
        var (photo, drawing, empty) = (await Stall.OpenAsync(market, new(Pictures: 2)), await Stall.OpenAsync(market), await Stall.OpenAsync(market, new(Boxes: 0)));
        var sitemap = XDocument.Parse((await market.Site.Open().GetAsync("/sitemap.xml")).Body);
        var schemas = new XmlSchemaSet();
        schemas.Add(Map.NamespaceName, System.Xml.XmlReader.Create(new StringReader(Protocol)));
        var faults = new List<string>();
        sitemap.Validate(schemas, (_, fault) => faults.Add(fault.Message));
        Assert.Empty(faults);
        var urls = sitemap.Root!.Elements(Map + "url").ToDictionary(u => u.Element(Map + "loc")!.Value, StringComparer.Ordinal);
        foreach (var path in new[] { "/san-pham/" + photo.Slug, "/co-so/" + photo.Seller.Slug, "/lo/" + photo.LotCode, "/san-pham/" + drawing.Slug, "/san-pham", "/" })
        {
            foreach (var language in new[] { "", "/en" })
                Assert.Equal([$"vi http://localhost{path}", $"en http://localhost/en{path}", $"x-default http://localhost{path}"],
                    urls["http://localhost" + language + path].Elements(Xhtml + "link").Select(l => $"{l.Attribute("hreflang")!.Value} {l.Attribute("href")!.Value}"));
        }
        Assert.Equal(photo.PictureIds.Select(id => $"http://localhost/media/{id}/w1200.jpg"), Pictures("/san-pham/" + photo.Slug));
        Assert.Equal([$"http://localhost/media/{photo.PictureIds[0]}/w1200.jpg"], Pictures("/lo/" + photo.LotCode));
        Assert.Equal(["http://localhost/tranh/man-hau/w1200.jpg"], Pictures("/san-pham/" + drawing.Slug));
        Assert.DoesNotContain("http://localhost/lo/" + empty.LotCode, urls.Keys);
        foreach (var picture in Pictures("/san-pham/" + photo.Slug).Concat(Pictures("/san-pham/" + drawing.Slug)))
            Assert.Equal("image/jpeg", (await market.Site.Open().GetAsync(new Uri(picture).AbsolutePath)).Message.Content.Headers.ContentType!.MediaType);

        IEnumerable<string> Pictures(string path) => urls["http://localhost" + path].Elements(Image + "image").Select(i => i.Element(Image + "loc")!.Value);
    }

    /// <summary>On a database of its own: the pages of 20,001 lots are more than one file holds.</summary>
    [Fact]
    public async Task Past_one_file_the_sitemap_is_an_index_and_no_page_is_lost()
    {
        await using var database = await postgres.CloneAsync();
        await using var site = new Site(database);
        var shop = new Shop(site);
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 4);
        await database.Db.ExecuteAsync("""
            with lot as (insert into origin.lot (code, producer_id, product_id, commune_code, base_unit, quantity_base, created_at)
              select 'L' || n, producer_id, product_id, commune_code, base_unit, 1, created_at from origin.lot cross join generate_series(1, 20001) n where id = @LotId returning id)
            insert into origin.lot_offer (lot_id, listing_slug, price_vnd, unit_label, available_units) select id, @Slug, 1000, 'kg', 1 from lot
            """, new { goods.LotId, goods.Slug }, TestContext.Current.CancellationToken);
        var index = XDocument.Parse((await site.Open().GetAsync("/sitemap.xml")).Body).Root!;
        Assert.Equal("sitemapindex", index.Name.LocalName);
        var pages = new List<string>();
        foreach (var file in index.Elements(Map + "sitemap").Select(s => new Uri(s.Element(Map + "loc")!.Value).PathAndQuery))
        {
            var urls = XDocument.Parse((await site.Open().GetAsync(file)).Body).Root!.Elements(Map + "url").Select(u => u.Element(Map + "loc")!.Value).ToList();
            Assert.InRange(urls.Count, 1, 50_000);
            pages.AddRange(urls);
        }
        Assert.Equal(2 * (6 + 1 + 1 + 1 + 20_001), pages.Count);
        Assert.Equal(pages.Count, pages.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Robots_may_read_the_shop_and_nothing_personal()
    {
        var robots = (await market.Site.Open().GetAsync("/robots.txt")).Body;
        Assert.All(["/gio-hang", "/thanh-toan", "/don-hang", "/quan-ly", "/so-cong-thuong", "/quan-tri"], (string p) => Assert.Contains($"Disallow: {p}\n", robots, StringComparison.Ordinal));
        Assert.Contains("Sitemap: http://localhost/sitemap.xml", robots, StringComparison.Ordinal);
        Assert.DoesNotContain("Disallow: /san-pham", robots, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_front_page_is_one_round_trip_and_shows_what_is_in_season()
    {
        var month = SonLaMarket.Foundation.Text.Vietnamese.Today(market.Site.Clock).Month;
        var inSeason = await Stall.OpenAsync(market, new(Pictures: 1, Season: [month]));
        var outOfSeason = await Stall.OpenAsync(market, new(Season: [month % 12 + 1]));
        Answer? page = null;
        Assert.Equal(1, await market.Database.CommandsAsync(async () => page = await market.Site.Open().GetAsync("/")));
        var links = page!.Page.QuerySelectorAll(".tile__link").Select(a => a.GetAttribute("href")).ToList();
        Assert.Contains("/san-pham/" + inSeason.Slug, links);
        Assert.DoesNotContain("/san-pham/" + outOfSeason.Slug, links);
        Assert.Contains("/co-so/" + inSeason.Seller.Slug, page.Body, StringComparison.Ordinal);
        Assert.Equal("/quet", page.Page.QuerySelector("form .field input[name=ma]")!.Closest("form")!.GetAttribute("action"));
        var row = page.Page.QuerySelectorAll(".seasons tbody tr").Single();
        Assert.Equal(2, row.QuerySelectorAll("td.on").Length);
        Assert.Equal("WebSite", page.Data().Single().Key);
    }

    /// <summary>The pages for the field are apps of their own, for those who are signed in.</summary>
    [Theory]
    [InlineData("/manifest.webmanifest", "/", 200)]
    [InlineData("/nhat-ky.webmanifest", "/quan-ly/nhat-ky", 302)]
    [InlineData("/kiem-tra.webmanifest", "/so-cong-thuong/kiem-tra/tai-cho", 302)]
    public async Task A_manifest_says_everything_an_installation_needs_and_its_pictures_are_there(string path, string start, int status)
    {
        var manifest = JsonNode.Parse((await market.Site.Open().GetAsync(path)).Body)!;
        Assert.Equal((start, status), ((string)manifest["start_url"]!, (int)(await market.Site.Open().GetAsync(start)).Status));
        Assert.All(["name", "short_name", "description", "lang", "start_url", "scope", "id", "display", "theme_color", "background_color"], (string key) => Assert.NotEmpty((string)manifest[key]!));
        var icons = manifest["icons"]!.AsArray();
        Assert.Contains(icons, i => (string)i!["sizes"]! == "512x512" && (string)i["purpose"]! == "any");
        Assert.Contains(icons, i => (string)i!["sizes"]! == "512x512" && (string)i["purpose"]! == "maskable");
        Assert.Contains(icons, i => (string)i!["sizes"]! == "192x192" && (string)i["purpose"]! == "any");
        foreach (var icon in icons)
            Assert.Equal((string)icon!["type"]!, (await market.Site.Open().GetAsync((string)icon["src"]!)).Message.Content.Headers.ContentType!.MediaType);
        foreach (var shortcut in manifest["shortcuts"]?.AsArray() ?? [])
            Assert.True((await market.Site.Open().GetAsync((string)shortcut!["url"]!)).Message.IsSuccessStatusCode);
    }

    /// <summary>A browser takes a new worker only when its bytes differ, and the worker names its stores by the version.</summary>
    [Fact]
    public async Task The_version_of_the_worker_follows_from_its_text()
    {
        var script = await market.Site.Open().GetAsync("/sw.js");
        Assert.Equal("text/javascript", script.Message.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("max-age=31536000", script.Message.Headers.CacheControl?.ToString() ?? "", StringComparison.Ordinal);
        var (first, rest) = script.Body.Split('\n', 2) is [var line, var text] ? (line, text) : ("", "");
        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))[..8];
        Assert.StartsWith($"const VERSION = \"{version}\";", first, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(script.Body) < 8_000, "the worker is to stay small");
        Assert.Contains("worker-src 'self'", string.Join(' ', (await market.Site.Open().GetAsync("/")).Message.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ngoai-tuyen", "Không có mạng")]
    [InlineData("/en/ngoai-tuyen", "No network")]
    public async Task The_page_for_no_network_needs_no_other_file(string path, string heading)
    {
        var page = await market.Site.Open().GetAsync(path);
        Assert.Equal(heading, page.Page.QuerySelector("h1")!.TextContent);
        Assert.Empty(page.Page.QuerySelectorAll("link[rel=stylesheet], script, img"));
        Assert.Contains("style-src 'self' 'sha256-", string.Join(' ', page.Message.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal("noindex", page.Page.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
    }

    [Fact]
    public async Task Signing_out_wipes_what_the_device_kept()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var answer = await browser.SubmitAsync(await browser.GetAsync("/tai-khoan"), "/dang-xuat");
        Assert.Contains("\"storage\"", answer.Message.Headers.GetValues("Clear-Site-Data").Single(), StringComparison.Ordinal);
    }
}
