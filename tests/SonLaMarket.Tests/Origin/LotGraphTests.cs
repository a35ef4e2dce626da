using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Npgsql;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>Steps that make lots of lots, and the graph that they leave.</summary>
public sealed class LotGraphTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Forward_and_backward_are_what_a_slow_walk_finds_also_where_foreign_data_goes_round(int seed)
    {
        var random = new Random(seed);
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 1);
        const string more = """
            insert into origin.lot (code, producer_id, product_id, commune_code, base_unit, quantity_base, created_at)
            select @prefix || n, l.producer_id, l.product_id, l.commune_code, l.base_unit, 1000, now() from origin.lot l cross join generate_series(1, 30) n where l.id = @LotId returning id
            """;
        const string step = """
            with e as (insert into origin.event (id, lot_id, producer_id, event_type, event_time, recorded_at, biz_step, document, event_hash, vouched_by)
              select @id, l.id, l.producer_id, 'TransformationEvent', now(), now(), 'drying', '{}', @id::text, 'system' from origin.lot l where l.id = @LotId returning producer_id),
            s as (insert into origin.lot_step (id, producer_id, kind, done_on, flagged, recorded_at) select @id, producer_id, 'merge', current_date, false, now() from e)
            select 1 from e;
            insert into origin.lot_input (step_id, lot_id, quantity_base) select @id, unnest(@ins), 1;
            insert into origin.lot_output (step_id, lot_id, quantity_base) select @id, unnest(@outs), 1;
            """;
        var lots = (await market.Db.QueryAsync<long>(more, new { prefix = $"G{seed}-", goods.LotId })).ToArray();
        var edges = new List<(long From, long To)>();
        for (var i = 0; i < 25; i++)
        {
            var (ins, outs) = (Some(), Some());
            await market.Db.ExecuteAsync(step, new { id = Guid.CreateVersion7(), goods.LotId, ins, outs });
            edges.AddRange(from a in ins from b in outs select (a, b));
        }
        foreach (var lot in lots)
        {
            Assert.Equal(Walk(lot, edges.Select(e => (e.From, e.To))), await ReachedAsync(LotGraph.Forward, lot));
            Assert.Equal(Walk(lot, edges.Select(e => (e.To, e.From))), await ReachedAsync(LotGraph.Backward, lot));
        }
        var graph = await LotGraph.LoadAsync(market.Db, lots[0], TestContext.Current.CancellationToken);
        Assert.Equal(Walk(lots[0], edges.Select(e => (e.From, e.To))).Union(Walk(lots[0], edges.Select(e => (e.To, e.From)))).Order(), graph.Lots.Select(l => l.Id).Order());

        long[] Some() => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => lots[random.Next(lots.Length)]).Distinct()];
    }

    private Task<List<long>> ReachedAsync(string walk, long lot) => market.Db.QueryAsync<long>($"{walk} select lot_id from reached order by lot_id", new { lotIds = new[] { lot } });

    /// <summary>Adds what an edge leads to, until nothing is new.</summary>
    private static IEnumerable<long> Walk(long start, IEnumerable<(long From, long To)> edges)
    {
        var (seen, all) = (new SortedSet<long> { start }, edges.ToList());
        while (all.Exists(e => seen.Contains(e.From) && seen.Add(e.To)))
        {
        }
        return seen;
    }

    [Fact]
    public async Task A_lot_is_split_dried_and_packed_by_the_form_and_the_picture_shows_it()
    {
        var (browser, goods) = await SellerAsync();
        var page = await browser.GetAsync($"/quan-ly/lo/{goods.LotCode}/buoc");
        (string, string)[][] wrong =
        [
            [("Kind", "split"), ("Inputs[0].Quantity", "2000"), ("Outputs[0].Quantity", "10")],
            [("Kind", "split"), ("Inputs[0].Quantity", "10"), ("Outputs[0].Quantity", "11")],
            [("Kind", "split"), ("Inputs[0].Quantity", "10")],
            [("Kind", "aggregation"), ("Inputs[0].Quantity", "10"), ("Outputs[0].Quantity", "5"), ("Outputs[1].Product", page.Page.QuerySelector("[name='Outputs[0].Product'] option[selected]")!.GetAttribute("value")!), ("Outputs[1].Quantity", "5")],
            [("Kind", "split"), ("Inputs[0].Quantity", "10"), ("Outputs[0].Quantity", "10"), ("DoneOn", "2031-01-01")],
            [("Kind", "split"), ("Inputs[0].Quantity", "10"), ("Inputs[1].Lot", "KHONG-CO"), ("Inputs[1].Quantity", "1"), ("Outputs[0].Quantity", "10")],
        ];
        foreach (var fields in wrong)
        {
            var refused = await browser.SubmitAsync(page, "/buoc", fields);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.NotEmpty(refused.Page.QuerySelectorAll(".field__error"));
        }
        var done = await browser.SubmitAndFollowAsync(page, "/buoc", ("Kind", "drying"), ("Inputs[0].Quantity", "3 tạ"), ("Outputs[0].Quantity", "200"), ("Note", "Sấy lạnh"));
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Contains("nhiều hơn mức thường thấy", done.Text, StringComparison.Ordinal);
        Assert.NotNull(done.Page.QuerySelector("figure.graph svg path.graph__edge--flagged"));
        Assert.Equal(2, done.Page.QuerySelectorAll("figure.graph rect.graph__lot").Length);
        Assert.Contains("66,7 %", done.Text, StringComparison.Ordinal);
        var made = done.Page.QuerySelectorAll("table.data tbody tr:last-child td:nth-child(4) a").Single().TextContent;
        Assert.Equal("TransformationEvent", await market.Db.SingleAsync<string>("select e.event_type from origin.lot_step s join origin.event e on e.id = s.id join origin.lot_output o on o.step_id = s.id join origin.lot l on l.id = o.lot_id where l.code = @made", new { made }));
        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        Assert.Contains(made, (await officer.GetAsync("/so-cong-thuong/can-doi")).Text, StringComparison.Ordinal);
        // What is used is gone: neither another step nor the shelf takes it again.
        Assert.Equal(300_000, await market.Db.SingleAsync<long>("select used_base from origin.lot where id = @LotId", new { goods.LotId }));
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
            Assert.False(await market.Site.Get<SonLaMarket.Catalog.Stock>().SupplyAsync(tx, goods.LotCode, 700_001, goods.Seller.PersonId, new Actor(goods.Seller.PersonId, Roles.Seller)));
        await Assert.ThrowsAsync<PostgresException>(() => market.Db.ExecuteAsync("update origin.lot set used_base = quantity_base + 1 where id = @LotId", new { goods.LotId }));
        using var report = new MemoryStream(await (await browser.GetAsync($"/quan-ly/lo/{made}/so-do.xlsx")).Message.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["Cân đối", "Một bước trước", "Một bước sau", "Bán và gửi"], MiniExcelLibs.MiniExcel.GetSheetNames(report));
        Assert.Contains(goods.LotCode, ((IDictionary<string, object>)MiniExcelLibs.MiniExcel.Query(report, useHeaderRow: true, sheetName: "Một bước trước").Single())["Mã lô"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_of_a_blocked_lot_is_blocked_too_and_a_blocked_lot_goes_nowhere()
    {
        var (_, goods) = await SellerAsync();
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var product = await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { goods.LotId });
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        var steps = market.Site.Get<LotSteps>();
        var today = Vietnamese.Today(market.Site.Clock);
        var first = Assert.IsType<StepOutcome.Done>(await steps.RecordAsync(tx, goods.Seller.PersonId, new NewStep("split", today, [new(goods.LotCode, 2_000)], [new(product, 1_000, null), new(product, 1_000, null)], ""), actor)).Codes;
        var second = Assert.IsType<StepOutcome.Done>(await steps.RecordAsync(tx, goods.Seller.PersonId, new NewStep("merge", today, [new(first[0], 500), new(first[1], 500)], [new(product, 1_000, null)], ""), actor)).Codes;
        Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, goods.LotId, "interval", null, null, "Phun sát ngày thu hoạch.", actor));
        foreach (var code in first.Concat(second))
            Assert.Equal((goods.LotCode, "Phun sát ngày thu hoạch."), await tx.SingleAsync<(string, string)>("select b.made_from, b.note from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.code = @code", new { code }));
        Assert.Equal(new StepOutcome.Blocked(second[0]), await steps.RecordAsync(tx, goods.Seller.PersonId, new NewStep("split", today, [new(second[0], 10)], [new(product, 10, null)], ""), actor));
    }

    [Fact]
    public async Task A_step_recorded_wrongly_is_declared_so_as_long_as_nothing_was_built_on_it()
    {
        var (browser, goods) = await SellerAsync();
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var (product, path) = (await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { goods.LotId }), $"/quan-ly/lo/{goods.LotCode}/so-do");
        var dried = await StepAsync("drying", goods.LotCode, 300_000);
        market.Site.Clock.Advance(TimeSpan.FromMinutes(1));
        var packed = await StepAsync("packing", dried, 100_000);
        // What went on cannot be taken back: its own step first.
        var page = await browser.GetAsync(path);
        Assert.Equal(1, page.Page.QuerySelectorAll("form[action$='/sai']").Length);
        var first = await market.Db.SingleAsync<Guid>("select step_id from origin.lot_input where lot_id = @LotId", new { goods.LotId });
        var last = page.Page.QuerySelector("form[action$='/sai']")!.GetAttribute("action")!;
        var standing = await browser.PostAsync($"/quan-ly/lo/{goods.LotCode}/buoc/{first}/sai", Fields(page, "Ghi nhầm lô"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, standing.Status);
        Assert.Contains($"Lô {dried} đã dùng làm lô khác", standing.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.PostAsync(last, Fields(page, "sai"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(last, Fields(page, "Chưa đóng gói hôm đó"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostAsync(last, Fields(page, "Chưa đóng gói hôm đó"))).Status);
        Assert.Equal((0, 0, true), await market.Db.SingleAsync<(long, long, bool)>("select a.used_base, (select count(*) from origin.lot_input i where i.lot_id = a.id), b.taken_back_at is not null from origin.lot a, origin.lot b where a.code = @dried and b.code = @packed", new { dried, packed }));
        // The history has the step, and its declaration of error with the same name and its own time.
        var (_, events) = EpcisDocumentOfLotTests.Valid((await market.Site.Open().GetAsync("/lo/" + dried, ("Accept", "application/ld+json"))).Body);
        var told = events.Where(e => e.GetProperty("bizStep").GetString() == "packing").ToList();
        Assert.Equal(2, told.Count);
        Assert.Equal(told[0].GetProperty("eventID").GetString(), told[1].GetProperty("eventID").GetString());
        var declared = Assert.Single(told, e => e.TryGetProperty("errorDeclaration", out _));
        Assert.Equal(declared.GetProperty("recordTime").GetString(), declared.GetProperty("errorDeclaration").GetProperty("declarationTime").GetString());
        var history = await market.Site.Open().GetAsync($"/lo/{dried}/lich-su");
        Assert.Contains("Hủy bước ghi sai", history.Text, StringComparison.Ordinal);
        Assert.Contains("Chưa đóng gói hôm đó", history.Text, StringComparison.Ordinal);
        Assert.Single(history.Page.QuerySelectorAll("main .timeline__old"));
        Assert.DoesNotContain(packed, (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        // The officer sees the same picture, from the field on, and edges go no other way.
        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        var seen = await officer.GetAsync($"/so-cong-thuong/lo/{goods.LotCode}/so-do");
        Assert.Equal(2, seen.Page.QuerySelectorAll("figure.graph rect.graph__lot").Length);
        Assert.Single(seen.Page.QuerySelectorAll("figure.graph rect.graph__field"));
        Assert.Contains("Thu hoạch", seen.Page.QuerySelector("table.data tbody tr")!.TextContent, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PostgresException>(() => market.Db.ExecuteAsync("delete from origin.lot_output where step_id = @first", new { first }));
        // Nothing moves without the event that says so; a lot that was taken back came from no field.
        await market.Db.ExecuteAsync("select origin.void_step(@first, @first)", new { first });
        Assert.Equal(1, await market.Db.SingleAsync<int>("select count(*)::int from origin.lot_output where step_id = @first", new { first }));
        Assert.Empty((await LotGraph.LoadAsync(market.Db, await market.Db.SingleAsync<long>("select id from origin.lot where code = @packed", new { packed }), TestContext.Current.CancellationToken)).Harvests);

        static Dictionary<string, string> Fields(Answer page, string reason) => Browser.Fields(page.Page.QuerySelectorAll<IHtmlFormElement>("form").First(f => f.GetAttribute("action")!.EndsWith("/sai", StringComparison.Ordinal)), ("Reason", reason));

        async Task<string> StepAsync(string kind, string from, long quantity)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var done = Assert.IsType<StepOutcome.Done>(await market.Site.Get<LotSteps>().RecordAsync(tx, goods.Seller.PersonId, new NewStep(kind, Vietnamese.Today(market.Site.Clock), [new(from, quantity)], [new(product, quantity, null)], ""), actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            return done.Codes.Single();
        }
    }

    /// <summary>One lot split into 90, ten of them merged: the picture is folded and opens row by row, the table has every step.</summary>
    [Fact]
    public async Task A_large_graph_is_folded_opens_by_link_and_its_table_is_whole_page_by_page()
    {
        var (browser, goods) = await SellerAsync();
        const string many = """
            with made as (
              insert into origin.lot (code, producer_id, product_id, commune_code, base_unit, quantity_base, created_at)
              select 'NHIEU-' || n, l.producer_id, l.product_id, l.commune_code, l.base_unit, 1000, now() from origin.lot l cross join generate_series(101, 191) n where l.id = @LotId returning id, code),
            step as (
              select m.id as lot_id, gen_random_uuid() as step_id, case when m.code < 'NHIEU-191' then 'split' else 'merge' end as kind from made m),
            event as (
              insert into origin.event (id, lot_id, producer_id, event_type, event_time, recorded_at, biz_step, document, event_hash, vouched_by)
              select s.step_id, l.id, l.producer_id, 'TransformationEvent', now(), now(), 'drying', '{}', s.step_id::text, 'system' from step s cross join origin.lot l where l.id = @LotId returning id)
            select s.step_id, s.lot_id, s.kind from step s join event e on e.id = s.step_id order by s.lot_id
            """;
        const string steps = """
            insert into origin.lot_step (id, producer_id, kind, done_on, flagged, recorded_at) select unnest(@ids), @ProducerId, unnest(@kinds), current_date, false, now();
            insert into origin.lot_output (step_id, lot_id, quantity_base) select unnest(@ids), unnest(@lots), 1000;
            insert into origin.lot_input (step_id, lot_id, quantity_base) select x, @LotId, 1000 from unnest(@splits) x union all select @merge, y, 100 from unnest(@parents) y;
            """;
        var made = await market.Db.QueryAsync<(Guid Step, long Lot, string Kind)>(many, new { goods.LotId });
        await market.Db.ExecuteAsync(steps, new
        {
            goods.LotId,
            goods.Seller.ProducerId,
            ids = made.Select(m => m.Step).ToArray(),
            kinds = made.Select(m => m.Kind).ToArray(),
            lots = made.Select(m => m.Lot).ToArray(),
            splits = made.Where(m => m.Kind == "split").Select(m => m.Step).ToArray(),
            merge = made.Single(m => m.Kind == "merge").Step,
            parents = made.Where(m => m.Kind == "split").Select(m => m.Lot).Take(10).ToArray(),
        });
        var path = $"/quan-ly/lo/{goods.LotCode}/so-do";
        var folded = await browser.GetAsync(path);
        // The field, this lot, one of the 90 beside the number of the others, and what was merged: two abreast at most, which a phone of 360 px shows whole.
        Assert.Equal(4, folded.Page.QuerySelectorAll("figure.graph rect.graph__lot").Length);
        Assert.InRange(int.Parse(folded.Page.QuerySelector("figure.graph svg")!.GetAttribute("width")!, System.Globalization.CultureInfo.InvariantCulture), 200, 310);
        var others = folded.Page.QuerySelector("figure.graph a:has(.graph__lot--more)")!;
        Assert.Equal("+ 89 lô1 bước sau", others.TextContent.Trim());
        Assert.Equal(5, folded.Page.QuerySelectorAll("figure.graph path").Length);
        var blocked = made[40].Lot;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(await market.Site.Get<LotBlocks>().BlockAsync(tx, blocked, "interval", null, null, "Phun sát ngày thu hoạch.", new Actor(goods.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        // What is blocked comes first; every lot of the row is reached by following the links.
        var seen = new List<string>();
        var next = others.GetAttribute("href");
        while (next is not null)
        {
            var part = await browser.GetAsync(next.Split('#')[0]);
            var codes = part.Page.QuerySelectorAll("figure.graph a:not(:has(.graph__lot--more)) .graph__code").Select(c => c.TextContent).Where(c => c.StartsWith("NHIEU-", StringComparison.Ordinal) && c != "NHIEU-191").ToList();
            Assert.InRange(codes.Count, 1, 24);
            if (seen.Count == 0)
                Assert.Equal(await market.Db.SingleAsync<string>("select code from origin.lot where id = @blocked", new { blocked }), codes[0]);
            seen.AddRange(codes);
            next = part.Page.QuerySelectorAll("figure.graph a:has(.graph__lot--more)").Select(a => a.GetAttribute("href")!).FirstOrDefault(a => a.Contains($"phan={(seen.Count + 23) / 24}#", StringComparison.Ordinal));
        }
        Assert.Equal(90, seen.Distinct().Count());
        Assert.Equal(90, seen.Count);
        // The table: one harvest and 91 steps, each once.
        var rows = new List<string>();
        for (var page = folded; ;)
        {
            rows.AddRange(page.Page.QuerySelectorAll("table.data tbody tr td:nth-child(4)").Select(c => c.TextContent.Trim()));
            if (page.Page.QuerySelector("nav.pager a") is not { } more)
                break;
            page = await browser.GetAsync(more.GetAttribute("href")!.Split('#')[0]);
        }
        Assert.Equal(92, rows.Count);
        Assert.Equal(92, rows.Distinct().Count());
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path + "?mo=999999999999&phan=-3&sau=MQoyMDI2LTAxLTAxCgA")).Status);
        // Seen from one of the ten, the merge has all that went in: it balances.
        Assert.Contains((await LotGraph.TableAsync(market.Db, made[0].Lot, null, TestContext.Current.CancellationToken)).Items, r => r.Step is { Inputs.Count: 10, Percent: 100 });
    }

    private async Task<(Browser Browser, Goods Goods)> SellerAsync()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        return (await market.SignInAsync(goods.Seller), goods);
    }
}
