using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Producers;

/// <summary>Members of a producer: invited by a link, each with a role, taken out at once; the last owner stays.</summary>
public sealed class MembersTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Page = "/quan-ly/thanh-vien";

    [Fact]
    public async Task Somebody_invited_by_phone_joins_by_a_link_that_works_once()
    {
        var seller = await market.Shop.SellerAsync();
        var owner = await market.SignInAsync(seller);
        var (staff, _, _) = await market.SignInAsync(Roles.Buyer);
        var link = await InviteAsync(owner, "000 911 1222", MemberRole.Staff);
        Assert.Contains(link, await market.Db.SingleAsync<string>("select body from accounts.message where recipient = '0009111222'"), StringComparison.Ordinal);
        var stranger = await market.Site.Open().GetAsync(link);
        Assert.Contains(seller.Name, stranger.Text, StringComparison.Ordinal);
        Assert.Null(stranger.Page.QuerySelector("main form"));
        Assert.Equal("/quan-ly", (await staff.SubmitAsync(await staff.GetAsync(link), "/loi-moi")).Location);
        Assert.Equal(HttpStatusCode.Gone, (await staff.GetAsync(link)).Status);
        Assert.Equal("", await market.Db.SingleAsync<string>("select contact from producers.invitation where producer_id = @ProducerId", new { seller.ProducerId }));

        Assert.Equal(HttpStatusCode.OK, (await staff.GetAsync("/quan-ly/don-hang")).Status);
        Assert.Equal(HttpStatusCode.OK, (await staff.GetAsync("/quan-ly/tien")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await staff.GetAsync("/quan-ly/cong-thanh-toan")).Status);
        var page = await staff.GetAsync(Page);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Null(page.Page.QuerySelector("form[action$='/moi']"));
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(staff, Page + "/moi", ("Form.Contact", "0009111333"), ("Form.Role", "owner"))).Status);
    }

    [Fact]
    public async Task A_diary_keeper_sees_lots_writes_the_diary_and_nothing_else()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var (keeper, _) = await JoinAsync(goods.Seller, MemberRole.Diary);
        Assert.Equal("/quan-ly/lo", (await keeper.GetAsync("/quan-ly")).Location);
        var lot = await keeper.GetAsync("/quan-ly/lo/" + goods.LotCode);
        Assert.Null(lot.Page.QuerySelector("a[href^='/quan-ly/ton-kho']"));
        Assert.Equal(HttpStatusCode.SeeOther, (await keeper.SubmitAsync(lot, "/nhat-ky", ("Kind", "care"), ("DoneOn", market.Site.Clock.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("Note", "Làm cỏ"))).Status);
        foreach (var path in new[] { "/quan-ly/tin-dang", "/quan-ly/don-hang", "/quan-ly/tien", "/quan-ly/co-so", "/quan-ly/lo/moi", "/quan-ly/ton-kho/" + goods.LotCode, "/quan-ly/cong-thanh-toan" })
            Assert.Equal(HttpStatusCode.Forbidden, (await keeper.GetAsync(path)).Status);
        Assert.Equal(["/quan-ly/lo", "/quan-ly/nhat-ky", "/quan-ly/luot-quet", "/quan-ly/viec"], lot.Page.QuerySelectorAll(".work-nav a").Select(a => a.GetAttribute("href")));
    }

    [Fact]
    public async Task Whoever_is_taken_out_is_out_at_the_next_request()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var owner = await market.SignInAsync(goods.Seller);
        var (staff, _) = await JoinAsync(goods.Seller, MemberRole.Staff);
        var form = await staff.GetAsync("/quan-ly/ton-kho/" + goods.LotCode);
        Assert.Equal(HttpStatusCode.OK, form.Status);
        await owner.SubmitAsync(await owner.GetAsync(Page), "/thanh-vien/go", ("_yes", "1"));
        Assert.Equal(HttpStatusCode.NotFound, (await staff.GetAsync("/quan-ly/ton-kho/" + goods.LotCode)).Status);
        Assert.NotEqual(HttpStatusCode.SeeOther, (await staff.SubmitAsync(form, "/ton-kho/" + goods.LotCode, ("Supplied", "1"))).Status);
    }

    [Fact]
    public async Task The_last_owner_can_neither_leave_nor_be_less_than_owner()
    {
        var seller = await market.Shop.SellerAsync();
        var owner = await market.SignInAsync(seller);
        var (_, staff) = await JoinAsync(seller, MemberRole.Staff);
        var page = await owner.GetAsync(Page);
        Assert.Null(page.Page.QuerySelector("form[action$='/roi']"));
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(owner, Page + "/roi")).Status);
        var members = market.Site.Get<Members>();
        var actor = new Actor(seller.PersonId, Roles.Seller);
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.False(await members.ChangeRoleAsync(tx, seller.ProducerId, seller.PersonId, MemberRole.Staff, seller.PersonId, actor));
            Assert.True(await members.ChangeRoleAsync(tx, seller.ProducerId, staff, MemberRole.Owner, seller.PersonId, actor));
            Assert.True(await members.ChangeRoleAsync(tx, seller.ProducerId, seller.PersonId, MemberRole.Staff, seller.PersonId, actor));
            await tx.CommitAsync();
        }
    }

    [Fact]
    public async Task Of_two_owners_who_leave_at_the_same_moment_one_stays()
    {
        var members = market.Site.Get<Members>();
        for (var round = 0; round < 5; round++)
        {
            var seller = await market.Shop.SellerAsync();
            var (_, other) = await JoinAsync(seller, MemberRole.Owner);
            var left = await Task.WhenAll(new[] { seller.PersonId, other }.Select(async person =>
            {
                await using var tx = await market.Db.BeginAsync();
                var done = await members.RemoveAsync(tx, seller.ProducerId, person, person, new Actor(person, Roles.Seller));
                await tx.CommitAsync();
                return done;
            }));
            Assert.Equal(1, left.Count(l => l));
            Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from producers.member where producer_id = @ProducerId and role = 'owner'", new { seller.ProducerId }));
        }
    }

    [Fact]
    public async Task An_invitation_ends_after_a_week_when_taken_back_and_when_sent_anew()
    {
        var owner = await market.SignInAsync(await market.Shop.SellerAsync());
        var (staff, _, _) = await market.SignInAsync(Roles.Buyer);
        var first = await InviteAsync(owner, "moi@example.invalid", MemberRole.Staff);
        var second = await InviteAsync(owner, "moi@example.invalid", MemberRole.Diary);
        Assert.Equal(HttpStatusCode.Gone, (await staff.GetAsync(first)).Status);
        var open = await staff.GetAsync(second);
        await owner.SubmitAsync(await owner.GetAsync(Page), "/huy-moi");
        Assert.Equal("/loi-moi", (await staff.SubmitAsync(open, "/loi-moi")).Location);
        var third = await InviteAsync(owner, "moi@example.invalid", MemberRole.Staff);
        market.Site.Clock.Advance(Members.InvitationLifetime);
        Assert.Equal(HttpStatusCode.Gone, (await staff.GetAsync(third)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await staff.GetAsync("/loi-moi")).Status);
    }

    [Fact]
    public async Task Another_producers_owner_changes_nobody_here()
    {
        var seller = await market.Shop.SellerAsync();
        var owner = await market.SignInAsync(seller);
        await JoinAsync(seller, MemberRole.Staff);
        var stranger = await market.SignInAsync(await market.Shop.SellerAsync());
        var page = await owner.GetAsync(Page);
        foreach (var action in new[] { "/go", "/vai-tro" })
        {
            var fields = Browser.Fields(page.Page.QuerySelector<IHtmlFormElement>($"form[action$='{action}']")!, ("role", MemberRole.Diary), ("_yes", "1"));
            Assert.Equal(HttpStatusCode.Conflict, (await PostAsync(stranger, Page + action, [.. fields.Where(f => f.Key[0] != '_' || f.Key == "_yes").Select(f => (f.Key, f.Value))])).Status);
        }
        Assert.Equal(["owner", "staff"], await market.Db.QueryAsync<string>("select role from producers.member where producer_id = @ProducerId order by role", new { seller.ProducerId }));
    }

    [Fact]
    public async Task Who_works_for_two_producers_works_for_one_at_a_time_and_no_form_crosses_over()
    {
        var first = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var second = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var both = await market.SignInAsync(first.Seller);
        await JoinAsync(second.Seller, MemberRole.Staff, both);
        Assert.Equal(HttpStatusCode.OK, (await both.GetAsync("/quan-ly/lo/" + second.LotCode)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await both.GetAsync("/quan-ly/lo/" + first.LotCode)).Status);
        var meant = await both.GetAsync("/quan-ly/vung-trong");
        await both.SubmitAsync(await both.GetAsync(Page), "/thanh-vien/doi");
        Assert.Equal(HttpStatusCode.OK, (await both.GetAsync("/quan-ly/lo/" + first.LotCode)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await both.SubmitAsync(meant, "/vung-trong", ("Name", "Nương mẫu"), ("CommuneCode", "03646"), ("AreaM2", "5000"))).Status);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from producers.growing_area where producer_id = any(@both) and not own_place", new { both = new[] { first.Seller.ProducerId, second.Seller.ProducerId } }));
    }

    private async Task<(Browser Browser, long PersonId)> JoinAsync(Seller seller, string role, Browser? browser = null)
    {
        var owner = await market.SignInAsync(seller);
        var link = await InviteAsync(owner, $"moi-{Guid.NewGuid():N}@example.invalid", role);
        browser ??= (await market.SignInAsync(Roles.Buyer)).Browser;
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(link), "/loi-moi")).Status);
        return (browser, await market.Db.SingleAsync<long>("select person_id from producers.member where producer_id = @ProducerId order by joined_at desc, person_id desc limit 1", new { seller.ProducerId }));
    }

    private static async Task<string> InviteAsync(Browser owner, string contact, string role)
    {
        var invited = await owner.SubmitAsync(await owner.GetAsync(Page), Page + "/moi", ("Form.Contact", contact), ("Form.Role", role));
        Assert.Equal(HttpStatusCode.SeeOther, invited.Status);
        var said = (await owner.GetAsync(Page)).Page.QuerySelector(".flash")!.TextContent;
        return new Uri(Regex.Match(said, @"http\S+", RegexOptions.None, TimeSpan.FromSeconds(1)).Value).PathAndQuery;
    }

    private static async Task<Answer> PostAsync(Browser browser, string path, params (string Name, string Value)[] fields)
    {
        var token = (await browser.GetAsync("/tai-khoan")).Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        return await browser.PostAsync(path, fields.Append(("__RequestVerificationToken", token)).Select(f => new KeyValuePair<string, string>(f.Item1, f.Item2)));
    }
}
