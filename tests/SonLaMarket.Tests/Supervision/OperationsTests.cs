using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>The operator's pages: jobs that died, mail on its way.</summary>
public sealed class OperationsTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task Dead_job_runs_again_once_with_an_audit_row()
    {
        var (browser, who, _) = await market.SignInAsync(Roles.Operator);
        await market.Db.ExecuteAsync("insert into jobs.job (kind, payload, run_at, attempts, dead_at, last_error, created_at) values ('Thu>Nghiem', '{}', now(), 8, now(), 'TimeoutException: hỏng', now())", ct: TestContext.Current.CancellationToken);
        Assert.Contains("1 việc nền hỏng", (await browser.GetAsync("/quan-tri")).Text, StringComparison.Ordinal);
        var page = await browser.GetAsync("/quan-tri/viec-nen");
        Assert.Contains("TimeoutException: hỏng", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/chay-lai")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/chay-lai")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/chay-lai", ("job", "1"))).Status);
        Assert.Equal((0, (DateTimeOffset?)null), await market.Db.SingleAsync<(int, DateTimeOffset?)>("select attempts, dead_at from jobs.job where kind = 'Thu>Nghiem'", ct: TestContext.Current.CancellationToken));
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'job.run-again' and actor_id = @PersonId", who, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_has_no_second_step_is_counted_also_where_none_is_demanded()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        async Task<int> CountedAsync() => int.Parse(Regex.Match((await browser.GetAsync("/quan-tri")).Text, @"(\d+) cán bộ, quản trị chưa bật hai bước").Groups[1].Value, CultureInfo.InvariantCulture);
        var before = await CountedAsync();
        var (_, officer, _) = await market.SignInAsync(Roles.Officer);
        await market.Db.ExecuteAsync("update accounts.person set second_factor_demanded = false where id = @PersonId", officer, TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, await CountedAsync());
    }

    [Fact]
    public async Task Outbox_shows_what_waits_and_what_was_sent()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<Messages>().SendAsync(tx, "email", "a@example.invalid", "one", "Đơn đã nhận", "Mã đơn ABC");
            await market.Site.Get<Messages>().SendAsync(tx, "sms", "0001112223", "two", "Mã đăng nhập", "123456");
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Db.ExecuteAsync("update accounts.message set sent_at = now() where key = 'one'", ct: TestContext.Current.CancellationToken);
        var all = await browser.GetAsync("/quan-tri/hop-thu-di");
        Assert.Contains("Mã đơn ABC", all.Text, StringComparison.Ordinal);
        var waiting = await browser.GetAsync("/quan-tri/hop-thu-di?cho=true");
        Assert.DoesNotContain("Mã đơn ABC", waiting.Text, StringComparison.Ordinal);
        Assert.Contains("0001112223", waiting.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/quan-tri")]
    [InlineData("/quan-tri/viec-nen")]
    [InlineData("/quan-tri/hop-thu-di")]
    [InlineData("/quan-tri/nguoi-dung")]
    [InlineData("/quan-tri/xuat-du-lieu")]
    public async Task Operators_pages_are_for_operators_alone(string path)
    {
        Assert.Equal(HttpStatusCode.OK, (await (await market.SignInAsync(Roles.Operator)).Browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await market.SignInAsync(Roles.Officer)).Browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await market.SignInAsync(Roles.Seller)).Browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Redirect, (await market.Site.Open().GetAsync(path)).Status);
    }
}
