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
public sealed partial class LedgerTests(MarketFixture market) : IClassFixture<MarketFixture>
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
    public async Task Every_figure_of_a_statement_leads_to_the_entries_that_it_is_the_sum_of()
    {
        await NoRulesAsync();
        var seller = await market.Shop.SellerAsync();
        await RuleAsync("fee", ["cooperative"], 100, Today);
        await SellAsync(seller, 60, 50_000);
        var browser = await market.SignInAsync(seller);
        var page = await browser.GetAsync("/quan-ly/so-tien");
        var links = page.Page.QuerySelectorAll("table.data a").Select(a => (Path: a.GetAttribute("href")!, Shown: Money(a.TextContent))).Where(l => l.Shown is not null && l.Path.Contains("/tai-khoan/", StringComparison.Ordinal)).ToList();
        Assert.True(links.Count >= 7 * 4, page.Text);
        foreach (var (path, shown) in links)
            Assert.Equal((path, Math.Abs(shown!.Value)), (path, Math.Abs((await EntriesAsync(browser, path)).Sum())));

        // The seller's own sums, too.
        links = [.. (await browser.GetAsync("/quan-ly/tien")).Page.QuerySelectorAll("dl a[href*='/tai-khoan/']").Select(a => (a.GetAttribute("href")!, Money(a.TextContent)))];
        Assert.Equal(4 + 2 + 4 + 2, links.Count(l => l.Shown is not null));
        foreach (var (path, shown) in links)
            Assert.Equal((path, Math.Abs(shown!.Value)), (path, Math.Abs((await EntriesAsync(browser, path)).Sum())));

        // The books begin this month: both pages say the same of what was agreed to go back, what was sent and what is still owed, for the month and for all time.
        var back = links.Where(l => l.Path.Contains("/refund", StringComparison.Ordinal)).Select(l => l.Shown!.Value).ToList();
        Assert.Equal(back[..3], back[3..]);
        Assert.Equal(back[0], back[1] + back[2]);
        Assert.All(back, b => Assert.NotEqual(0, b));

        // What the month brought in the end is made of accounts that stand together on the statement that it leads to, each with its entries.
        var own = (await browser.GetAsync("/quan-ly/tien")).Page.QuerySelector(".lead a")!;
        var month = await FiguresAsync(browser, own.GetAttribute("href")!);
        Assert.Equal(Money(own.TextContent[(own.TextContent.LastIndexOf("được nhận", StringComparison.Ordinal) + "được nhận".Length)..]), month["seller-receivable tang"] + month["cash tang"] - month["refund"] - month["fee"] - month["tax"]);
    }

    /// <summary>Of a day that opens with what was there before: balances and every entry, as other programs read them, beside SQL.</summary>
    [Fact]
    public async Task The_papers_say_what_the_books_say_opened_by_other_programs()
    {
        await NoRulesAsync();
        var seller = await market.Shop.SellerAsync();
        await RuleAsync("fee", ["cooperative"], 150, Today);
        await SellAsync(seller, 20, 50_000);
        market.Site.Clock.Advance(TimeSpan.FromDays(1));
        await SellAsync(seller, 15, 63_000);
        var period = new Period(Today, Today);
        var days = new { seller.ProducerId, period.Begins, period.Ends };
        var accounts = await Db.QueryAsync<(string Account, long Opening, long Debit, long Credit)>("""
            select account, coalesce(sum(amount_vnd) filter (where posted_at < @Begins), 0)::bigint, coalesce(sum(amount_vnd) filter (where posted_at >= @Begins and amount_vnd > 0), 0)::bigint,
              coalesce(-sum(amount_vnd) filter (where posted_at >= @Begins and amount_vnd < 0), 0)::bigint
            from payments.ledger_line where producer_id = @ProducerId and posted_at < @Ends group by account order by account
            """, days);
        Assert.Equal(7, accounts.Count(a => a.Opening != 0 && a.Debit + a.Credit != 0));
        var entries = await Db.QueryAsync<(string At, string Kind, string Account, long Vnd)>("""
            select to_char(l.posted_at at time zone 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI'), o.kind, l.account, l.amount_vnd from payments.ledger_line l join payments.posting o on o.id = l.posting_id
            where l.producer_id = @ProducerId and l.posted_at >= @Begins and l.posted_at < @Ends order by l.posted_at, l.posting_id, l.line
            """, days);

        var browser = await market.SignInAsync(seller);
        var range = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"?tu={Today:yyyy-MM-dd}&den={Today:yyyy-MM-dd}");
        var sheets = await LibreOffice.SheetsAsync(await BytesAsync(browser, "/quan-ly/so-tien/bang-ke.xlsx" + range));
        Assert.Equal(["But toan", "So du"], sheets.Keys.Order(StringComparer.Ordinal));
        var balances = LibreOffice.Rows(sheets["So du"]).ToDictionary(r => r["Khoản"], StringComparer.Ordinal);
        var pdf = await Pdf.TextAsync(await BytesAsync(browser, "/quan-ly/so-tien/bang-ke.pdf" + range));
        Assert.Contains("MẪU", pdf, StringComparison.Ordinal);
        Assert.Contains(seller.Name, pdf, StringComparison.Ordinal);
        foreach (var (word, opening, debit, credit) in accounts)
        {
            var account = LedgerAccount.Find(word)!;
            var (up, down) = account.Debit ? (debit, credit) : (credit, debit);
            long[] figures = [account.Shown(opening), up, down, account.Shown(opening + debit - credit)];
            var row = balances[account.Label];
            Assert.Equal((word, string.Join(' ', figures)), (word, $"{row["Đầu kỳ"]} {row["Tăng"]} {row["Giảm"]} {row["Cuối kỳ"]}"));
            var line = pdf.Split('\n').First(l => l.StartsWith(account.Label, StringComparison.Ordinal));
            Assert.Equal((word, string.Join(' ', figures.Select(Vietnamese.Number))), (word, string.Join(' ', line[account.Label.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        }
        Assert.Equal(
            entries.Select(e => (e.At, PostingKind.Label(e.Kind), LedgerAccount.Find(e.Account)!.Label, $"{LedgerAccount.Find(e.Account)!.Shown(e.Vnd)}", $"{Math.Max(e.Vnd, 0)}", $"{Math.Max(-e.Vnd, 0)}")),
            LibreOffice.Rows(sheets["But toan"]).Select(r => (r["Lúc"].Replace('\u00a0', ' '), r["Việc"], r["Khoản"], r["Tăng, giảm"], r["Nợ"], r["Có"])));
        Assert.Equal(
            entries.Select(e => (e.At, Signed(LedgerAccount.Find(e.Account)!.Shown(e.Vnd)))),
            PdfEntry().Matches(pdf).Select(m => (m.Groups["at"].Value, m.Groups["vnd"].Value)));
    }

    private static string Signed(long vnd) => (vnd > 0 ? "+" : "−") + Vietnamese.Number(Math.Abs(vnd));

    /// <summary>So many sales, each third in cash; some of them go back by half, and half of these were paid back.</summary>
    private async Task SellAsync(Seller seller, int sales, long fromVnd)
    {
        for (var i = 0; i < sales; i++)
        {
            var amount = fromVnd + i * 1_000;
            var payment = await PaymentAsync(seller, amount, i % 3 == 0 ? "cod" : "vnpay");
            await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:" + payment, payment, seller.ProducerId, amount));
            if (i % 7 == 0)
                await RefundAsync(seller, payment, amount / 2, paidBack: i % 2 == 0);
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^\s*(?<at>\d\d/\d\d/\d{4} \d\d:\d\d)\s.*\s(?<vnd>[+−][\d.]+)$", System.Text.RegularExpressions.RegexOptions.Multiline | System.Text.RegularExpressions.RegexOptions.ExplicitCapture, 1000)]
    private static partial System.Text.RegularExpressions.Regex PdfEntry();

    /// <summary>On every page with sums of money of a seller, the operator and the Department: each is a link, and what it leads to adds up to it, or is the page of the one thing that it is the amount of.</summary>
    [Fact]
    public async Task Every_sum_of_money_on_a_screen_leads_to_what_it_is_made_of()
    {
        await NoRulesAsync();
        var seller = await market.Shop.SellerAsync();
        await RuleAsync("fee", ["cooperative"], 500, Today);
        var (paid, cash) = (await PaymentAsync(seller, 700_000), await PaymentAsync(seller, 12_000_000, "cod"));
        await PaymentAsync(seller, 90_000);
        await PaymentAsync(seller, 80_000, "transfer");
        foreach (var (payment, amount, back) in new[] { (paid, 700_000L, 45_000L), (cash, 12_000_000, 11_000_000) })
        {
            await PostAsync((ledger, tx) => ledger.PaidAsync(tx, "paid:" + payment, payment, seller.ProducerId, amount));
            var payable = await Db.SingleAsync<string>("update payments.payment set status = 'paid', paid_at = @now where id = @payment returning payable", new { payment, now = market.Site.Clock.GetUtcNow() });
            await using var tx = await Db.BeginAsync();
            Assert.True(await market.Site.Get<RefundCases>().OpenAsync(tx, payable, RefundCases.Goodwill, "mau:" + payment, back));
            if (payment == cash)
                Assert.Equal(RefundAsked.NeedsApproval, await market.Site.Get<Refunds>().GivenBackAsync(tx, "mau:" + payment, "PC 1", new Actor(seller.PersonId, Roles.Seller)));
            await tx.CommitAsync();
        }
        var code = await Db.SingleAsync<string>("select code from payments.payment where id = @paid", new { paid });
        var followed = new HashSet<(string, long)>();
        foreach (var (browser, pages) in new[]
        {
            (await market.SignInAsync(seller), new[] { "/quan-ly", "/quan-ly/tien", "/quan-ly/tien?loai=dang-cho", "/quan-ly/so-tien", "/quan-ly/tien/" + code, "/quan-ly/tien/chuyen-khoan", $"/quan-ly/so-tien/tai-khoan/refund-due?tu={Today:yyyy-MM-dd}&den={Today:yyyy-MM-dd}", "/quan-ly/so-tien/tai-khoan/seller-receivable?cach=vnpay" }),
            ((await market.SignInAsync(Roles.Operator)).Browser, ["/quan-tri", "/quan-tri/so-tien", "/quan-tri/so-tien/" + seller.Slug, "/quan-tri/hoan-tien"]),
            ((await market.SignInAsync(Roles.Officer)).Browser, ["/so-cong-thuong"]),
        })
        {
            foreach (var path in pages)
            {
                var page = await browser.GetAsync(path);
                Assert.Equal((path, System.Net.HttpStatusCode.OK), (path, page.Status));
                foreach (var text in page.Page.QuerySelector("main")!.Descendants<IText>().Where(t => Sum().IsMatch(t.Data) && t.ParentElement!.Closest("form, script, #but-toan") is null && !(path.Contains("/tai-khoan/", StringComparison.Ordinal) && t.ParentElement!.Closest("table") is not null)))
                {
                    var link = text.ParentElement!.Closest("a[href]")?.GetAttribute("href");
                    Assert.True(link is not null, $"{path}: {text.Data.Trim()} leads nowhere");
                    foreach (System.Text.RegularExpressions.Match sum in Sum().Matches(text.Data))
                    {
                        var amount = Money(sum.Value)!.Value;
                        var address = link.StartsWith('#') ? path + link : link;
                        Assert.True(!followed.Add((address, amount)) || (await MadeOfAsync(browser, address, amount)).Contains(amount), $"{path}: {text.Data.Trim()} is not what {link} adds up to");
                    }
                }
            }
        }
        Assert.InRange(followed.Count, 60, int.MaxValue);
    }

    /// <summary>What a page adds up to: its entries; the entries of a payment by account, one by one, and what is left after refunds; the figures of a statement, and what they come to; or the amounts that stand on it.</summary>
    private static async Task<HashSet<long>> MadeOfAsync(Browser browser, string link, long amount)
    {
        if (link.Contains("/tai-khoan/", StringComparison.Ordinal))
        {
            var entries = await EntriesAsync(browser, link);
            return [Math.Abs(entries.Sum()), .. entries.Select(e => Math.Abs(e)).Where(e => e == amount)];
        }
        if (link.EndsWith("#but-toan", StringComparison.Ordinal))
        {
            var rows = (await browser.GetAsync(link.Split('#')[0])).Page.QuerySelectorAll("#but-toan tbody tr").Select(r => (Account: r.Children[2].TextContent.Trim(), Vnd: Money(r.Children[3].TextContent)!.Value)).ToList();
            long Of(string account) => rows.Where(r => r.Account == LedgerAccount.Find(account)!.Label).Sum(r => r.Vnd);
            return [Of(LedgerAccount.BuyerPaid), Of(LedgerAccount.BuyerPaid) - Of(LedgerAccount.Refund), .. rows.Where(r => r.Account == LedgerAccount.Find(LedgerAccount.Refund)!.Label).Select(r => r.Vnd)];
        }
        if (link.Contains("/so-tien?tu=", StringComparison.Ordinal))
        {
            var f = await FiguresAsync(browser, link);
            return [f["seller-receivable tang"] + f["cash tang"] - f["refund"] - f["fee"] - f["tax"], f["seller-receivable"] + f["cash"], f["buyer-paid"] - f["refund"]];
        }
        var page = await browser.GetAsync(link);
        return [.. Sum().Matches(page.Page.QuerySelector("main")!.TextContent).Select(m => Money(m.Value)!.Value)];
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"−?\d[\d.]*\u00a0₫", System.Text.RegularExpressions.RegexOptions.None, 1000)]
    private static partial System.Text.RegularExpressions.Regex Sum();

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
