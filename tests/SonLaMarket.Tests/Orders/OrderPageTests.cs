using System.Net;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Orders;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

public sealed class OrderPageTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private Site site = null!;
    private Shop shop = null!;

    public ValueTask InitializeAsync()
    {
        site = new Site(fixture.Database);
        shop = new Shop(site);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task An_english_reader_sees_the_english_title_that_was_bought()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        await site.Db.ExecuteAsync("update catalog.listing_version set title_en = 'Sample plum, 5 kg box' where listing_id = @ListingId", new { goods.ListingId });
        var link = (await (await new Buyer(site).WithAsync(goods)).PlaceAsync("cod")).Location!;
        await site.Db.ExecuteAsync("update catalog.listing_version set title_en = 'Another name' where listing_id = @ListingId", new { goods.ListingId });
        Assert.Equal("Sample plum, 5 kg box", (await site.Open().GetAsync("/en" + link)).Page.QuerySelector(".line__name a")!.TextContent);
        Assert.StartsWith("Mận hậu mẫu", (await site.Open().GetAsync(link)).Page.QuerySelector(".line__name a")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_link_opens_the_order_in_any_browser_and_leaks_nothing()
    {
        var link = await PlacedAsync();
        var page = await site.Open().GetAsync(link);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal("no-referrer", page.Message.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(page.Message.Headers.CacheControl!.NoStore);
        Assert.Contains("Nguyễn Thị Mẫu", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_order_last_placed_in_a_browser_is_found_again_there_until_it_is_to_be_forgotten()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        var code = (await buyer.PlaceAsync("cod")).Location!.Split('?')[0].Split('/')[^1];
        var find = await buyer.Browser.GetAsync("/don-hang");
        Assert.True(find.Message.Headers.CacheControl!.NoStore);
        var link = find.Page.QuerySelector("main .card a")!.GetAttribute("href")!;
        Assert.StartsWith($"/don-hang/{code}?k=", link, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.Open().GetAsync(link)).Status);
        Assert.Null((await site.Open().GetAsync("/don-hang")).Page.QuerySelector("main .card"));
        await buyer.Browser.SubmitAsync(find, "/don-hang/quen");
        Assert.Null((await buyer.Browser.GetAsync("/don-hang")).Page.QuerySelector("main .card"));
    }

    [Fact]
    public async Task Orders_in_the_menu_are_ones_own_once_signed_in_with_the_search_by_code_below()
    {
        Assert.NotNull((await site.Open().GetAsync("/")).Page.QuerySelector(".site-nav a[href='/don-hang']"));
        var seller = await shop.SellerAsync();
        var browser = await site.Open().SignInAsync(seller.SignIn, Seller.Password);
        var mine = await browser.GetAsync((await browser.GetAsync("/")).Page.QuerySelector(".site-nav a[href='/tai-khoan/don-hang']")!.GetAttribute("href")!);
        var code = (await PlacedAsync()).Split('?')[0].Split('/')[^1];
        Assert.StartsWith("/don-hang/" + code, (await browser.SubmitAsync(mine, "/don-hang", ("code", code), ("tel", Buyer.Phone))).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_secret_the_order_is_not_there()
    {
        var link = await PlacedAsync();
        var other = await PlacedAsync();
        var path = link.Split('?')[0];
        foreach (var wrong in new[] { path, path + "?k=", link + "x", path + "?" + other.Split('?')[1], path + "?k=" + new string('A', 200) })
            Assert.Equal((wrong, HttpStatusCode.NotFound), (wrong, (await site.Open().GetAsync(wrong)).Status));
    }

    /// <summary>One address is to be kept. Whoever came by another is told when it ends and what to do then.</summary>
    [Fact]
    public async Task One_address_lasts_and_whoever_comes_by_another_learns_when_it_ends_and_how_to_go_on()
    {
        var link = await PlacedAsync();
        var code = link.Split('?')[0].Split('/')[^1];
        var kept = (await site.Open().GetAsync(link)).Page.QuerySelector("#giu-don")!.ParentElement!;
        Assert.EndsWith(link, kept.QuerySelector("code")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("không hết hạn", kept.TextContent, StringComparison.Ordinal);
        var browser = site.Open();
        var found = await browser.SubmitAndFollowAsync(await browser.GetAsync("/don-hang"), "/don-hang", ("code", code), ("tel", Buyer.Phone));
        kept = found.Page.QuerySelector("#giu-don")!.ParentElement!;
        Assert.Null(kept.QuerySelector("code"));
        Assert.Contains($"chỉ dùng được đến {Vietnamese.Date(DateTimeOffset.UtcNow.AddDays(30))}", kept.TextContent, StringComparison.Ordinal);
        Assert.NotNull(kept.QuerySelector("a[href='/don-hang']"));
        // As an address that has ended is answered.
        var other = site.Open();
        var ended = await other.GetAsync(found.Path.Split('?')[0] + "?k=" + new string('A', 200));
        Assert.Equal(HttpStatusCode.NotFound, ended.Status);
        Assert.Contains("đã hết hạn", ended.Page.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await other.SubmitAsync(ended, "/don-hang", ("code", code), ("tel", Buyer.Phone))).Status);
    }

    [Fact]
    public async Task The_secret_is_stored_as_a_hash_only()
    {
        var link = await PlacedAsync();
        var secret = Uri.UnescapeDataString(link.Split("k=")[1]);
        var code = link.Split('?')[0].Split('/')[^1];
        var row = await site.Db.SingleAsync<string>("select row_to_json(u)::text from orders.purchase u where code = @code", new { code });
        Assert.DoesNotContain(secret, row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_and_phone_find_the_order_and_what_is_wrong_is_not_told_apart()
    {
        var code = (await PlacedAsync()).Split('?')[0].Split('/')[^1];
        var browser = site.Open();
        var form = await browser.GetAsync("/don-hang");
        var wrongPhone = await browser.SubmitAsync(form, "/don-hang", ("code", code), ("tel", "0001111111"));
        var wrongCode = await browser.SubmitAsync(form, "/don-hang", ("code", "ZZZZZZZZ"), ("tel", Buyer.Phone));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (wrongPhone.Status, wrongCode.Status));
        Assert.Equal(wrongCode.Page.QuerySelector(".error-summary")!.TextContent, wrongPhone.Page.QuerySelector(".error-summary")!.TextContent);
        var found = await browser.SubmitAsync(form, "/don-hang", ("code", code.ToLowerInvariant().Insert(4, " ")), ("tel", "000 987 6543"));
        Assert.Equal(HttpStatusCode.OK, (await site.Open().GetAsync(found.Location!)).Status);
    }

    [Fact]
    public async Task Trying_codes_is_slowed_down_by_address()
    {
        await using var guarded = new Site(fixture.Database);
        var browser = guarded.Open();
        var form = await browser.GetAsync("/don-hang");
        for (var i = 0; i < FindLimit.Tries; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(form, "/don-hang", ("code", "ZZZZZZZZ"), ("tel", Buyer.Phone))).Status);
        var refused = await browser.SubmitAsync(form, "/don-hang", ("code", "ZZZZZZZZ"), ("tel", Buyer.Phone));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Message.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task A_signed_in_buyer_finds_own_orders_and_nobody_elses()
    {
        var seller = await shop.SellerAsync();
        var goods = await shop.GoodsAsync(seller, 3);
        var buyer = new Buyer(site);
        await buyer.Browser.SignInAsync(seller.SignIn, Seller.Password);
        var code = (await (await buyer.WithAsync(goods)).PlaceAsync("cod")).Location!.Split('?')[0].Split('/')[^1];
        var placed = (await buyer.Browser.GetAsync("/tai-khoan/don-hang")).Page.QuerySelectorAll("main .row").Single(r => r.TextContent.Contains(code, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await buyer.Browser.GetAsync("/don-hang/" + code)).Status);
        // Cancelled, it still says what was ordered for how much.
        var sold = await buyer.Browser.GetAsync($"/quan-ly/don-hang/{code}-1");
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.Browser.SubmitAsync(sold, "/huy", ("reason", "Mưa đá hỏng vườn"), ("_yes", "1"))).Status);
        var cancelled = (await buyer.Browser.GetAsync("/tai-khoan/don-hang")).Page.QuerySelectorAll("main .row").Single(r => r.TextContent.Contains(code, StringComparison.Ordinal));
        Assert.Equal("Đã hủy", cancelled.QuerySelector(".badge")!.TextContent.Trim());
        Assert.Equal(placed.QuerySelector("strong")!.TextContent, cancelled.QuerySelector("strong")!.TextContent);
        var stranger = await site.Open().SignInAsync((await shop.SellerAsync()).SignIn, Seller.Password);
        Assert.DoesNotContain(code, (await stranger.GetAsync("/tai-khoan/don-hang")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/don-hang/" + code)).Status);
    }

    [Fact]
    public async Task After_the_window_there_is_nothing_left_to_pay()
    {
        var first = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var second = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var buyer = await (await new Buyer(site).WithAsync(first)).WithAsync(second);
        var link = (await buyer.PlaceAsync()).Location!;
        var page = await buyer.Browser.GetAsync(link);
        site.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.Conflict, (await buyer.Browser.SubmitAsync(page, "/thanh-toan")).Status);
        Assert.Null((await buyer.Browser.GetAsync(link)).Page.QuerySelector("form[action$='/thanh-toan']"));
    }

    private async Task<string> PlacedAsync()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        return (await buyer.PlaceAsync("cod")).Location!;
    }
}
