using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Dom;
using Json.Schema;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Home.Developers;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>The partner API over HTTP, each answer laid beside its description (docs/contract.md, section 5).</summary>
public sealed partial class PartnerApiTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Root = "/api/v1";
    private static JsonNode? description;

    [Fact]
    public async Task Every_address_answers_as_its_description_says()
    {
        var (goods, order, partner) = await ShopAsync();
        var key = await KeyAsync(goods.Seller.ProducerId, ApiScope.Listings, ApiScope.Producers, ApiScope.Orders);
        var run = await AskedAsync(partner, "google-merchant");
        var asked = new Dictionary<string, Answer>(StringComparer.Ordinal)
        {
            ["get /api/v1/listings"] = await GetAsync(key, $"{Root}/listings"),
            ["get /api/v1/listings/{slug}"] = await GetAsync(key, $"{Root}/listings/{goods.Slug}"),
            ["get /api/v1/producers"] = await GetAsync(key, $"{Root}/producers"),
            ["get /api/v1/producers/{slug}"] = await GetAsync(key, $"{Root}/producers/{goods.Seller.Slug}"),
            ["get /api/v1/orders"] = await GetAsync(key, $"{Root}/orders"),
            ["get /api/v1/orders/{code}"] = await GetAsync(key, $"{Root}/orders/{order}"),
            ["get /api/v1/export-profiles"] = await GetAsync(partner, $"{Root}/export-profiles"),
            ["post /api/v1/export-runs"] = run,
            ["get /api/v1/export-runs/{id}"] = await GetAsync(partner, run.Location!),
        };
        await market.Site.RunDueAsync();
        asked["get /api/v1/export-runs/{id}/files/{format}"] = await GetAsync(partner, run.Location + "/files/xml");
        var document = await DescriptionAsync();
        Assert.Equal("3.1", document["openapi"]!.GetValue<string>()[..3]);
        var described = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => $"{o.Key} {p.Key}")).Order(StringComparer.Ordinal);
        Assert.Equal(described, asked.Keys.Order(StringComparer.Ordinal));
        foreach (var (operation, answer) in asked)
            await FitsAsync(operation, answer);

        using var one = JsonDocument.Parse(asked["get /api/v1/listings/{slug}"].Body);
        Assert.Equal((200_000, "box", 5_000, "g", 5_000, 9), (
            one.RootElement.GetProperty("priceVnd").GetInt64(), one.RootElement.GetProperty("saleUnit").GetString(), one.RootElement.GetProperty("unitContent").GetProperty("amount").GetInt64(),
            one.RootElement.GetProperty("unitContent").GetProperty("unit").GetString(), one.RootElement.GetProperty("netWeightGrams").GetInt64(), one.RootElement.GetProperty("stockUnits").GetInt64()));
        Assert.EndsWith("+07:00", one.RootElement.GetProperty("changedAt").GetString(), StringComparison.Ordinal);
        Assert.Equal(goods.LotCode, Assert.Single(one.RootElement.GetProperty("lots").EnumerateArray()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_is_refused_is_a_problem_that_the_description_knows()
    {
        var (goods, _, partner) = await ShopAsync();
        var key = await KeyAsync(goods.Seller.ProducerId, ApiScope.Listings);
        var refused = new (int Status, string Operation, Answer Answer)[]
        {
            (401, "get /api/v1/listings", await market.Site.Open().GetAsync($"{Root}/listings")),
            (401, "get /api/v1/listings", await GetAsync("slm_KHONGCO1_x", $"{Root}/listings")),
            (403, "get /api/v1/orders", await GetAsync(key, $"{Root}/orders")),
            (404, "get /api/v1/listings/{slug}", await GetAsync(key, $"{Root}/listings/khong-co")),
            (406, "get /api/v1/listings", await GetAsync(key, $"{Root}/listings", ("Accept", "text/csv, application/json;q=0"))),
            (422, "get /api/v1/listings", await GetAsync(key, $"{Root}/listings?limit=0")),
            (422, "get /api/v1/listings", await GetAsync(key, $"{Root}/listings?limit=nhieu")),
            (422, "get /api/v1/listings", await GetAsync(key, $"{Root}/listings?after=x")),
            (415, "post /api/v1/export-runs", await PostAsync(partner, new StringContent("profile=postmart", Encoding.UTF8, "application/x-www-form-urlencoded"))),
            (400, "post /api/v1/export-runs", await PostAsync(partner, new StringContent("{", Encoding.UTF8, "application/json"))),
            (422, "post /api/v1/export-runs", await PostAsync(partner, JsonContent.Create(new { profile = "khong-co" }))),
            (422, "post /api/v1/export-runs", await PostAsync(partner, JsonContent.Create(new { profile = "voso" }))),
            (422, "post /api/v1/export-runs", await PostAsync(partner, JsonContent.Create(new { }))),
        };
        foreach (var (status, operation, answer) in refused)
        {
            Assert.Equal(status, (int)answer.Status);
            await FitsAsync(operation, answer);
            if (status == 422)
                Assert.Contains("\"errors\":{\"", answer.Body, StringComparison.Ordinal);
        }
        Assert.StartsWith("Bearer", refused[0].Answer.Message.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("scope=\"orders:read\"", refused[2].Answer.Message.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        var method = await PostAsync(key, JsonContent.Create(new { }), $"{Root}/listings");
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET", "application/problem+json"), (method.Status, method.Message.Content.Headers.Allow.ToString(), method.Message.Content.Headers.ContentType?.MediaType));
        Assert.Equal("application/problem+json", (await GetAsync(key, $"{Root}/khong-co")).Message.Content.Headers.ContentType?.MediaType);
        // Its method is right, its id is none.
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(key, $"{Root}/export-runs/abc")).Status);
    }

    [Fact]
    public async Task A_seller_sees_the_own_orders_and_nothing_of_who_buys()
    {
        var (goods, order, _) = await ShopAsync();
        var (others, foreign, _) = await ShopAsync();
        var key = await KeyAsync(goods.Seller.ProducerId, ApiScope.Orders);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(key, $"{Root}/orders/{foreign}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(await KeyAsync(others.Seller.ProducerId, ApiScope.Orders), $"{Root}/orders/{foreign}")).Status);
        var list = await GetAsync(key, $"{Root}/orders");
        Assert.Equal([order], CodesOf(list));
        foreach (var personal in new[] { "Nguyễn Thị Mẫu", Buyer.Phone, "tổ 2", "03646", "?k=" })
            Assert.DoesNotContain(personal, list.Body, StringComparison.Ordinal);
        var changed = JsonDocument.Parse(list.Body).RootElement.GetProperty("items")[0].GetProperty("changedAt").GetDateTimeOffset();
        Assert.Equal([order], CodesOf(await GetAsync(key, $"{Root}/orders?changedSince={Uri.EscapeDataString(changed.ToString("O"))}")));
        Assert.Empty(CodesOf(await GetAsync(key, $"{Root}/orders?changedSince={Uri.EscapeDataString(changed.AddSeconds(1).ToString("O"))}")));
        Assert.Empty(CodesOf(await GetAsync(key, $"{Root}/orders?status=cancelled")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GetAsync(key, $"{Root}/orders?status=gone")).Status);
    }

    [Fact]
    public async Task A_list_is_walked_by_its_next_address_in_two_round_trips_a_page_and_an_unchanged_page_is_304()
    {
        var seller = await market.Shop.SellerAsync();
        for (var i = 0; i < 5; i++)
            await market.Shop.GoodsAsync(seller, 3);
        var key = await KeyAsync(seller.ProducerId, ApiScope.Listings);
        await GetAsync(key, $"{Root}/listings");
        List<string?> walked = [];
        using var trips = new RoundTrips();
        var pages = 0;
        for (string? next = $"{Root}/listings?limit=2&producer={seller.Slug}"; next is not null; pages++)
        {
            using var page = JsonDocument.Parse((await GetAsync(key, next, trips.Header)).Body);
            walked.AddRange(page.RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()));
            next = page.RootElement.GetProperty("next").GetString();
        }
        Assert.Equal((3, 5), (pages, walked.Distinct(StringComparer.Ordinal).Count()));
        Assert.Equal(walked.Order(StringComparer.Ordinal), walked);
        Assert.Equal(2 * pages, trips.OfPage.Count);

        var first = await GetAsync(key, $"{Root}/listings?producer={seller.Slug}");
        var tag = first.Message.Headers.ETag!.ToString();
        var again = await GetAsync(key, $"{Root}/listings?producer={seller.Slug}", ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Body));
        await market.Shop.GoodsAsync(seller, 3);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(key, $"{Root}/listings?producer={seller.Slug}", ("If-None-Match", tag))).Status);
    }

    [Fact]
    public async Task What_is_blocked_is_out_before_anything_else_has_heard_of_it()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3);
        var key = await KeyAsync(goods.Seller.ProducerId, ApiScope.Listings);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(key, $"{Root}/listings/{goods.Slug}")).Status);
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, "officer", null, null, "Chờ kết quả kiểm nghiệm", new Actor(null, Roles.Officer)));
            await tx.CommitAsync();
        }
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(key, $"{Root}/listings/{goods.Slug}")).Status);
        Assert.Contains("\"items\":[]", (await GetAsync(key, $"{Root}/listings?producer={goods.Seller.Slug}")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_makes_as_many_requests_a_minute_as_it_may_and_another_is_not_held_up()
    {
        var (key, other) = (await KeyAsync(null, 3, ApiScope.Producers), await KeyAsync(null, 3, ApiScope.Producers));
        market.Site.Clock.Advance(TimeSpan.FromSeconds(60 - market.Site.Clock.GetUtcNow().Second));
        var answers = new List<Answer>();
        for (var i = 0; i < 4; i++)
            answers.Add(await GetAsync(key, $"{Root}/producers"));
        Assert.Equal([200, 200, 200, 429], answers.Select(a => (int)a.Status));
        Assert.Equal("\"minute\";q=3;w=60", answers[0].Message.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal(["\"minute\";r=2;t=60", "\"minute\";r=1;t=60", "\"minute\";r=0;t=60", "\"minute\";r=0;t=60"], answers.Select(a => a.Message.Headers.GetValues("RateLimit").Single()));
        Assert.Equal(60, answers[3].Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        await FitsAsync("get /api/v1/producers", answers[3]);
        // What came in at another instance counts too.
        for (var n = 1; n < 3; n++)
            Assert.Equal(n, (await new ApiKeys(market.Site.Get<SonLaMarket.Accounts.Audit>(), market.Site.Clock).FindAsync(market.Db, other, CancellationToken.None))!.Requests);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), ((await GetAsync(other, $"{Root}/producers")).Status, (await GetAsync(other, $"{Root}/producers")).Status));
        market.Site.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(key, $"{Root}/producers")).Status);
    }

    [Fact]
    public async Task Listings_are_followed_by_a_mark_and_a_change_that_commits_late_is_not_left_out()
    {
        var seller = await market.Shop.SellerAsync();
        var (a, b, c) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3));
        var key = await KeyAsync(seller.ProducerId, ApiScope.Listings);
        await market.Site.RunDueAsync();
        var walk = $"{Root}/listings?producer={seller.Slug}";
        var first = await FollowAsync(walk + "&limit=1");
        await PriceAsync(a, 210_000);
        await market.Site.RunDueAsync();
        var last = await FollowAsync((await FollowAsync(first.Next!)).Next!);
        Assert.Null(last.Next);
        Assert.Equal(first.Mark, last.Mark);
        // What changed during the walk comes with the changes.
        var since = await FollowAsync($"{walk}&changedSince={last.Mark}");
        Assert.Equal([a.Slug], since.Items);
        Assert.Empty(since.Gone);

        await using (var late = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<Listings>().PriceAsync(late, c.Slug, 190_000, seller.PersonId, new Actor(seller.PersonId, Roles.Seller)));
            await PriceAsync(a, 220_000);
            await using (var tx = await market.Db.BeginAsync())
            {
                Assert.True(await market.Site.Get<Listings>().SuspendAsync(tx, b.Slug, "Ảnh sai", new Actor(null, Roles.Officer)));
                await tx.CommitAsync();
            }
            await market.Site.RunDueAsync();
            var page = await FollowAsync($"{walk}&limit=1&changedSince={since.Mark}");
            since = await FollowAsync(page.Next!);
            Assert.Equal([a.Slug, b.Slug], page.Items.Concat(page.Gone).Concat(since.Items).Concat(since.Gone));
            Assert.Equal([b.Slug], since.Gone);
            await late.CommitAsync();
        }
        await market.Site.RunDueAsync();
        since = await FollowAsync($"{walk}&changedSince={since.Mark}");
        Assert.Equal([c.Slug], since.Items);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await GetAsync(key, walk + "&changedSince=2026-01-31")).Status);

        async Task PriceAsync(Goods goods, long price)
        {
            await using var tx = await market.Db.BeginAsync();
            Assert.True(await market.Site.Get<Listings>().PriceAsync(tx, goods.Slug, price, seller.PersonId, new Actor(seller.PersonId, Roles.Seller)));
            await tx.CommitAsync();
        }

        async Task<(string[] Items, string[] Gone, string Mark, string? Next)> FollowAsync(string path)
        {
            using var page = JsonDocument.Parse((await GetAsync(key, path)).Body);
            var root = page.RootElement;
            return ([.. root.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("slug").GetString()!)], [.. root.GetProperty("gone").EnumerateArray().Select(i => i.GetString()!)], root.GetProperty("changedSince").GetString()!, root.GetProperty("next").GetString());
        }
    }

    [Fact]
    public async Task A_revoked_key_is_out_at_once_and_a_session_opens_nothing()
    {
        var seller = await market.Shop.SellerAsync();
        var actor = new Actor(seller.PersonId, Roles.Seller);
        string? key;
        await using (var tx = await market.Db.BeginAsync())
        {
            key = await market.Site.Get<ApiKeys>().AddAsync(tx, new(seller.ProducerId, "Phần mềm mẫu", [ApiScope.Producers], 60, null), seller.PersonId, actor);
            await tx.CommitAsync();
        }
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(key!, $"{Root}/producers")).Status);
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<ApiKeys>().RevokeAsync(tx, key!.Split('_')[1], seller.ProducerId, seller.PersonId, actor));
            await tx.CommitAsync();
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync(key, $"{Root}/producers")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await (await market.SignInAsync(seller)).GetAsync($"{Root}/producers")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await GetAsync(await KeyAsync(seller.ProducerId, ApiScope.Orders), "/quan-ly/don-hang")).Status);
    }

    [Fact]
    public async Task Files_are_asked_for_once_followed_and_taken_by_whoever_asked()
    {
        await ShopAsync();
        var partner = await KeyAsync(null, ApiScope.Exports);
        var asked = await AskedAsync(partner, "postmart");
        Assert.Equal(asked.Location, (await AskedAsync(partner, "postmart")).Location);
        Assert.Contains("\"state\":\"queued\"", asked.Body, StringComparison.Ordinal);
        await market.Site.RunDueAsync();
        var written = await GetAsync(partner, asked.Location!);
        Assert.Contains("\"state\":\"written\"", written.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await PostAsync(partner, JsonContent.Create(new { profile = "postmart" }))).Status);
        market.Site.Clock.Advance(AskedRuns.Pause);
        Assert.NotEqual(asked.Location, (await AskedAsync(partner, "postmart")).Location);
        var file = JsonDocument.Parse(written.Body).RootElement.GetProperty("files")[0].GetProperty("url").GetString()!;
        var taken = await GetAsync(partner, file);
        Assert.Equal(HttpStatusCode.OK, taken.Status);
        Assert.Contains("\"state\":\"delivered\"", (await GetAsync(partner, asked.Location!)).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(partner, file, ("If-None-Match", taken.Message.Headers.ETag!.ToString()))).Status);
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from accounts.audit where action = 'export.download' and detail->>'key' = @code", new { code = await CodeAsync(partner) }));
        var another = await KeyAsync(null, ApiScope.Exports);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(another, file)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(another, asked.Location!)).Status);
    }

    /// <summary>E11 from outside: whoever reads a listing anywhere reads one price and whether it can be bought.</summary>
    [Fact]
    public async Task Page_machine_data_feed_and_api_tell_one_price_and_one_availability()
    {
        var (plain, sale, few, out_) = (await Stall.OpenAsync(market, new(Pictures: 1, Season: [Month(0), Month(1)])), await Stall.OpenAsync(market, new(Pictures: 1)), await Stall.OpenAsync(market, new(Pictures: 1, Boxes: 2)), await Stall.OpenAsync(market, new(Pictures: 1, Boxes: 0, Season: [Month(2), Month(3)])));
        var today = Vietnamese.Today(market.Site.Clock);
        await DoAsync(tx => market.Site.Get<Promotions>().PlanAsync(tx, sale.Slug, 150_000, null, today.AddDays(4), sale.Seller.PersonId, new Actor(sale.Seller.PersonId, Roles.Seller)));
        await market.Db.ExecuteAsync("update catalog.listing set min_units = 3 where slug = @Slug", new { few.Slug });
        await market.Db.ExecuteAsync("update producers.producer_version set brand = 'Mận mẫu Mộc Châu' where producer_id = @ProducerId", new { sale.Seller.ProducerId });
        await market.Site.RunDueAsync();
        var partner = await KeyAsync(null, ApiScope.Exports);
        var (run, whole) = (await AskedAsync(partner, "google-merchant"), await AskedAsync(partner, "open"));
        await market.Site.RunDueAsync();
        var records = JsonNode.Parse((await GetAsync(partner, whole.Location + "/files/json")).Body)!.AsArray().ToDictionary(r => (string)r!["listing"]!["id"]!, r => r!, StringComparer.Ordinal);
        XNamespace g = "http://base.google.com/ns/1.0";
        var items = XDocument.Parse((await GetAsync(partner, run.Location + "/files/xml")).Body).Descendants("item").ToDictionary(i => i.Element(g + "link")!.Value.Split('/')[^1], StringComparer.Ordinal);
        var key = await KeyAsync(null, ApiScope.Listings);
        var seasonEnd = new DateOnly(today.Year, today.Month, 1).AddMonths(2).AddDays(-1);
        foreach (var (stall, price, available) in new[] { (plain, 175_000, true), (sale, 150_000, true), (few, 175_000, false), (out_, 175_000, false) })
        {
            var page = await market.Site.Open().GetAsync("/san-pham/" + stall.Slug);
            var offer = page.Data()["Product"].Single()["offers"]!;
            var api = JsonNode.Parse((await GetAsync(key, $"{Root}/listings/{stall.Slug}")).Body)!;
            var item = items[stall.Slug];
            Assert.Equal(Enumerable.Repeat($"{Vietnamese.Money(price)} {available}", 4),
            [
                $"{page.Page.QuerySelector(".product__top .price strong")!.TextContent} {page.Page.QuerySelector("form.buy") is not null}",
                $"{Vietnamese.Money((long)offer["price"]!)} {(string)offer["availability"]! == "https://schema.org/InStock"}",
                $"{Vietnamese.Money(long.Parse((item.Element(g + "sale_price") ?? item.Element(g + "price"))!.Value.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture))} {item.Element(g + "availability")!.Value == "in_stock"}",
                $"{Vietnamese.Money((long)api["priceVnd"]!)} {(long)api["stockUnits"]! >= (int)api["minimumUnits"]!}",
            ]);
            // What the record says beside the fields, the API says too.
            var record = records[stall.Slug];
            Assert.Equal(($"{(stall == plain ? seasonEnd : today.AddDays(300)):yyyy-MM-dd}", record["listing"]!["approvedBy"]!.ToString(), record["product"]!["pictures"]!.ToJsonString(), null), (api["validTo"]!.ToString(), api["approvedBy"]!.ToString(), api["images"]!.ToJsonString(), api["taxClass"]?.ToString()));
            Assert.Equal((api["validTo"]!.ToString(), null), (record["listing"]!["validTo"]!.ToString(), record["variant"]!["taxClass"]?.ToString()));
            Assert.StartsWith("Sở Công Thương", api["approvedBy"]!.ToString(), StringComparison.Ordinal);
            Assert.Equal(("Ảnh của " + stall.Title, (string)api["pictures"]![0]!), ((string)api["images"]![0]!["alt"]!, (string)api["images"]![0]!["url"]!));
            var product = page.Page.QuerySelectorAll("dl.facts > div").ToDictionary(d => d.QuerySelector("dt")!.TextContent.Trim(), d => d.QuerySelector("dd")!.TextContent.Trim(), StringComparer.Ordinal);
            var machine = page.Data()["Product"].Single();
            Assert.Equal(Enumerable.Repeat(item.Element(g + "id")!.Value, 4), [product["Mã hàng"], (string)machine["sku"]!, (string)api["sku"]!, (string)record["variant"]!["publicSku"]!]);
            Assert.Equal(Enumerable.Repeat(stall == sale ? "Mận mẫu Mộc Châu" : stall.Seller.Name, 3), [item.Element(g + "brand")!.Value, (string)machine["brand"]!["name"]!, (string)api["brand"]!]);
            Assert.Equal(stall == sale ? "Mận mẫu Mộc Châu" : null, product.GetValueOrDefault("Thương hiệu"));
            // Delivery and return: the dearest and the latest that the page tells, and the days that it tells.
            var delivery = page.Page.QuerySelectorAll(".deliver dd").Select(d => d.QuerySelectorAll("b").Select(b => b.TextContent.Trim()).ToArray()).ToList();
            Assert.Equal(delivery[^1][^1], Vietnamese.Money((long)offer["shippingDetails"]!["shippingRate"]!["maxValue"]!));
            var time = offer["shippingDetails"]!["deliveryTime"];
            Assert.Equal(available ? delivery[^1][0] : null, time is null ? null : Vietnamese.Date(today.AddDays((int)time["handlingTime"]!["maxValue"]! + (int)time["transitTime"]!["maxValue"]!)));
            var back7 = offer["hasMerchantReturnPolicy"]!;
            Assert.Equal(("VN", "https://schema.org/MerchantReturnFiniteReturnWindow", 7), ((string)back7["applicableCountry"]!, (string)back7["returnPolicyCategory"]!, (int)back7["merchantReturnDays"]!));
            Assert.Contains(page.Page.QuerySelectorAll(".deliver p"), p => p.TextContent == (string)back7["description"]! && p.TextContent.Contains("Trong 7 ngày sau khi giao", StringComparison.Ordinal));
            // A price has an end where a promotion has one, and goods where a season has one.
            Assert.Equal(stall == sale ? $"{today.AddDays(4):yyyy-MM-dd}" : null, (string?)offer["priceValidUntil"]);
            Assert.Equal(stall == sale, page.Text.Contains($"Giá khuyến mại đến hết ngày {Vietnamese.Date(today.AddDays(4))}", StringComparison.Ordinal));
            var ends = stall == plain ? $"{seasonEnd:yyyy-MM-dd}" : null;
            Assert.Equal((ends, ends), ((string?)record["variant"]!["availableTo"], (string?)offer["availabilityEnds"]));
            Assert.Equal(stall == plain, page.Text.Contains($"Đang mùa, đến hết tháng {seasonEnd.Month}", StringComparison.Ordinal));
            var usual = stall == sale ? "175000" : null;
            Assert.Equal((usual, usual, stall == sale ? "175000 VND" : $"{price} VND"), (api["usualPriceVnd"]?.ToString(), Struck(offer)?.ToString(), item.Element(g + "price")!.Value));
        }
        Assert.EndsWith($"/{today.AddDays(4):yyyy-MM-dd}T23:59:59+07:00", items[sale.Slug].Element(g + "sale_price_effective_date")!.Value, StringComparison.Ordinal);
        var detail = items[plain.Slug].Elements(g + "product_detail").Select(d => string.Join('|', d.Elements().Select(e => $"{e.Name.LocalName}={e.Value}"))).ToList();
        Assert.Contains($"section_name=Chứng nhận|attribute_name=VietGAP trồng trọt|attribute_value={Stall.Certificate} ({today.AddDays(300):yyyy-MM-dd})", detail);
        var back = new DateOnly(today.AddMonths(2).Year, today.AddMonths(2).Month, 1);
        var gone = await market.Site.Open().GetAsync("/san-pham/" + out_.Slug);
        Assert.Contains($"dự kiến có lại từ {Vietnamese.Date(back)}", gone.Text, StringComparison.Ordinal);
        Assert.Equal(($"{back:yyyy-MM-dd}", $"{back:yyyy-MM-dd}"), ((string)gone.Data()["Product"].Single()["offers"]!["availabilityStarts"]!, (string)JsonNode.Parse((await GetAsync(key, $"{Root}/listings/{out_.Slug}")).Body)!["availableFrom"]!));

        int Month(int later) => (Vietnamese.Today(market.Site.Clock).Month - 1 + later) % 12 + 1;
        static JsonNode? Struck(JsonNode offer) => (offer["priceSpecification"] as JsonArray)?.FirstOrDefault(s => (string?)s!["priceType"] == "https://schema.org/StrikethroughPrice")?["price"];
        async Task DoAsync(Func<SonLaMarket.Foundation.Data.Tx, Task<bool>> change)
        {
            await using var tx = await market.Db.BeginAsync();
            Assert.True(await change(tx));
            await tx.CommitAsync();
        }
    }

    /// <summary>As they stand on the page; only names of things are put in.</summary>
    [Fact]
    public async Task Each_example_of_the_page_runs_and_each_address_has_one()
    {
        var (goods, order, partner) = await ShopAsync();
        var key = await KeyAsync(goods.Seller.ProducerId, ApiScope.Listings, ApiScope.Producers, ApiScope.Orders);
        var page = await market.Site.Open().GetAsync("/api");
        var examples = page.Page.QuerySelectorAll("code[data-operation]").ToDictionary(e => e.GetAttribute("data-operation")!, e => e.TextContent, StringComparer.Ordinal);
        var described = (await DescriptionAsync())["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(o => o.Value!["operationId"]!.GetValue<string>()));
        Assert.Equal(described.Order(StringComparer.Ordinal), examples.Keys.Order(StringComparer.Ordinal));
        var run = "";
        foreach (var (operation, command) in examples)
        {
            var example = ApiExample.All("").Single(e => e.Operation == operation);
            var shell = command.Replace("$KEY", example.Scope == ApiScope.Exports ? partner : key, StringComparison.Ordinal).Replace("$RUN", run, StringComparison.Ordinal)
                .Replace("ca-phe-mau", goods.Slug, StringComparison.Ordinal).Replace("htx-mau", goods.Seller.Slug, StringComparison.Ordinal).Replace("DH-MAU", order, StringComparison.Ordinal);
            var answer = await CurlAsync(shell);
            Assert.True(answer.Message.IsSuccessStatusCode, $"{shell}: {(int)answer.Status} {answer.Body}");
            if (operation == "startExportRun")
                run = answer.Location!.Split('/')[^1];
            await market.Site.RunDueAsync();
        }
        Assert.NotNull((await market.Site.Open().GetAsync("/")).Page.QuerySelector("footer a[href='/api']"));
    }

    /// <summary>Runs a command of curl with what the examples use of it.</summary>
    private async Task<Answer> CurlAsync(string command)
    {
        var words = Word().Matches(command).Select(m => m.Groups["quoted"].Success ? m.Groups["quoted"].Value : m.Value).ToList();
        Assert.Equal("curl", words[0]);
        string? url = null, body = null;
        var headers = new List<(string, string)>();
        for (var i = 1; i < words.Count; i++)
        {
            switch (words[i])
            {
                case "-H" when words[++i].Split(": ", 2) is [var name, var value]:
                    headers.Add((name, value));
                    break;
                case "-d":
                    body = words[++i];
                    break;
                case "-o":
                    i++;
                    break;
                case "-i":
                    break;
                default:
                    url = words[i];
                    break;
            }
        }
        using var content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return content is null ? await market.Site.Open().GetAsync(url!, [.. headers]) : await market.Site.Open().PostAsync(url!, content, [.. headers.Where(h => h.Item1 != "Content-Type")]);
    }

    private async Task<(Goods Goods, string Order, string Partner)> ShopAsync()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 10);
        await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
        var order = await market.Db.SingleAsync<string>("select code from orders.sub_order where producer_id = @ProducerId", new { goods.Seller.ProducerId });
        return (goods, order, await KeyAsync(null, ApiScope.Exports));
    }

    private Task<string> KeyAsync(long? producerId, params string[] scopes) => KeyAsync(producerId, 600, scopes);

    private async Task<string> KeyAsync(long? producerId, int perMinute, params string[] scopes)
    {
        var secret = Codes.Secret();
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<ApiKeys>().AddSampleAsync(tx, Codes.Random(8), secret, new(producerId, "Phần mềm mẫu", scopes, perMinute, null));
        await tx.CommitAsync();
        return secret;
    }

    private Task<string> CodeAsync(string key) => market.Db.SingleAsync<string>("select code from producers.api_key where key_hash = @hash", new { hash = Codes.Hash(key) });

    private Task<Answer> GetAsync(string key, string path, params (string Name, string Value)[] headers) => market.Site.Open().GetAsync(path, [("Authorization", "Bearer " + key), .. headers]);

    private async Task<Answer> PostAsync(string key, HttpContent content, string path = Root + "/export-runs")
    {
        using (content)
            return await market.Site.Open().PostAsync(path, content, ("Authorization", "Bearer " + key));
    }

    private async Task<Answer> AskedAsync(string partner, string profile)
    {
        var answer = await PostAsync(partner, JsonContent.Create(new { profile }));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        return answer;
    }

    private static IEnumerable<string?> CodesOf(Answer list) => JsonDocument.Parse(list.Body).RootElement.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("code").GetString()).ToList();

    private async Task<JsonNode> DescriptionAsync() => description ??= JsonNode.Parse((await market.Site.Open().GetAsync("/openapi/v1.json")).Body)!;

    /// <summary>Status, kind of content and every value are what the description of the address says.</summary>
    private async Task FitsAsync(string operation, Answer answer)
    {
        var document = await DescriptionAsync();
        var parts = operation.Split(' ');
        var said = document["paths"]![parts[1]]![parts[0]]!["responses"]![$"{(int)answer.Status}"];
        Assert.True(said is not null, $"{operation} answers {(int)answer.Status}, which its description does not know");
        var type = answer.Message.Content.Headers.ContentType!.MediaType!;
        var content = said["content"]![type];
        Assert.True(content is not null, $"{operation} answers {type}, which its description does not know");
        if (!type.EndsWith("json", StringComparison.Ordinal))
            return;
        var schema = new JsonObject { ["$defs"] = document["components"]!["schemas"]!.DeepClone(), ["allOf"] = new JsonArray(content["schema"]!.DeepClone()) };
        var found = JsonSchema.FromText(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal)).Evaluate(JsonNode.Parse(answer.Body), new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        Assert.True(found.IsValid, $"{operation}: {string.Join("; ", found.Details.Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Value}")))}\n{answer.Body}");
    }

    [GeneratedRegex("""(?:'(?<quoted>[^']*)'|"(?<quoted>[^"]*)")|\S+""", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
