using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The operator's two desks of money: a large refund that needs a second person, asked for and agreed to without a mouse, and VNPAY's file of a day that differs on both sides.</summary>
public sealed class OperatorTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_large_refund_waits_for_the_operator_and_a_difference_of_each_side_becomes_a_case_and_is_closed()
    {
        using var simulator = new HttpClient { BaseAddress = new Uri(province.First.SimulatorUrl!) };
        var paid = await PayAsync(simulator);
        var seller = await chromium.SignedInAsync(province.First, province.First.Account("seller"), 1280);
        var desk = await chromium.SignedInAsync(province.First, province.First.Account("operator"), 1280);
        await RefundAsync(paid, seller, desk, simulator);
        await ReconcileAsync(paid, desk, simulator);
    }

    private sealed record Paid(string Payment, string Order, string TmnCode, string TxnRef, long AmountVnd);

    /// <summary>A guest has bought for more than what one person may give back alone.</summary>
    private async Task<Paid> PayAsync(HttpClient simulator)
    {
        const string dear = """
            select l.slug, (2100000 / l.price_vnd + 1)::int from catalog.listing l join catalog.search_entry e on e.listing_id = l.id and e.sellable and e.stock_units > 2100000 / l.price_vnd + 5
              join producers.acting m on m.producer_id = l.producer_id join accounts.person p on p.id = m.person_id and @signIn in (p.email, p.phone)
            order by l.price_vnd desc limit 1
            """;
        const string find = """
            select p.code, split_part(p.payable, ':', 2), t.tmn_code, a.txn_ref, a.amount_vnd from payments.attempt a join payments.payment p on p.id = a.payment_id join payments.terminal t on t.id = a.terminal_id
            where a.txn_ref = @reference and p.status = 'paid'
            """;
        var (listing, quantity) = await province.Database.Db.SingleAsync<(string, int)>(dear, new { signIn = province.First.Account("seller").SignIn });
        using var guest = new Guest(province.First.Url);
        await guest.PrepareAsync(listing, "vnpay", quantity);
        var payment = (await guest.PlaceAsync())!;
        var reference = payment.Query.Split("vnp_TxnRef=")[1].Split('&')[0];
        (await simulator.GetAsync(payment.PathAndQuery)).Dispose();
        (await simulator.PostAsJsonAsync("/control/pay/" + reference, new { responseCode = "00" })).EnsureSuccessStatusCode();
        for (var tries = 0; tries < 100; tries++)
        {
            if (await province.Database.Db.FirstOrDefaultAsync<(string Payment, string Order, string TmnCode, string TxnRef, long AmountVnd)?>(find, new { reference }) is { } row)
                return new(row.Payment, row.Order, row.TmnCode, row.TxnRef, row.AmountVnd);
            await Task.Delay(100);
        }
        throw new InvalidOperationException("VNPAY's notification never came");
    }

    private async Task RefundAsync(Paid paid, IPage seller, IPage desk, HttpClient simulator)
    {
        var keyboard = new Keyboard(seller);
        await seller.GotoAsync("/quan-ly/tien/" + paid.Payment);
        await keyboard.FillAsync("Amount", paid.AmountVnd.ToString(CultureInfo.InvariantCulture));
        await keyboard.FillAsync("Reason", "Không còn hàng đúng loại");
        await keyboard.GoAsync("main form[action$='/hoan'] button");
        await seller.SaysAsync("Đã ghi khoản cần hoàn");
        var key = await province.Database.Db.SingleAsync<string>("select r.key from payments.refund_case r join payments.payment p on p.id = r.payment_id where p.code = @Payment", new { paid.Payment });
        await keyboard.ConfirmAsync($"form[action$='/hoan-qua-vnpay']:has([value='{key}']) button");
        await seller.SaysAsync("cần một người khác duyệt");
        await Assertions.Expect(Row(seller, paid)).ToContainTextAsync("Người khác của cơ sở, hoặc quản trị sàn, cần duyệt");

        await desk.GotoAsync("/quan-tri/hoan-tien");
        await Assertions.Expect(Row(desk, paid)).ToContainTextAsync("Chờ người thứ hai duyệt");
        var asked = await province.Database.Db.SingleAsync<string>("select f.code from payments.refund f join payments.refund_case r on r.id = f.case_id where r.key = @key", new { key });
        await new Keyboard(desk).ConfirmAsync($"form[action$='/{asked}/duyet'] button");
        await desk.SaysAsync("Đã duyệt");
        await ShowsAsync(desk, paid, "dang-di", "VNPAY đang xử lý");
        // VNPAY takes days; its simulator is told to be done, and the operator asks.
        var refund = (await simulator.GetFromJsonAsync<JsonElement[]>("/control/payments"))!.Single(p => p.GetProperty("txnRef").GetString() == paid.TxnRef).GetProperty("refunds")[0];
        Assert.Equal(paid.AmountVnd, refund.GetProperty("amountVnd").GetInt64());
        (await simulator.PostAsJsonAsync("/control/refunds/" + refund.GetProperty("transactionNo").GetString(), new { status = "00" })).EnsureSuccessStatusCode();
        await desk.NextPageAsync(() => Row(desk, paid).Locator("form[action$='/hoi-lai'] button").ClickAsync());
        await ShowsAsync(desk, paid, "xong", "Đã hoàn tiền");
        await seller.GotoAsync("/quan-ly/tien/" + paid.Payment);
        await seller.SaysAsync("Đã hoàn tiền");
        Assert.Equal("done", await province.Database.Db.SingleAsync<string>("select c.status from payments.refund_case c join payments.payment p on p.id = c.payment_id where p.code = @Payment", new { paid.Payment }));
    }

    private async Task ReconcileAsync(Paid paid, IPage desk, HttpClient simulator)
    {
        var day = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(7));
        // Of this terminal alone: others pay at theirs at the same time.
        var file = await simulator.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"/control/reconciliation/{day:yyyyMMdd}.csv?tmnCode={paid.TmnCode}"));
        var line = file.Split('\n').Single(l => l.StartsWith($"01,{paid.TmnCode},{paid.TxnRef},", StringComparison.Ordinal));
        var stranger = $"KHONGCO{paid.TxnRef}";
        await ReadAsync(file.Replace(line, line.Replace(paid.TxnRef, stranger, StringComparison.Ordinal), StringComparison.Ordinal));
        await Assertions.Expect(Difference(stranger)).ToContainTextAsync("VNPAY có, sàn không có giao dịch này");
        await Assertions.Expect(Difference(paid.TxnRef)).ToContainTextAsync("Sàn ghi đã trả, tệp VNPAY không có");

        await Difference(stranger).Locator("summary").ClickAsync();
        await Difference(stranger).Locator("[name=Note]").FillAsync("Giao dịch thử của VNPAY, đã hỏi tổng đài");
        await desk.NextPageAsync(() => Difference(stranger).Locator("form[action$='/xu-ly'] button").ClickAsync());
        await desk.SaysAsync("Đã ghi cách xử lý");
        await Assertions.Expect(Difference(stranger)).ToHaveCountAsync(0);
        // VNPAY's next file has what was missing.
        await ReadAsync(file);
        await Assertions.Expect(Difference(paid.TxnRef)).ToHaveCountAsync(0);
        await desk.GotoAsync("/quan-tri/doi-soat?loai=da-xu-ly");
        await Assertions.Expect(Difference(stranger)).ToContainTextAsync("đã hỏi tổng đài");
        await Assertions.Expect(Difference(paid.TxnRef)).ToContainTextAsync("Tệp đọc sau đã khớp");

        ILocator Difference(string reference) => desk.Locator("li.row").Filter(new() { Has = desk.Locator($"code:text-is('{reference}')") });

        async Task ReadAsync(string text)
        {
            await desk.GotoAsync("/quan-tri/doi-soat");
            await desk.FillAsync("[name=Day]", day.ToString("dd/MM/yyyy", CultureInfo.InvariantCulture));
            await desk.FillAsync("[name=TmnCode]", paid.TmnCode);
            await desk.FillAsync("[name=Pasted]", text);
            await desk.PressMainButtonAsync();
            await desk.SaysAsync("Đã đọc");
        }
    }

    private static ILocator Row(IPage page, Paid paid) => page.Locator("li.row").Filter(new() { HasText = paid.Order }).First;

    /// <summary>The work in the background comes every five seconds; until then the list is loaded again, as a person does.</summary>
    private static Task ShowsAsync(IPage desk, Paid paid, string list, string words) => Until.TrueAsync(async () =>
    {
        await desk.GotoAsync("/quan-tri/hoan-tien?loai=" + list);
        return await Row(desk, paid).CountAsync() == 1 && (await Row(desk, paid).InnerTextAsync()).Contains(words, StringComparison.Ordinal);
    }, $"{paid.Order} never got to: {words}");
}
