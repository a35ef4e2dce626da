using System.Diagnostics;
using Microsoft.Playwright;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Journeys.Support;
using SonLaMarket.Origin;
using SonLaMarket.Supervision;
using SonLaMarket.Tests.Support;

namespace SonLaMarket.Journeys;

/// <summary>The diary and the officers' inspections in the field: written without signal, sent later, once each and in order, whatever happens to the line, to the browser and to the program meanwhile.</summary>
public sealed class FieldDiaryTests(MarketFixture market, Chromium chromium) : IClassFixture<MarketFixture>, IAsyncLifetime
{
    private const string Page = "/quan-ly/nhat-ky";

    /// <summary>In milliseconds: as long as a busy machine may take.</summary>
    private const float Patience = 60_000;

    /// <summary>Writes entries as a person does, as fast as the page takes them.</summary>
    private const string Write = """
        async ([from, to]) => {
          const form = document.querySelector("form[data-enhance=field]");
          const there = () => document.querySelectorAll("[data-field-queue] li").length;
          for (let i = from; i <= to; i++) {
            const before = there();
            form.querySelector("[name=Kind][value=care]").click();
            form.elements.Note.value = `Mục ${i}`;
            form.requestSubmit();
            for (const until = Date.now() + 20_000; there() === before || form.querySelector("[aria-busy]"); await new Promise(r => setTimeout(r, 5)))
              if (Date.now() > until) throw new Error(`entry ${i} is not taken: ${form.innerText}`);
          }
        }
        """;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("slm-phone-");
    private readonly string picture = Path.Combine(Repository.Root, "wwwroot", "img", "icon-512.png");
    private Wire wire = null!;
    private Seller seller = null!;
    private Goods goods = null!;

    public async ValueTask InitializeAsync()
    {
        wire = await Wire.OpenAsync(market.Site);
        seller = await market.Shop.SellerAsync(online: false);
        goods = await market.Shop.GoodsAsync(seller, 2);
    }

