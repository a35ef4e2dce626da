using SonLaMarket.Catalog;
using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Origin;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Catalog;

/// <summary>The stock of three lots as a plain list of numbers, moved along with the real one by random steps.</summary>
internal sealed class ModelShelf
{
    private const long Box = 5_000;
    private readonly MarketFixture market;
    private readonly Seeds seeds;
    private readonly Goods goods;
    private readonly Actor actor;
    private readonly List<ModelLot> lots = [];
    private readonly List<Holder> holders = [];

    private ModelShelf(MarketFixture market, Seeds seeds, Goods goods)
    {
        (this.market, this.seeds, this.goods) = (market, seeds, goods);
        actor = new(goods.Seller.PersonId, Roles.Seller);
    }

    private Random Random => seeds.Random;

    private Stock Stock => market.Site.Get<Stock>();

    public static async Task<ModelShelf> OpenAsync(MarketFixture market, Seeds seeds)
    {
        var goods = await market.Shop.GoodsAsync(await market.Shop.SellerAsync(), 6);
        var shelf = new ModelShelf(market, seeds, goods);
        shelf.lots.Add(new(goods.LotCode, goods.LotId, int.MaxValue) { Supplied = 6 * Box, Available = 6 * Box });
        foreach (var days in new[] { 9, 4 })
        {
            var code = await AddLotAsync(market, goods, 4 * Box, days);
            shelf.lots.Add(new(code, await market.Db.SingleAsync<long>("select id from origin.lot where code = @code", new { code }), days) { Supplied = 4 * Box, Available = 4 * Box });
        }
        return shelf;
    }

    public static async Task<string> AddLotAsync(MarketFixture market, Goods goods, long quantity, int? goodFor)
    {
        var today = SonLaMarket.Foundation.Text.Vietnamese.Today(market.Site.Clock);
        var actor = new Actor(goods.Seller.PersonId, Roles.Seller);
        await using var tx = await market.Db.BeginAsync();
        var product = await tx.SingleAsync<string>("select p.code from origin.lot l join producers.product p on p.id = l.product_id where l.id = @LotId", new { goods.LotId });
        var code = (await market.Site.Get<Lots>().OpenAsync(tx, new NewLot(product, null, today, null, null, goodFor is { } days ? today.AddDays(days) : null, 1_000_000), goods.Seller.PersonId, actor))!;
        Assert.True(await market.Site.Get<Stock>().SupplyAsync(tx, code, quantity, goods.Seller.PersonId, actor));
        await tx.CommitAsync();
        return code;
    }

    /// <summary>One step, in the database and in the model. Says which.</summary>
    public async Task<string> StepAsync()
    {
        await using var tx = await market.Db.BeginAsync();
        var (did, done) = await AnyAsync(tx);
        if (done)
            await tx.CommitAsync();
        return did;
    }

    public async Task CompareAsync(string at)
    {
        foreach (var lot in lots)
        {
            var shown = await market.Db.SingleAsync<Figures>("select supplied, available, held, sold, written_off, movements::bigint as movements from catalog.lot_stock where lot_id = @Id", new { lot.Id });
            var journal = await market.Db.SingleAsync<Figures>("""
                select sum(supplied)::bigint as supplied, sum(available)::bigint as available, sum(held)::bigint as held, sum(sold)::bigint as sold, sum(written_off)::bigint as written_off, count(*) as movements
                from catalog.stock_movement where lot_id = @Id
                """, new { lot.Id });
            seeds.Equal(shown, journal, $"{at}: journal of {lot.Code}");
            seeds.Equal(new Figures(lot.Supplied, lot.Available, lot.Held, lot.Sold, lot.WrittenOff, shown.Movements), shown, $"{at}: {lot.Code}");
            var last = await market.Db.SingleAsync<(int, long)>("select no, available_after from catalog.stock_movement where lot_id = @Id order by no desc limit 1", new { lot.Id });
            seeds.Equal(((int)shown.Movements, shown.Available), last, $"{at}: last movement of {lot.Code}");
        }
    }

    private async Task<(string Did, bool Done)> AnyAsync(Tx tx)
    {
        var lot = lots[Random.Next(lots.Count)];
        var holder = holders.Count == 0 ? null : holders[Random.Next(holders.Count)];
        switch (Random.Next(8))
        {
            case 0:
                return ("supply", await SupplyAsync(tx, lot, Random.Next(0, 60_000)));
            case 1:
                var gone = Random.Next(1, 9_000);
                var wrote = await Stock.WriteOffAsync(tx, lot.Code, gone, "spoiled", "", goods.Seller.PersonId, actor);
                seeds.Equal(gone <= lot.Available, wrote, "whether it can be written off");
                if (wrote)
                    (lot.Available, lot.WrittenOff) = (lot.Available - gone, lot.WrittenOff + gone);
                return ("write off", wrote);
            case 2 when holder is not null:
                return ("sell", End(holder, await Stock.SellAsync(tx, holder.Name), sells: true));
            case 3 when holder is not null:
                return ("release", End(holder, await Stock.ReleaseAsync(tx, holder.Name), sells: false));
            case 4 when holder is not null:
                return ("return", await ReturnAsync(tx, holder, Random.Next(2) == 0));
            case 5 when holder is not null && holder.Takes.Exists(t => t.Open > 0):
                return ("return part", await ReturnPartAsync(tx, holder, Random.Next(2) == 0));
            default:
                return ("reserve", await ReserveAsync(tx, Random.Next(1, 5)));
        }
    }

