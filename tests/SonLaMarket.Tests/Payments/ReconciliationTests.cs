using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using Microsoft.Extensions.Logging;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Payments;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class ReconciliationTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private SimulatedTrade trade = null!;
    private Browser desk = null!;

    public async ValueTask InitializeAsync()
    {
        trade = await SimulatedTrade.StartAsync(fixture.Database);
        desk = await trade.OperatorAsync();
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task A_day_on_which_both_agree_has_no_difference()
    {
        var order = await trade.PaidAsync();
        Assert.Contains("1 dòng: 0 chênh lệch", await ReadAsync(order, await FileAsync()), StringComparison.Ordinal);
        Assert.Empty(await OpenAsync(order));
        Assert.Equal(1, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.provider_line where txn_ref = @TxnRef", new { order.TxnRef }));
    }

    [Fact]
    public async Task What_the_portal_shows_of_a_payment_in_doubt_is_decided_once_and_settled_like_vnpays_own_word()
    {
        var (paid, unpaid) = (await trade.PaidAsync(known: false), await trade.PaidAsync(known: false));
        foreach (var order in new[] { paid, unpaid })
            await trade.Site.Open().GetAsync("/vnpay/ipn" + order.Paid("07"));
        trade.Site.Clock.Advance(TimeSpan.FromHours(25));
        var later = await trade.OperatorAsync();
        var page = await later.GetAsync("/quan-tri/doi-soat");
        Assert.Contains("Quá 24 giờ", page.Text, StringComparison.Ordinal);
        Assert.Contains("in doubt", string.Join('\n', (await Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow())).Single(r => r.Invariant.Id == "I7").Faults), StringComparison.Ordinal);
        Task<Answer> DecideAsync(Started order, params (string, string)[] typed) => later.SubmitAsync(page, $"/{order.TxnRef}/ket-luan", [("_yes", "1"), .. typed]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await DecideAsync(paid, ("Outcome", "da-tra"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await DecideAsync(paid, ("Outcome", "da-tra"), ("Reason", "Cổng ghi thành công"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await DecideAsync(paid, ("Outcome", "chua-tra"), ("Reason", "Bấm lần nữa"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await DecideAsync(unpaid, ("Outcome", "chua-tra"), ("Reason", "Ngân hàng đã trả lại"))).Status);
        await trade.Site.RunDueAsync();
        Task<(string, string)> StatesAsync(Started order) => trade.Site.Db.SingleAsync<(string, string)>("select s.status, p.status from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code where s.code = @Code", new { order.Code });
        Assert.Equal((("confirmed", "paid"), ("expired", "expired")), (await StatesAsync(paid), await StatesAsync(unpaid)));
        Assert.Equal([("paid", "Cổng ghi thành công"), ("failed", "Ngân hàng đã trả lại")], await trade.Site.Db.QueryAsync<(string, string)>("select verdict, payload from payments.notification where channel = 'portal' and txn_ref = any(@refs) order by id", new { refs = new[] { paid.TxnRef, unpaid.TxnRef } }));
        Assert.Equal(2, await trade.Site.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'payment.decide' and actor_id is not null"));
        Assert.DoesNotContain((await Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow().AddMinutes(2))).SelectMany(r => r.Faults), f => f.Contains(paid.TxnRef[..10], StringComparison.Ordinal) || f.Contains(unpaid.TxnRef[..10], StringComparison.Ordinal) || f.Contains(paid.Code, StringComparison.Ordinal) || f.Contains(unpaid.Code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_differs_on_either_side_is_a_case_once_and_a_later_file_settles_it()
    {
        var order = await trade.PaidAsync();
        var other = await trade.PaidAsync();
        var file = await FileAsync();
        var line = Line(file, order);
        var cells = line.Split(',');
        var changed = file.Replace(line, "", StringComparison.Ordinal).TrimEnd() + $"\n01,{order.Seller.TmnCode},KHONGCO{order.TxnRef},77777777,90000,{cells[5]},00,NCB\n";
        await ReadAsync(order, changed);
        await ReadAsync(order, changed);
        Assert.Equal(["not_there", "unknown"], await OpenAsync(order));
        Assert.Empty(await OpenAsync(other));
        await ReadAsync(order, file.Replace(line, line.Replace($",{order.AmountVnd},", $",{order.AmountVnd + 1},", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(["amount"], await OpenAsync(order));
        await ReadAsync(order, file.Replace(line, line.Replace($",{cells[3]},", ",11111111,", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(["number"], await OpenAsync(order));
        await ReadAsync(order, file);
        Assert.Empty(await OpenAsync(order));
    }

    [Fact]
    public async Task A_difference_that_a_file_settled_is_open_again_when_it_comes_back()
    {
        var order = await trade.PaidAsync();
        var file = await FileAsync();
        var without = file.Replace(Line(file, order), "", StringComparison.Ordinal);
        await ReadAsync(order, without);
        await ReadAsync(order, file);
        Assert.Empty(await OpenAsync(order));
        Assert.Contains("1 chênh lệch, 1 mới", await ReadAsync(order, without), StringComparison.Ordinal);
        Assert.Equal(["not_there"], await OpenAsync(order));
    }

    [Fact]
    public async Task A_file_of_another_day_or_of_more_terminals_than_was_said_is_refused()
    {
        var (order, other) = (await trade.PaidAsync(), await trade.PaidAsync());
        var file = await FileAsync();
        var today = Vietnamese.Today(trade.Site.Clock);
        var answer = await SendAsync(file, Vietnamese.Date(today.AddDays(-6)), "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains($"không phải của ngày {Vietnamese.Date(today.AddDays(-6))}", answer.Text, StringComparison.Ordinal);
        answer = await SendAsync(file, Vietnamese.Date(today), order.Seller.TmnCode!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains($"của cổng {other.Seller.TmnCode}", answer.Text, StringComparison.Ordinal);
        Assert.Empty(await OpenAsync(order));
        // The same rows as a spreadsheet hands them over, many more than 2,000 characters.
        var page = await desk.GetAsync("/quan-tri/doi-soat");
        var own = string.Join('\n', file.Split('\n').Where((l, at) => at == 0 || l.Contains("," + order.Seller.TmnCode + ",", StringComparison.Ordinal))).Replace(',', '\t');
        answer = await desk.SubmitAsync(page, "/tep", ("Day", Vietnamese.Date(today)), ("TmnCode", order.Seller.TmnCode!), ("Pasted", own + string.Concat(Enumerable.Range(0, 40).Select(i => $"\n01\t{order.Seller.TmnCode}\tKHONGCO{i}{order.TxnRef}\t7{i}\t90000\t{Day}101500\t00\tNCB"))));
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        Assert.Equal(40, (await OpenAsync(order)).Count);
    }

    [Fact]
    public async Task A_payment_that_only_vnpay_knows_is_asked_about_and_then_agrees()
    {
        var order = await trade.PaidAsync(known: false);
        Assert.Equal("pending", await PaymentAsync(order));
        await ReadAsync(order, await FileAsync());
        Assert.Equal(["not_paid_here"], await OpenAsync(order));
        var code = await trade.Site.Db.SingleAsync<string>("select code from payments.payment where payable = 'sub-order:' || @Code", new { order.Code });
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SubmitAsync(await desk.GetAsync("/quan-tri/doi-soat"), $"/{code}/hoi-lai")).Status);
        Assert.Equal("paid", await PaymentAsync(order));
        Assert.True(await trade.Site.Db.SingleAsync<bool>("select exists (select 1 from accounts.audit where action = 'reconciliation.ask' and subject = 'payment:' || @code)", new { code }));
        await ReadAsync(order, await FileAsync());
        Assert.Empty(await OpenAsync(order));
    }

    [Fact]
    public async Task A_refund_that_ended_at_vnpay_and_not_here_is_a_case_until_it_did()
    {
        var order = await trade.PaidAsync();
        await using (var tx = await trade.Site.Db.BeginAsync())
        {
            await trade.Site.Get<RefundCases>().OpenAsync(tx, "sub-order:" + order.Code, RefundCases.Cancelled, "rc:" + order.Code);
            await trade.Site.Get<Refunds>().RequestAsync(tx, "rc:" + order.Code, new(order.Seller.PersonId, "seller"));
            await tx.CommitAsync();
        }
        await trade.RunAsync<RefundSender>();
        trade.Site.Clock.Advance(TimeSpan.FromMinutes(3));
        await ReadAsync(order, await FileAsync());
        Assert.Equal(["refund_state"], await OpenAsync(order));
        await trade.RunAsync<RefundSender>(TimeSpan.FromMinutes(5));
        await ReadAsync(order, await FileAsync());
        Assert.Empty(await OpenAsync(order));
    }

    [Fact]
    public async Task A_case_is_settled_with_a_note_that_stays_in_the_audit_log()
    {
        var order = await trade.PaidAsync();
        var file = await FileAsync();
        await ReadAsync(order, file.Replace(Line(file, order), "", StringComparison.Ordinal));
        var page = await desk.GetAsync("/quan-tri/doi-soat");
        Assert.Contains("Sàn ghi đã trả, tệp VNPAY không có", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await desk.SubmitAsync(page, "/xu-ly", ("Note", ""))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SubmitAsync(page, "/xu-ly", ("Note", "VNPAY gửi bổ sung ngày sau"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await desk.SubmitAsync(page, "/xu-ly", ("Note", "lần nữa"))).Status);
        Assert.Contains("VNPAY gửi bổ sung", (await desk.GetAsync("/quan-tri/doi-soat?loai=da-xu-ly")).Text, StringComparison.Ordinal);
        Assert.True(await trade.Site.Db.SingleAsync<bool>("select exists (select 1 from accounts.audit where action = 'reconciliation.settle' and reason = 'VNPAY gửi bổ sung ngày sau')"));
    }

    [Fact]
    public async Task Paid_orders_without_a_notification_raise_an_alarm_until_it_comes()
    {
        var order = await trade.PaidAsync();
        trade.Site.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Contains($"Cổng {order.Seller.TmnCode} (", (await desk.GetAsync("/quan-tri/doi-soat")).Text, StringComparison.Ordinal);
        Assert.Contains(await Reconciliation.SilentAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow()), s => s.TmnCode == order.Seller.TmnCode && s is { Paid: 1, Unannounced: 1 });
        // As loud as its neighbours: an error in the log, and a number on the operator's first page.
        Assert.Equal([LogLevel.Error], await AlarmsAsync(order.Seller.TmnCode!));
        Assert.Matches(@"[1-9]\d* cổng VNPAY có khoản đã trả mà không có thông báo", (await desk.GetAsync("/quan-tri")).Text);
        // Forged: nobody was told.
        await trade.Site.Open().GetAsync("/vnpay/ipn" + order.Paid()[..^4] + "0000");
        Assert.Contains($"Cổng {order.Seller.TmnCode} (", (await desk.GetAsync("/quan-tri/doi-soat")).Text, StringComparison.Ordinal);
        await trade.Site.Open().GetAsync("/vnpay/ipn" + order.Paid());
        Assert.DoesNotContain($"Cổng {order.Seller.TmnCode} (", (await desk.GetAsync("/quan-tri/doi-soat")).Text, StringComparison.Ordinal);
        Assert.Empty(await AlarmsAsync(order.Seller.TmnCode!));
        // What was refused is shown too: the forged one, and one of another amount.
        await trade.Site.Open().GetAsync("/vnpay/ipn" + Support.Vnpay.Query(order.Seller, order.TxnRef, order.AmountVnd + 1));
        var page = (await desk.GetAsync("/quan-tri/doi-soat")).Text;
        Assert.Contains($"Cổng {order.Seller.TmnCode}: 1 thông báo IPN trong 24 giờ qua sai chữ ký", page, StringComparison.Ordinal);
        Assert.Contains($"Cổng {order.Seller.TmnCode}: 1 thông báo IPN trong 24 giờ qua có số tiền khác đơn ({order.TxnRef})", page, StringComparison.Ordinal);
        Assert.Matches(@"[1-9]\d* thông báo VNPAY bị từ chối", (await desk.GetAsync("/quan-tri")).Text);
    }

    /// <summary>How loudly the recurring alarm speaks of a terminal now.</summary>
    private async Task<List<LogLevel>> AlarmsAsync(string tmnCode)
    {
        var log = new FakeLog<SilenceAlarm>();
        await new SilenceAlarm(trade.Site.Db, trade.Site.Clock, log).RunAsync(CancellationToken.None);
        return [.. log.Lines.Where(l => l.Text.Contains(tmnCode, StringComparison.Ordinal)).Select(l => l.Level)];
    }

    private sealed class FakeLog<T> : ILogger<T>
    {
        public List<(LogLevel Level, string Text)> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add((logLevel, formatter(state, exception)));
    }

    [Fact]
    public async Task The_days_file_is_fetched_each_morning()
    {
        // A day of its own, of which no other test read a file.
        trade.Site.Clock.Advance(TimeSpan.FromDays(3));
        var order = await trade.PaidAsync();
        // For two mornings nothing can be had: the days are missed, and fetched once it can.
        trade.Site.Clock.Advance(TimeSpan.FromDays(2));
        desk = await trade.OperatorAsync();
        var day = Vietnamese.Date(Vietnamese.Today(trade.Site.Clock).AddDays(-2));
        Assert.Matches($@"Chưa có tệp VNPAY của ngày [\d/, ]*{day}", (await desk.GetAsync("/quan-tri/doi-soat")).Text);
        Assert.Matches(@"[1-9]\d* ngày thiếu tệp", (await desk.GetAsync("/quan-tri")).Text);
        await trade.RunAsync<DayFiles>();
        Assert.Equal(1, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.provider_line where txn_ref = @TxnRef", new { order.TxnRef }));
        Assert.Empty(await OpenAsync(order));
        Assert.DoesNotContain("Chưa có tệp VNPAY", (await desk.GetAsync("/quan-tri/doi-soat")).Text, StringComparison.Ordinal);
        await trade.RunAsync<DayFiles>();
        Assert.Equal(1, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.provider_line where txn_ref = @TxnRef", new { order.TxnRef }));
    }

    [Theory]
    [InlineData("type,tmn_code\n01,X\n", "thiếu cột")]
    [InlineData("type,tmn_code,txn_ref,transaction_no,amount_vnd,pay_date,status\n01,SLMARKT1,A,1,1.5,20261124101500,00\n", "Dòng 2")]
    public async Task A_file_that_cannot_be_read_is_refused_whole(string file, string message)
    {
        var answer = await SendAsync(file, "24/11/2026", "");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    private string Day => Vietnamese.Today(trade.Site.Clock).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);

    private Task<string> FileAsync() => trade.DayFileAsync(Day);

    private static string Line(string file, Started order) => file.Split('\n').Single(l => l.Contains("," + order.TxnRef + ",", StringComparison.Ordinal) && l.StartsWith("01,", StringComparison.Ordinal));

    /// <summary>Only the lines of the order's terminal: other tests have theirs.</summary>
    private async Task<string> ReadAsync(Started order, string file)
    {
        var own = string.Join('\n', file.Split('\n').Where((l, at) => at == 0 || l.Contains("," + order.Seller.TmnCode + ",", StringComparison.Ordinal))) + "\n";
        var answer = await SendAsync(own, Vietnamese.Date(Vietnamese.Today(trade.Site.Clock)), order.Seller.TmnCode!);
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        return (await desk.GetAsync(answer.Location!)).Page.DocumentElement.TextContent;
    }

    private async Task<Answer> SendAsync(string file, string day, string tmnCode)
    {
        var page = await desk.GetAsync("/quan-tri/doi-soat");
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Browser.Fields((IHtmlFormElement)page.Page.QuerySelector("form[action$='/tep']")!, ("Day", day), ("TmnCode", tmnCode)).Where(f => f.Key != "file"))
            content.Add(new StringContent(value), name);
        content.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "file", "ngay.csv");
        return await desk.PostAsync("/quan-tri/doi-soat/tep", content);
    }

    private Task<List<string>> OpenAsync(Started order) => trade.Site.Db.QueryAsync<string>("select kind from payments.difference where status = 'open' and tmn_code = @TmnCode order by kind", new { order.Seller.TmnCode });

    private Task<string> PaymentAsync(Started order) => trade.Site.Db.SingleAsync<string>("select status from payments.payment where payable = 'sub-order:' || @Code", new { order.Code });
}
