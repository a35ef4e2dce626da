using Npgsql;
using SonLaMarket.Catalog;
using SonLaMarket.Tests.Shape;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>
/// The statement that takes stock, as it stands in the program, raced by twenty; and the same race with its condition cut
/// out, which must go wrong: a race that cannot be lost shows nothing.
/// </summary>
public sealed class StockRaceTests(PostgresFixture postgres)
{
    private const string Condition = "and s.available >= w.quantity";
    private const long Box = 5_000;

    [Fact]
    public async Task The_statement_of_the_program_sells_the_last_box_once()
    {
        await using var database = await postgres.CloneAsync();
        var lot = await LastBoxAsync(database);
        var (won, failed) = await RaceAsync(database, Statement(), lot);
        Assert.Equal((1, 0), (won, failed));
        Assert.Equal(0, await AvailableAsync(database, lot));
    }

    [Fact]
    public async Task Without_the_condition_the_same_race_sells_it_more_than_once()
    {
        await using var database = await postgres.CloneAsync();
        var lot = await LastBoxAsync(database);
        await database.OwnerAsync("alter table catalog.lot_stock drop constraint lot_stock_available");
        var (won, _) = await RaceAsync(database, Without(), lot);
        Assert.True(won > 1, "the race cannot be lost: it shows nothing");
        Assert.True(await AvailableAsync(database, lot) < 0);
    }

    [Fact]
    public async Task Without_the_condition_the_constraint_still_refuses_all_but_one()
    {
        await using var database = await postgres.CloneAsync();
        var lot = await LastBoxAsync(database);
        var (won, failed) = await RaceAsync(database, Without(), lot);
        Assert.Equal((1, 19), (won, failed));
    }

    private static string Statement() =>
        House.Types.Where(t => t == typeof(Stock) || t.DeclaringType == typeof(Stock)).SelectMany(House.StringsOf).Single(s => s.Contains("held = s.held + w.quantity", StringComparison.Ordinal)).Split(';')[0];

    private static string Without()
    {
        var statement = Statement();
        Assert.Contains(Condition, statement, StringComparison.Ordinal);
        return statement.Replace(Condition, "", StringComparison.Ordinal);
    }

    private static async Task<long> LastBoxAsync(TestDatabase database)
    {
        await using var site = new Site(database);
        return (await new Shop(site).GoodsAsync(await new Shop(site).SellerAsync(), 1)).LotId;
    }

    /// <summary>Twenty transactions at once, each wanting the one box: how many got it, how many the database refused.</summary>
    private static async Task<(int Won, int Failed)> RaceAsync(TestDatabase database, string statement, long lot)
    {
        using var start = new SemaphoreSlim(0);
        var buyers = Enumerable.Range(0, 20).Select(buyer => Task.Run(async () =>
        {
            await using var tx = await database.Db.BeginAsync();
            await start.WaitAsync();
            try
            {
                var taken = await tx.ExecuteAsync(statement, new { ids = new[] { Guid.NewGuid() }, lots = new[] { lot }, holders = new[] { $"race:{buyer}" }, quantities = new[] { Box }, ends = new DateTimeOffset?[] { null }, now = DateTimeOffset.UtcNow });
                await tx.CommitAsync();
                return taken;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CheckViolation)
            {
                return -1;
            }
        })).ToList();
        start.Release(buyers.Count);
        var ends = await Task.WhenAll(buyers);
        return (ends.Count(e => e == 1), ends.Count(e => e == -1));
    }

    private static Task<long> AvailableAsync(TestDatabase database, long lot) => database.Db.SingleAsync<long>("select available from catalog.lot_stock where lot_id = @lot", new { lot });
}
