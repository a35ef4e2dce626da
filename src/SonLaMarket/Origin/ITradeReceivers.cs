using SonLaMarket.Foundation.Data;

namespace SonLaMarket.Origin;

/// <param name="Order">The number of the order.</param>
/// <param name="Place">Where to, as exactly as a commune; whose door it is is nobody's business here.</param>
public sealed record TradeReceiver(Guid Trade, string Order, string Place);

/// <summary>Who received what lots are told to have gone to: said by the room that sells, which knows the orders behind the keys.</summary>
public interface ITradeReceivers
{
    Task<List<TradeReceiver>> OfAsync(Sql sql, Guid[] trades, CancellationToken ct);
}
