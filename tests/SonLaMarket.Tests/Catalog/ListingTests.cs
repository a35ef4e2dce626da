using System.Net;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
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

    [Fact]
    public async Task A_promotion_is_charged_and_shown_beside_the_usual_price_for_its_days_and_the_history_tells_both()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9, title: "Mận có khuyến mại");
        var seller = await market.SignInAsync(goods.Seller);
        var path = $"/quan-ly/tin-dang/{goods.Slug}/khuyen-mai";
        var refused = await seller.SubmitAsync(await seller.GetAsync(path), path, ("Price", "200k"), ("From", Day(-1)), ("Until", Day(-2)));
        Assert.Equal(["Giá khuyến mại phải thấp hơn giá thường, 200.000 ₫.", "Ngày bắt đầu đã qua. Bắt đầu ngay thì để trống.", "Ngày cuối không thể trước ngày bắt đầu."],
            new[] { "Price", "From", "Until" }.Select(f => Plain(refused.Page.QuerySelector($"#{f}-error")!.TextContent).Replace("Lỗi: ", "", StringComparison.Ordinal)));
        Assert.Contains("dài nhất 120 ngày", (await seller.SubmitAsync(refused, path, ("Price", "150k"), ("From", ""), ("Until", Day(120)))).Text, StringComparison.Ordinal);
        var asked = await seller.SubmitAsync(await seller.GetAsync(path), path, ("Price", "90k"), ("Until", Day(2)));
        Assert.Contains("luật cho giảm nhiều nhất 50 %", asked.Text, StringComparison.Ordinal);
        Assert.Equal(path, (await seller.SubmitAsync(await seller.GetAsync(path), path, ("Price", "150k"), ("Until", Day(2)))).Location);

        var page = await PageAsync(goods);
        Assert.Equal(("150.000 ₫", "Giá trước khuyến mại: 200.000 ₫", "30.000 ₫/kg"), (Text(page, ".product__top .price strong"), Text(page, ".product__top .price s"), Text(page, ".product__top .price__base").Split(" · ")[0]));
        Assert.Contains($"Giá khuyến mại đến hết ngày {Day(2)}; sau đó 200.000 ₫.", page.Text, StringComparison.Ordinal);
        // What the form says of the price is the usual one; saved as it stands, nothing changes.
        var form = "/quan-ly/tin-dang/" + goods.Slug;
        Assert.Equal("Tin đang khuyến mại 150.000 ₫. Đổi giá thường thì khuyến mại kết thúc ngay.", Text(await seller.GetAsync(form + "/sua/gia"), ".page .notice"));
        Assert.Equal("Bỏ khuyến mại này?", (await seller.GetAsync(path)).Page.QuerySelector("form[action$='/bo'] button")!.GetAttribute("data-ask"));
        Assert.Equal(form, (await seller.SubmitAsync(await seller.GetAsync(form), form, ("MinUnits", "1"))).Location);
        Assert.Equal((150_000, 200_000L), await PricesAsync());
        await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
        Assert.Equal(150_000, await market.Db.SingleAsync<long>("select unit_price_vnd from orders.line where listing_id = @ListingId", new { goods.ListingId }));

        // It runs through its last day, and ends by itself.
        market.Site.Clock.Advance(OriginEvents.Midnight(Vietnamese.Today(market.Site.Clock).AddDays(3)) - market.Site.Clock.GetUtcNow() - TimeSpan.FromMinutes(1));
        await market.Site.RunDueAsync();
        Assert.Equal((150_000, 200_000L), await PricesAsync());
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await market.Site.RunDueAsync();
        Assert.Equal((200_000, null), await PricesAsync());
        Assert.Null((await PageAsync(goods)).Page.QuerySelector(".product__top .price s"));
        Assert.Equal([(200_000L, null), (150_000, 200_000L), (200_000, null)], await market.Db.QueryAsync<(long, long?)>("select price_vnd, usual_vnd from catalog.listing_price where listing_id = @ListingId order by no", new { goods.ListingId }));
        var history = (await (await market.SignInAsync(goods.Seller)).GetAsync(form + "/gia")).Page.QuerySelectorAll("tbody tr").Select(r => Plain(r.QuerySelectorAll("td")[2].TextContent)).ToList();
        Assert.Equal(["200.000 ₫", "150.000 ₫ khuyến mại", "200.000 ₫"], history);

        string Day(int days) => Vietnamese.Date(Vietnamese.Today(market.Site.Clock).AddDays(days));
        Task<(long, long?)> PricesAsync() => market.Db.SingleAsync<(long, long?)>("select price_vnd, usual_vnd from catalog.listing where id = @ListingId", new { goods.ListingId });
        static string Text(Answer page, string selector) => Plain(page.Page.QuerySelector(selector)!.TextContent);
        static string Plain(string text) => string.Join(' ', text.Replace('\u00a0', ' ').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_planned_promotion_begins_by_itself_and_another_usual_price_ends_it()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 9);
        var today = Vietnamese.Today(market.Site.Clock);
        var promotions = market.Site.Get<Promotions>();
        await DoAsync(tx => promotions.PlanAsync(tx, goods.Slug, 150_000, today.AddDays(1), today.AddDays(5), goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal((200_000, null, 150_000L), await PricesAsync());
        // One at a time, of the own listings alone, and never dearer.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var other = (await market.Shop.SellerAsync()).PersonId;
            Assert.False(await promotions.PlanAsync(tx, goods.Slug, 140_000, null, today.AddDays(1), goods.Seller.PersonId, SellerOf(goods)));
            Assert.False(await promotions.EndAsync(tx, goods.Slug, other, SellerOf(goods)));
            // A form that was filled in before midnight may say a day that is over when it comes.
            Assert.True(await promotions.EndAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)));
            Assert.False(await promotions.PlanAsync(tx, goods.Slug, 140_000, null, today.AddDays(-1), goods.Seller.PersonId, SellerOf(goods)));
        }
        // A planned one outlives another price as long as it is lower.
        await EditAsync(goods, "Mận đổi giá", 180_000);
        Assert.Equal((180_000, null, 150_000L), await PricesAsync());
        market.Site.Clock.Advance(TimeSpan.FromDays(1));
        await market.Site.RunDueAsync();
        await market.Site.RunDueAsync();
        Assert.Equal((150_000, 180_000L, 150_000L), await PricesAsync());
        await DoAsync(tx => market.Site.Get<Listings>().PriceAsync(tx, goods.Slug, 180_000, goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal((150_000, 180_000L, 150_000L), await PricesAsync());
        await DoAsync(tx => market.Site.Get<Listings>().PriceAsync(tx, goods.Slug, 190_000, goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal((190_000, null, null), await PricesAsync());
        Assert.Equal(1, await EndedAsync(goods));
        await DoAsync(tx => promotions.PlanAsync(tx, goods.Slug, 150_000, today.AddDays(5), today.AddDays(9), goods.Seller.PersonId, SellerOf(goods)));
        await EditAsync(goods, "Mận đổi giá", 190_000);
        Assert.Equal((190_000, null, 150_000L), await PricesAsync());
        await EditAsync(goods, "Mận đổi giá", 150_000);
        Assert.Equal((150_000, null, null), await PricesAsync());
        Assert.Equal(2, await EndedAsync(goods));
        await EditAsync(goods, "Mận đổi giá", 190_000);

        await DoAsync(tx => promotions.PlanAsync(tx, goods.Slug, 150_000, null, today.AddDays(9), goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal((150_000, 190_000L, 150_000L), await PricesAsync());
        await DoAsync(tx => promotions.EndAsync(tx, goods.Slug, goods.Seller.PersonId, SellerOf(goods)));
        Assert.Equal((190_000, null, null), await PricesAsync());
        Assert.Equal([200_000L, 180_000, 150_000, 190_000, 150_000, 190_000, 150_000, 190_000], await market.Db.QueryAsync<long>("select price_vnd from catalog.listing_price where listing_id = @ListingId order by no", new { goods.ListingId }));

        Task<(long, long?, long?)> PricesAsync() => market.Db.SingleAsync<(long, long?, long?)>("select price_vnd, usual_vnd, sale_vnd from catalog.listing where id = @ListingId", new { goods.ListingId });
    }

    /// <summary>Its price was told for another pack.</summary>
    [Fact]
    public async Task What_is_closed_or_suspended_has_no_promotion_any_more_and_comes_back_at_the_price_of_its_new_pack()
    {
        var seller = await market.Shop.SellerAsync();
        var (running, planned) = (await market.Shop.GoodsAsync(seller, 9), await market.Shop.GoodsAsync(seller, 9));
        var (listings, promotions, today) = (market.Site.Get<Listings>(), market.Site.Get<Promotions>(), Vietnamese.Today(market.Site.Clock));
        await DoAsync(tx => promotions.PlanAsync(tx, running.Slug, 150_000, null, today.AddDays(5), seller.PersonId, SellerOf(running)));
        await DoAsync(tx => promotions.PlanAsync(tx, planned.Slug, 150_000, today.AddDays(1), today.AddDays(5), seller.PersonId, SellerOf(planned)));
        await DoAsync(tx => listings.SuspendAsync(tx, running.Slug, "Thử", Officer));
        await DoAsync(tx => listings.CloseAsync(tx, planned.Slug, seller.PersonId, SellerOf(planned)));
        foreach (var (goods, history) in new[] { (running, new[] { 200_000L, 150_000, 200_000 }), (planned, new[] { 200_000L }) })
        {
            Assert.Equal((200_000, null, null), await market.Db.SingleAsync<(long, long?, DateTimeOffset?)>("select price_vnd, sale_vnd, sale_until from catalog.listing where id = @ListingId", new { goods.ListingId }));
            Assert.Equal(history, await market.Db.QueryAsync<long>("select price_vnd from catalog.listing_price where listing_id = @ListingId order by no", new { goods.ListingId }));
            Assert.Equal(1, await EndedAsync(goods));
        }

        await DoAsync(tx => listings.ReopenAsync(tx, planned.Slug, seller.PersonId, SellerOf(planned)));
        await DoAsync(tx => listings.UpdateAsync(tx, planned.Slug, new ListingDraft("Mận thùng lớn", "", "box", 10_000, 390_000, [], 1), seller.PersonId, SellerOf(planned)));
        await DoAsync(tx => listings.SubmitAsync(tx, planned.Slug, seller.PersonId, SellerOf(planned)));
        await DoAsync(tx => listings.ApproveAsync(tx, planned.Slug, 2, Officer));
        market.Site.Clock.Advance(TimeSpan.FromDays(1));
        await market.Site.RunDueAsync();
        Assert.Equal(390_000, await market.Db.SingleAsync<long>("select price_vnd from catalog.listing where id = @ListingId", new { planned.ListingId }));
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

    private Task<long> EndedAsync(Goods goods) => market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'listing.promotion-end' and subject = @subject", new { subject = "listing:" + goods.Slug });

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
