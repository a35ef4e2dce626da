using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>Signing in, being kept out, and sessions that end when they are ended.</summary>
public sealed class SignInTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task After_five_wrong_passwords_one_waits_longer_each_time_and_is_told_how_long()
    {
        var signIn = await PersonAsync();
        var stranger = market.Site.Open("203.0.113.5");
        for (var i = 0; i < SignIns.TriesPerAccount; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(stranger, signIn, "sai")).Status);
        var waits = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            var kept = await TryAsync(stranger, signIn, Seller.Password);
            Assert.Equal(HttpStatusCode.TooManyRequests, kept.Status);
            Assert.Equal(signIn, kept.Page.QuerySelector("input[name=SignIn]")!.GetAttribute("value"));
            var wait = kept.Message.Headers.RetryAfter!.Delta!.Value;
            waits.Add(wait.TotalSeconds);
            market.Site.Clock.Advance(wait);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(stranger, signIn, "sai")).Status);
        }
        Assert.Equal([2, 4, 8], waits);
        market.Site.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.SeeOther, (await TryAsync(stranger, signIn, Seller.Password)).Status);
    }

    /// <summary>Mobile carriers put many people behind one address: the owner's own device is told apart from it.</summary>
    [Theory]
    [InlineData("203.0.113.7", "the same network")]
    [InlineData("198.51.100.20", "elsewhere")]
    public async Task A_stranger_never_locks_out_the_owner(string strangersAddress, string where)
    {
        var signIn = await PersonAsync();
        var owner = market.Site.Open("203.0.113.7");
        Assert.Equal(HttpStatusCode.SeeOther, (await TryAsync(owner, signIn, Seller.Password)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await owner.SubmitAsync(await owner.GetAsync("/tai-khoan"), "/dang-xuat")).Status);
        var stranger = market.Site.Open(strangersAddress);
        for (var i = 0; i < SignIns.TriesPerAccount + 2; i++)
            await TryAsync(stranger, signIn, "sai");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync(stranger, signIn, Seller.Password)).Status);
        Assert.True(HttpStatusCode.SeeOther == (await TryAsync(owner, signIn, Seller.Password)).Status, $"a stranger from {where} locked the owner out");
    }

    /// <summary>What a device is known for is one account: it opens no second counter for another.</summary>
    [Fact]
    public async Task A_known_device_has_no_more_tries_at_somebody_elses_account()
    {
        var mine = await PersonAsync();
        var theirs = await PersonAsync();
        var device = market.Site.Open("203.0.113.8");
        Assert.Equal(HttpStatusCode.SeeOther, (await TryAsync(device, mine, Seller.Password)).Status);
        var fresh = market.Site.Open("203.0.113.8");
        for (var i = 0; i < SignIns.TriesPerAccount; i++)
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(i % 2 == 0 ? device : fresh, theirs, "sai")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync(device, theirs, "sai")).Status);
    }

    [Fact]
    public async Task One_address_cannot_try_many_accounts()
    {
        await FailedBeforeAsync("203.0.113.9");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(market.Site.Open("203.0.113.9"), "nguoi@example.invalid", "sai")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TryAsync(market.Site.Open("203.0.113.9"), await PersonAsync(), Seller.Password)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await TryAsync(market.Site.Open("203.0.113.10"), await PersonAsync(), Seller.Password)).Status);
    }

    [Fact]
    public async Task Loopback_has_no_limit_of_its_own_outside_production()
    {
        await FailedBeforeAsync("127.0.0.1");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await TryAsync(market.Site.Open("127.0.0.1"), "may@example.invalid", "sai")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await TryAsync(market.Site.Open("127.0.0.1"), await PersonAsync(), Seller.Password)).Status);
    }

    [Fact]
    public async Task An_unknown_account_and_a_wrong_password_look_the_same()
    {
        var known = await TryAsync(market.Site.Open("203.0.113.11"), await PersonAsync(), "sai-mat-khau");
        var unknown = await TryAsync(market.Site.Open("203.0.113.11"), "khong-ai@example.invalid", "sai-mat-khau");
        Assert.Equal(known.Status, unknown.Status);
        Assert.Equal(known.Page.QuerySelector(".error-summary")!.TextContent, unknown.Page.QuerySelector(".error-summary")!.TextContent);
    }

    [Fact]
    public async Task The_session_of_a_cookie_ends_with_signing_out_wherever_the_cookie_went()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        var other = await market.Site.Open().SignInAsync(signIn, Seller.Password);
        var copied = browser.Cookie(Cookies.Session);
        var thief = market.Site.Open();
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/tai-khoan", ("Cookie", $"{Cookies.Session}={copied}"))).Status);
        await browser.SubmitAsync(await browser.GetAsync("/tai-khoan"), "/dang-xuat");
        Assert.Equal(HttpStatusCode.Redirect, (await thief.GetAsync("/tai-khoan", ("Cookie", $"{Cookies.Session}={copied}"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/tai-khoan")).Status);
    }

    /// <summary>Fixation: whoever planted a session in the browser does not share the one that begins after it.</summary>
    [Fact]
    public async Task Signing_in_begins_a_session_that_nobody_held_before()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Buyer);
        var planted = browser.Cookie(Cookies.Session);
        await browser.SignInAsync(await PersonAsync(), Seller.Password);
        Assert.NotEqual(planted, browser.Cookie(Cookies.Session));
        Assert.Equal(HttpStatusCode.Redirect, (await market.Site.Open().GetAsync("/tai-khoan", ("Cookie", $"{Cookies.Session}={planted}"))).Status);
    }

    [Fact]
    public async Task A_role_taken_away_is_gone_at_the_next_request()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Officer);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/so-cong-thuong")).Status);
        await market.Db.ExecuteAsync("delete from accounts.person_role where person_id = @PersonId", new { actor.PersonId });
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/so-cong-thuong")).Status);
    }

    [Fact]
    public async Task An_officer_needs_a_code_which_counts_once()
    {
        const string signIn = "can-bo-hai-lop@example.invalid";
        await using (var tx = await market.Db.BeginAsync())
        {
            await market.Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, "Cán bộ mẫu", Seller.Password, [Roles.Officer]), Actor.System);
            await tx.CommitAsync();
        }
        var browser = market.Site.Open();
        var setup = await TryAsync(browser, signIn, Seller.Password);
        var totp = new Totp(Base32Encoding.ToBytes(setup.Page.QuerySelector("code")!.TextContent.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/so-cong-thuong")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(setup, "/dang-nhap/ma", ("Code", "000000"))).Status);
        var code = totp.ComputeTotp(market.Site.Clock.GetUtcNow().UtcDateTime);
        var entered = await browser.SubmitAsync(setup, "/dang-nhap/ma", ("Code", code));
        Assert.Equal(10, entered.Page.QuerySelectorAll(".codes code").Length);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/so-cong-thuong")).Status);

        var again = market.Site.Open();
        var asked = await TryAsync(again, signIn, Seller.Password);
        Assert.Null(asked.Page.QuerySelector("code"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await again.SubmitAsync(asked, "/dang-nhap/ma", ("Code", code))).Status);
        market.Site.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(HttpStatusCode.SeeOther, (await again.SubmitAsync(asked, "/dang-nhap/ma", ("Code", totp.ComputeTotp(market.Site.Clock.GetUtcNow().UtcDateTime)))).Status);
        var kept = await market.Db.SingleAsync<string>("select totp_secret from accounts.person where email = @signIn", new { signIn });
        Assert.DoesNotContain(setup.Page.QuerySelector("code")!.TextContent.Trim(), kept, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.invalid")]
    [InlineData("/\\evil.invalid")]
    [InlineData("https://evil.invalid/")]
    [InlineData("https:evil.invalid")]
    [InlineData("\t//evil.invalid")]
    public async Task Signing_in_leads_only_to_our_own_pages(string next)
    {
        var browser = market.Site.Open();
        var answer = await browser.SubmitAsync(await browser.GetAsync("/dang-nhap?tiep=" + Uri.EscapeDataString(next)), "/dang-nhap", ("SignIn", await PersonAsync()), ("Password", Seller.Password));
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith("/", answer.Location, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Passwords_are_kept_as_pbkdf2_with_sha512_and_210000_rounds()
    {
        var services = new ServiceCollection();
        new AccountsRoom().AddServices(services, new ConfigurationBuilder().Build());
        using var room = services.BuildServiceProvider();
        var hash = Convert.FromBase64String(room.GetRequiredService<IPasswordHasher<Person>>().HashPassword(null!, Seller.Password));
        // ASP.NET Core Identity, version 3: marker, function, rounds.
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.Equal(210_000u, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
    }

    /// <summary>All tries of an address but one, each at another account.</summary>
    private Task FailedBeforeAsync(string address) => market.Db.ExecuteAsync("""
        insert into accounts.sign_in_failure (sign_in_hash, source, failed_at) select convert_to('nguoi' || i, 'UTF8'), @address, @now from generate_series(2, @tries) i
        """, new { address, now = market.Site.Clock.GetUtcNow(), tries = SignIns.TriesPerSource });

    private static async Task<Answer> TryAsync(Browser browser, string signIn, string password) =>
        await browser.SubmitAsync(await browser.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", password));

    private async Task<string> PersonAsync()
    {
        var signIn = $"nguoi-{Guid.NewGuid():N}@example.invalid";
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, "Người mẫu", Seller.Password, [Roles.Buyer]), Actor.System);
        await tx.CommitAsync();
        return signIn;
    }
}
