using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using SonLaMarket.Exports;
using SonLaMarket.Foundation.Web;
using Xunit;

namespace SonLaMarket.Tests.Exports;

public sealed class RowCheckTests
{
    internal static readonly SiteOptions Site = new() { PublicBaseUrl = "https://cho.example" };
    internal static readonly DateOnly Today = new(2026, 5, 20);

    internal static readonly ExportListing Good = new(
        Id: 7, Slug: "man-hau", ProductCode: "AB12CD34", Title: "Mận hậu Sơn La loại 1", TitleEn: "", Description: "Mận hậu Mộc Châu, hái tay.", Storage: "", Ingredients: "", AlcoholPercent: null, ProductBrand: "", ProductModel: "", PriceVnd: 35_000, SaleVnd: null, SaleFrom: null, SaleUntil: null, OnSale: false, SaleUnit: "kg", BaseUnit: "g", BasePerUnit: 1000,
        NetWeightG: 1000, MinUnits: 1, MaxUnits: null, GrossWeightG: null, LengthCm: null, WidthCm: null, HeightCm: null, SeasonMonths: [], ReadOn: Today, StockUnits: 12, Gtin: "09520001234560"[..13] + Gs1.CheckDigit.Compute("0952000123456"), PictureIds: [Guid.Empty], PictureWidths: [1200, 1200, 1200], PictureHeights: [900, 900, 900], PictureBytes: [90_000, 90_000, 90_000], ApprovedAt: new(2026, 5, 1, 18, 0, 0, TimeSpan.Zero), ChangedAt: new(2026, 5, 3, 1, 0, 0, TimeSpan.Zero),
        CategorySlug: "fresh-fruit", CategoryName: "Trái cây tươi", ParentName: "Thực phẩm", ProducerSlug: "htx-mau", ProducerKind: "cooperative", ProducerName: "HTX mẫu", ProducerAddress: "Tổ 1", ProducerPhone: "+84912345678",
        ProducerTaxCode: null, Brand: "", CommuneName: "Phường Mộc Châu", ProducerApprovedAt: null, ReadyDays: null, CertificateKinds: null, CertificateNames: null, CertificateNumbers: null, CertificateIssuers: null, CertificateEnds: null, Stars: null, ExpiredCertificates: null, GeographicalIndication: null,
        LotCode: "AB12", HarvestedOn: new(2026, 5, 2), PackedOn: null, BestBefore: new(2026, 6, 1), LotQuantityBase: null, LotCommuneName: null, GrowingAreaCode: null, Grade: null);

    private static Profile Profile(string columns, string rest = "") => SonLaMarket.Exports.Profile.Read($$"""{"code":"x","name":"X","source":"","author":"A","note":"N","formats":["csv"],"columns":[{{columns}}]{{rest}}}""");

    private static List<string> Codes(Profile profile, ExportListing listing) => [.. new RowCheck(profile, Site, Today).Make(listing).Faults.Select(f => f.Code)];

