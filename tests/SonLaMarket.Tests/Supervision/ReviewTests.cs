using System.Net;
using SonLaMarket.Catalog;
using SonLaMarket.Files;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>The queue and the dossiers: a decision is on exactly one version, with its reason and its checklist.</summary>
public sealed partial class ReviewTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private readonly Office office = new(market);

    [Fact]
    public async Task Queue_shows_what_waits_longest_first_and_by_kind()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var goods = await market.Shop.GoodsAsync(seller, 3);
        var certificate = await office.CertificateAsync(seller, Vietnamese.Today(market.Site.Clock).AddDays(90));
        market.Site.Clock.Advance(TimeSpan.FromDays(2));
        await office.ResubmitAsync(goods, "Mận hậu chờ duyệt hai ngày sau");

        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var links = await LinksAsync(browser, "/so-cong-thuong/duyet");
        var first = links.IndexOf($"/so-cong-thuong/duyet/chung-nhan/{certificate}");
        var second = links.IndexOf($"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/2");
        Assert.True(first >= 0 && second > first, string.Join('\n', links));
        Assert.Contains("2 ngày", (await browser.GetAsync("/so-cong-thuong/duyet?loai=certificate")).Text, StringComparison.Ordinal);
        Assert.All(await LinksAsync(browser, "/so-cong-thuong/duyet?loai=listing"), l => Assert.StartsWith("/so-cong-thuong/duyet/tin-dang/", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_turns_its_pages_without_losing_or_repeating_a_row()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var seller = await market.Shop.SellerAsync(online: false);
        var sent = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 34; i++)
            sent.Add($"/so-cong-thuong/duyet/chung-nhan/{await office.CertificateAsync(seller, Vietnamese.Today(market.Site.Clock).AddDays(90))}");
        var seen = await LinksAsync(browser, "/so-cong-thuong/duyet?loai=certificate");
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Superset(sent, seen.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Approval_makes_exactly_this_version_public_and_keeps_officer_and_checklist()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var before = await market.Db.SingleAsync<string>("select title from catalog.listing where slug = @Slug", goods);
        var version = await office.ResubmitAsync(goods, "Mận hậu tên mới");
        var dossier = await browser.GetAsync($"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/{version}");
        Assert.Equal(before, dossier.Page.QuerySelector(".diff del")!.TextContent);
        Assert.Equal("Mận hậu tên mới", dossier.Page.QuerySelector(".diff ins")!.TextContent);
        Assert.Contains(goods.LotCode, dossier.Text, StringComparison.Ordinal);

        var checks = Office.Ticked(dossier);
        var unseen = await Office.DecideAsync(browser, dossier, "phe-duyet", checks[..^1]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unseen.Status);
        Assert.Contains("đánh dấu đủ 5 mục", unseen.Page.QuerySelector("#Checks-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, await market.Db.SingleAsync<int>("select public_version from catalog.listing where slug = @Slug", goods));
        var answer = await Office.DecideAsync(browser, dossier, "phe-duyet", checks);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Contains($"Đã duyệt tin “Mận hậu tên mới”, bản {version}.", (await browser.GetAsync("/so-cong-thuong/duyet")).Page.QuerySelector(".flash")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(version, await market.Db.SingleAsync<int>("select public_version from catalog.listing where slug = @Slug", goods));
        var kept = await market.Db.SingleAsync<(string Decision, int Version, long OfficerId, string Checks)>(
            "select decision, version, officer_id, checklist->>4 from supervision.decision where subject_kind = 'listing' and subject = @Slug", goods);
        Assert.Equal(("approve", version, officer.PersonId!.Value, "Chứng nhận còn hạn và đúng phạm vi, hoặc tin không nêu chứng nhận"), kept);
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from accounts.audit where subject = @subject and action = 'listing.approve' and actor_id = @PersonId", new { subject = "listing:" + goods.Slug, officer.PersonId }));
    }

    [Fact]
    public async Task Return_wants_a_reason_and_leaves_the_public_version()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var version = await office.ResubmitAsync(goods, "Mận hậu cần sửa");
        var dossier = await browser.GetAsync($"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/{version}");
        var refused = await Office.DecideAsync(browser, dossier, "tra-lai", ("Reason", "ảnh"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("ảnh", refused.Page.QuerySelector("textarea[name=Reason]")!.TextContent);
        Assert.NotNull(refused.Page.QuerySelector("#Reason-error"));

        var returned = await Office.DecideAsync(browser, refused, "tra-lai", ("Template", "Ảnh không rõ sản phẩm."), ("Reason", "Chụp lại ban ngày."));
        Assert.Equal(HttpStatusCode.SeeOther, returned.Status);
        var state = await market.Db.SingleAsync<(string Status, string Reason, int Public)>("select status, status_reason, public_version from catalog.listing where slug = @Slug", goods);
        Assert.Equal(("returned", "Ảnh không rõ sản phẩm. Chụp lại ban ngày.", 1), state);
    }

    [Fact]
    public async Task Decision_on_a_version_that_no_longer_waits_answers_409_leads_to_the_waiting_one_and_changes_nothing()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var old = await office.ResubmitAsync(goods, "Mận hậu bản hai");
        var dossier = await browser.GetAsync($"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/{old}");
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<Listings>().ReturnAsync(tx, goods.Slug, old, "Sửa tên", [], new Actor(null, Roles.Officer)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var waiting = await office.ResubmitAsync(goods, "Mận hậu bản ba");

        foreach (var verb in new[] { "phe-duyet", "tra-lai" })
        {
            var answer = await Office.DecideAsync(browser, dossier, verb, [("Reason", "Lý do đủ dài"), .. Office.Ticked(dossier)]);
            Assert.Equal(HttpStatusCode.Conflict, answer.Status);
            Assert.NotNull(answer.Page.QuerySelector($".dossier__decide a[href$='/{goods.Slug}/{waiting}']"));
        }
        Assert.Equal(1, await market.Db.SingleAsync<int>("select public_version from catalog.listing where slug = @Slug", goods));
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from supervision.decision where subject = @Slug", goods));
    }

    [Fact]
    public async Task Second_of_two_officers_is_told_that_it_is_decided()
    {
        var (one, _, _) = await market.SignInAsync(Roles.Officer);
        var (other, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var version = await office.ResubmitAsync(goods, "Mận hậu hai cán bộ");
        var path = $"/so-cong-thuong/duyet/tin-dang/{goods.Slug}/{version}";
        var (first, second) = (await one.GetAsync(path), await other.GetAsync(path));
        var answers = await Task.WhenAll(Office.DecideAsync(one, first, "phe-duyet", Office.Ticked(first)), Office.DecideAsync(other, second, "phe-duyet", Office.Ticked(second)));
        Assert.Equal([HttpStatusCode.SeeOther, HttpStatusCode.Conflict], answers.Select(a => a.Status).Order());
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from supervision.decision where subject = @Slug", goods));
    }

    [Fact]
    public async Task Producer_is_reviewed_returned_approved_and_suspended_once()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var person = await market.SignInAsync(Roles.Seller);
        var register = market.Site.Get<ProducerRegister>();
        string slug;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var draft = new ProducerDraft("household", "Hộ mẫu chờ duyệt", null, "Lò Thị Mẫu", "0007654321", "", "03646", "Bản mẫu", "", "", null, null, "Trồng mận.", [], true);
            var id = (await register.CreateAsync(tx, draft, person.Actor.PersonId!.Value, person.Actor))!.Value;
            Assert.True(await register.SubmitAsync(tx, id, person.Actor.PersonId.Value, person.Actor));
            slug = await tx.SingleAsync<string>("select slug from producers.producer where id = @id", new { id });
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var dossier = await browser.GetAsync($"/so-cong-thuong/duyet/co-so/{slug}/1");
        Assert.Contains("0007 654 321", dossier.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Office.DecideAsync(browser, dossier, "tra-lai")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await Office.DecideAsync(browser, dossier, "phe-duyet", Office.Ticked(dossier))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Office.DecideAsync(browser, dossier, "phe-duyet", Office.Ticked(dossier))).Status);
        var approved = await browser.GetAsync($"/so-cong-thuong/duyet/co-so/{slug}/1");
        Assert.Equal(HttpStatusCode.SeeOther, (await Office.DecideAsync(browser, approved, "tam-ngung", ("Reason", "Giấy phép hết hạn"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Office.DecideAsync(browser, approved, "tam-ngung", ("Reason", "Giấy phép hết hạn"))).Status);
        Assert.Equal(["approve", "suspend"], await market.Db.QueryAsync<string>("select decision from supervision.decision where subject = @slug order by id", new { slug }));
    }

    [Fact]
    public async Task Certificate_is_compared_with_its_scan_verified_and_later_revoked()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var seller = await market.Shop.SellerAsync(online: false);
        var pdf = "%PDF-1.4 bản chụp mẫu"u8.ToArray();
        Guid file;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            file = (await market.Site.Get<Uploads>().AddPdfAsync(tx, $"producer:{seller.ProducerId}", "vietgap.pdf", pdf, officer))!.Value;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var id = await office.CertificateAsync(seller, Vietnamese.Today(market.Site.Clock).AddDays(-1), file);
        var path = $"/so-cong-thuong/duyet/chung-nhan/{id}";
        var dossier = await browser.GetAsync(path);
        Assert.Contains("Hết hạn", dossier.Text, StringComparison.Ordinal);
        var scan = await browser.GetAsync(dossier.Page.QuerySelector("a[href$='/ban-chup']")!.GetAttribute("href")!);
        Assert.Equal("application/pdf", scan.Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal(pdf, await scan.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.SeeOther, (await Office.DecideAsync(browser, dossier, "phe-duyet", Office.Ticked(dossier))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Office.DecideAsync(browser, dossier, "tra-lai", ("Reason", "Không khớp"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await Office.DecideAsync(browser, await browser.GetAsync(path), "tam-ngung", ("Reason", "Nơi cấp đã hủy"))).Status);
        Assert.Equal("revoked", await market.Db.SingleAsync<string>("select status from producers.certificate where id = @id", new { id }));
        Assert.Equal(HttpStatusCode.Forbidden, (await (await market.SignInAsync(seller)).GetAsync(path + "/ban-chup")).Status);
    }

    [Fact]
    public async Task Code_of_a_growing_area_names_its_scheme_is_compared_by_an_officer_and_lots_keep_its_state_of_their_day_of_harvest()
    {
        var stall = await Stall.OpenAsync(market);
        var seller = await market.SignInAsync(stall.Seller);
        var (office, _, _) = await market.SignInAsync(Roles.Officer);
        var today = Vietnamese.Today(market.Site.Clock);
        var form = await seller.GetAsync("/quan-ly/vung-trong");
        (string, string)[] typed = [("Name", "Nương có mã"), ("CommuneCode", "03646"), ("Code", "vn-slor-0042"), ("Scheme", "export"), ("IssuedOn", Vietnamese.Date(today.AddDays(1)))];
        var refused = await seller.SubmitAsync(form, "/vung-trong", typed);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        foreach (var field in new[] { "Markets", "SpecialitySlug", "IssuedOn" })
            Assert.NotNull(refused.Page.QuerySelector($"#{field}-error"));
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(refused, "/vung-trong", ("Markets", "CN"), ("SpecialitySlug", "man-hau"), ("IssuedOn", Vietnamese.Date(today)))).Status);
        Assert.Contains("Xuất khẩu: Trung Quốc", (await seller.GetAsync("/quan-ly/vung-trong")).Text, StringComparison.Ordinal);

        var id = await market.Db.SingleAsync<Guid>("select id from producers.growing_area where code = 'VN-SLOR-0042'", ct: TestContext.Current.CancellationToken);
        Assert.Equal("active", await HarvestedAsync(today));
        // It may be changed; a lot keeps what was copied to it, and of two open pages the last one does not win unnoticed.
        var old = await seller.GetAsync($"/quan-ly/vung-trong/{id}");
        Assert.Equal(HttpStatusCode.SeeOther, (await SavedAsync(old, ("Code", "VN-SLOR-0043"), ("Area", "1,5 ha"))).Status);
        Assert.Equal(("VN-SLOR-0043", 15_000, "VN-SLOR-0042"), await market.Db.SingleAsync<(string, long, string)>("select a.code, a.area_m2, l.growing_area_code from producers.growing_area a join origin.lot l on l.growing_area_id = a.id where a.id = @id", new { id }));
        var meanwhile = await SavedAsync(old, ("Name", "Nương trên"));
        Assert.Equal(HttpStatusCode.Conflict, meanwhile.Status);
        Assert.Contains("VN-SLOR-0043", meanwhile.Page.GetElementById("Code-error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await SavedAsync(meanwhile)).Status);
        Assert.Equal(("Nương trên", "VN-SLOR-0042", 2), await market.Db.SingleAsync<(string, string, int)>("select a.name, a.code, (select count(*)::int from accounts.audit u where u.action = 'growing-area.change' and u.subject = 'growing-area:' || a.id) from producers.growing_area a where a.id = @id", new { id }));
        Assert.Equal(HttpStatusCode.NotFound, (await (await market.SignInAsync((await Stall.OpenAsync(market)).Seller)).GetAsync($"/quan-ly/vung-trong/{id}")).Status);
        var waiting = await office.GetAsync("/so-cong-thuong/vung-trong?trang-thai=cho");
        Assert.Contains("VN-SLOR-0042", waiting.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await FoundAsync("suspended", "")).Status);
        // What its producer writes while the officer compares is compared again: nothing is found of what nobody saw.
        Assert.Equal(HttpStatusCode.SeeOther, (await SavedAsync(await seller.GetAsync($"/quan-ly/vung-trong/{id}"), ("Markets", "US"))).Status);
        var unseen = await office.SubmitAsync(waiting, $"{id}?trang-thai=cho", ("status", "active"));
        Assert.Equal((HttpStatusCode.Conflict, 0), (unseen.Status, await market.Db.SingleAsync<int>("select count(*)::int from producers.growing_area_finding where growing_area_id = @id", new { id })));
        Assert.Contains("đã đổi sau khi bạn mở trang", unseen.Page.QuerySelector(".error-summary")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await SavedAsync(await seller.GetAsync($"/quan-ly/vung-trong/{id}"), ("Markets", "CN"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await FoundAsync("active", "")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await FoundAsync("suspended", "Bỏ hồ sơ phun thuốc")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await FoundAsync("suspended", "Bỏ hồ sơ phun thuốc")).Status);
        Assert.NotNull((await SavedAsync(await seller.GetAsync($"/quan-ly/vung-trong/{id}"), ("Code", "VN-SLOR-0044"))).Page.GetElementById("Code-error"));
        // The field is the field where it grew, whatever became of its code.
        foreach (var page in new[] { $"/quan-ly/tin-dang/{stall.Slug}/dang-lai", "/quan-ly/lo/moi" })
            Assert.Contains("(Bị tạm ngừng)", (await seller.GetAsync(page)).Text, StringComparison.Ordinal);
        // Opened late, the lot of yesterday is still of a valid code.
        Assert.Equal(("active", "suspended"), (await HarvestedAsync(today.AddDays(-1)), await HarvestedAsync(today)));
        Assert.Equal(HttpStatusCode.SeeOther, (await FoundAsync("revoked", "Cục thu hồi mã")).Status);
        Assert.Null((await office.GetAsync("/so-cong-thuong/vung-trong?trang-thai=revoked")).Page.QuerySelector($"form[action*='{id}']"));
        Assert.Equal(HttpStatusCode.Conflict, (await office.SubmitAsync(waiting, $"{id}?trang-thai=cho", ("status", "active"))).Status);
        Assert.Equal(2, await market.Db.SingleAsync<int>("select count(*)::int from accounts.message where key like 'area-code-ended:%' and key not like '%:email'", ct: TestContext.Current.CancellationToken));
        var lot = await market.Db.SingleAsync<string>("select code from origin.lot where growing_area_id = @id order by id desc limit 1", new { id }, TestContext.Current.CancellationToken);
        var said = (await market.Site.Open().GetAsync("/lo/" + lot)).Text;
        foreach (var words in new[] { "VN-SLOR-0042 (không hiệu lực khi thu hoạch)", "Xuất khẩu: Trung Quốc", "cán bộ đối chiếu ngày " + Vietnamese.Date(today) })
            Assert.Contains(words, said, StringComparison.Ordinal);
        // Of a code that the area was given later neither its terms nor what was found of the one before are told.
        await market.Db.ExecuteAsync("update producers.growing_area set code = 'VN-SLOR-0045', status = 'active' where id = @id", new { id }, TestContext.Current.CancellationToken);
        said = (await market.Site.Open().GetAsync($"/lo/{lot}?ma=moi")).Text;
        Assert.Contains("VN-SLOR-0042 (không hiệu lực khi thu hoạch)", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Xuất khẩu: Trung Quốc", said, StringComparison.Ordinal);
        Assert.DoesNotContain("cán bộ đối chiếu ngày " + Vietnamese.Date(today), said.Split("VN-SLOR-0042")[1].Split("Số lượng")[0], StringComparison.Ordinal);
        Assert.Equal(("active", "VN-SLOR-0042"), (await HarvestedAsync(today), await market.Db.SingleAsync<string>("select string_agg(distinct code, ' ') from producers.growing_area_finding where growing_area_id = @id", new { id })));

        async Task<Answer> FoundAsync(string status, string reason) => await office.SubmitAsync(await office.GetAsync("/so-cong-thuong/vung-trong"), id.ToString(), ("status", status), ("reason", reason));

        Task<Answer> SavedAsync(Answer page, params (string, string)[] fields) => seller.SubmitAsync(page, id.ToString(), fields);

        async Task<string?> HarvestedAsync(DateOnly day)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { stall.LotId });
            var code = await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, id, day, null, null, null, 1_000), stall.Seller.PersonId, new Actor(stall.Seller.PersonId, Roles.Seller));
            var state = await tx.SingleAsync<string?>("select growing_area_status from origin.lot where code = @code", new { code });
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            return state;
        }
    }

    [Theory]
    [InlineData("/so-cong-thuong")]
    [InlineData("/so-cong-thuong/duyet")]
    [InlineData("/so-cong-thuong/giam-sat")]
    [InlineData("/so-cong-thuong/giam-sat.csv")]
    [InlineData("/so-cong-thuong/thu-hoi")]
    [InlineData("/so-cong-thuong/lo-bi-chan")]
    [InlineData("/so-cong-thuong/vung-trong")]
    [InlineData("/so-cong-thuong/bao-cao-tem")]
    [InlineData("/so-cong-thuong/nhat-ky-he-thong")]
    public async Task Officers_pages_are_for_officers_alone(string path)
    {
        Assert.Equal(HttpStatusCode.OK, (await (await market.SignInAsync(Roles.Officer)).Browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await market.SignInAsync(Roles.Seller)).Browser.GetAsync(path)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await market.SignInAsync(Roles.Operator)).Browser.GetAsync(path)).Status);
        var signedOut = await market.Site.Open().GetAsync(path);
        Assert.Equal(HttpStatusCode.Redirect, signedOut.Status);
        Assert.StartsWith("/dang-nhap?", signedOut.Location!, StringComparison.Ordinal);
    }

    /// <summary>The rows of the list, page after page.</summary>
    private static async Task<List<string>> LinksAsync(Browser browser, string first)
    {
        var links = new List<string>();
        for (string? path = first; path is not null;)
        {
            var page = await browser.GetAsync(path);
            links.AddRange(page.Page.QuerySelectorAll("table.data tbody a").Select(a => a.GetAttribute("href")!));
            path = page.Page.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        return links;
    }
}
