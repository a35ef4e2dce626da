using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Jobs;
using SonLaMarket.Origin;
using SonLaMarket.Supervision.Recall;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Supervision;

/// <summary>The officer's consoles: recalls, blocks lifted with a public reason, strange labels, the audit log.</summary>
public sealed class RecallTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private const string Recalls = "/so-cong-thuong/thu-hoi";

    [Fact]
    public async Task Recall_is_opened_on_known_lots_reaches_orders_and_is_closed_with_a_note()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var placed = await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod");
        Assert.Equal(HttpStatusCode.SeeOther, placed.Status);

        // Who knows no code finds the lot by its goods and its seller, typed without marks.
        var words = await market.Db.SingleAsync<string>("select foundation.fold(p.name || ' ' || r.name) from origin.lot l join producers.product p on p.id = l.product_id join producers.producer r on r.id = l.producer_id where l.code = @LotCode", new { goods.LotCode });
        Assert.NotNull((await browser.GetAsync($"{Recalls}/xem-truoc?tim={Uri.EscapeDataString(words)}")).Page.QuerySelector($".rows a[href$='xem-truoc?lo={goods.LotCode}']"));
        Assert.Null((await browser.GetAsync($"{Recalls}/xem-truoc?tim={Uri.EscapeDataString(words + " qwx")}")).Page.QuerySelector(".rows a"));
        var before = await market.Db.SingleAsync<long>("select count(*) from origin.recall");
        var page = await browser.GetAsync(Recalls);
        var unknown = await browser.SubmitAsync(page, Recalls, ("Lots", goods.LotCode + " KHONG-CO"), ("Reason", "Phát hiện dư lượng thuốc"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unknown.Status);
        Assert.NotNull(unknown.Page.QuerySelector("#Lots-error"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, Recalls, ("Lots", goods.LotCode), ("Reason", "ngắn"))).Status);
        Assert.Equal(before, await market.Db.SingleAsync<long>("select count(*) from origin.recall"));

        // What it reaches is shown first, with the reason as typed; then it is asked, by lot and numbers.
        var preview = await browser.SubmitAsync(page, Recalls, ("Lots", goods.LotCode.ToLowerInvariant()), ("Reason", "Phát hiện dư lượng thuốc"), ("Advice", "Trả lại nơi bán"));
        Assert.Equal(HttpStatusCode.OK, preview.Status);
        Assert.Equal($"Mở thu hồi lô {goods.LotCode}? Chặn bán ngay 1 lô và báo cho người mua: 1 đơn, 1 kiện, 1 người mua.", preview.Page.QuerySelector("button[data-ask]")!.GetAttribute("data-ask"));
        Assert.Equal(before, await market.Db.SingleAsync<long>("select count(*) from origin.recall"));
        // It is the same form still: what the browser kept of it goes once the recall is open.
        Assert.Equal(Key(page), Key(preview));
        var opened = await browser.SubmitAsync(preview, Recalls, ("_yes", "1"));
        Assert.Equal(HttpStatusCode.SeeOther, opened.Status);
        var again = await browser.SubmitAsync(await browser.GetAsync(Recalls), Recalls, ("Lots", goods.LotCode), ("Reason", "Phát hiện dư lượng thuốc"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
        Assert.Contains("đã nằm trong đợt thu hồi", again.Page.QuerySelector("#Lots-error")!.TextContent, StringComparison.Ordinal);
        var number = await market.Db.SingleAsync<string>("select number from origin.recall order by id desc limit 1");
        var card = (await browser.GetAsync(Recalls)).Page.QuerySelectorAll("article").Single(a => a.TextContent.Contains(number, StringComparison.Ordinal));
        Assert.Equal([goods.LotCode, "1", "1", "1"], card.QuerySelectorAll("dd").Take(4).Select(d => d.TextContent.Trim()));
        Assert.Contains(number, (await market.Site.Open().GetAsync("/thu-hoi")).Body, StringComparison.Ordinal);
        Assert.NotNull((await market.Site.Open().GetAsync("/thu-hoi/" + number)).Page.QuerySelector("main a[href='/don-hang']"));
        // The seller, for whose call the buyers wait, is told as well, and once.
        Assert.Equal([goods.LotCode], await market.Db.QueryAsync<string>("select substring(body from 'lô (\\S+) của') from accounts.message where key = 'recall-opened:' || @number || ':' || @ProducerId", new { number, goods.Seller.ProducerId }));

        var close = $"{Recalls}/{number}/ket-thuc";
        var refused = await browser.SubmitAsync(await browser.GetAsync($"{Recalls}/{number}"), close, ("Note", "xong"), ("Recovered", "10"), ("Destroyed", "12"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("xong", refused.Page.QuerySelector("#Note")!.TextContent);
        Assert.NotNull(refused.Page.QuerySelector("#Destroyed-error"));
        var more = await browser.SubmitAsync(refused, close, ("Note", "Thu lại nhiều hơn đã làm ra"), ("Recovered", "1.000,5"), ("Destroyed", "0"));
        Assert.Contains("có tất cả 1.000 kg", more.Page.QuerySelector("#Recovered-error")!.TextContent.Replace('\u00a0', ' '), StringComparison.Ordinal);
        (string, string)[] result = [("Note", "Đã thu lại và tiêu hủy 2 hộp"), ("Recovered", "15"), ("Destroyed", "10 kg")];
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(refused, close, result)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(refused, close, result)).Status);
        Assert.Contains("Thu lại 15 kg, tiêu hủy 10 kg.", (await market.Site.Open().GetAsync("/thu-hoi")).Text, StringComparison.Ordinal);
        var feed = System.Xml.Linq.XDocument.Parse((await market.Site.Open().GetAsync("/thu-hoi.rss")).Body);
        Assert.Contains(feed.Descendants("item"), i => i.Element("guid")!.Value == number + "-closed" && i.Element("description")!.Value.Contains(goods.LotCode, StringComparison.Ordinal));
        Assert.Equal(["recall.open", "recall.close"], await market.Db.QueryAsync<string>("select action from accounts.audit where subject = @subject and actor_id = @PersonId order by id", new { subject = "recall:" + number, officer.PersonId }));

        static string Key(Answer answer) => answer.Page.QuerySelector($"form[action='{Recalls}'] [name=_once]")!.GetAttribute("value")!;
    }

    [Fact]
    public async Task A_breach_of_interval_on_goods_already_sold_proposes_a_recall_that_an_officer_opens_once()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var unsold = await market.Shop.GoodsAsync(goods.Seller, 3);
        await SellAsync(goods);
        await BlockAsync(goods);
        await BlockAsync(unsold);
        var id = Assert.Single(await ProposalsAsync(goods));
        Assert.Empty(await ProposalsAsync(unsold));
        var path = $"{Recalls}/de-nghi/DN-{id}";
        Assert.NotNull((await browser.GetAsync(Recalls + "/de-nghi")).Page.QuerySelector($"td a[href='{path}']"));
        var page = await browser.GetAsync(path);
        Assert.Equal("Phun sát ngày thu hoạch", page.Page.QuerySelector("#Reason")!.TextContent);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(page, path + "/bo", ("DropReason", "không"))).Status);
        var opened = await browser.SubmitAsync(page, path + "/mo", ("Reason", "Phun sát ngày thu hoạch"), ("Advice", "Trả lại nơi bán"));
        Assert.Equal(HttpStatusCode.SeeOther, opened.Status);
        var number = opened.Location!.Split('/')[^1];
        Assert.Equal(goods.LotCode, await market.Db.SingleAsync<string>("select l.code from origin.recall r join origin.recall_lot x on x.recall_id = r.id join origin.lot l on l.id = x.lot_id where r.number = @number", new { number }));
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, path + "/mo", ("Reason", "Phun sát ngày thu hoạch"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, path + "/bo", ("DropReason", "Nhãn thuốc đã rõ."))).Status);
        Assert.Contains(number, (await browser.GetAsync(Recalls + "/de-nghi?loai=da-xong")).Text, StringComparison.Ordinal);
        Assert.Equal(["recall.propose", "recall.confirm"], await market.Db.QueryAsync<string>("select action from accounts.audit where subject = @subject order by id", new { subject = $"recall:DN-{id}" }));
        Assert.Equal(officer.PersonId, await market.Db.SingleAsync<long?>("select opened_by from origin.recall where number = @number", new { number }));
    }

    [Fact]
    public async Task A_proposed_recall_goes_with_its_block_with_a_recall_opened_by_hand_or_by_an_officers_word()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = new List<Goods>();
        var seller = await market.Shop.SellerAsync(online: false);
        for (var i = 0; i < 3; i++)
        {
            goods.Add(await market.Shop.GoodsAsync(seller, 3));
            await SellAsync(goods[i]);
            await BlockAsync(goods[i]);
        }
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var block = await tx.SingleAsync<long>("select id from origin.lot_block where lot_id = @LotId", new { goods[0].LotId });
            Assert.True(await market.Site.Get<LotBlocks>().LiftAsync(tx, block, "Nhãn thuốc ghi một ngày.", officer));
            Assert.NotNull(await market.Site.Get<SonLaMarket.Origin.Recalls>().OpenAsync(tx, [goods[1].LotCode], "Phun sát ngày thu hoạch", "", officer));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        var path = $"{Recalls}/de-nghi/DN-{(await ProposalsAsync(goods[2])).Single()}";
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(path), path + "/bo", ("DropReason", "Ghi nhầm lô trong nhật ký."))).Status);
        var ends = await market.Db.QueryAsync<(string?, bool, long?)>("select p.outcome, p.recall_id is not null, p.decided_by from supervision.recall_proposal p where p.lot_id = any(@lots) order by p.lot_id", new { lots = goods.ConvertAll(g => g.LotId).ToArray() });
        Assert.Equal([("dropped", false, null), ("confirmed", true, officer.PersonId), ("dropped", false, officer.PersonId)], ends);
        Assert.Contains("bị chặn bán", (await market.Site.Open().GetAsync("/lo/" + goods[2].LotCode)).Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
    }

    private async Task SellAsync(Goods goods)
    {
        Assert.Equal(HttpStatusCode.SeeOther, (await (await new Buyer(market.Site).WithAsync(goods)).PlaceAsync("cod")).Status);
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        var holder = await tx.SingleAsync<string>("select holder from catalog.reservation where lot_id = @LotId", new { goods.LotId });
        Assert.True(await market.Site.Get<SonLaMarket.Catalog.Stock>().SellAsync(tx, holder));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
    }

    private async Task BlockAsync(Goods goods)
    {
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, "interval", null, null, "Phun sát ngày thu hoạch", Actor.System));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
    }

    private Task<List<long>> ProposalsAsync(Goods goods) => market.Db.QueryAsync<long>("select id from supervision.recall_proposal where lot_id = @LotId and decided_at is null", new { goods.LotId });

    [Fact]
    public async Task A_recall_three_steps_before_finds_every_order_line_tells_the_buyers_and_stands_on_every_page()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var product = await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { goods.LotId });
        // Field -> dried -> roasted -> packed: the packed lot is what people buy.
        var code = goods.LotCode;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<SonLaMarket.Catalog.Stock>().SupplyAsync(tx, code, 0, goods.Seller.PersonId, actor);
            foreach (var (kind, into, from) in new[] { ("drying", 600_000L, 200_000L), ("roasting", 100_000, 90_000), ("packing", 50_000, 50_000) })
                code = Assert.IsType<StepOutcome.Done>(await market.Site.Get<LotSteps>().RecordAsync(tx, goods.Seller.PersonId, new NewStep(kind, Vietnamese.Today(market.Site.Clock), [new(code, into)], [new(product, from, null)], ""), actor)).Codes.Single();
            Assert.True(await market.Site.Get<SonLaMarket.Catalog.Stock>().SupplyAsync(tx, code, 50_000, goods.Seller.PersonId, actor));
            Assert.IsType<SeriesOutcome.Opened>(await market.Site.Get<ItemSeries>().OpenAsync(tx, code, goods.Seller.PersonId, 30, 1_000, "Hộp quà", actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await foreach (var _ in market.Site.Get<ItemSeries>().MakeAsync(market.Db, await market.Db.SingleAsync<Guid>("select s.key from origin.item_series s join origin.lot l on l.id = s.lot_id where l.code = @code", new { code })))
        {
        }
        await market.Db.ExecuteAsync("update origin.item i set first_scanned_at = now() from origin.lot l where l.id = i.lot_id and l.code = @code and i.place <= 3", new { code });
        var buyer = await new Buyer(market.Site).WithAsync(goods);
        var order = (await buyer.PlaceAsync("cod")).Location!;
        var before = await market.Site.Open().GetAsync("/lo/" + code);
        Assert.DoesNotContain("bị thu hồi", before.Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);

        var preview = await browser.GetAsync($"{Recalls}/xem-truoc?lo={goods.LotCode}");
        Assert.Equal(["4", "1", "1", "1", "30"], preview.Page.QuerySelectorAll(".counts strong").Select(b => b.TextContent.Trim()));
        Assert.Equal([code, "30", "3", "0"], preview.Page.QuerySelectorAll("#goi + * tbody td").Skip(1).Select(d => d.TextContent.Trim()));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(preview, Recalls, ("Reason", "Dư lượng thuốc ở lô gốc"), ("_yes", "1"))).Status);
        await market.Site.RunDueAsync();
        var number = await market.Db.SingleAsync<string>("select r.number from origin.recall r join origin.recall_lot x on x.recall_id = r.id where x.lot_id = @LotId", new { goods.LotId });
        Assert.Equal("thu hồi", (await market.Site.Open().GetAsync("/lo/" + code)).Page.QuerySelector("h1")!.TextContent[^"thu hồi".Length..]);
        Assert.Equal(4, await market.Db.SingleAsync<int>("select count(*)::int from origin.lot_block b join origin.recall r on r.id = b.recall_id where r.number = @number", new { number }));

        // The buyer reads it on the order's page, and says so.
        var told = await buyer.Browser.GetAsync(order);
        Assert.Contains(number, told.Text, StringComparison.Ordinal);
        var detail = await browser.GetAsync($"{Recalls}/{number}");
        Assert.Contains("đã nhắn, chưa trả lời", detail.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await buyer.Browser.SubmitAsync(told, "/da-biet-thu-hoi")).Status);
        Assert.Contains("Bạn đã cho biết", (await buyer.Browser.GetAsync(order)).Text, StringComparison.Ordinal);
        detail = await browser.GetAsync($"{Recalls}/{number}");
        Assert.Contains("Sample plum", (await browser.GetAsync($"/en{Recalls}/{number}")).Page.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("1", detail.Page.QuerySelectorAll(".counts strong")[^1].TextContent.Trim());
        using var list = new MemoryStream(await (await browser.GetAsync($"{Recalls}/{number}.xlsx")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4, MiniExcelLibs.MiniExcel.Query(list, useHeaderRow: true, sheetName: "Lô").Count());
        Assert.Single(MiniExcelLibs.MiniExcel.Query(list, useHeaderRow: true, sheetName: "Đơn hàng"));
        var packages = (IDictionary<string, object>)MiniExcelLibs.MiniExcel.Query(list, useHeaderRow: true, sheetName: "Gói có mã riêng").Single();
        Assert.Equal((code, "30", "3"), ($"{packages["Lô"]}", $"{packages["Số gói"]}", $"{packages["Đã có người quét"]}"));
    }

    [Fact]
    public async Task A_recall_of_many_lots_names_the_first_and_has_the_others_on_a_page_of_its_own()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var codes = await market.Db.QueryAsync<string>("""
            insert into origin.lot (code, producer_id, product_id, commune_code, base_unit, quantity_base, created_at)
            select 'NHIEU-' || n, l.producer_id, l.product_id, l.commune_code, l.base_unit, 1000, now() from origin.lot l cross join generate_series(1, 230) n where l.id = @LotId returning code
            """, new { goods.LotId });
        string number;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            number = (await market.Site.Get<Recalls>().OpenAsync(tx, codes, "Dư lượng vượt mức cho phép", "", officer))!;
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        foreach (var list in new[] { (await market.Site.Open().GetAsync("/thu-hoi")).Page.QuerySelector($"article[id='{number}']")!, (await browser.GetAsync(Recalls)).Page.QuerySelectorAll("article").Single(a => a.TextContent.Contains(number, StringComparison.Ordinal)) })
        {
            Assert.Equal(20, list.QuerySelectorAll("a[href^='/lo/']").Length);
            Assert.Equal("Xem tất cả 230 lô", list.QuerySelector($"a[href='/thu-hoi/{number}']")!.TextContent);
        }
        var named = new List<string>();
        for (var next = $"/thu-hoi/{number}"; next is not null;)
        {
            var page = (await market.Site.Open().GetAsync(next)).Page;
            named.AddRange(page.QuerySelectorAll("main a[href^='/lo/']").Select(a => a.TextContent));
            next = page.QuerySelector("main a[href*='sau=']")?.GetAttribute("href");
        }
        Assert.Equal(codes, named);
        Assert.Equal(HttpStatusCode.NotFound, (await market.Site.Open().GetAsync("/thu-hoi/TH-2020-9999")).Status);
    }

    [Fact]
    public async Task A_recall_of_thousands_of_lots_is_long_work_that_opens_it_once_for_all_of_them_or_for_none()
    {
        const int AtOnce = SonLaMarket.Origin.Recalls.AtOnce;
        const long all = AtOnce + 1;
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        // One more than is recalled at once: the one that is named, what was dried of it, and a great many of the same step.
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        string dried;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<SonLaMarket.Catalog.Stock>().SupplyAsync(tx, goods.LotCode, 0, goods.Seller.PersonId, actor);
            var product = await tx.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { goods.LotId });
            dried = Assert.IsType<StepOutcome.Done>(await market.Site.Get<LotSteps>().RecordAsync(tx, goods.Seller.PersonId, new NewStep("drying", Vietnamese.Today(market.Site.Clock), [new(goods.LotCode, 600_000)], [new(product, 200_000, null)], ""), actor)).Codes.Single();
            await tx.ExecuteAsync("""
                with made as (
                  insert into origin.lot (code, producer_id, product_id, commune_code, base_unit, quantity_base, created_at)
                  select 'NGHIN-' || n, l.producer_id, l.product_id, l.commune_code, l.base_unit, 1000, now() from origin.lot l cross join generate_series(1, @more) n where l.code = @dried returning id)
                insert into origin.lot_output (step_id, lot_id, quantity_base) select s.step_id, m.id, 1000 from origin.lot_output s join origin.lot l on l.id = s.lot_id and l.code = @dried cross join made m
                """, new { more = AtOnce - 1, dried });
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        Task<(long, long, long)> ReachedAsync() => market.Db.SingleAsync<(long, long, long)>("""
            with l as (select id from origin.lot where id = @LotId or code = @dried or code like 'NGHIN-%')
            select (select count(*) from origin.recall_lot where lot_id in (select id from l)), (select count(*) from origin.lot_block where lot_id in (select id from l)), (select count(*) from origin.event where lot_id in (select id from l) and disposition = 'recalled')
            """, new { goods.LotId, dried });
        var page = await browser.GetAsync($"{Recalls}/xem-truoc?lo={goods.LotCode}");
        var asked = await browser.SubmitAsync(page, Recalls, ("Reason", "Dư lượng thuốc ở lô gốc"), ("_yes", "1"));
        Assert.StartsWith("/so-cong-thuong/viec/", asked.Location!, StringComparison.Ordinal);
        Assert.NotNull((await browser.GetAsync(asked.Location!)).Page.QuerySelector("#viec[data-follow] progress"));
        Assert.Equal((0L, 0L, 0L), await ReachedAsync());

        // Cut off while it writes, it leaves nothing.
        var task = Guid.Parse(asked.Location![^36..]);
        var input = JsonSerializer.Deserialize<OpenRecall>(await market.Db.SingleAsync<string>("select input::text from jobs.long_task where id = @task", new { task }))!;
        await using (var scope = market.Site.Get<IServiceScopeFactory>().CreateAsyncScope())
        {
            var stopping = new CancellationToken(canceled: true);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scope.ServiceProvider.GetRequiredService<RecallOpening>().RunAsync(input, new TaskProgress(market.Db, market.Site.Clock, task), stopping));
        }
        Assert.Equal((0L, 0L, 0L), await ReachedAsync());
        await market.Site.RunDueAsync();
        Assert.Equal((all, all, all), await ReachedAsync());
        var number = await market.Db.SingleAsync<string>("select r.number from origin.recall r join origin.recall_lot x on x.recall_id = r.id where x.lot_id = @LotId", new { goods.LotId });
        var done = await browser.GetAsync(asked.Location!);
        Assert.Equal($"{Recalls}/{number}", done.Page.QuerySelector("#viec a.button")!.GetAttribute("href"));
        Assert.Contains(number, done.Text, StringComparison.Ordinal);
        Assert.EndsWith("thu hồi", (await market.Site.Open().GetAsync($"/lo/NGHIN-{AtOnce - 1}")).Page.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);

        // The process died after the commit: the work runs again, and nothing is opened twice. Asked for anew it is refused.
        await market.Db.ExecuteAsync("update jobs.long_task set state = 'waiting', ended_at = null where id = @task", new { task });
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            task = await market.Site.Get<LongTasks>().AskAsync(tx, officer.PersonId!.Value, new Said("Mở thu hồi từ lô {0}", goods.LotCode), input with { Key = Guid.NewGuid() });
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        Assert.Equal((all, all, all), await ReachedAsync());
        Assert.NotNull((await browser.GetAsync(asked.Location!)).Page.QuerySelector($"#viec a[href='{Recalls}/{number}']"));
        Assert.Contains($"Lô {goods.LotCode} đã nằm trong đợt thu hồi {number} đang mở.", (await browser.GetAsync($"/so-cong-thuong/viec/{task}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_opens_recalls_by_itself_only_while_the_department_has_it_turned_on()
    {
        var (browser, officer, _) = await market.SignInAsync(Roles.Officer);
        var rule = Recalls + "/de-nghi/quy-tac/interval";
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var (before, dropped) = (await market.Shop.GoodsAsync(goods.Seller, 3), await market.Shop.GoodsAsync(goods.Seller, 3));
        foreach (var proposed in new[] { before, dropped })
        {
            await SellAsync(proposed);
            await BlockAsync(proposed);
        }
        var path = $"{Recalls}/de-nghi/DN-{(await ProposalsAsync(dropped)).Single()}";
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(path), path + "/bo", ("DropReason", "Ghi nhầm lô trong nhật ký."))).Status);
        var page = await browser.GetAsync(Recalls + "/de-nghi");
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, rule)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, rule)).Status);
        await SellAsync(goods);
        await BlockAsync(goods);
        // What was proposed before is opened when the rule sees it again; what an officer dropped stays dropped.
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<Queue>().AnnounceAsync(tx, new LotBlockChanged([before.LotId, dropped.LotId]));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        await market.Site.RunDueAsync();
        Assert.Equal([(before.LotId, "confirmed", true), (dropped.LotId, "dropped", false)], await market.Db.QueryAsync<(long, string?, bool)>("select lot_id, outcome, recall_id is not null from supervision.recall_proposal where lot_id = any(@lots) order by lot_id", new { lots = new[] { before.LotId, dropped.LotId } }));
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync(Recalls + "/de-nghi"), rule)).Status);
        Assert.Equal(("rule", null, "confirmed", null), await market.Db.SingleAsync<(string, long?, string, long?)>("select r.opened_as, r.opened_by, p.outcome, p.decided_by from origin.recall r join supervision.recall_proposal p on p.recall_id = r.id where p.lot_id = @LotId", new { goods.LotId }));
        Assert.Equal("interval", await market.Db.SingleAsync<string>("select a.detail->>'rule' from accounts.audit a join origin.recall r on a.subject = 'recall:' || r.number join origin.recall_lot x on x.recall_id = r.id where a.action = 'recall.open' and x.lot_id = @LotId", new { goods.LotId }));
        Assert.Equal(["recall.rule-on", "recall.rule-off"], await market.Db.QueryAsync<string>("select action from accounts.audit where subject = 'recall-rule:interval' and actor_id = @PersonId order by id", new { officer.PersonId }));
        Assert.Contains("Sàn mở đợt thu hồi này theo quy tắc của Sở Công Thương.", (await market.Site.Open().GetAsync("/thu-hoi")).Text, StringComparison.Ordinal);
        Assert.Contains("Phun sát ngày thu hoạch", (await market.Site.Open().GetAsync("/lo/" + goods.LotCode)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_producer_recalls_a_lot_of_their_own_and_nobody_elses()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var seller = await market.SignInAsync(goods.Seller);
        var page = await seller.GetAsync($"/quan-ly/lo/{goods.LotCode}/thu-hoi");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await seller.SubmitAsync(page, "/thu-hoi", ("Reason", "ngắn"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await seller.SubmitAsync(page, "/thu-hoi", ("Reason", "Phát hiện mốc trong lô này"))).Status);
        Assert.Equal("seller", await market.Db.SingleAsync<string>("select r.opened_as from origin.recall r join origin.recall_lot x on x.recall_id = r.id where x.lot_id = @LotId", new { goods.LotId }));
        Assert.Contains("Cơ sở tự mở", (await market.Site.Open().GetAsync("/thu-hoi")).Text, StringComparison.Ordinal);
        var other = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        Assert.Null(await market.Site.Get<Recalls>().OpenAsync(tx, [other.LotCode], "Phát hiện mốc trong lô này", "", new Actor(goods.Seller.PersonId, Roles.Seller), goods.Seller.PersonId));
    }

    [Fact]
    public async Task Block_is_lifted_with_a_public_reason_but_not_a_recalls()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var recalled = await market.Shop.GoodsAsync(goods.Seller, 3);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, "interval", null, null, "Phun sát ngày thu hoạch", Actor.System));
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, recalled.LotId, "recall", null, null, "Đang thu hồi", Actor.System));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await browser.GetAsync("/so-cong-thuong/lo-bi-chan");
        Assert.DoesNotContain(recalled.LotCode, page.Text, StringComparison.Ordinal);
        var lift = $"/so-cong-thuong/lo-bi-chan/{goods.LotCode}/go-chan";
        var refused = await browser.SubmitAsync(page, lift, ("reason", "ổn"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal("ổn", refused.Page.QuerySelector($"#reason-{goods.LotCode}")!.TextContent);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, lift, ("reason", "Kết quả kiểm nghiệm đạt"), ("block", "17"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, lift, ("reason", "Kết quả kiểm nghiệm đạt"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, lift, ("reason", "Kết quả kiểm nghiệm đạt"))).Status);
        Assert.Equal("Kết quả kiểm nghiệm đạt", await market.Db.SingleAsync<string>("select lift_reason from origin.lot_block where lot_id = @LotId", new { goods.LotId }));
        // An officer's own order is given again after it was lifted, in the same words; by a code as people type it.
        (string, string)[] order = [("Lot", goods.LotCode.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()), ("Why", "Kho có chuột, chờ khử trùng")];
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync("/so-cong-thuong/lo-bi-chan"), "/lo-bi-chan", order)).Status);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.SubmitAsync(await browser.GetAsync("/so-cong-thuong/lo-bi-chan"), "/lo-bi-chan", order)).Status);
            Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(await browser.GetAsync("/so-cong-thuong/lo-bi-chan"), lift, ("reason", "Kho đã khử trùng xong"))).Status);
        }
        Assert.Equal(2, await market.Db.SingleAsync<int>("select count(*)::int from origin.lot_block where lot_id = @LotId and cause = 'officer'", new { goods.LotId }));
    }

    [Fact]
    public async Task Report_of_a_strange_label_is_handled_once()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            await market.Site.Get<ProblemReports>().AddAsync(tx, ProblemKinds.Label, "LA-0001", ProblemKinds.Unknown, "Tem in mờ <b>", "", null);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var page = await browser.GetAsync("/so-cong-thuong/bao-cao-tem");
        Assert.Contains("Tem in mờ <b>", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(page, "/da-xem")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(page, "/da-xem")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(page, "/da-xem", ("report", "1"))).Status);
    }

    [Fact]
    public async Task Audit_log_is_filtered_by_subject_action_and_day()
    {
        var (browser, _, _) = await market.SignInAsync(Roles.Officer);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 3);
        var log = "/so-cong-thuong/nhat-ky-he-thong?doi-tuong=listing%3A" + goods.Slug;
        var day = Vietnamese.Today(market.Site.Clock);
        Assert.Equal(3, await RowsAsync(log));
        Assert.Equal(1, await RowsAsync(log + "&viec=listing.approve"));
        Assert.Equal(3, await RowsAsync(log + "&viec=listing"));
        Assert.Equal(0, await RowsAsync(log + "&viec=lot"));
        Assert.Equal(3, await RowsAsync($"{log}&ngay={day:yyyy-MM-dd}"));
        Assert.Equal(0, await RowsAsync($"{log}&ngay={day.AddDays(-1):yyyy-MM-dd}"));

        async Task<int> RowsAsync(string path) => (await browser.GetAsync(path)).Page.QuerySelectorAll("table.data tbody tr").Length;
    }
}
