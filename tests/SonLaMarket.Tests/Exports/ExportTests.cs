using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml.Linq;
using AngleSharp.Dom;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>
/// The files of the profiles, read back by engines that did not write them, beside what SQL says. What else an export has to show: files byte for byte
/// (<see cref="GoldenRowTests"/>), any text read back (<see cref="FileSetTests"/>, <see cref="PartnerTemplateTests"/>), a column changed on a page in the next file
/// (<see cref="FeedTests"/>), a platform's workbook with columns moved, added or lacking (<see cref="PartnerTemplateTests"/>), a file that comes back without a difference
/// (<see cref="Imports.ImportTests"/>), the sitemap by its schema (<see cref="Home.FoundAndInstalledTests"/>), what pages say to machines by the processor of JSON-LD (every
/// page of the journeys); 10,000 and 100,000 variants in time and memory are measured by the benchmark.
/// </summary>
public sealed class ExportTests(MarketFixture market, PostgresFixture postgres) : IClassFixture<MarketFixture>
{
    private static readonly XNamespace G = "http://base.google.com/ns/1.0";
    private static readonly Actor Officer = new(null, Roles.Officer);
    private static readonly string[] HostileTitles =
    [
        "=HYPERLINK(A1) mận hậu", "+1+cmd đào mèo", "-2-3 xoài tròn", "@SUM(1) Đường phên Phù Yên", "\"Nháy\" & <thẻ>, đ Đ", "'0123 mận, \"chua\"", "$=1+1 bơ Mộc Châu",
    ];

