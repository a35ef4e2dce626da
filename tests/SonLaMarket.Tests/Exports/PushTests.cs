using System.Text.Json.Nodes;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>F17: a platform's own program that is slow, busy, fails after it did as asked, changes its words; and we are stopped meanwhile. Each listing is there once, as it is here.</summary>
public sealed class PushTests(MarketFixture market) : IClassFixture<MarketFixture>, IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), "sonlamarket-" + Guid.NewGuid().ToString("N"));
    private PartnerStub stub = null!;
    private Site site = null!;

    public async ValueTask InitializeAsync()
    {
        stub = await PartnerStub.StartAsync();
        site = Open();
        await market.Site.RunDueAsync();
        await market.Db.ExecuteAsync("delete from exports.push; delete from exports.push_pause; update catalog.listing set public_version = null, status = 'suspended'", ct: TestContext.Current.CancellationToken);
        var (version, sendo) = (await ProfileVersions.NewestAsync(market.Db, "sendo", TestContext.Current.CancellationToken))!;
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        Assert.True(await market.Site.Get<ProfileVersions>().AddAsync(tx, sendo with { Push = sendo.Push! with { PerMinute = 60_000 }, Columns = [.. sendo.Columns.Select(c => c with { Required = false })], Note = "Hàng thử không có ảnh" }, version, Actor.System));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await site.DisposeAsync();
        await stub.DisposeAsync();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private Site Open(string secret = "bí \"mật\"") => new(market.Database, settings: new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Files:Folder"] = folder,
        ["Push:sendo:Address"] = stub.Url,
        ["Push:sendo:Key"] = "gian-hang",
        ["Push:sendo:Secret"] = secret,
        ["Push:TimeoutSeconds"] = "2",
    });

    [Fact]
    public async Task Each_listing_is_there_once_however_the_platform_answers_and_whenever_we_are_stopped()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var goods = new List<Goods>();
        for (var n = 0; n < 5; n++)
            goods.Add(await market.Shop.GoodsAsync(seller, 3));
        foreach (var mood in new[] { "slow", "busy", "fails after", "renamed", "" })
            stub.Moods.Enqueue(mood);
        await BuildAsync();
        await site.RunDueAsync();
        // One was not answered in time, at the next we were told to wait seven seconds.
        Assert.Equal(["find", "make", "find", "make"], stub.Asked.Select(a => a.Split(' ')[0]));
        await PassAsync(6);
        Assert.Equal(4, stub.Asked.Count);
        await PassAsync(2);
        Assert.Equal(5, stub.Listings.Count);
        // What may have been done is asked about before it is done again, and not at once.
        await PassAsync(600);
        Once(goods);
        Assert.Equal(3, stub.Asked.Count(a => a.StartsWith("change ", StringComparison.Ordinal)));
        Assert.Equal(5, await market.Db.SingleAsync<long>("select count(*) from exports.push p join exports.partner_result r using (profile_code, listing_id, platform_id) where p.state = 'sent' and p.platform_id <> '' and r.status = 'waiting'"));

        // Stopped while a sixth is made there.
        var sixth = await market.Shop.GoodsAsync(seller, 3);
        stub.Moods.Enqueue("slow");
        await BuildAsync();
        using var stopped = new CancellationTokenSource();
        var round = site.Get<Worker>().RunDueAsync(stopped.Token);
        while (stub.Listings.Count < 6)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => round);
        Assert.Equal("waiting", await StateAsync(sixth));
        await using (var next = Open())
        {
            next.Clock.Advance(TimeSpan.FromHours(1));
            await next.RunDueAsync();
        }
        Once([.. goods, sixth]);
        Assert.Equal("sent", await StateAsync(sixth));
    }

    [Fact]
    public async Task What_is_taken_down_while_it_is_made_there_is_left_to_whoever_makes_it_and_ended_afterwards()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        stub.Moods.Enqueue("slow");
        await BuildAsync();
        var round = site.RunDueAsync();
        while (stub.Listings.IsEmpty)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await SuspendAsync(goods);
        await BuildAsync();
        Assert.Equal("withdrawing", await StateAsync(goods));
        // Another process is told at once; what it asked now would come before what the first one still has made there.
        await site.RunDueAsync();
        await round;
        Assert.Equal(["find", "make"], stub.Asked.Select(a => a.Split(' ')[0]));
        await PassAsync(61);
        Assert.Equal(["find", "make", "find", "withdraw"], stub.Asked.Select(a => a.Split(' ')[0]));
        Assert.Equal("withdrawn", await StateAsync(goods));
        Assert.False((bool)Assert.Single(stub.Listings.Values)["stock_availability"]!);
    }

    [Fact]
    public async Task Only_what_changed_is_sent_what_is_taken_down_goes_first_and_a_refusal_is_told_to_the_seller_in_its_words()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var (raised, gone, blurred) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3));
        await BuildAsync();
        await site.RunDueAsync();
        var before = stub.Asked.Count;
        Once([raised, gone, blurred]);

        await market.Db.ExecuteAsync("update catalog.listing set price_vnd = price_vnd + 1000 where id = any(@ids)", new { ids = new[] { raised.ListingId, blurred.ListingId } }, TestContext.Current.CancellationToken);
        await SuspendAsync(gone);
        foreach (var mood in new[] { "", "ends the session", "", "refuses" })
            stub.Moods.Enqueue(mood);
        await BuildAsync();
        await site.RunDueAsync();
        Assert.Equal([$"withdraw {await IdAsync(gone)}", $"change {await IdAsync(raised)}", $"change {await IdAsync(blurred)}"], stub.Asked.Skip(before));
        Assert.False((bool)stub.Listings[long.Parse(await IdAsync(gone), System.Globalization.CultureInfo.InvariantCulture)]["stock_availability"]!);
        Assert.Equal(("withdrawn", "sent", "refused"), (await StateAsync(gone), await StateAsync(raised), await StateAsync(blurred)));
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync($"/quan-ly/tin-dang/{blurred.Slug}/san-khac");
        Assert.Contains("Sàn từ chối Sàn trả lời: Ảnh mờ, không đạt", page.Text, StringComparison.Ordinal);
        Assert.Contains("Đã gửi sang sàn", (await browser.GetAsync($"/quan-ly/tin-dang/{raised.Slug}/san-khac")).Text, StringComparison.Ordinal);
        Assert.Contains("Ảnh mờ, không đạt", (await browser.GetAsync("/quan-ly/xuat-du-lieu/san-lien-ket")).Text, StringComparison.Ordinal);
        var asked = stub.Asked.Count;
        await BuildAsync();
        await PassAsync(7200);
        Assert.Equal(asked, stub.Asked.Count);
    }

    [Fact]
    public async Task Nothing_is_made_where_the_platform_does_not_say_in_known_words_that_it_has_none_and_a_dead_one_is_left_alone()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        for (var n = 0; n < 5; n++)
            await market.Shop.GoodsAsync(seller, 3);
        stub.FindMood = "renamed";
        await BuildAsync();
        await site.RunDueAsync();
        Assert.Empty(stub.Listings);
        // Three in a row, then a minute of peace.
        Assert.Equal(3, stub.Asked.Count);
        Assert.Equal(("waiting", "{success, data}"), await market.Db.SingleAsync<(string, string)>("select state, error from exports.push order by attempts desc, listing_id limit 1"));
        await PassAsync(30);
        Assert.Equal(3, stub.Asked.Count);

        await using var stranger = Open("khác");
        stranger.Clock.Advance(TimeSpan.FromHours(2));
        await stranger.RunDueAsync();
        Assert.Equal("Sai khóa", await market.Db.SingleAsync<string>("select reason from exports.push_pause"));
        Assert.Contains("chưa cài đặt", (await (await market.SignInAsync(Roles.Operator)).Browser.GetAsync("/quan-tri/xuat-du-lieu/sendo")).Text, StringComparison.Ordinal);
        await market.Db.ExecuteAsync("delete from exports.push", ct: TestContext.Current.CancellationToken);
        await market.Site.Get<ExportRuns>().BuildAsync("sendo", "test", CancellationToken.None);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from exports.push"));
    }

    private void Once(IReadOnlyCollection<Goods> goods)
    {
        Assert.Equal(goods.Count, stub.Listings.Count);
        Assert.Equal(goods.Count, stub.Listings.Values.Select(l => (string)l["sku"]!).Distinct(StringComparer.Ordinal).Count());
    }

    private async Task SuspendAsync(Goods goods)
    {
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        Assert.True(await market.Site.Get<Listings>().SuspendAsync(tx, goods.Slug, "Ảnh sai", new Actor(null, Roles.Officer)));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
    }

    private Task BuildAsync() => site.Get<ExportRuns>().BuildAsync("sendo", "test", CancellationToken.None);

    private async Task PassAsync(int seconds)
    {
        site.Clock.Advance(TimeSpan.FromSeconds(seconds));
        await site.RunDueAsync();
    }

    private Task<string> StateAsync(Goods goods) => market.Db.SingleAsync<string>("select state from exports.push where listing_id = @ListingId", new { goods.ListingId });

    private Task<string> IdAsync(Goods goods) => market.Db.SingleAsync<string>("select platform_id from exports.push where listing_id = @ListingId", new { goods.ListingId });
}