    private async Task<bool> SupplyAsync(Tx tx, ModelLot lot, long quantity)
    {
        var taken = lot.Held + lot.Sold + lot.WrittenOff;
        var done = await Stock.SupplyAsync(tx, lot.Code, quantity, goods.Seller.PersonId, actor);
        seeds.Equal(quantity >= taken, done, "whether so much can be supplied");
        if (done)
            (lot.Supplied, lot.Available) = (quantity, quantity - taken);
        return done;
    }

    /// <summary>The earliest to expire first, whole boxes of each.</summary>
    private async Task<bool> ReserveAsync(Tx tx, int boxes)
    {
        var name = $"sub-order:{goods.Slug}-{holders.Count}";
        var outcome = await Stock.ReserveAsync(tx, [new(name, [new StockWish(goods.ListingId, boxes)], null)]);
        seeds.Equal(lots.Sum(l => l.Available / Box) >= boxes, outcome is ReserveOutcome.Reserved, "whether so many can be held");
        if (outcome is not ReserveOutcome.Reserved reserved)
            return false;
        var holder = new Holder(name);
        var left = (long)boxes;
        foreach (var lot in lots.OrderBy(l => l.GoodFor).ThenBy(l => l.Id))
        {
            var units = Math.Min(left, lot.Available / Box);
            if (units == 0)
                continue;
            (lot.Available, lot.Held, left) = (lot.Available - units * Box, lot.Held + units * Box, left - units);
            holder.Takes.Add(new(lot) { Held = units * Box });
        }
        seeds.Equal(string.Join(';', holder.Takes.Select(t => $"{t.Lot.Code} {t.Held}")), string.Join(';', reserved.Shares.Select(s => $"{s.LotCode} {s.QuantityBase}")), "which lots an order is filled from");
        holders.Add(holder);
        return true;
    }

    private bool End(Holder holder, bool done, bool sells)
    {
        seeds.Equal(holder.Takes.Exists(t => t.Held > 0), done, "whether the hold could be ended");
        foreach (var take in holder.Takes.Where(t => t.Held > 0))
        {
            var lot = take.Lot;
            (lot.Held, lot.Sold, lot.Available) = sells ? (lot.Held - take.Held, lot.Sold + take.Held, lot.Available) : (lot.Held - take.Held, lot.Sold, lot.Available + take.Held);
            (take.Held, take.Sold) = (0, sells ? take.Held : 0);
        }
        return done;
    }

    private async Task<bool> ReturnAsync(Tx tx, Holder holder, bool toShelf)
    {
        var done = await Stock.ReturnAsync(tx, holder.Name, toShelf);
        seeds.Equal(holder.Takes.Exists(t => t.Open > 0), done, "whether something came back");
        foreach (var take in holder.Takes)
            Back(take, take.Open, toShelf);
        return done;
    }

    private async Task<bool> ReturnPartAsync(Tx tx, Holder holder, bool toShelf)
    {
        var take = holder.Takes.First(t => t.Open > 0);
        var quantity = Random.Next(1, (int)take.Open + 2);
        var done = await Stock.ReturnPartAsync(tx, holder.Name, [new LotQuantity(take.Lot.Id, quantity)], toShelf);
        seeds.Equal(quantity <= take.Open, done, "whether so much came back");
        if (done)
            Back(take, quantity, toShelf);
        return done;
    }

    /// <summary>Held goods go to the shelf; sold ones to the shelf or away.</summary>
    private static void Back(Take take, long quantity, bool toShelf)
    {
        var lot = take.Lot;
        if (take.Held > 0)
            (take.Held, lot.Held, lot.Available) = (take.Held - quantity, lot.Held - quantity, lot.Available + quantity);
        else if (toShelf)
            (take.Sold, lot.Sold, lot.Available) = (take.Sold - quantity, lot.Sold - quantity, lot.Available + quantity);
        else
            (take.Sold, lot.Sold, lot.WrittenOff) = (take.Sold - quantity, lot.Sold - quantity, lot.WrittenOff + quantity);
    }

    private sealed record Figures(long Supplied, long Available, long Held, long Sold, long WrittenOff, long Movements);

    private sealed class ModelLot(string code, long id, int goodFor)
    {
        public string Code => code;

        public long Id => id;

        public int GoodFor => goodFor;

        public long Supplied { get; set; }

        public long Available { get; set; }

        public long Held { get; set; }

        public long Sold { get; set; }

        public long WrittenOff { get; set; }
    }

    private sealed class Holder(string name)
    {
        public string Name => name;

        public List<Take> Takes { get; } = [];
    }

    /// <summary>What a holder has of one lot: held, or sold to it, never both.</summary>
    private sealed class Take(ModelLot lot)
    {
        public ModelLot Lot => lot;

        public long Held { get; set; }

        public long Sold { get; set; }

        public long Open => Held + Sold;
    }
}
