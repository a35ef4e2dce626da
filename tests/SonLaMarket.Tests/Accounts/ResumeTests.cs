using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using QRCoder;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>A form sent after the session had ended goes on, as it was, when its sender has signed in again.</summary>
public sealed class ResumeTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Areas = "/quan-ly/vung-trong";

    private Task<int> CountAsync(Seller seller) => market.Db.SingleAsync<int>("select count(*)::int from producers.growing_area where producer_id = @ProducerId", new { seller.ProducerId });

    private async Task EndSessionsAsync(Seller seller) => await market.Db.ExecuteAsync("update accounts.session set expires_at = @before where person_id = @PersonId", new { seller.PersonId, before = market.Site.Clock.GetUtcNow().AddHours(-1) });

    private async Task<Answer> SignInAgainAsync(Browser browser, Answer led, Seller who)
    {
        Assert.Equal(HttpStatusCode.Redirect, led.Status);
        var signIn = await browser.GetAsync(led.Location!);
        var entered = await browser.SubmitAsync(signIn, "/dang-nhap", ("SignIn", who.SignIn), ("Password", Seller.Password));
        Assert.StartsWith("/tiep-tuc/", entered.Location, StringComparison.Ordinal);
        return await browser.GetAsync(entered.Location!);
    }

    [Fact]
    public async Task What_was_typed_goes_on_after_sign_in_and_only_once()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await EndSessionsAsync(seller);
        var led = await browser.SubmitAsync(page, Areas, ("Name", "Nương mẫu ở bản Áng"), ("CommuneCode", "03646"));
        Assert.DoesNotContain("Nương", Uri.UnescapeDataString(led.Location!), StringComparison.Ordinal);
        var kept = await SignInAgainAsync(browser, led, seller);
        Assert.Contains("Nương mẫu ở bản Áng", kept.Text, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(seller));
        var done = await browser.SubmitAsync(kept, kept.Path);
        Assert.Equal((HttpStatusCode.SeeOther, Areas), (done.Status, done.Location));
        Assert.Equal(1, await CountAsync(seller));
        var again = await browser.SubmitAsync(kept, kept.Path);
        Assert.Equal(HttpStatusCode.SeeOther, again.Status);
        Assert.Contains("Không còn biểu mẫu nào", (await browser.GetAsync(again.Location!)).Text, StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(seller));
    }

    [Fact]
    public async Task A_form_that_is_refused_after_sign_in_shows_what_was_typed()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await EndSessionsAsync(seller);
        var kept = await SignInAgainAsync(browser, await browser.SubmitAsync(page, Areas, ("Name", "Nương mẫu"), ("CommuneCode", "03646"), ("Area", "rộng lắm")), seller);
        var refused = await browser.SubmitAsync(kept, kept.Path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("rộng lắm", refused.Page.QuerySelector<IHtmlInputElement>("[name=Area]")!.Value);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(refused, Areas, ("Area", "1,5"))).Status);
    }

    [Fact]
    public async Task Photos_go_on_too()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync("/quan-ly/san-pham/moi");
        await EndSessionsAsync(seller);
        using var form = new MultipartFormDataContent();
        var fields = Browser.Fields(page.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == "/quan-ly/san-pham"), ("Name", "Na dai mẫu"), ("BaseUnit", "g"),
            ("CategorySlug", await market.Db.SingleAsync<string>("select slug from producers.category where parent_slug is not null order by sort limit 1")));
        foreach (var (name, value) in fields.Where(f => f.Key != "Photos"))
            form.Add(new StringContent(value), name);
        using var qr = QRCodeGenerator.GenerateQrCode("mẫu", QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(qr);
        using var photo = new ByteArrayContent(png.GetGraphic(20)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        form.Add(photo, "Photos", "na.png");
        var kept = await SignInAgainAsync(browser, await browser.PostAsync("/quan-ly/san-pham", form), seller);
        Assert.Contains("na.png", kept.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(kept, kept.Path)).Status);
        Assert.Equal(1, await market.Db.SingleAsync<int>("select cardinality(picture_ids) from producers.product where producer_id = @ProducerId and name = 'Na dai mẫu'", new { seller.ProducerId }));
    }

    [Fact]
    public async Task Somebody_else_on_the_same_phone_does_not_see_it()
    {
        var seller = await market.Shop.SellerAsync();
        var other = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await EndSessionsAsync(seller);
        var kept = await SignInAgainAsync(browser, await browser.SubmitAsync(page, Areas, ("Name", "Nương riêng"), ("CommuneCode", "03646")), other);
        Assert.DoesNotContain("Nương riêng", kept.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_and_another_site_have_nothing_kept()
    {
        var seller = await market.Shop.SellerAsync();
        var stranger = await market.Site.Open().PostAsync(Areas, new Dictionary<string, string>(StringComparer.Ordinal) { ["Name"] = "Rác" });
        Assert.DoesNotContain("tiep-tuc", stranger.Location, StringComparison.Ordinal);
        var browser = await market.SignInAsync(seller);
        await EndSessionsAsync(seller);
        using var foreign = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["Name"] = "Rác" });
        var answer = await browser.SendAsync(Areas, foreign, "cross-site");
        Assert.DoesNotContain("tiep-tuc", answer.Location, StringComparison.Ordinal);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from accounts.kept_form where target = '/quan-ly/vung-trong' and person_id = @PersonId", new { seller.PersonId }));
    }

    /// <summary>A form does for one producer nothing that was meant for another, however long it was kept.</summary>
    [Fact]
    public async Task A_form_waits_until_its_sender_works_again_for_the_producer_it_was_filled_in_for()
    {
        var (seller, other) = (await market.Shop.SellerAsync(), await market.Shop.SellerAsync());
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await EndSessionsAsync(seller);
        var led = await browser.SubmitAsync(page, Areas, ("Name", "Nương của cơ sở cũ"), ("CommuneCode", "03646"));
        var members = market.Site.Get<Members>();
        await using (var tx = await market.Db.BeginAsync())
        {
            var link = (await members.InviteAsync(tx, other.ProducerId, new Contact("moi-tiep@example.invalid"), MemberRole.Staff, other.PersonId, new Actor(other.PersonId, Roles.Seller)))!;
            Assert.True(await members.AcceptAsync(tx, link.Split('=')[1], seller.PersonId, new Actor(seller.PersonId, Roles.Seller)));
            Assert.True(await members.SwitchAsync(tx, other.Slug, seller.PersonId));
            await tx.CommitAsync();
        }
        var kept = await SignInAgainAsync(browser, led, seller);
        Assert.Contains("cơ sở khác", kept.Text, StringComparison.Ordinal);
        Assert.Null(kept.Page.QuerySelector("main form"));
        var token = kept.Page.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(kept.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["__RequestVerificationToken"] = token })).Status);
        Assert.Equal((0, 0), (await CountAsync(seller), await CountAsync(other)));
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await members.SwitchAsync(tx, seller.Slug, seller.PersonId));
            await tx.CommitAsync();
        }
        var again = await browser.GetAsync(kept.Path);
        Assert.Equal((HttpStatusCode.SeeOther, Areas), await browser.SubmitAsync(again, kept.Path) is var done ? (done.Status, done.Location) : default);
        Assert.Equal((1, 0), (await CountAsync(seller), await CountAsync(other)));
    }

    [Fact]
    public async Task What_nobody_continued_is_forgotten()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync(Areas);
        await EndSessionsAsync(seller);
        await browser.SubmitAsync(page, Areas, ("Name", "Nương mẫu"));
        await market.Db.ExecuteAsync("update accounts.kept_form set kept_at = kept_at - interval '13 hours'; update foundation.sent_form set begun_at = begun_at - interval '4 days'");
        await market.Site.Get<SonLaMarket.Accounts.KeptForms>().ForgetAsync(CancellationToken.None);
        await SonLaMarket.Foundation.Web.SentForms.ForgetAsync(market.Db, market.Site.Clock.GetUtcNow());
        Assert.Equal(0, await market.Db.SingleAsync<int>("select ((select count(*) from accounts.kept_form where person_id = @PersonId) + (select count(*) from foundation.sent_form))::int", new { seller.PersonId }));
    }
}