    /// <summary>Typed by hand: code, column, value, rule, hint, where it is mended, and the nearest value that would do. E15 is of a platform's own workbook (<see cref="PartnerTemplateTests"/>).</summary>
    [Fact]
    public void Every_check_tells_code_column_value_rule_hint_and_where_it_is_mended()
    {
        const string listing = "/quan-ly/tin-dang/man-hau", product = "/quan-ly/san-pham/AB12CD34";
        (string Column, string More, ExportListing Listing, string Expected)[] cases =
        [
            ("""{"name":"Bảo quản","from":"product.storage","required":true}""", "", Good, $"E01 | Bảo quản |  | required | Mục này đang trống. Hãy bổ sung; tin sẽ có trong lần xuất sau. | {product}#Storage | "),
            ("""{"name":"Tên","from":"product.name","maxLength":10}""", "", Good, $"E02 | Tên | Mận hậu Sơn La loại 1 | maxLength=10 | Mục này quá dài so với quy định của sàn. Hãy rút ngắn. | {listing}#Title | "),
            ("""{"name":"Tình trạng","from":"variant.availability","allowed":["Instock","Sold"]}""", "", Good, "E03 | Tình trạng | InStock | allowed=Instock|Sold | Giá trị này không có trong danh sách mà sàn nhận. Hãy báo cho người quản trị sàn. | /quan-ly/lo | Instock"),
            ("""{"name":"Giá","from":"variant.priceVnd","kind":"number","min":36000}""", "", Good, $"E04 | Giá | 35000 | min=36000 | Số này nhỏ hơn mức sàn cho phép. Hãy kiểm tra lại. | {listing}#Price | "),
            ("""{"name":"Mã","from":"product.id","unique":true}""", "", Good, $"E05 | Mã | AB12CD34 | unique | Mã này đã có ở một dòng khác của tệp. Hãy báo cho người quản trị sàn. | {product}#Name | "),
            ("""{"name":"Trang","from":"seller.publicId","check":"url"}""", "", Good, "E06 | Trang | htx-mau | url | Địa chỉ trang hoặc ảnh chưa đúng. Hãy báo cho người quản trị sàn. | /quan-ly/co-so#Name | "),
            ("""{"name":"Ảnh","from":"product.images","probe":{"minWidth":1201}}""", "", Good, $"E07 | Ảnh | 1200×900 | minSize=1201×1 | Ảnh nhỏ hơn mức sàn nhận. Hãy thay bằng ảnh lớn hơn. | {product}#Photos | "),
            ("""{"name":"GTIN","from":"variant.gtin","check":"gtin"}""", "", Good with { Gtin = "09520001234560" }, $"E08 | GTIN | 09520001234560 | gtin | Mã GTIN sai độ dài hoặc sai số kiểm tra. Hãy sửa mã GTIN của sản phẩm. | {product}#Gtin | "),
            ("""{"name":"Hạn","from":"lot.bestBefore","check":"date","maxDays":11}""", "", Good, "E09 | Hạn | 2026-06-01 | maxDays=11 | Ngày này xa hơn mức sàn cho phép. Hãy kiểm tra lại. | /quan-ly/lo | "),
            ("""{"name":"Tên","from":"product.name"}""", "", Good with { ExpiredCertificates = ["VietGAP trồng trọt 6"] }, "E10 | product.expiredCertificates | VietGAP trồng trọt 6 | state | Tin này nêu chứng nhận đã hết hiệu lực. Hãy nộp chứng nhận mới, hoặc bỏ chứng nhận đó khỏi sản phẩm rồi gửi duyệt lại. | /quan-ly/chung-nhan | "),
            ("""{"name":"Giá","from":"variant.priceVnd","transforms":["const(36000)"],"check":"price"}""", "", Good, $"E11 | Giá | 36000 | price=35000 | Giá trong tệp khác giá trên trang của tin. Hãy báo cho người quản trị sàn. | {listing}#Price | 35000"),
            ("""{"name":"Tên","from":"product.name","check":"title"}""", "", Good with { Title = "Mận hậu gọi 0912 345 678" }, $"E12 | Tên | Mận hậu gọi 0912 345 678 | contact | Tên có số điện thoại, đường dẫn, biểu tượng, chữ in hoa toàn bộ hoặc lời quảng cáo mà sàn không nhận. Hãy bỏ đi. | {listing}#Title | "),
            ("""{"name":"Nhóm","from":"product.categoryCode","transforms":["map(tea=1)"],"required":true}""", "", Good, $"E13 | Nhóm | fresh-fruit | lookup | Nhóm hàng này chưa có nhóm tương ứng của sàn. Hãy báo cho người quản trị sàn. | {product}#CategorySlug | "),
            ("""{"name":"Tên","from":"product.name"}""", ""","formula":"refuse" """, Good with { Title = "=1+1" }, $"E14 | Tên | =1+1 | formula | Mục này bắt đầu bằng một dấu mà bảng tính hiểu là công thức (= + - @). Hãy bỏ dấu đó. | {listing}#Title | "),
        ];
        foreach (var (column, more, told, expected) in cases)
        {
            var profile = Profile(column, more);
            var check = new RowCheck(profile, Site, Today);
            if (expected.StartsWith("E05", StringComparison.Ordinal))
                Assert.NotNull(check.Make(told).Row);
            var (row, faults) = check.Make(told);
            Assert.Null(row);
            var f = Assert.Single(faults);
            Assert.Equal(expected, string.Join(" | ", f.Code, f.Field, f.Value, f.Rule, f.Hint, ExportFields.EditPath(profile.Columns.FirstOrDefault(c => c.Name == f.Field)?.From ?? f.Field, told.Slug, told.ProductCode), f.Suggestion));
        }
    }

