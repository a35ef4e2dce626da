using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Html.Dom;
using NetVips;
using SonLaMarket.Files;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Files;

/// <summary>Photos from people: what is taken, what is refused and why, and what of them is kept.</summary>
public sealed class UploadTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    [InlineData(".webp")]
    public async Task A_photo_is_kept_upright_in_three_sizes_without_a_word_of_where_and_when_it_was_taken(string format)
    {
        var (browser, _) = await SellerAsync();
        var id = Picture(await SendAsync(browser, (Photo(1600, 1000, format, orientation: 6, marked: true), "anh" + format)));
        foreach (var (name, type) in new[] { ("w320.webp", "image/webp"), ("w640.webp", "image/webp"), ("w1200.webp", "image/webp"), ("w640.jpg", "image/jpeg"), ("w1200.jpg", "image/jpeg") })
        {
            var answer = await market.Site.Open().GetAsync($"/media/{id}/{name}");
            Assert.Equal(type, answer.Message.Content.Headers.ContentType!.MediaType);
            var bytes = await answer.Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            using var image = Image.NewFromBuffer(bytes);
            // Lying in the file, standing to the eye: the long side is the height.
            Assert.Equal(int.Parse(name[1..name.IndexOf('.')], System.Globalization.CultureInfo.InvariantCulture), image.Height);
            Assert.True(image.Width < image.Height, $"{name} lies on its side");
            // The red corner of the file, top left, is top right once the picture stands.
            using var corner = image.ExtractArea(image.Width - 20, 4, 8, 8);
            var colour = corner.Stats().Getpoint(4, 1)[0];
            Assert.True(colour > 150, $"{name} was turned the wrong way ({colour})");
            Assert.DoesNotContain(image.GetFields(), f => f.StartsWith("exif", StringComparison.Ordinal) || f.StartsWith("xmp", StringComparison.Ordinal) || f.StartsWith("iptc", StringComparison.Ordinal));
            Assert.DoesNotContain("Nokia", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pictures_are_served_so_that_no_browser_takes_them_for_anything_else()
    {
        var (browser, _) = await SellerAsync();
        var answer = await market.Site.Open().GetAsync($"/media/{Picture(await SendAsync(browser, (Photo(200, 200, ".jpg"), "a.jpg")))}/w320.webp");
        Assert.Equal("sandbox; default-src 'none'", answer.Message.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("nosniff", answer.Message.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("immutable", answer.Message.Headers.GetValues("Cache-Control").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("heic", "HEIC")]
    [InlineData("svg", "không phải ảnh JPEG, PNG hoặc WebP")]
    [InlineData("gif", "không phải ảnh JPEG, PNG hoặc WebP")]
    [InlineData("html", "không phải ảnh JPEG, PNG hoặc WebP")]
    [InlineData("broken", "Không đọc được ảnh này")]
    [InlineData("tiny", "64 điểm")]
    [InlineData("huge", "40 triệu điểm")]
    [InlineData("heavy", "10 MB")]
    public async Task What_is_no_photo_for_us_is_refused_beside_the_field_and_nothing_typed_is_lost(string kind, string message)
    {
        var (browser, seller) = await SellerAsync();
        // Names and types lie: only the bytes count.
        var answer = await SendAsync(browser, (Refused(kind), "anh.jpg"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains(message, answer.Text, StringComparison.Ordinal);
        Assert.Equal("Mận hậu thử ảnh", answer.Page.QuerySelector("[name=Name]")!.GetAttribute("value"));
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from files.stored_file where owner = @owner", new { owner = $"producer:{seller.ProducerId}" }));
    }

    [Fact]
    public async Task A_good_photo_beside_a_bad_one_is_kept_for_the_second_try()
    {
        var (browser, _) = await SellerAsync();
        var refused = await SendAsync(browser, (Photo(300, 300, ".png"), "tot.png"), (Refused("heic"), "xau.heic"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        var kept = Assert.Single(refused.Page.QuerySelectorAll("input[name=Kept]")).GetAttribute("value");
        var again = await SendAsync(browser, refused);
        Assert.Equal(HttpStatusCode.SeeOther, again.Status);
        Assert.Equal(kept, Picture(again).ToString());
    }

    [Fact]
    public async Task The_ninth_photo_is_one_too_many()
    {
        var (browser, _) = await SellerAsync();
        var photo = Photo(100, 100, ".jpg");
        var answer = await SendAsync(browser, [.. Enumerable.Range(0, Uploads.MaxPictures + 1).Select(i => (photo, $"{i}.jpg"))]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Contains("Nhiều nhất 8 ảnh", answer.Text, StringComparison.Ordinal);
        Assert.Equal(Uploads.MaxPictures, answer.Page.QuerySelectorAll("input[name=Kept]").Length);
    }

    /// <summary>The id of a picture is no key to it: another producer's is dropped from the form.</summary>
    [Fact]
    public async Task A_seller_cannot_show_the_picture_of_another()
    {
        var (browser, _) = await SellerAsync();
        var theirs = Picture(await SendAsync(browser, (Photo(100, 100, ".jpg"), "a.jpg")));
        var (other, _) = await SellerAsync();
        var page = await other.GetAsync("/quan-ly/san-pham/moi");
        var answer = await other.PostAsync("/quan-ly/san-pham", [.. Fields(page), KeyValuePair.Create("Kept", theirs.ToString())]);
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Empty(await market.Db.SingleAsync<Guid[]>("select picture_ids from producers.product where code = @code", new { code = answer.Location!.Split('=')[1] }));
    }

    [Fact]
    public async Task A_foreign_picture_in_a_form_costs_no_picture_of_ones_own()
    {
        var (browser, _) = await SellerAsync();
        var theirs = Picture(await SendAsync(browser, (Photo(100, 100, ".jpg"), "a.jpg")));
        var (other, _) = await SellerAsync();
        var saved = await SendAsync(other, (Photo(100, 100, ".jpg"), "b.jpg"));
        var (own, edit) = (Picture(saved), "/quan-ly/san-pham/" + saved.Location!.Split('=')[1]);
        var form = (await other.GetAsync(edit)).Page.QuerySelectorAll("form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Single(f => f.GetAttribute("action") == edit);
        Assert.Equal(HttpStatusCode.SeeOther, (await other.PostAsync(edit, [.. Browser.Fields(form), KeyValuePair.Create("Kept", theirs.ToString())])).Status);
        Assert.Equal([own], await market.Db.SingleAsync<Guid[]>("select picture_ids from producers.product where code = @code", new { code = edit.Split('/')[^1] }));
    }

    [Fact]
    public async Task A_scan_of_a_certificate_outlives_a_refused_form_and_only_its_owner_can_carry_it()
    {
        const string here = "/quan-ly/chung-nhan";
        var (browser, seller) = await SellerAsync();
        var kind = await market.Db.SingleAsync<string>("select code from producers.certificate_kind order by code limit 1");
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Browser.Fields(Form(await browser.GetAsync(here)), ("KindCode", kind)).Where(f => f.Key != "scan"))
            content.Add(new StringContent(value), name);
        content.Add(new ByteArrayContent("%PDF-1.7 mẫu"u8.ToArray()), "scan", "vietgap.pdf");
        var refused = await browser.PostAsync(here, content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("Đã giữ tệp vietgap.pdf", refused.Text, StringComparison.Ordinal);
        var file = Guid.Parse(refused.Page.QuerySelector("[name=FileId]")!.GetAttribute("value")!);
        (string, string)[] rest = [("Number", "MẪU-1"), ("Issuer", "Nơi cấp MẪU"), ("IssuedOn", "01/02/2024"), ("ValidUntil", "01/02/2040")];
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(refused, here, rest)).Status);
        Assert.Equal(file, await FileAsync(seller));

        var (other, stranger) = await SellerAsync();
        await other.SubmitAsync(await other.GetAsync(here), here, [("KindCode", kind), .. rest, ("FileId", file.ToString())]);
        Assert.Null(await FileAsync(stranger));

        static AngleSharp.Html.Dom.IHtmlFormElement Form(Answer page) => page.Page.QuerySelectorAll("form").OfType<AngleSharp.Html.Dom.IHtmlFormElement>().Single(f => f.GetAttribute("action") == here);
        Task<Guid?> FileAsync(Seller of) => market.Db.SingleAsync<Guid?>("select file_id from producers.certificate where producer_id = @ProducerId", new { of.ProducerId });
    }

    [Fact]
    public async Task Names_of_files_lead_nowhere()
    {
        var (browser, seller) = await SellerAsync();
        Picture(await SendAsync(browser, (Photo(100, 100, ".jpg"), "../../../etc/cron.d/x\u202egpj.exe")));
        var stored = await market.Db.SingleAsync<(string Name, string Sha256)>("select name, sha256 from files.stored_file where owner = @owner", new { owner = $"producer:{seller.ProducerId}" });
        Assert.DoesNotContain('/', stored.Name);
        Assert.NotNull(market.Site.Get<FileStore>().Find(stored.Sha256));
    }

    [Fact]
    public async Task A_seller_says_what_of_their_own_photo_stays_in_view()
    {
        var (browser, _) = await SellerAsync();
        var saved = await SendAsync(browser, (Photo(400, 200, ".jpg"), "ngang.jpg"));
        var (id, edit) = (Picture(saved), "/quan-ly/san-pham/" + saved.Location!.Split('=')[1]);
        var page = await browser.GetAsync(edit);
        Assert.Equal("4", page.Page.QuerySelector($"[name='Focus:{id}'][checked]")!.GetAttribute("value"));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, edit, ($"Focus:{id}", "3"))).Status);
        Assert.Equal("3", (await browser.GetAsync("/quan-ly/san-pham")).Page.QuerySelector($"img[src*='{id}']")!.GetAttribute("data-focus"));
        Assert.Equal("3", (await browser.GetAsync(edit)).Page.QuerySelector($"[name='Focus:{id}'][checked]")!.GetAttribute("value"));

        var (other, _) = await SellerAsync();
        var own = await SendAsync(other, (Photo(400, 200, ".jpg"), "khac.jpg"));
        var theirs = "/quan-ly/san-pham/" + own.Location!.Split('=')[1];
        await other.SubmitAsync(await other.GetAsync(theirs), theirs, ("Kept", $"{id}"), ($"Focus:{id}", "8"));
        Assert.Equal(3, await market.Db.SingleAsync<short>("select focus from files.stored_file where id = @id", new { id }));
    }

    [Fact]
    public async Task A_photo_that_nothing_names_goes_after_a_week_unless_a_form_carries_it_and_bytes_stay_as_long_as_something_names_them()
    {
        var (browser, seller) = await SellerAsync();
        var twice = Photo(320, 240, ".png");
        var (lost, carried, held, saved) = (await RefusedAsync(twice), await RefusedAsync(Photo(330, 240, ".png")), await RefusedAsync(Photo(340, 240, ".png")), Picture(await SendAsync(browser, (twice, "luu.png"))));
        var gone = await RefusedAsync(Photo(350, 240, ".png"));
        var bytes = await market.Db.SingleAsync<string>("select sha256 from files.stored_file where id = @gone", new { gone });
        // What this database never named may be another's: two markets, or a market and its tests, may have one folder.
        var others = await market.Site.Get<FileStore>().PutAsync("của chợ khác"u8.ToArray());
        var owner = $"producer:{seller.ProducerId}";
        await RunAsync(0);
        Assert.Equal(0, await market.Db.SingleAsync<long>("select count(*) from files.stored_file where owner = @owner and unnamed_since is not null", new { owner }));
        await RunAsync(2);
        Assert.Equal(new[] { lost, carried, held, gone }.Order(), (await market.Db.QueryAsync<Guid>("select id from files.stored_file where owner = @owner and unnamed_since is not null", new { owner })).Order());

        // Eight days later one is sent with a form that is saved, and another with one that is refused again while the work goes on.
        market.Site.Clock.Advance(TimeSpan.FromDays(8));
        browser = await market.SignInAsync(seller);
        Assert.Equal(carried, Picture(await browser.PostAsync("/quan-ly/san-pham", [.. Fields(await browser.GetAsync("/quan-ly/san-pham/moi")), KeyValuePair.Create("Kept", carried.ToString())])));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal([held], await market.Site.Get<Uploads>().CarryPicturesAsync(tx, owner, [held], TestContext.Current.CancellationToken));
            var work = RunAsync(0);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            await work;
        }
        Assert.Equal(new[] { carried, held, saved }.Order(), (await market.Db.QueryAsync<Guid>("select id from files.stored_file where owner = @owner", new { owner })).Order());
        Assert.Empty(await market.Site.Get<Uploads>().CarryPicturesAsync(market.Db, owner, [lost, gone], TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync($"/media/{lost}/w320.webp")).Status);

        // A backup of that night has rows of them: the bytes are there for it. Later they go, but not those that another picture has too.
        var store = market.Site.Get<FileStore>();
        Assert.NotNull(store.Find(bytes));
        await RunAsync(3);
        Assert.Null(store.Find(bytes));
        Assert.NotNull(store.Find(others));
        Assert.Equal(HttpStatusCode.OK, (await market.Site.Open().GetAsync($"/media/{saved}/w320.webp")).Status);
        Assert.Empty(await FileStore.DamageAsync(market.Db, Path.GetDirectoryName(Path.GetDirectoryName(store.Find(await market.Db.SingleAsync<string>("select sha256 from files.stored_file where id = @saved", new { saved }))!))!, TestContext.Current.CancellationToken));

        async Task<Guid> RefusedAsync(byte[] photo) =>
            Guid.Parse((await SendAsync(browser, (photo, "tot.png"), (Refused("heic"), "xau.heic"))).Page.QuerySelector("input[name=Kept]")!.GetAttribute("value")!);

        Task RunAsync(int later)
        {
            market.Site.Clock.Advance(TimeSpan.FromDays(later));
            return market.Site.Get<UnnamedFiles>().RunAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Every_column_that_names_files_is_asked_before_one_is_removed()
    {
        const string columns = """
            select n.nspname || '.' || c.relname as place, a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p') and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype) and a.attname ~ 'picture|photo|file|scan|document' and n.nspname not in ('files', 'pg_catalog') order by 1, 2
            """;
        var asked = market.Site.Get<IEnumerable<FileUse>>().SelectMany(u => u.Sql.Split("union all")).ToList();
        var there = await market.Db.QueryAsync<(string Place, string Name)>(columns);
        Assert.InRange(there.Count, 14, int.MaxValue);
        Assert.DoesNotContain(there, c => !asked.Exists(a => (a.TrimEnd() + " ").Contains($" from {c.Place} ", StringComparison.Ordinal) && a.Contains(c.Name, StringComparison.Ordinal)));
    }

    private async Task<(Browser Browser, Seller Seller)> SellerAsync()
    {
        var seller = await market.Shop.SellerAsync();
        return (await market.SignInAsync(seller), seller);
    }

    /// <summary>A new product with these photos.</summary>
    private static async Task<Answer> SendAsync(Browser browser, params (byte[] Bytes, string Name)[] photos) => await SendAsync(browser, await browser.GetAsync("/quan-ly/san-pham/moi"), photos);

    private static async Task<Answer> SendAsync(Browser browser, Answer page, params (byte[] Bytes, string Name)[] photos)
    {
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in Fields(page))
            content.Add(new StringContent(value), name);
        foreach (var (bytes, name) in photos)
        {
            var file = new ByteArrayContent(bytes);
            file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            // Taken now and chosen, by turns.
            content.Add(file, content.Count() % 2 == 0 ? "Photos" : "Photos" + PictureInput.Camera, name);
        }
        return await browser.PostAsync("/quan-ly/san-pham", content);
    }

    private static Dictionary<string, string> Fields(Answer page)
    {
        var form = page.Page.QuerySelectorAll("form").OfType<IHtmlFormElement>().First(f => f.GetAttribute("action") == "/quan-ly/san-pham");
        return Browser.Fields(form, ("Name", "Mận hậu thử ảnh"), ("CategorySlug", "fresh-fruit"), ("BaseUnit", "g"));
    }

    private Guid Picture(Answer saved)
    {
        Assert.True(saved.Status == HttpStatusCode.SeeOther, saved.Text);
        return Guid.Parse(market.Db.SingleAsync<string>("select picture_ids[1]::text from producers.product where code = @code", new { code = saved.Location!.Split('=')[1] }).GetAwaiter().GetResult());
    }

    /// <summary>A green picture with a red corner at the top left; with a camera's notes when they are asked for.</summary>
    private static byte[] Photo(int width, int height, string format, int orientation = 1, bool marked = false)
    {
        using var black = Image.Black(width, height, bands: 3);
        using var ground = black + new double[] { 20, 120, 20 };
        using var bytes = ground.Cast(Enums.BandFormat.Uchar);
        using var picture = bytes.Mutate(m =>
        {
            m.DrawRect([250, 10, 10], 0, 0, Math.Max(1, width / 8), Math.Max(1, height / 8), fill: true);
            if (!marked)
                return;
            m.Set(GValue.GIntType, "orientation", orientation);
            m.Set(GValue.GStrType, "exif-ifd0-Make", "Nokia (Nokia, ASCII, 6 components, 6 bytes)");
            m.Set(GValue.GStrType, "exif-ifd3-GPSLatitude", "21/1 19/1 40/1 (21, 19, 40, Rational, 3 components, 24 bytes)");
        });
        return picture.Copy(interpretation: Enums.Interpretation.Srgb).WriteToBuffer(format);
    }

    private static byte[] Refused(string kind) => kind switch
    {
        "heic" => [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[200]],
        "svg" => [.. "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"u8],
        "gif" => [.. "GIF89a"u8, .. new byte[200]],
        "html" => [.. "<!doctype html><script>alert(1)</script>"u8],
        "broken" => [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[900]],
        "tiny" => Photo(20, 20, ".png"),
        "huge" => Photo(8_000, 5_001, ".png"),
        "heavy" => [.. Photo(100, 100, ".jpg"), .. new byte[10 << 20]],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
