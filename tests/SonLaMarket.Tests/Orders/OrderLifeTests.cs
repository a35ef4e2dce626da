using SonLaMarket.Orders;
using SonLaMarket.Tests.Support;
using Xunit;

namespace SonLaMarket.Tests.Orders;

/// <summary>The life of a part is data: these tests read it whole.</summary>
public sealed class OrderLifeTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public void Every_state_is_reached_and_every_way_stands_once()
    {
        string[] firsts = [OrderState.AwaitingPayment, OrderState.Confirmed];
        var reached = new HashSet<string>(firsts, StringComparer.Ordinal);
        while (OrderLife.Ways.Any(w => reached.Contains(w.From) && reached.Add(w.To)))
        {
        }
        Assert.Equal(OrderState.All.Order(), reached.Order());
        Assert.Equal(OrderLife.Ways.Count, OrderLife.Ways.Select(w => (w.From, w.To)).Distinct().Count());
        Assert.All(OrderLife.Ways, w => Assert.NotEmpty(w.By));
    }

    [Fact]
    public void What_is_delivered_or_cancelled_stays_so_and_everything_else_can_come_to_an_end()
    {
        string[] ends = [OrderState.Delivered, OrderState.Cancelled];
        Assert.DoesNotContain(OrderLife.Ways, w => ends.Contains(w.From));
        foreach (var state in OrderState.All.Except(ends))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal) { state };
            while (OrderLife.Ways.Any(w => seen.Contains(w.From) && seen.Add(w.To)))
            {
            }
            Assert.Contains(seen, ends.Contains);
        }
    }

    [Fact]
    public void A_buyer_stops_nothing_that_is_packed_unless_a_recall_has_and_a_seller_pays_for_nobody()
    {
        Assert.Equal([OrderState.AwaitingPayment, OrderState.Confirmed, OrderState.OnHold], OrderLife.Before(OrderState.Cancelled, OrderMover.Buyer));
        Assert.DoesNotContain(OrderLife.Ways, w => w.To == OrderState.Confirmed && (w.By.Contains(OrderMover.Seller) || w.By.Contains(OrderMover.Buyer)));
        Assert.All(OrderLife.Ways.Where(w => w.From == OrderState.Shipped), w => Assert.Equal([OrderMover.Seller], w.By));
    }

    [Fact]
    public async Task The_database_knows_the_same_states()
    {
        var check = await fixture.Db.SingleAsync<string>("select pg_get_constraintdef(oid) from pg_constraint where conname = 'sub_order_status'");
        Assert.All(OrderState.All, s => Assert.Contains($"'{s}'", check, StringComparison.Ordinal));
        Assert.Equal(OrderState.All.Length, check.Split("::text").Length - 1);
    }
}
