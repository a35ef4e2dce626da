using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>Signing up and in with a code, and a forgotten password; nobody learns from it who has an account.</summary>
public sealed class OneTimeCodeTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static int phones;

    [Theory]
    [InlineData("0912 345 678")]
    [InlineData("0912.345.678")]
    [InlineData("+84 912 345 678")]
    [InlineData("84912345678")]
    [InlineData("912345678")]
    [InlineData("0084 912 345 678")]
    [InlineData("+84 (0)912-345-678")]
    public void A_phone_number_is_understood_in_any_writing(string typed) => Assert.Equal("+84912345678", Vietnamese.Phone(typed));

    [Theory]
    [InlineData("0001234567")]
    [InlineData("0212 3 852 123")]
    [InlineData("01681234567")]
    [InlineData("12345")]
    public void A_sample_or_a_landline_is_no_mobile_number(string typed) => Assert.Null(Vietnamese.Phone(typed));

    [Fact]
    public async Task A_seller_signs_up_with_name_and_phone_and_comes_in_again_with_another_code()
    {
        var phone = NewPhone();
        var browser = market.Site.Open();
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-ky"), "/dang-ky", ("Name", "Lò Thị Mẫu"), ("SignIn", phone.Insert(3, " ").Insert(7, ".")));
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        Assert.Equal("one-time-code", sent.Page.QuerySelector("input[name=Code]")!.GetAttribute("autocomplete"));
        var code = await market.Db.CodeAsync(phone);
        Assert.EndsWith($"@localhost #{code}", await market.Db.SingleAsync<string>("select body from accounts.message where recipient = @phone", new { phone }), StringComparison.Ordinal);
        var entered = await browser.SubmitAsync(sent, "/nhap", ("Code", code));
        Assert.Equal("/quan-ly/co-so", entered.Location);
        Assert.Contains("Lò Thị Mẫu", (await browser.GetAsync("/tai-khoan")).Text, StringComparison.Ordinal);

        var later = market.Site.Open();
        Assert.Equal("/quan-ly", (await EnterAsync(later, phone)).Location);
    }

    [Fact]
    public async Task A_number_without_account_is_asked_for_a_name_only_after_the_right_code()
    {
        var phone = NewPhone();
        var browser = market.Site.Open();
        var finish = await EnterAsync(browser, phone);
        Assert.Equal(HttpStatusCode.OK, finish.Status);
        var refused = await browser.SubmitAsync(finish, "/tao-tai-khoan", ("Name", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("/tai-khoan", (await browser.SubmitAsync(refused, "/tao-tai-khoan", ("Name", "Người mua mẫu"), ("Role", "buyer"))).Location);
        Assert.Equal(["buyer"], await market.Db.QueryAsync<string>("select r.role from accounts.person p join accounts.person_role r on r.person_id = p.id where p.phone = @phone", new { phone }));
    }

    [Fact]
    public async Task Nobody_can_ask_for_the_role_of_an_officer()
    {
        var phone = NewPhone();
        var browser = market.Site.Open();
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-ky"), "/dang-ky", ("Name", "Kẻ gian mẫu"), ("SignIn", phone), ("Role", "officer"));
        await browser.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(phone)));
        Assert.Equal(["seller"], await market.Db.QueryAsync<string>("select r.role from accounts.person p join accounts.person_role r on r.person_id = p.id where p.phone = @phone", new { phone }));
    }

    [Theory]
    [InlineData("/dang-nhap/bang-ma")]
    [InlineData("/quen-mat-khau")]
    public async Task A_known_and_an_unknown_contact_get_the_same_answer_and_cost_the_same(string path)
    {
        var known = await AskAsync(path, await PersonAsync());
        var unknown = await AskAsync(path, "khong-ai@example.invalid");
        Assert.Equal(known, unknown);

        async Task<(HttpStatusCode, string, long, long)> AskAsync(string page, string signIn)
        {
            var before = await RowsAsync();
            var browser = market.Site.Open();
            var answer = await browser.SubmitAndFollowAsync(await browser.GetAsync(page), page, ("SignIn", signIn));
            var after = await RowsAsync();
            return (answer.Status, answer.Text.Replace(signIn, "", StringComparison.Ordinal), after.Messages - before.Messages, after.Codes - before.Codes);
        }
    }

    [Fact]
    public async Task Signing_up_with_a_password_does_not_tell_who_has_an_account_but_its_owner_is_told()
    {
        var taken = await PersonAsync();
        var answers = new List<(HttpStatusCode, string?, string)>();
        foreach (var signIn in new[] { taken, "chua-co@example.invalid" })
        {
            var browser = market.Site.Open();
            var answer = await browser.SubmitAsync(await browser.GetAsync("/dang-ky"), "/dang-ky", ("Name", "Người mẫu"), ("SignIn", signIn), ("Password", "mat-khau-cua-nguoi-khac-9"));
            answers.Add((answer.Status, answer.Location, (await browser.GetAsync(answer.Location!)).Page.QuerySelector(".flash")!.TextContent));
        }
        Assert.Equal(answers[0], answers[1]);
        await market.Site.Open().SignInAsync(taken, Seller.Password);
        await market.Site.Open().SignInAsync("chua-co@example.invalid", "mat-khau-cua-nguoi-khac-9");
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from accounts.message where recipient = @taken", new { taken }));
    }

    [Fact]
    public async Task The_page_that_asks_for_a_code_sends_no_other_when_it_is_loaded_again_and_its_address_names_nobody()
    {
        var phone = NewPhone();
        var browser = market.Site.Open();
        var sent = await browser.SubmitAsync(await browser.GetAsync("/dang-nhap/bang-ma"), "/dang-nhap/bang-ma", ("SignIn", phone));
        Assert.Equal((HttpStatusCode.SeeOther, "/dang-nhap/bang-ma/nhap"), (sent.Status, sent.Location));
        for (var i = 0; i < 3; i++)
            Assert.Contains(Vietnamese.ShowPhone(phone).Replace('\u00a0', ' '), (await browser.GetAsync(sent.Location!)).Text, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from accounts.message where recipient = @phone", new { phone }));
        Assert.Equal("/dang-nhap/bang-ma", (await market.Site.Open().GetAsync(sent.Location!)).Location);
        Assert.Equal("/quen-mat-khau", (await browser.GetAsync("/quen-mat-khau/nhap")).Location);
    }

    [Fact]
    public async Task A_code_ends_after_five_wrong_tries_even_if_the_sixth_is_right()
    {
        var phone = NewPhone();
        var browser = market.Site.Open();
        var page = await SendAsync(browser, phone);
        var code = await market.Db.CodeAsync(phone);
        var wrong = code == "000000" ? "000001" : "000000";
        for (var left = 4; left > 0; left--)
            Assert.Contains($"Còn {left} lần thử", (await browser.SubmitAsync(page, "/nhap", ("Code", wrong))).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("lần thử.", (await browser.SubmitAsync(page, "/nhap", ("Code", wrong))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, "/nhap", ("Code", code))).Status);
    }

    [Fact]
    public async Task A_code_is_bound_to_the_form_that_asked_for_it_and_works_once_within_five_minutes()
    {
        var phone = NewPhone();
        var browser = market.Site.Open();
        var first = await SendAsync(browser, phone);
        var code = await market.Db.CodeAsync(phone);
        var second = await SendAsync(market.Site.Open(), phone);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(first, "/nhap", ("Code", await market.Db.CodeAsync(phone)))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAsync(first, "/nhap", ("Code", code[..3] + " " + code[3..]))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(first, "/nhap", ("Code", code))).Status);
        market.Site.Clock.Advance(OneTimeCodes.Lifetime);
        var stranger = market.Site.Open();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await stranger.SubmitAsync(second with { Path = "" }, "/nhap", ("Code", await market.Db.CodeAsync(phone)), await TokenAsync(stranger))).Status);
    }

    [Fact]
    public async Task A_code_for_one_purpose_opens_no_other()
    {
        var signIn = await PersonAsync();
        var browser = market.Site.Open();
        var reset = await browser.SubmitAndFollowAsync(await browser.GetAsync("/quen-mat-khau"), "/quen-mat-khau", ("SignIn", signIn));
        var fields = Browser.Fields(reset.Page.QuerySelectorAll<AngleSharp.Html.Dom.IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == "/quen-mat-khau/nhap"), ("Code", await market.Db.CodeAsync(signIn)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync("/dang-nhap/bang-ma/nhap", fields)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/quen-mat-khau/nhap", fields)).Status);
    }

    [Fact]
    public async Task A_number_gets_three_codes_an_hour_and_ten_a_day_and_others_are_not_held_up()
    {
        var phone = NewPhone();
        var sent = 0;
        for (var hour = 0; hour < 5; hour++)
        {
            for (var i = 0; i < OneTimeCodes.PerHour && sent < OneTimeCodes.PerDay; i++, sent++)
                Assert.Equal(HttpStatusCode.OK, (await SendAsync(market.Site.Open(), phone)).Status);
            var refused = await SendAsync(market.Site.Open(), phone);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
            Assert.InRange(refused.Message.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(market.Site.Open(), NewPhone())).Status);
            market.Site.Clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(OneTimeCodes.PerDay, sent);
        market.Site.Clock.Advance(TimeSpan.FromHours(20));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(market.Site.Open(), phone)).Status);
    }

    [Fact]
    public async Task One_address_gets_thirty_codes_an_hour()
    {
        for (var i = 0; i < OneTimeCodes.PerSourceAndHour; i++)
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(market.Site.Open("198.51.100.77"), NewPhone())).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(market.Site.Open("198.51.100.77"), NewPhone())).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(market.Site.Open("198.51.100.78"), NewPhone())).Status);
    }

    /// <summary>Somebody signs up with another's number and a password of their own, and waits for the owner to fill the account.</summary>
    [Fact]
    public async Task Whoever_squatted_on_a_number_is_out_once_its_owner_shows_a_code()
    {
        var phone = NewPhone();
        var squatter = market.Site.Open();
        await squatter.SubmitAsync(await squatter.GetAsync("/dang-ky"), "/dang-ky", ("Name", "Kẻ chiếm mẫu"), ("SignIn", phone), ("Password", "mat-khau-cua-ke-chiem-5"));
        await squatter.SignInAsync(phone, "mat-khau-cua-ke-chiem-5");
        Assert.Equal(HttpStatusCode.OK, (await squatter.GetAsync("/tai-khoan")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await EnterAsync(market.Site.Open(), phone)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await squatter.GetAsync("/tai-khoan")).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => market.Site.Open().SignInAsync(phone, "mat-khau-cua-ke-chiem-5"));
    }

    [Fact]
    public async Task A_reset_ends_every_session_and_tells_the_owner()
    {
        var signIn = await PersonAsync();
        var elsewhere = await market.Site.Open().SignInAsync(signIn, Seller.Password);
        var browser = market.Site.Open();
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/quen-mat-khau"), "/quen-mat-khau", ("SignIn", signIn.ToUpperInvariant()));
        var proven = await browser.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(signIn)));
        var page = await browser.GetAsync(proven.Location!);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/dat-mat-khau", ("Password", "mat-khau-moi-tinh-73"))).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await elsewhere.GetAsync("/tai-khoan")).Status);
        await browser.SignInAsync(signIn, "mat-khau-moi-tinh-73");
        await Assert.ThrowsAsync<InvalidOperationException>(() => market.Site.Open().SignInAsync(signIn, Seller.Password));
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from accounts.message where recipient = @signIn and key like 'password-reset:%'", new { signIn }));
    }

    [Fact]
    public async Task A_closed_account_is_not_opened_by_a_code()
    {
        var signIn = await PersonAsync();
        await market.Db.ExecuteAsync("update accounts.person set disabled_at = now() where email = @signIn", new { signIn });
        var browser = market.Site.Open();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await EnterAsync(browser, signIn)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tai-khoan")).Status);
    }

    [Fact]
    public async Task The_tables_name_nobody_who_asked_for_a_code()
    {
        var phone = NewPhone();
        await SendAsync(market.Site.Open(), phone);
        var rows = await market.Db.QueryAsync<string>("select c::text from accounts.one_time_code c");
        var code = await market.Db.CodeAsync(phone);
        Assert.DoesNotContain(rows, r => r.Contains(phone, StringComparison.Ordinal) || r.Contains(code, StringComparison.Ordinal));
    }

    private async Task<Answer> EnterAsync(Browser browser, string signIn) =>
        await browser.SubmitAsync(await SendAsync(browser, signIn), "/nhap", ("Code", await market.Db.CodeAsync(signIn)));

    private static async Task<Answer> SendAsync(Browser browser, string signIn) =>
        await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-nhap/bang-ma"), "/dang-nhap/bang-ma", ("SignIn", signIn));

    private static async Task<(string, string)> TokenAsync(Browser browser) =>
        ("__RequestVerificationToken", (await browser.GetAsync("/dang-nhap")).Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!);

    private static string NewPhone() => $"0007{Interlocked.Increment(ref phones):D6}";

    private Task<(long Messages, long Codes)> RowsAsync() => market.Db.SingleAsync<(long, long)>("select (select count(*) from accounts.message), (select count(*) from accounts.one_time_code)");

    private async Task<string> PersonAsync()
    {
        var signIn = $"nguoi-{Guid.NewGuid():N}@example.invalid";
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<People>().AddAsync(tx, new NewPerson(signIn, null, "Người mẫu", Seller.Password, [Roles.Buyer]), Actor.System);
        await tx.CommitAsync();
        return signIn;
    }
}

