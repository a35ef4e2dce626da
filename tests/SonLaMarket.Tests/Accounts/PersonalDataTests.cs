using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Npgsql;
using SonLaMarket.Accounts;
using SonLaMarket.Catalog;
using SonLaMarket.Exports;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Payments;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Accounts;

/// <summary>"Dữ liệu của tôi": seen, taken along, agreed to, asked about within the law's days, and erased without a trace that the law does not keep.</summary>
public sealed partial class PersonalDataTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Page = "/tai-khoan/du-lieu";
    private static int phones;

    [Fact]
    public async Task Every_open_request_is_reached_the_one_due_last_too()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Operator);
        await market.Db.ExecuteAsync("""
            insert into accounts.data_request (code, purchase_code, contact, kind, wish, opened_at, answer_by, due_on)
            select 'DAI' || lpad(n::text, 5, '0'), '', '', 'see', 'Xem dữ liệu', now(), current_date + 2, current_date + 300 + n / 2 from generate_series(1, 52) n
            """);
        var seen = new List<string>();
        for (var next = "/quan-tri/du-lieu-ca-nhan"; next is not null;)
        {
            var page = await browser.GetAsync(next);
            seen.AddRange(page.Page.QuerySelectorAll("main td a[href*='/du-lieu-ca-nhan/DAI']").Select(a => a.TextContent));
            next = page.Page.QuerySelector("main .pager a")?.GetAttribute("href");
        }
        Assert.Equal(Enumerable.Range(1, 52).Select(n => $"DAI{n:D5}"), seen);
        await market.Db.ExecuteAsync("delete from accounts.data_request where code like 'DAI%'");
    }

    [Fact]
    public async Task Erasing_leaves_no_value_of_the_person_in_any_table()
    {
        var person = new Canary();
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50);
        var (browser, id) = await LiveAsync(person, goods);
        var before = await market.Database.HoldingAsync(person.Values);
        foreach (var table in new[] { "accounts.person", "accounts.message", "accounts.passkey", "accounts.data_request", "files.stored_file", "producers.producer", "producers.producer_version", "producers.invitation", "origin.diary_entry", "origin.problem_report", "orders.purchase", "orders.cart" })
            Assert.Contains(before, f => f.StartsWith(table + ":", StringComparison.Ordinal));

        await browser.ConfirmAsync(Canary.Password);
        var erased = await browser.SubmitAsync(await browser.GetAsync(Page), Page + "/xoa", ("_yes", "1"));
        Assert.Equal("/da-xoa-du-lieu", erased.Location);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/tai-khoan")).Status);
        await market.Site.RunDueAsync();

        var left = await market.Database.HoldingAsync(person.Values);
        Assert.True(left.Count == 0, string.Join('\n', left));
        // What the law keeps stands masked, and still says that it was one somebody.
        Assert.Equal(("(đã xóa)", true, 1), await market.Db.SingleAsync<(string, bool, int)>("select name, erased_at is not null, (select count(*)::int from accounts.consent where person_id = p.id) from accounts.person p where id = @id", new { id }));
        Assert.Equal(["(đã xóa)"], await market.Db.QueryAsync<string>("select d.worker from origin.diary_entry d join origin.event e on e.id = d.event_id where e.person_id = @id", new { id }));
        Assert.Equal(("(đã xóa theo yêu cầu)", "", ""), await market.Db.SingleAsync<(string, string, string)>("select buyer_name, buyer_phone, address_line from orders.purchase order by id desc limit 1"));
        Assert.Equal("suspended", await market.Db.SingleAsync<string>("select p.status from producers.producer p where p.tax_code is null and p.representative = '' order by p.id desc limit 1"));
        Assert.True(await market.Db.SingleAsync<bool>("select exists (select 1 from accounts.audit where actor_id = @id and action = 'data.erase')", new { id }));
        Assert.True(await market.Db.SingleAsync<bool>("select exists (select 1 from accounts.access where person_id = @id)", new { id }));
    }

    [Fact]
    public async Task Everything_is_seen_and_comes_along_as_json_and_as_a_page()
    {
        var person = new Canary();
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50);
        var (browser, _) = await LiveAsync(person, goods);
        var unlocked = await market.Site.Open().SignInAsync(person.Email, Canary.Password);
        market.Site.Clock.Advance(Sessions.ConfirmedFor);
        Assert.StartsWith("/tai-khoan/xac-nhan", (await unlocked.GetAsync(Page + "/tai-ve?dang=json")).Location, StringComparison.Ordinal);
        await browser.ConfirmAsync(Canary.Password);
        var page = await browser.GetAsync(Page);
        Assert.Contains(person.Name, page.Text, StringComparison.Ordinal);
        Assert.Empty(page.Page.QuerySelectorAll("input[type=checkbox][checked]"));
        var json = await browser.GetAsync(Page + "/tai-ve?dang=json");
        Assert.Equal("attachment", json.Message.Content.Headers.ContentDisposition!.DispositionType);
        using var document = JsonDocument.Parse(json.Body);
        var sections = document.RootElement.GetProperty("sections").EnumerateArray().ToDictionary(s => s.GetProperty("key").GetString()!, s => s.GetProperty("records"), StringComparer.Ordinal);
        Assert.Equal(person.Phone, sections["account"][0].GetProperty("phone").GetString());
        foreach (var key in new[] { "access", "passkeys", "messages", "consents", "acts", "files", "producers", "diary", "reports", "orders", "carts" })
            Assert.NotEqual(0, sections[key].GetArrayLength());
        Assert.DoesNotContain(sections["messages"].EnumerateArray(), m => m.GetProperty("body").GetString()!.Contains("là mã", StringComparison.Ordinal));
        var html = await browser.GetAsync(Page + "/tai-ve?dang=html");
        Assert.Equal("text/html", html.Message.Content.Headers.ContentType!.MediaType);
        Assert.Contains(person.Street, html.Body, StringComparison.Ordinal);
    }

    /// <summary>Every value of every room is written for a person, in both languages: nothing that only the program reads.</summary>
    [Fact]
    public async Task No_value_is_a_word_of_the_code()
    {
        var person = new Canary();
        var (browser, _) = await LiveAsync(person, await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50));
        await browser.ConfirmAsync(Canary.Password);
        var (office, officer, _) = await market.SignInAsync(Roles.Officer);
        await office.ConfirmAsync();
        await market.Db.ExecuteAsync("""
            insert into supervision.decision (subject_kind, subject, decision, reason, officer_id, decided_at)
            select k, 'mau', d, 'Lý do mẫu', @officer, now() from unnest(array['producer', 'listing', 'certificate']) k, unnest(array['approve', 'return', 'suspend']) d;
            insert into accounts.access (person_id, at, what, method) select @officer, now(), 'begin', m from unnest(array['password+totp', 'passkey', 'code+recovery']) m;
            insert into accounts.access (person_id, at, what, method) values (@officer, now(), 'end', 'sign-out');
            insert into accounts.audit (actor_id, actor_role, action, subject, at) select @officer, 'officer', a, k, now() from unnest(@actions, @kinds) as x (a, k);
            """, new { officer = officer.PersonId, actions = AuditWords.Actions.Keys.ToArray(), kinds = AuditWords.Actions.Keys.Select((_, at) => AuditWords.Kinds.Keys.ElementAt(at % AuditWords.Kinds.Count) + ":mau").ToArray() });
        foreach (var (who, language) in new[] { (browser, ""), (browser, "/en"), (office, ""), (office, "/en") })
        {
            using var document = JsonDocument.Parse((await who.GetAsync(language + Page + "/tai-ve?dang=json")).Body);
            // How their orders were paid is told to buyers.
            Assert.Equal(who == browser ? 1 : 0, document.RootElement.GetProperty("sections").EnumerateArray().Count(s => s.GetProperty("key").GetString() == "payments"));
            var values = document.RootElement.GetProperty("sections").EnumerateArray().SelectMany(s => s.GetProperty("records").EnumerateArray()).SelectMany(r => r.EnumerateObject()).Where(f => f.Value.ValueKind == JsonValueKind.String).Select(f => (f.Name, Value: f.Value.GetString()!)).ToList();
            Assert.True(values.Count > 20, $"{values.Count} values");
            Assert.DoesNotContain(values, v => Coded().IsMatch(v.Value));
        }
    }

    [Fact]
    public async Task Nobody_sees_anothers_orders_by_typing_their_number()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50);
        var victim = NewPhone();
        await BuyAsync(market.Site.Open(), goods, "Nạn nhân mẫu", victim, "Ngõ kín 7");
        var thief = market.Site.Open();
        await thief.SubmitAsync(await thief.GetAsync("/dang-ky"), "/dang-ky", ("Name", "Kẻ gian mẫu"), ("SignIn", victim), ("Password", Canary.Password));
        await thief.SignInAsync(victim, Canary.Password);
        await thief.ConfirmAsync(Canary.Password);
        Assert.DoesNotContain("Ngõ kín 7", (await thief.GetAsync(Page + "/tai-ve?dang=json")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_consent_is_a_yes_with_its_words_and_a_withdrawal_counts_at_once()
    {
        var (browser, actor, signIn) = await market.SignInAsync(Roles.Buyer);
        await browser.ConfirmAsync();
        var (@operator, _, _) = await market.SignInAsync(Roles.Operator);
        Assert.DoesNotContain(signIn, (await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan/dong-y.csv?muc=news")).Body, StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GetAsync(Page), "/dong-y");
        var purpose = ConsentPurpose.All[0];
        Assert.Equal((true, purpose.Version, purpose.Hash, "web"), await market.Db.SingleAsync<(bool, string, string, string)>("select given, text_version, text_hash, channel from accounts.consent where person_id = @PersonId", new { actor.PersonId }));
        Assert.Contains(signIn, (await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan/dong-y.csv?muc=news")).Body, StringComparison.Ordinal);
        await browser.SubmitAsync(await browser.GetAsync(Page), "/dong-y");
        Assert.DoesNotContain(signIn, (await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan/dong-y.csv?muc=news")).Body, StringComparison.Ordinal);
        Assert.Equal([true, false], await market.Db.QueryAsync<bool>("select given from accounts.consent where person_id = @PersonId order by id", new { actor.PersonId }));
    }

    [Theory]
    [InlineData("2026-11-26", "2026-11-30")]
    [InlineData("2026-11-27", "2026-12-01")]
    [InlineData("2026-11-29", "2026-12-01")]
    [InlineData("2026-11-30", "2026-12-02")]
    public void The_first_answer_is_due_in_two_working_days(string opened, string due) => Assert.Equal(DateOnly.Parse(due, System.Globalization.CultureInfo.InvariantCulture), DataRequestKind.AnswerBy(DateOnly.Parse(opened, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("see", 10)]
    [InlineData("correct", 10)]
    [InlineData("copy", 10)]
    [InlineData("withdraw", 15)]
    [InlineData("restrict", 15)]
    [InlineData("object", 15)]
    [InlineData("erase", 20)]
    public void Each_request_has_the_days_of_the_law(string kind, int days) => Assert.Equal(new DateOnly(2026, 1, 1).AddDays(days), DataRequestKind.Find(kind)!.DueOn(new DateOnly(2026, 1, 1)));

    [Fact]
    public async Task A_request_is_answered_closed_and_marked_when_late()
    {
        var (browser, _, signIn) = await market.SignInAsync(Roles.Buyer);
        await browser.ConfirmAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync(Page), "/yeu-cau", ("Form.Kind", "restrict"))).Status);
        await browser.SubmitAsync(await browser.GetAsync(Page), "/yeu-cau", ("Form.Kind", "restrict"), ("Form.Wish", "Đừng dùng số của tôi để thống kê."));
        var code = await market.Db.SingleAsync<string>("select r.code from accounts.data_request r join accounts.person p on p.id = r.person_id where p.email = @signIn", new { signIn });
        await market.Db.ExecuteAsync("update accounts.data_request set answer_by = answer_by - 30, due_on = due_on - 30 where code = @code", new { code });
        var (@operator, _, _) = await market.SignInAsync(Roles.Operator);
        var row = (await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan")).Page.QuerySelectorAll("tr").Single(r => r.TextContent.Contains(code, StringComparison.Ordinal));
        Assert.Equal(2, row.QuerySelectorAll(".badge--bad").Length);
        var request = await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan/" + code);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await @operator.SubmitAsync(request, "/tra-loi", ("Form.Answer", "ok"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await @operator.SubmitAsync(request, "/tra-loi", ("Form.Answer", "Chúng tôi đã ngừng thống kê theo số của bạn."))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await @operator.SubmitAsync(request, "/tra-loi", ("Form.Answer", "Trả lời lần thứ hai."))).Status);
        var fields = Browser.Fields((AngleSharp.Html.Dom.IHtmlFormElement)request.Page.QuerySelector("form[action$='/tra-loi']")!, ("Form.Answer", "Đã làm xong như bạn muốn."));
        Assert.Equal(HttpStatusCode.SeeOther, (await @operator.PostAsync($"/quan-tri/du-lieu-ca-nhan/{code}/da-lam", fields)).Status);
        Assert.Contains("Đã làm xong như bạn muốn.", (await browser.GetAsync(Page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Erasing_waits_for_an_open_order_and_the_operator_does_it_afterwards()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Buyer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50);
        await BuyAsync(browser, goods, "Người mua mẫu", NewPhone(), "Số 9");
        await browser.ConfirmAsync();
        var refused = await browser.SubmitAsync(await browser.GetAsync(Page), Page + "/xoa", ("_yes", "1"));
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("Còn 1 đơn mua", refused.Text, StringComparison.Ordinal);
        var code = await market.Db.SingleAsync<string>("select code from accounts.data_request where person_id = @PersonId and kind = 'erase' and closed_at is null", new { actor.PersonId });
        var (@operator, _, _) = await market.SignInAsync(Roles.Operator);
        var request = await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan/" + code);
        Assert.Null(request.Page.QuerySelector("form[action$='/xoa']"));
        await market.Db.ExecuteAsync("update orders.sub_order s set status = 'delivered' from orders.purchase u where u.id = s.purchase_id and u.person_id = @PersonId", new { actor.PersonId });
        Assert.Equal(HttpStatusCode.SeeOther, (await @operator.SubmitAsync(await @operator.GetAsync("/quan-tri/du-lieu-ca-nhan/" + code), "/xoa", ("_yes", "1"))).Status);
        Assert.True(await market.Db.SingleAsync<bool>("select erased_at is not null from accounts.person where id = @PersonId", new { actor.PersonId }));
    }

    [Fact]
    public async Task An_officer_is_not_erased_and_the_last_owner_hands_over_first()
    {
        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        await officer.ConfirmAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await officer.SubmitAsync(await officer.GetAsync(Page), Page + "/xoa", ("_yes", "1"))).Status);
        var seller = await market.Shop.SellerAsync();
        var (_, staff, _) = await market.SignInAsync(Roles.Seller);
        await market.Db.ExecuteAsync("insert into producers.member (producer_id, person_id, role, joined_at) values (@ProducerId, @staff, 'staff', now())", new { seller.ProducerId, staff = staff.PersonId });
        var owner = await (await market.SignInAsync(seller)).ConfirmAsync();
        Assert.Equal(HttpStatusCode.Conflict, (await owner.SubmitAsync(await owner.GetAsync(Page), Page + "/xoa", ("_yes", "1"))).Status);
        Assert.Equal("approved", await market.Db.SingleAsync<string>("select status from producers.producer where id = @ProducerId", new { seller.ProducerId }));
    }

    [Fact]
    public async Task A_guest_sees_one_order_and_erases_all_of_their_number_with_a_code_sent_there()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 50);
        var person = new Canary();
        var guest = market.Site.Open();
        await BuyAsync(guest, goods, person.Name, person.Phone, person.Street);
        await BuyAsync(market.Site.Open(), goods, person.Name, person.Phone, person.Street + " tầng 2");
        var code = await market.Db.SingleAsync<string>("select code from orders.purchase where buyer_phone = @Phone order by id limit 1", new { person.Phone });
        var finder = market.Site.Open();
        var order = await finder.SubmitAsync(await finder.GetAsync("/don-hang"), "/don-hang", ("code", code), ("tel", person.Phone));
        var data = order.Location!.Replace("?k=", "/du-lieu?k=", StringComparison.Ordinal);
        var page = await finder.GetAsync(data);
        Assert.Contains(person.Street, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("tầng 2", page.Text, StringComparison.Ordinal);
        var paid = page.Page.QuerySelectorAll("main .card").Single(c => c.QuerySelector("h2")!.TextContent == "Khoản thanh toán đơn mua");
        Assert.Contains("giữ 10 năm theo Luật Kế toán", paid.TextContent, StringComparison.Ordinal);
        Assert.Equal([code + "-1"], paid.QuerySelectorAll("dt").Where(t => t.TextContent == "Mã đơn").Select(t => t.NextElementSibling!.TextContent.Trim()));
        Assert.Contains(person.Name, (await finder.GetAsync(order.Location!.Replace("?k=", "/du-lieu/tai-ve?dang=json&k=", StringComparison.Ordinal))).Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync($"/don-hang/{code}/du-lieu?k=sai")).Status);

        await market.Db.ExecuteAsync("update orders.sub_order s set status = 'delivered' from orders.purchase u where u.id = s.purchase_id and u.buyer_phone = @Phone", new { person.Phone });
        var asked = await finder.SubmitAndFollowAsync(page, "/du-lieu/ma");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await finder.SubmitAsync(asked, "/du-lieu/xoa", ("Code", "12345"))).Status);
        Assert.Equal("/da-xoa-du-lieu", (await finder.SubmitAsync(asked, "/du-lieu/xoa", ("Code", await market.Db.CodeAsync(person.Phone)))).Location);
        var left = await market.Database.HoldingAsync(person.Values);
        Assert.True(left.Count == 0, string.Join('\n', left));
    }

    [Fact]
    public async Task The_diary_changes_nowhere_but_in_a_name_struck_out()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 5);
        await DiaryAsync(goods.Seller, goods.LotCode, "Lường Văn Mẫu");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => market.Db.ExecuteAsync("update origin.diary_entry set worker = '(đã xóa)'"))).SqlState);
        await using var source = NpgsqlDataSource.Create(market.Database.OwnerConnectionString);
        var owner = new Db(source);
        foreach (var change in new[] { "worker = 'Người khác'", "note = 'Khác'", "worker = '(đã xóa)', note = 'Khác'", "worker = '(đã xóa)', corrected = true", "recorded_at = now()" })
            Assert.Equal("23001", (await Assert.ThrowsAsync<PostgresException>(() => owner.ExecuteAsync($"update origin.diary_entry set {change}"))).SqlState);
    }

    /// <summary>Does all that leaves traces of a person.</summary>
    private async Task<(Browser Browser, long Id)> LiveAsync(Canary person, Goods goods)
    {
        var site = market.Site;
        var browser = site.Open();
        var sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/dang-ky"), "/dang-ky", ("Name", person.Name), ("SignIn", person.Phone));
        await browser.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(person.Phone)));
        var id = await market.Db.SingleAsync<long>("select id from accounts.person where phone = @Phone", new { person.Phone });
        var confirm = await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/xac-nhan"), "/gui-ma");
        await browser.SubmitAsync(confirm, "/nhap", ("Code", await market.Db.CodeAsync(person.Phone)));
        await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/mat-khau"), "/mat-khau", ("Next", Canary.Password));
        sent = await browser.SubmitAndFollowAsync(await browser.GetAsync("/tai-khoan/lien-lac"), "/lien-lac", ("Contact", person.Email));
        await browser.SubmitAsync(sent, "/nhap", ("Code", await market.Db.CodeAsync(person.Email)));
        using var device = new Authenticator();
        await browser.AddPasskeyAsync(device);
        await browser.SubmitAsync(await browser.GetAsync("/tai-khoan/khoa"), "/khoa/ten", ("Name", "Máy " + person.Word));
        await browser.SubmitAsync(await browser.GetAsync(Page), "/dong-y");
        await browser.SubmitAsync(await browser.GetAsync(Page), "/yeu-cau", ("Form.Kind", "object"), ("Form.Wish", "Tôi là " + person.Name));
        await site.Open().SubmitAsync(await site.Open().GetAsync("/dang-nhap"), "/dang-nhap", ("SignIn", person.Email), ("Password", "sai"));
        await SellAsync(person, id);
        await BuyAsync(browser, goods, person.Name, person.Phone, person.Street);
        await market.Db.ExecuteAsync("update orders.sub_order s set status = 'delivered' from orders.purchase u where u.id = s.purchase_id and u.buyer_phone = @Phone", new { person.Phone });
        var cart = await new Buyer(site).WithAsync(goods);
        await cart.DetailsAsync("cod", ("name", person.Name), ("tel", person.Phone), ("street-address", person.Street));
        return (browser, id);
    }

    private async Task SellAsync(Canary person, long id)
    {
        var actor = new Actor(id, Roles.Seller);
        var site = market.Site;
        string lot;
        await using (var tx = await market.Db.BeginAsync())
        {
            var register = site.Get<ProducerRegister>();
            var producer = (await register.CreateAsync(tx, new ProducerDraft("household", $"Hộ mẫu {id}", $"01420000{id % 10000:D4}", person.Name, person.Phone, person.Email, "03646", person.Street, "", "", null, null, "", [], true), id, actor))!.Value;
            var slug = await tx.SingleAsync<string>("select slug from producers.producer where id = @producer", new { producer });
            Assert.True(await register.SubmitAsync(tx, producer, id, actor));
            Assert.True(await register.ApproveAsync(tx, slug, 1, new Actor(null, Roles.Officer)));
            var category = await tx.FirstOrDefaultAsync<string>("select slug from producers.category where parent_slug is not null order by sort limit 1");
            var product = (await site.Get<Products>().AddAsync(tx, producer, new ProductDraft("Na mẫu", "", category!, null, null, "g", null, "Na mẫu để thử.", "", null, [], []), actor))!;
            lot = (await site.Get<Lots>().OpenAsync(tx, new NewLot(product, null, DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime).AddDays(-1), null, null, null, 1000), id, actor))!;
            await site.Get<Uploads>().AddPdfAsync(tx, $"producer:{producer}", $"giay-to-{person.Word}.pdf", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"u8.ToArray(), actor);
            await tx.ExecuteAsync("insert into origin.problem_report (code, note, contact, reported_at, subject, matter) values ('X', 'Tem lạ', @Spoken, now(), 'label', 'unknown')", new { person.Spoken });
            var inviter = await market.Shop.SellerAsync();
            await site.Get<Members>().InviteAsync(tx, inviter.ProducerId, new Contact(person.Email), MemberRole.Staff, inviter.PersonId, new Actor(inviter.PersonId, Roles.Seller));
            await tx.CommitAsync();
        }
        await using var more = await market.Db.BeginAsync();
        await site.Get<Diary>().AddAsync(more, lot, id, new DiaryDraft(null, "care", DateOnly.FromDateTime(site.Clock.GetUtcNow().UtcDateTime).AddDays(-2), null, null, null, null, null, null, person.Name, null, "Tỉa cành", []), actor);
        await more.CommitAsync();
    }

    private async Task DiaryAsync(Seller seller, string lot, string worker)
    {
        await using var tx = await market.Db.BeginAsync();
        await market.Site.Get<Diary>().AddAsync(tx, lot, seller.PersonId, new DiaryDraft(null, "care", DateOnly.FromDateTime(market.Site.Clock.GetUtcNow().UtcDateTime).AddDays(-2), null, null, null, null, null, null, worker, null, "Tỉa cành", []), new Actor(seller.PersonId, Roles.Seller));
        await tx.CommitAsync();
    }

    private static async Task BuyAsync(Browser browser, Goods goods, string name, string phone, string street)
    {
        await browser.PostAsync("/gio-hang", new Dictionary<string, string>(StringComparer.Ordinal) { ["listing"] = goods.Slug, ["quantity"] = "1" });
        await browser.SubmitAsync(await browser.GetAsync("/thanh-toan"), "/thanh-toan",
            ("name", name), ("tel", phone), ("address-level1", "14"), ("address-level2", "03646"), ("street-address", street), ("note", "Gọi " + name), ("payment", "cod"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync("/thanh-toan/xac-nhan"), "/thanh-toan/xac-nhan")).Status);
    }

    /// <summary>Small letters of ASCII and what stands between them: "sign-out", "image/jpeg", "producer:htx-mau".</summary>
    [GeneratedRegex("^([a-z]+([-._+/][a-z]+)*|[a-z-]+:[^ ]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Coded();

    private static string NewPhone() => $"0004{Interlocked.Increment(ref phones):D6}";

    /// <summary>A person of whom every value is unmistakable.</summary>
    private sealed class Canary
    {
        public const string Password = "chim-hoang-yen-hot-71";
        private readonly int number = Interlocked.Increment(ref phones);

        public string Word => $"hoangyen{number}z";

        public string Name => $"Lò Thị Hoangyen{number}z";

        public string Phone => $"0003{number:D6}";

        public string Spoken => $"{Phone[..4]} {Phone[4..7]}.{Phone[7..]}";

        public string Email => $"hoangyen{number}z@example.invalid";

        public string Street => $"Ngách Hoangyen{number}z, số 5";

        public IEnumerable<string> Values => [Word, Phone, Spoken];
    }
}
