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

    private async Task<(Browser Browser, Goods Goods)> SellerAsync()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 2);
        return (await market.SignInAsync(goods.Seller), goods);
    }
}
