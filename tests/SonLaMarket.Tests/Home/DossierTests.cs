using System.Net;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Home;

/// <summary>The way of a new seller: six parts, each saved alone, nothing asked twice.</summary>
public sealed class DossierTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly (string, string)[] Household = [("Kind", "household"), ("Phone", "0001234567"), ("CommuneCode", "03646"), ("AddressLine", "Bản Mẫu")];

    [Fact]
    public async Task A_new_seller_begins_with_six_parts_and_the_first_of_them()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Seller);
        Assert.Equal("/quan-ly/ho-so", (await browser.GetAsync("/quan-ly")).Location);
        var page = await browser.GetAsync("/quan-ly/ho-so");
        Assert.Equal(["todo", "locked", "locked", "locked", "locked", "locked"], States(page));
        Assert.Equal("/quan-ly/co-so", page.Page.QuerySelector(".button--primary")!.GetAttribute("href"));
    }

    [Fact]
    public async Task What_the_account_knows_is_not_asked_again()
    {
        var (browser, actor, signIn) = await market.SignInAsync(Roles.Seller);
        await market.Db.ExecuteAsync("update accounts.person set phone = @phone where id = @PersonId", new { actor.PersonId, phone = $"000{actor.PersonId:0000000}" });
        var form = await browser.GetAsync("/quan-ly/co-so");
        Assert.Equal($"Người mẫu {signIn}", form.Page.QuerySelector("[name=Representative]")!.GetAttribute("value"));
        Assert.Equal($"000{actor.PersonId:0000000}", form.Page.QuerySelector("[name=Phone]")!.GetAttribute("value")!.Replace(" ", "", StringComparison.Ordinal));
        var saved = await browser.SubmitAsync(form, "/quan-ly/co-so", Household);
        Assert.Equal("/quan-ly/ho-so", saved.Location);
        Assert.Equal($"Hộ Người mẫu {signIn}", await NameAsync(actor));
        Assert.Equal("03646", (await browser.GetAsync("/quan-ly/vung-trong")).Page.QuerySelector("[name=CommuneCode] option[selected]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Each_part_is_saved_alone_and_the_last_sends_everything()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Seller);
        await browser.SubmitAsync(await browser.GetAsync("/quan-ly/co-so"), "/quan-ly/co-so", Household);
        Assert.Equal(["done", "todo", "todo", "todo", "todo", "todo"], States(await browser.GetAsync("/quan-ly/ho-so")));

        Assert.Equal("/quan-ly/ho-so", (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/vung-trong"), "/quan-ly/vung-trong", ("Name", "Nương mẫu"))).Location);
        Assert.Equal("/quan-ly/ho-so", (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/giao-hang/bat-dau"), "/bat-dau", ("ReadyDays", "2"), ("Cod", "true"))).Location);
        Assert.Equal(["done", "done", "todo", "todo", "done", "todo"], States(await browser.GetAsync("/quan-ly/ho-so")));

        var first = (await browser.GetAsync("/quan-ly/dang-ban/moi")).Location!;
        var path = first[..first.LastIndexOf('/')];
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "man-hau"));
        Assert.Equal("doing", States(await browser.GetAsync("/quan-ly/ho-so"))[3]);
        foreach (var page in new[] { "nguon-goc", "cach-ban", "gia", "kiem-tra" })
            await browser.SubmitAsync(await browser.GetAsync($"{path}/{page}"), $"{path}/{page}", ("Quantity", "200"), ("Price", "35k"));
        var done = await browser.GetAsync(path + "/tem");
        Assert.Contains("Còn bước gửi hồ sơ", done.Text, StringComparison.Ordinal);
        Assert.Equal(["done", "done", "todo", "done", "done", "todo"], States(await browser.GetAsync("/quan-ly/ho-so")));

        Assert.Equal("/quan-ly", (await browser.SubmitAsync(await browser.GetAsync("/quan-ly/ho-so"), "/gui-duyet")).Location);
        Assert.Equal(["submitted", "submitted"], await market.Db.QueryAsync<string>("select p.status from producers.producer p join producers.member m on m.producer_id = p.id where m.person_id = @PersonId union all select l.status from catalog.listing l join producers.member m on m.producer_id = l.producer_id where m.person_id = @PersonId", new { actor.PersonId }));
        Assert.Equal("done", States(await browser.GetAsync("/quan-ly/ho-so"))[5]);
    }

    [Fact]
    public async Task A_listing_that_is_sent_takes_along_a_producer_who_never_was()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Seller);
        await browser.SubmitAsync(await browser.GetAsync("/quan-ly/co-so"), "/quan-ly/co-so", Household);
        var first = (await browser.GetAsync("/quan-ly/dang-ban/moi")).Location!;
        var path = first[..first.LastIndexOf('/')];
        await browser.SubmitAsync(await browser.GetAsync(path + "/mat-hang"), path + "/mat-hang", ("Speciality", "man-hau"));
        foreach (var page in new[] { "nguon-goc", "cach-ban", "gia", "kiem-tra" })
            await browser.SubmitAsync(await browser.GetAsync($"{path}/{page}"), $"{path}/{page}", ("Quantity", "200"), ("Price", "35k"));

        Assert.NotNull((await browser.GetAsync(path + "/tem")).Page.QuerySelector("form[action='/quan-ly/ho-so/gui-duyet'] button"));
        Assert.Contains("Chưa gửi thì chưa ai thấy tin của bạn.", (await browser.GetAsync("/quan-ly")).Text, StringComparison.Ordinal);

        var slug = await market.Db.SingleAsync<string>("select l.slug from catalog.listing l join producers.member m on m.producer_id = l.producer_id where m.person_id = @PersonId", new { actor.PersonId });
        await browser.SubmitAsync(await browser.GetAsync("/quan-ly/tin-dang/" + slug), slug + "/gui-duyet");
        Assert.Equal(["submitted", "submitted"], await market.Db.QueryAsync<string>("select p.status from producers.producer p join producers.member m on m.producer_id = p.id where m.person_id = @PersonId union all select l.status from catalog.listing l join producers.member m on m.producer_id = l.producer_id where m.person_id = @PersonId", new { actor.PersonId }));
        Assert.DoesNotContain("Chưa gửi", (await browser.GetAsync("/quan-ly")).Text, StringComparison.Ordinal);

        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<SonLaMarket.Catalog.Listings>().ApproveAsync(tx, slug, 1, new Actor(null, Roles.Officer)));
            await tx.CommitAsync();
        }
        var mine = await browser.GetAsync("/quan-ly/tin-dang");
        Assert.Contains("Chờ duyệt cơ sở", mine.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Đang bán", mine.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cooperative_saves_without_its_tax_code_and_cannot_be_sent_without_it()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Seller);
        await browser.SubmitAsync(await browser.GetAsync("/quan-ly/co-so"), "/quan-ly/co-so", [.. Household, ("Kind", "cooperative"), ("Name", "HTX mẫu thiếu mã")]);
        var page = await browser.GetAsync("/quan-ly/ho-so");
        Assert.Equal(("doing", "locked"), (States(page)[0], States(page)[5]));
        Assert.Contains("Còn thiếu mã số thuế", page.Text, StringComparison.Ordinal);
        var refused = await browser.SubmitAsync(await browser.GetAsync("/quan-ly/co-so"), "/quan-ly/co-so/gui-duyet");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotNull(refused.Page.QuerySelector("#TaxCode-error"));
        Assert.Equal("draft", await market.Db.SingleAsync<string>("select p.status from producers.producer p join producers.member m on m.producer_id = p.id where m.person_id = @PersonId", new { actor.PersonId }));
    }

    [Fact]
    public async Task What_was_sent_back_says_which_part_and_leads_to_its_field()
    {
        var (browser, actor, _) = await market.SignInAsync(Roles.Seller);
        await browser.SubmitAsync(await browser.GetAsync("/quan-ly/co-so"), "/quan-ly/co-so", Household);
        await browser.SubmitAsync(await browser.GetAsync("/quan-ly/ho-so"), "/gui-duyet");
        var slug = await market.Db.SingleAsync<string>("select p.slug from producers.producer p join producers.member m on m.producer_id = p.id where m.person_id = @PersonId", new { actor.PersonId });
        await using (var tx = await market.Db.BeginAsync())
        {
            Assert.True(await market.Site.Get<ProducerRegister>().ReturnAsync(tx, slug, 1, "Không gọi được số này.", ["contact", "photo"], new Actor(null, Roles.Officer)));
            await tx.CommitAsync();
        }
        var page = await browser.GetAsync("/quan-ly/ho-so");
        Assert.Equal(["fix", "todo", "fix", "todo", "todo", "fix"], States(page));
        var links = page.Page.QuerySelectorAll(".notice--bad a").Select(a => a.GetAttribute("href")!).ToList();
        Assert.Equal(["/quan-ly/co-so#Representative", "/quan-ly/co-so/anh#About"], links);
        foreach (var link in links)
            Assert.NotNull((await browser.GetAsync(link.Split('#')[0])).Page.GetElementById(link.Split('#')[1]));
        Assert.Contains("Không gọi được số này.", (await browser.GetAsync("/quan-ly")).Text, StringComparison.Ordinal);
    }

    private Task<string> NameAsync(Actor actor) => market.Db.SingleAsync<string>("select p.name from producers.producer p join producers.member m on m.producer_id = p.id where m.person_id = @PersonId", new { actor.PersonId });

    /// <summary>The states as the words beside the parts say them.</summary>
    private static string[] States(Answer page) => [.. page.Page.QuerySelectorAll(".task-list > li > .badge").Select(b => b.TextContent.Trim() switch
    {
        "Xong" => "done",
        "Đang làm" => "doing",
        "Cần sửa" => "fix",
        "Chưa bắt đầu" => "todo",
        _ => "locked",
    })];
}
