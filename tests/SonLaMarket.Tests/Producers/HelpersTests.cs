using System.Net;
using AngleSharp.Dom;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Producers;

/// <summary>Helpers of community digital teams: only with consent, under both names, and gone the moment the producer says so.</summary>
public sealed class HelpersTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Page = "/tai-khoan/lam-thay";
    private static int phones;

    [Fact]
    public async Task A_helper_acts_after_the_owner_read_the_code_out_and_every_act_bears_both_names()
    {
        var (goods, phone) = await GoodsAsync();
        var (helper, who, _) = await market.SignInAsync(Roles.Helper);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync("/quan-ly/lo")).Status);
        await AgreeByCodeAsync(helper, phone);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync("/quan-ly/lo")).Status);
        await helper.SubmitAsync(await helper.GetAsync(Page), "/bat-dau");

        var lot = await helper.GetAsync("/quan-ly/lo/" + goods.LotCode);
        Assert.Contains("Bạn đang làm thay " + goods.Seller.Name, string.Join(' ', lot.Page.QuerySelector(".acts-for")!.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        await helper.SubmitAsync(lot, "/nhat-ky", ("Kind", "care"), ("DoneOn", market.Site.Clock.GetUtcNow().AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)), ("Note", "Tỉa cành"));
        await helper.SubmitAsync(await helper.GetAsync("/quan-ly/tin-dang/" + goods.Slug), "/tin-dang/" + goods.Slug, ("Price", "190000"));
        await new Buyer(market.Site).WithAsync(goods).ContinueWith(async b => await (await b).PlaceAsync("cod"), TaskScheduler.Default).Unwrap();
        var order = await market.Db.SingleAsync<string>("select code from orders.sub_order where producer_id = @ProducerId", new { goods.Seller.ProducerId });
        Assert.Equal(HttpStatusCode.SeeOther, (await helper.SubmitAsync(await helper.GetAsync("/quan-ly/don-hang/" + order), "/dong-goi")).Status);
        Assert.Equal(["diary.add", "listing.edit", "order.pack"], await market.Db.QueryAsync<string>(
            "select action from accounts.audit where actor_id = @PersonId and on_behalf_of_id = @owner order by id", new { who.PersonId, owner = goods.Seller.PersonId }));

        var officer = (await market.SignInAsync(Roles.Officer)).Browser;
        Assert.Contains($"làm thay {goods.Seller.Name}", (await officer.GetAsync("/so-cong-thuong/nhat-ky-he-thong?viec=order.pack")).Text, StringComparison.Ordinal);
        var owner = await market.SignInAsync(goods.Seller);
        Assert.Contains("Đóng gói đơn hàng", (await owner.GetAsync("/quan-ly/thanh-vien")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_is_kept_with_its_words_way_and_time()
    {
        var (goods, phone) = await GoodsAsync();
        var (helper, who, _) = await market.SignInAsync(Roles.Helper);
        await AgreeByCodeAsync(helper, phone);
        var kept = await market.Db.SingleAsync<(long, string, string, string, bool)>("select agreed_by, agreed_through, text_version, text_hash, agreed_at is not null from producers.helper where person_id = @PersonId", new { who.PersonId });
        Assert.Equal((goods.Seller.PersonId, "code", HelperConsent.Version, HelperConsent.Hash, true), kept);
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from accounts.message where recipient = @phone and key like 'helper-agreed:%'", new { phone }));
    }

    [Fact]
    public async Task An_owner_agrees_on_their_own_screen_and_stops_it_at_once()
    {
        var (goods, phone) = await GoodsAsync();
        var owner = await market.SignInAsync(goods.Seller);
        var (helper, _, _) = await market.SignInAsync(Roles.Helper);
        await AskAsync(helper, phone);
        Assert.Null((await helper.GetAsync(Page)).Page.QuerySelector("form[action$='/bat-dau']"));
        await owner.SubmitAsync(await owner.GetAsync("/quan-ly/thanh-vien"), "/dong-y");
        await helper.SubmitAsync(await helper.GetAsync(Page), "/bat-dau");
        var form = await helper.GetAsync("/quan-ly/ton-kho/" + goods.LotCode);
        Assert.Equal(HttpStatusCode.OK, form.Status);
        await owner.SubmitAsync(await owner.GetAsync("/quan-ly/thanh-vien"), "/dung");
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync("/quan-ly/ton-kho/" + goods.LotCode)).Status);
        Assert.Contains((await helper.SubmitAsync(form, "/ton-kho/" + goods.LotCode, ("Supplied", "1"))).Status, new[] { HttpStatusCode.Forbidden, HttpStatusCode.BadRequest });
        Assert.Null((await helper.GetAsync(Page)).Page.QuerySelector(".acts-for"));
    }

    [Fact]
    public async Task An_agreement_ends_with_its_last_day()
    {
        var (goods, phone) = await GoodsAsync();
        var (helper, who, _) = await market.SignInAsync(Roles.Helper);
        await AgreeByCodeAsync(helper, phone);
        await helper.SubmitAsync(await helper.GetAsync(Page), "/bat-dau");
        Assert.Equal(HttpStatusCode.OK, (await helper.GetAsync("/quan-ly/lo/" + goods.LotCode)).Status);
        await market.Db.ExecuteAsync("update producers.helper set ends_on = (now() at time zone 'Asia/Ho_Chi_Minh')::date - 1 where person_id = @PersonId", new { who.PersonId });
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync("/quan-ly/lo/" + goods.LotCode)).Status);
    }

    [Fact]
    public async Task A_helper_changes_neither_what_pays_nor_members_and_sees_no_money()
    {
        var (_, phone) = await GoodsAsync();
        var (helper, _, _) = await market.SignInAsync(Roles.Helper);
        await AgreeByCodeAsync(helper, phone);
        await helper.SubmitAsync(await helper.GetAsync(Page), "/bat-dau");
        foreach (var path in new[] { "/quan-ly/cong-thanh-toan", "/quan-ly/tien", "/quan-ly/thanh-vien" })
            Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync(path)).Status);
        Assert.DoesNotContain((await helper.GetAsync("/quan-ly")).Page.QuerySelectorAll(".work-nav a").Select(a => a.GetAttribute("href")), h => h is "/quan-ly/tien" or "/quan-ly/thanh-vien" or "/quan-ly/cong-thanh-toan");
        await helper.SubmitAsync(await helper.GetAsync("/quan-ly"), "/lam-thay/dung");
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync("/quan-ly")).Status);
    }

    [Fact]
    public async Task Without_consent_with_a_wrong_code_or_for_an_unknown_phone_nothing_opens()
    {
        var (goods, phone) = await GoodsAsync();
        var (helper, who, _) = await market.SignInAsync(Roles.Helper);
        var before = await market.Db.SingleAsync<long>("select count(*) from accounts.message");
        var unknown = await AskAsync(helper, "0005550000");
        Assert.Equal(before, await market.Db.SingleAsync<long>("select count(*) from accounts.message"));
        var known = await AskAsync(helper, phone);
        Assert.Equal(unknown.Text.Replace("0005 550 000", "", StringComparison.Ordinal), known.Text.Replace(SonLaMarket.Foundation.Text.Vietnamese.ShowPhone(phone).Replace('\u00a0', ' '), "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await helper.SubmitAsync(known, "/ma", ("Code", "12345"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await helper.SubmitAsync(unknown, "/ma", ("Code", await market.Db.CodeAsync(phone)))).Status);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from producers.helper where person_id = @PersonId and agreed_at is not null", new { who.PersonId }));
        await using var tx = await market.Db.BeginAsync();
        var id = await tx.SingleAsync<long>("select id from producers.helper where person_id = @PersonId", new { who.PersonId });
        Assert.False(await market.Site.Get<Helpers>().BeginAsync(tx, id, who.PersonId!.Value, who));
        var stranger = await market.Shop.SellerAsync();
        Assert.False(await market.Site.Get<Helpers>().AgreeAsync(tx, id, stranger.PersonId, "screen", new Actor(stranger.PersonId, Roles.Seller)));
        Assert.NotEmpty(goods.Slug);
    }

    [Fact]
    public async Task A_helper_who_leaves_the_team_acts_for_nobody()
    {
        var (_, phone) = await GoodsAsync();
        var (helper, _, signIn) = await market.SignInAsync(Roles.Helper);
        await AgreeByCodeAsync(helper, phone);
        await helper.SubmitAsync(await helper.GetAsync(Page), "/bat-dau");
        var (@operator, _, _) = await market.SignInAsync(Roles.Operator);
        var found = await @operator.SubmitAsync(await @operator.GetAsync("/quan-tri/nguoi-dung"), "/tim", ("q", signIn));
        var users = await @operator.GetAsync(found.Location!);
        var fields = Browser.Fields((AngleSharp.Html.Dom.IHtmlFormElement)users.Page.QuerySelector("table form")!, ("yes", "false"));
        Assert.Equal(HttpStatusCode.SeeOther, (await @operator.PostAsync("/quan-tri/nguoi-dung/to-cong-nghe-so", fields)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync("/quan-ly")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await helper.GetAsync(Page)).Status);
    }

    private async Task<(Goods Goods, string Phone)> GoodsAsync()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 20);
        var phone = $"0006{Interlocked.Increment(ref phones):D6}";
        await market.Db.ExecuteAsync("update accounts.person set phone = @phone, phone_proven_at = now() where id = @PersonId", new { phone, goods.Seller.PersonId });
        return (goods, phone);
    }

    private static async Task<Answer> AskAsync(Browser helper, string phone) =>
        await helper.SubmitAndFollowAsync(await helper.GetAsync(Page), Page, ("Form.Phone", phone), ("Form.Days", "30"));

    private async Task AgreeByCodeAsync(Browser helper, string phone)
    {
        var asked = await AskAsync(helper, phone);
        Assert.Equal(Page, (await helper.SubmitAsync(asked, "/ma", ("Code", await market.Db.CodeAsync(phone)))).Location);
    }
}
