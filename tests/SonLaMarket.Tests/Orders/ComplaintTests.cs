using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Accounts;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;
using SonLaMarket.Tests.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>Complaints and returns over HTTP: buyer without an account, seller, Department, and the clock.</summary>
public sealed class ComplaintTests(ComplaintTests.Shared shared) : IClassFixture<ComplaintTests.Shared>
{
    private const string Wish = "Ba quả bị dập khi mở hộp, có ảnh chụp lúc nhận.";
    private readonly Trade trade = shared.Trade;

    public sealed class Shared(PostgresFixture postgres) : IAsyncLifetime
    {
        private TestDatabase database = null!;

        public Trade Trade { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            database = await postgres.CloneAsync();
            Trade = new Trade(database.Settings, new Dictionary<string, string>(StringComparer.Ordinal) { ["Files:Folder"] = Path.Combine(Path.GetTempPath(), "slm-complaints-" + database.Name) });
        }

        public async ValueTask DisposeAsync()
        {
            await Trade.DisposeAsync();
            await database.DisposeAsync();
            Directory.Delete(Path.Combine(Path.GetTempPath(), "slm-complaints-" + database.Name), recursive: true);
        }
    }

    [Fact]
    public async Task A_return_with_a_photo_is_accepted_and_its_money_goes_back()
    {
        var order = await DeliveredAsync();
        var (buyer, page) = await BuyerAsync(order);
        var link = page.Page.QuerySelector("a[href*='/khieu-nai?phan=']")!.GetAttribute("href")!;
        var form = await buyer.GetAsync(link);
        var sent = await SendAsync(buyer, form, "return", photo: true);
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        Assert.Contains("Chờ người bán trả lời", (await buyer.GetAsync(link)).Text, StringComparison.Ordinal);

        var seller = await SellerAsync(order);
        var list = await seller.GetAsync("/quan-ly/khieu-nai");
        var path = list.Page.QuerySelector("table a[href*='/khieu-nai/']")!.GetAttribute("href")!;
        // It waits on the first screen of the day, too.
        Assert.NotNull((await seller.GetAsync("/quan-ly")).Page.QuerySelector($"main a[href='{path}']"));
        var shown = await seller.GetAsync(path);
        Assert.Contains("Ba quả bị dập", shown.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await seller.GetAsync(shown.Page.QuerySelector(".thumbs img")!.GetAttribute("src")!)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(shown, "/dong-y", ("Words", "Chúng tôi nhận lại hàng."))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(shown, "/dong-y", ("Words", "Chúng tôi nhận lại hàng."), ("Refund", "900000000"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(shown, "/dong-y", ("Words", "Chúng tôi nhận lại hàng, xin lỗi bạn."), ("Refund", "120000"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await seller.SubmitAsync(shown, "/dong-y", ("Words", "Chúng tôi nhận lại hàng, xin lỗi bạn."), ("Refund", "120000"))).Status);

        Assert.Equal(("return", 120_000L, "open"), await trade.Site.Db.SingleAsync<(string, long, string)>("select r.cause, r.amount_vnd, r.status from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.payable = 'sub-order:' || @Code", new { order.Code }));
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            var key = await tx.SingleAsync<string>("select r.key from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.payable = 'sub-order:' || @Code", new { order.Code });
            Assert.Equal(SonLaMarket.Payments.RefundAsked.Done, await trade.Site.Get<SonLaMarket.Payments.Refunds>().GivenBackAsync(tx, key, "FT1", new Actor(order.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync();
        }
        await trade.Site.RunDueAsync();
        Assert.Contains("120.000", await trade.Site.Db.SingleAsync<string>("select body from accounts.message where key like 'sub-order-refunded:' || @Code || ':%'", new { order.Code }), StringComparison.Ordinal);
        Assert.Contains("Người bán đồng ý", (await buyer.GetAsync(link)).Text, StringComparison.Ordinal);
        Assert.Equal(["complaint-accepted", "complaint-opened"], await MessagesAsync(order));
    }

    [Fact]
    public async Task What_is_promised_before_the_cash_is_collected_is_collected_less_and_never_more_than_is_left()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 3);
        var (db, register, orders, actor) = (trade.Site.Db, trade.Site.Get<ComplaintRegister>(), trade.Site.Get<SubOrders>(), new Actor(goods.Seller.PersonId, Roles.Seller));
        var placed = await (await new Buyer(trade.Site).WithAsync(goods)).PlaceAsync("cod");
        var part = placed.Location!.Split('?')[0].Split('/')[^1] + "-1";
        var total = await db.SingleAsync<long>("select total_vnd from orders.sub_order where code = @part", new { part });
        async Task<string> ComplainAsync()
        {
            await using var tx = await db.BeginAsync();
            var code = (await register.OpenAsync(tx, part, new("complaint", "late", Wish, [])))!;
            await tx.CommitAsync();
            return code;
        }
        await using (var tx = await db.BeginAsync())
        {
            Assert.True(await orders.PackAsync(tx, part, actor) && await orders.ShipAsync(tx, part, new Shipment("", ""), actor));
            await tx.CommitAsync();
        }
        var seller = await trade.Site.Open().SignInAsync(goods.Seller.SignIn, Seller.Password);
        var path = "/quan-ly/khieu-nai/" + await ComplainAsync();
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(await seller.GetAsync(path), "/dong-y", ("Words", "Chúng tôi bớt tiền vì giao muộn."), ("Refund", "100000"))).Status);
        Assert.Equal((total - 100_000, 100_000L), await db.SingleAsync<(long, long)>("select p.amount_vnd, s.less_vnd from payments.payment p join orders.sub_order s on p.payable = 'sub-order:' || s.code where s.code = @part", new { part }));
        Assert.Contains("Giảm theo khiếu nại", (await trade.Site.Open().GetAsync(placed.Location!)).Text, StringComparison.Ordinal);
        await using (var tx = await db.BeginAsync())
        {
            Assert.True(await orders.DeliverAsync(tx, part, actor));
            await tx.CommitAsync();
        }
        Assert.Equal(total - 100_000, await db.SingleAsync<long>("select sum(l.amount_vnd)::bigint from payments.ledger_line l join payments.posting g on g.id = l.posting_id join payments.payment p on p.id = g.payment_id where p.payable = 'sub-order:' || @part and l.account = 'cash'", new { part }));

        // Collected by now: what goes back is a case, and all of them together are never more than what came.
        var second = await ComplainAsync();
        await using (var tx = await db.BeginAsync())
        {
            Assert.False(await register.AcceptAsync(tx, second, total - 99_999, "Chúng tôi hoàn tiền cho bạn.", actor));
        }
        path = "/quan-ly/khieu-nai/" + second;
        var refused = await seller.SubmitAsync(await seller.GetAsync(path), "/dong-y", ("Words", "Chúng tôi hoàn tiền cho bạn."), ("Refund", $"{total - 99_999}"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(refused, "/dong-y", ("Words", "Chúng tôi hoàn tiền cho bạn."), ("Refund", $"{total - 100_000}"))).Status);
        var third = await seller.GetAsync("/quan-ly/khieu-nai/" + await ComplainAsync());
        Assert.Contains("không còn khoản nào để hoàn", (await seller.SubmitAsync(third, "/dong-y", ("Words", "Chúng tôi xin lỗi bạn."), ("Refund", "1"))).Text, StringComparison.Ordinal);
        Assert.Equal([("complaint", total - 100_000)], await db.QueryAsync<(string, long)>("select r.cause, r.amount_vnd from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.payable = 'sub-order:' || @part", new { part }));
    }

    [Fact]
    public async Task Returned_goods_go_back_to_their_lot_or_are_written_off_once_and_its_history_says_so()
    {
        var order = await DeliveredAsync();
        var (db, actor) = (trade.Site.Db, new Actor(order.Seller.PersonId, Roles.Seller));
        string code;
        await using (var tx = await db.BeginAsync())
        {
            code = (await trade.Site.Get<ComplaintRegister>().OpenAsync(tx, order.Code, new("return", "damaged", Wish, [])))!;
            Assert.True(await trade.Site.Get<ComplaintRegister>().AcceptAsync(tx, code, 10_000, "Chúng tôi nhận lại hàng.", actor));
            await tx.CommitAsync();
        }
        var lot = Assert.Single(await ReturnedGoods.LotsAsync(db, code));
        Task<(long Available, long Sold, long WrittenOff)> StockAsync() => db.SingleAsync<(long, long, long)>("select available, sold, written_off from catalog.lot_stock where lot_id = @LotId", new { lot.LotId });
        var before = await StockAsync();
        var seller = await SellerAsync(order);
        var path = "/quan-ly/khieu-nai/" + code;
        var page = await seller.GetAsync(path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(page, "/nhan-lai")).Status);
        var much = await seller.SubmitAsync(page, "/nhan-lai", ("Lots[0].Shelf", Kg(lot.LeftBase)), ("Lots[0].Gone", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, much.Status);
        Assert.Equal(Kg(lot.LeftBase), much.Page.QuerySelector("[name='Lots[0].Shelf']")!.GetAttribute("value"));
        var gone = lot.LeftBase / 4;
        (string, string)[] back = [("Lots[0].Shelf", Kg(gone)), ("Lots[0].Gone", Kg(gone))];
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(page, "/nhan-lai", back)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await seller.SubmitAsync(page, "/nhan-lai", back)).Status);
        Assert.Equal((before.Available + gone, before.Sold - 2 * gone, before.WrittenOff + gone), await StockAsync());
        Assert.Equal(lot.LeftBase - 2 * gone, (await ReturnedGoods.LotsAsync(db, code)).Single().LeftBase);
        Assert.Equal([("receiving", "returned", 2 * gone), ("unpacking", "sellable_accessible", gone), ("unpacking", "non_sellable_other", gone)],
            await db.QueryAsync<(string, string, long)>("select biz_step, disposition, quantity_base from origin.event where lot_id = @LotId and action = 'DELETE' order by biz_step, disposition desc", new { lot.LotId }));
        Assert.Empty((await SonLaMarket.Supervision.Invariants.AskAsync(db, SonLaMarket.Supervision.Invariants.All.Single(i => i.Id == "I1"), trade.Site.Clock.GetUtcNow())).Faults);

