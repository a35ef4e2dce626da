using System.Text.Json;
using Npgsql;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Origin.Trace;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>Blocks of the database that the page behind a label touches, by the number of entries in the lot's diary: more is a decision, written down here.</summary>
public sealed class BlocksPerPageTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly (int Entries, long Most)[] Gates = [(0, 48), (7, 50), (60, 49)];

    [Fact]
    public async Task The_page_behind_a_label_touches_no_more_blocks_than_are_written_down()
    {
        var lots = new List<string>();
        foreach (var (entries, _) in Gates)
            lots.Add((await Stall.OpenAsync(market, new(Pictures: 1, DiaryEntries: entries))).LotCode);
        await using (var owner = NpgsqlDataSource.Create(market.Database.OwnerConnectionString))
        await using (var vacuum = owner.CreateCommand("vacuum (analyze)"))
            await vacuum.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // Tables of a few rows are read whole where that is cheaper: what is counted is the way through a large one.
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(market.Database.AppConnectionString) { Options = "-c enable_seqscan=off", Pooling = false }.ConnectionString);
        var plans = new Db(source);
        var blocks = new List<long>();
        foreach (var lot in lots)
        {
            await TouchedAsync(lot);
            blocks.Add(await TouchedAsync(lot));
            Assert.Equal(blocks[^1], await TouchedAsync(lot));
        }
        Assert.True(blocks.Zip(Gates).All(b => b.First <= b.Second.Most), $"{string.Join(", ", blocks.Zip(Gates).Select(b => $"{b.Second.Entries} entries: {b.First} of {b.Second.Most}"))}");

        async Task<long> TouchedAsync(string code)
        {
            var sum = 0L;
            foreach (var statement in TracePage.Statements.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                using var plan = JsonDocument.Parse(await plans.SingleAsync<string>("explain (analyze, buffers, format json) " + statement, new { code, today = Vietnamese.Today(market.Site.Clock), take = 20 }, TestContext.Current.CancellationToken));
                var root = plan.RootElement[0].GetProperty("Plan");
                sum += root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
            }
            return sum;
        }
    }
}
