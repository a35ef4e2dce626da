using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using OtpNet;
using QRCoder;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using SonLaMarket.Tests.Walks;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>A form sent after the session had ended goes on, as it was, when its sender has signed in again.</summary>
public sealed class ResumeTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Areas = "/quan-ly/vung-trong";

    private Task<int> CountAsync(Seller seller) => market.Db.SingleAsync<int>("select count(*)::int from producers.growing_area where producer_id = @ProducerId and not own_place", new { seller.ProducerId });

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

    /// <summary>Forms whose fields are not shown to whoever comes back, each with its reason.</summary>
    private static readonly Dictionary<string, string> Unseen = new(StringComparer.Ordinal);

    [Fact]
    public async Task Every_form_with_something_typed_waits_for_whoever_signs_in_again()
    {
        const int most = 20;
        var owner = await market.Shop.SellerAsync();
        var people = new Dictionary<string, Browser>(StringComparer.Ordinal)
        {
            ["quan-ly"] = await market.SignInAsync(owner),
            ["tai-khoan"] = await market.SignInAsync(owner),
            ["so-cong-thuong"] = (await market.SignInAsync(Roles.Officer)).Browser,
            ["quan-tri"] = (await market.SignInAsync(Roles.Operator)).Browser,
        };
        var cases = new MatrixCases(market, owner);
        var (faults, waited) = (new List<string>(), 0);
        foreach (var route in cases.Forms.Where(r => people.ContainsKey(r[5..].Split('/')[0]) && !Unseen.ContainsKey(r)).Order(StringComparer.Ordinal))
        {
            await market.Db.ExecuteAsync("delete from accounts.one_time_code");
            var asked = await cases.MakeAsync(route);
            var browser = asked.As ?? people[route[5..].Split('/')[0]];
            if (await asked.FormAsync(browser) is not { } form)
                continue;
            var names = form.QuerySelectorAll<IHtmlInputElement>("input[name]").Where(i => i.Type is "text" or "tel" or "email" or "search" && i.GetAttribute("autocomplete") != "one-time-code").Select(i => i.Name!)
                .Concat(form.QuerySelectorAll<IHtmlTextAreaElement>("textarea[name]").Select(a => a.Name!)).Distinct(StringComparer.Ordinal).Take(most).ToList();
            if (names.Count == 0)
                continue;
            var fields = Browser.Fields(form, [.. names.Select((name, i) => (name, $"Chữ giữ lại {i};"))]);
            // Between the two the session has ended; that signing in leads on is asked above, once for all.
            await market.Db.ExecuteAsync("update accounts.session set expires_at = expires_at - interval '10 years'");
            var led = await asked.PostAsync(browser, fields, form.Enctype == "multipart/form-data");
            await market.Db.ExecuteAsync("update accounts.session set expires_at = expires_at + interval '10 years'");
            var address = led.Location is { } location && Uri.UnescapeDataString(location) is var whole && whole.IndexOf("/tiep-tuc/", StringComparison.Ordinal) is >= 0 and var at ? whole[at..].Split('&')[0] : null;
            if (address is null)
            {
                faults.Add($"{route}: not kept, {led.Status} {led.Location}");
                continue;
            }
            var shown = (await browser.GetAsync(address)).Text;
            faults.AddRange(names.Where((_, i) => !shown.Contains($"Chữ giữ lại {i};", StringComparison.Ordinal)).Select(name => $"{route}: {name} is not there any more"));
            waited++;
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
        Assert.True(waited > 60, $"only {waited} forms have something to type");
    }

    [Fact]
    public async Task An_officers_form_goes_on_after_the_second_factor()
    {
        var signIn = $"can-bo-tiep-{Guid.NewGuid():N}@example.invalid";
        await using (var tx = await market.Db.BeginAsync())
        {
            await market.Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, "Cán bộ mẫu", Seller.Password, [Roles.Officer]), Actor.System);
            await tx.CommitAsync();
        }
        var browser = market.Site.Open();
        var setup = await browser.SubmitAsync(await browser.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", signIn), ("Password", Seller.Password));
        var totp = new Totp(Base32Encoding.ToBytes(setup.Page.QuerySelector("code")!.TextContent.Replace(" ", "", StringComparison.Ordinal)));
        await browser.SubmitAsync(setup, "/dang-nhap/ma", ("Code", Now()));
        var page = await browser.GetAsync("/so-cong-thuong/thu-hoi");
        await market.Db.ExecuteAsync("update accounts.session set expires_at = expires_at - interval '10 years' where person_id = (select id from accounts.person where email = @signIn)", new { signIn });
        var led = await browser.SubmitAsync(page, "/so-cong-thuong/thu-hoi", ("Lots", "26-KHONGCO"), ("Reason", "Nghi nhiễm thuốc, mẫu để thử"));
        var asked = await browser.SubmitAsync(await browser.GetAsync(led.Location!), "/dang-nhap", ("SignIn", signIn), ("Password", Seller.Password));
        market.Site.Clock.Advance(TimeSpan.FromSeconds(60));
        var entered = await browser.SubmitAsync(asked, "/dang-nhap/ma", ("Code", Now()));
        Assert.StartsWith("/tiep-tuc/", entered.Location, StringComparison.Ordinal);
        var kept = await browser.GetAsync(entered.Location!);
        Assert.Contains("Nghi nhiễm thuốc, mẫu để thử", kept.Text, StringComparison.Ordinal);
        var refused = await browser.SubmitAsync(kept, kept.Path);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Nghi nhiễm thuốc, mẫu để thử"), (refused.Status, refused.Page.QuerySelector("[name=Reason]")!.TextContent.Trim()));

        string Now() => totp.ComputeTotp(market.Site.Clock.GetUtcNow().UtcDateTime);
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
