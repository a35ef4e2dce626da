using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using AngleSharp.Html.Dom;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Tests.Support;
using SonLaMarket.Tests.Walks;
using Xunit;

namespace SonLaMarket.Tests.Exports;

/// <summary>What a partner's program gets from /feeds (docs/contract.md, section 5), and how operators hand out the key.</summary>
public sealed class FeedTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("?token=")]
    [InlineData("?token=guess")]
    public async Task Without_the_right_token_a_feed_answers_401_as_a_problem(string query)
    {
        var answer = await market.Site.Open().GetAsync("/feeds/google-merchant.xml" + query);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Token_of_one_profile_opens_no_other()
    {
        var token = await TokenAsync("postmart");
        Assert.Equal(HttpStatusCode.Unauthorized, (await market.Site.Open().GetAsync($"/feeds/google-merchant.xml?token={token}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await market.Site.Open().GetAsync($"/feeds/unknown.xml?token={token}")).Status);
    }

    [Fact]
    public async Task First_file_is_asked_for_again_later_then_served_with_its_hash_and_not_twice()
    {
        var token = await TokenAsync("google-merchant");
        var browser = market.Site.Open();
        await market.Db.ExecuteAsync("delete from exports.run where profile_code = 'google-merchant'", ct: TestContext.Current.CancellationToken);
        var early = await browser.GetAsync($"/feeds/google-merchant.xml?token={token}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, early.Status);
        Assert.True(early.Message.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        Assert.Equal("application/problem+json", early.Message.Content.Headers.ContentType!.MediaType);

        await market.Site.Get<ExportRuns>().BuildAsync("google-merchant", "test", CancellationToken.None);
        var served = await browser.GetAsync($"/feeds/google-merchant.xml?token={token}", ("Accept-Encoding", "br, gzip"));
        var bytes = await served.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
        Assert.Equal(HttpStatusCode.OK, served.Status);
        Assert.Equal(tag, served.Message.Headers.ETag!.ToString());
        Assert.Empty(served.Message.Content.Headers.ContentEncoding);
        Assert.Equal("application/rss+xml", served.Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-referrer", served.Message.Headers.GetValues("Referrer-Policy").Single());

        var again = await browser.GetAsync($"/feeds/google-merchant.xml?token={token}", ("If-None-Match", tag));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        await market.Site.Get<ExportRuns>().BuildAsync("sendo", "test", CancellationToken.None);
        Assert.Equal("application/json", (await browser.GetAsync($"/feeds/sendo.json?token={await TokenAsync("sendo")}")).Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/feeds/google-merchant.json?token={token}")).Status);
        Assert.NotNull(await market.Db.SingleAsync<DateTimeOffset?>("select max(used_at) from exports.feed_token where profile_code = 'google-merchant'", ct: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Operator_hands_out_a_token_once_and_revokes_it()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var made = await browser.SubmitAsync(await browser.GetAsync("/quan-tri/xuat-du-lieu"), "/quan-tri/xuat-du-lieu/postmart/ma", ("label", "Đối tác thử"));
        Assert.Equal(HttpStatusCode.SeeOther, made.Status);
        var once = await browser.GetAsync(made.Location!);
        var token = once.Page.QuerySelector(".flash")!.TextContent.Trim().Split(' ')[^1];
        Assert.DoesNotContain(token, (await browser.GetAsync("/quan-tri/xuat-du-lieu")).Body, StringComparison.Ordinal);

        var built = await browser.SubmitAsync(once, "/quan-tri/xuat-du-lieu/postmart/chay");
        Assert.Equal(HttpStatusCode.SeeOther, built.Status);
        await market.Site.RunDueAsync();
        Assert.Contains("Đã tạo tệp mới", (await browser.GetAsync(built.Location!)).Text, StringComparison.Ordinal);
        for (var n = 0; n < 2; n++)
            Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync($"/feeds/postmart.xlsx?token={token}")).Status);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'export.download' and actor_role = 'feed-token' and subject = 'feed:postmart' and detail->>'Label' = 'Đối tác thử'", ct: TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/quan-tri/xuat-du-lieu/postmart/tep.xlsx")).Status);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'export.download' and actor_role = 'operator' and subject = 'feed:postmart'", ct: TestContext.Current.CancellationToken));

        var page = await browser.GetAsync("/quan-tri/xuat-du-lieu");
        var key = page.Page.QuerySelectorAll("form[action$='/ma/thu-hoi']").Single(f => f.Closest("li")!.TextContent.Contains("Đối tác thử", StringComparison.Ordinal)).QuerySelector("[name=token]")!.GetAttribute("value")!;
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/quan-tri/xuat-du-lieu/ma/thu-hoi", ("token", key))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await market.Site.Open().GetAsync($"/feeds/postmart.xlsx?token={token}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/quan-tri/xuat-du-lieu/ma/thu-hoi", ("token", key))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/quan-tri/xuat-du-lieu/ma/thu-hoi", ("token", "1"))).Status);
    }

    [Fact]
    public async Task Version_that_a_real_platform_took_is_marked_with_its_day_until_another_version_comes()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        const string page = "/quan-tri/xuat-du-lieu/google-merchant", unproved = "chưa kiểm chứng với sàn thật";
        var first = await browser.GetAsync(page);
        Assert.Contains(unproved, first.Text, StringComparison.Ordinal);
        Assert.Contains("lookup(google_taxonomy)", first.Text, StringComparison.Ordinal);

        var tomorrow = Vietnamese.Today(market.Site.Clock).AddDays(1);
        var early = await browser.SubmitAsync(first, page + "/kiem-chung", ("ProvedOn", tomorrow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("Mark", "Lần tải 7"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.Status);
        Assert.Equal("Lần tải 7", early.Page.QuerySelector("[name=Mark]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(first, page + "/kiem-chung", ("ProvedOn", ""), ("Mark", " "))).Status);

        var day = tomorrow.AddDays(-1);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(first, page + "/kiem-chung", ("ProvedOn", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("Mark", "Lần tải 7: 12 dòng"))).Status);
        var proved = await browser.GetAsync(page);
        Assert.Contains("Lần tải 7: 12 dòng", proved.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(unproved, proved.Text, StringComparison.Ordinal);
        Assert.Null(proved.Page.QuerySelector("form[action$='/kiem-chung']"));
        Assert.Contains(Vietnamese.Date(day), (await browser.GetAsync("/quan-tri/xuat-du-lieu")).Text, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'export.prove' and subject = 'feed:google-merchant'", ct: TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(first, page + "/kiem-chung", ("ProvedOn", day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), ("Mark", "Lần nữa"), ("_once", Guid.NewGuid().ToString()))).Status);

        await market.Db.ExecuteAsync("""
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select code, version + 1, name, 'draft', definition, now(), 'Người thử', 'Đổi một cột' from exports.profile where code = 'google-merchant' order by version desc limit 1
            """, ct: TestContext.Current.CancellationToken);
        var next = await browser.GetAsync(page);
        Assert.Contains(unproved, next.Text, StringComparison.Ordinal);
        Assert.Contains("Đổi một cột", next.Text, StringComparison.Ordinal);
        Assert.NotNull(next.Page.QuerySelector("form[action$='/kiem-chung']"));
        Assert.DoesNotContain("E15", next.Text, StringComparison.Ordinal);
        await market.Db.ExecuteAsync("""
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select code, version + 1, name, 'draft', jsonb_set(definition, '{columns,0,name}', '"g:code"'), now(), 'Người thử', 'Đổi tên cột' from exports.profile where code = 'google-merchant' order by version desc limit 1
            """, ct: TestContext.Current.CancellationToken);
        var renamed = await browser.GetAsync(page);
        Assert.Contains("E15", renamed.Text, StringComparison.Ordinal);
        Assert.Contains("Thêm: g:code", renamed.Text, StringComparison.Ordinal);
        Assert.Contains("Bỏ: g:id", renamed.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quan-tri/xuat-du-lieu/khong-co")).Status);
    }

    [Fact]
    public async Task Platform_that_takes_no_more_files_gets_one_only_when_asked_for_and_no_new_token()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        const string page = "/quan-tri/xuat-du-lieu";
        var first = await browser.GetAsync(page);
        var card = first.Page.QuerySelectorAll("article").Single(a => a.QuerySelector("h2")!.TextContent == "Voso.vn");
        Assert.Contains("chưa kiểm chứng với sàn thật", card.TextContent, StringComparison.Ordinal);
        Assert.Contains("sàn không còn nhận tệp", card.TextContent, StringComparison.Ordinal);
        Assert.Null(card.QuerySelector("form[action$='/ma'], a[href*='/tep.']"));
        var refused = await browser.PostAsync(page + "/voso/ma", Browser.Fields((IHtmlFormElement)first.Page.QuerySelector("form[action$='/postmart/ma']")!, ("label", "Đối tác thử")));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from exports.feed_token where profile_code = 'voso'", ct: TestContext.Current.CancellationToken));

        await market.Site.Get<Rebuilds>().RunAsync(TestContext.Current.CancellationToken);
        market.Site.Clock.Advance(TimeSpan.FromSeconds(31));
        await market.Site.RunDueAsync();
        Assert.Equal((0, 0), (await RunsAsync(asked: true), await RunsAsync(asked: false)));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(page), page + "/voso/chay")).Status);
        await market.Site.RunDueAsync();
        Assert.Equal(1, await RunsAsync(asked: true));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(page + "/voso/tep.xlsx")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(page + "/voso/tep.json")).Status);

        await market.Site.Get<Rebuilds>().RunAsync(TestContext.Current.CancellationToken);
        market.Site.Clock.Advance(TimeSpan.FromSeconds(31));
        await market.Site.RunDueAsync();
        // Its first file was asked for: from then on it is made anew with the others.
        Assert.Equal(1, await RunsAsync(asked: true));
        Assert.NotEqual(0, await RunsAsync(asked: false));
        Task<long> RunsAsync(bool asked) => market.Db.SingleAsync<long>("select count(*) from exports.run where profile_code = 'voso' and (cause = 'operator') = @asked", new { asked });
    }

    [Fact]
    public async Task Workbook_with_other_headings_than_the_platform_took_says_so()
    {
        var (fillings, actor) = (market.Site.Get<Fillings>(), new Actor(null, Roles.Operator));
        Task<Guid?> FillAsync(params string[] keys) => fillings.FillAsync("shopee", "mau.xlsx", BlankWorkbook.Make(keys), null, actor, TestContext.Current.CancellationToken);
        await FillAsync(BlankWorkbook.Keys);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Proofs>().AddAsync(tx, "shopee", (await ProfileVersions.NewestAsync(tx, "shopee", TestContext.Current.CancellationToken))!.Version, Vietnamese.Today(market.Site.Clock), "Lần 1", actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Null((await fillings.FindAsync((await FillAsync(BlankWorkbook.Keys))!.Value, null, TestContext.Current.CancellationToken))!.HeadsChanged);
        var other = await FillAsync([.. BlankWorkbook.Keys.Where(k => !k.StartsWith("ps_gtin_code", StringComparison.Ordinal)), "ps_brand|0|0"]);
        var page = (await (await market.SignInAsync(Roles.Operator)).Browser.GetAsync($"/quan-tri/xuat-du-lieu/dien-mau/{other}")).Text;
        Assert.Contains("E15: mẫu này khác mẫu mà sàn đã nhận Thêm: ps_brand Bỏ: ps_gtin_code", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Thirty_runs_of_a_profile_are_kept()
    {
        await market.Db.ExecuteAsync("insert into exports.run (profile_code, profile_version, state, cause, asked_at) select 'meta', 1, 'failed', 'test', now() from generate_series(1, 40)", ct: TestContext.Current.CancellationToken);
        await market.Site.Get<ExportRuns>().BuildAsync("meta", "test", CancellationToken.None);
        Assert.Equal((30, "written"), await market.Db.SingleAsync<(int, string)>("select count(*)::int, (array_agg(state order by id desc))[1] from exports.run where profile_code = 'meta'"));
    }

    /// <summary>Every screen that names a platform says whether a real one took a file; what goes to none is told with its reason.</summary>
    [Fact]
    public async Task Every_screen_that_names_a_platform_shows_its_mark_and_a_listing_that_goes_to_none_is_told_with_why()
    {
        const string mark = "chưa kiểm chứng với sàn thật";
        var seller = await market.Shop.SellerAsync(online: false);
        var (kept, suspended, blocked) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3, title: "Mận bị đình chỉ"), await market.Shop.GoodsAsync(seller, 3, title: "Mận bị thu hồi"));
        await SuspendAsync(suspended.Slug);
        await market.Db.ExecuteAsync("insert into origin.lot_block (lot_id, cause, note, blocked_at) select id, 'recall', 'Thử', now() from origin.lot where code = @LotCode", new { blocked.LotCode }, TestContext.Current.CancellationToken);
        await market.Site.Get<ExportRuns>().BuildAsync("postmart", "test", CancellationToken.None);
        var key = await market.Db.SingleAsync<Guid>("select key from exports.run where profile_code = 'postmart' order by id desc limit 1");
        var (operators, officer, own) = ((await market.SignInAsync(Roles.Operator)).Browser, (await market.SignInAsync(Roles.Officer)).Browser, await market.SignInAsync(seller));
        const string office = "/quan-tri/xuat-du-lieu", mine = "/quan-ly/xuat-du-lieu";
        foreach (var (browser, path) in new[]
        {
            (operators, office), (operators, office + "/postmart"), (operators, office + "/postmart/sua"), (operators, $"{office}/postmart/lan-chay/{key}"), (operators, office + "/google-merchant/nhom-hang"), (operators, office + "/dien-mau"),
            (operators, office + "/san-lien-ket"), (officer, "/so-cong-thuong/san-lien-ket"), (own, mine), (own, mine + "/dien-mau"), (own, mine + "/san-lien-ket"), (own, $"/quan-ly/tin-dang/{kept.Slug}/san-khac"),
        })
            Assert.True((await browser.GetAsync(path)).Page.QuerySelector("main")!.TextContent.Contains(mark, StringComparison.Ordinal), path);
        var told = (await own.GetAsync(mine)).Page.QuerySelectorAll("main tr").Select(r => string.Join(' ', r.QuerySelectorAll("td").Select(c => c.TextContent.Trim()))).ToList();
        Assert.Contains(told, r => r.StartsWith("Mận bị đình chỉ E10: Tin đang bị đình chỉ.", StringComparison.Ordinal));
        Assert.Contains(told, r => r.StartsWith("Mận bị thu hồi E10: Mọi lô còn lại đã bị thu hồi.", StringComparison.Ordinal));
        Assert.Contains("Mận bị thu hồi", (await operators.GetAsync(office)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_profiles_are_never_made_at_the_same_time()
    {
        var runs = market.Site.Get<ExportRuns>();
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        await tx.ExecuteAsync("lock table catalog.listing in access exclusive mode");
        var both = Task.WhenAll(runs.BuildAsync("meta", "test", CancellationToken.None), runs.BuildAsync("sendo", "test", CancellationToken.None));
        while (await MakingAsync() == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.Equal(1, await MakingAsync());
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from exports.run where state = 'queued' and started_at is null"));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        await both;
        Assert.Equal(0, await MakingAsync());
        Task<long> MakingAsync() => market.Db.SingleAsync<long>("select count(*) from exports.run where state = 'building'");
    }

    /// <summary>F17: who fetches slowly, breaks off, comes again or answers twice gets one file whole, and is counted once.</summary>
    [Fact]
    public async Task Run_is_delivered_when_its_file_was_taken_whole_and_acknowledged_when_the_platform_answers()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var (browser, token) = (market.Site.Open(), await TokenAsync("open"));
        Task<Answer> Fetch(params (string, string)[] headers) => browser.GetAsync($"/feeds/open.csv?token={token}", headers);
        var (run, counts) = await RunAsync();
        Assert.InRange(counts.Exported, 1, counts.Read);
        Assert.Equal("written", await StateAsync(run));

        var whole = await BytesAsync(await Fetch(("Range", "bytes=0-99")));
        Assert.Equal(100, whole.Length);
        Assert.Equal("written", await StateAsync(run));
        var tag = $"\"{await market.Db.SingleAsync<string>("select sha256 from exports.run_file where run_id = @run and extension = 'csv'", new { run })}\"";
        var rest = await Fetch(("Range", "bytes=100-"), ("If-Range", tag));
        Assert.Equal(HttpStatusCode.PartialContent, rest.Status);
        Assert.Equal(tag.Trim('"'), Convert.ToHexStringLower(SHA256.HashData([.. whole, .. await BytesAsync(rest)])));
        Assert.Equal("delivered", await StateAsync(run));
        var since = await market.Db.SingleAsync<DateTimeOffset>("select delivered_at from exports.run where id = @run", new { run });

        // The file has changed meanwhile: the new one comes whole, never its end behind the beginning of the old one.
        await market.Db.ExecuteAsync("update catalog.listing set price_vnd = price_vnd + 1000 where id = @ListingId", new { goods.ListingId }, TestContext.Current.CancellationToken);
        var (second, then) = await RunAsync();
        Assert.Equal((1, 0, then.Exported - 1), (then.Changed, then.Added, then.Unchanged));
        var anew = await Fetch(("Range", "bytes=100-"), ("If-Range", tag));
        Assert.Equal(HttpStatusCode.OK, anew.Status);
        Assert.Equal(anew.Message.Headers.ETag!.Tag.Trim('"'), Convert.ToHexStringLower(SHA256.HashData(await BytesAsync(anew))));
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await Fetch();
        Assert.Equal(("delivered", since), (await StateAsync(run), await market.Db.SingleAsync<DateTimeOffset>("select delivered_at from exports.run where id = @run", new { run })));

        for (var n = 0; n < 2; n++)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            Assert.Equal(1, (await market.Site.Get<PartnerReports>().KeepAsync(tx, "open", PartnerSheet.Read(System.Text.Encoding.UTF8.GetBytes($"sku;status\n{goods.Slug};approved")), null, null, false, new Actor(null, Roles.Operator))).Kept);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(("delivered", "acknowledged"), (await StateAsync(run), await StateAsync(second)));
        }
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from exports.partner_result where profile_code = 'open' and listing_id = @ListingId", new { goods.ListingId }));
        var page = await (await market.SignInAsync(Roles.Operator)).Browser.GetAsync($"/quan-tri/xuat-du-lieu/open/lan-chay/{await market.Db.SingleAsync<Guid>("select key from exports.run where id = @second", new { second })}");
        Assert.Contains("Sàn đã trả lời", page.Text, StringComparison.Ordinal);

        async Task<(long Run, (int Read, int Exported, int? Unchanged, int? Added, int? Changed))> RunAsync()
        {
            var made = await market.Site.Get<ExportRuns>().BuildAsync("open", "test", CancellationToken.None);
            return (made, await market.Db.SingleAsync<(int, int, int?, int?, int?)>("select listings_read, exported, unchanged, added, changed from exports.run where id = @made and listings_total >= listings_read and validated_at is not null", new { made }));
        }

        Task<string> StateAsync(long of) => market.Db.SingleAsync<string>("select state from exports.run where id = @of", new { of });
        static Task<byte[]> BytesAsync(Answer answer) => answer.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Listings_beyond_the_largest_file_are_set_aside_and_many_faults_are_few_statements()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var goods = await market.Shop.GoodsAsync(seller, 3);
        await market.Shop.GoodsAsync(seller, 3);
        await market.Db.ExecuteAsync("""
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select 'small', 1, 'Sàn nhỏ', 'draft', definition || '{"code":"small","formats":["csv"],"limits":{"maxBytes":1}}', now(), 'Người thử', 'Một byte' from exports.profile where code = 'open' order by version desc limit 1
            """, ct: TestContext.Current.CancellationToken);
        var run = await market.Site.Get<ExportRuns>().BuildAsync("small", "test", CancellationToken.None);
        var (selected, exported, aside) = await market.Db.SingleAsync<(int, int, int)>("select selected, exported, set_aside from exports.run where id = @run", new { run });
        Assert.Equal((0, selected), (exported, aside));
        Assert.Equal("maxBytes=1", await market.Db.SingleAsync<string>("select rule from exports.set_aside where run_id = @run and listing_id = @ListingId and code = 'E04'", new { run, goods.ListingId }));

        var many = new SetAsides(market.Db, run);
        Assert.Equal(3, await Commands.CountAsync(market.Database, async () =>
        {
            for (var n = 0; n < 2_500; n++)
                await many.AddAsync(new SetAside(goods.ListingId, "E01", $"f{n}", "", "required", ""));
            await many.FlushAsync();
        }));
        Assert.Equal(2_500, await market.Db.SingleAsync<long>("select count(*) from exports.set_aside where run_id = @run and code = 'E01'", new { run }));
        await market.Db.ExecuteAsync("delete from exports.run where profile_code = 'small'", ct: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Page_of_a_run_says_what_is_new_changed_and_gone_since_the_run_before()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        var seller = await market.Shop.SellerAsync(online: false);
        var (kept, raised, leaving) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3));
        await market.Db.ExecuteAsync("delete from exports.run where profile_code = 'open'; delete from exports.sent_row where profile_code = 'open'", ct: TestContext.Current.CancellationToken);
        Assert.Contains("Chưa có lần chạy trước để so sánh.", (await RunAsync()).Text, StringComparison.Ordinal);
        Assert.Contains("Tệp giống hệt lần chạy trước.", (await RunAsync()).Text, StringComparison.Ordinal);

        var added = await market.Shop.GoodsAsync(seller, 3);
        await market.Db.ExecuteAsync("update catalog.listing set price_vnd = price_vnd + 1000 where id = @ListingId", new { raised.ListingId }, TestContext.Current.CancellationToken);
        await SuspendAsync(leaving.Slug);
        var page = await RunAsync();
        Assert.Equal(3, Rows(page).Count);
        Assert.Contains((added.Slug, "Tin mới", "–"), Rows(page));
        Assert.Contains((leaving.Slug, "Tin bỏ ra", "–"), Rows(page));
        Assert.StartsWith("variant.priceVnd", Rows(page).Single(r => r.Slug == raised.Slug && r.Change == "Tin đổi").Columns, StringComparison.Ordinal);
        Assert.DoesNotContain(Rows(page), r => r.Slug == kept.Slug);
        Assert.Equal([leaving.Slug], Rows(await browser.GetAsync(page.Page.QuerySelector("main .chips a[href$='loai=bo-ra']")!.GetAttribute("href")!)).Select(r => r.Slug));
        Assert.Equal(["1", "1", "1"], (await browser.GetAsync("/quan-tri/xuat-du-lieu")).Page.QuerySelectorAll("tr").First(r => r.TextContent.Contains("open", StringComparison.Ordinal)).QuerySelectorAll("td").TakeLast(3).Select(c => c.TextContent.Trim()));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/quan-tri/xuat-du-lieu/postmart/lan-chay/{await KeyAsync()}")).Status);

        async Task<Answer> RunAsync()
        {
            await market.Site.Get<ExportRuns>().BuildAsync("open", "test", CancellationToken.None);
            return await browser.GetAsync($"/quan-tri/xuat-du-lieu/open/lan-chay/{await KeyAsync()}");
        }

        Task<Guid> KeyAsync() => market.Db.SingleAsync<Guid>("select key from exports.run where profile_code = 'open' order by id desc limit 1");
        static List<(string Slug, string Change, string Columns)> Rows(Answer page) => [.. page.Page.QuerySelectorAll("main tr:has(a[href*='/san-pham/'])").Select(r => r.QuerySelectorAll("td").Select(c => c.TextContent.Trim()).ToArray() is var cells
            ? (r.QuerySelector("a")!.GetAttribute("href")!.Split('/')[^1], cells[2], cells[3]) : default)];
    }

    [Fact]
    public async Task Takedown_makes_new_files_within_two_seconds_and_a_change_of_stock_within_thirty_all_from_one_reading()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var profiles = (await market.Db.QueryAsync<string>(Rebuilds.Followed)).Count;
        await SettleAsync();
        var runs = await RunsAsync();
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Stock>().SupplyAsync(tx, goods.LotCode, 5_000, goods.Seller.PersonId, new Actor(goods.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await PassAsync(11);
        Assert.Equal(runs, await RunsAsync());
        await PassAsync(19);
        Assert.Equal(runs += profiles, await RunsAsync());

        await SuspendAsync(goods.Slug);
        await PassAsync(2);
        Assert.Equal(runs += profiles, await RunsAsync());
        Assert.Equal("takedown", await market.Db.SingleAsync<string>("select cause from exports.run order by id desc limit 1"));
        await PassAsync(60);
        Assert.Equal(runs, await RunsAsync());

        // To the beginning of a quarter of an hour, far from the hourly run, with everything done that was asked for before.
        async Task SettleAsync()
        {
            var quarter = TimeSpan.FromMinutes(15).Ticks;
            market.Site.Clock.Advance(TimeSpan.FromTicks(quarter - market.Site.Clock.GetUtcNow().Ticks % quarter) + TimeSpan.FromMinutes(13));
            await PassAsync(60);
            market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        async Task PassAsync(int seconds)
        {
            await market.Site.RunDueAsync();
            market.Site.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await market.Site.RunDueAsync();
        }

        Task<long> RunsAsync() => market.Db.SingleAsync<long>("select count(*) from exports.run where cause in ('change', 'takedown')");
    }

    /// <summary>F15: nothing waits for files in the making, and what must not be offered any more is not in them when they come out.</summary>
    [Fact]
    public async Task What_is_taken_down_while_files_are_made_is_in_none_of_them_and_no_other_work_waits_for_them()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var (kept, suspended, blocked) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(seller, 3));
        await market.Site.RunDueAsync();
        var worker = market.Site.Get<Worker>();
        var last = await market.Db.SingleAsync<long>("select coalesce(max(id), 0) from exports.run");
        await using (var held = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await RunChanges.LockAsync(held, "open");
            await AnnounceAsync(new RebuildFeeds("held"));
            await worker.StartAsync(TestContext.Current.CancellationToken);
            await UntilAsync("select exists (select 1 from exports.run where id > @last and profile_code = 'open' and state = 'validated')");
            await SuspendAsync(suspended.Slug);
            await market.Db.ExecuteAsync("insert into origin.lot_block (lot_id, cause, note, blocked_at) select id, 'officer', 'Thử', now() from origin.lot where code = @LotCode", new { blocked.LotCode }, TestContext.Current.CancellationToken);
            await UntilAsync("select not exists (select 1 from jobs.job where kind = 'ListingChanged>Rebuilds' and done_at is null)");
            Assert.True(await market.Db.SingleAsync<bool>("select exists (select 1 from exports.run where id > @last and profile_code = 'open' and state = 'validated')", new { last }));
            await held.CommitAsync(TestContext.Current.CancellationToken);
        }
        await UntilAsync("select not exists (select 1 from jobs.job where kind = 'RebuildFeeds>Rebuilds' and done_at is null and payload->>'Cause' = 'held') and @last >= 0");
        await worker.StopAsync(TestContext.Current.CancellationToken);
        var (sha256, exported, read) = await market.Db.SingleAsync<(string, int, int)>("select f.sha256, r.exported, r.selected from exports.run r join exports.run_file f on f.run_id = r.id and f.extension = 'csv' where r.id > @last and r.profile_code = 'open'", new { last });
        var file = await File.ReadAllTextAsync(market.Site.Get<ExportFiles>().Find(sha256)!, TestContext.Current.CancellationToken);
        Assert.Contains(kept.Slug, file, StringComparison.Ordinal);
        Assert.DoesNotContain(suspended.Slug, file, StringComparison.Ordinal);
        Assert.DoesNotContain(blocked.Slug, file, StringComparison.Ordinal);
        Assert.True(exported <= read);

        // One run was enough for all takedowns before it began.
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        await market.Site.RunDueAsync();
        var all = await market.Db.SingleAsync<long>("select max(id) from exports.run");
        await AnnounceAsync(new RebuildFeeds("takedown", market.Site.Clock.GetUtcNow().AddSeconds(-20)));
        await market.Site.RunDueAsync();
        Assert.Equal(all, await market.Db.SingleAsync<long>("select max(id) from exports.run"));

        async Task UntilAsync(string holds)
        {
            for (var n = 0; !await market.Db.SingleAsync<bool>(holds, new { last }); n++)
            {
                Assert.True(n < 500, holds);
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        async Task AnnounceAsync(RebuildFeeds message)
        {
            await using var tx = await market.Db.BeginAsync();
            await market.Site.Get<Queue>().AnnounceAsync(tx, message);
            await tx.CommitAsync();
        }
    }

    [Fact]
    public async Task Profile_that_cannot_be_made_keeps_no_other_from_its_files()
    {
        await market.Db.ExecuteAsync("""
            insert into exports.profile (code, version, name, status, definition, created_at, author, note)
            select 'broken', 1, 'Sàn hỏng', 'draft', definition || '{"code":"broken","formats":["doc"]}', now(), 'Người thử', 'Hỏng' from exports.profile where code = 'open' order by version desc limit 1
            """, ct: TestContext.Current.CancellationToken);
        Assert.Equal(["broken"], await market.Site.Get<ExportRuns>().BuildFollowedAsync("test", CancellationToken.None));
        var states = await market.Db.QueryAsync<(string Profile, string State)>("select distinct on (profile_code) profile_code, state from exports.run where cause = 'test' order by profile_code, id desc");
        Assert.All(states, s => Assert.Equal(s.Profile == "broken" ? "failed" : "written", s.State));
        await market.Db.ExecuteAsync("""
            insert into exports.profile (code, version, name, status, definition, created_at, author, note) select code, 2, name, 'legacy', definition || '{"formats":["csv"]}', now(), author, note from exports.profile where code = 'broken';
            delete from exports.run where profile_code = 'broken'
            """, ct: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Operator_matches_a_category_from_a_suggestion_and_the_next_file_says_so()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        const string path = "/quan-tri/xuat-du-lieu/google-merchant/nhom-hang";
        var first = await browser.GetAsync(path);
        Assert.Equal("", first.Page.QuerySelector("#nhom-food")!.GetAttribute("value") ?? "");
        Assert.Contains("Gợi ý: 422 (Food, Beverages & Tobacco > Food Items)", first.Text, StringComparison.Ordinal);
        var filled = await browser.GetAsync(first.Page.QuerySelector("a[href$='goi-y=true']")!.GetAttribute("href")!);
        Assert.Equal("422", filled.Page.QuerySelector("#nhom-food")!.GetAttribute("value"));
        Assert.Equal("430", filled.Page.QuerySelector("#nhom-fresh-fruit")!.GetAttribute("value"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(filled, path, ("values[fresh-fruit]", new string('a', 201)))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(filled, path, ("values[fresh-fruit]", "Fresh Fruits"))).Status);
        var profile = await CategoryMaps.ApplyAsync(market.Db, Profile.Read(await market.Db.SingleAsync<string>("select definition::text from exports.profile where code = 'google-merchant' order by version desc limit 1")), TestContext.Current.CancellationToken);
        Assert.Equal(("422", "Fresh Fruits", "1868"), (profile.Lookups!["google_taxonomy"]["food"], profile.Lookups["google_taxonomy"]["fresh-fruit"], profile.Lookups["google_taxonomy"]["coffee"]));
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where action = 'export.categories' and subject = 'feed:google-merchant'"));

        var saved = await browser.GetAsync(path);
        Assert.Equal("Fresh Fruits", saved.Page.QuerySelector("#nhom-fresh-fruit")!.GetAttribute("value"));
        await browser.SubmitAsync(saved, path, ("values[fresh-fruit]", ""));
        Assert.Equal("430", (await browser.GetAsync(path)).Page.QuerySelector("#nhom-fresh-fruit")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/quan-tri/xuat-du-lieu/open/nhom-hang")).Status);
    }

    [Fact]
    public async Task Operator_changes_a_column_sees_real_listings_and_the_next_file_has_it()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        const string profile = "/quan-tri/xuat-du-lieu/open", path = profile + "/sua", look = path + "/xem-thu";
        async Task<Answer> Press(Answer on, params (string Name, string Value)[] typed) => await browser.PostAsync(look, Browser.Fields((IHtmlFormElement)on.Page.QuerySelector("#ho-so")!, [("Formats", "csv"), ("Sample", goods.Slug), .. typed]));
        var opened = await Press(await browser.GetAsync(path), ("do", "open:0"));
        Assert.Equal("seller.publicId", opened.Page.QuerySelector("#Column-Name")!.GetAttribute("value"));

        var refused = await Press(opened, ("Column.Transforms", "trim\neval(1)"), ("Column.RequiredWhen", "variant.stock >"), ("Filter", "(variant.stock == 0"), ("Column.Name", "tự nó"), ("Column.From", "tự nó"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        string Beside(string field) => refused.Page.QuerySelector($"#{field}-error")!.TextContent;
        Assert.Contains("Không có phép biến đổi “eval”.", Beside("Column-Transforms"), StringComparison.Ordinal);
        Assert.Contains("Điều kiện bị thiếu ở cuối.", Beside("Column-RequiredWhen"), StringComparison.Ordinal);
        Assert.Contains("Điều kiện thiếu “)”.", Beside("Filter"), StringComparison.Ordinal);
        Assert.Contains("không có vòng lặp", Beside("Column-From"), StringComparison.Ordinal);
        var endless = await Press(opened, ("Filter", string.Join(" || ", Enumerable.Repeat("variant.stock == 0", 251))));
        Assert.Contains("Điều kiện dài hơn 1000 bước.", endless.Page.QuerySelector("#Filter-error")!.TextContent, StringComparison.Ordinal);

        var previewed = await Press(opened, ("Column.Transforms", "concat('-MẪU')"), ("Column.MaxLength", "12"));
        Assert.Contains("-MẪU", previewed.Page.QuerySelector("#xem-thu td")!.ParentElement!.ParentElement!.TextContent, StringComparison.Ordinal);
        Assert.Contains("(E02, maxLength=12)", previewed.Page.QuerySelector("#xem-thu")!.TextContent, StringComparison.Ordinal);
        var added = await Press(await Press(opened, ("Column.Transforms", "concat('-MẪU')")), ("do", "add"));
        Task<Answer> Save(Answer on, params (string Name, string Value)[] typed) => browser.SubmitAsync(on, path, [("Formats", "csv"), ("Column.Name", "custom_label_4"), ("Column.From", "seller.commune"), .. typed]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Save(added)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await Save(added, ("Note", "Thêm xã"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Save(await Press(added, ("do", "close")), ("Note", "Trang mở từ trước"))).Status);

        var beside = await browser.GetAsync(path);
        foreach (var taken in new[] { "meta", "Sàn Mẫu" })
            Assert.NotNull((await Save(beside, ("Note", "Sàn mới"), ("NewCode", taken))).Page.QuerySelector("#NewCode-error"));
        Assert.Equal(profile.Replace("open", "san-mau", StringComparison.Ordinal), (await Save(beside, ("Note", "Sàn mới"), ("NewCode", "san-mau"))).Location);

        await market.Site.Get<ExportRuns>().BuildAsync("open", "operator", TestContext.Current.CancellationToken);
        var (version, author, columns) = await market.Db.SingleAsync<(int, string, string[])>("select version, author, array(select c->>'name' from jsonb_array_elements(definition->'columns') c) from exports.profile where code = 'open' order by version desc limit 1");
        Assert.Equal((2, "custom_label_4"), (version, columns[^1]));
        Assert.Contains(author, (await browser.GetAsync(profile)).Text, StringComparison.Ordinal);
        var file = await browser.GetAsync(profile + "/tep.csv");
        Assert.EndsWith(",custom_label_4", file.Body.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Contains("-MẪU,", file.Body, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "db", "seed", "profile.schema.json"), TestContext.Current.CancellationToken), (await browser.GetAsync("/feeds/profile.schema.json")).Body);
    }

    [Fact]
    public async Task Seller_downloads_the_own_listings_and_hands_out_a_link_to_them_alone_until_it_is_revoked()
    {
        var (mine, theirs) = (await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3), await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3));
        var browser = await market.SignInAsync(mine.Seller);
        const string path = "/quan-ly/xuat-du-lieu";
        void IsMine(string file)
        {
            Assert.Contains("/san-pham/" + mine.Slug, file, StringComparison.Ordinal);
            Assert.DoesNotContain("/san-pham/" + theirs.Slug, file, StringComparison.Ordinal);
        }

        var page = await browser.GetAsync(path);
        IsMine((await browser.GetAsync(page.Page.QuerySelector("a[href$='/open/tep.csv']")!.GetAttribute("href")!)).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path + "/voso/tep.csv")).Status);
        var given = await browser.SubmitAndFollowAsync(page, path + "/open/lien-ket");
        var link = new Uri(given.Page.QuerySelector(".flash")!.TextContent.Trim().Split(' ')[^1]).PathAndQuery.Replace(".xlsx", ".csv", StringComparison.Ordinal);
        var feed = await market.Site.Open().GetAsync(link);
        IsMine(feed.Body);
        Assert.Equal(HttpStatusCode.NotModified, (await market.Site.Open().GetAsync(link, ("If-None-Match", feed.Message.Headers.ETag!.ToString()))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync(link.Replace(".csv", ".xml", StringComparison.Ordinal))).Status);
        await SuspendAsync(mine.Slug);
        Assert.DoesNotContain(mine.Slug, (await market.Site.Open().GetAsync(link)).Body, StringComparison.Ordinal);

        var key = given.Page.QuerySelector("form[action$='/thu-hoi'] [name=token]")!.GetAttribute("value")!;
        var stranger = await market.SignInAsync(theirs.Seller);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync(path + "/lien-ket/thu-hoi", [new("token", key), new("__RequestVerificationToken", (await stranger.TokenAsync())!)])).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(given, path + "/lien-ket/thu-hoi")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await market.Site.Open().GetAsync(link)).Status);
    }

    [Fact]
    public async Task Results_and_sales_of_a_platform_come_back_to_their_listings_and_only_to_their_seller_and_the_department()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var (mine, theirs) = (await market.Shop.GoodsAsync(seller, 3), await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3));
        var sku = await market.Db.SingleAsync<string>("select p.code from catalog.listing l join producers.product p on p.id = l.product_id where l.id = @ListingId", new { mine.ListingId }) + "-" + Convert.ToHexString(Codes.Hash(mine.Slug).AsSpan(0, 4));
        var browser = await market.SignInAsync(seller);
        const string path = "/quan-ly/xuat-du-lieu/san-lien-ket";
        var page = await browser.GetAsync(path);
        Assert.Contains("Chưa có tệp kết quả nào.", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, path, ("Pasted", "sku;status\nX;approved"))).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, path, ("Platform", "postmart"), ("Pasted", $"sku;status\n{theirs.Slug};approved"))).Status);

        var sent = await browser.SubmitAsync(page, path, ("Platform", "postmart"), ("Pasted", $"sku;status;reason;url\n{sku};approved;;\n{sku};bị từ chối;Ảnh mờ;https://san.example/7\n{theirs.Slug};approved;;"));
        Assert.Equal(HttpStatusCode.SeeOther, sent.Status);
        var told = await browser.GetAsync(sent.Location!);
        Assert.Contains("1 mã không có ở đây: " + theirs.Slug, told.Page.QuerySelector(".flash")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Ảnh mờ", told.Text, StringComparison.Ordinal);
        Assert.NotNull(told.Page.QuerySelector("a[href='https://san.example/7']"));

        var sales = $"sku;orders;revenue\n{sku};12;1.250.000\n";
        var undated = await browser.SubmitAsync(told, path, ("Platform", "postmart"), ("Pasted", sales));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, undated.Status);
        Assert.Equal(sales.Trim(), undated.Page.QuerySelector("[name=Pasted]")!.TextContent.Trim());
        for (var n = 0; n < 2; n++)
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(told, path, ("Platform", "postmart"), ("Pasted", sales), ("From", "2026-01-01"), ("Until", "2026-01-31"))).Status);
        Assert.Equal((1, 12L, 1_250_000L), await market.Db.SingleAsync<(int, long, long)>("select count(*)::int, sum(orders), sum(value_vnd)::bigint from exports.partner_sale where listing_id = @ListingId", new { mine.ListingId }));
        Assert.Contains("1.250.000", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Task<Answer> Told(string from, string until, params (string Name, string Value)[] more) => browser.SubmitAsync(told, path, [("Platform", "postmart"), ("Pasted", sales), ("From", from), ("Until", until), .. more]);
        var twice = await Told("2026-01-31", "2026-02-28");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, twice.Status);
        Assert.Contains("01/01/2026 – 31/01/2026", twice.Page.QuerySelector("#From-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await Told("2026-02-01", "2026-02-28")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await Told("2026-01-01", "2026-02-28", ("Replaces", "true"))).Status);
        Assert.Equal((1, 1_250_000L), await market.Db.SingleAsync<(int, long)>("select count(*)::int, sum(value_vnd)::bigint from exports.partner_sale where listing_id = @ListingId", new { mine.ListingId }));

        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        var board = await officer.GetAsync("/so-cong-thuong/san-lien-ket");
        Assert.Contains("Ảnh mờ", board.Text, StringComparison.Ordinal);
        Assert.Contains("1.250.000", board.Text, StringComparison.Ordinal);
        Assert.Null(board.Page.QuerySelector("main form[enctype]"));
        // Taken down here, it is still there: a platform that fetches nothing is told by hand, and that it was told is kept.
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(told, path, ("Platform", "postmart"), ("Pasted", $"sku;status;platform id\n{sku};approved;77"))).Status);
        Assert.DoesNotContain("Cần gỡ trên sàn", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        await SuspendAsync(mine.Slug);
        Assert.Contains("1 tin đã ngừng ở đây mà sàn khác vẫn bán", (await browser.GetAsync("/quan-ly/xuat-du-lieu")).Text, StringComparison.Ordinal);
        Assert.Contains("Cần gỡ trên sàn", (await officer.GetAsync("/so-cong-thuong/san-lien-ket")).Text, StringComparison.Ordinal);
        var still = await browser.GetAsync(path);
        var form = still.Page.QuerySelectorAll("form").OfType<IHtmlFormElement>().Single(f => f.QuerySelector("[type=hidden][name=Pasted]") is not null);
        Assert.Contains("77", form.Closest("tr")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(path, Browser.Fields(form))).Status);
        Assert.DoesNotContain("Cần gỡ trên sàn", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Equal(("removed", "77"), await market.Db.SingleAsync<(string, string)>("select status, platform_id from exports.partner_result where listing_id = @ListingId", new { mine.ListingId }));

        var other = await (await market.SignInAsync(theirs.Seller)).GetAsync(path);
        Assert.DoesNotContain("Ảnh mờ", other.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("1.250.000", other.Text, StringComparison.Ordinal);
    }

    private async Task SuspendAsync(string slug)
    {
        await using var tx = await market.Db.BeginAsync();
        Assert.True(await market.Site.Get<Listings>().SuspendAsync(tx, slug, "Ảnh sai", new Actor(null, Roles.Officer)));
        await tx.CommitAsync();
    }

    private async Task<string> TokenAsync(string profile)
    {
        var token = Codes.Secret();
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<FeedTokens>().AddAsync(tx, profile, token, "Thử", Actor.System);
        await tx.CommitAsync();
        return token;
    }
}
