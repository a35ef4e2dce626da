using System.Net;
using SonLaMarket.Checker;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

/// <summary>F03: the database ends sessions of the site at random while people look, buy and pay.</summary>
public sealed class EndedSessionsTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private const int Buyers = 6;
    private const int Readers = 6;

    [Fact]
    public async Task Sessions_that_the_database_ends_lose_nothing_and_readers_do_not_notice()
    {
        var seeds = Seeds.For("ended sessions");
        await using var trade = new Trade(fixture.Database.Settings, new Dictionary<string, string>(StringComparer.Ordinal) { ["Checkout:PerMinute"] = "1000", ["Logging:LogLevel:Default"] = "None", ["Logging:LogLevel:Microsoft.AspNetCore"] = "None" });
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
        var (ended, read, failed) = (0, 0, 0);
        var rounds = Seeds.Rounds(2, 200);
        for (var round = 0; round < rounds; round++)
        {
            if (round % 20 == 19)
                goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 190);
            var crowd = new List<(Buyer Buyer, Answer Page)>();
            for (var i = 0; i < Buyers; i++)
            {
                crowd.Add(await ReadyAsync(trade, goods));
            }
            using var over = new CancellationTokenSource();
            var ending = EndAsync(seeds.Random, over.Token);
            var reading = Enumerable.Range(0, Readers).Select(_ => ReadAsync(trade, goods, over.Token)).ToList();
            await Task.WhenAll(crowd.Select(c => BuyAsync(trade, goods, c.Buyer, c.Page)));
            await over.CancelAsync();
            ended += await ending;
            foreach (var (all, bad) in await Task.WhenAll(reading))
                (read, failed) = (read + all, failed + bad);
            seeds.Equal(Buyers * (round + 1), trade.History.Calls.Where(c => c is { Op: "place", Outcome: Outcome.Ok }).Select(c => c.Arg("form")).Distinct(StringComparer.Ordinal).Count(), $"round {round}, orders placed");
        }
        await trade.JudgeAsync($"ended sessions, {rounds} rounds, {ended} sessions ended, {read} pages read and {failed} failed, seed {seeds.Seed}");
        Assert.True(ended > 0, "no session was ended: the test met nothing");
        Assert.True(failed <= read * 0.005, $"seed {seeds.Seed}: {failed} of {read} pages failed");
    }

    /// <summary>At the last button. A session that was ended in the round before may still lie in the pool: who meets it is answered with an error and tries again, as people do.</summary>
    private static async Task<(Buyer Buyer, Answer Page)> ReadyAsync(Trade trade, Goods goods)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                var buyer = await new Buyer(trade.Site).WithAsync(goods);
                return (buyer, await buyer.ConfirmAsync());
            }
            catch (InvalidOperationException) when (tries < 5)
            {
                // Once more.
            }
        }
    }

    /// <summary>Ends one session of the site after the other until told to stop; how many.</summary>
    private async Task<int> EndAsync(Random random, CancellationToken over)
    {
        const string end = """
            select count(pg_terminate_backend(pid))::int from (
              select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and usename = 'sonlamarket' and application_name <> 'test' order by md5(pid::text || @n) limit 1) s
            """;
        await using var owner = Npgsql.NpgsqlDataSource.Create(fixture.Database.OwnerConnectionString);
        var ended = 0;
        while (!over.IsCancellationRequested)
        {
            await using var command = owner.CreateCommand(end);
            command.Parameters.AddWithValue("n", random.Next());
            ended += (int)(await command.ExecuteScalarAsync(CancellationToken.None))!;
            await Task.Delay(random.Next(150, 450), CancellationToken.None);
        }
        return ended;
    }

    private static async Task<(int All, int Failed)> ReadAsync(Trade trade, Goods goods, CancellationToken over)
    {
        var (all, failed) = (0, 0);
        var guest = trade.Site.Open();
        while (!over.IsCancellationRequested)
        {
            // As one with a basket: made anew each time.
            var answer = await guest.GetAsync(all % 2 == 0 ? "/lo/" + goods.LotCode : "/san-pham/" + goods.Slug, ("Cookie", "sl_cart=none"));
            all++;
            failed += answer.Status == HttpStatusCode.OK ? 0 : 1;
        }
        return (all, failed);
    }

    /// <summary>Places and is notified of the payment; whatever got lost is done again in the same way, as people and VNPAY do.</summary>
    private static async Task BuyAsync(Trade trade, Goods goods, Buyer buyer, Answer page)
    {
        var form = page.Page.QuerySelector("input[name=form_key]")!.GetAttribute("value")!;
        var url = await AgainAsync(trade.History, "place", new(StringComparer.Ordinal) { ["form"] = form }, async () =>
        {
            var answer = await buyer.Browser.SubmitAsync(page, "/thanh-toan/xac-nhan");
            return answer.Status == HttpStatusCode.SeeOther && answer.Location!.Contains("vnp_TxnRef", StringComparison.Ordinal) ? answer.Location : null;
        });
        var fields = Support.Vnpay.Fields(url);
        var (reference, amount) = (fields["vnp_TxnRef"], long.Parse(fields["vnp_Amount"]) / 100);
        await AgainAsync(trade.History, "notify", new(StringComparer.Ordinal) { ["txnRef"] = reference, ["kind"] = "genuine", ["code"] = "00" }, async () =>
        {
            var answer = await trade.IpnAsync(Support.Vnpay.Query(goods.Seller, reference, amount, "00"));
            return answer.Contains("\"00\"", StringComparison.Ordinal) ? "00" : answer.Contains("\"02\"", StringComparison.Ordinal) ? "02" : null;
        });
    }

    private static async Task<string> AgainAsync(History history, string op, Dictionary<string, string> args, Func<Task<string?>> act)
    {
        for (var tries = 0; ; tries++)
        {
            Assert.True(tries < 50, $"{op} never came through");
            string? got = null;
            await history.RecordAsync("client", op, args, async () =>
            {
                got = await act() ?? throw new HttpRequestException("not answered as hoped");
                return op == "place" ? Support.Vnpay.Seen(got) : new Dictionary<string, string>(StringComparer.Ordinal) { ["rspCode"] = got };
            });
            if (got is not null)
                return got;
        }
    }
}
