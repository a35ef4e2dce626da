using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gs1;
using Json.Schema;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Orders;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>
/// The history of a lot for machines, against the schema of the standard's own house: gs1/EPCIS, EPCIS-JSON-Schema.json of 2023-05-16
/// (commit 2b888bef; no licence named, GS1 disclaimer "as is"; an oracle of tests, never shipped with the product).
/// </summary>
public sealed class EpcisDocumentOfLotTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private static readonly Lazy<JsonSchema> Schema = new(() =>
    {
        using var text = new StreamReader(typeof(EpcisDocumentOfLotTests).Assembly.GetManifestResourceStream("EPCIS-JSON-Schema.json")!);
        return JsonSchema.FromText(text.ReadToEnd());
    });

    [Fact]
    public async Task The_document_of_a_lot_is_valid_and_every_event_has_the_hash_of_its_content()
    {
        var (code, from) = await LivedAsync();
        var answer = await market.Site.Open().GetAsync("/lo/" + code, ("Accept", "application/ld+json"));
        Assert.Equal((HttpStatusCode.OK, "application/ld+json"), (answer.Status, answer.Message.Content.Headers.ContentType!.MediaType));
        var (_, events) = Valid(answer.Body);
        var steps = events.ConvertAll(e => e.GetProperty("bizStep").GetString()![(e.GetProperty("bizStep").GetString()!.LastIndexOf('/') + 1)..]);
        foreach (var step in new[] { "commissioning", "spraying", "harvest", "drying", "packing", "holding" })
            Assert.Contains(step, steps);
        Assert.Equal(["AggregationEvent", "ObjectEvent", "TransformationEvent"], events.Select(e => e.GetProperty("type").GetString()!).Distinct().Order(StringComparer.Ordinal));
        // What was corrected stands there, and once more as wrong, with the event that is right.
        var wrong = Assert.Single(events, e => e.TryGetProperty("errorDeclaration", out _));
        Assert.Equal(2, events.Count(e => e.GetProperty("eventID").GetString() == wrong.GetProperty("eventID").GetString()));
        Assert.Contains(events, e => e.GetProperty("eventID").GetString() == wrong.GetProperty("errorDeclaration").GetProperty("correctiveEventIDs")[0].GetString());
        // The lot before has its own document: without what became of it elsewhere, with the step it went into.
        Assert.Contains("drying", (await market.Site.Open().GetAsync("/lo/" + from, ("Accept", "application/ld+json"))).Body, StringComparison.Ordinal);
        // No name of a worker, no person.
        Assert.DoesNotContain("Người làm mẫu", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_entries_of_the_same_words_are_two_events_and_a_correction_is_not_what_it_corrects()
    {
        var goods = await Stall.OpenAsync(market, new(Pictures: 1, Boxes: 0));
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var day = Vietnamese.Today(market.Site.Clock).AddDays(-20);
        var entry = new DiaryDraft(null, "planting", day, null, null, null, null, null, null, "Người làm mẫu", "Nắng", "Trồng dặm hàng ba.", [goods.PictureIds[0]])
        {
            More = new(Columns: new Dictionary<string, string>(StringComparer.Ordinal) { ["variety"] = "Giống mẫu", ["seedSource"] = "Trại mẫu" }),
        };
        Guid[] ids = [await AddAsync(entry), await AddAsync(entry)];
        market.Site.Clock.Advance(TimeSpan.FromMinutes(3));
        var right = await AddAsync(entry with { Note = "Trồng dặm hàng bốn.", CorrectsId = ids[0], CorrectionReason = "Nhầm hàng" });
        var (body, events) = Valid((await market.Site.Open().GetAsync("/lo/" + goods.LotCode, ("Accept", "application/ld+json"))).Body);
        var planted = events.Where(e => e.GetProperty("bizStep").GetString()!.EndsWith("/planting", StringComparison.Ordinal)).ToList();
        var wrong = Assert.Single(planted, e => e.TryGetProperty("errorDeclaration", out _));
        var named = planted.Except([wrong]).ToDictionary(e => e.GetProperty("slm:entry").GetGuid(), e => e.GetProperty("eventID").GetString());
        Assert.Equal([.. ids.Append(right).Order()], named.Keys.Order());
        Assert.Equal(3, named.Values.Distinct(StringComparer.Ordinal).Count());
        // The declaration has the name of what it declares wrong, names what is right, and was recorded when it was made.
        Assert.Equal((named[ids[0]], named[right]), (wrong.GetProperty("eventID").GetString(), wrong.GetProperty("errorDeclaration").GetProperty("correctiveEventIDs")[0].GetString()));
        Assert.Equal(wrong.GetProperty("errorDeclaration").GetProperty("declarationTime").GetString(), wrong.GetProperty("recordTime").GetString());
        Assert.NotEqual(planted.First(e => e.GetProperty("slm:entry").GetGuid() == ids[0]).GetProperty("recordTime").GetString(), wrong.GetProperty("recordTime").GetString());
        // What was planted, the words and the photo by its content; no worker, and not with whom one trades.
        Assert.Equal(("Giống mẫu", "Trồng dặm hàng bốn.", "Nắng"), planted.Where(e => e.GetProperty("slm:entry").GetGuid() == right).Select(e => (e.GetProperty("slm:variety").GetString(), e.GetProperty("slm:note").GetString(), e.GetProperty("slm:weather").GetString())).Single());
        Assert.Equal(await market.Db.SingleAsync<string>("select sha256 from files.stored_file where id = @id", new { id = goods.PictureIds[0] }), wrong.GetProperty("slm:photoSha256")[0].GetString());
        foreach (var secret in new[] { "Người làm mẫu", "Trại mẫu" })
            Assert.DoesNotContain(secret, body, StringComparison.Ordinal);
        // The database itself knows an event by its hash.
        const string twice = """
            insert into origin.event (id, lot_id, producer_id, event_type, action, event_time, recorded_at, biz_step, document, event_hash, vouched_by)
            select gen_random_uuid(), lot_id, producer_id, event_type, action, event_time, recorded_at, biz_step, document, event_hash, vouched_by from origin.event where id = @right
            """;
        Assert.Equal("event_identity", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => market.Db.ExecuteAsync(twice, new { right }))).ConstraintName);

        async Task<Guid> AddAsync(DiaryDraft draft)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            var added = Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, goods.LotCode, goods.Seller.PersonId, draft, actor));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            return added.Id;
        }
    }

    [Fact]
    public async Task What_is_sold_of_a_lot_its_parcels_and_its_labels_are_events_and_what_comes_back_is_one_too()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 5);
        var seller = new Actor(goods.Seller.PersonId, Roles.Seller);
        var orders = market.Site.Get<SubOrders>();
        var owner = await market.SignInAsync(goods.Seller);
        await DoAsync(async tx => await market.Site.Get<ItemSeries>().OpenAsync(tx, goods.LotCode, goods.Seller.PersonId, 12, 5_000, "", seller) is SeriesOutcome.Opened);
        const string labels = "AssociationEvent ADD commissioning";
        string[] sent = ["AggregationEvent ADD packing in_progress", "TransactionEvent ADD shipping in_transit"];
        string[] back = [.. sent, "AggregationEvent DELETE unpacking sellable_accessible", "TransactionEvent DELETE receiving returned"];
        string[] spoiled = [.. sent, "AggregationEvent DELETE unpacking non_sellable_other", "TransactionEvent DELETE receiving returned"];

        var code = await SendAsync();
        Assert.Equal(Sorted([labels, .. sent]), await ToldAsync(code));
        await DoAsync(tx => orders.FailAsync(tx, code, "Không ai nhận", seller));
        await DoAsync(tx => orders.CancelAsync(tx, code, "Không ai nhận hàng", seller));
        Assert.Equal(Sorted([labels, .. back]), await ToldAsync(code));
        // Cancelled once more it does not come back once more.
        await DoAsync(async tx => !await orders.CancelAsync(tx, code, "Không ai nhận hàng", seller));
        Assert.Equal(Sorted([labels, .. back]), await ToldAsync(code));

        code = await SendAsync();
        await DoAsync(tx => orders.FailAsync(tx, code, "Không ai nhận", seller));
        await DoAsync(tx => orders.CancelAsync(tx, code, "Hàng đã dập", seller, toShelf: false));
        Assert.Equal(Sorted([labels, .. back, .. spoiled]), await ToldAsync(code));
        Assert.Equal((10_000L, 0L), await market.Db.SingleAsync<(long, long)>("select written_off, sold from catalog.lot_stock where lot_id = @LotId", new { goods.LotId }, TestContext.Current.CancellationToken));
        // The passport tells how the goods were made, not each parcel of them.
        using var passport = JsonDocument.Parse((await market.Site.Open().GetAsync($"/lo/{goods.LotCode}/ho-chieu.json")).Body);
        Assert.Equal(["commissioning"], passport.RootElement.GetProperty("stages").EnumerateArray().Select(s => s.GetProperty("step").GetString()));

        // What comes back of a lot that was recalled meanwhile is there, and not for sale.
        code = await SendAsync();
        await DoAsync(async tx => await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Dư lượng vượt mức cho phép.", "", new Actor(null, Roles.Officer)) is not null);
        await DoAsync(tx => orders.FailAsync(tx, code, "Không ai nhận", seller));
        await DoAsync(tx => orders.CancelAsync(tx, code, "Lô bị thu hồi", seller));
        Assert.Equal(Sorted([labels, .. back, .. spoiled, .. spoiled]), await ToldAsync(code));

        // What is sold is the seller's business: an officer reads it too, nobody else; the package's address tells the same.
        var (officer, _, _) = await market.SignInAsync(Roles.Officer);
        Assert.Contains("TransactionEvent", (await DocumentAsync(officer)).Body, StringComparison.Ordinal);
        var other = await market.SignInAsync(await market.Shop.SellerAsync(online: false));
        foreach (var reader in new[] { market.Site.Open(), other })
        {
            var (body, events) = await DocumentAsync(reader);
            Assert.Equal([labels], Told(events));
            Assert.DoesNotContain("/giao-dich/", body, StringComparison.Ordinal);
            Assert.DoesNotContain("/kien/", body, StringComparison.Ordinal);
        }
        await DoAsync(async tx => await tx.ExecuteAsync("update producers.member set role = 'diary' where person_id = @PersonId", new { goods.Seller.PersonId }) == 1);
        Assert.Equal([labels], await ToldAsync(code));
        await foreach (var _ in market.Site.Get<ItemSeries>().MakeAsync(market.Db, await market.Db.SingleAsync<Guid>("select key from origin.item_series where lot_id = @LotId", new { goods.LotId }, TestContext.Current.CancellationToken)))
        {
        }
        var item = await market.Db.SingleAsync<string>("select code from origin.item where lot_id = @LotId limit 1", new { goods.LotId }, TestContext.Current.CancellationToken);
        Assert.DoesNotContain("TransactionEvent", (await market.Site.Open().GetAsync("/vt/" + item, ("Accept", "application/ld+json"))).Body, StringComparison.Ordinal);
        Assert.Contains("TransactionEvent", (await officer.GetAsync("/vt/" + item, ("Accept", "application/ld+json"))).Body, StringComparison.Ordinal);

        async Task DoAsync(Func<Tx, Task<bool>> step)
        {
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            Assert.True(await step(tx));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }

        async Task<string> SendAsync()
        {
            await (await new Buyer(market.Site).WithAsync(goods, 2)).PlaceAsync("cod");
            var placed = await market.Db.SingleAsync<string>("select code from orders.sub_order where producer_id = @ProducerId order by id desc limit 1", new { goods.Seller.ProducerId }, TestContext.Current.CancellationToken);
            await DoAsync(tx => orders.PackAsync(tx, placed, seller));
            await DoAsync(tx => orders.ShipAsync(tx, placed, new("VNPost", "EB1"), seller));
            return placed;
        }

        async Task<(string Body, List<JsonElement> Events)> DocumentAsync(Browser reader) =>
            Valid((await reader.GetAsync($"/lo/{goods.LotCode}?v={Guid.NewGuid()}", ("Accept", "application/ld+json"))).Body);

        async Task<IEnumerable<string>> ToldAsync(string order)
        {
            var (body, events) = await DocumentAsync(owner);
            // Neither the order's code nor anything of the buyer.
            Assert.DoesNotContain(order, body, StringComparison.Ordinal);
            Assert.DoesNotContain("Nguyễn Thị Mẫu", body, StringComparison.Ordinal);
            Assert.All(events.Where(e => e.GetProperty("type").GetString() == "TransactionEvent"), e => Assert.Equal(10, e.GetProperty("quantityList")[0].GetProperty("quantity").GetDecimal()));
            return Told(events);
        }
    }

    [Fact]
    public async Task Goods_written_off_are_events_in_the_standards_words_and_only_what_was_destroyed_is_everybodys()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 10);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            foreach (var (word, _, _) in SonLaMarket.Catalog.WriteOff.Reasons)
                Assert.True(await market.Site.Get<SonLaMarket.Catalog.Stock>().WriteOffAsync(tx, goods.LotCode, 1_000, word, "", goods.Seller.PersonId, new Actor(goods.Seller.PersonId, Roles.Seller)));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        string[] all = ["DELETE destroying destroyed", "DELETE destroying disposed", "DELETE other unavailable", "OBSERVE holding non_sellable_other", "OBSERVE stock_taking unknown"];
        var owner = await market.SignInAsync(goods.Seller);
        Assert.Equal(all, await LossesAsync(owner));
        Assert.Equal(all[..1], await LossesAsync(market.Site.Open()));
        var page = (await market.Site.Open().GetAsync($"/lo/{goods.LotCode}/lich-su")).Text;
        Assert.Contains("Tiêu hủy", page, StringComparison.Ordinal);
        Assert.DoesNotContain("stock_taking", page, StringComparison.Ordinal);

        async Task<List<string>> LossesAsync(Browser reader) => Sorted(Valid((await reader.GetAsync($"/lo/{goods.LotCode}?v={Guid.NewGuid()}", ("Accept", "application/ld+json"))).Body).Events
            .Where(e => e.TryGetProperty("slm:loss", out _)).Select(e => $"{e.GetProperty("action")} {e.GetProperty("bizStep")} {e.GetProperty("disposition")}"));
    }

    [Fact]
    public async Task People_read_the_history_of_a_lot_newest_first_with_what_it_was_made_from_page_by_page()
    {
        var (code, from) = await LivedAsync();
        var browser = market.Site.Open();
        var page = await browser.GetAsync("/lo/" + code + "/lich-su");
        Assert.NotNull((await browser.GetAsync("/lo/" + code)).Page.QuerySelector($"main a[href='/lo/{code}/lich-su']"));
        var told = page.Page.QuerySelectorAll("main .timeline > li > p:first-child strong").Select(s => s.TextContent).ToList();
        Assert.Equal("Thu hồi", told[0]);
        foreach (var what in new[] { "Phun thuốc bảo vệ thực vật", "Thu hoạch", "Phơi, sấy", "Xếp vào kiện, thùng", "Mở lô, cấp mã" })
            Assert.Contains(what, told);
        Assert.NotNull(page.Page.QuerySelector($"main .timeline a[href='/lo/{from}']"));
        Assert.Contains("Sở Công Thương ghi", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Page.QuerySelectorAll("main .timeline__old"));
        Assert.Contains("Harvest", (await browser.GetAsync($"/en/lo/{code}/lich-su")).Text, StringComparison.Ordinal);
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            var (lot, seller) = await tx.SingleAsync<(long, long)>("select l.id, m.person_id from origin.lot l join producers.member m on m.producer_id = l.producer_id where l.code = @from limit 1", new { from });
            for (var day = 1; day <= 50; day++)
                await market.Site.Get<OriginEvents>().AppendAsync(tx, new NewEvent(lot, "ObjectEvent", "OBSERVE", OriginEvents.Noon(Vietnamese.Today(market.Site.Clock).AddDays(-day)), "inspecting", null, null, "officer", null), new Actor(seller, Roles.Officer));
            await PageCache.EvictAsync(tx, PageCache.Lot(code));
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var seen = new List<string>();
        var pages = 0;
        for (var next = $"/lo/{code}/lich-su?v=1"; next is not null; pages++)
        {
            var read = (await browser.GetAsync(next)).Page;
            seen.AddRange(read.QuerySelectorAll("main .timeline > li").Select(l => l.TextContent));
            next = read.QuerySelector("main a[href*='sau=']")?.GetAttribute("href");
        }
        Assert.Equal((2, told.Count + 50), (pages, seen.Count));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/lo/KHONG-CO/lich-su")).Status);
    }

    /// <summary>Type, action, step and disposition of each event but those of the field.</summary>
    private static List<string> Told(List<JsonElement> events) => Sorted(events.Where(e => e.GetProperty("type").GetString() != "ObjectEvent")
        .Select(e => string.Join(' ', new[] { "type", "action", "bizStep", "disposition" }.Select(name => e.TryGetProperty(name, out var word) ? word.GetString() : null).OfType<string>())));

    private static List<string> Sorted(IEnumerable<string> told) => [.. told.Order(StringComparer.Ordinal)];

    /// <summary>Valid by the schema, and each event with the hash of its content.</summary>
    internal static (string Body, List<JsonElement> Events) Valid(string body)
    {
        var result = Schema.Value.Evaluate(JsonNode.Parse(body), new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, string.Join('\n', result.Details.Where(d => d.HasErrors).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Key}: {e.Value}")).Take(20)));
        var document = JsonDocument.Parse(body).RootElement;
        var context = EpcisContext.Read(document.GetProperty("@context"));
        var events = document.GetProperty("epcisBody").GetProperty("eventList").EnumerateArray().ToList();
        Assert.All(events, e => Assert.Equal(e.GetProperty("eventID").GetString(), EventHash.Compute(e, context)));
        return (body, events);
    }

    [Fact]
    public async Task The_same_address_is_a_page_for_people_and_a_problem_where_there_is_no_lot()
    {
        var (code, _) = await LivedAsync();
        var machine = await market.Site.Open().GetAsync("/lo/" + code, ("Accept", "application/ld+json"));
        var page = await market.Site.Open().GetAsync("/lo/" + code, ("Accept", "text/html"));
        Assert.Equal("text/html", page.Message.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(machine.Message.Headers.ETag);
        Assert.Equal(machine.Body, (await market.Site.Open().GetAsync("/lo/" + code, ("Accept", "application/ld+json"))).Body);
        var none = await market.Site.Open().GetAsync("/lo/KHONG-CO", ("Accept", "application/ld+json"));
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (none.Status, none.Message.Content.Headers.ContentType!.MediaType));
    }

    /// <summary>A lot that was sprayed, corrected, harvested, dried and packed, then recalled with what came of it.</summary>
    private async Task<(string Code, string From)> LivedAsync()
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(online: false), 2);
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        var today = Vietnamese.Today(market.Site.Clock);
        var product = await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.id = @LotId", new { goods.LotId });
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        var wrong = await AddAsync(DiaryKinds.Spraying, today.AddDays(-30), null);
        await AddAsync(DiaryKinds.Spraying, today.AddDays(-29), wrong);
        await AddAsync(DiaryKinds.Harvest, today.AddDays(-2), null);
        var code = goods.LotCode;
        foreach (var (kind, into, made) in new[] { ("drying", 100_000L, 20_000L), ("aggregation", 20_000, 20_000) })
            code = Assert.IsType<StepOutcome.Done>(await market.Site.Get<LotSteps>().RecordAsync(tx, goods.Seller.PersonId, new NewStep(kind, today.AddDays(-1), [new(code, into)], [new(product, made, null)], ""), actor)).Codes.Single();
        Assert.NotNull(await market.Site.Get<Recalls>().OpenAsync(tx, [goods.LotCode], "Dư lượng vượt mức cho phép.", "", new Actor(null, Roles.Officer)));
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return (code, goods.LotCode);

        async Task<Guid> AddAsync(string kind, DateOnly on, Guid? corrects)
        {
            var draft = new DiaryDraft(null, kind, on, null, "Thuốc mẫu", "Rệp", 20, "ml/bình 16 lít", kind == DiaryKinds.Spraying ? 7 : null, "Người làm mẫu", null, "Ghi chú riêng", [], corrects, corrects is null ? null : "Ghi nhầm ngày")
            {
                More = new(Measures.Parse("3 sào", "m2"), Measures.Parse("5 bình", "ml")),
            };
            return Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, goods.LotCode, goods.Seller.PersonId, draft, actor)).Id;
        }
    }
}
