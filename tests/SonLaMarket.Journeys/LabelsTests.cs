using System.Globalization;
using System.Text;
using Microsoft.Playwright;
using SonLaMarket.Foundation;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Origin.Labels;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>Labels as a stranger's phone reads them: decoded by another program, from the picture and from the printed sheet.</summary>
public sealed class LabelsTests(Province province, PostgresFixture postgres, Chromium chromium) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await province.StartAsync(postgres);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Twenty_random_labels_lead_to_their_trace_pages_from_png_and_from_a_sheet_at_203_dpi()
    {
        var random = Seeds.For("labels").Random;
        const string signIn = "in-tem@thu.invalid";
        await Steps.AddAsync(province.Database, signIn, Roles.Seller);
        // What was recalled or is blocked has no label; nor has what is brought in from a file and taken back beside this test.
        var lots = await province.Database.Db.QueryAsync<(string Code, long Producer)>("select l.code, l.producer_id from origin.lot l join producers.product p on p.id = l.product_id where p.taken_back_at is null and l.taken_back_at is null and p.name not like 'Hàng mẫu %' and not exists (select 1 from origin.recall_lot r where r.lot_id = l.id) and not exists (select 1 from origin.lot_block b where b.lot_id = l.id and b.lifted_at is null) order by l.code");
        var chosen = Enumerable.Range(0, 20).Select(_ => lots[random.Next(lots.Count)]).ToList();
        // A member of all these producers, whose labels are hers to print; nobody else's work is moved by it.
        await province.Database.Db.ExecuteAsync("insert into producers.member (producer_id, person_id, role, joined_at) select unnest(@ids), id, 'staff', now() from accounts.person where email = @signIn on conflict do nothing", new { ids = chosen.Select(c => c.Producer).Distinct().ToArray(), signIn });
        using var web = new Web(province.First.Url);
        await web.SignInAsync(signIn, Steps.Password);
        var folder = Directory.CreateTempSubdirectory("slm-labels-");
        foreach (var (code, producer) in chosen)
        {
            await province.Database.Db.ExecuteAsync("insert into producers.working (person_id, producer_id, since) select id, @producer, now() from accounts.person where email = @signIn on conflict (person_id) do update set producer_id = excluded.producer_id", new { producer, signIn });
            var png = Path.Combine(folder.FullName, code + ".png");
            await File.WriteAllBytesAsync(png, await web.Http.GetByteArrayAsync($"/quan-ly/lo/{code}/tem.png"));
            await LeadsToAsync(web, Assert.Single(Programs.Codes(png).Distinct()), code);
            var pdf = Path.Combine(folder.FullName, code + ".pdf");
            await File.WriteAllBytesAsync(pdf, await web.Http.GetByteArrayAsync($"/quan-ly/lo/{code}/tem.pdf?so=6"));
            Programs.Run("pdftoppm", "-r", "203", "-gray", "-singlefile", pdf, pdf);
            var read = Programs.Codes(LabelsOf(pdf + ".pgm", 6));
            Assert.Equal(6, read.Length);
            await LeadsToAsync(web, Assert.Single(read.Distinct()), code);
            Assert.Contains(code, Programs.Run("pdftotext", pdf, "-"), StringComparison.Ordinal);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_page_behind_a_label_on_paper_shows_what_is_folded_and_its_address_and_nothing_to_press()
    {
        var lot = await province.Database.Db.SingleAsync<string>("""
            select l.code from origin.lot l join origin.diary_entry d on d.lot_id = l.id join origin.lot_offer o on o.lot_id = l.id and o.available_units > 0
            where not exists (select 1 from origin.lot_block b where b.lot_id = l.id) group by l.code order by count(*) desc, l.code limit 1
            """);
        var page = await chromium.OpenAsync(province.First.Url);
        await page.GotoAsync("/lo/" + lot);
        var (folded, pressed, address) = (page.Locator("details ol > li").Last, page.Locator(".buy, .call, summary, button, header a[hreflang]"), page.Locator(".at"));
        Assert.True(await page.Locator(".buy").IsVisibleAsync());
        Assert.False(await folded.IsVisibleAsync());
        Assert.False(await address.IsVisibleAsync());
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(folded).ToBeVisibleAsync();
        await Assertions.Expect(address).ToBeVisibleAsync();
        Assert.EndsWith("/lo/" + lot, await address.TextContentAsync(), StringComparison.Ordinal);
        foreach (var one in await pressed.AllAsync())
            Assert.False(await one.IsVisibleAsync(), await one.TextContentAsync());
        await page.Context.CloseAsync();
    }

    private static async Task LeadsToAsync(Web web, string address, string code)
    {
        var (status, body, location) = await web.GetAsync(new Uri(address).PathAndQuery);
        if ((int)status == 307)
            (status, body, _) = await web.GetAsync(location!.OriginalString);
        Assert.Equal(200, (int)status);
        Assert.Contains(code, body, StringComparison.Ordinal);
    }

    /// <summary>The labels of a printed sheet each on its own, as people scan them: among many equal codes on one page a reader may pass one over.</summary>
    private static IEnumerable<string> LabelsOf(string sheet, int count)
    {
        var page = File.ReadAllBytes(sheet);
        var header = Encoding.ASCII.GetString(page, 0, 40).Split('\n');
        var (across, start) = (int.Parse(header[1].Split(' ')[0], CultureInfo.InvariantCulture), header[0].Length + header[1].Length + header[2].Length + 3);
        static int Dots(float millimetres) => (int)(millimetres / LabelCode.Dot);
        var (width, height) = (Dots(LabelFormat.Usual.Width), Dots(LabelFormat.Usual.Height));
        for (var place = 0; place < count; place++)
        {
            var (x, y) = (Dots(LabelFormat.Usual.Place(place).X), Dots(LabelFormat.Usual.Place(place).Y));
            var label = $"{sheet}-{place}.pgm";
            using var file = File.Create(label);
            file.Write(Encoding.ASCII.GetBytes($"P5\n{width} {height}\n255\n"));
            for (var row = y; row < y + height; row++)
                file.Write(page, start + row * across + x, width);
            yield return label;
        }
    }
}