    [Theory]
    [InlineData("""{"name":"a","from":"product.storage","required":true}""", "E01")]
    [InlineData("""{"name":"a","from":"product.name","maxLength":10}""", "E02")]
    [InlineData("""{"name":"a","from":"product.name","kind":"number"}""", "E04")]
    [InlineData("""{"name":"a","from":"variant.priceVnd","transforms":["money(VND, 0)"],"min":35001}""", "E04")]
    [InlineData("""{"name":"a","from":"seller.publicId","check":"url"}""", "E06")]
    [InlineData("""{"name":"a","from":"variant.priceVnd","check":"gtin"}""", "E08")]
    [InlineData("""{"name":"a","from":"product.storage","requiredWhen":"variant.stock > 11"}""", "E01")]
    [InlineData("""{"name":"a","from":"variant.availability","allowed":["in_stock"]}""", "E03")]
    [InlineData("""{"name":"a","from":"variant.stock","max":11.5}""", "E04")]
    [InlineData("""{"name":"a","from":"product.images","probe":{"minWidth":1201}}""", "E07")]
    [InlineData("""{"name":"a","from":"product.images","probe":{"minHeight":901}}""", "E07")]
    [InlineData("""{"name":"a","from":"product.images","probe":{"maxBytes":89999}}""", "E07")]
    [InlineData("""{"name":"a","from":"listing.url","probe":{"minWidth":1}}""", "E07")]
    [InlineData("""{"name":"a","from":"variant.unitPriceVnd","transforms":["default(36000)","const(36000)"],"check":"price"}""", "E11")]
    [InlineData("""{"name":"a","from":"product.name","check":"price"}""", "E11")]
    [InlineData("""{"name":"a","from":"variant.availability","kind":"boolean"}""", "E04")]
    [InlineData("""{"name":"a","from":"product.name","check":"date"}""", "E09")]
    [InlineData("""{"name":"a","from":"lot.harvestedOn","check":"date"}""", "E09")]
    [InlineData("""{"name":"a","from":"lot.bestBefore","check":"date","maxDays":11}""", "E09")]
    [InlineData("""{"name":"a","from":"product.categoryCode","transforms":["map(tea=1)"],"required":true}""", "E13")]
    public void Value_that_breaks_a_rule_is_named_with_its_code(string column, string code)
    {
        var (row, faults) = new RowCheck(Profile(column), Site, Today).Make(Good);
        Assert.Null(row);
        var fault = Assert.Single(faults);
        Assert.Equal((code, "a", 7L), (fault.Code, fault.Field, fault.ListingId));
        Assert.NotEmpty(fault.Hint);
    }

    [Theory]
    [InlineData("""{"name":"a","from":"product.name","required":true,"maxLength":21}""")]
    [InlineData("""{"name":"a","from":"variant.priceVnd","kind":"number","min":35000}""")]
    [InlineData("""{"name":"a","from":"listing.url","check":"url"}""")]
    [InlineData("""{"name":"a","from":"variant.gtin","check":"gtin"}""")]
    [InlineData("""{"name":"a","from":"product.name","check":"title"}""")]
    [InlineData("""{"name":"a","from":"product.storage"}""")]
    [InlineData("""{"name":"a","from":"product.storage","requiredWhen":"variant.stock > 12"}""")]
    [InlineData("""{"name":"a","from":"variant.availability","allowed":["InStock"]}""")]
    [InlineData("""{"name":"a","from":"lot.bestBefore","check":"date","maxDays":12}""")]
    [InlineData("""{"name":"a","from":"lot.bestBefore","transforms":["date(dd/MM/yyyy)"],"check":"date"}""")]
    [InlineData("""{"name":"a","from":"lot.bestBefore","transforms":["iso8601(+07:00)"],"check":"date"}""")]
    [InlineData("""{"name":"a","transforms":["const(2026-05-20)"],"check":"date"}""")]
    [InlineData("""{"name":"a","from":"variant.stock","max":12}""")]
    [InlineData("""{"name":"a","from":"product.images","probe":{"minWidth":1200,"minHeight":900,"maxBytes":90000}}""")]
    [InlineData("""{"name":"a","from":"variant.priceVnd","transforms":["money(VND, 0)"],"check":"price"}""")]
    [InlineData("""{"name":"a","transforms":["const(ab🍑)"],"maxLength":3,"lengthIn":"characters"}""")]
    public void Value_within_the_rules_passes(string column) => Assert.Empty(Codes(Profile(column), Good));

    [Theory]
    [InlineData("Mận hậu gọi 0912 345 678")]
    [InlineData("Mận hậu gọi +84912345678")]
    [InlineData("Mận hậu tại https://x.example")]
    [InlineData("Mận hậu 🍑")]
    [InlineData("MẬN HẬU SƠN LA")]
    [InlineData("Mận hậu Giảm Giá")]
    public void Title_that_platforms_refuse_is_E12(string title) =>
        Assert.Equal(["E12"], Codes(Profile("""{"name":"a","from":"product.name","check":"title"}""", ""","bannedWords":["giảm giá"]"""), Good with { Title = title }));

