using System.Net;
using AngleSharp.Dom;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>The same form open on two pages: the last one does not win unnoticed.</summary>
public sealed class SeenTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("/quan-ly/san-pham/{product}", "Storage", "Nơi mát", "Trong tủ lạnh")]
    [InlineData("/quan-ly/co-so", "AddressLine", "Bản Một", "Bản Hai")]
    [InlineData("/quan-ly/co-so/anh", "About", "Vườn trên đồi", "Vườn ven suối")]
    [InlineData("/quan-ly/tin-dang/{listing}", "TitleEn", "First name", "Second name")]
    [InlineData("/quan-ly/tin-dang/{listing}/sua/gia", "Price", "171.000", "172.000")]
    [InlineData("/quan-ly/tin-dang/{listing}/sua/them", "Description", "Chín cây", "Hái non")]
    [InlineData("/quan-ly/giao-hang", "Province[0].Fee", "11.000", "12.000")]
    [InlineData("/quan-ly/giao-hang/bat-dau", "ReadyDays", "4", "5")]
    [InlineData("/quan-ly/cach-nhan-tien", "Account", "7900205123456", "7900205199999", "/chuyen-khoan")]
    [InlineData("/quan-ly/ton-kho/{lot}", "Supplied", "30", "40")]
    [InlineData("/quan-tri/thoi-han", "complaint-open", "8", "9")]
    [InlineData("/so-cong-thuong/ma-la", "many", "41", "42", "/luat")]
    [InlineData("/quan-tri/xuat-du-lieu/google-merchant/nhom-hang", "values[craft]", "Một nhóm", "Nhóm khác")]
    public async Task What_was_saved_meanwhile_is_shown_beside_what_was_typed_and_replaced_only_knowingly(string address, string field, string first, string second, string action = "")
    {
        var (browser, path) = await OpenAsync(address);
        var (page, older) = (await browser.GetAsync(path), await browser.GetAsync(path));
        Saved(await browser.SubmitAsync(page, path + action, (field, first)));
        var told = await browser.SubmitAsync(older, path + action, (field, second));
        Assert.Equal(HttpStatusCode.Conflict, told.Status);
        var control = Control(told, field);
        Assert.Equal(second, Value(control));
        Assert.Contains(first, told.Page.GetElementById(control.Id + "-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(first, Value(Control(await browser.GetAsync(path), field)));
        Saved(await browser.SubmitAsync(told, path + action));
        Assert.Equal(second, Value(Control(await browser.GetAsync(path), field)));
    }

    [Fact]
    public async Task A_form_that_was_refused_in_between_still_knows_what_it_was_filled_in_over()
    {
        var (browser, path) = await OpenAsync("/quan-ly/san-pham/{product}");
        var (page, older) = (await browser.GetAsync(path), await browser.GetAsync(path));
        Saved(await browser.SubmitAsync(page, path, ("Storage", "Nơi mát")));
        var refused = await browser.SubmitAsync(older, path, ("Name", ""), ("Storage", "Trong tủ lạnh"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(refused, path, ("Name", "Mận hậu"))).Status);
    }

    [Fact]
    public async Task Another_part_of_a_listing_changed_meanwhile_is_not_in_the_way()
    {
        var (browser, path) = await OpenAsync("/quan-ly/tin-dang/{listing}");
        var (price, more) = (await browser.GetAsync(path + "/sua/gia"), await browser.GetAsync(path + "/sua/them"));
        Saved(await browser.SubmitAsync(price, path + "/sua/gia", ("Price", "173.000")));
        Saved(await browser.SubmitAsync(more, path + "/sua/them", ("Description", "Chín cây")));
    }

    private static void Saved(Answer answer) => Assert.True(answer.Status == HttpStatusCode.SeeOther, $"{answer.Status} {answer.Text}");

    private static IElement Control(Answer page, string field) => page.Page.QuerySelector($"main [name='{field}']")!;

    private static string Value(IElement control) => control.LocalName == "textarea" ? control.TextContent.Trim() : control.GetAttribute("value") ?? "";

    private async Task<(Browser Browser, string Path)> OpenAsync(string address)
    {
        if (address.StartsWith("/so-cong-thuong", StringComparison.Ordinal) || address.StartsWith("/quan-tri", StringComparison.Ordinal))
            return ((await market.SignInAsync(address.StartsWith("/quan-tri", StringComparison.Ordinal) ? Roles.Operator : Roles.Officer)).Browser, address);
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 5);
        var product = await market.Db.SingleAsync<string>("select p.code from catalog.listing l join producers.product p on p.id = l.product_id where l.slug = @Slug", new { goods.Slug });
        await using (var tx = await market.Db.BeginAsync())
        {
            await market.Site.Get<PayeeMethods>().SetBankAccountAsync(tx, seller.ProducerId, new(BankAccount.NoBank, "7900205000000", "HTX MAU"), true, Actor.System);
            await tx.CommitAsync();
        }
        return (await (await market.SignInAsync(seller)).ConfirmAsync(), address.Replace("{product}", product, StringComparison.Ordinal).Replace("{listing}", goods.Slug, StringComparison.Ordinal).Replace("{lot}", goods.LotCode, StringComparison.Ordinal));
    }
}
