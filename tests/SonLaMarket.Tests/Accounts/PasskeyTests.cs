using System.Net;
using AngleSharp.Dom;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>Passkeys: registering, signing in, and every answer that must not open anything.</summary>
public sealed class PasskeyTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task A_passkey_signs_its_owner_in_without_password_and_is_named_and_removed()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Seller);
        using var device = new Authenticator();
        await browser.AddPasskeyAsync(device);
        Assert.Equal("/quan-ly", (await EnterAsync(market.Site.Open(), device)).Location);
        var page = await browser.GetAsync("/tai-khoan/khoa");
        await browser.SubmitAsync(page, "/khoa/ten", ("Name", "Điện thoại của Mẫu"));
        page = await browser.GetAsync("/tai-khoan/khoa");
        Assert.Contains("Điện thoại của Mẫu", page.Text, StringComparison.Ordinal);
        Assert.Contains("dùng lần cuối", page.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(page, "/khoa/go");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await EnterAsync(market.Site.Open(), device)).Status);
        Assert.Equal(["passkey-added", "passkey-removed"], await market.Db.QueryAsync<string>("select split_part(key, ':', 1) from accounts.message where recipient = @signIn order by id", new { signIn }));
    }

    [Fact]
    public async Task An_answer_counts_once_for_its_own_question_within_five_minutes()
    {
        using var device = await DeviceAsync();
        var first = market.Site.Open();
        var (action, fields) = await first.WithPasskeyAsync(await first.GetAsync("/dang-nhap"), device);
        Assert.Equal(HttpStatusCode.SeeOther, (await first.PostAsync(action, fields)).Status);
        var thief = market.Site.Open();
        var page = await thief.GetAsync("/dang-nhap");
        fields["__RequestVerificationToken"] = Token(page);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.PostAsync(action, fields)).Status);
        var (_, fresh) = await thief.WithPasskeyAsync(page, device);
        fields["Question"] = fresh["Question"];
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.PostAsync(action, fields)).Status);
        (_, fresh) = await thief.WithPasskeyAsync(page, device);
        market.Site.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await thief.PostAsync(action, fresh)).Status);
    }

    [Fact]
    public async Task A_fake_site_gets_nothing_that_opens_ours()
    {
        using var device = await DeviceAsync();
        device.Origin = "https://sonlamarket.example.invalid";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await EnterAsync(market.Site.Open(), device)).Status);
        device.Origin = "http://localhost";
        Assert.Equal(HttpStatusCode.SeeOther, (await EnterAsync(market.Site.Open(), device)).Status);
    }

    [Fact]
    public async Task A_device_that_does_not_ask_its_owner_is_not_enough()
    {
        using var device = await DeviceAsync();
        device.Verifies = false;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await EnterAsync(market.Site.Open(), device)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1,2")]
    [InlineData("{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"AA\",\"authenticatorData\":\"AA\",\"signature\":\"AA\",\"userHandle\":\"AA\"},\"clientExtensionResults\":{}}")]
    public async Task Nonsense_is_refused(string credential)
    {
        using var device = await DeviceAsync();
        var browser = market.Site.Open();
        var (action, fields) = await browser.WithPasskeyAsync(await browser.GetAsync("/dang-nhap"), device);
        fields["Credential"] = credential;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(action, fields)).Status);
    }

    [Fact]
    public async Task A_passkey_is_registered_once_and_for_one_person()
    {
        using var device = await DeviceAsync();
        var (other, actor, _) = await market.SignInAsync(Roles.Buyer);
        var (action, fields) = await other.WithPasskeyAsync(await other.GetAsync("/tai-khoan/khoa"), device);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await other.PostAsync(action, fields)).Status);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from accounts.passkey where person_id = @PersonId", new { actor.PersonId }));
    }

    [Fact]
    public async Task An_officers_passkey_is_both_factors_and_somebody_elses_is_none()
    {
        const string signIn = "can-bo-khoa@example.invalid";
        var (browser, actor, _) = await market.SignInAsync(Roles.Officer);
        await market.Db.ExecuteAsync("update accounts.person set email = @signIn where id = @PersonId", new { signIn, actor.PersonId });
        using var device = new Authenticator();
        await browser.AddPasskeyAsync(device);
        await market.Db.ExecuteAsync("update accounts.person set second_factor_demanded = true where id = @PersonId", new { actor.PersonId });
        Assert.Equal("/so-cong-thuong", (await EnterAsync(market.Site.Open(), device)).Location);

        using var stranger = await DeviceAsync();
        var half = market.Site.Open();
        var asked = await half.SubmitAsync(await half.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", Seller.Password));
        Assert.Null(asked.Page.QuerySelector("input[name=Code]"));
        var (action, fields) = await half.WithPasskeyAsync(asked, stranger);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await half.PostAsync(action, fields)).Status);
        (action, fields) = await half.WithPasskeyAsync(asked, device);
        Assert.Equal("/so-cong-thuong", (await half.PostAsync(action, fields)).Location);

        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/khoa"), "/khoa/go")).Status);
    }

    [Fact]
    public async Task A_passkey_confirms_only_its_own_session()
    {
        using var stranger = await DeviceAsync();
        var (browser, _, _) = await market.SignInAsync(Roles.Buyer);
        using var device = new Authenticator();
        await browser.AddPasskeyAsync(device);
        market.Site.Clock.Advance(Sessions.ConfirmedFor);
        var confirm = await browser.GetAsync("/tai-khoan/xac-nhan?tiep=/tai-khoan/khoa");
        var (action, fields) = await browser.WithPasskeyAsync(confirm, stranger);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(action, fields)).Status);
        (action, fields) = await browser.WithPasskeyAsync(confirm, device);
        Assert.Equal("/tai-khoan/khoa", (await browser.PostAsync(action, fields)).Location);
    }

    private async Task<Authenticator> DeviceAsync()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Buyer);
        var device = new Authenticator();
        await browser.AddPasskeyAsync(device);
        return device;
    }

    private static async Task<Answer> EnterAsync(Browser browser, Authenticator device)
    {
        var (action, fields) = await browser.WithPasskeyAsync(await browser.GetAsync("/dang-nhap"), device);
        return await browser.PostAsync(action, fields);
    }

    private static string Token(Answer page) => page.Page.QuerySelector("form[data-enhance=passkey] input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
}