    [Theory]
    [InlineData("0", "", null)]
    [InlineData("0", " 0912345678", "E12")]
    [InlineData("0 91 ", "", null)]
    [InlineData("091 234 567", "", null)]
    [InlineData("+84 ", "912345678", "E12")]
    [InlineData("http:/", "/", "E12")]
    [InlineData("www ", "", null)]
    [InlineData("\u2600", "", "E12")]
    public void Title_of_any_length_is_judged(string repeated, string end, string? code) =>
        Assert.Equal(code is null ? [] : [code], Codes(Profile("""{"name":"a","from":"product.name","check":"title"}""", ""","bannedWords":["giảm giá"]"""), Good with { Title = new StringBuilder().Insert(0, repeated, 100_000).Append(end).ToString() }));

    [Fact]
    public void Halves_of_characters_and_control_characters_become_blanks()
    {
        var title = new string('\uD83C', 100_000) + "Mận\u0000hậu\tSơn\uFFFF\uDF51La \U0001F351" + new string('\uDF51', 100_000);
        Assert.Equal("Mận hậu Sơn  La \U0001F351", Assert.Single(Assert.Single(new RowCheck(Profile("""{"name":"a","from":"product.name"}"""), Site, Today).Make(Good with { Title = title }).Row!)));
    }

    /// <summary>A starved machine reaches any limit of time, and one title would stop a file of thousands.</summary>
    [Fact]
    public void No_row_is_checked_against_a_clock() =>
        Assert.All(typeof(RowCheck).GetMethods(BindingFlags.NonPublic | BindingFlags.Static).Select(m => m.GetCustomAttribute<GeneratedRegexAttribute>()).OfType<GeneratedRegexAttribute>(), a => Assert.Equal(Timeout.Infinite, a.MatchTimeoutMilliseconds));

    [Theory]
    [InlineData("variant.priceVnd", "", 30_000L, true, "E11!")]
    [InlineData("variant.priceVnd", "", 30_000L, false, "")]
    [InlineData("variant.priceVnd", """,{"name":"b","from":"variant.salePriceVnd","check":"price"}""", 30_000L, true, "")]
    [InlineData("variant.salePriceVnd", "", 30_000L, true, "")]
    [InlineData("variant.salePriceVnd", "", 30_000L, false, "")]
    [InlineData("variant.salePriceVnd", "", 35_000L, true, "E11")]
    [InlineData("variant.salePriceVnd", "", 40_000L, false, "E11")]
    public void Price_of_a_promotion_is_told_beside_the_usual_one_and_is_lower(string from, string beside, long saleVnd, bool runs, string expected)
    {
        var listing = Good with { SaleVnd = saleVnd, SaleFrom = new(2026, 5, 19, 17, 0, 0, TimeSpan.Zero), SaleUntil = new(2026, 5, 25, 17, 0, 0, TimeSpan.Zero), OnSale = runs };
        var faults = new RowCheck(Profile($$"""{"name":"a","from":"{{from}}","check":"price"}{{beside}}"""), Site, Today).Make(listing).Faults;
        Assert.Equal(expected, string.Concat(faults.Select(f => f.Code + (f.Warning ? "!" : ""))));
    }

    [Fact]
    public void Listing_that_names_an_expired_certificate_is_E10() =>
        Assert.Equal(["E10"], Codes(Profile("""{"name":"a","from":"product.name"}"""), Good with { ExpiredCertificates = ["VietGAP 1"] }));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+84")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    public void Formula_is_E14_where_the_platform_takes_no_apostrophe(string title)
    {
        var column = """{"name":"a","from":"product.name"}""";
        Assert.Equal(["E14"], Codes(Profile(column, ""","formula":"refuse" """), Good with { Title = title }));
        Assert.Empty(Codes(Profile(column), Good with { Title = title }));
    }

    [Fact]
    public void Picture_that_nobody_can_fetch_is_E07() =>
        Assert.Equal("reachable", Assert.Single(new RowCheck(Profile("""{"name":"a","from":"product.images","probe":{"minWidth":100}}"""), Site, Today).Make(Good with { PictureWidths = [0] }).Faults).Rule);

