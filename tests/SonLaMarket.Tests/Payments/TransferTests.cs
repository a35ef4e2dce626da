using System.Diagnostics;
using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class TransferTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly BankAccount Account = new("970405", "7900205123456", "HTX MAU");
    private Trade trade = null!;

    public ValueTask InitializeAsync()
    {
        trade = new Trade(fixture.Database);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => trade.DisposeAsync();

    [Fact]
    public async Task Check_out_offers_transfers_only_where_every_seller_takes_them()
    {
        var takes = await GoodsAsync();
        var other = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5);
        Assert.Contains("value=\"transfer\"", (await (await new Buyer(trade.Site).WithAsync(takes)).Browser.GetAsync("/thanh-toan")).Body, StringComparison.Ordinal);
        var both = await (await new Buyer(trade.Site).WithAsync(takes)).WithAsync(other);
        Assert.DoesNotContain("value=\"transfer\"", (await both.Browser.GetAsync("/thanh-toan")).Body, StringComparison.Ordinal);
        var refused = await both.DetailsAsync("transfer");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("chưa nhận chuyển khoản", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Order_page_has_a_code_that_another_decoder_reads_with_amount_account_and_purpose()
    {
        var order = await PlaceAsync(await GoodsAsync(sample: false));
        Assert.Contains(order.Purpose, order.Page.Text, StringComparison.Ordinal);
        Assert.Contains("7900205123456", order.Page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">MẪU<", order.Page.Body, StringComparison.Ordinal);
        // Written out from the published table of objects; the checksum is what the decoder's text must carry.
        var expected = $"00020101021238570010A00000072701270006970405011379002051234560208QRIBFTTA530370454{$"{order.AmountVnd}".Length:00}{order.AmountVnd}5802VN6217" + $"0813{order.Purpose}6304";
        var read = await ScanAsync(Transfers.QrText(Account, order.AmountVnd, order.Code));
        Assert.Equal(expected, read[..^4]);
        Assert.Equal(Crc(read[..^4]), read[^4..]);
    }

    [Fact]
    public async Task Sample_code_says_so_across_it_and_names_no_bank()
    {
        var goods = await GoodsAsync(new BankAccount(BankAccount.NoBank, "MAU0000001", "HTX MAU"));
        var order = await PlaceAsync(goods);
        Assert.Contains(">MẪU</text>", order.Page.Body, StringComparison.Ordinal);
        Assert.Contains("đừng chuyển tiền", order.Page.Text, StringComparison.Ordinal);
        Assert.False(await trade.Site.Db.SingleAsync<bool>("select exists (select 1 from foundation.bank where bin = '000000')"));
    }

    [Fact]
    public async Task A_line_of_the_statement_with_code_and_amount_pays_the_order_once()
    {
        var order = await PlaceAsync(await GoodsAsync());
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(order));
        var file = Statement($"25/11/2026;FT100;NGUYEN VAN A chuyen tien {order.Purpose.ToLowerInvariant()} CT den;{order.AmountVnd:N0}", "25/11/2026;FT101;Tra luong;-5.000.000", "26/11/2026;FT102;Chi khac chuyen nham;70.000");
        Assert.Contains("1 khớp, 1 chưa rõ, 0 đã đọc", await UploadAsync(order, file), StringComparison.Ordinal);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Contains("0 khớp, 0 chưa rõ, 2 đã đọc", await UploadAsync(order, file), StringComparison.Ordinal);
        Assert.Equal((1, 0), await CountsAsync(order));
        // The payer's words are forgotten with the match.
        Assert.Equal(0, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.bank_credit where words like '%NGUYEN%'"));
        Assert.Equal(order.AmountVnd, await trade.Site.Db.SingleAsync<long>("select sum(l.amount_vnd) from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id where p.code = @Code and l.account = 'seller-receivable'", new { order.Code }));
    }

    [Fact]
    public async Task A_second_transfer_opens_a_refund_case_and_another_amount_waits_for_the_seller()
    {
        var order = await PlaceAsync(await GoodsAsync());
        await UploadAsync(order, Statement($"25/11/2026;FT1;{order.Purpose};{order.AmountVnd - 1000:N0}"));
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(order));
        await UploadAsync(order, Statement($"25/11/2026;FT2;{order.Purpose};{order.AmountVnd:N0}", $"25/11/2026;FT3;{order.Purpose};{order.AmountVnd:N0}"));
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Equal((2, 1), await CountsAsync(order));
    }

    [Fact]
    public async Task What_the_seller_noted_by_hand_is_not_a_second_payment_when_the_statement_comes()
    {
        var order = await PlaceAsync(await GoodsAsync());
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var address = $"/{order.Code}/da-nhan";
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(page, address, ("Reference", ""))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(page, address, ("Reference", "FT9"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await seller.SubmitAsync(page, address, ("Reference", "FT9"))).Status);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        await UploadAsync(order, Statement($"25/11/2026;FT9;{order.Purpose};{order.AmountVnd:N0}"));
        Assert.Equal((1, 0), await CountsAsync(order));
        await UploadAsync(order, Statement($"26/11/2026;FT10;{order.Purpose};{order.AmountVnd:N0}"));
        Assert.Equal((2, 1), await CountsAsync(order));
    }

    [Fact]
    public async Task An_open_line_is_counted_for_an_order_or_set_aside()
    {
        var order = await PlaceAsync(await GoodsAsync());
        await UploadAsync(order, Statement($"25/11/2026;FT20;quen ghi noi dung;{order.AmountVnd:N0}", "25/11/2026;FT21;tien thue kho;333.000"));
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        var refused = await seller.SubmitAsync(page, "/gan", ("Order", order.Part));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.PostAsync("/quan-ly/tien/chuyen-khoan/gat", Browser.Fields((IHtmlFormElement)page.Page.QuerySelector("form[action$='/gan']")!, ("Order", "Tiền thuê kho")))).Status);
        page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(page, "/gan", ("Order", order.Part))).Status);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
    }

    [Fact]
    public async Task Goods_are_kept_a_day_and_money_after_that_comes_late()
    {
        var goods = await GoodsAsync();
        var order = await PlaceAsync(goods);
        await trade.SweepAsync(TimeSpan.FromHours(23.9));
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(order));
        await trade.SweepAsync(TimeSpan.FromHours(0.2));
        Assert.Equal(("expired", "expired"), await StateAsync(order));
        await UploadAsync(order, Statement($"25/11/2026;FT30;{order.Purpose};{order.AmountVnd:N0}"));
        Assert.Equal(("confirmed", "paid_late"), await StateAsync(order));
    }

    [Theory]
    [InlineData("no;heading;here\n1;2;3\n", "Không tìm thấy dòng tiêu đề")]
    [InlineData("Ngày;Nội dung;Ghi có\n31/02/2026;x;1.000\n", "không phải là ngày")]
    [InlineData("Ngày;Nội dung;Ghi có\n25/11/2026;x;1.000,55\n", "không phải là số tiền")]
    public async Task A_statement_that_cannot_be_read_is_refused_whole(string file, string message)
    {
        var order = await PlaceAsync(await GoodsAsync());
        var answer = await PostFileAsync(order, file);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transaction Date,Description,Credit,Reference\n2026-11-25,a,\"1,250,000.00\",R1\n2026-11-25,b,,R2\n", 1_250_000)]
    [InlineData("SAO KÊ TÀI KHOẢN\n\nNgày GD\tDiễn giải\tPhát sinh có\n25/11/2026 08:15:00\ta\t+1.250.000 VND\n\tCộng\t1.250.000\n", 1_250_000)]
    public void Banks_write_their_own_way(string file, long amount) =>
        Assert.Equal([amount], Assert.IsType<StatementOutcome.Read>(StatementFile.Read(Encoding.UTF8.GetBytes(file))).Lines.Select(l => l.AmountVnd));

    [Fact]
    public async Task The_seller_sets_the_account_and_is_told()
    {
        var seller = await trade.Shop.SellerAsync();
        var browser = await (await trade.Site.Open().SignInAsync(seller.SignIn, Seller.Password)).ConfirmAsync();
        var page = await browser.GetAsync("/quan-ly/cach-nhan-tien");
        var refused = await browser.SubmitAsync(page, "/chuyen-khoan", ("BankBin", "123456"), ("Account", "12 34"), ("Holder", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Hãy chọn ngân hàng", refused.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/chuyen-khoan", ("BankBin", "970405"), ("Account", "7900205123456"), ("Holder", "HTX MAU"), ("Active", "true"))).Status);
        Assert.Contains("7900205123456", (await browser.GetAsync("/quan-ly/cach-nhan-tien")).Body, StringComparison.Ordinal);
        Assert.True(await trade.Site.Db.SingleAsync<bool>("select exists (select 1 from accounts.message where key like 'payee-account:' || @ProducerId || ':%')", new { seller.ProducerId }));
        Assert.True(await trade.Site.Db.SingleAsync<bool>("select exists (select 1 from accounts.audit where action = 'payee.set' and detail->>'lastDigits' = '456')"));
    }

    /// <summary>Two tries of a method that did not exist yesterday: paid by the first, the second goes back. Rows, no change of a table.</summary>
    [Fact]
    public async Task A_wallet_is_a_row_and_no_change_of_the_schema()
    {
        var order = await PlaceAsync(await GoodsAsync());
        var db = trade.Site.Db;
        await db.ExecuteAsync("insert into payments.method (code, kind) values ('vi-mau', 'gateway')");
        await db.ExecuteAsync("insert into payments.payee_method (producer_id, method, active, settings, changed_at) values (@ProducerId, 'vi-mau', true, '{\"Merchant\":\"M1\"}', now())", new { order.Seller.ProducerId });
        Assert.Contains("vi-mau", (await trade.Site.Get<PayeeMethods>().TakenAsync(db, [order.Seller.ProducerId]))[order.Seller.ProducerId]);
        await db.ExecuteAsync("update payments.payment set method = 'vi-mau' where code = @Code", new { order.Code });
        foreach (var reference in new[] { "W1", "W2" })
        {
            await using var tx = await db.BeginAsync();
            var attempt = await tx.SingleAsync<long>("insert into payments.attempt (payment_id, method, txn_ref, amount_vnd, started_at, expires_at, status) select id, 'vi-mau', code || @reference, amount_vnd, now(), now(), 'initiated' from payments.payment where code = @Code returning id", new { order.Code, reference });
            Assert.True(await trade.Site.Get<Settlement>().RecordAsync(tx, attempt, new GatewayOutcome(GatewayVerdict.Paid, null, null, null, null, null)));
            await tx.CommitAsync();
        }
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Equal((2, 1), await CountsAsync(order));
    }

    private async Task<Goods> GoodsAsync(BankAccount? account = null, bool sample = true)
    {
        var goods = await trade.Shop.GoodsAsync(await trade.Shop.SellerAsync(), 5);
        await using var tx = await trade.Site.Db.BeginAsync();
        await trade.Site.Get<PayeeMethods>().SetBankAccountAsync(tx, goods.Seller.ProducerId, account ?? Account, true, new Actor(goods.Seller.PersonId, Roles.Seller));
        if (!sample)
            await tx.ExecuteAsync("update producers.producer set is_sample = false where id = @ProducerId", new { goods.Seller.ProducerId });
        await tx.CommitAsync();
        return goods;
    }

    private sealed record Waiting(Seller Seller, string Code, string Part, long AmountVnd, Answer Page)
    {
        public string Purpose => "SLM" + Code;
    }

    private async Task<Waiting> PlaceAsync(Goods goods)
    {
        var buyer = await new Buyer(trade.Site).WithAsync(goods);
        var placed = await buyer.PlaceAsync("transfer");
        Assert.StartsWith("/don-hang/", placed.Location, StringComparison.Ordinal);
        var (code, part, amount) = await trade.Site.Db.SingleAsync<(string, string, long)>("select code, split_part(payable, ':', 2), amount_vnd from payments.payment where producer_id = @ProducerId order by id desc limit 1", new { goods.Seller.ProducerId });
        return new(goods.Seller, code, part, amount, await buyer.Browser.GetAsync(placed.Location!));
    }

    private static string Statement(params string[] lines) => "Sao kê tài khoản\n\nNgày giao dịch;Số tham chiếu;Nội dung;Số tiền\n" + string.Join('\n', lines) + "\n";

    /// <summary>What the page says after a statement was taken.</summary>
    private async Task<string> UploadAsync(Waiting order, string file)
    {
        var (seller, answer) = await SendAsync(order, file);
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        return (await seller.GetAsync(answer.Location!)).Page.DocumentElement.TextContent;
    }

    private async Task<Answer> PostFileAsync(Waiting order, string file) => (await SendAsync(order, file)).Answer;

    private async Task<(Browser Seller, Answer Answer)> SendAsync(Waiting order, string file)
    {
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Browser.Fields((IHtmlFormElement)page.Page.QuerySelector("form[action$='/sao-ke']")!).Where(f => f.Key != "statement"))
            content.Add(new StringContent(value), name);
        content.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "statement", "sao-ke.csv");
        return (seller, await seller.PostAsync("/quan-ly/tien/chuyen-khoan/sao-ke", content));
    }

    private Task<(string, string)> StateAsync(Waiting order) => trade.Site.Db.SingleAsync<(string, string)>("select s.status, p.status from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code where s.code = @Part", new { order.Part });

    /// <summary>Tries that paid, and refund cases.</summary>
    private Task<(int, int)> CountsAsync(Waiting order) => trade.Site.Db.SingleAsync<(int, int)>("""
        select (select count(*) from payments.attempt a where a.payment_id = p.id and a.status in ('paid', 'paid_late'))::int, (select count(*) from payments.refund_case c where c.payment_id = p.id)::int from payments.payment p where p.code = @Code
        """, new { order.Code });

    private static async Task<string> ScanAsync(string text)
    {
        var picture = Path.Combine(Path.GetTempPath(), $"vietqr-{Guid.NewGuid():N}.png");
        try
        {
            await File.WriteAllBytesAsync(picture, Qr.Png(text, 6));
            using var zbar = Process.Start(new ProcessStartInfo("zbarimg", ["--nodbus", "--raw", "-q", picture]) { RedirectStandardOutput = true, UseShellExecute = false })!;
            return (await zbar.StandardOutput.ReadToEndAsync()).TrimEnd('\n');
        }
        finally
        {
            File.Delete(picture);
        }
    }

    /// <summary>CRC-16/CCITT-FALSE once more, bit by bit over the text.</summary>
    private static string Crc(string text)
    {
        var crc = 0xFFFF;
        foreach (var bit in Encoding.ASCII.GetBytes(text).SelectMany(b => Enumerable.Range(0, 8).Select(i => (b >> (7 - i)) & 1)))
            crc = ((crc << 1) & 0xFFFF) ^ (((crc >> 15) ^ bit) == 1 ? 0x1021 : 0);
        return crc.ToString("X4");
    }
}
