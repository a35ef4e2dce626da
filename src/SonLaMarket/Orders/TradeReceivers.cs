using SonLaMarket.Foundation.Data;
using SonLaMarket.Origin;

namespace SonLaMarket.Orders;

/// <summary>The orders that lots went to, by their keys: number and commune, no names.</summary>
public sealed class TradeReceivers : ITradeReceivers
{
    public Task<List<TradeReceiver>> OfAsync(Sql sql, Guid[] trades, CancellationToken ct) => sql.QueryAsync<TradeReceiver>("""
        select s.trade_key as trade, s.code as "order", coalesce(s.pickup_place, c.full_name || ', ' || p.full_name) as place
        from orders.sub_order s join orders.purchase u on u.id = s.purchase_id join foundation.commune c on c.code = u.commune_code join foundation.province p on p.code = u.province_code
        where s.trade_key = any(@trades)
        """, new { trades }, ct);
}
