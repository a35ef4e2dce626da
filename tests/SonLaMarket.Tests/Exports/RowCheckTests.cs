using SonLaMarket.Exports;
using SonLaMarket.Foundation.Web;
using Xunit;

namespace SonLaMarket.Tests.Exports;

public sealed class RowCheckTests
{
    private static readonly SiteOptions Site = new() { PublicBaseUrl = "https://cho.example" };

    private static readonly ExportListing Good = new(
        7, "man-hau", "AB12CD34", "Mận hậu Sơn La loại 1", "Mận hậu Mộc Châu, hái tay.", "", 35_000, "kg", 1000, 12, "09520001234560"[..13] + Gs1.CheckDigit.Compute("0952000123456"), [Guid.Empty],
        "fresh-fruit", "Trái cây tươi", "Thực phẩm", "htx-mau", "HTX mẫu", "Tổ 1", "+84912345678", null, "Phường Mộc Châu", null, null, null, "AB12");

    private static Profile Profile(string columns, string rest = "") => SonLaMarket.Exports.Profile.Read($$"""{"code":"x","name":"X","source":"","formats":["csv"],"columns":[{{columns}}]{{rest}}}""");

    private static List<string> Codes(Profile profile, ExportListing listing) => [.. new RowCheck(profile, Site).Make(listing).Faults.Select(f => f.Code)];

    [Theory]
    [InlineData("""{"name":"a","from":"storage","required":true}""", "E01")]
    [InlineData("""{"name":"a","from":"title","maxLength":10}""", "E02")]
    [InlineData("""{"name":"a","from":"title","kind":"number"}""", "E04")]
    [InlineData("""{"name":"a","from":"priceVnd","transforms":["money(VND)"],"min":35001}""", "E04")]
    [InlineData("""{"name":"a","from":"producerSlug","check":"url"}""", "E06")]
    [InlineData("""{"name":"a","from":"priceVnd","check":"gtin"}""", "E08")]
    public void Value_that_breaks_a_rule_is_named_with_its_code(string column, string code)
    {
        var (row, faults) = new RowCheck(Profile(column), Site).Make(Good);
        Assert.Null(row);
        var fault = Assert.Single(faults);
        Assert.Equal((code, "a", 7L), (fault.Code, fault.Field, fault.ListingId));
        Assert.NotEmpty(fault.Hint);
    }

    [Theory]
    [InlineData("""{"name":"a","from":"title","required":true,"maxLength":21}""")]
    [InlineData("""{"name":"a","from":"priceVnd","kind":"number","min":35000}""")]
    [InlineData("""{"name":"a","from":"url","check":"url"}""")]
    [InlineData("""{"name":"a","from":"gtin","check":"gtin"}""")]
    [InlineData("""{"name":"a","from":"title","check":"title"}""")]
    [InlineData("""{"name":"a","from":"storage"}""")]
    public void Value_within_the_rules_passes(string column) => Assert.Empty(Codes(Profile(column), Good));

    [Theory]
    [InlineData("Mận hậu gọi 0912 345 678")]
    [InlineData("Mận hậu gọi +84912345678")]
    [InlineData("Mận hậu tại https://x.example")]
    [InlineData("Mận hậu 🍑")]
    [InlineData("MẬN HẬU SƠN LA")]
    [InlineData("Mận hậu Giảm Giá")]
    public void Title_that_platforms_refuse_is_E12(string title) =>
        Assert.Equal(["E12"], Codes(Profile("""{"name":"a","from":"title","check":"title"}""", ""","bannedWords":["giảm giá"]"""), Good with { Title = title }));

    [Fact]
    public void Listing_that_names_an_expired_certificate_is_E10() =>
        Assert.Equal(["E10"], Codes(Profile("""{"name":"a","from":"title"}"""), Good with { ExpiredCertificates = ["VietGAP 1"] }));

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+84")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    public void Formula_is_E14_where_the_platform_takes_no_apostrophe(string title)
    {
        var column = """{"name":"a","from":"title"}""";
        Assert.Equal(["E14"], Codes(Profile(column, ""","formula":"refuse" """), Good with { Title = title }));
        Assert.Empty(Codes(Profile(column), Good with { Title = title }));
    }

    [Fact]
    public void Second_row_with_the_same_id_is_E05_and_the_first_stays()
    {
        var check = new RowCheck(Profile("""{"name":"a","from":"sku","unique":true}"""), Site);
        Assert.Empty(check.Make(Good).Faults);
        Assert.Equal("E05", Assert.Single(check.Make(Good with { Id = 8 }).Faults).Code);
        Assert.Empty(check.Make(Good with { Id = 9, Slug = "man-hau-2" }).Faults);
    }

    [Fact]
    public void Address_of_another_host_or_without_https_is_refused()
    {
        var profile = Profile("""{"name":"a","from":"url","check":"url"}""");
        Assert.Empty(new RowCheck(profile, Site).Make(Good).Faults);
        Assert.Equal("E06", Assert.Single(new RowCheck(Profile("""{"name":"a","from":"image","transforms":["const(https://else.example/x.jpg)"],"check":"url"}"""), Site).Make(Good).Faults).Code);
        Assert.Equal("E06", Assert.Single(new RowCheck(Profile("""{"name":"a","transforms":["const(http://cho.example/x.jpg)"],"check":"url"}"""), Site).Make(Good).Faults).Code);
    }

    [Theory]
    [InlineData("""{"name":"a","from":"price"}""", "")]
    [InlineData("""{"name":"a","from":"title","transforms":["eval(1)"]}""", "")]
    [InlineData("""{"name":"a","from":"title","transforms":["cut(x)"]}""", "")]
    [InlineData("""{"name":"a","from":"title","transforms":["cut(5"]}""", "")]
    [InlineData("""{"name":"a","from":"title","check":"spelling"}""", "")]
    [InlineData("""{"name":"a","from":"title","kind":"money"}""", "")]
    [InlineData("""{"name":"a","from":"title","colour":"red"}""", "")]
    [InlineData("""{"name":"a","from":"title"}""", ""","formula":"keep" """)]
    public void Profile_with_a_word_outside_the_vocabulary_is_refused(string column, string rest) => Assert.Throws<ProfileException>(() => Profile(column, rest));

    [Theory]
    [InlineData("collapse", "  a \t b\n", "a b")]
    [InlineData("cut(12)", "Mận hậu Sơn La", "Mận hậu Sơn")]
    [InlineData("cut(5)", "Mậnhậu", "Mậnhậ")]
    [InlineData("cut(3)", "ab🍑c", "ab")]
    [InlineData("money(VND)", "35000", "35000 VND")]
    [InlineData("suffix(g)", "500", "500g")]
    [InlineData("const(new)", null, "new")]
    [InlineData("present(yes|no)", null, "no")]
    [InlineData("present(yes|no)", "1", "yes")]
    [InlineData("map(a=1|b=2)", "b", "2")]
    [InlineData("map(a=1|b=2)", "c", null)]
    [InlineData("money(VND)", null, null)]
    public void Transform_does_what_its_name_says(string transform, string? value, string? expected) => Assert.Equal(expected, Transforms.Apply(transform, value));
}