/// <summary>What is offered where messages are really sent, or cannot be.</summary>
public sealed class ChannelTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Production_without_a_channel_offers_no_codes_and_takes_no_sample_numbers()
    {
        await using var database = await postgres.CloneAsync();
        await using var site = new Site(database, settings: Production);
        var browser = site.Open();
        var page = await browser.GetAsync("/dang-nhap");
        Assert.Null(page.Page.QuerySelector("[formaction]"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/dang-nhap/bang-ma")).Status);
        Assert.Null((await browser.GetAsync("/quen-mat-khau")).Page.QuerySelector("main form"));
        Assert.DoesNotContain("không bắt buộc", (await browser.GetAsync("/dang-ky")).Text, StringComparison.Ordinal);
        Assert.Null(Contact.Parse("0001234567", samplesAllowed: false));
    }

    [Fact]
    public async Task A_channel_gets_each_message_once_and_none_that_is_too_late()
    {
        await using var database = await postgres.CloneAsync();
        var phone = new Phone();
        await using var site = new Site(database, services => services.AddSingleton<IChannel>(phone), Production);
        Assert.NotNull((await site.Open().GetAsync("/dang-nhap")).Page.QuerySelector("[formaction]"));
        await using (var tx = await site.Db.BeginAsync())
        {
            await site.Get<Messages>().SendAsync(tx, Channels.Text, "+84912345678", "first", "SonLaMarket", "Chào bạn");
            await site.Get<Messages>().SendAsync(tx, Channels.Text, "+84912345678", "late", "SonLaMarket", "Muộn rồi", site.Clock.GetUtcNow().AddMinutes(5));
            await site.Get<Messages>().SendAsync(tx, Channels.Email, "a@example.invalid", "mail", "SonLaMarket", "Không có kênh");
            await tx.CommitAsync();
        }
        site.Clock.Advance(TimeSpan.FromMinutes(6));
        phone.Down = true;
        await site.RunDueAsync();
        Assert.Empty(phone.Got);
        phone.Down = false;
        site.Clock.Advance(TimeSpan.FromHours(1));
        await site.RunDueAsync();
        await site.RunDueAsync();
        Assert.Equal(["first"], phone.Got.Select(m => m.Key));
        Assert.Equal(["first"], await site.Db.QueryAsync<string>("select key from accounts.message where sent_at is not null"));
    }

    private static Dictionary<string, string> Production => new(StringComparer.Ordinal)
    {
        ["environment"] = "Production",
        ["Vnpay:PaymentUrl"] = "https://pay.example.invalid/",
        ["Vnpay:TransactionUrl"] = "https://pay.example.invalid/api",
        ["Vnpay:ServerAddress"] = "203.0.113.9",
        ["Files:Folder"] = Path.Combine(Path.GetTempPath(), "sonlamarket-production-test"),
    };

    private sealed class Phone : IChannel
    {
        public bool Down { get; set; }

        public List<OutgoingMessage> Got { get; } = [];

        public string Carries => Channels.Text;

        public Task SendAsync(OutgoingMessage message, CancellationToken ct)
        {
            if (Down)
                throw new HttpRequestException("the gateway is down");
            Got.Add(message);
            return Task.CompletedTask;
        }
    }
}
