using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

public sealed class FulfilmentTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly string[] Steps = ["dong-goi", "gui-hang", "da-giao", "chua-giao-duoc", "huy"];
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task A_paid_order_is_packed_shipped_and_delivered_and_the_buyer_sees_it()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var seller = await SellerAsync(order);
        await Step(seller, order.Code, "dong-goi");
        await Step(seller, order.Code, "gui-hang", ("carrier", "VNPost"), ("tracking", "EB123456789VN"));
        var page = await seller.GetAsync("/quan-ly/don-hang/" + order.Code);
        Assert.Contains("Đang giao", page.Text, StringComparison.Ordinal);
        await Step(seller, order.Code, "da-giao");
        var shown = (await FindAsync(order.Code)).Text;
        foreach (var word in new[] { "Chờ thanh toán", "Chờ đóng gói", "Đã đóng gói", "Đang giao", "Đã giao", "EB123456789VN" })
            Assert.Contains(word, shown, StringComparison.Ordinal);
        Assert.Equal(["awaiting_payment", "confirmed", "packed", "shipped", "delivered"], await Changes(order.Code));
        Assert.Equal(["purchase-placed", "sub-order-paid", "sub-order-shipped", "sub-order-delivered"], await Messages(order.Code));
    }

    [Theory]
    [InlineData("awaiting_payment", "huy")]
    [InlineData("confirmed", "dong-goi", "huy")]
    [InlineData("packed", "gui-hang", "huy")]
    [InlineData("shipped", "da-giao", "chua-giao-duoc")]
    [InlineData("failed", "gui-hang", "huy")]
    [InlineData("delivered")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    [InlineData("on_hold", "huy")]
    public async Task A_step_that_the_state_does_not_allow_is_refused(string state, params string[] allowed)
    {
        var order = await trade.StartAsync();
        var seller = await SellerAsync(order);
        var token = await seller.GetAsync("/quan-ly/don-hang/" + order.Code);
        foreach (var step in Steps)
        {
            await trade.Site.Db.ExecuteAsync("update orders.sub_order set status = @state where code = @Code", new { state, order.Code });
            var fields = Browser.Fields(token.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/huy", StringComparison.Ordinal)), ("reason", "Hết hàng thật rồi"), ("failure", "Không nghe máy"), ("tracking", ""));
            var answer = await seller.PostAsync($"/quan-ly/don-hang/{order.Code}/{step}", fields);
            Assert.Equal((step, allowed.Contains(step) ? HttpStatusCode.SeeOther : HttpStatusCode.Conflict), (step, answer.Status));
        }
    }

    [Fact]
    public async Task A_delivery_that_failed_is_tried_again_or_given_up_and_what_cannot_be_sold_again_is_written_off()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var seller = await SellerAsync(order);
        await Step(seller, order.Code, "dong-goi");
        await Step(seller, order.Code, "gui-hang", ("carrier", "VNPost"), ("tracking", "EB1"));
        var refused = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + order.Code), "/chua-giao-duoc", ("failure", "x"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        await Step(seller, order.Code, "chua-giao-duoc", ("failure", "Gọi hai lần không nghe máy"));
        Assert.Contains("Gọi người bán để hẹn lại", (await FindAsync(order.Code)).Text, StringComparison.Ordinal);
        trade.Site.Clock.Advance(TimeSpan.FromHours(5));
        await Step(seller, order.Code, "gui-hang", ("carrier", "Xe khách"), ("tracking", "26B-123"));
        Assert.Contains("26B-123", (await FindAsync(order.Code)).Text, StringComparison.Ordinal);
        await Step(seller, order.Code, "chua-giao-duoc", ("failure", "Sai địa chỉ"));
        await Step(seller, order.Code, "huy", ("reason", "Không giao được hai lần"), ("lost", "true"));
        Assert.Equal(["awaiting_payment", "confirmed", "packed", "shipped", "failed", "shipped", "failed", "cancelled"], await Changes(order.Code));
        Assert.Equal(["purchase-placed", "sub-order-paid", "sub-order-shipped", "sub-order-failed", "sub-order-shipped", "sub-order-failed", "sub-order-cancelled"], await Messages(order.Code));
        Assert.Equal((20_000L, 0L, 0L, 5_000L), await trade.Site.Db.SingleAsync<(long, long, long, long)>("select available, held, sold, written_off from catalog.lot_stock where lot_id = @LotId", new { order.Goods.LotId }));
        Assert.Equal(("cancelled", "paid", 1), Short(await trade.StatesAsync(order)));
    }

    [Fact]
    public async Task A_buyer_calls_a_part_off_until_it_is_packed_and_the_seller_is_told()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var browser = trade.Site.Open();
        var page = await browser.GetAsync((await FindPathAsync(order.Code))!);
        var tooLong = await browser.SubmitAsync(page, "/huy", ("reason", new string('x', 301)), ("_yes", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooLong.Status);
        Assert.Equal(301, tooLong.Page.QuerySelector<IHtmlInputElement>("[name=reason]")!.Value.Length);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/huy", ("k", "x"), ("_yes", "1"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/huy", ("part", "KHONGCO-1"), ("_yes", "1"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/huy", ("reason", "Đặt nhầm"), ("_yes", "1"))).Status);
        Assert.Equal(new States("cancelled", "paid", "paid", 25_000, 0, 0, order.AmountVnd, 1), await trade.StatesAsync(order));
        Assert.Contains("người mua", (await (await SellerAsync(order)).GetAsync("/quan-ly/don-hang/" + order.Code)).Text, StringComparison.Ordinal);
        Assert.Equal(1, await trade.Site.Db.SingleAsync<int>("select count(*)::int from accounts.message where key = 'sub-order-cancelled-by-buyer:' || @Code and recipient = '0001234567'", new { order.Code }));

        var packed = await trade.StartAsync(order.Goods);
        await trade.IpnAsync(packed.Paid());
        var before = await browser.GetAsync((await FindPathAsync(packed.Code))!);
        await Step(await SellerAsync(packed), packed.Code, "dong-goi");
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(before, "/huy", ("_yes", "1"))).Status);
        Assert.Null((await browser.GetAsync(before.Path)).Page.QuerySelector("form[action$='/huy']"));
    }

    [Fact]
    public async Task A_blocked_lot_is_neither_packed_nor_sent_until_another_lot_is_taken_or_the_block_is_lifted()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var seller = await SellerAsync(order);
        var before = await seller.GetAsync("/quan-ly/don-hang/" + order.Code);
        await BlockAsync(order.Goods, "Phun sát ngày thu hoạch.");

        // The page that was open before the block, and the page as it is now.
        var refused = await seller.SubmitAsync(before, "/dong-goi");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains($"Lô {order.Goods.LotCode} bị chặn bán: Phun sát ngày thu hoạch.", refused.Text, StringComparison.Ordinal);
        Assert.Null(refused.Page.QuerySelector("form[action$='/dong-goi']"));
        Assert.NotNull(refused.Page.QuerySelector("form[action$='/huy']"));
        Assert.Equal("confirmed", (await trade.StatesAsync(order)).Part);
        var today = await seller.GetAsync("/quan-ly");
        Assert.Contains("Không có đơn nào chờ đóng gói", today.Text, StringComparison.Ordinal);
        Assert.Contains("1 đơn có lô bị chặn bán", today.Text, StringComparison.Ordinal);
        Assert.Contains("Lô bị chặn bán", (await seller.GetAsync("/quan-ly/don-hang")).Text, StringComparison.Ordinal);
        var listings = await seller.GetAsync("/quan-ly/tin-dang");
        Assert.Contains("Tạm không bán: lô bị chặn", listings.Text, StringComparison.Ordinal);
        // Of this season still: another lot is more of the same.
        Assert.Contains("Thêm lô mới", listings.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Đăng lại như mùa trước", listings.Text, StringComparison.Ordinal);
        Assert.Contains("Không bán; trong kho còn", (await seller.GetAsync("/quan-ly/ton-kho")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await seller.GetAsync("/quan-ly/don-hang/phieu-dong-goi.pdf")).Status);

        // Nothing else on the shelf, then another lot.
        var none = await seller.SubmitAsync(refused, "/doi-lo");
        Assert.Equal(HttpStatusCode.Conflict, none.Status);
        Assert.Contains("Không còn đủ hàng ở lô khác", none.Text, StringComparison.Ordinal);
        Assert.Equal(5_000, (await trade.StatesAsync(order)).Sold);
        var other = await SupplyAsync(order.Goods);
        await Step(seller, order.Code, "doi-lo");
        Assert.Equal((25_000L, 0L, 0L), ((await trade.StatesAsync(order)) is var s ? (s.Available, s.Held, s.Sold) : default));
        Assert.Equal(5_000, await trade.Site.Db.SingleAsync<long>("select s.sold from catalog.lot_stock s join origin.lot o on o.id = s.lot_id where o.code = @other", new { other }));
        Assert.Contains(other, (await FindAsync(order.Code)).Text, StringComparison.Ordinal);
        await Step(seller, order.Code, "dong-goi");

        await trade.Site.Db.ExecuteAsync("insert into origin.lot_block (lot_id, cause, note, blocked_at) select id, 'officer', 'Chờ kết quả kiểm nghiệm.', now() from origin.lot where code = @other", new { other });
        var sending = await seller.PostAsync($"/quan-ly/don-hang/{order.Code}/gui-hang", Browser.Fields((IHtmlFormElement)(await seller.GetAsync("/quan-ly/don-hang/" + order.Code)).Page.QuerySelector("form[action$='/huy']")!, ("tracking", "EB1")));
        Assert.Equal(HttpStatusCode.Conflict, sending.Status);
        Assert.Contains("Chờ kết quả kiểm nghiệm.", sending.Text, StringComparison.Ordinal);
        await trade.Site.Db.ExecuteAsync("update origin.lot_block set lifted_at = now(), lift_reason = 'Kết quả kiểm nghiệm tốt' where note = 'Chờ kết quả kiểm nghiệm.'");
        await Step(seller, order.Code, "gui-hang", ("tracking", "EB1"));
    }

    [Fact]
    public async Task A_part_that_was_called_off_is_no_longer_in_the_total_and_says_what_comes_back_and_by_when()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var browser = trade.Site.Open();
        var page = await browser.GetAsync((await FindPathAsync(order.Code))!);
        var button = page.Page.QuerySelector("form[action$='/huy'] button")!;
        Assert.Equal("Hủy phần của " + order.Seller.Name, button.TextContent.Trim());
        Assert.StartsWith("Hủy 1 hộp Mận hậu mẫu", button.GetAttribute("data-ask")!.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("Người bán hoàn lại 230.000 ₫, chậm nhất ", button.GetAttribute("data-ask")!.Replace('\u00a0', ' '), StringComparison.Ordinal);
        Assert.Contains("Cần hủy: bấm", page.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(page, "/huy", ("_yes", "1"));
        var after = await browser.GetAsync(page.Path);
        Assert.Contains("Tổng cộng 0 ₫ · đã hủy 230.000 ₫", after.Text, StringComparison.Ordinal);
        Assert.Contains("Đã trả; chờ hoàn 230.000 ₫", after.Text, StringComparison.Ordinal);
        Assert.Contains("Chậm nhất " + Vietnamese.Date(trade.Site.Clock.GetUtcNow().AddDays(30)), after.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_sellers_order_is_not_there()
    {
        var order = await trade.StartAsync();
        var stranger = await trade.Shop.SellerAsync();
        var browser = await trade.Site.Open().SignInAsync(stranger.SignIn, Seller.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quan-ly/don-hang/" + order.Code)).Status);
        var form = (await browser.GetAsync("/quan-ly/giao-hang")).Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action") == "/quan-ly/giao-hang");
        foreach (var step in Steps)
            Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync($"/quan-ly/don-hang/{order.Code}/{step}", Browser.Fields(form, ("reason", "Không phải đơn của tôi"), ("failure", "Không phải đơn của tôi")))).Status);
        Assert.DoesNotContain(order.Code, (await browser.GetAsync("/quan-ly/don-hang")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(order.Code, (await browser.GetAsync("/quan-ly/tien")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cash_on_delivery_is_confirmed_at_once_never_expires_and_is_paid_when_delivered()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 4);
        var placed = await (await new Buyer(trade.Site).WithAsync(goods)).PlaceAsync("cod");
        var code = placed.Location!.Split('?')[0].Split('/')[^1] + "-1";
        await trade.SweepAsync(TimeSpan.FromDays(2));
        Assert.Equal((15_000, 5_000, 0), await Stock(goods));
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        // What the seller will have of it is reckoned as it is posted then.
        await trade.Site.Db.ExecuteAsync("""
            insert into payments.charge_rule (code, kind, name, producer_kinds, rate_bp, free_yearly_vnd, valid_from, source, source_url, note, proposed_at, adopted_at)
            select 'mau-thu', 'fee', 'Quy tắc MẪU', array[kind], 115, 0, '2020-01-01', 'Quy chế MẪU', '', '', now(), now() from producers.producer where id = @ProducerId
            """, new { goods.Seller.ProducerId });
        Assert.Contains("Bạn được nhận 227.355 ₫ (sau khi trả phí sàn 2.645 ₫; sàn không giữ tiền nên phí chưa trừ, bạn trả sau theo sao kê). Tiền mặt: người giao hàng thu khi giao, chậm nhất ", await Share(), StringComparison.Ordinal);
        await Step(seller, code, "dong-goi");
        await Step(seller, code, "gui-hang");
        Assert.Equal((15_000, 0, 5_000), await Stock(goods));
        Assert.Equal("pending", await Payment(code));
        await Step(seller, code, "da-giao");
        Assert.Equal("paid", await Payment(code));
        // 200.000 for the box, 30.000 for 5 kg within the province.
        Assert.Contains("Đã nhận tiền mặt230.000 ₫", (await seller.GetAsync("/quan-ly/tien")).Text, StringComparison.Ordinal);
        Assert.Contains("Bạn được nhận 227.355 ₫ (sau khi trả phí sàn 2.645 ₫; sàn không giữ tiền nên phí chưa trừ, bạn trả sau theo sao kê). Tiền mặt: người giao hàng thu khi giao. Đã thanh toán ", await Share(), StringComparison.Ordinal);
        Assert.Equal(2_645, await trade.Site.Db.SingleAsync<long>("select sum(amount_vnd)::bigint from payments.ledger_line where account = 'fee' and producer_id = @ProducerId", new { goods.Seller.ProducerId }));
        await trade.Site.Db.ExecuteAsync("update payments.charge_rule set adopted_at = null where code = 'mau-thu'");

        async Task<string> Share() => (await seller.GetAsync("/quan-ly/don-hang/" + code)).Text;
    }

    [Fact]
    public async Task Cancelling_a_paid_order_gives_the_stock_back_and_opens_a_refund_case_that_the_seller_closes()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var seller = await SellerAsync(order);
        var refused = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + order.Code), "/huy", ("reason", "hết"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        await seller.SubmitAsync(refused, "/huy", ("reason", "Mưa đá hỏng vườn"));
        Assert.Equal(new States("cancelled", "paid", "paid", 25_000, 0, 0, order.AmountVnd, 1), await trade.StatesAsync(order));
        Assert.Contains("Người bán cần hoàn", (await FindAsync(order.Code)).Text, StringComparison.Ordinal);
        Assert.Contains("Tiền của đơn này phải hoàn hết cho người mua.", (await seller.GetAsync("/quan-ly/don-hang/" + order.Code)).Text, StringComparison.Ordinal);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien"), "/hoan-tien", ("Reference", "FT26333000001"));
        Assert.Equal(0, (await trade.StatesAsync(order)).LedgerVnd);
        Assert.Contains("Đã hoàn", (await FindAsync(order.Code)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_for_an_order_cancelled_meanwhile_goes_back()
    {
        var order = await trade.StartAsync();
        var seller = await SellerAsync(order);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + order.Code), "/huy", ("reason", "Hết hàng rồi"));
        await trade.IpnAsync(order.Paid());
        Assert.Equal(new States("cancelled", "paid_late", "paid_late", 25_000, 0, 0, order.AmountVnd, 1), await trade.StatesAsync(order));
    }

    [Fact]
    public async Task A_recall_stops_what_was_not_sent_and_opens_refunds_of_what_was_paid_for_the_goods_also_where_they_are_sent_or_paid_at_the_door()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 9);
        var paid = await trade.StartAsync(goods);
        await trade.IpnAsync(paid.Paid());
        var waiting = await trade.StartAsync(goods);
        var sent = await trade.StartAsync(goods);
        await trade.IpnAsync(sent.Paid());
        var seller = await SellerAsync(sent);
        await Step(seller, sent.Code, "dong-goi");
        await Step(seller, sent.Code, "gui-hang");
        // One step forward: which order, in which commune, and no name.
        using (var report = new MemoryStream(await (await seller.GetAsync($"/quan-ly/lo/{goods.LotCode}/so-do.xlsx")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)))
        {
            var went = (IDictionary<string, object>)MiniExcelLibs.MiniExcel.Query(report, useHeaderRow: true, sheetName: "Bán và gửi").Single();
            Assert.Equal(sent.Code, went["Đơn hàng"]);
            Assert.EndsWith("Sơn La", $"{went["Giao cho ai"]}", StringComparison.Ordinal);
            Assert.DoesNotContain("Nguyễn Thị Mẫu", string.Join(' ', went.Values), StringComparison.Ordinal);
        }
        // Two lines, one of them of a lot that nobody recalls; cash for both on delivery.
        var beside = await trade.Shop.GoodsAsync(goods.Seller, 4);
        var cash = (await (await (await new Buyer(trade.Site).WithAsync(goods)).WithAsync(beside)).PlaceAsync("cod")).Location!.Split('?')[0].Split('/')[^1] + "-1";
        await Step(seller, cash, "dong-goi");
        await Step(seller, cash, "gui-hang");
        await RecallAsync(goods, "Vượt mức dư lượng cho phép");
        Assert.Equal(("on_hold", "paid", 1), Short(await trade.StatesAsync(paid)));
        Assert.Equal(("on_hold", "cancelled", 0), Short(await trade.StatesAsync(waiting)));
        Assert.Equal(("shipped", "paid", 1), Short(await trade.StatesAsync(sent)));
        Assert.Equal(await CostAsync(sent.Code, goods), await BackAsync(sent.Code));
        Assert.Equal(0, await BackAsync(cash));
        await Step(seller, cash, "da-giao");
        Assert.Equal(await CostAsync(cash, goods), await BackAsync(cash));
        Assert.InRange(await BackAsync(cash), 1, await trade.Site.Db.SingleAsync<long>("select goods_vnd - 1 from orders.sub_order where code = @cash", new { cash }));
        // An announcement comes at least once.
        var recall = await trade.Site.Db.SingleAsync<long>("select recall_id from origin.recall_lot where lot_id = @LotId", new { goods.LotId });
        using (var scope = trade.Site.Services.CreateScope())
            await scope.ServiceProvider.GetRequiredService<RecalledOrders>().HandleAsync(new RecallOpened(recall, [goods.LotId]), TestContext.Current.CancellationToken);
        Assert.Equal(await CostAsync(cash, goods), await BackAsync(cash));
        Assert.Contains($"Tiền: người bán phải hoàn {Vietnamese.Money(await CostAsync(sent.Code, goods)).Replace('\u00a0', ' ')} cho bạn.", (await FindAsync(sent.Code)).Text, StringComparison.Ordinal);
        Assert.Contains("sub-order-recalled", (await Messages(sent.Code)));
        Assert.Contains($"Lô {goods.LotCode} bị thu hồi", (await FindAsync(paid.Code)).Text, StringComparison.Ordinal);
        Assert.Contains($"Lot {goods.LotCode} recalled", (await trade.Site.Open().GetAsync("/en" + await FindPathAsync(paid.Code))).Text, StringComparison.Ordinal);
        // Who pays after all gets a refund case; the goods stay where they are.
        await trade.IpnAsync(waiting.Paid());
        Assert.Equal(("on_hold", "paid_late", 1), Short(await trade.StatesAsync(waiting)));
        // The buyer reads what can be done, may call it off at once, and is not offered the same again.
        var held = await FindAsync(paid.Code);
        Assert.Contains($"người bán phải hoàn {Vietnamese.Money(paid.AmountVnd).Replace('\u00a0', ' ')} cho bạn, dù bạn có hủy hay không", held.Text, StringComparison.Ordinal);
        Assert.Null(held.Page.QuerySelector("form[action$='/mua-lai']"));
        Assert.Contains("Bạn có thể không nhận", (await FindAsync(sent.Code)).Text, StringComparison.Ordinal);
        var browser = trade.Site.Open();
        await browser.SubmitAsync(await browser.GetAsync((await FindPathAsync(paid.Code))!), "/huy");
        Assert.Equal(("cancelled", "paid", 1), Short(await trade.StatesAsync(paid)));
        // A second recall of the same lot takes no money for what the first has seen to.
        await RecallAsync(goods, "Vượt mức lần nữa");
        Assert.Equal(1, (await trade.StatesAsync(sent)).Refunds);
    }

    [Fact]
    public async Task What_a_complaint_gave_back_or_took_off_the_cash_a_recall_does_not_pay_again_and_cash_that_it_stopped_is_promised_to_nobody()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 9);
        var beside = await trade.Shop.GoodsAsync(goods.Seller, 4);
        var paid = await trade.StartAsync(goods);
        await trade.IpnAsync(paid.Paid());
        var cash = (await (await (await new Buyer(trade.Site).WithAsync(goods)).WithAsync(beside)).PlaceAsync("cod")).Location!.Split('?')[0].Split('/')[^1] + "-1";
        var held = (await (await new Buyer(trade.Site).WithAsync(goods)).PlaceAsync("cod")).Location!.Split('?')[0].Split('/')[^1] + "-1";
        var seller = await SellerAsync(paid);
        foreach (var part in new[] { paid.Code, cash })
        {
            await Step(seller, part, "dong-goi");
            await Step(seller, part, "gui-hang");
            var (complaints, actor) = (trade.Site.Get<ComplaintRegister>(), new Actor(goods.Seller.PersonId, Roles.Seller));
            await using var tx = await trade.Site.Db.BeginAsync(TestContext.Current.CancellationToken);
            var complaint = await complaints.OpenAsync(tx, part, new("complaint", "late", "Giao muộn hai ngày so với hẹn.", []));
            Assert.True(await complaints.AcceptAsync(tx, complaint!, 50_000, "Chúng tôi bớt tiền vì giao muộn.", actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Contains("Bạn được nhận", (await seller.GetAsync("/quan-ly/don-hang/" + held)).Text, StringComparison.Ordinal);
        await RecallAsync(goods, "Vượt mức dư lượng cho phép");
        Assert.DoesNotContain("Bạn được nhận", (await seller.GetAsync("/quan-ly/don-hang/" + held)).Text, StringComparison.Ordinal);
        Assert.Equal(await CostAsync(paid.Code, goods) - 50_000, await BackAsync(paid.Code));
        await Step(seller, cash, "da-giao");
        Assert.Equal(await CostAsync(cash, goods) - 50_000, await BackAsync(cash));
        // The complaint is reckoned with once, however many recalls there are.
        await RecallAsync(beside, "Vượt mức dư lượng cho phép");
        Assert.Equal(await CostAsync(cash, goods) + await CostAsync(cash, beside) - 50_000, await BackAsync(cash));
    }

    [Fact]
    public async Task The_list_counts_by_state_and_filters()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 9);
        var paid = await trade.StartAsync(goods);
        await trade.IpnAsync(paid.Paid());
        var waiting = await trade.StartAsync(goods);
        var seller = await SellerAsync(paid);
        var all = await seller.GetAsync("/quan-ly/don-hang");
        Assert.Contains("Tất cả 2", all.Text, StringComparison.Ordinal);
        Assert.Contains("Chờ thanh toán 1", all.Text, StringComparison.Ordinal);
        var filtered = await seller.GetAsync("/quan-ly/don-hang?trang-thai=confirmed");
        Assert.Contains(paid.Code, filtered.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(waiting.Code, filtered.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seller_sets_fees_that_the_cart_follows()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 9);
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        var refused = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/giao-hang"), "/giao-hang", ("Province[0].UpToKg", "abc"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Trong tỉnh Sơn La, mức 1: ", refused.Page.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        await seller.SubmitAsync(refused, "/giao-hang", ("Province[0].UpToKg", "5.500 g"), ("Province[0].Fee", "12k"), ("Province[1].UpToKg", ""), ("Province[1].Fee", ""), ("CodLimit", "100.000"));
        var buyer = await new Buyer(trade.Site).WithAsync(goods);
        await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/gio-hang"), "/gio-hang/noi-giao", ("address-level1", "14"));
        var cart = (await buyer.Browser.GetAsync("/gio-hang")).Text;
        Assert.Contains("trên mức nhận tiền mặt 100.000 ₫", cart, StringComparison.Ordinal);
        Assert.Contains("212.000 ₫", cart, StringComparison.Ordinal);
    }

    private async Task RecallAsync(Goods goods, string reason)
    {
        await using (var tx = await trade.Site.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.NotNull(await trade.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], reason, "Đừng ăn", new Actor(null, Roles.Officer)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await trade.Site.RunDueAsync();
        await trade.Site.RunDueAsync();
    }

    /// <summary>Of what was filled from the goods' lot.</summary>
    private Task<long> CostAsync(string part, Goods goods) => trade.Site.Db.SingleAsync<long>("select sum(coalesce(l.charged_vnd, l.total_vnd))::bigint from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @part and exists (select 1 from orders.line_lot x where x.line_id = l.id and x.lot_id = @LotId)", new { part, goods.LotId });

    /// <summary>What recalls have given back.</summary>
    private Task<long> BackAsync(string part) => trade.Site.Db.SingleAsync<long>("select coalesce(sum(r.amount_vnd), 0)::bigint from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.payable = 'sub-order:' || @part and r.cause = 'recall'", new { part });

    private async Task BlockAsync(Goods goods, string note)
    {
        await using var tx = await trade.Site.Db.BeginAsync(TestContext.Current.CancellationToken);
        Assert.True(await trade.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, "interval", null, null, note, Actor.System));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Another lot of the same product, with one box on the shelf.</summary>
    private async Task<string> SupplyAsync(Goods goods)
    {
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        await using var tx = await trade.Site.Db.BeginAsync(TestContext.Current.CancellationToken);
        var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot o on o.product_id = p.id where o.id = @LotId", new { goods.LotId });
        var lot = (await trade.Site.Get<Lots>().OpenAsync(tx, new(product, null, Vietnamese.Today(trade.Site.Clock), null, null, null, 1_000_000), goods.Seller.PersonId, actor))!;
        Assert.True(await trade.Site.Get<SonLaMarket.Catalog.Stock>().SupplyAsync(tx, lot, 5_000, goods.Seller.PersonId, actor));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return lot;
    }

    private Task<Browser> SellerAsync(Started order) => trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);

    private static async Task Step(Browser seller, string code, string step, params (string, string)[] changes)
    {
        var answer = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + code), "/" + step, changes);
        Assert.Equal((step, HttpStatusCode.SeeOther), (step, answer.Status));
    }

    private async Task<string?> FindPathAsync(string code)
    {
        var browser = trade.Site.Open();
        return (await browser.SubmitAsync(await browser.GetAsync("/don-hang"), "/don-hang", ("code", code), ("tel", Buyer.Phone))).Location;
    }

    private async Task<Answer> FindAsync(string code) => await trade.Site.Open().GetAsync((await FindPathAsync(code))!);

    private Task<List<string>> Changes(string code) =>
        trade.Site.Db.QueryAsync<string>("select h.to_status from orders.status_change h join orders.sub_order s on s.id = h.sub_order_id where s.code = @code order by h.id", new { code });

    private Task<List<string>> Messages(string code) =>
        trade.Site.Db.QueryAsync<string>("select split_part(key, ':', 1) from accounts.message where (split_part(key, ':', 2) in (@code, split_part(@code, '-', 1)) or split_part(key, ':', 3) = @code) and recipient = @Phone order by id", new { code, Buyer.Phone });

    private Task<string> Payment(string code) => trade.Site.Db.SingleAsync<string>("select status from payments.payment where payable = 'sub-order:' || @code", new { code });

    private Task<(long, long, long)> Stock(Goods goods) => trade.Site.Db.SingleAsync<(long, long, long)>("select available, held, sold from catalog.lot_stock where lot_id = @LotId", new { goods.LotId });

    private static (string, string, int) Short(States s) => (s.Part, s.Payment, s.Refunds);
}
