using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>P17: by the clock on the wall, with the worker that runs in production. It mostly waits: a change comes with the next full half minute.</summary>
public sealed class RealTimeFeedTests(PostgresFixture postgres)
{
    private const string Token = "mau-dong-ho-that";

    [Fact]
    public async Task A_price_is_in_the_public_file_within_a_minute_and_what_is_taken_down_is_out_of_it_within_ten_seconds()
    {
        await using var database = await postgres.CloneAsync();
        var folder = Directory.CreateTempSubdirectory("slm-real-time-");
        try
        {
            await using var site = new Site(database, s => s.Replace(ServiceDescriptor.Singleton(TimeProvider.System)), new Dictionary<string, string>(StringComparer.Ordinal) { ["Files:Folder"] = folder.FullName });
            var shop = new Shop(site);
            var seller = await shop.SellerAsync(online: false);
            var (priced, gone) = (await shop.GoodsAsync(seller, 5), await shop.GoodsAsync(seller, 5));
            await DoAsync(site, tx => site.Get<FeedTokens>().AddAsync(tx, "open", Token, "Đồng hồ thật", new Actor(null, Roles.Operator)));
            await site.RunDueAsync();
            await site.Get<ExportRuns>().BuildAsync("open", "test", CancellationToken.None);
            var before = await FeedAsync(site);
            Assert.Equal(("200000", "200000"), (before[priced.Slug], before[gone.Slug]));

            var worker = site.Get<Worker>();
            await worker.StartAsync(CancellationToken.None);
            var changed = Stopwatch.StartNew();
            await DoAsync(site, tx => site.Get<Listings>().PriceAsync(tx, priced.Slug, 210_000, seller.PersonId, new Actor(seller.PersonId, Roles.Seller)));
            Assert.InRange(await UntilAsync(async () => (await FeedAsync(site)).GetValueOrDefault(priced.Slug) == "210000", changed, 60), 0, 60);

            var taken = Stopwatch.StartNew();
            await DoAsync(site, tx => site.Get<Listings>().SuspendAsync(tx, gone.Slug, "Thử", new Actor(null, Roles.Officer)));
            Assert.InRange(await UntilAsync(async () => !(await FeedAsync(site)).ContainsKey(gone.Slug), taken, 10), 0, 10);
            Assert.Equal("210000", (await FeedAsync(site))[priced.Slug]);
            await worker.StopAsync(CancellationToken.None);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Price by listing.</summary>
    private static async Task<Dictionary<string, string>> FeedAsync(Site site)
    {
        var answer = await site.Open().GetAsync("/feeds/open.csv?token=" + Token);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return LibreOffice.Rows(answer.Body.TrimStart('\uFEFF')).ToDictionary(r => r["listing.id"], r => r["variant.priceVnd"], StringComparer.Ordinal);
    }

    /// <summary>The seconds until it held.</summary>
    private static async Task<double> UntilAsync(Func<Task<bool>> holds, Stopwatch clock, int seconds)
    {
        while (!await holds())
        {
            Assert.True(clock.Elapsed.TotalSeconds < seconds, $"not within {seconds} s");
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task DoAsync(Site site, Func<Tx, Task<bool>> change)
    {
        await using var tx = await site.Db.BeginAsync();
        Assert.True(await change(tx));
        await tx.CommitAsync();
    }
}
