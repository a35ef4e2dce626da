using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Npgsql;
using SonLaMarket.Catalog.Search;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog.Search;

/// <summary>What a person meets at /san-pham: other readings said openly, counts that hold, pages that follow on each other, and nothing kept of what was typed.</summary>
public sealed class SearchPageTests(SearchFixture market) : IClassFixture<SearchFixture>
{
    private static string Ask(string q, string more = "") => $"/san-pham?q={Uri.EscapeDataString(q)}{more}";

    private Task<Answer> GetAsync(string path) => market.Site.Open().GetAsync(path);

    private async Task<JsonElement> JsonAsync(string path)
    {
        var answer = await market.Site.Open().GetAsync(path, ("Accept", "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    private static string? Link(Answer answer, string text) => answer.Page.QuerySelectorAll("main a").FirstOrDefault(a => a.TextContent.Contains(text, StringComparison.Ordinal))?.GetAttribute("href");

    [Fact]
    public async Task Where_nothing_is_found_the_nearest_words_are_shown_openly_and_the_reader_may_insist()
    {
        var page = await GetAsync(Ask("man hao moc chua"));
        Assert.Contains("Không có sản phẩm nào có đủ các từ “man hao moc chua”", page.Text, StringComparison.Ordinal);
        Assert.Contains("Đang hiển thị kết quả cho “mận hậu mộc châu”", page.Text, StringComparison.Ordinal);
        Assert.NotEmpty(page.Page.QuerySelectorAll(".tile"));
        var insisted = await GetAsync(Link(page, "Vẫn tìm đúng")!);
        Assert.Empty(insisted.Page.QuerySelectorAll(".tile"));
        Assert.DoesNotContain("Đang hiển thị kết quả", insisted.Text, StringComparison.Ordinal);
        Assert.Equal("mận hậu mộc châu", (await JsonAsync(Ask("man hao moc chua"))).GetProperty("searchedFor").GetString());
        Assert.False((await JsonAsync(Ask("mận hậu"))).TryGetProperty("searchedFor", out _));
    }

    [Fact]
    public async Task Where_little_is_found_other_words_are_proposed_and_nothing_is_replaced()
    {
        // Somebody wrote it so: it is found, and one letter away there is far more.
        await market.Db.ExecuteAsync("update catalog.search_entry set title = title || ' nhxan' where listing_id = (select min(listing_id) from catalog.search_entry where speciality_slug = 'nhan-song-ma' and sellable)");
        var page = await GetAsync(Ask("nhxan sông mã"));
        Assert.Single(page.Page.QuerySelectorAll(".tile"));
        Assert.Contains("Có phải bạn tìm: nhãn sông mã", page.Text, StringComparison.Ordinal);
        Assert.True((await GetAsync(Link(page, "nhãn sông mã")!)).Page.QuerySelectorAll(".tile").Length > 1);
    }

    [Fact]
    public async Task Words_of_which_a_third_of_the_letters_would_change_are_not_taken_for_others()
    {
        const string typed = "bí đỏ";
        var read = (await JsonAsync(Ask(typed))).TryGetProperty("searchedFor", out var other) ? other.GetString()! : typed;
        Assert.All(read.Split(' ', StringSplitOptions.RemoveEmptyEntries), word => Assert.Contains(word, typed, StringComparison.Ordinal));
        Assert.DoesNotContain("Có phải bạn tìm", (await GetAsync(Ask(typed))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_page_of_another_reading_stays_with_it()
    {
        var page = await GetAsync(Ask("xaoi"));
        var next = page.Page.QuerySelector<IHtmlAnchorElement>("a[rel=next]")!.GetAttribute("href")!;
        Assert.Contains("q=xo%C3%A0i", next, StringComparison.Ordinal);
        Assert.NotEmpty((await GetAsync(next)).Page.QuerySelectorAll(".tile"));
    }

    [Fact]
    public async Task An_empty_result_says_what_to_try()
    {
        var page = await GetAsync(Ask("zzzzqqq"));
        Assert.Contains("Chưa có sản phẩm nào cho “zzzzqqq”", page.Text, StringComparison.Ordinal);
        Assert.NotNull(Link(page, "Xem tất cả sản phẩm"));
        var inSeason = page.Page.QuerySelectorAll("nav[aria-label='Đang mùa'] a");
        Assert.True(inSeason.Length >= 4);
        Assert.NotEmpty((await GetAsync(inSeason[0].GetAttribute("href")!)).Page.QuerySelectorAll(".tile"));
        Assert.Contains((await GetAsync(Ask("buoiii zzzz"))).Page.QuerySelectorAll("main a"), a => a.TextContent.StartsWith("Bưởi", StringComparison.Ordinal));
        var filtered = await GetAsync(Ask("mận hậu", "&gia-tu=900tr"));
        Assert.Contains("Bộ lọc đang bỏ hết kết quả", filtered.Text, StringComparison.Ordinal);
        Assert.NotEmpty((await GetAsync(Link(filtered, "Bỏ mọi bộ lọc")!)).Page.QuerySelectorAll(".tile"));
    }

    [Fact]
    public async Task A_former_commune_leads_to_the_present_one()
    {
        var page = await GetAsync(Ask("na Hát Lót"));
        Assert.Contains("Thị trấn Hát Lót (Mai Sơn cũ) nay thuộc Xã Mai Sơn", page.Text, StringComparison.Ordinal);
        var there = await GetAsync(Link(page, "Chỉ xem hàng từ đây")!);
        Assert.All(there.Page.QuerySelectorAll(".tile__by"), by => Assert.EndsWith("Xã Mai Sơn", by.TextContent, StringComparison.Ordinal));
        var two = await GetAsync(Ask("chiềng chung"));
        Assert.Contains("(Mộc Châu cũ) nay thuộc Xã Đoàn Kết", two.Text, StringComparison.Ordinal);
        Assert.Contains("(Mai Sơn cũ) nay thuộc Xã Mường Chanh", two.Text, StringComparison.Ordinal);
    }

    /// <summary>Every number beside a choice is what the list has when the choice is made, whatever else is chosen.</summary>
    [Theory]
    [InlineData("/san-pham?q=xo%C3%A0i")]
    [InlineData("/san-pham?q=xo%C3%A0i&nhom=fresh-fruit&sao=3")]
    [InlineData("/san-pham?q=m%E1%BA%ADt+ong&xa=04186&mua=6")]
    [InlineData("/en/san-pham?q=tea&chung-nhan=vietgap-crop&gia-den=200k")]
    public async Task Counts_beside_the_filters_hold(string path)
    {
        var page = await GetAsync(path);
        var checkedChoices = 0;
        foreach (var select in page.Page.QuerySelectorAll<IHtmlSelectElement>("form.filters select").Where(s => s.Name != "xep"))
        {
            foreach (var option in select.Options.Where(o => o.Value.Length > 0).Take(4))
            {
                var count = int.Parse(option.Text[(option.Text.LastIndexOf('(') + 1)..^1].Replace(".", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);
                var other = Browser.Fields(page.Page.QuerySelector<IHtmlFormElement>("form.filters")!, (select.Name!, option.Value)).Where(f => f.Value.Length > 0);
                var chosen = await GetAsync(page.Page.QuerySelector("form.filters")!.GetAttribute("action") + "?" + string.Join('&', other.Select(f => $"{f.Key}={Uri.EscapeDataString(f.Value)}")));
                Assert.Equal(count, Total(chosen));
                checkedChoices++;
            }
        }
        Assert.True(checkedChoices > 8);
    }

    private static int Total(Answer answer) =>
        int.Parse(new string([.. answer.Page.QuerySelector(".page__head [role=status]")!.TextContent.Where(char.IsAsciiDigit)]), System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public async Task Without_a_search_a_large_list_is_not_counted_and_every_choice_stays_open()
    {
        var page = await GetAsync("/san-pham?nhom=fresh-fruit");
        Assert.Contains("Hơn 1.000 sản phẩm", page.Text, StringComparison.Ordinal);
        var groups = page.Page.QuerySelector<IHtmlSelectElement>("select[name=nhom]")!;
        Assert.Contains(groups.Options, o => o.Value == "tea");
        Assert.DoesNotContain(groups.Options, o => o.Text.EndsWith(')') && char.IsAsciiDigit(o.Text[^2]));
    }

    [Theory]
    [InlineData("phu-hop")]
    [InlineData("moi")]
    [InlineData("gia-tang")]
    [InlineData("gia-giam")]
    public async Task Pages_follow_on_each_other_without_gap_or_double(string order)
    {
        var seen = new List<(string Slug, long Price)>();
        for (var path = Ask("cam phù yên", "&xep=" + order); path is not null;)
        {
            var list = await JsonAsync(path);
            seen.AddRange(list.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("slug").GetString()!, i.GetProperty("priceVnd").GetInt64())));
            path = list.GetProperty("next").GetString() is { } next ? new Uri(next).PathAndQuery : null;
        }
        var wanted = Asked.Read("cam phù yên", await market.Site.Get<Lexicons>().PresentAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(await market.Db.SingleAsync<int>("select count(*)::int from catalog.search_entry where sellable and tsv @@ @Match::tsquery", new { wanted.Match }), seen.Count);
        Assert.True(seen.Count > 48);
        Assert.Equal(seen.Count, seen.Select(s => s.Slug).Distinct().Count());
        if (order == "gia-tang")
            Assert.Equal(seen.Select(s => s.Price).Order(), seen.Select(s => s.Price));
        if (order == "gia-giam")
            Assert.Equal(seen.Select(s => s.Price).OrderDescending(), seen.Select(s => s.Price));
    }

    [Theory]
    [InlineData("xep=lung-tung", "xep")]
    [InlineData("nhom=khong-co", "nhom")]
    [InlineData("xa=9999", "xa")]
    [InlineData("chung-nhan=khong-co", "chung-nhan")]
    [InlineData("sao=9", "sao")]
    [InlineData("mua=13", "mua")]
    [InlineData("gia-tu=re", "gia-tu")]
    [InlineData("gia-tu=50k&gia-den=20k", "gia-den")]
    [InlineData("sau=!!!", "sau")]
    public async Task A_bad_value_is_400_for_programs_and_a_note_for_people(string bad, string named)
    {
        var program = await market.Site.Open().GetAsync("/san-pham?" + bad, ("Accept", "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, program.Status);
        Assert.Contains(named, JsonDocument.Parse(program.Body).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var person = await GetAsync("/san-pham?" + bad);
        Assert.Equal(HttpStatusCode.OK, person.Status);
        Assert.Contains(named, person.Page.QuerySelector(".notice--warn")!.TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(person.Page.QuerySelectorAll(".tile"));
    }

    [Fact]
    public async Task Suggestions_are_names_of_what_is_on_sale_and_lead_there()
    {
        foreach (var (typed, text, kind) in new[] { ("mận h", "Mận hậu", "đặc sản"), ("song ma", "Xã Sông Mã", "nơi sản xuất"), ("thung may", "HTX mẫu Thung Mây Bạc", "cơ sở"), ("trai cay t", "Trái cây tươi", "nhóm hàng") })
        {
            var answer = await GetAsync("/goi-y?q=" + Uri.EscapeDataString(typed));
            var found = JsonDocument.Parse(answer.Body).RootElement.EnumerateArray().ToList();
            Assert.InRange(found.Count, 1, 6);
            var one = Assert.Single(found, f => f.GetProperty("text").GetString() == text);
            Assert.Equal(kind, one.GetProperty("kind").GetString());
            Assert.Equal(HttpStatusCode.OK, (await GetAsync(one.GetProperty("url").GetString()!)).Status);
        }
        Assert.Equal("[]", (await GetAsync("/goi-y?q=" + Uri.EscapeDataString("!!"))).Body);
        var english = JsonDocument.Parse((await GetAsync("/en/goi-y?q=hau")).Body).RootElement[0];
        Assert.Equal("Hau plum", english.GetProperty("text").GetString());
        Assert.StartsWith("/en/san-pham", english.GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_public_page_of_the_order_is_the_order()
    {
        var page = await GetAsync("/cach-xep-hang");
        var shown = page.Page.QuerySelectorAll("table.data tbody tr").Select(r => (r.Children[0].TextContent.Trim(), int.Parse(r.Children[1].TextContent, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(Ranking.Rules.Select(r => (r.Words, r.Points)), shown);
        Assert.Equal("/cach-xep-hang", Link(await GetAsync("/san-pham"), "Cách xếp thứ tự"));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/en/cach-xep-hang")).Status);
    }

    /// <summary>A database that refuses every write answers all searches.</summary>
    [Fact]
    public async Task Nothing_of_a_search_is_stored()
    {
        var readOnly = new NpgsqlConnectionStringBuilder(market.Database.AppConnectionString) { Options = "-c default_transaction_read_only=on" }.ConnectionString;
        await using var source = NpgsqlDataSource.Create(readOnly);
        var db = new Db(source);
        await Assert.ThrowsAsync<PostgresException>(() => db.ExecuteAsync("delete from catalog.known_word"));
        var lexicon = await Lexicon.LoadAsync(db, TestContext.Current.CancellationToken);
        foreach (var text in new[] { "mận hậu", "man hao moc chua", "zzzzqqq" })
        {
            var query = SonLaMarket.Catalog.Browse.Query.Of(new Microsoft.AspNetCore.Http.QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues> { ["q"] = text }), lexicon);
            await SonLaMarket.Catalog.Browse.Finder.FindAsync(db, lexicon, new SonLaMarket.Catalog.Browse.KnownFacets(TimeProvider.System), query, GeneratedMarket.Today, true, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Too_many_searches_from_one_address_wait()
    {
        await using var site = new Site(market.Database);
        var limit = site.Get<SearchLimit>();
        for (var i = 0; i < SearchLimit.Tries; i++)
            Assert.True(limit.TryTake(null));
        var answer = await site.Open().GetAsync(Ask("mận"));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal("60", answer.Message.Headers.GetValues("Retry-After").Single());
        Assert.Equal(HttpStatusCode.OK, (await site.Open().GetAsync("/san-pham")).Status);
    }
}
