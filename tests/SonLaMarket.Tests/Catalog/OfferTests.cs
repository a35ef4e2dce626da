using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>From nothing to goods on sale: six short pages, or one; a draft that is kept at every step.</summary>
public sealed class OfferTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly string[] Pages = ["anh", "mat-hang", "nguon-goc", "cach-ban", "gia", "kiem-tra"];

    private DateOnly Today => DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7));

    [Fact]
    public async Task Six_pages_make_product_listing_lot_stock_and_a_label()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var at = (await browser.GetAsync("/quan-ly/dang-ban/moi")).Location!;
        (string Name, string Value)[][] said =
        [
            [], [("Speciality", "man-hau")], [("HarvestedOn", Day(-1)), ("Place", "co-so")], [("SaleUnit", "box"), ("Content", "5"), ("Quantity", "40")], [("Price", "175k")], [],
        ];
        for (var i = 0; i < Pages.Length; i++)
        {
            Assert.EndsWith("/" + Pages[i], at, StringComparison.Ordinal);
            var answer = await browser.SubmitAsync(await browser.GetAsync(at), at, said[i]);
            Assert.True(answer.Status == HttpStatusCode.SeeOther, $"{at}: {answer.Status} {answer.Text}");
            at = answer.Location!;
        }
        Assert.EndsWith("/tem", at, StringComparison.Ordinal);
        var done = await browser.GetAsync(at);
        var made = await MadeAsync(seller);
        Assert.Equal(("Mận hậu, hộp 5 kg", "fresh-fruit", "man-hau", "box", 5000, 175_000, 200_000, 200_000), (made.Title, made.CategorySlug, made.SpecialitySlug, made.SaleUnit, made.BasePerUnit, made.PriceVnd, made.QuantityBase, made.Available));
        Assert.Equal([5, 6], made.SeasonMonths);
        Assert.Equal("submitted", made.Status);
        foreach (var label in new[] { "tem.svg", "tem.png", "tem.pdf" })
        {
            var link = $"/quan-ly/lo/{made.LotCode}/{label}";
            Assert.Contains(link, done.Body, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).Status);
        }
    }

    [Fact]
    public async Task The_one_page_and_the_six_pages_make_the_same()
    {
        var (first, second) = (await market.Shop.SellerAsync(), await market.Shop.SellerAsync());
        (string, string)[] said = [("Speciality", "che-shan-tuyet-moc-chau"), ("Price", "250.000"), ("HarvestedOn", Day(-3)), ("Place", "co-so"), ("Quantity", "60")];
        var browser = await market.SignInAsync(first);
        var path = await DraftPathAsync(browser);
        var answer = await browser.SubmitAsync(await browser.GetAsync(path), path, said);
        Assert.True(answer.Location?.EndsWith("/tem", StringComparison.Ordinal), answer.Text);

        browser = await market.SignInAsync(second);
        path = await DraftPathAsync(browser);
        foreach (var page in Pages)
            await browser.SubmitAsync(await browser.GetAsync($"{path}/{page}"), $"{path}/{page}", said);
        Assert.Equal(await MadeAsync(first) with { LotCode = "", Slug = "" }, await MadeAsync(second) with { LotCode = "", Slug = "" });
    }

    [Fact]
    public async Task What_was_said_on_one_device_is_there_on_another()
    {
        var seller = await market.Shop.SellerAsync();
        var phone = await market.SignInAsync(seller);
        var path = await DraftPathAsync(phone);
        await phone.SubmitAsync(await phone.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "nhan-song-ma"));
        var later = await phone.SubmitAsync(await phone.GetAsync(path + "/gia"), path + "/gia", ("Price", "ba mươi"), ("Later", "true"));
        Assert.Equal("/quan-ly", later.Location);

        var computer = await market.SignInAsync(seller);
        Assert.Contains("Nhãn Sông Mã", (await computer.GetAsync("/quan-ly/dang-ban")).Text, StringComparison.Ordinal);
        Assert.Equal("ba mươi", (await computer.GetAsync(path + "/gia")).Page.QuerySelector("[name=Price]")!.GetAttribute("value"));
        var check = await computer.SubmitAsync(await computer.GetAsync(path + "/kiem-tra"), path + "/kiem-tra");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, check.Status);
        Assert.Contains("Hãy nhập số tiền bằng đồng", check.Text, StringComparison.Ordinal);
        Assert.Null(await market.Db.FirstOrDefaultAsync<string>("select code from producers.product where producer_id = @ProducerId", new { seller.ProducerId }));
    }

    [Fact]
    public async Task What_goes_by_the_bag_is_called_a_bag()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var path = await DraftPathAsync(browser);
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "man-hau"));
        await browser.SubmitAsync(await browser.GetAsync(path + "/cach-ban"), path + "/cach-ban", ("SaleUnit", "bag"), ("Content", "5"), ("Quantity", "40"));
        Assert.Contains("Giá một túi 5 kg (đồng)", (await browser.GetAsync(path + "/gia")).Text.Replace('\u00a0', ' '), StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GetAsync(path + "/gia"), path + "/gia", ("Price", "60k"));
        var check = (await browser.GetAsync(path + "/kiem-tra")).Text.Replace('\u00a0', ' ');
        foreach (var said in new[] { "Mận hậu, túi 5 kg", "40 túi", "60.000 ₫/túi" })
            Assert.Contains(said, check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_choice_replaces_what_was_filled_in_never_what_was_typed()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var path = await DraftPathAsync(browser);
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "man-hau"));
        await browser.SubmitAsync(await browser.GetAsync(path + "/cach-ban"), path + "/cach-ban", ("SaleUnit", "box"), ("Content", "3 kg"), ("Quantity", "10"));
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "nhan-song-ma"));
        var what = await browser.GetAsync(path + "/mat-hang");
        Assert.Equal("Nhãn Sông Mã", what.Page.QuerySelector("[name=Name]")!.GetAttribute("value"));
        Assert.Equal("3 kg", (await browser.GetAsync(path + "/cach-ban")).Page.QuerySelector("[name=Content]")!.GetAttribute("value"));
        Assert.Equal(["7", "8", "9"], (await browser.GetAsync(path + "/them")).Page.QuerySelectorAll("[name=Months][checked]").Select(m => m.GetAttribute("value")));
        await browser.SubmitAsync(what, path + "/mat-hang", ("Name", "Nhãn nhà mình"));
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "man-hau"));
        Assert.Equal("Nhãn nhà mình", (await browser.GetAsync(path + "/mat-hang")).Page.QuerySelector("[name=Name]")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("mat-hang", "Speciality", "", "Hãy chọn mặt hàng")]
    [InlineData("mat-hang", "Speciality", "ruou-ngo", "Rượu từ 15 độ")]
    [InlineData("mat-hang", "Speciality", "khac", "Hãy nhập tên hàng")]
    [InlineData("nguon-goc", "HarvestedOn", "31/02/2026", "Không có ngày này trong lịch")]
    [InlineData("nguon-goc", "HarvestedOn", "01/01/2099", "không thể ở tương lai")]
    [InlineData("nguon-goc", "Place", "0190163d-8694-739b-aea5-966c26f8ad91", "Hãy chọn nơi trồng")]
    [InlineData("cach-ban", "Quantity", "nhiều", "Hãy nhập số lượng")]
    [InlineData("gia", "Price", "35 đồng lẻ", "Hãy nhập số tiền")]
    [InlineData("gia", "Price", "500", "Giá từ 1.000")]
    public async Task What_cannot_be_read_is_said_beside_its_field_and_kept(string page, string field, string typed, string message)
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var path = await DraftPathAsync(browser);
        var answer = await browser.SubmitAsync(await browser.GetAsync($"{path}/{page}"), $"{path}/{page}", ("SaleUnit", "kg"), ("Place", "co-so"), (field, typed));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(message, answer.Page.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(message, answer.Page.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        if (answer.Page.QuerySelector($"input[type=text][name={field}]") is { } input)
            Assert.Equal(typed, input.GetAttribute("value"));
    }

    [Fact]
    public async Task The_last_button_pressed_twice_makes_one_lot()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var path = await DraftPathAsync(browser);
        foreach (var page in Pages.SkipLast(1))
            await browser.SubmitAsync(await browser.GetAsync($"{path}/{page}"), $"{path}/{page}", ("Speciality", "man-hau"), ("HarvestedOn", Day(0)), ("Place", "co-so"), ("Quantity", "2 tạ"), ("Price", "35k"));
        var check = await browser.GetAsync(path + "/kiem-tra");
        var answers = await Task.WhenAll(browser.SubmitAsync(check, path + "/kiem-tra"), browser.SubmitAsync(check, path + "/kiem-tra"));
        Assert.All(answers, a => Assert.Equal(path + "/tem", a.Location));
        Assert.Equal(200_000, (await MadeAsync(seller)).QuantityBase);
    }

    [Fact]
    public async Task Another_producers_draft_is_not_found_and_not_changed()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var path = await DraftPathAsync(browser);
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "man-hau"));
        var stranger = await market.SignInAsync(await market.Shop.SellerAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(path + "/mat-hang")).Status);
        var own = await DraftPathAsync(stranger);
        var form = await stranger.GetAsync(own + "/gia");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync(path + "/gia", Browser.Fields(form.Page.QuerySelectorAll<IHtmlFormElement>("main form").First(), ("Price", "1.000")))).Status);
        Assert.Equal("", (await browser.GetAsync(path + "/gia")).Page.QuerySelector("[name=Price]")!.GetAttribute("value"));
    }

    private static async Task<string> DraftPathAsync(Browser browser)
    {
        var first = (await browser.GetAsync("/quan-ly/dang-ban/moi")).Location!;
        return first[..first.LastIndexOf('/')];
    }

    private string Day(int days) => Today.AddDays(days).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private Task<Made> MadeAsync(Seller seller) => market.Db.SingleAsync<Made>("""
        select l.slug, o.code as lot_code, l.title, l.title_en, p.category_slug, p.speciality_slug, p.base_unit, l.sale_unit, l.base_per_unit::int, l.net_weight_g::int, l.price_vnd::int, o.quantity_base::int,
          s.available::int, l.season_months, l.status
        from producers.product p join catalog.listing l on l.product_id = p.id join origin.lot o on o.product_id = p.id join catalog.lot_stock s on s.lot_id = o.id where p.producer_id = @ProducerId
        """, new { seller.ProducerId });

    private sealed record Made(
        string Slug, string LotCode, string Title, string TitleEn, string CategorySlug, string? SpecialitySlug, string BaseUnit, string SaleUnit, int BasePerUnit, int NetWeightG, int PriceVnd, int QuantityBase,
        int Available, int[] SeasonMonths, string Status)
    {
        public bool Equals(Made? other) => other is not null && SeasonMonths.SequenceEqual(other.SeasonMonths)
            && (Title, TitleEn, CategorySlug, SpecialitySlug, BaseUnit, SaleUnit, BasePerUnit) == (other.Title, other.TitleEn, other.CategorySlug, other.SpecialitySlug, other.BaseUnit, other.SaleUnit, other.BasePerUnit)
            && (NetWeightG, PriceVnd, QuantityBase, Available, Status) == (other.NetWeightG, other.PriceVnd, other.QuantityBase, other.Available, other.Status);

        public override int GetHashCode() => Title.GetHashCode(StringComparison.Ordinal);
    }
}
