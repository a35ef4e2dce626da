using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Producers;

/// <summary>Keys for programs: made and revoked by their owner, shown once, kept as a hash.</summary>
public sealed partial class ApiKeysTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Mine = "/quan-ly/khoa-api";
    private const string OfMarket = "/quan-tri/khoa-api";

    [Fact]
    public async Task A_key_is_shown_once_kept_as_a_hash_and_ends_when_it_is_revoked()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        Assert.Contains("Chưa có khóa nào.", (await browser.GetAsync(Mine)).Text, StringComparison.Ordinal);
        var secret = await MakeAsync(browser, Mine, ApiScope.Listings, ApiScope.Orders);
        var page = await browser.GetAsync(Mine);
        Assert.DoesNotContain(secret, page.Body, StringComparison.Ordinal);
        Assert.Contains("chưa dùng", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, await market.Db.SingleAsync<int>("select count(*)::int from producers.api_key where producer_id = @ProducerId and (label || code || encode(key_hash, 'escape') like '%' || @secret || '%' or key_hash <> @hash)", new { seller.ProducerId, secret, hash = Codes.Hash(secret) }));

        var caller = await FindAsync(secret);
        Assert.Equal((seller.ProducerId, 120), (caller!.ProducerId, caller.PerMinute));
        Assert.Equal([ApiScope.Listings, ApiScope.Orders], caller.Scopes);
        var used = await UsedAsync(secret);
        Assert.Equal(market.Site.Clock.GetUtcNow(), used);
        market.Site.Clock.Advance(TimeSpan.FromSeconds(59));
        await FindAsync(secret);
        Assert.Equal(used, await UsedAsync(secret));
        market.Site.Clock.Advance(TimeSpan.FromSeconds(2));
        await FindAsync(secret);
        Assert.Equal(market.Site.Clock.GetUtcNow(), await UsedAsync(secret));

        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(Mine), Mine + "/thu-hoi")).Status);
        Assert.Null(await FindAsync(secret));
        Assert.Contains("đã thu hồi", (await browser.GetAsync(Mine)).Text, StringComparison.Ordinal);
        Assert.Equal(["api-key.create", "api-key.revoke"], await market.Db.QueryAsync<string>("select action from accounts.audit where subject = 'api-key:' || @code order by id", new { code = secret.Split('_')[1] }));
    }

    [Fact]
    public async Task A_key_ends_by_itself_and_its_page_says_so()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var secret = await MakeAsync(browser, Mine, ApiScope.Listings);
        await market.Db.ExecuteAsync("update producers.api_key set expires_at = @now where key_hash = @hash", new { now = market.Site.Clock.GetUtcNow(), hash = Codes.Hash(secret) });
        Assert.Null(await FindAsync(secret));
        Assert.Contains("đã hết hạn", (await browser.GetAsync(Mine)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_ends_with_the_right_of_whoever_made_it()
    {
        var seller = await market.Shop.SellerAsync();
        var secret = await MakeAsync(await market.SignInAsync(seller), Mine, ApiScope.Listings);
        const string become = "update producers.member set role = @role where person_id = @PersonId";
        await market.Db.ExecuteAsync(become, new { role = MemberRole.Staff, seller.PersonId });
        Assert.Null(await FindAsync(secret));
        Assert.False(Assert.Single(await ApiKeys.ListAsync(market.Db, seller.ProducerId, TestContext.Current.CancellationToken)).MakerMay);
        await market.Db.ExecuteAsync(become, new { role = MemberRole.Owner, seller.PersonId });
        Assert.NotNull(await FindAsync(secret));
    }

    [Fact]
    public async Task Nobody_gives_more_than_is_theirs_and_a_form_filled_badly_says_what_is_missing()
    {
        var browser = await market.SignInAsync(await market.Shop.SellerAsync());
        var @operator = (await market.SignInAsync(Roles.Operator)).Browser;
        foreach (var (who, page, scope) in new[] { (browser, Mine, ApiScope.Exports), (browser, Mine, "epcis:capture:any"), (@operator, OfMarket, ApiScope.Orders) })
        {
            var refused = await who.SubmitAsync(await who.GetAsync(page), page, ("Form.Label", "Phần mềm mẫu"), ("Form.Scopes", scope));
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Contains("Hãy chọn ít nhất một quyền.", refused.Text, StringComparison.Ordinal);
        }
        var empty = await browser.SubmitAsync(await browser.GetAsync(Mine), Mine, ("Form.Label", ""), ("Form.Scopes", ApiScope.Listings), ("Form.PerMinute", "100000"), ("Form.Lifetime", ""));
        Assert.Contains("Hãy ghi tên để nhận ra khóa", empty.Text, StringComparison.Ordinal);
        Assert.Contains("Hãy chọn số lần gọi mỗi phút.", empty.Text, StringComparison.Ordinal);
        Assert.Contains("Hãy chọn thời hạn.", empty.Text, StringComparison.Ordinal);
        Assert.StartsWith("slm_", await MakeAsync(@operator, OfMarket, ApiScope.Exports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_has_as_many_keys_as_there_may_be_and_then_must_revoke_one()
    {
        var seller = await market.Shop.SellerAsync();
        var browser = await market.SignInAsync(seller);
        var form = await browser.GetAsync(Mine);
        await using (var tx = await market.Db.BeginAsync())
        {
            for (var i = 0; i < ApiKeys.Most; i++)
                Assert.NotNull(await market.Site.Get<ApiKeys>().AddAsync(tx, new(seller.ProducerId, $"Phần mềm {i}", [ApiScope.Listings], 60, null), seller.PersonId, new Actor(seller.PersonId, Roles.Seller)));
            await tx.CommitAsync();
        }
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(form, Mine, ("Form.Label", "Một khóa nữa"), ("Form.Scopes", ApiScope.Listings))).Status);
        var full = await browser.GetAsync(Mine);
        Assert.Contains("Đã đủ 10 khóa.", full.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(full, Mine + "/thu-hoi")).Status);
        Assert.StartsWith("slm_", await MakeAsync(browser, Mine, ApiScope.Listings), StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(Browser browser, string page, params string[] scopes)
    {
        var form = await browser.GetAsync(page);
        var fields = Browser.Fields(form.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action") == page)).Append(new("Form.Label", "Phần mềm mẫu")).Where(f => f.Value.Length > 0).Concat(scopes.Select(s => new KeyValuePair<string, string>("Form.Scopes", s)));
        var made = await browser.PostAsync(page, fields);
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        return Secret().Match((await browser.GetAsync(made.Location!)).Body).Value;
    }

    private Task<ApiCaller?> FindAsync(string secret) => market.Site.Get<ApiKeys>().FindAsync(market.Db, secret, CancellationToken.None);

    private Task<DateTimeOffset?> UsedAsync(string secret) => market.Db.SingleAsync<DateTimeOffset?>("select used_at from producers.api_key where key_hash = @hash", new { hash = Codes.Hash(secret) });

    [GeneratedRegex(@"slm_\w{8}_[\w-]{43}", RegexOptions.None, 1000)]
    private static partial Regex Secret();
}