    public async ValueTask DisposeAsync()
    {
        await wire.DisposeAsync();
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of the killed browser is still going.
        }
    }

    [Fact]
    public async Task Fifty_entries_arrive_once_each_in_order_though_the_line_breaks_after_the_commit_and_the_browser_is_killed()
    {
        await using (var phone = await Phone.StartAsync(chromium, folder.FullName))
        {
            await OpenAsync(phone.Page);
            wire.Drops = _ => true;
            await phone.Page.ReloadAsync();
            await phone.Page.UntilAsync("document.querySelector('[data-field-state=ready]') !== null");
            await phone.Page.SetInputFilesAsync("[name=Photos]", picture);
            await phone.Page.EvaluateAsync(Write, new[] { 1, 50 });
            await Assertions.Expect(phone.Page.Locator("[data-field-state]")).ToContainTextAsync("50 mục chờ gửi", new() { Timeout = Patience });
            var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // A browser asks again by itself on a connection that broke: that answer is lost too.
            wire.Cuts = answer => answer >= 20 && (killed.TrySetResult() || answer > 20);
            wire.Drops = _ => false;
            await phone.Page.ClickAsync("[data-field-queue] button:has-text('Gửi ngay')");
            await killed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await phone.KillAsync();
        }
        wire.Cuts = _ => false;
        Assert.Equal(20, (await NotesAsync()).Count);

        // The next release comes with the next start.
        wire.Worker = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "wwwroot", "sw.js"), TestContext.Current.CancellationToken)).Replace("const VERSION = \"", "const VERSION = \"next-", StringComparison.Ordinal);
        await using (var phone = await Phone.StartAsync(chromium, folder.FullName))
        {
            await OpenAsync(phone.Page);
            await Assertions.Expect(phone.Page.Locator("[data-field-state]")).ToContainTextAsync("Không có mục nào chờ gửi", new() { Timeout = Patience });
            await phone.Page.UntilAsync("caches.keys().then(names => names.some(n => n.startsWith('shell-next-')) && names.includes('field'))");
        }
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"Mục {i}"), await NotesAsync());
        Assert.Equal(1, await market.Db.SingleAsync<long>("select count(*) from origin.event e join origin.diary_entry d on d.event_id = e.id join files.stored_file f on f.id = any(d.picture_ids) where e.producer_id = @ProducerId", new { seller.ProducerId }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_refused_entry_stops_no_other_and_is_corrected_where_it_is_wrong()
    {
        await using var phone = await Phone.StartAsync(chromium, folder.FullName);
        var page = phone.Page;
        await OpenAsync(page);
        await page.CheckAsync("[name=Kind][value=fertilising]");
        await page.FillAsync("[name=InputName]", "Paraquat 20SL");
        await page.FillAsync("[name=Note]", "Bón thúc");
        await page.PressMainButtonAsync();
        var refused = page.Locator("[data-field-queue] li[data-state=refused]");
        await Assertions.Expect(refused).ToContainTextAsync("Paraquat không được phép dùng ở Việt Nam.", new() { Timeout = Patience });
        await page.EvaluateAsync(Write, new[] { 1, 1 });
        await Assertions.Expect(page.Locator("[data-field-queue] li[data-state=sent]")).ToContainTextAsync("Đã gửi", new() { Timeout = Patience });
        Assert.Equal(["Mục 1"], await NotesAsync());
        var id = await refused.GetAttributeAsync("data-entry");
        await refused.Locator("[data-do=repair]").ClickAsync();
        await Assertions.Expect(page.Locator(".field:has([name=InputCode]) .field__error")).ToContainTextAsync("không được phép dùng", new() { Timeout = Patience });
        Assert.Equal("Bón thúc", await page.InputValueAsync("[name=Note]"));
        await page.FillAsync("[name=InputName]", "Phân chuồng hoai");
        await page.PressMainButtonAsync();
        await Assertions.Expect(page.Locator($"[data-entry='{id}'][data-state=sent]")).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.Equal("Phân chuồng hoai", await market.Db.SingleAsync<string>("select input_name from origin.diary_entry where event_id = @id::uuid", new { id }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_photo_that_the_server_refuses_stays_to_be_replaced_and_every_photo_is_small_before_it_is_kept()
    {
        await using var phone = await Phone.StartAsync(chromium, folder.FullName);
        var page = phone.Page;
        await OpenAsync(page);
        // What a camera takes, at its worst: every point of another colour.
        var small = await page.EvaluateAsync<int[]>("""
            async () => {
              const canvas = new OffscreenCanvas(2000, 1500), context = canvas.getContext("2d"), image = context.createImageData(2000, 1500);
              for (let i = 0; i < image.data.length; i += 65536) crypto.getRandomValues(image.data.subarray(i, i + 65536));
              context.putImageData(image, 0, 0);
              const input = document.querySelector("[name=Photos]"), files = new DataTransfer();
              const taken = await canvas.convertToBlob({ type: "image/jpeg", quality: 1 });
              files.items.add(new File([taken], "anh.jpg", { type: "image/jpeg" }));
              input.files = files.files;
              input.dispatchEvent(new Event("change"));
              for (const until = Date.now() + 30_000; input.files[0].size === taken.size && Date.now() < until; ) await new Promise(r => setTimeout(r, 20));
              const shown = await createImageBitmap(input.files[0]);
              return [taken.size, input.files[0].size, Math.max(shown.width, shown.height)];
            }
            """);
        Assert.True(small is [> 1 << 20, > 10_000 and <= 300 << 10, >= 640 and <= 1600], string.Join(' ', small));

        // A picture of a kind that cannot be used is refused where it is chosen; one that only says that it is a JPEG, by the server.
        byte[] heic = [0, 0, 0, 24, .. "ftypheic"u8, .. new byte[400]];
        await page.CheckAsync("[name=Kind][value=spraying]");
        // What may be wrong is asked about at once, each beside its field: sprayed after the harvest, and a label that asks for less than any.
        await page.SelectOptionAsync("[name=InputCode]", "abamectin");
        await page.FillAsync("[name=IntervalDays]", "1");
        await page.SetInputFilesAsync("[name=LabelPhoto]", picture);
        await page.PressMainButtonAsync();
        foreach (var name in new[] { "DoneOn", "IntervalDays" })
            await Assertions.Expect(page.Locator($".field--bad:has([name={name}]) .field__error").First).ToContainTextAsync("bấm nút ghi lần nữa", new() { Timeout = Patience });
        await page.SelectOptionAsync("[name=InputCode]", "");
        await page.FillAsync("[name=InputName]", "Thuốc mẫu");
        await page.FillAsync("[name=IntervalDays]", "3");
        await page.FillAsync("[name=DoneOn]", Vietnamese.Date(Vietnamese.Today(market.Site.Clock).AddDays(-40)));
        await page.SetInputFilesAsync("[name=Photos]", Array.Empty<string>());
        await page.SetInputFilesAsync("[name=LabelPhoto]", new FilePayload { Name = "nhan.heic", MimeType = "image/heic", Buffer = heic });
        await page.PressMainButtonAsync();
        await Assertions.Expect(page.Locator(".field--bad:has([name=LabelPhoto]) .field__error").First).ToContainTextAsync("nhan.heic: không phải JPEG", new() { Timeout = Patience });
        Assert.Equal(0, await page.Locator("[data-field-queue] li").CountAsync());
        await page.SetInputFilesAsync("[name=LabelPhoto]", new FilePayload { Name = "nhan.jpg", MimeType = "image/jpeg", Buffer = heic });
        await page.PressMainButtonAsync();
        var entry = page.Locator("[data-field-queue] li[data-state=photo]");
        await Assertions.Expect(entry).ToContainTextAsync("Ảnh HEIC chưa dùng được", new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("[data-field-state]")).ToContainTextAsync("1 mục chưa được nhận", new() { Timeout = Patience });
        const string open = "select count(*)::int from origin.lot_block where lot_id = @LotId and lifted_at is null";
        Assert.Equal(1, await market.Db.SingleAsync<int>(open, new { goods.LotId }, TestContext.Current.CancellationToken));
        // It outlives the page, stops no other entry, and another photo frees the lot.
        await page.ReloadAsync();
        await page.UntilAsync("document.querySelector('[data-field-state=ready]') !== null");
        await page.EvaluateAsync(Write, new[] { 1, 1 });
        await Assertions.Expect(page.Locator("[data-field-queue] li[data-state=sent]")).ToContainTextAsync("Đã gửi", new() { Timeout = Patience });
        await entry.Locator("input[type=file]").SetInputFilesAsync(picture);
        await Assertions.Expect(page.Locator("[data-field-state]")).ToContainTextAsync("Không có mục nào chờ gửi", new() { Timeout = Patience });
        Assert.Equal((0, 2), (await market.Db.SingleAsync<int>(open, new { goods.LotId }, TestContext.Current.CancellationToken), await page.Locator("[data-field-queue] li[data-state=sent]").CountAsync()));
    }

    [Fact]
    public async Task Signing_out_names_what_was_not_sent_and_then_leaves_nothing_behind()
    {
        await using var phone = await Phone.StartAsync(chromium, folder.FullName);
        var page = phone.Page;
        await OpenAsync(page);
        wire.Drops = line => line.StartsWith("PUT ", StringComparison.Ordinal);
        await page.EvaluateAsync(Write, new[] { 1, 2 });
        await SignOutAsync();
        var dialog = page.Locator("dialog");
        await Assertions.Expect(dialog).ToContainTextAsync("Còn 2 mục trên máy này chưa gửi. Đăng xuất sẽ xóa.", new() { Timeout = Patience });
        await dialog.GetByText("Ở lại để gửi").ClickAsync();
        await Assertions.Expect(page.Locator("[data-field-state]")).ToContainTextAsync("2 mục chờ gửi", new() { Timeout = Patience });
        await SignOutAsync();
        await page.NextPageAsync(() => dialog.GetByText("Xóa và đăng xuất").ClickAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>("Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, names]) => databases.length + names.filter(n => n === 'field').length + localStorage.length)"));
        await page.GotoAsync(wire.Url + Page);
        Assert.Contains("/dang-nhap", page.Url, StringComparison.Ordinal);

        async Task SignOutAsync()
        {
            await page.GotoAsync(wire.Url + "/tai-khoan");
            await page.ClickAsync("form[action$='/dang-xuat'] button:visible");
        }
    }

    [Fact]
    public async Task An_entry_takes_two_taps_and_a_photo_what_others_wrote_can_be_copied_a_full_device_keeps_what_was_typed_and_the_household_reads_along()
    {
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var draft = new DiaryDraft(null, "fertilising", Vietnamese.Today(market.Site.Clock).AddDays(-1), null, "Phân chuồng hoai", null, 2.5m, "kg/gốc", null, null, "Nắng", "Bón thúc", []);
            Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, goods.LotCode, seller.PersonId, draft, new Actor(seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await using var phone = await Phone.StartAsync(chromium, folder.FullName);
        await OpenAsync(phone.Page);
        // From opening the app to the entry in its queue: a script is quicker than any thumb, so that twenty seconds leave a person their time even on a busy machine.
        var since = Stopwatch.StartNew();
        await phone.Page.ReloadAsync();
        await phone.Page.UntilAsync("document.querySelector('[data-field-state=ready]') !== null");
        var opened = since.Elapsed;
        var walk = new Walk(phone.Page);
        var usual = await phone.Page.Locator("[data-crop]:not([hidden]) a").First.TextContentAsync();
        await walk.TapAsync("[data-crop]:not([hidden]) a");
        await phone.Page.SetInputFilesAsync("[name=Photos]", picture);
        await walk.TapAsync("main form .button--primary");
        await Assertions.Expect(phone.Page.Locator("[data-field-said]")).ToContainTextAsync("Đã ghi trên máy này.", new() { Timeout = Patience });
        TestContext.Current.TestOutputHelper?.WriteLine($"{walk.Taps} taps and a photo; open after {opened.TotalSeconds:0.00} s, queued {since.Elapsed.TotalSeconds:0.00} s after opening");
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(20), $"{since.Elapsed}");
        await Assertions.Expect(phone.Page.Locator("[data-field-queue] li[data-state=sent]")).ToContainTextAsync("Đã gửi", new() { Timeout = Patience });
        Assert.InRange(walk.Taps, 1, 3);
        Assert.Equal(["Bón thúc", usual!], await NotesAsync());

        await phone.Page.ClickAsync("[data-lot]:not([hidden]) a");
        Assert.Equal("fertilising Phân chuồng hoai 2,5 kg/gốc Bón thúc", await phone.Page.EvaluateAsync<string>("['Kind', 'InputName', 'Amount', 'AmountUnit', 'Note', 'Weather'].map(name => new FormData(document.querySelector('form[data-enhance=field]')).get(name)).join(' ').trim()"));
        Assert.True(await phone.Page.EvaluateAsync<bool>("document.querySelector('[name=DoneOn]').value === new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh' }).format(Date.now())"));

        // The browser of the tests has the whole disk of the machine: it is told what a full one says.
        await phone.Page.EvaluateAsync("""
            () => {
              const put = IDBObjectStore.prototype.put;
              IDBObjectStore.prototype.put = function (value) { if (this.name === "photos") throw new DOMException("full", "QuotaExceededError"); return put.call(this, value); };
            }
            """);
        await phone.Page.CheckAsync("[name=Kind][value=care]");
        await phone.Page.FillAsync("[name=Note]", "Tỉa cành");
        await phone.Page.SetInputFilesAsync("[name=Photos]", picture);
        await phone.Page.PressMainButtonAsync();
        await Assertions.Expect(phone.Page.Locator("[data-field-said]")).ToContainTextAsync("Máy hết chỗ", new() { Timeout = Patience });
        Assert.Equal(1, await phone.Page.Locator("[data-field-queue] li").CountAsync());
        Assert.Equal(("Tỉa cành", 1), (await phone.Page.InputValueAsync("[name=Note]"), await phone.Page.EvaluateAsync<int>("document.querySelector('[name=Photos]').files.length")));

        // Somebody of the household, without an account: reads both entries by the link and can change nothing.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<DiaryLinks>().AddAsync(tx, goods.LotCode, seller.PersonId, "Bố", new Actor(seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var link = market.Site.Get<DiaryLinks>().Path(goods.LotCode, await market.Db.SingleAsync<long>("select id from origin.diary_link where lot_id = @LotId", new { goods.LotId }, TestContext.Current.CancellationToken));
        await phone.Page.Context.ClearCookiesAsync();
        await phone.Page.GotoAsync(wire.Url + link);
        await Assertions.Expect(phone.Page.Locator("main")).ToContainTextAsync("Bón thúc", new() { Timeout = Patience });
        Assert.Equal((0, 0), (await phone.Page.Locator("main form").CountAsync(), await phone.Page.Locator("a[href*='/quan-ly']").CountAsync()));
    }

    [Fact]
    public async Task An_officers_inspections_are_written_without_signal_and_arrive_once_a_refused_one_is_corrected()
    {
        const string site = "/so-cong-thuong/kiem-tra/tai-cho";
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        string planned;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            planned = Inspections.Number(await market.Site.Get<Inspections>().PlanAsync(tx, new(seller.ProducerId, null, goods.LotId), Vietnamese.Today(market.Site.Clock), "Định kỳ", officer));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await using var phone = await Phone.StartAsync(chromium, folder.FullName);
        var page = phone.Page;
        await OpenAsync(page, site, browser);
        wire.Drops = _ => true;
        await page.ReloadAsync();
        await page.UntilAsync("document.querySelector('[data-field-state=ready]') !== null");
        await page.SetInputFilesAsync("[name=Photos]", picture);
        await WriteAsync(planned, "Kho gọn, thuốc còn nhãn.");
        await WriteAsync("moi", "Gặp trên đường, xem tem.", "KHONG-CO");
        using var qr = QRCoder.QRCodeGenerator.GenerateQrCode("http://localhost/lo/" + goods.LotCode, QRCoder.QRCodeGenerator.ECCLevel.M);
        using var png = new QRCoder.PngByteQRCode(qr);
        await page.SelectOptionAsync("[name=Visit]", "moi");
        await page.SetInputFilesAsync("[name=Label]", new FilePayload { Name = "tem.png", MimeType = "image/png", Buffer = png.GetGraphic(10) });
        await WriteAsync("moi", "Chụp tem, chưa biết mã.");
        await Assertions.Expect(page.Locator("[data-field-state]")).ToContainTextAsync("3 mục chờ gửi", new() { Timeout = Patience });
        Assert.True(await page.Locator($"[name=Visit] option[value={planned}]").IsDisabledAsync());
        wire.Drops = _ => false;
        await page.ClickAsync("[data-field-queue] button:has-text('Gửi ngay')");
        await Assertions.Expect(page.Locator($"li[data-state=sent] a[href$='/{planned}']")).ToBeVisibleAsync(new() { Timeout = Patience });
        var refused = page.Locator("li[data-state=refused]");
        await Assertions.Expect(refused).ToContainTextAsync("mang mã hay tên này", new() { Timeout = Patience });
        await refused.Locator("[data-do=repair]").ClickAsync();
        Assert.Equal("Gặp trên đường, xem tem.", await page.InputValueAsync("[name=Finding]"));
        await page.FillAsync("[name=Subject]", goods.LotCode);
        await page.PressMainButtonAsync();
        await Assertions.Expect(page.Locator("[data-field-state]")).ToContainTextAsync("Không có mục nào chờ gửi", new() { Timeout = Patience });
        Assert.Equal([("Kho gọn, thuốc còn nhãn.", 1), ("Gặp trên đường, xem tem.", 0), ("Chụp tem, chưa biết mã.", 0)], await market.Db.QueryAsync<(string, int)>(
            "select finding, (select count(*)::int from files.stored_file f where f.id = any(i.picture_ids)) from supervision.inspection i where lot_id = @LotId and recorded_by = @PersonId and written_at is not null order by written_at", new { goods.LotId, officer.PersonId }, TestContext.Current.CancellationToken));

        async Task WriteAsync(string visit, string finding, string? subject = null)
        {
            await page.SelectOptionAsync("[name=Visit]", visit);
            if (subject is not null)
                await page.FillAsync("[name=Subject]", subject);
            await page.CheckAsync("[name='Checks[1]'][value=met]");
            await page.FillAsync("[name=Finding]", finding);
            await page.CheckAsync("[name=Conclusion][value=clear]");
            await page.PressMainButtonAsync();
            await Assertions.Expect(page.Locator("[data-field-said]")).ToContainTextAsync("Đã ghi trên máy này.", new() { Timeout = Patience });
            await page.UntilAsync("document.querySelector('[name=Finding]').value === ''");
        }
    }

    /// <summary>The page as a signed-in person's phone has it: kept for the field, under the care of the worker.</summary>
    private async Task OpenAsync(IPage page, string path = Page, Browser? person = null)
    {
        await page.Context.AddCookiesAsync((person ?? await market.SignInAsync(seller)).Cookies.Select(c => new Cookie { Name = c.Name, Value = c.Value, Domain = "localhost", Path = "/" }));
        await page.GotoAsync(wire.Url + path);
        await page.UntilAsync("document.querySelector('[data-field-state=ready]') !== null");
        await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller ?? new Promise(r => navigator.serviceWorker.addEventListener('controllerchange', r)))");
    }

    /// <summary>What the site has of this seller, in the order in which it came.</summary>
    private Task<List<string>> NotesAsync() => market.Db.QueryAsync<string>(
        "select d.note from origin.diary_entry d join origin.event e on e.id = d.event_id where e.producer_id = @ProducerId order by e.recorded_at, e.id", new { seller.ProducerId }, TestContext.Current.CancellationToken);
}
