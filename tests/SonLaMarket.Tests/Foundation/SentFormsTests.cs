using System.Net;
using AngleSharp.Dom;
using SonLaMarket.Foundation;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>Forms sent twice, half-way, from an old page.</summary>
public sealed class SentFormsTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Areas = "/quan-ly/vung-trong";

    private static (string, string)[] Area(string name) => [("Name", name), ("CommuneCode", "03646"), ("Area", "0,5")];

    private Task<int> CountAsync(Seller seller) => market.Db.SingleAsync<int>("select count(*)::int from producers.growing_area where producer_id = @ProducerId and not own_place", new { seller.ProducerId });

    [Fact]
    public async Task The_same_form_sent_twice_makes_one_thing_and_leads_to_the_first_result()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        var first = await browser.SubmitAsync(page, Areas, Area("Đồi mẫu"));
        var second = await browser.SubmitAsync(page, Areas, Area("Đồi mẫu"));
        Assert.Equal((HttpStatusCode.SeeOther, first.Location), (second.Status, second.Location));
        Assert.Equal(1, await CountAsync(seller));
    }

    [Fact]
    public async Task Two_clicks_at_the_same_moment_make_one_thing()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => browser.SubmitAsync(page, Areas, Area("Đồi mẫu"))));
        Assert.All(answers, a => Assert.Equal((HttpStatusCode.SeeOther, answers[0].Location), (a.Status, a.Location)));
        Assert.Equal(1, await CountAsync(seller));
    }

    [Fact]
    public async Task A_form_changed_after_the_back_button_makes_no_second_thing_and_says_so()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await browser.SubmitAsync(page, Areas, Area("Đồi mẫu"));
        var again = await browser.SubmitAsync(page, Areas, Area("Đồi mẫu lớn"));
        Assert.Equal(HttpStatusCode.SeeOther, again.Status);
        Assert.Contains("đã được gửi một lần", (await browser.GetAsync(again.Location!)).Body, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(seller));
    }

    [Fact]
    public async Task A_refused_form_may_be_sent_again_from_the_old_page_and_from_the_new_one()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        var refused = await browser.SubmitAsync(page, Areas, Area(""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(refused, Areas, Area("Đồi một"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, Areas, Area("Đồi hai"))).Status);
        Assert.Equal(2, await CountAsync(seller));
    }

    [Fact]
    public async Task A_change_sent_again_with_other_values_from_an_old_page_is_saved_once_its_sender_has_seen_what_is_stored()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync("/quan-ly/giao-hang");
        await browser.SubmitAsync(page, "/quan-ly/giao-hang", ("ReadyDays", "3"));
        var told = await browser.SubmitAsync(page, "/quan-ly/giao-hang", ("ReadyDays", "5"));
        Assert.Equal(HttpStatusCode.Conflict, told.Status);
        await browser.SubmitAsync(told, "/quan-ly/giao-hang");
        Assert.Equal("5", (await browser.GetAsync("/quan-ly/giao-hang")).Page.QuerySelector("[name=ReadyDays]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task A_form_cut_off_half_way_says_that_it_is_not_known_whether_it_was_done()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await browser.SubmitAsync(page, Areas, Area("Đồi mẫu"));
        // As the first process left it that was killed between doing and saying so.
        await market.Db.ExecuteAsync("update foundation.sent_form set ended_at = null, location = null where location = '/quan-ly/vung-trong'");
        var sending = browser.SubmitAsync(page, Areas, Area("Đồi mẫu"));
        while (!sending.IsCompleted)
        {
            market.Site.Clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.Conflict, (await sending).Status);
        Assert.Contains("bị ngắt giữa chừng", (await sending).Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(seller));
    }

    [Fact]
    public async Task Another_persons_key_leads_nowhere()
    {
        var seller = await market.Shop.SellerAsync();
        var other = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await browser.SubmitAsync(page, Areas, Area("Đồi mẫu"));
        var stranger = await market.SignInAsync(other);
        var own = await stranger.GetAsync(Areas);
        await stranger.SubmitAsync(own, Areas, [.. Area("Đồi khác"), ("_once", page.Page.QuerySelector("form[action$='/vung-trong'] [name=_once]")!.GetAttribute("value")!)]);
        Assert.Equal(1, await CountAsync(other));
    }

    [Fact]
    public async Task A_question_is_asked_on_a_page_where_there_is_no_script_and_the_answer_does_it()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 5);
        var browser = await market.SignInAsync(seller);
        var path = "/quan-ly/tin-dang/" + goods.Slug;
        var page = await browser.GetAsync(path);
        var button = page.Page.QuerySelector("button[data-ask]")!;
        var asked = await browser.SubmitAsync(page, "/dong", (button.GetAttribute("name")!, button.GetAttribute("value")!));
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Contains("Đóng tin đăng này?", asked.Text, StringComparison.Ordinal);
        Assert.Equal("approved", await StatusAsync());
        var done = await browser.SubmitAsync(asked, "/dong", ("_yes", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal("closed", await StatusAsync());

        Task<string> StatusAsync() => market.Db.SingleAsync<string>("select status from catalog.listing where slug = @Slug", new { goods.Slug });
    }

    [Fact]
    public async Task A_recall_confirmed_twice_without_script_is_one_recall()
    {
        const string recalls = "/so-cong-thuong/thu-hoi";
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var page = await browser.GetAsync($"{recalls}/xem-truoc?lo={goods.LotCode}");
        var button = page.Page.QuerySelector("main button[data-ask]")!;
        var asked = await browser.SubmitAsync(page, recalls, ("Reason", "Phát hiện dư lượng thuốc"), (button.GetAttribute("name")!, button.GetAttribute("value")!));
        Assert.Single(asked.Page.QuerySelectorAll("main form [name=_once]"));
        var first = await browser.SubmitAsync(asked, recalls, ("_yes", "1"));
        var second = await browser.SubmitAsync(asked, recalls, ("_yes", "1"));
        Assert.Equal((HttpStatusCode.SeeOther, first.Location), (second.Status, second.Location));
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from origin.recall_lot where lot_id = @LotId", new { goods.LotId }));
    }

    [Fact]
    public async Task A_password_link_and_a_key_are_shown_again_to_who_made_them_and_stand_in_no_table()
    {
        const string users = "/quan-tri/nguoi-dung";
        const string exports = "/quan-tri/xuat-du-lieu";
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var secrets = new List<string>();
        foreach (var (on, action, fields) in new (string, string, (string, string)[])[]
        {
            (users, users, [("Form.Name", "Cán bộ mẫu"), ("Form.Email", "can-bo-kin@example.invalid"), ("Form.Role", Roles.Officer)]),
            (exports, exports + "/postmart/ma", [("label", "Đối tác mẫu")]),
        })
        {
            var page = await browser.GetAsync(on);
            var first = await browser.SubmitAndFollowAsync(page, action, fields);
            var again = await browser.SubmitAndFollowAsync(page, action, fields);
            var said = first.Page.QuerySelector(".flash")!.TextContent.Trim();
            Assert.Equal(said, again.Page.QuerySelector(".flash")!.TextContent.Trim());
            secrets.Add(said.Split(' ', '=')[^1]);
        }
        Assert.All(secrets, s => Assert.True(s.Length > 30, s));
        Assert.Empty(await market.Database.HoldingAsync(secrets));
    }

    [Fact]
    public async Task What_is_typed_stays_in_the_browser_except_secrets()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 5);
        var browser = await market.SignInAsync(seller);
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        var diary = (await browser.GetAsync("/quan-ly/lo/" + goods.LotCode)).Page.QuerySelector("form[action$='/nhat-ky']")!;
        Assert.StartsWith($"/quan-ly/lo/{goods.LotCode}/nhat-ky#", diary.GetAttribute("data-keep"), StringComparison.Ordinal);
        var details = (await buyer.Browser.GetAsync("/en/thanh-toan")).Page.QuerySelector("form[action$='/thanh-toan']")!;
        Assert.StartsWith("/thanh-toan#", details.GetAttribute("data-keep"), StringComparison.Ordinal);
        foreach (var (who, path) in new[] { (buyer.Browser, "/dang-nhap"), (buyer.Browser, "/dang-ky"), (buyer.Browser, "/dang-nhap/bang-ma"), (buyer.Browser, "/quen-mat-khau"), (buyer.Browser, "/don-hang"), (browser, "/tai-khoan/xac-nhan") })
        {
            var page = (await who.GetAsync(path)).Page;
            Assert.True(page.QuerySelector("main form[method=post]") is not null && page.QuerySelector("form[data-keep]") is null, path);
        }
    }

    [Fact]
    public async Task A_question_that_is_not_ours_is_not_shown()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 5);
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync("/quan-ly/tin-dang/" + goods.Slug);
        var answer = await browser.SubmitAsync(page, "/dong", ("_ask", "Gửi mật khẩu của bạn?"));
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
    }
}
