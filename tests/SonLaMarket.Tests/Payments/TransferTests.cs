using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

public sealed class TransferTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly DateOnly Later = new(2126, 1, 1);
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

    /// <summary>The text alone; the page of a real account, which only production has, is in ProductionTests.</summary>
    [Fact]
    public async Task The_code_is_read_by_another_decoder_with_bank_account_amount_and_purpose()
    {
        // Written out from the published table of objects; the checksum is what the decoder's text must carry.
        const string expected = "00020101021238570010A00000072701270006970405011379002051234560208QRIBFTTA530370454072450000" + "5802VN6215" + "0811SLM7Q2K9MXP6304";
        var read = await ScanAsync(Transfers.QrText(Account, 2_450_000, "7Q2K9MXP"));
        Assert.Equal(expected, read[..^4]);
        Assert.Equal(Crc(read[..^4]), read[^4..]);
    }

    /// <summary>Nothing outside of production can be paid to, whoever's it is and whatever account was kept.</summary>
    [Theory]
    [InlineData(true, BankAccount.NoBank)]
    [InlineData(true, "970405")]
    [InlineData(false, "970405")]
    public async Task Outside_of_production_every_code_says_across_it_that_it_is_none_and_names_no_bank(bool sample, string bin)
    {
        var order = await PlaceAsync(await GoodsAsync(new BankAccount(bin, "MAU0000001", "HTX MAU"), sample));
        Assert.Contains(order.Purpose, order.Page.Text, StringComparison.Ordinal);
        Assert.Contains(">MẪU</text>", order.Page.Body, StringComparison.Ordinal);
        Assert.Contains("đừng chuyển tiền", order.Page.Text, StringComparison.Ordinal);
        Assert.Contains("Ngân hàng mẫu, không có thật", order.Page.Text, StringComparison.Ordinal);
        var code = Qr.Svg(Transfers.QrText(new(BankAccount.NoBank, "MAU0000001", "HTX MAU"), order.AmountVnd, order.Code), QRCoder.QRCodeGenerator.ECCLevel.H);
        Assert.Contains(code[..code.LastIndexOf("</svg>", StringComparison.Ordinal)], order.Page.Body, StringComparison.Ordinal);
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
    public async Task What_was_transferred_beyond_the_price_goes_back()
    {
        var order = await PlaceAsync(await GoodsAsync());
        await UploadAsync(order, Statement($"25/11/2026;FT1;{order.Purpose};{order.AmountVnd + 40_000:N0}"));
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Equal([("overpaid", 40_000L)], await CasesAsync(order));
        // Fees and taxes are those of the sale, and the seller has what came.
        Assert.Equal(order.AmountVnd + 40_000, await trade.Site.Db.SingleAsync<long>("select sum(l.amount_vnd) from payments.ledger_line l join payments.posting o on o.id = l.posting_id join payments.payment p on p.id = o.payment_id where p.code = @Code and l.account = 'seller-receivable'", new { order.Code }));
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        Assert.Contains("Người mua chuyển thừa", (await seller.GetAsync("/quan-ly/tien")).Text, StringComparison.Ordinal);
        await MoneyHoldsAsync();
    }

    [Fact]
    public async Task Beyond_the_price_is_the_same_late_by_hand_or_assigned()
    {
        var late = await PlaceAsync(await GoodsAsync());
        await trade.SweepAsync(TimeSpan.FromHours(25));
        await UploadAsync(late, Statement($"25/11/2026;FT1;{late.Purpose};{late.AmountVnd + 1_000:N0}"));
        Assert.Equal([("overpaid", 1_000L)], await CasesAsync(late));

        var noted = await PlaceAsync(await GoodsAsync());
        var seller = await trade.Site.Open().SignInAsync(noted.Seller.SignIn, Seller.Password);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien/chuyen-khoan"), $"/{noted.Code}/da-nhan", ("Reference", "FT9"))).Status);
        await UploadAsync(noted, Statement($"25/11/2026;FT9;{noted.Purpose};{noted.AmountVnd + 2_000:N0}"));
        Assert.Equal([("overpaid", 2_000L)], await CasesAsync(noted));

        var assigned = await PlaceAsync(await GoodsAsync());
        await UploadAsync(assigned, Statement($"25/11/2026;FT20;quen ghi noi dung;{assigned.AmountVnd + 3_000:N0}", $"25/11/2026;FT21;thieu;{assigned.AmountVnd - 1:N0}"));
        seller = await trade.Site.Open().SignInAsync(assigned.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        var forms = page.Page.QuerySelectorAll("form[action$='/gan']").Cast<IHtmlFormElement>().Select(f => Browser.Fields(f, ("Order", assigned.Part))).ToList();
        // A đồng too little only stands beside it.
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.PostAsync("/quan-ly/tien/chuyen-khoan/gan", forms[0])).Status);
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(assigned));
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.PostAsync("/quan-ly/tien/chuyen-khoan/gan", forms[1])).Status);
        Assert.Equal(("confirmed", "paid"), await StateAsync(assigned));
        Assert.Equal([("overpaid", 3_000L)], await CasesAsync(assigned));
        await MoneyHoldsAsync();
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
        await UploadAsync(order, Statement($"25/11/2026;FT20;quen ghi noi dung;{order.AmountVnd:N0}", "25/11/2026;FT21;tien thue kho;99.000"));
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        var refused = await seller.SubmitAsync(page, "/gan", ("Order", "SAI-MA"));
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
        // Whose money is on its way is not told to order again, and sees what was to be sent.
        var page = await trade.Site.Open().GetAsync(order.Page.Path);
        Assert.Contains("Nếu bạn đã chuyển, đừng đặt lại", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Bạn có thể đặt lại", page.Text, StringComparison.Ordinal);
        Assert.Contains(order.Purpose, page.Text, StringComparison.Ordinal);
        Assert.Null(page.Page.QuerySelector(".qr-preview"));
        var inTime = await PlaceAsync(goods);
        await trade.SweepAsync(TimeSpan.FromHours(25));
        var promised = await DeliverByAsync(order);
        await UploadAsync(order, Statement($"26/11/2026;FT30;{order.Purpose};{order.AmountVnd:N0}"));
        Assert.Equal(("confirmed", "paid_late"), await StateAsync(order));
        // More than a day after the goods were let go nobody is promised them for the day that was named then.
        Assert.InRange(await DeliverByAsync(order), promised.AddDays(1), promised.AddDays(2));
        // Booked while it was waited for, read later.
        Assert.Equal(("expired", "expired"), await StateAsync(inTime));
        await UploadAsync(inTime, Statement($"25/11/2026;FT31;{inTime.Purpose};{inTime.AmountVnd:N0}"));
        Assert.Equal(("confirmed", "paid"), await StateAsync(inTime));
        await MoneyHoldsAsync();
    }

    [Fact]
    public async Task Two_halves_are_put_together_by_the_seller()
    {
        var order = await PlaceAsync(await GoodsAsync());
        await UploadAsync(order, Statement($"25/11/2026;FT1;{order.Purpose};{order.AmountVnd - 40_000:N0}", $"26/11/2026;FT2;{order.Purpose};45.000"));
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(order));
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        Assert.Contains($"Đã vào {Vietnamese.Money(order.AmountVnd + 5_000)}", page.Page.DocumentElement.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(page, "/gan", ("Order", order.Part))).Status);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Equal([("overpaid", 5_000L)], await CasesAsync(order));
        Assert.Equal(0, await trade.Site.Db.SingleAsync<long>("select count(*) from payments.bank_credit c join payments.payment p on p.id = c.payment_id where p.code = @Code and c.status = 'open'", new { order.Code }));
        // What comes for an order that is paid goes back, however little it is.
        await UploadAsync(order, Statement($"26/11/2026;FT3;{order.Purpose};7.000"));
        await seller.SubmitAsync(await seller.GetAsync("/quan-ly/tien/chuyen-khoan"), "/gan", ("Order", order.Part));
        Assert.Equal([("overpaid", 5_000L), ("overpaid", 7_000L)], await CasesAsync(order));
        await MoneyHoldsAsync();
    }

    /// <summary>Of two people of one seller one puts the halves together while the other sets one of them aside: it counts for the order or not, never both.</summary>
    [Fact]
    public async Task A_half_that_is_set_aside_at_the_same_moment_is_not_counted()
    {
        var order = await PlaceAsync(await GoodsAsync());
        await UploadAsync(order, Statement($"25/11/2026;FT1;{order.Purpose};{order.AmountVnd - 40_000:N0}", $"26/11/2026;FT2;{order.Purpose};40.000"));
        var (transfers, actor) = (trade.Site.Get<Transfers>(), new Actor(order.Seller.PersonId, Roles.Seller));
        var halves = await trade.Site.Db.QueryAsync<long>("select c.id from payments.bank_credit c join payments.payment p on p.id = c.payment_id where p.code = @Code order by c.id", new { order.Code });
        await using var aside = await trade.Site.Db.BeginAsync();
        await using var together = await trade.Site.Db.BeginAsync();
        Assert.True(await transfers.SetAsideAsync(aside, order.Seller.ProducerId, halves[1], "Của việc khác", actor));
        var assigning = transfers.AssignAsync(together, order.Seller.ProducerId, halves[0], order.Part, actor);
        await Task.Delay(50);
        await aside.CommitAsync();
        Assert.Equal(40_000, (await assigning)!.MissingVnd);
        await together.CommitAsync();
        Assert.Equal(("awaiting_payment", "pending"), await StateAsync(order));
    }

    [Theory]
    [InlineData("no;heading;here\n1;2;3\n", "Không tìm thấy dòng tiêu đề")]
    [InlineData("Ngày;Nội dung;Ghi có\n31/02/2026;x;1.000\n", "không phải là ngày")]
    [InlineData("Ngày;Nội dung;Ghi có\n25/11/2026;x;1.000,55\n", "không phải là số tiền")]
    [InlineData("Ngày;Nội dung;Ghi có\n25/11/2126;x;1.000\n", "25/11/2126 chưa đến")]
    public async Task A_statement_that_cannot_be_read_is_refused_whole(string file, string message)
    {
        var order = await PlaceAsync(await GoodsAsync());
        var answer = await PostFileAsync(order, Dated(file));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_copied_out_of_a_spreadsheet_keep_their_tabs_and_may_be_many()
    {
        var order = await PlaceAsync(await GoodsAsync());
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        var rows = Dated("Ngày GD\tDiễn giải\tGhi có\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"25/11/2026\t{(i == 150 ? order.Purpose : $"tien hang, so {i};")}\t{order.AmountVnd:N0}\n")));
        var answer = await seller.SubmitAsync(page, "/sao-ke", ("Pasted", rows));
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        Assert.Contains("1 khớp, 199 chưa rõ", (await seller.GetAsync(answer.Location!)).Page.DocumentElement.TextContent, StringComparison.Ordinal);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        Assert.Contains("Chuyển khoản ngân hàng", await trade.Site.Db.SingleAsync<string>("select body from accounts.message where key = 'seller-new-order:' || @Part", new { order.Part }), StringComparison.Ordinal);
        var long1 = await seller.SubmitAsync(page, "/sao-ke", ("Pasted", new string('x', 500_001)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, long1.Status);
        Assert.Contains("500.000 ký tự", long1.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Hãy chọn tệp", long1.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_transfer_in_two_layouts_is_left_to_the_seller()
    {
        var order = await PlaceAsync(await GoodsAsync());
        await UploadAsync(order, Statement($"25/11/2026;;{order.Purpose};{order.AmountVnd:N0}"));
        await UploadAsync(order, Statement($"25/11/2026;FT1;{order.Purpose} CT DEN;{order.AmountVnd:N0}"));
        Assert.Equal((1, 0), await CountsAsync(order));
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        Assert.Contains($"Có thể đã được ghi nhận cho đơn {order.Part}", page.Text, StringComparison.Ordinal);
        // It was a second transfer after all.
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(page, "/gan", ("Order", order.Part))).Status);
        Assert.Equal((2, 1), await CountsAsync(order));
    }

    /// <summary>One column for both ways says only by a sign or a word of another column which of them pay.</summary>
    [Theory]
    [InlineData("Ngày\tNội dung\tSố tiền\tLoại GD\n25/11/2026\ta\t5000\tC\n25/11/2026\tb\t7000\tD\n", 5000)]
    [InlineData("Ngày;Diễn giải;Nợ/Có;Số tiền\n25/11/2026;a;Có;5.000\n25/11/2026;b;Nợ;7.000\n", 5000)]
    [InlineData("Ngày;Diễn giải;Số tiền\n25/11/2026;a;5.000\n25/11/2026;b;-7.000\n", 5000)]
    [InlineData("Ngày;Diễn giải;Số tiền\n25/11/2026;a;+5.000\n25/11/2026;b;+6.000\n", 11000)]
    [InlineData("Ngày;Diễn giải;Số tiền\n25/11/2026;a;5.000\n25/11/2026;b;7.000\n", 0)]
    [InlineData("Ngày;Diễn giải;Số tiền;D/C\n25/11/2026;a;5.000;C\n25/11/2026;b;7.000;?\n", 0)]
    public void Money_that_left_is_not_taken_for_money_that_came(string file, long came)
    {
        var outcome = StatementFile.Read(file, Later);
        if (came > 0)
            Assert.Equal(came, Assert.IsType<StatementOutcome.Read>(outcome).Lines.Sum(l => l.AmountVnd));
        else
            Assert.Contains("không cho biết tiền vào hay tiền ra", Assert.IsType<StatementOutcome.Wrong>(outcome).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transaction Date,Description,Credit,Reference\n2026-11-25,a,\"1,250,000.00\",R1\n2026-11-25,b,,R2\n", 1_250_000)]
    [InlineData("SAO KÊ TÀI KHOẢN\n\nNgày GD\tDiễn giải\tPhát sinh có\n25/11/2026 08:15:00\ta\t+1.250.000 VND\n\tCộng\t1.250.000\n", 1_250_000)]
    public void Banks_write_their_own_way(string file, long amount) =>
        Assert.Equal([amount], Assert.IsType<StatementOutcome.Read>(StatementFile.Read(Encoding.UTF8.GetBytes(file), Later)).Lines.Select(l => l.AmountVnd));

    /// <summary>Put together by hand as spreadsheet programs do it: texts in a table of their own, days as numbers with a style, amounts as numbers.</summary>
    [Fact]
    public async Task A_spreadsheet_is_read_like_a_CSV_file()
    {
        var order = await PlaceAsync(await GoodsAsync());
        var file = Spreadsheet($"""
            <row r="1"><c r="A1" t="s"><v>0</v></c></row>
            <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="D3" t="s"><v>3</v></c></row>
            <row r="4"><c r="A4" s="1"><v>{Today.AddDays(-1).DayNumber - new DateOnly(1899, 12, 30).DayNumber}</v></c><c r="B4" t="s"><v>4</v></c><c r="D4"><v>{order.AmountVnd}</v></c></row>
            <row r="5"><c r="A5" t="inlineStr"><is><t>{Vietnamese.Date(Today)}</t></is></c><c r="B5" t="s"><v>5</v></c><c r="D5" t="inlineStr"><is><t>70.000</t></is></c></row>
            """, "SAO KÊ", "Ngày GD", "Diễn giải", "Ghi có", $"CK {order.Purpose}", "Chi khác");
        Assert.Equal([new CreditLine(Today.AddDays(-1), order.AmountVnd, "", $"CK {order.Purpose}"), new CreditLine(Today, 70_000, "", "Chi khác")],
            Assert.IsType<StatementOutcome.Read>(StatementFile.Read(file, Later)).Lines);
        var (seller, answer) = await SendAsync(order, file, "sao-ke.xlsx");
        Assert.Contains("1 khớp, 1 chưa rõ, 0 đã đọc", (await seller.GetAsync(answer.Location!)).Page.DocumentElement.TextContent, StringComparison.Ordinal);
        Assert.Equal(("confirmed", "paid"), await StateAsync(order));
        var wrong = Assert.IsType<StatementOutcome.Wrong>(StatementFile.Read(Spreadsheet("""<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row><row r="7"><c r="A7" t="s"><v>3</v></c><c r="B7"><v>5</v></c><c r="C7"><v>1000</v></c></row>""", "Ngày", "Nội dung", "Ghi có", "hôm qua"), Later));
        Assert.Equal((7, "hôm qua"), (wrong.Line, wrong.Value));
    }

    [Fact]
    public void A_spreadsheet_that_is_none_or_unpacks_to_too_much_is_refused()
    {
        var bomb = Spreadsheet(new string(' ', 33 << 20), "x");
        Assert.InRange(bomb.Length, 1, StatementFile.MaxBytes);
        var external = Spreadsheet("""<row r="1"><c r="A1" t="s"><v>0</v></c></row>""", ["&x;"], """<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>""");
        foreach (var file in new[] { bomb, external, Spreadsheet("<row", "x"), "PK\x03\x04 no zip"u8.ToArray(), Support.Spreadsheet.Zip(("other.txt", "x")) })
            Assert.Contains("bảng tính", Assert.IsType<StatementOutcome.Wrong>(StatementFile.Read(file, Later)).What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_seller_sets_the_account_and_is_told()
    {
        var seller = await trade.Shop.SellerAsync();
        var browser = await (await trade.Site.Open().SignInAsync(seller.SignIn, Seller.Password)).ConfirmAsync();
        var page = await browser.GetAsync("/quan-ly/cach-nhan-tien");
        var refused = await browser.SubmitAsync(page, "/chuyen-khoan", ("BankBin", "123456"), ("Account", "12 34"), ("Holder", ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Hãy chọn ngân hàng", refused.Text, StringComparison.Ordinal);
        // Here nobody's money is real: the only bank to choose does not exist, and one that does is refused.
        Assert.Equal(["", BankAccount.NoBank], page.Page.QuerySelector<IHtmlSelectElement>("select[name='BankBin']")!.Options.Select(o => o.Value));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, "/chuyen-khoan", ("BankBin", "970405"), ("Account", "7900205123456"), ("Holder", "HTX MAU"), ("Active", "true"))).Status);
        await trade.Site.Db.ExecuteAsync("update producers.producer set email = 'htx@example.invalid' where id = @ProducerId", new { seller.ProducerId });
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/chuyen-khoan", ("BankBin", BankAccount.NoBank), ("Account", "7900205123456"), ("Holder", "HTX MAU"), ("Active", "true"))).Status);
        Assert.Contains("7900205123456", (await browser.GetAsync("/quan-ly/cach-nhan-tien")).Body, StringComparison.Ordinal);
        Assert.Equal([("email", true), ("sms", false)], await trade.Site.Db.QueryAsync<(string, bool)>("select channel, position('/quan-ly/cach-nhan-tien' in body) > 0 from accounts.message where key like 'payee-account:' || @ProducerId || ':%' order by channel", new { seller.ProducerId }));
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
        Assert.Contains("vi-mau", (await db.MultipleAsync(PayeeMethods.TakenSql, new { ids = new[] { order.Seller.ProducerId }, SharedTerminal = "" }, PayeeMethods.ReadAsync))[order.Seller.ProducerId]);
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

    /// <summary>"25/11/2026" in a line is yesterday, "26/11/2026" today.</summary>
    private string Statement(params string[] lines) => Dated("Sao kê tài khoản\n\nNgày giao dịch;Số tham chiếu;Nội dung;Ghi có\n" + string.Join('\n', lines) + "\n");

    private string Dated(string text) => text.Replace("25/11/2026", Vietnamese.Date(Today.AddDays(-1)), StringComparison.Ordinal).Replace("26/11/2026", Vietnamese.Date(Today), StringComparison.Ordinal);

    private DateOnly Today => Vietnamese.Today(trade.Site.Clock);

    /// <summary>What the page says after a statement was taken.</summary>
    private async Task<string> UploadAsync(Waiting order, string file)
    {
        var (seller, answer) = await SendAsync(order, file);
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        return (await seller.GetAsync(answer.Location!)).Page.DocumentElement.TextContent;
    }

    private async Task<Answer> PostFileAsync(Waiting order, string file) => (await SendAsync(order, file)).Answer;

    private Task<(Browser Seller, Answer Answer)> SendAsync(Waiting order, string file) => SendAsync(order, Encoding.UTF8.GetBytes(file), "sao-ke.csv");

    private async Task<(Browser Seller, Answer Answer)> SendAsync(Waiting order, byte[] file, string name)
    {
        var seller = await trade.Site.Open().SignInAsync(order.Seller.SignIn, Seller.Password);
        var page = await seller.GetAsync("/quan-ly/tien/chuyen-khoan");
        using var content = new MultipartFormDataContent();
        foreach (var (field, value) in Browser.Fields((IHtmlFormElement)page.Page.QuerySelector("form[action$='/sao-ke']")!).Where(f => f.Key != "statement"))
            content.Add(new StringContent(value), field);
        content.Add(new ByteArrayContent(file), "statement", name);
        return (seller, await seller.PostAsync("/quan-ly/tien/chuyen-khoan/sao-ke", content));
    }

    private static byte[] Spreadsheet(string rows, params string[] texts) => Spreadsheet(rows, [.. texts.Select(t => WebUtility.HtmlEncode(t))], "");

    private static byte[] Spreadsheet(string rows, string[] texts, string before)
    {
        const string head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string types = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        return Support.Spreadsheet.Zip(
            ("[Content_Types].xml", $"""{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{types}styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{types}sharedStrings+xml"/></Types>"""),
            ("_rels/.rels", $"""{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""),
            ("xl/workbook.xml", $"""{head}<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="Sao kê" sheetId="1" r:id="rId1"/></sheets></workbook>"""),
            ("xl/_rels/workbook.xml.rels", $"""{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{relations}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"""),
            ("xl/styles.xml", $"""{head}<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"""),
            ("xl/sharedStrings.xml", $"""{head}{before}<sst xmlns="{main}">{string.Concat(texts.Select(t => $"<si><t>{t}</t></si>"))}</sst>"""),
            ("xl/worksheets/sheet1.xml", $"""{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"""));
    }

    private async Task MoneyHoldsAsync() =>
        Assert.Empty((await Invariants.AskAllAsync(trade.Site.Db, trade.Site.Clock.GetUtcNow().AddDays(1))).Where(r => r.Invariant.Id is "I2" or "I3" or "I5" or "I6").SelectMany(r => r.Faults));

    private Task<List<(string, long)>> CasesAsync(Waiting order) => trade.Site.Db.QueryAsync<(string, long)>("select c.cause, c.amount_vnd from payments.refund_case c join payments.payment p on p.id = c.payment_id where p.code = @Code order by c.id", new { order.Code });

    private Task<(string, string)> StateAsync(Waiting order) => trade.Site.Db.SingleAsync<(string, string)>("select s.status, p.status from orders.sub_order s join payments.payment p on p.payable = 'sub-order:' || s.code where s.code = @Part", new { order.Part });

    private Task<DateOnly> DeliverByAsync(Waiting order) => trade.Site.Db.SingleAsync<DateOnly>("select deliver_by from orders.sub_order where code = @Part", new { order.Part });

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
            return Assert.Single(Programs.Codes(picture));
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
