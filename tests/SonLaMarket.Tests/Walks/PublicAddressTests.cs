using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>Addresses that anybody may type, follow or scan (docs/contract.md, sections 2 and 3).</summary>
public sealed class PublicAddressTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("/khong-co")]
    [InlineData("/favicon.ico")]
    [InlineData("/en/abc.html")]
    [InlineData("/openapi/v2.json")]
    [InlineData("/api/v2/listings")]
    [InlineData("/lo/X/ho-chieu.json")]
    public async Task An_address_that_is_not_there_is_not_there(string path)
    {
        var answer = await market.Site.Open().GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Fact]
    public async Task Help_stands_in_the_same_place_of_every_page_and_nowhere_when_nobody_gives_it()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        await using var helped = new Site(market.Database, settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Site:HelpPhone"] = "0212385000", ["Site:HelpZalo"] = "https://zalo.me/sonlamarket", ["Site:HelpEmail"] = "giup@example.invalid" });
        foreach (var path in new[] { "/", "/san-pham", "/gio-hang", "/dang-nhap", "/khong-co", "/lo/" + goods.LotCode, "/en/lo/" + goods.LotCode })
        {
            var page = (await helped.Open().GetAsync(path)).Page;
            var where = path.Contains("/lo/", StringComparison.Ordinal) ? "main > section:last-of-type" : "footer";
            Assert.Equal(["tel:0212385000", "https://zalo.me/sonlamarket", "mailto:giup@example.invalid"], page.QuerySelectorAll($"{where} a").Select(a => a.GetAttribute("href")!).Where(h => !h.StartsWith('/') && !h.StartsWith("http://localhost", StringComparison.Ordinal) && !h.StartsWith("https://zalo.me/share", StringComparison.Ordinal)));
            Assert.DoesNotContain("tel:", (await market.Site.Open().GetAsync(path)).Page.QuerySelector(where)!.InnerHtml, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Robots_are_kept_from_the_same_pages_in_both_languages()
    {
        var lines = (await market.Site.Open().GetAsync("/robots.txt")).Body.Split('\n');
        foreach (var path in new[] { "/gio-hang", "/thanh-toan", "/don-hang", "/quan-ly", "/so-cong-thuong", "/quan-tri" })
        {
            Assert.Contains("Disallow: " + path, lines);
            Assert.Contains("Disallow: /en" + path, lines);
        }
    }

    [Fact]
    public async Task Head_is_answered_as_get_without_the_body()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        using var client = new HttpClient(market.Site.Handler()) { BaseAddress = new Uri("http://localhost") };
        foreach (var path in new[] { "/", "/san-pham", "/san-pham/" + goods.Slug, "/lo/" + goods.LotCode, "/robots.txt", "/dang-nhap" })
        {
            using var head = new HttpRequestMessage(HttpMethod.Head, path);
            using var answer = await client.SendAsync(head, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    /// <summary>The page carries its style inside; the policy that allows it must come from the cache too.</summary>
    [Fact]
    public async Task The_cached_trace_page_keeps_the_policy_for_its_style()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        var made = await market.Site.Open().GetAsync("/lo/" + goods.LotCode);
        var kept = await KeptAsync("/lo/" + goods.LotCode);
        Assert.Contains("style-src 'self' 'sha256-", Policy(made), StringComparison.Ordinal);
        Assert.Equal(Policy(made), Policy(kept));
    }

    /// <summary>Other instances hear of a change a moment later; here nothing hears of it at all.</summary>
    [Fact]
    public async Task Whoever_recalls_a_lot_reads_no_page_from_before()
    {
        var (_, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        Assert.DoesNotContain("bị thu hồi", (await KeptAsync("/lo/" + goods.LotCode)).Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        await using var owner = NpgsqlDataSource.Create($"{market.Database.OwnerConnectionString};Pooling=false");
        await using var tx = await market.Site.Get<Db>().BeginAsync(TestContext.Current.CancellationToken);
        Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Nghi nhiễm khuẩn", "Không ăn, trả lại nơi mua", officer));
        await ListeningAsync(owner, "pg_terminate_backend(pid)");
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Contains("bị thu hồi", (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        // Other tests may need it again.
        await ListeningAsync(owner, "pid");
    }

    /// <summary>Does something with the session that hears of changes, once there is one.</summary>
    private static async Task ListeningAsync(NpgsqlDataSource owner, string what)
    {
        await using var command = owner.CreateCommand($"select count({what}) from pg_stat_activity where datname = current_database() and query = 'listen page_cache'");
        while (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is 0L)
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    /// <summary>The page as the cache has it: one that was made while something else was evicted is not kept, the next one is.</summary>
    private async Task<Answer> KeptAsync(string path)
    {
        var answer = await market.Site.Open().GetAsync(path);
        for (var tries = 0; tries < 50 && !answer.Message.Headers.Contains("Age"); tries++)
            answer = await market.Site.Open().GetAsync(path);
        Assert.True(answer.Message.Headers.Contains("Age"), "no answer came from the cache");
        return answer;
    }

    /// <summary>The approved version is what the label says, until another one is approved.</summary>
    [Fact]
    public async Task The_trace_page_shows_what_was_approved_and_nothing_newer()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        await market.Db.ExecuteAsync("update producers.product set name = 'Tên chưa duyệt', brand = 'Nhãn chưa duyệt', model = 'Loại chưa duyệt', storage = 'Cất nơi chưa duyệt', gtin = '09521234000006', picture_ids = array[gen_random_uuid()], net_weight_g = 77 where id = (select product_id from origin.lot where id = @LotId)", new { goods.LotId });
        var title = await market.Db.SingleAsync<string>("select title from catalog.listing where slug = @Slug", new { goods.Slug });
        var page = await market.Site.Open().GetAsync("/lo/" + goods.LotCode);
        Assert.Contains(title, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Tên chưa duyệt", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("77\u00a0g", page.Body, StringComparison.Ordinal);
        var passport = (await market.Site.Open().GetAsync($"/lo/{goods.LotCode}/ho-chieu.json")).Body;
        Assert.Contains(title, passport, StringComparison.Ordinal);
        Assert.DoesNotContain("chưa duyệt", passport, StringComparison.Ordinal);
        Assert.DoesNotContain("09521234000006", passport, StringComparison.Ordinal);
        Assert.DoesNotContain("/media/", passport, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lot_of_a_product_that_nobody_approved_shows_its_code_alone()
    {
        var seller = await market.Shop.SellerAsync();
        var actor = new Actor(seller.PersonId, Roles.Seller);
        string lot;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var category = await tx.SingleAsync<string>("select slug from producers.category where parent_slug is not null order by sort limit 1");
            var product = (await market.Site.Get<Products>().AddAsync(tx, seller.ProducerId, new ProductDraft("Rau kín tiếng", "", category, null, null, "g", null, "Lời tự khen.", "", null, [], []), actor))!;
            lot = (await market.Site.Get<SonLaMarket.Origin.Lots>().OpenAsync(tx, new SonLaMarket.Origin.NewLot(product, null, DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime), null, null, null, 10_000), seller.PersonId, actor))!;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await market.Site.Open().GetAsync("/lo/" + lot);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(lot, page.Text, StringComparison.Ordinal);
        Assert.Contains("chưa duyệt", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Rau kín tiếng", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Lò Văn Mẫu", page.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/san-pham")]
    [InlineData("/thu-hoi")]
    public async Task The_second_reader_is_answered_from_the_cache_and_nobody_gets_a_cookie(string path)
    {
        var made = await market.Site.Open().GetAsync(path);
        var kept = await market.Site.Open().GetAsync(path);
        // What earlier tests changed may still be evicting pages; a page made meanwhile is not kept.
        for (var i = 0; i < 50 && !kept.Message.Headers.Contains("Age"); i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            kept = await market.Site.Open().GetAsync(path);
        }
        Assert.False(made.Message.Headers.Contains("Set-Cookie"));
        Assert.True(kept.Message.Headers.Contains("Age"), "not from the cache");
        Assert.Equal(made.Body, kept.Body);
    }

    [Fact]
    public async Task Every_opening_of_a_trace_page_is_counted_also_from_the_cache()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 4);
        for (var i = 0; i < 3; i++)
            await market.Site.Open().GetAsync("/lo/" + goods.LotCode);
        await market.Site.Get<SonLaMarket.Origin.Scans>().WriteAsync();
        var counted = await market.Db.SingleAsync<long>("select coalesce(sum(scans), 0)::bigint from origin.scan_day where lot_id = @LotId", new { goods.LotId });
        Assert.Equal(3, counted);
    }

    /// <summary>A bare GTIN leads to the product; serials and variants were never issued; other kinds of link do not exist.</summary>
    [Theory]
    [InlineData("", 307)]
    [InlineData("?linkType=gs1:pip", 307)]
    [InlineData("?linkType=gs1:recallStatus", 404)]
    [InlineData("?linkType=linkset", 404)]
    [InlineData("/21/ABC123", 404)]
    [InlineData("/22/2A", 404)]
    [InlineData("/10/KHONG-CO", 404)]
    public async Task A_gtin_of_ours_leads_to_its_product_with_or_without_stock(string rest, int status)
    {
        var gtin = await GtinAsync();
        var answer = await market.Site.Open().GetAsync("/01/" + gtin.Gtin + rest, ("Accept", "application/json"));
        Assert.Equal(status, (int)answer.Status);
        if (status == 307)
            Assert.Equal("/san-pham/" + gtin.Slug, new Uri(new Uri("http://localhost"), answer.Location).AbsolutePath);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task The_address_of_a_label_leads_to_the_lot_with_what_it_carries(string method)
    {
        var gtin = await GtinAsync();
        var lot = await market.Db.FirstOrDefaultAsync<string>("select l.code from origin.lot l join producers.product p on p.id = l.product_id where p.gtin = @Gtin", new { gtin.Gtin });
        lot ??= await LotAsync(gtin.Gtin);
        using var client = new HttpClient(market.Site.Handler()) { BaseAddress = new Uri("http://localhost") };
        foreach (var (path, to) in new[] { ($"/01/{gtin.Gtin}/10/{lot}", $"/lo/{lot}"), ($"/01/{gtin.Gtin}/10/{lot}/", $"/lo/{lot}"), ($"/01/{gtin.Gtin}/10/{lot}?utm=zalo&linkType=gs1:traceability", $"/lo/{lot}?utm=zalo"), ($"/en/01/{gtin.Gtin}/10/{lot}", $"/en/lo/{lot}") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((HttpStatusCode.TemporaryRedirect, to), (answer.StatusCode, answer.Headers.Location!.OriginalString));
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
    }

    [Theory]
    [InlineData("/01/abc")]
    [InlineData("/01/09521234999998")]
    [InlineData("/01/0952123499999/10/A")]
    [InlineData("/01/09521234999997/10/")]
    [InlineData("/01/09521234999997/10/A%20B")]
    [InlineData("/01/")]
    public async Task A_malformed_address_of_a_label_is_400_as_a_problem(string path)
    {
        var answer = await market.Site.Open().GetAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Scripts_of_other_sites_may_ask_and_are_told_how()
    {
        using var client = new HttpClient(market.Site.Handler()) { BaseAddress = new Uri("http://localhost") };
        using var request = new HttpRequestMessage(HttpMethod.Options, "/01/" + (await GtinAsync()).Gtin);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("GET, HEAD, OPTIONS", answer.Headers.GetValues("Access-Control-Allow-Methods").Single());
    }

    private async Task<string> LotAsync(string gtin)
    {
        await using var tx = await market.Db.BeginAsync();
        var product = await tx.SingleAsync<(string Code, long Person)>("select p.code, m.person_id from producers.product p join producers.member m on m.producer_id = p.producer_id where p.gtin = @gtin", new { gtin });
        var lot = (await market.Site.Get<SonLaMarket.Origin.Lots>().OpenAsync(tx, new SonLaMarket.Origin.NewLot(product.Code, null, DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime), null, null, null, 10_000), product.Person, new Actor(product.Person, Roles.Seller)))!;
        await tx.CommitAsync();
        return lot;
    }

    private static readonly SemaphoreSlim One = new(1);
    private static (string Gtin, string Slug)? known;

    private async Task<(string Gtin, string Slug)> GtinAsync()
    {
        await One.WaitAsync();
        try
        {
            if (known is { } already && await market.Db.SingleAsync<bool>("select exists (select 1 from catalog.listing where slug = @Slug)", new { already.Slug }))
                return already;
            var gtin = "952123499999" + Gs1.CheckDigit.Compute("952123499999");
            gtin = gtin.PadLeft(14, '0');
            var seller = await market.Shop.SellerAsync();
            var actor = new Actor(seller.PersonId, Roles.Seller);
            await using var tx = await market.Db.BeginAsync();
            var category = await tx.SingleAsync<string>("select slug from producers.category where parent_slug is not null order by sort limit 1");
            var product = (await market.Site.Get<Products>().AddAsync(tx, seller.ProducerId, new ProductDraft("Chè mẫu có mã", "", category, null, gtin, "g", null, "Chè.", "", null, [], []), actor))!;
            var listings = market.Site.Get<SonLaMarket.Catalog.Listings>();
            var slug = (await listings.CreateAsync(tx, product, new SonLaMarket.Catalog.ListingDraft("Chè mẫu có mã", "", "kg", 1000, 200_000, [], 1), seller.PersonId, actor))!;
            Assert.True(await listings.SubmitAsync(tx, slug, seller.PersonId, actor));
            Assert.True(await listings.ApproveAsync(tx, slug, 1, new Actor(null, Roles.Officer)));
            await tx.CommitAsync();
            known = (gtin, slug);
            return known.Value;
        }
        finally
        {
            One.Release();
        }
    }

    /// <summary>Cursors from nowhere, of another order, and texts that no database takes.</summary>
    [Fact]
    public async Task Bad_values_of_the_list_are_400_for_machines_and_a_note_for_people()
    {
        string[] bad = ["sau=" + Cursor.Of("moi", "1e25", "5"), "sau=" + Cursor.Of("moi", "99999999999999", "5"), "sau=" + Cursor.Of("gia-tang", "5", "5"), "sau=" + Cursor.Of("moi", "5"), "sau=xyz", "mua=13", "xa=1", "gia-tu=abc", "xep=la"];
        foreach (var query in bad)
        {
            var machine = await market.Site.Open().GetAsync("/san-pham?" + query, ("Accept", "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, machine.Status);
            Assert.Equal("application/problem+json", machine.Message.Content.Headers.ContentType?.MediaType);
            Assert.True(JsonDocument.Parse(machine.Body).RootElement.TryGetProperty("title", out _));
            Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync("/san-pham?" + query)).Status);
        }
        foreach (var text in new[] { "%00abc", "%01", "%ED%A0%80", "%27%22%3Cscript%3E", new string('a', 5000) })
            Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync("/san-pham?q=" + text)).Status);
    }

    private static string Policy(Answer answer) => string.Join(' ', answer.Message.Headers.GetValues("Content-Security-Policy"));
}
