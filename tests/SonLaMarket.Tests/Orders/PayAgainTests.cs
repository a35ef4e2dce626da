using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Orders;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>A buyer whose payment failed, ran out of time, or was made where the notification never came from.</summary>
public sealed class PayAgainTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Over = PaymentWindow.Hold + TimeSpan.FromMinutes(1);
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task A_failed_try_is_followed_by_another_while_the_goods_are_kept()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid("24"));
        var (browser, page) = await OpenAsync(order);
        var again = await browser.SubmitAsync(page, "/thanh-toan");
        var fields = Support.Vnpay.Fields(again.Location);
        Assert.NotEqual(order.TxnRef, fields["vnp_TxnRef"]);
        Assert.Equal($"{order.AmountVnd * 100}", fields["vnp_Amount"]);
        await trade.IpnAsync(Support.Vnpay.Query(order.Seller, fields["vnp_TxnRef"], order.AmountVnd));
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
    }

    [Fact]
    public async Task What_expired_is_kept_again_at_the_agreed_price_and_paid()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        Assert.Equal((25_000L, 0L, 0L), await StockAsync(order));
        var (browser, page) = await OpenAsync(order);
        Assert.Contains("thanh toán lại được với giá đã đặt", page.Text, StringComparison.Ordinal);
        var again = await browser.SubmitAsync(page, "/thanh-toan");
        Assert.Equal((20_000L, 5_000L, 0L), await StockAsync(order));
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(order));
        await trade.IpnAsync(Support.Vnpay.Query(order.Seller, Support.Vnpay.Fields(again.Location)["vnp_TxnRef"], order.AmountVnd));
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Equal((20_000L, 0L, 5_000L), await StockAsync(order));
    }

    [Fact]
    public async Task What_is_kept_again_expires_again()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        var (browser, page) = await OpenAsync(order);
        await browser.SubmitAsync(page, "/thanh-toan");
        trade.Api.Answer = _ => ("91", "", 0);
        await trade.SweepAsync(Over);
        await trade.SweepAsync(TimeSpan.Zero);
        Assert.Equal(("expired", "expired"), await StateAsync(order));
        Assert.Equal((25_000L, 0L, 0L), await StockAsync(order));
    }

    [Fact]
    public async Task What_ends_before_the_parcel_would_arrive_is_not_kept_again_nor_sent_when_the_money_comes_late()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        await trade.Site.Db.ExecuteAsync("update origin.lot set best_before = (select deliver_by - 1 from orders.sub_order where code = @Code) where id = @LotId", new { order.Code, order.Goods.LotId });
        var (browser, page) = await OpenAsync(order);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/thanh-toan")).Status);
        Assert.Equal(("expired", "expired"), await StateAsync(order));
        await trade.IpnAsync(order.Paid());
        Assert.Equal(("expired", "paid_late"), await StateAsync(order));
        Assert.Equal((25_000L, 0L, 0L), await StockAsync(order));
        Assert.Equal(1, (await trade.StatesAsync(order)).Refunds);
    }

    [Fact]
    public async Task Sold_to_somebody_else_meanwhile_it_is_said_and_nothing_is_begun()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 1);
        var order = await trade.StartAsync(goods);
        await ExpireAsync(order);
        await trade.StartAsync(goods);
        var (browser, page) = await OpenAsync(order);
        var refused = await browser.SubmitAsync(page, "/thanh-toan");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Hàng không còn đủ", refused.Text, StringComparison.Ordinal);
        Assert.Equal(("expired", "expired"), await StateAsync(order));
        Assert.Equal(1, await trade.Site.Db.SingleAsync<int>("select count(*)::int from payments.attempt a join payments.payment p on p.id = a.payment_id where p.payable = 'sub-order:' || @Code", new { order.Code }));
    }

    [Fact]
    public async Task A_price_that_rose_is_a_new_agreement()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        await trade.Site.Db.ExecuteAsync("update catalog.listing set price_vnd = price_vnd + 1000 where id = @ListingId", new { order.Goods.ListingId });
        var (browser, page) = await OpenAsync(order);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/thanh-toan")).Status);
        var cart = await browser.SubmitAsync(page, "/mua-lai");
        Assert.Equal("/gio-hang", cart.Location);
        Assert.Contains("201.000 ₫", (await browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_later_there_is_nothing_left_to_pay_again()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        var (browser, page) = await OpenAsync(order);
        trade.Site.Clock.Advance(PayAgain.Within);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/thanh-toan")).Status);
        Assert.Null((await browser.GetAsync(page.Path)).Page.QuerySelector("form[action$='/thanh-toan']"));
    }

    [Fact]
    public async Task I_have_paid_asks_vnpay_now_and_shows_the_money()
    {
        var order = await trade.StartAsync();
        var (browser, page) = await OpenAsync(order);
        trade.Api.Answer = _ => ("00", "01", order.AmountVnd);
        var waiting = await browser.SubmitAsync(page, "/hoi-lai");
        Assert.Equal([order.TxnRef], trade.Api.Asked);
        Assert.Contains("chưa ghi nhận tiền", (await browser.GetAsync(waiting.Location!)).Page.QuerySelector(".flash")!.TextContent, StringComparison.Ordinal);
        trade.Api.Answer = _ => ("00", "00", order.AmountVnd);
        var paid = await browser.SubmitAsync(page, "/hoi-lai");
        Assert.Contains("đã nhận tiền", (await browser.GetAsync(paid.Location!)).Page.QuerySelector(".flash")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
    }

    [Fact]
    public async Task Money_that_came_after_all_is_found_when_asked_about_an_expired_try()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        var (browser, page) = await OpenAsync(order);
        trade.Api.Answer = _ => ("00", "00", order.AmountVnd);
        await browser.SubmitAsync(page, "/hoi-lai");
        Assert.Equal(("confirmed", "paid_late"), await StateAsync(order));
        Assert.Equal((20_000L, 0L, 5_000L), await StockAsync(order));
    }

    [Fact]
    public async Task No_answer_about_an_expired_try_changes_nothing()
    {
        var order = await trade.StartAsync();
        await ExpireAsync(order);
        var (browser, page) = await OpenAsync(order);
        trade.Api.Answer = _ => null;
        trade.Site.Clock.Advance(TimeSpan.FromHours(1));
        await browser.SubmitAsync(page, "/hoi-lai");
        Assert.Equal(("expired", "expired"), await StateAsync(order));
    }

    [Fact]
    public async Task Without_the_secret_of_the_order_nothing_can_be_asked_or_paid()
    {
        var order = await trade.StartAsync();
        var (browser, page) = await OpenAsync(order);
        var form = page.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/hoi-lai", StringComparison.Ordinal));
        foreach (var path in new[] { "hoi-lai", "thanh-toan", "mua-lai" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync($"{page.Path.Split('?')[0]}/{path}", Browser.Fields(form, ("k", "x")))).Status);
    }

    private async Task ExpireAsync(Started order)
    {
        trade.Api.Answer = _ => ("91", "", 0);
        await trade.SweepAsync(Over);
        await trade.SweepAsync(TimeSpan.Zero);
        Assert.Equal(("expired", "expired"), await StateAsync(order));
        trade.Api.Asked.Clear();
    }

    private async Task<(Browser Browser, Answer Page)> OpenAsync(Started order)
    {
        var browser = trade.Site.Open();
        var found = await browser.SubmitAsync(await browser.GetAsync("/don-hang"), "/don-hang", ("code", order.Code), ("tel", Buyer.Phone));
        return (browser, await browser.GetAsync(found.Location!));
    }

    private Task<(string, string)> StateAsync(Started order) => trade.Site.Db.SingleAsync<(string, string)>(
        "select s.status, p.status from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code where s.code = @Code", new { order.Code });

    private Task<(long, long, long)> StockAsync(Started order) => trade.Site.Db.SingleAsync<(long, long, long)>("select available, held, sold from catalog.lot_stock where lot_id = @LotId", new { order.Goods.LotId });
}
