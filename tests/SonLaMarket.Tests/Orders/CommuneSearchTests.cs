using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Orders;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>Communes under their names of today and of before July 2025, with and without marks, with and without script.</summary>
public sealed class CommuneSearchTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("14", "to hieu", "03646")]
    [InlineData("14", "Phường Tô Hiệu", "03646")]
    [InlineData("14", "quyet thang", "03646")]
    [InlineData(null, "xã Hua La, thành phố Sơn La", "03670")]
    [InlineData("14", "p. chieng le, tp son la", "03646")]
    [InlineData("14", "xã Tân Lập, Mộc Châu", "03997")]
    [InlineData("14", "Chiềng Hắc", "03980")]
    [InlineData("14", "Chiềng Hặc", "04078")]
    [InlineData("01", "ba dinh", "00004")]
    [InlineData(null, "phường ba đình hà nội", "00004")]
    public async Task A_name_finds_its_commune_first(string? province, string typed, string code) =>
        Assert.Equal(code, (await SearchAsync(province, typed))[0].Code);

    [Fact]
    public async Task Sellers_find_communes_under_former_names_too()
    {
        var seller = await market.SignInAsync(await market.Shop.SellerAsync());
        foreach (var path in new[] { "/quan-ly/co-so", "/quan-ly/vung-trong" })
            Assert.Contains("Quyết Thắng", (await seller.GetAsync(path)).Page.QuerySelector("select[name=CommuneCode] option[value='03646']")!.GetAttribute("data-words"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_stood_twice_are_told_apart_by_their_former_district()
    {
        var both = await SearchAsync("14", "chieng chung");
        Assert.Equal(2, both.Select(c => c.Code).Distinct().Count());
        Assert.All(both, c => Assert.Contains("Chiềng Chung", c.Former, StringComparison.Ordinal));
        var one = Assert.Single(await SearchAsync("14", "xã Chiềng Chung, huyện Mai Sơn"));
        Assert.Contains("Mai Sơn", one.Former, StringComparison.Ordinal);
        Assert.NotNull(one.FormerDistrict);
    }

    [Fact]
    public async Task Every_unit_of_before_leads_to_what_it_became()
    {
        var faults = new List<string>();
        foreach (var (name, district, code) in await market.Db.QueryAsync<(string, string, string)>("select full_name, former_district, commune_code from foundation.former_commune"))
        {
            if ((await SearchAsync("14", Vietnamese.Fold($"{name}, {district}"))).All(c => c.Code != code))
                faults.Add($"{name}, {district}");
        }
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("")]
    [InlineData("???")]
    [InlineData("khong co noi nay")]
    [InlineData("a b c d e f g h i j k l m n o p")]
    public async Task What_is_no_name_finds_nothing(string typed) => Assert.Empty(await SearchAsync("14", typed));

    [Fact]
    public async Task Without_script_a_side_way_finds_the_commune_and_nothing_typed_is_lost()
    {
        var browser = (await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9))).Browser;
        var typed = await browser.SubmitAsync(await browser.GetAsync("/thanh-toan"), "/thanh-toan", ("name", "Vàng A Páo"), ("tel", "0009876543"), ("street-address", "Bản Áng"), ("payment", "cod"), ("address-level1", "14"), ("buoc", "tim-xa"));
        Assert.Equal("/thanh-toan/tim-xa", typed.Location);
        var asked = await browser.GetAsync("/thanh-toan/tim-xa");
        Assert.Contains("Tỉnh Sơn La", asked.Text, StringComparison.Ordinal);
        var nothing = await browser.SubmitAsync(asked, "/thanh-toan/tim-xa", ("ten", "không có"));
        Assert.Equal(HttpStatusCode.OK, nothing.Status);
        Assert.Contains("Không thấy nơi nào", nothing.Text, StringComparison.Ordinal);
        var found = await browser.SubmitAsync(nothing, "/thanh-toan/tim-xa", ("ten", "quyet thang"));
        Assert.Contains("trước đây: Phường Quyết Thắng, Thành phố Sơn La", found.Text, StringComparison.Ordinal);
        var chosen = await browser.SubmitAsync(found, "/thanh-toan/tim-xa", ("xa", found.Page.QuerySelector("button[name=xa]")!.GetAttribute("value")!));
        Assert.Equal("/thanh-toan#address-level2", chosen.Location);
        var details = await browser.GetAsync("/thanh-toan");
        Assert.Equal("03646", details.Page.QuerySelector<IHtmlSelectElement>("#address-level2")!.Value);
        Assert.Equal("Vàng A Páo", details.Page.QuerySelector<IHtmlInputElement>("#name")!.Value);
        Assert.Equal("/thanh-toan/xac-nhan", (await browser.SubmitAsync(details, "/thanh-toan")).Location);
    }

    [Fact]
    public async Task Without_a_cart_there_is_nothing_to_look_for() =>
        Assert.Equal("/gio-hang", (await market.Site.Open().GetAsync("/thanh-toan/tim-xa")).Location);

    [Fact]
    public async Task Options_carry_their_former_names_for_the_search_on_the_page()
    {
        var browser = (await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9))).Browser;
        await browser.SubmitAsync(await browser.GetAsync("/gio-hang"), "/gio-hang/noi-giao", ("address-level1", "14"));
        var page = await browser.GetAsync("/thanh-toan");
        var option = page.Page.QuerySelectorAll<IHtmlOptionElement>("#address-level2 option").Single(o => o.Value == "03646");
        Assert.Contains("Phường Quyết Thắng, Thành phố Sơn La", option.GetAttribute("data-words"), StringComparison.Ordinal);
        Assert.Contains("(gồm Yên Bái cũ)", page.Page.QuerySelectorAll<IHtmlOptionElement>("#address-level1 option").Single(o => o.Value == "15").Text, StringComparison.Ordinal);
    }

    private Task<List<FoundCommune>> SearchAsync(string? province, string typed) => Addresses.SearchAsync(market.Db, province, typed, CancellationToken.None);
}
