using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using MiniExcelLibs;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Imports;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Imports;

/// <summary>A file comes in: looked over, corrected on the page, saved as announced, given back.</summary>
public sealed class ImportTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Page = "/quan-ly/nhap-du-lieu";
    private static readonly object?[] Headings = ["Tên hàng", "Đặc sản", "Nhóm hàng", "Ngày thu hoạch", "Đơn vị bán", "Cân nặng một đơn vị", "Số lượng", "Giá bán (đồng)", "Tháng có hàng", "Giới thiệu"];

    private string Yesterday => Vietnamese.Date(Vietnamese.Today(market.Site.Clock).AddDays(-1));

    private object?[] Row(string name, string price = "175.000", string? day = null, string unit = "hộp", string weight = "5 kg", string quantity = "40", string category = "Trái cây tươi", string months = "5-7") =>
        [name, "", category, day ?? Yesterday, unit, weight, quantity, price, months, "Hàng mẫu."];

    [Fact]
    public async Task A_file_with_mistakes_is_corrected_on_the_page_and_saved_as_announced()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var file = Spreadsheet.Of(Headings, Row("Mận hậu mẫu A"), Row("Mận hậu mẫu B", price: "1.2", unit: "hop"), Row("Mận hậu mẫu C", category: "Trai cay tuoii"), Row("Mận hậu mẫu A"), Row("Mận hậu mẫu D", day: "01/01/2099"));
        var checkedPage = await UploadAsync(browser, file);
        Assert.Contains("4 dòng cần sửa, 1 dòng đúng. Chưa lưu dòng nào.", checkedPage.Text, StringComparison.Ordinal);
        var rows = checkedPage.Page.QuerySelectorAll("tbody tr").Select(r => r.QuerySelectorAll("th, td").Select(d => d.TextContent.Trim()).ToArray()).ToList();
        Assert.Equal(
            [("Dòng 3 – Mận hậu mẫu B", "Giá bán (đồng) (H)", "1.2"), ("Dòng 4 – Mận hậu mẫu C", "Nhóm hàng (C)", "Trai cay tuoii"), ("Dòng 5 – Mận hậu mẫu A", "Tên hàng (A)", "Mận hậu mẫu A"), ("Dòng 6 – Mận hậu mẫu D", "Ngày thu hoạch (D)", "01/01/2099")],
            rows.Select(r => (r[0], r[1], r[2])));
        // Its head says the row; beside the cell stands why.
        Assert.Null(checkedPage.Page.QuerySelector("tbody th[data-label]"));
        Assert.StartsWith("Hãy nhập số tiền bằng đồng", checkedPage.Page.QuerySelector("[name=o-3-Price]")!.ParentElement!.QuerySelector(".field__error")!.LastChild!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Equal("1.200", checkedPage.Page.QuerySelector("[name=o-3-Price]")!.GetAttribute("value"));
        Assert.Equal("Trái cây tươi", checkedPage.Page.QuerySelector("[name=o-4-Category] option[selected]")!.TextContent);
        Assert.Contains("Trùng với dòng 2", checkedPage.Text, StringComparison.Ordinal);
        var english = (await browser.GetAsync("/en" + checkedPage.Path)).Text;
        Assert.Contains("To be corrected: 4. Right: 1.", english, StringComparison.Ordinal);
        Assert.Contains("The same as row 2 of this file.", english, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(seller));

        var right = await browser.SubmitAndFollowAsync(checkedPage, "/sua", ("o-5-Name", "Mận hậu mẫu E"), ("o-6-HarvestedOn", Yesterday));
        Assert.Contains("Sẽ lưu 5 dòng. Không có lỗi.", right.Text, StringComparison.Ordinal);
        Assert.Contains("Dòng 3 – Mận hậu mẫu B, hộp 5 kg", right.Text, StringComparison.Ordinal);
        Assert.Contains("1.200 ₫ một hộp", right.Text, StringComparison.Ordinal);
        var saved = await SaveAsync(browser, right);
        Assert.Contains("Đã lưu 5 dòng.", saved.Text, StringComparison.Ordinal);
        Assert.Equal(5, await CountAsync(seller));
        // Called by the names that people gave them.
        Assert.Equal(await market.Db.QueryAsync<(string, string)>("select '/quan-ly/tin-dang/' || slug, title from catalog.listing where producer_id = @ProducerId order by id", new { seller.ProducerId }),
            saved.Page.QuerySelectorAll("main td a").Select(a => (a.GetAttribute("href")!, a.TextContent)));
        // By the same rules as by hand: of a producer whom the Department knows they wait for it at once, with lot and stock.
        Assert.Equal(5, await market.Db.SingleAsync<long>("""
            select count(*) from catalog.listing l join catalog.lot_stock s on s.product_id = l.product_id join origin.lot o on o.id = s.lot_id
            where l.producer_id = @ProducerId and l.status = 'submitted' and s.available = 200000 and o.quantity_base = 200000 and l.season_months = '{5,6,7}' and l.sale_unit = 'box'
            """, new { seller.ProducerId }));
        Assert.Equal(1_200, await market.Db.SingleAsync<long>("select price_vnd from catalog.listing where producer_id = @ProducerId and title like 'Mận hậu mẫu B%'", new { seller.ProducerId }));
        Assert.Equal(5, await market.Db.SingleAsync<long>("select (detail->>'rows')::bigint from accounts.audit where action = 'import.save' and subject = 'import:' || @id", new { id = saved.Path.Split('/')[^1] }));
        // Sent once more, each row says that it is there.
        var again = await UploadAsync(browser, file);
        Assert.Contains("Cơ sở đã có tin “Mận hậu mẫu A, hộp 5 kg”", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Right_rows_alone_are_saved_where_that_is_asked_for_and_the_rest_comes_back_in_red()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await UploadAsync(browser, Spreadsheet.Of(Headings, Row("Cam mẫu một"), Row("Cam mẫu hai", price: "nhiều"), Row("=HYPERLINK(\"x\")", day: "hôm nao")), "hàng mẫu.xlsx");
        var back = await FileAsync(browser, page);
        var rows = MiniExcel.Query(back, useHeaderRow: true).Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(["Đúng, chưa lưu", "Cần sửa", "Cần sửa"], rows.Select(r => (string)r["Kết quả"]!));
        Assert.Contains("Giá bán (đồng): Hãy nhập số tiền bằng đồng", (string)rows[1]["Vì sao"]!, StringComparison.Ordinal);
        Assert.Equal("=HYPERLINK(\"x\")", rows[2]["Tên hàng"]);
        Assert.Equal(["H3", "D4"], Red(back));
        Assert.Empty(Faults(back));
        Assert.Equal(["H3", "D4"], Notes(back).Select(n => n.Cell));
        Assert.StartsWith("Hãy nhập số tiền bằng đồng", Notes(back)[0].Text, StringComparison.Ordinal);
        // Given back, it comes in again: its notes of the last time are not in the way.
        var again = await FileAsync(browser, await UploadAsync(browser, back.ToArray()));
        Assert.Equal(Notes(back), Notes(again));
        Assert.Empty(Faults(again));

        var saved = await SaveAsync(browser, page, ("validOnly", "true"));
        Assert.Contains("Đã lưu 1 dòng.", saved.Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(seller));
        rows = [.. MiniExcel.Query(await FileAsync(browser, saved), useHeaderRow: true).Cast<IDictionary<string, object?>>()];
        Assert.Equal(["Đã lưu", "Chưa lưu", "Chưa lưu"], rows.Select(r => (string)r["Kết quả"]!));
        Assert.StartsWith("cam-mau-mot", (string)rows[0]["Vì sao"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changed_since_it_was_checked_keeps_every_row_from_being_saved()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await UploadAsync(browser, Spreadsheet.Of(Headings, Row("Ổi mẫu"), Row("Nhãn mẫu")));
        var asked = await browser.SubmitAsync(page, "/luu");
        await market.Shop.GoodsAsync(seller, 5, title: "Nhãn mẫu, hộp 5 kg");
        await market.Site.RunDueAsync();
        var shown = await browser.GetAsync(asked.Location!);
        Assert.Contains("chưa lưu dòng nào", shown.Text, StringComparison.Ordinal);
        Assert.Contains("1 dòng cần sửa, 1 dòng đúng", shown.Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(seller));
    }

    [Fact]
    public async Task What_a_file_made_is_taken_back_within_a_day_except_where_something_was_built_on_it()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var file = Spreadsheet.Of(Headings, Row("Lê mẫu một"), Row("Lê mẫu hai"), Row("Lê mẫu ba"), Row("Lê mẫu bốn"), Row("Lê mẫu năm"));
        var saved = await SaveAsync(browser, await UploadAsync(browser, file));
        var (actor, officer) = (new Actor(seller.PersonId, Roles.Seller), new Actor(null, Roles.Officer));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().ApproveAsync(tx, "le-mau-mot-hop-5-kg", 1, officer));
            Assert.True(await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(await ProductAsync("le-mau-hai-hop-5-kg"), null, Vietnamese.Today(market.Site.Clock), null, null, null, 1000), seller.PersonId, actor) is not null);
            var coded = await tx.SingleAsync<string>("select o.code from origin.lot o join catalog.listing l on l.product_id = o.product_id where l.slug = 'le-mau-nam-hop-5-kg'");
            Assert.IsType<SeriesOutcome.Opened>(await market.Site.Get<ItemSeries>().OpenAsync(tx, coded, seller.PersonId, 2, 5_000, "", actor));
            // A spraying in the diary of the same field blocks what came in: that is said, and is in nobody's way.
            var (sprayed, blocked) = await tx.SingleAsync<(long, string)>("select o.id, o.code from origin.lot o join catalog.listing l on l.product_id = o.product_id where l.slug = 'le-mau-ba-hop-5-kg'");
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, sprayed, "interval", null, null, "Phun sát ngày thu hoạch", Actor.System));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            var told = await browser.GetAsync(saved.Path);
            Assert.Contains("1 lô bị chặn bán", told.Text, StringComparison.Ordinal);
            Assert.NotNull(told.Page.QuerySelector($"main a[href='/quan-ly/lo/{blocked}']"));
        }
        market.Site.Clock.Advance(TimeSpan.FromHours(23));
        browser = await market.SignInAsync(seller);
        var asked = await browser.SubmitAsync(await browser.GetAsync(saved.Path), "/hoan-tac", ("_yes", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, asked.Status);
        await market.Site.RunDueAsync();
        var undone = await browser.GetAsync(saved.Path);
        Assert.Contains("Đã hoàn tác 2 dòng, giữ lại 3 dòng.", undone.Text, StringComparison.Ordinal);
        Assert.Contains("Sở Công Thương đã xem xét tin này.", undone.Text, StringComparison.Ordinal);
        Assert.Contains("Sản phẩm này đã có thêm lô hoặc tin khác.", undone.Text, StringComparison.Ordinal);
        Assert.Contains("Lô đã có nhật ký, mã gói,", undone.Text, StringComparison.Ordinal);
        Assert.Contains("The Department has reviewed this listing.", (await browser.GetAsync("/en" + saved.Path)).Text, StringComparison.Ordinal);
        var list = await browser.GetAsync("/quan-ly/tin-dang");
        Assert.DoesNotContain("Lê mẫu ba", list.Text, StringComparison.Ordinal);
        Assert.Contains("Lê mẫu hai", list.Text, StringComparison.Ordinal);
        Assert.Equal(4, (await browser.GetAsync("/quan-ly/lo")).Page.QuerySelectorAll("main a[href*='/quan-ly/lo/']").Select(a => a.GetAttribute("href")!.Split('/', '#')[3]).Where(c => c != "moi").Distinct().Count());
        Assert.Equal(0, await market.Db.SingleAsync<long>("select coalesce(sum(s.available), 0)::bigint from catalog.lot_stock s join catalog.listing l on l.product_id = s.product_id where l.producer_id = @ProducerId and l.taken_back_at is not null", new { seller.ProducerId }));
        // What could not be taken back whole is for sale as before.
        Assert.Equal(40L * 5_000, await market.Db.SingleAsync<long>("select s.available from catalog.lot_stock s join catalog.listing l on l.product_id = s.product_id where l.slug = 'le-mau-nam-hop-5-kg'"));
        // The same file comes in again: what was taken back is in nobody's way.
        Assert.Contains("3 dòng cần sửa, 2 dòng đúng", (await UploadAsync(browser, file)).Text, StringComparison.Ordinal);

        async Task<string> ProductAsync(string slug) => await market.Db.SingleAsync<string>("select p.code from producers.product p join catalog.listing l on l.product_id = p.id where l.slug = @slug", new { slug });
    }

    [Fact]
    public async Task After_a_day_nothing_is_taken_back()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var saved = await SaveAsync(browser, await UploadAsync(browser, Spreadsheet.Of(Headings, Row("Đào mẫu"))));
        market.Site.Clock.Advance(TimeSpan.FromHours(25));
        browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(saved.Path);
        Assert.DoesNotContain("hoan-tac", page.Body, StringComparison.Ordinal);
        var form = Browser.Fields((IHtmlFormElement)(await browser.GetAsync(Page)).Page.QuerySelector("form[enctype]")!);
        form["_yes"] = "1";
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync(saved.Path + "/hoan-tac", form)).Status);
    }

    [Fact]
    public async Task Rows_pasted_from_a_spreadsheet_are_taken_and_a_file_that_cannot_be_read_says_why()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var pasted = await browser.SubmitAsync(await browser.GetAsync(Page), Page, ("Pasted", $"Tên hàng\tNgày thu hoạch\tĐơn vị bán\tSố lượng\tGiá bán\tNhóm hàng\nDưa mẫu\t{Yesterday}\tkg\t2 tạ\t12k\tTrái cây tươi\n"));
        await market.Site.RunDueAsync();
        Assert.Contains("Sẽ lưu 1 dòng", (await browser.GetAsync(pasted.Location!)).Text, StringComparison.Ordinal);
        var broken = await UploadAsync(browser, "Tên;Giá\nMận;1000"u8.ToArray(), "thieu.csv");
        Assert.Contains("Thiếu cột “Ngày thu hoạch”", broken.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync(Page), Page)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(broken, "/bo")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(broken.Path)).Status);
    }

    /// <summary>The template as a person fills it in: every row announced, every row saved, and an office schema holds what we wrote.</summary>
    [Fact]
    public async Task The_template_filled_in_comes_in_as_announced()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        foreach (var (path, language) in new[] { (Page, "vi"), ("/en" + Page, "en") })
        {
            var template = await (await browser.GetAsync(path + "/mau/listings")).Message.Content.ReadAsByteArrayAsync();
            Assert.Empty(Faults(template));
            Assert.Equal(3, MiniExcel.GetSheetNames(new MemoryStream(template)).Count);
            var filled = Fill(template, Enumerable.Range(1, 3).Select(n => new Dictionary<int, string> { [0] = $"Chè mẫu {language} {n}", [1] = "Chè Shan tuyết Mộc Châu", [3] = Yesterday, [7] = "60", [8] = "250k" }));
            var page = await UploadAsync(browser, filled);
            Assert.Contains("Sẽ lưu 3 dòng", page.Text, StringComparison.Ordinal);
            Assert.Contains("Đã lưu 3 dòng", (await SaveAsync(browser, page)).Text, StringComparison.Ordinal);
        }
        Assert.Equal(6, await CountAsync(seller));
    }

    [Fact]
    public async Task Products_and_then_their_lots_come_in_by_the_rules_of_their_forms()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await UploadAsync(browser, Spreadsheet.Of(
            ["Tên sản phẩm", "Nhóm sản phẩm", "Tính lượng theo", "Khối lượng tịnh", "Mã vạch", "Độ cồn"],
            ["Mận khô mẫu", "Trái cây sấy", "cái", "500", 95200000001L, ""], ["Bơ mẫu", "Trái cây tươi", "cân", "", "", ""], ["Na mẫu", "Trái cây tươi", "theo qua", "", "", ""], ["Mơ mẫu", "Trái cây tươi", "cái", "", "", ""]));
        Assert.Contains("3 dòng cần sửa, 1 dòng đúng", page.Text, StringComparison.Ordinal);
        Assert.Contains("Mã GTIN không đúng", page.Text, StringComparison.Ordinal);
        Assert.Contains("Hãy chọn cách tính lượng.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Hãy nhập khối lượng tịnh của một đơn vị, bằng gam.", page.Text, StringComparison.Ordinal);
        var right = await browser.SubmitAndFollowAsync(page, "/sua", ("o-2-Gtin", ""), ("o-4-BaseUnit", "cân"), ("o-5-NetWeightG", "250"));
        Assert.Contains("Đã lưu 4 dòng.", (await SaveAsync(browser, right)).Text, StringComparison.Ordinal);

        var planned = Vietnamese.Today(market.Site.Clock).AddDays(20);
        var lots = await UploadAsync(browser, Spreadsheet.Of(
            ["Sản phẩm", "Ngày thu hoạch", "Số lượng của lô", "Hạn dùng", "Đưa vào bán", "Dự kiến thu hoạch"],
            ["Bơ mẫu", Yesterday, "2 tạ", "", "có", ""], ["Mận khô mẫu", Yesterday, "2 tạ", "", "", ""], ["Mơ mẫuu", Yesterday, "40", "01/01/2020", "", ""], ["Na mẫu", "Chưa", "3 tạ", "", "có", Vietnamese.Date(planned)]));
        Assert.Contains("3 dòng cần sửa, 1 dòng đúng", lots.Text, StringComparison.Ordinal);
        Assert.Contains("hãy nhập số đơn vị, không phải khối lượng", lots.Text, StringComparison.Ordinal);
        Assert.Contains("Hạn dùng phải sau ngày thu hoạch.", lots.Text, StringComparison.Ordinal);
        Assert.Contains("Cây chưa thu hoạch thì để trống ô này.", lots.Text, StringComparison.Ordinal);
        right = await browser.SubmitAndFollowAsync(lots, "/sua", ("o-3-Quantity", "60"), ("o-4-BestBefore", ""), ("o-5-OnSale", ""));
        Assert.Contains($"dự kiến {Vietnamese.Date(planned)}", right.Text, StringComparison.Ordinal);
        var saved = await SaveAsync(browser, right);
        Assert.Contains("Đã lưu 4 dòng.", saved.Text, StringComparison.Ordinal);
        Assert.Equal(["Bơ mẫu – ", "Mận khô mẫu – ", "Mơ mẫu – ", "Na mẫu – "], saved.Page.QuerySelectorAll("main td a").Select(a => a.TextContent.Replace(a.GetAttribute("href")!.Split('/')[^1], "", StringComparison.Ordinal)));
        Assert.Equal([("Na mẫu", 300_000, -1), ("Bơ mẫu", 200_000, 200_000), ("Mận khô mẫu", 60, -1), ("Mơ mẫu", 40, -1)], await market.Db.QueryAsync<(string, long, long)>("""
            select p.name, o.quantity_base, coalesce(s.available, -1) from origin.lot o join producers.product p on p.id = o.product_id left join catalog.lot_stock s on s.lot_id = o.id where o.producer_id = @ProducerId order by o.quantity_base desc
            """, new { seller.ProducerId }));
        Assert.Equal((true, planned, null), await market.Db.SingleAsync<(bool, DateOnly, DateOnly?)>("select opened_standing, planned_on, harvested_on from origin.lot where producer_id = @ProducerId and planned_on is not null", new { seller.ProducerId }));
        await browser.SubmitAsync(saved, "/hoan-tac", ("_yes", "1"));
        await market.Site.RunDueAsync();
        Assert.Contains("Đã hoàn tác 4 dòng, giữ lại 0 dòng.", (await browser.GetAsync(saved.Path)).Text, StringComparison.Ordinal);

        // Who has growing areas says of what was harvested which one it was, or that it was none: in no file that is guessed.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<SonLaMarket.Producers.GrowingAreas>().AddAsync(tx, seller.ProducerId, new("Đồi mẫu", null, "03646", null, null), new Actor(seller.PersonId, Roles.Seller));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        foreach (var file in new[]
        {
            Spreadsheet.Of(["Sản phẩm", "Ngày thu hoạch", "Số lượng của lô"], ["Bơ mẫu", Yesterday, "1 tạ"]),
            Spreadsheet.Of(["Tên hàng", "Nhóm hàng", "Ngày thu hoạch", "Đơn vị bán", "Số lượng", "Giá bán"], ["Roi mẫu", "Trái cây tươi", Yesterday, "kg", "40", "35.000"]),
            // Of a crop that stands nobody need know it, and who says it is heard.
            Spreadsheet.Of(["Sản phẩm", "Ngày thu hoạch", "Số lượng của lô", "Nơi trồng"], ["Bơ mẫu", "chưa", "1 tạ", "nơi cơ sở khai báo"]),
        })
        {
            // What names no growing area grew at the producer's own place, which counts as an area of its own.
            await SaveAsync(browser, await UploadAsync(browser, file));
            Assert.True(await market.Db.SingleAsync<bool>("select a.own_place from origin.lot o join producers.growing_area a on a.id = o.growing_area_id where o.producer_id = @ProducerId order by o.id desc limit 1", new { seller.ProducerId }));
        }
    }

    [Fact]
    public async Task Pictures_sent_along_loose_or_in_a_zip_go_with_the_rows_that_name_them_drawn_anew()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        object?[] headings = ["Tên hàng", "Nhóm hàng", "Ngày thu hoạch", "Đơn vị bán", "Số lượng", "Giá bán", "Ảnh"];
        object?[] Goods(string name, string pictures) => [name, "Trái cây tươi", Yesterday, "kg", "40", "35.000", pictures];
        var zip = Spreadsheet.Packed(("anh/man-2.png", Photo("png")), ("anh/man-10.jpg", Photo()), ("thua.jpg", Photo()), ("hong.jpg", "<svg/> no picture at all"u8.ToArray()));
        var page = await UploadAsync(browser, Spreadsheet.Of(headings, Goods("Mận mẫu ảnh", "Mận"), Goods("Xoài mẫu", ""), Goods("Na mẫu ảnh", "man_2.png; hong.jpg"), Goods("Ổi mẫu ảnh", "man-3.jpg"), Goods("Bơ mẫu ảnh", "")), pictures: [("Mận_1.jpg", Photo()), ("anh.zip", zip), ("xoai-mau.jpg", Photo())]);
        Assert.Contains("2 dòng cần sửa, 3 dòng đúng", page.Text, StringComparison.Ordinal);
        Assert.Contains("hong.jpg: Tệp này không phải ảnh JPEG, PNG hoặc WebP.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Trong ảnh gửi kèm không có “man-3.jpg”.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Kèm 4 ảnh. Ảnh không dùng đến: thua.jpg, hong.jpg.", page.Text, StringComparison.Ordinal);
        Assert.Equal("Mận_1.jpg", page.Page.QuerySelector("[name=o-5-Pictures]")!.GetAttribute("value"));
        var right = await browser.SubmitAndFollowAsync(page, "/sua", ("o-4-Pictures", "man-2.png"));
        Assert.Contains("Sẽ lưu 5 dòng. Không có lỗi. Kèm 6 ảnh.", right.Text, StringComparison.Ordinal);
        Assert.Contains("Đã lưu 6 ảnh.", (await SaveAsync(browser, right)).Text, StringComparison.Ordinal);
        var kept = await market.Db.QueryAsync<(string Name, string Pictures)>("""
            select p.name, coalesce((select string_agg(f.name || ' ' || f.content_type, ', ' order by x.n) from unnest(p.picture_ids) with ordinality as x (id, n) join files.stored_file f on f.id = x.id and f.owner = 'producer:' || p.producer_id), '')
            from producers.product p where p.producer_id = @ProducerId order by p.id
            """, new { seller.ProducerId });
        Assert.Equal([("Mận mẫu ảnh", "Mận_1.jpg image/jpeg, man-2.png image/jpeg, man-10.jpg image/jpeg"), ("Xoài mẫu", "xoai-mau.jpg image/jpeg"), ("Na mẫu ảnh", "man-2.png image/jpeg"), ("Ổi mẫu ảnh", "Mận_1.jpg image/jpeg"), ("Bơ mẫu ảnh", "")], kept);
        // Nothing of what was sent is left, only what was drawn.
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from imports.picture where bytes is not null"));

        var hostile = await SendAsync(browser, Spreadsheet.Of(headings, Goods("Lê mẫu ảnh", "")), "hang.xlsx", Page, [("anh.zip", Spreadsheet.Packed(("a.jpg", zip)))]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, hostile.Status);
        Assert.Contains("Trong ảnh gửi kèm có một tệp nén khác (“a.jpg”)", hostile.Text, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from imports.import where producer_id = @ProducerId", new { seller.ProducerId }));
    }

    private static byte[] Photo(string format = "jpg")
    {
        using var grey = NetVips.Image.Black(96, 80) + 120;
        using var image = grey.Cast(NetVips.Enums.BandFormat.Uchar);
        return image.WriteToBuffer("." + format);
    }

    [Fact]
    public async Task Price_stock_and_months_of_listings_change_by_file_as_the_dry_run_said_and_back_again()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var (a, b, c, d) = (await market.Shop.GoodsAsync(seller, 40), await market.Shop.GoodsAsync(seller, 20), await market.Shop.GoodsAsync(seller, 30), await market.Shop.GoodsAsync(seller, 10));
        // What the template holds is what is there: sent back as it is, it changes nothing.
        var template = await (await browser.GetAsync(Page + "/mau/changes")).Message.Content.ReadAsByteArrayAsync();
        Assert.Empty(Faults(template));
        // So does the open file of the own listings, which platforms get.
        var open = await (await browser.GetAsync("/quan-ly/xuat-du-lieu/open/tep.xlsx")).Message.Content.ReadAsByteArrayAsync();
        Assert.Equal(4, MiniExcel.Query(new MemoryStream(open), useHeaderRow: true).Count());
        Assert.Contains("Không dòng nào khác với trên sàn", (await UploadAsync(browser, open)).Text, StringComparison.Ordinal);
        var same = await UploadAsync(browser, template);
        Assert.Contains("Không dòng nào khác với trên sàn, nên không có gì để lưu.", same.Text, StringComparison.Ordinal);
        Assert.Null(same.Page.QuerySelector("form[action$='/luu']"));
        Assert.Equal(["Giữ nguyên"], MiniExcel.Query(await FileAsync(browser, await browser.GetAsync(same.Path), "/tep"), useHeaderRow: true).Cast<IDictionary<string, object?>>().Select(r => (string)r["Kết quả"]!).Distinct());

        var (actor, officer) = (new Actor(seller.PersonId, Roles.Seller), new Actor(null, Roles.Officer));
        string second;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            second = (await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(await market.Db.SingleAsync<string>("select p.code from producers.product p join catalog.listing l on l.product_id = p.id where l.slug = @Slug", new { b.Slug }), null, Vietnamese.Today(market.Site.Clock), null, null, null, 100_000), seller.PersonId, actor))!;
            Assert.True(await market.Site.Get<Stock>().SupplyAsync(tx, second, 50_000, seller.PersonId, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await UploadAsync(browser, Spreadsheet.Of(["Mã tin", "Giá bán mới (đồng)", "Còn để bán", "Mã lô", "Tháng có hàng", "Mua nhiều nhất", "Khối lượng cả bao bì", "Kích thước (cm)", "Giá khuyến mại (đồng)", "Khuyến mại đến ngày"],
            [a.Slug, "210k", "35", "", "5-7", "20", "5,4 kg", "40x30x20", "180k", Vietnamese.Date(Vietnamese.Today(market.Site.Clock).AddDays(9))], [b.Slug, "", "12", "", ""], [c.Slug, "500.000", "", "", ""], ["khong-co-tin-nay", "190.000", "", "", ""], [d.Slug, "", "500", "", "13"], [a.Slug, "220.000", "", "", ""]));
        Assert.Contains("4 dòng cần sửa, 2 dòng đúng", page.Text, StringComparison.Ordinal);
        Assert.Contains("Tin này bán từ 2 lô. Hãy ghi mã lô.", page.Text, StringComparison.Ordinal);
        Assert.Contains($"Lô {d.LotCode} chỉ còn bán được nhiều nhất 200 hộp.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Cơ sở không có tin nào mang mã “khong-co-tin-nay”.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Trùng với dòng 2 của tệp này.", page.Text, StringComparison.Ordinal);
        Assert.Equal((second, "200", "12"), (Value("o-3-Lot"), Value("o-6-Left"), Value("o-6-NewMonths")));
        string? Value(string name) => page.Page.QuerySelector($"[name={name}]")!.GetAttribute("value");
        var right = await browser.SubmitAndFollowAsync(page, "/sua", ("o-5-Listing", d.Slug), ("o-6-Listing", b.Slug), ("o-6-Lot", b.LotCode), ("o-6-Left", "15"), ("o-6-NewMonths", ""), ("o-7-Listing", c.Slug), ("o-7-NewPrice", ""), ("o-7-Left", ""));
        // A row that says nothing of a listing that another row changes is a twin of it still.
        Assert.Contains("Trùng với dòng 4 của tệp này.", right.Text, StringComparison.Ordinal);
        right = await browser.SubmitAndFollowAsync(right, "/sua", ("o-7-Listing", b.Slug), ("o-7-NewPrice", "205.000"));
        Assert.Contains("Sẽ lưu 6 dòng. Không có lỗi.", right.Text, StringComparison.Ordinal);
        foreach (var change in (string[])["200.000 ₫ → 210.000 ₫", "40 hộp → 35 hộp", "quanh năm → 5-7", "nhiều nhất 20; 5,4 kg; 40 × 30 × 20 cm", "180.000 ₫, ", "10 hộp → 12 hộp", "20 hộp → 15 hộp", "200.000 ₫ → 500.000 ₫", "Giá tăng 150 % so với trước"])
            Assert.Contains(change, right.Text, StringComparison.Ordinal);
        // A price that jumps is asked about before anything is saved.
        Assert.Equal("1 dòng đổi giá hơn một nửa so với trước. Các giá này đúng chứ?", right.Page.QuerySelector("form[action$='/luu'] button")!.GetAttribute("data-ask"));
        var saved = await SaveAsync(browser, right);
        Assert.Contains("Đã lưu 6 dòng.", saved.Text, StringComparison.Ordinal);
        Assert.Equal("180000 205000 500000 190000", await PricesAsync());
        Assert.Equal((210_000L, 20, 5_400L, 40), await market.Db.SingleAsync<(long, int, long, int)>("select usual_vnd, max_units, gross_weight_g, length_cm from catalog.listing where slug = @Slug", new { a.Slug }));
        Assert.Contains("Không dòng nào khác với trên sàn", (await UploadAsync(browser, await (await browser.GetAsync(Page + "/mau/changes")).Message.Content.ReadAsByteArrayAsync())).Text, StringComparison.Ordinal);
        Assert.Contains("Không dòng nào khác với trên sàn", (await UploadAsync(browser, await (await browser.GetAsync("/quan-ly/xuat-du-lieu/open/tep.xlsx")).Message.Content.ReadAsByteArrayAsync())).Text, StringComparison.Ordinal);
        // What buyers see at once needs no new approval; the price is in the history, the stock in its journal.
        Assert.Equal(4, await market.Db.SingleAsync<long>("select count(*) from catalog.listing l where l.producer_id = @ProducerId and l.status = 'approved' and l.public_version = l.version and (select count(*) from catalog.listing_price p where p.listing_id = l.id) = case l.slug when @Slug then 3 else 2 end", new { seller.ProducerId, a.Slug }));
        Assert.Equal([(a.LotCode, 175_000L), (b.LotCode, 75_000), (second, 60_000)], await market.Db.QueryAsync<(string, long)>("select o.code, s.available from catalog.lot_stock s join origin.lot o on o.id = s.lot_id where o.code = any(@codes) order by array_position(@codes, o.code)", new { codes = new[] { a.LotCode, b.LotCode, second } }));
        Assert.Contains("180.000", (await market.Site.Open().GetAsync("/san-pham/" + a.Slug)).Text, StringComparison.Ordinal);

        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().PriceAsync(tx, d.Slug, 195_000, seller.PersonId, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await browser.SubmitAsync(saved, "/hoan-tac", ("_yes", "1"));
        await market.Site.RunDueAsync();
        var undone = await browser.GetAsync(saved.Path);
        Assert.Contains("Đã hoàn tác 5 dòng, giữ lại 1 dòng.", undone.Text, StringComparison.Ordinal);
        Assert.Contains("Giá hoặc tháng có hàng đã được sửa sau khi nhập.", undone.Text, StringComparison.Ordinal);
        Assert.Equal("200000 200000 200000 195000", await PricesAsync());
        Assert.Equal((null, null, null), await market.Db.SingleAsync<(int?, int?, long?)>("select max_units, length_cm, sale_vnd from catalog.listing where slug = @Slug", new { a.Slug }));
        Assert.Equal([200_000L, 100_000, 50_000], await market.Db.QueryAsync<long>("select s.available from catalog.lot_stock s join origin.lot o on o.id = s.lot_id where o.code = any(@codes) order by array_position(@codes, o.code)", new { codes = new[] { a.LotCode, b.LotCode, second } }));

        // What was announced from one price to another is not saved when the price is another by then.
        var late = await UploadAsync(browser, Spreadsheet.Of(["Mã tin", "Giá bán mới (đồng)"], [a.Slug, "215.000"]));
        var asked = await browser.SubmitAsync(late, "/luu");
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().PriceAsync(tx, a.Slug, 230_000, seller.PersonId, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        Assert.Contains("230.000 ₫ → 215.000 ₫", (await browser.GetAsync(asked.Location!)).Text, StringComparison.Ordinal);
        Assert.Equal(230_000, await PriceAsync(a));

        async Task<string> PricesAsync() => string.Join(' ', await PriceAsync(a), await PriceAsync(b), await PriceAsync(c), await PriceAsync(d));
        Task<long> PriceAsync(Goods goods) => market.Db.SingleAsync<long>("select price_vnd from catalog.listing where slug = @Slug", new { goods.Slug });
    }

    [Fact]
    public async Task A_file_ends_no_promotion_says_which_of_its_days_differs_and_asks_before_more_than_half_is_taken_off()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var (actor, today) = (new Actor(seller.PersonId, Roles.Seller), Vietnamese.Today(market.Site.Clock));
        var goods = new List<Goods>();
        for (var i = 0; i < 6; i++)
            goods.Add(await market.Shop.GoodsAsync(seller, 10));
        foreach (var (sale, from) in new[] { (goods[0], (DateOnly?)null), (goods[1], today.AddDays(2)), (goods[2], null), (goods[3], null) })
            await PlanAsync(sale, from);

        string[] headings = ["Mã tin", "Giá bán mới (đồng)", "Giá khuyến mại (đồng)", "Khuyến mại từ ngày", "Khuyến mại đến ngày"];
        var page = await UploadAsync(browser, Spreadsheet.Of(headings, [goods[0].Slug, "210.000", "150.000", "", Day(5)], [goods[1].Slug, "150.000", "", "", ""], [goods[2].Slug, "", "150.000", "", Day(6)], [goods[3].Slug, "", "150.000", Day(1), Day(5)],
            [goods[4].Slug, "", "", "", Day(5)], [goods[5].Slug, "190.000", "", "", ""]));
        Assert.Contains("5 dòng cần sửa, 1 dòng đúng", page.Text, StringComparison.Ordinal);
        const string running = "Tin đang khuyến mại. Hãy bỏ khuyến mại trên trang của tin rồi đổi giá.", there = "Tin đã có khuyến mại. Hãy bỏ khuyến mại đó trên trang của tin rồi lập cái khác.";
        Assert.Equal([("o-2-NewPrice", "200.000", running), ("o-3-NewPrice", "200.000", running), ("o-4-SaleUntil", Day(5), there), ("o-5-SaleFrom", Day(0), there), ("o-6-Sale", "", "Hãy nhập giá khuyến mại.")],
            page.Page.QuerySelectorAll("form[action$='/sua'] tbody tr").Select(r => (r.QuerySelector("input")!.GetAttribute("name")!, r.QuerySelector("input")!.GetAttribute("value") ?? "", r.QuerySelector(".field__error")!.LastChild!.TextContent.Trim())));
        var right = await browser.SubmitAndFollowAsync(page, "/sua", ("o-6-Sale", "90.000"));
        Assert.Contains("Sẽ lưu 2 dòng. Không có lỗi.", right.Text, StringComparison.Ordinal);
        Assert.Contains("4 dòng giữ nguyên.", right.Text, StringComparison.Ordinal);
        Assert.Contains("luật cho giảm nhiều nhất 50 %", right.Text, StringComparison.Ordinal);
        Assert.StartsWith("1 dòng đổi giá hơn một nửa", right.Page.QuerySelector("form[action$='/luu'] button")!.GetAttribute("data-ask"), StringComparison.Ordinal);
        var saved = await SaveAsync(browser, right);
        Assert.Equal([(150_000, 200_000), (200_000, null), (150_000, 200_000), (150_000, 200_000), (90_000, 200_000), (190_000, null)], await PricesAsync());

        // Nor does taking it back: a promotion that was told with the new price stays.
        await PlanAsync(goods[5], null);
        await browser.SubmitAsync(saved, "/hoan-tac", ("_yes", "1"));
        await market.Site.RunDueAsync();
        var undone = await browser.GetAsync(saved.Path);
        Assert.Contains("Đã hoàn tác 1 dòng, giữ lại 1 dòng.", undone.Text, StringComparison.Ordinal);
        Assert.Contains(running, undone.Text, StringComparison.Ordinal);
        Assert.Equal([(200_000, null), (150_000, 190_000)], (await PricesAsync())[4..]);

        string Day(int days) => Vietnamese.Date(today.AddDays(days));
        Task<List<(long, long?)>> PricesAsync() => market.Db.QueryAsync<(long, long?)>("select price_vnd, usual_vnd from catalog.listing where producer_id = @ProducerId order by id", new { seller.ProducerId });
        async Task PlanAsync(Goods sale, DateOnly? from)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            Assert.True(await market.Site.Get<Promotions>().PlanAsync(tx, sale.Slug, 150_000, from, today.AddDays(5), seller.PersonId, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_file_kept_for_another_platform_comes_in_by_its_keys_as_new_goods_or_as_changes_of_known_ones()
    {
        const string page = Page + "/san-khac";
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var known = await market.Shop.GoodsAsync(seller, 40);
        var sku = await market.Db.SingleAsync<string>("select p.code from producers.product p join catalog.listing l on l.product_id = p.id where l.slug = @Slug", new { known.Slug }) is var code ? HandedOn.Sku(code, known.Slug) : "";
        static string Line(int number, params (char Column, string Value)[] cells) => $"""<row r="{number}">{string.Concat(cells.Select(c => $"""<c r="{c.Column}{number}" t="inlineStr"><is><t>{c.Value}</t></is></c>"""))}</row>""";
        var file = BlankWorkbook.Make(BlankWorkbook.Keys, Line(7, ('B', "Mận hậu"), ('C', "Hái tay, giao trong ngày."), ('F', "210000"), ('G', "30"), ('H', "MAN-1"), ('L', "5")) + Line(8, ('B', "Na mẫu"), ('F', "abc"), ('G', "10"), ('L', "0.5")));

        var fresh = await SendAsync(file, ("What", "new"), ("HarvestedOn", Yesterday));
        Assert.Contains("2 dòng cần sửa, 0 dòng đúng", fresh.Text, StringComparison.Ordinal);
        Assert.Contains("Hãy nhập số tiền bằng đồng", fresh.Text, StringComparison.Ordinal);
        // What the parcel weighs is not what is in it: that is asked.
        Assert.Equal(2, fresh.Page.QuerySelectorAll("[name$=-Content]").Length);
        fresh = await browser.SubmitAndFollowAsync(fresh, "/sua", ("o-2-Content", "4,5 kg"));
        Assert.Contains("1 dòng cần sửa, 1 dòng đúng", fresh.Text, StringComparison.Ordinal);
        var saved = await SaveAsync(browser, fresh, ("validOnly", "true"));
        Assert.Contains("Đã lưu 1 dòng.", saved.Text, StringComparison.Ordinal);
        Assert.Equal(("Mận hậu, hộp 4,5 kg", 210_000L, 4_500L, 5_000L), await market.Db.SingleAsync<(string, long, long, long)>("select title, price_vnd, net_weight_g, gross_weight_g from catalog.listing where producer_id = @ProducerId order by id desc limit 1", new { seller.ProducerId }));

        file = BlankWorkbook.Make(BlankWorkbook.Keys, Line(7, ('B', "Mận"), ('F', "215000"), ('G', "35"), ('H', sku)));
        var changes = await SendAsync(file, ("What", "known"));
        Assert.Contains("200.000 ₫ → 215.000 ₫", changes.Text, StringComparison.Ordinal);
        Assert.Contains("40 hộp → 35 hộp", changes.Text, StringComparison.Ordinal);
        Assert.Contains("Cơ sở không có tin nào mang mã “KHAC-1”.", (await SendAsync(BlankWorkbook.Make(BlankWorkbook.Keys, Line(7, ('B', "Khác"), ('F', "90000"), ('H', "KHAC-1"))), ("What", "known"))).Text, StringComparison.Ordinal);

        async Task<Answer> SendAsync(byte[] bytes, params (string Name, string Value)[] fields)
        {
            var asked = await browser.GetAsync(page);
            using var form = new MultipartFormDataContent();
            foreach (var (name, value) in Browser.Fields((IHtmlFormElement)asked.Page.QuerySelector("form[enctype]")!).Where(f => f.Key != "file" && f.Key != "Platform" && !Array.Exists(fields, x => x.Name == f.Key)).Select(f => (f.Key, f.Value)).Concat(fields.Append(("Platform", "shopee"))))
                form.Add(new StringContent(value), name);
            form.Add(new ByteArrayContent(bytes), "file", "shopee.xlsx");
            var sent = await browser.PostAsync(page, form);
            Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
            await market.Site.RunDueAsync();
            return await browser.GetAsync(sent.Location!);
        }
    }

    [Fact]
    public async Task A_chosen_file_and_its_pictures_stay_with_the_form_of_which_something_else_is_refused()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var refused = await SendAsync(browser, Spreadsheet.Of(Headings, Row("Na mẫu giữ lại")), "mua-na.xlsx", Page, [("anh.zip", "no zip at all"u8.ToArray())]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Đã giữ tệp mua-na.xlsx.", refused.Page.QuerySelector("#file-hint")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Đã giữ tệp", refused.Page.QuerySelector("#photos-hint")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await KeptAsync());

        // Nobody else has it, and nothing is kept under another's key.
        var key = refused.Page.QuerySelector("form[enctype] [name=_files]")!.GetAttribute("value")!;
        var stranger = await market.SignInAsync(await market.Shop.SellerAsync());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await AgainAsync(stranger, await stranger.GetAsync(Page), ("_files", key))).Status);
        Assert.Equal(1, await KeptAsync());

        // Sent again as it is, the file need not be chosen once more.
        var sent = await AgainAsync(browser, refused);
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        await market.Site.RunDueAsync();
        var read = await browser.GetAsync(sent.Location!);
        Assert.Contains("mua-na.xlsx", read.Text, StringComparison.Ordinal);
        Assert.Contains("Sẽ lưu 1 dòng. Không có lỗi.", read.Text, StringComparison.Ordinal);
        Assert.Equal(0, await KeptAsync());

        const string platforms = Page + "/san-khac";
        var other = await SendAsync(browser, BlankWorkbook.Make(BlankWorkbook.Keys, """<row r="7"><c r="B7" t="inlineStr"><is><t>Mận mẫu</t></is></c></row>"""), "shopee.xlsx", platforms, null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("Đã giữ tệp shopee.xlsx.", other.Page.QuerySelector("#file-hint")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await AgainAsync(browser, other, ("Platform", "shopee"))).Status);
        Assert.Equal(0, await KeptAsync());

        Task<long> KeptAsync() => market.Db.SingleAsync<long>("select count(*) from foundation.kept_file where person_id = @PersonId", new { seller.PersonId });

        static async Task<Answer> AgainAsync(Browser browser, Answer page, params (string Name, string Value)[] fields)
        {
            using var content = new MultipartFormDataContent();
            var form = (IHtmlFormElement)page.Page.QuerySelector("form[enctype]")!;
            foreach (var (name, value) in Browser.Fields(form).Where(f => f.Key is not ("file" or "photos") && !Array.Exists(fields, x => x.Name == f.Key)).Select(f => (f.Key, f.Value)).Concat(fields))
                content.Add(new StringContent(value), name);
            return await browser.PostAsync(form.GetAttribute("action")!, content);
        }
    }

    /// <summary>The lists of a template and the rules of its rows say the same: whatever may be chosen comes in without a word.</summary>
    [Fact]
    public async Task Whatever_a_template_offers_to_choose_comes_in_without_a_fault()
    {
        var seller = await market.Shop.SellerAsync();
        await market.Shop.GoodsAsync(seller, 1);
        await CheckAsync(await market.SignInAsync(seller), Page, ["listings", "products", "lots"]);
        await CheckAsync((await market.SignInAsync(Roles.Operator)).Browser, Importer.Operators, ["producers"]);

        async Task CheckAsync(Browser browser, string on, string[] kinds)
        {
            foreach (var kind in kinds)
            {
                var template = await (await browser.GetAsync($"{on}/mau/{kind}")).Message.Content.ReadAsByteArrayAsync();
                var example = MiniExcel.Query(new MemoryStream(template), useHeaderRow: true).Cast<IDictionary<string, object?>>().Single();
                var lists = MiniExcel.Query(new MemoryStream(template), useHeaderRow: true, sheetName: "Danh mục").Cast<IDictionary<string, object?>>().ToList();
                var choices = example.Keys.ToDictionary(k => k, k => lists.Where(l => l.ContainsKey(k)).Select(l => (string?)l[k]).Where(v => !string.IsNullOrEmpty(v)).ToList(), StringComparer.Ordinal);
                Assert.Contains(choices, c => c.Value.Count > 0);
                var filled = Fill(template, Enumerable.Range(0, choices.Max(c => c.Value.Count)).Select(n => example.Keys.Select((column, at) => (at, Text: Typed(column, at, n))).Where(c => c.Text.Length > 0).ToDictionary(c => c.at, c => c.Text)));
                Assert.Contains($"Sẽ lưu {choices.Max(c => c.Value.Count)} dòng. Không có lỗi.", (await UploadAsync(browser, filled, on: on)).Text, StringComparison.Ordinal);

                string Typed(string column, int at, int n) => choices[column] is { Count: > 0 } list ? list[n % list.Count]!
                    : column.StartsWith("Ngày thu hoạch", StringComparison.Ordinal) ? Yesterday : column == "Độ cồn" ? "12" : column.StartsWith("Khối lượng tịnh", StringComparison.Ordinal) ? "500" : at == 0 ? $"Mẫu thứ {n}" : (string?)example[column] ?? "";
            }
        }
    }

    /// <summary>In a file of the province's size each mistake is told with its cell, the rule that it breaks, and the nearest value that would be taken where there is one.</summary>
    [Fact]
    public async Task Fifteen_mistakes_among_a_hundred_and_nine_rows_are_told_with_cell_rule_and_nearest_value()
    {
        var year = Vietnamese.Today(market.Site.Clock).Year;
        (int Column, string Wrong, string Rule, string? Nearest)[] mistakes =
        [
            (7, "1.2", "Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k.", "1.200"), (7, "35.000đ/kg", "Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k.", "35.000"), (7, "chưa rõ", "Hãy nhập số tiền bằng đồng, ví dụ 35.000 hoặc 35k.", null),
            (3, $"31/02/{year - 1}", "Không có ngày này trong lịch. Hãy xem lại ngày và tháng.", null), (3, "", "Hãy nhập ngày thu hoạch hoặc ngày làm ra.", null), (3, "01/01/2099", "Ngày thu hoạch không thể ở tương lai. Chưa hái thì lưu lại, làm tiếp sau khi hái.", $"01/01/{year}"),
            (2, "Trai cay tuoi1", "Danh sách không có “Trai cay tuoi1”.", "Trái cây tươi"), (4, "hôpp", "Đơn vị bán là kg, bó, hộp, túi hoặc sản phẩm.", "hộp"), (4, "tá", "Đơn vị bán là kg, bó, hộp, túi hoặc sản phẩm.", null),
            (5, "nặng", "Hãy nhập cân nặng của một hộp, ví dụ 5 kg hoặc 500 g.", null), (6, "40 hộp", "Hãy nhập số lượng bằng số, ví dụ 40.", "40"), (8, "13", "Hãy ghi tháng từ 1 đến 12, ví dụ 5-7 hoặc 10-2.", "12"),
            (1, "Mận hậuu", "Danh sách đặc sản không có “Mận hậuu”. Không phải đặc sản thì để trống.", "Mận hậu"), (0, "", "Hãy nhập tên hàng, từ 2 đến 120 ký tự.", null), (0, "Hàng của tỉnh 1", "Trùng với dòng 3 của tệp này.", null),
        ];
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var rows = Enumerable.Range(0, 109).Select(n =>
        {
            var row = Row($"Hàng của tỉnh {n}");
            if (n % 7 == 6)
                row[mistakes[n / 7].Column] = mistakes[n / 7].Wrong;
            return row;
        });
        var page = await UploadAsync(browser, Spreadsheet.Of([Headings, .. rows]));
        Assert.Contains("15 dòng cần sửa, 94 dòng đúng. Chưa lưu dòng nào.", page.Text, StringComparison.Ordinal);
        var told = page.Page.QuerySelectorAll("form[action$='/sua'] tbody tr").Select(r => (Cells: r.QuerySelectorAll("th, td").Select(d => d.TextContent.Trim()).ToArray(), Why: r.QuerySelector(".field__error")!.LastChild!.TextContent.Trim(), Field: r.QuerySelector("select, input")!)).ToList();
        Assert.Equal(mistakes.Select((m, at) => (Row: $"Dòng {8 + at * 7}{(m.Column == 0 && m.Wrong.Length == 0 ? "" : " – " + (m.Column == 0 ? m.Wrong : $"Hàng của tỉnh {at * 7 + 6}"))}", $"({(char)('A' + m.Column)})", m.Wrong.Length == 0 ? "–" : m.Wrong, m.Rule, m.Nearest ?? (m.Column is 2 or 4 ? "" : m.Wrong))),
            told.Select(t => (t.Cells[0], t.Cells[1][^3..], t.Cells[2], t.Why, t.Field is IHtmlSelectElement list ? list.Value ?? "" : t.Field.GetAttribute("value")!)));
    }

    [Fact]
    public async Task Operators_bring_in_producers_as_drafts_whose_owners_are_invited()
    {
        var browser = (await market.SignInAsync(Roles.Operator)).Browser;
        var page = await UploadAsync(browser, Spreadsheet.Of(
            ["Danh sách cơ sở"],
            ["STT", "Tên đơn vị", "Loại hình", "Người đại diện", "Số ĐT", "Xã", "Địa chỉ", "MST", "Kinh độ", "Vĩ độ"],
            [1, "HTX mẫu Nà Sản", "HTX", "Lò Thị Mẫu", "000 123 4567", "to hieu", "Tiểu khu 1", "0000009991", 103.921, "21,3273"],
            [2, "", "Hộ", "Quàng Văn Mẫu", "912345678", "03646", "Bản Mẫu", "", "", ""],
            [3, "HTX mẫu Hai", "hợp tac xa", "Lò Thị Mẫu", "0001234568", "Phường Chiềng Lề", "Tiểu khu 1", "123", "", ""],
            [4, "HTX mẫu Ba", "", "", "12", "Tô Hiẹuu", "", "", "", "95"],
            [5, "HTX mẫu Nà Sản", "Hợp tác xã", "Lò Thị Mẫu", "0001234567", "Phường Tô Hiệu", "Tiểu khu 1", "0000009991", "", ""]), on: Importer.Operators);
        Assert.Contains("3 dòng cần sửa, 2 dòng đúng", page.Text, StringComparison.Ordinal);
        string Now(string name) => page.Page.QuerySelector($"[name={name}]") is IHtmlSelectElement list ? list.Value! : page.Page.QuerySelector($"[name={name}]")!.GetAttribute("value")!;
        Assert.Contains("“Phường Chiềng Lề” là tên cũ, nay thuộc Phường Tô Hiệu.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Mã số thuế không đúng.", page.Text, StringComparison.Ordinal);
        Assert.Contains("Vĩ độ ở Việt Nam từ 8 đến 24.", page.Text, StringComparison.Ordinal);
        Assert.Equal("Hợp tác xã", Now("o-6-Kind"));
        Assert.StartsWith("Phường Tô Hiệu", Now("o-5-CommuneCode"), StringComparison.Ordinal);
        Assert.StartsWith("Phường Tô Hiệu", Now("o-6-CommuneCode"), StringComparison.Ordinal);
        var right = await browser.SubmitAndFollowAsync(page, "/sua", ("o-5-TaxCode", ""), ("o-6-Representative", "Lò Thị Mẫu"), ("o-6-Phone", "0001234569"), ("o-6-AddressLine", "Tiểu khu 3"), ("o-6-Lat", ""), ("o-7-Name", "HTX mẫu Bốn"), ("o-7-TaxCode", "0000009992"));
        Assert.Contains("Sẽ lưu 5 dòng. Không có lỗi.", right.Text, StringComparison.Ordinal);
        var saved = await SaveAsync(browser, right);
        Assert.Contains("Đã lưu 5 dòng.", saved.Text, StringComparison.Ordinal);
        // Drafts: nobody sees them, nobody works for them, nobody has approved them.
        Assert.Equal(5, await market.Db.SingleAsync<long>("select count(*) from producers.producer p where p.status = 'draft' and p.version = 0 and p.public_version is null and not exists (select 1 from producers.member m where m.producer_id = p.id) and p.commune_code = '03646'"));
        Assert.Equal(("Hộ Quàng Văn Mẫu", "+84912345678"), await market.Db.SingleAsync<(string, string)>("select name, phone from producers.producer where kind = 'household' and version = 0"));
        // Sent again, each is there already.
        Assert.Contains("Sàn đã có cơ sở tên này ở xã, phường này.", (await UploadAsync(browser, Spreadsheet.Of(["Tên cơ sở", "Loại cơ sở", "Người đại diện", "Điện thoại", "Xã, phường", "Bản"], ["HTX mẫu Ba", "HTX", "Lò Thị Mẫu", "0001234567", "Tô Hiệu", "Bản Mẫu"]), on: Importer.Operators)).Text, StringComparison.Ordinal);

        var list = await browser.GetAsync(Importer.Operators);
        Assert.Contains("Hộ Quàng Văn Mẫu", list.Text, StringComparison.Ordinal);
        var invited = await browser.SubmitAndFollowAsync(list, "/moi", ("_yes", "1"));
        Assert.Contains("Đã gửi lời mời tới 5 chủ cơ sở.", invited.Body, StringComparison.Ordinal);
        // Who opens the link is the owner; what was typed waits to be looked over and submitted.
        var body = await market.Db.SingleAsync<string>("select body from accounts.message where recipient = '0001234567' and body like '%HTX mẫu Nà Sản%' order by id desc limit 1");
        var owner = (await market.SignInAsync(Roles.Buyer)).Browser;
        var link = new Uri(body[body.IndexOf("http", StringComparison.Ordinal)..]).PathAndQuery;
        await owner.SubmitAsync(await owner.GetAsync(link), "/loi-moi");
        Assert.Equal("HTX mẫu Nà Sản", (await owner.GetAsync("/quan-ly/co-so")).Page.QuerySelector("[name=Name]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.Gone, (await owner.GetAsync(link)).Status);

        await browser.SubmitAsync(saved, "/hoan-tac", ("_yes", "1"));
        await market.Site.RunDueAsync();
        var undone = await browser.GetAsync(saved.Path);
        Assert.Contains("Đã hoàn tác 4 dòng, giữ lại 1 dòng.", undone.Text, StringComparison.Ordinal);
        Assert.Contains("Cơ sở đã có chủ, hoặc đã được sửa.", undone.Text, StringComparison.Ordinal);
        // A seller sees neither the file nor the way to it.
        var seller = await market.SignInAsync(await market.Shop.SellerAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await seller.GetAsync(saved.Path.Replace(Importer.Operators, Page, StringComparison.Ordinal))).Status);
        Assert.Contains("Không tìm thấy dòng tiêu đề cột", (await UploadAsync(seller, Spreadsheet.Of(["Người đại diện", "Xã, phường"], ["a", "b"]))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_read_for_too_long_is_stopped_and_says_what_to_do()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var sent = await SendAsync(browser, Spreadsheet.Of(Headings, Row("Na mẫu")), "hang.xlsx", Page, null);
        await using (var hasty = new Site(market.Database, settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Imports:ReadSeconds"] = "0" }))
            Assert.Equal(1, await hasty.Get<SonLaMarket.Jobs.TaskRunner>().RunDueAsync(TestContext.Current.CancellationToken));
        var told = await browser.GetAsync(sent.Location!);
        Assert.Contains("Đọc tệp này quá 0 giây nên đã dừng. Hãy chép riêng các dòng", told.Text, StringComparison.Ordinal);
        Assert.Null(told.Page.QuerySelector("progress"));
    }

    [Fact]
    public async Task Every_workbook_that_leaves_the_market_opens_in_an_office_program()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3);
        var (browser, operators) = (await market.SignInAsync(goods.Seller), (await market.SignInAsync(Roles.Operator)).Browser);
        var books = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var kind in new[] { "listings", "changes", "lots", "products" })
            books[kind] = await (await browser.GetAsync($"{Page}/mau/{kind}")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        books["producers"] = await (await operators.GetAsync("/quan-tri/nhap-co-so/mau/producers")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        books["returned"] = (await FileAsync(browser, await UploadAsync(browser, Spreadsheet.Of(Headings, Row("Lê mẫu"), Row("Lê mẫu hai", price: "nhiều"))))).ToArray();
        foreach (var profile in new[] { "open", "voso", "postmart" })
        {
            var run = await market.Site.Get<SonLaMarket.Exports.ExportRuns>().BuildAsync(profile, "test", CancellationToken.None);
            var sha256 = await market.Db.SingleAsync<string>("select sha256 from exports.run_file where run_id = @run and extension = 'xlsx'", new { run });
            books[profile] = await File.ReadAllBytesAsync(market.Site.Get<SonLaMarket.Exports.ExportFiles>().Find(sha256)!, TestContext.Current.CancellationToken);
        }
        Assert.All(books, book => Assert.Empty(Faults(book.Value).Select(fault => $"{book.Key}: {fault}")));
        var read = await SonLaMarket.Tests.Exports.LibreOffice.ToCsvAsync(books);
        foreach (var (name, heading) in new[] { ("listings", "Tên hàng *"), ("changes", goods.Slug), ("lots", "Số lượng"), ("products", "Tên"), ("producers", "Xã"), ("returned", "Vì sao"), ("open", "variant.publicSku"), ("voso", "Mã sản phẩm"), ("postmart", "Mã sản phẩm") })
            Assert.True(read[name].Contains(heading, StringComparison.Ordinal), $"{name}: {read[name]}");
        Assert.Contains("Lê mẫu hai", read["returned"], StringComparison.Ordinal);
    }

    /// <summary>The office's list of producers and of their products comes in in one sitting; price, lot and harvest are left to whoever takes a producer over.</summary>
    [Fact]
    public async Task Operators_bring_in_products_of_producers_that_wait_for_their_owners()
    {
        var browser = (await market.SignInAsync(Roles.Operator)).Browser;
        string[] heads = ["Tên cơ sở", "Loại cơ sở", "Người đại diện", "Điện thoại", "Xã, phường", "Bản"];
        var producers = await SaveAsync(browser, await UploadAsync(browser, Spreadsheet.Of(heads,
            ["HTX mẫu Đợi Một", "HTX", "Lò Thị Mẫu", "0002234567", "Tô Hiệu", "Bản Mẫu"], ["HTX mẫu Đợi Hai", "HTX", "Lò Thị Mẫu", "0002234568", "Tô Hiệu", "Bản Mẫu"]), on: Importer.Operators));
        var taken = await market.Shop.SellerAsync();
        var page = await UploadAsync(browser, Spreadsheet.Of(["STT", "Cơ sở", "Tên sản phẩm", "Nhóm sản phẩm", "Tính lượng theo"],
            [1, "htx mẫu đợi một", "Mận hậu mẫu", "Trái cây tươi", "cân"], [2, "HTX mẫu Đợi Hai", "Mận hậu mẫu", "Trái cây tươi", "cân"], [3, "HTX mẫu Đợi Haii", "Chè mẫu", "Trái cây tươi", "cân"], [4, taken.Name, "Chè mẫu", "Trái cây tươi", "cân"]), on: Importer.Operators);
        Assert.Contains("2 dòng cần sửa, 2 dòng đúng", page.Text, StringComparison.Ordinal);
        Assert.Contains("Không có cơ sở tên này chờ người nhận.", page.Text, StringComparison.Ordinal);
        Assert.Equal("HTX mẫu Đợi Hai", page.Page.QuerySelector<IHtmlSelectElement>("[name=o-4-Producer]")!.Value);
        var right = await browser.SubmitAndFollowAsync(page, "/sua", ("o-5-Producer", "HTX mẫu Đợi Một"));
        Assert.Contains("Sẽ lưu 4 dòng. Không có lỗi.", right.Text, StringComparison.Ordinal);
        var saved = await SaveAsync(browser, right);
        const string made = "select count(*) from producers.product r join producers.producer p on p.id = r.producer_id where p.name like 'HTX mẫu Đợi%' and r.taken_back_at is null and not exists (select 1 from catalog.listing l where l.product_id = r.id)";
        Assert.Equal(4, await market.Db.SingleAsync<long>(made));
        // Who takes a producer over finds its products and prices them.
        var (owner, actor, _) = await market.SignInAsync(Roles.Seller);
        await market.Db.ExecuteAsync("insert into producers.member (producer_id, person_id, role, joined_at) select id, @PersonId, 'owner', now() from producers.producer where name = 'HTX mẫu Đợi Hai'", new { actor.PersonId });
        Assert.Contains("Mận hậu mẫu", (await owner.GetAsync("/quan-ly/san-pham")).Text, StringComparison.Ordinal);
        // Taken back: what waits goes, what was taken over stays with its owner.
        await browser.SubmitAsync(saved, "/hoan-tac", ("_yes", "1"));
        await market.Site.RunDueAsync();
        Assert.Contains("Đã hoàn tác 2 dòng, giữ lại 2 dòng.", (await browser.GetAsync(saved.Path)).Text, StringComparison.Ordinal);
        await browser.SubmitAsync(producers, "/hoan-tac", ("_yes", "1"));
        await market.Site.RunDueAsync();
        Assert.Contains("Đã hoàn tác 1 dòng, giữ lại 1 dòng.", (await browser.GetAsync(producers.Path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sellers_file_is_not_there()
    {
        var page = await UploadAsync(await market.SignInAsync(await market.Shop.SellerAsync()), Spreadsheet.Of(Headings, Row("Na mẫu")));
        var stranger = await market.SignInAsync(await market.Shop.SellerAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(page.Path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(page.Path + "/tep")).Status);
        Assert.DoesNotContain(page.Path, (await stranger.GetAsync(Page)).Body, StringComparison.Ordinal);
    }

    private Task<long> CountAsync(Seller seller) => market.Db.SingleAsync<long>("select count(*) from catalog.listing where producer_id = @ProducerId", new { seller.ProducerId });

    private async Task<Answer> UploadAsync(Browser browser, byte[] file, string name = "hang.xlsx", string on = Page, (string Name, byte[] Bytes)[]? pictures = null)
    {
        var sent = await SendAsync(browser, file, name, on, pictures);
        Assert.True(sent.Status == HttpStatusCode.SeeOther, sent.Text);
        Assert.NotNull((await browser.GetAsync(sent.Location!)).Page.QuerySelector("progress"));
        await market.Site.RunDueAsync();
        return await browser.GetAsync(sent.Location!);
    }

    private static async Task<Answer> SendAsync(Browser browser, byte[] file, string name, string on, (string Name, byte[] Bytes)[]? pictures)
    {
        var page = await browser.GetAsync(on);
        using var content = new MultipartFormDataContent();
        foreach (var (field, value) in Browser.Fields((IHtmlFormElement)page.Page.QuerySelector("form[enctype]")!).Where(f => f.Key is not ("file" or "photos")))
            content.Add(new StringContent(value), field);
        content.Add(new ByteArrayContent(file), "file", name);
        foreach (var (picture, bytes) in pictures ?? [])
            content.Add(new ByteArrayContent(bytes), "photos", picture);
        return await browser.PostAsync(on, content);
    }

    private async Task<Answer> SaveAsync(Browser browser, Answer page, params (string, string)[] fields)
    {
        var asked = await browser.SubmitAsync(page, "/luu", fields);
        Assert.True(asked.Status == HttpStatusCode.SeeOther, asked.Text);
        await market.Site.RunDueAsync();
        return await browser.GetAsync(asked.Location!);
    }

    private static async Task<MemoryStream> FileAsync(Browser browser, Answer page, string? path = null)
    {
        var link = path is null ? page.Page.QuerySelector("a[href$='/tep']")!.GetAttribute("href")! : page.Path + path;
        return new MemoryStream(await (await browser.GetAsync(link)).Message.Content.ReadAsByteArrayAsync());
    }

    /// <summary>What the schema of office documents finds wrong.</summary>
    private static IEnumerable<string> Faults(byte[] workbook) => Faults(new MemoryStream(workbook));

    private static List<string> Faults(Stream workbook)
    {
        workbook.Position = 0;
        using var document = SpreadsheetDocument.Open(workbook, isEditable: false);
        return [.. new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2016).Validate(document).Select(e => $"{e.Path?.XPath}: {e.Description}")];
    }

    private static List<(string Cell, string Text)> Notes(Stream workbook)
    {
        workbook.Position = 0;
        using var document = SpreadsheetDocument.Open(workbook, isEditable: false);
        var part = document.WorkbookPart!.WorksheetParts.First();
        // Each note has a box to be shown in.
        using var boxes = new StreamReader(part.VmlDrawingParts.Single().GetStream());
        var notes = part.WorksheetCommentsPart!.Comments!.CommentList!.Elements<DocumentFormat.OpenXml.Spreadsheet.Comment>().Select(c => (c.Reference!.Value!, c.InnerText)).ToList();
        Assert.Equal(notes.Count, boxes.ReadToEnd().Split("ObjectType=\"Note\"").Length - 1);
        return notes;
    }

    private static List<string> Red(Stream workbook)
    {
        workbook.Position = 0;
        using var document = SpreadsheetDocument.Open(workbook, isEditable: false);
        var part = document.WorkbookPart!;
        var styles = part.WorkbookStylesPart!.Stylesheet!;
        return [.. part.WorksheetParts.First().Worksheet!.Descendants<DocumentFormat.OpenXml.Spreadsheet.Cell>().Where(c => c.StyleIndex is { } style
            && styles.Fills!.ElementAt((int)((DocumentFormat.OpenXml.Spreadsheet.CellFormat)styles.CellFormats!.ElementAt((int)style.Value)).FillId!.Value).InnerXml.Contains("FFC7CE", StringComparison.Ordinal)).Select(c => c.CellReference!.Value!)];
    }

    /// <summary>Types rows into the first sheet below the example, as a spreadsheet program stores what is typed into text cells.</summary>
    private static byte[] Fill(byte[] template, IEnumerable<Dictionary<int, string>> rows)
    {
        using var stream = new MemoryStream();
        stream.Write(template);
        using (var document = SpreadsheetDocument.Open(stream, isEditable: true))
        {
            var sheet = document.WorkbookPart!.Workbook!.Sheets!.Elements<DocumentFormat.OpenXml.Spreadsheet.Sheet>().First();
            var data = ((WorksheetPart)document.WorkbookPart.GetPartById(sheet.Id!.Value!)).Worksheet!.GetFirstChild<DocumentFormat.OpenXml.Spreadsheet.SheetData>()!;
            foreach (var (cells, at) in rows.Select((r, at) => (r, at)))
                data.AppendChild(new DocumentFormat.OpenXml.Spreadsheet.Row(cells.Select(c => new DocumentFormat.OpenXml.Spreadsheet.Cell(new DocumentFormat.OpenXml.Spreadsheet.CellValue(c.Value)) { CellReference = $"{(char)('A' + c.Key)}{at + 3}", DataType = DocumentFormat.OpenXml.Spreadsheet.CellValues.String })) { RowIndex = (uint)(at + 3) });
        }
        return stream.ToArray();
    }
}
