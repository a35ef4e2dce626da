using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.Configuration;
using SonLaMarket.Orders;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

public sealed class CheckoutTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private Site site = null!;
    private Shop shop = null!;

    public ValueTask InitializeAsync()
    {
        site = new Site(fixture.Database);
        shop = new Shop(site);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task One_online_payment_leads_straight_to_vnpay()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 3, 200_000);
        var buyer = await new Buyer(site).WithAsync(goods, 2);
        var placed = await buyer.PlaceAsync();
        Assert.Equal(HttpStatusCode.SeeOther, placed.Status);
        Assert.StartsWith("http://localhost:5081/paymentv2/vpcpay.html?", placed.Location, StringComparison.Ordinal);
        var fields = Support.Vnpay.Fields(placed.Location);
        // Two boxes of 200.000 and 10 kg of delivery within the province.
        Assert.Equal("44500000", fields["vnp_Amount"]);
        Assert.Equal(goods.Seller.TmnCode, fields["vnp_TmnCode"]);
        Assert.Equal("http://localhost/thanh-toan/vnpay/ket-qua", fields["vnp_ReturnUrl"]);
        Assert.Equal(1, await site.Db.SingleAsync<int>("select count(*)::int from payments.attempt where txn_ref = @txnRef and create_date = @createDate and status = 'initiated'", new { txnRef = fields["vnp_TxnRef"], createDate = fields["vnp_CreateDate"] }));
    }

    [Fact]
    public async Task The_details_page_has_at_most_seven_fields_with_the_names_browsers_fill_in()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        var page = await buyer.Browser.GetAsync("/thanh-toan");
        var form = page.Page.QuerySelectorAll<IHtmlFormElement>("form").Single(f => f.GetAttribute("action") == "/thanh-toan");
        var names = form.QuerySelectorAll("input[name]:not([type=hidden]), select[name], textarea[name]").Select(e => e.GetAttribute("name")).Distinct();
        Assert.Equal(["name", "tel", "address-level1", "address-level2", "street-address", "note", "payment"], names);
    }

    [Fact]
    public async Task A_wrong_field_is_named_beside_it_and_what_was_typed_is_kept()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        var refused = await buyer.DetailsAsync("vnpay", ("tel", "12"), ("name", ""), ("street-address", "Bản Áng 2"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("10 số", refused.Page.QuerySelector("#tel-error")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(refused.Page.QuerySelector("#name-error"));
        Assert.Null(refused.Page.QuerySelector("#street-address-error"));
        Assert.Equal("Bản Áng 2", refused.Page.QuerySelector<IHtmlInputElement>("#street-address")!.Value);
        Assert.Equal("12", refused.Page.QuerySelector<IHtmlInputElement>("#tel")!.Value);
        Assert.Equal("03646", refused.Page.QuerySelector<IHtmlSelectElement>("#address-level2")!.Value);
    }

    [Fact]
    public async Task The_communes_of_a_province_are_listed_without_script_and_nothing_typed_is_lost()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        var first = await buyer.Browser.GetAsync("/thanh-toan");
        Assert.Equal(["Tỉnh Sơn La"], first.Page.QuerySelectorAll("#address-level2 optgroup").Select(g => g.GetAttribute("label")));
        var chosen = await buyer.Browser.SubmitAsync(first, "/thanh-toan", ("name", "Nguyễn Thị Mẫu"), ("street-address", "Số 1"), ("address-level1", "01"), ("buoc", "tinh"));
        Assert.Equal(HttpStatusCode.SeeOther, chosen.Status);
        var second = await buyer.Browser.GetAsync("/thanh-toan");
        Assert.Equal("Nguyễn Thị Mẫu", second.Page.QuerySelector<IHtmlInputElement>("#name")!.Value);
        Assert.Equal("01", second.Page.QuerySelector<IHtmlSelectElement>("#address-level1")!.Value);
        var codes = second.Page.QuerySelectorAll<IHtmlOptionElement>("#address-level2 option").Select(o => o.Value).ToList();
        Assert.Contains("00004", codes);
        Assert.DoesNotContain("03646", codes);
    }

    [Theory]
    [InlineData("14", "03646")]
    [InlineData("14", "Phường Tô Hiệu")]
    [InlineData("14", "to hieu")]
    [InlineData("Sơn La", "phuong to hieu")]
    [InlineData("14", "Phường Quyết Thắng")]
    [InlineData("", "03646")]
    public async Task A_commune_is_understood_by_code_by_name_and_by_its_name_of_before(string province, string commune)
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        var accepted = await buyer.DetailsAsync("cod", ("address-level1", province), ("address-level2", commune));
        Assert.Equal("/thanh-toan/xac-nhan", accepted.Location);
        Assert.Contains("Phường Tô Hiệu, Tỉnh Sơn La", (await buyer.Browser.GetAsync("/thanh-toan/xac-nhan")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commune_of_another_province_is_refused()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(), 3));
        var refused = await buyer.DetailsAsync("cod", ("address-level1", "01"), ("address-level2", "03646"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotNull(refused.Page.QuerySelector("#address-level2-error"));
    }

    [Fact]
    public async Task Two_sellers_make_two_payments_shown_one_after_the_other()
    {
        var first = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var second = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var buyer = await (await new Buyer(site).WithAsync(first)).WithAsync(second, 2);
        var placed = await buyer.PlaceAsync();
        Assert.StartsWith("/don-hang/", placed.Location, StringComparison.Ordinal);
        var order = await site.Open().GetAsync(placed.Location!);
        Assert.Contains("Còn 2 khoản cần thanh toán", order.Text, StringComparison.Ordinal);
        var forms = order.Page.QuerySelectorAll<IHtmlFormElement>("form").Where(f => f.GetAttribute("action")!.EndsWith("/thanh-toan", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, forms.Count);
        var browser = site.Open();
        var again = await browser.GetAsync(placed.Location!);
        var terminals = new List<string>();
        foreach (var form in again.Page.QuerySelectorAll<IHtmlFormElement>("form").Where(f => f.GetAttribute("action")!.EndsWith("/thanh-toan", StringComparison.Ordinal)))
            terminals.Add(Support.Vnpay.Fields((await browser.PostAsync(form.GetAttribute("action")!, Browser.Fields(form))).Location)["vnp_TmnCode"]);
        Assert.Equal([first.Seller.TmnCode!, second.Seller.TmnCode!], terminals);
    }

    [Fact]
    public async Task The_third_page_sent_twice_places_one_order()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 5);
        var buyer = await new Buyer(site).WithAsync(goods);
        var form = await buyer.ConfirmAsync("cod");
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => buyer.Browser.SubmitAsync(form, "/thanh-toan/xac-nhan"))));
        var later = await buyer.Browser.SubmitAsync(form, "/thanh-toan/xac-nhan");
        var codes = answers.Append(later).Select(a => a.Location!.Split('?')[0]).Distinct().ToList();
        Assert.StartsWith("/don-hang/", Assert.Single(codes), StringComparison.Ordinal);
        Assert.Equal(20_000, await site.Db.SingleAsync<long>("select available from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
        Assert.Equal(HttpStatusCode.OK, (await site.Open().GetAsync(later.Location!)).Status);
    }

    [Fact]
    public async Task Nobody_has_more_cash_orders_on_their_way_than_the_setting_says()
    {
        Assert.Equal(30, new CheckoutLimits(new ConfigurationBuilder().Build()).OpenCash);
        await using var strict = new Site(fixture.Database, settings: new Dictionary<string, string>(StringComparer.Ordinal) { ["Checkout:OpenCash"] = "2" });
        var goods = await new Shop(strict).GoodsAsync(await new Shop(strict).SellerAsync(), 20);
        var buyer = new Buyer(strict);
        var placed = await (await buyer.WithAsync(goods)).PlaceAsync("cod");
        Assert.StartsWith("/don-hang/", (await (await buyer.WithAsync(goods)).PlaceAsync("cod")).Location, StringComparison.Ordinal);
        var refused = await (await buyer.WithAsync(goods)).PlaceAsync("cod");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("trả tiền mặt chưa nhận hàng", refused.Text, StringComparison.Ordinal);
        // The cart is kept; money that comes first is another matter, and what is called off counts no more.
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.PlaceAsync()).Status);
        await using (var tx = await strict.Db.BeginAsync())
        {
            Assert.True(await strict.Get<SubOrders>().CancelByBuyerAsync(tx, placed.Location!.Split('/', '?')[2] + "-1", ""));
            await tx.CommitAsync();
        }
        placed = await (await buyer.WithAsync(goods)).PlaceAsync("cod");
        Assert.StartsWith("/don-hang/", placed.Location, StringComparison.Ordinal);
        // Nor does what a recall has stopped.
        await strict.Db.ExecuteAsync("update orders.sub_order set status = 'on_hold' where code = @code", new { code = placed.Location!.Split('/', '?')[2] + "-1" });
        Assert.StartsWith("/don-hang/", (await (await buyer.WithAsync(goods)).PlaceAsync("cod")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_keeps_more_than_five_unpaid_orders_from_others_or_places_more_than_ten_a_minute()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 20);
        var buyer = new Buyer(site);
        for (var n = 0; n < 5; n++)
            Assert.Equal(HttpStatusCode.SeeOther, (await (await buyer.WithAsync(goods)).PlaceAsync()).Status);
        var refused = await (await buyer.WithAsync(goods)).PlaceAsync();
        Assert.Equal((HttpStatusCode.TooManyRequests, 60), (refused.Status, refused.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
        Assert.Contains("giữ hàng mà chưa thanh toán", refused.Text, StringComparison.Ordinal);
        // The number counts too, but not where programs place orders for each other.
        await using (var first = await site.Db.BeginAsync())
        await using (var second = await site.Db.BeginAsync())
        {
            Assert.True(await site.Get<OpenHolds>().AreFullAsync(first, new Placing(null, [1], true), Buyer.Phone));
            Assert.False(await site.Get<OpenHolds>().AreFullAsync(second, new Placing(null, [2], false), Buyer.Phone));
            // What one buyer places at once in two browsers is counted one after the other.
            var waits = site.Get<OpenHolds>().AreFullAsync(second, new Placing(null, [3], true), Buyer.Phone);
            await Task.Delay(50);
            Assert.False(waits.IsCompleted);
            await first.CommitAsync();
            Assert.True(await waits);
        }
        // The cart is kept, and cash waits for nobody.
        Assert.StartsWith("/don-hang/", (await buyer.PlaceAsync("cod")).Location, StringComparison.Ordinal);
        var form = await (await buyer.WithAsync(goods)).ConfirmAsync("cod");
        for (var n = 8; n <= 10; n++)
            Assert.Equal(HttpStatusCode.Conflict, (await buyer.Browser.SubmitAsync(form, "/thanh-toan/xac-nhan", ("total", "1"))).Status);
        refused = await buyer.Browser.SubmitAsync(form, "/thanh-toan/xac-nhan");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Contains("đợi một phút", refused.Text, StringComparison.Ordinal);
        Assert.Equal(6, await Orders(goods));
    }

    [Fact]
    public async Task Prices_are_reckoned_anew_and_a_change_is_said_before_anything_is_placed()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 5);
        var buyer = await new Buyer(site).WithAsync(goods);
        var form = await buyer.ConfirmAsync("cod");
        await site.Db.ExecuteAsync("update catalog.listing set price_vnd = 250000 where id = @ListingId", new { goods.ListingId });
        var refused = await buyer.Browser.SubmitAsync(form, "/thanh-toan/xac-nhan");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("vừa thay đổi", refused.Text, StringComparison.Ordinal);
        Assert.Contains("280.000 ₫", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, await Orders(goods));
        Assert.StartsWith("/don-hang/", (await buyer.Browser.SubmitAsync(refused, "/thanh-toan/xac-nhan")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stock_that_went_meanwhile_is_said_and_nothing_is_placed()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 2);
        var buyer = await new Buyer(site).WithAsync(goods, 2);
        var form = await buyer.ConfirmAsync("cod");
        await (await new Buyer(site).WithAsync(goods)).PlaceAsync("cod");
        var refused = await buyer.Browser.SubmitAsync(form, "/thanh-toan/xac-nhan");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Chỉ còn 1 hộp", refused.Text, StringComparison.Ordinal);
        Assert.Equal(1, await Orders(goods));
        Assert.Contains("Chỉ còn 1 hộp", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Twenty_buyers_of_the_last_box_one_gets_it()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 1);
        var forms = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            var buyer = await new Buyer(site).WithAsync(goods);
            return (buyer, Form: await buyer.ConfirmAsync("cod"));
        }));
        var answers = await Task.WhenAll(forms.Select(f => Task.Run(() => f.buyer.Browser.SubmitAsync(f.Form, "/thanh-toan/xac-nhan"))));
        Assert.Single(answers, a => a.Status == HttpStatusCode.SeeOther);
        Assert.Equal(19, answers.Count(a => a.Status == HttpStatusCode.Conflict));
        Assert.Equal(1, await Orders(goods));
        Assert.Equal((0L, 5_000L), await site.Db.SingleAsync<(long, long)>("select available, held from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }));
    }

    [Fact]
    public async Task Who_waits_too_long_for_a_lot_is_told_to_come_again_and_the_form_sent_again_counts_once()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var buyer = await new Buyer(site).WithAsync(goods);
        var page = await buyer.ConfirmAsync();
        await using (var crowd = await site.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await crowd.ExecuteAsync("select 1 from catalog.lot_stock where lot_id = @LotId for update", new { goods.LotId });
            var placing = buyer.Browser.SubmitAsync(page, "/thanh-toan/xac-nhan");
            // What a limit of time does after its time.
            while (!placing.IsCompleted && await site.Db.SingleAsync<int>("select count(*) filter (where pg_cancel_backend(pid))::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'") == 0)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            var told = await placing;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, told.Status);
            Assert.Equal("3", told.Message.Headers.GetValues("Retry-After").Single());
            Assert.Equal("Sàn đang bận", told.Page.Title);
        }
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.Browser.SubmitAsync(page, "/thanh-toan/xac-nhan")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.Browser.SubmitAsync(page, "/thanh-toan/xac-nhan")).Status);
        Assert.Equal(1, await site.Db.SingleAsync<int>("select count(*)::int from orders.line_lot where lot_id = @LotId", new { goods.LotId }));
    }

    [Fact]
    public async Task Baskets_that_cross_each_other_never_fail()
    {
        var seller = await shop.SellerAsync();
        var other = await shop.SellerAsync();
        Goods[] goods = [await shop.GoodsAsync(seller, 40), await shop.GoodsAsync(other, 40), await shop.GoodsAsync(seller, 40), await shop.GoodsAsync(other, 40)];
        var forms = await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            var buyer = new Buyer(site);
            foreach (var g in n % 2 == 0 ? goods : goods.Reverse())
                await buyer.WithAsync(g);
            return (buyer, Form: await buyer.ConfirmAsync("cod"));
        }));
        var answers = await Task.WhenAll(forms.Select(f => Task.Run(() => f.buyer.Browser.SubmitAsync(f.Form, "/thanh-toan/xac-nhan"))));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.SeeOther, a.Status));
    }

    [Fact]
    public async Task The_limit_for_cash_is_told_on_the_first_page_and_kept_on_the_second()
    {
        var seller = await shop.SellerAsync();
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(seller, 5, 2_000_000), 2);
        Assert.Contains("trên mức nhận tiền mặt 3.000.000 ₫", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
        var refused = await buyer.DetailsAsync("cod");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(seller.Name, refused.Page.QuerySelector("#payment-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("/thanh-toan/xac-nhan", (await buyer.DetailsAsync("vnpay")).Location);
    }

    [Fact]
    public async Task A_program_is_told_what_is_wrong_in_a_form_as_a_problem()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 5);
        foreach (var (path, field, fields) in new[]
        {
            ("/gio-hang", "quantity", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = goods.Slug, ["quantity"] = "abc" }),
            ("/quet", "ma", new(StringComparer.Ordinal) { ["ma"] = "" }),
        })
        {
            var refused = await site.Open().PostAsync(path, new FormUrlEncodedContent(fields), ("Accept", "application/json"));
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "application/problem+json"), (refused.Status, refused.Message.Content.Headers.ContentType?.MediaType));
            Assert.Contains($"\"{field}\":[\"", refused.Body, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_seller_without_a_terminal_takes_cash_only()
    {
        var buyer = await new Buyer(site).WithAsync(await shop.GoodsAsync(await shop.SellerAsync(online: false), 5));
        var refused = await buyer.DetailsAsync("vnpay");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("chưa nhận thanh toán trực tuyến", refused.Page.QuerySelector("#payment-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["cod"], (await buyer.Browser.GetAsync("/thanh-toan")).Page.QuerySelectorAll("[name=payment]").Select(m => m.GetAttribute("value")));
        Assert.StartsWith("/don-hang/", (await buyer.PlaceAsync("cod")).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sellers_with_no_way_to_pay_in_common_are_each_paid_their_own_way()
    {
        var cashOnly = await shop.GoodsAsync(await shop.SellerAsync(online: false), 5);
        var tooDear = await shop.GoodsAsync(await shop.SellerAsync(), 5, 4_000_000);
        var buyer = await (await new Buyer(site).WithAsync(cashOnly)).WithAsync(tooDear);
        foreach (var payment in new[] { "cod", "vnpay" })
        {
            var confirm = await buyer.ConfirmAsync(payment);
            Assert.Contains("Trả tiền mặt khi nhận hàng", Part(confirm, cashOnly), StringComparison.Ordinal);
            Assert.Contains("Thanh toán trực tuyến qua VNPAY", Part(confirm, tooDear), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_seller_is_paid_online_and_the_other_on_delivery()
    {
        var online = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var cash = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var buyer = await (await new Buyer(site).WithAsync(online)).WithAsync(cash);
        // Who takes what is told before anything is chosen.
        var told = (await buyer.Browser.GetAsync("/thanh-toan")).Page.QuerySelector("form .notice")!.TextContent.Replace('\u00a0', ' ');
        Assert.Contains($"{online.Seller.Name}, {cash.Seller.Name} nhận: VNPAY, tiền mặt khi nhận hàng, đến 3.000.000 ₫.", told, StringComparison.Ordinal);
        var confirm = await buyer.ConfirmAsync();
        var form = confirm.Page.QuerySelector("#phan-" + cash.Seller.Slug)!.ParentElement!.QuerySelector<IHtmlFormElement>("form[action$='/cach-tra']")!;
        Assert.Null(form.Closest("details"));
        Assert.Equal("cod", form.QuerySelector("button[name=method]")!.GetAttribute("value"));
        var fields = Browser.Fields(form);
        fields["method"] = "barter";
        await buyer.Browser.PostAsync("/thanh-toan/cach-tra", fields);
        Assert.Contains("VNPAY", Part(await buyer.Browser.GetAsync("/thanh-toan/xac-nhan"), cash), StringComparison.Ordinal);
        fields["method"] = "cod";
        Assert.Equal("/thanh-toan/xac-nhan#phan-" + cash.Seller.Slug, (await buyer.Browser.PostAsync("/thanh-toan/cach-tra", fields)).Location);
        var mixed = await buyer.Browser.GetAsync("/thanh-toan/xac-nhan");
        Assert.Contains("Trả tiền mặt khi nhận hàng", Part(mixed, cash), StringComparison.Ordinal);
        Assert.Equal(["Trực tuyến qua VNPAY, ngay sau khi đặt", "Tiền mặt, trả khi nhận hàng"], Ways(mixed));
        // Exactly one payment is made online: straight to it.
        var placed = await buyer.Browser.SubmitAsync(mixed, "/thanh-toan/xac-nhan");
        Assert.Equal(online.Seller.TmnCode, Support.Vnpay.Fields(placed.Location)["vnp_TmnCode"]);
        var parts = await site.Db.QueryAsync<(string Method, string Status, string Paid)>("select s.method, s.status, y.method from orders.sub_order s join payments.payment y on y.payable = 'sub-order:' || s.code where s.producer_id = any(@ids) order by s.method",
            new { ids = new[] { online.Seller.ProducerId, cash.Seller.ProducerId } }, TestContext.Current.CancellationToken);
        Assert.Equal([("cod", "confirmed", "cod"), ("vnpay", "awaiting_payment", "vnpay")], parts);
        var code = await site.Db.SingleAsync<string>("select u.code from orders.purchase u join orders.sub_order s on s.purchase_id = u.id where s.producer_id = @ProducerId", new { cash.Seller.ProducerId });
        var found = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/don-hang"), "/don-hang", ("code", code), ("tel", Buyer.Phone));
        var order = await buyer.Browser.GetAsync(found.Location!);
        Assert.Contains("Còn 1 khoản cần thanh toán.", order.Text, StringComparison.Ordinal);
        Assert.Contains("Thanh toán trực tuyến qua VNPAY; Trả tiền mặt khi nhận hàng", order.Text, StringComparison.Ordinal);
        Assert.Equal(["Chưa trả: trực tuyến qua VNPAY", "Tiền mặt, trả khi nhận hàng"], Ways(order));
        // The result of the one payment says what is left for the other seller.
        var fieldsOfIt = Support.Vnpay.Fields(placed.Location);
        var query = Support.Vnpay.Query(online.Seller, fieldsOfIt["vnp_TxnRef"], long.Parse(fieldsOfIt["vnp_Amount"], System.Globalization.CultureInfo.InvariantCulture) / 100);
        await site.Open().GetAsync("/vnpay/ipn" + query);
        var result = await site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + query);
        Assert.Contains("Đã nhận thanh toán", result.Text, StringComparison.Ordinal);
        Assert.Equal(["Tiền mặt, trả khi nhận hàng"], Ways(result));
        Assert.Contains(cash.Seller.Name, result.Page.QuerySelector(".pays")!.TextContent, StringComparison.Ordinal);
    }

    private static List<string> Ways(Answer page) => [.. page.Page.QuerySelectorAll(".pays small").Select(s => s.TextContent)];

    private static string Part(Answer confirm, Goods goods) => confirm.Page.QuerySelector("#phan-" + goods.Seller.Slug)!.ParentElement!.QuerySelector("dl")!.TextContent;

    [Fact]
    public async Task The_cart_form_is_accepted_only_from_our_own_pages()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        using var client = new HttpClient(site.Handler()) { BaseAddress = new Uri("http://localhost") };
        foreach (var (name, value, accepted) in new[] { ("Sec-Fetch-Site", "cross-site", false), ("X-None", "", false), ("Origin", "http://evil.invalid", false), ("Origin", "http://localhost", true), ("Sec-Fetch-Site", "same-origin", true) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/gio-hang") { Content = new FormUrlEncodedContent([new("listing", goods.Slug), new("quantity", "1")]) };
            request.Headers.TryAddWithoutValidation(name, value);
            Assert.Equal(accepted ? HttpStatusCode.SeeOther : HttpStatusCode.BadRequest, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1,5")]
    [InlineData("1000")]
    [InlineData("nhiều")]
    public async Task A_quantity_that_is_none_is_refused(string quantity)
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 3);
        var answer = await site.Open().PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = goods.Slug, ["quantity"] = quantity });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
    }

    [Fact]
    public async Task Lines_are_changed_and_taken_out_and_the_fee_is_shown_once_the_province_is_known()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 9);
        var buyer = await new Buyer(site).WithAsync(goods);
        await buyer.WithAsync(goods);
        var cart = await buyer.Browser.GetAsync("/gio-hang");
        Assert.Contains("400.000 ₫", cart.Text, StringComparison.Ordinal);
        Assert.Contains("Chọn tỉnh để biết phí", cart.Text, StringComparison.Ordinal);
        await buyer.Browser.SubmitAsync(cart, "/gio-hang/noi-giao", ("address-level1", "01"));
        cart = await buyer.Browser.GetAsync("/gio-hang");
        // Two boxes of 5 kg to another province of the north.
        Assert.Contains("475.000 ₫", cart.Text, StringComparison.Ordinal);
        await buyer.Browser.SubmitAsync(cart, "/gio-hang/sua", ("quantity", "7"));
        cart = await buyer.Browser.GetAsync("/gio-hang");
        // 35 kg: the row of 30 kg twice.
        Assert.Contains("1.720.000 ₫", cart.Text, StringComparison.Ordinal);
        await buyer.Browser.SubmitAsync(cart, "/gio-hang/sua", ("quantity", "0"));
        Assert.Contains("Giỏ hàng đang trống", (await buyer.Browser.GetAsync("/gio-hang")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quantity_that_is_none_stays_in_its_own_line_with_the_message()
    {
        var (first, second) = (await shop.GoodsAsync(await shop.SellerAsync(), 9), await shop.GoodsAsync(await shop.SellerAsync(), 9));
        var buyer = await (await new Buyer(site).WithAsync(first)).WithAsync(second);
        var cart = await buyer.Browser.GetAsync("/gio-hang");
        var refused = await buyer.Browser.SubmitAsync(cart, "/gio-hang/sua", ("listing", second.Slug), ("quantity", "hai hộp"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal($"#so-luong-{second.Slug}", refused.Page.QuerySelector(".error-summary a")!.GetAttribute("href"));
        Assert.Equal(("hai hộp", "true"), Line(second));
        Assert.Equal(("1", null), Line(first));

        var other = await shop.GoodsAsync(await shop.SellerAsync(), 9);
        refused = await buyer.Browser.PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = other.Slug, ["quantity"] = "vài" });
        Assert.Equal(("vài", "true"), Line(other));
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.Browser.SubmitAsync(refused, "/gio-hang", ("quantity", "2"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await buyer.Browser.PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = "khong-co", ["quantity"] = "vài" })).Status);

        (string?, string?) Line(Goods goods) => refused.Page.GetElementById("so-luong-" + goods.Slug) is { } field ? (field.GetAttribute("value"), field.GetAttribute("aria-invalid")) : (null, null);
    }

    [Fact]
    public async Task The_check_out_speaks_english_too()
    {
        var goods = await shop.GoodsAsync(await shop.SellerAsync(), 9);
        var buyer = await new Buyer(site).WithAsync(goods);
        Assert.Contains("Choose a province to see the fee", (await buyer.Browser.GetAsync("/en/gio-hang")).Text, StringComparison.Ordinal);
        var refused = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/en/thanh-toan"), "/en/thanh-toan", ("name", ""));
        Assert.Contains("Please enter the recipient's full name.", refused.Text, StringComparison.Ordinal);
        Assert.Equal("/en/thanh-toan/xac-nhan", (await buyer.Browser.SubmitAsync(refused, "/en/thanh-toan", ("name", "A B"), ("tel", Buyer.Phone), ("address-level1", "14"), ("address-level2", "03646"), ("street-address", "1"), ("payment", "vnpay"))).Location);
        var placed = await buyer.Browser.SubmitAsync(await buyer.Browser.GetAsync("/en/thanh-toan/xac-nhan"), "/en/thanh-toan/xac-nhan");
        Assert.Equal(("en", "http://localhost/en/thanh-toan/vnpay/ket-qua"), (Support.Vnpay.Fields(placed.Location)["vnp_Locale"], Support.Vnpay.Fields(placed.Location)["vnp_ReturnUrl"]));
    }

    private Task<int> Orders(Goods goods) => site.Db.SingleAsync<int>("select count(*)::int from orders.line where listing_id = @ListingId", new { goods.ListingId });
}
