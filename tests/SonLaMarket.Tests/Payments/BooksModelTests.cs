using SonLaMarket.Foundation;
using SonLaMarket.Foundation.Data;
using SonLaMarket.Foundation.Text;
using SonLaMarket.Foundation.Web;
using SonLaMarket.Payments;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Payments;

/// <summary>Random sales, refunds, fees and days against a list of numbers that is simply added up.</summary>
public sealed class BooksModelTests(MarketFixture market) : IClassFixture<MarketFixture>
{
    private readonly List<(DateOnly Day, string Account, long Vnd)> model = [];

    [Fact]
    public async Task Balances_of_any_period_are_what_a_plain_list_adds_up_to_however_many_days_are_closed()
    {
        var seeds = Seeds.For("books");
        var random = seeds.Random;
        var seller = await market.Shop.SellerAsync();
        var ledger = market.Site.Get<Ledger>();
        await using (var tx = await market.Db.BeginAsync())
        {
            var charges = market.Site.Get<Charges>();
            await charges.ProposeAsync(tx, new ChargeRule("mo-hinh", Charges.Fee, "Phí MẪU", ["cooperative"], 333, 0, new(2020, 1, 1), null, "Quy chế MẪU", "", "", null, null), Actor.System);
            await charges.AdoptAsync(tx, "mo-hinh", new Actor(null, Roles.Operator));
            await tx.CommitAsync();
        }
        var first = Vietnamese.Today(market.Site.Clock);
        var sales = new List<Sale>();
        for (var step = 0; step < Seeds.Rounds(150, 3_000); step++)
        {
            await using var tx = await market.Db.BeginAsync();
            var sale = sales.Count == 0 ? null : sales[random.Next(sales.Count)];
            var did = random.Next(10);
            switch (did)
            {
                case 0:
                    market.Site.Clock.Advance(TimeSpan.FromHours(random.Next(1, 60)));
                    break;
                case 1:
                    await CloseAsync();
                    break;
                case 2 or 3 when sale is not null && sale.Left > 0:
                    var back = random.Next(3) == 0 ? sale.Left : random.NextInt64(1, sale.Left + 1);
                    await ledger.RefundDueAsync(tx, $"refund-due:{step}", sale.Id, seller.ProducerId, back);
                    Add((LedgerAccount.Refund, back), (LedgerAccount.RefundDue, -back));
                    await ledger.RefundedAsync(tx, $"refund:{step}", sale.Id, seller.ProducerId, back);
                    Add((LedgerAccount.RefundDue, back), (sale.Place, -back));
                    sale.Refunded += back;
                    // The fee of what is still sold, to the nearest đồng; what was charged above that goes back.
                    var due = (long)Math.Round((decimal)sale.Fee * sale.Refunded / sale.Vnd, MidpointRounding.AwayFromZero) - sale.FeeBack;
                    Add((LedgerAccount.Fee, -due), (LedgerAccount.FeeDue, due));
                    sale.FeeBack += due;
                    break;
                case 4 when await OwedAsync(tx, seller) is > 0 and var owed:
                    var paid = random.NextInt64(1, owed + 1);
                    await ledger.SettledAsync(tx, $"settled:{step}", LedgerAccount.FeeDue, seller.ProducerId, paid, "Chuyển khoản MẪU");
                    Add((LedgerAccount.FeeDue, paid), (LedgerAccount.SellerReceivable, -paid));
                    break;
                default:
                    var next = new Sale(0, random.NextInt64(5_000, 3_000_000), random.Next(2) == 0 ? "cod" : "vnpay");
                    next = next with { Id = await LedgerTests.PaymentAsync(market, seller, next.Vnd, next.Method) };
                    next.Fee = (long)Math.Round(next.Vnd * 0.0333m, MidpointRounding.AwayFromZero);
                    await ledger.PaidAsync(tx, $"paid:{step}", next.Id, seller.ProducerId, next.Vnd);
                    Add((next.Place, next.Vnd), (LedgerAccount.BuyerPaid, -next.Vnd), (LedgerAccount.Fee, next.Fee), (LedgerAccount.FeeDue, -next.Fee));
                    sales.Add(next);
                    break;
            }
            await tx.CommitAsync();
            if (step % 5 == 0)
                await CompareAsync(seeds, seller, first, $"step {step}, {did}");
        }
        await CloseAsync();
        await CompareAsync(seeds, seller, first, "the end");
        await market.Db.ExecuteAsync("update payments.charge_rule set adopted_at = null");
    }

