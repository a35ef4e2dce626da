using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Payments;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class RefundTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private SimulatedTrade trade = null!;

    public async ValueTask InitializeAsync() => trade = await SimulatedTrade.StartAsync(fixture.Database);

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task A_cancelled_order_goes_back_through_vnpay_and_the_buyer_sees_each_step()
    {
        var order = await trade.PaidAsync();
        var seller = await SellerAsync(order);
        await OpenAsync(order, RefundCases.Cancelled);
        Assert.Contains("Khoản hoàn đang chờ người bán chuyển", await BuyerSeesAsync(order), StringComparison.Ordinal);
        var sent = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien"), "/hoan-qua-vnpay");
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        await trade.RunAsync<RefundSender>();
        Assert.Equal("processing", await StatusAsync(order));
        Assert.Contains("VNPAY đang xử lý", await BuyerSeesAsync(order), StringComparison.Ordinal);
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(1));
        Assert.Equal("sent_to_bank", await StatusAsync(order));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(5));
        Assert.Equal(("done", "done", -order.AmountVnd), (await StatusAsync(order), await CaseAsync(order), await RefundedAsync(order)));
        Assert.Contains("Đã hoàn", await BuyerSeesAsync(order), StringComparison.Ordinal);
        Assert.DoesNotContain("hoan-qua-vnpay", (await seller.GetAsync("/quan-ly/tien")).Body, StringComparison.Ordinal);
        await trade.Site.Get<Worker>().RunDueAsync(CancellationToken.None);
        // One text for the way, one for the end.
        Assert.Equal((1, 1), await trade.Site.Db.SingleAsync<(int, int)>("select count(*) filter (where key like 'sub-order-refunding:' || @Code || ':%')::int, count(*) filter (where key like 'sub-order-refunded:' || @Code || ':%')::int from accounts.message", new { order.Code }));
        Assert.Equal([(order.AmountVnd, "00")], (await trade.RefundsAsync(order.TxnRef)).Select(r => (r.AmountVnd, r.Status)));
    }

    [Fact]
    public async Task A_part_goes_back_and_never_more_than_is_left()
    {
        var order = await trade.PaidAsync();
        var seller = await SellerAsync(order);
        var address = "/quan-ly/tien/" + await trade.Site.Db.SingleAsync<string>("select code from payments.payment where payable = 'sub-order:' || @Code", new { order.Code });
        var page = await seller.GetAsync(address);
        var tooMuch = await seller.SubmitAsync(page, "/hoan", ("Amount", $"{order.AmountVnd + 1}"), ("Reason", "Hàng dập"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, tooMuch.Status);
        Assert.Contains("Còn hoàn được nhiều nhất", tooMuch.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(page, "/hoan", ("Amount", "0"), ("Reason", "Hàng dập"))).Status);
        await seller.SubmitAsync(page, "/hoan", ("Amount", "50.000"), ("Reason", "Hàng dập"));
        // The same form a second time.
        await seller.SubmitAsync(page, "/hoan", ("Amount", "50.000"), ("Reason", "Hàng dập"));
        Assert.Equal([50_000], await trade.Site.Db.QueryAsync<long>("select c.amount_vnd from payments.refund_case c join payments.payment p on p.id = c.payment_id where p.payable = 'sub-order:' || @Code", new { order.Code }));
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien"), "/hoan-qua-vnpay");
        await trade.RunAsync<RefundSender>();
        Assert.Equal([50_000], (await trade.RefundsAsync(order.TxnRef)).Select(r => r.AmountVnd));
        // What is cancelled afterwards gives back the rest, not all.
        await OpenAsync(order, RefundCases.Cancelled);
        Assert.Equal(order.AmountVnd - 50_000, await trade.Site.Db.SingleAsync<long>("select amount_vnd from payments.refund_case where key = @key", new { key = Key(order, RefundCases.Cancelled) }));
        await OpenAsync(order, RefundCases.Recall);
        Assert.Equal(2, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.refund_case c join payments.payment p on p.id = c.payment_id where p.payable = 'sub-order:' || @Code", new { order.Code }));
    }

    [Fact]
    public async Task Two_parts_are_not_taken_for_each_other()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Weight, 20_000);
        await OpenAsync(order, RefundCases.Complaint, 20_000);
        await trade.SetAsync(new { refund = "stuck" });
        await SendAllAsync(order);
        // querydr tells of the latest alone: the second is sent when the first has ended.
        var first = Assert.Single(await trade.RefundsAsync(order.TxnRef));
        Assert.Equal(["processing", "requested"], await StatusesAsync(order));
        await trade.PostAsync("/control/refunds/" + first.TransactionNo, new { status = "00" });
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(10));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(10));
        Assert.Equal(["done", "processing"], await StatusesAsync(order));
        var second = Assert.Single(await trade.RefundsAsync(order.TxnRef), r => r.TransactionNo != first.TransactionNo);
        await trade.PostAsync("/control/refunds/" + second.TransactionNo, new { status = "00" });
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(10));
        Assert.Equal(["done", "done"], await StatusesAsync(order));
    }

    [Fact]
    public async Task A_refund_of_which_VNPAY_says_nothing_new_is_looked_at_by_a_person_and_holds_up_no_other_for_ever()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Weight, 20_000);
        await OpenAsync(order, RefundCases.Complaint, 30_000);
        await trade.SetAsync(new { refund = "stuck" });
        await SendAllAsync(order);
        await trade.RunAsync<RefundSender>(TimeSpan.FromDays(1));
        Assert.Equal(["processing", "requested"], await StatusesAsync(order));
        await trade.RunAsync<RefundSender>(TimeSpan.FromDays(14));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(10));
        // The second has waited as long and was never sent: its own time begins now.
        Assert.Equal(["review", "processing"], await StatusesAsync(order));
    }

    [Fact]
    public async Task A_large_refund_waits_for_a_second_person()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5, priceVnd: 1_500_000);
        var order = await trade.PaidAsync(goods, 2);
        var seller = await SellerAsync(order);
        await OpenAsync(order, RefundCases.Cancelled);
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien"), "/hoan-qua-vnpay");
        await trade.RunAsync<RefundSender>(TimeSpan.FromHours(1));
        Assert.Equal("awaiting_approval", await StatusAsync(order));
        Assert.Empty(await trade.RefundsAsync(order.TxnRef));
        var page = await seller.GetAsync("/quan-ly/tien");
        Assert.DoesNotContain("duyet-hoan", page.Body, StringComparison.Ordinal);
        // Whoever asked cannot agree, on no way.
        var code = await trade.Site.Db.SingleAsync<string>("select f.code from payments.refund f join payments.attempt a on a.id = f.attempt_id where a.txn_ref = @TxnRef", new { order.TxnRef });
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            Assert.False(await trade.Site.Get<Refunds>().ApproveAsync(tx, code, order.Seller.PersonId, new Actor(order.Seller.PersonId, Roles.Seller)));
            await Assert.ThrowsAsync<Npgsql.PostgresException>(() => tx.ExecuteAsync("update payments.refund set status = 'requested' where code = @code", new { code }));
        }
        var desk = await trade.OperatorAsync();
        var shown = await desk.GetAsync("/quan-tri/hoan-tien");
        Assert.Contains(order.Seller.Name, shown.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SubmitAsync(shown, "/duyet")).Status);
        await trade.RunAsync<RefundSender>();
        Assert.Equal("processing", await StatusAsync(order));
        Assert.Equal(["refund.approve", "refund.request"], await trade.Site.Db.QueryAsync<string>("select action from accounts.audit where subject = 'refund:' || @code order by action", new { code }));
    }

    [Fact]
    public async Task A_large_sum_in_two_halves_or_by_hand_waits_for_a_second_person_too()
    {
        var order = await trade.PaidAsync(await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5, priceVnd: 1_500_000), 3);
        var seller = await SellerAsync(order);
        foreach (var (cause, vnd) in new[] { (RefundCases.Goodwill, 1_600_000L), (RefundCases.Complaint, 1_600_000L), (RefundCases.Weight, 400_000L) })
            await OpenAsync(order, cause, vnd);
        await SendAllAsync(order);
        Assert.Equal(["processing", "awaiting_approval", "awaiting_approval"], await StatusesAsync(order));
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            await tx.ExecuteAsync("update payments.refund set status = 'withdrawn', ended_at = now() where status = 'awaiting_approval' and attempt_id = (select id from payments.attempt where txn_ref = @TxnRef)", new { order.TxnRef });
            await tx.CommitAsync();
        }
        // 400,000 together with what is on its way is the limit itself; the next is above it, also by hand.
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            var (refunds, actor) = (trade.Site.Get<Refunds>(), new Actor(order.Seller.PersonId, Roles.Seller));
            Assert.Equal(RefundAsked.Done, await refunds.GivenBackAsync(tx, Key(order, RefundCases.Weight), "FT1", actor));
            Assert.Equal(RefundAsked.NeedsApproval, await refunds.GivenBackAsync(tx, Key(order, RefundCases.Complaint), "FT2", actor));
            Assert.Equal(RefundAsked.Impossible, await refunds.RequestAsync(tx, Key(order, RefundCases.Complaint), actor));
            await tx.CommitAsync();
        }
        Assert.Equal(-400_000, await RefundedAsync(order));
        Assert.Contains("Người khác của cơ sở", (await seller.GetAsync("/quan-ly/tien")).Text, StringComparison.Ordinal);
        var desk = await trade.OperatorAsync();
        var shown = await desk.GetAsync("/quan-tri/hoan-tien");
        Assert.Contains("mã FT2", shown.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SubmitAsync(shown, "/duyet")).Status);
        Assert.Equal(-2_000_000, await RefundedAsync(order));
        Assert.Equal(["done", "done"], await trade.Site.Db.QueryAsync<string>("select f.status from payments.refund f join payments.refund_case c on c.id = f.case_id join payments.payment p on p.id = c.payment_id where p.payable = 'sub-order:' || @Code and f.hand_reference is not null", new { order.Code }));
        Assert.DoesNotContain("to done", string.Join('\n', (await Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow())).Single(r => r.Invariant.Id == "I7").Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_declines_with_a_reason_and_the_case_stays_open()
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5, priceVnd: 3_000_000);
        var order = await trade.PaidAsync(goods);
        await OpenAsync(order, RefundCases.Cancelled);
        await SendAllAsync(order);
        var desk = await trade.OperatorAsync();
        var refused = await desk.SubmitAsync(await desk.GetAsync("/quan-tri/hoan-tien"), "/tu-choi", ("Reason", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SubmitAsync(refused, "/tu-choi", ("Reason", "Chờ khách gửi hàng về"))).Status);
        Assert.Equal(("withdrawn", "open"), (await StatusAsync(order), await CaseAsync(order)));
    }

    [Fact]
    public async Task A_lost_answer_is_asked_about_and_nothing_is_paid_twice()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Cancelled);
        await trade.SetAsync(new { api = "lost" });
        await SendAllAsync(order);
        Assert.Equal("sending", await StatusAsync(order));
        await trade.SetAsync(new { refund = "stuck" });
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(1));
        Assert.NotEqual("sending", await StatusAsync(order));
        Assert.Single(await trade.RefundsAsync(order.TxnRef));
    }

    [Fact]
    public async Task A_lost_answer_is_repeated_with_the_same_id_when_querydr_tells_of_the_payment_only()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Cancelled);
        await trade.SetAsync(new { api = "lost" });
        await SendAllAsync(order);
        await trade.SetAsync(new { query = "payment" });
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(1));
        Assert.Equal("requested", await StatusAsync(order));
        // Code 94: VNPAY has it already.
        await trade.RunAsync<RefundSender>(TimeSpan.FromSeconds(5));
        Assert.Equal("processing", await StatusAsync(order));
        Assert.Single(await trade.RefundsAsync(order.TxnRef));
    }

    /// <summary>Somebody gave the money back in VNPAY's portal a moment before: code 94 is not about our request, of which nobody may say that VNPAY has it.</summary>
    [Fact]
    public async Task Code_94_to_the_first_sending_is_about_another_refund_and_ends_with_a_person()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Cancelled);
        var (terminal, date) = await trade.Site.Db.SingleAsync<(long, string)>("select terminal_id, create_date from payments.attempt where txn_ref = @TxnRef", new { order.TxnRef });
        var portal = await trade.Site.Get<VnpayGateway>().RefundAsync(await trade.Site.Get<Terminals>().GetAsync(trade.Site.Db, terminal), new RefundOrder(order.TxnRef, date, null, order.AmountVnd, "02", "PORTAL" + order.Code.Replace("-", "", StringComparison.Ordinal), null), CancellationToken.None);
        Assert.Equal(RefundAnswerKind.Taken, portal.Kind);
        await trade.SetAsync(new { query = "payment" });
        await SendAllAsync(order);
        // The same day it is tried again, then a person has to look.
        for (var i = 0; i < 16; i++)
        {
            Assert.Contains(await StatusAsync(order), new[] { "sending", "requested", "review" });
            await trade.RunAsync<RefundSender>(TimeSpan.FromHours(2));
        }
        Assert.Equal(("review", "open", 0), (await StatusAsync(order), await CaseAsync(order), await RefundedAsync(order)));
        Assert.Single(await trade.RefundsAsync(order.TxnRef));
    }

    [Fact]
    public async Task A_request_that_never_arrived_is_sent_again_with_its_id()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Cancelled);
        var id = "";
        await trade.SetAsync(new { api = "error" });
        await SendAllAsync(order);
        id = await trade.Site.Db.SingleAsync<string>("select f.request_id from payments.refund f join payments.attempt a on a.id = f.attempt_id where a.txn_ref = @TxnRef", new { order.TxnRef });
        Assert.Empty(await trade.RefundsAsync(order.TxnRef));
        await trade.SetAsync(new { });
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(1));
        await trade.RunAsync<RefundSender>(TimeSpan.FromSeconds(5));
        Assert.Equal([id], (await trade.RefundsAsync(order.TxnRef)).Select(r => r.RequestId));
        Assert.Equal("processing", await StatusAsync(order));
    }

    [Fact]
    public async Task A_process_that_died_while_sending_asks_first()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Cancelled);
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            Assert.Equal(RefundAsked.Requested, await trade.Site.Get<Refunds>().RequestAsync(tx, Key(order, RefundCases.Cancelled), new Actor(order.Seller.PersonId, Roles.Seller)));
            await tx.ExecuteAsync("update payments.refund set status = 'sending', sends = 1, first_sent_at = @now, next_at = @now where attempt_id = (select id from payments.attempt where txn_ref = @TxnRef)", new { order.TxnRef, now = trade.Site.Clock.GetUtcNow() });
            await tx.CommitAsync();
        }
        await trade.RunAsync<RefundSender>();
        Assert.Equal("requested", await StatusAsync(order));
        Assert.Empty(await trade.RefundsAsync(order.TxnRef));
        await trade.RunAsync<RefundSender>();
        Assert.Single(await trade.RefundsAsync(order.TxnRef));
    }

    [Fact]
    public async Task What_could_not_be_sent_yesterday_begins_today_and_is_repeated_today()
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Weight, 20_000);
        await SendAllAsync(order);
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(1));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(5));
        // VNPAY does not say what it has of this payment: the second is not sent.
        await trade.SetAsync(new { api = "error" });
        await OpenAsync(order, RefundCases.Complaint, 30_000);
        await SendAllAsync(order);
        Assert.Equal(["done", "requested"], await StatusesAsync(order));
        await trade.SetAsync(new { });
        trade.Site.Clock.Advance(TimeSpan.FromDays(1));
        using (var scope = trade.Site.Services.CreateScope())
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scope.ServiceProvider.GetRequiredService<RefundSender>().RunAsync(new CancellationToken(true)));
        Assert.Equal(["done", "sending"], await StatusesAsync(order));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(2));
        Assert.Equal(["done", "requested"], await StatusesAsync(order));
        await trade.RunAsync<RefundSender>();
        Assert.Equal(["done", "processing"], await StatusesAsync(order));
        Assert.Equal([20_000, 30_000], (await trade.RefundsAsync(order.TxnRef)).Select(r => r.AmountVnd));
    }

    [Theory]
    [InlineData("unsigned")]
    [InlineData("wrong-hash")]
    public async Task An_answer_that_cannot_be_believed_is_no_answer_and_in_the_end_a_person_decides(string api)
    {
        var order = await trade.PaidAsync();
        await OpenAsync(order, RefundCases.Cancelled);
        await trade.SetAsync(new { api });
        await SendAllAsync(order);
        for (var i = 0; i < 8; i++)
            await trade.RunAsync<RefundSender>(TimeSpan.FromDays(2));
        Assert.Equal("review", await StatusAsync(order));
        Assert.Single(await trade.RefundsAsync(order.TxnRef));
        var desk = await trade.OperatorAsync();
        var shown = await desk.GetAsync("/quan-tri/hoan-tien?loai=doi-chieu");
        var unsaid = await desk.SubmitAsync(shown, "/ket-luan", ("Reason", "Trang VNPAY ghi đã hoàn"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "review"), (unsaid.Status, await StatusAsync(order)));
        Assert.Contains("Hãy chọn kết luận", unsaid.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SubmitAsync(unsaid, "/ket-luan", ("Outcome", "da-hoan"))).Status);
        Assert.Equal(("done", "done", -order.AmountVnd), (await StatusAsync(order), await CaseAsync(order), await RefundedAsync(order)));
        Assert.True(await trade.Site.Db.SingleAsync<bool>("select exists (select 1 from accounts.audit where action = 'refund.decide' and reason = 'Trang VNPAY ghi đã hoàn')"));
    }

    [Fact]
    public async Task What_vnpay_refuses_or_rejects_can_be_given_back_by_hand_once()
    {
        var order = await trade.PaidAsync();
        var seller = await SellerAsync(order);
        await OpenAsync(order, RefundCases.Cancelled);
        await trade.SetAsync(new { refund = "busy" });
        await SendAllAsync(order);
        Assert.Equal("refused", await StatusAsync(order));
        await trade.SetAsync(new { refund = "rejected" });
        await SendAllAsync(order);
        // While it is on its way nobody can say that it was given back otherwise.
        await using (var tx = await trade.Site.Db.BeginAsync())
            Assert.Equal(RefundAsked.Impossible, await trade.Site.Get<Refunds>().GivenBackAsync(tx, Key(order, RefundCases.Cancelled), "FT1", new Actor(order.Seller.PersonId, Roles.Seller)));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(5));
        Assert.Equal(("rejected", "open"), (await StatusAsync(order), await CaseAsync(order)));
        var unproven = await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien"), "/quan-ly/tien/hoan-tien");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "open"), (unproven.Status, await CaseAsync(order)));
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(unproven, "/quan-ly/tien/hoan-tien", ("Reference", "FT26330001"))).Status);
        Assert.Equal(("done", -order.AmountVnd), (await CaseAsync(order), await RefundedAsync(order)));
        await using var again = await trade.Site.Db.BeginAsync();
        Assert.Equal(RefundAsked.Impossible, await trade.Site.Get<Refunds>().RequestAsync(again, Key(order, RefundCases.Cancelled), new Actor(order.Seller.PersonId, Roles.Seller)));
    }

    private async Task<Browser> SellerAsync(Started order) => await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);

    private async Task OpenAsync(Started order, string cause, long? amountVnd = null)
    {
        await using var tx = await trade.Site.Db.BeginAsync();
        await trade.Site.Get<RefundCases>().OpenAsync(tx, "sub-order:" + order.Code, cause, Key(order, cause), amountVnd);
        await tx.CommitAsync();
    }

    /// <summary>Everything that can be sent is asked for and sent.</summary>
    private async Task SendAllAsync(Started order)
    {
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            foreach (var key in await tx.QueryAsync<string>("select c.key from payments.refund_case c join payments.payment p on p.id = c.payment_id where p.payable = 'sub-order:' || @Code and c.status = 'open' order by c.id", new { order.Code }))
                await trade.Site.Get<Refunds>().RequestAsync(tx, key, new Actor(order.Seller.PersonId, Roles.Seller));
            await tx.CommitAsync();
        }
        await trade.RunAsync<RefundSender>();
    }

    private async Task<string> BuyerSeesAsync(Started order)
    {
        var page = await trade.Site.Open().GetAsync("/thanh-toan/vnpay/ket-qua" + order.Paid());
        return (await order.Buyer.Browser.GetAsync(page.Page.QuerySelector("a.button--primary")!.GetAttribute("href")!)).Text;
    }

    private async Task<string> StatusAsync(Started order) => (await StatusesAsync(order))[^1];

    private Task<List<string>> StatusesAsync(Started order) =>
        trade.Site.Db.QueryAsync<string>("select f.status from payments.refund f join payments.attempt a on a.id = f.attempt_id where a.txn_ref = @TxnRef order by f.id", new { order.TxnRef });

    private Task<string> CaseAsync(Started order) => trade.Site.Db.SingleAsync<string>("select status from payments.refund_case where key = @key", new { key = Key(order, RefundCases.Cancelled) });

    private Task<long> RefundedAsync(Started order) =>
        trade.Site.Db.SingleAsync<long>("select coalesce(sum(l.amount_vnd), 0)::bigint from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id where p.payable = 'sub-order:' || @Code and o.kind = 'refund' and l.account = 'seller-receivable'", new { order.Code });

    private static string Key(Started order, string cause) => $"{cause}:{order.Code}";
}
