using System.IO.Compression;
using System.Net;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>The page behind a label: one answer, the verdict first, enough by itself.</summary>
public sealed class TracePageTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const int MostBytes = 14_000;
    private static readonly Actor Officer = new(null, Roles.Officer);

    [Fact]
    public async Task Its_parts_stand_in_the_order_in_which_people_ask()
    {
        var stall = await Stall.OpenAsync(market, new(Pictures: 1, DiaryEntries: 7));
        var page = await market.Site.Open().GetAsync("/lo/" + stall.LotCode);
        string[] order = ["class=\"band ok\"", "class=\"head\"", "<dl>", "class=\"map\"", "<ol>", Stall.Certificate, "class=\"buy\"", "/bao-van-de\"", "localhost</p>"];
        var places = order.Select(o => page.Body.IndexOf(o, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.Equal(5, page.Page.QuerySelectorAll("main > section > ol > li").Length);
        Assert.Equal(2, page.Page.QuerySelectorAll("details ol > li").Length);
        Assert.StartsWith(stall.Title, page.Page.QuerySelector(".head h2")!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/en")]
    public async Task The_document_fits_in_the_first_round_trip_and_needs_nothing_else(string language)
    {
        var stall = await Stall.OpenAsync(market, new(Pictures: 1, DiaryEntries: 30));
        var page = await market.Site.Open().GetAsync($"{language}/lo/{stall.LotCode}");
        var bytes = Brotli(page.Body);
        Assert.True(bytes <= MostBytes, $"{bytes} bytes");
        Assert.Empty(page.Page.QuerySelectorAll("link[rel=stylesheet], link[rel=preload]"));
        Assert.All(page.Page.QuerySelectorAll("script[src]"), s => Assert.Equal("module", s.GetAttribute("type")));
        Assert.DoesNotContain("@font-face", page.Body, StringComparison.Ordinal);
        Assert.All(page.Page.QuerySelectorAll("img"), i => Assert.True(i.GetAttribute("loading") == "lazy" && i.HasAttribute("width") && i.HasAttribute("height")));
    }

    [Fact]
    public async Task The_page_is_one_round_trip()
    {
        var (first, second) = (await Stall.OpenAsync(market), await Stall.OpenAsync(market));
        await market.Site.Open().GetAsync("/lo/" + first.LotCode);
        Assert.Equal(1, await market.Database.CommandsAsync(() => market.Site.Open().GetAsync("/lo/" + second.LotCode)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/en")]
    public async Task What_machines_read_is_what_people_read(string language)
    {
        var stall = await Stall.OpenAsync(market, new(Pictures: 1));
        var page = await market.Site.Open().GetAsync($"{language}/lo/{stall.LotCode}");
        var product = page.Data()["Product"].Single();
        Assert.Equal(page.Page.QuerySelector(".head h2")!.TextContent, (string)product["name"]!);
        Assert.Equal(page.Page.QuerySelector(".head p")!.TextContent.Trim(), (string)product["manufacturer"]!["name"]!);
        Assert.Contains(Vietnamese.Money((long)product["offers"]!["price"]!), page.Page.QuerySelector(".buy")!.TextContent, StringComparison.Ordinal);
        Assert.Equal((string)product["offers"]!["url"]!, "http://localhost" + page.Page.QuerySelector(".buy")!.GetAttribute("href"));
        Assert.Equal(stall.Gtin, (string)product["gtin"]!);
    }

    [Theory]
    [InlineData("recalled", "bad", "Lô này đang bị thu hồi", "This lot is being recalled")]
    [InlineData("blocked", "warn", "Lô này đang bị chặn bán", "This lot is blocked from sale")]
    [InlineData("expired", "warn", "Lô này đã quá hạn dùng", "This lot is past its best-before date")]
    [InlineData("sold out", "ok", "Mã này do sàn cấp cho lô", "This marketplace issued this code for lot")]
    public async Task What_may_not_be_sold_says_so_first_and_offers_nothing(string state, string band, string vietnamese, string english)
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: state == "sold out" ? 0 : 5, BestBeforeDays: state == "expired" ? -1 : null));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            if (state == "recalled")
                await market.Site.Get<Recalls>().OpenAsync(tx, [stall.LotCode], "Phát hiện dư lượng thuốc", "Không ăn, trả lại người bán.", Officer);
            if (state == "blocked")
                await market.Site.Get<LotBlocks>().BlockAsync(tx, stall.LotId, "officer", null, null, "Chờ kết quả kiểm nghiệm", Officer);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        foreach (var (language, words) in new[] { ("", vietnamese), ("/en", english) })
        {
            var page = await market.Site.Open().GetAsync($"{language}/lo/{stall.LotCode}?moi={state}");
            var first = page.Page.QuerySelector("main > .band:not(.old)")!;
            Assert.Contains(band, first.ClassList);
            Assert.StartsWith(words, first.QuerySelector("h1")!.TextContent.Trim(), StringComparison.Ordinal);
            Assert.Null(page.Page.QuerySelector(".buy"));
            Assert.Equal(band == "ok" && language.Length == 0, page.Text.Contains("Sàn không có thông báo thu hồi", StringComparison.Ordinal));
            Assert.Null(page.Data()["Product"].Single()["offers"]);
        }
    }

    [Fact]
    public async Task What_nobody_had_heard_of_on_the_day_of_harvest_is_told_and_an_officer_may_recall_from_here()
    {
        var stall = await Stall.OpenAsync(market, new(DiaryEntries: 1));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            // After the harvest, and written down then.
            await market.Site.Get<Diary>().AddAsync(tx, stall.LotCode, stall.Seller.PersonId, new(null, "handling", Vietnamese.Today(market.Site.Clock), null, null, null, null, null, null, "Người mẫu", null, "Phân loại", []), new(stall.Seller.PersonId, Roles.Seller));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await market.Site.Open().GetAsync("/lo/" + stall.LotCode);
        Assert.Equal([false, true], page.Page.QuerySelectorAll("main > section > ol > li").Select(e => e.TextContent.Contains("sau ngày thu hoạch", StringComparison.Ordinal)));
        var recall = $"a[href='/so-cong-thuong/thu-hoi/xem-truoc?lo={stall.LotCode}']";
        Assert.Null(page.Page.QuerySelector(recall));
        var officer = (await market.SignInAsync(Roles.Officer)).Browser;
        var reach = await officer.GetAsync((await officer.GetAsync("/lo/" + stall.LotCode)).Page.QuerySelector(recall)!.GetAttribute("href")!);
        Assert.NotNull(reach.Page.QuerySelector("form[action='/so-cong-thuong/thu-hoi']"));
    }

    /// <summary>What the producer said at the opening and what the diary says are one truth: the earliest harvest that has been.</summary>
    [Fact]
    public async Task Days_count_from_the_earliest_real_harvest_and_a_day_to_come_is_only_expected()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 0));
        var today = Vietnamese.Today(market.Site.Clock);
        await market.Db.ExecuteAsync("update origin.lot set harvested_on = @Day, packed_on = null, growing_area_code = 'VN-MAU-1', growing_area_status = 'active' where id = @LotId", new { Day = today.AddDays(12), stall.LotId });
        Assert.Equal(($"dự kiến {Vietnamese.Date(today.AddDays(12))} cơ sở khai", "VN-MAU-1 cơ sở khai", "chưa ghi nhật ký, không biết có phun hay không cơ sở khai"), await SaidAsync("Phun thuốc"));
        await AddAsync("care", -9);
        Assert.Equal("nhật ký không ghi lần phun nào cơ sở khai", (await SaidAsync("Phun thuốc")).Spraying);
        // Written down late, in the wrong order: the goods stand above the field.
        await AddAsync("packing", -1);
        await AddAsync(DiaryKinds.Harvest, -1);
        await AddAsync(DiaryKinds.Spraying, 0);
        Assert.Equal("nhật ký không ghi lần phun nào trước thu hoạch cơ sở khai", (await SaidAsync("Phun thuốc")).Spraying);
        await AddAsync(DiaryKinds.Spraying, -4);
        var said = await SaidAsync("Lần phun thuốc cuối");
        Assert.Equal(($"{Vietnamese.Date(today.AddDays(-1))} cơ sở khai", "VN-MAU-1 (đang hiệu lực khi thu hoạch) cơ sở khai"), (said.Harvest, said.Code));
        Assert.StartsWith($"{Vietnamese.Date(today.AddDays(-4))}, Thuốc mẫu, 3 ngày trước thu hoạch (nhãn thuốc: 2 ngày)", said.Spraying, StringComparison.Ordinal);
        var kinds = (await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?luc=cuoi")).Page.QuerySelectorAll("main ol > li b").Select(b => b.TextContent.Split('–')[1].Trim());
        Assert.Equal(["Phun thuốc bảo vệ thực vật", "Đóng gói", "Thu hoạch", "Phun thuốc bảo vệ thực vật", "Chăm sóc khác"], kinds);

        async Task AddAsync(string kind, int day)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var spraying = kind == DiaryKinds.Spraying;
            Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, stall.LotCode, stall.Seller.PersonId, new(null, kind, today.AddDays(day), null, spraying ? "Thuốc mẫu" : null, null, null, null, spraying ? 2 : null, null, null, "", []), new Actor(stall.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }

        async Task<(string Harvest, string Code, string Spraying)> SaidAsync(string spraying)
        {
            var page = await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?luc={Guid.NewGuid()}");
            string Of(string term) => string.Join(' ', page.Page.QuerySelectorAll("dt").Single(d => d.TextContent == term).NextElementSibling!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return (Of("Thu hoạch, sản xuất"), Of("Mã số vùng trồng"), Of(spraying));
        }
    }

    /// <summary>What is dried or cooked has a day of its making: to that day no interval counts.</summary>
    [Fact]
    public async Task Days_before_the_harvest_are_told_of_what_is_harvested_alone()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 0));
        var sprayed = Vietnamese.Today(market.Site.Clock).AddDays(-9);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, stall.LotCode, stall.Seller.PersonId, new(null, DiaryKinds.Spraying, sprayed, null, "Thuốc mẫu", null, null, null, 7, null, null, "", []), new(stall.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(($"{Vietnamese.Date(sprayed)}, Thuốc mẫu, 7 ngày trước thu hoạch (nhãn thuốc: 7 ngày) cơ sở khai, sàn tính", "sau ngày thu hoạch"), await SaidAsync());
        await market.Db.ExecuteAsync("update producers.product p set category_slug = 'dried-fruit', speciality_slug = null from origin.lot l where l.product_id = p.id and l.id = @LotId", new { stall.LotId });
        Assert.Equal(($"{Vietnamese.Date(sprayed)}, Thuốc mẫu, cách ly 7 ngày theo nhãn cơ sở khai, sàn tính", "sau ngày sản xuất"), await SaidAsync());

        async Task<(string Spraying, string Late)> SaidAsync()
        {
            var page = (await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?luc={Guid.NewGuid()}")).Page;
            var spraying = page.QuerySelectorAll("dt").Single(d => d.TextContent == "Lần phun thuốc cuối").NextElementSibling!.TextContent;
            return (string.Join(' ', spraying.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), page.QuerySelector("main ol > li small strong")!.TextContent);
        }
    }

    [Fact]
    public async Task It_tells_the_way_of_what_it_was_made_from_what_laboratories_found_who_makes_it_and_how_much_as_people_buy_it()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 0, Pictures: 1, DiaryEntries: 1));
        var (actor, today, me) = (new Actor(stall.Seller.PersonId, Roles.Seller), Vietnamese.Today(market.Site.Clock), stall.Seller.PersonId);
        await market.Db.ExecuteAsync("update producers.producer_version set about = @about where producer_id = @ProducerId", new { about = "Nhà tôi trồng mận.\n" + string.Concat(Enumerable.Repeat("Mỗi năm một vụ. ", 80)), stall.Seller.ProducerId });
        string made;
        Guid report;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { stall.LotId });
            made = Assert.IsType<StepOutcome.Done>(await market.Site.Get<LotSteps>().RecordAsync(tx, me, new NewStep("drying", today, [new(stall.LotCode, 100_000)], [new(product, 40_000, null)], "Sấy lạnh"), actor)).Codes[0];
            Assert.False(await market.Site.Get<LabReports>().AddAsync(tx, made, me, new("Phòng thử nghiệm MẪU", "MẪU-7", today, "Dư lượng thuốc", "Không phát hiện", false, stall.PictureIds), actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var answer = await market.Site.Open().GetAsync("/lo/" + made);
        var page = answer.Page;
        var way = page.QuerySelectorAll("main ol > li").Select(l => string.Join(' ', l.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        var place = await market.Db.SingleAsync<string>("select c.full_name from origin.lot l join foundation.commune c on c.code = l.commune_code where l.id = @LotId", new { stall.LotId });
        Assert.StartsWith($"{Vietnamese.Date(today)} – Phơi, sấy {stall.LotCode} → {made} Sấy lạnh {place} · ghi lúc", way[0], StringComparison.Ordinal);
        Assert.Contains($"Chăm sóc khác (Lô {stall.LotCode}) Việc thứ 0 {place} ·", way[1], StringComparison.Ordinal);
        var story = page.QuerySelector("p.s")!;
        Assert.InRange(story.TextContent.Length, 580, 601);
        Assert.Equal("/co-so/" + stall.Seller.Slug, story.NextElementSibling!.QuerySelector("a")!.GetAttribute("href"));
        // Who is suspended, or has erased the account, tells nothing here either.
        await market.Db.ExecuteAsync("update producers.producer set public_version = null where id = @ProducerId", new { stall.Seller.ProducerId });
        Assert.Null((await market.Site.Open().GetAsync("/lo/" + made, ("Cookie", "sl_cart=none"))).Page.QuerySelector("p.s"));
        await market.Db.ExecuteAsync("update producers.producer p set public_version = (select max(v.version) from producers.producer_version v where v.producer_id = p.id and v.state = 'approved') where p.id = @ProducerId", new { stall.Seller.ProducerId });
        Assert.Contains(page.QuerySelectorAll("main > section"), s => s.TextContent.Contains("Không phát hiện", StringComparison.Ordinal) && s.TextContent.Contains("Phòng thử nghiệm MẪU, Số MẪU-7", StringComparison.Ordinal));

        // With all of it the document is still small enough, and costs one round trip more than others.
        Assert.InRange(Brotli(answer.Body), 1, MostBytes);
        Assert.Equal(2, await market.Database.CommandsAsync(() => market.Site.Open().GetAsync($"/lo/{made}?lan=1")));

        // What exceeds a limit blocks the lot, and a report that is withdrawn frees nothing.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<LabReports>().AddAsync(tx, made, me, new("Phòng thử nghiệm MẪU", "MẪU-8", today, "Chì", "0,9 mg/kg", true, stall.PictureIds), actor));
            Assert.Null(await market.Site.Get<LabReports>().AddAsync(tx, made, me, new("Phòng thử nghiệm MẪU", "MẪU-8", today, "Chì", "0,1 mg/kg", false, stall.PictureIds), actor));
            report = await tx.SingleAsync<Guid>("select id from origin.lab_report where number = 'MẪU-8'");
            Assert.True(await market.Site.Get<LabReports>().WithdrawAsync(tx, made, me, report, "Phiếu của lô khác", actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        page = (await market.Site.Open().GetAsync($"/lo/{made}?lan=2")).Page;
        Assert.Contains("Phiếu MẪU-8 của Phòng thử nghiệm MẪU: vượt mức cho phép.", page.QuerySelector(".band.warn")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("0,9 mg/kg", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Kết quả thử nghiệm", (await market.Site.Open().GetAsync($"/lo/{made}/lich-su")).Text, StringComparison.Ordinal);
        // Machines read the same: each report, what was withdrawn once more as wrong, and the withdrawal.
        var (_, events) = EpcisDocumentOfLotTests.Valid((await market.Site.Open().GetAsync($"/lo/{made}?v=1", ("Accept", "application/ld+json"))).Body);
        Assert.Equal(["", "MẪU-7", "MẪU-8", "MẪU-8 sai"], events.Where(e => e.GetProperty("bizStep").GetString()!.EndsWith("/laboratory_test", StringComparison.Ordinal))
            .Select(e => (e.TryGetProperty("slm:report", out var number) ? number.GetString() : "") + (e.TryGetProperty("errorDeclaration", out _) ? " sai" : "")).Order(StringComparer.Ordinal));

        await market.Db.ExecuteAsync("""
            update producers.product set base_unit = 'piece', net_weight_g = 500 where id = (select product_id from origin.lot where code = @made);
            update origin.approved_product set piece_weight_g = 500 where product_id = (select product_id from origin.lot where code = @made);
            update origin.lot set base_unit = 'piece', quantity_base = 600 where code = @made;
            insert into origin.lot_offer (lot_id, listing_slug, price_vnd, unit_label, available_units) select id, 'mau', 1000, 'hộp', 0 from origin.lot where code = @made
            """, new { made });
        page = (await market.Site.Open().GetAsync($"/lo/{made}?lan=3")).Page;
        Assert.StartsWith("600\u00a0hộp × 500\u00a0g", page.QuerySelectorAll("dt").Single(d => d.TextContent == "Số lượng").NextElementSibling!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lot_that_its_producer_took_back_before_sale_says_so_wherever_its_code_leads_and_tells_nothing_else()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 0));
        var actor = new Actor(stall.Seller.PersonId, Roles.Seller);
        await market.Db.ExecuteAsync("insert into origin.lot_block (lot_id, cause, note, blocked_at) values (@LotId, 'interval', 'Chưa đủ thời gian cách ly', now())", new { stall.LotId });
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.Null(await market.Site.Get<Lots>().TakeBackAsync(tx, stall.LotCode, stall.Seller.PersonId, actor));
            Assert.NotNull(await market.Site.Get<Lots>().TakeBackAsync(tx, stall.LotCode, stall.Seller.PersonId, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        // What blocked it ended with it, and nothing blocks it any more: no officer has anything to decide.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(await market.Site.Get<LotBlocks>().BlockAsync(tx, stall.LotId, "officer", null, null, "Chờ kết quả kiểm nghiệm", Officer));
            Assert.Equal(["taken-back"], await tx.QueryAsync<string>("select lift_reason from origin.lot_block where lot_id = @LotId", new { stall.LotId }));
        }
        var day = Vietnamese.Date(Vietnamese.Today(market.Site.Clock));
        foreach (var (language, words) in new[] { ("", "Cơ sở đã rút lô này trước khi bán"), ("/en", "The producer took this lot back before sale") })
        {
            var page = await market.Site.Open().GetAsync($"{language}/lo/{stall.LotCode}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            var first = page.Page.QuerySelector("main > .band:not(.old)")!;
            Assert.Contains("warn", first.ClassList);
            Assert.Equal(words, first.QuerySelector("h1")!.TextContent);
            Assert.Contains(day, first.TextContent, StringComparison.Ordinal);
            Assert.Equal("noindex", page.Page.QuerySelector("meta[name=robots]")!.GetAttribute("content"));
            Assert.Empty(page.Page.QuerySelectorAll(".ok, .buy, dl, script[type='application/ld+json'], a[href$='ho-chieu.json']"));
        }
        // The label leads there, also after the product went too and gave its GTIN back; another number does not.
        await LeadsAsync();
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { stall.LotId });
            await market.Site.Get<Products>().TakeBackAsync(tx, product, stall.Seller.PersonId, actor);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await LeadsAsync();
        var other = await Stall.OpenAsync(market);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync($"/01/{other.Gtin}/10/{stall.LotCode}")).Status);

        var history = await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?v=1", ("Accept", "application/ld+json"));
        using var document = System.Text.Json.JsonDocument.Parse(history.Body);
        Assert.Equal("DELETE decommissioning inactive", document.RootElement.GetProperty("epcisBody").GetProperty("eventList").EnumerateArray().Select(e => $"{e.GetProperty("action")} {e.GetProperty("bizStep")} {e.GetProperty("disposition")}").Last());
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync($"/lo/{stall.LotCode}/ho-chieu.json")).Status);
        // Nothing can be built on it any more.
        var browser = await market.SignInAsync(stall.Seller);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quan-ly/lo/" + stall.LotCode)).Status);
        Assert.DoesNotContain(stall.LotCode, (await browser.GetAsync("/quan-ly/nhat-ky")).Body, StringComparison.Ordinal);
        Assert.DoesNotContain(stall.LotCode, (await browser.GetAsync("/co-so/" + stall.Seller.Slug)).Body, StringComparison.Ordinal);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.IsType<DiaryOutcome.NotYours>(await market.Site.Get<Diary>().AddAsync(tx, stall.LotCode, stall.Seller.PersonId, new(null, "care", Vietnamese.Today(market.Site.Clock), null, null, null, null, null, null, null, null, "Làm cỏ", []), actor));
            Assert.False(await market.Site.Get<SonLaMarket.Catalog.Stock>().SupplyAsync(tx, stall.LotCode, 5_000, stall.Seller.PersonId, actor));
        }

        async Task LeadsAsync()
        {
            var found = await market.Site.Open().GetAsync($"/01/{stall.Gtin}/10/{stall.LotCode}");
            Assert.Equal((HttpStatusCode.TemporaryRedirect, "/lo/" + stall.LotCode), (found.Status, found.Location));
        }
    }

    [Fact]
    public async Task A_certificate_counts_to_the_end_of_its_last_day_in_Vietnam_and_no_minute_longer()
    {
        var stall = await Stall.OpenAsync(market);
        var (clock, last) = (market.Site.Clock, Vietnamese.Today(market.Site.Clock));
        // A kind that came into the tables after their names were read is called by its code.
        await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?luc=truoc");
        await market.Db.ExecuteAsync("insert into producers.certificate_kind (code, name, name_en, kind) select 'moi-mau', 'Loại mới', 'New kind', kind from producers.certificate_kind limit 1 on conflict do nothing; update producers.certificate set valid_until = @last, kind_code = 'moi-mau' where producer_id = @ProducerId", new { last, stall.Seller.ProducerId }, TestContext.Current.CancellationToken);
        Assert.Contains("moi-mau", (await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?luc=moi")).Page.QuerySelector(".band.ok")!.TextContent, StringComparison.Ordinal);
        await market.Db.ExecuteAsync("update producers.certificate set kind_code = 'vietgap-crop' where producer_id = @ProducerId", new { stall.Seller.ProducerId }, TestContext.Current.CancellationToken);
        clock.Advance(OriginEvents.Midnight(last.AddDays(1)) - clock.GetUtcNow() - TimeSpan.FromSeconds(30));
        Assert.Equal((true, true), await SaidAsync());
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, false), await SaidAsync());
        Assert.Contains("hết hạn", (await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?sau=1")).Page.QuerySelector("b.x")!.TextContent, StringComparison.Ordinal);

        // Past what is kept of the pages for a minute.
        async Task<(bool Trace, bool Listing)> SaidAsync()
        {
            var (lot, listing) = (await market.Site.Open().GetAsync($"/lo/{stall.LotCode}?luc={clock.GetUtcNow().Ticks}"), await market.Site.Open().GetAsync($"/san-pham/{stall.Slug}?luc={clock.GetUtcNow().Ticks}"));
            return (lot.Page.QuerySelector(".band.ok")!.TextContent.Contains("còn hạn đến", StringComparison.Ordinal), listing.Page.QuerySelectorAll(".badge").Any(b => b.TextContent.Contains("VietGAP", StringComparison.Ordinal)));
        }
    }

    /// <summary>The worker shows a kept page only through these marks (wwwroot/sw.js).</summary>
    [Fact]
    public async Task It_carries_what_the_worker_needs_to_show_it_as_old()
    {
        var stall = await Stall.OpenAsync(market);
        var page = await market.Site.Open().GetAsync("/lo/" + stall.LotCode);
        Assert.Equal("1", page.Message.Headers.GetValues(KeepOffline.Header).Single());
        Assert.Contains("<b data-kept></b>", page.Body, StringComparison.Ordinal);
        // What is known now goes with the green: a page that was kept does not know it.
        Assert.Contains("Sàn không có thông báo thu hồi", page.Page.QuerySelector(".band.ok")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"vi\">", page.Body, StringComparison.Ordinal);
        Assert.Contains("thu hồi: chưa rõ", page.Page.QuerySelector(".band.old")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("recall: unknown", (await market.Site.Open().GetAsync("/en/lo/" + stall.LotCode)).Page.QuerySelector(".band.old")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(".kept .ok,.kept .buy{display:none}", page.Body, StringComparison.Ordinal);
        var signedIn = await (await market.SignInAsync(stall.Seller)).GetAsync("/lo/" + stall.LotCode);
        Assert.False(signedIn.Message.Headers.Contains(KeepOffline.Header));
    }

    [Theory]
    [InlineData("", "/en")]
    [InlineData("/en", "")]
    public async Task Both_languages_name_each_other_and_themselves(string language, string other)
    {
        var stall = await Stall.OpenAsync(market);
        foreach (var path in new[] { "/lo/" + stall.LotCode, "/san-pham/" + stall.Slug, "/co-so/" + stall.Seller.Slug, "/san-pham", "/quet", "/thu-hoi" })
        {
            var page = await market.Site.Open().GetAsync(language + path);
            Assert.Equal("http://localhost" + language + path, page.Page.QuerySelector("link[rel=canonical]")!.GetAttribute("href"));
            Assert.Equal(["vi http://localhost" + path, "en http://localhost/en" + path, "x-default http://localhost" + path],
                page.Page.QuerySelectorAll("link[rel=alternate][hreflang]").Select(l => $"{l.GetAttribute("hreflang")} {l.GetAttribute("href")}"));
            Assert.Contains(page.Page.QuerySelectorAll("header a[hreflang]"), a => a.GetAttribute("href") == other + path);
        }
    }

    private static long Brotli(string text)
    {
        using var into = new MemoryStream();
        using (var brotli = new BrotliStream(into, CompressionLevel.Fastest, leaveOpen: true))
            brotli.Write(System.Text.Encoding.UTF8.GetBytes(text));
        return into.Length;
    }
}
