using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using OtpNet;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>One's own account: devices, contacts, password, second factor; and what is asked again before they change.</summary>
public sealed class AccountTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

    [Fact]
    public async Task Devices_are_named_this_one_is_marked_and_another_is_signed_out_at_once()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        var phone = await market.Site.Open().SignInAsync(signIn, Seller.Password);
        await market.Db.ExecuteAsync("update accounts.session set user_agent = @Android where id = (select max(id) from accounts.session)", new { Android });
        var page = await browser.GetAsync("/tai-khoan/thiet-bi");
        Assert.Equal("Máy này", page.Page.QuerySelectorAll(".row").Single(r => r.QuerySelector("form") is null).QuerySelector(".badge")!.TextContent);
        Assert.Contains("Chrome, Android", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/thiet-bi/ket-thuc")).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await phone.GetAsync("/tai-khoan")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/thiet-bi/ket-thuc")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/tai-khoan")).Status);
    }

    [Fact]
    public async Task All_other_devices_are_signed_out_and_nobody_elses()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        var (stranger, _, _) = await market.SignInAsync(Roles.Buyer);
        var others = new[] { await market.Site.Open().SignInAsync(signIn, Seller.Password), await market.Site.Open().SignInAsync(signIn, Seller.Password) };
        var page = await browser.GetAsync("/tai-khoan/thiet-bi");
        var theirs = Browser.Fields(page.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/ket-thuc", StringComparison.Ordinal)));
        theirs["__RequestVerificationToken"] = (await stranger.GetAsync("/tai-khoan")).Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync("/tai-khoan/thiet-bi/ket-thuc", theirs)).Status);
        await browser.SubmitAsync(page, "/thiet-bi/ket-thuc-khac");
        foreach (var other in others)
            Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/tai-khoan")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/tai-khoan")).Status);
        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync("/tai-khoan")).Status);
    }

    [Theory]
    [InlineData(Roles.Officer, false, 15)]
    [InlineData(Roles.Seller, false, 12 * 60)]
    [InlineData(Roles.Buyer, false, 30 * 24 * 60)]
    [InlineData(Roles.Buyer, true, 30)]
    public async Task A_session_ends_after_so_many_minutes_without_use(string role, bool shared, int minutes)
    {
        var (_, _, signIn) = await market.SignInAsync(role);
        var browser = market.Site.Open();
        await browser.SubmitAsync(await browser.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", Seller.Password), ("Shared", shared ? "true" : "false"));
        for (var i = 0; i < 3; i++)
        {
            market.Site.Clock.Advance(TimeSpan.FromMinutes(minutes - 1));
            if (role != Roles.Buyer || shared || i < 2)
                Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/tai-khoan")).Status);
        }
        market.Site.Clock.Advance(TimeSpan.FromMinutes(minutes + 1));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tai-khoan")).Status);
    }

    [Fact]
    public async Task An_officers_session_ends_after_eight_hours_of_use()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        for (var i = 0; i < 47; i++)
        {
            market.Site.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/tai-khoan")).Status);
        }
        market.Site.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tai-khoan")).Status);
    }

    [Fact]
    public async Task Signing_out_clears_what_the_browser_kept_and_pages_are_never_kept()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Buyer);
        var page = await browser.GetAsync("/tai-khoan");
        Assert.True(page.Message.Headers.CacheControl!.NoStore);
        var left = await browser.SubmitAsync(page, "/dang-xuat");
        Assert.Equal("\"cache\", \"storage\"", left.Message.Headers.GetValues("Clear-Site-Data").Single());
        Assert.Equal(["begin", "end"], await market.Db.QueryAsync<string>("select what from accounts.access where person_id = @PersonId order by id", new { actor.PersonId }));
    }

    [Theory]
    [InlineData("/tai-khoan/mat-khau")]
    [InlineData("/tai-khoan/lien-lac")]
    [InlineData("/tai-khoan/hai-buoc")]
    [InlineData("/tai-khoan/khoa")]
    public async Task What_matters_asks_again_who_one_is_and_only_for_a_while(string path)
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Buyer);
        // Who has just come in has just said who they are.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).Status);
        market.Site.Clock.Advance(Sessions.ConfirmedFor);
        var asked = await browser.GetAsync(path);
        Assert.Equal($"/tai-khoan/xac-nhan?tiep={Uri.EscapeDataString(path)}", asked.Location);
        var confirm = await browser.GetAsync(asked.Location!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(confirm, "/xac-nhan", ("Password", "sai"))).Status);
        Assert.Equal(path, (await browser.SubmitAsync(confirm, "/xac-nhan", ("Password", Seller.Password))).Location);
        var page = await browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        market.Site.Clock.Advance(Sessions.ConfirmedFor);
        var form = page.Page.QuerySelector<IHtmlFormElement>("main form")!;
        Assert.StartsWith("/tai-khoan/xac-nhan", (await browser.PostAsync(form.GetAttribute("action")!, Browser.Fields(form))).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_came_in_by_code_confirms_by_code()
    {
        var phone = "0008111222";
        var browser = market.Site.Open();
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-ky?de=mua-hang"), "/dang-ky", ("Name", "Người mẫu"), ("SignIn", phone));
        await browser.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(phone)));
        var confirm = await browser.GetAsync("/tai-khoan/xac-nhan?tiep=/tai-khoan/mat-khau");
        Assert.DoesNotContain("0008", confirm.Text, StringComparison.Ordinal);
        var asked = await browser.SubmitAndFollowAsync(confirm, "/gui-ma");
        Assert.Equal("/tai-khoan/mat-khau", (await browser.SubmitAsync(asked, "/nhap", ("Code", await market.Db.CodeAsync(phone)))).Location);
        await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/mat-khau"), "/mat-khau", ("Next", "mat-khau-dau-tien-41"));
        await market.Site.Open().SignInAsync(phone, "mat-khau-dau-tien-41");
    }

    [Fact]
    public async Task A_new_password_signs_the_other_devices_out_and_the_owner_is_told()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        var other = await market.Site.Open().SignInAsync(signIn, Seller.Password);
        var weak = await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/mat-khau"), "/mat-khau", ("Next", "12345678"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(weak, "/mat-khau", ("Next", "nuoc-suoi-trong-veo-31"))).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await other.GetAsync("/tai-khoan")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/tai-khoan")).Status);
        await market.Site.Open().SignInAsync(signIn, "nuoc-suoi-trong-veo-31");
        Assert.Equal(1, await ToldAsync(signIn, "password-changed"));
    }

    [Fact]
    public async Task A_new_phone_counts_after_its_code_and_the_old_contact_is_told()
    {
        var (browser, actor, signIn) = await market.SignInAsync(Roles.Buyer);
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/lien-lac"), "/lien-lac", ("Contact", "000 822 2333"));
        Assert.Null(await market.Db.SingleAsync<string?>("select phone from accounts.person where id = @PersonId", new { actor.PersonId }));
        Assert.Equal("/tai-khoan", (await browser.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync("0008222333")))).Location);
        Assert.Equal("0008222333", await market.Db.SingleAsync<string?>("select phone from accounts.person where id = @PersonId", new { actor.PersonId }));
        Assert.Equal(1, await ToldAsync(signIn, "contact-changed"));
        var (thief, _, _) = await market.SignInAsync(Roles.Buyer);
        sent = await thief.SubmitAndFollowAsync(await thief.GetAsync("/tai-khoan/lien-lac"), "/lien-lac", ("Contact", signIn));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(signIn)))).Status);
    }

    [Fact]
    public async Task The_authenticator_app_counts_after_its_first_code_and_survives_a_reset()
    {
        var (browser, actor, signIn) = await market.SignInAsync(Roles.Seller);
        var (totp, recovery) = await EnrolAsync(browser);
        Assert.Equal(10, recovery.Distinct().Count());
        Assert.Equal(1, await ToldAsync(signIn, "second-factor-on"));
        Assert.DoesNotContain(recovery[0], await market.Db.QueryAsync<string>("select code_hash from accounts.recovery_code where person_id = @PersonId", new { actor.PersonId }));

        var reset = market.Site.Open();
        var sent = await reset.SubmitAndFollowAsync(await reset.GetAsync("/quen-mat-khau"), "/quen-mat-khau", ("SignIn", signIn));
        var proven = await reset.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(signIn)));
        await reset.SubmitAsync(await reset.GetAsync(proven.Location!), "/dat-mat-khau", ("Password", "mat-khau-moi-tinh-73"));
        market.Site.Clock.Advance(TimeSpan.FromSeconds(60));
        var asked = await PasswordAsync(reset, signIn, "mat-khau-moi-tinh-73");
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Equal(HttpStatusCode.Redirect, (await reset.GetAsync("/tai-khoan")).Status);
        Assert.Equal("/quan-ly", (await reset.SubmitAsync(asked, "/dang-nhap/ma", ("Code", Now(totp)))).Location);
        var byCode = market.Site.Open();
        sent = await byCode.SubmitAndFollowAsync(await byCode.GetAsync("/dang-nhap/bang-ma"), "/dang-nhap/bang-ma", ("SignIn", signIn));
        Assert.NotNull((await byCode.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(signIn)))).Page.QuerySelector("form[action='/dang-nhap/ma']"));
    }

    [Fact]
    public async Task A_wrong_first_code_turns_nothing_on()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Buyer);
        var setup = await browser.GetAsync("/tai-khoan/hai-buoc");
        var refused = await browser.SubmitAsync(setup, "/hai-buoc", ("Code", "12 34 56"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(Secret(setup), Secret(refused));
        Assert.Null(await market.Db.SingleAsync<string?>("select totp_secret from accounts.person where id = @PersonId", new { actor.PersonId }));
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_new_ones_replace_all()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        var (_, recovery) = await EnrolAsync(browser);
        var lost = market.Site.Open();
        var asked = await PasswordAsync(lost, signIn, Seller.Password);
        Assert.Equal(HttpStatusCode.SeeOther, (await lost.SubmitAsync(asked, "/dang-nhap/ma", ("Code", recovery[3].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal)))).Status);
        var again = market.Site.Open();
        asked = await PasswordAsync(again, signIn, Seller.Password);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.SubmitAsync(asked, "/dang-nhap/ma", ("Code", recovery[3]))).Status);
        Assert.Contains("9", (await browser.GetAsync("/tai-khoan/hai-buoc")).Text, StringComparison.Ordinal);
        var renewed = Codes(await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/hai-buoc"), "/ma-du-phong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.SubmitAsync(asked, "/dang-nhap/ma", ("Code", recovery[5]))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await again.SubmitAsync(asked, "/dang-nhap/ma", ("Code", renewed[0]))).Status);
    }

    [Fact]
    public async Task Recovery_codes_come_as_a_real_download()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Buyer);
        var setup = await browser.GetAsync("/tai-khoan/hai-buoc");
        var shown = await browser.SubmitAsync(setup, "/hai-buoc", ("Code", Now(new Totp(Base32Encoding.ToBytes(Secret(setup))))));
        var file = await browser.SubmitAsync(shown, "/ma-du-phong");
        Assert.Equal("attachment", file.Message.Content.Headers.ContentDisposition!.DispositionType);
        Assert.All(Codes(shown), c => Assert.Contains(c, file.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Turning_the_app_off_needs_no_code_afterwards_but_an_officer_cannot()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        await EnrolAsync(browser);
        await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/hai-buoc"), "/tat");
        await market.Site.Open().SignInAsync(signIn, Seller.Password);
        Assert.Equal(1, await ToldAsync(signIn, "second-factor-off"));

        var (officer, actor, _) = await market.SignInAsync(Roles.Officer);
        await EnrolAsync(officer);
        var page = await officer.GetAsync("/tai-khoan/hai-buoc");
        await market.Db.ExecuteAsync("update accounts.person set second_factor_demanded = true where id = @PersonId", new { actor.PersonId });
        Assert.Equal(HttpStatusCode.Conflict, (await officer.SubmitAsync(page, "/tat")).Status);
        Assert.Null((await officer.GetAsync("/tai-khoan/hai-buoc")).Page.QuerySelector("form[action$='/tat']"));
    }

    [Fact]
    public async Task What_has_served_is_forgotten()
    {
        var (browser, actor, signIn) = await market.SignInAsync(Roles.Buyer);
        await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/lien-lac"), "/lien-lac", ("Contact", "0008333444"));
        market.Site.Clock.Advance(TimeSpan.FromDays(40));
        await market.Site.Get<Housekeeping>().RunAsync(CancellationToken.None);
        Assert.Equal((0L, 0L, 1L), await market.Db.SingleAsync<(long, long, long)>("""
            select (select count(*) from accounts.session where person_id = @PersonId), (select count(*) from accounts.one_time_code) + (select count(*) from accounts.message where recipient = '0008333444' or body like '%' || '0008333444' || '%'),
              (select count(*) from accounts.access where person_id = @PersonId)
            """, new { actor.PersonId }));
        market.Site.Clock.Advance(Housekeeping.AccessKept);
        await market.Site.Get<Housekeeping>().RunAsync(CancellationToken.None);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from accounts.access where person_id = @PersonId", new { actor.PersonId }));
        Assert.NotEmpty(signIn);
    }

    private async Task<(Totp Totp, List<string> Recovery)> EnrolAsync(Browser browser)
    {
        var setup = await browser.GetAsync("/tai-khoan/hai-buoc");
        var totp = new Totp(Base32Encoding.ToBytes(Secret(setup)));
        return (totp, Codes(await browser.SubmitAsync(setup, "/hai-buoc", ("Code", Now(totp)))));
    }

    private string Now(Totp totp) => totp.ComputeTotp(market.Site.Clock.GetUtcNow().UtcDateTime);

    private static string Secret(Answer setup) => setup.Page.QuerySelector("code.secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal);

    private static List<string> Codes(Answer page) => [.. page.Page.QuerySelectorAll(".codes code").Select(c => c.TextContent)];

    private static async Task<Answer> PasswordAsync(Browser browser, string signIn, string password) =>
        await browser.SubmitAsync(await browser.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", password));

    private Task<int> ToldAsync(string recipient, string effect) =>
        market.Db.SingleAsync<int>("select count(*)::int from accounts.message where recipient = @recipient and key like @effect || ':%'", new { recipient, effect });
}
