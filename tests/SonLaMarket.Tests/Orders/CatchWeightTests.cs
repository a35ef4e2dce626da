using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Npgsql;
using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>What is sold by the kilogram is weighed when it is packed: ordered, packed and charged stand apart, and nobody pays more than was agreed.</summary>
public sealed class CatchWeightTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private const long Kilogram = 1_000;
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    /// <summary>Whatever was weighed, what must always hold does.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            Assert.Empty((await Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow())).SelectMany(r => r.Faults));
        }
        finally
        {
            await trade.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_lighter_parcel_is_collected_for_less_and_the_rest_goes_back_to_its_lot()
    {
        var goods = await ByWeightAsync(20, 30_000);
        var placed = await (await new Buyer(trade.Site).WithAsync(goods, 10)).PlaceAsync("cod");
        var code = CodeOf(placed);
        var total = await trade.Site.Db.SingleAsync<long>("select total_vnd from orders.sub_order where code = @code", new { code });
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        Assert.Equal("10", (await seller.GetAsync("/quan-ly/don-hang/" + code)).Page.QuerySelector<IHtmlInputElement>("[name='Packed[0]']")!.Value);
        // Bought in English by somebody with an account, whose mail is proven.
        await trade.Site.Db.ExecuteAsync("update orders.purchase u set language = 'en', person_id = @PersonId from orders.sub_order s where s.purchase_id = u.id and s.code = @code; update accounts.person set email_proven_at = now() where id = @PersonId", new { goods.Seller.PersonId, code });
        await StepAsync(seller, code, "dong-goi", ("Packed[0]", "9,4 kg"));
        Assert.Equal((10, 9_400L, 300_000L, 282_000L), await trade.Site.Db.SingleAsync<(int, long, long, long)>("select l.quantity, l.packed_base, l.total_vnd, l.charged_vnd from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @code", new { code }));
        Assert.Equal(total - 18_000, await trade.Site.Db.SingleAsync<long>("select amount_vnd from payments.payment where payable = 'sub-order:' || @code", new { code }));
        Assert.Equal((10_600L, 9_400L), await StockAsync(goods.LotId));
        Assert.Equal(9_400, await trade.Site.Db.SingleAsync<long>("select quantity_base from orders.line_lot where lot_id = @LotId", new { goods.LotId }));
        var buyer = await trade.Site.Open().GetAsync(placed.Location!);
        Assert.Contains("cân thực tế 9,4 kg", buyer.Text, StringComparison.Ordinal);
        Assert.Contains(Vietnamese.Money(total - 18_000).Replace('\u00a0', ' '), buyer.Text, StringComparison.Ordinal);
        Assert.Contains(Vietnamese.Number(total - 18_000), await Pdf.TextAsync(await BytesAsync(seller, $"/quan-ly/don-hang/{code}/nhan.pdf")), StringComparison.Ordinal);
        var told = await trade.Site.Db.QueryAsync<(string Channel, string Subject, string Body)>("select channel, subject, body from accounts.message where key like 'sub-order-weight:' || @code || '%' order by channel", new { code });
        Assert.Equal([("email", $"Order {code} weighs less"), ("sms", $"Order {code} weighs less")], told.Select(m => (m.Channel, m.Subject)));
        Assert.All(told, m => Assert.Contains("weighs 600", m.Body, StringComparison.Ordinal));
        Assert.Contains("/en/don-hang/", told[0].Body, StringComparison.Ordinal);
        await StepAsync(seller, code, "gui-hang");
        await StepAsync(seller, code, "da-giao");
        Assert.Equal(total - 18_000, await trade.Site.Db.SingleAsync<long>("select l.amount_vnd from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id where p.payable = 'sub-order:' || @code and l.account = 'cash'", new { code }));
    }

    [Fact]
    public async Task What_was_paid_for_a_lighter_parcel_goes_back_and_a_later_cancellation_gives_back_only_the_rest()
    {
        var goods = await ByWeightAsync(20, 30_000);
        var order = await trade.StartAsync(goods, 5);
        await trade.IpnAsync(order.Paid());
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        await StepAsync(seller, order.Code, "dong-goi", ("Packed[0]", "4,55"));
        Assert.Equal([("weight", 13_500L)], await CasesAsync(order.Code));
        Assert.Contains("Cân thực tế thiếu", (await seller.GetAsync("/quan-ly/tien")).Text, StringComparison.Ordinal);
        await StepAsync(seller, order.Code, "huy", ("reason", "Xe hỏng giữa đường"));
        Assert.Equal([("weight", 13_500L), ("cancelled", order.AmountVnd - 13_500)], await CasesAsync(order.Code));
        Assert.Equal((20_000L, 0L), await StockAsync(goods.LotId));
        Assert.Equal(order.AmountVnd, await trade.Site.Db.SingleAsync<long>("select -sum(l.amount_vnd)::bigint from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id where p.payable = 'sub-order:' || @Code and l.account = 'refund-due'", new { order.Code }));
    }

    [Fact]
    public async Task A_heavier_parcel_costs_what_was_ordered_and_the_database_refuses_more()
    {
        var goods = await ByWeightAsync(20, 30_000);
        var code = CodeOf(await (await new Buyer(trade.Site).WithAsync(goods, 4)).PlaceAsync("cod"));
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        await StepAsync(seller, code, "dong-goi", ("Packed[0]", "4,3"));
        Assert.Equal((4_300L, 120_000L), await trade.Site.Db.SingleAsync<(long, long)>("select l.packed_base, l.charged_vnd from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @code", new { code }));
        Assert.Equal((15_700L, 4_300L), await StockAsync(goods.LotId));
        Assert.Equal(0, await trade.Site.Db.SingleAsync<long>("select written_off from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
        Assert.Equal(4_300, await trade.Site.Db.SingleAsync<long>("select quantity_base from orders.line_lot where lot_id = @LotId", new { goods.LotId }));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => trade.Site.Db.ExecuteAsync("update orders.line set charged_vnd = total_vnd + 1 where listing_id = @ListingId", new { goods.ListingId }));
        Assert.Equal("line_charged", refused.ConstraintName);
    }

    [Fact]
    public async Task What_is_on_top_comes_from_the_lots_of_the_line_or_is_refused_with_what_they_have()
    {
        var goods = await ByWeightAsync(3, 30_000);
        var sooner = await AddLotAsync(goods, 2, 5);
        var code = CodeOf(await (await new Buyer(trade.Site).WithAsync(goods, 4)).PlaceAsync("cod"));
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        var refused = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + code), "/dong-goi", ("Packed[0]", "5,1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("chỉ còn dư 1 kg", refused.Text, StringComparison.Ordinal);
        await StepAsync(seller, code, "dong-goi", ("Packed[0]", "5"));
        Assert.Equal([(sooner, 2_000L), (goods.LotId, 3_000L)], await trade.Site.Db.QueryAsync<(long, long)>("select x.lot_id, x.quantity_base from orders.line_lot x join orders.line l on l.id = x.line_id where l.listing_id = @ListingId order by x.quantity_base", new { goods.ListingId }));
        await StepAsync(seller, code, "huy", ("reason", "Xe hỏng giữa đường"));
        Assert.Equal(((3_000L, 0L), (2_000L, 0L)), (await StockAsync(goods.LotId), await StockAsync(sooner)));
    }

    [Fact]
    public async Task Papers_invoice_and_summary_say_what_was_packed_and_paid()
    {
        var goods = await ByWeightAsync(20, 30_000);
        var box = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 2, 77_000);
        var buyer = await new Buyer(trade.Site).WithAsync(goods, 4);
        var placed = await (await buyer.WithAsync(box)).PlaceAsync("cod");
        var parts = await trade.Site.Db.QueryAsync<(string Code, long ProducerId)>("select s.code, s.producer_id from orders.sub_order s join orders.purchase u on u.id = s.purchase_id where position(u.code in @Location) > 0 order by s.producer_id", new { placed.Location });
        var (code, off) = (parts.Single(p => p.ProducerId == goods.Seller.ProducerId).Code, parts.Single(p => p.ProducerId == box.Seller.ProducerId).Code);
        foreach (var part in parts)
            await trade.Site.Db.ExecuteAsync("insert into orders.invoice_request (sub_order_id, name, tax_code, address, email, personal_id, status, requested_at, changed_at) select id, 'Công ty MẪU', '', 'Số 1, tổ 2', '', '', 'requested', now(), now() from orders.sub_order where code = @Code", new { part.Code });
        var (seller, other) = (await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password), await trade.Site.Open().SignInAsync(box.Seller.SignIn, Seller.Password));
        await StepAsync(seller, code, "dong-goi", ("Packed[0]", "3,5"));
        await StepAsync(other, off, "huy", ("reason", "Hết hộp để đóng"));

        var (due, delivery, charged) = await trade.Site.Db.SingleAsync<(long, long, long)>("select s.total_vnd - s.less_vnd, s.shipping_vnd, l.charged_vnd from orders.sub_order s join orders.line l on l.sub_order_id = s.id where s.code = @code", new { code });
        var invoice = Assert.Single(JsonDocument.Parse((await seller.GetAsync("/quan-ly/hoa-don/du-lieu")).Body).RootElement.GetProperty("invoices").EnumerateArray());
        var line = invoice.GetProperty("lines")[0];
        Assert.Equal((3.5m, charged, delivery, due), (line.GetProperty("quantity").GetDecimal(), line.GetProperty("totalVnd").GetInt64(), invoice.GetProperty("deliveryVnd").GetInt64(), invoice.GetProperty("totalVnd").GetInt64()));
        Assert.Equal(0, JsonDocument.Parse((await other.GetAsync("/quan-ly/hoa-don/du-lieu")).Body).RootElement.GetProperty("invoices").GetArrayLength());
        Assert.DoesNotContain("Ghi nhận…", (await other.GetAsync("/quan-ly/hoa-don")).Text, StringComparison.Ordinal);
        await using (var tx = await trade.Site.Db.BeginAsync())
            Assert.False(await trade.Site.Get<SonLaMarket.Orders.InvoiceRequests>().MarkAsync(tx, off, "issued", new("1C26TAA", "7", ""), new Actor(box.Seller.PersonId, Roles.Seller)));

        var label = await Pdf.TextAsync(await BytesAsync(seller, $"/quan-ly/don-hang/{code}/nhan.pdf"));
        Assert.Contains("Khối lượng 3,5 kg", label, StringComparison.Ordinal);
        Assert.DoesNotContain("4 kg", label, StringComparison.Ordinal);
        Assert.DoesNotContain("4 kg", await Pdf.TextAsync(await BytesAsync(seller, $"/quan-ly/don-hang/{code}/phieu-dong-goi.pdf")), StringComparison.Ordinal);
        using var client = new HttpClient(trade.Site.Handler()) { BaseAddress = new Uri("http://localhost") };
        var summary = await Pdf.TextAsync(await client.GetByteArrayAsync(placed.Location!.Replace("?k=", "/tom-tat.pdf?k=", StringComparison.Ordinal)));
        Assert.Contains("cân thực tế 3,5 kg", summary, StringComparison.Ordinal);
        Assert.Matches(@"Đơn hàng \S+ · MẪU", summary);
        Assert.Matches(@"Tổng cộng\s+" + Vietnamese.Number(due), summary);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1,9")]
    [InlineData("6,1")]
    [InlineData("bốn ký")]
    public async Task A_weight_that_cannot_be_is_refused_beside_the_field_and_nothing_is_packed(string typed)
    {
        var goods = await ByWeightAsync(20, 30_000);
        var code = CodeOf(await (await new Buyer(trade.Site).WithAsync(goods, 4)).PlaceAsync("cod"));
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        var refused = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + code), "/dong-goi", ("Packed[0]", typed));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        var field = refused.Page.QuerySelector<IHtmlInputElement>("[name='Packed[0]']")!;
        Assert.Equal((typed, "true"), (field.Value, field.GetAttribute("aria-invalid")));
        Assert.Equal("confirmed", await trade.Site.Db.SingleAsync<string>("select status from orders.sub_order where code = @code", new { code }));
    }

    [Fact]
    public async Task Of_two_lots_the_one_that_expires_last_gets_back_what_was_missing()
    {
        var goods = await ByWeightAsync(3, 30_000);
        var sooner = await AddLotAsync(goods, 2, 5);
        var code = CodeOf(await (await new Buyer(trade.Site).WithAsync(goods, 4)).PlaceAsync("cod"));
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        await StepAsync(seller, code, "dong-goi", ("Packed[0]", "2"));
        Assert.Equal((0L, 2_000L), await StockAsync(sooner));
        Assert.Equal((3_000L, 0L), await StockAsync(goods.LotId));
        Assert.Equal([sooner], await trade.Site.Db.QueryAsync<long>("select x.lot_id from orders.line_lot x join orders.line l on l.id = x.line_id where l.listing_id = @ListingId", new { goods.ListingId }));
    }

    [Fact]
    public async Task What_is_sold_by_the_box_is_packed_as_ordered_without_a_question()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 4);
        var code = CodeOf(await (await new Buyer(trade.Site).WithAsync(goods, 2)).PlaceAsync("cod"));
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        Assert.Null((await seller.GetAsync("/quan-ly/don-hang/" + code)).Page.QuerySelector("[name^=Packed]"));
        await StepAsync(seller, code, "dong-goi");
        Assert.Equal((10_000L, 400_000L), await trade.Site.Db.SingleAsync<(long, long)>("select l.packed_base, l.charged_vnd from orders.line l join orders.sub_order s on s.id = l.sub_order_id where s.code = @code", new { code }));
    }

    private async Task<Goods> ByWeightAsync(int kilograms, long priceVnd)
    {
        var seller = await trade.Shop.SellerAsync();
        var goods = await trade.Shop.GoodsAsync(seller, 0, priceVnd);
        await trade.Site.Db.ExecuteAsync("update catalog.listing set sale_unit = 'kg', base_per_unit = 1000, net_weight_g = 1000 where id = @ListingId", new { goods.ListingId });
        await trade.Site.Db.ExecuteAsync("update catalog.listing_version set sale_unit = 'kg', base_per_unit = 1000, net_weight_g = 1000 where listing_id = @ListingId", new { goods.ListingId });
        await SupplyAsync(goods, goods.LotCode, kilograms);
        return goods;
    }

    private async Task<long> AddLotAsync(Goods goods, int kilograms, int goodFor)
    {
        var today = Vietnamese.Today(trade.Site.Clock);
        string code;
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            var product = await tx.SingleAsync<string>("select p.code from origin.lot l join producers.product p on p.id = l.product_id where l.id = @LotId", new { goods.LotId });
            code = (await trade.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, null, today, null, null, today.AddDays(goodFor), 1_000_000), goods.Seller.PersonId, Actor(goods)))!;
            await tx.CommitAsync();
        }
        await SupplyAsync(goods, code, kilograms);
        return await trade.Site.Db.SingleAsync<long>("select id from origin.lot where code = @code", new { code });
    }

    private async Task SupplyAsync(Goods goods, string lot, int kilograms)
    {
        await using var tx = await trade.Site.Db.BeginAsync();
        Assert.True(await trade.Site.Get<Stock>().SupplyAsync(tx, lot, kilograms * Kilogram, goods.Seller.PersonId, Actor(goods)));
        await tx.CommitAsync();
    }

    private static Actor Actor(Goods goods) => new(goods.Seller.PersonId, Roles.Seller);

    private static string CodeOf(Answer placed) => placed.Location!.Split('?')[0].Split('/')[^1] + "-1";

    private Task<(long Available, long Taken)> StockAsync(long lotId) => trade.Site.Db.SingleAsync<(long, long)>("select available, held + sold from catalog.lot_stock where lot_id = @lotId", new { lotId });

    private Task<List<(string, long)>> CasesAsync(string code) =>
        trade.Site.Db.QueryAsync<(string, long)>("select r.cause, r.amount_vnd from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.payable = 'sub-order:' || @code order by r.id", new { code });

    private static async Task StepAsync(Browser seller, string code, string step, params (string, string)[] changes)
    {
        var answer = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + code), "/" + step, changes);
        Assert.Equal((step, HttpStatusCode.SeeOther), (step, answer.Status));
    }

    private static async Task<byte[]> BytesAsync(Browser browser, string path) => await (await browser.GetAsync(path)).Message.Content.ReadAsByteArrayAsync();
}
