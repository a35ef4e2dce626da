using System.Globalization;
using System.Net;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Origin.Trace;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>Codes of single packages: made in series, printed, scanned, counted, and what is suspicious of it.</summary>
public sealed class ItemsTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly Actor Officer = new(null, Roles.Officer);

    private Db Db => market.Db;

    [Fact]
    public async Task A_series_is_made_followed_taken_away_as_csv_and_printed_as_labels_that_lead_to_its_packages()
    {
        var stall = await Stall.OpenAsync(market);
        var browser = await market.SignInAsync(stall.Seller);
        var path = $"/quan-ly/lo/{stall.LotCode}/ma-goi";
        var asked = await browser.SubmitAsync(await browser.GetAsync(path), "/ma-goi", ("Form.Items", "2.100"), ("Form.Weight", "400 g"), ("Form.Note", "hộp quà"));
        Assert.StartsWith("/quan-ly/viec/", asked.Location!, StringComparison.Ordinal);
        await market.Site.RunDueAsync();
        var done = await browser.GetAsync(asked.Location!);
        Assert.Contains("Đã làm 2.100 mã gói", done.Text, StringComparison.Ordinal);
        var page = await browser.GetAsync(done.Page.QuerySelector("main a.button--primary")!.GetAttribute("href")!);
        Assert.Contains("0 trong 2.100", page.Text, StringComparison.Ordinal);

        var csv = (await browser.GetAsync(page.Path + ".csv")).Body.TrimStart('\ufeff').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("place,code,url,human_readable,serial", csv[0]);
        var rows = csv.Skip(1).Select(l => l.Split(',')).ToList();
        Assert.Equal(2_100, rows.Select(r => r[4]).Distinct(StringComparer.Ordinal).Count());
        Assert.All(rows, r => Assert.True(Gs1.ItemSerial.IsValid(r[4]) && r[1] == Gs1.ItemSerial.Grouped(r[4]) && r[2] == $"http://localhost/01/{stall.Gtin}/21/{r[4]}" && r[3] == $"(01) {stall.Gtin} (21) {r[4]}", string.Join(',', r)));

        var printing = await browser.SubmitAsync(page, "/tem", ("Form.Format", "a4-65"), ("Form.First", "2.099"), ("Form.Count", "2"), ("Form.From", "64"));
        await market.Site.RunDueAsync();
        var printed = await browser.GetAsync(printing.Location!);
        Assert.Contains("Đã vẽ 2 tem gói", printed.Text, StringComparison.Ordinal);
        var pdf = await (await browser.GetAsync(printed.Page.QuerySelector("main a.button--primary")!.GetAttribute("href")!)).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var read = Scan(pdf);
        Assert.Equal(rows.TakeLast(2).Select(r => "HTTP://LOCALHOST/VT/" + r[4]).Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));
        foreach (var url in read)
            Assert.Contains(Gs1.ItemSerial.Grouped(url[^14..]), (await market.Site.Open().GetAsync(new Uri(url).AbsolutePath)).Text, StringComparison.Ordinal);
        foreach (var rest in new[] { $"21/{rows[0][4]}", $"10/{stall.LotCode}/21/{rows[0][4]}" })
        {
            var led = await market.Site.Open().GetAsync($"/01/{stall.Gtin}/{rest}");
            Assert.Equal((HttpStatusCode.TemporaryRedirect, "/vt/" + rows[0][4]), (led.Status, led.Location));
        }
        Assert.Equal(HttpStatusCode.NotFound, (await (await market.SignInAsync(await market.Shop.SellerAsync())).GetAsync(page.Path + ".csv")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync(page.Path), "/tem", ("Form.Format", "50x30"), ("Form.First", "2.100"), ("Form.Count", "2"), ("Form.From", "1"))).Status);
    }

    [Fact]
    public async Task Labels_of_a_blocked_lot_are_printed_after_a_question_and_of_a_recalled_one_not_at_all()
    {
        var stall = await Stall.OpenAsync(market, new(Boxes: 0));
        var browser = await market.SignInAsync(stall.Seller);
        var path = $"/quan-ly/lo/{stall.LotCode}/tem";
        Assert.NotNull((await browser.GetAsync("/quan-ly/lo/" + stall.LotCode)).Page.QuerySelector($"main a[href='{path}.pdf']"));
        await using (var tx = await Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<LotBlocks>().BlockAsync(tx, stall.LotId, "officer", null, null, "Chờ kết quả kiểm nghiệm", Officer);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Null((await browser.GetAsync("/quan-ly/lo/" + stall.LotCode)).Page.QuerySelector($"main a[href='{path}.pdf']"));
        Assert.Equal(path, (await browser.GetAsync(path + ".pdf")).Location);
        var page = await browser.GetAsync(path);
        Assert.Contains("đang bị chặn bán", page.Page.QuerySelector(".notice--bad")!.TextContent, StringComparison.Ordinal);
        var asked = await browser.SubmitAsync(page, "/tem", ("Form.Count", "3"));
        Assert.Equal((HttpStatusCode.OK, true), (asked.Status, asked.Text.Contains("Vẫn in tem?", StringComparison.Ordinal)));
        var sheets = (await browser.SubmitAsync(asked, "/tem", ("_yes", "1"))).Location!;
        Assert.Equal("application/pdf", (await browser.GetAsync(sheets)).Message.Content.Headers.ContentType!.MediaType);
        page = await browser.GetAsync(path);
        await using (var tx = await Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<Recalls>().OpenAsync(tx, [stall.LotCode], "Phát hiện dư lượng thuốc", "Không ăn.", Officer);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Empty((await browser.GetAsync(path)).Page.QuerySelectorAll("main form[action$='/tem']"));
        Assert.Equal((path, HttpStatusCode.Conflict), ((await browser.GetAsync(sheets)).Location, (await browser.SubmitAsync(page, "/tem", ("Form.Count", "3"), ("_yes", "1"))).Status));
    }

    [Fact]
    public async Task No_more_codes_than_packages_and_none_for_a_blocked_lot()
    {
        var stall = await Stall.OpenAsync(market);
        var browser = await market.SignInAsync(stall.Seller);
        var path = $"/quan-ly/lo/{stall.LotCode}/ma-goi";
        // 1,000 kg in boxes of 5 kg are 200 packages, and 20 labels may be spoilt.
        var many = await browser.SubmitAsync(await browser.GetAsync(path), "/ma-goi", ("Form.Items", "221"), ("Form.Weight", "5 kg"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, many.Status);
        Assert.Contains("nhiều nhất 220 mã", many.Text, StringComparison.Ordinal);
        foreach (var (items, weight) in new[] { ("10.001", "1 g"), ("0", "5 kg"), ("", "5 kg"), ("5", ""), ("5", "0"), ("5", "vài cân") })
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync(path), "/ma-goi", ("Form.Items", items), ("Form.Weight", weight))).Status);
        await using (var tx = await Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<LotBlocks>().BlockAsync(tx, stall.LotId, "officer", null, null, "Chờ kết quả kiểm nghiệm", Officer);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(await browser.GetAsync(path), "/ma-goi", ("Form.Items", "5"), ("Form.Weight", "5 kg"))).Status);
    }

    [Fact]
    public async Task The_first_scan_is_told_and_later_ones_tell_how_many_there_were_and_when()
    {
        var stall = await Stall.OpenAsync(market);
        var code = (await CodesAsync(stall, 1))[0];
        var (one, other) = (market.Site.Open("198.51.100.7"), market.Site.Open("203.0.113.9"));
        var first = await one.GetAsync("/vt/" + code);
        Assert.True(first.Message.Headers.CacheControl!.NoStore);
        Assert.False(first.Message.Headers.Contains("X-Keep-Offline"));
        Assert.Contains("Lần quét đầu tiên", first.Text, StringComparison.Ordinal);
        // The origin comes first: verdict and product before the package.
        Assert.True(first.Body.IndexOf("class=\"band ok\"", StringComparison.Ordinal) < first.Body.IndexOf("Gói hàng này", StringComparison.Ordinal));
        Assert.Contains(stall.Title, first.Text, StringComparison.Ordinal);
        Assert.Contains("Mã không chứng tỏ thứ bên trong gói", first.Text, StringComparison.Ordinal);
        Assert.Equal($"/lo/{stall.LotCode}/lich-su", first.Page.QuerySelector("a[href$='/lich-su']")!.GetAttribute("href"));
        await WriteAsync();
        Assert.Contains("Lần quét đầu tiên", (await one.GetAsync("/vt/" + Gs1.ItemSerial.Grouped(code).ToLowerInvariant())).Text, StringComparison.Ordinal);
        market.Site.Clock.Advance(TimeSpan.FromMinutes(5));
        var second = await other.GetAsync("/vt/" + code);
        Assert.Contains("Đã quét 1 lần trước lần này", second.Text, StringComparison.Ordinal);
        Assert.Contains("Scanned 1 time before this", (await other.GetAsync("/en/vt/" + code)).Text, StringComparison.Ordinal);
        // Whoever works with labels does not scan.
        Assert.Contains("không tính là lần quét", (await (await market.SignInAsync(stall.Seller)).GetAsync("/vt/" + code)).Text, StringComparison.Ordinal);
        await WriteAsync();
        Assert.Equal((2L, 2L, 1L), await Db.SingleAsync<(long, long, long)>("select i.scans, sum(d.item_scans)::bigint, sum(d.first_items)::bigint from origin.item i join origin.scan_day d on d.lot_id = i.lot_id where i.code = @code group by i.scans", new { code }, TestContext.Current.CancellationToken));
        Assert.Equal(2, await Db.SingleAsync<int>("select count(*) from origin.scan s join origin.item i on i.id = s.item_id where i.code = @code and s.province_code is null", new { code }, TestContext.Current.CancellationToken));
        Assert.Equal("application/ld+json", (await market.Site.Open().GetAsync("/vt/" + code, ("Accept", "application/ld+json"))).Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/vt/" + code, (await market.Site.Open().GetAsync("/quet?ma=" + Gs1.ItemSerial.Grouped(code))).Location);
    }

    [Fact]
    public async Task A_recalled_lot_says_so_first_on_its_packages_too_and_a_scan_of_one_is_a_lead()
    {
        var stall = await Stall.OpenAsync(market);
        var code = (await CodesAsync(stall, 1))[0];
        await using (var tx = await Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<Recalls>().OpenAsync(tx, [stall.LotCode], "Phát hiện dư lượng thuốc", "Không ăn, trả lại người bán.", Officer);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        var page = await market.Site.Open("198.51.100.8").GetAsync("/vt/" + code);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("bị thu hồi", page.Page.QuerySelector("main section:not(.old)")!.TextContent, StringComparison.Ordinal);
        await WriteAsync();
        var (office, _, _) = await market.SignInAsync(Roles.Officer);
        var leads = await office.GetAsync("/so-cong-thuong/ma-la");
        Assert.Contains(Gs1.ItemSerial.Grouped(code), leads.Text, StringComparison.Ordinal);
        Assert.Contains("Được quét sau khi lô bị thu hồi", leads.Text, StringComparison.Ordinal);
        Assert.Contains("Được quét sau khi lô bị thu hồi", (await market.Site.Open("198.51.100.8").GetAsync("/vt/" + code)).Text, StringComparison.Ordinal);
        Assert.Contains("Scanned after the lot was recalled", (await (await market.SignInAsync(stall.Seller)).GetAsync("/en/quan-ly/luot-quet")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await office.SubmitAsync(leads, "/da-xem")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await office.SubmitAsync(leads, "/da-xem")).Status);
    }

    [Fact]
    public async Task A_code_taken_back_says_so_first_is_printed_no_more_and_a_scan_of_it_is_a_lead()
    {
        var stall = await Stall.OpenAsync(market);
        var codes = await CodesAsync(stall, 4);
        var browser = await market.SignInAsync(stall.Seller);
        var path = $"/quan-ly/lo/{stall.LotCode}/ma-goi/{await Db.SingleAsync<Guid>("select key from origin.item_series where lot_id = @LotId", new { stall.LotId }, TestContext.Current.CancellationToken)}";
        var page = await browser.GetAsync(path);
        foreach (var wrong in new[] { "", "0", "3-9", "7K3Q", Gs1.ItemSerial.New(), $"1, {codes[0]}" })
            Assert.NotNull((await browser.SubmitAsync(page, "/huy", ("Void.Which", wrong), ("Void.Reason", "Tem bị rách"))).Page.QuerySelector("#Void-Which-error"));
        (string, string)[] given = [("Void.Which", $"1-2, {Gs1.ItemSerial.Grouped(codes[2])}"), ("Void.Reason", "Cuộn tem bị lấy cắp")];
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/huy", given)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/huy", given)).Status);
        Assert.Contains("3 trong 4", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.StartsWith($"4,{Gs1.ItemSerial.Grouped(codes[3])},", Assert.Single((await browser.GetAsync(path + ".csv")).Body.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1)), StringComparison.Ordinal);

        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        var shown = await market.Site.Open("198.51.100.9").GetAsync("/vt/" + codes[1]);
        var first = shown.Page.QuerySelector("main section:not(.old)")!.TextContent;
        Assert.Equal((HttpStatusCode.OK, true, true), (shown.Status, first.Contains("cơ sở hủy mã này", StringComparison.Ordinal), first.Contains("Cuộn tem bị lấy cắp", StringComparison.Ordinal)));
        Assert.DoesNotContain("band ok", shown.Body, StringComparison.Ordinal);
        Assert.Contains("band ok", (await market.Site.Open().GetAsync("/vt/" + codes[3])).Body, StringComparison.Ordinal);
        await WriteAsync();
        var (office, _, _) = await market.SignInAsync(Roles.Officer);
        var leads = await office.GetAsync("/so-cong-thuong/ma-la");
        Assert.Contains("Được quét sau khi mã bị hủy", leads.Text, StringComparison.Ordinal);
        Assert.NotNull((await office.SubmitAsync(leads, "/huy", ("Code", Gs1.ItemSerial.New()), ("Reason", "Tem giả"))).Page.QuerySelector("#Code-error"));
        Assert.Equal(HttpStatusCode.SeeOther, (await office.SubmitAsync(leads, "/huy", ("Code", codes[3].ToLowerInvariant()), ("Reason", "Tem giả bán ngoài chợ"))).Status);
        Assert.Contains("the Department of Industry and Trade voided this code", (await market.Site.Open().GetAsync("/en/vt/" + codes[3])).Text, StringComparison.Ordinal);
        // How many, never which.
        Assert.Equal([("producer", 3), ("officer", 1)], await Db.QueryAsync<(string, int)>(
            "select vouched_by, (document #>> '{childQuantityList,0,quantity}')::int from origin.event where lot_id = @LotId and action = 'DELETE' order by recorded_at", new { stall.LotId }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_code_that_nobody_was_given_is_404_a_lead_for_the_officer_and_known_to_the_seller_whose_gtin_it_bears()
    {
        var stall = await Stall.OpenAsync(market);
        var (code, serial, foreign) = (Gs1.ItemSerial.New(), Gs1.ItemSerial.New(), (await CodesAsync(await Stall.OpenAsync(market), 1))[0]);
        string letters;
        do
            letters = Gs1.ItemSerial.New();
        while (letters.Any(char.IsAsciiDigit));
        foreach (var path in new[] { $"/vt/{code}", $"/vt/{letters}", $"/01/{stall.Gtin}/21/{serial}", $"/01/{stall.Gtin}/21/{foreign}", $"/01/{stall.Gtin}/10/KHONG-CO/21/{serial}", "/vt/KHONG-CO-MA-NAY-1", "/vt/" + new string('7', 3_000) })
            Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync(path)).Status);
        await WriteAsync();
        var (office, _, _) = await market.SignInAsync(Roles.Officer);
        var leads = (await office.GetAsync("/so-cong-thuong/ma-la")).Text;
        Assert.Contains(code, leads, StringComparison.Ordinal);
        Assert.Contains(letters, leads, StringComparison.Ordinal);
        var mine = (await (await market.SignInAsync(stall.Seller)).GetAsync("/quan-ly/luot-quet")).Text;
        Assert.Contains(serial, mine, StringComparison.Ordinal);
        Assert.DoesNotContain(code, mine, StringComparison.Ordinal);
        Assert.DoesNotContain(serial, (await (await market.SignInAsync(await market.Shop.SellerAsync())).GetAsync("/quan-ly/luot-quet")).Text, StringComparison.Ordinal);
    }

    /// <summary>Each rule at its edge: what just does not break it, and what does.</summary>
    [Theory]
    [InlineData("many", "quét 4 lần", "quét 5 lần")]
    [InlineData("far", "Hà Nội và Sơn La trong một giờ", "Thành phố Hồ Chí Minh và Sơn La trong một giờ")]
    [InlineData("sold_out", "59 ngày", "61 ngày")]
    [InlineData("expired", "ngày cuối", "ngày sau")]
    public async Task A_rule_speaks_at_its_number_and_not_before(string rule, string quiet, string loud)
    {
        var stall = await Stall.OpenAsync(market);
        var codes = await CodesAsync(stall, 2);
        var now = market.Site.Clock.GetUtcNow();
        await Db.ExecuteAsync("update origin.scan_rule set value = 5 where name = 'many'", ct: TestContext.Current.CancellationToken);
        foreach (var (code, case_, breaks) in new[] { (codes[0], quiet, false), (codes[1], loud, true) })
        {
            if (rule == "sold_out")
                await Db.ExecuteAsync("update origin.lot set sold_out_at = @at where id = @LotId", new { stall.LotId, at = now.AddDays(breaks ? -61 : -59) }, TestContext.Current.CancellationToken);
            if (rule == "expired")
                await Db.ExecuteAsync("update origin.lot set best_before = @day where id = @LotId", new { stall.LotId, day = Vietnamese.Today(market.Site.Clock).AddDays(breaks ? -1 : 0) }, TestContext.Current.CancellationToken);
            var times = rule == "many" ? breaks ? 5 : 4 : rule == "far" ? 2 : 1;
            for (var i = 0; i < times; i++)
            {
                var reader = market.Site.Open($"198.51.100.{20 + i}");
                var page = await reader.GetAsync("/vt/" + code);
                if (rule == "far")
                    Assert.Equal(HttpStatusCode.SeeOther, (await reader.SubmitAsync(page, "/noi-quet", ("tinh", i == 0 ? "14" : breaks ? "79" : "01"))).Status);
                await WriteAsync();
                if (rule == "far" && i == 0)
                    market.Site.Clock.Advance(TimeSpan.FromHours(1));
            }
            Assert.Equal(breaks ? [rule] : [], await Db.QueryAsync<string>("select a.rule from origin.scan_alert a join origin.item i on i.id = a.item_id where i.code = @code", new { code }, TestContext.Current.CancellationToken));
            Assert.NotNull(case_);
        }
    }

    [Fact]
    public async Task Officers_set_the_rules_and_a_wrong_number_is_told_beside_its_field()
    {
        var (office, _, _) = await market.SignInAsync(Roles.Officer);
        var page = await office.GetAsync("/so-cong-thuong/ma-la");
        var refused = await office.SubmitAsync(page, "/luat", ("far-km", "xa lắm"), ("far-hours", "721"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 2), (refused.Status, refused.Page.QuerySelectorAll(".field__error").Length));
        Assert.Equal(HttpStatusCode.SeeOther, (await office.SubmitAsync(page, "/luat", ("far-km", "250"))).Status);
        Assert.Equal(250, (await ScanRules.AllAsync(Db, TestContext.Current.CancellationToken))["far-km"]);
        Assert.Equal(1, await Db.SingleAsync<int>("select count(*) from accounts.audit where action = 'scan-rule.change' and subject = 'scan-rule:far-km'", ct: TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.SeeOther, (await office.SubmitAsync(await office.GetAsync("/so-cong-thuong/ma-la"), "/luat", ("far-km", "300"))).Status);
    }

    [Fact]
    public async Task A_label_of_what_is_counted_says_what_a_piece_weighs()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 1);
        var lot = (await market.Site.Get<Lots>().FindAsync(Db, goods.LotCode, goods.Seller.PersonId, TestContext.Current.CancellationToken))!;
        var labels = market.Site.Get<SonLaMarket.Origin.Labels.LabelContents>();
        Assert.Null((await labels.OfAsync(lot, TestContext.Current.CancellationToken)).NetWeightText);
        await Db.ExecuteAsync("update producers.product set base_unit = 'piece', net_weight_g = 500 where id = @ProductId", new { lot.ProductId }, TestContext.Current.CancellationToken);
        Assert.Equal("Khối lượng tịnh: 500 g", (await labels.OfAsync(lot, TestContext.Current.CancellationToken)).NetWeightText!.Replace('\u00a0', ' '));
    }

    [Fact]
    public async Task Months_are_ready_ahead_of_time_and_details_older_than_thirty_days_are_gone()
    {
        var stall = await Stall.OpenAsync(market);
        var code = (await CodesAsync(stall, 1))[0];
        var now = market.Site.Clock.GetUtcNow();
        var months = market.Site.Get<ScanMonths>();
        await months.RunAsync(TestContext.Current.CancellationToken);
        var today = Vietnamese.Today(market.Site.Clock);
        Assert.Subset((await PartsAsync("scan")).ToHashSet(), Enumerable.Range(0, 3).Select(i => $"scan_{today.AddMonths(i):yyyy_MM}").ToHashSet());
        await Db.ExecuteAsync("select origin.prepare_scan_months(@from, @to)", new { from = today.AddDays(-80), to = today }, TestContext.Current.CancellationToken);
        await Db.ExecuteAsync("insert into origin.scan (item_id, lot_id, producer_id, at) select i.id, i.lot_id, i.producer_id, @now::timestamptz - make_interval(days => d) from origin.item i cross join unnest(array[0, 29, 31, 75]) d where i.code = @code", new { code, now }, TestContext.Current.CancellationToken);
        await Db.ExecuteAsync("update origin.item set scans = 4, first_scanned_at = @now::timestamptz - interval '75 days 1 second', last_scanned_at = @now where code = @code", new { code, now }, TestContext.Current.CancellationToken);
        await months.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, await Db.SingleAsync<int>("select count(*) from origin.scan s join origin.item i on i.id = s.item_id where i.code = @code", new { code }, TestContext.Current.CancellationToken));
        Assert.DoesNotContain($"scan_{today.AddDays(-75):yyyy_MM}", await PartsAsync("scan"));
        // Of the package's own times the old one is a day from now on, on its page too.
        Assert.Equal((TimeSpan.Zero, now.ToUnixTimeMilliseconds()), await Db.SingleAsync<(DateTimeOffset First, DateTimeOffset Last)>("select first_scanned_at, last_scanned_at from origin.item where code = @code", new { code }, TestContext.Current.CancellationToken) is var (first, last) ? (Vietnamese.Local(first).TimeOfDay, last.ToUnixTimeMilliseconds()) : default);
        Assert.Contains($"Lần đầu: {Vietnamese.Date(now.AddDays(-75).AddSeconds(-1))}.", (await market.Site.Open().GetAsync("/vt/" + code)).Text, StringComparison.Ordinal);
        // Counts of days stay.
        Assert.Contains($"scan_day_{today.AddDays(-75):yyyy_MM}", await PartsAsync("scan_day"));
    }

    /// <summary>However many months of scans there are, the pages behind labels read none of them.</summary>
    [Fact]
    public async Task Pages_of_lots_and_packages_read_no_table_of_scans_however_many_there_are()
    {
        var stall = await Stall.OpenAsync(market);
        await CodesAsync(stall, 1);
        var today = Vietnamese.Today(market.Site.Clock);
        await Db.ExecuteAsync("select origin.prepare_scan_months(@from, @today)", new { from = today.AddMonths(-24), today }, TestContext.Current.CancellationToken);
        await Db.ExecuteAsync("insert into origin.scan_day (lot_id, producer_id, day, scans) select l.id, l.producer_id, @today::date - d, 3 from origin.lot l cross join generate_series(1, 700) d where l.id = @LotId", new { stall.LotId, today }, TestContext.Current.CancellationToken);
        foreach (var select in TracePage.Statements.Split(';', StringSplitOptions.RemoveEmptyEntries).Append(ItemSeries.FindStatement))
        {
            var plan = string.Join('\n', await Db.QueryAsync<string>("explain " + select, new { code = stall.LotCode, today, DoneOn = (DateOnly?)null, EventId = (Guid?)null, take = 21 }, TestContext.Current.CancellationToken));
            Assert.NotEmpty(plan);
            Assert.DoesNotContain("scan_day", plan, StringComparison.Ordinal);
            Assert.DoesNotMatch(@"on scan_\d", plan);
        }
    }

    private Task WriteAsync() => market.Site.Get<Scans>().WriteAsync();

    private Task<List<string>> PartsAsync(string parent) =>
        Db.QueryAsync<string>("select c.relname::text from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ('origin.' || @parent)::regclass", new { parent }, TestContext.Current.CancellationToken);

    /// <summary>A series as its producer opens it, made at once.</summary>
    private async Task<List<string>> CodesAsync(Stall stall, int count)
    {
        var series = market.Site.Get<ItemSeries>();
        Guid key;
        await using (var tx = await Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            key = Assert.IsType<SeriesOutcome.Opened>(await series.OpenAsync(tx, stall.LotCode, stall.Seller.PersonId, count, 5_000, "", new Actor(stall.Seller.PersonId, Roles.Seller))).Key;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await foreach (var _ in series.MakeAsync(Db, key))
        {
        }
        var codes = new List<string>();
        await foreach (var (_, code) in series.CodesAsync(Db, key, 1, count, TestContext.Current.CancellationToken))
            codes.Add(code);
        return codes;
    }

    private static string[] Scan(byte[] pdf)
    {
        var folder = Directory.CreateTempSubdirectory("items");
        var file = Path.Combine(folder.FullName, "items.pdf");
        File.WriteAllBytes(file, pdf);
        Programs.Run("pdftoppm", "-r", 203.ToString(CultureInfo.InvariantCulture), "-gray", file, file);
        var read = Programs.Codes(Directory.GetFiles(folder.FullName, "*.pgm"));
        folder.Delete(recursive: true);
        return read;
    }
}