    [Fact]
    public async Task Every_row_set_aside_and_every_token_is_reached()
    {
        await using var database = await postgres.CloneAsync();
        await using var site = new Site(database);
        var goods = await new Shop(site).GoodsAsync(await new Shop(site).SellerAsync(), 5);
        await database.Db.ExecuteAsync("""
            insert into exports.run (profile_code, profile_version, state, cause, started_at, finished_at, selected, exported, set_aside)
            select code, version, 'written', 'operator', now(), now(), 1, 0, 122 from exports.profile where code = 'postmart';
            insert into exports.set_aside (run_id, listing_id, code, field, value, rule, hint)
            select (select max(id) from exports.run), @ListingId, 'E01', 'f' || lpad(n::text, 3, '0'), '', 'required', 'Mục này đang trống. Hãy bổ sung; tin sẽ có trong lần xuất sau.' from generate_series(1, 122) n;
            insert into exports.feed_token (profile_code, token_hash, label, created_at) select 'postmart', decode(md5(n::text), 'hex'), 'Đối tác ' || lpad(n::text, 3, '0'), now() from generate_series(1, 122) n
            """, new { goods.ListingId });
        await using (var tx = await database.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await site.Get<SonLaMarket.Accounts.People>().AddAsync(tx, new("van-hanh@example.invalid", null, "Người vận hành mẫu", Seller.Password, [Roles.Operator], true, false), Actor.System);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var staff = await site.Open().SignInAsync("van-hanh@example.invalid", Seller.Password);
        var seller = await site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        foreach (var (browser, path) in new[] { (staff, "/quan-tri/xuat-du-lieu"), (staff, "/en/quan-tri/xuat-du-lieu"), (seller, "/quan-ly/xuat-du-lieu") })
            Assert.Equal(Enumerable.Range(1, 122).Select(n => $"f{n:D3}"), await WalkAsync(browser, path, "main .pager a", "main td", text => text.StartsWith('f') ? text[..4] : null));
        Assert.Equal(Enumerable.Range(1, 122).Reverse().Select(n => $"Đối tác {n:D3}"), await WalkAsync(staff, "/quan-tri/xuat-du-lieu", "main a[href*='?ma=']", "main li.row > span", text => text.StartsWith("Đối tác", StringComparison.Ordinal) ? text : null));
    }

    private static async Task<List<string>> WalkAsync(Browser browser, string path, string link, string cells, Func<string, string?> read)
    {
        var seen = new List<string>();
        for (var next = path; next is not null;)
        {
            var page = await browser.GetAsync(next);
            seen.AddRange(page.Page.QuerySelectorAll(cells).Select(c => read(c.TextContent.Trim())).OfType<string>());
            next = page.Page.QuerySelector(link)?.GetAttribute("href");
        }
        return seen;
    }

    [Fact]
    public async Task Spreadsheet_opened_by_libreoffice_says_row_for_row_what_sql_says()
    {
        await FillAsync("postmart");
        var csv = await LibreOffice.ToCsvAsync(await BytesAsync("postmart", "xlsx"));
        var rows = LibreOffice.Rows(csv);
        var expected = await ExpectedAsync();
        Assert.Equal(expected.Select(e => e.Title), rows.Select(r => r["Tên sản phẩm"]));
        foreach (var (row, e) in rows.Zip(expected))
        {
            Assert.Equal(e.Gtin ?? "", row["Mã vạch (GTIN)"]);
            Assert.Equal(e.Phone, row["Điện thoại cơ sở"]);
            Assert.Equal(e.PriceVnd.ToString(CultureInfo.InvariantCulture), row["Giá bán (đồng)"]);
            Assert.Equal(e.Stock.ToString(CultureInfo.InvariantCulture), row["Tồn kho"]);
            Assert.Equal(e.ProducerName, row["Cơ sở sản xuất"]);
            Assert.Equal("http://localhost/san-pham/" + e.Slug, row["Trang sản phẩm"]);
        }
        var gtin = expected.First(e => e.Gtin is not null).Gtin!;
        Assert.StartsWith("000", gtin, StringComparison.Ordinal);
        Assert.Contains($"\"{gtin}\"", csv, StringComparison.Ordinal);
        Assert.Contains("\"0001234567\"", csv, StringComparison.Ordinal);
        Assert.Contains($",{expected[0].PriceVnd},", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feed_read_by_an_xml_parser_says_row_for_row_what_sql_says()
    {
        await FillAsync("google-merchant");
        using var stream = new MemoryStream(await BytesAsync("google-merchant", "xml"));
        var document = await XDocument.LoadAsync(stream, LoadOptions.None, CancellationToken.None);
        Assert.Equal("2.0", document.Root!.Attribute("version")!.Value);
        var items = document.Root.Element("channel")!.Elements("item").ToList();
        var expected = await ExpectedAsync();
        Assert.Equal(expected.Select(e => e.Title), items.Select(i => i.Element(G + "title")!.Value));
        foreach (var (item, e) in items.Zip(expected))
        {
            Assert.Equal($"{e.PriceVnd} VND", item.Element(G + "price")!.Value);
            Assert.Equal("http://localhost/san-pham/" + e.Slug, item.Element(G + "link")!.Value);
            Assert.Equal(e.Gtin, item.Element(G + "gtin")?.Value);
            Assert.Equal(e.Gtin is null ? "no" : "yes", item.Element(G + "identifier_exists")!.Value);
            Assert.Equal(e.Stock > 0 ? "in_stock" : "out_of_stock", item.Element(G + "availability")!.Value);
            Assert.Equal(e.Pictures - 1, item.Elements(G + "additional_image_link").Count());
            Assert.DoesNotContain('\u0001', item.Element(G + "description")!.Value);
        }
        Assert.Equal(items.Count, items.Select(i => i.Element(G + "id")!.Value).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Flat_files_guard_against_formulas_and_otherwise_keep_every_character()
    {
        await FillAsync("google-merchant", "postmart");
        var bytes = await BytesAsync("postmart", "csv");
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        var text = System.Text.Encoding.UTF8.GetString(bytes[3..]);
        Assert.Contains("\r\n", text, StringComparison.Ordinal);
        var titles = LibreOffice.Rows(text).ConvertAll(r => r["Tên sản phẩm"]);
        Assert.Equal((await ExpectedAsync()).Select(e => "=+-@".Contains(e.Title[0], StringComparison.Ordinal) ? "'" + e.Title : e.Title), titles);
        var tsv = LibreOffice.Rows(System.Text.Encoding.UTF8.GetString(await BytesAsync("google-merchant", "tsv")), "\t");
        Assert.Equal(titles, tsv.Select(r => r["title"]));
    }

    [Fact]
    public async Task Payload_read_as_json_says_row_for_row_what_sql_says()
    {
        await FillAsync("sendo");
        using var payload = JsonDocument.Parse(await BytesAsync("sendo", "json"));
        var items = payload.RootElement.EnumerateArray().ToList();
        var expected = await ExpectedAsync();
        Assert.Equal(expected.Select(e => e.Title), items.Select(i => i.GetProperty("name").GetString()!));
        foreach (var (item, e) in items.Zip(expected))
        {
            Assert.Equal(e.PriceVnd, item.GetProperty("price").GetInt64());
            Assert.Equal(e.Stock, item.GetProperty("stock_quantity").GetInt64());
            Assert.Equal(e.Stock > 0, item.GetProperty("stock_availability").GetBoolean());
            Assert.Equal(e.Pictures, item.GetProperty("pictures").EnumerateArray().Count(p => p.GetProperty("picture_url").GetString()!.StartsWith("http://localhost/media/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Same_data_gives_the_same_bytes_later()
    {
        await FillAsync();
        var first = await HashesAsync();
        market.Site.Clock.Advance(TimeSpan.FromMinutes(3));
        await Task.Delay(TimeSpan.FromSeconds(2.1), TestContext.Current.CancellationToken);
        await BuildAllAsync();
        Assert.Equal(first, await HashesAsync());
    }

    [Fact]
    public async Task File_is_named_by_the_hash_of_its_bytes()
    {
        await FillAsync();
        foreach (var hash in (await HashesAsync()).Values)
        {
            var path = market.Site.Get<ExportFiles>().Find(hash)!;
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))));
        }
    }

    [Fact]
    public async Task Listing_without_picture_is_set_aside_with_a_hint_and_the_others_go_out()
    {
        await FillAsync("google-merchant");
        var seller = await market.Shop.SellerAsync(online: false);
        var bare = await market.Shop.GoodsAsync(seller, 3);
        var run = await BuildAsync("google-merchant");
        var aside = await market.Db.SingleAsync<(string Code, string Field, string Hint)>("select code, field, hint from exports.set_aside where run_id = @run and listing_id = @ListingId", new { run, bare.ListingId });
        Assert.Equal(("E01", "g:image_link"), (aside.Code, aside.Field));
        Assert.DoesNotContain(bare.Slug, await TextAsync("google-merchant", "xml"), StringComparison.Ordinal);
        var (selected, exported, setAside) = await market.Db.SingleAsync<(int, int, int)>("select selected, exported, set_aside from exports.run where id = @run", new { run });
        Assert.Equal(selected, exported + setAside);

        await market.Db.ExecuteAsync("insert into exports.set_aside (run_id, listing_id, code, field, value, rule, hint, suggestion) values (@run, @ListingId, 'E02', 'g:title', 'Mận hậu', 'maxLength=3', 'Mục này quá dài so với quy định của sàn. Hãy rút ngắn.', 'Mận')", new { run, bare.ListingId });
        var mine = await (await market.SignInAsync(seller)).GetAsync("/quan-ly/xuat-du-lieu");
        Assert.Contains(aside.Hint, mine.Text, StringComparison.Ordinal);
        Assert.Contains("Sàn nhận: dài nhất 3 ký tự.", mine.Text, StringComparison.Ordinal);
        Assert.Contains("Gần nhất: Mận", mine.Text, StringComparison.Ordinal);
        Assert.NotNull(mine.Page.QuerySelector("a[href^='/quan-ly/san-pham/'][href$='#Photos']"));
        // Listing, platform, column with code, value, hint with rule and nearest value, and the way to the field: all of a fault stands in its row.
        var told = mine.Page.QuerySelectorAll("main tr").Single(r => r.TextContent.Contains("(E02)", StringComparison.Ordinal)).QuerySelectorAll("td").Select(d => string.Join(' ', d.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal(["g:title (E02)", "Mận hậu"], told[2..4]);
        Assert.All(["Mục này quá dài so với quy định của sàn. Hãy rút ngắn.", "Sàn nhận: dài nhất 3 ký tự.", "Gần nhất: Mận"], part => Assert.Contains(part, told[4], StringComparison.Ordinal));
        Assert.NotNull(mine.Page.QuerySelector($"main td a[href='/quan-ly/tin-dang/{bare.Slug}#Title']"));
        var other = await (await market.SignInAsync(await market.Shop.SellerAsync(online: false))).GetAsync("/quan-ly/xuat-du-lieu");
        Assert.DoesNotContain(aside.Hint, other.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspended_listing_and_producer_and_recalled_lot_leave_every_file_within_a_minute()
    {
        var kept = await GoodsAsync(await market.Shop.SellerAsync(online: false), "Mận hậu ở lại");
        var suspended = await GoodsAsync(kept.Seller, "Mận hậu bị ngừng");
        var recalled = await GoodsAsync(kept.Seller, "Mận hậu thu hồi");
        var closedSeller = await GoodsAsync(await market.Shop.SellerAsync(online: false), "Mận hậu cơ sở ngừng");
        await BuildAllAsync();
        string[] gone = ["Mận hậu bị ngừng", "Mận hậu thu hồi", "Mận hậu cơ sở ngừng"];
        Assert.All(await TextsAsync(), file => Assert.All([.. gone, "Mận hậu ở lại"], title => Assert.Contains(title, file.Value, StringComparison.Ordinal)));
        await market.Site.RunDueAsync();

        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().SuspendAsync(tx, suspended.Slug, "Ảnh sai", Officer));
            Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [recalled.LotCode], "Phát hiện dư lượng thuốc", "", Officer));
            Assert.True(await market.Site.Get<ProducerRegister>().SuspendAsync(tx, closedSeller.Seller.Slug, "Hết giấy phép", Officer));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        for (var seconds = 0; seconds < 60; seconds += 12)
        {
            await market.Site.RunDueAsync();
            market.Site.Clock.Advance(TimeSpan.FromSeconds(12));
        }
        Assert.All(await TextsAsync(), file =>
        {
            Assert.Contains("Mận hậu ở lại", file.Value, StringComparison.Ordinal);
            Assert.All(gone, title => Assert.DoesNotContain(title, file.Value, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Recalled_lot_is_out_of_a_run_that_comes_before_the_shelf_has_followed()
    {
        var goods = await GoodsAsync(await market.Shop.SellerAsync(online: false), "Mận hậu thu hồi ngay");
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Phát hiện dư lượng thuốc", "", Officer));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await BuildAsync("google-merchant");
        Assert.DoesNotContain(goods.Slug, await TextAsync("google-merchant", "xml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listing_at_rest_and_lot_past_its_date_are_out_of_stock_as_on_their_pages()
    {
        var rested = await GoodsAsync(await market.Shop.SellerAsync(online: false), "Mận hậu tạm nghỉ");
        var past = await GoodsAsync(rested.Seller, "Mận hậu quá hạn");
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().PauseAsync(tx, rested.Slug, Pause.Break, rested.Seller.PersonId, new Actor(rested.Seller.PersonId, Roles.Seller)));
            await tx.ExecuteAsync("update origin.lot set best_before = @yesterday where id = @LotId", new { past.LotId, yesterday = Vietnamese.Today(market.Site.Clock).AddDays(-1) });
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await BuildAsync("sendo");
        using var payload = JsonDocument.Parse(await BytesAsync("sendo", "json"));
        foreach (var title in new[] { "Mận hậu tạm nghỉ", "Mận hậu quá hạn" })
        {
            var item = payload.RootElement.EnumerateArray().Single(i => i.GetProperty("name").GetString() == title);
            Assert.False(item.GetProperty("stock_availability").GetBoolean());
            Assert.Equal(0, item.GetProperty("stock_quantity").GetInt64());
        }
    }

    /// <summary>Many changes within half a minute make one run of each profile.</summary>
    [Fact]
    public async Task Many_changes_make_one_run()
    {
        var goods = await GoodsAsync(await market.Shop.SellerAsync(online: false), "Mận hậu nhiều đổi");
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await market.Site.RunDueAsync();
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await market.Site.RunDueAsync();
        var before = await RunsAsync();
        for (var boxes = 5; boxes < 9; boxes++)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            Assert.True(await market.Site.Get<Stock>().SupplyAsync(tx, goods.LotCode, boxes * 5_000, goods.Seller.PersonId, new Actor(goods.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        Assert.Equal(before, await RunsAsync());
        market.Site.Clock.Advance(TimeSpan.FromSeconds(31));
        await market.Site.RunDueAsync();
        Assert.Equal(before + 1, await RunsAsync());
    }

    private Task<long> RunsAsync() => market.Db.SingleAsync<long>("select count(*) from exports.run where profile_code = 'postmart'");

    private sealed record Expected(string Slug, string Title, string? Gtin, string Phone, long PriceVnd, long Stock, string ProducerName, int Pictures);

    /// <summary>Written apart from the export's own query: what is public, whole and in force, in the order of products.</summary>
    private Task<List<Expected>> ExpectedAsync() => market.Db.QueryAsync<Expected>("""
        select l.slug, v.title, v.gtin, w.phone, l.price_vnd, (select coalesce(sum(s.available) / l.base_per_unit, 0) from catalog.lot_stock s, origin.lot o where s.product_id = l.product_id and o.id = s.lot_id and l.paused_at is null and coalesce(o.best_before, @today) >= @today)::bigint as stock, w.name as producer_name, cardinality(v.picture_ids) as pictures
        from catalog.listing l, catalog.listing_version v, producers.producer p, producers.producer_version w
        where v.listing_id = l.id and v.version = l.public_version and p.id = l.producer_id and w.producer_id = p.id and w.version = p.public_version and cardinality(v.picture_ids) > 0
          and not exists (select 1 from origin.lot o, origin.lot_block b where o.product_id = l.product_id and b.lot_id = o.id and b.lifted_at is null)
        order by l.product_id, l.id
        """, new { today = Vietnamese.Today(market.Site.Clock) });

    /// <summary>Hostile listings, once for the class, and fresh files: of these profiles, or of all.</summary>
    private async Task FillAsync(params string[] profiles)
    {
        if (await market.Db.SingleAsync<long>("select count(*) from catalog.listing_version where title = @title", new { title = HostileTitles[0] }) == 0)
        {
            var seller = await market.Shop.SellerAsync(online: false);
            foreach (var title in HostileTitles)
                await GoodsAsync(seller, title, gtin: title[0] == '=' ? "0001234567890" + Gs1.CheckDigit.Compute("0001234567890") : null);
        }
        foreach (var profile in profiles)
            await BuildAsync(profile);
        if (profiles.Length == 0)
            await BuildAllAsync();
    }

    /// <summary>Goods as the shop makes them, with what the seller of a hostile listing would write.</summary>
    private async Task<Goods> GoodsAsync(Seller seller, string title, string? gtin = null)
    {
        var goods = await market.Shop.GoodsAsync(seller, 4, 199_000);
        Guid[] pictures = [Guid.NewGuid(), Guid.NewGuid()];
        await market.Db.ExecuteAsync("""
            insert into files.stored_file (id, kind, owner, name, content_type, bytes, sha256, width, height, state, created_at) select id, 'image', 'test', 'man.jpg', 'image/jpeg', 1, repeat('0', 64), 1200, 900, 'clean', now() from unnest(@pictures) id;
            insert into files.rendition (file_id, name, content_type, width, height, bytes, sha256) select id, 'w1200.jpg', 'image/jpeg', 1200, 900, 90000, repeat('0', 64) from unnest(@pictures) id
            """, new { pictures });
        await market.Db.ExecuteAsync(
            "update catalog.listing_version set title = @title, gtin = @gtin, picture_ids = @pictures, description = @description where listing_id = @ListingId",
            new { title, gtin, pictures, description = "Dòng một\tđ\nDòng \u0001hai ]]> &amp; <b>", goods.ListingId });
        return goods;
    }

    private async Task BuildAllAsync()
    {
        foreach (var profile in await market.Db.QueryAsync<string>("select code from exports.newest_profile where cardinality(formats) > 0"))
            await BuildAsync(profile);
    }

    private Task<long> BuildAsync(string profile) => market.Site.Get<ExportRuns>().BuildAsync(profile, "test", CancellationToken.None);

    private async Task<Dictionary<string, string>> HashesAsync() => (await market.Db.QueryAsync<(string Profile, string Extension, string Sha256)>("""
        select r.profile_code, f.extension, f.sha256 from exports.run_file f join exports.run r on r.id = f.run_id
        where r.id in (select id from exports.newest_run)
        """)).ToDictionary(f => f.Profile + "." + f.Extension, f => f.Sha256, StringComparer.Ordinal);

    private async Task<byte[]> BytesAsync(string profile, string extension) =>
        await File.ReadAllBytesAsync(market.Site.Get<ExportFiles>().Find((await HashesAsync())[$"{profile}.{extension}"])!);

    /// <summary>The newest files of every profile, by name: sheets as the texts of their cells.</summary>
    private async Task<Dictionary<string, string>> TextsAsync()
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, hash) in await HashesAsync())
        {
            var path = market.Site.Get<ExportFiles>().Find(hash)!;
            texts[name] = name.EndsWith(".xlsx", StringComparison.Ordinal) ? string.Join('\n', MiniExcelLibs.MiniExcel.Query(new MemoryStream(await File.ReadAllBytesAsync(path))).Cast<IDictionary<string, object?>>().SelectMany(r => r.Values)) : await File.ReadAllTextAsync(path);
        }
        Assert.Superset(new HashSet<string>(["google-merchant.xml", "meta.csv", "postmart.csv", "postmart.xlsx", "sendo.json", "voso.csv", "open.xlsx"], StringComparer.Ordinal), texts.Keys.ToHashSet(StringComparer.Ordinal));
        return texts;
    }

    private async Task<string> TextAsync(string profile, string extension) => System.Text.Encoding.UTF8.GetString(await BytesAsync(profile, extension));
}
