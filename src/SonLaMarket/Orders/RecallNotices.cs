using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Orders;

/// <summary>Who was told of a recall, and who said that they know.</summary>
public sealed class RecallNotices(TimeProvider clock)
{
    /// <summary>The buyer of the part knows of every recall that reached it. Again: nothing.</summary>
    public Task AcknowledgeAsync(Tx tx, string partCode) => tx.ExecuteAsync("""
        update orders.recall_notice n set acknowledged_at = @now from orders.sub_order s where s.id = n.sub_order_id and s.code = @partCode and n.acknowledged_at is null
        """, new { partCode, now = clock.GetUtcNow() });
}
