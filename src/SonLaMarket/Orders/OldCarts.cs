using SonLaMarket.Foundation.Data;
using SonLaMarket.Jobs;

namespace SonLaMarket.Orders;

/// <summary>Deletes carts nobody came back to, with the names and addresses in them.</summary>
public sealed class OldCarts(Db db, TimeProvider clock) : IRecurring
{
    public Task RunAsync(CancellationToken ct) =>
        db.ExecuteAsync("delete from orders.cart where changed_at < @before", new { before = clock.GetUtcNow() - Carts.Lifetime }, ct);
}
