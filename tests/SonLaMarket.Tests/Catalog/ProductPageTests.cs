using System.Net;
using AngleSharp.Dom;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>The public page of a listing: everything a buyer asks, said once for people and once for machines.</summary>
public sealed class ProductPageTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly Actor Officer = new(null, Roles.Officer);

    [Theory]
    [InlineData("")]
    [InlineData("/en")]
    public async Task What_machines_read_is_what_people_read(string language)
    {
        var stall = await Stall.OpenAsync(market, new(Pictures: 2));
        var page = await market.Site.Open().GetAsync($"{language}/san-pham/{stall.Slug}");
        var product = page.Data()["Product"].Single();
        var offer = product["offers"]!;
        Assert.Equal(page.Page.QuerySelector("h1")!.TextContent, (string)product["name"]!);
        Assert.Equal(language.Length == 0 ? stall.Title : stall.TitleEn, (string)product["name"]!);
        Assert.Equal(Amount(page.Page.QuerySelector(".product__top > .stack .price strong")!), (long)offer["price"]!);
        Assert.Equal("https://schema.org/InStock", (string)offer["availability"]!);
        Assert.Contains(language.Length == 0 ? "Còn hàng" : "In stock", page.Page.QuerySelector(".stock")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(stall.Seller.Name, (string)offer["seller"]!["name"]!);
        Assert.Contains(page.Page.QuerySelectorAll(".product__top > .stack a"), a => a.TextContent == (string)offer["seller"]!["name"]! && "http://localhost" + a.GetAttribute("href") == (string)offer["seller"]!["url"]!);
        // The price of a kilogram stands beside the price of the box, and follows from the machine data.
        var perKilogram = (long)offer["price"]! / (decimal)offer["priceSpecification"]!["referenceQuantity"]!["value"]!;
        Assert.Contains($"{Vietnamese.Money((long)perKilogram)}/kg", page.Page.QuerySelector(".price__base")!.TextContent, StringComparison.Ordinal);
        var crumbs = page.Page.QuerySelectorAll(".crumbs li").Select(l => l.TextContent.Trim());
        Assert.Equal(crumbs, page.Data()["BreadcrumbList"].Single()["itemListElement"]!.AsArray().Select(i => (string)i!["name"]!));
        Assert.Equal(stall.Gtin, (string)product["gtin"]!);
        Assert.Contains(stall.Gtin, page.Text, StringComparison.Ordinal);
        Assert.Equal(Stall.Certificate, (string)product["hasCertification"]![0]!["certificationIdentification"]!);
        Assert.Contains(Stall.Certificate, page.Text, StringComparison.Ordinal);
        Assert.Equal(2, product["image"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_one_order_may_have_and_what_a_packed_unit_weighs_is_typed_told_and_kept_to()
    {
        var stall = await Stall.OpenAsync(market);
        var seller = await market.SignInAsync(stall.Seller);
        var path = "/quan-ly/tin-dang/" + stall.Slug;
        var refused = await seller.SubmitAsync(await seller.GetAsync(path), path, ("MinUnits", "4"), ("MaxUnits", "3"), ("GrossWeightG", "4,9 kg"), ("Size", "40 x 30"));
        Assert.Equal(["Mua nhiều nhất không thể ít hơn mua ít nhất.", "Khối lượng cả bao bì không thể nhẹ hơn khối lượng tịnh.", "Hãy ghi ba cạnh bằng xăng-ti-mét, mỗi cạnh từ 1 đến 500, ví dụ 40 x 30 x 20."],
            new[] { "MaxUnits", "GrossWeightG", "Size" }.Select(f => refused.Page.QuerySelector($"#{f}-error")!.TextContent.Trim().Replace("Lỗi: ", "", StringComparison.Ordinal)));
        Assert.Equal(path, (await seller.SubmitAsync(refused, path, ("MinUnits", "2"), ("MaxUnits", "3"), ("GrossWeightG", "5,4 kg"), ("Size", "40x30x20 cm"))).Location);
        // Another page changes the price alone: what it does not ask for stays.
        Assert.Equal(path, (await seller.SubmitAsync(await seller.GetAsync(path + "/sua/gia"), path + "/sua/gia", ("Price", "180.000"))).Location);
        var product = "/quan-ly/san-pham/" + await market.Db.SingleAsync<string>("select p.code from catalog.listing l join producers.product p on p.id = l.product_id where l.slug = @Slug", new { stall.Slug });
        Assert.Equal(product, (await seller.SubmitAsync(await seller.GetAsync(product), product, ("Ingredients", "Mận hậu 100 %"))).Location);
        Assert.DoesNotContain("Mận hậu 100 %", (await seller.GetAsync("/san-pham/" + stall.Slug)).Text, StringComparison.Ordinal);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().SubmitAsync(tx, stall.Slug, stall.Seller.PersonId, new Actor(stall.Seller.PersonId, Roles.Seller)));
            Assert.True(await market.Site.Get<Listings>().ApproveAsync(tx, stall.Slug, 2, Officer));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }

        var page = await market.Site.Open().GetAsync("/san-pham/" + stall.Slug);
        var facts = page.Page.QuerySelectorAll("dl.facts > div").ToDictionary(d => d.QuerySelector("dt")!.TextContent.Trim(), d => d.QuerySelector("dd")!.TextContent.Trim(), StringComparer.Ordinal);
        Assert.Equal(("5,4\u00a0kg", "40 × 30 × 20 cm", "Mận hậu 100 %"), (facts["Khối lượng cả bao bì"], facts["Kích thước gói hàng"], facts["Thành phần"]));
        var data = page.Data()["Product"].Single();
        Assert.Equal((40, 30, 20), ((int)data["depth"]!["value"]!, (int)data["width"]!["value"]!, (int)data["height"]!["value"]!));
        Assert.Equal((2, 3), ((int)data["offers"]!["eligibleQuantity"]!["minValue"]!, (int)data["offers"]!["eligibleQuantity"]!["maxValue"]!));
        Assert.Equal("3", page.Page.QuerySelector("form.buy [name=quantity]")!.GetAttribute("max"));

        var buyer = market.Site.Open();
        await buyer.PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = stall.Slug, ["quantity"] = "4" });
        var cart = await buyer.GetAsync("/gio-hang");
        Assert.Contains("Mỗi đơn mua nhiều nhất 3 hộp. Hãy giảm số lượng.", cart.Text, StringComparison.Ordinal);
        Assert.Null(cart.Page.QuerySelector("main a[href='/thanh-toan']"));
    }

    [Fact]
    public async Task Reading_prices_of_delivery_writes_nothing()
    {
        var stall = await Stall.OpenAsync(market);
        var buyer = market.Site.Open();
        await buyer.GetAsync("/san-pham/" + stall.Slug);
        await buyer.PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = stall.Slug, ["quantity"] = "1" });
        Assert.Equal(System.Net.HttpStatusCode.OK, (await buyer.GetAsync("/gio-hang")).Status);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await (await market.SignInAsync(stall.Seller)).GetAsync("/quan-ly/giao-hang")).Status);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from catalog.delivery_terms where producer_id = @ProducerId", new { stall.Seller.ProducerId }));
    }

    [Fact]
    public async Task Sold_out_and_recalled_are_out_of_stock_for_machines_too()
    {
        var empty = await Stall.OpenAsync(market, new(Boxes: 0));
        var page = await market.Site.Open().GetAsync("/san-pham/" + empty.Slug);
        Assert.Equal("Hết hàng", page.Page.QuerySelector(".stock")!.TextContent);
        Assert.Equal("https://schema.org/OutOfStock", (string)page.Data()["Product"].Single()["offers"]!["availability"]!);
        Assert.Null(page.Page.QuerySelector("form.buy"));

        var recalled = await Stall.OpenAsync(market);
        await market.Site.Open().GetAsync("/san-pham/" + recalled.Slug);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<Recalls>().OpenAsync(tx, [recalled.LotCode], "Phát hiện dư lượng thuốc", "", Officer);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        page = await market.Site.Open().GetAsync("/san-pham/" + recalled.Slug + "?moi=1");
        await SellsAnotherLotAsync(recalled);
        Assert.NotNull(page.Page.QuerySelector(".band--bad"));
        Assert.Equal("Tạm không bán", page.Page.QuerySelector(".stock")!.TextContent);
        Assert.Equal("https://schema.org/OutOfStock", (string)page.Data()["Product"].Single()["offers"]!["availability"]!);
        Assert.Null(page.Page.QuerySelector("form.buy"));
    }

    /// <summary>With another lot on sale the recalled one is still named.</summary>
    private async Task SellsAnotherLotAsync(Stall recalled)
    {
        var actor = new Actor(recalled.Seller.PersonId, Roles.Seller);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { recalled.LotId });
            var lot = (await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, null, Vietnamese.Today(market.Site.Clock), null, null, null, 100_000), recalled.Seller.PersonId, actor))!;
            Assert.True(await market.Site.Get<Stock>().SupplyAsync(tx, lot, 100_000, recalled.Seller.PersonId, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        var page = await market.Site.Open().GetAsync("/san-pham/" + recalled.Slug + "?moi=2");
        Assert.NotNull(page.Page.QuerySelector("form.buy"));
        Assert.NotNull(page.Page.QuerySelector($".band--warn a[href='/lo/{recalled.LotCode}']"));
    }

    [Fact]
    public async Task What_is_sold_out_still_leads_to_where_it_came_from()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 2));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Stock>().WriteOffAsync(tx, stall.LotCode, 10_000, "used", "Bán ở chợ", stall.Seller.PersonId, new Actor(stall.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        var page = await market.Site.Open().GetAsync("/san-pham/" + stall.Slug + "?moi=1");
        Assert.Equal("Hết hàng", page.Page.QuerySelector(".stock")!.TextContent);
        Assert.Contains("Lô gần đây", page.Text, StringComparison.Ordinal);
        Assert.Equal("Xem nguồn gốc lô " + stall.LotCode, page.Page.QuerySelector($"main a[href='/lo/{stall.LotCode}']")!.TextContent);
    }

    [Fact]
    public async Task English_counts_one_as_one()
    {
        var stall = await Stall.OpenAsync(market);
        var facts = (await market.Site.Open().GetAsync("/en/co-so/" + stall.Seller.Slug)).Page.QuerySelectorAll("dd").Select(d => d.TextContent.Trim()).ToList();
        Assert.Contains("1 product", facts);
    }

    [Fact]
    public async Task A_few_left_are_counted_in_words()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 3));
        var page = await market.Site.Open().GetAsync("/san-pham/" + stall.Slug);
        Assert.Equal("Chỉ còn 3 hộp", page.Page.QuerySelector(".stock")!.TextContent);
    }

    /// <summary>Seven questions, one answer of the database each time.</summary>
    [Fact]
    public async Task The_page_is_one_round_trip_and_two_when_there_is_none()
    {
        var stall = await Stall.OpenAsync(market, new(Pictures: 1));
        var browser = market.Site.Open();
        // The provinces are read once in a program's life, with its first page.
        await browser.GetAsync("/san-pham/" + stall.Slug + "?moi=0");
        Assert.Equal(1, await market.Database.CommandsAsync(() => browser.GetAsync("/san-pham/" + stall.Slug)));
        Assert.Equal(3, await market.Database.CommandsAsync(() => browser.GetAsync("/san-pham/khong-co")) + await market.Database.CommandsAsync(() => browser.GetAsync("/san-pham/" + stall.Slug + "?moi=1")));
    }

    [Fact]
    public async Task Every_picture_is_reached_without_script()
    {
        var stall = await Stall.OpenAsync(market, new(Pictures: 3));
        var page = await market.Site.Open().GetAsync("/san-pham/" + stall.Slug);
        var strip = page.Page.QuerySelectorAll(".gallery__strip > a");
        Assert.Equal(stall.PictureIds.Select(id => $"/media/{id}/w1200.webp"), strip.Select(a => a.GetAttribute("href")));
        Assert.Equal(strip.Select(a => "#" + a.Id), page.Page.QuerySelectorAll(".gallery__thumbs a").Select(a => a.GetAttribute("href")));
        Assert.All(strip, a => Assert.True(a.QuerySelector("img")!.HasAttribute("width") && a.GetAttribute("aria-label")!.Length > 5));
        Assert.Single(strip, a => a.QuerySelector("img")!.GetAttribute("loading") is null);
    }

    [Fact]
    public async Task A_drawing_stands_in_for_a_missing_photo_and_the_sellers_own_photo_always_wins()
    {
        var without = await Stall.OpenAsync(market);
        var with = await Stall.OpenAsync(market, new(Pictures: 1));
        foreach (var path in new[] { "/san-pham/" + without.Slug, "/lo/" + without.LotCode, "/co-so/" + without.Seller.Slug, "/san-pham?moi=tranh" })
        {
            var page = await market.Site.Open().GetAsync(path);
            Assert.Contains("/tranh/man-hau/w320.webp", page.Body, StringComparison.Ordinal);
            Assert.True(!path.StartsWith("/san-pham/", StringComparison.Ordinal) || page.Text.Contains("Hình vẽ minh hoạ", StringComparison.Ordinal), path);
        }
        foreach (var path in new[] { "/lo/" + with.LotCode, "/co-so/" + with.Seller.Slug })
        {
            var page = await market.Site.Open().GetAsync(path);
            Assert.Contains($"/media/{with.PictureIds[0]}/w320.webp", page.Body, StringComparison.Ordinal);
            Assert.DoesNotContain("/tranh/", page.Body, StringComparison.Ordinal);
        }
        var own = await market.Site.Open().GetAsync("/san-pham/" + with.Slug);
        Assert.All(own.Page.QuerySelectorAll(".gallery img"), i => Assert.StartsWith($"/media/{with.PictureIds[0]}/", i.GetAttribute("src"), StringComparison.Ordinal));
        Assert.DoesNotContain("Hình vẽ minh hoạ", own.Text, StringComparison.Ordinal);
        var drawing = await market.Site.Open().GetAsync("/tranh/man-hau/w320.webp");
        Assert.Equal("image/webp", drawing.Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/tranh/khong-co/w320.webp")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/tranh/man-hau/w9999.webp")).Status);
    }

    [Fact]
    public async Task At_least_25_specialities_have_a_drawing()
    {
        var slugs = await market.Db.QueryAsync<string>("select slug from producers.speciality", ct: TestContext.Current.CancellationToken);
        Assert.True(slugs.Count(SonLaMarket.Files.Illustrations.Has) >= 25, $"{slugs.Count(SonLaMarket.Files.Illustrations.Has)} of {slugs.Count}");
    }

    [Theory]
    [InlineData(new[] { 5, 6 }, "Mùa vụ: tháng 5, 6", 2)]
    [InlineData(new[] { 11, 12, 1 }, "Mùa vụ: tháng 1, 11, 12", 3)]
    [InlineData(new int[0], "Mùa vụ: quanh năm", 12)]
    public async Task The_season_is_a_picture_with_its_text(int[] months, string text, int filled)
    {
        var stall = await Stall.OpenAsync(market, new(Season: months));
        var picture = (await market.Site.Open().GetAsync("/san-pham/" + stall.Slug)).Page.QuerySelector("svg.season")!;
        Assert.Equal(("img", text), (picture.GetAttribute("role"), picture.GetAttribute("aria-label")));
        Assert.Equal(filled, picture.QuerySelectorAll(".season-on").Length);
        Assert.Equal(12, picture.QuerySelectorAll("text").Length);
    }

    [Fact]
    public async Task A_card_out_of_season_says_when_the_next_begins()
    {
        var stall = await Stall.OpenAsync(market);
        var now = SonLaMarket.Foundation.Text.Vietnamese.Today(market.Site.Clock).Month;
        var months = new[] { (now + 2) % 12 + 1, (now + 3) % 12 + 1 };
        await market.Db.ExecuteAsync("update catalog.listing set season_months = @months where slug = @Slug", new { months, stall.Slug });
        var tile = (await market.Site.Open().GetAsync("/co-so/" + stall.Seller.Slug)).Page.QuerySelector(".tile:has(a[href='/san-pham/" + stall.Slug + "'])")!;
        Assert.Contains($"Còn hàng, vụ mới từ tháng {months[0]}", tile.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, new[] { 5, 6 }, "Đang mùa, đến hết tháng 6")]
    [InlineData(6, new[] { 5, 6 }, "Đang mùa, tháng này là tháng cuối")]
    [InlineData(12, new[] { 11, 12, 1 }, "Đang mùa, đến hết tháng 1")]
    [InlineData(9, new[] { 11, 12, 1 }, "Chưa đến mùa, có hàng từ tháng 11")]
    [InlineData(3, new[] { 1, 2 }, "Chưa đến mùa, có hàng từ tháng 1")]
    [InlineData(3, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, "Có hàng quanh năm")]
    public void Season_words_go_round_the_year(int now, int[] months, string words) =>
        Assert.Equal(words, SonLaMarket.Catalog.SeasonCalendar.Words(months, now, inStock: false, market.Site.Get<Texts>()));

    [Fact]
    public async Task Delivery_is_a_date_and_a_fee_for_the_remembered_province()
    {
        var stall = await Stall.OpenAsync(market);
        var browser = market.Site.Open();
        var path = "/san-pham/" + stall.Slug;
        var page = await browser.GetAsync(path);
        Assert.Equal(["Trong tỉnh Sơn La", "Các tỉnh miền Bắc, đến Ninh Bình", "Từ Thanh Hóa trở vào"], page.Page.QuerySelectorAll("#giao-hang dt").Select(d => d.TextContent));
        var chosen = await browser.SubmitAsync(page, path + "/noi-nhan", ("address-level1", "01"));
        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        page = await browser.GetAsync(path);
        var today = Vietnamese.Today(market.Site.Clock);
        Assert.Equal("Thành phố Hà Nội", page.Page.QuerySelector("#giao-hang dt")!.TextContent);
        // The usual table: 5 kg beyond the province is 60.000 ₫, ready after a day, four days on the road.
        Assert.Equal($"chậm nhất {Vietnamese.Date(today.AddDays(4))}, phí 50.000 ₫", page.Page.QuerySelector("#giao-hang dd")!.TextContent.Replace('\u00a0', ' ').Trim());
        Assert.Equal("01", page.Page.QuerySelector("#noi-nhan option[selected]")!.GetAttribute("value"));

        // The next reader, served from the cache, has another province or none.
        Assert.Equal(3, (await market.Site.Open().GetAsync(path)).Page.QuerySelectorAll("#giao-hang dt").Length);

        // The cart begins with it, and what the cart is told is remembered on product pages.
        await browser.SubmitAsync(page, "/gio-hang", ("quantity", "1"));
        Assert.Contains("50.000 ₫", (await browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GetAsync("/gio-hang"), "/gio-hang/noi-giao", ("address-level1", "14"));
        Assert.Equal("Tỉnh Sơn La", (await browser.GetAsync(path)).Page.QuerySelector("#giao-hang dt")!.TextContent);
        await browser.SubmitAsync(page, path + "/noi-nhan", ("address-level1", "01"));

        var table = new DeliveryTerms(2, 1, 3, 5, 24, [1, 2, 3, 4, 5, 6, 7], 0);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<DeliveryFees>().SaveAsync(tx, stall.Seller.ProducerId, table, [new(DeliveryZone.Province, 9_000, 11_000), new(DeliveryZone.North, 9_000, 44_000), new(DeliveryZone.Country, 9_000, 66_000)], new Actor(stall.Seller.PersonId, Roles.Seller));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        page = await browser.GetAsync(path + "?moi=1");
        Assert.Equal($"chậm nhất {Vietnamese.Date(today.AddDays(5))}, phí 44.000 ₫", page.Page.QuerySelector("#giao-hang dd")!.TextContent.Replace('\u00a0', ' ').Trim());
    }

    [Fact]
    public async Task Buying_at_once_leads_to_the_second_page()
    {
        var stall = await Stall.OpenAsync(market);
        var browser = market.Site.Open();
        var answer = await browser.SubmitAsync(await browser.GetAsync("/san-pham/" + stall.Slug), "/gio-hang", ("mua", "ngay"));
        Assert.Equal((HttpStatusCode.SeeOther, "/thanh-toan"), (answer.Status, answer.Location));
    }

    [Fact]
    public async Task A_place_is_not_remembered_when_it_does_not_exist_or_another_site_asks()
    {
        var stall = await Stall.OpenAsync(market);
        var browser = market.Site.Open();
        await browser.PostAsync($"/san-pham/{stall.Slug}/noi-nhan", new Dictionary<string, string>(StringComparer.Ordinal) { ["address-level1"] = "99" });
        Assert.Equal(3, (await browser.GetAsync("/san-pham/" + stall.Slug)).Page.QuerySelectorAll("#giao-hang dt").Length);
        using var client = new HttpClient(market.Site.Handler()) { BaseAddress = new Uri("http://localhost") };
        using var foreign = new HttpRequestMessage(HttpMethod.Post, $"/san-pham/{stall.Slug}/noi-nhan") { Content = new FormUrlEncodedContent([new("address-level1", "01")]) };
        foreign.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(foreign, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task It_says_what_was_checked_by_whom_and_when()
    {
        var stall = await Stall.OpenAsync(market);
        var page = await market.Site.Open().GetAsync("/san-pham/" + stall.Slug);
        var today = Vietnamese.Date(Vietnamese.Today(market.Site.Clock));
        var checks = page.Page.QuerySelectorAll(".checks li").Select(l => string.Join(' ', l.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Equal($"Hồ sơ cơ sở Sở Công Thương kiểm tra ngày {today}", checks[0]);
        Assert.Equal($"Tin đăng này Sở Công Thương duyệt ngày {today}", checks[1]);
        Assert.Contains("cán bộ đối chiếu ngày " + today, checks[2], StringComparison.Ordinal);
        Assert.Equal("Ngày thu hoạch, nơi trồng, nhật ký do cơ sở khai", checks[^1]);
        Assert.Contains($"/lo/{stall.LotCode}", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sharing_is_a_plain_link_and_what_needs_script_is_hidden()
    {
        var stall = await Stall.OpenAsync(market);
        var page = await market.Site.Open().GetAsync("/en/san-pham/" + stall.Slug);
        var share = page.Page.QuerySelector(".share")!;
        Assert.Equal("https://zalo.me/share?url=" + Uri.EscapeDataString("http://localhost/en/san-pham/" + stall.Slug), share.QuerySelector("a")!.GetAttribute("href"));
        Assert.All(share.QuerySelectorAll("button"), b => Assert.True(b.HasAttribute("hidden")));
        Assert.Equal("http://localhost/en/san-pham/" + stall.Slug, page.Page.QuerySelector("meta[property='og:url']")!.GetAttribute("content"));
        Assert.StartsWith("http://localhost/tranh/man-hau/w1200.jpg", page.Page.QuerySelector("meta[property='og:image']")!.GetAttribute("content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_number_is_text_and_never_a_link()
    {
        var stall = await Stall.OpenAsync(market);
        foreach (var path in new[] { "/san-pham/" + stall.Slug, "/lo/" + stall.LotCode, "/co-so/" + stall.Seller.Slug })
        {
            var page = await market.Site.Open().GetAsync(path);
            Assert.DoesNotContain("tel:", page.Body, StringComparison.Ordinal);
            Assert.Contains("0001 234 567", page.Text, StringComparison.Ordinal);
        }
        await market.Db.ExecuteAsync("update producers.producer_version set phone = '+84912345678' where producer_id = @ProducerId", new { stall.Seller.ProducerId }, TestContext.Current.CancellationToken);
        foreach (var path in new[] { "/san-pham/" + stall.Slug, "/lo/" + stall.LotCode, "/co-so/" + stall.Seller.Slug })
            Assert.Equal("tel:+84912345678", (await market.Site.Open().GetAsync(path + "?moi=1")).Page.QuerySelector("a[href^='tel:']")!.GetAttribute("href"));
    }

    [Fact]
    public async Task Similar_goods_are_of_the_same_kind_and_never_the_page_itself()
    {
        var stall = await Stall.OpenAsync(market);
        var other = await Stall.OpenAsync(market);
        var links = (await market.Site.Open().GetAsync("/san-pham/" + stall.Slug)).Page.QuerySelectorAll("#tuong-tu .tile__link").Select(a => a.GetAttribute("href")).ToList();
        Assert.InRange(links.Count, 1, 4);
        Assert.DoesNotContain("/san-pham/" + stall.Slug, links);
        Assert.Contains("/san-pham/" + other.Slug, links);
    }

    [Fact]
    public async Task What_is_gone_leads_on_to_similar_goods_the_producer_and_the_group()
    {
        var stall = await Stall.OpenAsync(market);
        await Stall.OpenAsync(market);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<Listings>().CloseAsync(tx, stall.Slug, stall.Seller.PersonId, new Actor(stall.Seller.PersonId, Roles.Seller));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await market.Site.Open().GetAsync("/en/san-pham/" + stall.Slug);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.NotNull(page.Page.QuerySelector($"main a[href='/en/co-so/{stall.Seller.Slug}']"));
        Assert.NotNull(page.Page.QuerySelector("main a[href='/en/san-pham?nhom=fresh-fruit']"));
        Assert.NotEmpty(page.Page.QuerySelectorAll("main .tile__link"));
        Assert.Equal("noindex", page.Page.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
    }

    [Fact]
    public async Task A_problem_is_reported_to_the_officers_with_what_it_is_about()
    {
        var stall = await Stall.OpenAsync(market);
        var browser = market.Site.Open();
        foreach (var path in new[] { "/san-pham/" + stall.Slug, "/lo/" + stall.LotCode })
        {
            Assert.Contains($"href=\"{path}/bao-van-de\"", (await browser.GetAsync(path)).Body, StringComparison.Ordinal);
            var form = await browser.GetAsync(path + "/bao-van-de");
            var refused = await browser.SubmitAsync(form, "/bao-van-de", ("Note", "Dập cả hộp"));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Contains("Dập cả hộp", refused.Page.QuerySelector("textarea")!.TextContent, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(form, "/bao-van-de", ("Matter", "khong-co"))).Status);
            var sent = await browser.SubmitAsync(form, "/bao-van-de", ("Matter", "quality"), ("Note", "Dập cả hộp"), ("Contact", "0009998887"));
            Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
            Assert.Contains("Đã nhận báo cáo", (await browser.GetAsync(sent.Location!)).Text, StringComparison.Ordinal);
        }
        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        var queue = await officer.GetAsync("/so-cong-thuong/bao-cao-tem");
        Assert.NotNull(queue.Page.QuerySelector($"table a[href='/san-pham/{stall.Slug}']"));
        Assert.NotNull(queue.Page.QuerySelector($"table a[href='/lo/{stall.LotCode}']"));
        Assert.Contains("Hàng hỏng, kém chất lượng", queue.Text, StringComparison.Ordinal);
        for (var i = 0; i < 19; i++)
            await browser.SubmitAsync(await browser.GetAsync($"/lo/{stall.LotCode}/bao-van-de"), "/bao-van-de", ("Matter", "other"), ("Note", $"Lần {i}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SubmitAsync(await browser.GetAsync($"/lo/{stall.LotCode}/bao-van-de"), "/bao-van-de", ("Matter", "other"))).Status);
    }

    private static long Amount(IElement element) => long.Parse(string.Concat(element.TextContent.Where(char.IsAsciiDigit)), System.Globalization.CultureInfo.InvariantCulture);
}
