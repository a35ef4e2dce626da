using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>Goods fetched by the buyer, invoices asked for, and the summary to keep.</summary>
public sealed class PickupTests(PickupTests.Shared shared) : IClassFixture<PickupTests.Shared>
{
    private readonly Trade trade = shared.Trade;

    public sealed class Shared(PostgresFixture postgres) : IAsyncLifetime
    {
        private TestDatabase database = null!;

        public Trade Trade { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            database = await postgres.CloneAsync();
            Trade = new Trade(database);
        }

        public async ValueTask DisposeAsync()
        {
            await Trade.DisposeAsync();
            await database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_buyer_chooses_place_and_time_on_the_third_page_pays_no_fee_and_fetches_it()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5);
        var seller = await SellerAsync(goods.Seller);
        await OfferAsync(seller, "Nhà kho hợp tác xã");
        var buyer = await new Buyer(trade.Site).WithAsync(goods);
        var confirm = await buyer.ConfirmAsync("cod");
        Assert.Contains("Phí giao hàng", confirm.Text, StringComparison.Ordinal);
        var slot = confirm.Page.QuerySelectorAll<IHtmlInputElement>("input[name=slot]").First(i => i.Value.Length > 0);
        var chosen = await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/nhan-tai", ("slot", slot.Value));
        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        var again = await buyer.Browser.GetAsync("/thanh-toan/xac-nhan");
        Assert.Contains("Nhà kho hợp tác xã", again.Text, StringComparison.Ordinal);
        var placed = await buyer.Browser.SubmitAsync(again, "/thanh-toan/xac-nhan");
        var (code, total, fee, place) = await trade.Site.Db.SingleAsync<(string, long, long, string)>("select s.code, s.total_vnd, s.shipping_vnd, s.pickup_place from orders.sub_order s where s.producer_id = @ProducerId", new { goods.Seller.ProducerId });
        Assert.Equal((goods.PriceVnd, 0L, "Nhà kho hợp tác xã, Tiểu khu 3, Mộc Châu"), (total, fee, place));
        Assert.Contains("Nhà kho hợp tác xã", (await buyer.Browser.GetAsync(placed.Location!)).Text, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(await seller.GetAsync("/quan-ly/don-hang/" + code), "/dong-goi")).Status);
        Assert.Equal(1, await trade.Site.Db.SingleAsync<long>("select count(*) from accounts.message where key = 'sub-order-ready:' || @code", new { code }));
        var packed = await seller.GetAsync("/quan-ly/don-hang/" + code);
        Assert.DoesNotContain(packed.Page.QuerySelectorAll("form"), f => f.GetAttribute("action")!.EndsWith("/gui-hang", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(packed, "/da-giao")).Status);
        Assert.Equal(("delivered", "paid", 0L, 5_000L), await trade.Site.Db.SingleAsync<(string, string, long, long)>("select s.status, p.status, t.held, t.sold from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code cross join catalog.lot_stock t where s.code = @code and t.lot_id = @LotId", new { code, goods.LotId }));
        Assert.Empty((await SonLaMarket.Supervision.Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow())).SelectMany(r => r.Faults));
    }

    [Fact]
    public async Task What_is_sent_is_never_counted_as_fetched_and_a_place_that_closed_cannot_be_chosen()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5);
        var seller = await SellerAsync(goods.Seller);
        await OfferAsync(seller, "Chợ mẫu");
        var buyer = await new Buyer(trade.Site).WithAsync(goods);
        var confirm = await buyer.ConfirmAsync("cod");
        var slot = confirm.Page.QuerySelectorAll<IHtmlInputElement>("input[name=slot]").First(i => i.Value.Length > 0).Value;
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(await seller.GetAsync("/quan-ly/diem-nhan"), "/bo")).Status);
        await buyer.Browser.SubmitAsync(confirm, "/thanh-toan/nhan-tai", ("slot", slot));
        var placed = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/thanh-toan/xac-nhan"), "/thanh-toan/xac-nhan");
        Assert.NotNull(placed.Location);
        var code = await trade.Site.Db.SingleAsync<string>("select code from orders.sub_order where producer_id = @ProducerId and pickup_place is null and shipping_vnd > 0", new { goods.Seller.ProducerId });
        var page = await seller.GetAsync("/quan-ly/don-hang/" + code);
        await seller.SubmitAsync(page, "/dong-goi");
        var fields = Browser.Fields(page.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/dong-goi", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Conflict, (await seller.PostAsync($"/quan-ly/don-hang/{code}/da-giao", fields)).Status);
    }

    [Fact]
    public async Task A_pick_up_point_needs_a_place_days_and_hours_in_order()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5);
        var seller = await SellerAsync(goods.Seller);
        var page = await seller.GetAsync("/quan-ly/diem-nhan");
        var refused = await seller.SubmitAsync(page, "/diem-nhan", ("Name", "Chợ phiên"), ("Address", "Tổ 1"), ("FromHour", "12"), ("ToHour", "8"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "Chợ phiên"), (refused.Status, refused.Page.QuerySelector<IHtmlInputElement>("[name=Name]")!.Value));
        Assert.Contains("Giờ kết thúc phải sau giờ bắt đầu.", refused.Text, StringComparison.Ordinal);
        Assert.Contains("Hãy chọn ít nhất một ngày.", refused.Text, StringComparison.Ordinal);
        await OfferAsync(seller, "Chợ phiên");
        var other = await SellerAsync(await trade.Shop.SellerAsync());
        var mine = (await seller.GetAsync("/quan-ly/diem-nhan")).Page.QuerySelector("form[action$='/bo']")!.GetAttribute("action")!;
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(mine, Browser.Fields((await other.GetAsync("/quan-ly/diem-nhan")).Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/diem-nhan", StringComparison.Ordinal))))).Status);
    }

    [Fact]
    public async Task An_invoice_is_asked_for_handed_over_as_a_file_and_marked_as_issued()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var buyer = trade.Site.Open();
        var found = await buyer.SubmitAsync(await buyer.GetAsync("/don-hang"), "/don-hang", ("code", order.Code), ("tel", Buyer.Phone));
        var page = await buyer.GetAsync(found.Location!);
        var form = await buyer.GetAsync(page.Page.QuerySelector("a[href*='/hoa-don?phan=']")!.GetAttribute("href")!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await buyer.SubmitAsync(form, "/hoa-don", ("TaxCode", "12"), ("Name", "Công ty MẪU"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.SubmitAsync(form, "/hoa-don", ("Name", "Công ty MẪU"), ("Address", "Số 1, tổ 2, phường Tô Hiệu"), ("Email", "ke-toan@example.invalid"))).Status);

        var seller = await SellerAsync(order.Seller);
        var list = await seller.GetAsync("/quan-ly/hoa-don");
        Assert.Contains("Công ty MẪU", list.Text, StringComparison.Ordinal);
        var file = JsonDocument.Parse((await seller.GetAsync("/quan-ly/hoa-don/du-lieu?don=" + order.Code)).Body).RootElement.GetProperty("invoices")[0];
        Assert.Equal((order.Code, "Công ty MẪU", order.AmountVnd), (file.GetProperty("order").GetString(), file.GetProperty("buyer").GetProperty("name").GetString(), file.GetProperty("totalVnd").GetInt64()));
        Assert.Equal(order.AmountVnd, file.GetProperty("lines").EnumerateArray().Sum(l => l.GetProperty("totalVnd").GetInt64()) + file.GetProperty("deliveryVnd").GetInt64());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(list, "/hoa-don/" + order.Code, ("Status", "issued"), ("Symbol", "sai"), ("Number", "7"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await seller.SubmitAsync(list, "/hoa-don/" + order.Code, ("Status", "replaced"), ("Symbol", "1C26TAA"), ("Number", "7"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(list, "/hoa-don/" + order.Code, ("Status", "issued"), ("Symbol", "1C26TAA"), ("Number", "7"), ("LookupCode", "ABC"))).Status);
        Assert.Contains("1C26TAA", (await buyer.GetAsync(form.Path)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await buyer.SubmitAsync(form, "/hoa-don", ("Name", "Người khác"), ("Address", "Số 1, tổ 2"))).Status);

        // Adjusted, then replaced: both the buyer and the seller still find the earlier ones under their codes.
        foreach (var (status, number, lookUp) in new[] { ("adjusted", "8", "DEF"), ("replaced", "9", "GHI") })
            Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(await seller.GetAsync("/quan-ly/hoa-don"), "/hoa-don/" + order.Code, ("Status", status), ("Symbol", "1C26TAA"), ("Number", number), ("LookupCode", lookUp))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await seller.SubmitAsync(list, "/hoa-don/" + order.Code, ("Status", "issued"), ("Symbol", "1C26TAA"), ("Number", "7"))).Status);
        var told = (await buyer.GetAsync(form.Path)).Text;
        Assert.Contains("Hóa đơn đã thay thế: ký hiệu 1C26TAA, số 9, mã tra cứu GHI", told, StringComparison.Ordinal);
        Assert.Matches("(?s)số 8, mã tra cứu DEF.*số 7, mã tra cứu ABC", told);
        Assert.Contains("1C26TAA 8 DEF; 1C26TAA 7 ABC", (await seller.GetAsync("/quan-ly/hoa-don")).Text, StringComparison.Ordinal);
        var other = await SellerAsync(await trade.Shop.SellerAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/quan-ly/hoa-don/du-lieu?don=" + order.Code)).Status);
    }

    [Fact]
    public async Task The_summary_is_a_pdf_that_another_program_reads()
    {
        var order = await trade.StartAsync(quantity: 2);
        var buyer = trade.Site.Open();
        var found = await buyer.SubmitAsync(await buyer.GetAsync("/don-hang"), "/don-hang", ("code", order.Code), ("tel", Buyer.Phone));
        var page = await buyer.GetAsync(found.Location!);
        var link = page.Page.QuerySelector("a[href*='/tom-tat.pdf']")!.GetAttribute("href")!;
        using var client = new HttpClient(trade.Site.Handler()) { BaseAddress = new Uri("http://localhost") };
        var words = await Pdf.TextAsync(await client.GetByteArrayAsync(link));
        Assert.Contains(order.Code.Split('-')[0], words, StringComparison.Ordinal);
        Assert.Contains("không phải hóa đơn", words, StringComparison.Ordinal);
        Assert.Contains(SonLaMarket.Foundation.Text.Vietnamese.Money(order.AmountVnd).Replace('\u00a0', ' '), words, StringComparison.Ordinal);
    }

    private Task<Browser> SellerAsync(Seller seller) => trade.Site.Open().SignInAsync(seller.SignIn, Seller.Password);

    private static async Task OfferAsync(Browser seller, string name)
    {
        var page = await seller.GetAsync("/quan-ly/diem-nhan");
        var form = page.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/diem-nhan", StringComparison.Ordinal));
        var fields = Browser.Fields(form, ("Name", name), ("Address", "Tiểu khu 3, Mộc Châu"), ("FromHour", "7"), ("ToHour", "11")).ToList();
        var answer = await seller.PostAsync("/quan-ly/diem-nhan", [.. fields.Where(f => f.Key != "Weekdays"), .. Enumerable.Range(1, 7).Select(d => KeyValuePair.Create("Weekdays", $"{d}"))]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
    }
}
