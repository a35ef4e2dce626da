using AngleSharp.Dom;
using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Exports;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

/// <summary>The books: what the database refuses, what a sale and its refund leave in them, and that pages and papers say what the entries say.</summary>
public sealed class LedgerTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly Actor Operator = new(null, Roles.Operator);

    private Db Db => market.Db;

    private DateOnly Today => Vietnamese.Today(market.Site.Clock);

    [Theory]
    [InlineData("(1, 'cash', 100), (2, 'buyer-paid', -99)", "ledger_line_balance")]
    [InlineData("(1, 'cash', 100)", "posting_two_sides")]
    [InlineData("", "posting_two_sides")]
    public async Task A_posting_without_two_sides_that_balance_is_refused_when_it_commits(string lines, string constraint)
    {
        var seller = await market.Shop.SellerAsync();
        await using var tx = await Db.BeginAsync(TestContext.Current.CancellationToken);
        var id = await tx.SingleAsync<long>("insert into payments.posting (key, kind, posted_at) values (gen_random_uuid()::text, 'payment', now()) returning id", ct: TestContext.Current.CancellationToken);
        if (lines.Length > 0)
            await tx.ExecuteAsync($"insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at) select @id, n.line, n.account, @ProducerId, n.amount, o.posted_at from payments.posting o cross join (values {lines}) as n (line, account, amount) where o.id = @id", new { id, seller.ProducerId }, TestContext.Current.CancellationToken);
        Assert.Equal(constraint, (await Assert.ThrowsAsync<PostgresException>(() => tx.CommitAsync())).ConstraintName);
    }

    [Fact]
    public async Task Nothing_in_the_books_is_ever_changed_or_taken_out()
    {
        foreach (var table in new[] { "posting", "ledger_line", "ledger_day", "ledger_closed" })
        {
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => Db.ExecuteAsync($"delete from payments.{table}"))).SqlState);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => Db.ExecuteAsync($"update payments.{table} set {(table == "posting" ? "kind" : table == "ledger_line" ? "account" : "day")} = null"))).SqlState);
        }
    }

    [Fact]
    public async Task The_same_effect_posted_twice_is_refused_by_its_key()
    {
        var seller = await market.Shop.SellerAsync();
        var payment = await PaymentAsync(seller, 100_000);
        await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:twice", payment, seller.ProducerId, 100_000));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:twice", payment, seller.ProducerId, 100_000)));
        Assert.Equal("posting_key", refused.ConstraintName);
    }

    [Fact]
    public async Task A_rule_counts_only_when_adopted_on_its_days_and_for_its_kinds_of_sellers_and_comes_back_with_the_refund()
    {
        await NoRulesAsync();
        var seller = await market.Shop.SellerAsync();
        var household = await market.Shop.SellerAsync();
        await Db.ExecuteAsync("update producers.producer set kind = 'household' where id = @ProducerId", new { household.ProducerId });
        var fee = await RuleAsync("fee", ["cooperative"], 250, Today);
        await RuleAsync("fee", ["cooperative"], 900, Today.AddDays(1));
        await RuleAsync("tax", ["household"], 50, Today, free: 300_000);
        await RuleAsync("fee", ["cooperative"], 700, Today, adopted: false);

        var sale = await PaymentAsync(seller, 100_010);
        await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:" + sale, sale, seller.ProducerId, 100_010));
        // 2.5 % of 100,010 is 2,500.25.
        Assert.Equal(2_500, await BalanceAsync(seller, LedgerAccount.FeeDue));
        // The buyer pays a second time by mistake, gets that back: no sale, no fee either way.
        await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "again:" + sale, sale, seller.ProducerId, 100_010));
        await RefundAsync(seller, sale, 100_010);
        Assert.Equal(2_500, await BalanceAsync(seller, LedgerAccount.FeeDue));
        // Two thirds go back, then the rest: in proportion, to the last đồng.
        await RefundAsync(seller, sale, 66_673);
        Assert.Equal(2_500 - 1_667, await BalanceAsync(seller, LedgerAccount.FeeDue));
        await RefundAsync(seller, sale, 33_337);
        Assert.Equal(0, await BalanceAsync(seller, LedgerAccount.FeeDue));
        Assert.Equal(0, await BalanceAsync(seller, LedgerAccount.SellerReceivable));

        // The first 300,000 of the year are free: of the second sale only what lies above.
        foreach (var amount in new[] { 200_000, 150_000 })
        {
            var payment = await PaymentAsync(household, amount, "cod");
            await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:" + payment, payment, household.ProducerId, amount));
        }
        Assert.Equal(250, await BalanceAsync(household, LedgerAccount.TaxWithheld));
        // The year's turnover stands beside what is free of it, as a warning from four fifths on.
        Assert.Equal(new YearFree(350_000, 300_000), await Charges.FreeOfYearAsync(Db, household.ProducerId, Today, TestContext.Current.CancellationToken));
        Assert.Null(await Charges.FreeOfYearAsync(Db, seller.ProducerId, Today, TestContext.Current.CancellationToken));
        Assert.Equal((true, true, false), (new YearFree(350_000, 300_000).Near, new YearFree(240_000, 300_000).Near, new YearFree(239_999, 300_000).Near));
        var theirs = await market.Site.Open().SignInAsync(household.SignIn, Seller.Password);
        var turnover = (await theirs.GetAsync("/quan-ly/so-tien")).Page.QuerySelector(".notice--warn a")!;
        Assert.Contains("350.000", turnover.TextContent, StringComparison.Ordinal);
        Assert.Contains("Thuế chỉ tính phần vượt 300.000", turnover.TextContent, StringComparison.Ordinal);
        // It leads to the year, where what it is made of stands with its entries.
        var year = await FiguresAsync(theirs, turnover.GetAttribute("href")!);
        Assert.Equal(350_000, year["buyer-paid tang"] - year["buyer-paid giam"] - year["refund"]);
        Assert.Equal(350_000, await BalanceAsync(household, LedgerAccount.Cash));
        Assert.Equal(0, await BalanceAsync(household, LedgerAccount.FeeDue));

        await using (var tx = await Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.False(await market.Site.Get<Charges>().EndAsync(tx, fee, Today.AddDays(-1), Operator));
            Assert.True(await market.Site.Get<Charges>().EndAsync(tx, fee, Today, Operator));
            Assert.False(await market.Site.Get<Charges>().AdoptAsync(tx, fee, Operator));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Every_figure_of_a_statement_leads_to_the_entries_that_it_is_the_sum_of_and_the_papers_say_the_same()
    {
        await NoRulesAsync();
        var seller = await market.Shop.SellerAsync();
        await RuleAsync("fee", ["cooperative"], 100, Today);
        for (var i = 0; i < 60; i++)
        {
            var amount = 50_000 + i * 1_000;
            var payment = await PaymentAsync(seller, amount, i % 3 == 0 ? "cod" : "vnpay");
            await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:" + payment, payment, seller.ProducerId, amount));
            if (i % 7 == 0)
                await RefundAsync(seller, payment, amount / 2, paidBack: i % 2 == 0);
        }
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync("/quan-ly/so-tien");
        var links = page.Page.QuerySelectorAll("table.data a").Select(a => (Path: a.GetAttribute("href")!, Shown: Money(a.TextContent))).Where(l => l.Shown is not null && l.Path.Contains("/tai-khoan/", StringComparison.Ordinal)).ToList();
        Assert.True(links.Count >= 7 * 4, page.Text);
        foreach (var (path, shown) in links)
            Assert.Equal((path, Math.Abs(shown!.Value)), (path, Math.Abs((await EntriesAsync(browser, path)).Sum())));

        // The seller's own sums, too.
        links = [.. (await browser.GetAsync("/quan-ly/tien")).Page.QuerySelectorAll("dl a[href*='/tai-khoan/']").Select(a => (a.GetAttribute("href")!, Money(a.TextContent)))];
        Assert.Equal(4 + 4, links.Count(l => l.Shown is not null));
        foreach (var (path, shown) in links)
            Assert.Equal((path, Math.Abs(shown!.Value)), (path, Math.Abs((await EntriesAsync(browser, path)).Sum())));

        // What the month brought in the end is made of accounts that stand together on the statement that it leads to, each with its entries.
        var own = (await browser.GetAsync("/quan-ly/tien")).Page.QuerySelector(".lead a")!;
        var month = await FiguresAsync(browser, own.GetAttribute("href")!);
        Assert.Equal(Money(own.TextContent[(own.TextContent.LastIndexOf("được nhận", StringComparison.Ordinal) + "được nhận".Length)..]), month["seller-receivable tang"] + month["cash tang"] - month["refund"] - month["fee"] - month["tax"]);

        var period = Period.Month(Today);
        var sql = await Db.QueryAsync<(string Account, long Debit, long Credit)>("""
            select account, coalesce(sum(amount_vnd) filter (where amount_vnd > 0), 0)::bigint, coalesce(-sum(amount_vnd) filter (where amount_vnd < 0), 0)::bigint from payments.ledger_line
            where producer_id = @ProducerId and posted_at >= @Begins and posted_at < @Ends group by account order by account
            """, new { seller.ProducerId, period.Begins, period.Ends });
        var rows = LibreOffice.Rows(await LibreOffice.ToCsvAsync(await BytesAsync(browser, "/quan-ly/so-tien/bang-ke.xlsx")));
        var pdf = await Pdf.TextAsync(await BytesAsync(browser, "/quan-ly/so-tien/bang-ke.pdf"));
        Assert.Contains("MẪU", pdf, StringComparison.Ordinal);
        Assert.Contains(seller.Name, pdf, StringComparison.Ordinal);
        foreach (var (word, debit, credit) in sql)
        {
            var account = LedgerAccount.Find(word)!;
            var row = rows.Single(r => r["Khoản"] == account.Label);
            var (up, down) = account.Debit ? (debit, credit) : (credit, debit);
            Assert.Equal((word, $"{up}", $"{down}", $"{up - down}"), (word, row["Tăng"], row["Giảm"], row["Cuối kỳ"]));
            var line = pdf.Split('\n').First(l => l.StartsWith(account.Label, StringComparison.Ordinal));
            Assert.Matches($@"\s0\s+{System.Text.RegularExpressions.Regex.Escape(Vietnamese.Number(up))}\s+{System.Text.RegularExpressions.Regex.Escape(Vietnamese.Number(down))}\s+{System.Text.RegularExpressions.Regex.Escape(Vietnamese.Number(up - down))}$", line);
        }
        // Each entry stands in the PDF once.
        var count = await Db.SingleAsync<int>("select count(*)::int from payments.ledger_line where producer_id = @ProducerId", new { seller.ProducerId });
        Assert.Equal(count, pdf.Split('\n').Count(l => System.Text.RegularExpressions.Regex.IsMatch(l, @"^\s*\d\d/\d\d/\d{4} \d\d:\d\d\s.*[+−][\d.]+$")));
    }

    [Fact]
    public async Task Who_runs_the_market_sees_who_owes_and_notes_what_was_paid_and_never_more_than_was_owed()
    {
        await NoRulesAsync();
        var seller = await market.Shop.SellerAsync();
        await RuleAsync("fee", ["cooperative"], 1_000, Today);
        var payment = await PaymentAsync(seller, 500_000);
        await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:" + payment, payment, seller.ProducerId, 500_000));
        await RefundAsync(seller, payment, 120_000, paidBack: false);
        var browser = (await market.SignInAsync(Roles.Operator)).Browser;
        Assert.Equal(new[] { 120_000L, 50_000L, 0L }, await RowAsync(browser, seller));
        var path = "/quan-tri/so-tien/" + seller.Slug;
        var page = await browser.GetAsync(path);
        var refused = await browser.SubmitAsync(page, "/da-nop", ("Account", "fee-due"), ("Amount", "50.001"), ("Reference", "FT123"));
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("FT123", refused.Page.QuerySelector("[name=Reference]")!.GetAttribute("value"));
        Assert.Equal(path, (await browser.SubmitAsync(refused, "/da-nop", ("Account", "fee-due"), ("Amount", "30k"))).Location);
        Assert.Equal(new[] { 120_000L, 20_000L, 0L }, await RowAsync(browser, seller));
        Assert.Contains("FT123", (await browser.GetAsync(path + "/tai-khoan/fee-due")).Text, StringComparison.Ordinal);
        var total = (await browser.GetAsync("/quan-tri/so-tien")).Page.QuerySelector("dl a[href='/quan-tri/so-tien/tai-khoan/fee-due']")!;
        Assert.Equal(Money(total.TextContent), (await EntriesAsync(browser, total.GetAttribute("href")!)).Sum());
        // The seller reads the same.
        Assert.Contains("FT123", (await (await market.SignInAsync(seller)).GetAsync("/quan-ly/so-tien/tai-khoan/fee-due")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_proposed_with_its_source_and_counts_from_its_adoption()
    {
        var browser = (await market.SignInAsync(Roles.Operator)).Browser;
        var page = await browser.GetAsync("/quan-tri/phi-thue");
        var refused = await browser.SubmitAsync(page, "/phi-thue", ("Name", "Phí sàn thử"), ("ProducerKinds", "cooperative"), ("Rate", "1,255"), ("Source", "x"));
        Assert.Equal((System.Net.HttpStatusCode.UnprocessableEntity, "1,255"), (refused.Status, refused.Page.QuerySelector("[name=Rate]")!.GetAttribute("value")));
        await browser.SubmitAsync(refused, "/phi-thue", ("ProducerKinds", "cooperative"), ("Rate", "1,25"), ("Source", "Quy chế hoạt động MẪU, điều 7"));
        var (code, bp, adopted) = await Db.SingleAsync<(string, int, bool)>("select code, rate_bp, adopted_at is not null from payments.charge_rule where name = 'Phí sàn thử'");
        Assert.Equal((125, false), (bp, adopted));
        Assert.Contains("Đề xuất, chưa áp dụng", (await browser.GetAsync("/quan-tri/phi-thue")).Text, StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GetAsync("/quan-tri/phi-thue"), $"/{code}/ap-dung", ("_yes", "1"));
        Assert.Contains("Đang áp dụng", (await browser.GetAsync("/quan-tri/phi-thue")).Text, StringComparison.Ordinal);
        var ended = await browser.SubmitAsync(await browser.GetAsync("/quan-tri/phi-thue"), $"/{code}/ket-thuc", ("lastDay", "01/01/2020"));
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, ended.Status);
        Assert.Contains("Ngày cuối phải từ hôm nay", ended.Text, StringComparison.Ordinal);
        await browser.SubmitAsync(ended, $"/{code}/ket-thuc", ("lastDay", Vietnamese.Date(Today)));
        Assert.Equal(Today, await Db.SingleAsync<DateOnly>("select valid_until from payments.charge_rule where code = @code", new { code }));
    }

    /// <summary>The figures of a statement by account and side ("cash tang"), and what each account changed by in it ("fee"): each is the sum of the entries that it leads to.</summary>
    private static async Task<Dictionary<string, long>> FiguresAsync(Browser browser, string path)
    {
        var figures = LedgerAccount.All.SelectMany(a => new[] { a.Word, a.Word + " tang", a.Word + " giam" }).ToDictionary(w => w, _ => 0L, StringComparer.Ordinal);
        foreach (var link in (await browser.GetAsync(path)).Page.QuerySelectorAll("table.data a[href*='ben=']"))
        {
            var (href, shown) = (link.GetAttribute("href")!, Money(link.TextContent)!.Value);
            var account = href[(href.IndexOf("/tai-khoan/", StringComparison.Ordinal) + "/tai-khoan/".Length)..href.IndexOf('?', StringComparison.Ordinal)];
            Assert.Equal((href, shown), (href, Math.Abs((await EntriesAsync(browser, href)).Sum())));
            figures[$"{account} {href[^4..]}"] = shown;
            figures[account] += href.EndsWith("tang", StringComparison.Ordinal) ? shown : -shown;
        }
        return figures;
    }

    internal static async Task<long> PaymentAsync(MarketFixture market, Seller seller, long amountVnd, string method = "vnpay")
    {
        await using var tx = await market.Db.BeginAsync();
        var name = "sub-order:" + Codes.Random(10);
        var started = (await market.Site.Get<PaymentRegister>().StartAsync(tx, [new StartPayment(name, seller.ProducerId, amountVnd, method, "Thanh toan", method == "cod" ? null : market.Site.Clock.GetUtcNow().AddMinutes(20))])).Single();
        await tx.CommitAsync();
        return started.Id;
    }

    private Task<long> PaymentAsync(Seller seller, long amountVnd, string method = "vnpay") => PaymentAsync(market, seller, amountVnd, method);

    private async Task PostAsync(Func<Ledger, Tx, Task> post)
    {
        await using var tx = await Db.BeginAsync();
        await post(market.Site.Get<Ledger>(), tx);
        await tx.CommitAsync();
    }

    private Task RefundAsync(Seller seller, long payment, long amountVnd, bool paidBack = true) => PostAsync(async (ledger, tx) =>
    {
        var key = Codes.Random(12);
        await ledger.RefundDueAsync(tx, "refund-due:" + key, payment, seller.ProducerId, amountVnd);
        if (paidBack)
            await ledger.RefundedAsync(tx, "refund:" + key, payment, seller.ProducerId, amountVnd);
    });

    private async Task<long> BalanceAsync(Seller seller, string account) =>
        LedgerAccount.Find(account)!.Shown((await Balances.OfAsync(Db, seller.ProducerId, Period.Month(Today))).Single(f => f.Account == account).ClosingVnd);

    private async Task<string> RuleAsync(string kind, string[] sellers, int rateBp, DateOnly from, long free = 0, bool adopted = true)
    {
        var code = "mau-" + Codes.Random(8).ToLowerInvariant();
        await using var tx = await Db.BeginAsync();
        Assert.True(await market.Site.Get<Charges>().ProposeAsync(tx, new ChargeRule(code, kind, "Quy tắc MẪU " + code, sellers, rateBp, free, from, null, "Quy chế MẪU", "", "", null, null), Operator));
        if (adopted)
            Assert.True(await market.Site.Get<Charges>().AdoptAsync(tx, code, Operator));
        await tx.CommitAsync();
        return code;
    }

    /// <summary>What other tests of this class adopted counts no more.</summary>
    private Task NoRulesAsync() => Db.ExecuteAsync("update payments.charge_rule set adopted_at = null");

    private static async Task<long[]> RowAsync(Browser browser, Seller seller)
    {
        for (string? next = "/quan-tri/so-tien"; next is not null;)
        {
            var page = await browser.GetAsync(next);
            if (page.Page.QuerySelectorAll("tbody tr").FirstOrDefault(r => r.QuerySelector($"a[href='/quan-tri/so-tien/{seller.Slug}']") is not null) is { } row)
                return [.. row.QuerySelectorAll("td.num").Select(c => Money(c.TextContent)!.Value)];
            next = page.Page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        return [];
    }

    /// <summary>Amounts of all pages of a list of entries.</summary>
    private static async Task<List<long>> EntriesAsync(Browser browser, string path)
    {
        var amounts = new List<long>();
        for (string? next = path; next is not null;)
        {
            var page = await browser.GetAsync(next);
            amounts.AddRange(page.Page.QuerySelectorAll("table.data tbody tr").Select(r => Money(r.QuerySelector("td.num")!.TextContent)!.Value));
            next = page.Page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        return amounts;
    }

    private static long? Money(string text) =>
        text.Contains('₫', StringComparison.Ordinal) && long.TryParse(string.Concat(text.Where(char.IsAsciiDigit)), out var amount) ? text.Contains('−', StringComparison.Ordinal) || text.Contains("\u00a0-", StringComparison.Ordinal) || text.TrimStart().StartsWith('-') ? -amount : amount : null;

    private static async Task<byte[]> BytesAsync(Browser browser, string path) => await (await browser.GetAsync(path)).Message.Content.ReadAsByteArrayAsync();
}
