using System.Net;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>What of a listing is public, from when, and until when.</summary>
public sealed class ListingTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly Actor Officer = new(null, Roles.Officer);

    [Fact]
    public async Task A_new_title_waits_for_its_approval_while_the_old_one_stays_and_the_price_changes_at_once()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3, title: "Tên đã duyệt");
        await EditAsync(goods, "Tên chưa duyệt", 321_000);
        var before = await PageAsync(goods);
        Assert.Contains("Tên đã duyệt", before.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Tên chưa duyệt", before.Text, StringComparison.Ordinal);
        Assert.Contains("321.000", before.Text, StringComparison.Ordinal);
        await DoAsync(tx => market.Site.Get<Listings>().SubmitAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)));
        Assert.Contains("Tên đã duyệt", (await PageAsync(goods)).Text, StringComparison.Ordinal);
        await DoAsync(tx => market.Site.Get<Listings>().ApproveAsync(tx, goods.Slug, 2, Officer));
        Assert.Contains("Tên chưa duyệt", (await PageAsync(goods)).Text, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'listing.edit' and subject = @subject and detail->>'price' = '321000'", new { subject = "listing:" + goods.Slug }));
    }

    /// <summary>What changes after the submission is not what the officer read.</summary>
    [Fact]
    public async Task Approval_is_of_the_version_that_was_read()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3, title: "Bản một");
        await EditAsync(goods, "Bản hai", 200_000);
        await DoAsync(tx => market.Site.Get<Listings>().SubmitAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)));
        await market.Db.ExecuteAsync("update producers.product set description = 'Lời thêm sau khi gửi' where id = (select product_id from catalog.listing where id = @ListingId)", new { goods.ListingId });
        await EditAsync(goods, "Bản ba", 200_000);
        await DoAsync(tx => market.Site.Get<Listings>().ApproveAsync(tx, goods.Slug, 2, Officer));
        var page = await PageAsync(goods);
        Assert.Contains("Bản hai", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bản ba", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Lời thêm sau khi gửi", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_public_before_its_approval()
    {
        var seller = await market.Shop.SellerAsync();
        var goods = await market.Shop.GoodsAsync(seller, 3);
        var product = await market.Db.SingleAsync<string>("select p.code from catalog.listing l join producers.product p on p.id = l.product_id where l.id = @ListingId", new { goods.ListingId });
        string? slug = null;
        await DoAsync(async tx => (slug = await market.Site.Get<Listings>().CreateAsync(tx, product, new ListingDraft("Tin còn nháp", "", "box", 5_000, 90_000, [], 1), seller.PersonId, new Actor(seller.PersonId, Roles.Seller))) is not null);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/san-pham/" + slug)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await market.Site.Open().PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = slug!, ["quantity"] = "1" })).Status);
        await DoAsync(tx => market.Site.Get<Listings>().SubmitAsync(tx, slug!, seller.PersonId, new Actor(seller.PersonId, Roles.Seller)));
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/san-pham/" + slug)).Status);
    }

    [Fact]
    public async Task A_suspended_producer_takes_everything_of_theirs_along_and_is_gone()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3);
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync("/co-so/" + goods.Seller.Slug)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(goods)).Status);
        await DoAsync(tx => market.Site.Get<ProducerRegister>().SuspendAsync(tx, goods.Seller.Slug, "Không còn hoạt động", Officer));
        await market.Site.RunDueAsync();
        foreach (var path in new[] { "/co-so/" + goods.Seller.Slug, "/san-pham/" + goods.Slug, "/en/san-pham/" + goods.Slug })
        {
            var gone = await market.Site.Open().GetAsync(Fresh(path));
            Assert.Equal(HttpStatusCode.Gone, gone.Status);
            Assert.NotNull(gone.Page.QuerySelector("main a[href*='/san-pham']"));
        }
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Status);
        var machine = await market.Site.Open().GetAsync(Fresh("/san-pham/" + goods.Slug), ("Accept", "application/json"));
        Assert.Equal((HttpStatusCode.Gone, "application/problem+json"), (machine.Status, machine.Message.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_closed_listing_is_gone_and_comes_back_by_a_new_approval()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3);
        await DoAsync(tx => market.Site.Get<Listings>().CloseAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal(HttpStatusCode.Gone, (await PageAsync(goods)).Status);
        await EditAsync(goods, "Mùa mới", 200_000);
        await DoAsync(tx => market.Site.Get<Listings>().SubmitAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal(HttpStatusCode.Gone, (await PageAsync(goods)).Status);
        await DoAsync(tx => market.Site.Get<Listings>().ApproveAsync(tx, goods.Slug, 2, Officer));
        Assert.Equal(HttpStatusCode.OK, (await PageAsync(goods)).Status);
    }

    [Fact]
    public async Task The_product_page_says_origin_producer_price_and_price_per_kilogram()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 3, 175_000);
        var page = await PageAsync(goods);
        Assert.Contains("175.000", page.Text, StringComparison.Ordinal);
        Assert.Contains("35.000 ₫/kg", page.Text, StringComparison.Ordinal);
        Assert.Contains(goods.Seller.Name, page.Text, StringComparison.Ordinal);
        Assert.NotNull(page.Page.QuerySelector($"a[href='/lo/{goods.LotCode}']"));
        Assert.NotNull(page.Page.QuerySelector($"a[href='/co-so/{goods.Seller.Slug}']"));
        Assert.Contains("Sở Công Thương", page.Text, StringComparison.Ordinal);
    }

    /// <summary>They are kept beside the pages, and forgotten with them.</summary>
    [Fact]
    public async Task Counts_beside_a_list_follow_what_is_on_the_shelf()
    {
        var seller = await market.Shop.SellerAsync();
        await market.Shop.GoodsAsync(seller, 3);
        var before = await CountAsync();
        await market.Shop.GoodsAsync(seller, 3);
        for (var i = 0; i < 50 && await CountAsync() == before; i++)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(before + 1, await CountAsync());
    }

    private async Task<int> CountAsync() =>
        int.Parse((await market.Site.Open().GetAsync(Fresh("/san-pham"))).Page.QuerySelector(".page__head [role=status]")!.TextContent.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Actor SellerOf(Goods goods) => new(goods.Seller.PersonId, Roles.Seller);

    private Task<Answer> PageAsync(Goods goods) => market.Site.Open().GetAsync(Fresh("/san-pham/" + goods.Slug));

    /// <summary>Not the page that was kept a moment ago: that one is evicted by a notice, which takes its time.</summary>
    private static string Fresh(string path) => $"{path}?{Guid.NewGuid():N}";

    private Task EditAsync(Goods goods, string title, long priceVnd) =>
        DoAsync(tx => market.Site.Get<Listings>().UpdateAsync(tx, goods.Slug, new ListingDraft(title, "", "box", 5_000, priceVnd, [], 1), goods.Seller.PersonId, SellerOf(goods)));

    private async Task DoAsync(Func<SonLaMarket.Foundation.Data.Tx, Task<bool>> change)
    {
        await using var tx = await market.Db.BeginAsync();
        Assert.True(await change(tx));
        await tx.CommitAsync();
    }
}
