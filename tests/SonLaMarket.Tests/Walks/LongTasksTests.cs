using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Jobs;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Walks;

/// <summary>Work that takes more than a moment: asked for, left, followed, found again.</summary>
public sealed class LongTasksTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Fact]
    public async Task Many_labels_are_drawn_while_their_seller_does_something_else_and_wait_in_the_list()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 5);
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync($"/quan-ly/lo/{goods.LotCode}/tem");
        var asked = await browser.SubmitAsync(page, "/tem", ("Form.Count", "130"), ("Form.From", "5"));
        var waiting = await browser.GetAsync(asked.Location!);
        Assert.NotNull(waiting.Page.QuerySelector("progress"));
        // Without script a link looks again: nothing loads itself anew under somebody who reads.
        Assert.Contains(asked.Location!, waiting.Page.QuerySelector("main noscript")!.InnerHtml, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", waiting.Body, StringComparison.Ordinal);
        Assert.Contains("Đang chờ", (await browser.GetAsync("/quan-ly/viec")).Text, StringComparison.Ordinal);
        await market.Site.RunDueAsync();
        var done = await browser.GetAsync(asked.Location!);
        Assert.Contains("Đã vẽ 130 tem", done.Text, StringComparison.Ordinal);
        Assert.Null(done.Page.QuerySelector("progress"));
        var result = done.Page.QuerySelector("main a.button--primary")!.GetAttribute("href")!;
        var pdf = await browser.GetAsync(result);
        Assert.Equal(("application/pdf", HttpStatusCode.OK), (pdf.Message.Content.Headers.ContentType!.MediaType, pdf.Status));
        Assert.Equal(result, (await browser.GetAsync("/quan-ly/viec")).Page.QuerySelector("td a[href$='.pdf']")!.GetAttribute("href"));
        Assert.Equal(HttpStatusCode.NotFound, (await (await market.SignInAsync(await market.Shop.SellerAsync())).GetAsync(result)).Status);
        Assert.Contains("130 labels", (await browser.GetAsync("/en" + asked.Location!)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_few_labels_come_at_once_and_wrong_numbers_are_told_beside_the_field()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 5);
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync($"/quan-ly/lo/{goods.LotCode}/tem");
        var refused = await browser.SubmitAsync(page, "/tem", ("Form.Count", "1.201"), ("Form.From", "25"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(2, refused.Page.QuerySelectorAll(".field__error").Length);
        var sheets = await browser.SubmitAsync(refused, "/tem", ("Form.Count", "30"), ("Form.From", "3"));
        Assert.Equal($"/quan-ly/lo/{goods.LotCode}/tem.pdf?so=30&tu=3", sheets.Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(sheets.Location!)).Status);
        // A form of its own each time: the same one again leads to what it led to first.
        async Task<Answer> FormAsync() => await browser.GetAsync($"/quan-ly/lo/{goods.LotCode}/tem");
        var roll = await browser.SubmitAsync(await FormAsync(), "/tem", ("Form.Count", "2"), ("Form.From", "1"), ("Form.Format", "50x30"), ("Form.Right", "-1,5"));
        Assert.Equal($"/quan-ly/lo/{goods.LotCode}/tem.pdf?so=2&tu=1&kho=50x30&phai=-1.5", roll.Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(roll.Location!)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await FormAsync(), "/tem", ("Form.Count", "2"), ("Form.From", "2"), ("Form.Format", "50x30"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.SubmitAndFollowAsync(await FormAsync(), "/tem", ("Form.Count", "2"), ("Form.From", "1"), ("Form.Format", "60x40"), ("step", "test"))).Status);
    }

    [Theory]
    [InlineData(MemberRole.Owner)]
    [InlineData(MemberRole.Staff)]
    [InlineData(MemberRole.Diary)]
    public async Task Whoever_may_print_labels_follows_their_printing(string role)
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        var (member, actor, _) = await market.SignInAsync(Roles.Buyer);
        await market.Db.ExecuteAsync("insert into accounts.person_role (person_id, role) values (@PersonId, 'seller')", new { actor.PersonId });
        await market.Db.ExecuteAsync("insert into producers.member (producer_id, person_id, role, joined_at) values (@ProducerId, @PersonId, @role, now())", new { goods.Seller.ProducerId, actor.PersonId, role });
        var asked = await member.SubmitAsync(await member.GetAsync($"/quan-ly/lo/{goods.LotCode}/tem"), "/tem", ("Form.Count", "130"), ("Form.From", "1"));
        Assert.StartsWith("/quan-ly/viec/", asked.Location!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync(asked.Location!)).Status);
        await market.Site.RunDueAsync();
        var list = await member.GetAsync("/quan-ly/viec");
        Assert.Contains(list.Page.QuerySelectorAll(".work-nav a"), a => a.GetAttribute("href") == "/quan-ly/viec");
        Assert.Equal(HttpStatusCode.OK, (await member.GetAsync(list.Page.QuerySelector("td a[href$='.pdf']")!.GetAttribute("href")!)).Status);
        var colleague = await market.SignInAsync(goods.Seller);
        Assert.Equal(HttpStatusCode.NotFound, (await colleague.GetAsync(asked.Location!)).Status);
    }

    private sealed record Count(int To, string Mood);

    private sealed class Counting(Db db) : ILongTask<Count>
    {
        public async Task<TaskResult> RunAsync(Count input, TaskProgress progress, CancellationToken ct)
        {
            for (var i = 1; i <= input.To; i++)
                await progress.ReportAsync(i, input.To);
            var seen = await db.SingleAsync<(long, long)>("select done, total from jobs.long_task where state = 'running'", ct: ct);
            Assert.Equal((input.To, (long)input.To), seen);
            return input.Mood switch
            {
                "broken" => throw new InvalidOperationException("secret of the house"),
                "refused" => new(new Said("Không còn lô này."), Failed: true),
                _ => new(new Said("Không còn lô này.")),
            };
        }
    }

    [Theory]
    [InlineData("well", "done")]
    [InlineData("refused", "failed")]
    [InlineData("broken", "failed")]
    public async Task It_says_how_far_it_has_come_and_how_it_ended(string mood, string state)
    {
        await using var site = new Site(market.Database, s => s.AddLongTask<Count, Counting>());
        var tx = await site.Db.BeginAsync(TestContext.Current.CancellationToken);
        var id = await site.Get<LongTasks>().AskAsync(tx, 1, new Said("Việc mẫu"), new Count(7, mood));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        await tx.DisposeAsync();
        await site.Get<TaskRunner>().RunDueAsync(TestContext.Current.CancellationToken);
        var task = (await LongTasks.FindAsync(site.Db, id, 1, TestContext.Current.CancellationToken))!;
        Assert.Equal((state, 7L), (task.State, task.Done));
        Assert.DoesNotContain("secret", task.Message, StringComparison.Ordinal);
        Assert.Null(await LongTasks.FindAsync(site.Db, id, 2, TestContext.Current.CancellationToken));
    }

    private sealed record Wait(string Name);

    private sealed class Gates
    {
        public Dictionary<string, TaskCompletionSource> Begun { get; } = new[] { "long", "own", "other", "urgent" }.ToDictionary(n => n, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), StringComparer.Ordinal);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Waiting(Gates gates) : ILongTask<Wait>
    {
        public async Task<TaskResult> RunAsync(Wait input, TaskProgress progress, CancellationToken ct)
        {
            gates.Begun[input.Name].SetResult();
            if (input.Name == "long")
                await gates.Ended.Task.WaitAsync(ct);
            return new(new Said("Không còn lô này."));
        }
    }

    private sealed record Hurry(string Name);

    private sealed class Hurrying(Gates gates) : ILongTask<Hurry>
    {
        public Task<TaskResult> RunAsync(Hurry input, TaskProgress progress, CancellationToken ct)
        {
            gates.Begun[input.Name].SetResult();
            return Task.FromResult(new TaskResult(new Said("Không còn lô này.")));
        }
    }

    /// <summary>F15: a file of ten thousand rows takes its time from whoever sent it, not from others.</summary>
    [Fact]
    public async Task Long_work_of_one_person_keeps_no_other_waiting_only_the_next_of_the_same()
    {
        await using var site = new Site(market.Database, s => s.AddSingleton<Gates>().AddLongTask<Wait, Waiting>().AddLongTask<Hurry, Hurrying>(urgent: true));
        var (gates, runner) = (site.Get<Gates>(), site.Get<TaskRunner>());
        await using (var tx = await site.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            foreach (var (person, name) in new[] { (101L, "long"), (101L, "own"), (102L, "other") })
                await site.Get<LongTasks>().AskAsync(tx, person, new Said("Việc mẫu"), new Wait(name));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await runner.StartAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(gates.Begun["long"].Task, gates.Begun["other"].Task).WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.False(gates.Begun["own"].Task.IsCompleted);
        // What is urgent does not wait even for its own person's work.
        await using (var tx = await site.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await site.Get<LongTasks>().AskAsync(tx, 101, new Said("Việc mẫu"), new Hurry("urgent"));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await gates.Begun["urgent"].Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.False(gates.Begun["own"].Task.IsCompleted);
        gates.Ended.SetResult();
        await gates.Begun["own"].Task.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await runner.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Work_that_a_killed_process_left_is_taken_up_again_and_given_up_after_three_times()
    {
        await using var site = new Site(market.Database, s => s.AddLongTask<Count, Counting>());
        var id = Guid.CreateVersion7();
        await site.Db.ExecuteAsync("""
            insert into jobs.long_task (id, person_id, kind, input, title, title_args, state, attempts, leased_until, asked_at)
            values (@id, 1, 'Count', '{"To": 2, "Mood": "well"}', 'Việc mẫu', '{}', 'running', 1, @until, @until)
            """, new { id, until = site.Clock.GetUtcNow().AddMinutes(1) }, TestContext.Current.CancellationToken);
        Assert.Equal(0, await site.Get<TaskRunner>().RunDueAsync(TestContext.Current.CancellationToken));
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await site.Get<TaskRunner>().RunDueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("done", (await LongTasks.FindAsync(site.Db, id, 1, TestContext.Current.CancellationToken))!.State);
        await site.Db.ExecuteAsync("update jobs.long_task set state = 'running', attempts = 3, ended_at = null, leased_until = @past where id = @id", new { id, past = site.Clock.GetUtcNow().AddMinutes(-1) }, TestContext.Current.CancellationToken);
        await site.Get<TaskRunner>().RunDueAsync(TestContext.Current.CancellationToken);
        Assert.Equal("failed", (await LongTasks.FindAsync(site.Db, id, 1, TestContext.Current.CancellationToken))!.State);
    }
}
