using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Orders;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>The first page: fee and day, several sellers, buying at once, and the cart in another browser.</summary>
public sealed class CartCodeTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task A_short_code_opens_the_goods_in_another_browser_without_the_buyers_details()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var buyer = await new Buyer(market.Site).WithAsync(goods, 3);
        await buyer.DetailsAsync();
        var shared = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/gio-hang"), "/gio-hang/ma");
        Assert.Equal("/gio-hang#ma-gio", shared.Location);
        var code = Code(await buyer.Browser.GetAsync("/gio-hang"));
        Assert.Matches("^[0-9A-Z]{6}$", code);

        var other = market.Site.Open();
        var opened = await other.SubmitAsync(await other.GetAsync("/gio-hang?ma=" + code), "/gio-hang/mo", ("ma", code.ToLowerInvariant().Insert(3, " ")));
        Assert.Equal("/gio-hang", opened.Location);
        var cart = await other.GetAsync("/gio-hang");
        Assert.Equal("3", cart.Page.QuerySelector<IHtmlInputElement>("[name=quantity]")!.Value);
        Assert.Equal("14", cart.Page.QuerySelector<IHtmlSelectElement>("#address-level1")!.Value);
        // The head of every page says that there is one thing in it; a number without its cart is nobody's, and not kept for others.
        Assert.Equal("1", (await other.GetAsync("/san-pham")).Page.QuerySelector(".site-tools__count")!.TextContent);
        Assert.Null((await market.Site.Open().GetAsync("/san-pham", ("Cookie", "sl_cart_count=3"))).Page.QuerySelector(".site-tools__count"));
        var details = await other.GetAsync("/thanh-toan");
        Assert.Equal(("", "", ""), (Value(details, "name"), Value(details, "tel"), Value(details, "street-address")));
        // Both browsers go on by themselves.
        await other.SubmitAsync(cart, "/gio-hang/sua", ("quantity", "1"));
        Assert.Equal("3", (await buyer.Browser.GetAsync("/gio-hang")).Page.QuerySelector<IHtmlInputElement>("[name=quantity]")!.Value);
        // Opened again, nothing doubles.
        await other.SubmitAsync(await other.GetAsync("/gio-hang"), "/gio-hang/mo", ("ma", code));
        Assert.Equal("3", (await other.GetAsync("/gio-hang")).Page.QuerySelector<IHtmlInputElement>("[name=quantity]")!.Value);
    }

    [Fact]
    public async Task A_code_that_is_wrong_or_too_old_opens_nothing_and_is_kept_in_its_field()
    {
        var buyer = await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9));
        await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/gio-hang"), "/gio-hang/ma");
        var code = Code(await buyer.Browser.GetAsync("/gio-hang"));
        market.Site.Clock.Advance(Carts.ShareLifetime + TimeSpan.FromSeconds(1));
        foreach (var wrong in new[] { "ZZZZZZ", "", "đơn' or 1=1", code })
        {
            var other = market.Site.Open();
            var refused = await other.SubmitAsync(await other.GetAsync("/gio-hang"), "/gio-hang/mo", ("ma", wrong));
            Assert.Equal((wrong, HttpStatusCode.UnprocessableEntity), (wrong, refused.Status));
            Assert.NotNull(refused.Page.QuerySelector("#ma-error"));
            Assert.Equal(wrong, refused.Page.QuerySelector<IHtmlInputElement>("#ma")!.Value);
        }
        Assert.Null((await buyer.Browser.GetAsync("/gio-hang")).Page.QuerySelector("#ma-gio .order-code"));
    }

    [Fact]
    public async Task The_day_of_delivery_stands_on_all_three_pages_and_on_the_order()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/gio-hang"), "/gio-hang/noi-giao", ("address-level1", "01"));
        // One day to get it ready, three on the way.
        var day = DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime.AddHours(7)).AddDays(4).ToString("dd'/'MM'/'yyyy", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Contains("Nhận hàng chậm nhất", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        Assert.Contains(day, (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        Assert.Contains(day, (await buyer.Browser.GetAsync("/thanh-toan")).Text, StringComparison.Ordinal);
        await buyer.DetailsAsync("cod", ("address-level1", "01"), ("address-level2", "00004"));
        var confirm = await buyer.Browser.GetAsync("/thanh-toan/xac-nhan");
        Assert.Contains(day, confirm.Text, StringComparison.Ordinal);
        var placed = await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/xac-nhan");
        Assert.Contains($"giao chậm nhất", (await buyer.Browser.GetAsync(placed.Location!)).Text, StringComparison.Ordinal);
        Assert.Contains(day, (await buyer.Browser.GetAsync(placed.Location!)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_province_and_the_next_page_are_one_press()
    {
        var buyer = await new Buyer(market.Site).WithAsync(await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9));
        var on = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/gio-hang"), "/gio-hang/noi-giao", ("address-level1", "Yên Bái"), ("buoc", "tiep"));
        Assert.Equal("/thanh-toan", on.Location);
        // Yên Bái became part of Lào Cai.
        Assert.Equal("15", (await buyer.Browser.GetAsync("/thanh-toan")).Page.QuerySelector<IHtmlSelectElement>("#address-level1")!.Value);
    }

    [Fact]
    public async Task Several_sellers_are_explained_with_what_is_paid_to_whom_in_which_order()
    {
        var first = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var second = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9, 100_000);
        var buyer = await (await new Buyer(market.Site).WithAsync(first)).WithAsync(second);
        Assert.Contains("2 người bán, 2 kiện hàng, 2 lần thanh toán", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        await buyer.DetailsAsync();
        var confirm = await buyer.Browser.GetAsync("/thanh-toan/xac-nhan");
        Assert.Equal([$"{first.Seller.Name} Trực tuyến qua VNPAY, ngay sau khi đặt 230.000 ₫", $"{second.Seller.Name} Trực tuyến qua VNPAY, ngay sau khi đặt 130.000 ₫"], confirm.Page.QuerySelectorAll(".pays > li").Select(l => l.TextContent.Replace('\u00a0', ' ').Trim()));
        var placed = await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/xac-nhan");
        var order = await buyer.Browser.GetAsync(placed.Location!);
        Assert.Equal([first.Seller.Name, second.Seller.Name], order.Page.QuerySelectorAll(".band--warn .row > span:first-child").Select(s => s.TextContent));
    }

    [Fact]
    public async Task Buying_at_once_leads_to_the_second_page_and_pressed_twice_is_not_twice_as_much()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var browser = market.Site.Open();
        var product = await browser.GetAsync("/san-pham/" + goods.Slug);
        Assert.NotNull(product.Page.QuerySelector("form.buy button[name=mua][value=ngay]"));
        for (var press = 0; press < 2; press++)
            Assert.Equal("/thanh-toan", (await browser.SubmitAsync(product, "/gio-hang", ("quantity", "2"), ("mua", "ngay"))).Location);
        Assert.Equal("2", (await browser.GetAsync("/gio-hang")).Page.QuerySelector<IHtmlInputElement>("[name=quantity]")!.Value);
    }

    [Fact]
    public async Task Only_fresh_goods_are_said_to_spoil()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        Assert.Contains("Hàng tươi, dễ hỏng", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        await market.Db.ExecuteAsync("update catalog.listing_version set category_slug = 'tea' where listing_id = @ListingId", new { goods.ListingId });
        Assert.DoesNotContain("dễ hỏng", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_signed_in_and_ordered_before_is_not_asked_again()
    {
        var seller = await market.Shop.SellerAsync();
        var buyer = new Buyer(market.Site);
        await buyer.Browser.SignInAsync(seller.SignIn, Seller.Password);
        await (await buyer.WithAsync(await market.Shop.GoodsAsync(seller, 9))).PlaceAsync("cod");
        await buyer.WithAsync(await market.Shop.GoodsAsync(seller, 9));
        var details = await buyer.Browser.GetAsync("/thanh-toan");
        Assert.Equal(("Nguyễn Thị Mẫu", "Số 1, tổ 2"), (Value(details, "name"), Value(details, "street-address")));
        Assert.Equal("03646", details.Page.QuerySelector<IHtmlSelectElement>("#address-level2")!.Value);
        Assert.Equal("/thanh-toan/xac-nhan", (await buyer.Browser.SubmitAsync(details, "/thanh-toan", ("payment", "cod"))).Location);
    }

    private static string Code(Answer cart) => cart.Page.QuerySelector("#ma-gio .order-code")!.TextContent;

    private static string Value(Answer page, string id) => page.Page.QuerySelector<IHtmlInputElement>("#" + id)!.Value;
}
