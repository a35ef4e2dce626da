using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Json.Schema;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>What anybody takes from /open-data (docs/contract.md, section 5). The catalogue itself is judged by programs of others (SonLaMarket.Journeys).</summary>
public sealed class OpenDataTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly string[] Sets = ["products", "sellers", "certificates", "weekly-prices", "season-calendar"];

    [Fact]
    public async Task Sets_are_made_by_themselves_once_a_week_and_again_where_a_file_is_lost()
    {
        await market.Db.ExecuteAsync("delete from exports.open_build", ct: TestContext.Current.CancellationToken);
        var browser = market.Site.Open();
        Assert.Contains("Chưa có bộ dữ liệu nào", (await browser.GetAsync("/open-data?lan-dau")).Text, StringComparison.Ordinal);
        var early = await browser.GetAsync("/open-data/sellers.csv");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.Status);
        Assert.True(early.Message.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.DoesNotContain("dcat:Dataset", (await browser.GetAsync("/open-data/catalog.ttl")).Body, StringComparison.Ordinal);

        Assert.Equal(Sets.Length, await DueAsync());
        var first = await HashAsync("sellers");
        Assert.Equal(Sets.Length, await DueAsync());
        await market.Db.ExecuteAsync("update exports.open_build set built_at = built_at - interval '7 days'", ct: TestContext.Current.CancellationToken);
        Assert.Equal(2 * Sets.Length, await DueAsync());
        // The same rows are the same bytes, whenever they are written.
        Assert.Equal(first, await HashAsync("sellers"));
        File.Delete(market.Site.Get<ExportFiles>().Find(first)!);
        Assert.Equal(3 * Sets.Length, await DueAsync());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/open-data/sellers.csv")).Status);

        async Task<long> DueAsync()
        {
            await market.Site.Get<OpenBuilds>().RunAsync(TestContext.Current.CancellationToken);
            await market.Site.RunDueAsync();
            return await market.Db.SingleAsync<long>("select count(*) from exports.open_build");
        }

        Task<string> HashAsync(string set) => market.Db.SingleAsync<string>("select csv_sha256 from exports.newest_open_build where set_code = @set", new { set });
    }

    [Fact]
    public async Task Every_set_has_the_shape_that_it_says_and_answers_like_a_file()
    {
        await Stall.OpenAsync(market);
        await BuildAsync();
        var browser = market.Site.Open();
        foreach (var set in Sets)
        {
            var schema = await browser.GetAsync($"/open-data/{set}.schema.json");
            Assert.Equal("application/schema+json", schema.Message.Content.Headers.ContentType!.MediaType);
            var json = await browser.GetAsync($"/open-data/{set}.json");
            Assert.Equal("application/json", json.Message.Content.Headers.ContentType!.MediaType);
            var found = JsonSchema.FromText(schema.Body).Evaluate(JsonNode.Parse(json.Body), new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
            Assert.True(found.IsValid, $"{set}: {string.Join("; ", found.Details.Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Value}")))}");
            var csv = await browser.GetAsync($"/open-data/{set}.csv", ("Accept-Encoding", "br, gzip"));
            var bytes = await csv.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
            Assert.Equal("text/csv", csv.Message.Content.Headers.ContentType!.MediaType);
            Assert.Equal(tag, csv.Message.Headers.ETag!.ToString());
            Assert.True(csv.Message.Headers.CacheControl!.Public);
            Assert.Equal(JsonNode.Parse(schema.Body)!["items"]!["properties"]!.AsObject().Select(p => p.Key), csv.Body.TrimStart('\ufeff').Split('\r')[0].Split(','));
            Assert.Equal(HttpStatusCode.NotModified, (await browser.GetAsync($"/open-data/{set}.csv", ("If-None-Match", tag))).Status);
            var part = await browser.GetAsync($"/open-data/{set}.csv", ("Range", "bytes=3-9"));
            Assert.Equal(HttpStatusCode.PartialContent, part.Status);
            Assert.Equal(7, part.Message.Content.Headers.ContentLength);
        }
        Assert.NotEmpty(await RowsAsync("season-calendar"));
        foreach (var unknown in new[] { "/open-data/orders.csv", "/open-data/orders.json", "/open-data/orders.schema.json", "/open-data/products.xlsx", "/open-data/catalog.xml" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(unknown)).Status);
        var catalogue = await browser.GetAsync("/open-data/catalog.jsonld");
        Assert.Equal(HttpStatusCode.NotModified, (await browser.GetAsync("/open-data/catalog.jsonld", ("If-None-Match", catalogue.Message.Headers.ETag!.ToString()))).Status);
        Assert.Contains("Season calendar", (await browser.GetAsync("/en/open-data")).Text, StringComparison.Ordinal);
        Assert.NotNull((await browser.GetAsync("/")).Page.QuerySelector("footer a[href='/open-data']"));
        Assert.NotNull((await browser.GetAsync("/api")).Page.QuerySelector("main a[href='/open-data']"));
    }

    [Fact]
    public async Task Households_are_in_no_set_and_nobody_s_phone_address_or_representative_is()
    {
        var (cooperative, household) = (await Stall.OpenAsync(market), await Stall.OpenAsync(market));
        const string name = "Hộ mẫu Lò Thị Kín";
        await market.Db.ExecuteAsync("update producers.producer_version set kind = 'household', name = @name where producer_id = @ProducerId; update producers.producer set kind = 'household', name = @name where id = @ProducerId", new { name, household.Seller.ProducerId }, TestContext.Current.CancellationToken);
        await BuildAsync();
        var browser = market.Site.Open();
        foreach (var set in Sets)
        {
            foreach (var extension in new[] { "csv", "json" })
            {
                var file = (await browser.GetAsync($"/open-data/{set}.{extension}")).Body;
                Assert.All(new[] { name, "Lò Văn Mẫu", "0001234567", "Tổ 1", "@" }, hidden => Assert.DoesNotContain(hidden, file, StringComparison.Ordinal));
            }
        }
        var sellers = await RowsAsync("sellers");
        Assert.Contains(sellers, r => (string?)r["id"] == cooperative.Seller.Slug && (int)r["listings"]! == 1);
        Assert.DoesNotContain(sellers, r => (string?)r["id"] == household.Seller.Slug);
        var certified = (await RowsAsync("certificates")).Select(r => (string?)r["seller"]).ToList();
        Assert.Contains(cooperative.Seller.Slug, certified);
        Assert.DoesNotContain(household.Seller.Slug, certified);
        var products = (await RowsAsync("products")).ToDictionary(r => (string)r["id"]!, StringComparer.Ordinal);
        Assert.Equal(cooperative.Seller.Name, (string?)products[cooperative.Slug]["sellerName"]);
        Assert.All(new[] { "seller", "sellerName", "commune", "priceVnd" }, field => Assert.False(products[household.Slug].ContainsKey(field)));
    }

    [Fact]
    public async Task Prices_of_fewer_than_five_sellers_are_not_told()
    {
        for (var n = 0; n < 4; n++)
            await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 1, 100_000 + 10_000 * n, group: "tea");
        var today = Vietnamese.Today(market.Site.Clock);
        var early = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        market.Site.Clock.Advance(TimeSpan.FromDays(7));
        await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 1, 140_000, group: "tea");
        market.Site.Clock.Advance(TimeSpan.FromDays(7));
        await BuildAsync();
        var tea = (await RowsAsync("weekly-prices")).Where(r => (string?)r["category"] == "tea").ToDictionary(r => (string)r["from"]!, StringComparer.Ordinal);
        Assert.Equal(2, tea.Count);
        var few = tea[early.ToString("yyyy-MM-dd")];
        Assert.True((bool)few["suppressed"]!);
        Assert.All(new[] { "sellers", "listings", "medianVndPerKg" }, figure => Assert.False(few.ContainsKey(figure)));
        var told = tea[early.AddDays(7).ToString("yyyy-MM-dd")];
        Assert.Equal((false, 5, 22_000, 24_000, 26_000), ((bool)told["suppressed"]!, (int)told["sellers"]!, (int)told["lowerQuartileVndPerKg"]!, (int)told["medianVndPerKg"]!, (int)told["upperQuartileVndPerKg"]!));
    }

    [Fact]
    public async Task What_is_taken_down_is_out_of_the_next_build_and_told_by_its_id_and_day()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var (kept, gone) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3, title: "Mận sẽ bị đình chỉ"));
        await BuildAsync();
        var browser = market.Site.Open();
        Assert.DoesNotContain(gone.Slug, (await browser.GetAsync("/open-data")).Text, StringComparison.Ordinal);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().SuspendAsync(tx, gone.Slug, "Thử", new(null, Roles.Officer)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await BuildAsync();
        var products = (await RowsAsync("products")).Select(r => (string)r["id"]!).ToList();
        Assert.Contains(kept.Slug, products);
        Assert.DoesNotContain(gone.Slug, products);
        var erratum = (await browser.GetAsync("/open-data")).Page.QuerySelector("#products")!.QuerySelectorAll("li").Single(l => l.QuerySelector("code")?.TextContent == gone.Slug).TextContent;
        var day = Vietnamese.Today(market.Site.Clock);
        Assert.Contains(Vietnamese.Date(day), erratum, StringComparison.Ordinal);
        foreach (var notation in new[] { "jsonld", "ttl" })
        {
            var catalogue = (await browser.GetAsync("/open-data/catalog." + notation)).Body;
            Assert.Contains($"Row {gone.Slug} was taken out of the data set on {day:yyyy-MM-dd}.", catalogue, StringComparison.Ordinal);
            Assert.DoesNotContain("Mận sẽ bị đình chỉ", catalogue, StringComparison.Ordinal);
        }
        Assert.Equal((1, 0), await market.Db.SingleAsync<(int, int)>("select removed, added from exports.open_build where set_code = 'products' order by id desc limit 1"));
    }

    [Fact]
    public async Task Operator_sees_the_builds_and_has_them_made_anew_with_an_audit_row()
    {
        const string page = "/quan-tri/xuat-du-lieu/du-lieu-mo";
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        Assert.NotNull((await browser.GetAsync("/quan-tri/xuat-du-lieu")).Page.QuerySelector($"main a[href='{page}']"));
        var asked = await browser.SubmitAsync(await browser.GetAsync(page), page);
        Assert.Equal(HttpStatusCode.SeeOther, asked.Status);
        await market.Site.RunDueAsync();
        Assert.Contains("Đã tạo lại dữ liệu mở.", (await browser.GetAsync(asked.Location!)).Text, StringComparison.Ordinal);
        Assert.Contains("Lịch mùa vụ", (await browser.GetAsync(page)).Page.QuerySelectorAll("main tbody tr").First(r => r.TextContent.Contains("người quản trị", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'export.open-data' and actor_role = 'operator'"));
    }

    private Task BuildAsync() => market.Site.Get<OpenBuilds>().BuildAsync(OpenBuilds.Weekly, CancellationToken.None);

    private async Task<List<JsonObject>> RowsAsync(string set) => [.. JsonNode.Parse((await market.Site.Open().GetAsync($"/open-data/{set}.json")).Body)!.AsArray().Select(r => r!.AsObject())];
}
