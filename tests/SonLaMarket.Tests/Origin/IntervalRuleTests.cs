using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Producers;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Origin;

/// <summary>The pre-harvest interval, by growing area: what the program blocks against a model that looks at every pair.</summary>
public sealed class IntervalRuleTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private sealed record Spray(Guid Id, string Lot, string? Area, DateOnly On, int? Days)
    {
        public bool Corrected { get; set; }
    }

    private sealed record Field(string Lot, string? Area, List<DateOnly> Harvests);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Entries_in_any_order_block_what_a_slow_model_blocks(int seed)
    {
        var random = new Random(seed);
        var seller = await market.Shop.SellerAsync(online: false);
        var actor = new Actor(seller.PersonId, Roles.Seller);
        var goods = await market.Shop.GoodsAsync(seller, 1);
        var (product, picked) = await market.Db.SingleAsync<(string, DateOnly)>("select p.code, l.harvested_on from producers.product p join origin.lot l on l.product_id = p.id where l.code = @LotCode", new { goods.LotCode });
        var areas = new Guid?[] { await AreaAsync(seller, actor, "Đồi"), await AreaAsync(seller, actor, "Bãi"), null };
        var today = Vietnamese.Today(market.Site.Clock);
        var (fields, sprays, blocked) = (new List<Field> { new(goods.LotCode, "own", [picked]) }, new List<Spray>(), new HashSet<(string, Guid)>());
        for (var step = 0; step < 60; step++)
        {
            var on = today.AddDays(-random.Next(0, 30) - (random.Next(12) == 0 ? 380 : 0));
            await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
            switch (fields.Count < 2 ? 0 : random.Next(5))
            {
                case 0:
                    var area = areas[random.Next(areas.Length)];
                    var last = random.Next(3) == 0 ? on.AddDays(random.Next(0, 5)) : (DateOnly?)null;
                    var code = (await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, area, on, last, null, null, 1000), seller.PersonId, actor))!;
                    // What is of none of its producer's areas is of one of its own.
                    fields.Add(new(code, area?.ToString() ?? "own", last is { } end ? [on, end] : [on]));
                    break;
                case 1:
                    var harvested = fields[random.Next(fields.Count)];
                    await AddAsync(tx, harvested.Lot, seller.PersonId, actor, DiaryKinds.Harvest, on, null, null);
                    harvested.Harvests.Add(on);
                    break;
                case 2 when sprays.Find(s => !s.Corrected) is { } wrong:
                    wrong.Corrected = true;
                    sprays.Add(await SprayAsync(tx, fields.First(f => f.Lot == wrong.Lot), on, wrong.Id));
                    break;
                default:
                    sprays.Add(await SprayAsync(tx, fields[random.Next(fields.Count)], on, null));
                    break;
            }
            await tx.CommitAsync(TestContext.Current.CancellationToken);
            // A block stays until an officer lifts it, also when its entry is corrected later.
            foreach (var field in fields)
            {
                foreach (var spray in sprays.Where(s => !s.Corrected && (s.Lot == field.Lot || (s.Area is not null && s.Area == field.Area))))
                {
                    if (field.Harvests.Exists(h => h >= spray.On && h.DayNumber - spray.On.DayNumber < (spray.Days ?? 366)))
                        blocked.Add((field.Lot, spray.Id));
                }
            }
            Assert.Equal(blocked.Order(), (await market.Db.QueryAsync<(string, Guid)>("select l.code, b.event_id from origin.lot_block b join origin.lot l on l.id = b.lot_id where l.producer_id = @ProducerId and b.cause = 'interval'", new { seller.ProducerId })).Order());
        }
        Assert.NotEmpty(blocked);

        async Task<Spray> SprayAsync(SonLaMarket.Foundation.Data.Tx tx, Field field, DateOnly on, Guid? corrects)
        {
            var days = random.Next(4) == 0 ? (int?)null : random.Next(0, 20);
            return new(await AddAsync(tx, field.Lot, seller.PersonId, actor, DiaryKinds.Spraying, on, days, corrects), field.Lot, field.Area, on, days);
        }
    }

    [Fact]
    public async Task A_late_entry_in_another_lots_diary_blocks_the_lot_of_the_same_field_and_names_it()
    {
        var seller = await market.Shop.SellerAsync(online: false);
        var actor = new Actor(seller.PersonId, Roles.Seller);
        var area = await AreaAsync(seller, actor, "Nương trên");
        var product = await market.Db.SingleAsync<string>("select p.code from producers.product p join origin.lot l on l.product_id = p.id where l.code = @LotCode", new { (await market.Shop.GoodsAsync(seller, 1)).LotCode });
        var today = Vietnamese.Today(market.Site.Clock);
        string[] lots;
        await using (var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken))
        {
            lots = [(await OpenAsync(tx, today.AddDays(-3)))!, (await OpenAsync(tx, today.AddDays(-20)))!];
            await AddAsync(tx, lots[1], seller.PersonId, actor, DiaryKinds.Spraying, today.AddDays(-8), 7, null);
            // The same spraying in both diaries is one matter.
            await AddAsync(tx, lots[0], seller.PersonId, actor, DiaryKinds.Spraying, today.AddDays(-8), 7, null);
            await tx.CommitAsync(TestContext.Current.CancellationToken);
        }
        var (sprayed, harvested) = (Vietnamese.Date(today.AddDays(-8)), Vietnamese.Date(today.AddDays(-3)));
        var page = await market.Site.Open().GetAsync("/lo/" + lots[0]);
        Assert.Contains($"Phun Thuốc mẫu ngày {sprayed} (nhật ký lô {lots[1]}, cùng vùng trồng), thu hoạch ngày {harvested}: sớm hơn thời gian cách ly 7 ngày. Thu hoạch sớm nhất: {Vietnamese.Date(today.AddDays(-1))}.", page.Text, StringComparison.Ordinal);
        Assert.Contains("5 ngày trước thu hoạch (nhãn thuốc: 7 ngày)", page.Text, StringComparison.Ordinal);
        Assert.Single(page.Page.QuerySelectorAll(".band.warn p small"));
        Assert.Single((await (await market.SignInAsync(seller)).GetAsync("/quan-ly/lo/" + lots[0])).Page.QuerySelectorAll(".notice--bad"));
        page = await market.Site.Open().GetAsync("/en/lo/" + lots[0]);
        Assert.Contains($"Thuốc mẫu sprayed on {sprayed} (diary of lot {lots[1]}, same growing area), harvested on {harvested}: sooner than the pre-harvest interval of 7 days.", page.Text, StringComparison.Ordinal);

        Task<string?> OpenAsync(SonLaMarket.Foundation.Data.Tx tx, DateOnly on) => market.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, area, on, null, null, null, 1000), seller.PersonId, actor);
    }

    private async Task<Guid> AreaAsync(Seller seller, Actor actor, string name)
    {
        await using var tx = await market.Db.BeginAsync(TestContext.Current.CancellationToken);
        var id = await market.Site.Get<GrowingAreas>().AddAsync(tx, seller.ProducerId, new GrowingAreaDraft(name, null, "03646", null, null), actor);
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return id!.Value;
    }

    private async Task<Guid> AddAsync(SonLaMarket.Foundation.Data.Tx tx, string lot, long member, Actor actor, string kind, DateOnly on, int? days, Guid? corrects)
    {
        var draft = new DiaryDraft(null, kind, on, null, kind == DiaryKinds.Spraying ? "Thuốc mẫu" : null, null, null, null, days, null, null, "", [], corrects, corrects is null ? null : "Ghi nhầm");
        return Assert.IsType<DiaryOutcome.Added>(await market.Site.Get<Diary>().AddAsync(tx, lot, member, draft, actor)).Id;
    }
}
