using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.Configuration;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>Accounts made by operators and from the command line, opened by a link that works once.</summary>
public sealed class UsersTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Users = "/quan-tri/nguoi-dung";
    private const string Good = "suong-mai-tren-nui-88";

    [Fact]
    public async Task Whom_an_operator_looks_for_stands_in_no_address_and_the_search_ends_soon()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        await market.Db.ExecuteAsync("insert into accounts.person (email, name, security_stamp, created_at) select 'tim' || n || '@example.invalid', 'Trang Tìm Mẫu ' || n, 'mau', now() from generate_series(1, 52) n");
        var page = await SearchAsync(browser, "trang tim mau");
        Assert.Equal(50, page.Page.QuerySelectorAll("table.data tbody tr").Length);
        Assert.Equal("trang tim mau", page.Page.QuerySelector("main input[name=q]")!.GetAttribute("value"));
        Assert.DoesNotContain("trang", page.Path, StringComparison.OrdinalIgnoreCase);
        var rest = await browser.GetAsync(page.Page.QuerySelector("main .pager a")!.GetAttribute("href")!);
        Assert.Equal(2, rest.Page.QuerySelectorAll("table.data tbody tr").Length);
        Assert.DoesNotContain("trang", rest.Path, StringComparison.OrdinalIgnoreCase);
        market.Site.Clock.Advance(SealedText.Lifetime + TimeSpan.FromSeconds(1));
        var (later, _, _) = await market.SignInAsync(Roles.Operator);
        Assert.Contains("Lần tìm này đã hết hạn", (await later.GetAsync(page.Path)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync(Users + "?tim=khong-phai")).Status);
    }

    [Fact]
    public async Task New_officer_sets_a_password_by_a_link_that_works_once_and_is_asked_for_a_second_factor()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var link = await CreateAsync(browser, "Can-Bo-Moi@example.invalid", Roles.Officer);
        var person = market.Site.Open();
        var page = await person.GetAsync(link);
        Assert.Equal("no-referrer", page.Message.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await person.SubmitAsync(page, "/dat-mat-khau", ("Password", "12345678"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await person.SubmitAsync(page, "/dat-mat-khau", ("Password", Good))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await person.SubmitAsync(page, "/dat-mat-khau", ("Password", Good))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await person.GetAsync(link)).Status);
        var wanted = await person.SubmitAsync(await person.GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", "can-bo-moi@example.invalid"), ("Password", Good));
        Assert.Equal(HttpStatusCode.OK, wanted.Status);
        Assert.NotNull(wanted.Page.QuerySelector("input[name=Code]"));
    }

    [Fact]
    public async Task Link_ends_after_a_day_and_a_newer_one_replaces_it()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var first = await CreateAsync(browser, "nguoi-mua-moi@example.invalid", Roles.Buyer);
        var again = await browser.PostAsync(Users + "/lien-ket", await FieldsAsync(browser, "nguoi-mua-moi@example.invalid"));
        var second = await LinkAsync(browser, again);
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync(second)).Status);
        market.Site.Clock.Advance(OneTimeLinks.Lifetime);
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync(second)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync("/dat-mat-khau")).Status);
    }

    [Fact]
    public async Task Closed_account_loses_its_sessions_and_comes_back_when_opened()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var (victim, _, signIn) = await market.SignInAsync(Roles.Seller);
        Assert.Equal(HttpStatusCode.OK, (await victim.GetAsync("/tai-khoan")).Status);
        var fields = await FieldsAsync(browser, signIn);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(Users + "/khoa", fields)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync(Users + "/khoa", fields)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync(Users + "/lien-ket", fields)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await victim.GetAsync("/tai-khoan")).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => market.Site.Open().SignInAsync(signIn, Seller.Password));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(Users + "/mo-khoa", fields)).Status);
        var back = await market.Site.Open().SignInAsync(signIn, Seller.Password);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(Users + "/ket-thuc-phien", fields)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await back.GetAsync("/tai-khoan")).Status);
    }

    [Fact]
    public async Task Operator_cannot_close_their_own_account_nor_one_that_does_not_exist()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Operator);
        var fields = await FieldsAsync(browser, signIn);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync(Users + "/khoa", fields)).Status);
        fields["person"] = "nobody@example.invalid";
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(Users + "/khoa", fields)).Status);
    }

    [Theory]
    [InlineData("", "x@example.invalid", "officer")]
    [InlineData("Tên", "khong-phai-thu", "officer")]
    [InlineData("Tên", "x@example.invalid", "seller")]
    [InlineData("Tên", "x@example.invalid", "")]
    public async Task Wrong_form_is_given_back_as_it_was_filled(string name, string email, string role)
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var answer = await AddAsync(browser, name, email, role);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(email, answer.Page.QuerySelector("input[name='Form.Email']")!.GetAttribute("value"));
        Assert.NotNull(answer.Page.QuerySelector(".field__error"));
    }

    [Fact]
    public async Task Command_line_makes_the_first_operator_and_gives_the_way_back_in()
    {
        var first = await CommandAsync("first@example.invalid", Roles.Operator);
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync(first)).Status);
        var second = await CommandAsync("first@example.invalid", Roles.Operator);
        Assert.Equal(HttpStatusCode.Gone, (await market.Site.Open().GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync(second)).Status);
        Assert.Equal(["operator"], await market.Db.QueryAsync<string>("select r.role from accounts.person p join accounts.person_role r on r.person_id = p.id where p.email = 'first@example.invalid'"));
    }

    [Theory]
    [InlineData("first", "operator")]
    [InlineData("a@example.invalid", "king")]
    public async Task Command_line_with_wrong_words_says_how_and_ends_with_2(string email, string role)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(2, await UserCommand.RunAsync(["user", "add"], market.Site.Services, Settings(email, role), output, error));
        Assert.StartsWith("Usage:", error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    private async Task<string> CommandAsync(string email, string role)
    {
        using var output = new StringWriter();
        Assert.Equal(0, await UserCommand.RunAsync(["user", "add"], market.Site.Services, Settings(email, role), output, TextWriter.Null));
        return new Uri(output.ToString().Trim()).PathAndQuery;
    }

    private static IConfiguration Settings(string email, string role) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["email"] = email, ["role"] = role }).Build();

    private static async Task<string> CreateAsync(Browser browser, string email, string role) =>
        await LinkAsync(browser, await AddAsync(browser, "Người Mới Mẫu", email, role));

    private static async Task<Answer> AddAsync(Browser browser, string name, string email, string role)
    {
        var form = (await browser.GetAsync(Users)).Page.QuerySelector<AngleSharp.Html.Dom.IHtmlFormElement>($"form[method=post][action='{Users}']")!;
        return await browser.PostAsync(Users, Browser.Fields(form, ("Form.Name", name), ("Form.Email", email), ("Form.Role", role)));
    }

    private static async Task<string> LinkAsync(Browser browser, Answer made)
    {
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        return new Uri((await browser.GetAsync(made.Location!)).Page.QuerySelector(".flash")!.TextContent.Trim().Split(' ')[^1]).PathAndQuery;
    }

    private static async Task<Answer> SearchAsync(Browser browser, string text)
    {
        var found = await browser.SubmitAsync(await browser.GetAsync(Users), "/tim", ("q", text));
        Assert.Equal(HttpStatusCode.SeeOther, found.Status);
        return await browser.GetAsync(found.Location!);
    }

    /// <summary>The fields of the row's form, token included.</summary>
    private static async Task<Dictionary<string, string>> FieldsAsync(Browser browser, string signIn)
    {
        var page = await SearchAsync(browser, signIn);
        var form = page.Page.QuerySelectorAll<AngleSharp.Html.Dom.IHtmlFormElement>("table.data form").Single();
        return Browser.Fields(form);
    }
}