    [Theory]
    [InlineData("instock", "in stock")]
    [InlineData("In Stok", "in stock")]
    [InlineData("sold", "")]
    public void Value_that_the_platform_does_not_take_comes_with_the_nearest_that_it_does(string value, string nearest) =>
        Assert.Equal(nearest, Assert.Single(new RowCheck(Profile($$"""{"name":"a","transforms":["const('{{value}}')"],"allowed":["in stock","out of stock","preorder"]}"""), Site, Today).Make(Good).Faults).Suggestion);

    [Fact]
    public void Second_row_with_the_same_id_is_E05_and_the_first_stays()
    {
        var check = new RowCheck(Profile("""{"name":"a","from":"variant.publicSku","unique":true}"""), Site, Today);
        Assert.Empty(check.Make(Good).Faults);
        Assert.Equal("E05", Assert.Single(check.Make(Good with { Id = 8 }).Faults).Code);
        Assert.Empty(check.Make(Good with { Id = 9, Slug = "man-hau-2" }).Faults);
    }

    [Fact]
    public void Address_of_another_host_or_without_https_is_refused()
    {
        var profile = Profile("""{"name":"a","from":"listing.url","check":"url"}""");
        Assert.Empty(new RowCheck(profile, Site, Today).Make(Good).Faults);
        Assert.Equal("E06", Assert.Single(new RowCheck(Profile("""{"name":"a","from":"product.images","transforms":["const(https://else.example/x.jpg)"],"check":"url"}"""), Site, Today).Make(Good).Faults).Code);
        Assert.Equal("E06", Assert.Single(new RowCheck(Profile("""{"name":"a","transforms":["const(http://cho.example/x.jpg)"],"check":"url"}"""), Site, Today).Make(Good).Faults).Code);
    }

    [Fact]
    public void Rows_beyond_what_the_platform_takes_are_set_aside()
    {
        var check = new RowCheck(Profile("""{"name":"a","from":"product.name"}""", ""","limits":{"maxRows":1}"""), Site, Today);
        Assert.Empty(check.Make(Good).Faults);
        Assert.Equal(("E04", "maxRows=1"), Assert.Single(check.Make(Good with { Id = 8 }).Faults) is var fault ? (fault.Code, fault.Rule) : default);
    }

    [Fact]
    public void Filter_leaves_listings_out_without_a_fault()
    {
        var check = new RowCheck(Profile("""{"name":"a","from":"product.name"}""", ""","filter":"variant.stock > 0" """), Site, Today);
        Assert.True(check.Takes(Good));
        Assert.False(check.Takes(Good with { StockUnits = 0 }));
        Assert.True(new RowCheck(Profile("""{"name":"a","from":"product.name"}"""), Site, Today).Takes(Good with { StockUnits = 0 }));
    }

    [Fact]
    public void Column_takes_as_many_values_as_it_says_from_one_field_or_several()
    {
        var listing = Good with { PictureIds = [Guid.Empty, Guid.Empty, Guid.Empty], Storage = "Nơi mát" };
        var profile = Profile("""{"name":"a","from":"product.images"},{"name":"b","from":"product.images","transforms":["rest"],"many":5},{"name":"c","from":"product.name, product.giName, product.storage","transforms":["join(' – ')"]}""");
        var (row, faults) = new RowCheck(profile, Site, Today).Make(listing);
        Assert.Empty(faults);
        Assert.Equal([1, 2, 1], row!.Select(c => c.Count));
        Assert.Equal("Mận hậu Sơn La loại 1 – Nơi mát", row![2][0]);
    }

    [Theory]
    [InlineData("""{"name":"a","from":"price"}""", "")]
    [InlineData("""{"name":"a","from":"product.name, price"}""", "")]
    [InlineData("""{"name":"a","from":"product.name","check":"spelling"}""", "")]
    [InlineData("""{"name":"a","from":"product.name","kind":"money"}""", "")]
    [InlineData("""{"name":"a","from":"product.name","lengthIn":"bytes"}""", "")]
    [InlineData("""{"name":"a","from":"product.name","requiredWhen":"variant.stock"}""", "")]
    [InlineData("""{"name":"a","from":"product.name","colour":"red"}""", "")]
    [InlineData("""{"name":"a"},{"name":"a"}""", "")]
    [InlineData("""{"name":""}""", "")]
    [InlineData("""{"name":"a","from":"product.name"}""", ""","formula":"keep" """)]
    [InlineData("""{"name":"a","from":"product.name"}""", ""","status":"proved" """)]
    [InlineData("""{"name":"a","from":"product.name"}""", ""","filter":"stock > 0" """)]
    public void Profile_with_a_word_outside_the_vocabulary_is_refused(string column, string rest) => Assert.Throws<ProfileException>(() => Profile(column, rest));
}