    [Fact]
    public async Task What_comes_too_late_for_a_closed_day_stands_in_the_first_open_one_and_the_wall_holds()
    {
        var seller = await market.Shop.SellerAsync();
        market.Site.Clock.Advance(TimeSpan.FromDays(1));
        await CloseAsync();
        var closed = await market.Db.SingleAsync<DateOnly>("select max(day) from payments.ledger_closed");
        Assert.Equal(Vietnamese.Today(market.Site.Clock).AddDays(-1), closed);
        // Another process whose clock is two days behind.
        var late = new Ledger(market.Site.Get<Charges>(), new Microsoft.Extensions.Time.Testing.FakeTimeProvider(market.Site.Clock.GetUtcNow().AddDays(-2)));
        var payment = await LedgerTests.PaymentAsync(market, seller, 10_000);
        await using (var tx = await market.Db.BeginAsync())
        {
            await late.PaidAsync(tx, "paid:late", payment, seller.ProducerId, 10_000);
            await tx.CommitAsync();
        }
        Assert.Equal(closed.AddDays(1), Vietnamese.Day(await market.Db.SingleAsync<DateTimeOffset>("select posted_at from payments.posting where key = 'paid:late'")));
        await using var forced = await market.Db.BeginAsync();
        await forced.ExecuteAsync("""
            with o as (insert into payments.posting (key, kind, posted_at) values ('forced', 'payment', @at) returning id, posted_at)
            insert into payments.ledger_line (posting_id, line, account, producer_id, amount_vnd, posted_at) select o.id, n.line, n.account, @ProducerId, n.vnd, o.posted_at from o cross join (values (1, 'cash', 1), (2, 'buyer-paid', -1)) as n (line, account, vnd)
            """, new { at = market.Site.Clock.GetUtcNow().AddDays(-2), seller.ProducerId });
        Assert.Equal("posting_open_day", (await Assert.ThrowsAsync<Npgsql.PostgresException>(() => forced.CommitAsync())).ConstraintName);
    }

    private async Task CompareAsync(Seeds seeds, Seller seller, DateOnly first, string at)
    {
        var today = Vietnamese.Today(market.Site.Clock);
        var begin = first.AddDays(seeds.Random.Next(-2, today.DayNumber - first.DayNumber + 2));
        var period = new Period(begin, begin.AddDays(seeds.Random.Next(0, 20)));
        foreach (var figures in await Balances.OfAsync(market.Db, seller.ProducerId, period))
        {
            var own = model.Where(m => m.Account == figures.Account).ToList();
            var within = own.Where(m => m.Day >= period.First && m.Day <= period.Last).ToList();
            var expected = new AccountFigures(figures.Account, own.Where(m => m.Day < period.First).Sum(m => m.Vnd), within.Where(m => m.Vnd > 0).Sum(m => m.Vnd), -within.Where(m => m.Vnd < 0).Sum(m => m.Vnd), within.Count);
            seeds.Equal(expected, figures, $"{at}, {period.First} to {period.Last}");
        }
        var owing = (await Balances.OwingAsync(market.Db, seller.ProducerId - 1, 1, CancellationToken.None)).ToDictionary(o => o.Account, o => o.AmountVnd);
        foreach (var account in model.Count == 0 ? [] : LedgerAccount.Owed)
            seeds.Equal(-model.Where(m => m.Account == account).Sum(m => m.Vnd), owing[account], $"{at}, owed now on {account}");
    }

    private async Task CloseAsync() => await new ClosingOfDays(market.Db, market.Site.Clock).RunAsync(CancellationToken.None);

    private async Task<long> OwedAsync(Tx tx, Seller seller) =>
        -(await Balances.OfAsync(tx, seller.ProducerId, Period.Month(Vietnamese.Today(market.Site.Clock)))).Single(f => f.Account == LedgerAccount.FeeDue).ClosingVnd;

    private void Add(params (string Account, long Vnd)[] sides)
    {
        foreach (var (account, vnd) in sides.Where(s => s.Vnd != 0))
            model.Add((Vietnamese.Today(market.Site.Clock), account, vnd));
    }

    private sealed record Sale(long Id, long Vnd, string Method)
    {
        public long Refunded { get; set; }

        public long Fee { get; set; }

        public long FeeBack { get; set; }

        public long Left => Vnd - Refunded;

        public string Place => Method == "cod" ? LedgerAccount.Cash : LedgerAccount.SellerReceivable;
    }
}