        static string Kg(long grams) => SonLaMarket.Foundation.Text.Vietnamese.Number(grams / 1000m);
    }

    [Fact]
    public async Task What_was_refused_is_taken_to_the_Department_which_concludes()
    {
        var order = await DeliveredAsync();
        var (buyer, link) = await ComplainAsync(order);
        var seller = await SellerAsync(order);
        var shown = await seller.GetAsync(await SellerPathAsync(order));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(shown, "/tu-choi", ("Words", "Không"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(shown, "/tu-choi", ("Words", "Hàng giao đi nguyên vẹn, có ảnh lúc gói."))).Status);
        var refused = await buyer.GetAsync(link);
        Assert.Contains("Hàng giao đi nguyên vẹn", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.SubmitAsync(refused, "/len-so", ("Words", "Tôi có ảnh lúc mở."))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await buyer.SubmitAsync(refused, "/len-so")).Status);

        var officer = await OfficialAsync(Roles.Officer);
        var queue = await officer.GetAsync("/so-cong-thuong/khieu-nai");
        var code = await CodeAsync(order);
        Assert.Contains(code, queue.Text, StringComparison.Ordinal);
        var dossier = await officer.GetAsync("/so-cong-thuong/khieu-nai/" + code);
        Assert.Contains("Tôi có ảnh lúc mở.", dossier.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await officer.SubmitAsync(dossier, code, ("Conclusion", "Ngắn"), ("_yes", "1"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await officer.SubmitAsync(dossier, code, ("Conclusion", "Người bán hoàn một nửa tiền hàng."), ("Refund", "100k"), ("_yes", "1"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.SubmitAsync(dossier, code, ("Conclusion", "Người bán hoàn một nửa tiền hàng."), ("_yes", "1"))).Status);
        Assert.Equal(("complaint", 100_000L), await trade.Site.Db.SingleAsync<(string, long)>("select cause, amount_vnd from payments.refund_case where key = 'complaint:' || @code", new { code }));
        Assert.Equal(["complaint-appealed", "complaint-opened", "complaint-refused", "complaint-settled", "complaint-settled-seller"], await MessagesAsync(order));
        Assert.Equal(["open", "refused", "escalated", "settled"], await trade.Site.Db.QueryAsync<string>("select t.status from orders.complaint_step t join orders.complaint c on c.id = t.complaint_id where c.code = @code order by t.id", new { code }));
        Assert.Equal(4, await trade.Site.Db.SingleAsync<long>("select count(*) from accounts.audit where subject = 'complaint:' || @code", new { code }));
    }

    [Fact]
    public async Task A_complaint_that_nobody_answers_goes_to_the_Department_once()
    {
        var order = await DeliveredAsync();
        var (buyer, link) = await ComplainAsync(order);
        await trade.Site.RunDueAsync();
        Assert.Equal("open", await StatusAsync(order));
        trade.Site.Clock.Advance(TimeSpan.FromDays(3));
        await trade.Site.RunDueAsync();
        trade.Site.Clock.Advance(TimeSpan.FromMinutes(11));
        await trade.Site.RunDueAsync();
        Assert.Equal("escalated", await StatusAsync(order));
        Assert.Equal(["complaint-escalated", "complaint-escalated-seller", "complaint-opened"], await MessagesAsync(order));
        Assert.Contains("Người bán không trả lời trong hạn.", (await buyer.GetAsync(link)).Text, StringComparison.Ordinal);
        // The seller may still agree; the buyer may still let it be.
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.SubmitAsync(await buyer.GetAsync(link), "/rut")).Status);
        Assert.Equal("withdrawn", await StatusAsync(order));
    }

    [Fact]
    public async Task One_at_a_time_not_before_the_goods_are_sent_and_not_after_the_deadline()
    {
        var placed = await trade.StartAsync();
        var (early, earlyPage) = await BuyerAsync(placed);
        Assert.Null(earlyPage.Page.QuerySelector("a[href*='/khieu-nai?phan=']"));
        Assert.DoesNotContain((await early.GetAsync(Link(placed, earlyPage))).Page.QuerySelectorAll("form"), f => f.GetAttribute("action")!.EndsWith("/khieu-nai", StringComparison.Ordinal));

        var order = await DeliveredAsync();
        var (buyer, page) = await BuyerAsync(order);
        var form = await buyer.GetAsync(Link(order, page));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(buyer, form, "return", wish: "Ngắn")).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(buyer, form, "gift")).Status);
        var typed = await SendAsync(buyer, form, "return", matter: "");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, Wish), (typed.Status, typed.Page.QuerySelector<IHtmlTextAreaElement>("[name=Wish]")!.Value.Trim()));
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(buyer, form, "complaint")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(buyer, form, "return")).Status);

        var old = await DeliveredAsync();
        var (late, latePage) = await BuyerAsync(old);
        var lateForm = await late.GetAsync(Link(old, latePage));
        trade.Site.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(late, lateForm, "return")).Status);
    }

    /// <summary>Also of goods that went nowhere: else nobody who can do something would hear of it.</summary>
    [Fact]
    public async Task Money_that_does_not_come_back_in_time_can_be_complained_about_and_until_then_the_page_says_by_when()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            Assert.True(await trade.Site.Get<SubOrders>().CancelAsync(tx, order.Code, "Mưa đá hỏng vườn", new Actor(order.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync();
        }
        var (buyer, page) = await BuyerAsync(order);
        Assert.Contains($"Chậm nhất {Vietnamese.Date(trade.Site.Clock.GetUtcNow().AddDays(30))}.", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector("a[href*='/khieu-nai?phan=']"));
        trade.Site.Clock.Advance(TimeSpan.FromDays(30));
        page = await buyer.GetAsync(page.Path);
        Assert.Contains("Lẽ ra tiền đã về", page.Text, StringComparison.Ordinal);
        var form = await buyer.GetAsync(page.Page.QuerySelector("a[href*='/khieu-nai?phan=']")!.GetAttribute("href")!);
        Assert.Equal(["complaint", "refund"], form.Page.QuerySelectorAll<IHtmlInputElement>("input[type=radio]").Select(i => i.IsChecked ? i.Value : ""));
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(buyer, form, "complaint")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(buyer, form, "complaint", "refund", "Gọi người bán ba lần, chưa thấy tiền.")).Status);
        Assert.Contains("Chưa nhận được tiền hoàn", (await (await SellerAsync(order)).GetAsync(await SellerPathAsync(order))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_sees_or_answers_it()
    {
        var order = await DeliveredAsync();
        var (buyer, link) = await ComplainAsync(order);
        Assert.Equal(HttpStatusCode.NotFound, (await trade.Site.Open().GetAsync(link.Split("&k=")[0] + "&k=sai")).Status);
        var path = await SellerPathAsync(order);
        var other = await trade.Site.Open().SignInAsync((await trade.Shop.SellerAsync()).SignIn, Seller.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(path)).Status);
        var own = (await other.GetAsync("/quan-ly/diem-nhan")).Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/diem-nhan", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(path + "/tu-choi", Browser.Fields(own, ("Words", "Không phải của tôi nhưng tôi trả lời.")))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await buyer.GetAsync("/so-cong-thuong/khieu-nai") is var a && a.Status == HttpStatusCode.Redirect ? HttpStatusCode.Forbidden : a.Status));
        Assert.Equal("open", await StatusAsync(order));
    }

    [Fact]
    public async Task The_operator_sets_the_days_and_sees_where_they_come_from()
    {
        var browser = await OfficialAsync(Roles.Operator);
        var page = await browser.GetAsync("/quan-tri/thoi-han");
        Assert.Contains("122/2025/QH15", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, "/thoi-han", ("complaint-answer", "0"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/thoi-han", ("complaint-escalate", "10"))).Status);
        Assert.Equal(10, await trade.Site.Db.SingleAsync<int>("select days from orders.deadline where name = 'complaint-escalate'"));
        Assert.Equal(1, await trade.Site.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'deadline.change'"));
    }

    private async Task<Started> DeliveredAsync()
    {
        var order = await trade.StartAsync();
        await trade.IpnAsync(order.Paid());
        var (verbs, seller) = (trade.Site.Get<SubOrders>(), new Actor(order.Seller.PersonId, Roles.Seller));
        await using var tx = await trade.Site.Db.BeginAsync();
        Assert.True(await verbs.PackAsync(tx, order.Code, seller) && await verbs.ShipAsync(tx, order.Code, new Shipment("VNPost", "EB1"), seller) && await verbs.DeliverAsync(tx, order.Code, seller));
        await tx.CommitAsync();
        return order;
    }

    private async Task<(Browser Buyer, Answer Page)> BuyerAsync(Started order)
    {
        var browser = trade.Site.Open();
        var found = await browser.SubmitAsync(await browser.GetAsync("/don-hang"), "/don-hang", ("code", order.Code), ("tel", Buyer.Phone));
        return (browser, await browser.GetAsync(found.Location!));
    }

    private static string Link(Started order, Answer page) => $"/don-hang/{order.Code.Split('-')[0]}/khieu-nai?phan={order.Code}&k=" + page.Path.Split("k=")[1];

    private async Task<(Browser Buyer, string Link)> ComplainAsync(Started order)
    {
        var (buyer, page) = await BuyerAsync(order);
        var link = Link(order, page);
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(buyer, await buyer.GetAsync(link), "complaint")).Status);
        return (buyer, link);
    }

    private static async Task<Answer> SendAsync(Browser buyer, Answer on, string kind, string matter = "damaged", string wish = Wish, bool photo = false)
    {
        var form = on.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/khieu-nai", StringComparison.Ordinal));
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Browser.Fields(form, ("Kind", kind), ("Matter", matter), ("Wish", wish)).Where(f => f.Key != "Photos"))
            content.Add(new StringContent(value), name);
        if (photo)
        {
            var bytes = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "db", "seed", "pictures", "man-hau.webp")));
            bytes.Headers.ContentType = new MediaTypeHeaderValue("image/webp");
            content.Add(bytes, "Photos", "anh.webp");
        }
        return await buyer.PostAsync(form.GetAttribute("action")!, content);
    }

    private Task<Browser> SellerAsync(Started order) => trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);

    private async Task<string> SellerPathAsync(Started order) => "/quan-ly/khieu-nai/" + await CodeAsync(order);

    private Task<string> CodeAsync(Started order) => trade.Site.Db.SingleAsync<string>("select c.code from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where s.code = @Code", new { order.Code });

    private Task<string> StatusAsync(Started order) => trade.Site.Db.SingleAsync<string>("select c.status from orders.complaint c join orders.sub_order s on s.id = c.sub_order_id where s.code = @Code", new { order.Code });

    private Task<List<string>> MessagesAsync(Started order) => trade.Site.Db.QueryAsync<string>("select split_part(key, ':', 1) from accounts.message where key like 'complaint-%:' || @Code || ':%' order by 1", new { order.Code });

    private async Task<Browser> OfficialAsync(string role)
    {
        var signIn = $"mau-{role}-{Guid.NewGuid():N}@example.invalid";
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            await trade.Site.Get<People>().AddAsync(tx, new(signIn, null, "Người mẫu", Seller.Password, [role], IsSample: true, SecondFactorDemanded: false), Actor.System);
            await tx.CommitAsync();
        }
        return await trade.Site.Open().SignInAsync(signIn, Seller.Password);
    }
}
