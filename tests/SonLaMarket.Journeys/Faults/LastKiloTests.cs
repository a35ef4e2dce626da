using SonLaMarket.Checker;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys.Faults;

/// <summary>Many want little, on two instances at once.</summary>
public sealed class LastKiloTests(PostgresFixture postgres)
{
    private const int Boxes = 7;

    [Fact]
    public async Task A_crowd_wants_the_last_boxes_and_exactly_those_are_sold()
    {
        var random = Rounds.Seeded("crowd");
        await using var database = await postgres.CloneAsync();
        Goods goods;
        await using (var site = new Site(database))
            goods = await new Shop(site).GoodsAsync(await new Shop(site).SellerAsync(), Boxes);
        var files = Directory.CreateTempSubdirectory("slm-crowd-");
        var settings = database.Settings.Append(new("Files:Folder", files.FullName)).ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
        var history = new History();
        await using (var first = await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0, "--data", "reference"))
        await using (var second = await RunningSite.StartAsync(settings, RunningSite.FreePort(), 0, "--data", "reference"))
        {
            var crowd = Rounds.Of(60, 200);
            var ways = Enumerable.Range(0, crowd).Select(_ => (Site: random.Next(2) == 0 ? first : second, Payment: random.Next(3) == 0 ? "vnpay" : "cod")).ToList();
            await Task.WhenAll(ways.Select((way, i) => RecordedBuyer.PlaceAsync(history, way.Site.Url, $"buyer {i}", goods.Slug, way.Payment)));
        }
        files.Delete(recursive: true);
        Assert.Equal((0L, Boxes * 5_000L), await database.Db.SingleAsync<(long, long)>("select available, held + sold from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
        Assert.Equal(Boxes, history.Calls.Count(c => c.Outcome == Outcome.Ok));
        var verdict = await Judge.JudgeAsync(history, database.OwnerConnectionString);
        Console.WriteLine($"crowd: {verdict}");
        Assert.True(verdict.Count == 0, verdict.ToString());
    }
}
