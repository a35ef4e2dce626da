using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Npgsql;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Checker;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Foundation;

/// <summary>F12: two hundred clients, a pool of five connections, and all of them asleep.</summary>
public sealed class BusyTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const int Pool = 5;
    private const int Clients = 200;

    /// <summary>Every so many of the clients places an order; the others look.</summary>
    private const int EachPlaces = 25;

    [Fact]
    public async Task Without_a_free_connection_everybody_is_told_to_come_again_and_nothing_is_lost()
    {
        var seeds = Seeds.For("busy");
        await using var trade = Open();
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
        var deadlocks = await DeadlocksAsync();
        var (toldMs, backMs) = (new ConcurrentBag<(double Ms, string Path, int Round)>(), new List<double>());
        var rounds = Seeds.Rounds(1, 200);
        for (var round = 0; round < rounds; round++)
        {
            if (round % 12 == 11)
                goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
            var history = trade.History;
            var paying = await trade.StartAsync(goods);
            var crowd = await CrowdAsync(trade, goods, seeds.Random);
            await CachedAsync(trade);
            // What is read once for all searches is asked for by many who find no connection.
            trade.Site.Get<Lexicons>().Forget();
            await using var asleep = await SleepersAsync(trade);

            var heard = trade.SayAsync(paying);
            var told = await Task.WhenAll(crowd.Select(async client =>
            {
                await Task.Delay(client.After, TestContext.Current.CancellationToken);
                var clock = Stopwatch.StartNew();
                var answer = await client.AskAsync(history);
                toldMs.Add((clock.Elapsed.TotalMilliseconds, answer.Path, round));
                return answer;
            }));

            // The sleepers were not woken: whoever was answered was answered without the database.
            Assert.All(told, answer => Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, $"seed {seeds.Seed}, round {round}: {answer.Path} was answered {answer.Status}"));
            Assert.All(told, answer => Assert.Equal("3", answer.Message.Headers.GetValues("Retry-After").Single()));
            Assert.Contains("Sàn đang bận", told[0].Text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await trade.Site.Open().GetAsync("/thu-hoi")).Status);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await trade.Site.Open().GetAsync("/health/ready")).Status);
            Assert.False(heard.IsCompleted, "VNPAY's notification waits for its turn");

            await asleep.WakeAsync();
            var back = Stopwatch.StartNew();
            Assert.Equal("00", await heard);
            await Task.WhenAll(crowd.Select(async client =>
            {
                while ((await client.AskAsync(history)).Status == HttpStatusCode.ServiceUnavailable)
                    await Task.Delay(200, TestContext.Current.CancellationToken);
            }));
            backMs.Add(back.Elapsed.TotalMilliseconds);
            seeds.Equal(((Clients / EachPlaces) + 1) * (round + 1), history.Calls.Count(c => c is { Op: "place", Outcome: Outcome.Ok }), $"round {round}, orders placed");
        }
        Assert.Equal(deadlocks, await DeadlocksAsync());
        var sorted = toldMs.OrderBy(t => t.Ms).ToList();
        await trade.JudgeAsync($"busy, {rounds} rounds, {sorted.Count} told to come again after {sorted[sorted.Count / 2].Ms:0} ms in the middle and {sorted[^1].Ms:0} ms at most ({sorted[^1].Path}, round {sorted[^1].Round}), {sorted.Count(t => t.Ms > 1_000)} of them after more than a second, everybody served {backMs.Max():0} ms after the connections came back at most, seed {seeds.Seed}");
        // Nobody waits for another's patience; the times are those of a quiet machine, which a long run has to itself: told within a second, served within five.
        Assert.InRange(sorted[^1].Ms, 0, Seeds.Long ? 1_000 : 15_000);
        if (Seeds.Long)
            Assert.InRange(backMs.Max(), 0, 5_000);
    }

    [Fact]
    public async Task A_program_is_told_as_a_problem_and_an_English_reader_in_English()
    {
        await using var trade = Open();
        await trade.Site.Db.ExecuteAsync("select 1");
        await using var asleep = await SleepersAsync(trade);
        var problem = await trade.Site.Open().GetAsync("/lo/KHONGCO1", ("Accept", "application/json"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "application/problem+json"), (problem.Status, problem.Message.Content.Headers.ContentType!.MediaType));
        Assert.Contains("urn:sonlamarket:problem:busy", problem.Body, StringComparison.Ordinal);
        var english = await trade.Site.Open().GetAsync("/en/lo/KHONGCO1");
        Assert.Equal(("en", "The marketplace is busy"), (english.Page.DocumentElement.GetAttribute("lang"), english.Page.Title));
        Assert.Contains("no-store", english.Message.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What the server or the driver says of a statement that it gave up is a sign of a crowd; what it says of a wrong one is not.</summary>
    [Theory]
    [InlineData("Options=-c lock_timeout=100")]
    [InlineData("Options=-c statement_timeout=100")]
    [InlineData("Command Timeout=1")]
    public async Task A_statement_that_waited_too_long_is_known_as_a_crowd(string limit)
    {
        await using var holds = await fixture.Database.Db.BeginAsync(TestContext.Current.CancellationToken);
        await holds.ExecuteAsync("select pg_advisory_xact_lock(1)");
        await using var source = NpgsqlDataSource.Create($"{fixture.Database.OwnerConnectionString};Pooling=false;{limit}");
        Assert.True(DatabaseBusyException.Means(await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(source, "select pg_advisory_xact_lock(1)"))));
        Assert.False(DatabaseBusyException.Means(await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(source, "select 1 / 0"))));
    }

    private static async Task AskAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>VNPAY's notification may wait here as long as it must, on a slow machine too.</summary>
    private Trade Open()
    {
        var settings = fixture.Database.Settings;
        settings["ConnectionStrings:SonLaMarket"] = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:SonLaMarket"]) { MaxPoolSize = Pool, Timeout = 300 }.ConnectionString;
        return new Trade(settings, new Dictionary<string, string>(StringComparer.Ordinal) { ["Logging:LogLevel:SonLaMarket"] = "Critical" });
    }

    /// <summary>A page that the output cache has: what was changed before has been heard of.</summary>
    private static async Task CachedAsync(Trade trade)
    {
        for (var tries = 0; (await trade.Site.Open().GetAsync("/thu-hoi")).Message.Headers.Age is null; tries++)
        {
            Assert.True(tries < 100, "the page is never kept");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    private sealed record Client(TimeSpan After, Func<History, Task<Answer>> AskAsync);

    /// <summary>Guests at the last button, and others on pages of every kind that are made for them anew.</summary>
    private static async Task<List<Client>> CrowdAsync(Trade trade, Goods goods, Random random)
    {
        var crowd = new List<Client>();
        for (var i = 0; i < Clients; i++)
        {
            var after = TimeSpan.FromMilliseconds(random.Next(200));
            if (i % EachPlaces == 0)
            {
                var buyer = await new Buyer(trade.Site).WithAsync(goods);
                var page = await buyer.ConfirmAsync();
                crowd.Add(new(after, history => PlaceAsync(history, buyer, page)));
            }
            else
            {
                var path = random.Next(3) switch { 0 => "/lo/" + goods.LotCode, 1 => "/san-pham/" + goods.Slug, _ => $"/san-pham?gia-tu={random.Next(1_000_000)}" };
                var guest = trade.Site.Open();
                crowd.Add(new(after, _ => guest.GetAsync(path, ("Cookie", "sl_cart=none"))));
            }
        }
        return crowd;
    }

    private static async Task<Answer> PlaceAsync(History history, Buyer buyer, Answer page)
    {
        Answer? answer = null;
        var form = page.Page.QuerySelector("input[name=form_key]")!.GetAttribute("value")!;
        await history.RecordAsync("buyer", "place", new Dictionary<string, string>(StringComparer.Ordinal) { ["form"] = form }, async () =>
        {
            answer = await buyer.Browser.SubmitAsync(page, "/thanh-toan/xac-nhan");
            return answer.Status == HttpStatusCode.SeeOther ? Support.Vnpay.Seen(answer.Location!) : throw new HttpRequestException($"{answer.Status}");
        });
        return answer!;
    }

    /// <summary>Takes every connection that the site has left and sleeps on it until it is disposed of.</summary>
    private static async Task<Sleepers> SleepersAsync(Trade trade)
    {
        var connections = new List<NpgsqlConnection>();
        while (connections.Count < Pool)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            enough.CancelAfter(TimeSpan.FromMilliseconds(500));
            try
            {
                connections.Add(await trade.Site.Db.Source.OpenConnectionAsync(enough.Token));
            }
            catch (OperationCanceledException)
            {
                // The others listen for notices of the database all the time.
                break;
            }
        }
        Assert.NotEmpty(connections);
        return new(connections);
    }

    private sealed class Sleepers : IAsyncDisposable
    {
        private readonly CancellationTokenSource awake = new();
        private readonly List<Task> sleeping;

        public Sleepers(List<NpgsqlConnection> connections) => sleeping = connections.ConvertAll(SleepAsync);

        public async Task WakeAsync()
        {
            await awake.CancelAsync();
            await Task.WhenAll(sleeping);
        }

        public async ValueTask DisposeAsync()
        {
            await WakeAsync();
            awake.Dispose();
        }

        private async Task SleepAsync(NpgsqlConnection connection)
        {
            await using var mine = connection;
            await using var command = new NpgsqlCommand("select pg_sleep(600)", connection) { CommandTimeout = 0 };
            try
            {
                await command.ExecuteNonQueryAsync(awake.Token);
            }
            catch (OperationCanceledException)
            {
                // Woken.
            }
        }
    }

    private async Task<long> DeadlocksAsync() => await fixture.Database.Db.SingleAsync<long>("select deadlocks from pg_stat_database where datname = current_database()");
}
